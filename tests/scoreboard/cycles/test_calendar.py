"""Changes of a cycle: two officers at once, countries added and removed, dates that move."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.urls import reverse

from scoreboard import clock, contributors
from scoreboard.cycles import calendar
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.evidence import attaching
from scoreboard.mail import outbox
from scoreboard.models import Answer, Cycle, DateChange, Evidence, Mail, State, Submission, Suggestion, Transition
from scoreboard.submissions import workflow
from scoreboard.threads import discussion
from tests import small_pdfs
from tests.factories import DECLARATION, a_country, a_cycle, a_focal, a_part, fill, given, submission_at
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")


def edited(cycle):
    return reverse("cycle_edit", args=[cycle.code])


# --- two officers ----------------------------------------------------------------------------------------------


def test_the_second_form_is_refused_and_names_what_it_would_overwrite(cycle, officer, sign_in):
    desk = sign_in(officer)
    first, second = (Page(desk.get(edited(cycle))).fields for _n in range(2))
    assert desk.post(edited(cycle), first | {"title_0": "Round of 2026"}).status_code == 302
    response = desk.post(edited(cycle), second | {"basis": "strict"})
    shown = Page(response)
    assert "Nothing is saved: Officer changed this cycle on" in shown.text
    assert "Title: Round of 2026" in shown.text
    stood = Cycle.objects.get()
    assert (str(stood.title), stood.basis, stood.changed_by) == ("Round of 2026", "answered", officer)
    assert shown.fields["basis"] == "strict"  # what was typed is still there, to be sent knowingly
    assert desk.post(edited(cycle), shown.fields | {"title_0": "Round of 2026"}).status_code == 302
    stood = Cycle.objects.get()
    assert (str(stood.title), stood.basis) == ("Round of 2026", "strict")


def test_two_forms_that_change_countries_add_up(malta, greece, officer, sign_in):
    cyprus, tunisia = a_country("CY"), a_country("TN")
    cycle, desk = a_cycle([malta, greece], opened=False), sign_in(officer)
    first, second = (Page(desk.get(edited(cycle))).fields for _n in range(2))
    ticked = {"countries": [malta.pk, greece.pk, cyprus.pk], "before": [malta.pk, greece.pk]}
    assert desk.post(edited(cycle), first | ticked).status_code == 302
    ticked = {"countries": [malta.pk, tunisia.pk], "before": [malta.pk, greece.pk]}
    assert desk.post(edited(cycle), second | ticked).status_code == 302
    assert sorted(str(country) for country in cycle.countries.all()) == ["Cyprus", "Malta", "Tunisia"]


def test_the_form_carries_what_was_ticked(cycle, officer, sign_in):
    content = sign_in(officer).get(edited(cycle)).content.decode()
    assert content.count('name="before"') == 2
    assert content.count('name="seen" value="0"') == 1


def test_the_verb_refuses_a_revision_that_is_not_the_last(cycle, officer):
    cycle.basis = "strict"
    assert calendar.save_cycle(cycle, seen=0, by=officer).revision == 1
    mine = Cycle.objects.get()
    mine.is_example = True
    for seen in (0, 2):
        with pytest.raises(Stale, match="Invented example data: no") as problem:
            calendar.save_cycle(mine, seen=seen, by=officer)
        assert problem.value.current.revision == 1
    assert not Cycle.objects.get().is_example
    assert calendar.save_cycle(Cycle.objects.get(), seen=0, by=officer).revision == 1  # nothing differs


# --- countries -------------------------------------------------------------------------------------------------


def suggested(submission, focal):
    part = a_part(submission, by=focal)
    contributors.suggest(part, "P1", given(level=1), by=part.person)


def attached(submission, focal):
    part = a_part(submission, by=focal)
    contributors.suggest_file(part, "P1", ContentFile(small_pdfs.PDF, name="Permit.pdf"), by=part.person)


TRACES = {
    "asked a colleague": lambda submission, focal, officer: a_part(submission, by=focal),
    "suggested": lambda submission, focal, officer: suggested(submission, focal),
    "attached to a suggestion": lambda submission, focal, officer: attached(submission, focal),
    "attached": lambda submission, focal, officer: attaching.add_link(
        submission, "P1", "https://example.org/law", by=focal
    ),
    "answered": lambda submission, focal, officer: fill(submission),
    "extended": lambda submission, focal, officer: calendar.extend(
        submission, to=submission.due + timedelta(days=3), reason="Elections.", by=officer
    ),
    "left": lambda submission, focal, officer: calendar.leave(submission, reason="A slip.", by=officer),
}

RECORDS = (Submission, Suggestion, Evidence, Answer, Transition, Mail)


@pytest.mark.parametrize("trace", TRACES)
def test_nothing_can_be_left_behind_before_the_cycle_is_open(trace, malta, focal, officer):
    submission = a_cycle([malta], opened=False).submissions.get()
    kept = [list(model.objects.values()) for model in RECORDS]
    with pytest.raises(NotNow):
        TRACES[trace](submission, focal, officer)
    assert [list(model.objects.values()) for model in RECORDS] == kept


@pytest.mark.parametrize("trace", ["nothing", *TRACES])
def test_no_country_is_removed_from_an_open_cycle_nor_anything_of_it(trace, cycle, malta, focal, officer, sign_in):
    submission = cycle.submissions.get(country=malta)
    if trace != "nothing":
        TRACES[trace](submission, focal, officer)
    kept = [list(model.objects.values()) for model in RECORDS]
    with pytest.raises(NotNow, match=r"stay in the cycle: Malta\. On its review page a country can leave the cycle"):
        calendar.change_participants(cycle, remove=[malta], by=officer)
    desk = sign_in(officer)
    fields = Page(desk.get(edited(cycle))).fields
    greece = cycle.countries.exclude(pk=malta.pk).get()
    response = desk.post(edited(cycle), fields | {"countries": [greece.pk], "before": [malta.pk, greece.pk]})
    assert "stay in the cycle: Malta" in Page(response).text
    assert [list(model.objects.values()) for model in RECORDS] == kept


def test_a_country_is_removed_before_the_opening_once_and_harmlessly_twice(malta, greece, officer):
    cycle = a_cycle([malta, greece], opened=False)
    for _n in range(2):
        calendar.change_participants(cycle, remove=[malta], by=officer)
        assert [str(country) for country in cycle.countries.all()] == ["Greece"]
    for _n in range(2):
        calendar.change_participants(cycle, add=[malta], by=officer)
        assert cycle.countries.count() == 2
    calendar.open_cycle(cycle, by=officer)
    calendar.change_participants(cycle, remove=[a_country("TN")], by=officer)  # it takes no part: nothing to refuse
    assert cycle.countries.count() == 2


# --- dates -----------------------------------------------------------------------------------------------------


def test_moved_dates_are_told_and_logged(cycle, malta, greece, officer, sign_in):
    focal, other, desk = a_focal(malta), a_focal(greece), sign_in(officer)
    old = cycle.deadline
    fields = Page(desk.get(edited(cycle))).fields
    new = {"deadline": str(old + timedelta(days=5)), "closes": str(cycle.closes - timedelta(days=5))}
    assert "Give the reason for moving the dates" in Page(desk.post(edited(cycle), fields | new)).text
    assert not DateChange.objects.exists()
    Mail.objects.all().delete()
    assert desk.post(edited(cycle), fields | new | {"reason": "Elections."}).status_code == 302
    outbox.send_due()
    assert list(DateChange.objects.values_list("name", "old", "new", "reason", "by")) == [
        ("deadline", old, old + timedelta(days=5), "Elections.", officer.pk),
        ("closes", cycle.closes, cycle.closes - timedelta(days=5), "Elections.", officer.pk),
    ]
    assert sorted(message.to[0] for message in mail.outbox) == sorted([focal.email, other.email])
    assert "Elections." in mail.outbox[0].body
    for client, url in ((desk, reverse("cycle_board", args=[cycle.code])), (sign_in(focal), history(malta))):
        shown = Page(client.get(url)).text
        assert "2 dates were moved" in shown
        assert "Elections." in shown


def history(country):
    return reverse("submission_history", args=[Submission.objects.get(country=country).pk])


def test_a_country_that_has_left_is_not_told(cycle, malta, officer):
    a_focal(malta)
    calendar.leave(cycle.submissions.get(country=malta), reason="A slip.", by=officer)
    cycle = Cycle.objects.get()
    cycle.closes += timedelta(days=1)
    Mail.objects.all().delete()
    calendar.save_cycle(cycle, seen=cycle.revision, reason="Elections.", by=officer)
    outbox.send_due()
    assert mail.outbox == []


REACH = 3653


@pytest.mark.parametrize(("name", "days", "fits"), [("closes", REACH, True), ("closes", REACH + 1, False)])
def test_dates_lie_within_ten_years_of_the_cycle(name, days, fits, cycle, officer):
    setattr(cycle, name, cycle.opens + timedelta(days=days))
    if fits:
        calendar.save_cycle(cycle, seen=0, reason="A long round.", by=officer)
    else:
        with pytest.raises(Invalid, match="within ten years"):
            calendar.save_cycle(cycle, seen=0, reason="A slip.", by=officer)


def test_every_other_date_of_a_country_lies_within_ten_years_too(cycle, malta, focal, officer):
    submission = cycle.submissions.get(country=malta)
    far = cycle.opens + timedelta(days=REACH + 1)
    fill(submission)
    workflow.submit(submission, by=focal, **DECLARATION)
    workflow.return_for_changes(submission, by=officer, comment="Which law?", version=1)
    with pytest.raises(Invalid, match="within ten years"):
        calendar.extend(submission, to=far, reason="A slip.", by=officer)
    with pytest.raises(Invalid, match="within ten years"):
        a_part(submission, by=focal, until=far)
    with pytest.raises(Invalid, match="within ten years"):
        discussion.open_thread(submission, "P1", "Which law?", shared=True, by=officer, due=far)
    near = far - timedelta(days=1)
    a_part(submission, by=focal, until=near)
    discussion.open_thread(submission, "P1", "Which law?", shared=True, by=officer, due=near)
    calendar.extend(submission, to=near, reason="A long recount.", by=officer)
    with pytest.raises(Invalid, match="within ten years"):
        calendar.correct_extension(submission, to=far, reason="A slip.", by=officer)


@pytest.mark.parametrize(
    ("days", "reason", "sentence"),
    [
        (20, " ", "Give the reason"),
        (30, "A slip.", "until this day already"),
        (0, "A slip.", "the deadline of the cycle, or end the extension"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(days, reason, sentence, officer, focal):
    submission = submission_at(State.DRAFT)
    calendar.extend(submission, to=submission.due + timedelta(days=30), reason="Elections.", by=officer)
    deadline = submission.cycle.deadline
    with pytest.raises(Invalid, match=sentence):
        calendar.correct_extension(submission, to=deadline + timedelta(days=days), reason=reason, by=officer)
    assert Submission.objects.get().extended_to == deadline + timedelta(days=30)


def test_an_extension_is_shortened_and_ended_on_its_page(officer, focal, sign_in):
    submission, desk = submission_at(State.DRAFT), sign_in(officer)
    url, deadline = reverse("review_extend", args=[submission.pk]), submission.cycle.deadline
    long, short = deadline + timedelta(days=365), deadline + timedelta(days=5)
    desk.post(url, {"to": str(long), "reason": "Elections."})
    assert Page(desk.get(url)).fields["to"] == str(long)
    assert "tick that the extension ends" in Page(desk.post(url, {"to": "", "reason": "A slip."})).text
    Mail.objects.all().delete()
    assert desk.post(url, {"to": str(short), "reason": "It was this year."}).status_code == 302
    outbox.send_due()
    assert Submission.objects.get().due == short
    assert "the last day of Malta has changed" in mail.outbox[-1].subject
    Mail.objects.all().delete()
    assert desk.post(url, {"to": str(short), "end": "on", "reason": "No elections."}).status_code == 302
    outbox.send_due()
    assert (Submission.objects.get().extended_to, Submission.objects.get().extension_reason) == (None, "")
    assert "ended the extension of Malta" in mail.outbox[-1].body
    logged = submission.transitions.values_list("step", "old_date", "new_date", "comment")
    assert list(logged) == [
        ("extend", None, long, "Elections."),
        ("correct_extension", long, short, "It was this year."),
        ("correct_extension", short, None, "No elections."),
    ]
    assert "Extension corrected" in Page(sign_in(focal).get(history(submission.country))).text


def test_no_date_moves_into_the_past(cycle, malta, officer):
    submission = cycle.submissions.get(country=malta)
    calendar.extend(submission, to=cycle.deadline + timedelta(days=50), reason="Elections.", by=officer)
    with clock.at(datetime.combine(cycle.deadline + timedelta(days=10), time(12), cycle.zone)):
        with pytest.raises(Invalid, match="today or a later day"):
            calendar.correct_extension(submission, to=cycle.deadline + timedelta(days=9), reason="A slip.", by=officer)
        cycle.deadline += timedelta(days=9)
        with pytest.raises(Invalid, match="today or a later day"):
            calendar.save_cycle(cycle, seen=0, reason="A slip.", by=officer)
        cycle.deadline += timedelta(days=1)
        calendar.save_cycle(cycle, seen=0, reason="Elections.", by=officer)
    assert DateChange.objects.get().new == cycle.deadline


@pytest.mark.parametrize("year", [1, 226, 9999])
def test_a_slip_of_the_keyboard_is_no_year(harbour, officer, malta, year):
    cycle = Cycle(code="slip", title="Slip", edition=harbour, opens=date(year, 1, 1), deadline=date(year, 2, 1))
    cycle.closes = date(year, 3, 1)
    with pytest.raises(Invalid, match="Choose a day of a year from 1990 to 2100"):
        calendar.save_cycle(cycle, by=officer, seen=0, add=[malta])
