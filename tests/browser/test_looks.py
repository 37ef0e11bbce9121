"""What only eyes notice: a chart that goes on beyond a phone's edge says so, and links keep clear of buttons."""

import pytest

from reporting.assessments import lifecycle
from scoreboard.models import Role, State
from tests.browser.conftest import overflow
from tests.factories import SCOREBOARD, a_person, an_edition, an_officer, submission_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHADE = "one => one.scrollWidth > one.clientWidth && getComputedStyle(one).backgroundImage.includes('gradient')"


def test_a_chart_wider_than_a_phone_shows_that_it_goes_on(visit):
    an_edition(SCOREBOARD)
    issue = lifecycle.consolidate(submission_at(State.ACCEPTED).cycle, by=an_officer())
    page = visit(a_person(Role.ANALYST), width=360)
    page.goto(f"/reports/{issue.pk}/")
    assert overflow(page) == 0
    charts = page.locator(".chart-scroll")
    assert charts.count() > 5
    assert all(chart.evaluate(SHADE) for chart in charts.all() if chart.is_visible())


def test_what_opens_keeps_clear_of_a_button(visit):
    page = visit()
    page.goto("/reports/verify/")
    button, opens = (page.locator(one).bounding_box() for one in ("#verify .btn", "#verify + details"))
    assert opens["y"] - button["y"] - button["height"] >= 12
