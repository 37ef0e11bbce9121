"""What became of promised steps, counted twice: by the snapshot, and here from what a test drew."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from io import BytesIO, StringIO
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from openpyxl import load_workbook

from reporting.assessments import lifecycle
from reporting.exports import files
from reporting.pdf import assessment as pdf
from reporting.results.commitments import OUTCOMES, Row, counts
from scoreboard import clock
from scoreboard.models import Commitment, Country
from scoreboard.plans import commitments as between
from scoreboard.submissions import commitments, workflow
from tests.factories import DECLARATION, a_country, a_cycle, a_focal, an_officer, fill, given
from tests.pages import Page
from tests.reporting.reading import pdf_words

CODES = [f"C{n}" for n in range(8)]
ROWS = st.lists(
    st.builds(
        Row,
        iso2=st.sampled_from(CODES),
        region=st.sampled_from(["North", "South", ""]),
        area=st.sampled_from(["P", "Q", "R", ""]),
        is_public=st.booleans(),
        outcome=st.sampled_from(OUTCOMES),
    ),
    max_size=60,
)


def tallied(rows, some):
    """Return what a count must say of some rows, by whether it counts private ones."""
    return {
        only: {"countries": len({row.iso2 for row in kept}), "public_only": only, "steps": len(kept)}
        | {outcome: Counter(row.outcome for row in kept)[outcome] for outcome in OUTCOMES}
        for only, kept in ((True, [row for row in some if row.is_public]), (False, some))
    }


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@drawn(ROWS)
def test_every_count_is_of_five_countries_or_of_published_steps_and_nothing_can_be_subtracted(rows):
    found = counts(rows)
    for by, parts in (("area", found["areas"]), ("region", found["regions"])):
        assert set(parts) == {getattr(row, by) for row in rows}
        rest = list(rows)
        for name, part in parts.items():
            some = [row for row in rows if getattr(row, by) == name]
            assert part == tallied(rows, some)[part["public_only"]]
            if not part["public_only"]:
                assert part["countries"] >= 5
                rest = [row for row in rest if row not in some]
        if any(not part["public_only"] for part in parts.values()) and any(not row.is_public for row in rest):
            assert len({row.iso2 for row in rest}) >= 5
    assert found["total"] == tallied(rows, rows)[found["total"]["public_only"]]
    assert found["total"]["public_only"] == (len({row.iso2 for row in rows}) < 5)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@drawn(ROWS)
def test_a_dropped_step_never_vanishes_from_the_count(rows):
    before, after = counts(rows), counts([replace(row, outcome="dropped") for row in rows])
    for now, then in (
        (after["total"], before["total"]),
        *((after["areas"][a], before["areas"][a]) for a in after["areas"]),
    ):
        assert (now["dropped"], now["steps"]) == (then["steps"], then["steps"])


def reported(cycle, country, **answers):
    """Let a country's answers in a cycle be accepted."""
    submission = cycle.submissions.get(country=country)
    fill(submission, **answers)
    workflow.submit(submission, by=a_focal(country), **DECLARATION)
    workflow.accept(submission, by=an_officer(), version=1)
    return submission


def two_cycles(countries, edition):
    today = clock.now().date()
    return [
        a_cycle(countries, code=code, edition=edition, opens=today - timedelta(days=days))
        for code, days in (("2020", 90), ("2023", 30))
    ]


def same_in_files(issue):
    """The sheets and the table of steps of an issue say what its snapshot does."""
    stored = issue.snapshot["commitments"]
    made = {one.kind: one.content for one in files.data_files(issue)}
    sheets = load_workbook(BytesIO(made["xlsx"]), read_only=True)
    counted = [list(row) for row in sheets["steps_counted"].values][1:]
    parts = [("total", None, stored["total"])]
    parts += [("area", code or None, one) for code, one in stored["areas"].items()]
    parts += [("subregion", name or None, one) for name, one in stored["regions"].items()]
    assert [(row[0], row[1], *row[3:]) for row in counted] == [
        (kind, part, *(one[name] for name in (*OUTCOMES, "steps", "countries", "public_only")))
        for kind, part, one in parts
    ]
    rows = list(csv.DictReader(StringIO(made["csv_steps"].decode("utf-8-sig"))))
    assert [(row["country_iso3"], row["indicator"], row["step"], row["outcome"]) for row in rows] == [
        (country["iso3"], one["label"], one["step"], one.get("outcome", ""))
        for country in issue.snapshot["countries"]
        for kind in ("earlier", "promised")
        for one in stored["countries"].get(country["iso2"], {}).get(kind, [])
    ]
    assert [row[4] for row in sheets["steps"].values][1:] == [row["step"] for row in rows]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_a_snapshot_counts_what_was_drawn(seed, harbour):
    random = Random(seed)  # noqa: S311 - made-up answers
    countries = [a_country(f"Z{n}") for n in range(7)]
    for n, one in enumerate(countries):
        Country.objects.filter(pk=one.pk).update(subregion="North" if n < 6 else "South")
        one.refresh_from_db()
    then, now = two_cycles(countries, harbour)
    codes = [one.code for one in harbour.all_indicators]
    areas = {one.code: one.area.code for one in harbour.all_indicators}
    expected = []
    for country in countries:
        steps = {code: random.random() < 0.3 for code in random.sample(codes, 3)}  # code → published at first
        told = {
            f"i{code}": given(level=1, next_step=f"{code}.", next_step_public=public) for code, public in steps.items()
        }
        reported(then, country, **told)
        outcome = {}
        for code in steps:
            step = Commitment.objects.get(submission__country=country, indicator__code=code)
            if random.random() < 0.4:
                (between.hide if steps[code] else between.publish)(step, by=a_focal(country))
                steps[code] = not steps[code]
            before = random.choice(["", "partly", "done", "dropped"])
            if before:
                between.report(step, status=before, words="So.", seen=0, by=a_focal(country))
            said = random.choice(["", "done", "partly", "not", "dropped"]) if before in ("", "partly") else ""
            if said:
                mine = now.submissions.get(country=country)
                commitments.reply(mine, step.pk, status=said, words="So.", seen=0, by=a_focal(country))
            outcome[code] = said or before or "unanswered"
        last = country == countries[-2]
        if not last:  # this one has not reported again: nothing of it counts
            reported(now, country)
            expected += [
                Row(country.iso2, country.subregion, areas[code], steps[code], outcome[code]) for code in steps
            ]
    issue = lifecycle.consolidate(now, by=an_officer())
    same_in_files(issue)
    found = issue.snapshot["commitments"]
    printed = found.pop("countries")
    assert found["total"] == tallied(expected, expected)[False]  # of six countries
    assert (
        found["regions"]["North"]
        == tallied(expected, [one for one in expected if one.region == "North"])[
            found["regions"]["North"]["public_only"]
        ]
    )
    for code, part in found["areas"].items():
        assert part == tallied(expected, [one for one in expected if one.area == code])[part["public_only"]]
    shown = Counter((iso2, one["outcome"]) for iso2, of in printed.items() for one in of["earlier"])
    assert shown == Counter((row.iso2, row.outcome) for row in expected if row.is_public)


@pytest.mark.django_db
def test_only_this_cycles_answers_and_reports_since_count_and_what_is_done_stays_done(malta, harbour, focal):
    """What an earlier cycle's answers say of an open step is not an answer to this cycle's question."""
    today = clock.now().date()
    cycles = [a_cycle([malta], code=f"20{20 + n}", opens=today - timedelta(days=90 - 10 * n)) for n in range(3)]
    steps = {f"i{code}": given(level=1, next_step=f"{code}.") for code in ("P1", "P2", "P3")}
    reported(cycles[0], malta, **steps)
    found = {one.indicator.code: one for one in Commitment.objects.all()}
    middle = cycles[1].submissions.get()
    for code, status in (("P1", "partly"), ("P2", "done")):
        commitments.reply(middle, found[code].pk, status=status, seen=0, by=focal)
    reported(cycles[1], malta)
    between.report(found["P3"], status="not", seen=0, by=focal)
    reported(cycles[2], malta)
    told = commitments.outcomes(cycles[2], list(found.values()))
    assert {code: told[one.pk] for code, one in found.items()} == {"P1": "", "P2": "done", "P3": "not"}
    then = commitments.outcomes(cycles[1], list(found.values()))
    assert {code: then[one.pk] for code, one in found.items()} == {"P1": "partly", "P2": "done", "P3": "not"}


@pytest.mark.django_db
def test_a_published_step_is_on_its_countrys_page_until_it_is_private_or_the_assessment_withdrawn(
    assessment_at, malta, greece, harbour, client, focal, officer
):
    then, now = two_cycles([malta, greece], harbour)
    reported(then, malta, iP1=given(level=1, next_step="Train the staff.", next_step_public=True))
    reported(then, greece, iP1=given(level=1, next_step="A private plan."))
    step = Commitment.objects.get(is_public=True)
    mine = now.submissions.get(country=malta)
    commitments.reply(mine, step.pk, status="done", words="Words between us.", seen=0, by=focal)
    reported(now, malta)
    reported(now, greece)
    assert client.get("/countries/mt/").status_code == 404
    first = assessment_at("published", then)
    last = assessment_at("published", now)
    country = Page(client.get("/countries/mt/")).text
    assert "1 of 1 is done, by what Malta says itself." in country
    assert "P1 Train the staff. Promised in 2020: Done" in country
    cycle = Page(client.get("/cycles/2023/")).text
    assert "1 of 1 step is done, by what the countries say themselves." in cycle  # that of Greece is private
    section, annex = (text_of(pdf.section_html(last, anchor)) for anchor in ("steps", "country-MT"))
    assert "1 of 1 step is done that countries promised in earlier cycles." in section
    heads = {"Dropped", "answered", "Countries"}  # whole words, however narrow their columns
    assert heads <= set(pdf_words(pdf.section_pdf(last, "steps")).split())
    assert "P1 Promised in 2020: Done. Train the staff." in annex
    for text in (country, cycle, section, annex, str(last.snapshot)):
        assert "Words between us." not in text
        assert "A private plan." not in text
    between.hide(step, by=focal)
    assert "Train the staff." not in client.get("/countries/mt/").text
    between.publish(step, by=focal)
    assert "Train the staff." in client.get("/countries/mt/").text
    lifecycle.withdraw(first, reason="A figure was wrong.", by=officer)
    assert "Train the staff." not in client.get("/countries/mt/").text


def text_of(html):
    """Return the text of a section of the PDF."""

    class Response:
        content = html.encode()

    return Page(Response).text
