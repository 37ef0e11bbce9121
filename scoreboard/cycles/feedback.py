"""Feedback on a cycle: given once by each respondent after submitting, summed up from three answers on."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from scoreboard import activity, locking, rules
from scoreboard.errors import NotNow
from scoreboard.models import Cycle, Feedback, FeedbackGiven, Submission, User, Verb
from scoreboard.text import stripped

ENOUGH = 3  # answers: with fewer, a reader could guess whose each one is


@transaction.atomic
def give(submission: Submission, *, rating: int, hard: str, signed: bool, by: User) -> None:
    """Store how a respondent found it, without their name unless `signed`.

    Raises PermissionDenied; NotNow before the first submission and for a second time.
    """
    submission = locking.lock(submission)
    rules.require(by, "give_feedback", submission)
    if not submission.versions.exists():
        raise NotNow(_("Submit the answers first; then you can say how it went."))
    _given, is_first = FeedbackGiven.objects.get_or_create(cycle=submission.cycle, person=by)
    if not is_first:
        raise NotNow(_("You have told us already how this cycle went. Thank you."))
    activity.record(Verb.GIVE_FEEDBACK, by=by, cycle=submission.cycle)
    signature = by if signed else None
    Feedback.objects.create(cycle=submission.cycle, rating=rating, hard=stripped(hard), signed_by=signature)


def is_asked(submission: Submission, user: User) -> bool:
    """Return whether somebody is still asked how it went."""
    if not rules.may(user, "give_feedback", submission) or not submission.versions.exists():
        return False
    return not FeedbackGiven.objects.filter(cycle=submission.cycle, person=user).exists()


@dataclass(frozen=True)
class Summary:
    """What the respondents of a cycle said: answers by rating, from hard to easy, and the texts."""

    count: int
    ratings: list[tuple[str, int]]
    texts: list[Feedback]

    @property
    def is_shown(self) -> bool:
        """Whether there are enough answers to show any of them."""
        return self.count >= ENOUGH


def summary(cycle: Cycle) -> Summary:
    """Return what the respondents of the cycle said; only the number of answers while there are too few."""
    found = cycle.feedback.select_related("signed_by")
    count = found.count()
    if count < ENOUGH:
        return Summary(count, [], [])
    counts = dict(found.order_by().values_list("rating").annotate(n=Count("pk")))
    ratings = [(str(rating.label), counts.get(rating.value, 0)) for rating in Feedback.Rating]
    return Summary(count, ratings, list(found.exclude(hard="")))
