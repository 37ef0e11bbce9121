"""A typed number, read exactly or not at all: digits of any script, groups of thousands, one decimal mark.

Spaces and apostrophes group, and only by threes. Of two kinds of separator the last is the decimal mark; one kind met
several times groups. One full stop or comma alone can be either: `whole` and `exact` say when they take it for which.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from scoreboard.text import INVISIBLE

MOST_DECIMALS = 9
SPACES = " \u00a0\u2000-\u200a\u202f\u205f\u3000"  # with the unbreaking and thin ones that programs group with
APOSTROPHES = "'’‘ʼ"
ARABIC_GROUP, ARABIC_MARK = "٬", "٫"  # each has one meaning only
MINUS = "\\-−–﹣－"
_NUMBER = re.compile(rf"([+{MINUS}]?)([0-9]+(?:[ '.,{ARABIC_GROUP}{ARABIC_MARK}][0-9]+)*)")


class Unclear(ValueError):
    """The text is not a number, or can be read as several; `readings` are these, written so that they are clear."""

    def __init__(self, *readings: str) -> None:
        super().__init__()
        self.readings = readings


@dataclass(frozen=True)
class _Read:
    """A number in parts; `lone` if a single full stop or comma stands between the two, whatever it means."""

    negative: bool
    before: str
    after: str = ""
    lone: bool = False

    @property
    def can_be_group(self) -> bool:
        """Whether what stands after a lone separator can be a group of thousands."""
        return self.lone and len(self.before) <= 3 and len(self.after) == 3 and self.before.strip("0") != ""


def whole(text: str) -> int:
    """Return the whole number that a text is; raise Unclear for anything else.

    Three digits after a lone separator are a group of thousands; zeros alone after a decimal mark are dropped.
    """
    read = _read(text)
    if read.can_be_group:
        if read.before.startswith("0"):
            raise Unclear
        digits = read.before + read.after
    elif read.after.strip("0"):
        raise Unclear
    else:
        digits = read.before
    return -int(digits) if read.negative else int(digits)


def exact(text: str) -> Decimal:
    """Return the number that a text is, with at most nine decimals; raise Unclear for anything else.

    A lone separator is the decimal mark, unless exactly three digits after one to three can be thousands too.
    """
    read = _read(text)
    if read.can_be_group:
        raise Unclear(read.before + read.after, f"{read.before}.{read.after}0")
    decimals = read.after.rstrip("0")
    if len(decimals) > MOST_DECIMALS:
        raise Unclear
    number = Decimal(f"{read.before}.{decimals or 0}")
    return -number if read.negative else number


def clear(digits: str) -> str:
    """Return plain digits with a point as `exact` reads them: with a nought more where they could be thousands."""
    before, _point, after = digits.partition(".")
    return f"{digits}0" if len(after) == 3 and len(before) <= 3 and before.strip("0") else digits


def _read(text: str) -> _Read:
    match = _NUMBER.fullmatch(_ascii(INVISIBLE.sub("", text).strip()))
    if match is None:
        raise Unclear
    negative = match[1] not in ("", "+")
    parts = re.split(r"[^0-9]", match[2])
    marks = re.findall(r"[^0-9]", match[2])
    if not marks:
        return _Read(negative, parts[0])
    last, others = marks[-1], set(marks[:-1])
    if last in ".," and not others:
        return _Read(negative, parts[0], parts[1], lone=True)
    if last in f".,{ARABIC_MARK}" and last not in others and len(others) <= 1:
        return _Read(negative, _joined(parts[:-1], others), parts[-1])
    return _Read(negative, _joined(parts, {last, *others}))


def _ascii(text: str) -> str:
    """The text with ASCII digits, one kind of space, and one of apostrophe; raise Unclear for digits of two scripts."""
    scripts = {ord(character) - unicodedata.decimal(character) for character in text if character.isdecimal()}
    if len(scripts) > 1:
        raise Unclear
    text = "".join(str(unicodedata.decimal(character, character)) for character in text)
    return re.sub(f"[{APOSTROPHES}]", "'", re.sub(f"[{SPACES}]", " ", text))


def _joined(groups: list[str], separators: set[str]) -> str:
    """The digits of groups of three that one kind of separator divides; raise Unclear for other groups."""
    if len(separators) > 1 or separators & {ARABIC_MARK}:
        raise Unclear
    first, *rest = groups
    if rest and (len(first) > 3 or first.startswith("0") or any(len(group) != 3 for group in rest)):
        raise Unclear
    return "".join(groups)
