"""Earlier rounds for tests: set up by an officer, with answers that came in from a file."""

from collections.abc import Iterable, Mapping
from datetime import date

from i18nfield.strings import LazyI18nString

from scoreboard.cycles import calendar
from scoreboard.earlier_rounds import entering
from scoreboard.earlier_rounds.entering import Entry, SourceFile
from scoreboard.models import Country, Cycle, Edition, Submission
from tests.factories import an_officer, given

FILE = SourceFile("scoreboard-2014.csv", "cd" * 32)


def an_earlier_round(edition: Edition, countries: Iterable[Country] = (), code: str = "2014") -> Cycle:
    """Return an earlier round of the year that is its code, in which the countries take part."""
    year = int(code)
    cycle = Cycle(
        code=code,
        title=LazyI18nString({"en": f"Scoreboard {code}"}),
        edition=edition,
        opens=date(year, 1, 1),
        deadline=date(year, 3, 1),
        closes=date(year, 4, 1),
        is_earlier_round=True,
    )
    return calendar.save_cycle(cycle, by=an_officer(), seen=0, add=list(countries))


def bring_in(cycle: Cycle, levels: Mapping[Country, int], **fields) -> list[Submission]:
    """Enter a file in which each country gave one rung of the ladder everywhere; return the submissions in order."""
    entries = [
        Entry(
            cycle,
            country,
            date(cycle.opens.year, 2, 3),
            {one.code: given(level=one.ladder[rung].value, **fields) for one in cycle.edition.all_indicators},
        )
        for country, rung in levels.items()
    ]
    entering.enter(entries, file=FILE, by=an_officer())
    return [cycle.submissions.select_related("country").get(country=country) for country in levels]
