"""The profile: name, language, the mails that a person can do without, and their own data."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard.errors import Invalid
from scoreboard.mail import notifications, preferences
from scoreboard.models import Mail, State, User
from scoreboard.people import profiles
from tests import factories, second_factors
from tests.pages import Page

pytestmark = pytest.mark.django_db

ALL = preferences.Kind.values


def save(client, **fields):
    return client.post(reverse("profile"), {"name": "Fay Focal", "language": "en", "mails": ALL} | fields, follow=True)


def test_name_and_language(sign_in, focal, officer, settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    old = focal.name
    assert "Your profile is saved." in Page(save(sign_in(focal), name=" Fay\u200b Focal ", language="fr")).text
    focal.refresh_from_db()
    assert (focal.name, focal.language, focal.unwanted_mails) == ("Fay Focal", "fr", [])
    for reader in (focal, officer):
        body = Mail.objects.get(to=reader, event="own_name_changed").body
        assert old in body
        assert "Fay Focal" in body
    save(sign_in(focal), language="fr")
    assert Mail.objects.filter(event="own_name_changed").count() == 2  # nothing changed


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "x" * 151}, {"language": "xx"}, {"mails": ["everything"]}])
def test_what_is_refused(wrong, sign_in, focal, settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    client = sign_in(focal)
    before = User.objects.values().get(pk=focal.pk)
    assert "There is a problem" in Page(save(client, **wrong)).text
    assert User.objects.values().get(pk=focal.pk) == before
    with pytest.raises(Invalid):
        profiles.change(focal, name="", mails=[])


def test_mails_that_are_not_wanted_are_not_written(sign_in, harbour, focal, officer):
    other = factories.a_person(factories.Role.SECRETARIAT)
    save(sign_in(officer), name=officer.name, mails=["suggestions", "publications"])
    submission = factories.submission_at(State.SUBMITTED)
    readers = set(Mail.objects.filter(submission=submission, event="submit").values_list("to", flat=True))
    assert readers == {focal.pk, other.pk}  # the receipt is always sent


def test_only_what_asks_for_nothing_can_be_declined():
    """The whole table: what is asked of somebody, receipts, and what is about an account are always sent."""
    named = {mail for mails in notifications.MAILS.values() for _audience, mail in mails}
    named |= set(notifications.PERSONAL.values()) | set(notifications.OF_READER.values())
    assert set(preferences.OPTIONAL) <= named
    assert not set(preferences.OPTIONAL) & set(notifications.OF_ACCOUNT.values())
    compulsory = {"submission:receipt", "submission:returned", "submission:accepted", "cycle:opened", "thread:due"}
    assert not compulsory & set(preferences.OPTIONAL)
    assert set(preferences.OPTIONAL.values()) == set(preferences.Kind)


def test_own_data(sign_in, harbour, focal, officer):
    factories.submission_at(State.ACCEPTED)
    second_factors.an_app(focal)
    second_factors.a_passkey(focal)
    response = sign_in(focal).get(reverse("own_data"))
    assert response["Content-Disposition"] == 'attachment; filename="own-data.json"'
    data = response.json()
    assert data["account"]["email"] == focal.email
    assert [role["role"] for role in data["roles"]] == ["Focal point · Malta"]
    assert {mail["subject"] for mail in data["mails"]} == set(focal.mails.values_list("subject", flat=True))
    assert [one["kind"] for one in data["second_factors"]] == ["totp", "recovery_codes", "webauthn"]
    counted = {(one["records"], one["as"]): one["number"] for one in data["records_that_name_you"]}
    assert counted["memberships", "person"] == 1
    assert counted["answers", "changed by"] == len(harbour.all_indicators)
    text = response.content.decode()
    for secret in [focal.password, *second_factors.recovery_codes(focal), officer.email, "credential"]:
        assert secret not in text


def test_the_number_of_queries_does_not_grow_with_what_is_stored(focal, draft):
    costs = []
    for _more in range(2):
        for _n in range(4):
            notifications.notify_account(focal, "name_changed", old="a", new="b", by=focal, address_of=focal.email)
        with CaptureQueriesContext(connection) as queries:
            profiles.own_data(User.objects.get(pk=focal.pk))
        costs.append(len(queries))
    assert costs[0] == costs[1]
