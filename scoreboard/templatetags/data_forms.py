"""Tags for tables of figures."""

from collections.abc import Sequence
from typing import Any

from django import template

from scoreboard.data_tables import tables
from scoreboard.models import DataForm, Indicator

register = template.Library()


@register.filter
def data_form(indicator: Indicator) -> DataForm | None:
    """Return the indicator's data form, None if it has none."""
    return getattr(indicator, "data_form", None)


@register.inclusion_tag("scoreboard/data_tables/_table.html")
def figures_table(form: DataForm, rows: Sequence[tables.Row], withheld: bool = False) -> dict[str, Any]:
    """Print the rows of a data form with their sums, and whether they are withheld."""
    return {"table": tables.Table(str(form.title), form.all_columns, rows or [], form.checks), "withheld": withheld}
