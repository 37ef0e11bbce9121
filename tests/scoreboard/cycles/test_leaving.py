"""A country that leaves a cycle: a fact beside its state, that can be undone, and out of every count meanwhile."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from reporting.assessments import lifecycle
from reporting.results import snapshots
from scoreboard import clock, contributors
from scoreboard.cycles import calendar, reminders
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import outbox
from scoreboard.models import Cycle, Mail, State, Submission
from scoreboard.threads import discussion
from scoreboard.todo import tasks
from tests.factories import a_country, a_cycle, a_focal, a_part, given, submission_at
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")


def again(submission):
    return Submission.objects.get(pk=submission.pk)


@pytest.fixture
def crowd(malta, greece):
    """A cycle with a country in each state, by its state."""
    countries = [malta, greece, a_country("CY"), a_country("TN")]
    cycle = a_cycle(countries)
    return {state: submission_at(state, country, cycle) for state, country in zip(State, countries, strict=True)}


def counted(cycle, officer, desk):
    """Everything that counts countries: the board's tabs, the queue's, home, reminders, the snapshot."""
    board = Page(desk.get(reverse("cycle_board", args=[cycle.code])))
    queue = Page(desk.get(reverse("review_queue")))
    bench = Page(desk.get(reverse("workbench", args=[cycle.code])))
    later = clock.now() + timedelta(days=35)
    with clock.at(later):
        overdue = list(Submission.objects.overdue().values_list("country__iso2", flat=True))
        Mail.objects.filter(event__startswith="overdue").delete()
        reminders.send()
        reminded = sorted(Mail.objects.filter(event__startswith="overdue").values_list("submission__country__iso2"))
    taken = snapshots.take(cycle)
    return {
        "board": [words for words in board.links if words.split()[-1].isdigit()],
        "queue": [words for words in queue.links if words.split()[-1].isdigit()],
        "bench": [line for line in [bench.text] if "accepted" in line],
        "home": [item.sentence for item in tasks.for_person(officer)],
        "overdue": sorted(overdue),
        "reminded": reminded,
        "countries": [country["iso2"] for country in taken["countries"]],
        "not_reported": [country["iso2"] for country in taken["not_reported"]],
        "threads": discussion.waiting_for(officer).count(),
    }


def test_everybody_leaves_and_comes_back(crowd, officer, sign_in):
    desk, cycle = sign_in(officer), crowd[State.DRAFT].cycle
    before = counted(cycle, officer, desk)
    assert (before["overdue"], before["countries"]) == (["CY", "MT"], ["TN"])
    for state in (State.DRAFT, State.SUBMITTED, State.RETURNED):
        calendar.leave(crowd[state], reason="A state of emergency.", by=officer)
    meanwhile = counted(cycle, officer, desk)
    assert (meanwhile["overdue"], meanwhile["reminded"], meanwhile["not_reported"]) == ([], [], [])
    assert meanwhile["countries"] == ["TN"]
    assert "Left the cycle 3" in meanwhile["board"]
    assert {"Being drafted 0", "To review 0", "Waits for the country 0"} <= set(meanwhile["board"])
    assert {"To review 0", "Waits for the country 0"} <= set(meanwhile["queue"])
    for state in (State.DRAFT, State.SUBMITTED, State.RETURNED):
        stood = again(crowd[state])
        assert (stood.state, stood.left_by, stood.left_reason) == (state, officer, "A state of emergency.")
        calendar.rejoin(stood, reason="It is over.", by=officer)
    assert counted(cycle, officer, desk) == before


def test_the_last_accepted_country_that_leaves_takes_its_results_along_but_nothing_published(crowd, officer):
    cycle = crowd[State.ACCEPTED].cycle
    issue = lifecycle.consolidate(cycle, by=officer)
    kept = issue.snapshot
    calendar.leave(crowd[State.ACCEPTED], reason="A state of emergency.", by=officer)
    issue.refresh_from_db()
    assert issue.snapshot == kept
    with pytest.raises(NotNow, match="nothing to consolidate"):
        lifecycle.consolidate(cycle, by=officer)


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_it_needs_a_reason(reason, crowd, officer):
    with pytest.raises(Invalid, match="Give the reason"):
        calendar.leave(crowd[State.DRAFT], reason=reason, by=officer)
    calendar.leave(crowd[State.DRAFT], reason="A state of emergency.", by=officer)
    with pytest.raises(Invalid, match="Give the reason"):
        calendar.rejoin(crowd[State.DRAFT], reason=reason, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=crowd[State.RETURNED].pk).update(left_at=clock.now(), left_by=officer)


def test_a_country_of_a_cycle_that_is_not_open_is_unticked_instead(malta, officer):
    submission = a_cycle([malta], opened=False).submissions.get()
    with pytest.raises(NotNow, match="Untick the country"):
        calendar.leave(submission, reason="A slip.", by=officer)


def test_the_pages_ask_do_it_say_so_and_undo_it(crowd, officer, sign_in):
    submission, desk = crowd[State.RETURNED], sign_in(officer)
    focal = a_focal(submission.country)
    review, leave = reverse("review", args=[submission.pk]), reverse("review_leave", args=[submission.pk])
    rejoin = reverse("review_rejoin", args=[submission.pk])
    assert leave in desk.get(review, follow=True).content.decode()
    assert "Nothing is deleted" in Page(desk.get(leave)).text
    assert "Give the reason: the country reads it." in Page(desk.post(leave, {"reason": " "})).text
    Mail.objects.all().delete()
    assert desk.post(leave, {"reason": "A state of emergency."})["Location"] == review
    outbox.send_due()
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([focal.email], "Cyprus has left the cycle: Scoreboard 2026")
    ]
    assert "A state of emergency." in mail.outbox[0].body
    read = Page(desk.get(review, follow=True))
    assert "Cyprus has left the cycle" in read.text
    assert "Let it take part again" in read.links
    assert desk.get(leave).status_code == 409
    own = sign_in(focal)
    shown = Page(own.get(reverse("submission", args=[submission.pk])))
    assert "Cyprus has left the cycle" in shown.text
    assert "A state of emergency." in shown.text
    area = submission.cycle.edition.whole[0].code
    refused = own.get(reverse("submission_area", args=[submission.pk, area]))
    assert "Cyprus left the cycle on" in Page(refused).text
    assert "Cyprus" not in " ".join(item.title for item in tasks.for_person(focal))
    assert "Left the cycle" in Page(own.get(reverse("submission_history", args=[submission.pk]))).text
    assert desk.post(rejoin, {"reason": "It is over."})["Location"] == review
    assert again(submission).left_at is None
    assert "Takes part in the cycle again" in Page(own.get(reverse("submission_history", args=[submission.pk]))).text


def test_a_contributor_s_part_waits_while_the_country_has_left(crowd, officer, focal):
    submission = crowd[State.DRAFT]
    part = a_part(submission, by=focal)
    calendar.leave(submission, reason="A state of emergency.", by=officer)
    person = type(focal).objects.get(pk=part.person_id)
    with pytest.raises(NotNow, match="left the cycle on"):
        contributors.suggest(part, "P1", given(level=1), by=person)
    with clock.at(clock.now() + timedelta(days=5)):
        assert not Mail.objects.filter(event__startswith="remind").exists()
        reminders.send()
        assert not Mail.objects.filter(event__startswith="remind").exists()
    assert Cycle.objects.get().submissions.count() == 4
