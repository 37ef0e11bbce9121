"""Which countries a passage of a text concerns, by rule: it shows a figure or words of theirs, or it names them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reporting.document import richtext
from reporting.document.document import Document
from reporting.document.references import Item, Names, Unknown, in_words
from reporting.document.richtext import Live, Narrative
from scoreboard.models import Country
from scoreboard.text import INVISIBLE, alphabetical

_ALIKE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-"})


@dataclass(frozen=True)
class Found:
    """A passage as it was typed, where it begins, and the countries whose figures it has and those that it names."""

    chapter: str
    line: int
    text: str
    referred: list[str]
    named: list[str]


class CountryNames:
    """The names of countries in all languages, found in a text as whole words, whatever their case and accents."""

    def __init__(self, names: Mapping[str, Iterable[str]]):
        self._countries: dict[str, set[str]] = {}
        for iso2, all_names in names.items():
            for name in all_names:
                if folded := _folded(name):
                    self._countries.setdefault(folded, set()).add(iso2)
        # The longest first: “Guinea-Bissau” does not name Guinea.
        some = "|".join(re.escape(name) for name in sorted(self._countries, key=lambda name: (-len(name), name)))
        self._pattern = re.compile(rf"(?<!\w)(?:{some})(?!\w)") if some else None

    def within(self, text: str) -> list[str]:
        """Return the countries that a text names, by ISO code."""
        names = {found[0] for found in self._pattern.finditer(_folded(text))} if self._pattern else set()
        return sorted({iso2 for name in names for iso2 in self._countries[name]})


def registered_names(snapshot: dict[str, Any]) -> dict[str, list[str]]:
    """Return the names of all countries of the portal and of a snapshot, in every language, by ISO code."""
    of_snapshot = [(one["iso2"], one["name"]) for one in [*snapshot["countries"], *snapshot["not_reported"]]]
    registered = [(country.iso2, country.name.data) for country in Country.objects.all()]
    found: dict[str, list[str]] = {}
    for iso2, name in [*registered, *of_snapshot]:
        found.setdefault(iso2, []).extend(name.values() if isinstance(name, dict) else [str(name)])
    return found


def passages(snapshot: dict[str, Any], texts: Mapping[str, str], names: Mapping[str, Iterable[str]]) -> Iterator[Found]:
    """Yield the passages of the texts, given by chapter, in their order; tables and charts are none.

    `names` are those of each country by its ISO code.
    """
    shown, countries = Names(Document(snapshot)), CountryNames(names)
    for chapter, text in texts.items():
        for block in richtext.blocks(text):
            narrative = Narrative(block.source)
            items = [item for live in narrative.live if (item := find(shown, live))]
            if any(item.kind in ("table", "figure") for item in items):
                continue  # countries see their own row and mark instead
            words = narrative.words(lambda live: in_the_text(find(shown, live), live))
            referred = sorted({item.country for item in items if item.country})
            yield Found(chapter, block.line, block.source, referred, countries.within(words))


def find(names: Names, live: Live) -> Item | None:
    """Return what a live name shows, None if nothing has it."""
    try:
        return names.find(live.name)
    except Unknown:
        return None


def in_the_text(item: Item | None, live: Live) -> str:
    """Return a live name as its text shows it."""
    return in_words(item.kind, item.value) if item else f"[[{live.name}]]"


def _folded(text: str) -> str:
    return " ".join(alphabetical(INVISIBLE.sub("", text).translate(_ALIKE)).split())
