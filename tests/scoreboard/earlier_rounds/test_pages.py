"""Officers bring a file in by pages: they see what it holds, choose what names stand for, enter it, and undo it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from reporting.assessments import lifecycle, undoing
from scoreboard import clock
from scoreboard.activity import sealing, verification
from scoreboard.cycles import calendar
from scoreboard.earlier_rounds import comparing
from scoreboard.earlier_rounds.gathering import Choices
from scoreboard.errors import NotNow
from scoreboard.models import (
    ActivityEntry,
    Answer,
    AnswerVersion,
    Mail,
    RememberedName,
    ResultsImport,
    State,
    Submission,
    Transition,
    Version,
)
from scoreboard.submissions import reopening
from tests import factories
from tests.earlier_rounds import an_earlier_round
from tests.pages import Page
from tests.scoreboard.earlier_rounds.rounds import a_past_cycle, csv


@pytest.fixture
def then(harbour, malta, greece):
    return a_past_cycle(harbour)


def upload(client, content, name="results-2018.csv", **fields):
    data = {"file": SimpleUploadedFile(name, content), "cycle": "2018", "dates": "not_recorded"} | fields
    return client.post(reverse("earlier_rounds_bring_in"), data)


def confirm(client, response):
    signed = Page(response).fields["signed"]
    return client.post(reverse("earlier_rounds_confirm"), {"signed": signed}, follow=True)


def brought_in(officer, *lines, cycle):
    plan = comparing.compare(csv(*lines), "results.csv", Choices(cycle, None, True), by=officer)
    return comparing.apply(plan.signed, by=officer)


def test_a_file_is_shown_first_and_then_entered(then, sign_in, officer):
    client = sign_in(officer)
    shown = upload(client, csv("MT,P1,2", "GR,P1,3", "GR,P2,unknown"))
    assert "Greece not recorded 2 of 7 0 1 0 0" in Page(shown).text
    assert not Answer.objects.exists()
    done = Page(confirm(client, shown))
    assert "2 submissions are entered and accepted. Nobody got a mail." in done.text
    assert "results-2018.csv" in done.text
    found = then.submissions.filter(state=State.ACCEPTED)
    assert sorted(found.values_list("country__iso2", flat=True)) == ["GR", "MT"]
    assert not Mail.objects.exists()


def test_the_board_of_an_earlier_round_leads_to_the_form_with_its_cycle_chosen(harbour, malta, sign_in, officer):
    an_earlier_round(harbour, [malta], code="2015")
    client = sign_in(officer)
    link = Page(client.get(reverse("cycle_board", args=["2015"]))).links["Bring in a file"]
    assert Page(client.get(link)).fields["cycle"] == "2015"


def test_a_fault_leaves_no_way_to_enter_the_file(then, sign_in, officer):
    page = upload(sign_in(officer), csv("MT,P1,9"))
    assert "Nothing is entered. There is 1 fault." in Page(page).text
    assert "Row 2, column C (level): 9 is no level of P1" in Page(page).text
    assert "Enter 1 answer" not in page.content.decode()


def test_a_name_that_somebody_chose_is_remembered(then, sign_in, officer, malta):
    client = sign_in(officer)
    page = upload(client, csv("Malte (île),P1,2", "Atlantis,P1,2"))
    fields = Page(page).fields
    data = {"signed": fields["signed"], "name_0": malta.pk, "name_1": ""}
    page = client.post(reverse("earlier_rounds_remember"), data)
    assert "There is 1 fault." in Page(page).text
    assert RememberedName.objects.get().country == malta
    page = upload(client, csv("MALTE (ILE),P1,2"))
    assert "Malta not recorded 1 of 7" in Page(page).text
    client.post(reverse("earlier_rounds_forget", args=[RememberedName.objects.get().pk]))
    assert "No country is called “MALTE (ILE)”" in Page(upload(client, csv("MALTE (ILE),P1,2"))).text


def test_what_was_shown_is_entered_once_and_only_as_it_was_shown(then, sign_in, officer):
    client = sign_in(officer)
    shown = upload(client, csv("MT,P1,2"))
    confirm(client, shown)
    again = client.post(reverse("earlier_rounds_confirm"), {"signed": Page(shown).fields["signed"]})
    assert again.status_code == 409
    assert ResultsImport.objects.count() == 1
    other = sign_in(factories.a_person("secretariat", name="Another"))
    assert other.post(reverse("earlier_rounds_confirm"), {"signed": Page(shown).fields["signed"]}).status_code == 409


def test_undoing_leaves_the_trace_alone_and_the_cycle_as_it_was(then, officer, malta, sign_in):
    calendar.change_participants(then, add=[malta], by=officer)
    imported = brought_in(officer, "MT,P1,2", "GR,P1,3", cycle=then)
    sealing.run()
    page = sign_in(officer).post(reverse("earlier_rounds_undo", args=[imported.pk]), follow=True)
    assert "2 submissions are taken back." in Page(page).text
    assert [(one.country, one.state) for one in then.submissions.all()] == [(malta, State.DRAFT)]
    gone = (Answer, AnswerVersion, Version, Transition)
    assert [model.objects.count() for model in gone] == [0, 0, 0, 0]
    imported = ResultsImport.objects.get()
    assert (imported.undone_by, imported.countries) == (officer, 2)
    assert list(ActivityEntry.objects.filter(verb="undo_import").values_list("by", "cycle")) == [(officer.pk, then.pk)]
    sealing.run()
    assert verification.check().problems == []
    with pytest.raises(NotNow, match="undid this import already"):
        undoing.undo(imported, by=officer)
    assert brought_in(officer, "MT,P1,2", cycle=then).submissions.count() == 1


def test_undoing_after_a_second_import_takes_only_the_first(then, officer, malta, greece):
    first, second = brought_in(officer, "MT,P1,2", cycle=then), brought_in(officer, "GR,P1,3", cycle=then)
    undoing.undo(first, by=officer)
    assert list(then.submissions.values_list("country", "imported")) == [(greece.pk, second.pk)]
    assert Answer.objects.get().level.value == 3


def test_what_is_published_keeps_its_import(then, officer, malta, monkeypatch):
    imported = brought_in(officer, "MT,P1,2", cycle=then)
    issue = lifecycle.consolidate(then, by=officer)
    assert undoing.obstacle(imported) == ""
    type(issue).objects.filter(pk=issue.pk).update(
        status="published", audience="everyone", published_at=clock.now(), published_by=officer
    )
    with pytest.raises(NotNow, match="Withdraw that issue first"):
        undoing.undo(imported, by=officer)


def test_an_issue_that_counts_what_was_taken_back_is_not_published(then, officer, malta):
    imported = brought_in(officer, "MT,P1,2", cycle=then)
    issue = lifecycle.consolidate(then, by=officer)
    undoing.undo(imported, by=officer)
    assert lifecycle._gone_since(issue) == ["Malta"]


def test_what_a_country_asked_to_correct_is_not_undone(then, officer, malta, focal):
    imported = brought_in(officer, "MT,P1,2", cycle=then)
    type(then).objects.filter(pk=then.pk).update(opened_at=clock.now())
    reopening.ask(then.submissions.get(), reason="P1 was 3", by=focal)
    with pytest.raises(NotNow, match="their countries asked for it: Malta"):
        undoing.undo(imported, by=officer)


def test_the_command_does_the_same(then, officer, tmp_path, capsys):
    file = tmp_path / "results.csv"
    file.write_bytes(csv("MT,P1,2", "GR,P1,3"))
    options = {"by": officer.email, "cycle": "2018", "not_recorded": True}
    call_command("bring_in_results", file, **options, check=True)
    assert not Submission.objects.exists()
    call_command("bring_in_results", file, **options)
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "2 submissions with 2 answers are entered and accepted."
    with pytest.raises(CommandError, match="2 faults"):
        call_command("bring_in_results", file, **options)
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("bring_in_results", file, **options | {"by": "x@example.org"})


def test_the_template_comes_back_filled(then, officer, malta, sign_in):
    calendar.change_participants(then, add=[malta], by=officer)
    client = sign_in(officer)
    for kind in ("csv", "xlsx"):
        file = client.get(reverse("earlier_rounds_template", args=["2018", kind]))
        assert file.status_code == 200
        page = upload(client, file.content, f"t.{kind}")
        assert "The file holds no answers." in Page(page).text
    assert client.get(reverse("earlier_rounds_template", args=["2018", "pdf"])).status_code == 404
