"""What runs in the background: the one module that knows the task queue."""

import logging
import time
from datetime import timedelta
from typing import Any

from django.db import connections, transaction
from django_tasks import task

from reporting import file_checks
from reporting.assessments import builds, cards, lifecycle
from reporting.consultation import opening
from reporting.models import Assessment, Build
from reporting.pdf import single
from reporting.published import writing as published
from reporting.subscriptions import subscribing
from scoreboard import schedule
from scoreboard.activity import checks, sealing
from scoreboard.cycles import reminders
from scoreboard.mail import outbox
from scoreboard.models import User
from scoreboard.network import daily, good_practice, learning, links, resources
from scoreboard.people import addresses, requests, second_factor, sessions, tokens
from scoreboard.plans import commitment_reminders, delegating
from scoreboard.schedule import Job
from scoreboard.stakeholders import writing
from scoreboard.webhooks import sending as webhooks
from scoreboard.workshops import joining

log = logging.getLogger(__name__)


@task()
def perform_build(build: int) -> None:
    """Carry out the build with this primary key."""
    lifecycle.perform(Build.objects.select_related("assessment__cycle__edition").get(pk=build))


@transaction.atomic
def request_build(assessment: Assessment, *, by: User, **particulars: Any) -> Build:
    """Ask for a build (see `assessments.request_build`) and put it into the queue once that is committed."""
    build = lifecycle.request_build(assessment, by=by, **particulars)
    transaction.on_commit(lambda: perform_build.enqueue(build.pk))
    return build


def sweep() -> int:
    """Put builds that a killed worker left behind into the queue again; return how many."""
    waiting = builds.requeue_abandoned()
    for build in waiting:
        log.warning("Build %s was left behind by its worker and is put into the queue again.", build.pk)
        perform_build.enqueue(build.pk)
    return len(waiting)


JOBS = (
    Job("mail", timedelta(seconds=5), outbox.send_due),
    Job("webhooks", timedelta(seconds=5), webhooks.send_due),
    Job("sweep", timedelta(seconds=15), sweep, lease=timedelta(minutes=1)),
    Job("reminders", timedelta(hours=1), reminders.send),
    Job("reminders of steps", timedelta(hours=6), commitment_reminders.send),
    Job("published rows", timedelta(minutes=1), published.complete),
    Job("cards", timedelta(minutes=1), cards.make_missing, lease=timedelta(minutes=15)),
    Job("consultations", timedelta(hours=1), opening.remind),
    Job("seal activity", timedelta(minutes=1), sealing.run),
    Job("check activity", timedelta(days=1), checks.run),
    Job("stored files", timedelta(minutes=10), file_checks.walk),
    Job("old activity", timedelta(days=1), sealing.remove_old),
    Job("old mails", timedelta(days=1), outbox.delete_old),
    Job("old papers", timedelta(days=1), single.forget_old),
    Job("old network addresses", timedelta(days=1), addresses.delete_old_origins),
    Job("old origins of removals", timedelta(days=1), second_factor.delete_old_origins),
    Job("tokens without a role", timedelta(hours=1), tokens.end_without_role),
    Job("old tokens", timedelta(days=1), tokens.delete_old),
    Job("old sessions", timedelta(days=1), sessions.delete_old),
    Job("old names of workshops", timedelta(days=1), joining.delete_old),
    Job("old drafts of statements", timedelta(days=1), writing.delete_old_drafts),
    Job("daily mail about spaces", timedelta(days=1), daily.send),
    Job("old mails about spaces", timedelta(days=1), daily.delete_old),
    Job("old colleagues of plans", timedelta(days=1), delegating.delete_old),
    Job("old questions between countries", timedelta(days=1), learning.delete_old),
    Job("old drafts of good practice", timedelta(days=1), good_practice.delete_old),
    Job("old resources", timedelta(days=1), resources.delete_old),
    Job("links of resources", timedelta(hours=1), links.check_due),
    Job("old messages to webhooks", timedelta(days=1), webhooks.delete_old),
    Job("old subscriptions", timedelta(hours=1), subscribing.delete_old),
    Job("old requests for access", timedelta(hours=6), requests.delete_old),
)
LOOK_FOR_PAPERS = 0.5  # seconds; somebody waits for each


def run_jobs() -> list[str]:
    """Do what is due by the schedule, once; return the names of what was done."""
    return [job.name for job in JOBS if schedule.run(job)]


def keep_making_papers() -> None:
    """Make papers as they are asked for, apart from the builds, so that neither waits for the other."""
    while True:
        try:
            single.make_waiting()
        except Exception:  # the worker survives whatever fails, such as a database that restarts
            log.exception("Papers cannot be made now")
            time.sleep(5)
        finally:
            connections.close_all()
        time.sleep(LOOK_FOR_PAPERS)


def keep_running(job: Job) -> None:
    """Do the job whenever it is due; what goes wrong, such as a database that restarts, is tried again."""
    while True:
        try:
            schedule.run(job)
        except Exception:  # the worker survives whatever fails, such as a database that restarts
            log.exception("The job “%s” could not be taken up", job.name)
        finally:
            connections.close_all()
        time.sleep(min(job.every.total_seconds(), 5))
