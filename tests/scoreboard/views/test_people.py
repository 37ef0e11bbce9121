"""The officers' pages of people: found in two clicks, narrowed by filters, and silent about who has not accepted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from scoreboard import clock
from scoreboard.models import Membership, Role
from scoreboard.people import directory, roles
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


def test_a_focal_points_address_is_two_clicks_from_home(sign_in, officer, malta, greece):
    """The first is “People”, the second “Filter”, after typing the country's name."""
    focal, other = factories.a_focal(malta), factories.a_focal(greece)
    client = sign_in(officer)
    people = Page(client.get("/")).links["People"]
    assert people == "/people/"
    assert {"q", "role", "network", "state"} <= set(Page(client.get(people)).fields)
    shown = Page(client.get(people, {"q": "malta"})).text
    assert focal.email in shown
    assert other.email not in shown
    # Or the country's own page, by its link in the list.
    assert focal.email in Page(client.get(Page(client.get(people)).links["Malta"])).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"focal MT", "focal GR", "Officer", "observer", "Ina"}),
        ({"q": "GRC"}, {"focal GR"}),
        ({"q": "organisation of obs"}, {"observer"}),
        ({"q": "INA@"}, {"Ina"}),
        ({"role": "focal"}, {"focal MT", "focal GR", "Ina"}),
        ({"state": "held"}, {"focal MT", "focal GR", "Officer", "observer"}),
        ({"state": "invited"}, {"Ina"}),
        ({"state": "over"}, {"Zoe"}),
        ({"q": "no such person"}, set()),
    ],
)
def test_filters(sign_in, officer, malta, greece, observer, query, found):
    factories.a_focal(malta), factories.a_focal(greece)
    roles.invite(roles.Invitation("ina@example.org", "Ina", Role.FOCAL, malta), by=officer)
    over = factories.a_person(Role.FOCAL, malta, name="Zoe").memberships
    over.update(until=clock.today() - timedelta(days=1))
    page = sign_in(officer).get(reverse("people"), query)
    assert {one.who for one in page.context["page"]} == found


def test_long_lists_have_pages(sign_in, officer, malta):
    for n in range(51):
        factories.a_person(Role.FOCAL, malta, name=f"N{n:02}")
    client = sign_in(officer)
    first, second = client.get(reverse("people")), client.get(reverse("people"), {"page": 2})
    assert (len(first.context["page"]), len(second.context["page"])) == (50, 2)
    assert "52 roles" in Page(first).text


def test_who_has_not_accepted_is_shown_as_the_inviter_typed(sign_in, officer, malta):
    owner = factories.a_person(name="Olga Owner")
    roles.invite(roles.Invitation(owner.email, "O. from Rome", Role.FOCAL, malta), by=officer)
    client = sign_in(officer)
    for address in (reverse("people"), reverse("people_country", args=["mt"])):
        text = Page(client.get(address)).text
        assert "O. from Rome" in text
        assert "Olga" not in text
    assert client.get(reverse("people"), {"q": "Olga"}).context["page"].object_list.count() == 0
    assert client.get(reverse("people_person", args=[owner.pk])).status_code == 404


def test_countries_without_a_focal_point_lead_to_inviting_them(sign_in, officer, harbour, malta, greece):
    cyprus = factories.a_country("CY")
    factories.a_country("TN")  # in no network and no cycle
    factories.a_cycle([malta, greece, cyprus])
    factories.a_focal(malta)
    client = sign_in(officer)
    assert "No focal point 2 countries Nobody is" in Page(client.get("/")).text
    people = Page(client.get(reverse("people")))
    listed = Page(client.get(people.links["2 countries have no focal point"]))
    assert "Cyprus" in listed.text
    assert "Malta" not in listed.text
    assert "Tunisia" not in listed.text
    form = Page(client.get(listed.links["Invite a focal point: Cyprus"]))
    assert (form.fields["country"], form.fields["role"]) == (str(cyprus.pk), "focal")
    client.post(reverse("people_invite"), {**form.fields, "email": "c@example.org", "name": "C"})
    assert [str(country) for country in directory.without_focal_point()] == ["Greece"]
    # Who has ended, and whose account is closed, is none.
    Membership.objects.filter(country=malta).update(until=clock.today() - timedelta(days=1))
    held = factories.a_person(Role.FOCAL, greece, is_active=False)
    assert held.memberships.exists()
    assert {str(country) for country in directory.without_focal_point()} == {"Greece", "Malta"}


def test_a_country_in_capitals_is_redirected(sign_in, officer, malta):
    response = sign_in(officer).get("/people/countries/MT/")
    assert (response.status_code, response.url) == (301, "/people/countries/mt/")


def test_a_persons_page_has_all_their_roles(sign_in, officer, malta, greece):
    focal = factories.a_focal(malta)
    Membership.objects.create(person=focal, role=Role.FOCAL, country=greece, until=clock.today() - timedelta(days=1))
    page = Page(sign_in(officer).get(reverse("people_person", args=[focal.pk])))
    assert page.h1 == "focal MT"
    for said in (focal.email, "Last sign-in", "Roles that are over", "Malta", "Greece"):
        assert said in page.text


def test_who_signed_in_a_while_ago_proves_again_who_they_are(sign_in, officer, malta):
    """Before every page that gives or ends a role."""
    focal = factories.a_focal(malta)
    held = focal.memberships.get()
    doors = {
        officer: ["/people/invite/", "/people/import/", f"/people/roles/{held.pk}/end/"],
        focal: [f"/people/roles/{held.pk}/end/", f"/people/roles/{held.pk}/handover/"],
    }
    posts = {
        officer: [f"/people/roles/{held.pk}/", "/people/import/confirm/"],
        focal: [reverse("country_focal_points", args=["mt"])],
    }
    for person, pages in doors.items():
        client = sign_in(person, just_now=False)
        answers = [client.get(page) for page in pages] + [client.post(page, {}) for page in posts[person]]
        assert {answer.url.split("?")[0] for answer in answers} == {reverse("account_reauthenticate")}
