"""Texts and numbers of a snapshot in the active language; rounding happens here, once."""

import unicodedata
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.formats import date_format, number_format
from i18nfield.strings import LazyI18nString

from reporting.results.scoring import rounded
from scoreboard.text import localised


def text(data: Any) -> LazyI18nString:
    """Return the text of a snapshot (a dictionary by language, or nothing) to be shown in the active language."""
    return localised(data or "")


def number(value: Fraction | str | None) -> str:
    """Return an exact value ("2000/27") with one decimal, half up, as the active language writes it; "" for None."""
    if value is None:
        return ""
    return number_format(rounded(Fraction(value)), decimal_pos=1, force_grouping=False)


def amount(value: Decimal) -> str:
    """Return a count or a sum with all its digits, its thousands separated as the active language does."""
    return number_format(value, use_l10n=True, force_grouping=True)


def day(iso: str) -> str:
    """Return the day of a snapshot ("2026-03-31") as the active language writes it."""
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")


def direction(words: str) -> str:
    """Return "rtl" or "ltr", as the first letter that has a direction asks: what browsers do for `dir="auto"`."""
    for letter in words:
        if (found := unicodedata.bidirectional(letter)) in ("L", "R", "AL"):
            return "ltr" if found == "L" else "rtl"
    return "ltr"


def language(data: dict[str, str]) -> str:
    """Return the language in which a text of a snapshot is shown under the active one."""
    return str(text({code: code for code in data}))
