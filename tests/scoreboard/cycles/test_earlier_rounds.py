"""Earlier rounds: cycles that are over when they are set up, in which nobody is asked, mailed or reminded."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from scoreboard.cycles import board, calendar, mailings, planning, reminders
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import ActivityEntry, Cycle, Mail, State, Submission
from scoreboard.todo import tasks
from tests.factories import a_country, a_cycle, afresh, an_edition, submission_at
from tests.pages import Page


@pytest.fixture
def typed(db, malta, greece):
    """What an officer types to set up an earlier round."""
    return {
        "title_0": "Scoreboard 2018",
        "code": "2018",
        "edition": an_edition().pk,
        "is_earlier_round": "on",
        "opens": "2018-02-01",
        "deadline": "2018-06-30",
        "closes": "2018-09-30",
        "time_zone": "Africa/Tunis",
        "basis": "answered",
        "statement_days": "21",
        "countries": [malta.pk, greece.pk],
    }


@pytest.fixture
def earlier(typed, officer, sign_in):
    """The earlier round, set up on the officers' page."""
    response = sign_in(officer).post(reverse("cycle_new"), typed)
    assert response.status_code == 302, response.context["form"].errors
    return Cycle.objects.get(code="2018")


def test_an_earlier_round_has_its_true_dates_and_nobody_gets_a_mail(earlier, officer, analyst, focal, sign_in):
    assert (earlier.opens, earlier.deadline, earlier.closes) == (date(2018, 2, 1), date(2018, 6, 30), date(2018, 9, 30))
    assert earlier.opened_at == datetime(2018, 1, 31, 23, tzinfo=UTC)  # midnight in Tunis
    reminders.send()
    assert not Mail.objects.exists()
    recorded = ActivityEntry.objects.exclude(verb="import_edition").order_by("pk")
    assert [one.verb for one in recorded] == ["create_cycle", "add_country", "add_country"]
    page = Page(sign_in(officer).get(reverse("cycle_board", args=["2018"])))
    assert "An earlier round, from 1 February 2018 to 30 September 2018" in page.text
    assert "Its answers come from a file." in page.text
    assert "Closed since 30 September 2018" in page.text
    assert [row.state.text for row in board.rows(earlier)] == ["No answers", "No answers"]
    assert [(row.due, row.is_late, row.holder) for row in board.rows(earlier)] == [("–", False, "–")] * 2
    for words in ("Remind", "Announce", "Open the cycle", "Feedback", "If today were"):
        assert words not in page.text
    assert sign_in(analyst).get(reverse("cycle_board", args=["2018"])).status_code == 200
    assert not Submission.objects.overdue().exists()
    assert not any("2018" in item.title + item.sentence for item in tasks.for_person(focal))
    assert not any("2018" in item.title + item.sentence for item in tasks.for_person(officer))


def test_the_form_says_what_the_dates_of_an_earlier_round_mean():
    days = (date(2018, 2, 1), date(2018, 6, 30), date(2018, 9, 30))
    assert planning.effects(*days, "Africa/Tunis", is_earlier_round=True) == [
        "This round ran from Thursday, 1 February 2018 to Sunday, 30 September 2018; its deadline was Saturday, "
        "30 June 2018. Days end in Africa/Tunis.",
        "Nobody gets a mail, and nobody can write: its answers come from a file.",
    ]


@pytest.mark.parametrize("code", ["cycle_new", "cycle_edit"])
def test_an_earlier_round_must_be_over(code, earlier, typed, officer, sign_in):
    """Else it would be open to typing from then on; also for a moved date."""
    url = reverse(code, args=["2018"] if code == "cycle_edit" else [])
    today = earlier.day().isoformat()
    typed |= {"closes": today, "deadline": today, "opens": today, "seen": "1"}
    response = sign_in(officer).post(url, typed | {"code": "2018" if code == "cycle_edit" else "2019"})
    assert response.context["form"].errors["closes"] == ["An earlier round is over: choose a day before today."]
    assert Cycle.objects.get().closes == date(2018, 9, 30)


def test_the_dates_of_an_earlier_round_are_corrected_without_a_mail(earlier, typed, officer, sign_in):
    page = sign_in(officer).get(reverse("cycle_edit", args=["2018"]))
    assert "reason" not in page.context["form"].fields
    response = sign_in(officer).post(reverse("cycle_edit", args=["2018"]), typed | {"seen": 1, "opens": "2018-03-01"})
    assert response.status_code == 302
    found = afresh(earlier)
    assert (found.opens, found.day(found.opened_at)) == (date(2018, 3, 1), date(2018, 3, 1))
    assert [(move.name, move.old, move.new) for move in found.date_changes.all()] == [
        ("opens", date(2018, 2, 1), date(2018, 3, 1))
    ]
    assert not Mail.objects.exists()


def test_an_earlier_round_is_never_opened_announced_or_reminded_of(earlier, officer, malta):
    said = [
        (calendar.open_cycle, (earlier,), {}),
        (mailings.remind, (earlier, [earlier.submissions.get(country=malta)]), {"token": "1"}),
        (reminders.add, (earlier,), {"about": "deadline", "days": -3, "to": "all"}),
    ]
    found = []
    for verb, args, options in said:
        with pytest.raises(NotNow) as refused:
            verb(*args, **options, by=officer)
        found.append(refused.value.sentence)
    assert found == [
        "This is an earlier round: it is over, and no country is asked to answer. Its results come from a file.",
        "This is an earlier round: it is over, and no country is asked for anything.",
        "This is an earlier round: nobody is reminded of anything.",
    ]
    assert reminders.schedule(earlier) == []
    assert not Mail.objects.exists()


def test_countries_join_an_earlier_round_without_a_mail_and_go_while_it_has_no_answers(earlier, officer, greece):
    cyprus = a_country("CY")
    calendar.change_participants(earlier, add=[cyprus], remove=[greece], by=officer)
    assert sorted(one.country.iso2 for one in earlier.submissions.select_related("country")) == ["CY", "MT"]
    assert not Mail.objects.exists()


def test_it_can_be_an_ordinary_cycle_again_or_go_until_it_has_answers(earlier, typed, officer, sign_in):
    del typed["is_earlier_round"]
    sign_in(officer).post(reverse("cycle_edit", args=["2018"]), typed | {"seen": 1})
    assert (afresh(earlier).is_earlier_round, afresh(earlier).opened_at) == (False, None)
    planning.delete_cycle(afresh(earlier), by=officer)
    assert not Cycle.objects.exists()


def test_an_opened_cycle_does_not_become_an_earlier_round(malta, officer):
    """Its countries were mailed, and may have written."""
    cycle = submission_at(State.DRAFT, malta, a_cycle([malta])).cycle
    cycle.is_earlier_round, cycle.opens = True, date(2018, 2, 1)
    cycle.deadline = cycle.closes = date(2018, 9, 30)
    with pytest.raises(NotNow, match="This cycle is open: its edition, its code"):
        calendar.save_cycle(cycle, by=officer, seen=cycle.revision)
    cycle = Cycle.objects.get()
    cycle.is_earlier_round = True
    with pytest.raises((NotNow, Invalid)):
        calendar.save_cycle(cycle, by=officer, seen=cycle.revision)
    assert not Cycle.objects.get().is_earlier_round
