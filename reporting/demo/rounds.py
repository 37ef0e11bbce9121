"""The cycles of the demo: two that are over, in which every country is accepted, and one that runs now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from i18nfield.strings import LazyI18nString

from reporting.demo.cast import Cast
from reporting.demo.journey import Journey
from reporting.demo.material import Material, moment
from reporting.demo.statements import write_statements
from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.models import Country, Cycle, Edition

LATER = timedelta(days=7)  # by which the end of the running cycle is moved once


@dataclass(frozen=True)
class Plan:
    """One cycle of the demo: its dates, and how far each country gets (`fates`, by ISO code)."""

    code: str
    title: dict[str, str]
    opens: date
    deadline: date
    closes: date
    fates: dict[str, str] = field(hash=False)


def cycle_plans(material: Material) -> Iterator[Plan]:
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
    """One cycle being played: every country goes as far as the plan says."""

    def __init__(self, plan: Plan, edition: Edition, cast: Cast, material: Material) -> None:
        self.plan, self.edition, self.cast, self.material = plan, edition, cast, material

    @transaction.atomic
    def run(self) -> None:
        """Create and open the cycle, then let every country report."""
        plan, officer = self.plan, self.cast.officer
        goes_on = plan.closes > clock.now().date()
        countries = list(Country.objects.filter(iso2__in=plan.fates))
        with clock.at(moment(plan.opens - timedelta(days=14))):
            cycle = Cycle.objects.create(
                code=plan.code,
                title=LazyI18nString(plan.title),
                edition=self.edition,
                opens=plan.opens,
                deadline=plan.deadline,
                closes=plan.closes - LATER if goes_on else plan.closes,
                is_example=True,
            )
            calendar.change_participants(cycle, add=countries, by=officer)
            cycle = calendar.open_cycle(cycle, by=officer)
        if goes_on:
            with clock.at(moment(plan.opens + timedelta(days=20))):
                cycle.closes = plan.closes
                reason = self.material["date_reasons"][0]
                cycle = calendar.save_cycle(cycle, by=officer, seen=cycle.revision, reason=reason)
        cycle.edition = self.edition  # which has read its areas, indicators and levels once
        for submission in cycle.submissions.select_related("country").order_by("country__iso2"):
            submission.cycle = cycle
            Journey(submission, self.cast, self.material).to(plan.fates[submission.country.iso2])
        write_statements(cycle, self.cast, self.material)
