"""What of a submission is answered, and what is missing before it can go."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoreboard.models import Answer, Area, Indicator, Level, State, Submission
from scoreboard.models.answers import is_complete

Kind = Answer.Kind


@dataclass(frozen=True)
class Gap:
    """An indicator that still lacks a complete answer, and what is missing as a sentence."""

    indicator: Indicator
    sentence: str


@dataclass(frozen=True)
class Progress:
    """How many of an area's (or the whole's) indicators are answered."""

    answered: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.answered == self.total


def answers(submission: Submission) -> list[Answer]:
    """Return the submission's answers, each with its level, in one query."""
    levels: dict[int | None, Level] = {
        level.pk: level for indicator in submission.cycle.edition.all_indicators for level in indicator.ladder
    }
    found = list(submission.answers.order_by())
    for answer in found:
        if level := levels.get(answer.level_id):
            answer.level = level
    return found


def gaps(submission: Submission, found: Iterable[Answer] | None = None) -> list[Gap]:
    """Return what is missing before the submission can go, in the order of the questionnaire.

    `found` are its `answers`, where they were read already.
    """
    begun = {answer.indicator_id: answer for answer in (answers(submission) if found is None else found)}
    handed_in = submission.state in (State.SUBMITTED, State.ACCEPTED)
    missing = []
    for indicator in submission.cycle.edition.all_indicators:
        answer = begun.get(indicator.pk)
        if answer is None:
            missing.append(Gap(indicator, _("Not answered yet.")))
        elif not is_complete(answer.kind, answer.reason, indicator, handed_in=handed_in):
            missing.append(Gap(indicator, _sentence(indicator, answer.kind)))
    return missing


def _sentence(indicator: Indicator, kind: str) -> str:
    """Say what an answer that was begun lacks."""
    if kind == Kind.NOT_APPLICABLE:
        if not indicator.not_applicable:
            return _("“Not applicable” is no answer to this indicator. Choose a level, or unknown.")
        return _("Say why the indicator does not apply.")
    if not indicator.not_applicable:
        return _("Something is entered but no answer yet: choose a level or unknown.")
    return _("Something is entered but no answer yet: choose a level, not applicable or unknown.")


def progress(
    submission: Submission, found: Iterable[Gap] | None = None
) -> tuple[Progress, list[tuple[Area, Progress]]]:
    """Return the progress of the whole and of each area, counted from the gaps `found`, else from `gaps`."""
    missing = {gap.indicator.pk for gap in (gaps(submission) if found is None else found)}
    areas = []
    for area in submission.cycle.edition.whole:
        indicators = area.indicators.all()
        left = sum(indicator.pk in missing for indicator in indicators)
        areas.append((area, Progress(len(indicators) - left, len(indicators))))
    total = sum(part.total for _area, part in areas)
    return Progress(total - len(missing), total), areas
