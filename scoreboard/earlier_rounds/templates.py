"""The empty table of a cycle that people fill with results of an earlier round."""

from collections.abc import Iterator

from scoreboard.models import Cycle

COLUMNS = ("country", "cycle", "indicator", "level", "reason", "comment", "comment_withheld", "submitted_on", "links")


def rows(cycle: Cycle) -> Iterator[list[str]]:
    """Yield a row for each country and indicator of the cycle; without countries one for each indicator."""
    countries = list(cycle.submissions.order_by("country__iso3").values_list("country__iso2", flat=True)) or [""]
    for iso2 in countries:
        for indicator in cycle.edition.all_indicators:
            yield [iso2, cycle.code, indicator.label, *([""] * (len(COLUMNS) - 3))]
