"""Writing an assessment: who may, saved without overwriting, flagged figures, approval, and what is published."""

import json
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from reporting.assessments import chapters, lifecycle
from reporting.exports import files
from reporting.models import Assessment, Chapter
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.models import Role, State
from scoreboard.submissions import workflow
from tests import factories
from tests.factories import given
from tests.pages import Page

Status = Assessment.Status
HOSTILE = (
    '<script>alert(1)</script> <img src="http://evil.example/a.png"> ![x](http://evil.example/b.png) '
    "[f](file:///etc/passwd) [j](javascript:alert) [r](/admin/) [ok](https://example.org/law)"
)


@pytest.fixture(scope="module")
def module_accepted(module_db):
    malta, greece = factories.a_country("MT"), factories.a_country("GR")
    return factories.submission_at(State.ACCEPTED, malta, factories.a_cycle([malta, greece]))


@pytest.fixture
def accepted(module_accepted, db):
    """Malta's submission, accepted; Greece's is a draft in the same cycle."""
    return factories.afresh(module_accepted)


@pytest.fixture
def cycle(accepted):
    return factories.afresh(accepted.cycle)


@pytest.fixture
def assessment(accepted, cycle, officer, small_pdf):
    return lifecycle.consolidate(cycle, by=officer)


@pytest.fixture
def area(assessment) -> Chapter:
    return assessment.chapters.get(key="area-A")


def built(assessment, officer) -> Assessment:
    lifecycle.perform(lifecycle.request_build(assessment, by=officer))
    return Assessment.objects.get(pk=assessment.pk)


def change_malta(accepted, officer, cycle) -> Assessment:
    """Let Malta's figures change, and consolidate again."""
    workflow.reopen(accepted, by=officer, comment="Please check.")
    accepted.refresh_from_db()
    first, *_others = accepted.cycle.edition.all_indicators
    factories.fill(accepted, **{f"i{first.code}": given(level=0, why="A slip.", comment="Nobody looks.")})
    workflow.submit(accepted, by=factories.a_focal(accepted.country), **factories.DECLARATION)
    workflow.accept(accepted, by=officer, version=accepted.versions.count())
    return lifecycle.consolidate(cycle, by=officer)


# --- the verbs -----------------------------------------------------------------------------------------------


def test_an_assessment_has_a_chapter_per_area_and_three_more(assessment):
    assert [(one.chapter.key, one.state) for one in chapters.outline(assessment)] == [
        (key, "empty")
        for key in ("introduction", "summary", "area-A", "area-B", "area-C", "area-D", "area-E", "conclusions")
    ]


@pytest.mark.parametrize(
    ("role", "writes", "approves"),
    [
        (Role.SECRETARIAT, True, True),
        (Role.ANALYST, True, False),
        (Role.OBSERVER, False, False),
        (Role.FOCAL, False, False),
        (Role.CONTRIBUTOR, False, False),
        (None, False, False),
    ],
)
def test_who_writes_and_who_approves(area, malta, role, writes, approves):
    person = factories.a_person(role, malta if role and Role(role).is_national else None)
    acts = {
        lambda: chapters.save(area, "A text.", by=person, seen=0): writes,
        lambda: chapters.confirm(area, by=person, snapshot_sha256=area.assessment.snapshot_sha256): writes,
        lambda: chapters.approve(area, by=person, seen=1): approves,
        lambda: chapters.withdraw_approval(area, by=person): approves,
    }
    for act, may in acts.items():
        if may:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()


def test_a_text_is_never_overwritten_unseen(area, officer, analyst):
    assert chapters.save(area, "One.\r\nTwo.", by=analyst, seen=0).revision == 1
    assert chapters.save(area, "One.\nTwo.", by=officer, seen=0).revision == 1  # the same already
    assert chapters.save(area, "One.\nThree.", by=officer, seen=1).revision == 2
    assert chapters.save(area, "One.\nTwo.", by=analyst, seen=1).at is None  # given back as it was seen
    with pytest.raises(Stale) as refused:
        chapters.save(area, "Zero.\nTwo.", by=analyst, seen=1)
    assert (refused.value.current.text, refused.value.base.text) == ("One.\nThree.", "One.\nTwo.")
    assert "Officer changed this text" in refused.value.sentence
    for text, why in (("x" * 60_001, "shorten it to 60000"), ("a\x00b", "cannot be stored")):
        with pytest.raises(Invalid, match=why):
            chapters.save(area, text, by=analyst, seen=2)
    kept = area.versions.order_by("revision").values_list("revision", "text", "by__name")
    assert list(kept) == [(1, "One.\nTwo.", analyst.name), (2, "One.\nThree.", "Officer")]


def test_a_figure_that_changed_is_flagged_until_a_writer_confirms(accepted, assessment, area, officer, analyst, cycle):
    text = "Mean [[mean A]], [[n A]], [[ percent  mt a ]].\n\n[[table A]]\n\n[[figure areas]]\n"
    chapters.save(area, text, by=analyst, seen=0)
    chapters.approve(area, by=officer, seen=1)
    plain = assessment.chapters.get(key="conclusions")
    chapters.save(plain, "[[n A]], as before.", by=analyst, seen=0)
    chapters.approve(plain, by=officer, seen=1)
    area.refresh_from_db()
    first = area.figures
    assert first.keys() == {"mean A", "n A", "percent MT A", "table A", "figure areas"}

    anew = change_malta(accepted, officer, cycle)
    area.refresh_from_db()
    assert anew.pk == assessment.pk
    assert (area.text, area.is_approved) == (text, False)
    plain.refresh_from_db()
    assert plain.is_approved
    written = next(one for one in chapters.outline(anew) if one.chapter.key == "area-A")
    changed = {change.name: (change.before, change.now) for change in written.changed}
    assert changed.keys() == {"mean A", "percent MT A", "table A", "figure areas"}  # n is what it was
    assert changed["mean A"][0] == first["mean A"] != changed["mean A"][1]
    assert written.state == "changed"

    chapters.save(area, text + "\nMore [[median A]].", by=analyst, seen=1)  # writing on confirms nothing
    with pytest.raises(NotNow, match="has to confirm them first"):
        chapters.approve(area, by=officer, seen=2)
    with pytest.raises(NotNow, match="consolidated anew meanwhile"):
        chapters.confirm(area, by=analyst, snapshot_sha256=assessment.snapshot_sha256)
    chapters.confirm(area, by=analyst, snapshot_sha256=anew.snapshot_sha256)
    assert chapters.approve(area, by=officer, seen=2).is_approved


def test_what_cannot_be_approved(area, officer, analyst):
    def refused(seen):
        with pytest.raises(NotNow) as problem:
            chapters.approve(area, by=officer, seen=seen)
        return problem.value.sentence

    assert "nothing to approve" in refused(0)
    chapters.save(area, "One.\n\nTwo [[mean Z]].", by=analyst, seen=0)
    assert refused(0) == f"{analyst} changed this text after you opened the page. Read it again."
    assert refused(1) == (
        "Before this text can be approved it must be corrected. "
        "Line 3: There is no area or indicator Z in this questionnaire."
    )
    with pytest.raises(NotNow, match="nothing to take back"):
        chapters.withdraw_approval(area, by=officer)


def test_only_approved_texts_that_were_built_are_published(assessment, area, officer, analyst, cycle):
    chapters.save(area, "One.", by=analyst, seen=0)
    ready = built(assessment, officer)

    def refused():
        with pytest.raises(NotNow) as problem:
            lifecycle.publish(
                ready, audience="everyone", by=officer, snapshot=ready.snapshot_sha256, early="The meeting is near."
            )
        return problem.value.sentence

    assert refused().startswith("The Secretariat has not approved these texts yet: Area A: ")
    chapters.approve(area, by=officer, seen=1)
    chapters.save(area, "Two.", by=analyst, seen=1)
    assert refused() == "Texts changed after the PDF was built. Build it again, so that it holds them."
    assert ready.texts == {"area-A": "One."}
    chapters.approve(area, by=officer, seen=2)
    ready = built(assessment, officer)
    (told,) = json.loads(files._json(ready))["texts"]
    assert told == {"chapter": "area-A", "text": "Two.", "values": {}}
    published = lifecycle.publish(
        ready, audience="everyone", by=officer, snapshot=ready.snapshot_sha256, early="The meeting is near."
    )
    for act in (
        lambda: chapters.save(area, "Three.", by=analyst, seen=2),
        lambda: chapters.withdraw_approval(area, by=officer),
    ):
        with pytest.raises(NotNow, match="its texts stay as they are"):
            act()

    following = lifecycle.consolidate(cycle, by=officer)
    begun = following.chapters.get(key="area-A")
    assert (following.issue, begun.text, begun.revision, begun.is_approved) == (published.issue + 1, "Two.", 1, True)
    assert begun.versions.get().by == analyst


# --- the pages -----------------------------------------------------------------------------------------------


def posted(client, chapter, text, seen, *, to="chapter", **more):
    data = {f"i{chapter.pk}-text": text, f"i{chapter.pk}-seen": seen, **more}
    return client.post(reverse(to, args=[chapter.assessment_id, chapter.key]), data)


def test_writing_without_a_script(area, analyst, officer, sign_in):
    client, url = sign_in(analyst), reverse("chapter", args=[area.assessment_id, area.key])

    preview = Page(posted(client, area, "# Top\n\nThe mean is [[mean A]], and [[mean Z]].", 0, preview="yes"))
    assert "Line 3: There is no area or indicator Z" in preview.text
    assert "What is above is not saved yet." in preview.text
    assert not area.versions.exists()
    assert posted(client, area, "The mean is [[mean A]].", 0).url == url
    chapters.save(area, "Mine: [[mean A]].", by=officer, seen=1)
    conflict = posted(client, area, "The mean is low.", 1)
    page = Page(conflict)
    assert conflict.status_code == 409
    assert page.fields[f"i{area.pk}-seen"] == "2"  # the next save has seen both
    assert page.fields[f"i{area.pk}-text"] == "The mean is low."
    assert "Stored now: the text of Officer" in page.text
    assert "What both texts began from" in page.text
    assert posted(client, area, "The mean is low.", 2).status_code == 302
    history = Page(client.get(reverse("chapter_history", args=[area.assessment_id, area.key])))
    assert [history.text.count(words) for words in ("revision 1", "revision 2", "revision 3")] == [1, 1, 1]


def test_saving_in_place_says_what_became_of_it(area, analyst, officer, sign_in):
    client = sign_in(analyst)
    told = posted(client, area, "One.", 0, to="chapter_save", person=analyst.pk).json()["answers"][str(area.pk)]
    assert told["revision"] == 1
    assert re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", told["at"]), "the page names its time zone once"
    chapters.save(area, "Two.", by=officer, seen=1)
    told = posted(client, area, "Three.", 1, to="chapter_save", person=analyst.pk).json()["answers"][str(area.pk)]
    assert (told["revision"], told["theirs"]) == (2, {f"i{area.pk}-text": "Two."})
    assert 'data-decide="mine"' in told["conflict"]
    refused = posted(client, area, "Three.", 1, to="chapter_save", person=officer.pk)
    assert (refused.status_code, "is signed in" in refused.json()["sentence"]) == (401, True)


def test_the_officer_approves_and_the_readers_see_it(accepted, assessment, area, officer, analyst, sign_in, client):
    text = f"# Looking on\n\nOf [[mean A]] percent.^[A note.]\n\n{HOSTILE}\n\n[[levels A]]\n\n[[table A]]\n"
    chapters.save(area, text, by=analyst, seen=0)
    ready = built(assessment, officer)
    bench = sign_in(officer).get(reverse("workbench", args=[accepted.cycle.code]))
    assert "The Secretariat has not approved these texts yet" in Page(bench).text
    assert reverse("workbench_publish", args=[ready.pk]) not in Page(bench).links.values()

    shown = sign_in(officer).get(reverse("chapter", args=[ready.pk, area.key]))
    assert Page(shown).h1.startswith("Area A: ")
    approved = sign_in(officer).post(reverse("chapter_approve", args=[ready.pk, area.key]), {"seen": "1"}, follow=True)
    assert "Approved" in Page(approved).text
    lifecycle.publish(
        ready, audience="everyone", by=officer, snapshot=ready.snapshot_sha256, early="The meeting is near."
    )

    html = client.get(reverse("report_part", args=[ready.pk, area.key.lower()])).content.decode()
    told = re.search(r'<div class="narrative".*?</div>\s*<dl', html, re.DOTALL)[0]
    assert "<h3>Looking on</h3>" in told
    assert re.search(r'<p>Of \d+\.\d percent\.<sup><a id="area-A-note-1-from"', told)
    assert re.findall(r'<a href="([^"#]+)', told) == ["http://evil.example/b.png", "https://example.org/law"]
    assert re.findall(r"<(?:script|img)|href=\"(?:file|javascript|/)", told) == []
    assert told.count("<svg") == told.count("<table") == 1


# --- several at once -----------------------------------------------------------------------------------------


@pytest.fixture
def written(assessment, officer) -> Assessment:
    """An assessment with two texts that wait for approval, and one whose figure changed."""
    for key, text in {"introduction": "What it is.", "area-A": "How it went."}.items():
        chapters.save(assessment.chapters.get(key=key), text, by=officer, seen=0)
    return assessment


def test_an_officer_approves_several_texts_on_one_page(written, officer, sign_in):
    desk, address = sign_in(officer), reverse("chapter_approve_several", args=[written.pk])
    shown = desk.get(address)
    assert [one.chapter.key for one, _text in shown.context["shown"]] == ["introduction", "area-A"]
    sent = {"approve": ["introduction", "area-A"], "seen-introduction": "1", "seen-area-A": "1"}
    assert desk.post(address, sent).status_code == 302
    approved = {one.key for one in written.chapters.all() if one.is_approved}
    assert approved == {"introduction", "area-A"}
    assert "No text waits for approval" in desk.get(address).content.decode()


def test_all_are_approved_or_none(written, officer):
    with pytest.raises(NotNow, match=r"^Nothing is approved\. Area A: .* changed this text after you opened the page"):
        chapters.approve_several(written, by=officer, seen={"introduction": 1, "area-A": 0})
    with pytest.raises(NotNow, match="Tick the texts that you approve"):
        chapters.approve_several(written, by=officer, seen={})
    assert [one.key for one in written.chapters.all() if one.is_approved] == []


def test_only_officers_approve_several(written, analyst):
    with pytest.raises(PermissionDenied):
        chapters.approve_several(written, by=analyst, seen={"introduction": 1})
