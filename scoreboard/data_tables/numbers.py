"""Parses a typed number exactly or not at all: digits of any script, groups of thousands, one decimal mark.

Spaces and apostrophes separate groups of three digits. Of two kinds of separator the last is the decimal mark; one
kind that occurs several times separates groups. A single full stop or comma can be either: see `parse_whole` and
`parse_exact`.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from scoreboard.text import INVISIBLE

MOST_DECIMALS = 9
SPACES = " \u00a0\u2000-\u200a\u202f\u205f\u3000"  # with the no-break and thin ones that programs use in numbers
APOSTROPHES = "'’‘ʼ"
ARABIC_GROUP, ARABIC_MARK = "٬", "٫"  # each has only one meaning
MINUS = "\\-−–﹣－"
_NUMBER = re.compile(rf"([+{MINUS}]?)([0-9]+(?:[ '.,{ARABIC_GROUP}{ARABIC_MARK}][0-9]+)*)")


class Unclear(ValueError):
    """The text is not a number, or can mean several; `readings` are these, written unambiguously."""

    def __init__(self, *readings: str) -> None:
        super().__init__()
        self.readings = readings


@dataclass(frozen=True)
class _Parts:
    """The parts of a number; `lone` if a single full stop or comma separates the two, whatever it means."""

    negative: bool
    before: str
    after: str = ""
    lone: bool = False

    @property
    def can_be_group(self) -> bool:
        """Whether the digits after a lone separator can be a group of thousands."""
        return self.lone and len(self.before) <= 3 and len(self.after) == 3 and self.before.strip("0") != ""


def parse_whole(text: str) -> int:
    """Return the whole number in a text; raise Unclear for anything else.

    Three digits after a lone separator are a group of thousands; zeros after a decimal mark are ignored.
    """
    parts = _split(text)
    if parts.can_be_group:
        if parts.before.startswith("0"):
            raise Unclear
        digits = parts.before + parts.after
    elif parts.after.strip("0"):
        raise Unclear
    else:
        digits = parts.before
    return -int(digits) if parts.negative else int(digits)


def parse_exact(text: str) -> Decimal:
    """Return the number in a text, with at most nine decimals; raise Unclear for anything else.

    A lone separator is the decimal mark, unless three digits after one to three could also be thousands.
    """
    parts = _split(text)
    if parts.can_be_group:
        raise Unclear(parts.before + parts.after, f"{parts.before}.{parts.after}0")
    decimals = parts.after.rstrip("0")
    if len(decimals) > MOST_DECIMALS:
        raise Unclear
    number = Decimal(f"{parts.before}.{decimals or 0}")
    return -number if parts.negative else number


def unambiguous(digits: str) -> str:
    """Return plain digits with a point, and one more zero where they could be thousands."""
    before, _point, after = digits.partition(".")
    return f"{digits}0" if len(after) == 3 and len(before) <= 3 and before.strip("0") else digits


def _split(text: str) -> _Parts:
    match = _NUMBER.fullmatch(_ascii(INVISIBLE.sub("", text).strip()))
    if match is None:
        raise Unclear
    negative = match[1] not in ("", "+")
    parts = re.split(r"[^0-9]", match[2])
    marks = re.findall(r"[^0-9]", match[2])
    if not marks:
        return _Parts(negative, parts[0])
    last, others = marks[-1], set(marks[:-1])
    if last in ".," and not others:
        return _Parts(negative, parts[0], parts[1], lone=True)
    if last in f".,{ARABIC_MARK}" and last not in others and len(others) <= 1:
        return _Parts(negative, _joined(parts[:-1], others), parts[-1])
    return _Parts(negative, _joined(parts, {last, *others}))


def _ascii(text: str) -> str:
    """The text with ASCII digits and one kind of space and apostrophe; raise Unclear for digits of two scripts."""
    scripts = {ord(character) - unicodedata.decimal(character) for character in text if character.isdecimal()}
    if len(scripts) > 1:
        raise Unclear
    text = "".join(str(unicodedata.decimal(character, character)) for character in text)
    return re.sub(f"[{APOSTROPHES}]", "'", re.sub(f"[{SPACES}]", " ", text))


def _joined(groups: list[str], separators: set[str]) -> str:
    """The digits of groups of three with one kind of separator; raise Unclear for other groups."""
    if len(separators) > 1 or separators & {ARABIC_MARK}:
        raise Unclear
    first, *rest = groups
    if rest and (len(first) > 3 or first.startswith("0") or any(len(group) != 3 for group in rest)):
        raise Unclear
    return "".join(groups)
