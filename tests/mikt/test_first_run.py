"""What a new portal still lacks, on its administrators' home."""

import pytest
from django.urls import reverse

from scoreboard import clock, schedule
from scoreboard.mail import outbox
from scoreboard.models import Backup, Mail
from tests.factories import a_country, a_person, an_edition, an_officer
from tests.pages import Page


@pytest.fixture
def admin(db):
    return a_person(name="Ada Administrator", is_staff=True)


def done(client):
    """Return which steps are done."""
    page = client.get(reverse("home"))
    if page.context["first_run"]:
        assert "Each day, by cron: manage.py backup" in Page(page).text or Backup.objects.exists()
    return [step.is_done for step in page.context["first_run"]]


def test_each_step_is_done_when_the_portal_has_it(admin, sign_in):
    home = sign_in(admin)
    Mail.everything.all().delete()
    assert done(home) == [False] * 6
    an_edition()
    assert done(home) == [True, False, False, False, False, False]
    a_country()
    assert done(home) == [True, True, False, False, False, False]
    an_officer()
    assert done(home) == [True, True, True, False, False, False]
    schedule.run(schedule.Job("test", every=schedule.ALIVE, do=clock.now))
    assert done(home) == [True, True, True, True, False, False]
    assert home.post(reverse("test_mail")).status_code == 302
    assert done(home) == [True, True, True, True, False, False], "it has not left yet"
    outbox.send_due()
    assert done(home) == [True, True, True, True, True, False]
    Backup.objects.create(name="first.tar", size=1, sha256="0" * 64, encrypted=True)
    assert home.get(reverse("home")).context["first_run"] == []


def test_nobody_else_sees_the_steps(officer, sign_in):
    assert sign_in(officer).get(reverse("home")).context["first_run"] == []
