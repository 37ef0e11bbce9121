"""Who belongs to a network, as what and when, and organisations: entered by officers, with history."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from scoreboard import clock
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import CountryGroup, GroupMembership, Organisation, Role
from scoreboard.people import networks
from scoreboard.questionnaire import countries
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbours(db):
    secretariat = Organisation.objects.create(name="Harbour Secretariat", kind=Organisation.Kind.SECRETARIAT)
    name = LazyI18nString({"en": "Harbour network"})
    return CountryGroup.objects.create(code="harbours", name=name, secretariat=secretariat)


def rows(member):
    return [(one.kind, one.since, one.until) for one in networks.history(member)]


def test_another_kind_from_a_day_on_leaves_the_first_in_the_history(sign_in, officer, malta, harbours):
    client, page = sign_in(officer), reverse("country_join", args=["mt"])
    client.post(page, {"group": harbours.pk, "kind": "interested", "since": "2019-04-01"})
    answer = client.post(page, {"group": harbours.pk, "kind": "member", "since": "2022-01-01"}, follow=True)
    assert "Entered: Malta · Harbour network." in Page(answer).text
    assert rows(malta) == [
        ("member", date(2022, 1, 1), None),
        ("interested", date(2019, 4, 1), date(2021, 12, 31)),
    ]
    assert {(one.changed_by, one.confirmed) for one in networks.history(malta)} == {(officer, True)}
    shown = Page(client.get(reverse("people_network", args=["harbours"]))).text
    assert "Member: 1 Malta (since 1 January 2022)" in shown
    assert "Interested" not in shown


def test_days_that_overlap_are_refused_by_a_sentence(sign_in, officer, malta, harbours):
    client, page = sign_in(officer), reverse("country_join", args=["mt"])
    networks.join(malta, harbours, kind="member", since=date(2020, 1, 1), by=officer)
    for since in ("", "2020-01-01", "2019-01-01"):
        answer = Page(client.post(page, {"group": harbours.pk, "kind": "observer", "since": since}))
        assert "These days overlap another membership (Member, 1 January 2020 to today)." in answer.text
    backwards = {"group": harbours.pk, "kind": "observer", "since": "2018-01-01", "until": "2017-01-01"}
    assert "The membership ends before it begins." in Page(client.post(page, backwards)).text
    assert (
        "Choose a day of a year from 1950 to 2100." in Page(client.post(page, backwards | {"since": "0020-01-01"})).text
    )
    assert rows(malta) == [("member", date(2020, 1, 1), None)]


def test_a_mistake_is_corrected_or_deleted(sign_in, officer, malta, harbours):
    client = sign_in(officer)
    one = networks.join(malta, harbours, kind="member", since=date(2020, 1, 1), by=officer)
    page = reverse("network_membership", args=[one.pk])
    client.post(page, {"kind": "non_party", "since": "2020-02-01", "until": "2021-01-01"})
    one.refresh_from_db()
    assert (one.kind, one.since, one.until, one.confirmed) == ("non_party", date(2020, 2, 1), date(2021, 1, 1), False)
    client.post(page, {"act": "delete"})
    assert rows(malta) == []


def test_an_organisation_belongs_to_one_too(sign_in, officer, harbours):
    client = sign_in(officer)
    client.post(reverse("organisation_new"), {"name": "Harbour Friends", "short_name": "HF", "kind": "ngo"})
    friends = Organisation.objects.get(name="Harbour Friends")
    client.post(
        reverse("organisation_join", args=[friends.pk]),
        {"group": harbours.pk, "kind": "observer", "since": clock.today().isoformat()},
    )
    assert rows(friends) == [("observer", clock.today(), None)]
    assert "Observer: 1 HF" in Page(client.get(reverse("people_network", args=["harbours"]))).text
    page = Page(client.post(reverse("organisation_new"), {"name": "Harbour Friends", "kind": "ngo"}))
    assert "There is a problem" in page.text


def test_administrators_alone_say_which_are_secretariats(officer, harbours):
    with pytest.raises(NotNow):
        networks.save_organisation(Organisation(), name="Mine", short_name="", kind="secretariat", by=officer)
    with pytest.raises(NotNow):
        networks.save_organisation(harbours.secretariat, name="Mine", short_name="", kind="ngo", by=officer)


@pytest.mark.parametrize("role", [Role.FOCAL, Role.CONTRIBUTOR, Role.ANALYST, Role.OBSERVER, None])
def test_officers_alone_edit_them(role, malta, harbours):
    person = factories.a_person(role, malta if role and role.is_national else None)
    for act in (
        lambda: networks.join(malta, harbours, kind="member", since=None, by=person),
        lambda: networks.save_organisation(Organisation(), name="Mine", short_name="", kind="ngo", by=person),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not GroupMembership.objects.exists()


def test_files_name_networks_and_kinds(malta):
    countries.load(
        b"""
groups:
  - {code: harbours, name: {en: Harbour network}}
countries:
  - {iso2: MT, iso3: MLT, name: {en: Malta}, groups: [{code: harbours, kind: non_party, since: '2020-01-01'}]}
organisations:
  - {code: hs, name: {en: Harbour Secretariat}, kind: secretariat, runs: [harbours]}
  - {code: hf, name: {en: Harbour Friends}, kind: ngo, groups: [{code: harbours, kind: observer}]}
"""
    )
    group = CountryGroup.objects.networks().get()
    assert str(group.secretariat) == "Harbour Secretariat"
    assert {(str(one.member), one.kind) for one in group.memberships.all()} == {
        ("Malta", "non_party"),
        ("Harbour Friends", "observer"),
    }
    with pytest.raises(Invalid, match="There is no group “ports”"):
        countries.load(b"organisations:\n- {code: a, name: {en: A}, kind: secretariat, runs: [ports]}\n")
    with pytest.raises(Invalid, match="Only a Secretariat runs a network"):
        countries.load(b"organisations:\n- {code: a, name: {en: A}, kind: ngo, runs: [harbours]}\n")
