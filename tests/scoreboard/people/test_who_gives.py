"""Who gives, prolongs and ends which role: the whole table of role × role × own or other country."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from scoreboard import clock, contributors, rules
from scoreboard.errors import NotNow
from scoreboard.models import Assignment, Membership, Organisation, Role, State, User
from scoreboard.people import invitations, roles
from tests import factories

pytestmark = pytest.mark.django_db

# Who (down) gives, prolongs or ends a role (across) of somebody else. Of the national roles the first sign is for the
# own country, the second for another one. y yes · - no.
TABLE = """
gives          focal  contributor  observer  analyst  secretariat  administrator  guest
focal          y-     y-           -         -        -            -              -
contributor    --     --           -         -        -            -              -
observer       --     --           -         -        -            -              -
analyst        --     --           -         -        -            -              -
secretariat    yy     --           y         y        -            -              y
administrator  yy     --           y         y        y            y              -
guest          --     --           -         -        -            -              -
nobody         --     --           -         -        -            -              -
ends           focal  contributor  observer  analyst  secretariat  administrator  guest
focal          --     y-           -         -        -            -              -
contributor    --     --           -         -        -            -              -
observer       --     --           -         -        -            -              -
analyst        --     --           -         -        -            -              -
secretariat    yy     yy           y         y        -            -              y
administrator  yy     yy           y         y        y            y              y
guest          --     --           -         -        -            -              -
nobody         --     --           -         -        -            -              -
"""


def rows():
    """Return each act, who does it, the role it is about, whether of the own country, and whether it is allowed."""
    found, act, heads = [], "", []
    for line in TABLE.strip().splitlines():
        who, *signs = line.split()
        if who in ("gives", "ends"):
            act, heads = who, signs
            continue
        for role, sign in zip(heads, signs, strict=True):
            for own, allowed in zip([True, False], sign, strict=False):
                found.append((act, who, role, own, allowed == "y"))
    return found


def a_giver(who, malta) -> User:
    if who == "administrator":
        return factories.a_person(is_staff=True)
    role = None if who == "nobody" else Role(who)
    return factories.a_person(role, malta if role and role.is_national else None)


def place(role, country):
    """Return for what a role is held."""
    if Role(role).is_national:
        return {"country": country}
    return {"organisation": Organisation.objects.get_or_create(name="A body")[0]}


@pytest.mark.parametrize(("act", "who", "role", "own", "allowed"), rows())
def test_the_table(act, who, role, own, allowed, malta, greece):
    giver, country = a_giver(who, malta), malta if own else greece
    other = factories.a_person(name="Olga")
    if role == rules.ADMINISTRATOR:
        assert rules.may_give(giver, role, to=other) == allowed
        if act == "gives":
            done = attempt(lambda: invitations.give_administration(other, by=giver))
            assert done == allowed
            assert (User.objects.get(pk=other.pk).staff_offered_at is not None) == allowed
        return
    if act == "gives":
        new = Membership(person=other, role=role, **place(role, country))
        assert attempt(lambda: invitations.give_role(new, by=giver)) == allowed
        assert other.memberships.exists() == allowed
        held = Membership.objects.create(person=other, role=role, until=clock.today(), **place(role, country))
        later = clock.today() + timedelta(days=9)
        if role != Role.CONTRIBUTOR:  # their last day is that of their part
            assert attempt(lambda: roles.change(held, until=later, networks=[], by=giver)) == allowed
            held.refresh_from_db()
            assert held.until == (later if allowed else clock.today())
        return
    held = Membership.objects.create(person=other, role=role, **place(role, country))
    ending = contributors.end_access if role == Role.CONTRIBUTOR else roles.end
    assert attempt(lambda: ending(held, by=giver)) == allowed
    assert User.objects.get(pk=other.pk).current_memberships == ([] if allowed else [held])


def attempt(act) -> bool:
    """Return whether the act is done; PermissionDenied is the only refusal."""
    try:
        with transaction.atomic():
            act()
    except PermissionDenied:
        return False
    return True


GIVING = [role for role in Role if role != Role.CONTRIBUTOR]


@pytest.mark.parametrize("role", Role)
def test_everybody_ends_their_own(role, malta):
    person = factories.a_person(role, malta if role.is_national else None)
    held = person.memberships.get()
    ending = contributors.end_access if role == Role.CONTRIBUTOR else roles.end
    ending(held, by=person)
    assert User.objects.get(pk=person.pk).current_memberships == []


@pytest.mark.parametrize("role", GIVING)
@pytest.mark.parametrize("who", ["secretariat", "administrator", "focal"])
def test_nobody_gives_themselves_a_role_or_prolongs_one(role, who, malta):
    giver = a_giver(who, malta)
    with pytest.raises(NotNow, match="Nobody gives a role to themselves"):
        invitations.give_role(Membership(person=giver, role=role, **place(role, malta)), by=giver)
    held = Membership.objects.create(person=giver, role=role, until=clock.today(), **place(role, malta))
    giver = User.objects.get(pk=giver.pk)
    for later in (clock.today() + timedelta(days=1), None):
        with pytest.raises(NotNow, match="Nobody gives a role to themselves"):
            roles.change(held, until=later, networks=[], by=giver)
    if rules.gives_as(giver, role, held.country):
        invitation = roles.Invitation(giver.email.upper(), "Me", role, **place(role, malta))
        with pytest.raises(NotNow, match="Nobody gives a role to themselves"):
            roles.invite(invitation, by=giver)
        if role == Role.GUEST:
            return  # nobody hands that over: a successor is invited from the space
        other = Membership.objects.create(person=factories.a_person(), role=role, **place(role, malta))
        with pytest.raises(NotNow, match="Nobody gives a role to themselves"):
            roles.hand_over(other, email=giver.email, name="Me", last_day=clock.today(), by=giver)


def test_nobody_makes_themselves_an_administrator():
    ada = factories.a_person(is_staff=True)
    with pytest.raises(NotNow):
        invitations.give_administration(ada, by=ada)


class TestAContributor:
    def test_is_turned_out_by_an_officer_with_the_parts(self, draft, focal, officer, sign_in):
        part = factories.a_part(draft, by=focal)
        held = part.person.memberships.get()
        page = sign_in(officer).post(f"/people/roles/{held.pk}/end/", {}, follow=True)
        assert "Ana" in page.content.decode()
        part = Assignment.objects.get()
        assert (part.ended_by, part.is_in_force) == (officer, False)
        assert User.objects.get(pk=part.person_id).current_memberships == []
        again = factories.a_part(draft, by=focal)  # asked again, they have access again
        assert [one.role for one in User.objects.get(pk=again.person_id).current_memberships] == [Role.CONTRIBUTOR]
        assert again.person.memberships.count() == 2


def test_the_last_day_of_a_role_ends_access(sign_in, malta, harbour):
    """In the lists, at the answers and in what may be done, from the next day on, in the same session."""
    submission = factories.submission_at(State.DRAFT)
    person = factories.a_person(Role.FOCAL, malta)
    officer = factories.an_officer()
    held = person.memberships.get()
    client = sign_in(person)
    address = f"/submissions/{submission.pk}/areas/P/"
    roles.end(held, by=officer, last_day=clock.today() + timedelta(days=2))
    assert client.get(address).status_code == 200
    with clock.at(clock.now() + timedelta(days=2)):
        assert client.get(address).status_code == 200
    with clock.at(clock.now() + timedelta(days=3)):
        assert client.get(address).status_code == 404
        assert rules.may(User.objects.get(pk=person.pk), "write", submission) is False
        assert "Your access (Focal point · Malta) ended" in client.get("/").content.decode()
    roles.end(held, by=officer)
    assert client.get(address).status_code == 404
    assert "has no role at present" in client.get("/").content.decode()
