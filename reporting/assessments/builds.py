"""The life of a build: taken by one worker that sends heartbeats, cancelled, or queued again when they stop."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reporting.models import Build
from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import NotNow
from scoreboard.models import User

State = Build.State

ATTEMPTS = 3


class Lost(Exception):
    """The build is no longer this worker's: it was cancelled, or another worker has taken it."""


def take(build: Build) -> bool:
    """Take a waiting build; return whether it was still waiting. Each taking is an attempt, and the last one counts."""
    taken = Build.objects.filter(pk=build.pk, state=State.QUEUED, attempts=build.attempts).update(
        state=State.RUNNING, attempts=build.attempts + 1, heartbeat_at=clock.now()
    )
    build.attempts += taken
    return bool(taken)


def heartbeat(build: Build, doing: str, done: int, steps: int) -> None:
    """Store that the worker is alive and how far the build is; raises Lost if the build must stop."""
    own = _own(build).filter(cancel_asked_at__isnull=True)
    if not own.update(doing=doing, steps_done=done, steps=steps, heartbeat_at=clock.now()):
        raise Lost


def finish(build: Build) -> None:
    """Note that the build is done; raises Lost, so that nothing is stored, if it was cancelled or lost."""
    if not _own(build).filter(cancel_asked_at__isnull=True).update(state=State.DONE, finished_at=clock.now()):
        raise Lost


def fail(build: Build, sentence: str) -> None:
    """Note why the build came to nothing."""
    _own(build).update(state=State.FAILED, error=sentence, finished_at=clock.now())


def stop(build: Build) -> None:
    """Note that the build was cancelled; one that another worker has taken stays unchanged."""
    _own(build).filter(cancel_asked_at__isnull=False).update(state=State.CANCELLED, finished_at=clock.now())


@transaction.atomic
def cancel(build: Build, *, by: User) -> Build:
    """Stop a build: at once if it waits, after the section at hand if it runs. Raises NotNow if it does neither."""
    rules.require(by, "build")
    builds = Build.objects.select_for_update(of=("self",)).select_related("assessment__cycle")
    build = builds.defer("assessment__snapshot", "assessment__texts").get(pk=build.pk)
    if not build.is_active:
        raise NotNow(_("This build is over; there is nothing to cancel."))
    build.cancel_asked_at = build.cancel_asked_at or clock.now()
    if build.state == State.QUEUED:
        build.state, build.finished_at = State.CANCELLED, clock.now()
    build.save(update_fields=["cancel_asked_at", "state", "finished_at"])
    issue = build.assessment
    activity.record(Verb.CANCEL_BUILD, by=by, cycle=issue.cycle, detail=str(issue.issue))
    return build


def requeue_abandoned() -> list[Build]:
    """Queue builds again whose worker sends no heartbeat any more, and return them.

    After the last attempt a build has failed instead; one that was to be cancelled is cancelled.
    """
    waiting = []
    for build in _abandoned():
        found = Build.objects.filter(pk=build.pk, state=State.RUNNING, heartbeat_at=build.heartbeat_at)
        if build.cancel_asked_at:
            found.update(state=State.CANCELLED, finished_at=clock.now())
        elif build.attempts >= ATTEMPTS:
            sentence = _(
                "The worker was stopped in the middle of it %(n)d times. Ask the operator to look into its log."
            )
            found.update(state=State.FAILED, error=sentence % {"n": build.attempts}, finished_at=clock.now())
        elif found.update(state=State.QUEUED, doing="", requested_at=clock.now()):
            waiting.append(build)
    return waiting


def _abandoned() -> QuerySet[Build]:
    return Build.objects.filter(state=State.RUNNING, heartbeat_at__lt=clock.now() - Build.LEASE)


def _own(build: Build) -> QuerySet[Build]:
    return Build.objects.filter(pk=build.pk, state=State.RUNNING, attempts=build.attempts)
