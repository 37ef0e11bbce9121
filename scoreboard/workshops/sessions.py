"""The focal point's verbs of a workshop: open it for an area, ask an indicator, show the ratings, end it."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, phrases, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Area, Cycle, Indicator, Submission, User, Workshop
from scoreboard.workshops import codes


@transaction.atomic
def open_workshop(submission: Submission, area: Area, *, by: User) -> Workshop:
    """Open a workshop on an area until midnight, with a new code; return the one that runs there already, if one does.

    Raises PermissionDenied, Locked and NotNow as writing an answer does.
    """
    submission = locking.lock(submission)
    rules.require(by, "run_workshop", submission)
    locking.require(submission)
    found = Workshop.objects.filter(submission=submission, area=area)
    if running := found.running().first():
        return running
    found.filter(ended_at=None).update(ended_at=clock.now())  # over by itself: past midnight, or handed in
    activity.record(Verb.OPEN_WORKSHOP, by=by, submission=submission, detail=area.code)
    return Workshop.objects.create(
        submission=submission, area=area, code=codes.new(), opened_by=by, expires_at=_midnight(submission.cycle)
    )


@transaction.atomic
def ask(workshop: Workshop, code: str, *, by: User) -> Workshop:
    """Ask the room to rate an indicator, or once more the one whose ratings are shown; ratings given stay.

    Raises PermissionDenied, NotNow once the workshop is over, and Invalid for an indicator of another area.
    """
    workshop = lock(workshop, by=by)
    indicator = indicator_of(workshop, code)
    activity.record(Verb.ASK_ROOM, by=by, submission=workshop.submission, detail=code)
    return _shows(workshop, indicator, shown=False)


@transaction.atomic
def show(workshop: Workshop, code: str, *, by: User) -> Workshop:
    """Show everybody how many chose each level of the indicator; nobody rates it from then on.

    Raises PermissionDenied, and NotNow once the workshop is over or the room is at another indicator.
    """
    workshop = lock(workshop, by=by)
    require_asked(workshop, code)
    activity.record(Verb.SHOW_RATINGS, by=by, submission=workshop.submission, detail=code)
    return _shows(workshop, workshop.indicator, shown=True)


@transaction.atomic
def end(workshop: Workshop, *, by: User) -> Workshop:
    """End the workshop: its code opens nothing any more, and the notes stay. Twice is harmless.

    Raises PermissionDenied.
    """
    submission = locking.lock(workshop.submission)
    rules.require(by, "run_workshop", submission)
    workshop = Workshop.objects.select_for_update(of=("self",)).get(pk=workshop.pk)
    if workshop.ended_at is None:
        workshop.ended_at, workshop.ended_by = clock.now(), by
        workshop.revision += 1
        workshop.save(update_fields=["ended_at", "ended_by", "revision"])
        activity.record(Verb.END_WORKSHOP, by=by, submission=submission, detail=workshop.area.code)
    return workshop


def lock(workshop: Workshop, *, by: User) -> Workshop:
    """Return the workshop read again, locked after its submission until the transaction ends.

    Raises PermissionDenied, and NotNow with the sentence that says why it is over.
    """
    submission = locking.lock(workshop.submission)
    rules.require(by, "run_workshop", submission)
    locked = Workshop.objects.select_for_update(of=("self",)).select_related("area", "indicator")
    workshop = locked.get(pk=workshop.pk)
    workshop.submission = submission
    if sentence := why_over(workshop):
        raise NotNow(sentence)
    return workshop


def why_over(workshop: Workshop) -> str:
    """Return as a sentence why the workshop is over; empty while it runs."""
    submission = workshop.submission
    if workshop.ended_at and workshop.ended_by:
        when = phrases.moment(workshop.ended_at, submission.cycle)
        return _("%(who)s ended this workshop: %(when)s.") % {"who": workshop.ended_by, "when": when}
    if submission.versions.filter(at__gte=workshop.opened_at).exists():
        return _("The answers were submitted meanwhile, and with that this workshop ended. Its notes are stored.")
    if clock.now() >= workshop.expires_at or workshop.ended_at:
        return _("This workshop ended at midnight of its day.")
    return locking.refusal(submission)


def indicator_of(workshop: Workshop, code: str) -> Indicator:
    """Return the indicator `code` of the workshop's area, with its ladder; raise Invalid if there is none."""
    for area in workshop.submission.cycle.edition.whole:
        for indicator in area.indicators.all() if area.pk == workshop.area_id else ():
            if indicator.code == code:
                return indicator
    raise Invalid(_("There is no indicator %(code)s in this area.") % {"code": code})


def require_asked(workshop: Workshop, code: str) -> None:
    """Raise NotNow unless the room is at the indicator `code`: another focal point may have gone on."""
    if workshop.indicator is None or workshop.indicator.code != code:
        raise NotNow(_("The room is at another indicator now. Look at the page again, then go on from there."))


def _shows(workshop: Workshop, indicator: Indicator | None, *, shown: bool) -> Workshop:
    workshop.indicator, workshop.shown = indicator, shown
    workshop.revision += 1
    workshop.save(update_fields=["indicator", "shown", "revision"])
    return workshop


def _midnight(cycle: Cycle) -> datetime:
    """Return the moment at which today ends in the cycle's time zone."""
    return datetime.combine(cycle.day() + timedelta(days=1), time.min, cycle.zone)
