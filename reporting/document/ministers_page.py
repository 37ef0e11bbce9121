"""The summary of an accepted submission for a government's head, on two pages: what the PDF and the Word file say."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.document import country_objectives, numbers
from reporting.models import Assessment
from reporting.results import standing
from reporting.results.scoring import Basis
from reporting.results.standing import AreaStanding, Point, Round
from scoreboard.models import Cycle, Edition, Submission
from scoreboard.models.people import Person
from scoreboard.models.questionnaire import indicator_label
from scoreboard.questionnaire import importing
from scoreboard.submissions import previous_cycle

Data = dict[str, Any]

TITLE, TEXT, STEP = 120, 250, 250  # characters that fit
AREAS, STEPS = 8, 5
CUT = "[…]"
SENTENCE_ENDS = re.compile(r"[.!?…。؟।]+(?=\s|$)|(?<=[。！？])")


class AreaLine(NamedTuple):
    """A row of the table of areas, in words."""

    title: str
    percent: str
    scored: str
    then: str
    now: str
    matched: str
    group: str
    n: str


class Item(NamedTuple):
    """A strength or a gap: the indicator, a sentence on its level, and the text of a level."""

    title: str
    sentence: str
    text: str


class Step(NamedTuple):
    """A step that the country intends on an indicator."""

    title: str
    text: str


@dataclass(frozen=True)
class MinistersPage:
    """All that the two pages say, in the active language."""

    submission: Submission
    country: str
    cycle: str
    edition: str
    language: str  # of the edition's texts
    marks: str
    version: int
    at: datetime
    basis: str
    areas: list[AreaLine]
    more_areas: int  # that are left out
    compared: str
    group: str
    objectives: str
    caution: str
    strengths: list[Item]
    few_strengths: str
    gaps: list[Item]
    few_gaps: str
    steps: list[Step]
    more_steps: int
    few_steps: str

    @property
    def title(self) -> str:
        return f"{self.country} · {self.cycle}"

    @property
    def notes(self) -> list[str]:
        """What is not on the two pages, in sentences."""
        notes = []
        if n := self.more_areas:
            notes.append(
                ngettext("%(n)s more area is on the portal.", "%(n)s more areas are on the portal.", n) % {"n": n}
            )
        if n := self.more_steps:
            more = ngettext(
                "%(n)s more planned step is on the portal.", "%(n)s more planned steps are on the portal.", n
            )
            notes.append(more % {"n": n})
        shown = [self.title, self.edition, self.compared, self.group, self.objectives, self.caution]
        shown += [text for one in (*self.areas, *self.strengths, *self.gaps, *self.steps) for text in one]
        if any(CUT in text for text in shown):
            notes.append(_("%(mark)s: the text goes on; it is whole on the portal.") % {"mark": CUT})
        return notes


def of(submission: Submission, user: Person) -> MinistersPage | None:
    """Return the page of the version that was last accepted, None before one is.

    The group's figures are those of the latest assessment that is published to the person, of this cycle or before.
    """
    version = submission.accepted_version
    if version is None:
        return None
    cycle = submission.cycle
    chain = previous_cycle.chain(cycle.edition)
    editions = {one.code: importing.export(one) for one in Edition.objects.filter(pk__in=chain)}
    before = previous_cycle.before(submission)
    now = Round(editions[cycle.edition.code], _answers(version.answers))
    then = None
    if before and before.accepted_version:
        then = Round(editions[before.cycle.edition.code], _answers(before.accepted_version.answers))
    assessment = _published(cycle, chain, user)
    basis = Basis(cycle.basis)
    areas = standing.areas(now, then, assessment.snapshot if assessment else None, editions, basis)
    found = standing.points(now, then, editions)
    strengths, gaps = standing.strengths(found), standing.gaps(found)
    steps = _steps(now, [one.indicator["code"] for one in gaps])
    return MinistersPage(
        submission=submission,
        country=cut(submission.country, TITLE),
        cycle=cut(cycle, TITLE),
        edition=cut(cycle.edition.title, TITLE),
        language=numbers.language(cycle.edition.title.data),
        marks=_marks(cycle),
        version=version.number,
        at=submission.accepted_at or version.at,
        basis=_basis(basis),
        areas=[_area(one) for one in areas[:AREAS]],
        more_areas=len(areas[AREAS:]),
        compared=_compared(before.cycle if then and before else None),
        group=_group(assessment),
        objectives=country_objectives.sentence(submission, now, editions, basis),
        caution=cut(cycle.edition.change_caution, TEXT) if then else "",
        strengths=[_strength(one) for one in strengths],
        few_strengths=_few_strengths(len(strengths)),
        gaps=[_gap(one) for one in gaps],
        few_gaps=_few_gaps(len(gaps)),
        steps=steps[:STEPS],
        more_steps=len(steps[STEPS:]),
        few_steps="" if steps else _("No step is written down."),
    )


def cut(text: object, most: int) -> str:
    """Return a text on one line, at most `most` characters of it: cut at the end of a sentence, else of a word."""
    words = " ".join(str(text).split())
    if len(words) <= most:
        return words
    room = words[: most - len(CUT) - 1]
    ends = [found.end() for found in SENTENCE_ENDS.finditer(room)]
    if ends:
        return f"{room[: ends[-1]]} {CUT}"
    whole = room.rsplit(" ", 1)[0] if " " in room else room
    return f"{whole} {CUT}"


def _answers(rows: list[Data]) -> dict[str, Data]:
    return {row["code"]: row for row in rows if row["kind"]}


def _published(cycle: Cycle, chain: list[int], user: Person) -> Assessment | None:
    cycles = Cycle.objects.filter(edition__in=chain, opens__lte=cycle.opens, is_example=cycle.is_example)
    issues = Assessment.objects.published_to(user).filter(cycle__in=cycles).select_related("cycle")
    return issues.order_by("-cycle__opens", "-issue").first()


def _marks(cycle: Cycle) -> str:
    marks = [_("Invented example data")] if cycle.is_example else []
    return " · ".join(marks + ([_("Provisional wording")] if cycle.edition.provisional else []))


def _basis(basis: Basis) -> str:
    if basis == Basis.ANSWERED:
        return _("Percent of the possible points of the indicators that have a level.")
    return _("Percent of the possible points of all indicators that apply; unknown and unanswered give none.")


def _area(one: AreaStanding) -> AreaLine:
    scored = _("%(scored)s of %(of)s") % {"scored": one.scored, "of": one.of}
    matched = _("%(matched)s of %(of)s") % {"matched": one.matched, "of": one.of}
    return AreaLine(
        title=f"{one.area['code']} · {cut(numbers.text(one.area['title']), TITLE)}",
        percent=_number(one.percent),
        scored=scored,
        then=_number(one.then),
        now=_number(one.now),
        matched=matched if one.then is not None else "–",
        group=_number(one.group.median if one.group else None),
        n=str(one.group.n) if one.group else "–",
    )


def _number(value: Fraction | None) -> str:
    return "–" if value is None else numbers.number(value)


def _compared(before: Cycle | None) -> str:
    if before is None:
        return _("No earlier cycle of the country is accepted, so nothing is compared.")
    named = {"cycle": cut(before, TITLE)}
    return _("Last time is %(cycle)s. Then and now are over the questions that were the same both times.") % named


def _group(assessment: Assessment | None) -> str:
    if assessment is None:
        return _("No assessment is published yet, so there is no figure of all countries.")
    day = assessment.cycle.day(assessment.published_at)
    named = {"cycle": cut(assessment.cycle, TITLE), "issue": assessment.issue, "day": numbers.day(day.isoformat())}
    if assessment.audience == Assessment.Audience.OBSERVERS:
        return (
            _(
                "The median is that of all countries in the assessment of %(cycle)s, issue %(issue)s, published to "
                "members and observers on %(day)s."
            )
            % named
        )
    return (
        _("The median is that of all countries in the assessment of %(cycle)s, issue %(issue)s, published on %(day)s.")
        % named
    )


def _named(area: Data, indicator: Data) -> str:
    label = indicator_label(area["code"], indicator["code"])
    return f"{label} · {cut(numbers.text(indicator['title']), TITLE)}"


def _level_text(point: Point, value: int) -> str:
    texts = {level["value"]: level["text"] for level in point.indicator["levels"]}
    return cut(numbers.text(texts[value]), TEXT)


def _strength(one: Point) -> Item:
    named = {"level": one.level, "low": one.rungs[0], "high": one.rungs[-1], "rise": one.rise}
    sentence = _("Level %(level)s on a ladder from %(low)s to %(high)s.") % named
    if one.has_risen:
        sentence += " " + _("Up by %(rise)s since last time.") % named
    return Item(_named(one.area, one.indicator), sentence, _level_text(one, one.level))


def _gap(one: Point) -> Item:
    following = next(value for value in one.rungs if value > one.level)
    named = {"level": one.level, "low": one.rungs[0], "high": one.rungs[-1], "next": following} | {
        "share": numbers.number(one.share)
    }
    sentence = _(
        "Level %(level)s on a ladder from %(low)s to %(high)s: %(share)s percent of the possible points. "
        "The next level, %(next)s:"
    )
    return Item(_named(one.area, one.indicator), sentence % named, _level_text(one, following))


def _few_strengths(n: int) -> str:
    """Say that there are fewer than there is room for; nothing if there are as many."""
    if n == standing.MOST:
        return ""
    if not n:
        return _("No indicator is at its highest level or rose since last time.")
    return ngettext(
        "Only %(n)s indicator is at its highest level or rose since last time.",
        "Only %(n)s indicators are at their highest level or rose since last time.",
        n,
    ) % {"n": n}


def _few_gaps(n: int) -> str:
    if n == standing.MOST:
        return ""
    if not n:
        return _("Besides these strengths, no indicator with a level is below its highest one.")
    return ngettext(
        "Besides these strengths, only %(n)s indicator with a level is below its highest one.",
        "Besides these strengths, only %(n)s indicators with a level are below their highest one.",
        n,
    ) % {"n": n}


def _steps(now: Round, first: list[str]) -> list[Step]:
    """Return the steps that are planned: those on the gaps first, then in the order of the questionnaire."""
    found = []
    for area in now.edition["areas"]:
        for indicator in area["indicators"]:
            code = indicator["code"]
            if now.answers.get(code, {}).get("next_step"):
                order = first.index(code) if code in first else len(first)
                found.append((order, Step(_named(area, indicator), _planned(now.answers[code]))))
    return [step for _order, step in sorted(found, key=lambda one: one[0])]


def _planned(answer: Data) -> str:
    """Return what is intended, then by when and who leads it, as far as that is given."""
    day, lead = answer.get("next_step_by"), answer.get("next_step_lead", "")
    by = _("by %(day)s") % {"day": date_format(date.fromisoformat(day))} if day else ""
    more = f" ({', '.join(filter(None, [by, lead]))})" if day or lead else ""
    return cut(answer["next_step"], STEP - len(more)) + more
