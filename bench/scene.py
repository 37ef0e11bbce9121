"""What is measured: people, countries and cycles, made by the portal's own verbs, and snapshots of many countries."""

import hashlib
import json
import random
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.test import Client
from i18nfield.strings import LazyI18nString

from reporting.models import Assessment
from reporting.results import compute
from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.models import Answer, Country, Cycle, Edition, Membership, Role, Submission, User
from scoreboard.questionnaire import file, importing
from scoreboard.submissions import answering
from scoreboard.submissions.answering import AnswerInput

WORDS = "law hunting season enforcement the of in birds illegal killing police national plan region trade court data"


@cache
def document() -> file.Document:
    """Return the questionnaire as its file has it."""
    return file.read_edition((settings.BASE_DIR / "fixtures/editions/scoreboard-2017.yaml").read_bytes())


def edition() -> Edition:
    """Return the questionnaire, imported."""
    return importing.import_edition(document())[0]


def codes(n: int) -> list[str]:
    """Return as many codes of countries."""
    return [f"{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(n)]


def cycle(code: str, countries: int, edition: Edition, **fields: Any) -> Cycle:
    """Return an open cycle of so many countries, each with a focal point."""
    opens = clock.now().date() - timedelta(days=1)
    dates = {"opens": opens, "deadline": opens + timedelta(days=30), "closes": opens + timedelta(days=60)}
    title = LazyI18nString({"en": f"Scoreboard {code}"})
    made = Cycle.objects.create(code=code, title=title, edition=edition, **(dates | fields))
    if countries:
        calendar.change_participants(made, add=[_country(iso2) for iso2 in codes(countries)], by=officer())
        made = calendar.open_cycle(made, by=officer())
    return made


def _country(iso2: str) -> Country:
    name = LazyI18nString({"en": f"Country {iso2}"})
    country, created = Country.objects.get_or_create(iso2=iso2, defaults={"iso3": f"X{iso2}", "name": name})
    if created:
        _person(f"focal.{iso2}", Role.FOCAL, country=country)
    return country


def focal(submission: Submission) -> User:
    """Return the country's focal point."""
    return User.objects.get(memberships__role=Role.FOCAL, memberships__country=submission.country_id)


def officer() -> User:
    """Return an officer of the Secretariat."""
    found = User.objects.filter(memberships__role=Role.SECRETARIAT).first()
    return found or _person("officer", Role.SECRETARIAT)


def _person(name: str, role: Role, **fields: Any) -> User:
    person = User.objects.create_user(f"{name}@example.org", name=name)
    Membership.objects.create(person=person, role=role, **fields)
    return person


def session_of(person: User) -> str:
    """Return the key of a new session in which the person is signed in."""
    client = Client()
    client.force_login(person, backend="mikt.authentication.Backend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def answers(edition: Edition) -> dict[str, AnswerInput]:
    """Return the lowest level for each indicator."""
    return {one.code: AnswerInput("level", one.ladder[0].value) for one in edition.all_indicators}


def fill(submissions: Iterable[Submission]) -> None:
    """Answer every indicator."""
    for submission in submissions:
        answering.save_answers(submission, answers(submission.cycle.edition), by=focal(submission), seen={})


def repeat(cycle: Cycle, times: int) -> None:
    """Copy the cycle with its answers as past ones, which the tables then hold too; no page is about them."""
    rows = list(Answer.objects.filter(submission__cycle=cycle).select_related("submission"))
    for n in range(times):
        past = Cycle.objects.get(pk=cycle.pk)
        past.pk, past.code = None, f"past-{n}"
        past.save(force_insert=True)
        made = [Submission(cycle=past, country_id=one) for one in {row.submission.country_id for row in rows}]
        copies = {one.country_id: one for one in Submission.objects.bulk_create(made)}
        for row in rows:
            row.pk, row.submission = None, copies[row.submission.country_id]
        Answer.objects.bulk_create(rows, batch_size=500)


def assessment(countries: int, *, changed: int | None = None) -> Assessment:
    """Return an assessment, not stored, in which every country answers everything, with comments.

    In the first country, as many answers as `changed` are others: their level and their comment.
    """
    indicators = [one for area in document()["areas"] for one in area["indicators"]]
    given = {iso2: _answers(indicators, n) for n, iso2 in enumerate(codes(countries))}
    if changed:
        given["AA"] |= _answers(indicators[:changed], 1_000, before=given["AA"])
    snapshot = _snapshot(given)
    return Assessment(
        issue=1 if changed is None else 2,
        snapshot=snapshot,
        snapshot_sha256=hashlib.sha256(json.dumps(snapshot).encode()).hexdigest(),
        consolidated_at=datetime(2026, 5, 1, 12, tzinfo=UTC),
    )


def _answers(indicators: list[dict], seed: int, before: dict[str, dict] | None = None) -> dict[str, dict]:
    """Draw an answer to each indicator, another than `before`."""
    draw = random.Random(seed)  # noqa: S311 the same at every run
    drawn = {}
    for one in indicators:
        levels = [
            level for level in [*compute.ladder(one), None] if not before or level != before[one["code"]]["level"]
        ]
        level = draw.choice(levels)  # None for unknown
        kind, comment = "unknown" if level is None else "level", " ".join(draw.choices(WORDS.split(), k=60))
        drawn[one["code"]] = {"kind": kind, "level": level, "reason": "", "comment": comment, "withheld": False}
    return drawn


def _snapshot(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the snapshot of a cycle in which these countries gave these answers, by indicator code."""
    edition = deepcopy(document())
    group = {"code": "group", "name": {"en": "Group"}}
    dates = {"submitted_on": "2026-03-31", "accepted_on": "2026-04-15"}
    facts = {"version": 1, "late": False, "reopened": False, "subregion": "", "groups": [group]}
    countries = [
        {"iso2": iso2, "iso3": f"X{iso2}", "name": {"en": f"Country {iso2}"}, **facts, **dates, "answers": answers}
        for iso2, answers in given.items()
    ]
    return {
        "format": 1,
        "cycle": {
            "code": "2026",
            "title": {"en": "Round 2026"},
            "opens": "2026-01-01",
            "deadline": "2026-03-31",
            "closes": "2026-04-30",
            "time_zone": "Europe/Berlin",
            "example": True,
        },
        "basis": "answered",
        "edition": edition,
        "countries": countries,
        "not_reported": [],
        "results": compute.compute(edition, countries),
        "changes": [],
        "since_issue": None,
    }
