"""The schedule of a cycle's reminders: the usual one, changed by officers, each sent once to each reader."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard import clock
from scoreboard.cycles import reminders
from scoreboard.errors import Invalid
from scoreboard.models import Mail, Reminder, Role
from scoreboard.submissions import answering
from tests.factories import HARBOUR, a_country, a_cycle, a_focal, a_person, an_edition, given
from tests.pages import Page

pytestmark = pytest.mark.django_db

OPENS, DEADLINE, CLOSES = date(2026, 3, 1), date(2026, 5, 1), date(2026, 6, 1)
About, To = Reminder.About, Reminder.To


@pytest.fixture
def cycle(malta, greece, focal):
    """A cycle in which Malta has begun and Greece has not."""
    an_edition(HARBOUR)
    a_focal(greece)
    with on(OPENS):
        cycle = a_cycle([malta, greece], opens=OPENS, deadline=DEADLINE, closes=CLOSES)
        draft = cycle.submissions.get(country=malta)
        answering.save_answers(draft, {"P1": given()}, by=focal, seen={})
    return cycle


def on(day):
    return clock.at(datetime.combine(day, time(12)).astimezone())


def sent(day):
    """Whom the reminders of a day go to, and about how many days."""
    before = set(Mail.objects.values_list("pk", flat=True))
    with on(day):
        reminders.send()
    found = Mail.objects.exclude(pk__in=before).order_by("to__name")
    return [(mail.to.name, mail.event) for mail in found]


def test_a_cycle_begins_with_the_usual_schedule(cycle, officer, sign_in):
    assert [(one.about, one.days, one.to) for one in reminders.schedule(cycle)] == [
        ("deadline", -30, "all"),
        ("deadline", -7, "all"),
        ("deadline", -1, "all"),
        ("deadline", 1, "all"),
        ("question", -3, "all"),
        ("question", 1, "all"),
    ]
    with on(OPENS):
        page = Page(sign_in(officer).get(reverse("cycle_reminders", args=[cycle.code])))
    assert "7 days before the deadline 24 April 2026 every country that has not submitted 2 countries" in page.text
    assert "focal GR, " in page.text
    assert "3 days before a reply is due" in page.text


def test_an_officer_changes_it(cycle, officer, sign_in):
    desk, page = sign_in(officer), reverse("cycle_reminders", args=[cycle.code])
    for days in (-30, -7, -1, 1):
        desk.post(page, {"remove": f"deadline {days} all"})
    desk.post(page, {"add": "yes", "about": "deadline", "days": "14", "side": "before", "to": "not_started"})
    desk.post(page, {"add": "yes", "about": "deadline", "days": "0", "side": "before", "to": "started"})
    desk.post(page, {"add": "yes", "about": "deadline", "days": "10", "side": "after", "to": "all"})
    cycle.refresh_from_db()
    assert [(one.days, one.to) for one in reminders.schedule(cycle) if one.about == About.DEADLINE] == [
        (-14, "not_started"),
        (0, "started"),
        (10, "all"),
    ]
    assert sent(DEADLINE - timedelta(days=15)) == []
    assert sent(DEADLINE - timedelta(days=14)) == [("focal GR", "deadline_near 14 2026-05-01 not_started")]
    assert sent(DEADLINE - timedelta(days=13)) == []
    assert sent(DEADLINE) == [("focal MT", "deadline_near 0 2026-05-01 started")]
    assert sent(DEADLINE + timedelta(days=9)) == []
    assert sent(DEADLINE + timedelta(days=10)) == [
        ("focal GR", "overdue 10 2026-05-01"),
        ("focal MT", "overdue 10 2026-05-01"),
    ]


def test_the_page_shows_whom_each_would_reach(cycle, officer, sign_in):
    reminders.add(cycle, about=About.DEADLINE, days=-14, to=To.NOT_STARTED, by=officer)
    a_country("CY")
    with on(OPENS):
        entries = reminders.preview(type(cycle).objects.get(pk=cycle.pk))
    reached = {
        entry.reminder.days: [str(one.country) for one, _people in entry.countries]
        for entry in entries
        if entry.reminder.about == About.DEADLINE
    }
    both = ["Greece", "Malta"]
    assert reached == {-30: both, -14: ["Greece"], -7: both, -1: both, 1: both}


def test_the_page_costs_the_same_for_eight_focal_points_of_a_country_as_for_one(cycle, malta, greece, officer, sign_in):
    desk, page = sign_in(officer), reverse("cycle_reminders", args=[cycle.code])
    counts = []
    for _more in range(2):
        with on(OPENS), CaptureQueriesContext(connection) as queries:
            shown = desk.get(page)
        counts.append(len(queries))
        assert shown.context["entries"][0].mail.to.name == "focal GR"
        for n in range(7):
            a_person(Role.FOCAL, greece, name=f"point {n}")
    assert counts[0] == counts[1]


def test_what_makes_no_sense_is_refused(cycle, officer, focal, analyst, sign_in):
    with pytest.raises(Invalid, match="in the schedule already"):
        reminders.add(cycle, about=About.DEADLINE, days=-7, to=To.ALL, by=officer)
    with pytest.raises(Invalid, match="within a year"):
        reminders.add(cycle, about=About.DEADLINE, days=-400, to=To.ALL, by=officer)
    for person in (focal, analyst):
        with pytest.raises(PermissionDenied):
            reminders.add(cycle, about=About.DEADLINE, days=-9, to=To.ALL, by=person)
        with pytest.raises(PermissionDenied):
            reminders.remove(cycle, about=About.DEADLINE, days=-7, to=To.ALL, by=person)
    page = reverse("cycle_reminders", args=[cycle.code])
    again = Page(
        sign_in(officer).post(page, {"add": "yes", "about": "deadline", "days": "7", "side": "before", "to": "all"})
    )
    assert "This reminder is in the schedule already." in again.text
    assert sign_in(officer).post(page, {"remove": "nonsense"}).status_code == 409


def test_the_database_refuses_the_same_reminder_twice(cycle):
    assert len(sent(DEADLINE - timedelta(days=7))) == 2
    mail = Mail.objects.filter(event__startswith="deadline_near").first()
    mail.pk = None
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        mail.save(force_insert=True)
