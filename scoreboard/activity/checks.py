"""The daily check of the log: what it found is stored, and officers get a mail about what is new."""

import logging
from dataclasses import asdict

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from scoreboard.activity.verification import Problem, check
from scoreboard.mail import notifications
from scoreboard.models import ActivityCheck

log = logging.getLogger(__name__)


@transaction.atomic
def run() -> ActivityCheck:
    """Check both chains, store and return what that found; mail it to the officers unless the last check found it."""
    known = problems(last())
    result = check()
    found = ActivityCheck.objects.create(
        blocks=result.blocks, entries=result.entries, problems=[asdict(problem) for problem in result.problems]
    )
    for problem in result.problems:
        log.error("Activity log, block %s: %s", problem.block, problem.fault)
    if set(result.problems) - set(known):
        link = settings.SITE_URL + reverse("activity_check")
        notifications.notify_officers("activity_broken", problems=result.problems, link=link)
    return found


def last() -> ActivityCheck | None:
    """Return the last check, None before the first."""
    return ActivityCheck.objects.first()


def problems(found: ActivityCheck | None) -> list[Problem]:
    """Return what a check found."""
    return [Problem(**problem) for problem in found.problems] if found else []
