"""Two officers at once on one submission, cycle or person: every interleaving leaves one consistent history."""

from datetime import timedelta
from threading import Event, Timer

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from scoreboard import clock, locking
from scoreboard.cycles import calendar, mailings, planning
from scoreboard.errors import NotNow, Stale
from scoreboard.models import (
    AccessRequest,
    ActivityEntry,
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
from scoreboard.submissions import claims, workflow
from tests.factories import (
    DECLARATION,
    HARBOUR,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    fill,
    submission_at,
)
from tests.test_concurrency import at_once, told_apart

pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.mark.parametrize("alone", [False, True])
def test_two_second_officers_confirm_at_once(alone):
    """One confirms; the other, who may be the first officer with a reason to be alone, reads that it is accepted."""
    an_edition(HARBOUR)
    submission = submission_at(State.SUBMITTED)
    first, second, third = (a_person("secretariat", name=name) for name in ("One", "Two", "Third"))
    Cycle.objects.update(two_officers=True)
    workflow.approve(submission, by=first, version=1)
    Mail.objects.all().delete()
    reason = "They are ill." if alone else ""
    by = first if alone else third
    done, refused = told_apart(
        at_once(
            lambda: workflow.confirm(submission, by=second, version=1),
            lambda: workflow.confirm(submission, by=by, version=1, alone=reason),
        )
    )
    assert len(done) == len(refused) == 1
    assert refused[0].sentence.startswith("This is not possible now. Last step: Confirmed and accepted by ")
    steps = list(Transition.objects.order_by("pk").values_list("step", flat=True))
    was_alone = done[0].by == first
    assert steps == ["submit", "approve", *(["accept_alone"] if was_alone else []), "confirm"]
    assert Mail.objects.filter(event="confirm").count() == 1
    assert Mail.objects.filter(event="accept_alone").exists() == was_alone
    assert Submission.objects.get().state == State.ACCEPTED


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


def extend_one(cycle, by, to, pause):
    """Extend a country that is locked already; what is written twice locks the cycle a little, too."""
    one = locking.lock(cycle.submissions.get(country__iso2="MT"))
    pause()
    calendar.extend(one, to=to, reason="Elections.", by=by)


def extend_many(cycle, by, to, pause):
    """Extend countries in another order than the one in which the dates move."""
    for iso2 in ("MT", "GR"):
        mailings.extend(cycle, [cycle.submissions.get(country__iso2=iso2)], by=by, to=to, reason="Elections.")
        pause()


@pytest.mark.parametrize(("extend", "n"), [(extend_one, 1), (extend_many, 2)])
def test_countries_are_extended_while_the_dates_of_the_cycle_move(extend, n):
    """One officer waits for the other, and neither for ever."""
    an_edition(HARBOUR)
    cycle = a_cycle([a_country("MT"), a_country("GR")])
    officers = [a_person("secretariat", name=name) for name in ("One", "Two")]
    to, begun, go_on = cycle.deadline + timedelta(days=20), Event(), Event()
    move = edited(cycle, officers[0], deadline=cycle.deadline + timedelta(days=5))

    def pause():
        begun.set()
        Timer(0.5, go_on.set).start()  # by then the other waits
        go_on.wait(timeout=10)

    def begin():
        with transaction.atomic():
            extend(cycle, officers[1], to, pause)

    def follow():
        begun.wait(timeout=10)
        return move()

    assert told_apart(at_once(begin, follow))[1] == []
    assert Submission.objects.filter(extended_to=to).count() == n
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


@pytest.mark.parametrize("role", [Role.FOCAL, Role.SECRETARIAT])
def test_somebody_invites_while_their_role_ends(role):
    """The invitation waits for the end of the role, and is refused: it is not left open."""
    malta = a_country("MT")
    inviter = a_person(role, malta if role == Role.FOCAL else None, name="Inviter")
    by = a_person("secretariat", name="Officer", is_staff=True)
    assert inviter.current_memberships  # known to their request from its beginning
    ended, go_on = Event(), Event()

    def end():
        with transaction.atomic():
            roles.end(inviter.memberships.get(), by=by)
            ended.set()
            go_on.wait(timeout=10)

    def invite():
        ended.wait(timeout=10)
        Timer(0.5, go_on.set).start()  # by then it waits for the officer
        with pytest.raises(PermissionDenied):
            roles.invite(invitation("ina@example.org", country=malta), by=inviter)

    assert told_apart(at_once(end, invite))[1] == []
    assert not Membership.objects.filter(person__email="ina@example.org").exists()


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
