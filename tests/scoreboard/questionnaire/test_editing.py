"""Editing editions on the portal's pages: texts, duplicates, closing, comparing, importing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoreboard.errors import NotNow, Stale
from scoreboard.models import Edition, EditionChange, State
from scoreboard.questionnaire import editing, file, importing
from scoreboard.questionnaire.file import EditionError
from tests.factories import HARBOUR, SCOREBOARD, a_cycle, an_edition, submission_at

TITLE = "areas[0].indicators[0].title"


@pytest.fixture
def draft(db):
    """An edition that no cycle uses."""
    return an_edition(HARBOUR)


def words(edition, text="A new title"):
    return dict.fromkeys(edition.languages, text)


def reworded(edition, by, **texts):
    return editing.reword(edition, texts or {TITLE: words(edition)}, by=by, seen=str(edition.stamp))


def test_a_text_is_changed_and_logged(draft, officer):
    changes = reworded(draft, officer)
    assert [change.place for change in changes] == [TITLE]
    stored = Edition.objects.get(pk=draft.pk)
    assert stored.all_indicators[0].title.data == words(draft)
    logged = EditionChange.objects.filter(by=officer).get()
    assert [part["place"] for part in logged.places] == [TITLE]


def test_every_text_that_a_page_offers_can_be_saved_unchanged(draft, officer):
    for area in ["", *(area.code for area in draft.whole)]:
        parts = editing.parts(draft, area)
        texts = {text.place: text.words for part in parts for text in part.texts}
        assert texts
        assert editing.reword(draft, texts, by=officer, seen=str(draft.stamp)) == []


def test_every_text_of_a_file_is_offered(draft):
    """Nothing that a person reads can be changed by a file alone."""
    document = importing.export(draft)

    def places(place, node):
        if isinstance(node, dict):
            for key, part in node.items():
                where = f"{place}.{key}" if place else key
                if key in importing.WORDING and isinstance(part, dict):
                    yield where
                else:
                    yield from places(where, part)
        elif isinstance(node, list):
            for n, part in enumerate(node):
                yield from places(f"{place}[{n}]", part)

    offered = {
        text.place
        for area in ["", *(area.code for area in draft.whole)]
        for part in editing.parts(draft, area)
        for text in part.texts
    }
    by_file_alone = {place for place in places("", document) if ".choices" in place or place.startswith("objectives")}
    assert set(places("", document)) - by_file_alone <= offered


@pytest.mark.parametrize("text", ["", " \x07"])
def test_a_missing_text_is_refused_and_nothing_changes(text, draft, officer):
    with pytest.raises(EditionError, match="title"):
        reworded(draft, officer, **{TITLE: words(draft, text)})
    assert EditionChange.objects.filter(by=officer).count() == 0


def test_who_edited_another_state_is_told(draft, officer):
    seen = str(draft.stamp)
    reworded(draft, officer)
    with pytest.raises(Stale, match="Somebody changed this edition"):
        editing.reword(draft, {TITLE: words(draft, "Another")}, by=officer, seen=seen)


def test_the_final_wording_of_an_edition_in_use_stays(draft, officer, malta):
    if draft.provisional:
        draft = editing.close(draft, by=officer)
    a_cycle([malta], edition=draft)
    with pytest.raises(EditionError, match="its wording is final"):
        reworded(draft, officer)


def test_official_wording_replaces_a_provisional_one_and_no_answer(officer, malta):
    provisional = an_edition(SCOREBOARD)
    assert provisional.provisional
    cycle = a_cycle([malta], edition=provisional)
    submitted = submission_at(State.SUBMITTED, malta, cycle)
    before = list(submitted.answers.order_by("pk").values())
    reworded(provisional, officer)
    closed = editing.close(Edition.objects.get(pk=provisional.pk), by=officer)
    assert (closed.provisional, closed.all_indicators[0].title.data) == (False, words(provisional))
    assert list(submitted.answers.order_by("pk").values()) == before
    with pytest.raises(NotNow, match="final already"):
        editing.close(closed, by=officer)


def test_a_duplicate_has_the_same_questions_each_traced(draft, officer):
    made = editing.duplicate(draft, code="harbour-2031", year=2031, by=officer)
    assert [one.code for one in made.all_indicators] == [one.code for one in draft.all_indicators]
    assert {(one.relation, tuple(one.sources) == (one.code,)) for one in made.all_indicators} == {("same", True)}
    assert (made.previous, made.is_closed, editing.faults(made)) == (draft, False, [])
    assert [one.differing for one in editing.compare(draft, made)] == [[] for _ in made.all_indicators]
    with pytest.raises(EditionError, match="Another edition has this code"):
        editing.duplicate(draft, code="harbour-2031", year=2031, by=officer)


@pytest.mark.parametrize("code", ["import", "Grün", "a b", "-", "x" * 41, ""])
def test_a_duplicate_needs_a_code_that_can_be_an_address(code, draft, officer, sign_in):
    response = sign_in(officer).post(reverse("edition_duplicate", args=[draft.code]), {"code": code, "year": 2031})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert Edition.objects.count() == 1


def test_two_editions_side_by_side(draft, officer):
    made = editing.duplicate(draft, code="harbour-2031", year=2031, by=officer)
    reworded(made, officer)
    first, *others = editing.compare(draft, Edition.objects.get(pk=made.pk))
    assert first.differing == [("Title", draft.all_indicators[0].title.data, words(draft))]
    assert [one.differing for one in others] == [[] for _ in others]
    strange = an_edition(SCOREBOARD)
    mine, theirs = ({one.code for one in edition.all_indicators} for edition in (draft, strange))
    places = {one.code: one.place for one in editing.compare(draft, strange)}
    expected = dict.fromkeys(mine & theirs, "both") | dict.fromkeys(mine - theirs, "old")
    assert places == expected | dict.fromkeys(theirs - mine, "new")


def test_only_officers_edit(draft, analyst):
    for act in (
        lambda: reworded(draft, analyst),
        lambda: editing.duplicate(draft, code="x", year=2030, by=analyst),
        lambda: editing.close(draft, by=analyst),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_the_page_saves_what_is_typed(draft, officer, sign_in):
    desk = sign_in(officer)
    address = reverse("edition_area_texts", args=[draft.code, draft.whole[0].code])
    form = desk.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields} | {f"{TITLE}:{draft.languages[0]}": "Typed"}
    assert desk.post(address, data).status_code == 302
    assert Edition.objects.get(pk=draft.pk).all_indicators[0].title.data[draft.languages[0]] == "Typed"
    again = desk.post(address, data | {f"{TITLE}:{draft.languages[0]}": "Typed again"})
    assert "Somebody changed this edition since you opened the page" in again.content.decode()
    assert "Typed again" in again.content.decode(), "what was typed is still there"
    assert desk.get(reverse("edition_area_texts", args=[draft.code, "none"])).status_code == 404


def test_the_page_imports_a_file_after_showing_what_changes(draft, officer, sign_in):
    desk, address = sign_in(officer), reverse("edition_import_file")
    document = importing.export(draft)
    document["areas"][0]["indicators"][0]["title"] = words(draft)
    content = file.write(document).encode()
    shown = desk.post(address, {"file": SimpleUploadedFile("edition.yaml", content)})
    assert [change[0] for change in shown.context["changes"]] == [TITLE]
    assert Edition.objects.get(pk=draft.pk).stamp == draft.stamp
    assert desk.post(address, {"text": shown.context["text"], "confirm": "yes"}).status_code == 302
    assert Edition.objects.get(pk=draft.pk).all_indicators[0].title.data == words(draft)
    wrong = desk.post(address, {"file": SimpleUploadedFile("edition.yaml", b"\xff\xfe")})
    assert wrong.context["form"].errors == {"__all__": ["file: It is not text in UTF-8; save it in that encoding."]}
