"""The rows of a published assessment say what its snapshot says, to exactly its readers, while it is published."""

import pytest
import yaml
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.test import Client

from reporting import tasks
from reporting.assessments import lifecycle
from reporting.models import (
    Assessment,
    PublishedAnswer,
    PublishedArea,
    PublishedCountry,
    PublishedIndicator,
    PublishedIssue,
    PublishedResult,
    PublishedText,
)
from reporting.published import writing
from scoreboard import schedule
from scoreboard.models import Role
from scoreboard.questionnaire import importing
from tests.factories import HARBOUR, HARBOUR_NEXT, ROOT, SCOREBOARD, a_person, an_edition, an_officer
from tests.reporting.published import NAMES, publish, random_answers, seeded

pytestmark = pytest.mark.django_db

ROWS = (PublishedCountry, PublishedArea, PublishedIndicator, PublishedAnswer, PublishedResult, PublishedText)
Status = Assessment.Status


def whole(issue):
    """Return the rows of an issue in the shape of its snapshot."""
    areas, indicators = list(issue.publishedareas.all()), list(issue.publishedindicators.all())
    countries = {True: {}, False: {}}
    for one in issue.publishedcountrys.all():
        named = {key: getattr(one, key) for key in ("iso2", "iso3", "name", "subregion", "groups")}
        named["extended_to"] = one.extended_to and one.extended_to.isoformat()
        if one.reported:
            named |= {key: getattr(one, key) for key in ("version", "late", "reopened")} | {"answers": {}}
            named |= {key: getattr(one, key).isoformat() for key in ("submitted_on", "accepted_on")}
        countries[one.reported][one.iso2] = named
    for one in issue.publishedanswers.all():
        texts = {key: getattr(one, key) for key in ("kind", "level", "reason", "comment", "withheld", "confirmed")}
        texts |= {"figures": one.figures, "figures_withheld": one.figures_withheld}
        countries[True][one.iso2]["answers"][one.indicator] = texts
    results = {iso2: {} for iso2 in countries[True]}
    for one in issue.publishedresults.all():
        scores = {"answered": one.possible_answered, "strict": one.possible_strict}
        results[one.iso2][one.area] = {"scored": one.scored, "of": one.of} | {
            basis: {"points": one.points, "possible": possible, "percent": text(one.percent(basis))}
            for basis, possible in scores.items()
        }
    return {
        "cycle": {"code": issue.cycle_code, "title": issue.cycle_title, "example": issue.is_example}
        | {key: getattr(issue, key).isoformat() for key in ("opens", "deadline", "closes")}
        | {"time_zone": issue.time_zone},
        "basis": issue.basis,
        "edition": issue.edition
        | {"areas": [area_document(area, [one for one in indicators if one.area == area.code]) for area in areas]},
        "countries": list(countries[True].values()),
        "not_reported": list(countries[False].values()),
        "results": {
            "countries": results,
            "areas": {one.code: one.spread for one in areas},
            "indicators": {one.code: one.tally for one in indicators},
        },
    }


def text(percent):
    return None if percent is None else str(percent)


def area_document(area, indicators):
    return {"code": area.code, "title": area.title, "lead": area.lead, "indicators": [*map(wording, indicators)]}


def wording(one):
    """Return an indicator as a row, or as a snapshot, has it, with what an edition leaves out."""
    found = one if isinstance(one, dict) else vars(one)
    defaults = {"guidance": {}, "relation": "new", "not_applicable": True, "data_form": None}
    fixed = {key: found[key] for key in ("code", "title", "measures", "levels")}
    return fixed | {key: found.get(key, default) for key, default in defaults.items()}


def comparable(snapshot):
    """Return the part of a snapshot that rows hold, with the order of countries left aside."""
    edition = snapshot["edition"]
    areas = [
        {key: area[key] for key in ("code", "title")}
        | {"lead": area.get("report_lead") or {}, "indicators": [*map(wording, area["indicators"])]}
        for area in edition["areas"]
    ]
    kept = ("cycle", "basis", "results")
    return {key: snapshot[key] for key in kept} | {
        "edition": edition | {"areas": areas},
        **{
            key: sorted(
                ({**one, "extended_to": one["extended_to"]} for one in snapshot[key]), key=lambda one: one["iso3"]
            )
            for key in ("countries", "not_reported")
        },
    }


@pytest.mark.parametrize("seed", range(4))
def test_rows_say_what_the_snapshot_says(seed):
    random = seeded(seed)
    path = random.choice([HARBOUR, SCOREBOARD])
    edition = importing.export(an_edition(path))
    reporting = random.sample(list(NAMES), 4)
    found = publish(
        path,
        "2024",
        {iso2: random_answers(random, edition) for iso2 in reporting},
        missing=[iso2 for iso2 in NAMES if iso2 not in reporting],
        basis=random.choice(["answered", "strict"]),
        texts={"conclusions": "So it is.", "introduction": "Once."},
    )
    found.refresh_from_db()
    issue = found.published
    assert whole(issue) == comparable(found.snapshot)
    for one in issue.publishedanswers.all():
        assert (one.points is None) == (one.kind != "level")
        assert one.points is None or 0 <= one.points <= one.possible
    assert [(one.key, one.source) for one in issue.publishedtexts.all()] == [
        ("introduction", "Once."),
        ("conclusions", "So it is."),
    ]


def test_rows_know_where_indicators_and_areas_come_from_and_what_changed():
    random = seeded(7)
    for path, code in ((HARBOUR, "2018"), (HARBOUR_NEXT, "2024")):
        edition = importing.export(an_edition(path))
        last = publish(path, code, {iso2: random_answers(random, edition) for iso2 in ("MT", "GR", "CY")})
    issue = last.published
    [since] = last.snapshot["changes"]
    for one in issue.publishedindicators.all():
        [(there, trace)] = one.traces.items()
        assert there == "harbour-1"
        assert trace["relation"] == since["breaks"].get(one.code, "")
        assert one.changes == (
            [{"cycle": "2018", **since["indicators"][one.code]}] if one.code in since["indicators"] else []
        )
    for area in issue.publishedareas.all():
        [change] = area.changes
        known = since["areas"][area.code]
        assert (change["cycle"], change["matched"], change["of"]) == ("2018", known["matched"], known["of"])
        for basis in ("answered", "strict"):
            assert change[basis] == {"then": known[basis]["then"], "now": known[basis]["now"]}
    assert {one.instrument for one in PublishedIssue.objects.all()} == {"harbour-1"}


def test_each_reader_finds_the_latest_issue_of_their_own():
    edition = importing.export(an_edition(HARBOUR))
    first = publish(HARBOUR, "2024", {"MT": random_answers(seeded(1), edition)})
    second = publish(HARBOUR, "2024", {"MT": random_answers(seeded(2), edition)}, audience="observers")
    public, observer = AnonymousUser(), a_person(Role.OBSERVER)
    for reader, issue in ((public, first), (a_person(name="Noel Nobody"), first), (observer, second)):
        assert [one.assessment for one in PublishedIssue.objects.visible_to(reader)] == [issue]
        for model in ROWS:
            found = model.objects.visible_to(reader)
            assert set(found.values_list("issue", "audience")) <= {(issue.published.pk, issue.audience)}
            assert found.count() == model.objects.filter(issue=issue.published).count()


def test_rows_are_there_exactly_while_it_is_published(assessment_at):
    built = assessment_at(Status.BUILT)
    assert not PublishedIssue.objects.exists()
    read = {"snapshot": built.snapshot_sha256, "early": "The meeting is near."}
    published = lifecycle.publish(built, audience="everyone", by=an_officer(), **read)
    assert published.published.publishedanswers.count() == sum(
        len(country["answers"]) for country in published.snapshot["countries"]
    )
    lifecycle.withdraw(published, reason="A figure was wrong.", by=an_officer())
    assert [model.objects.count() for model in (PublishedIssue, *ROWS)] == [0] * 7


def test_the_worker_and_a_command_make_them_anew(capsys):
    edition = importing.export(an_edition(HARBOUR))
    found = publish(HARBOUR, "2024", {"MT": random_answers(seeded(3), edition)}, texts={"summary": "All in all."})
    rows = [list(model.objects.values().order_by("pk")) for model in ROWS]
    [job] = [one for one in tasks.JOBS if one.name == "published rows"]
    writing.delete(found)
    assert schedule.run(job)
    call_command("rebuild_published")
    assert "The tables of 1 published assessments" in capsys.readouterr().out

    def without_keys(rows):
        return [[{k: v for k, v in row.items() if k not in ("id", "issue_id")} for row in some] for some in rows]

    assert without_keys([list(model.objects.values().order_by("pk")) for model in ROWS]) == without_keys(rows)


def test_the_steps_of_an_update_fill_rows_that_a_release_before_did_not_have():
    edition = importing.export(an_edition(HARBOUR))
    writing.delete(publish(HARBOUR, "2024", {"MT": random_answers(seeded(3), edition)}))
    assert Client().get("/countries/mt/").status_code == 404
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for step in services["migrate"]["command"].split('"')[1].split(" && "):
        call_command(step.removeprefix("python manage.py "), verbosity=0)
    assert Client().get("/countries/mt/").status_code == 200
