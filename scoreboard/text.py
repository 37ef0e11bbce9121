"""Typed text made clean, without invisible characters and odd spaces; texts in several languages in the reader's."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from scoreboard.errors import Invalid

MAX_TEXT = 20_000  # characters of a comment, reason or question: some ten pages
AROUND = 90  # letters shown before and after what a search found
MAX_NUMBER = 2**63 - 1  # the largest that either database holds

# Unicode's Default_Ignorable_Code_Point: characters that are drawn as nothing (zero-width spaces, direction marks,
# soft hyphens, the byte order mark…); and the marks of annotations, which no program draws either.
_JOINERS = "\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef"
_OTHERS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
INVISIBLE = re.compile(f"[{_OTHERS}{_JOINERS}]")
# Letters of Europe and around the Mediterranean that Unicode does not take apart into a letter and a mark.
_STROKES = str.maketrans(
    {"ı": "i", "đ": "d", "ð": "d", "ł": "l", "ø": "o", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)
_WITHOUT_JOINERS = re.compile(f"[{_OTHERS}]")

# The characters that Word uses for bullets and line breaks in pasted text.
_BULLET = re.compile(
    "^([ \t]*)[\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf0a8\uf02d\uf0e0\uf071\uf06e\uf075][ \t\u00a0]*", re.MULTILINE
)
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028]")
# Control characters, without NUL, which is refused instead.
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1d\x7f]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL and surrogates
_SIGNS = str.maketrans(
    {
        "\x1e": "\u2011",  # a hyphen at which no line breaks
        "\x1f": None,  # a hyphen that shows only at the end of a line
        "\uf0b7": "•",
        "\uf0a7": "▪",
        "\uf0d8": "➢",
        "\uf0fc": "✓",
        "\uf0e0": "→",
    }
)


def localised(data: Any) -> LazyI18nString:
    """Return a text that JSON stores, an object from language to text, to be shown in the reader's language.

    Where that is missing it falls back to the language in which the model's own texts are shown: i18nfield takes the
    portal's, else the first in alphabetical order, in which it stores them. PostgreSQL would order an object otherwise.
    """
    return LazyI18nString(dict(sorted(data.items())) if isinstance(data, dict) else data)


def lines(text: str) -> str:
    """Return a text of several lines with the bullets and line breaks of Word as everybody writes them.

    A bullet at the beginning of a line becomes "- ", which rich text shows as a list.
    """
    text = _CONTROLS.sub("", _BREAK.sub("\n", text).replace("\u2029", "\n\n"))
    return _BULLET.sub(r"\1- ", text).translate(_SIGNS)


def one_line(text: str, *, keep_joiners: bool = False) -> str:
    """Return a text for a field of one line: no invisible characters, and one space for any white space.

    `keep_joiners` leaves the characters that shape Persian and Indic words and emoji; a text of only these is empty.
    Word's bullets at the start are removed, and its other signs become usual ones.
    """
    if is_blank(text):
        return ""
    text = _CONTROLS.sub("", (_WITHOUT_JOINERS if keep_joiners else INVISIBLE).sub("", text))
    return " ".join(_BULLET.sub("", text).translate(_SIGNS).split())


def stripped(text: str) -> str:
    """Return a text for a field of several lines: its `lines` without white space around; empty if it is blank."""
    return "" if is_blank(text) else lines(text).strip()


def required(text: str, missing: str) -> str:
    """Return a compulsory text, `stripped`; raise Invalid with the sentence `missing` if it is blank."""
    if is_blank(text):
        raise Invalid(missing)
    return stripped(text)


def is_blank(text: str) -> bool:
    """Whether a text holds nothing but white space and invisible characters."""
    return not _CONTROLS.sub("", INVISIBLE.sub("", text)).strip()


def number(text: str) -> int | None:
    """Return the number in a field or an address; None for anything else and for one that no database stores."""
    found = int(text) if re.fullmatch("[0-9]{1,19}", text) else None
    return None if found is None or found > MAX_NUMBER else found


def alphabetical(name: object) -> str:
    """Return the key by which names are sorted as their reader sees them: without case, accents and strokes."""
    plain = unicodedata.normalize("NFKD", str(name))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold().translate(_STROKES)


def folded(*texts: str | Mapping[str, str] | None) -> str:
    """Return texts as searches compare them, letter by letter: on one line, without case and accents.

    Both databases find the same in it. Of a text by language each one counts, and what is there twice counts once.
    """
    found: list[str] = []
    for text in texts:
        found += [text] if isinstance(text, str) else (text or {}).values()
    return " ".join(alphabetical(one_line(each.replace("\0", ""))) for each in dict.fromkeys(found) if each)


def excerpt(text: str, words: Sequence[str]) -> str:
    """Return the part of a text around the first of these folded words, cut between words where there are several.

    Folding can shift it by some letters.
    """
    line = one_line(text)
    at = max(0, alphabetical(line).find(words[0]))
    start, end = max(0, at - AROUND), at + AROUND
    if start:
        start = line.find(" ", start, at) + 1 or start
    if end < len(line):
        end = max(line.rfind(" ", at, end), 0) or end
    return f"{'… ' if start else ''}{line[start:end]}{' …' if end < len(line) else ''}"


def require_storable(text: str, most: int = MAX_TEXT) -> None:
    """Raise Invalid for a text of more than `most` characters, or with one that no database stores."""
    if len(text) > most:
        raise Invalid(
            _("The text has %(length)s characters; shorten it to %(most)s.") % {"length": len(text), "most": most}
        )
    if _UNSTORABLE.search(text):
        raise Invalid(_("The text holds a character that cannot be stored; type it again."))
