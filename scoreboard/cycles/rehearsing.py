"""The verbs of the rehearsal: finding it, and starting it anew."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from scoreboard import activity, clock, rehearsal, rules
from scoreboard.cycles import calendar
from scoreboard.evidence import attaching
from scoreboard.models import (
    ActionPlan,
    AnswerVersion,
    Country,
    Cycle,
    Edition,
    Evidence,
    State,
    StatementPiece,
    Submission,
    Transition,
    User,
    Verb,
)
from scoreboard.models.countries import REHEARSAL_CODES
from scoreboard.models.cycles import REHEARSAL_CODE

DAYS = 30  # from the start to the deadline, and again to the closing


def current() -> Cycle | None:
    """Return the rehearsal's cycle, from either world; None if there is none."""
    with rehearsal.within():
        return Cycle.objects.select_related("edition", "changed_by").first()


@transaction.atomic
def start(edition: Edition, *, by: User) -> Cycle:
    """Start the rehearsal with an edition, from today for two months; what was written in the last one is deleted.

    Its country and the people invited to it stay. Raises PermissionDenied.
    """
    rules.require(by, "manage_cycles")
    with rehearsal.within():
        _delete_everything()
        iso2, iso3 = REHEARSAL_CODES
        country, _made = Country.objects.get_or_create(
            iso2=iso2, iso3=iso3, is_rehearsal=True, defaults={"name": _in_every_language(_("Rehearsal country"))}
        )
        today = clock.today()
        cycle = Cycle(
            code=REHEARSAL_CODE,
            title=_in_every_language(_("Rehearsal")),
            edition=edition,
            opens=today,
            deadline=today + timedelta(days=DAYS),
            closes=today + timedelta(days=2 * DAYS),
            time_zone=settings.TIME_ZONE,
            is_example=True,
            is_rehearsal=True,
        )
        activity.record(Verb.START_REHEARSAL, by=by)
        calendar.save_cycle(cycle, add=[country], by=by, seen=0)
        return calendar.open_cycle(cycle, by=by)


def _in_every_language(text: Promise) -> LazyI18nString:
    """Return a text in every language of the portal, to be stored."""

    def translated(code: str) -> str:
        with translation.override(code):
            return str(text)

    return LazyI18nString({code: translated(code) for code, _name in settings.LANGUAGES})


def _delete_everything() -> None:
    """Delete the rehearsal's cycle and all that was written in it, files included; each before what it refers to."""
    submissions = Submission.objects.all()
    dated = ("accepted_at", "accepted_version", "approved_at", "approved_by", "approved_version", "submitted_at")
    submissions.update(reopen_asked_at=None, reopen_asked_by=None, reopen_request="")
    submissions.update(**dict.fromkeys(dated), state=State.DRAFT)
    for submission in submissions:
        attaching.delete_with_files([*Evidence.objects.of(submission), *submission.paper_sources.all()])
        attaching.delete_with_files(StatementPiece.objects.filter(statement__submission=submission))
        AnswerVersion.objects.filter(answer__submission=submission).delete()
        Transition.objects.filter(submission=submission).delete()
    submissions.delete()
    for plan in ActionPlan.objects.order_by("-pk"):  # a copy before the plan that it was copied from
        attaching.delete_with_files(plan.pieces.all())
        plan.delete()
    Cycle.objects.all().delete()
