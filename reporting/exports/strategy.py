"""What a snapshot says of its strategic plan as tables: objectives since the baseline, and the index."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from reporting.document import numbers
from reporting.document.document import Document
from reporting.document.strategy import Index, Strategy, of
from reporting.exports.tables import Table, Value
from reporting.results.scoring import rounded


def tables(snapshot: dict[str, Any]) -> list[Table]:
    """Return the tables of the strategic plan, on the basis that the assessment prints; none without a plan."""
    found = of(Document(snapshot))
    if found is None:
        return []
    columns = ["objective", "objective_title", "indicators", "same_indicators"]
    columns += ["baseline_cycle", "n", "mean_then", "mean_now", "change"]
    since = Table("objectives_since", _("Objectives since then"), columns, _objectives(found), len(found.objectives))
    return [since, *([_index(found.index)] if found.index else [])]


def _objectives(found: Strategy) -> Iterator[list[Value]]:
    cycle = found.cycle["code"] if found.cycle else ""
    for one in found.objectives:
        speaking = "; ".join(indicator.label for indicator in one.indicators)
        matched: list[Value] = [None, None, None]
        if one.then and one.now and one.by is not None:
            matched = [rounded(one.then.mean), rounded(one.now.mean), rounded(one.by)]
        n = one.then.n if one.then else 0
        yield [one.code, str(numbers.text(one.title)), speaking, one.same, cycle, n, *matched]


def _index(index: Index) -> Table:
    """A row per year: the index of all countries that compare, and that of the countries on the line."""
    columns = ["year", "n", "sum_baseline_year", "sum", "index", "n_on_the_line", "index_on_the_line", "target_line"]
    rows: list[list[Value]] = [
        [
            one.year,
            one.n,
            one.then,
            one.now,
            _rounded(one.index),
            index.in_line if same else None,
            _rounded(same.index) if same else None,
            rounded(one.target),
        ]
        for one, same in index.rows
    ]
    return Table("index", _("Index"), columns, rows, len(rows))


def _rounded(value: Any) -> Decimal | None:
    return None if value is None else rounded(value)
