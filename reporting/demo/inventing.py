"""Invented answers of a country: levels that follow a tendency, comments, figures and plans; the same each time."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from reporting.demo.material import Material
from scoreboard.models import Country, DataForm, DataFormColumn, Indicator
from scoreboard.submissions import previous_cycle
from scoreboard.submissions.answering import AnswerInput
from scoreboard.submissions.previous_cycle import Last

Kind = DataFormColumn.Kind

YEARS = 3  # of figures before a cycle


class Author:
    """Invents the answers of one country in the cycle that begins in `year`."""

    def __init__(self, country: Country, year: int, material: Material) -> None:
        self.country, self.year, self.material = country, year, material
        self.random = Random(f"{country.iso2} {year} answers")  # noqa: S311 - invented, the same each time

    def answers(self, indicators: Iterable[Indicator], last: Mapping[str, Last]) -> dict[str, AnswerInput]:
        """Return what the country gives, by indicator code, knowing what it gave `last` time."""
        return {indicator.code: self._answer(indicator, last.get(indicator.code)) for indicator in indicators}

    def _answer(self, indicator: Indicator, last: Last | None) -> AnswerInput:
        form = getattr(indicator, "data_form", None)
        if form is None and last and last.given and self.random.random() < 0.3:
            return AnswerInput(confirmed=True)
        given = self._rated(indicator, self._comment(indicator.area.code))
        if previous_cycle.differs(last, given):
            given = replace(given, change_reason=self.random.choice(self.material["change_reasons"]))
        if given.kind == "level" and given.level != indicator.ladder[-1].value and self.random.random() < 0.25:
            given = replace(given, next_step=self.random.choice(self.material["next_steps"]), **self._step(indicator))
        if form and self.random.random() < 0.75:
            comment = self.random.choice(self.material["figure_comments"])
            withheld = self.random.random() < 0.08
            given = replace(given, comment=comment, figures=self._figures(form), figures_withheld=withheld)
        return given

    def _step(self, indicator: Indicator) -> dict[str, Any]:
        """By when a step is intended, who leads it, and whether it is for publication."""
        random = Random(f"{self.country.iso2} {self.year} {indicator.code}")  # noqa: S311 - invented
        return {
            "next_step_by": f"{self.year + random.randrange(1, 4)}-{random.choice(['06-30', '12-31'])}",
            "next_step_lead": random.choice(self.material["step_leads"]),
            "next_step_public": random.random() < 0.3,
        }

    def _rated(self, indicator: Indicator, comment: str) -> AnswerInput:
        draw = self.random.random()
        if indicator.not_applicable and draw < 0.12:
            reason = self.random.choice(self.material["not_applicable_reasons"])
            return AnswerInput("not_applicable", reason=reason, comment=comment)
        if draw < 0.04:
            return AnswerInput("unknown", comment=comment)
        bias = Random(self.country.iso2).gauss(0, 0.12)  # noqa: S311 - invented, stays with the country
        share = self.random.gauss(self.material["tendency"][indicator.area.code] + bias, 0.22)
        ladder = [level.value for level in indicator.ladder]
        rung = round(max(0.0, min(1.0, share)) * (len(ladder) - 1))
        withheld = bool(comment) and self.random.random() < 0.05
        return AnswerInput("level", ladder[rung], comment=comment, comment_withheld=withheld)

    def _comment(self, area: str) -> str:
        if self.random.random() > 0.45:
            return ""
        pool = self.material["comments"][area]
        for other in self.material["comments_in_other_scripts"]:
            if self.country.iso2 in other["countries"] and self.random.random() < 0.5:
                pool = other["comments"][area]
        return str(self.random.choice(pool))

    def _figures(self, form: DataForm) -> list[dict[str, Any]]:
        """Rows for the years before the cycle; where the form has species, each year has a few."""
        size = Random(f"{self.country.iso2} {form.code}").lognormvariate(5, 1)  # noqa: S311 - stays with the country
        asks_species = any(column.kind == Kind.SPECIES for column in form.all_columns)
        species = self.random.sample(self.material["figure_species"], self.random.randrange(1, 4))
        return [
            self._row(form, year, name, size * self.random.uniform(0.7, 1.2))
            for year in range(self.year - YEARS, self.year)
            for name in (species if asks_species else [""])
        ]

    def _row(self, form: DataForm, year: int, species: str, size: float) -> dict[str, Any]:
        numbers: dict[str, int] = {}
        for check in form.checks:  # columns whose numbers rise
            shares = sorted(self.random.uniform(0.4, 1) for _column in check["columns"])
            numbers |= {code: round(size * share) for code, share in zip(check["columns"], shares, strict=True)}
        cells = {column.code: self._cell(column, year, species, numbers) for column in form.all_columns}
        return {code: value for code, value in cells.items() if value != ""}

    def _cell(self, column: DataFormColumn, year: int, species: str, numbers: Mapping[str, int]) -> Any:
        match column.kind:
            case Kind.YEAR:
                return year
            case Kind.SPECIES:
                return species
            case Kind.INTEGER | Kind.DECIMAL:
                number = numbers.get(column.code, self.random.randrange(100))
                return number if column.kind == Kind.INTEGER else str(number)
            case Kind.CHOICE:
                return self.random.choice(column.choices)["code"]
            case Kind.YES_NO:
                return self.random.random() < 0.7
        return self.random.choice(self.material["figure_texts"].get(column.code, ["Example"]))
