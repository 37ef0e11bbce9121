"""Countries that count without a name: in no page, file or table by name, nor by subtraction."""

import csv
import io
import json
import zipfile
from datetime import datetime, time, timedelta

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from reporting.assessments import lifecycle
from reporting.document.document import Document
from reporting.exports import files
from reporting.models import Assessment, PublishedAnswer, PublishedCountry, PublishedIssue
from reporting.pdf import assessment as pdf
from reporting.pdf import sections
from reporting.results import unnamed
from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.earlier_rounds import hearing
from scoreboard.errors import NotNow
from scoreboard.models import Cycle, State
from tests import small_pdfs
from tests.earlier_rounds import an_earlier_round, bring_in
from tests.factories import HARBOUR, a_country, a_cycle, a_focal, an_edition, submission_at
from tests.pages import Page
from tests.reporting.reading import every_part

pytestmark = pytest.mark.django_db
CODES = ("CY", "ES", "FR", "GR", "HR", "IT", "MT", "TN")
NAMES = {"FR": "France", "GR": "Greece", "HR": "Croatia"}


@pytest.fixture
def cycle(tmp_path, settings):
    """An earlier round: seven countries answered by a file, France, Greece and Croatia differently; Tunisia did not."""
    settings.MEDIA_ROOT = str(tmp_path)
    countries = {code: a_country(code) for code in CODES}
    cycle = an_earlier_round(an_edition(HARBOUR), countries.values())
    rungs = {"FR": 0, "GR": 1, "HR": 1}
    bring_in(cycle, {countries[code]: rungs.get(code, 1) for code in CODES[:-1]}, comment="As in the file.")
    return cycle


def objecting(cycle, officer, *codes):
    for code in codes:
        hearing.object_to_name(cycle.submissions.get(country__iso2=code), reason="By letter.", by=officer)


def everything(issue):
    """All that is made from an issue and can be read by somebody else, as text by name."""
    found = {}
    for file in files.data_files(issue):
        if file.content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
                for name in archive.namelist():
                    found[f"{file.kind} {name}"] = archive.read(name).decode("utf-8", "replace")
        else:
            found[str(file.kind)] = file.content.decode("utf-8-sig")
    document = Document(issue.snapshot)
    for part in sections.sections(document, pdf.particulars(issue)):
        found[f"pdf {part.anchor}"] = part.html(document)
    return found


def pages(issue):
    """The public pages and the API of a published issue, as text by address."""
    addresses = [reverse("report_list")]
    addresses += [reverse("report_indicator", args=[issue.pk, one.code]) for one in issue.cycle.edition.all_indicators]
    addresses += [reverse(f"assessment-{name}", args=[issue.pk]) for name in ("detail", "results")]
    found = {"report": every_part(Client(), issue).content.decode()}
    for url in addresses:
        response = Client().get(url)
        assert response.status_code == 200, url
        found[url] = response.content.decode()
    return found


def published(cycle, officer, public="names"):
    """The issue, built and published by the verbs once the countries were heard."""
    for code in CODES[:-1]:
        a_focal(a_country(code))
    hearing.ask(cycle, until=cycle.day() + timedelta(days=14), by=officer)
    hearing.choose(cycle, public=public, by=officer)
    with clock.at(datetime.combine(cycle.day() + timedelta(days=15), time(12), cycle.zone)):
        issue = lifecycle.consolidate(cycle, by=officer)
        _build(issue, officer)
        issue = Assessment.objects.get(pk=issue.pk)
        return lifecycle.publish(issue, audience="everyone", by=officer, snapshot=issue.snapshot_sha256)


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    monkeypatch.setattr(pdf, "assessment_pdf", small_pdfs.assessment_pdf)
    monkeypatch.setattr(pdf, "unavailable", lambda: None)


def _build(issue, officer):
    lifecycle.perform(lifecycle.request_build(issue, by=officer))


def test_who_objects_is_named_nowhere_and_counts_everywhere_in_the_region(cycle, officer):
    whole = lifecycle.consolidate(cycle, by=officer).snapshot
    objecting(cycle, officer, *NAMES)
    issue = published(cycle, officer)
    snapshot = issue.snapshot
    assert sorted(one["iso2"] for one in snapshot["countries"]) == ["CY", "ES", "IT", "MT"]
    assert snapshot["unnamed"] == {"reported": 3, "not_reported": 1}
    assert (snapshot["results"]["areas"], snapshot["results"]["indicators"]) == (
        whole["results"]["areas"],
        whole["results"]["indicators"],
    )
    hidden = [*NAMES.values(), *(f'"{code}"' for code in NAMES), "FRA", "GRC", "HRV", "Tunisia", "TUN"]
    shown = {**everything(issue), **pages(issue)}
    assert {(where, word) for where, text in shown.items() for word in hidden if word in text} == set()
    assert "3 countries count without their names" in Page(Client().get(reverse("report", args=[issue.pk]))).text
    assert "What 7 of 8 participating countries reported" in Page(Client().get(reverse("report", args=[issue.pk]))).text
    for code in NAMES:
        assert Client().get(reverse("report_country", args=[issue.pk, code])).status_code == 404
    assert not PublishedCountry.objects.filter(iso2__in=[*NAMES, "TN"]).exists()
    assert not PublishedAnswer.objects.filter(iso2__in=[*NAMES, "TN"]).exists()
    assert list(PublishedIssue.objects.values_list("reported", "invited")) == [(7, 8)]
    exported = json.loads(shown["json"])
    jsonschema.validate(exported, json.loads(files.SCHEMA.read_text()))
    assert exported["counts"]["unnamed"] == 3
    rows = list(csv.reader(io.StringIO(shown["csv_wide"])))
    assert sorted(row[2] for row in rows[1:]) == ["CY", "ES", "IT", "MT"]


@pytest.mark.parametrize(("objects", "named"), [((), 7), (("FR",), 0), (("FR", "GR"), 0), (("FR", "GR", "HR"), 4)])
def test_while_fewer_than_three_object_nobody_is_named(objects, named, cycle, officer):
    """Else the figures of the region less those of the named countries would be those of one or two."""
    hearing.choose(cycle, public="names", by=officer)
    objecting(cycle, officer, *objects)
    snapshot = lifecycle.consolidate(cycle, by=officer).snapshot
    assert len(snapshot["countries"]) == named
    assert unnamed.counted(snapshot) == 7
    rest = snapshot.get("unnamed", {}).get("reported", 0)
    assert rest == 0 or rest >= hearing.FEW
    if not named:  # and nothing is left to subtract from
        assert snapshot["results"]["countries"] == {}


def test_of_the_region_only_no_country_is_named_and_every_page_and_file_is_made(cycle, officer):
    issue = published(cycle, officer, public="region")
    shown = {**everything(issue), **pages(issue)}
    names = [str(a_country(code).name) for code in CODES] + [a_country(code).iso3 for code in CODES]
    assert {(where, word) for where, text in shown.items() for word in names if word in text} == set()
    page = Page(every_part(Client(), issue))
    assert "Of this round figures of the region are published, and no country by name." in page.text
    assert "Percent by country" not in page.text
    assert "7 countries" in Page(Client().get(reverse("report_list"))).text
    jsonschema.validate(json.loads(shown["json"]), json.loads(files.SCHEMA.read_text()))
    sheet = load_workbook(io.BytesIO(next(f.content for f in files.data_files(issue) if f.kind == "xlsx")))
    assert "Invented" not in sheet.sheetnames


def test_figures_of_one_or_two_countries_are_not_published_without_names(officer, tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path)
    malta, greece = a_country("MT"), a_country("GR")
    cycle = an_earlier_round(an_edition(HARBOUR), [malta, greece])
    bring_in(cycle, {malta: 1, greece: 0})
    for country in (malta, greece):
        a_focal(country)
    hearing.ask(cycle, until=cycle.day() + timedelta(days=14), by=officer)
    hearing.choose(cycle, public="region", by=officer)
    with clock.at(datetime.combine(cycle.day() + timedelta(days=15), time(12), cycle.zone)):
        issue = lifecycle.consolidate(cycle, by=officer)
        _build(issue, officer)
        with pytest.raises(NotNow, match="Figures of so few are as good as their answers"):
            lifecycle.require_publishable(Assessment.objects.get(pk=issue.pk))


def test_what_a_country_said_after_the_consolidation_must_be_in_it(cycle, officer):
    for code in CODES[:-1]:
        a_focal(a_country(code))
    hearing.ask(cycle, until=cycle.day() + timedelta(days=14), by=officer)
    hearing.choose(cycle, public="names", by=officer)
    issue = lifecycle.consolidate(cycle, by=officer)
    _build(issue, officer)
    with pytest.raises(NotNow, match="Countries can object and correct until the end of"):
        lifecycle.require_publishable(Assessment.objects.get(pk=issue.pk))
    objecting(cycle, officer, *NAMES)
    with clock.at(datetime.combine(cycle.day() + timedelta(days=15), time(12), cycle.zone)):
        with pytest.raises(NotNow, match="What becomes public of the countries changed since it was consolidated"):
            lifecycle.require_publishable(Assessment.objects.get(pk=issue.pk))
        issue = lifecycle.consolidate(Cycle.objects.get(), by=officer)
        _build(issue, officer)
        lifecycle.require_publishable(Assessment.objects.get(pk=issue.pk))


def test_a_later_cycle_is_compared_with_the_named_countries_alone(cycle, officer):
    objecting(cycle, officer, *NAMES)
    published(cycle, officer)
    malta, france = a_country("MT"), a_country("FR")
    now = a_cycle([malta, france], edition=cycle.edition, code="2026")
    for country in (malta, france):
        submission_at(State.ACCEPTED, country, now)
    snapshot = lifecycle.consolidate(now, by=officer).snapshot
    (since,) = snapshot["changes"]
    assert since["countries"] == ["MT"]
    assert "FR" not in json.dumps(snapshot["changes"]) + json.dumps(snapshot["over_cycles"])


def test_a_later_cycle_is_not_compared_with_figures_of_the_region_only(cycle, officer):
    published(cycle, officer, public="region")
    malta = a_country("MT")
    now = a_cycle([malta], edition=cycle.edition, code="2026")
    submission_at(State.ACCEPTED, malta, now)
    snapshot = lifecycle.consolidate(now, by=officer).snapshot
    assert (snapshot["changes"], snapshot["over_cycles"]) == ([], None)


def test_a_country_that_left_is_taken_out_before_it_is_published(cycle, officer):
    objecting(cycle, officer, *NAMES)
    issue = lifecycle.consolidate(cycle, by=officer)
    calendar.leave(cycle.submissions.get(country__iso2="FR"), reason="By letter.", by=officer)
    assert unnamed.obstacle(cycle, issue.snapshot).startswith("What becomes public of the countries changed")
