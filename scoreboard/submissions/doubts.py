"""Doubts about answers before they are submitted: each a sentence, to be corrected or confirmed."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from scoreboard.data_tables import tables
from scoreboard.models import ActionPlan, Answer, Cycle, Evidence, Indicator, Submission
from scoreboard.models.plans import ADOPTED
from scoreboard.submissions import commitments, completeness, previous_cycle
from scoreboard.submissions.commitments import Asked
from scoreboard.submissions.previous_cycle import Last

JUMP = 2  # levels from one cycle to the next that are worth a question


@dataclass(frozen=True)
class Case:
    """An answer with all that the checks look at."""

    cycle: Cycle
    indicator: Indicator
    answer: Answer
    last: Last | None
    has_evidence: bool
    register: bool | None = None  # whether the register has an adopted plan; None where the answer is not about that

    @property
    def level(self) -> int | None:
        return self.answer.level.value if self.answer.level else None

    @property
    def jump(self) -> int:
        """By how many levels it differs from last time's answer to the same question."""
        then = self.last.level if self.last else None
        return 0 if then is None or self.level is None else self.level - then


@dataclass(frozen=True)
class Doubt:
    """A sentence on one indicator, with a `key` that is unique in its submission."""

    indicator: Indicator
    key: str
    sentence: str
    on_overview: bool = False  # where no card of an area asks about it


def jumped(case: Case) -> Iterator[str]:
    """A level that moved far since last time."""
    if abs(case.jump) >= JUMP and case.last and case.level is not None:
        yield _("The level was %(then)s in %(before)s and is %(now)s now. Is that right?") % {
            "then": case.last.level,
            "before": case.last.cycle,
            "now": case.level,
        }


def changed_without_reason(case: Case) -> Iterator[str]:
    """A level that differs from last time's, and nobody says why."""
    if case.jump and not case.answer.change_reason.strip():
        yield _("The level differs from last time, and no reason is given.")


def claimed_without_evidence(case: Case) -> Iterator[str]:
    """The highest level, with neither a comment nor evidence."""
    is_highest = case.level is not None and case.level == case.indicator.ladder[-1].value
    if is_highest and not case.answer.comment.strip() and not case.has_evidence:
        yield _("The highest level is claimed, with neither a comment nor evidence.")


def figures_that_do_not_add_up(case: Case) -> Iterator[str]:
    """Doubts about the rows of the data form."""
    form = getattr(case.indicator, "data_form", None)
    if form and case.answer.figures:
        yield from tables.doubts(form, case.answer.figures, case.cycle)


def contradicts_the_register(case: Case) -> Iterator[str]:
    """A level on action plans that says otherwise than the country's own register of them."""
    if case.register is None or case.level is None:
        return
    claims = case.level >= case.cycle.edition.action_plans["level"]
    if claims and not case.register:
        yield _(
            "The level says that there is an adopted action plan, and your register of action plans has none that is "
            "adopted, under implementation or evaluated. Enter it there, or look at the level again."
        )
    elif case.register and not claims:
        yield _(
            "Your register of action plans has one that is adopted, under implementation or evaluated, and the level "
            "says that there is none. Is that right?"
        )


# Every check, in the order in which the page prints its doubts.
CHECKS: list[Callable[[Case], Iterator[str]]] = [
    jumped,
    changed_without_reason,
    claimed_without_evidence,
    figures_that_do_not_add_up,
    contradicts_the_register,
]


def doubts(submission: Submission) -> list[Doubt]:
    """Return what seems doubtful, in the order of the questionnaire, in a number of queries that does not grow."""
    return _found(_cases(submission)) + _steps(submission, commitments.asked(submission))


def confirmed(submission: Submission, keys: Collection[str]) -> list[dict[str, Any]]:
    """Return the doubts with these `keys` as a version stores them, each sentence in every language of the portal."""
    cases, asked, by_language = _cases(submission), commitments.asked(submission), {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            by_language[language] = _found(cases) + _steps(submission, asked)
    return [
        {"code": same[0].indicator.code, "sentence": dict(zip(by_language, (d.sentence for d in same), strict=True))}
        for same in zip(*by_language.values(), strict=True)
        if same[0].key in keys
    ]


def _cases(submission: Submission) -> list[Case]:
    answers = {answer.indicator_id: answer for answer in completeness.answers(submission)}
    last, evidence = previous_cycle.of(submission), Evidence.objects.by_indicator(submission)
    about, has_plan = submission.cycle.edition.action_plans.get("indicator"), None
    if about:
        register = ActionPlan.objects.filter(country=submission.country_id, is_example=submission.cycle.is_example)
        has_plan = register.filter(status__in=ADOPTED).exists()
    return [
        Case(
            submission.cycle,
            indicator,
            answer,
            last.get(indicator.code),
            bool(evidence[indicator.pk]),
            has_plan if indicator.code == about else None,
        )
        for indicator in submission.cycle.edition.all_indicators
        if (answer := answers.get(indicator.pk)) and not answer.confirmed  # what is confirmed was accepted last time
    ]


def _found(cases: list[Case]) -> list[Doubt]:
    # With the revision in the key, a confirmation of an older answer does not count for this one.
    return [
        Doubt(case.indicator, f"{case.indicator.code}-{case.answer.revision}-{check.__name__}-{number}", sentence)
        for case in cases
        for check in CHECKS
        for number, sentence in enumerate(check(case))
    ]


def _steps(submission: Submission, asked: Iterable[Asked]) -> list[Doubt]:
    """Return a doubt on each step of earlier cycles of which the submission says nothing."""
    today = {indicator.code: indicator for indicator in submission.cycle.edition.all_indicators}
    return [
        Doubt(
            today.get(one.code, one.commitment.indicator),
            f"step-{one.commitment.pk}-{one.seen}",
            _("Nothing is said of the step promised in %(cycle)s, “%(step)s”. It will count as not answered.")
            % {"cycle": one.commitment.submission.cycle, "step": Truncator(one.commitment.step).chars(120)},
            on_overview=not one.code,
        )
        for one in commitments.unanswered(asked)
    ]
