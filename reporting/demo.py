"""Invented example data for trying the portal out: two past cycles, published, and one that is open now.

Everything is done by the verbs that people use, at the moments at which they would have done it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from i18nfield.strings import LazyI18nString

from reporting import assessments, tasks
from reporting.models import Assessment
from scoreboard import answering, clock, cycles, remarks, workflow
from scoreboard.answering import Given
from scoreboard.models import (
    Country,
    Cycle,
    Edition,
    Indicator,
    Membership,
    Organisation,
    Role,
    Submission,
    User,
)

PASSWORD = "scoreboard-demo"  # noqa: S105 - published on purpose; the command refuses to run outside the demo
FIXTURES = settings.BASE_DIR / "fixtures"
EDITION = FIXTURES / "editions" / "scoreboard-2017.yaml"

Say = Callable[[str], None]


def load(say: Say) -> None:
    """Load countries, edition, people and the three cycles, as far as they are not there yet; `say` tells of it."""
    call_command("load_countries", verbosity=0)
    call_command("import_edition", str(EDITION), verbosity=0)
    material = yaml.safe_load((FIXTURES / "demo.yaml").read_text())
    cast = Cast(material["organisations"])
    edition = Edition.objects.get(code=EDITION.stem)
    for plan in cycle_plans(material):
        if Cycle.objects.filter(code=plan.code).exists():
            continue
        say(f"Cycle {plan.code}: {len(plan.fates)} countries report …")
        Round(plan, edition, cast, material).run()
    for cycle in Cycle.objects.filter(is_example=True).order_by("opens"):
        _assess(cycle, cast, say)


def _assess(cycle: Cycle, cast: "Cast", say: Say) -> None:
    """Consolidate the cycle and build its PDF by the worker; publish it if the cycle is over."""
    if cycle.assessments.filter(products__isnull=False).exists():
        return
    past = cycle.day() > cycle.closes
    moment = _moment(cycle.closes + timedelta(days=60)) if past else clock.now()
    say(f"Cycle {cycle.code}: consolidating, then building the PDF …")
    with clock.at(moment):
        assessment = assessments.consolidate(cycle, by=cast.officer)
        build = tasks.request_build(
            assessment,
            by=cast.officer,
            document_number=f"EXAMPLE/{cycle.code}/Doc.1",
            meeting="Example meeting",
        )
        call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", verbosity=0)
        build.refresh_from_db()
        if build.error:
            say(f"The PDF could not be built: {build.error}")
        elif past:
            assessments.publish(assessment, audience=Assessment.Audience.EVERYONE, by=cast.officer)


def _moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


class Cast:
    """The people of the demo, who all share one published password."""

    def __init__(self, organisations: list[dict[str, Any]]) -> None:
        self._password = make_password(PASSWORD)
        observers = [self._organisation(part["name"]["en"]) for part in organisations]
        secretariats = list(Organisation.objects.filter(kind=Organisation.Kind.SECRETARIAT).order_by("name"))
        self._person("admin", "Example Administrator", is_staff=True, is_superuser=True)
        officers = {"secretariat": secretariats[-1], "secretariat2": secretariats[0]}
        for account, organisation in officers.items():
            self._person(account, f"Example Officer, {organisation.name}", Role.SECRETARIAT, organisation=organisation)
        self._person("analyst", "Example Analyst", Role.ANALYST)
        self._person("observer", "Example Observer", Role.OBSERVER, organisation=observers[0])
        for country in Country.objects.all():
            code, name = country.iso2.lower(), country.name.localize("en")
            self._person(f"focal.{code}", f"Example Focal Point of {name}", Role.FOCAL, country=country)
            self._person(f"contributor.{code}", f"Example Contributor of {name}", Role.CONTRIBUTOR, country=country)
        self.officer = User.objects.get(email="secretariat@example.org")
        self.colleague = User.objects.get(email="secretariat2@example.org")

    def focal(self, country: Country) -> User:
        """Return the country's focal point."""
        return User.objects.get(email=f"focal.{country.iso2.lower()}@example.org")

    def _organisation(self, name: str) -> Organisation:
        return Organisation.objects.get_or_create(name=name)[0]

    def _person(self, account: str, name: str, role: Role | None = None, **fields: Any) -> None:
        where = {key: fields.pop(key) for key in ("country", "organisation") if key in fields}
        defaults = {"name": name, "password": self._password, **fields}
        person, created = User.objects.get_or_create(email=f"{account}@example.org", defaults=defaults)
        if created and role:
            Membership.objects.create(person=person, role=role, **where)


@dataclass(frozen=True)
class Plan:
    """One cycle of the demo: its dates, and how far each country gets (`fates`, by ISO code)."""

    code: str
    title: dict[str, str]
    opens: date
    deadline: date
    closes: date
    fates: dict[str, str] = field(hash=False)


def cycle_plans(material: dict[str, Any]) -> Iterator[Plan]:
    """Yield the two past cycles, in which every country is accepted, and the one that is open from today's view."""
    for part in material["cycles"]:
        year = int(part["code"])
        dates = (date(year, 2, 1), date(year, 6, 30), date(year, 9, 30))
        yield Plan(part["code"], part["title"], *dates, dict.fromkeys(part["countries"], "accepted"))
    today = clock.now().date()
    dates = (today - timedelta(days=60), today + timedelta(days=34), today + timedelta(days=95))
    part = material["cycle_2026"]
    yield Plan(part["code"], part["title"], *dates, material["plan_2026"])


class Round:
    """One cycle being played: every country travels as far as the plan says."""

    def __init__(self, plan: Plan, edition: Edition, cast: Cast, material: dict[str, Any]) -> None:
        self.plan, self.edition, self.cast, self.material = plan, edition, cast, material
        self.indicators = edition.all_indicators

    @transaction.atomic
    def run(self) -> None:
        """Create and open the cycle, then let every country report."""
        plan, officer = self.plan, self.cast.officer
        countries = list(Country.objects.filter(iso2__in=plan.fates))
        with clock.at(_moment(plan.opens - timedelta(days=14))):
            cycle = Cycle.objects.create(
                code=plan.code,
                title=LazyI18nString(plan.title),
                edition=self.edition,
                opens=plan.opens,
                deadline=plan.deadline,
                closes=plan.closes,
                is_example=True,
            )
            cycles.set_participants(cycle, countries, by=officer)
            cycles.open_cycle(cycle, by=officer)
        for submission in cycle.submissions.select_related("country", "cycle__edition").order_by("country__iso2"):
            self.report(submission, plan.fates[submission.country.iso2])

    def report(self, submission: Submission, fate: str) -> None:
        """Take one country to its fate, a value of `plan_2026` in the fixture."""
        country = submission.country
        random = Random(f"{country.iso2} {self.plan.code}")  # noqa: S311 - invented answers, the same each time
        focal = self.cast.focal(country)
        last = min(self.plan.deadline, clock.now().date() - timedelta(days=12))
        day = self.plan.opens + timedelta(days=random.randrange(5, (last - self.plan.opens).days))
        if fate == "accepted" and random.random() < 0.08 and self.plan.closes < clock.now().date():
            day = self.plan.deadline + timedelta(days=random.randrange(1, 40))  # late
        if fate == "not_started":
            return
        parts = {"started": random.randrange(3, 20), "nearly_done": len(self.indicators) - 2}
        answered = self.indicators[: parts.get(fate, len(self.indicators))]
        with clock.at(_moment(day, 9, random.randrange(60))):
            self._answer(submission, answered, focal, random)
        if fate in parts:
            return
        self._submit(submission, focal, day, random)
        review = day + timedelta(days=random.randrange(2, 6))
        if fate in ("claimed", "returned", "resubmitted", "accepted", "reopened"):
            with clock.at(_moment(review)):
                workflow.claim(submission, by=random.choice([self.cast.officer, self.cast.colleague]))
        if fate in ("returned", "resubmitted"):
            self._return(submission, review, random)
        if fate == "resubmitted":
            self._mend(submission, focal, review + timedelta(days=2))
            self._submit(submission, focal, review + timedelta(days=2), random)
        if fate in ("accepted", "reopened"):
            with clock.at(_moment(review, 15)):
                workflow.accept(submission, by=self.cast.officer)
        if fate == "reopened":
            with clock.at(_moment(review + timedelta(days=3))):
                workflow.reopen(submission, by=self.cast.officer, comment=self.material["reopen_reasons"][0])

    def _submit(self, submission: Submission, focal: User, day: date, random: Random) -> None:
        with clock.at(_moment(day, 16, random.randrange(60))):
            capacity = random.choice(self.material["capacities"])
            workflow.submit(submission, by=focal, declared_by=focal.name, capacity=capacity)

    def _return(self, submission: Submission, day: date, random: Random) -> None:
        reasons = self.material["return_reasons"]
        with clock.at(_moment(day, 14)):
            for indicator in random.sample(self.indicators, 2):
                remarks.flag(submission, indicator.code, random.choice(reasons), by=self.cast.officer)
            comment = "Example: Please look again at the two indicators that are marked."
            workflow.return_for_changes(submission, by=self.cast.officer, comment=comment)

    def _mend(self, submission: Submission, focal: User, day: date) -> None:
        flagged = answering.flagged_indicators(submission)
        with clock.at(_moment(day, 11)):
            for answer in submission.answers.filter(indicator__in=flagged).select_related("indicator", "level"):
                comment = f"{answer.comment} Example: Checked again; the level stands.".strip()
                mended = Given(answer.kind, answer.level.value if answer.level else None, answer.reason, comment)
                code = answer.indicator.code
                seen = {code: answer.revision}
                answering.save_answers(submission, {code: mended}, by=focal, seen=seen)

    def _answer(self, submission: Submission, indicators: list[Indicator], focal: User, random: Random) -> None:
        values = {indicator.code: self._invent(submission.country, indicator, random) for indicator in indicators}
        outcome = answering.save_answers(submission, values, by=focal, seen={})
        if outcome.problems:
            raise next(iter(outcome.problems.values()))

    def _invent(self, country: Country, indicator: Indicator, random: Random) -> Given:
        comment = self._comment(country, indicator.area.code, random)
        draw = random.random()
        if draw < 0.03:
            reason = random.choice(self.material["not_applicable_reasons"])
            return Given("not_applicable", reason=reason, comment=comment)
        if draw < 0.07:
            return Given("unknown", comment=comment)
        bias = Random(country.iso2).gauss(0, 0.12)  # noqa: S311
        share = random.gauss(self.material["tendency"][indicator.area.code] + bias, 0.22)
        ladder = [level.value for level in indicator.ladder]
        rung = round(max(0.0, min(1.0, share)) * (len(ladder) - 1))
        return Given("level", ladder[rung], comment=comment, comment_withheld=bool(comment) and random.random() < 0.05)

    def _comment(self, country: Country, area: str, random: Random) -> str:
        if random.random() > 0.45:
            return ""
        pool = self.material["comments"][area]
        for other in self.material["comments_in_other_scripts"]:
            if country.iso2 in other["countries"] and random.random() < 0.5:
                pool = other["comments"][area]
        return random.choice(pool)


def products() -> Iterator[tuple[Assessment, Path]]:
    """Yield the assessments of the demo with the place of their PDF."""
    found = Assessment.objects.filter(cycle__is_example=True).order_by("cycle__opens").prefetch_related("products")
    for assessment in found:
        for product in assessment.products.all():
            yield assessment, Path(product.file.path)
