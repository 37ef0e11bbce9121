"""The life of a build: taken by one worker that gives signs of life, cancelled, or taken back when none come."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reporting.models import Build
from scoreboard import clock, rules
from scoreboard.errors import NotNow
from scoreboard.models import User

State = Build.State

ATTEMPTS = 3


class Gone(Exception):
    """The build is this worker's no longer: it was cancelled, or another has taken it up."""


def take(build: Build) -> bool:
    """Take a waiting build; return whether it was still waiting. Each taking is an attempt, and the last one counts."""
    taken = Build.objects.filter(pk=build.pk, state=State.QUEUED, attempts=build.attempts).update(
        state=State.RUNNING, attempts=build.attempts + 1, heartbeat_at=clock.now()
    )
    build.attempts += taken
    return bool(taken)


def beat(build: Build, doing: str, done: int, steps: int) -> None:
    """Give a sign of life and say how far the build is; raises Gone if it is to go no further."""
    told = _mine(build).filter(cancel_asked_at__isnull=True)
    if not told.update(doing=doing, steps_done=done, steps=steps, heartbeat_at=clock.now()):
        raise Gone


def finish(build: Build) -> None:
    """Note that the build is done; raises Gone, so that nothing is stored, if it was not to go so far."""
    if not _mine(build).filter(cancel_asked_at__isnull=True).update(state=State.DONE, finished_at=clock.now()):
        raise Gone


def fail(build: Build, sentence: str) -> None:
    """Note why the build came to nothing."""
    _mine(build).update(state=State.FAILED, error=sentence, finished_at=clock.now())


def let_go(build: Build) -> None:
    """Note that the build stopped because that was asked; one that another worker has taken up stays as it is."""
    _mine(build).filter(cancel_asked_at__isnull=False).update(state=State.CANCELLED, finished_at=clock.now())


@transaction.atomic
def cancel(build: Build, *, by: User) -> Build:
    """Stop a build: at once if it waits, after the section at hand if it runs. Raises NotNow if it does neither."""
    rules.require(by, "build")
    build = Build.objects.select_for_update().get(pk=build.pk)
    if not build.is_active:
        raise NotNow(_("This build is over; there is nothing to cancel."))
    build.cancel_asked_at = build.cancel_asked_at or clock.now()
    if build.state == State.QUEUED:
        build.state, build.finished_at = State.CANCELLED, clock.now()
    build.save(update_fields=["cancel_asked_at", "state", "finished_at"])
    return build


def take_back() -> list[Build]:
    """Let builds wait again whose worker gives no sign of life any more, and return them.

    After the last attempt a build has failed instead, and one that was to be cancelled is.
    """
    waiting = []
    for build in _forsaken():
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


def _forsaken() -> QuerySet[Build]:
    return Build.objects.filter(state=State.RUNNING, heartbeat_at__lt=clock.now() - Build.LEASE)


def _mine(build: Build) -> QuerySet[Build]:
    return Build.objects.filter(pk=build.pk, state=State.RUNNING, attempts=build.attempts)
