"""What a narrative can show by its name, [[mean A]] or [[table A]]: looked up in the document, with its value now."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from reporting.document import changes, numbers
from reporting.document.document import Document
from reporting.document.parts import KINDS, STATISTICS, Chapter, Participant, Reply, Tally
from reporting.results.scoring import Spread, rounded
from scoreboard.submissions.versions import digest

Kind = Literal["percent", "count", "amount", "level", "quotation", "table", "figure", "hidden", "practice"]

NONE = "–"


class Unknown(LookupError):
    """Nothing has this name, or it must not be shown; says so in a sentence."""


@dataclass(frozen=True)
class Item:
    """Something that can be shown: its name, in words what it is, and its value, the same in every language.

    A number is as it would be printed, a table's or a chart's value a digest of its numbers. `of` is what a block
    is about: an area, or nothing for the whole. `country` is whose figure or words it is, by ISO code; `over` of how
    many countries' answers a figure of the whole is made, None if it says nothing of answers.
    """

    name: str
    title: str
    kind: Kind
    value: str
    of: Chapter | None = None
    country: str = ""
    over: int | None = None

    @property
    def is_block(self) -> bool:
        """Whether it takes a paragraph by itself."""
        return self.kind in ("quotation", "table", "figure", "practice")


def in_words(kind: Kind, value: str) -> str:
    """Return a value in words of the active language; nothing for tables and charts, whose value is a digest."""
    if kind in ("table", "figure"):
        return ""
    if kind == "level":
        return str(KINDS.get(value, value))
    if kind == "amount" and value != NONE:
        return numbers.amount(Decimal(value))
    return number_format(value, force_grouping=False) if kind in ("percent", "count") and value != NONE else value


class Names:
    """Everything in a document that has a name."""

    def __init__(self, document: Document):
        self.document = document
        self._areas = {chapter.code.upper(): chapter for chapter in document.chapters}
        self._countries = {one.iso2: one for one in document.reported}
        self._indicators = {
            tally.label.upper(): (chapter, tally) for chapter in document.chapters for tally in chapter.tallies
        }

    def find(self, name: str) -> Item:
        """Return what has this name; raise Unknown, with a sentence, if nothing has or it must not be shown."""
        head, _colon, words = (part.strip() for part in name.partition(":"))
        verb, *rest = head.split() or [""]
        look_up = self._verbs.get((verb.lower(), len(rest)))
        if look_up is None or (words and verb.lower() != "comment"):
            raise Unknown(_("There is nothing named “%(name)s”. The names are listed below the text.") % {"name": name})
        return look_up(*(part.upper() for part in rest), **({"words": words} if words else {}))

    def everywhere(self) -> list[Item]:
        """Return what belongs to no single area, and the overall figures of each."""
        return self._found(["countries", "participants", "table areas", "figure areas", *self._overall(self._areas)])

    def of_area(self, code: str) -> list[tuple[str, list[Item]]]:
        """Return what an area has under headings: overall figures, indicators, countries, and what can be quoted."""
        chapter = self._areas[code.upper()]
        labels = [tally.label for tally in chapter.tallies]
        quoted = [
            self._comment_item(country, reply, "")
            for country in self._countries.values()
            for reply in self._replies[country.iso2].values()
            if reply.label in labels and reply.comment
        ]
        blocks = [f"{verb} {chapter.code}" for verb in ("table", "figure", "levels")]
        return [
            (_("All countries"), self._found([*self._overall([chapter.code]), *blocks])),
            (_("Indicators"), self._found(f"mean {label}" for label in labels)),
            (_("Countries"), self._found(f"percent {iso2} {chapter.code}" for iso2 in self._countries)),
            (_("Figures"), self._found(self._sums(labels))),
            (_("Comments to quote"), quoted),
            (_("Good practice"), self.practices(labels)),
        ]

    @property
    def sample(self) -> dict[str, str | int]:
        """Return an area, an indicator with a level of it, and a country, to show how names are made."""
        area = self.document.chapters[0]
        tally, country = area.tallies[0], next((one.iso2 for one in self.document.reported), "XX")
        return {"area": area.code, "label": tally.label, "level": tally.ladder[-1], "country": country}

    def _found(self, names: Iterable[str]) -> list[Item]:
        return [self.find(name) for name in names]

    def _overall(self, codes: Iterable[str]) -> Iterator[str]:
        return (f"{statistic} {code}" for code in codes for statistic in ("mean", "median", "lowest", "highest", "n"))

    def _sums(self, labels: Iterable[str]) -> Iterator[str]:
        """The names of the sums of tables of figures: of each column, then of its parts."""
        for label in labels:
            for name, _title, _total in changes.sums(self.document, self._indicators[label.upper()][1].code):
                yield f"sum {label} {name}"

    @cached_property
    def _verbs(self) -> Mapping[tuple[str, int], Callable[..., Item]]:
        """What looks a name up, by its first word and how many follow."""

        def statistic(code: str) -> Callable[..., Item]:
            return lambda of: self._statistic(code, of)

        return {
            ("countries", 0): lambda: self._count("countries", _("Countries counted"), self.document.counted),
            ("participants", 0): lambda: self._count(
                "participants", _("Participating countries"), self.document.taking_part
            ),
            **{(code, 1): statistic(code) for code in [*STATISTICS, "n"]},
            ("percent", 2): self._percent,
            ("level", 2): self._level,
            ("countries", 2): self._chose,
            ("comment", 2): self._comment,
            ("sum", 2): self._total,
            ("sum", 3): self._total,
            ("sum", 4): self._total,
            ("table", 1): self._table,
            ("figure", 1): self._figure,
            ("levels", 1): self._levels,
            ("practice", 1): self._practice,
        }

    @staticmethod
    def _count(name: str, title: str, n: int) -> Item:
        return Item(name, title, "count", str(n))

    def _statistic(self, code: str, of: str) -> Item:
        spread, about, label = self._spread(of)
        if code == "n":
            return self._count(f"n {label}", _("%(about)s: n") % {"about": about}, spread.n if spread else 0)
        value = str(rounded(getattr(spread, code))) if spread else NONE
        title = _("%(about)s: %(statistic)s") % {"about": about, "statistic": STATISTICS[code]}
        of_one = code in ("lowest", "highest")  # the value of a single country
        return Item(f"{code} {label}", title, "percent", value, over=1 if of_one else spread.n if spread else 0)

    def _spread(self, of: str) -> tuple[Spread | None, str, str]:
        """The spread of the countries in an area or an indicator, with its title and its label."""
        if of in self._areas:
            chapter = self._areas[of]
            return chapter.spread, _about(chapter), chapter.code
        _chapter, tally = self._indicator(of)
        return tally.spread, f"{tally.label} · {tally.title}", tally.label

    def _percent(self, iso2: str, code: str) -> Item:
        country, chapter = self._country(iso2), self._area(code)
        result = next(one for one in chapter.results if one.iso2 == iso2)
        value = NONE if result.percent is None else str(rounded(result.percent))
        title = _("%(country)s: percent in area %(code)s") % {"country": country.name, "code": chapter.code}
        return Item(f"percent {iso2} {chapter.code}", title, "percent", value, country=iso2)

    def _level(self, iso2: str, label: str) -> Item:
        country, reply = self._reply(iso2, label)
        value = reply.cell.kind if reply.cell.level is None else str(reply.cell.level)
        title = _("%(country)s: level of %(label)s") % {"country": country.name, "label": reply.label}
        return Item(f"level {iso2} {reply.label}", title, "level", value, country=iso2)

    def _chose(self, label: str, level: str) -> Item:
        chapter, tally = self._indicator(label)
        if not level.isdecimal() or int(level) not in tally.ladder:
            raise Unknown(_("%(label)s has no level %(level)s.") % {"label": tally.label, "level": level})
        n = tally.counts[chapter.values.index(int(level))] or 0
        title = _("Countries on level %(level)s of %(label)s") % {"level": level, "label": tally.label}
        return replace(self._count(f"countries {tally.label} {level}", title, n), over=tally.n)

    def _total(self, label: str, *words: str) -> Item:
        _chapter, tally = self._indicator(label)
        wanted = " ".join(words).lower()
        for name, title, total in changes.sums(self.document, tally.code):
            if name.lower() == wanted:
                named, titled = f"sum {tally.label} {name}", f"{tally.label} · {title}"
                return Item(named, titled, "amount", f"{total.total:f}", over=total.countries)
        raise Unknown(_("No country gave figures to %(label)s that are named so.") % {"label": tally.label})

    def _comment(self, iso2: str, label: str, words: str = "") -> Item:
        country, reply = self._reply(iso2, label)
        named = {"country": country.name, "label": reply.label}
        if reply.withheld:
            raise Unknown(_("The comment of %(country)s on %(label)s is withheld and cannot be quoted.") % named)
        if not reply.comment:
            raise Unknown(_("%(country)s made no comment on %(label)s.") % named)
        if _squeezed(words) not in _squeezed(reply.comment):
            raise Unknown(_("The comment of %(country)s on %(label)s does not have the words that are quoted.") % named)
        return self._comment_item(country, reply, words)

    @staticmethod
    def _comment_item(country: Participant, reply: Reply, words: str) -> Item:
        name = f"comment {country.iso2} {reply.label}" + (f": {words}" if words else "")
        title = _("%(country)s on %(label)s") % {"country": country.name, "label": reply.label}
        return Item(name, title, "quotation", words or reply.comment, country=country.iso2)

    def _table(self, of: str) -> Item:
        results = self.document.snapshot["results"]
        if of == "AREAS":
            return Item("table areas", _("Table of overall figures by area"), "table", _sum(results["areas"]))
        chapter = self._area(of)
        title = _("Table of answers by indicator, area %(code)s") % {"code": chapter.code}
        return Item(f"table {chapter.code}", title, "table", self._tallied(chapter), chapter)

    def _figure(self, of: str) -> Item:
        results = self.document.snapshot["results"]
        if of == "AREAS":
            return Item("figure areas", _("Chart of overall results by area"), "figure", _sum(results["areas"]))
        chapter = self._area(of)
        value = _sum([results["areas"][chapter.code], {k: v[chapter.code] for k, v in results["countries"].items()}])
        title = _("Chart of percentages by country, area %(code)s") % {"code": chapter.code}
        return Item(f"figure {chapter.code}", title, "figure", value, chapter)

    def _levels(self, of: str) -> Item:
        chapter = self._area(of)
        title = _("Chart of levels by indicator, area %(code)s") % {"code": chapter.code}
        return Item(f"levels {chapter.code}", title, "figure", self._tallied(chapter), chapter)

    def practices(self, labels: Collection[str] = ()) -> list[Item]:
        """Return the good practice that can be printed: all of it, or that on the indicators with these labels."""
        codes = {tally.code for _chapter, tally in self._indicators.values() if tally.label in labels}
        return [
            self._practice(str(one["id"]))
            for one in self.document.practices
            if not labels or codes & set(one["indicators"])
        ]

    def _practice(self, number: str) -> Item:
        found = next((one for one in self.document.practices if str(one["id"]) == number), None)
        if found is None:
            raise Unknown(
                _(
                    "No published good practice has the number %(number)s. What is published later comes in when the "
                    "answers are consolidated again."
                )
                % {"number": number}
            )
        words = {"signer": numbers.text(found["signed"]), "title": found["title"]}
        title = _("Good practice of %(signer)s: %(title)s") % words
        return Item(f"practice {number}", title, "practice", found["text"], country=found["country"] or "")

    def _tallied(self, chapter: Chapter) -> str:
        results = self.document.snapshot["results"]["indicators"]
        return _sum([results[tally.code] for tally in chapter.tallies])

    def _area(self, code: str) -> Chapter:
        if code not in self._areas:
            raise Unknown(_("There is no area %(code)s in this questionnaire.") % {"code": code})
        return self._areas[code]

    def _indicator(self, label: str) -> tuple[Chapter, Tally]:
        if label not in self._indicators:
            raise Unknown(_("There is no area or indicator %(label)s in this questionnaire.") % {"label": label})
        return self._indicators[label]

    def _country(self, iso2: str) -> Participant:
        if iso2 not in self._countries:
            raise Unknown(_("No country with the code %(code)s is counted in this assessment.") % {"code": iso2})
        return self._countries[iso2]

    def _reply(self, iso2: str, label: str) -> tuple[Participant, Reply]:
        country, (_chapter, tally) = self._country(iso2), self._indicator(label)
        return country, self._replies[iso2][tally.label]

    @cached_property
    def _replies(self) -> dict[str, dict[str, Reply]]:
        """Each country's answers by the label of their indicator."""
        return {
            iso2: {reply.label: reply for _chapter, _result, given in self.document.replies(iso2) for reply in given}
            for iso2 in self._countries
        }


def _about(chapter: Chapter) -> str:
    return _("Area %(code)s") % {"code": chapter.code}


def _squeezed(words: str) -> str:
    return re.sub(r"\s+", " ", words)


def _sum(data: Any) -> str:
    return digest(data)[:16]
