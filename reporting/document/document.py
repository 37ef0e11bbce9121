"""An assessment's snapshot read for people: chapters, tables and charts in the active language.

Pages and the PDF show the same document. It makes no query and has no state: the same snapshot gives the same document.
"""

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from reporting.document import numbers
from reporting.document.parts import BASES, BasisText, Cell, Chapter, Group, Participant, Reply, Result, Taken, Tally
from reporting.results import unnamed
from reporting.results.compute import ladder, read_spread
from reporting.results.scoring import Basis
from scoreboard.data_tables.tables import Table
from scoreboard.models import DataFormColumn
from scoreboard.models.questionnaire import indicator_label
from scoreboard.text import alphabetical

Data = dict[str, Any]


class Document:
    """An assessment's snapshot in parts; each part is read when it is first used."""

    def __init__(self, snapshot: Data):
        self.snapshot = snapshot
        self.edition: Data = snapshot["edition"]
        self.cycle: Data = snapshot["cycle"]
        self.basis = Basis(snapshot["basis"])
        self._results: Data = snapshot["results"]
        self._countries = sorted(snapshot["countries"], key=lambda country: _order(country["name"]))

    @property
    def is_example(self) -> bool:
        """Whether it is made from invented example data, and must say so wherever it shows."""
        return bool(self.cycle["example"])

    @property
    def practices(self) -> list[Data]:
        """The good practice that chapters can print; snapshots from before there was any have none."""
        found: list[Data] = self.snapshot.get("practices", [])
        return found

    @property
    def is_provisional(self) -> bool:
        """Whether the edition's wording awaits an official text."""
        return bool(self.edition.get("provisional"))

    @property
    def language(self) -> str:
        """The language in which the edition's texts are shown."""
        return numbers.language(self.edition["title"])

    @property
    def bases(self) -> list[BasisText]:
        """Both scoring bases in words."""
        return [BasisText(str(name), str(meaning), basis == self.basis) for basis, (name, meaning) in BASES.items()]

    def taken(self, at: datetime) -> "Taken":
        """Return when the answers were taken, to describe a cycle that goes on after that."""
        day = at.astimezone(ZoneInfo(self.cycle["time_zone"])).date()
        deadline, closes = (date.fromisoformat(self.cycle[key]) for key in ("deadline", "closes"))
        return Taken(day, deadline_ahead=day <= deadline, closing_ahead=day <= closes)

    @cached_property
    def chapters(self) -> list[Chapter]:
        """A chapter per area, in the order of the questionnaire."""
        return [self._chapter(area) for area in self.edition["areas"]]

    @property
    def rows(self) -> list[tuple[Result, ...]]:
        """The countries in alphabetical order, each with its results in the order of the areas."""
        return list(zip(*(chapter.results for chapter in self.chapters), strict=True))

    @cached_property
    def participants(self) -> list[Participant]:
        """Every country that takes part, in alphabetical order."""
        reported = [_participant(country, reported=True) for country in self.snapshot["countries"]]
        missing = [_participant(country, reported=False) for country in self.snapshot["not_reported"]]
        return sorted(reported + missing, key=lambda one: alphabetical(one.name))

    @property
    def reported(self) -> list[Participant]:
        """The countries whose answers count."""
        return [one for one in self.participants if one.reported]

    @property
    def not_reported(self) -> list[Participant]:
        """The countries that take part and have no accepted answers."""
        return [one for one in self.participants if not one.reported]

    @property
    def unnamed(self) -> int:
        """How many countries count without a name."""
        return int(self.snapshot.get("unnamed", {}).get("reported", 0))

    @property
    def counted(self) -> int:
        """How many countries count, by name or without."""
        return unnamed.counted(self.snapshot)

    @property
    def taking_part(self) -> int:
        """How many countries take part, named or not."""
        return unnamed.taking_part(self.snapshot)

    @cached_property
    def groups(self) -> list[Group]:
        """The response rate by group, in the groups' alphabetical order."""
        memberships = sorted((name, one.reported) for one in self.participants for name in one.groups)
        groups = [
            (name, [is_in for _name, is_in in members])
            for name, members in groupby(memberships, key=lambda membership: membership[0])
        ]
        return [Group(name, sum(members), len(members)) for name, members in groups]

    @cached_property
    def questionnaire(self) -> list[Data]:
        """The edition's areas, each indicator with its label as people say it: "B7"."""
        return [
            area | {"indicators": [one | {"label": label(area, one)} for one in area["indicators"]]}
            for area in self.edition["areas"]
        ]

    @property
    def overview(self) -> list[tuple[Participant, list[Result]]]:
        """Each country's results in all areas."""
        columns = [chapter.results for chapter in self.chapters]
        return list(zip(self.reported, (list(row) for row in zip(*columns, strict=True)), strict=True))

    def matrix(self, code: str | None = None) -> list[tuple[Participant, list[Cell]]]:
        """Return the answers of each country to each indicator, of one area only if its code is given."""
        wanted = [(area, one) for area, one in _indicators(self.edition) if code in (None, area["code"])]
        begins = {area["indicators"][0]["code"] for area, _one in wanted}
        return [
            (
                _participant(country, reported=True),
                [_cell(one, country["answers"], begins_area=one["code"] in begins) for _area, one in wanted],
            )
            for country in self._countries
        ]

    def replies(self, iso2: str) -> list[tuple[Chapter, Result, list[Reply]]]:
        """Return a country's result and answers by area; raise KeyError for a country that has not reported."""
        answers = {country["iso2"]: country["answers"] for country in self._countries}[iso2]
        return [
            (
                chapter,
                next(result for result in chapter.results if result.iso2 == iso2),
                [_reply(area, indicator, answers) for indicator in area["indicators"]],
            )
            for chapter, area in zip(self.chapters, self.edition["areas"], strict=True)
        ]

    def _chapter(self, area: Data) -> Chapter:
        values = sorted({value for indicator in area["indicators"] for value in ladder(indicator)})
        return Chapter(
            code=area["code"],
            title=str(numbers.text(area["title"])),
            lead=str(numbers.text(area.get("report_lead"))),
            results=[self._result(country, area["code"]) for country in self._countries],
            spread=read_spread(self._results["areas"][area["code"]][self.basis]),
            tallies=[self._tally(area, indicator, values) for indicator in area["indicators"]],
            values=values,
        )

    def _result(self, country: Data, area: str) -> Result:
        found = self._results["countries"][country["iso2"]][area]
        percent = found[self.basis]["percent"]
        return Result(
            iso2=country["iso2"],
            country=str(numbers.text(country["name"])),
            area=area,
            percent=None if percent is None else Fraction(percent),
            scored=found["scored"],
            of=found["of"],
        )

    def _tally(self, area: Data, indicator: Data, values: list[int]) -> Tally:
        found = self._results["indicators"][indicator["code"]]
        return Tally(
            code=indicator["code"],
            label=label(area, indicator),
            title=str(numbers.text(indicator["title"])),
            ladder=ladder(indicator),
            counts=[found["distribution"].get(str(value)) for value in values],
            not_applicable=found["not_applicable"],
            unknown=found["unknown"],
            unanswered=found["unanswered"],
            spread=read_spread(found["percent"]),
        )


def _indicators(edition: Data) -> Iterator[tuple[Data, Data]]:
    return ((area, indicator) for area in edition["areas"] for indicator in area["indicators"])


def label(area: Data, indicator: Data) -> str:
    """The same as `Indicator.label`, from a snapshot."""
    return indicator_label(area["code"], indicator["code"])


def _order(name: Data) -> str:
    return alphabetical(str(numbers.text(name)))


def _participant(country: Data, *, reported: bool) -> Participant:
    return Participant(
        iso2=country["iso2"],
        iso3=country["iso3"],
        name=str(numbers.text(country["name"])),
        groups=[str(numbers.text(group["name"])) for group in country["groups"]],
        reported=reported,
        version=country.get("version"),
        submitted_on=_day(country.get("submitted_on")),
        accepted_on=_day(country.get("accepted_on")),
        imported=country.get("imported", False),
        late=country.get("late", False),
        extended_to=_day(country.get("extended_to")),
        reopened=country.get("reopened", False),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _cell(indicator: Data, answers: Data, *, begins_area: bool = False) -> Cell:
    answer = answers.get(indicator["code"], {})
    kind, level, rungs = answer.get("kind", ""), answer.get("level"), ladder(indicator)
    if kind != "level":
        return Cell(kind, begins_area=begins_area)
    return Cell(kind, level, rungs.index(level), len(rungs) - 1, begins_area)


def _reply(area: Data, indicator: Data, answers: Data) -> Reply:
    answer, rungs = answers.get(indicator["code"], {}), ladder(indicator)
    texts = {level["value"]: level["text"] for level in indicator["levels"]}
    return Reply(
        label=label(area, indicator),
        title=str(numbers.text(indicator["title"])),
        cell=_cell(indicator, answers),
        lowest=rungs[0],
        highest=rungs[-1],
        level_text=str(numbers.text(texts.get(answer.get("level")))),
        reason=answer.get("reason", ""),
        comment=answer.get("comment", ""),
        withheld=answer.get("withheld", False),
        figures=_figures(indicator.get("data_form"), answer.get("figures")),
        figures_withheld=answer.get("figures_withheld", False),
        not_offered=answer.get("kind") == "not_applicable" and not indicator.get("not_applicable", True),
    )


def _figures(form: Data | None, rows: list[Data] | None) -> Table | None:
    """The rows of a data form, from a snapshot."""
    if not form or not rows:
        return None
    columns = [
        DataFormColumn(
            code=one["code"], kind=one["kind"], title=numbers.text(one["title"]), choices=one.get("choices", [])
        )
        for one in form["columns"]
    ]
    return Table(str(numbers.text(form["title"])), columns, rows, form.get("checks", []))
