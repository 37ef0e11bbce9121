"""What a new portal still lacks, on its administrators' home."""

import pytest
from django.urls import reverse

from scoreboard import clock, schedule
from scoreboard.mail import outbox
from scoreboard.models import Mail
from tests.factories import a_country, a_person, an_edition, an_officer
from tests.pages import Page


@pytest.fixture
def admin(db):
    return a_person(name="Ada Administrator", is_staff=True)


def done(client):
    """Return which steps are done; the last, whether there are backups, is what the portal cannot see."""
    page = client.get(reverse("home"))
    *steps, backups = page.context["first_run"]
    assert (backups.title, backups.is_done) == ("Backups", None)
    if steps:
        assert "Each day, outside of this machine: the database and the folder of files" in Page(page).text
        assert "The portal cannot see whether it is done. Not checked here" in Page(page).text
    return [step.is_done for step in steps]


def test_each_step_is_done_when_the_portal_has_it(admin, sign_in):
    home = sign_in(admin)
    Mail.everything.all().delete()
    assert done(home) == [False] * 5
    an_edition()
    assert done(home) == [True, False, False, False, False]
    a_country()
    assert done(home) == [True, True, False, False, False]
    an_officer()
    assert done(home) == [True, True, True, False, False]
    schedule.run(schedule.Job("test", every=schedule.ALIVE, do=clock.now))
    assert done(home) == [True, True, True, True, False]
    assert home.post(reverse("test_mail")).status_code == 302
    assert done(home) == [True, True, True, True, False], "it has not left yet"
    outbox.send_due()
    assert home.get(reverse("home")).context["first_run"] == []


def test_nobody_else_sees_the_steps(officer, sign_in):
    assert sign_in(officer).get(reverse("home")).context["first_run"] == []
