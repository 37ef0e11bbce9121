"""Two at once, on a real database each with its own connection: one does it, the other gets a sentence."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event, Timer

import pytest
from django.db import IntegrityError, connection, transaction

from scoreboard import activity, clock
from scoreboard.activity import Verb, sealing, verification
from scoreboard.cycles import calendar, planning
from scoreboard.errors import DomainError, NotNow, Stale
from scoreboard.models import (
    AccessRequest,
    ActivityEntry,
    AnswerVersion,
    Country,
    Cycle,
    DateChange,
    Mail,
    Membership,
    Role,
    State,
    Submission,
    Transition,
    User,
    Version,
)
from scoreboard.people import invitation_file, requests, roles
from scoreboard.submissions import answering, claims, workflow
from tests.factories import (
    DECLARATION,
    HARBOUR,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    fill,
    given,
    submission_at,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Do all acts at the same moment in threads of their own; return results and errors in their order."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=10)
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def told_apart(outcomes):
    errors = [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
    return [outcome for outcome in outcomes if outcome not in errors], errors


def test_two_submit_at_once():
    an_edition(HARBOUR)
    submission = submission_at(State.DRAFT)
    fill(submission)
    people = [a_focal(submission.country), a_person("focal", submission.country, name="Colleague")]
    Mail.objects.all().delete()
    done, refused = told_apart(
        at_once(*[lambda person=person: workflow.submit(submission, by=person, **DECLARATION) for person in people])
    )
    assert len(done) == len(refused) == 1
    assert refused[0].sentence.startswith("This is not possible now. Last step: Submitted by ")
    assert Transition.objects.count() == Version.objects.count() == 1
    assert Mail.objects.filter(event="submit").count() == 3  # two focal points, one officer
    assert Submission.objects.get().state == State.SUBMITTED


def test_two_officers_decide_at_once():
    an_edition(HARBOUR)
    submission = submission_at(State.SUBMITTED)
    officers = [a_person("secretariat", name=name) for name in ("One", "Two")]
    done, refused = told_apart(
        at_once(
            lambda: workflow.accept(submission, by=officers[0], version=submission.versions.count()),
            lambda: workflow.return_for_changes(
                submission, by=officers[1], comment="Please correct it.", version=submission.versions.count()
            ),
        )
    )
    assert len(done) == len(refused) == 1
    assert Transition.objects.exclude(step="submit").count() == 1


# What two officers, each on a connection of their own, may try at the same moment on what is submitted.
ACTS = {
    "claim": lambda s, by: claims.claim(s, by=by),
    "return": lambda s, by: workflow.return_for_changes(s, by=by, comment="Please correct it.", version=1),
    "accept": lambda s, by: workflow.accept(s, by=by, version=1),
    "approve": lambda s, by: workflow.approve(s, by=by, version=1),
    "confirm": lambda s, by: workflow.confirm(s, by=by, version=1),
    "disapprove": lambda s, by: workflow.disapprove(s, by=by),
    "pass on": lambda s, by: claims.pass_on(s, by=by, to=User.objects.get(name="Third")),
}

# Who acts: the officer who has claimed (and where two accept, approved) it, and a colleague.
PAIRS = [
    *(
        ("one", mine, theirs)
        for mine in ("claim", "return", "accept", "pass on")
        for theirs in ("claim", "return", "accept")
    ),
    *(
        ("two", mine, theirs)
        for mine in ("claim", "return", "pass on", "disapprove")
        for theirs in ("claim", "return", "confirm")
    ),
    ("two, none yet", "approve", "approve"),
    ("two, none yet", "approve", "return"),
]


@pytest.mark.parametrize(("officers", "mine", "theirs"), PAIRS)
def test_two_officers_act_at_once_and_leave_one_history(officers, mine, theirs):
    """Either comes first: the state, the facts and the mails are those that the log says, one after the other."""
    an_edition(HARBOUR)
    submission = submission_at(State.SUBMITTED)
    me, colleague, _third = (a_person("secretariat", name=name) for name in ("One", "Two", "Third"))
    Cycle.objects.update(two_officers=officers != "one")
    claims.claim(submission, by=me)
    if officers == "two":
        workflow.approve(submission, by=me, version=1)
    before = Transition.objects.latest("pk").pk
    Mail.objects.all().delete()
    outcomes = at_once(lambda: ACTS[mine](submission, me), lambda: ACTS[theirs](submission, colleague))
    done, refused = told_apart(outcomes)
    log = list(Transition.objects.filter(pk__gt=before).order_by("pk"))
    after = Submission.objects.get(pk=submission.pk)

    # Each act that was done is in the log once; each entry begins where the one before ended, the last is the state.
    idle = mine == "disapprove" and all(entry.by != me for entry in log)  # a colleague's step was first
    assert len(log) == len(done) - idle
    assert len(done) + len(refused) == 2
    assert all(isinstance(problem, NotNow) for problem in refused)
    states = [State.SUBMITTED, *(entry.target for entry in log)]
    assert [entry.source for entry in log] == states[:-1]
    assert after.state == states[-1]
    steps = [entry.step for entry in log]
    assert sum(step in ("return_for_changes", "accept", "confirm") for step in steps) <= 1
    assert steps.count("approve") <= 1

    # The facts are those of the log's last entries.
    holder, approved = me, officers == "two"
    for entry in log:
        match entry.step:
            case "claim":
                holder = entry.by
            case "pass_on":
                holder = User.objects.get(name="Third")
            case "approve":
                approved = True
            case "return_for_changes":
                holder, approved = None, False
            case "disapprove" | "confirm" | "accept":
                approved = False
    assert after.claimed_by == holder
    assert (after.approved_by is not None) == approved
    assert (after.accepted_version is not None) == (after.state == State.ACCEPTED)
    mailed = {
        "return_for_changes": "return_for_changes",
        "accept": "accept",
        "confirm": "confirm",
        "pass_on": "pass_on",
    }
    mails = set(Mail.objects.values_list("event", flat=True)) - {"approve"}
    assert mails == {mailed[step] for step in steps if step in mailed}


# --- a cycle, which two officers edit ------------------------------------------------------------------------


def edited(cycle, by, **changes):
    """What an officer does with the form of a cycle, which they opened before anybody else saved it."""
    mine = Cycle.objects.get(pk=cycle.pk)
    countries = {name: changes.pop(name) for name in ("add", "remove") if name in changes}
    for name, value in changes.items():
        setattr(mine, name, value)
    return lambda: calendar.save_cycle(mine, by=by, seen=mine.revision, reason="Elections.", **countries)


EDITS = [
    # what each of two officers does, and how many of the two can succeed
    (lambda c, by: edited(c, by, title="Mine"), lambda c, by: edited(c, by, title="Theirs"), {1}),
    (lambda c, by: edited(c, by, title="Mine"), lambda c, by: edited(c, by, two_officers=True), {1}),
    (lambda c, by: edited(c, by, add=[a_country("ES")]), lambda c, by: edited(c, by, add=[a_country("ES")]), {2}),
    (lambda c, by: edited(c, by, remove=[a_country("GR")]), lambda c, by: edited(c, by, add=[a_country("ES")]), {2}),
    (lambda c, by: edited(c, by, remove=[a_country("GR")]), lambda c, by: opened(c, by), {1, 2}),
    (lambda c, by: edited(c, by, code="2027"), lambda c, by: opened(c, by), {1, 2}),
    (lambda c, by: opened(c, by), lambda c, by: opened(c, by), {1}),
    (lambda c, by: deleted(c, by), lambda c, by: opened(c, by), {1}),
    (lambda c, by: deleted(c, by), lambda c, by: edited(c, by, title="Theirs"), {1, 2}),
    (lambda c, by: deleted(c, by), lambda c, by: deleted(c, by), {1}),
]


def opened(cycle, by):
    return lambda: calendar.open_cycle(cycle, by=by)


def deleted(cycle, by):
    return lambda: planning.delete_cycle(cycle, by=by)


@pytest.mark.parametrize(("mine", "theirs", "possible"), EDITS)
def test_two_officers_change_a_planned_cycle_at_once(mine, theirs, possible):
    an_edition(HARBOUR)
    countries = [a_country(iso2) for iso2 in ("MT", "GR")]
    cycle = a_cycle(countries, opened=False)
    a_focal(countries[0])
    officers = [a_person("secretariat", name=name) for name in ("One", "Two")]
    pair = [act(cycle, by) for act, by in zip((mine, theirs), officers, strict=True)]
    Mail.objects.all().delete()
    entries = ActivityEntry.objects.count()
    done, refused = told_apart(at_once(*pair))
    assert len(done) in possible
    assert all(isinstance(problem, (NotNow, Stale)) and problem.sentence for problem in refused)
    after = Cycle.objects.filter(pk=cycle.pk).first()
    verbs = list(ActivityEntry.objects.order_by("pk").values_list("verb", flat=True))[entries:]
    if after is None:
        assert verbs[-1] == "delete_cycle"
        assert not Submission.objects.exists()
        return
    assert after.submissions.values("country").distinct().count() == after.submissions.count()
    assert verbs.count("open_cycle") == (after.opened_at is not None)
    assert Mail.objects.filter(event="open_cycle").count() == (after.opened_at is not None)
    assert after.revision == cycle.revision + verbs.count("edit_cycle")
    here = {"MT", "GR"}
    changes = ActivityEntry.objects.filter(verb__in=["add_country", "remove_country"])
    for entry in changes.order_by("pk"):
        change = {entry.country.iso2}
        here = here | change if entry.verb == "add_country" else here - change
    assert set(after.countries.values_list("iso2", flat=True)) == here


@pytest.mark.parametrize("act", ["claim", "return", "accept", "approve"])
def test_the_dates_of_a_cycle_move_while_a_colleague_decides(act):
    """Neither waits for the other for ever; both are done, one after the other."""
    an_edition(HARBOUR)
    submission = submission_at(State.SUBMITTED)
    officers = [a_person("secretariat", name=name) for name in ("One", "Two")]
    Cycle.objects.update(two_officers=act == "approve")
    cycle = Cycle.objects.get()
    before = Transition.objects.latest("pk").pk
    day = cycle.deadline + timedelta(days=5)
    later = edited(cycle, officers[0], deadline=day)
    assert told_apart(at_once(later, lambda: ACTS[act](submission, officers[1])))[1] == []
    assert Transition.objects.filter(pk__gt=before).count() == 1
    assert Cycle.objects.get().deadline == day
    assert DateChange.objects.count() == 1


def test_a_country_submits_while_the_deadline_moves():
    """Who waited for the new deadline is late by it, as every list says afterwards."""
    an_edition(HARBOUR)
    submission = submission_at(State.DRAFT)
    fill(submission)
    officer, focal = a_person("secretariat"), a_focal(submission.country)
    Cycle.objects.update(deadline=clock.today() - timedelta(days=1))
    cycle = Cycle.objects.get()
    moved, go_on = Event(), Event()

    def move():
        with transaction.atomic():
            edited(cycle, officer, deadline=clock.today() + timedelta(days=5))()
            moved.set()
            go_on.wait(timeout=10)

    def submit():
        moved.wait(timeout=10)
        Timer(0.5, go_on.set).start()  # by then it waits for the officer
        workflow.submit(submission, by=focal, **DECLARATION)

    assert told_apart(at_once(move, submit))[1] == []
    assert (Submission.objects.get().late, Version.objects.get().late) == (False, False)


# --- people, whom two officers invite ------------------------------------------------------------------------


def invitation(email, **changes):
    typed = {"email": email, "name": "Ina Invited", "role": Role.FOCAL, "country": a_country("MT")}
    return roles.Invitation(**(typed | changes))


@pytest.mark.parametrize("has_account", [False, True])
def test_two_officers_invite_one_person_to_one_role_at_once(has_account):
    officers = [a_person("secretariat", name=name) for name in ("One", "Two")]
    if has_account:
        User.objects.create_user("ina@example.org", "secret word", name="Ina Invited")
    offer = invitation("ina@example.org")
    done, refused = told_apart(at_once(*[lambda by=by: roles.invite(offer, by=by) for by in officers]))
    assert len(done) == len(refused) == 1
    assert refused[0].sentence == (
        "ina@example.org is invited to this role already. Send that invitation again instead."
    )
    assert User.objects.filter(email="ina@example.org").count() == 1
    assert Membership.objects.get(person__email="ina@example.org").offered_by in officers
    assert [mail.event for mail in Mail.objects.all()] == ["offer" if has_account else "role_invited"]
    assert ActivityEntry.objects.filter(verb="give_role").count() == 1


def test_two_officers_invite_one_new_person_to_two_countries_at_once():
    officers = [a_person("secretariat", name=name) for name in ("One", "Two")]
    offers = [invitation("ina@example.org", country=a_country(iso2)) for iso2 in ("MT", "GR")]
    pairs = zip(offers, officers, strict=True)
    done, refused = told_apart(at_once(*[lambda offer=offer, by=by: roles.invite(offer, by=by) for offer, by in pairs]))
    assert (len(done), refused) == (2, [])
    person = User.objects.get(email="ina@example.org")
    assert {one.country.iso2 for one in person.memberships.all()} == {"MT", "GR"}


def test_two_officers_invite_two_people_for_one_country_at_once():
    officers = [a_person("secretariat", name=name) for name in ("One", "Two")]
    offers = [invitation(f"{name}@example.org") for name in ("ida", "ina")]
    pairs = zip(offers, officers, strict=True)
    done, refused = told_apart(at_once(*[lambda offer=offer, by=by: roles.invite(offer, by=by) for offer, by in pairs]))
    assert (len(done), refused) == (2, [])
    invited = Mail.objects.filter(event="role_invited").values_list("to__email", flat=True)
    assert sorted(invited) == ["ida@example.org", "ina@example.org"]


def test_two_officers_send_one_invitation_again_at_once():
    officers = [a_person("secretariat", name=name) for name in ("One", "Two")]
    membership = roles.invite(invitation("ina@example.org"), by=officers[0])
    Mail.objects.update(written_at=clock.now() - timedelta(hours=2))
    done, refused = told_apart(at_once(*[lambda by=by: roles.send_again(membership, by=by) for by in officers]))
    assert len(done) == len(refused) == 1
    assert Mail.objects.count() == 2


def test_an_officer_invites_by_hand_whom_a_colleague_invites_on_their_request_at_once():
    officers = [a_person("secretariat", name=name) for name in ("One", "Two")]
    asked = AccessRequest.objects.create(
        email="ina@example.org", name="Ina", role=Role.FOCAL, country=a_country(), proven_at=clock.now()
    )
    offer = invitation("ina@example.org")
    done, refused = told_apart(
        at_once(lambda: roles.invite(offer, by=officers[0]), lambda: requests.grant(asked, by=officers[1]))
    )
    assert len(done) == len(refused) == 1
    assert Membership.objects.filter(person__email="ina@example.org").count() == 1


ROWS = [f"{letter}@example.org,Person {letter},MT,focal" for letter in "abcdefgh"]


def test_two_officers_invite_from_files_with_the_same_people_at_once():
    """In whatever order the rows are, one file is done whole, and the other not at all."""
    a_country("MT")
    officers = [a_person("secretariat", name=name) for name in ("One", "Two")]
    files = ["\n".join(["email,name,country,role", *rows]).encode() for rows in (ROWS, ROWS[::-1])]
    plans = [invitation_file.compare(content, "people.csv", by=by) for content, by in zip(files, officers, strict=True)]
    assert [plan.faults for plan in plans] == [[], []]
    pairs = zip(plans, officers, strict=True)
    done, refused = told_apart(
        at_once(*[lambda plan=plan, by=by: invitation_file.apply(plan.signed, by=by) for plan, by in pairs])
    )
    assert len(done) == len(refused) == 1
    assert refused[0].sentence
    held = Membership.objects.filter(role=Role.FOCAL)
    assert held.count() == Mail.objects.filter(event="role_invited").count() == len(ROWS)
    assert held.values("offered_by").distinct().count() == 1


# --- answers and rows ----------------------------------------------------------------------------------------


def test_two_save_one_answer_at_once():
    an_edition(HARBOUR)
    submission = submission_at(State.DRAFT)
    people = [a_focal(submission.country), a_person("focal", submission.country, name="Colleague")]
    outcomes = at_once(
        *[
            lambda person=person, level=level: answering.save_answers(
                submission, {"P1": given(level=level)}, by=person, seen={}
            )
            for level, person in enumerate(people, start=1)
        ]
    )
    assert sorted(outcome.saved for outcome in outcomes) == [[], ["P1"]]
    assert [str(problem) for outcome in outcomes for problem in outcome.problems.values()] != []
    assert AnswerVersion.objects.count() == 1


def test_many_save_different_answers_at_once():
    an_edition(HARBOUR)
    submission = submission_at(State.DRAFT)
    indicators = submission.cycle.edition.all_indicators
    people = [a_person("focal", submission.country, name=indicator.code) for indicator in indicators]
    outcomes = at_once(
        *[
            lambda person=person, code=indicator.code, level=indicator.ladder[0].value: answering.save_answers(
                submission, {code: given(level=level)}, by=person, seen={}
            )
            for person, indicator in zip(people, indicators, strict=True)
        ]
    )
    assert [outcome.problems for outcome in outcomes] == [{}] * len(indicators)
    assert submission.answers.count() == len(indicators)


def test_rows_are_read_on_while_another_holds_the_connection():
    """Behind a pooler a reader's next query may get another connection than the last one, where its cursor is not."""
    countries = [a_country(iso2) for iso2 in ("MT", "GR", "TN")]
    rows = Country.objects.order_by("pk").iterator(chunk_size=1)
    read, holds, read_on = [next(rows)], Event(), Event()

    def hold():
        with transaction.atomic():
            Country.objects.count()
            holds.set()
            read_on.wait(timeout=10)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        holds.wait(timeout=10)
        try:
            read += rows
        finally:
            read_on.set()
    assert read == countries


def test_two_workers_seal_the_activity_log_at_once():
    """One of them may be refused by the number of the block; nothing is sealed twice or left out."""
    an_edition(HARBOUR)
    fill(submission_at(State.DRAFT))

    def seal():
        try:
            return sealing.run()
        except IntegrityError:
            return 0

    for _n in range(3):
        activity.record(Verb.SIGN_IN, by=None)
        at_once(seal, seal)
    sealing.run()
    result = verification.check()
    assert result.problems == []
    assert result.entries == ActivityEntry.objects.count() == ActivityEntry.objects.exclude(block=None).count()
    assert not AnswerVersion.objects.filter(entry=None).exists()


def test_an_entry_that_is_committed_late_is_sealed_in_a_later_block():
    """Its number is lower than those already sealed, which no range of numbers would find."""
    begun, go_on = Event(), Event()

    def late():
        with transaction.atomic():
            activity.record(Verb.SIGN_IN, by=None, detail="late")
            begun.set()
            go_on.wait(timeout=10)

    def early():
        if connection.vendor == "sqlite":  # one writer at a time: nothing can come late
            go_on.set()
        begun.wait(timeout=10)
        activity.record(Verb.SIGN_IN, by=None, detail="early")
        sealing.run()
        go_on.set()

    at_once(late, early)
    sealing.run()
    assert verification.check().problems == []
    blocks = dict(ActivityEntry.objects.values_list("detail", "block__number"))
    assert blocks == ({"late": 1, "early": 1} if connection.vendor == "sqlite" else {"late": 2, "early": 1})
