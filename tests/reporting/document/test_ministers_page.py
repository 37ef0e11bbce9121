"""The two pages for a minister: every figure computed once more, and never a third page, whatever the texts are."""

import re
import statistics
from copy import deepcopy
from datetime import timedelta
from fractions import Fraction
from io import BytesIO
from random import Random

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from docx import Document
from pypdf import PdfReader

from reporting.document import ministers_page
from reporting.document.ministers_page import AREAS, CUT, STEP, TEXT, TITLE
from reporting.exports import ministers_page as as_word
from reporting.models import Assessment
from reporting.pdf import processes, typesetting
from scoreboard import clock
from scoreboard.models import State, Submission
from scoreboard.questionnaire import file, importing
from scoreboard.submissions import workflow
from tests.factories import (
    DECLARATION,
    HARBOUR,
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
from tests.reporting.recomputation import half_up
from tests.requested_pdfs import made

pytestmark = pytest.mark.django_db

SCRIPTS = ("W", "Mm ", "Σχέδιο ", "خطة وطنية ", "תוכנית ", "Plan national. ")


def a_text(random: Random, most: int) -> str:
    """Return a text as long as fits, shorter, or longer; of wide letters, without spaces, in several scripts."""
    length = random.choice([3, most // 2, most, most, most * 3])
    return (random.choice(SCRIPTS) * length)[:length].strip() or "Text."


def in_languages(text: str) -> dict[str, str]:
    return {"fr": text, "el": text}


def a_document(random: Random) -> dict:
    """Return an edition file with areas and ladders of any size."""
    document = deepcopy(file.read_edition(HARBOUR.read_bytes()))
    document |= {"code": "drawn-1", "objectives": [], "change_caution": in_languages(a_text(random, TEXT))}
    document["title"] = in_languages(a_text(random, TITLE))
    document["areas"] = []
    number = 0
    for letter in "ABCDEFGHIJ"[: random.choice([1, 5, 5, AREAS, AREAS + 2])]:
        indicators = []
        for _n in range(random.randrange(1, 4)):
            number += 1
            low, rungs = random.choice([0, 1]), random.randrange(2, 6)
            levels = [{"value": low + n, "text": in_languages(a_text(random, TEXT))} for n in range(rungs)]
            texts = {"title": in_languages(a_text(random, TITLE)), "measures": in_languages("Text.")}
            indicators.append({"code": str(number), "relation": "new", "from": [], "levels": levels} | texts)
        title = in_languages(a_text(random, TITLE))
        document["areas"].append({"code": letter, "title": title, "indicators": indicators})
    return document


def a_successor(random: Random, before: dict) -> dict:
    """Return the edition after it, in which some questions are the same, others reworded or new."""
    document = deepcopy(before) | {"code": "drawn-2", "previous": "drawn-1", "year": before["year"] + 3}
    for area in document["areas"]:
        for one in area["indicators"]:
            one["relation"] = random.choice(["same", "same", "same", "revised", "new"])
            one["from"] = [] if one["relation"] == "new" else [one["code"]]
    return document


def report(random: Random, submission: Submission) -> dict:
    """Answer at random and have it accepted; return the levels by code, None where there is none."""
    values, levels = {}, {}
    for one in submission.cycle.edition.all_indicators:
        kind = random.choice(["level"] * 6 + ["unknown", "not_applicable"])
        levels[one.code] = random.choice(one.ladder).value if kind == "level" else None
        step = a_text(random, STEP) if random.random() < 0.5 else ""
        more = {"reason": "There is none."} if kind == "not_applicable" else {}
        values[f"i{one.code}"] = given(kind, levels[one.code], next_step=step, **more)
        if kind == "not_applicable":
            levels[one.code] = "n/a"
    fill(submission, **values)
    version = workflow.submit(submission, by=a_focal(submission.country), **DECLARATION).version
    workflow.accept(submission, by=an_officer(), version=version.number)
    return levels


def percent(indicators: list[dict], levels: dict, codes: list[str], strict: bool) -> Fraction | None:
    """Return points as a share of the possible ones, in percent; an independent computation."""
    got = possible = 0
    for indicator, code in zip(indicators, codes, strict=True):
        ladder = [level["value"] for level in indicator["levels"]]
        level = levels[code]
        if isinstance(level, int):
            got += level - ladder[0]
        if isinstance(level, int) or (strict and level != "n/a"):
            possible += ladder[-1] - ladder[0]
    return Fraction(100 * got, possible) if possible else None


def expected_areas(now: dict, levels: dict, last: dict | None, everybody: list[dict], strict: bool) -> list[tuple]:
    """Return the figures of the table of areas; `everybody` are the levels of all countries of the last cycle."""
    found = []
    for area in now["areas"]:
        every = area["indicators"]
        codes = [one["code"] for one in every]
        same = [one for one in every if one["relation"] == "same"] if last else []
        shared = [one["code"] for one in same]
        then = percent(same, last, shared, strict) if last else None
        again = percent(same, levels, shared, strict)
        compared = then is not None and again is not None
        comes_from_it = any(one["from"] for one in every)
        others = [percent(every, one, codes, strict) for one in everybody] if comes_from_it else []
        known = [one for one in others if one is not None]
        scored = sum(isinstance(levels[code], int) for code in codes)
        found.append(
            (
                area["code"],
                half_up(percent(every, levels, codes, strict)),
                f"{scored} of {len(codes)}",
                half_up(then) if compared else "–",
                half_up(again) if compared else "–",
                f"{len(same)} of {len(every)}" if compared else "–",
                half_up(statistics.median(known)) if known else "–",
                str(len(known)) if known else "–",
            )
        )
    return found[:AREAS]


def expected_points(now: dict, levels: dict, last: dict | None) -> tuple[list[str], list[str]]:
    """Return the codes of the strengths and of the gaps."""
    strong, weak = [], []
    for area in now["areas"]:
        for one in area["indicators"]:
            level, ladder = levels[one["code"]], [rung["value"] for rung in one["levels"]]
            if not isinstance(level, int):
                continue
            before = last[one["code"]] if last and one["relation"] == "same" else None
            rise = level - before if isinstance(before, int) else 0
            if level == ladder[-1] or rise > 0:
                strong.append((-rise, -level, int(one["code"])))
            if level < ladder[-1]:
                weak.append((Fraction(level - ladder[0], ladder[-1] - ladder[0]), int(one["code"])))
    best = [str(code) for _rise, _level, code in sorted(strong)[:3]]
    return best, [str(code) for _share, code in sorted(weak) if str(code) not in best][:3]


def code_of(title: str) -> str:
    """Return the code of an indicator whose label begins a title: its area's letter, then the code."""
    return re.match(r"[A-J](\d+) · ", title)[1]


def typeset(page, **changes) -> int:
    """Return how many pages the PDF has, as it is typeset."""
    context = {"page": page, "title": page.title, "mark": page.marks, "as_of": "Sept. 28, 2026, 11:59 p.m."}
    bidi = translation.get_language_bidi()
    context |= {"language": "ar", "direction": "rtl"} if bidi else {"language": "en", "direction": "ltr"}
    html = render_to_string("pdf/ministers_page.html", context | {"pages": 2} | changes)
    return len(typesetting.fitted(html, processes.STATIC).pages)


@pytest.mark.parametrize("seed", range(4))
def test_every_country_of_random_data_gets_two_pages_with_the_right_figures(seed, assessment_at):
    random = Random(seed)  # noqa: S311 - the same each time
    before = a_document(random)
    after = a_successor(random, before)
    countries = [a_country(code) for code in ("MT", "GR", "CY")]
    basis = random.choice(["answered", "strict"])
    opens = clock.now().date() - timedelta(days=400)
    edition = importing.import_edition(before)[0]
    then = a_cycle(countries[:2], edition=edition, code="then", opens=opens, basis=basis)
    last = {one.country.iso2: report(random, one) for one in then.submissions.all()}
    assessment = assessment_at(Assessment.Status.PUBLISHED, then)
    now = a_cycle(countries, edition=importing.import_edition(after)[0], code="now", basis=basis)
    for submission in now.submissions.select_related("country"):
        iso2, reader = submission.country.iso2, a_focal(submission.country)
        levels = report(random, submission)
        page = ministers_page.of(Submission.objects.get(pk=submission.pk), reader)
        figures = [(one.title.split(" · ")[0], *one[1:]) for one in page.areas]
        mine = last.get(iso2)
        assert figures == expected_areas(after, levels, mine, list(last.values()), basis == "strict"), iso2
        found = ([code_of(one.title) for one in page.strengths], [code_of(one.title) for one in page.gaps])
        assert found == expected_points(after, levels, mine), iso2
        assert (page.few_strengths != "", page.few_gaps != "") == (len(found[0]) < 3, len(found[1]) < 3)
        assert assessment.cycle.title.data["en"] in page.group
        for language in ("en", "ar"):
            with translation.override(language):
                assert typeset(ministers_page.of(Submission.objects.get(pk=submission.pk), reader)) == 2, (
                    iso2,
                    language,
                )


def the_longest(words: str) -> dict:
    """Return an edition in which each text is as long as fits."""

    def text(most: int) -> dict[str, str]:
        return in_languages((words * most)[:most].strip())

    document = a_document(Random(1))  # noqa: S311 - the same each time
    area, one = document["areas"][0], document["areas"][0]["indicators"][0]
    levels = [{"value": value, "text": text(TEXT)} for value in range(4)]
    document |= {"title": text(TITLE), "change_caution": text(TEXT)}
    document["areas"] = [
        area
        | {"code": code, "title": text(TITLE)}
        | {"indicators": [one | {"code": str(n + 1), "title": text(TITLE), "levels": levels}]}
        for n, code in enumerate("ABCDEFGH"[:AREAS])
    ]
    return document


def page_of_the_longest(country, words: str):
    """Return the page of a country that rose in every indicator, and says of each what it plans, at length."""
    edition = importing.import_edition(the_longest(words))[0]
    for code, days, level in (("then", 400, 1), ("now", 1, 2)):
        cycle = a_cycle([country], edition=edition, code=code, opens=clock.now().date() - timedelta(days=days))
        submission = cycle.submissions.get()
        step = (words * STEP)[:STEP].strip()
        fill(submission, **{f"i{n + 1}": given(level=level, next_step=step) for n in range(AREAS)})
        version = workflow.submit(submission, by=a_focal(country), **DECLARATION).version
        workflow.accept(submission, by=an_officer(), version=version.number)
    return ministers_page.of(Submission.objects.get(pk=submission.pk), a_focal(country))


def test_texts_as_long_as_fits_are_whole_and_set_as_usual(malta):
    page = page_of_the_longest(malta, "National authorities agree on a plan and report on it every year. ")
    assert CUT not in str(page.areas + page.strengths + page.gaps + page.steps)
    assert (len(page.strengths), len(page.gaps), len(page.steps)) == (3, 3, ministers_page.STEPS)
    assert typeset(page, pages=None) == 2


def test_a_planned_step_says_by_when_and_who_leads(malta):
    edition = importing.import_edition(the_longest("A plan. "))[0]
    submission = a_cycle([malta], edition=edition).submissions.get()
    step = {"next_step": "Train.", "next_step_by": "2027-06-30", "next_step_lead": "Port authority"}
    fill(submission, i1=given(level=1, **step), i2=given(level=1, next_step="Drill.", next_step_lead="Police"))
    workflow.submit(submission, by=a_focal(malta), **DECLARATION)
    workflow.accept(submission, by=an_officer(), version=1)
    page = ministers_page.of(Submission.objects.get(pk=submission.pk), a_focal(malta))
    assert [step.text for step in page.steps] == ["Train. (by 30 June 2027, Port authority)", "Drill. (Police)"]


@pytest.mark.parametrize("letter", ["W", "Ж", "ش", "Ω"])
def test_wide_letters_are_set_smaller_until_they_fit(malta, letter):
    page = page_of_the_longest(malta, letter)
    for language in ("en", "ar"):
        with translation.override(language):
            assert typeset(page) == 2
    assert typeset(page, pages=None) > 2 or letter != "W"


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("Short.", 10, "Short."),
        ("One. Two. Three is long.", 18, f"One. Two. {CUT}"),
        ("No sentence ends in here at all", 20, f"No sentence {CUT}"),
        ("Ends!\n\nThen   more words", 16, f"Ends! {CUT}"),
        ("W" * 30, 20, f"{'W' * 16} {CUT}"),
        ("At 3.5 it is long enough now", 20, f"At 3.5 it is {CUT}"),
    ],
)
def test_a_longer_text_is_cut_at_a_sentence(text, most, expected):
    assert ministers_page.cut(text, most) == expected
    assert len(ministers_page.cut(text, most)) <= most


def test_a_cut_is_said(malta):
    edition = an_edition(HARBOUR)
    submission = a_cycle([malta], edition=edition).submissions.get()
    fill(submission, iP1=given(level=1, next_step="First a decree. " * 40))
    version = workflow.submit(submission, by=a_focal(malta), **DECLARATION).version
    workflow.accept(submission, by=an_officer(), version=version.number)
    page = ministers_page.of(Submission.objects.get(pk=submission.pk), a_focal(malta))
    assert page.steps[0].text.endswith(f"decree. {CUT}")
    assert page.notes == [f"{CUT}: the text goes on; it is whole on the portal."]
    assert page.compared == "No earlier cycle of the country is accepted, so nothing is compared."
    assert page.group == "No assessment is published yet, so there is no figure of all countries."


# --- getting it ----------------------------------------------------------------------------------------------


def address(submission, name: str) -> str:
    return f"/reports/submissions/{submission.pk}/summary/{name}"


def test_the_country_gets_it_as_soon_as_it_is_accepted(malta, harbour, sign_in):
    client, submission = sign_in(a_focal(malta)), submission_at(State.SUBMITTED)
    assert [client.get(address(submission, f"fr.{kind}")).status_code for kind in ("pdf", "docx")] == [409, 409]
    workflow.accept(submission, by=an_officer(), version=1)
    response = made(client, address(submission, "fr.pdf"))
    assert response["Content-Disposition"] == 'attachment; filename="2026-mlt-summary-fr.pdf"'
    paper = PdfReader(BytesIO(response.content))
    assert len(paper.pages) == 2
    words = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    document = Document(BytesIO(client.get(address(submission, "fr.docx")).content))
    with translation.override("fr"):
        page = ministers_page.of(Submission.objects.get(pk=submission.pk), a_focal(malta))
    rows = [tuple(cell.text for cell in row.cells) for row in document.tables[0].rows][1:]
    assert rows == [tuple(area) for area in page.areas]
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for one in (*page.strengths, *page.gaps):
        assert one.title in said
        assert " ".join(one.title.split()[:4]) in words
        assert one.text in said
    assert [area.percent in words for area in page.areas] == [True] * len(page.areas)
    links = client.get(f"/submissions/{submission.pk}/").content.decode()
    assert address(submission, "fr.pdf") in links
    assert address(submission, "el.docx") in links


def test_a_reopened_one_keeps_that_of_the_accepted_version(malta, harbour):
    submission = submission_at(State.ACCEPTED)
    workflow.reopen(submission, by=an_officer(), comment="A new law.")
    submission.refresh_from_db()
    fill(submission, iP1=given(level=5, why="A new law."))
    page = ministers_page.of(Submission.objects.get(pk=submission.pk), a_focal(malta))
    assert page.version == 1
    assert "P1 · " not in "".join(one.title for one in page.strengths)


def test_what_is_published_to_others_is_not_named(malta, harbour, assessment_at):
    submission = submission_at(State.ACCEPTED)
    assessment_at(Assessment.Status.PUBLISHED, submission.cycle, audience="observers")
    fresh = Submission.objects.get(pk=submission.pk)
    assert "published to members and observers" in ministers_page.of(fresh, a_focal(malta)).group
    assert "No assessment is published yet" in ministers_page.of(fresh, a_person()).group


def test_from_right_to_left_both_files_run_so(malta, harbour):
    submission = submission_at(State.ACCEPTED)
    with translation.override("ar"):
        page = ministers_page.of(submission, a_focal(malta))
        document = Document(BytesIO(as_word.docx(page)))
        assert typeset(page) == 2
    assert document.styles["Normal"].font.rtl
    assert document.core_properties.language == "ar"
