"""Contributors suggest figures, files and links too; what is adopted keeps its author, the rest can be taken back."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from scoreboard import contributors, evidence_limits
from scoreboard.errors import Invalid, Locked, NotNow
from scoreboard.evidence import attaching
from scoreboard.models import Evidence, Mail, State, Suggestion, User
from scoreboard.submissions import workflow
from tests.factories import DECLARATION, HARBOUR, a_focal, a_part, afresh, an_edition, fill, given, submission_at
from tests.pages import Page

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
ROW = {"year": 2020, "species": "Mytilus edulis", "place": "quay"}
TYPED = {"r1-year": "2020", "r1-species": "Mytilus edulis", "r1-place": "quay"}


@pytest.fixture(scope="module")
def module_part(module_db):
    an_edition(HARBOUR)
    draft = submission_at(State.DRAFT)
    return a_part(draft, by=a_focal(draft.country), area="Q")


@pytest.fixture
def part(module_part, db):
    return afresh(module_part)


@pytest.fixture
def draft(part):
    return afresh(part.submission)


@pytest.fixture
def ana(part):
    return User.objects.get(pk=part.person_id)


def a_file(content=PDF, name="decree.pdf"):
    return SimpleUploadedFile(name, content)


def on_disk():
    storage = storages["default"]
    years = storage.listdir("evidence")[0] if storage.exists("evidence") else []
    return sum(len(storage.listdir(f"evidence/{year}")[1]) for year in years)


def own(part, rest=""):
    return f"/contributions/{part.pk}/Q2/{rest}"


def desk(part, rest):
    return f"/submissions/{part.submission_id}/{rest}"


def test_a_first_suggestion_says_something(sign_in, part, ana):
    client = sign_in(ana)
    fields = Page(client.get(own(part))).fields
    page = Page(client.post(own(part), fields))
    assert "Choose an answer for Q2, or write a comment." in page.text
    assert not Suggestion.objects.exists()


def test_rows_that_were_suggested_before_the_rules_of_reading_changed(sign_in, focal, part, ana):
    """As they would be read today, not refused for how they were stored."""
    sign_in(ana).post(own(part, "figures/"), TYPED)
    suggestion = Suggestion.objects.get()
    suggestion.figures = [ROW | {"species": "Mytilus edulis\u200b"}]
    suggestion.save()
    contributors.adopt(suggestion, by=focal, seen=0)
    assert part.submission.answers.get(indicator__code="Q2").figures == [ROW]


def test_rows_begin_with_the_answers_and_take_their_place(sign_in, focal, part, ana):
    fill(part.submission, iQ2=given(level=1, comment="Stays.", figures=[ROW]))
    client = sign_in(ana)
    assert Page(client.get(own(part, "figures/"))).fields["r1-year"] == "2020"
    assert "Give one year from" in Page(client.post(own(part, "figures/"), TYPED | {"r1-year": "20"})).text
    assert not Suggestion.objects.exists()
    second = {name.replace("r1", "r2"): value for name, value in TYPED.items()} | {"r2-year": "2021"}
    page = Page(client.post(own(part, "figures/"), TYPED | second | {"withheld": "on"}, follow=True))
    assert "You suggest a table with 2 rows." in page.text
    assert "2021" in page.text
    suggestion = Suggestion.objects.get()
    assert "2021" in Page(sign_in(focal).get(desk(part, "suggestions/"))).text
    contributors.adopt(suggestion, by=focal, seen=1)
    answer = part.submission.answers.get(indicator__code="Q2")
    assert (answer.level.value, answer.comment, answer.figures_withheld) == (1, "Stays.", True)
    assert answer.figures == [ROW, ROW | {"year": 2021}]
    assert answer.versions.first().suggestion == suggestion
    fill(part.submission)
    workflow.submit(part.submission, by=focal, **DECLARATION)
    late = client.post(own(part, "figures/"), TYPED)
    assert (late.status_code, Page(late).fields["r1-year"]) == (409, "2020")
    workflow.recall(part.submission, by=focal)
    with pytest.raises(Invalid, match="No table of figures is asked here"):
        contributors.suggest_figures(part, "Q1", [ROW], withheld=False, by=ana)


def test_files_are_checked_as_any_evidence(sign_in, part, ana, monkeypatch):
    monkeypatch.setattr(evidence_limits, "MAX_PIECES", 2)
    client, address = sign_in(ana), own(part, "evidence/")
    page = Page(client.post(address, {"files": [a_file(), a_file(b"MZ\x00", "setup.exe"), a_file(name="copy.pdf")]}))
    assert "“setup.exe” is of a type that cannot be kept here." in page.text
    assert "“copy.pdf” is here already, as “decree.pdf”." in page.text
    client.post(address, {"url": "https://example.org/law", "name": "The law"})
    script = client.post(address + "?in-answer", {"files": [a_file(b"text", "a.txt")]}, headers=SCRIPT).content.decode()
    assert "An answer holds at most 2 files and links." in script
    assert 'id="evidence-Q2"' in script
    assert "<html" not in script
    assert [(piece.name, piece.answer, piece.added_by) for piece in Evidence.objects.all()] == [
        ("decree.pdf", None, ana),
        ("The law", None, ana),
    ]
    assert len(Evidence.objects.first().sha256) == 64
    assert "decree.pdf" in Page(client.get(own(part))).text
    assert not part.submission.answers.exists()


SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def test_a_file_is_read_by_its_author_and_the_focal_points_alone(sign_in, focal, officer, observer, part, ana):
    other = a_part(part.submission, by=focal, area="Q", email="ben@ministry.example", name="Ben")
    piece = contributors.suggest_file(part, "Q2", a_file(), by=ana)
    address, desks = f"/contributions/{part.pk}/files/{piece.pk}/", desk(part, f"files/{piece.pk}/")
    response = sign_in(ana).get(address + "?download")
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert [sign_in(person).get(desks).status_code for person in (focal, officer)] == [200, 404]
    ben = sign_in(other.person)
    for stranger in (ben, sign_in(observer)):
        assert [stranger.get(url).status_code for url in (address, desks)] == [404, 404]
    assert ben.get(f"/contributions/{other.pk}/files/{piece.pk}/").status_code == 404
    assert sign_in(ana).get(desks).status_code == 404
    contributors.remove(part, by=focal)
    assert sign_in(ana).get(address).status_code == 404


def test_what_is_adopted_keeps_who_added_it(sign_in, focal, part, ana):
    piece = contributors.suggest_file(part, "Q2", a_file(), by=ana)
    contributors.suggest_link(part, "Q2", "https://example.org/law", "The law", by=ana)
    suggestion = contributors.suggest(part, "Q2", given(level=1), by=ana)
    assert "decree.pdf" in Page(sign_in(focal).get(desk(part, "areas/Q/"))).text
    form = {"decision": "adopt", "at": suggestion.at.isoformat(), "iQ2-seen": "0"}
    assert sign_in(focal).post(desk(part, f"suggestions/{suggestion.pk}/"), form).status_code == 302
    answer = part.submission.answers.get(indicator__code="Q2")
    assert [(one.name, one.added_by, one.suggestion) for one in answer.evidence.present()] == [
        ("decree.pdf", ana, suggestion),
        ("The law", ana, suggestion),
    ]
    page = Page(sign_in(focal).get(desk(part, "evidence/Q2/")))
    assert "by Ana" in page.text
    assert f"adopted by {focal}" in page.text
    history = Page(sign_in(focal).get(desk(part, "history/Q2/"))).text
    assert f"{focal}, as suggested by Ana" in history
    assert "Evidence added: decree.pdf" in history
    fill(part.submission, iQ2=given(level=1))
    workflow.submit(part.submission, by=focal, **DECLARATION)
    kept = {row["code"]: row["evidence"] for row in part.submission.versions.get().answers}["Q2"]
    assert kept[0] == {"id": piece.pk, "name": "decree.pdf", "size": len(PDF), "sha256": piece.sha256}
    assert sign_in(ana).get(f"/contributions/{part.pk}/files/{piece.pk}/").status_code == 200
    evidence_of_contributor = sign_in(ana).get(desk(part, "evidence/Q2/"))
    assert evidence_of_contributor.status_code == 404


def test_adopting_with_changes_leaves_out_what_is_not_ticked(sign_in, focal, part, ana):
    contributors.suggest(part, "Q2", given(level=1), by=ana)
    contributors.suggest_figures(part, "Q2", [ROW], withheld=False, by=ana)
    taken, left = (contributors.suggest_link(part, "Q2", f"https://example.org/{n}", by=ana) for n in range(2))
    suggestion = Suggestion.objects.get()
    address = desk(part, f"suggestions/{suggestion.pk}/")
    assert Page(sign_in(focal).get(address)).fields["figures"] == "on"
    form = {"decision": "edit", "iQ2-seen": "0", "iQ2-answer": "level:1", "piece": [taken.pk]}
    sign_in(focal).post(address, form)
    answer = part.submission.answers.get(indicator__code="Q2")
    assert (answer.figures, [piece.pk for piece in answer.evidence.all()]) == ([], [taken.pk])
    assert Suggestion.objects.get().decision == "edited"
    left.refresh_from_db()
    assert (left.answer, left.suggestion) == (None, suggestion)


def test_a_full_answer_takes_no_more(focal, part, ana, monkeypatch):
    monkeypatch.setattr(evidence_limits, "MAX_PIECES", 1)
    attaching.add_link(part.submission, "Q2", "https://example.org/", by=focal)
    contributors.suggest_file(part, "Q2", a_file(), by=ana)
    with pytest.raises(Invalid, match="An answer holds at most 1 files and links"):
        contributors.adopt(Suggestion.objects.get(), by=focal, seen=0)
    assert Suggestion.objects.get().decision == ""


def test_the_decision_is_mailed_to_its_author(focal, part, ana):
    for code, decide in [
        ("Q1", lambda one: contributors.adopt(one, by=focal, seen=0)),
        ("Q2", lambda one: contributors.decline(one, note="Too early.", by=focal)),
    ]:
        decide(contributors.suggest(part, code, given(level=1), by=ana))
        mail = Mail.objects.filter(event="decided").latest("pk")
        assert mail.to == ana
        assert f"/contributions/{part.pk}/{code}/" in mail.body
    assert "Too early." in mail.body
    last = contributors.suggest(part, "Q2", given(level=1), by=ana)
    contributors.remove(part, by=focal)
    contributors.decline(last, note="You left.", by=focal)
    assert "/contributions/" not in Mail.objects.latest("pk").body


def test_what_nobody_decided_on_is_taken_back(sign_in, focal, part, ana, django_capture_on_commit_callbacks):
    client = sign_in(ana)
    piece = contributors.suggest_file(part, "Q2", a_file(), by=ana)
    contributors.suggest_file(part, "Q2", a_file(b"text", "a.txt"), by=ana)
    assert on_disk() == 2
    address = own(part, f"evidence/{piece.pk}/remove/")
    assert Page(client.get(address)).h1 == "Remove this evidence?"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    assert (on_disk(), client.get(address).status_code) == (1, 404)
    assert Page(client.get(own(part, "withdraw/"))).h1 == "Withdraw your suggestion for Q2?"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(own(part, "withdraw/")).headers["Location"] == f"/contributions/{part.pk}/"
    assert (on_disk(), Suggestion.objects.count(), Evidence.objects.count()) == (0, 0, 0)
    decided = contributors.suggest_link(part, "Q2", "https://example.org/", by=ana)
    contributors.decline(decided.suggestion, note="No.", by=focal)
    assert client.post(own(part, "withdraw/")).status_code == 409
    with pytest.raises(NotNow):
        contributors.take_back(part, decided, by=ana)
    assert Evidence.objects.get() == decided


def test_nothing_can_be_removed_where_nothing_can_be_suggested(sign_in, focal, part, ana):
    contributors.suggest_file(part, "Q2", a_file(), by=ana)
    client = sign_in(ana)

    def links():
        return [words for words in Page(client.get(own(part, "evidence/"))).links if "decree.pdf" in words]

    assert links() == ["decree.pdf (opens in a new window)", "Download decree.pdf", "Remove decree.pdf"]
    fill(part.submission)
    workflow.submit(part.submission, by=focal, **DECLARATION)
    assert links() == ["decree.pdf (opens in a new window)", "Download decree.pdf"]


def test_a_file_alone_is_a_suggestion_and_the_form_keeps_it(sign_in, part, ana):
    contributors.suggest_file(part, "Q2", a_file(), by=ana)
    client = sign_in(ana)
    response = client.post(own(part), {"iQ2-seen": "0", "iQ2-answer": "", "then": "evidence"})
    assert response.headers["Location"] == own(part, "evidence/")
    assert Suggestion.objects.get().evidence.count() == 1
    contributors.take_back(part, Evidence.objects.get(), by=ana)
    assert not Suggestion.objects.exists()


def test_no_verb_works_beyond_the_part_or_the_pen(focal, part, ana):
    verbs = [
        lambda code: contributors.suggest_figures(part, code, [ROW], withheld=False, by=ana),
        lambda code: contributors.suggest_file(part, code, a_file(), by=ana),
        lambda code: contributors.suggest_link(part, code, "https://example.org/", by=ana),
        lambda code: contributors.withdraw(part, code, by=ana),
    ]
    for verb in verbs:
        with pytest.raises(PermissionDenied):
            verb("P1")
    fill(part.submission)
    workflow.submit(part.submission, by=focal, **DECLARATION)
    for verb in verbs:
        with pytest.raises(Locked):
            verb("Q2")
    contributors.remove(part, by=focal)
    for verb in verbs:
        with pytest.raises(PermissionDenied):
            verb("Q2")
    assert (Suggestion.objects.count(), on_disk()) == (0, 0)
