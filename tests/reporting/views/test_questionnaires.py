"""The questionnaires without answers: public as soon as a cycle asks one, as PDF, workbook and Word form."""

from copy import deepcopy
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.enum.table import WD_TABLE_DIRECTION
from openpyxl import load_workbook
from pypdf import PdfReader

from reporting.exports import questionnaire
from scoreboard import rehearsal
from scoreboard.cycles import rehearsing
from scoreboard.models import Edition
from scoreboard.questionnaire import file, importing
from tests.factories import HARBOUR, SCOREBOARD, a_cycle, an_edition
from tests.pages import Page
from tests.requested_pdfs import made

pytestmark = pytest.mark.django_db

FORMATS = ("pdf", "xlsx", "docx")


def get(name: str, client: Client | None = None):
    return (client or Client()).get(f"/reports/questionnaires/{name}")


def words(document) -> str:
    """Return everything that a Word file says, tables too."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.fixture
def edition(db):
    return an_edition(HARBOUR)


@pytest.fixture
def used(edition, malta):
    """The edition, which an opened cycle asks."""
    a_cycle([malta], edition=edition)
    return edition


def test_everyone_gets_each_language_in_each_format(used):
    page = Page(get(""))
    expected = {
        f"/reports/questionnaires/harbour-1/{language}.{kind}" for language in used.languages for kind in FORMATS
    }
    assert {url for url in page.links.values() if "harbour" in url} == expected
    assert all(get(f"harbour-1/{language}.xlsx").status_code == 200 for language in used.languages)
    sheets = load_workbook(BytesIO(get("harbour-1/el.xlsx").content)).sheetnames
    assert any("Προετοιμασία" in name for name in sheets)
    texts = {}
    for language in used.languages:
        response = made(Client(), f"/reports/questionnaires/harbour-1/{language}.pdf")
        texts[language] = " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    assert "Plan de biosécurité du port" in " ".join(texts["fr"].split())
    assert "Σχέδιο βιοασφάλειας του λιμένα" in " ".join(texts["el"].split())


def test_it_is_linked_where_people_look_for_it(used, sign_in, focal):
    address = reverse("questionnaire_list")
    for name in ("home", "help", "account_login"):
        assert Page(Client().get(reverse(name))).links["Questionnaires"] == address
    assert Page(Client().get("/")).links["Read the questionnaire"] == address
    workbook = Page(sign_in(focal).get(reverse("submission_workbook", args=[used.cycles.get().submissions.get().pk])))
    assert "/reports/questionnaires/harbour-1/fr.docx" in workbook.links.values()


@pytest.mark.parametrize("language", ["fr", "el"])
def test_the_word_form_asks_all_that_the_edition_asks(used, language):
    response = get(f"harbour-1/{language}.docx")
    assert response["Content-Disposition"] == f'attachment; filename="harbour-1-{language}.docx"'
    document = Document(BytesIO(response.content))
    said = words(document)
    exported = importing.export(used)
    asked = [exported["title"]]
    for area in exported["areas"]:
        asked.append(area["title"])
        for indicator in area["indicators"]:
            asked += [indicator["title"], indicator["measures"], *(level["text"] for level in indicator["levels"])]
            form = indicator.get("data_form")
            asked += [column["title"] for column in form["columns"]] if form else []
    assert [text[language] for text in asked if text[language] not in said] == []
    indicators = used.all_indicators
    assert said.count("☐ Unknown") == len(indicators)
    assert said.count("☐ Not applicable") == sum(indicator.not_applicable for indicator in indicators)
    assert document.core_properties.language == language


def test_a_provisional_wording_is_said(malta):
    edition = an_edition(SCOREBOARD)
    a_cycle([malta], edition=edition)
    assert str(edition.provisional_note) in words(Document(BytesIO(questionnaire.docx(edition, "en"))))


def test_a_language_from_right_to_left_runs_so():
    document = deepcopy(file.read_edition(HARBOUR.read_bytes()))

    def in_arabic(part):
        if isinstance(part, dict):
            found = {"ar" if key == "el" else key: in_arabic(value) for key, value in part.items()}
            return found | {"ar": "سؤال"} if "ar" in found else found
        return [in_arabic(one) for one in part] if isinstance(part, list) else part

    document = in_arabic(document)
    document["languages"] = ["fr", "ar"]
    edition = importing.import_edition(document)[0]
    for language, direction in (("ar", True), ("fr", None)):
        found = Document(BytesIO(questionnaire.docx(edition, language)))
        normal = found.styles["Normal"]
        assert (normal.font.rtl, "w:bidi" in normal.element.xml) == (direction, bool(direction))
        assert {table.table_direction for table in found.tables} == {WD_TABLE_DIRECTION.RTL if direction else None}


def test_what_no_opened_cycle_asks_is_the_secretariats_alone(edition, malta, sign_in, officer):
    a_cycle([malta], edition=edition, opened=False)
    assert Page(get("")).text.count("No questionnaire is public yet") == 1
    assert [get(f"harbour-1/fr.{kind}").status_code for kind in FORMATS] == [404, 404, 404]
    desk = sign_in(officer)
    assert "not public until a cycle with it is opened" in Page(get("", desk)).text
    assert get("harbour-1/fr.docx", desk).status_code == 200


def test_a_rehearsal_makes_no_questionnaire_public(edition, officer):
    rehearsing.start(edition, by=officer)
    with rehearsal.within():
        assert edition.cycles.exclude(opened_at=None).exists()
    assert [get(f"harbour-1/fr.{kind}").status_code for kind in FORMATS] == [404, 404, 404]
    assert list(Edition.objects.used_openly()) == []
    assert Client().get("/rehearsal/reports/questionnaires/harbour-1/fr.docx").status_code == 200


@pytest.mark.parametrize("name", ["harbour-1/en.pdf", "harbour-1/en.xlsx", "harbour-1/en.docx", "nothing/fr.docx"])
def test_a_language_or_edition_that_is_not_there(used, name):
    assert get(name).status_code == 404
