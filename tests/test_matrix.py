"""Who can do what when: every state × every action × every role, in one table."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from scoreboard import clock, contributors, rules
from scoreboard.cycles import calendar, extension_requests
from scoreboard.enquiries import asking, sharing
from scoreboard.errors import Locked, NotNow
from scoreboard.models import (
    AnswerVersion,
    Assignment,
    Cycle,
    Enquiry,
    EnquiryMessage,
    LookedAt,
    Role,
    SharedAnswer,
    State,
    Submission,
    Suggestion,
    Thread,
    Transition,
    Workshop,
)
from scoreboard.submissions import answering, claims, declining, looking, on_behalf, reopening, returns, steps, workflow
from scoreboard.threads import discussion
from scoreboard.workshops import sessions as workshops
from tests.factories import (
    DECLARATION,
    HARBOUR,
    a_country,
    a_focal,
    a_person,
    an_edition,
    an_officer,
    fill,
    given,
)
from tests.factories import submission_at as travel_to

# ok: done · locked: the other side holds the pen · notnow: the state does not allow it · denied: not this role.
# "others" are a foreign focal point, a contributor of the country, an analyst, an observer, an administrator,
# a person without a role, and nobody signed in.
TABLE = """
action              state       focal    secretariat  others
write               draft       ok       notnow       denied
write               submitted   locked   locked       denied
write               returned    ok       notnow       denied
write               accepted    locked   locked       denied
enter_on_behalf     draft       denied   ok           denied
enter_on_behalf     submitted   denied   locked       denied
enter_on_behalf     returned    denied   ok           denied
enter_on_behalf     accepted    denied   locked       denied
submit              draft       ok       notnow       denied
submit              submitted   notnow   notnow       denied
submit              returned    ok       notnow       denied
submit              accepted    notnow   notnow       denied
recall              draft       notnow   denied       denied
recall              submitted   ok       denied       denied
recall              returned    notnow   denied       denied
recall              accepted    notnow   denied       denied
return_for_changes  draft       denied   notnow       denied
return_for_changes  submitted   denied   ok           denied
return_for_changes  returned    denied   notnow       denied
return_for_changes  accepted    denied   notnow       denied
accept              draft       denied   notnow       denied
accept              submitted   denied   ok           denied
accept              returned    denied   notnow       denied
accept              accepted    denied   notnow       denied
approve             draft       denied   notnow       denied
approve             submitted   denied   ok           denied
approve             returned    denied   notnow       denied
approve             accepted    denied   notnow       denied
disapprove          draft       denied   ok           denied
disapprove          submitted   denied   ok           denied
disapprove          returned    denied   ok           denied
disapprove          accepted    denied   ok           denied
confirm             draft       denied   notnow       denied
confirm             submitted   denied   ok           denied
confirm             returned    denied   notnow       denied
confirm             accepted    denied   notnow       denied
reopen              draft       denied   notnow       denied
reopen              submitted   denied   notnow       denied
reopen              returned    denied   notnow       denied
reopen              accepted    denied   ok           denied
claim               draft       denied   notnow       denied
claim               submitted   denied   ok           denied
claim               returned    denied   notnow       denied
claim               accepted    denied   notnow       denied
release             draft       denied   ok           denied
release             submitted   denied   ok           denied
release             returned    denied   ok           denied
release             accepted    denied   ok           denied
pass_on             draft       denied   notnow       denied
pass_on             submitted   denied   ok           denied
pass_on             returned    denied   notnow       denied
pass_on             accepted    denied   notnow       denied
look                draft       denied   notnow       denied
look                submitted   denied   ok           denied
look                returned    denied   notnow       denied
look                accepted    denied   notnow       denied
flag                draft       denied   notnow       denied
flag                submitted   denied   ok           denied
flag                returned    denied   notnow       denied
flag                accepted    denied   ok           denied
extend              draft       denied   ok           denied
extend              submitted   denied   ok           denied
extend              returned    denied   ok           denied
extend              accepted    denied   ok           denied
correct_extension   draft       denied   ok           denied
correct_extension   submitted   denied   ok           denied
correct_extension   returned    denied   ok           denied
correct_extension   accepted    denied   ok           denied
leave               draft       denied   ok           denied
leave               submitted   denied   ok           denied
leave               returned    denied   ok           denied
leave               accepted    denied   ok           denied
rejoin              draft       denied   notnow       denied
rejoin              submitted   denied   notnow       denied
rejoin              returned    denied   notnow       denied
rejoin              accepted    denied   notnow       denied
ask_to_reopen       draft       notnow   denied       denied
ask_to_reopen       submitted   notnow   denied       denied
ask_to_reopen       returned    notnow   denied       denied
ask_to_reopen       accepted    ok       denied       denied
refuse_reopen       draft       denied   notnow       denied
refuse_reopen       submitted   denied   notnow       denied
refuse_reopen       returned    denied   notnow       denied
refuse_reopen       accepted    denied   ok           denied
decline_report      draft       ok       ok           denied
decline_report      submitted   notnow   notnow       denied
decline_report      returned    notnow   notnow       denied
decline_report      accepted    notnow   notnow       denied
ask_for_extension   draft       ok       denied       denied
ask_for_extension   submitted   notnow   denied       denied
ask_for_extension   returned    ok       denied       denied
ask_for_extension   accepted    notnow   denied       denied
involve             draft       ok       denied       denied
involve             submitted   locked   denied       denied
involve             returned    ok       denied       denied
involve             accepted    locked   denied       denied
suggest             draft       denied   denied       denied
suggest             submitted   denied   denied       denied
suggest             returned    denied   denied       denied
suggest             accepted    denied   denied       denied
decide              draft       ok       denied       denied
decide              submitted   locked   denied       denied
decide              returned    ok       denied       denied
decide              accepted    locked   denied       denied
run_workshop        draft       ok       denied       denied
run_workshop        submitted   locked   denied       denied
run_workshop        returned    ok       denied       denied
run_workshop        accepted    locked   denied       denied
open_thread         draft       denied   notnow       denied
open_thread         submitted   denied   ok           denied
open_thread         returned    denied   ok           denied
open_thread         accepted    denied   ok           denied
reply               draft       ok       ok           denied
reply               submitted   ok       ok           denied
reply               returned    ok       ok           denied
reply               accepted    ok       ok           denied
close_thread        draft       denied   ok           denied
close_thread        submitted   denied   ok           denied
close_thread        returned    denied   ok           denied
close_thread        accepted    denied   ok           denied
ask                 draft       ok       denied       denied
ask                 submitted   ok       denied       denied
ask                 returned    ok       denied       denied
ask                 accepted    ok       denied       denied
answer              draft       ok       ok           denied
answer              submitted   ok       ok           denied
answer              returned    ok       ok           denied
answer              accepted    ok       ok           denied
close_enquiry       draft       ok       ok           denied
close_enquiry       submitted   ok       ok           denied
close_enquiry       returned    ok       ok           denied
close_enquiry       accepted    ok       ok           denied
share               draft       denied   ok           denied
share               submitted   denied   ok           denied
share               returned    denied   ok           denied
share               accepted    denied   ok           denied
withdraw_shared     draft       denied   ok           denied
withdraw_shared     submitted   denied   ok           denied
withdraw_shared     returned    denied   ok           denied
withdraw_shared     accepted    denied   ok           denied
"""

ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]
OTHERS = ("foreign focal", "contributor", "analyst", "observer", "administrator", "no role", "anonymous")

# Where a step that is allowed leads; facts and answers leave the state alone.
LEADS_TO = {
    "submit": State.SUBMITTED,
    "recall": State.DRAFT,
    "return_for_changes": State.RETURNED,
    "accept": State.ACCEPTED,
    "approve": State.SUBMITTED,
    "confirm": State.ACCEPTED,
    "reopen": State.RETURNED,
}


def a_first_answer(submission):
    """The first indicator, which a returned submission has flagged, with another level than it has."""
    indicator = submission.cycle.edition.all_indicators[0]
    answer = submission.answers.filter(indicator=indicator).first()
    return (
        indicator.code,
        {indicator.code: given(level=1)},
        {indicator.code: answer.revision if answer else 0},
    )


def do(action, submission, by):
    code, values, seen = a_first_answer(submission)
    later = submission.due + timedelta(days=7)
    verbs = {
        "write": lambda: answering.save_answers(submission, values, by=by, seen=seen),
        "enter_on_behalf": lambda: on_behalf.enter(submission, by=by, reason="They sent it on paper."),
        "submit": lambda: workflow.submit(submission, by=by, **DECLARATION),
        "recall": lambda: workflow.recall(submission, by=by),
        "return_for_changes": lambda: workflow.return_for_changes(
            submission, by=by, comment="Please correct it.", version=submission.versions.count()
        ),
        "accept": lambda: workflow.accept(submission, by=by, version=submission.versions.count()),
        "approve": lambda: workflow.approve(submission, by=by, version=submission.versions.count()),
        "disapprove": lambda: workflow.disapprove(submission, by=by),
        "confirm": lambda: workflow.confirm(submission, by=by, version=submission.versions.count()),
        "reopen": lambda: workflow.reopen(submission, by=by, comment="Please correct it."),
        "claim": lambda: claims.claim(submission, by=by),
        "release": lambda: claims.release(submission, by=by),
        "pass_on": lambda: claims.pass_on(submission, by=by, to=a_person(Role.SECRETARIAT)),
        "look": lambda: looking.look(submission, code, by=by, version=submission.versions.count()),
        "flag": lambda: returns.flag(submission, code, "Please name the source.", by=by),
        "ask_to_reopen": lambda: reopening.ask(submission, by=by, reason="A new law."),
        "refuse_reopen": lambda: reopening.refuse(submission, by=by, reason="The report is printed."),
        "decline_report": lambda: declining.decline(submission, by=by),
        "ask_for_extension": lambda: extension_requests.ask(
            submission, until=submission.last_day + timedelta(days=7), reason="Elections.", by=by
        ),
        "involve": lambda: contributors.involve(submission, **a_colleague(submission), by=by),
        "suggest": lambda: contributors.suggest(Assignment.objects.get(), code, given(level=1), by=by),
        "decide": lambda: contributors.adopt(Suggestion.objects.get(), by=by, seen=seen[code]),
        "run_workshop": lambda: workshops.open_workshop(submission, submission.cycle.edition.whole[0], by=by),
        "open_thread": lambda: discussion.open_thread(submission, code, "Which law?", shared=True, by=by),
        "reply": lambda: discussion.reply(Thread.objects.latest("pk"), "This one.", by=by),
        "close_thread": lambda: discussion.close(Thread.objects.latest("pk"), by=by),
        "ask": lambda: asking.ask(submission, "Which law?", code=code, by=by),
        "answer": lambda: asking.answer(Enquiry.objects.latest("pk"), "This one.", by=by),
        "close_enquiry": lambda: asking.close(Enquiry.objects.latest("pk"), by=by),
        "share": lambda: sharing.share(Enquiry.objects.latest("pk"), question="Which?", answer="This.", by=by),
        "withdraw_shared": lambda: sharing.withdraw(SharedAnswer.objects.latest("pk"), by=by),
        "extend": lambda: calendar.extend(submission, to=later, reason="Elections.", by=by),
        "correct_extension": lambda: calendar.correct_extension(submission, to=None, reason="A slip.", by=by),
        "leave": lambda: calendar.leave(submission, reason="A state of emergency.", by=by),
        "rejoin": lambda: calendar.rejoin(submission, reason="It is over.", by=by),
    }
    return verbs[action]()


def a_colleague(submission):
    """Whom the focal point asks for the first indicator."""
    first = submission.cycle.edition.all_indicators[:1]
    until = submission.cycle.day() + timedelta(days=3)
    return {"email": "ana@ministry.example", "name": "Ana", "indicators": first, "until": until}


def prepare(action, submission):
    """Lay there what the action is about."""
    focal, code = a_focal(submission.country), a_first_answer(submission)[0]
    if action == "refuse_reopen" and submission.state == State.ACCEPTED:
        reopening.ask(submission, by=focal, reason="A new law.")
    if action in ("approve", "disapprove", "confirm"):
        Cycle.objects.filter(pk=submission.cycle_id).update(two_officers=True)
    if submission.state == State.SUBMITTED and action in ("disapprove", "confirm"):
        first = an_officer() if action == "disapprove" else a_person(Role.SECRETARIAT, name="First")
        workflow.approve(submission, by=first, version=1)
    if submission.state == State.SUBMITTED and action == "pass_on":
        claims.claim(submission, by=an_officer())
    if action == "correct_extension":
        calendar.extend(submission, to=submission.due + timedelta(days=3), reason="Elections.", by=an_officer())
    if action == "suggest":
        person = a_person(Role.CONTRIBUTOR, submission.country)
        day = submission.cycle.day()
        part = Assignment.objects.create(submission=submission, person=person, until=day, invited_by=focal)
        part.indicators.set(submission.cycle.edition.all_indicators)
    if action == "decide":
        indicator = submission.cycle.edition.all_indicators[0]
        Suggestion.objects.create(
            submission=submission, indicator=indicator, author=a_person(), kind="unknown", revision=0
        )
    if action in ("answer", "close_enquiry", "share", "withdraw_shared"):
        asked = asking.ask(submission, "Which law?", by=focal)
        if action == "withdraw_shared":
            sharing.share(asked, question="Which?", answer="This.", by=an_officer())
    if action in ("reply", "close_thread") and submission.state == State.DRAFT:  # left from before a recall
        answer = submission.answers.get(indicator__code=code)
        Thread.objects.create(answer=answer, opened_by=an_officer())
    elif action in ("reply", "close_thread"):
        discussion.open_thread(submission, code, "Which law?", shared=True, by=an_officer())


def everything(submission):
    """What must not change when an action is refused."""
    return (
        Submission.objects.filter(pk=submission.pk).values().get(),
        list(Transition.objects.values_list("pk")),
        list(AnswerVersion.objects.values_list("pk")),
        list(submission.answers.values_list("revision", "remarks")),
        list(Assignment.objects.values()),
        list(Suggestion.objects.values()),
        list(Thread.objects.values()),
        list(Enquiry.objects.values()),
        list(EnquiryMessage.objects.values()),
        list(SharedAnswer.objects.values()),
        list(LookedAt.objects.values()),
        list(Workshop.objects.values()),
    )


@contextmanager
def undone():
    """What happens in here is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def writing():
    """Give a list of the statements in here that write: without any, nothing has to be compared."""
    written = []

    def noted(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        yield written


@pytest.fixture
def cast(db):
    """A person for each column of the table, foreign countries and all."""
    malta, greece = a_country("MT"), a_country("GR")
    return {
        "focal": a_focal(malta),
        "secretariat": an_officer(),
        "foreign focal": a_focal(greece),
        "contributor": a_person(Role.CONTRIBUTOR, malta),
        "analyst": a_person(Role.ANALYST),
        "observer": a_person(Role.OBSERVER),
        "administrator": a_person(is_staff=True, is_superuser=True),
        "no role": a_person(),
        "anonymous": AnonymousUser(),
    }


@pytest.mark.parametrize("state", State.values)
def test_state_by_action_by_role(state, cast):
    an_edition(HARBOUR)
    submission = travel_to(state)
    if state == State.DRAFT:  # ready to go, so that only who and when decide
        fill(submission)
    found, expected = {}, {}
    for action, row_state, focal, secretariat, others in ROWS:
        if row_state != state:
            continue
        outcomes = {"focal": focal, "secretariat": secretariat} | dict.fromkeys(OTHERS, others)
        with undone():
            prepare(action, submission)
            before = everything(submission)
            for role, outcome in outcomes.items():
                expected[action, role] = outcome
                with undone(), writing() as written:
                    try:
                        do(action, submission, cast[role])
                        found[action, role] = "ok"
                        reached = Submission.objects.get(pk=submission.pk).state
                        assert reached == LEADS_TO.get(action, state), (action, role)
                    except PermissionDenied:
                        found[action, role] = "denied"
                    except Locked:
                        found[action, role] = "locked"
                    except NotNow:
                        found[action, role] = "notnow"
                    if found[action, role] != "ok" and written:
                        assert everything(submission) == before, (action, role)
    assert found == expected


def test_the_table_is_whole():
    """Each action that the rules know for a submission stands in the table in each state."""
    workbench = {"consolidate", "build", "publish", "withdraw", "manage_cycles", "write_chapter", "approve_chapter"}
    workbench |= {"send_mails", "write_note", "set_lead", "manage_editions", "give_feedback", "write_letters"}
    workbench |= {"prepare_consultation", "consult", "answer_comment", "comment_on_draft"}
    # tests/scoreboard/earlier_rounds/test_hearing.py, tests/reporting/views/test_earlier_reports.py
    workbench |= {
        "write_news",
        "bring_in_results",
        "hear_countries",
        "confirm_entered",
        "object_to_name",
        "attach_report",
    }
    people = {"invite", "edit_networks", "answer_requests", "write_news", "manage_spaces"}
    people |= {act for act in rules.ALLOWED if "statement" in act}  # tests/scoreboard/stakeholders/test_states.py
    people |= {act for act in rules.ALLOWED if "commitment" in act}  # in no state of a submission: tests/addresses.py
    people |= {act for act in rules.ALLOWED if "plan" in act}  # tests/scoreboard/plans/test_plans.py
    people |= {"delegate", "report_progress"}  # likewise
    # tests/addresses.py, tests/reporting/test_learning.py
    people |= {
        act for act in rules.ALLOWED if act.endswith(("_practice", "_resource", "_country", "_countries", "_rose"))
    }
    actions = {act for act in rules.ALLOWED if not act.startswith(("see_", "bring_in_"))} - workbench - people
    assert {(action, state) for action, state, *_ in ROWS} == {(a, s) for a in actions for s in State.values}
    assert set(steps.STEPS) <= actions


@pytest.mark.parametrize("state", State.values)
def test_no_step_is_possible_while_a_country_has_left(state, cast):
    """Who may do something hears that the country has left; coming back is all that remains."""
    an_edition(HARBOUR)
    submission = travel_to(state)
    if state == State.DRAFT:
        fill(submission)
    found, expected = {}, {}
    for action, row_state, focal, secretariat, others in ROWS:
        if row_state != state:
            continue
        outcomes = {"focal": focal, "secretariat": secretariat} | dict.fromkeys(OTHERS, others)
        with undone():
            prepare(action, submission)
            calendar.leave(submission, reason="A state of emergency.", by=an_officer())
            before = everything(submission)
            for role, outcome in outcomes.items():
                done = "ok" if action in ("rejoin", "withdraw_shared") else "notnow"
                expected[action, role] = outcome if outcome == "denied" else done
                with undone(), writing() as written:
                    try:
                        do(action, submission, cast[role])
                        found[action, role] = "ok"
                    except PermissionDenied:
                        found[action, role] = "denied"
                    except NotNow as reason:
                        found[action, role] = "notnow" if "left the cycle on" in reason.sentence else reason.sentence
                    if found[action, role] != "ok" and written:
                        assert everything(submission) == before, (action, role)
    assert found == expected


CALENDAR = """
action              state      moment                outcome
write               draft      before opening        notnow
write               draft      on the last day       ok
write               draft      after closing         notnow
submit              returned   on the last day       ok
submit              returned   after closing         notnow
recall              submitted  on the last day       ok
recall              submitted  after closing         notnow
return_for_changes  submitted  on the last day       ok
return_for_changes  submitted  after closing         notnow
reopen              accepted   on the last day       ok
reopen              accepted   after closing         notnow
accept              submitted  after closing         ok
"""


@pytest.mark.parametrize("row", CALENDAR.strip().splitlines()[1:])
def test_calendar(row, cast):
    action, state, *moment, outcome = row.split()
    an_edition(HARBOUR)
    submission = travel_to(state)
    cycle = submission.cycle
    day = {
        "before opening": cycle.opens - timedelta(days=1),
        "on the last day": cycle.closes,
        "after closing": cycle.closes + timedelta(days=1),
    }[" ".join(moment)]
    by = cast["focal"] if action in ("write", "submit", "recall") else cast["secretariat"]
    with clock.at(datetime.combine(day, time(12), cycle.zone)):
        try:
            do(action, submission, by)
            reached = "ok"
        except NotNow:
            reached = "notnow"
    assert reached == outcome


# What a country without answers cannot do in an earlier round, and nobody for it; the rest is as in any cycle.
NOT_ASKED = {"write", "enter_on_behalf", "submit", "extend", "correct_extension", "decline_report"}
NOT_ASKED |= {"ask_for_extension", "involve", "decide", "run_workshop"}


def test_nothing_is_asked_for_or_written_in_an_earlier_round(cast):
    an_edition(HARBOUR)
    submission = travel_to(State.DRAFT)
    fill(submission)
    found, expected = {}, {}
    for action, row_state, focal, secretariat, others in ROWS:
        if row_state != State.DRAFT:
            continue
        outcomes = {"focal": focal, "secretariat": secretariat} | dict.fromkeys(OTHERS, others)
        with undone():
            prepare(action, submission)
            over = [submission.cycle.opens - timedelta(days=days) for days in (900, 800, 700)]
            dates = dict(zip(("opens", "deadline", "closes"), over, strict=True))
            Cycle.objects.filter(pk=submission.cycle_id).update(is_earlier_round=True, **dates)
            before = everything(submission)
            for role, outcome in outcomes.items():
                refused = outcome == "ok" and action in NOT_ASKED
                expected[action, role] = "notnow" if refused else outcome
                with undone(), writing() as written:
                    try:
                        do(action, Submission.objects.get(pk=submission.pk), cast[role])
                        found[action, role] = "ok"
                    except PermissionDenied:
                        found[action, role] = "denied"
                    except NotNow as reason:
                        is_it = not refused or reason.sentence in NOT_IN_AN_EARLIER_ROUND
                        found[action, role] = "notnow" if is_it else reason.sentence
                    if found[action, role] != "ok" and written:
                        assert everything(submission) == before, (action, role)
    assert found == expected


NOT_IN_AN_EARLIER_ROUND = (
    "This is an earlier round: it is over, and its answers come from a file. Nobody writes in it.",
    "This can be said and taken back while the cycle is open for your country.",
)


def test_for_a_country_each_act_is_for_the_roles_of_the_table_and_of_national_ones_for_its_own(malta, greece):
    """Whatever the act: `rules.may_for` and `require_for` let through whom the table of permissions names."""
    people = {role: a_person(role, malta if Role(role).is_national else None) for role in Role.values}
    nobody = (a_person(), a_person(is_staff=True), AnonymousUser())
    for act, allowed in rules.ALLOWED.items():
        own = {role for role, person in people.items() if rules.may_for(person, act, malta)}
        other = {role for role, person in people.items() if rules.may_for(person, act, greece)}
        assert (own, other) == (allowed, {role for role in allowed if not role.is_national}), act
        assert not any(rules.may_for(person, act, malta) for person in nobody), act
        for role, person in people.items():
            try:
                rules.require_for(person, act, greece)
            except PermissionDenied:
                assert role not in other, act
            else:
                assert role in other, act
