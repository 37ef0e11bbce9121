"""The timetable of what the portal does by itself: whatever is due is done once, by one of the workers."""

from datetime import timedelta
from threading import Lock

import pytest
from django.core import mail
from django.core.management import call_command

from reporting import tasks
from scoreboard import clock, schedule
from scoreboard.models import ScheduledJob
from scoreboard.people import invitations
from scoreboard.schedule import Job
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db


def counting(**fields) -> tuple[Job, list]:
    done, lock = [], Lock()

    def do():
        with lock:
            done.append(clock.now())

    return Job("count", timedelta(minutes=1), do, **fields), done


def after(**delta):
    return clock.at(clock.now() + timedelta(**delta))


def test_it_is_done_when_due_and_not_before():
    job, done = counting()
    assert [schedule.run(job) for _time in range(3)] == [True, False, False]
    with after(seconds=61):
        assert [schedule.run(job) for _time in range(3)] == [True, False, False]
    assert len(done) == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_does_it():
    job, done = counting()
    ScheduledJob.objects.create(name=job.name)
    assert sorted(at_once(*[lambda: schedule.run(job)] * 4)) == [False, False, False, True]
    assert len(done) == 1


def test_one_that_fails_is_noted_and_done_again():
    def fail():
        raise RuntimeError("No.")

    assert schedule.run(Job("fails", timedelta(minutes=1), fail))
    row = ScheduledJob.objects.get()
    assert (row.error, row.finished_at is not None) == ("RuntimeError: No.", True)
    assert not schedule.run(Job("fails", timedelta(minutes=1), fail))
    with after(seconds=61):
        assert schedule.run(Job("fails", timedelta(minutes=1), lambda: None))
    assert ScheduledJob.objects.get().error == ""


def test_one_whose_worker_was_killed_is_taken_up_after_a_while():
    def killed():
        raise KeyboardInterrupt

    job, done = counting(lease=timedelta(minutes=5))
    with pytest.raises(KeyboardInterrupt):
        schedule.run(Job("count", timedelta(minutes=1), killed, lease=timedelta(minutes=5)))
    with after(minutes=4):
        assert not schedule.run(job)
    with after(minutes=5, seconds=1):
        assert schedule.run(job)
    assert len(done) == 1


def test_a_worker_gives_a_sign_of_life():
    assert not schedule.is_alive(schedule.last_sign())
    tasks.run_jobs()
    assert schedule.is_alive(schedule.last_sign())
    with after(minutes=3):
        assert not schedule.is_alive(schedule.last_sign())


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_mail_reminders_and_sweeping(focal):
    invitations.invite(focal)
    call_command("worker", batch=True, startup_delay=False, verbosity=0)
    assert [message.to for message in mail.outbox] == [[focal.email]]
    assert set(ScheduledJob.objects.values_list("name", flat=True)) == {job.name for job in tasks.JOBS}
    assert {"mail", "reminders", "sweep"} <= {job.name for job in tasks.JOBS}
