"""The answer of the previous cycle, as the text of a cell."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from scoreboard.models import Indicator
from scoreboard.submissions.answering import Kind
from scoreboard.submissions.previous_cycle import Last
from scoreboard.text import localised

Relation = Indicator.Relation


def text(last: Last | None) -> str:
    """Return the text for an indicator, nothing if the country never answered before."""
    return "\n\n".join(_said(last)) if last else ""


def _said(last: Last) -> Iterator[str]:
    if last.relation == Relation.NEW or not last.rows:
        yield _("This question was not asked in %(before)s.") % {"before": last.cycle}
        return
    if last.relation == Relation.REVISED:
        yield _("The wording was revised since. Read the levels anew before you compare.")
    for row in last.rows:
        title = "" if last.relation == Relation.SAME else f"{row['code']} · {localised(row['title'])}\n"
        yield f"{title}{_answer(row)}"
        if row.get("comment"):
            yield str(row["comment"])
        if names := [piece["name"] for piece in row.get("evidence", [])]:
            yield f"{_('Evidence then:')} {', '.join(names)}"
    for step in last.planned:
        yield f"{_('Planned then:')} {step}"


def _answer(row: dict[str, Any]) -> str:
    if row["kind"] == Kind.LEVEL:
        return f"{row['level']} · {localised(row['level_text'])}"
    if row["kind"] == Kind.NOT_APPLICABLE:
        return f"{_('Not applicable')}: {row['reason']}"
    return _("Unknown") if row["kind"] == Kind.UNKNOWN else _("Not answered")
