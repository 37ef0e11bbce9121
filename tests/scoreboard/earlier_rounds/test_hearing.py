"""Hearing the countries: the mail, what they say and until when, and what the officers see and choose."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.earlier_rounds import hearing
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import ActivityEntry, Cycle, Hearing, Mail, Role, State
from scoreboard.submissions import answering, workflow
from scoreboard.todo import tasks
from tests.earlier_rounds import an_earlier_round, bring_in
from tests.factories import DECLARATION, HARBOUR, a_country, a_focal, a_person, afresh, an_edition, given
from tests.pages import Page

UNTIL = timedelta(days=21)


@pytest.fixture
def cycle(malta, greece):
    return an_earlier_round(an_edition(HARBOUR), [malta, greece])


@pytest.fixture
def malta_then(cycle, malta, greece, focal):
    """Malta's submission of 2014, which came from a file, as Greece's did; Malta has a focal point."""
    ours, _theirs = bring_in(cycle, {malta: 1, greece: 0})
    return ours


@pytest.fixture
def asked(cycle, malta_then, officer):
    """Malta's, after its focal point was asked for three weeks."""
    hearing.ask(cycle, until=cycle.day() + UNTIL, by=officer)
    Mail.objects.all().delete()
    return afresh(malta_then)


def later(cycle, days):
    return clock.at(datetime.combine(cycle.day() + timedelta(days=days), time(12), cycle.zone))


def test_each_country_gets_one_mail_with_its_answers_and_a_day(cycle, malta_then, focal, greece, officer, sign_in):
    moment = datetime(2026, 3, 2, 12, tzinfo=cycle.zone)
    with clock.at(moment):
        url = reverse("cycle_hearing", args=["2014"])
        desk = sign_in(officer)
        shown = Page(desk.post(url, {"until": "2026-04-01"}, follow=True))
        assert "1 country is asked." in shown.text
        assert "Nobody could be asked, since there is no focal point: Greece." in shown.text
        (mail,) = Mail.objects.all()
        assert (mail.to, mail.subject) == (focal, "Scoreboard 2014: answers of Malta that were entered from a file")
        n = len(cycle.edition.all_indicators)
        assert mail.body.split("\n\n--")[0].startswith(
            f"Dear focal MT,\n\n{n} answers of Malta to the questionnaire of Scoreboard 2014 were entered from the "
            "file “scoreboard-2014.csv”. As focal point, please look at them before they are published:\n"
            f"http://localhost:8000/submissions/{malta_then.pk}/entered/\n\n"
            "Until the end of 1 April 2026 (Europe/Berlin) you can confirm there that you have read them, ask for a "
            "correction, or object to your country being named. A country that objects counts without its name.\n\n"
            "You are asked for nothing else: the round is over, and no answers are due.\n"
        )
        a_focal(greece)
        assert [one.country for one in hearing.ask(cycle, until=date(2026, 4, 9), by=officer)[0]] == [greece]
        assert Mail.objects.count() == 2
        with pytest.raises(NotNow, match="Every country with answers from a file was asked already"):
            hearing.ask(cycle, until=date(2026, 4, 9), by=officer)
    assert Mail.objects.count() == 2


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_the_day_is_after_today_and_within_a_year(days, cycle, malta_then, officer, sign_in):
    until = cycle.day() + timedelta(days=days)
    with pytest.raises(Invalid, match="Choose a last day after today and within a year"):
        hearing.ask(cycle, until=until, by=officer)
    page = Page(sign_in(officer).post(reverse("cycle_hearing", args=["2014"]), {"until": until.isoformat()}))
    assert "Choose a last day after today and within a year" in page.text
    assert not Hearing.objects.exists()


def test_a_country_reads_its_answers_and_says_that_they_are_right(asked, cycle, focal, officer, sign_in):
    (item,) = [one for one in tasks.for_person(focal) if "2014" in one.title]
    url = reverse("submission_entered", args=[asked.pk])
    assert (item.url, item.tone) == (url, "action")
    desk = sign_in(focal)
    page = Page(desk.get(url))
    assert "Officer entered these answers of Malta from the file “scoreboard-2014.csv” on" in page.text
    first = cycle.edition.all_indicators[0]
    assert f"{first.label} {first.title}" in page.text
    assert (
        "Thank you. The Secretariat sees that you have read them."
        in Page(desk.post(url, {"read": "yes"}, follow=True)).text
    )
    desk.post(url, {"read": "yes"})  # a second click is harmless
    found = Hearing.objects.get(submission=asked)
    assert (found.read_by, found.objected_at) == (focal, None)
    assert list(asked.transitions.values_list("step", flat=True)).count("confirm_entered") == 1
    assert not [one for one in tasks.for_person(focal) if "2014" in one.title]
    assert "Has read them focal MT" in Page(sign_in(officer).get(reverse("cycle_hearing", args=["2014"]))).text


def test_a_country_objects_with_a_reason_and_takes_it_back(asked, cycle, focal, officer, sign_in):
    url, desk = reverse("submission_entered", args=[asked.pk]), sign_in(focal)
    assert "Say why the country is not to be named." in Page(desk.post(url, {"object": "yes", "reason": " "})).text
    desk.post(url, {"object": "yes", "reason": "The figures were never checked."})
    found = Hearing.objects.get(submission=asked)
    assert (found.objection, found.objected_by, found.on_behalf) == ("The figures were never checked.", focal, False)
    board = Page(sign_in(officer).get(reverse("cycle_hearing", args=["2014"])))
    assert "Objects to being named focal MT The figures were never checked." in board.text
    assert (
        "1 country objects to being named; it counts without its name. While fewer than 3 object, no country is named"
        in (board.text)
    )
    with pytest.raises(NotNow, match="Malta objected itself"):
        hearing.withdraw_objection(asked, by=officer)
    desk.post(url, {"name": "yes"})
    assert not hearing.objects(cycle.submissions.select_related("hearing").get(pk=asked.pk))
    steps = [one.verb for one in ActivityEntry.objects.filter(submission=asked).order_by("pk")]
    assert steps[-3:] == ["ask_about_entered", "object_to_name", "withdraw_objection"]
    assert not Mail.objects.exists()


def test_an_officer_records_an_objection_for_a_country_that_nobody_could_ask(cycle, malta_then, greece, officer):
    theirs = cycle.submissions.get(country=greece)
    found = hearing.object_to_name(theirs, reason="By letter.", by=officer)
    assert (found.on_behalf, found.asked_at) == (True, None)
    with pytest.raises(NotNow, match="Greece has objected already"):
        hearing.object_to_name(theirs, reason="Again.", by=officer)
    hearing.withdraw_objection(theirs, by=officer)
    assert Hearing.objects.get(submission=theirs).objected_at is None


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OBSERVER, "foreign", "contributor"])
def test_nobody_else_says_anything_for_a_country(role, asked, cycle, malta, sign_in):
    person = {
        "foreign": lambda: a_focal(a_country("CY")),
        "contributor": lambda: a_person(Role.CONTRIBUTOR, malta),
    }.get(role, lambda: a_person(role))()
    url = reverse("submission_entered", args=[asked.pk])
    status = 403 if role == Role.ANALYST else 404
    assert [sign_in(person).get(url).status_code, sign_in(person).post(url).status_code] == [status, status]
    for verb, options in (
        (hearing.confirm, {}),
        (hearing.object_to_name, {"reason": "Because."}),
        (hearing.withdraw_objection, {}),
    ):
        with pytest.raises(PermissionDenied):
            verb(asked, by=person, **options)
    for act in (
        lambda: hearing.ask(cycle, until=cycle.day() + UNTIL, by=person),
        lambda: hearing.choose(cycle, public="names", by=person),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_after_the_last_day_only_officers_record_an_objection(asked, cycle, focal, officer):
    with later(cycle, 21):
        hearing.confirm(asked, by=focal)
    with later(cycle, 22):
        for verb, options in ((hearing.confirm, {}), (hearing.object_to_name, {"reason": "Late."})):
            with pytest.raises(NotNow, match="This could be said until the end of"):
                verb(asked, by=focal, **options)
        assert hearing.object_to_name(asked, reason="By letter.", by=officer).on_behalf


def test_before_it_is_asked_a_country_says_nothing(malta_then, focal, sign_in):
    with pytest.raises(NotNow, match="The Secretariat has not asked about these answers yet"):
        hearing.confirm(malta_then, by=focal)
    page = Page(sign_in(focal).get(reverse("submission_entered", args=[malta_then.pk])))
    assert "The Secretariat has not asked about these answers yet." in page.text


def test_a_correction_is_a_request_that_an_officer_grants_with_an_extension(asked, cycle, focal, officer, sign_in):
    page = Page(sign_in(focal).get(reverse("submission_entered", args=[asked.pk])))
    sign_in(focal).post(page.links["Ask for a correction"], {"reason": "P1 was level 2."})
    assert "Asks for a correction" in Page(sign_in(officer).get(reverse("cycle_hearing", args=["2014"]))).text
    with pytest.raises(NotNow, match="Extend its dates first"):
        workflow.reopen(asked, by=officer, comment="Please correct P1.")
    to = cycle.day() + timedelta(days=9)
    calendar.extend(asked, to=to, reason="To correct P1.", by=officer)
    workflow.reopen(asked, by=officer, comment="Please correct P1.")
    again = afresh(asked)
    assert (again.state, again.is_open, again.is_overdue) == (State.RETURNED, True, False)
    code = cycle.edition.all_indicators[0].code
    answering.save_answers(again, {code: given(level=2, why="It was level 2.")}, by=focal, seen={code: 1})
    workflow.submit(again, by=focal, **DECLARATION)
    workflow.accept(afresh(again), by=officer, version=2)
    done = afresh(again)
    assert (done.state, done.late, done.is_as_imported) == (State.ACCEPTED, False, False)
    assert next(row for row in done.accepted_version.answers if row["code"] == code)["level"] == 2


def test_publishing_waits_for_the_mail_the_day_and_the_choice(cycle, malta_then, greece, officer):
    assert hearing.obstacle(cycle) == (
        "These countries were not asked about the answers that were entered for them: Greece, Malta."
    )
    until = cycle.day() + UNTIL
    hearing.ask(cycle, until=until, by=officer)
    assert hearing.obstacle(cycle).endswith("entered for them: Greece.")
    hearing.object_to_name(cycle.submissions.get(country=greece), reason="Nobody to ask.", by=officer)
    assert hearing.obstacle(cycle).startswith("Countries can object and correct until the end of")
    with later(cycle, 21):
        assert hearing.obstacle(cycle).startswith("Countries can object")
    with later(cycle, 22):
        assert hearing.obstacle(cycle) == (
            "Choose first what becomes public: figures of the region only, or countries by name."
        )
        hearing.choose(cycle, public="names", by=officer)
        assert hearing.obstacle(Cycle.objects.get()) == ""
    assert [one.detail for one in ActivityEntry.objects.filter(verb="choose_public")] == ["names"]


def test_the_page_of_a_round_costs_the_same_for_one_country_and_for_eight(cycle, malta_then, officer, sign_in):
    desk, url = sign_in(officer), reverse("cycle_hearing", args=["2014"])
    desk.get(url)
    with CaptureQueriesContext(connection) as two:
        desk.get(url)
    bring_in(cycle, {a_country(code): 1 for code in ("CY", "ES", "FR", "HR", "IT", "TN")})
    with CaptureQueriesContext(connection) as eight:
        page = desk.get(url)
    assert len(page.context["submissions"]) == 8
    assert len(eight) == len(two)


def test_a_cycle_without_a_file_says_so(officer, sign_in, malta):
    an_earlier_round(an_edition(HARBOUR), [malta], code="2016")
    page = Page(sign_in(officer).get(reverse("cycle_hearing", args=["2016"])))
    assert "No answers came from a file" in page.text
