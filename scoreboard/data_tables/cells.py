"""A cell of a data form by the kind of its column: typed text to its value, and the value to text."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from scoreboard import clock
from scoreboard.data_tables import numbers, yes_no
from scoreboard.errors import Invalid
from scoreboard.models import DataFormColumn
from scoreboard.questionnaire import species
from scoreboard.text import is_blank, localised, one_line, require_storable

MAX_TEXT = 300  # characters of a cell
MAX_NUMBER = 1_000_000_000
FIRST_YEAR = 1900

Kind = DataFormColumn.Kind

NUMERIC = (Kind.INTEGER, Kind.DECIMAL)
DIGITS = (Kind.YEAR, *NUMERIC)  # parsed with their line breaks: two lines are not one number


def parse_cell(column: DataFormColumn, text: str) -> Any:
    """Return the value of a cell's text, None if it is blank; raise Invalid with a sentence."""
    kind = Kind(column.kind)
    if is_blank(text):
        if column.required:
            raise Invalid(_("This cell cannot be empty."))
        return None
    if kind not in DIGITS:
        text = one_line(text, keep_joiners=kind == Kind.TEXT)
    if len(text) > MAX_TEXT:
        raise Invalid(_("Shorten the text to %s characters.") % MAX_TEXT)
    require_storable(text)
    try:
        return PARSERS[kind](column, text)
    except Invalid as problem:
        if column.required:
            raise
        raise Invalid(f"{problem.sentence} {_('Or leave the cell empty.')}") from problem


def _parse_year(_column: DataFormColumn, text: str) -> int:
    latest = clock.now().year
    try:
        year = numbers.parse_whole(text)
    except numbers.Unclear:
        year = 0
    if not FIRST_YEAR <= year <= latest:
        raise Invalid(_("Give one year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": latest})
    return year


def _parse_integer(_column: DataFormColumn, text: str) -> int:
    try:
        return int(_bounded(numbers.parse_whole(text)))
    except numbers.Unclear as problem:
        raise Invalid(_("Give one whole number in digits, such as 1250.")) from problem


def _parse_decimal(_column: DataFormColumn, text: str) -> str:
    try:
        return f"{_bounded(numbers.parse_exact(text)).normalize():f}"
    except numbers.Unclear as problem:
        if not problem.readings:
            raise Invalid(_("Give one number in digits, such as 12.5.")) from problem
        words = {"text": one_line(text), "whole": problem.readings[0], "decimal": problem.readings[1]}
        raise Invalid(
            _("“%(text)s” can mean two numbers. Write %(whole)s or %(decimal)s, whichever is meant.") % words
        ) from problem


def _bounded(number: int | Decimal) -> Decimal:
    if number < 0:
        raise Invalid(_("Give a number that is not less than 0."))
    if number > MAX_NUMBER:
        raise Invalid(_("Give a number that is not more than %s.") % number_format(MAX_NUMBER, force_grouping=True))
    return abs(Decimal(number))  # no negative zero


def _parse_choice(column: DataFormColumn, text: str) -> str:
    for choice in column.choices:
        names = (choice["code"], *choice["title"].values())
        if text.casefold() in (one_line(name).casefold() for name in names):
            return str(choice["code"])
    offered = ", ".join(str(localised(choice["title"])) for choice in column.choices)
    raise Invalid(_("Choose one of: %s.") % offered)


def _parse_yes_no(_column: DataFormColumn, text: str) -> bool:
    answer = yes_no.parse_yes_no(text)
    if answer is None:
        raise Invalid(_("Answer yes or no."))
    return answer


# The parser of each kind of cell; each raises Invalid with a sentence.
PARSERS: dict[Kind, Callable[[DataFormColumn, str], Any]] = {
    Kind.YEAR: _parse_year,
    Kind.INTEGER: _parse_integer,
    Kind.DECIMAL: _parse_decimal,
    Kind.TEXT: lambda _column, text: text,
    Kind.CHOICE: _parse_choice,
    Kind.SPECIES: lambda _column, text: species.scientific_name(text),
    Kind.YES_NO: _parse_yes_no,
}


def cell_as_typed(column: DataFormColumn, value: Any) -> str:
    """Return a cell's value as a person would type it: the inverse of `parse_cell`."""
    if value is None:
        return ""
    if column.kind == Kind.YES_NO and isinstance(value, bool):
        return "yes" if value else "no"
    return numbers.unambiguous(value) if column.kind == Kind.DECIMAL else str(value)


def cell_to_copy(column: DataFormColumn, value: Any) -> str:
    """Return a value as people read it, so that `parse_cell` reads it back from a pasted cell."""
    text = cell_text(column, value)
    if value is None or column.kind != Kind.DECIMAL:
        return text
    if "." not in value:
        return str(value)  # grouped, 3125 could also be a number with three decimals
    return text if numbers.unambiguous(value) == value else f"{text}0"  # otherwise it could also be thousands


def cell_text(column: DataFormColumn, value: Any) -> str:
    """Return a stored value as people read it; empty for None."""
    if value is None:
        return ""
    if column.kind == Kind.YES_NO:
        return _("Yes") if value else _("No")
    if column.kind in NUMERIC:
        return number_format(Decimal(str(value)), use_l10n=True, force_grouping=True)
    if column.kind == Kind.CHOICE:
        titles = {choice["code"]: choice["title"] for choice in column.choices}
        return str(localised(titles.get(value, value)))
    if column.kind == Kind.SPECIES and (common := species.common_name(value)):
        return f"{value} ({common})"
    return str(value)
