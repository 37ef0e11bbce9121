"""Locking: one transaction at a time changes a submission, and the country writes only while state and dates allow."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard.errors import DomainError, Locked, NotNow
from scoreboard.models import Cycle, State, Submission
from scoreboard.models.submissions import SubmissionQuerySet


def lock(submission: Submission) -> Submission:
    """Return the submission read again and locked until the transaction ends.

    It is read after it is locked: a query that waits for a lock reads the rows that it joins as they were before, such
    as a cycle whose dates a colleague has moved meanwhile.
    """
    Submission.objects.select_for_update(of=("self",)).only("pk").get(pk=submission.pk)
    return Submission.objects.select_related("cycle__edition", "country").get(pk=submission.pk)


def locked(submissions: SubmissionQuerySet) -> SubmissionQuerySet:
    """Return a query for some of the submissions that locks what it reads until the transaction ends.

    One query less than `lock`, for saving as people type: dates that move at that moment count from the next save.
    """
    return submissions.select_for_update(of=("self",)).select_related("cycle__edition")


def lock_cycle(cycle: Cycle) -> Cycle:
    """Return the cycle read again and locked until the transaction ends; raise NotNow if it was deleted meanwhile.

    The lock is the weaker one: on PostgreSQL, writing a submission twice checks that its cycle is still there, which
    the stronger one lets wait, while who moves the dates waits for that submission.
    """
    found = Cycle.objects.select_for_update(no_key=True).filter(pk=cycle.pk).first()
    if found is None:
        raise NotNow(_("%s was deleted by a colleague.") % cycle)
    return found


def require_part(submission: Submission) -> None:
    """Raise NotNow if the country has left the cycle: no step is possible until it takes part again."""
    if submission.left_at:
        raise NotNow(
            _("%(country)s left the cycle on %(date)s. The Secretariat can let it take part again.")
            % {"country": submission.country, "date": date_format(submission.cycle.day(submission.left_at))}
        )


def require(submission: Submission) -> None:
    """Raise Locked or NotNow if the state, the calendar or its leaving prevents the country from writing."""
    require_part(submission)
    if submission.state == State.SUBMITTED:
        raise Locked(_("This submission is with the Secretariat. It can be changed after a recall or a return."))
    if submission.state == State.ACCEPTED:
        raise Locked(_("This submission is accepted. The Secretariat can reopen it if something must change."))
    if submission.declined_at:
        raise NotNow(
            _("%(who)s said that %(country)s will not report this time. Take that back first; then you can write.")
            % {"who": submission.declined_by, "country": submission.country}
        )
    if not submission.is_asked:
        raise NotNow(nobody_is_asked())
    if not submission.cycle.has_begun:
        raise NotNow(
            _("The cycle opens on %(date)s; answers can be written from then on.")
            % {"date": date_format(submission.cycle.opens)}
        )
    if not submission.is_open:
        raise NotNow(
            _("The cycle closed on %(date)s. Ask the Secretariat for an extension.")
            % {"date": date_format(submission.last_day)}
        )


def nobody_is_asked() -> str:
    """Return the sentence that says that nothing can be written into an earlier round."""
    return _("This is an earlier round: it is over, and its answers come from a file. Nobody writes in it.")


def refusal(submission: Submission) -> str:
    """Return as a sentence what prevents the country from writing now; empty if nothing does."""
    try:
        require(submission)
    except DomainError as reason:
        return reason.sentence
    return ""
