"""Workbooks that others changed: hostile ones are refused with a sentence, other programs' are read as meant."""

import json
import re
from io import BytesIO

import pytest
from django.utils import translation
from django.utils.translation import gettext

from scoreboard import workbook
from scoreboard.errors import Invalid
from scoreboard.models import Edition, Submission
from scoreboard.questionnaire import file as edition_file
from scoreboard.questionnaire import importing
from tests.factories import (
    HARBOUR,
    SCOREBOARD,
    a_cycle,
    an_edition,
)
from tests.scoreboard.workbook.books import (
    LANGUAGE,
    areas,
    cell,
    edited,
    filled,
    found,
    parts_of,
    said,
    with_part,
    with_shared_texts,
    zipped,
)

pytestmark = pytest.mark.django_db


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def bomb(content, encoding="utf-8") -> bytes:
    content = with_shared_texts(content)
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
        lambda c: swollen(with_shared_texts(c), "xl/sharedStrings.xml", "sst", "<si><t/></si>", 900_000),
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
            name: re.sub(rb'(<c r="B\d+"(?: s="\d+")?(?: t="n")?><v>)(\d+)(</v>)', rb"\g<1>\g<2>.0\g<3>", part)
            for name, part in parts_of(content).items()
        }
        assert sheets != parts_of(content)
        assert said(draft, zipped(sheets)) == []

    def test_parts_under_other_names(self, draft, content):
        names = {"xl/workbook.xml": "xl/book1.xml", "xl/sharedStrings.xml": "xl/strings.xml"}
        names |= {name: name.replace("/sheet", "/blatt_") for name in parts_of(content) if "worksheets/sheet" in name}
        renamed = {}
        for name, part in parts_of(with_shared_texts(content)).items():
            for old, new in names.items():
                part = part.replace(old.rpartition("/")[2].encode(), new.rpartition("/")[2].encode())
            name = names.get(name, name).replace("workbook.xml.rels", "book1.xml.rels")
            renamed[name] = part
        assert said(draft, zipped(renamed)) == []

    def test_names_with_a_prefix(self, draft, content):
        """Some writers give every element the name of its space."""
        parts = parts_of(content)
        for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
            part = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", parts[name]).replace(b"xmlns=", b"xmlns:x=")
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
        document = edition_file.read_edition(HARBOUR.read_bytes())
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
        assert workbook.read_workbook(BytesIO(rewritten), draft).rows["P1"].seen == 1


def _is_dense(sheet: bytes) -> bool:
    """Whether every row has all cells from the first on, so that their places can be counted."""
    rows = re.findall(rb"<row [^>]*?(?:/>|>(.*?)</row>)", sheet, re.DOTALL)
    cells = [re.findall(rb'<c r="([A-Z])\d+"', row) for row in rows]
    numbers = [int(n) for n in re.findall(rb'<row r="(\d+)"', sheet)]
    return numbers == list(range(1, len(rows) + 1)) and all(
        found == [bytes([65 + n]) for n in range(len(found))] for found in cells
    )
