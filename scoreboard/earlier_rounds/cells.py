"""What a cell of a file of earlier results says: an answer, a day, links; else a sentence with the remedy."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from scoreboard.data_tables.yes_no import parse_yes_no
from scoreboard.earlier_rounds.entering import Link
from scoreboard.errors import Invalid
from scoreboard.evidence import uploads
from scoreboard.models import Indicator
from scoreboard.submissions.answering import Kind
from scoreboard.text import INVISIBLE, is_blank, one_line, require_storable, stripped

UNANSWERED = ("", "unanswered", "-", "–", "—")
NOT_APPLICABLE = {"not_applicable", "not applicable", "n/a", "na", "n.a."}
UNKNOWN = {"unknown", "not known", "don't know", "?"}
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # days since 1900 as spreadsheets count them: from 1954 to 2119
DAY_ZERO = date(1899, 12, 30)


def words() -> tuple[set[str], set[str]]:
    """Return the words for "not applicable" and for "unknown", in English and in every language of the portal."""
    not_applicable, unknown = set(NOT_APPLICABLE), set(UNKNOWN)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            not_applicable.add(_("Not applicable").casefold())
            unknown.add(_("Unknown").casefold())
    return not_applicable, unknown


def text(value: Any, *, csv: bool) -> str:
    """Return a cell of a text as it was typed; raise Invalid for what begins as a formula does.

    `csv` takes away the apostrophe that the portal's own files have before such a text.
    """
    found = "" if value is None else str(value)
    if csv and re.match(r"'([\t\r\n]|\s*[=+\-@＝＋－＠])", found):
        found = found[1:]
    elif csv and found.lstrip().startswith("="):
        raise Invalid(_("It begins with “=”, as a formula does. Write an apostrophe before it if it is a text."))
    require_storable(found)
    return stripped(found)


def answer(
    value: Any, kind: Any, indicator: Indicator, known: tuple[set[str], set[str]]
) -> tuple[str, int | None] | None:
    """Return the kind and level of an answer, None where nothing is answered; raise Invalid for anything else."""
    not_applicable, unknown = known
    said = _plain(value)
    if said in UNANSWERED:
        said = _plain(kind)
        if said == "level":
            raise Invalid(_("It gives no level. Write one, or “unknown”."))
    if said in UNANSWERED:
        return None
    if said in not_applicable:
        if not indicator.not_applicable:
            raise Invalid(
                _("“Not applicable” is no answer to %(label)s in this edition. Write a level or “unknown”.")
                % {"label": indicator.label}
            )
        return Kind.NOT_APPLICABLE, None
    if said in unknown:
        return Kind.UNKNOWN, None
    return Kind.LEVEL, _level(value, said, indicator)


def _plain(value: Any) -> str:
    return one_line("" if value is None else str(value)).casefold()


def _level(value: Any, said: str, indicator: Indicator) -> int:
    ladder = [level.value for level in indicator.ladder]
    if isinstance(value, float) and value.is_integer():
        said = str(int(value))
    if not isinstance(value, bool) and re.fullmatch(r"-?[0-9]{1,9}", said) and int(said) in ladder:
        return int(said)
    ends = {"label": indicator.label, "lowest": ladder[0], "highest": ladder[-1]}
    if re.fullmatch(r"-?[0-9]{1,9}", said):
        raise Invalid(
            _("%(level)s is no level of %(label)s, which has levels from %(lowest)s to %(highest)s.")
            % {"level": said, **ends}
        )
    number = re.search(r"[0-9]+", said)
    if number and int(number[0]) in ladder:
        raise Invalid(
            _("“%(said)s” is no level. If level %(number)s is meant, write the number alone: %(number)s.")
            % {"said": str(value)[:40], "number": int(number[0])}
        )
    raise Invalid(
        _(
            "“%(said)s” is no answer to %(label)s. Write a level from %(lowest)s to %(highest)s, “not applicable”, "
            "“unknown”, or nothing."
        )
        % {"said": str(value)[:40], **ends}
    )


def day(value: Any) -> date | None:
    """Return the day in a cell, None for an empty one and for "not recorded"; raise Invalid for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    said = one_line("" if value is None else str(value))
    if said.casefold() in ("", "-", "–", "not recorded"):
        return None
    try:
        return (
            date.fromisoformat(said[:10]) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?", said) else _no(said)
        )
    except ValueError:
        return _no(said)


def _no(said: str) -> date:
    serial = int(said) if re.fullmatch(r"[0-9]{5}", said) else 0
    if FIRST_SERIAL <= serial <= LAST_SERIAL:
        raise Invalid(
            _("“%(said)s” is a day as a spreadsheet counts it. If it is %(day)s, write that.")
            % {"said": said, "day": (DAY_ZERO + timedelta(days=serial)).isoformat()}
        )
    raise Invalid(_("“%s” is no day. Write it as 2018-12-31, or leave it empty if it is not recorded.") % said[:40])


def yes(value: Any) -> bool:
    """Return whether a cell says yes; raise Invalid for what is neither yes nor no."""
    if isinstance(value, bool):
        return value
    said = one_line("" if value is None else str(value))
    found = parse_yes_no(said) if said else False
    if found is None:
        raise Invalid(_("“%s” is neither yes nor no.") % said[:40])
    return found


def links(value: Any) -> list[Link]:
    """Return the links of a cell, with spaces or line breaks between them; raise Invalid for what is no address."""
    said = INVISIBLE.sub("", "" if value is None else str(value))
    pieces = [uploads.check_link(one) for one in dict.fromkeys(said.split())] if not is_blank(said) else []
    return [Link(piece.name, piece.url) for piece in pieces]
