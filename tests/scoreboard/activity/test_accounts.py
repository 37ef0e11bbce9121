"""Sign-ins, passwords and refusals: failed ones are counted by person or client and hour, and entered afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from scoreboard import clock
from scoreboard.activity import Verb, refusals
from scoreboard.models import ActivityCount, ActivityEntry
from tests import factories

HOUR = datetime(2026, 3, 4, 14, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def entries() -> list[tuple]:
    fields = ("verb", "by", "person", "network", "count", "at")
    return list(ActivityEntry.objects.order_by("pk").values_list(*fields))


def attempt(email: str, client: str = "203.0.113.7") -> None:
    response = Client(REMOTE_ADDR=client).post(reverse("account_login"), {"login": email, "password": "wrong"})
    assert response.status_code == 200


def test_failed_sign_ins_are_counted_by_account_and_by_client(focal):
    with clock.at(HOUR + timedelta(minutes=10)):
        for email in (focal.email, focal.email.upper(), "nobody@example.org", "somebody@example.org"):
            attempt(email)
        attempt("nobody@example.org", client="2001:db8:1:2::9")
    with clock.at(HOUR + timedelta(hours=1, minutes=4)):
        assert refusals.enter() == 0  # a request of the hour may still be under way
    with clock.at(HOUR + timedelta(hours=1, minutes=5)):
        assert refusals.enter() == 3
        assert refusals.enter() == 0
    assert entries() == [
        ("failed_sign_in", None, focal.pk, "", 2, HOUR),
        ("failed_sign_in", None, None, "203.0.113.0/24", 2, HOUR),
        ("failed_sign_in", None, None, "2001:db8:1::/48", 1, HOUR),
    ]
    assert not ActivityCount.objects.exists()


def test_attempts_beyond_the_limit_are_counted_too(settings, focal):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/key"}
    with clock.at(HOUR):
        for _n in range(4):
            attempt(focal.email)
    assert ActivityCount.objects.get().count == 4


def test_a_refusal_for_lack_of_a_role_is_counted_by_person(sign_in, focal, draft):
    with clock.at(HOUR):
        for address in (reverse("review_queue"), reverse("people"), reverse("activity_list")):
            assert sign_in(focal).get(address).status_code == 403
        assert Client().get(reverse("people")).status_code == 302  # sent to sign in, not refused
    with clock.at(HOUR + timedelta(hours=2)):
        refusals.enter()
    assert entries()[-1] == ("denied", focal.pk, None, "", 3, HOUR)


def test_a_refusal_to_nobody_known_is_counted_by_client(client, db):
    """The API refuses who is not signed in, and a form without its token is refused."""
    with clock.at(HOUR):
        for _n in range(2):
            assert client.get(reverse("submission-list"), REMOTE_ADDR="203.0.113.7").status_code in (401, 403)
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(reverse("set_language"), {}, REMOTE_ADDR="203.0.113.9").status_code == 403
        assert client.get(reverse("session"), REMOTE_ADDR="203.0.113.7").status_code == 401  # asks to sign in
    counted = ActivityCount.objects.order_by("client").values_list("verb", "person", "client", "count")
    assert list(counted) == [("denied", None, "203.0.113.7", 2), ("denied", None, "203.0.113.9", 1)]
    with clock.at(HOUR + timedelta(hours=2)):
        refusals.enter()
    assert entries()[-2:] == [
        ("denied", None, None, "203.0.113.0/24", 2, HOUR),
        ("denied", None, None, "203.0.113.0/24", 1, HOUR),
    ]


def test_each_hour_counts_anew(focal):
    for hours in (0, 0, 1):
        with clock.at(HOUR + timedelta(hours=hours)):
            refusals.count(Verb.DENIED, person=focal)
    assert [row.count for row in ActivityCount.objects.order_by("hour")] == [2, 1]


def test_a_client_without_an_address_is_not_counted(db):
    refusals.count(Verb.FAILED_SIGN_IN, client="")
    assert not ActivityCount.objects.exists()


def test_signing_in_is_entered_with_the_network(focal):
    focal.set_password("seven green ladders")
    focal.save()
    client = Client(REMOTE_ADDR="203.0.113.7")
    client.post(reverse("account_login"), {"login": focal.email, "password": "seven green ladders"})
    entry = ActivityEntry.objects.get(verb=Verb.SIGN_IN)
    assert (entry.by, entry.network) == (focal, "203.0.113.0/24")


def test_a_new_password_is_entered_with_the_network(focal, sign_in):
    focal.set_password("seven green ladders")
    focal.save()
    texts = {
        "oldpassword": "seven green ladders",
        "password1": "nine blue staircases",
        "password2": "nine blue staircases",
    }
    assert sign_in(focal).post(reverse("account_change_password"), texts, REMOTE_ADDR="203.0.113.7").status_code == 302
    entry = ActivityEntry.objects.get(verb=Verb.CHANGE_PASSWORD)
    assert (entry.by, entry.network) == (focal, "203.0.113.0/24")


def test_a_change_in_the_administration_is_entered(sign_in, malta):
    admin = factories.a_person(is_staff=True)
    values = {"iso2": "MT", "iso3": "MLT", "name_0": "Malta", "subregion": "South"}
    formset = {"group_memberships-TOTAL_FORMS": "0", "group_memberships-INITIAL_FORMS": "0"}
    address = reverse("admin:scoreboard_country_change", args=[malta.pk])
    assert sign_in(admin).post(address, values | formset).status_code == 302
    entry = ActivityEntry.objects.get(verb=Verb.ADMINISTER)
    assert (entry.by, entry.country, entry.detail) == (admin, malta, f"country {malta.pk}")
