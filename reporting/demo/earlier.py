"""The round of the demo that took place before the portal: brought in afterwards, its countries heard."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from io import StringIO
from random import Random

from django.core.files import File
from django.db import transaction
from i18nfield.strings import LazyI18nString

from reporting.assessments import earlier_reports
from reporting.demo.cast import Cast
from reporting.demo.inventing import Author
from reporting.demo.material import FILES, Material, moment
from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.earlier_rounds import comparing, hearing, templates
from scoreboard.earlier_rounds.gathering import Choices
from scoreboard.models import Country, Cycle, Edition, Origin

BROUGHT_IN = date(2020, 1, 8)  # shortly before the first cycle that the portal ran
HEARD_FOR = timedelta(days=21)


def published_on() -> date:
    """Return the day on which the round is published."""
    return BROUGHT_IN + HEARD_FOR + timedelta(days=14)


@transaction.atomic
def bring_in(plan: Material, edition: Edition, cast: Cast, material: Material) -> Cycle:
    """Set the round up, enter its file, add its report, and hear the countries: some object to being named."""
    year = int(plan["code"])
    cycle = Cycle(
        code=plan["code"],
        title=LazyI18nString(plan["title"]),
        edition=edition,
        opens=date(year, 2, 1),
        deadline=date(year, 6, 30),
        closes=date(year, 9, 30),
        is_example=True,
        is_earlier_round=True,
    )
    countries = list(Country.objects.filter(iso2__in=plan["countries"]).order_by("iso2"))
    with clock.at(moment(BROUGHT_IN)):
        cycle = calendar.save_cycle(cycle, by=cast.officer, seen=0, add=countries)
        content = _file(cycle, countries[: -plan["without_answers"]], material)
        found = comparing.compare(content, plan["file"], Choices(None, None, not_recorded=True), by=cast.officer)
        comparing.enter(found, content, plan["file"], by=cast.officer, origin=Origin.COMMAND)
        with (FILES / plan["report"]["file"]).open("rb") as content:
            report = File(content, name=plan["report"]["name"])
            earlier_reports.add_file(cycle, plan["report"]["title"], report, by=cast.officer)
    with clock.at(moment(BROUGHT_IN, 15)):
        hearing.ask(cycle, until=BROUGHT_IN + HEARD_FOR, by=cast.officer)
    for n, submission in enumerate(hearing.entered(cycle).order_by("country__iso2")):
        focal = cast.focal(submission.country)
        with clock.at(moment(BROUGHT_IN + timedelta(days=2 + n))):
            if submission.country.iso2 in plan["objecting"]:
                hearing.object_to_name(submission, reason=plan["objection"], by=focal)
            elif n % 4:
                hearing.confirm(submission, by=focal)
    with clock.at(moment(BROUGHT_IN + HEARD_FOR + timedelta(days=1))):
        return hearing.choose(cycle, public=Cycle.Public.NAMES, by=cast.officer)


def _file(cycle: Cycle, countries: Sequence[Country], material: Material) -> bytes:
    """Return the invented results of the round as officers hold them: a table in CSV, a row for each answer."""
    table = StringIO()
    writer = csv.writer(table)
    writer.writerow(templates.COLUMNS)
    for country in countries:
        writer.writerows(_rows(cycle, country, material))
    return table.getvalue().encode()


def _rows(cycle: Cycle, country: Country, material: Material) -> Iterator[Sequence[object]]:
    """Yield the rows of a country; the day is not recorded for some. Links and tables of figures have got lost."""
    year = cycle.opens.year
    day = Random(f"{country.iso2} {year}").randrange(20, 140)  # noqa: S311 - invented, the same each time
    submitted_on = (cycle.opens + timedelta(days=day)).isoformat() if day % 5 else ""
    for code, given in Author(country, year, material).answers(cycle.edition.all_indicators, {}).items():
        level = given.kind.replace("_", " ") if given.level is None else given.level
        withheld = "yes" if given.comment_withheld else ""
        yield [country.iso2, cycle.code, code, level, given.reason, given.comment, withheld, submitted_on, ""]
