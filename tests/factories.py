"""Objects for the tests, made by the verbs that users use: a state is reached by travelling the road to it."""

import time
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from i18nfield.strings import LazyI18nString

from mikt.accounts.adapter import SIGNED_IN_AT
from scoreboard import clock, contributors
from scoreboard.cycles import calendar
from scoreboard.models import (
    Assignment,
    Country,
    Cycle,
    Edition,
    Membership,
    Organisation,
    Role,
    State,
    Submission,
    Token,
    User,
)
from scoreboard.people import tokens
from scoreboard.questionnaire import file, importing
from scoreboard.submissions import answering, on_behalf, returns, workflow
from scoreboard.submissions.answering import AnswerInput

ROOT = Path(__file__).resolve().parent.parent
SCOREBOARD = ROOT / "fixtures/editions/scoreboard-2017.yaml"
HARBOUR = ROOT / "tests/editions/harbour.yaml"
HARBOUR_NEXT = ROOT / "tests/editions/scoreboard-next.yaml"

PASSWORD = "correct horse battery staple"
DECLARATION = {"declared_by": "Dr. A. Person", "capacity": "Head of unit"}

NAMES = {"MT": "Malta", "GR": "Greece", "TN": "Tunisia", "CY": "Cyprus"}
ISO3 = {"MT": "MLT", "GR": "GRC", "TN": "TUN", "CY": "CYP"}


def an_edition(path: Path = SCOREBOARD) -> Edition:
    """Return the edition in the file, imported."""
    return importing.import_edition(_document(path))[0]


@cache
def _document(path: Path) -> file.Document:
    """Read a file once for all tests: parsing takes longer than most of what they test."""
    return file.read_edition(path.read_bytes())


def a_country(iso2: str = "MT") -> Country:
    """Return the country, made if need be; codes beyond the known four are free to use for crowds."""
    return Country.objects.get_or_create(
        iso2=iso2,
        defaults={
            "iso3": ISO3.get(iso2, f"X{iso2}"),
            "name": LazyI18nString({"en": NAMES.get(iso2, f"Country {iso2}")}),
        },
    )[0]


def a_person(role: Role | None = None, country: Country | None = None, *, name: str = "", **fields) -> User:
    """Return a person who holds `role` (for `country` where it is a national one) and can sign in with PASSWORD."""
    label = name or f"{role or 'nobody'} {country.iso2 if country else ''}".strip()
    number = User.objects.count()
    user = User.objects.create_user(f"person{number}@example.org", PASSWORD, name=label, **fields)
    if role:
        organisation = None
        if not Role(role).is_national:
            organisation = Organisation.objects.get_or_create(name=f"Organisation of {role}")[0]
        Membership.objects.create(person=user, role=role, country=country, organisation=organisation)
    return user


def an_officer() -> User:
    """Return an officer of the Secretariat, the same one each time."""
    found = User.objects.filter(memberships__role=Role.SECRETARIAT).order_by("pk").first()
    return found or a_person(Role.SECRETARIAT, name="Officer")


def a_focal(country: Country) -> User:
    """Return a focal point of the country, the same one each time."""
    found = User.objects.filter(memberships__role=Role.FOCAL, memberships__country=country).order_by("pk").first()
    return found or a_person(Role.FOCAL, country)


def a_token(person: User, *scopes: str, days: int = 90, name: str = "Statistics office") -> tuple[Token, str]:
    """Return a token of the person and its secret."""
    return tokens.make(
        person,
        name=name,
        scopes=scopes or ["read"],
        until=clock.today() + timedelta(days=days),
        from_ip="192.0.2.7",
    )


def a_cycle(
    countries: Iterable[Country] = (),
    *,
    edition: Edition | None = None,
    code: str = "2026",
    opened=True,
    **fields,
) -> Cycle:
    """Return a cycle that runs from yesterday for two months, open and with `countries`."""
    today = clock.now().date()
    dates = {"opens": today - timedelta(days=1), "deadline": today + timedelta(days=30)}
    dates |= {"closes": today + timedelta(days=60)}
    cycle = Cycle.objects.create(
        code=code,
        title=LazyI18nString({"en": f"Scoreboard {code}"}),
        edition=edition or Edition.objects.order_by("pk").first() or an_edition(),
        **(dates | fields),
    )
    countries = list(countries)
    if countries:
        calendar.change_participants(cycle, add=countries, by=an_officer())
        if opened:
            cycle = calendar.open_cycle(cycle, by=an_officer())
    return cycle


def offer_not_applicable(cycle: Cycle) -> None:
    """Let every indicator of the cycle's edition be answered with "not applicable", by the documented correction."""
    codes = [indicator.code for indicator in cycle.edition.all_indicators]
    importing.correct_not_applicable(cycle.edition, codes, reason="For the test.")
    cycle.edition = Edition.objects.get(pk=cycle.edition_id)


def afresh(one):
    """Return the object as the next request finds it."""
    return type(one)._default_manager.get(pk=one.pk)


def given(kind: str = "level", level: int | None = 2, **fields) -> AnswerInput:
    """Return what a person gives for one indicator: level 2 unless said otherwise."""
    return AnswerInput(kind=kind, level=level if kind == "level" else None, **fields)


def fill(submission: Submission, *, by: User | None = None, **overrides: AnswerInput) -> None:
    """Answer every indicator with a level, never the highest; `overrides` by indicator code, as `i7=given(...)`."""
    edition = submission.cycle.edition
    values = {
        indicator.code: overrides.get(
            f"i{indicator.code}",
            given(level=indicator.ladder[min(len(indicator.ladder) // 2, len(indicator.ladder) - 2)].value),
        )
        for indicator in edition.all_indicators
    }
    seen = dict(submission.answers.values_list("indicator__code", "revision"))
    outcome = answering.save_answers(submission, values, by=by or a_focal(submission.country), seen=seen)
    assert not outcome.problems


def entered(submission: Submission, *, by: User | None = None) -> Submission:
    """Return the submission, which an officer has opened on the country's behalf."""
    return on_behalf.enter(submission, by=by or an_officer(), reason="They sent it on paper.")


def submission_at(state: State, country: Country | None = None, cycle: Cycle | None = None) -> Submission:
    """Return a submission that has travelled to `state` by the verbs."""
    country = country or a_country()
    if cycle is None:
        cycle = a_cycle([country])
    submission = cycle.submissions.get(country=country)
    focal, officer = a_focal(country), an_officer()
    if state != State.DRAFT:
        fill(submission)
        workflow.submit(submission, by=focal, **DECLARATION)
    if state == State.RETURNED:
        first = submission.cycle.edition.all_indicators[0]
        returns.flag(submission, first.code, "Please name the source.", by=officer)
        workflow.return_for_changes(
            submission, by=officer, comment="Two things are missing.", version=submission.versions.count()
        )
    if state == State.ACCEPTED:
        workflow.accept(submission, by=officer, version=submission.versions.count())
    return Submission.objects.get(pk=submission.pk)


def a_part(
    submission: Submission,
    *,
    by: User,
    email: str = "ana@ministry.example",
    name: str = "Ana",
    area: str = "P",
    until: date | None = None,
) -> Assignment:
    """Return the part of a contributor who was asked for an area, for a week, and has accepted if they had to."""
    indicators = list(submission.cycle.edition.indicators.filter(area__code=area).select_related("area"))
    until = until or clock.now().date() + timedelta(days=7)
    part = contributors.involve(submission, email=email, name=name, indicators=indicators, until=until, by=by)
    return part if part.accepted_at else contributors.answer_part(part, accepts=True, by=part.person)


def session_of(person: User) -> str:
    """Return the key of a new session in which the person has just signed in."""
    session = SessionStore()
    session[SIGNED_IN_AT] = time.time()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "mikt.authentication.Backend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session.session_key
