"""A new issue after late submissions and changed answers: what it changed since the issue before, told everywhere."""

import json
import re

import jsonschema
import pytest
from django.http import HttpResponse
from django.urls import reverse

from reporting.assessments import lifecycle
from reporting.document import changes
from reporting.document.document import Document
from reporting.exports import files
from reporting.models import Assessment, Product
from reporting.pdf import assessment as pdf
from reporting.pdf import sections
from reporting.results import since as comparison
from scoreboard.models import State
from scoreboard.submissions import answering, workflow
from tests import factories
from tests.factories import HARBOUR, given
from tests.pages import Page
from tests.reporting.reading import every_part
from tests.reporting.snapshots import a_snapshot

Status = Assessment.Status


@pytest.fixture
def reissued(db, malta, greece, assessment_at):
    """Issue 1 with Malta, and issue 2 at work, in which Malta answers P1 anew and Greece is counted too."""
    cycle = factories.a_cycle([malta, greece], edition=factories.an_edition(HARBOUR))
    maltese = cycle.submissions.get(country=malta)
    focal, officer = factories.a_focal(malta), factories.an_officer()
    factories.fill(maltese, iP1=given(level=2), iP2=given(level=4, comment="As before."))
    workflow.submit(maltese, by=focal, **factories.DECLARATION)
    workflow.accept(maltese, by=officer, version=maltese.versions.count())
    first = assessment_at(Status.PUBLISHED, cycle)
    maltese.refresh_from_db()
    workflow.reopen(maltese, by=officer, comment="A level was wrong.")
    maltese.refresh_from_db()
    anew = {"P1": given(level=5, why="A slip."), "P2": given(level=4, comment="Said better.", why="A slip.")}
    seen = dict(maltese.answers.values_list("indicator__code", "revision"))
    assert not answering.save_answers(maltese, anew, by=focal, seen=seen).problems
    workflow.submit(maltese, by=focal, **factories.DECLARATION)
    workflow.accept(maltese, by=officer, version=maltese.versions.count())
    factories.submission_at(State.ACCEPTED, greece, cycle)
    return first, assessment_at(Status.BUILT, cycle)


def test_the_snapshot_names_the_issue_before_and_every_difference(reissued):
    first, second = reissued
    since = second.snapshot["since_issue"]

    assert (since["issue"], since["snapshot_sha256"]) == (1, first.snapshot_sha256)
    assert (since["added"], since["gone"], since["versions"]) == (["GR"], [], {"MT": [1, 2]})
    assert since["answers"] == [
        {
            "iso2": "MT",
            "indicator": "P1",
            "then": {"kind": "level", "level": 2},
            "now": {"kind": "level", "level": 5},
            "texts": [],
        },
        {
            "iso2": "MT",
            "indicator": "P2",
            "then": {"kind": "level", "level": 4},
            "now": {"kind": "level", "level": 4},
            "texts": ["comment"],
        },
    ]
    [moved] = since["percents"]
    results = [issue.snapshot["results"]["countries"]["MT"]["P"]["answered"]["percent"] for issue in reissued]
    assert (moved["iso2"], moved["area"], moved["answered"]) == ("MT", "P", results)
    for one in since["areas"]:
        assert one["answered"] == [issue.snapshot["results"]["areas"][one["area"]]["answered"] for issue in reissued]
    assert "As before." not in json.dumps(second.snapshot), "texts of an earlier issue are not repeated"
    assert first.snapshot["since_issue"] is None
    content = json.loads(second.products.get(kind=Product.Kind.JSON).file.read())
    jsonschema.validate(content, json.loads(files.SCHEMA.read_bytes()))


def test_page_workbench_and_pdf_tell_the_same(reissued, sign_in, client):
    _first, second = reissued
    officer = sign_in(factories.an_officer())
    workbench = Page(officer.get(reverse("workbench", args=[second.cycle.code]))).text
    lifecycle.publish(
        second,
        audience="everyone",
        by=factories.an_officer(),
        snapshot=second.snapshot_sha256,
        early="The meeting is near.",
    )
    page = Page(client.get(reverse("report", args=[second.pk]))).text
    document = Document(second.snapshot)
    whole = {part.anchor: part for part in sections.sections(document, pdf.particulars(second))}
    printed = Page(HttpResponse(whole["reissued"].html(document))).text

    titles = {tally.code: tally.title for chapter in document.chapters for tally in chapter.tallies}
    for told in (workbench, page, printed):
        assert "Countries added Greece" in told
        assert "Malta: version 1 by version 2" in told
        assert f"P1 {titles['P1']} level 2 level 5" in told
        assert f"P2 {titles['P2']} level 4 level 4 comment" in told
    assert "What changes since issue 1" in workbench
    assert "What changed since issue 1" in page


def test_a_first_issue_and_an_unchanged_one(reissued, client):
    first, second = reissued
    assert "What changed since issue" not in Page(client.get(reverse("report", args=[first.pk]))).text
    lifecycle.publish(
        second,
        audience="everyone",
        by=factories.an_officer(),
        snapshot=second.snapshot_sha256,
        early="The meeting is near.",
    )
    third = lifecycle.consolidate(second.cycle, by=factories.an_officer())
    assert changes.since_issue(Document(third.snapshot)).is_empty


# --- every figure leads to what it is a figure of ------------------------------------------------------------


def test_figures_lead_to_the_answers_behind_them(reissued, client):
    _first, second = reissued
    lifecycle.publish(
        second,
        audience="everyone",
        by=factories.an_officer(),
        snapshot=second.snapshot_sha256,
        early="The meeting is near.",
    )
    malta = reverse("report_country", args=[second.pk, "MT"])
    who = reverse("report_indicator", args=[second.pk, "P1"])

    results = every_part(client, second).content.decode()
    country, asked = (client.get(address).content.decode() for address in (malta, who))
    area = reverse("report_part", args=[second.pk, "area-p"])

    links = set(re.findall(r'href="([^"]+)"', results))
    assert {f"{malta}#area-P", f"{malta}#answer-P1", f"{who}#level-5", who, area} <= links
    assert 'id="area-P"' in country
    assert 'id="answer-P1"' in country
    assert reverse("report_country_pdf", args=[second.pk, "MT"]) in country
    chosen = asked.split('id="level-5"')[1].split("</section>")[0]
    assert f'<a href="{malta}#answer-P1">Malta</a>' in chosen


def test_countries_stand_by_their_names_and_not_by_their_codes():
    then = a_snapshot({"EG": {"P1": 1}, "GR": {"P1": 1}, "MT": {"P1": 1}}, missing=())
    now = a_snapshot({"AX": {"P1": 1}, "EG": {"P1": 2}, "GR": {"P1": 2}, "IT": {"P1": 1}}, missing=("MT",))
    codes = comparison.since_issue(then, now) | {"added": ["IT", "AX"]}
    now["since_issue"] = {"issue": 1, "snapshot_sha256": "0" * 64, **codes}
    found = changes.since_issue(Document(now))
    assert [one.name for one in found.added] == ["Åland Islands", "Italy"]
    assert found.gone == ["Malta"]
    assert [one.country.iso2 for one in found.answers] == ["GR", "EG"]
    assert [country.iso2 for country, *_percents in found.percents] == ["GR", "EG"]
