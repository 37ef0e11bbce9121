"""The board as a file: the rows that are shown, for a spreadsheet."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from scoreboard.cycles.board import Row
from scoreboard.models import Cycle

Value = str | int


def table(cycle: Cycle, rows: Iterable[Row], *, notes: bool) -> tuple[list[str], list[list[Value]]]:
    """Return the names of the columns and a line for each row; the notes only where the reader may see them."""
    head = [_("Code"), _("Country"), _("Networks"), _("State"), _("Answered"), _("Of")]
    head += [_("Last day in time")]
    head += [
        _("Due"),
        _("With"),
        _("Since"),
        _("Last activity"),
        _("Open questions"),
        _("Claimed by"),
        _("Lead officer"),
    ]
    head += [_("Note"), _("Note by"), _("Note of")] if notes else []
    lines: list[list[Value]] = []
    for row in rows:
        one = row.submission
        networks = ", ".join(map(str, row.networks))
        line: list[Value] = [row.iso2, row.name, networks, str(row.state.text)]
        line += [row.answered, row.asked, row.due_on.isoformat()]
        line += [row.due, row.holder, _day(row.since, cycle), _day(row.acted_at, cycle), row.questions]
        line += [_name(one.claimed_by), _name(one.country.lead)]
        if notes:
            line += [one.note, _name(one.note_by) if one.note else "", _day(one.note_at, cycle) if one.note else ""]
        lines.append(line)
    return head, lines


def _day(moment: datetime | None, cycle: Cycle) -> str:
    return cycle.day(moment).isoformat() if moment else ""


def _name(person: Any) -> str:
    return str(person) if person else ""
