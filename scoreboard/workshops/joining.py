"""Joining a workshop by its code, and the focal point's answer to who asks."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import activity, clock
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Origin, Participant, User, Workshop
from scoreboard.text import one_line, require_storable
from scoreboard.workshops import sessions

MOST = 200  # people who can ask to join one workshop
STORED = timedelta(days=30)  # for which names and agencies stay after the cycle has closed for the country


@transaction.atomic
def join(code: str, *, name: str, agency: str) -> Participant:
    """Ask to join the workshop with this code; return the participant, whom the focal point has to admit.

    Raises NotNow for a code that opens nothing and for a full workshop, Invalid without a name or an agency.
    """
    workshop = running(code)
    if workshop is None:
        raise NotNow(opens_nothing())
    workshop = Workshop.objects.select_for_update(of=("self",)).get(pk=workshop.pk)
    name, agency = one_line(name), one_line(agency)
    if not name:
        raise Invalid(_("Type your name: the focal point admits you by it."))
    if not agency:
        raise Invalid(_("Type the agency or organisation for which you are here."))
    require_storable(name, 100)
    require_storable(agency, 150)
    if workshop.participants.count() >= MOST:
        raise NotNow(_("This workshop takes nobody else. Ask the focal point to open a new one."))
    activity.record(
        Verb.JOIN_WORKSHOP, by=None, submission=workshop.submission, detail=workshop.area.code, origin=Origin.PAGE
    )
    return Participant.objects.create(workshop=workshop, name=name, agency=agency)


@transaction.atomic
def admit(workshop: Workshop, participants: Collection[int], *, by: User) -> int:
    """Let those of `participants`, by primary key, who still wait into the room; return how many.

    Raises PermissionDenied, and NotNow once the workshop is over.
    """
    workshop = sessions.lock(workshop, by=by)
    waiting = workshop.participants.waiting().filter(pk__in=participants)
    admitted = waiting.update(admitted_at=clock.now(), admitted_by=by)
    if admitted:
        area = workshop.area.code
        activity.record(Verb.ADMIT, by=by, submission=workshop.submission, detail=area, count=admitted)
    return admitted


@transaction.atomic
def turn_away(workshop: Workshop, participant: int, *, by: User) -> Participant:
    """Turn a participant away, by primary key, whether admitted or not: their ratings do not count any more.

    Raises PermissionDenied, NotNow once the workshop is over, and Invalid if it is not one of this workshop.
    """
    workshop = sessions.lock(workshop, by=by)
    found = workshop.participants.filter(pk=participant).first()
    if found is None:
        raise Invalid(_("Nobody with this number asked to join this workshop."))
    if found.removed_at is None:
        found.removed_at, found.removed_by = clock.now(), by
        found.save(update_fields=["removed_at", "removed_by"])
        activity.record(Verb.TURN_AWAY, by=by, submission=workshop.submission, detail=workshop.area.code)
    return found


def running(code: str) -> Workshop | None:
    """Return the workshop that the code opens now, None if it opens nothing."""
    found = Workshop.objects.running().filter(code=code)
    return found.select_related("submission__cycle__edition", "indicator").first()


def present(code: str, pk: int) -> Participant | None:
    """Return who joined the running workshop with this code as the participant `pk`, None if nobody did."""
    here = Participant.objects.filter(pk=pk, workshop__in=Workshop.objects.running().filter(code=code))
    return here.select_related("workshop__submission__cycle__edition", "workshop__indicator").first()


def opens_nothing() -> str:
    """Return the one sentence for every code that opens nothing, whatever the reason."""
    return _("This code opens nothing: it may be mistyped, or the workshop is over. Compare it with the screen.")


def delete_old() -> int:
    """Delete the names and agencies, with the single ratings, a month after the cycle closed; return how many."""
    joined = Participant.objects.select_related("workshop__submission__cycle")
    old = [one.pk for one in joined if _last_day_is_past(one)]
    Participant.objects.filter(pk__in=old).delete()
    return len(old)


def _last_day_is_past(participant: Participant) -> bool:
    submission = participant.workshop.submission
    return submission.cycle.day() > submission.last_day + STORED
