"""The workbook: what goes out comes back unchanged, what was filled shows as a difference, the rest is refused."""

import json
import re
import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from i18nfield.strings import LazyI18nString
from openpyxl import load_workbook

from scoreboard import workbook
from scoreboard.errors import Invalid
from scoreboard.models import AnswerVersion, Edition, Origin, Role, State, Submission
from scoreboard.questionnaire import file as edition_file
from scoreboard.questionnaire import importing
from scoreboard.submissions import answering, workflow
from scoreboard.text import stripped
from tests.factories import (
    HARBOUR,
    SCOREBOARD,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    an_officer,
    fill,
    given,
    submission_at,
)

pytestmark = pytest.mark.usefixtures("harbour")

LANGUAGE = "fr"


@pytest.fixture
def draft(focal):
    submission = submission_at(State.DRAFT)
    fill(submission)
    return submission


@pytest.fixture
def content(draft):
    return workbook.write(draft, LANGUAGE)


def found(submission, content):
    return workbook.compare(submission, workbook.read(BytesIO(content), submission))


def saved(book) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def edited(content, edit) -> bytes:
    """Return the file after `edit` was let at it in another program."""
    book = load_workbook(BytesIO(content))
    edit(book)
    return saved(book)


def areas(book):
    return [sheet for sheet in book.worksheets if sheet["A1"].value == "mikt-area"]


def cell(book, code, part):
    """Return the cell in which an indicator's part is filled."""
    for sheet in areas(book):
        columns = {head.value: head.column for head in sheet[1]}
        for row in sheet.iter_rows(min_row=2):
            if row[0].value == code:
                return sheet.cell(row[0].row, columns[part])
    raise LookupError(code)


def filled(content, code, **texts) -> bytes:
    """Return the file with the cells of one indicator filled."""

    def edit(book):
        for part, text in texts.items():
            target = cell(book, code, part)
            target.value = text
            if isinstance(text, str):
                target.data_type = "s"

    return edited(content, edit)


def said(submission, content):
    return [
        (difference.indicator.code, change.part.name, change.before, change.file)
        for difference in found(submission, content).differences
        for change in difference.changes
    ]


class TestTheFile:
    def test_it_holds_instructions_a_sheet_per_area_and_hidden_ids(self, content):
        book = load_workbook(BytesIO(content))
        assert [sheet["B1"].value for sheet in areas(book)] == ["P", "Q", "R"]
        assert book["mikt-ids"].sheet_state == "veryHidden"
        assert {name: value for name, value in json.loads(book["mikt-ids"]["A1"].value).items() if name != "areas"} == {
            "format": 1,
            "edition": "harbour-1",
            "cycle": "2026",
            "country": "MT",
            "language": "fr",
        }

    def test_only_the_cells_for_answers_can_be_written(self, content):
        book = load_workbook(BytesIO(content))
        assert all(sheet.protection.sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        sheet = areas(book)[0]
        unlocked = {one.column for row in sheet.iter_rows() for one in row if not one.protection.locked}
        assert unlocked == {head.column for head in sheet[1][2:] if head.value}
        assert sheet.column_dimensions["A"].hidden
        assert sheet.row_dimensions[1].hidden

    def test_the_answer_is_chosen_from_the_ladder_in_the_chosen_language(self, draft):
        book = load_workbook(BytesIO(workbook.write(draft, "el")))
        target = cell(book, "P1", "answer")
        [offer] = [one for one in target.parent.data_validations.dataValidation if target.coordinate in one.sqref]
        name, place = offer.formula1.split("!")
        entries = [row[0].value for row in book[name.strip("'")][place.replace("$", "")]]
        assert entries[0] == "1 · Ο λιμένας δεν έχει σχέδιο και δεν ετοιμάζει κανένα."
        assert len(entries) == 5 + 2

    def test_an_invented_example_says_so(self, malta):
        cycle = a_cycle([malta], code="2025", is_example=True)
        book = load_workbook(BytesIO(workbook.write(cycle.submissions.get(), "fr")))
        texts = [row[0].value for row in book.worksheets[0].iter_rows(max_col=1)]
        with translation.override("fr"):
            assert gettext("Invented example data: nothing in this file is a country’s real answer.") in texts

    def test_last_time_stands_beside_this_time_and_is_no_answer(self, malta):
        old = submission_at(State.ACCEPTED, malta, a_cycle([malta], code="2023", opens=date(2023, 1, 1)))
        submission = a_cycle([malta], code="2027").submissions.get()
        content = workbook.write(submission, LANGUAGE)
        sheet = areas(load_workbook(BytesIO(content)))[0]
        text = LazyI18nString(old.accepted_version.answers[0]["level_text"]).localize(LANGUAGE)
        assert (sheet["E3"].value, sheet["E4"].value) == ("Scoreboard 2023", f"3 · {text}")
        assert said(submission, content) == []


class TestDifferences:
    def test_what_comes_back_as_it_went_changes_nothing(self, draft, content):
        assert said(draft, content) == said(draft, edited(content, lambda book: None)) == []

    def test_a_filled_cell_is_a_difference(self, draft, content):
        changed = filled(content, "P1", comment="=SUM(1;2)", answer=5)
        assert [row[1:] for row in said(draft, changed)][1] == ("comment", "", "=SUM(1;2)")
        [difference] = found(draft, changed).differences
        assert (difference.given.level, difference.given.comment) == (5, "=SUM(1;2)")

    @pytest.mark.parametrize(
        ("cell_text", "kind", "level"),
        [("4", "level", 4), (4, "level", 4), ("4 · reworded since", "level", 4), ("", "", None)],
    )
    def test_an_answer_may_be_typed_too(self, draft, content, cell_text, kind, level):
        [difference] = found(draft, filled(content, "P1", answer=cell_text)).differences
        assert (difference.given.kind, difference.given.level) == (kind, level)

    def test_the_last_entries_of_the_list_are_no_levels(self, draft, content):
        with translation.override(LANGUAGE):
            *_levels, not_applicable, unknown = workbook.options(draft.cycle.edition.indicators.get(code="P1"))
        [difference] = found(draft, filled(content, "P1", answer=not_applicable, reason="No port.")).differences
        assert (difference.given.kind, difference.given.reason) == ("not_applicable", "No port.")
        [difference] = found(draft, filled(content, "P1", answer=unknown)).differences
        assert (difference.given.kind, difference.given.level) == ("unknown", None)

    def test_what_is_not_in_the_list_is_named_and_cannot_be_taken(self, draft, content):
        [difference] = found(draft, filled(content, "P1", answer="rather good")).differences
        assert (difference.given, difference.problem) == (None, "“rather good” is not in the list.")

    def test_what_changed_on_the_portal_since_is_contested_only_where_it_is_the_same_part(self, draft, content, malta):
        colleague = a_person(Role.FOCAL, malta)
        stands = {"P1": given(level=3, comment="Meanwhile."), "P2": given(level=3, comment="As in the file.")}
        answering.save_answers(draft, stands, by=colleague, seen={"P1": 1, "P2": 1})
        changed = filled(filled(content, "P1", comment="In the file."), "P2", comment="As in the file.")
        [difference] = found(draft, changed).differences
        assert (difference.indicator.code, difference.is_contested) == ("P1", True)
        [uncontested] = found(draft, filled(content, "P1", next_step="A plan.")).differences
        assert not uncontested.is_contested
        assert (uncontested.given.comment, uncontested.given.next_step) == ("Meanwhile.", "A plan.")

    def test_comparing_costs_the_same_for_one_and_for_many_answers(self, draft, content, django_assert_max_num_queries):
        changed = filled(content, "P1", comment="One.")
        many = content
        for indicator in draft.cycle.edition.all_indicators:
            many = filled(many, indicator.code, comment="Each.")
        for file in (changed, many):
            fresh = Submission.objects.select_related("cycle__edition", "country").get(pk=draft.pk)
            with django_assert_max_num_queries(8):
                found(fresh, file)


# Everything that XML can carry and a person can type; programs end lines in their own ways, which is tested apart.
TYPED = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\n\t=+-@ςΩحـ\u200f🐦\u0301\u00a0"),
    max_size=60,
)
BEGUN = st.builds(str.__add__, st.sampled_from(["", "=", "+", "-", "@", "'", "_x0041_", "\u202e"]), TYPED)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@drawn(texts=st.lists(st.tuples(BEGUN, BEGUN), min_size=7, max_size=7))
def test_any_text_goes_out_and_comes_back(draft, texts):
    """Seven texts at a time: one is stored on the portal, another is written into the file in its place."""
    seen = dict(draft.answers.values_list("indicator__code", "revision"))
    cases = {code: (stripped(stored), written) for code, (stored, written) in zip(seen, texts, strict=True)}
    values = {code: given(kind="unknown", comment=stored) for code, (stored, _written) in cases.items()}
    assert not answering.save_answers(draft, values, by=a_focal(draft.country), seen=seen).problems
    content = workbook.write(draft, LANGUAGE)
    assert said(draft, content) == []

    def edit(book):
        for code, (_stored, written) in cases.items():
            target = cell(book, code, "comment")
            target.value, target.data_type = written, "s"

    changed = {(code, "comment", old, stripped(new)) for code, (old, new) in cases.items() if old != stripped(new)}
    assert set(said(draft, edited(content, edit))) == changed


def zipped(parts) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def parts_of(content) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(content, name, text) -> bytes:
    return zipped(parts_of(content) | {name: text})


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def bomb(content, encoding="utf-8") -> bytes:
    sheet = parts_of(content)["xl/sharedStrings.xml"].decode()
    text = (ENTITIES.decode() + sheet.partition("?>")[2]).replace("?>", f' encoding="{encoding}"?>', 1)
    return with_part(content, "xl/sharedStrings.xml", text.encode(encoding))


def swollen(content, part, element, child, times) -> bytes:
    """The workbook with a small child so many times in an element: some kilobytes when it is packed."""
    text = parts_of(content)[part].decode()
    made = with_part(content, part, text.replace(f"</{element}>", child * times + f"</{element}>").encode())
    assert len(made) < 100_000
    return made


def told(**changes):
    def edit(book):
        ids = json.loads(book["mikt-ids"]["A1"].value)
        book["mikt-ids"]["A1"].value = json.dumps(ids | changes)

    return lambda content: edited(content, edit)


def put(code, part, value):
    return lambda content: edited(content, lambda book: setattr(cell(book, code, part), "value", value))


def delete_row(book):
    areas(book)[0].delete_rows(4)


def double_sheet(book):
    book.copy_worksheet(areas(book)[0])


def double_row(book):
    sheet = areas(book)[0]
    for column in (1, 2):
        sheet.cell(30, column).value = sheet.cell(4, column).value


def swap_codes(book):
    sheet = areas(book)[0]
    sheet["A4"].value, sheet["A5"].value = sheet["A5"].value, sheet["A4"].value


def older_revision(book):
    areas(book)[0]["B4"].value = 0


def later_revision(book):
    ids = json.loads(book["mikt-ids"]["A1"].value)
    ids["areas"]["P"][0][1] = areas(book)[0]["B4"].value = 7
    book["mikt-ids"]["A1"].value = json.dumps(ids)


CORPUS = {
    "wrong edition": (told(edition="scoreboard-2017"), "another edition of the questionnaire (scoreboard-2017)"),
    "wrong country": (told(country="GR"), "another country (GR); these answers are those of Malta"),
    "wrong cycle": (told(cycle="2023"), "another cycle (2023); these answers are for Scoreboard 2026"),
    "another version of the file": (told(format=2), "another version of the portal"),
    "a language that is not there": (told(language="xx"), "hidden ids of the file were changed"),
    "no ids": (lambda c: edited(c, lambda book: book.remove(book["mikt-ids"])), "its hidden sheet is missing"),
    "ids that are none": (lambda c: edited(c, lambda b: b["mikt-ids"].__setitem__("A1", "x")), "ids of the file were"),
    "an edited code": (lambda c: edited(c, lambda b: areas(b)[0].__setitem__("A4", "Z9")), "indicator P1 is missing"),
    "swapped codes": (lambda c: edited(c, swap_codes), "hidden ids of the file were changed"),
    "an edited revision": (lambda c: edited(c, older_revision), "hidden ids of the file were changed"),
    "a revision that never was": (lambda c: edited(c, later_revision), "answers that this portal never had"),
    "a missing row": (lambda c: edited(c, delete_row), "The row of indicator P1 is missing"),
    "a doubled row": (lambda c: edited(c, double_row), "The row of indicator P1 is there twice"),
    "a missing sheet": (lambda c: edited(c, lambda b: b.remove(areas(b)[1])), "The sheet of area Q is missing"),
    "a doubled sheet": (lambda c: edited(c, double_sheet), "The sheet of area P is there twice"),
    "a missing column": (lambda c: edited(c, lambda b: areas(b)[0].__setitem__("G1", None)), "A column is missing"),
    "a formula": (put("P1", "comment", "=1+1"), "Cell G4 on the sheet of area P holds a formula"),
    "a formula among the ids": (lambda c: edited(c, lambda b: areas(b)[0].__setitem__("B4", "=1")), "holds a formula"),
    "macros": (lambda c: with_part(c, "xl/vbaProject.bin", b"x"), "The file holds macros"),
    "macros by type": (
        lambda c: with_part(
            c,
            "[Content_Types].xml",
            parts_of(c)["[Content_Types].xml"].replace(
                b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
            ),
        ),
        "The file holds macros",
    ),
    "50 MB": (lambda c: b"PK" + bytes(50_000_000), "The file is larger than 5 MB"),
    "a bomb": (lambda c: with_part(c, "xl/media/big.xml", bytes(30_000_000)), "unpacks to far more"),
    "a bomb of shared texts": (
        lambda c: swollen(c, "xl/sharedStrings.xml", "sst", "<si><t/></si>", 900_000),
        "far more",
    ),
    "a bomb of cells": (lambda c: swollen(c, "xl/worksheets/sheet2.xml", "sheetData", "<row/>", 900_000), "far more"),
    "a bomb of styles": (
        lambda c: swollen(c, "xl/styles.xml", "cellXfs", "<xf/>", 900_000),
        "far more than a workbook",
    ),
    "many parts": (lambda c: zipped(parts_of(c) | {f"x{n}": b"" for n in range(400)}), "unpacks to far more"),
    "entities": (bomb, "declares XML entities"),
    "entities in another encoding": (lambda c: bomb(c, "utf-16"), "declares XML entities"),
    "a table of commas": (lambda c: b"code;answer\nP1;2\n", "is not an Excel workbook"),
    "nothing": (lambda c: b"", "is not an Excel workbook"),
    "a text document": (lambda c: zipped({"mimetype": "application/vnd.oasis"}), "is not an Excel workbook"),
    "an old workbook": (
        lambda c: b"\xd0\xcf\x11\xe0" + bytes(600),
        "is in a format of old office programs (as .xls is), or has",
    ),
    "half a file": (lambda c: c[: len(c) // 2], "is not an Excel workbook"),
    "a damaged sheet": (lambda c: with_part(c, "xl/worksheets/sheet2.xml", b"<no"), "cannot be read as an Excel"),
    "a damaged book": (lambda c: with_part(c, "xl/workbook.xml", b"<no"), "cannot be read as an Excel"),
}


@pytest.mark.parametrize(("make", "sentence"), CORPUS.values(), ids=CORPUS)
def test_a_hostile_file_is_refused_with_its_sentence(draft, content, make, sentence):
    with pytest.raises(Invalid) as refusal:
        found(draft, make(content))
    assert sentence in refusal.value.sentence


def test_the_file_of_another_submission_is_refused(draft, greece):
    other = a_cycle([greece], code="2024").submissions.get()
    with pytest.raises(Invalid, match="another country"):
        found(draft, workbook.write(other, LANGUAGE))
    strange = a_cycle([draft.country], code="2023", edition=an_edition(SCOREBOARD)).submissions.get()
    with pytest.raises(Invalid, match="another edition"):
        found(draft, workbook.write(strange, "en"))
    with pytest.raises(Invalid, match="Download one here, and fill that"):
        found(draft, workbook.blank(draft.cycle.edition, LANGUAGE))


class TestPages:
    @pytest.fixture
    def client(self, sign_in, focal):
        return sign_in(focal)

    def upload(self, client, submission, content):
        file = BytesIO(content)
        file.name = "filled.xlsx"
        return client.post(f"/submissions/{submission.pk}/workbook/upload/", {"file": file})

    def take(self, client, submission, page, *codes, **why):
        data = {"kept": page.context["found"].kept, "take": codes} | {
            f"i{code}-why": text for code, text in why.items()
        }
        return client.post(f"/submissions/{submission.pk}/workbook/take/", data)

    def test_download_in_a_language(self, client, draft):
        address = f"/submissions/{draft.pk}/workbook/file/"
        response = client.get(address, {"language": "el"})
        assert response["Content-Disposition"] == 'attachment; filename="2026-mlt-el.xlsx"'
        assert said(draft, response.content) == []
        assert client.get(address, {"language": "xx"}).status_code == 404

    def test_only_what_is_ticked_is_written_and_the_channel_is_kept(self, client, draft, content):
        changed = filled(filled(content, "P1", comment="=One"), "P2", comment="Two")
        page = self.upload(client, draft, changed)
        assert AnswerVersion.objects.filter(origin=Origin.WORKBOOK).count() == 0
        assert self.take(client, draft, page, "P1")["Location"] == f"/submissions/{draft.pk}/"
        comments = dict(draft.answers.values_list("indicator__code", "comment"))
        assert (comments["P1"], comments["P2"]) == ("=One", "")
        assert AnswerVersion.objects.filter(origin=Origin.WORKBOOK).count() == 1

    def test_what_changed_after_the_differences_were_shown_is_not_written(self, client, draft, content, malta):
        page = self.upload(client, draft, filled(content, "P1", comment="In the file."))
        colleague = a_person(Role.FOCAL, malta)
        answering.save_answers(draft, {"P1": given(level=3, comment="Now.")}, by=colleague, seen={"P1": 1})
        self.take(client, draft, page, "P1")
        assert draft.answers.get(indicator__code="P1").comment == "Now."
        assert "Upload the file again" in client.get(f"/submissions/{draft.pk}/workbook/").content.decode()

    def test_a_contested_answer_is_not_ticked_but_can_be(self, client, draft, content, malta):
        answering.save_answers(
            draft, {"P1": given(level=3, comment="Now.")}, by=a_person(Role.FOCAL, malta), seen={"P1": 1}
        )
        page = self.upload(client, draft, filled(content, "P1", comment="In the file."))
        text = page.content.decode()
        assert 'value="P1" id="take-P1">' in text
        assert "Changed on the portal since" in text
        self.take(client, draft, page, "P1")
        answer = draft.answers.get(indicator__code="P1")
        assert (answer.comment, answer.level.value, answer.revision) == ("In the file.", 3, 3)

    def test_after_a_return_an_unasked_change_needs_its_reason(self, client, draft, focal):
        workflow.submit(draft, by=focal, declared_by="A", capacity="B")
        workflow.return_for_changes(draft, by=an_officer(), comment="Please mend.", version=draft.versions.count())
        content = filled(workbook.write(draft, LANGUAGE), "P2", comment="More.")
        page = self.upload(client, draft, content)
        assert "Why do you change an answer" in page.content.decode()
        self.take(client, draft, page, "P2")
        assert draft.answers.get(indicator__code="P2").comment == ""
        self.take(client, draft, page, "P2", P2="A slip.")
        assert draft.answers.get(indicator__code="P2").comment == "More."

    def test_a_refused_file_is_told_beside_the_field(self, client, draft):
        text = self.upload(client, draft, b"code;answer").content.decode()
        assert "<title>Error: " in text
        assert "The file is not an Excel workbook (.xlsx)." in text
        assert client.post(f"/submissions/{draft.pk}/workbook/upload/").status_code == 200

    @pytest.mark.parametrize("kept", ["", "x", "W10:abc:def"])
    def test_made_up_differences_are_refused(self, client, draft, kept):
        response = client.post(f"/submissions/{draft.pk}/workbook/take/", {"kept": kept, "take": ["P1"]})
        assert response.status_code == 409

    def test_the_differences_of_another_submission_are_refused(self, client, sign_in, draft, content, greece):
        page = self.upload(client, draft, filled(content, "P1", comment="Mine."))
        other = a_cycle([a_country("GR")], code="2024").submissions.get()
        assert self.take(sign_in(a_focal(greece)), other, page, "P1").status_code == 409
        assert not other.answers.exists()

    def test_a_file_that_changes_nothing(self, client, draft, content):
        assert "The file changes nothing" in self.upload(client, draft, content).content.decode()


class TestOtherPrograms:
    """What other programs make of the file is read as it is meant, or refused by its cell with the remedy."""

    @pytest.mark.parametrize(
        ("cell_says", "level"), [(2.0, 2), ("2.0", 2), ("\ufeff2\u00a0· Old words", 2), ("\u200e4", 4), (4, 4)]
    )
    def test_levels(self, draft, content, cell_says, level):
        [difference] = found(draft, filled(content, "P1", answer=cell_says)).differences
        assert (difference.problem, difference.given.level) == ("", level)

    @pytest.mark.parametrize("words", [str.upper, str.lower, str.title])
    def test_words_in_capitals_or_without(self, draft, content, words):
        with translation.override(LANGUAGE):
            unknown = gettext("Unknown")
        [difference] = found(draft, filled(content, "P1", answer=f" {words(unknown)}\u200b")).differences
        assert (difference.problem, difference.given.kind) == ("", "unknown")

    @pytest.mark.parametrize("yes", [True, "TRUE", "WAHR", "VRAI", "VERDADERO", "yes", "OUI", "ΑΛΗΘΗΣ"])
    def test_true_in_any_language(self, draft, content, yes):
        [difference] = found(draft, filled(content, "P1", comment="Kept.", comment_withheld=yes)).differences
        assert difference.given.comment_withheld is True

    @pytest.mark.parametrize("no", [False, "FALSE", "FALSCH", "FAUX", "FALSO", "non", None])
    def test_false_in_any_language(self, draft, content, no):
        [difference] = found(draft, filled(content, "P1", comment="Said.", comment_withheld=no)).differences
        assert difference.given.comment_withheld is False

    def test_numbers_with_a_nought_behind(self, draft, content):
        """As Google Sheets writes the hidden revisions, in place of 1."""
        sheets = {
            name: re.sub(rb'(<c r="B\d+"(?: s="\d+")?><v>)(\d+)(</v>)', rb"\g<1>\g<2>.0\g<3>", part)
            for name, part in parts_of(content).items()
        }
        assert sheets != parts_of(content)
        assert said(draft, zipped(sheets)) == []

    def test_parts_under_other_names(self, draft, content):
        names = {"xl/workbook.xml": "xl/book1.xml", "xl/sharedStrings.xml": "xl/strings.xml"}
        names |= {name: name.replace("/sheet", "/blatt_") for name in parts_of(content) if "worksheets/sheet" in name}
        renamed = {}
        for name, part in parts_of(content).items():
            for old, new in names.items():
                part = part.replace(old.rpartition("/")[2].encode(), new.rpartition("/")[2].encode())
            name = names.get(name, name).replace("workbook.xml.rels", "book1.xml.rels")
            renamed[name] = part
        assert said(draft, zipped(renamed)) == []

    def test_text_in_its_cell_and_names_with_a_prefix(self, draft, content):
        """Some writers share no strings, some give every element the name of its space."""
        strings = re.findall(rb"<si>(?:<t[^>]*>(.*?)</t>)?</si>", parts_of(content)["xl/sharedStrings.xml"], re.DOTALL)

        def inline(match):
            return match[1] + b't="inlineStr"><is><t xml:space="preserve">' + strings[int(match[2])] + b"</t></is></c>"

        parts = parts_of(content)
        for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
            part = re.sub(rb'(<c r="[A-Z]+\d+"(?: s="\d+")? )t="s"><v>(\d+)</v></c>', inline, parts[name])
            part = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", part).replace(b"xmlns=", b"xmlns:x=")
            assert b'<x:c r="' in part
            parts[name] = part
        assert said(draft, zipped(parts)) == []

    @pytest.mark.parametrize("attribute", [rb' r="[A-Z]+\d+"', rb"<dimension[^>]*/>"])
    def test_without_what_readers_can_count(self, draft, content, attribute):
        parts = parts_of(content)
        for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
            without = re.sub(attribute, b"", parts[name])
            # A cell that is left out can only be told by the others' places.
            parts[name] = without if b"dimension" in attribute or _is_dense(parts[name]) else parts[name]
        assert said(draft, zipped(parts)) == []

    def test_what_a_program_says_of_its_types(self, draft, content):
        parts = parts_of(content)
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        with pytest.raises(Invalid, match="“Strict Open XML”, which cannot be read here"):
            found(draft, zipped(parts))

    def refusal(self, draft, content):
        with pytest.raises(Invalid) as refused:
            found(draft, content)
        return refused.value.sentence

    def test_an_error_is_refused_by_its_cell(self, draft, content):
        def edit(book):
            target = cell(book, "P2", "comment")
            target.value, target.data_type = "#REF!", "e"

        assert self.refusal(draft, edited(content, edit)) == (
            "Cell G5 on the sheet of area P holds an error, #REF!. Empty it, or type it anew."
        )

    def test_so_is_per_cent(self, draft, content):
        def edit(book):
            target = cell(book, "P1", "answer")
            target.value, target.number_format = 2, "0%"

        assert self.refusal(draft, edited(content, edit)) == (
            "Cell E4 on the sheet of area P is formatted as per cent. Format it as text; type it anew."
        )

    @pytest.mark.parametrize("cells", ["G4:G5", "G4:H4", "C3:C4"])
    def test_so_are_merged_cells(self, draft, content, cells):
        merged = edited(content, lambda book: areas(book)[0].merge_cells(cells))
        assert self.refusal(draft, merged) == (
            f"Cells {cells} are merged. Unmerge them, and write into each what belongs to its own row."
        )

    def test_a_merged_title_harms_nothing(self, draft, content):
        assert said(draft, edited(content, lambda book: areas(book)[0].merge_cells("C2:H2"))) == []

    def test_rows_sorted_beside_their_hidden_ids_are_refused(self, draft, content):
        def sort(book):
            sheet = areas(book)[0]
            for column in range(3, sheet.max_column + 1):
                one, two = sheet.cell(4, column), sheet.cell(5, column)
                one.value, two.value = two.value, one.value

        assert self.refusal(draft, edited(content, sort)) == (
            "Row 4 on the sheet of area P belongs to P1, but shows “P2”. "
            "Its rows were sorted or moved. Undo that, or download the file again."
        )

    def test_so_are_columns_moved_away_from_their_hidden_names(self, draft, content):
        def move(book):
            sheet = areas(book)[0]
            for row in range(2, sheet.max_row + 1):
                one, two = sheet.cell(row, 6), sheet.cell(row, 7)
                one.value, two.value = two.value, one.value

        assert "were moved: “" in self.refusal(draft, edited(content, move))

    def test_a_doubled_column_is_refused(self, draft, content):
        doubled = edited(content, lambda book: setattr(areas(book)[0]["M1"], "value", "comment"))
        assert "A column is there twice on the sheet of area P" in self.refusal(draft, doubled)

    def test_an_answer_that_belongs_to_another_indicator_is_not_taken(self, draft, content):
        """As when only the cells of answers are sorted, and the labels stay."""
        with translation.override(LANGUAGE):
            entries = workbook.options(draft.cycle.edition.indicators.get(code="P2"))
        [difference] = found(draft, filled(content, "P1", answer=entries[1])).differences
        assert difference.given is None
        assert difference.problem == self.of_another("E4", "P2")

    def of_another(self, cell, label):
        return (
            f"Cell {cell} on the sheet of area {label[0]} shows a level of {label}, not of this indicator. "
            "If cells were sorted or moved, undo that. Else choose from the list, or download the file again."
        )

    @pytest.mark.parametrize(
        ("first", "last", "cells"), [(4, None, ("D4", "D5")), (5, None, ("E4", "E5")), (5, 7, ("E4", "E5"))]
    )
    def test_nothing_is_taken_from_rows_of_which_some_columns_were_sorted(self, draft, content, first, last, cells):
        """Even where both answers have the same number, so that only what is written beside them would change."""

        def sort(book):
            sheet = areas(book)[0]
            for column in range(first, (last or sheet.max_column) + 1):
                one, two = sheet.cell(4, column), sheet.cell(5, column)
                one.value, two.value = two.value, one.value

        commented = content
        for code in ("P1", "P2", "P3"):
            commented = filled(commented, code, comment=f"Of {code}.")
        one, two, other = found(draft, edited(commented, sort)).differences
        assert [row.given for row in (one, two)] == [None, None]
        assert [row.problem for row in (one, two)] == [
            self.of_another(cells[0], "P2"),
            self.of_another(cells[1], "P1"),
        ]
        assert other.given.comment == "Of P3."

    @pytest.mark.parametrize("lists", [True, False])
    def test_wording_that_was_replaced_meanwhile_is_no_reason_to_refuse(self, draft, content, lists):
        """Not even if another indicator has the former wording now, as the lists in the file show."""
        document = edition_file.read(HARBOUR.read_bytes())
        own, other, *_rest = document["areas"][0]["indicators"]
        for one, two in zip(own["levels"], other["levels"], strict=True):
            if lists:
                two["text"] = one["text"]
            one["text"] = dict.fromkeys(one["text"], f"{one['value']} autrement.")
        Edition.objects.update(provisional=True)  # the wording of others is final once a cycle uses them
        importing.import_edition(document)
        commented = filled(content, "P1", comment="Of P1.")
        if not lists:
            commented = edited(commented, lambda book: book.remove(book["mikt-lists"]))
        [difference] = found(Submission.objects.get(pk=draft.pk), commented).differences
        assert (difference.problem, difference.given.comment) == ("", "Of P1.")

    @pytest.mark.parametrize("written", [1, 1.0, "1", "1.0", " 1.00 "])
    def test_a_revision_is_read_however_a_program_writes_it(self, draft, content, written):
        rewritten = edited(content, lambda book: setattr(areas(book)[0]["B4"], "value", written))
        assert workbook.read(BytesIO(rewritten), draft).rows["P1"].seen == 1


def _is_dense(sheet: bytes) -> bool:
    """Whether every row has all cells from the first on, so that their places can be counted."""
    rows = re.findall(rb"<row [^>]*?(?:/>|>(.*?)</row>)", sheet, re.DOTALL)
    cells = [re.findall(rb'<c r="([A-Z])\d+"', row) for row in rows]
    numbers = [int(n) for n in re.findall(rb'<row r="(\d+)"', sheet)]
    return numbers == list(range(1, len(rows) + 1)) and all(
        found == [bytes([65 + n]) for n in range(len(found))] for found in cells
    )
