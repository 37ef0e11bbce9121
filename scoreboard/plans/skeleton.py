"""From a country's answers to an action plan: what is below the top of its ladder becomes an action to edit."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard.errors import Invalid, NotNow
from scoreboard.models import ActionPlan, Answer, Country, Indicator, Level, Submission, Suggestion, User
from scoreboard.plans import actions, register
from scoreboard.plans.actions import ActionFacts
from scoreboard.plans.register import PlanFacts
from scoreboard.submissions import completeness

TAKEN_OVER = (Suggestion.Decision.ADOPTED, Suggestion.Decision.EDITED)


@dataclass(frozen=True)
class Gap:
    """An indicator below the top of its ladder: its level, the next one, the intended step, and who contributed."""

    indicator: Indicator
    level: Level
    following: Level
    planned: str
    contributors: list[str]

    @property
    def text(self) -> str:
        """The action that it becomes: the intended step if there is one, and the level to reach."""
        words = {"label": self.indicator.label, "level": self.following.value, "text": self.following.text}
        goal = _("%(label)s, level %(level)s: %(text)s") % words
        return f"{self.planned}\n\n{goal}" if self.planned else goal


@dataclass(frozen=True)
class Skeleton:
    """The gaps of a country's latest answers, and how many indicators have no level to go on from."""

    submission: Submission
    gaps: list[Gap]
    without_level: int


def of(country: Country) -> Skeleton | None:
    """Return the gaps of the country's answers in the latest cycle in which it has any; None without an answer.

    The answers as they are now, which are the country's: only its focal points may ask for them.
    """
    found = Submission.objects.filter(country=country, cycle__opened_at__isnull=False, answers__kind=Answer.Kind.LEVEL)
    latest = found.select_related("cycle__edition", "country").order_by("-cycle__opens", "-pk").first()
    if latest is None:
        return None
    answers = {answer.indicator_id: answer for answer in completeness.answers(latest)}
    people = _contributors(latest)
    gaps, without = [], 0
    for indicator in latest.cycle.edition.all_indicators:
        answer = answers.get(indicator.pk)
        if answer is None or answer.level is None:
            without += answer is None or answer.kind != Answer.Kind.NOT_APPLICABLE
            continue
        higher = [level for level in indicator.ladder if level.value > answer.level.value]
        if higher:
            gaps.append(Gap(indicator, answer.level, higher[0], answer.next_step, people[indicator.pk]))
    return Skeleton(latest, gaps, without)


@transaction.atomic
def begin(country: Country, codes: Collection[str], *, title: str, kind: str, by: User) -> ActionPlan:
    """Enter a plan in development, with an action for each gap whose indicator is among `codes`; return it.

    Raises PermissionDenied unless `by` is the country's focal point, NotNow without answers, Invalid without a gap.
    """
    found = of(country)
    if found is None:
        raise NotNow(_("Your country has no answers yet from which a plan could begin."))
    chosen = [gap for gap in found.gaps if gap.indicator.code in codes]
    if not chosen:
        raise Invalid(_("Choose at least one indicator."))
    facts = PlanFacts(title=title, kind=kind)
    plan = register.enter(country, facts, by=by, is_example=found.submission.cycle.is_example)
    known = register.known_codes(plan)[1]
    for gap in chosen:
        indicators = (gap.indicator.code,) if gap.indicator.code in known else ()
        actions.add(plan, ActionFacts(text=gap.text, indicators=indicators), by=by)
    return ActionPlan.objects.select_related("country").get(pk=plan.pk)


def _contributors(submission: Submission) -> dict[int, list[str]]:
    """Return by indicator the names of those whose suggestions were taken over."""
    taken = submission.suggestions.filter(decision__in=TAKEN_OVER).select_related("author").order_by("author__name")
    people: dict[int, list[str]] = defaultdict(list)
    for one in taken:
        if str(one.author) not in people[one.indicator_id]:
            people[one.indicator_id].append(str(one.author))
    return people
