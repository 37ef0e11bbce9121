"""Gathers what the lines of a file say by country and cycle, and every fault with its place."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import clock
from scoreboard.data_tables import numbers, tables
from scoreboard.earlier_rounds import cells, entering
from scoreboard.earlier_rounds.entering import Link
from scoreboard.earlier_rounds.names import Known, key
from scoreboard.earlier_rounds.reading import Fault, Line
from scoreboard.errors import Invalid
from scoreboard.models import Country, Cycle, DataForm, DataFormColumn, Edition, Indicator
from scoreboard.submissions.answering import AnswerInput, Kind
from scoreboard.text import one_line


@dataclass(frozen=True)
class Choices:
    """What a person says where the file does not: its cycle, and when its answers were submitted.

    Without a day they may be `not_recorded`; if neither is said, each row has to give a day.
    """

    cycle: Cycle | None = None
    submitted_on: date | None = None
    not_recorded: bool = False


@dataclass
class Gathered:
    """What the lines read so far say of one country in one cycle; `first` is the first of them."""

    cycle: Cycle
    country: Country
    first: Line
    submitted_on: date | None = None
    dated: Line | None = None
    answers: dict[str, AnswerInput] = field(default_factory=dict)
    links: dict[str, list[Link]] = field(default_factory=dict)
    figures: dict[str, list[tuple[Line, dict[str, str]]]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[str, Line] = field(default_factory=dict)  # of answers, by indicator


class Editions:
    """The cycles that can be meant, and the indicators and data forms of their editions."""

    def __init__(self, choices: Choices) -> None:
        found = list(Cycle.objects.select_related("edition"))
        editions: dict[int, Edition] = {}
        for cycle in found:
            cycle.edition = editions.setdefault(cycle.edition_id, cycle.edition)
        self.cycles = {one.code.casefold(): one for one in found}
        self.chosen = next((one for one in found if choices.cycle and one.pk == choices.cycle.pk), None)
        self.indicators: dict[int, dict[str, Indicator]] = {}
        for pk, edition in editions.items():
            some = edition.all_indicators
            self.indicators[pk] = {one.code.casefold(): one for one in some} | {
                one.label.casefold(): one for one in some
            }
        self.names = list(dict.fromkeys(name for some in self.indicators.values() for name in some))
        forms = DataForm.objects.filter(indicator__edition__in=editions).select_related("indicator")
        self.forms: dict[int, list[DataForm]] = defaultdict(list)
        for form in forms.prefetch_related("columns"):
            self.forms[form.indicator.edition_id].append(form)
        self.columns = [
            [column.code.casefold() for column in form.all_columns] for some in self.forms.values() for form in some
        ]


class Gatherer:
    """Gathers what the lines say, and the faults."""

    def __init__(self, editions: Editions, choices: Choices, faults: list[Fault]) -> None:
        self.editions, self.choices, self.faults = editions, choices, faults
        self.known = Known()
        self.words = cells.words()
        self.unknown: set[str] = set()
        self.gathered: dict[tuple[int, int], Gathered] = {}
        self.written: dict[tuple[str, int, int], tuple[str, int]] = {}  # sheet, cycle, country → name and row

    def take(self, line: Line, add: Any) -> None:
        """Add a line to what is said of its country and cycle, or note why it cannot be."""
        place = line.place
        try:
            place = line.at("cycle")
            cycle = self._cycle(line.cells.get("cycle"))
            place = line.at("country")
            country = self._country(line, cycle)
        except Invalid as problem:
            name = one_line(str(line.cells["country"] or "")) if isinstance(problem, _UnknownCountry) else ""
            if not name or key(name) not in self.unknown:  # a name is one fault, however many rows have it
                self.faults.append(Fault(place, problem.sentence, name))
            self.unknown.add(key(name))
            return
        one = self.gathered.setdefault((cycle.pk, country.pk), Gathered(cycle, country, line))
        self._date(one, line)
        add(one, line)

    def _cycle(self, value: Any) -> Cycle:
        said = one_line("" if value is None else str(int(value) if isinstance(value, float) else value))
        if not said:
            if self.editions.chosen is None:
                raise Invalid(_("It names no cycle. Choose the cycle of the file, or give a column “cycle”."))
            return self.editions.chosen
        found = self.editions.cycles.get(said.casefold())
        if found is None:
            raise Invalid(_("There is no cycle “%s”. Set it up first, or write the code of another one.") % said[:40])
        return found

    def _country(self, line: Line, cycle: Cycle) -> Country:
        said = one_line(str(line.cells["country"] or ""))
        if not said:
            raise Invalid(_("It names no country."))
        found = self.known.find(said)
        if found is None:
            raise _UnknownCountry(_("No country is called “%s”. Choose which one is meant, or correct it.") % said[:80])
        where = (line.place.sheet, cycle.pk, found.pk)
        before, row = self.written.setdefault(where, (said, line.place.row))
        if key(before) != key(said):
            raise Invalid(
                _("“%(said)s” is %(country)s, which row %(row)s writes as “%(before)s”. Write one of the two.")
                % {"said": said[:80], "country": found, "row": row, "before": before[:80]}
            )
        return found

    def _date(self, one: Gathered, line: Line) -> None:
        """Take the day of submission from the line; two days of one country are a fault."""
        try:
            day = cells.day(line.cells.get("submitted_on"))
            if day is None:
                return
            if one.dated and day != one.submitted_on:
                raise Invalid(
                    _("Row %(row)s says that %(country)s submitted on %(day)s. Write the same day in all its rows.")
                    % {"row": one.dated.place.row, "country": one.country, "day": one.submitted_on}
                )
            if not one.cycle.opens <= day <= clock.today():
                raise Invalid(
                    _("%(day)s is before %(cycle)s opens (%(opens)s), or still to come.")
                    % {"day": day, "cycle": one.cycle, "opens": one.cycle.opens}
                )
        except Invalid as problem:
            self.faults.append(Fault(line.at("submitted_on"), problem.sentence))
        else:
            one.submitted_on, one.dated = day, one.dated or line

    def _indicator(self, one: Gathered, line: Line) -> Indicator | None:
        said = one_line(str(line.cells["indicator"] or ""))
        edition = one.cycle.edition
        found = self.editions.indicators[edition.pk].get(said.casefold())
        if found is None:
            some = edition.all_indicators
            sentence = _(
                "“%(said)s” is no indicator of %(cycle)s, whose edition %(edition)s has %(first)s to %(last)s."
            )
            words = {"said": said[:40], "cycle": one.cycle, "edition": edition.code}
            words |= {"first": some[0].label, "last": some[-1].label}
            self.faults.append(Fault(line.at("indicator"), sentence % words))
        return found

    def add_answer(self, one: Gathered, line: Line) -> None:
        """Take the answer of a line."""
        indicator = self._indicator(one, line)
        if indicator is None:
            return
        if before := one.seen.get(indicator.code):
            sentence = _("It repeats row %(row)s: %(country)s and %(label)s. Keep one of the two.")
            words = {"row": before.place.row, "country": one.country, "label": indicator.label}
            self.faults.append(Fault(line.at("indicator"), sentence % words))
            return
        one.seen[indicator.code] = line
        column = "level"
        try:
            said = cells.answer(line.cells["level"], line.cells.get("kind"), indicator, self.words)
            parts = {}
            for column in ("reason", "comment"):
                parts[column] = cells.text(line.cells.get(column), csv=not line.place.sheet)
            column = "comment_withheld"
            withheld = cells.yes(line.cells.get(column)) and bool(parts["comment"])
            column = "links"
            links = cells.links(line.cells.get(column))
        except Invalid as problem:
            self.faults.append(Fault(line.at(column), problem.sentence))
            return
        if said is None and not parts["comment"] and not links:
            return
        kind, level = said or ("", None)
        reason = parts["reason"] if kind == Kind.NOT_APPLICABLE else ""
        one.answers[indicator.code] = AnswerInput(
            kind=kind, level=level, reason=reason, comment=parts["comment"], comment_withheld=withheld
        )
        if links:
            one.links[indicator.code] = links

    def add_figures(self, one: Gathered, line: Line) -> None:
        """Take a row of a data form: that of the indicator that the line names, else the one with these columns."""
        held = {name for name in line.cells if name not in ("country", "cycle", "indicator")}
        forms = self.editions.forms[one.cycle.edition_id]
        fitting = [form for form in forms if {column.code.casefold() for column in form.all_columns} <= held]
        if line.cells.get("indicator"):
            indicator = self._indicator(one, line)
            if indicator is None:
                return
            fitting = [form for form in fitting if form.indicator_id == indicator.pk]
        if len(fitting) != 1:
            sentence = _("It is not clear which table of figures of %(cycle)s this is. Give a column “indicator”.")
            self.faults.append(Fault(line.place, sentence % {"cycle": one.cycle}))
            return
        typed = {
            column.code: _typed(column, line.cells.get(column.code.casefold())) for column in fitting[0].all_columns
        }
        one.figures[fitting[0].indicator.code].append((line, typed))

    def finish(self) -> None:
        """Read the figures of each country, and note what is missing or in conflict with what is stored."""
        for one in self.gathered.values():
            for code, rows in one.figures.items():
                self._read_figures(one, code, rows)
            if one.submitted_on is None and one.answers:
                if not (self.choices.submitted_on or self.choices.not_recorded):
                    sentence = _(
                        "No day of submission is given for %s. Say which day counts for the file, or that it is not "
                        "recorded."
                    )
                    self.faults.append(Fault(one.first.place, sentence % one.country))
                one.submitted_on = self.choices.submitted_on
        self._compare_with_stored()

    def _read_figures(self, one: Gathered, code: str, rows: Sequence[tuple[Line, dict[str, str]]]) -> None:
        form = next(form for form in self.editions.forms[one.cycle.edition_id] if form.indicator.code == code)
        given = one.answers.get(code)
        if given is None:
            sentence = _("There are figures of %(country)s for %(label)s, but no answer. Give the answer too.")
            words = {"country": one.country, "label": form.indicator.label}
            self.faults.append(Fault(rows[0][0].place, sentence % words))
            return
        numbers = [line.place.row for line, _typed in rows]
        parsed = tables.read_rows(form, [typed for _line, typed in rows], numbers)
        lines = {line.place.row: line for line, _typed in rows}
        for fault in parsed.faults:
            line = lines.get(fault.row, rows[0][0])
            self.faults.append(Fault(line.at(fault.column.casefold()), fault.sentence))
        one.answers[code] = AnswerInput(**{**vars(given), "figures": parsed.rows})

    def _compare_with_stored(self) -> None:
        by_cycle: dict[int, list[Gathered]] = defaultdict(list)
        for one in self.gathered.values():
            by_cycle[one.cycle.pk].append(one)
        for some in by_cycle.values():
            cycle = some[0].cycle
            if reason := entering.obstacle(cycle):
                self.faults.append(Fault(some[0].first.at("cycle"), reason))
            elif self.choices.submitted_on and not cycle.opens <= self.choices.submitted_on <= clock.today():
                sentence = _("The day of the file is before %(cycle)s opens (%(opens)s), or still to come.")
                words = {"cycle": cycle, "opens": date_format(cycle.opens)}
                self.faults.append(Fault(some[0].first.place, sentence % words))
            refused = entering.holding(cycle, [one.country for one in some])
            for one in some:
                if why := refused.get(one.country.pk):
                    sentence = _("%(country)s in %(cycle)s: %(why)s. Take its rows out, or undo that import first.")
                    words = {"country": one.country, "cycle": cycle, "why": why}
                    self.faults.append(Fault(one.first.at("country"), sentence % words))


class _UnknownCountry(Invalid):
    """No country has this name; somebody can say which one is meant."""


def _typed(column: DataFormColumn, value: Any) -> str:
    """Return a cell of figures as a person would type it: a number of a spreadsheet is never taken for another one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        said = f"{Decimal(repr(value)).normalize():f}"
        return numbers.unambiguous(said) if column.kind == DataFormColumn.Kind.DECIMAL else said
    return str(value)
