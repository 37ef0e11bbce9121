"""What an address of the explore page asks for: read leniently, named where it is unknown, written in one form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.text import slugify
from django.utils.translation import gettext as _

from reporting.document import numbers
from reporting.models import PublishedArea, PublishedCountry, PublishedIndicator, PublishedIssue
from reporting.published.rounds import Rounds, questionnaires
from scoreboard.models.people import Person
from scoreboard.text import alphabetical, number

MOST_COMPARED = 5
KINDS = ("unknown", "not_applicable", "unanswered")  # what `level` can be besides a level
CHANGES = ("rose", "fell")
SORTS = ("country", "area", "indicator", "cycle")  # never by a value
WORDS = ("instrument", "area", "indicator", "cycles", "subregion", "group", "level", "change", "compare", "sort")
Query = Mapping[str, Sequence[str]]
FORMATS = ("csv", "xlsx", "json", "svg", "png")


@dataclass(frozen=True)
class Item:
    """What a row is about: an area, or an indicator; its code is that of the latest cycle."""

    code: str
    label: str
    title: Any  # by language
    is_area: bool
    ladder: tuple[int, ...] = ()


@dataclass(frozen=True)
class Known:
    """What can be asked for: the rounds of one questionnaire, their countries, groups and sub-regions."""

    rounds: Rounds
    others: Sequence[Rounds]
    countries: dict[str, PublishedCountry]  # as in the latest cycle in which each reported, by name

    @property
    def areas(self) -> dict[str, PublishedArea]:
        """The areas of the latest cycle by code."""
        return self.rounds.areas

    @property
    def indicators(self) -> dict[str, PublishedIndicator]:
        """The indicators of the latest cycle by code."""
        return self.rounds.indicators

    @property
    def subregions(self) -> dict[str, str]:
        """The sub-regions of the countries by their word in addresses."""
        names = sorted({one.subregion for one in self.countries.values() if one.subregion})
        return {slugify(name): name for name in names}

    @property
    def groups(self) -> dict[str, str]:
        """The names of the groups of the countries by code."""
        found = {group["code"]: group["name"] for one in self.countries.values() for group in one.groups}
        return {code: str(numbers.text(found[code])) for code in sorted(found)}


@dataclass(frozen=True)
class View:
    """A view of the results: what it shows, and in `unknown` a sentence for each thing asked for that is not there."""

    known: Known
    items: Sequence[Item]
    issues: Sequence[PublishedIssue]  # the earliest first
    area: str = ""  # "all" for every area; empty with one indicator
    indicator: str = ""  # "all" for every one of the area
    subregion: str = ""
    group: str = ""
    level: str = ""
    change: str = ""
    compare: tuple[str, ...] = ()
    sort: str = "country"
    page: int = 1
    unknown: list[str] = field(default_factory=list)

    def query(self, **others: Any) -> str:
        """Return the query string of this view, or of one that differs in `others`; what is usual is left out."""
        view = replace(self, **{key: value for key, value in others.items() if key != "format"})
        rounds, first = view.known.rounds, next(iter(view.known.areas), "")
        values = {
            "instrument": rounds.instrument if view.known.others and rounds is not view.known.others[0] else "",
            "area": "" if view.area == first and not view.indicator else view.area,
            "indicator": view.indicator,
            "cycles": "" if list(view.issues) == rounds.issues else ",".join(one.cycle_code for one in view.issues),
            "compare": ",".join(view.compare),
            "sort": "" if view.sort == "country" else view.sort,
            "page": "" if view.page == 1 else str(view.page),
            "format": others.get("format", ""),
        }
        values |= {name: getattr(view, name) for name in ("subregion", "group", "level", "change")}
        found = [(name, values[name]) for name in (*WORDS, "page", "format") if values[name]]
        return urlencode(found, safe=",", quote_via=quote)


def known(reader: Person, instrument: str = "") -> Known | None:
    """Return what the reader can ask for of a questionnaire, by default that of the latest cycle; None if nothing."""
    every = questionnaires(reader)
    if not every:
        return None
    rounds = next((one for one in every if one.instrument == instrument), every[0])
    reported = PublishedCountry.objects.filter(issue__in=rounds.issues, reported=True).order_by("issue__opens")
    latest = {one.iso2: one for one in reported}
    by_name = sorted(latest.values(), key=lambda one: alphabetical(numbers.text(one.name)))
    return Known(rounds, every, {one.iso2: one for one in by_name})


def read(query: Query, reader: Person) -> View | None:
    """Return the view that the values of a query string ask for, None while nothing is published."""
    asked = {name: values(query, name) for name in (*WORDS, "show", "page")}
    found = known(reader, asked["instrument"][-1] if asked["instrument"] else "")
    if found is None:
        return None
    unknown = [
        _("“%s” is nothing that this page can be asked for.") % name
        for name in query
        if name not in (*WORDS, "show", "page", "format")
    ]
    if asked["instrument"] and asked["instrument"][-1] != found.rounds.instrument:
        unknown.append(_("There is no questionnaire “%s”.") % asked["instrument"][-1])
    reading = _Reading(found, asked, unknown)
    area, indicator = reading.subject()
    items = _items(found, area, indicator)
    issues = reading.cycles()
    return View(
        known=found,
        items=items,
        issues=issues,
        area=area,
        indicator=indicator,
        subregion=reading.one("subregion", found.subregions, _("There is no sub-region “%s”.")),
        group=reading.one("group", found.groups, _("There is no group “%s”.")),
        level=reading.level(items),
        change=reading.one("change", CHANGES, _("Countries can have risen or fallen, not “%s”.")),
        compare=reading.compare(),
        sort=reading.one("sort", SORTS, _("Rows are not sorted by “%s”.")) or "country",
        page=reading.page(),
        unknown=unknown,
    )


def cycle_choices(view: View) -> tuple[list[tuple[str, str]], str]:
    """Return what the form offers for cycles, and which of it the view has."""
    codes = [one.cycle_code for one in view.known.rounds.issues]
    choices = [("", _("All cycles"))]
    if len(codes) > 2:
        choices.append((",".join(codes[-2:]), _("%(then)s and %(now)s") % {"then": codes[-2], "now": codes[-1]}))
    if len(codes) > 1:
        choices += [(code, code) for code in reversed(codes)]
    shown = [one.cycle_code for one in view.issues]
    chosen = "" if shown == codes else ",".join(shown)
    if chosen not in dict(choices):
        choices.append((chosen, ", ".join(shown)))
    return choices, chosen


def level_choices(view: View) -> list[tuple[str, str]]:
    """Return the answers that the form offers to filter by."""
    rungs = sorted({rung for item in view.items for rung in item.ladder})
    words = {"unknown": _("Unknown"), "not_applicable": _("Not applicable"), "unanswered": _("Not answered")}
    return [(str(rung), _("Level %d") % rung) for rung in rungs] + [(kind, words[kind]) for kind in KINDS]


class _Reading:
    """The values of an address; each method returns what they ask for and notes what is unknown."""

    def __init__(self, found: Known, asked: dict[str, list[str]], unknown: list[str]):
        self.known, self.asked, self.unknown = found, asked, unknown

    def one(self, name: str, possible: Any, sentence: str) -> str:
        """Return the last value of a name if it is possible."""
        values = self.asked[name]
        if not values:
            return ""
        value = values[-1].lower()
        if value in possible:
            return value
        self.unknown.append(sentence % values[-1])
        return ""

    def subject(self) -> tuple[str, str]:
        """Return the area and the indicator, of which the form has one field."""
        area = self.asked["area"][-1] if self.asked["area"] else ""
        indicator = self.asked["indicator"][-1] if self.asked["indicator"] else ""
        for value in self.asked["show"][-1:]:
            kind, _dash, code = value.partition("-")
            area, indicator = (code, "") if kind == "area" else ("", code) if kind == "indicator" else (area, indicator)
            if kind == "all":  # the indicators of an area
                area, indicator = code, "all"
        codes = {code.casefold(): code for code in self.known.areas} | {"all": "all"}
        if area and area.casefold() not in codes:
            self.unknown.append(_("There is no area “%s”.") % area)
            area = ""
        area = codes.get(area.casefold(), "")
        if indicator and indicator.casefold() != "all":
            names = {one.label.casefold(): code for code, one in self.known.indicators.items()}
            names |= {code.casefold(): code for code in self.known.indicators}
            code = names.get(indicator.casefold(), "")
            if not code:
                self.unknown.append(_("There is no indicator “%s”.") % indicator)
            elif area not in ("", "all", self.known.indicators[code].area):
                self.unknown.append(_("Indicator %(code)s is not in area %(area)s.") % {"code": code, "area": area})
            if code:
                return "", code
            indicator = ""
        first = next(iter(self.known.areas), "")
        return area or first, "all" if indicator else ""

    def cycles(self) -> list[PublishedIssue]:
        """Return the issues of the cycles named, all if none is."""
        issues = {one.cycle_code.casefold(): one for one in self.known.rounds.issues}
        named = {code.casefold() for code in self.asked["cycles"]}
        self.unknown += [
            _("There is no published cycle “%s”.") % one for one in self.asked["cycles"] if one.casefold() not in issues
        ]
        return [one for code, one in issues.items() if code in named] or list(self.known.rounds.issues)

    def level(self, items: Sequence[Item]) -> str:
        """Return the level or other answer to filter by, which only indicators have."""
        if not self.asked["level"]:
            return ""
        value = self.asked["level"][-1].lower()
        possible = {str(rung) for item in items for rung in item.ladder} | set(KINDS)
        if all(item.is_area for item in items):
            self.unknown.append(_("Only answers to indicators have a level: choose an indicator to filter by one."))
        elif value not in possible:
            self.unknown.append(_("No level is called “%s”.") % value)
        else:
            return value
        return ""

    def compare(self) -> tuple[str, ...]:
        """Return the countries to compare, at most five, by code."""
        asked = {one.upper() for one in self.asked["compare"]}
        self.unknown += [
            _("No country “%s” has reported.") % one for one in sorted(asked - self.known.countries.keys())
        ]
        found = sorted(asked & self.known.countries.keys())
        if len(found) > MOST_COMPARED:
            names = ", ".join(str(numbers.text(self.known.countries[one].name)) for one in found[MOST_COMPARED:])
            self.unknown.append(_("Five countries are compared at most; left out: %s.") % names)
        return tuple(found[:MOST_COMPARED])

    def page(self) -> int:
        """Return the number of the page."""
        asked = self.asked["page"][-1:]
        value = number(asked[0]) if asked else 1
        if not value:
            self.unknown.append(_("There is no page “%s”.") % asked[0])
        return value or 1


def values(query: Query, name: str) -> list[str]:
    """Return the values of a name, which can be given several times or with commas."""
    parts = (part.strip() for value in query.get(name, []) for part in value.split(","))
    return [part[:60] for part in parts if part]


def _items(found: Known, area: str, indicator: str) -> list[Item]:
    if not indicator:
        return [
            Item(one.code, one.code, one.title, is_area=True)
            for one in found.areas.values()
            if area in ("all", one.code)
        ]
    return [
        Item(one.code, one.label, one.title, is_area=False, ladder=tuple(one.ladder))
        for one in found.indicators.values()
        if indicator == one.code or (indicator == "all" and area in ("all", one.area))
    ]
