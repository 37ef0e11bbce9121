"""Tokens for the API: made on a page, shown once, never more than the person's roles, and over in time."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard import clock, rehearsal
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import ActivityEntry, Mail, Membership, Role, State, Token, User
from scoreboard.people import addresses, profiles, roles, second_factor, tokens
from tests import factories, second_factors
from tests.pages import Page

pytestmark = pytest.mark.django_db

PAGE = reverse("token_list")
GIVEN = {"name": "Statistics office", "scopes": ["read", "write"], "days": "90"}
LIST = reverse("submission-list")


def bearer(key: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {key}"})


def refusal(response, status: int) -> str:
    """Return the sentence of a problem that has this status."""
    problem = response.json()
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert problem["status"] == status
    return problem["detail"]


class TestMaking:
    def test_it_is_shown_once_and_stored_as_a_hash(self, sign_in, focal):
        client = sign_in(focal)
        page = client.post(PAGE, GIVEN)
        assert page["Cache-Control"] == "private, no-store"
        [key] = re.findall(r"portal_[\w-]{43}", Page(page).text)
        token = Token.objects.get()
        stored = {str(value) for value in Token.objects.values().get().values()}
        assert not [value for value in stored if key in value]
        assert (token.person, token.name, token.scopes) == (focal, "Statistics office", ["read", "write"])
        assert token.until == clock.today() + timedelta(days=90)
        assert key not in client.get(PAGE).content.decode()
        assert bearer(key).get(LIST).status_code == 200

    def test_its_person_gets_a_mail_and_the_log_an_entry(self, sign_in, focal):
        key = re.search(r"portal_[\w-]{43}", sign_in(focal).post(PAGE, GIVEN).content.decode())[0]
        mail = Mail.objects.get(event="token_made")
        assert mail.to == focal
        assert "“Statistics office”, from the network address 127.0.0.1" in mail.body
        assert "- Write for your own country" in mail.body
        assert key not in mail.body
        entry = ActivityEntry.objects.get(verb="make_token")
        assert (entry.by, entry.person, entry.detail, entry.origin) == (focal, focal, "read write", "page")

    def test_whoever_signed_in_long_ago_proves_it_again(self, sign_in, focal):
        response = sign_in(focal, just_now=False).post(PAGE, GIVEN)
        assert response["Location"].startswith(reverse("account_reauthenticate"))
        assert not Token.objects.exists()

    def test_each_role_is_offered_what_it_can_do(self, malta):
        offered = {
            role: tokens.scopes_for(factories.a_person(role, malta if Role(role).is_national else None))
            for role in Role.values
        }
        assert offered == {
            "focal": ["read", "write"],
            "contributor": ["read", "write"],
            "secretariat": ["read", "officer"],
            "analyst": ["read", "officer"],
            "observer": ["read"],
            "guest": ["read"],
        }
        assert tokens.scopes_for(factories.a_person()) == []

    def test_what_is_refused(self, sign_in, focal):
        client = sign_in(focal)
        assert "Give the token a name" in Page(client.post(PAGE, GIVEN | {"name": " "})).text
        assert (
            "officer is not one of the available choices" in Page(client.post(PAGE, GIVEN | {"scopes": "officer"})).text
        )
        with pytest.raises(Invalid, match="None of your roles allows: Act as an officer of the Secretariat"):
            factories.a_token(focal, "officer")
        for days in (-1, 367):
            with pytest.raises(Invalid, match="Choose a last day within a year"):
                factories.a_token(focal, days=days)
        with pytest.raises(NotNow, match="you have none today"):
            factories.a_token(factories.a_person(), *[""])
        for _n in range(20):
            factories.a_token(focal)
        with pytest.raises(NotNow, match="You have 20 tokens that work"):
            factories.a_token(focal)

    def test_whoever_writes_reads(self, focal):
        assert factories.a_token(focal, "write")[0].scopes == ["read", "write"]

    def test_the_page_costs_the_same_for_eight(self, sign_in, focal):
        client, costs = sign_in(focal), []
        for more in (1, 7):
            for _n in range(more):
                factories.a_token(focal)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(PAGE)
            costs.append(len(queries))
        assert costs[0] == costs[1]


class TestReading:
    def test_a_token_reads_what_its_person_reads(self, sign_in, malta, harbour, focal, officer, analyst, observer):
        """And one for what is public alone, what everybody reads."""
        submission = factories.submission_at(State.SUBMITTED)
        found = {}
        for person in (focal, officer, analyst, observer, factories.a_person(Role.CONTRIBUTOR, malta)):
            addresses = [LIST, reverse("submission-detail", args=[submission.pk]), reverse("cycle-list")]
            own, given = sign_in(person), bearer(factories.a_token(person)[1])
            assert [given.get(one).content for one in addresses] == [own.get(one).content for one in addresses]
            public = bearer(factories.a_token(person, "")[1])
            assert public.get(reverse("cycle-list")).json() == Client().get(reverse("cycle-list")).json()
            found[str(person)] = refusal(public.get(LIST), 403)
        assert set(found.values()) == {"This token reads what is public. Make one with the scope “read” for this."}

    def test_responses_are_not_stored_on_the_way(self, focal):
        assert bearer(factories.a_token(focal)[1]).get(reverse("country-list"))["Cache-Control"] == "private, no-store"
        assert "Cache-Control" not in Client().get(reverse("country-list"))

    def test_its_use_is_noted_at_most_every_ten_minutes(self, focal, monkeypatch):
        token, key = factories.a_token(focal)
        noted, now = [], clock.now()
        for minutes in (0, 9, 11):
            monkeypatch.setattr(clock, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
            assert bearer(key).get(LIST).status_code == 200
            token.refresh_from_db()
            noted.append(token.last_used_at)
        assert noted == [now, now, now + timedelta(minutes=11)]

    def test_nothing_is_noted_while_nothing_is_saved(self, focal, settings):
        token, key = factories.a_token(focal)
        settings.READ_ONLY = True
        assert bearer(key).get(LIST).status_code == 200
        token.refresh_from_db()
        assert token.last_used_at is None


class TestEnding:
    DEAD = "This token does not work: it is mistyped, ended or over, or its person has no role any more."

    def dead(self, key: str) -> bool:
        response = bearer(key).get(reverse("country-list"))
        if response.status_code == 200:
            return False
        assert refusal(response, 401) == self.DEAD
        assert response["WWW-Authenticate"] == 'Bearer realm="API"'
        return True

    def test_on_its_page(self, sign_in, focal):
        (token, key), (_other, works) = factories.a_token(focal), factories.a_token(focal)
        client = sign_in(focal, just_now=False)  # ending needs no password
        assert "End the token?" in Page(client.get(reverse("token_end", args=[token.pk]))).text
        assert client.post(reverse("token_end", args=[token.pk])).status_code == 302
        assert (self.dead(key), self.dead(works), self.dead("portal_unknown")) == (True, False, True)
        entry = ActivityEntry.objects.get(verb="end_token")
        assert (entry.by, entry.person) == (focal, focal)
        assert client.get(reverse("token_end", args=[token.pk])).status_code == 404
        assert "Statistics office: ended on" in Page(sign_in(focal).get(PAGE)).text

    def test_after_its_last_day(self, focal, monkeypatch):
        _token, key = factories.a_token(focal, days=1)
        today = clock.today()
        dead = []
        for days in (1, 2):
            monkeypatch.setattr(clock, "today", lambda days=days: today + timedelta(days=days))
            dead.append(self.dead(key))
        assert dead == [False, True]

    def test_with_the_last_role(self, focal, officer):
        """At once it is refused; the worker ends it, so that a later role does not bring it back."""
        _token, key = factories.a_token(focal)
        roles.end(focal.memberships.get(), by=officer)
        assert self.dead(key)
        Membership.objects.create(person=focal, role=Role.ANALYST)
        assert (tokens.end_without_role(), self.dead(key)) == (0, False)
        Membership.objects.filter(person=focal).update(until=clock.today() - timedelta(days=1))
        assert tokens.end_without_role() == 1
        entry = ActivityEntry.objects.get(verb="end_token")
        assert (entry.by, entry.person, entry.origin) == (None, focal, "worker")
        Membership.objects.filter(person=focal).update(until=None, ended_at=None)
        assert self.dead(key)

    def test_a_role_in_the_rehearsal_keeps_it(self, greece):
        greece.is_rehearsal = True
        greece.save()
        with rehearsal.within():
            _token, key = factories.a_token(factories.a_person(Role.FOCAL, greece))
        assert tokens.end_without_role() == 0
        assert self.dead(key)  # out of the rehearsal its person has no role
        assert bearer(key).get(f"/rehearsal{LIST}").status_code == 200

    def test_with_what_ends_sessions(self, sign_in, focal, officer):
        administrator = factories.a_person(is_staff=True)
        second_factors.an_app(focal)

        def new_password():
            given = {"oldpassword": factories.PASSWORD, "password1": "otters ferry 9 paper lamps"}
            sign_in(focal).post(reverse("account_change_password"), given | {"password2": given["password1"]})

        for act in (
            lambda: second_factor.remove(focal, reason="The phone is lost.", by=administrator),
            new_password,
            lambda: addresses.change_for(focal, "new@example.org", by=administrator, from_ip=None),
            lambda: User.objects.filter(pk=focal.pk).update(is_active=False),
        ):
            _token, key = factories.a_token(User.objects.get(pk=focal.pk))
            assert not self.dead(key)
            act()
            assert self.dead(key)

    def test_a_year_later_it_is_deleted(self, focal, monkeypatch):
        ended = factories.a_token(focal)[0]
        tokens.end(ended, by=focal)
        over, works = factories.a_token(focal, days=1)[0], factories.a_token(focal, days=366)[0]
        now = clock.now()
        left = []
        for days in (364, 366, 368):
            monkeypatch.setattr(clock, "now", lambda days=days: now + timedelta(days=days))
            tokens.delete_old()
            left.append(set(Token.objects.all()))
        assert left == [{ended, over, works}, {over, works}, {works}]


def test_whoever_must_have_a_second_factor_needs_it_for_tokens_too(officer, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    _token, key = factories.a_token(officer)
    assert bearer(key).get(LIST).status_code == 200  # within the days of grace
    User.objects.filter(pk=officer.pk).update(second_factor_due=clock.today() - timedelta(days=1))
    assert refusal(bearer(key).get(LIST), 403) == "Set up a second factor first: your role needs one."
    second_factors.an_app(officer)
    assert bearer(key).get(LIST).status_code == 200


def test_own_data_lists_tokens_without_their_secret(focal):
    token, key = factories.a_token(focal)
    data = profiles.own_data(focal)
    assert [(one["name"], one["scopes"], one["until"]) for one in data["api_tokens"]] == [
        ("Statistics office", ["read"], token.until)
    ]
    assert token.digest not in str(data)
    assert key not in str(data)


class TestLimits:
    def test_by_token(self, focal, settings):
        settings.API_RATES = {"address": None, "token": "2/min"}
        one, other = (bearer(factories.a_token(focal)[1]) for _n in range(2))
        assert [one.get(LIST).status_code for _n in range(3)] == [200, 200, 429]
        assert other.get(LIST).status_code == 200
        last = one.get(LIST)
        assert "throttled" in refusal(last, 429)
        assert 0 < int(last["Retry-After"]) <= 60

    def test_by_address(self, focal, settings, sign_in):
        settings.API_RATES = {"address": "2/min", "token": None}
        places = [Client(REMOTE_ADDR=place) for place in ("192.0.2.50", "192.0.2.51")]
        countries = reverse("country-list")
        assert [places[0].get(countries).status_code for _n in range(3)] == [200, 200, 429]
        assert places[1].get(countries).status_code == 200
        assert [sign_in(focal).get(countries).status_code for _n in range(3)] == [200] * 3


class TestEncryption:
    """A request to the API over http is refused: a redirect would hide that its token is sent unencrypted."""

    @pytest.fixture(autouse=True)
    def https(self, settings):
        settings.SECURE_SSL_REDIRECT = True

    @pytest.mark.parametrize(
        "address", [LIST, f"/rehearsal{LIST}", reverse("country-list"), reverse("api-missing", args=["x"])]
    )
    @pytest.mark.parametrize("method", ["get", "post", "options"])
    def test_over_http_a_program_is_refused(self, focal, address, method):
        program = bearer(factories.a_token(focal)[1])
        assert refusal(getattr(program, method)(address), 403) == (
            "This came over http, without encryption. Use the https:// address. "
            "If you sent a token, end it and make another one: it could be read on its way."
        )
        assert not Token.objects.exclude(last_used_at=None).exists()

    def test_over_https_it_reads(self, focal):
        assert bearer(factories.a_token(focal)[1]).get(LIST, secure=True).status_code == 200

    @pytest.mark.parametrize("address", [reverse("home"), reverse("api-docs"), "/rehearsal" + reverse("api-docs")])
    def test_over_http_people_are_redirected(self, address):
        response = Client().get(address)
        assert (response.status_code, response["Location"]) == (301, f"https://testserver{address}")


def test_scripts_of_other_sites_read_what_is_public_without_cookies_and_tokens(focal):
    origin = {"Origin": "https://charts.example"}
    public = Client().get(reverse("country-list"), headers=origin)
    assert public["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in public
    assert "Access-Control-Allow-Origin" not in Client().get(LIST, headers=origin)
    asked = origin | {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    preflight = Client().options(reverse("country-list"), headers=asked)
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert preflight["Access-Control-Allow-Headers"] == "accept, accept-language"
    assert "Access-Control-Allow-Origin" not in Client().get(reverse("home"), headers=origin)
