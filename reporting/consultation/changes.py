"""What changed in a country's pages between two builds: its results and answers, and the passages that it is shown."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from operator import attrgetter

from django.utils.translation import gettext as _

from reporting.consultation.pages import CountryPages, OwnPassage
from reporting.document.references import NONE, in_words
from reporting.results.scoring import rounded


@dataclass(frozen=True)
class ChangedValue:
    """Something that is different now: what it is, and both values in words."""

    title: str
    before: str
    now: str


@dataclass(frozen=True)
class ChangedPassage:
    """A passage that differs; without `before` it is new, without `now` it is no longer shown."""

    before: OwnPassage | None
    now: OwnPassage | None


@dataclass(frozen=True)
class Changes:
    """What changed in a country's pages."""

    values: list[ChangedValue] = field(default_factory=list)
    passages: list[ChangedPassage] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.values or self.passages)


def between(before: CountryPages, now: CountryPages) -> Changes:
    """Return what changed in a country's pages from one build to another."""
    return Changes(list(_values(before, now)), list(_passages(before.passages, now.passages)))


def _values(before: CountryPages, now: CountryPages) -> list[ChangedValue]:
    old, new = _by_title(before), _by_title(now)
    titles = [*new, *(title for title in old if title not in new)]
    pairs = [(title, old.get(title, NONE), new.get(title, NONE)) for title in titles]
    return [ChangedValue(title, was, is_now) for title, was, is_now in pairs if was != is_now]


def _by_title(pages: CountryPages) -> dict[str, str]:
    """The country's results, levels and texts in words, each under a title."""
    found = {}
    for area in pages.areas:
        percent = NONE if area.result.percent is None else str(rounded(area.result.percent))
        found[_("Percent in area %(code)s") % {"code": area.code}] = in_words("percent", percent)
        for answer in area.answers:
            reply = answer.reply
            level = reply.cell.kind if reply.cell.level is None else str(reply.cell.level)
            found[_("Level of %(label)s") % {"label": reply.label}] = in_words("level", level)
            for title, text in (
                (_("Comment on %(label)s"), reply.comment),
                (_("Reason given for %(label)s"), reply.reason),
            ):
                found[title % {"label": reply.label}] = text or NONE
    return found


def _passages(before: list[OwnPassage], now: list[OwnPassage]) -> list[ChangedPassage]:
    old, new = _by_chapter(before), _by_chapter(now)
    found = []
    for chapter in [*new, *(key for key in old if key not in new)]:
        was, is_now = old.get(chapter, []), new.get(chapter, [])
        matcher = SequenceMatcher(None, [one.words for one in was], [one.words for one in is_now], autojunk=False)
        for tag, from_, to, first, end in matcher.get_opcodes():
            if tag != "equal":
                found += [ChangedPassage(*pair) for pair in zip_longest(was[from_:to], is_now[first:end])]
    return found


def _by_chapter(passages: list[OwnPassage]) -> dict[str, list[OwnPassage]]:
    return {key: list(some) for key, some in groupby(passages, key=attrgetter("passage.chapter"))}
