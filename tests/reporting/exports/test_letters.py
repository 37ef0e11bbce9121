"""Letters to governments: a closed list of placeholders, filled in for each country, as Word files and a PDF."""

import io
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from reporting.pdf import single
from scoreboard import clock
from scoreboard.errors import Invalid
from scoreboard.mail import letters
from scoreboard.models import Letter, State
from tests.factories import a_country, a_cycle, submission_at

MOMENT = datetime(2026, 10, 5, 23, 30, tzinfo=ZoneInfo("UTC"))  # the 6th in Berlin


@pytest.fixture
def written(cycle, officer):
    with clock.at(MOMENT):
        text = "{date}\n\nTo {country}: {cycle}, {deadline}, {closes}, {opens}.\nSecond line.\n\n\n{officer}"
        return letters.write(cycle, "thanks", text, list(cycle.submissions.all()), by=officer)


def test_each_placeholder_is_filled_in(written, cycle, malta, officer):
    submission = cycle.submissions.get(country=malta)
    days = [f"{day.day} {day:%B %Y}" for day in (cycle.deadline, cycle.closes, cycle.opens)]
    assert letters.paragraphs(written, submission) == [
        "6 October 2026",
        f"To Malta: Scoreboard 2026, {', '.join(days)}.\nSecond line.",
        str(officer),
    ]


@pytest.mark.parametrize("kind", Letter.Kind.values)
def test_the_usual_texts_hold_known_placeholders_only(kind):
    assert letters.unknown(str(letters.TEXTS[kind])) == []


@pytest.mark.parametrize("name", ["{nation}", "{country.iso2}", "{}", "{0}", "{country!r}", "{ country }", "{% now %}"])
def test_another_name_in_braces_is_refused(name, cycle, officer):
    with pytest.raises(Invalid) as refusal:
        letters.write(cycle, "thanks", f"To {name}.", list(cycle.submissions.all()), by=officer)
    assert refusal.value.sentence == (
        f"{name} is no placeholder. Those that are filled in: "
        "{country}, {cycle}, {opens}, {deadline}, {closes}, {date}, {officer}."
    )


def test_a_letter_to_nobody_or_without_a_text_is_refused(cycle, officer, greece):
    other = a_cycle([greece], code="2030").submissions.get()
    for submissions in ([], [other]):
        with pytest.raises(Invalid, match="Tick the countries"):
            letters.write(cycle, "thanks", "To {country}.", submissions, by=officer)
    with pytest.raises(Invalid, match="Write the letter"):
        letters.write(cycle, "thanks", " \u200b", list(cycle.submissions.all()), by=officer)


def test_only_officers_write(cycle, analyst):
    with pytest.raises(PermissionDenied):
        letters.write(cycle, "thanks", "To {country}.", list(cycle.submissions.all()), by=analyst)


def test_those_are_ticked_for_whom_a_letter_is_meant(officer, sign_in, malta, greece):
    cyprus = a_country("CY")
    cycle = a_cycle([malta, greece, cyprus])
    submission_at(State.SUBMITTED, malta, cycle)
    submission_at(State.ACCEPTED, greece, cycle)
    desk = sign_in(officer)
    expected = {"thanks": ["Greece", "Malta"], "reminder": ["Cyprus"], "invitation": ["Cyprus", "Greece", "Malta"]}
    ticked = {}
    for kind in expected:
        form = desk.get(reverse("letter_new", args=[cycle.code, kind])).context["form"]
        ticked[kind] = sorted(str(submission.country) for submission in form.initial["submissions"])
    assert ticked == expected


def test_word_files_and_pdf_say_the_same(written, cycle, officer, sign_in):
    desk = sign_in(officer)
    response = desk.get(reverse("letter_package", args=[cycle.code, written.pk]))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        documents = {name: Document(io.BytesIO(archive.read(name))) for name in archive.namelist()}
    assert list(documents) == ["thanks-grc.docx", "thanks-mlt.docx"]
    submissions = {f"thanks-{one.country.iso3.lower()}.docx": one for one in cycle.submissions.all()}
    for name, document in documents.items():
        assert [one.text for one in document.paragraphs] == letters.paragraphs(written, submissions[name])
    address = reverse("letter_pdf", args=[cycle.code, written.pk])
    assert desk.get(address).status_code == 202
    assert single.make_waiting() == 1
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(desk.get(address).content)).pages]
    assert ["To Greece: " in pages[0], "To Malta: " in pages[1], len(pages)] == [True, True, 2]


def test_markup_in_a_letter_is_text(cycle, officer, sign_in):
    text = "<script>alert(1)</script> {{ settings.SECRET_KEY }}".replace("{{", "(").replace("}}", ")")
    written = letters.write(cycle, "thanks", text, list(cycle.submissions.all()), by=officer)
    page = sign_in(officer).get(reverse("letter", args=[cycle.code, written.pk])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
