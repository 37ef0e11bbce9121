"""Accounts: an address counts once it is proven, an invitation once it is accepted, and limits hold for accounts."""

import time
from datetime import timedelta
from importlib import import_module
from itertools import product
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mikt.accounts.passwords import HardToGuess
from scoreboard import clock, contributors
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import keys, outbox
from scoreboard.models import AddressChange, Assignment, Mail, Membership, Role, User
from scoreboard.people import addresses, invitations
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db

NEW = "new@example.org"
STRONG = "otters ferry 9 paper lamps"


@pytest.fixture
def at_desk(sign_in):
    """Return a function that gives a client of a person who has just typed the password again."""

    def confirmed(person) -> Client:
        client = sign_in(person, just_now=False)
        client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
        return client

    return confirmed


def letters(to: str, event: str) -> list[str]:
    """Return the bodies of the mails of an event that go to an address."""
    written = Mail.objects.filter(event=event).select_related("to").order_by("pk")
    return [one.body for one in written if (one.address or one.to.email) == to]


def ask_for(client, new, **extra):
    return client.post(reverse("account_email"), {"email": new}, follow=True, **extra)


def test_an_address_is_asked_for_after_the_password_alone(sign_in, focal):
    client = sign_in(focal, just_now=False)
    response = client.get(reverse("account_email"))
    assert response.url.startswith(reverse("account_reauthenticate"))
    ask_for(client, NEW)
    assert not Mail.objects.exists()
    response = client.post(response.url, {"password": factories.PASSWORD}, follow=True)
    assert Page(response).h1 == "E-mail address"


def test_a_new_address_counts_once_its_link_is_opened_and_the_old_one_is_told(at_desk, focal):
    client, old = at_desk(focal), focal.email
    assert "A link was sent to that address." in Page(ask_for(client, NEW.upper())).text
    focal.refresh_from_db()
    assert focal.email == old
    path = urlsplit(keys.address(focal, NEW)).path
    assert Page(client.get(path)).h1 == "Confirm your new address"
    focal.refresh_from_db()
    assert focal.email == old  # looking at a link, as mail programs do, changes nothing
    client.post(path, REMOTE_ADDR="192.0.2.7")
    focal.refresh_from_db()
    assert focal.email == NEW
    change = AddressChange.objects.get()
    assert (change.old, change.new, change.by, change.from_ip) == (old, NEW, focal, "192.0.2.7")
    assert len(letters(old, "address_changed")) == 1
    assert "was changed" in Page(client.get(path)).text or "no longer works" in Page(client.get(path)).text
    assert not EmailAddress.objects.exists()
    assert not Client().login(email=old, password=factories.PASSWORD)
    assert Client().login(email=NEW, password=factories.PASSWORD)


def test_an_address_in_use_changes_nothing_and_its_owner_is_told(at_desk, focal, officer):
    free, taken = (Page(ask_for(at_desk(focal), address)).text for address in (NEW, officer.email.upper()))
    assert free == taken
    focal.refresh_from_db()
    assert focal.email != officer.email
    assert len(letters(officer.email, "address_in_use")) == 1
    assert letters(officer.email, "confirm_address") == []
    assert not EmailAddress.objects.exists()


def test_an_address_that_somebody_gets_meanwhile_is_not_given_twice(at_desk, focal):
    key = keys.address(focal, NEW).rsplit("/", 2)[1]
    other = User.objects.create_user(NEW, name="Other")
    response = at_desk(focal).post(reverse("account_confirm_email", args=[key]))
    assert "Somebody else has this address meanwhile." in Page(response).text
    assert list(User.objects.filter(email=NEW)) == [other]
    assert not AddressChange.objects.exists()


@pytest.mark.parametrize("case", ["old", "other person", "damaged", "changed meanwhile"])
def test_a_link_proves_one_address_for_one_person_for_a_day(case, at_desk, focal, officer):
    key = keys.address(focal, NEW).rsplit("/", 2)[1]
    person, moment = focal, clock.now()
    if case == "old":
        moment += timedelta(hours=keys.HOURS)
    if case == "other person":
        person = officer
    if case == "damaged":
        key = key[:-1] + ("a" if key[-1] != "a" else "b")
    if case == "changed meanwhile":
        User.objects.filter(pk=focal.pk).update(email="third@example.org")
    before = list(User.objects.order_by("pk").values_list("email", flat=True))
    client = at_desk(User.objects.get(pk=person.pk))
    with clock.at(moment):
        responses = [
            getattr(client, method)(reverse("account_confirm_email", args=[key])) for method in ("get", "post")
        ]
    assert all(Page(response).h1 == "Your address was not changed" for response in responses)
    assert list(User.objects.order_by("pk").values_list("email", flat=True)) == before


def test_links_in_mails_use_the_sites_address_whatever_a_request_claims(
    at_desk, focal, settings, django_capture_on_commit_callbacks
):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://scoreboard.example"
    Client().post(reverse("account_reset_password"), {"email": focal.email}, HTTP_HOST="evil.example")
    ask_for(at_desk(focal), NEW, HTTP_HOST="evil.example")
    Client().post(reverse("account_reset_password"), {"email": "unknown@example.org"}, HTTP_HOST="evil.example")
    outbox.send_due()
    assert sorted((message.to, message.subject) for message in mail.outbox) == [
        ([NEW], "Confirm your address for Scoreboard portal"),
        ([focal.email], "Set a new password for Scoreboard portal"),
    ]  # and nothing to the unknown address
    for message in mail.outbox:
        assert "evil.example" not in message.body
        assert "https://scoreboard.example/accounts/" in message.body


class TestInvitations:
    """The link to set a password proves the address; one that is over sends another to the same address."""

    @pytest.fixture
    def invited(self, malta):
        person = User.objects.create_user("ina@example.org", name="Ina")
        invitations.give_role(Membership(person=person, role=Role.FOCAL, country=malta), by=None)
        invitations.invite(person)
        return person

    def path(self, person):
        return urlsplit(keys.invitation(person)).path

    def set_password(self, path, password=STRONG):
        client = Client()
        page = client.get(path, follow=True)
        return client, client.post(
            page.redirect_chain[-1][0], {"password1": password, "password2": password}, follow=True
        )

    def test_it_waits_two_weeks_and_a_reset_link_hours(self, invited, focal, settings):
        path = self.path(invited)
        with clock.at(clock.now() + timedelta(days=13, hours=23)):
            assert "set-password" in Client().get(path, follow=True).redirect_chain[-1][0]
        with clock.at(clock.now() + timedelta(days=14)):
            assert Page(Client().get(path)).h1 == "This link no longer works"
        assert settings.PASSWORD_RESET_TIMEOUT == 3 * 3600

    def test_setting_the_password_signs_in_and_the_link_works_once(self, invited):
        path = self.path(invited)
        client, _response = self.set_password(path)
        assert Page(client.get("/")).h1 == "Welcome, Ina"
        assert Page(Client().get(path)).h1 == "This link was used already"

    @pytest.mark.parametrize("used", [False, True])
    def test_a_fresh_link_goes_to_the_same_address_once_an_hour(self, invited, used):
        path = self.path(invited)
        if used:
            self.set_password(path)
        later = clock.now() + timedelta(days=15)
        client, before = Client(), Mail.objects.count()
        with clock.at(later):
            assert "Send a fresh link" in Page(client.get(path)).text
            assert "A fresh link will be sent" in Page(client.post(path, follow=True)).text
        with clock.at(later + timedelta(minutes=59)):
            assert "within the last hour" in Page(client.post(path)).text
        assert len(letters("ina@example.org", "password_link" if used else "invite")) == (1 if used else 2)
        assert Mail.objects.count() == before + 1
        invited.refresh_from_db()
        assert invited.link_sent_at == later
        with clock.at(later + timedelta(minutes=61)):
            client.post(path)
        assert Mail.objects.count() == before + 2

    def test_there_is_none_once_the_membership_is_over(self, invited):
        path, before = self.path(invited), Mail.objects.count()
        invited.memberships.update(until=clock.now().date() + timedelta(days=3))
        with clock.at(clock.now() + timedelta(days=15)):
            assert "Send a fresh link" not in Page(Client().get(path)).text
            assert "has ended" in Page(Client().post(path)).text
        assert Mail.objects.count() == before

    def test_nor_for_an_address_that_is_the_persons_no_longer(self, invited, officer):
        path = self.path(invited)
        addresses.change_for(invited, NEW, by=officer, from_ip=None)
        before = Mail.objects.count()
        assert Client().post(path).status_code == 404
        assert Mail.objects.count() == before

    def test_officers_see_when_it_was_sent(self, invited, sign_in, officer):
        with clock.at(clock.now() + timedelta(days=15)):
            Client().post(self.path(invited))
        text = Page(sign_in(officer).get(reverse("people_changes"))).text
        assert "Ina" in text
        assert "ina@example.org" in text

    def test_the_inviter_sees_when_it_was_sent(self, draft, focal, sign_in):
        part = factories.a_part(draft, by=focal)
        with clock.at(clock.now() + timedelta(hours=2)):
            invitations.invite_again(part.person)
        text = Page(sign_in(focal).get(reverse("submission_contributors", args=[draft.pk]))).text
        assert "Link to set a password Last sent" in text


class TestAcceptance:
    """An invitation to an address in use gives nothing until its owner accepts, signed in."""

    @pytest.fixture
    def owner(self, db):
        return factories.a_person(name="Olga Owner")

    def nothing(self, sign_in, person):
        """Return whether the person can do no more than somebody without a role."""
        person = User.objects.get(pk=person.pk)
        client = sign_in(person)
        closed = [client.get(reverse("review_queue")).status_code, client.get(reverse("admin:index")).status_code]
        return person.current_memberships == [] and not person.is_staff and closed == [403, 302]

    @pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.ANALYST, Role.OBSERVER])
    @pytest.mark.parametrize("accepts", [True, False])
    def test_of_a_role(self, owner, sign_in, role, accepts, officer):
        organisation = officer.memberships.get().organisation
        offer = invitations.give_role(
            Membership(person=owner, role=role, organisation=organisation),
            by=factories.a_person(is_staff=True),
            name="O. from the meeting",
        )
        assert (offer.who, offer.address) == ("O. from the meeting", owner.email)
        assert self.nothing(sign_in, owner)
        client = sign_in(owner)
        assert Page(client.get("/")).links["Accept or decline: Invitation, Invitations"] == reverse("invitation_list")
        assert len(letters(owner.email, "offer")) == 1
        assert "Olga" not in Page(sign_in(officer).get(reverse("people_changes"))).text
        client.post(reverse("invitation_role", args=[offer.pk]), {"answer": "accept" if accepts else "decline"})
        held = [one.role for one in User.objects.get(pk=owner.pk).current_memberships]
        assert held == ([role] if accepts else [])
        assert client.post(reverse("invitation_role", args=[offer.pk]), {"answer": "accept"}).status_code == 409

    @pytest.mark.parametrize("accepts", [True, False])
    def test_of_a_part(self, owner, sign_in, accepts, draft, focal, malta):
        form = {"email": owner.email.upper(), "name": "Oli", "until": f"{clock.now().date() + timedelta(days=5)}"}
        form["areas"] = [draft.cycle.edition.whole[0].pk]
        address = reverse("submission_contributors", args=[draft.pk])
        page = Page(sign_in(focal).post(address, form, follow=True))
        part = Assignment.objects.get()
        for named in ("Oli will be asked by e-mail.", "Not accepted yet"):
            assert named in page.text
        pages = [address, reverse("submission_handover", args=[draft.pk])]
        pages += [reverse(f"submission_contributor{name}", args=[draft.pk, part.pk]) for name in ("", "_remove")]
        for shown in pages:
            assert "Olga" not in sign_in(focal).get(shown).content.decode()
        assert self.nothing(sign_in, owner)
        client = sign_in(owner)
        assert client.get(reverse("contribution", args=[part.pk])).status_code == 404
        client.post(reverse("invitation_part", args=[part.pk]), {"answer": "accept" if accepts else "decline"})
        assert client.get(reverse("contribution", args=[part.pk])).status_code == (200 if accepts else 404)
        text = Page(sign_in(focal).get(address)).text
        assert ("Olga Owner" in text) == accepts
        assert ("Declined" in text) == (not accepts)

    @pytest.mark.parametrize("accepts", [True, False])
    @pytest.mark.parametrize("by", ["page", "command"])
    def test_of_administration(self, owner, sign_in, accepts, by):
        if by == "page":
            rows = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
            fields = {"email": owner.email, "name": owner.name, "is_active": "on", "is_staff": "on"}
            admin = factories.a_person(is_staff=True)
            sign_in(admin).post(reverse("admin:scoreboard_user_change", args=[owner.pk]), fields | rows)
        else:
            from django.core.management import call_command

            call_command("invite", owner.email, "--administrator", verbosity=0)
        assert self.nothing(sign_in, owner)
        sign_in(owner).post(reverse("invitation_administration"), {"answer": "accept" if accepts else "decline"})
        owner.refresh_from_db()
        assert (owner.is_staff, owner.staff_offered_at) == (accepts, None)

    def test_another_role_on_a_membership_is_accepted_anew(self, owner, sign_in, malta):
        held = Membership.objects.create(person=owner, role=Role.CONTRIBUTOR, country=malta)
        address = reverse("admin:scoreboard_membership_change", args=[held.pk])
        desk = sign_in(factories.a_person(is_staff=True))
        desk.post(address, {"person": owner.pk, "role": Role.CONTRIBUTOR, "country": malta.pk, "until": "2999-01-01"})
        assert [one.role for one in User.objects.get(pk=owner.pk).current_memberships] == [Role.CONTRIBUTOR]
        desk.post(address, {"person": owner.pk, "role": Role.FOCAL, "country": malta.pk})
        assert User.objects.get(pk=owner.pk).current_memberships == []

    def test_the_command_says_the_name_that_was_typed(self, owner, capsys):
        from django.core.management import call_command

        call_command("invite", owner.email, "--name", "Typed", "--role", "analyst")
        assert "Olga" not in capsys.readouterr().out
        assert Membership.objects.get().who == "Typed"

    def test_others_cannot_answer(self, owner, sign_in, draft, focal, officer):
        part = contributors.involve(
            draft,
            email=owner.email,
            name="O",
            indicators=draft.cycle.edition.all_indicators[:1],
            until=clock.now().date(),
            by=focal,
        )
        for person in (focal, officer):
            address = reverse("invitation_part", args=[part.pk])
            assert sign_in(person).post(address, {"answer": "accept"}).status_code == 404
        contributors.remove(part, by=focal)
        with pytest.raises(NotNow):
            contributors.answer_part(part, accepts=True, by=owner)


def test_who_takes_anothers_address_in_hope_of_an_invitation_gets_nothing(at_desk, sign_in, focal, draft):
    mallory = factories.a_person(name="Mallory")
    client, wanted = at_desk(mallory), "minister@gov.example"
    ask_for(client, wanted)
    part = factories.a_part(draft, by=focal, email=wanted, name="The Minister")
    mallory.refresh_from_db()
    assert part.person != mallory
    assert part.person.email == wanted
    assert client.get(reverse("contribution", args=[part.pk])).status_code == 404
    # Nor later: the link that was asked for before gives an address that has an owner by now to nobody.
    key = keys.address(mallory, wanted).rsplit("/", 2)[1]
    client.post(reverse("account_confirm_email", args=[key]))
    mallory.refresh_from_db()
    assert mallory.email != wanted


class TestAnAdministratorChangesAnAddress:
    def change(self, desk, person, email=NEW, **fields):
        fields = {"email": email, "name": person.name, "is_active": "on", **fields}
        rows = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
        address = reverse("admin:scoreboard_user_change", args=[person.pk])
        return desk.post(address, fields | rows, REMOTE_ADDR="192.0.2.9")

    def test_it_is_told_ends_sessions_is_logged_and_seen(self, sign_in, focal, officer):
        ada, old = factories.a_person(name="Ada", is_staff=True), focal.email
        of_person, before = sign_in(focal), urlsplit(keys.password(focal)).path
        EmailAddress.objects.update_or_create(user=focal, email=old, defaults={"verified": True, "primary": True})
        self.change(sign_in(ada), focal)
        focal.refresh_from_db()
        assert focal.email == NEW
        assert of_person.get("/submissions/").status_code == 302
        assert not Client().login(email=old, password=factories.PASSWORD)
        assert not Client().login(email=NEW, password=factories.PASSWORD)
        assert "no longer works" in Page(Client().get(before, follow=True)).text
        change = AddressChange.objects.get()
        assert (change.person, change.old, change.new, change.by, change.from_ip) == (focal, old, NEW, ada, "192.0.2.9")
        assert "Ada, an administrator" in letters(old, "address_changed_by_administrator")[0]
        assert old in letters(officer.email, "address_change_seen")[0]
        assert len(letters(NEW, "invite")) == 1
        home = Page(sign_in(officer).get("/"))
        assert f"an administrator changed the address of: {focal}." in home.text
        assert reverse("people_changes") in home.links.values()
        people = Page(sign_in(officer).get(reverse("people_changes"))).text
        assert all(told in people for told in (old, NEW, "Ada, an administrator"))

    def test_nobody_changes_their_own_there(self, sign_in):
        ada = factories.a_person(name="Ada", is_staff=True)
        self.change(sign_in(ada), ada, is_staff="on")
        ada.refresh_from_db()
        assert ada.email != NEW

    def test_an_address_in_use_is_refused_and_nothing_happens(self, sign_in, focal, officer):
        ada = factories.a_person(name="Ada", is_staff=True)
        response = self.change(sign_in(ada), focal, officer.email.upper())
        assert "Somebody with this e-mail address has an account already." in response.content.decode()
        assert not AddressChange.objects.exists()
        assert sign_in(focal).get("/submissions/").status_code == 200


class TestLimits:
    """At sign-in: by account, and by the client's own address behind a known number of proxies."""

    @pytest.fixture(autouse=True)
    def limits(self, settings, monkeypatch):
        """The limits as they ship, in one moment: a slow machine must not let a minute pass."""
        from mikt import settings as shipped

        moment = time.time()
        monkeypatch.setattr(time, "time", lambda: moment)
        settings.ACCOUNT_RATE_LIMITS = shipped.ACCOUNT_RATE_LIMITS
        settings.CACHES = {**settings.CACHES, "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        settings.ALLOWED_HOSTS = ["*"]
        cache.clear()

    def attempt(self, email, password="", **request):
        response = Client().post(reverse("account_login"), {"login": email, "password": password or "wrong"}, **request)
        if response.status_code == 302:
            return "in"
        return "limited" if "Too many" in response.content.decode() or response.status_code == 429 else "wrong"

    def test_an_account_is_counted_whatever_host_port_or_spelling(self, focal):
        hosts = ["localhost", "localhost:81", "127.0.0.1", "portal.example:8443", "portal.example"]
        names = [focal.email, focal.email.upper(), focal.email.title(), f" {focal.email}"]
        found = [
            self.attempt(name, HTTP_HOST=host, REMOTE_ADDR=f"192.0.2.{n}")
            for n, (host, name) in enumerate(product(hosts, names))
        ]
        assert found == ["wrong"] * 10 + ["limited"] * 10
        assert self.attempt(focal.email, factories.PASSWORD, REMOTE_ADDR="192.0.2.99") == "limited"

    def test_one_client_locks_nobody_else_out(self, focal, officer):
        crowd = [factories.a_person() for _n in range(12)]
        for person in crowd:
            for _time in range(10):
                self.attempt(person.email, REMOTE_ADDR="192.0.2.1")
        assert self.attempt(focal.email, factories.PASSWORD, REMOTE_ADDR="192.0.2.1") == "limited"
        others = [*crowd, focal, officer]
        got_in = [self.attempt(one.email, factories.PASSWORD, REMOTE_ADDR="192.0.2.2") for one in others]
        assert got_in.count("in") >= len(others) - 4

    @pytest.mark.parametrize("proxies", [0, 1, 2])
    def test_the_clients_address_is_the_one_that_trusted_proxies_saw(self, proxies, focal, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

        def came_from(n, claimed):
            """Return the headers of a request of client `n`, who claims addresses of its own before the proxies'."""
            real = [f"198.51.100.{n}", "10.0.0.1"][:proxies] if proxies else []
            request = {"REMOTE_ADDR": "10.0.0.9" if proxies else f"198.51.100.{n}"}
            if forwarded := [*claimed, *real]:
                request["HTTP_X_FORWARDED_FOR"] = ", ".join(forwarded)
            return request

        spoofed = [self.attempt(f"x{n}@example.org", **came_from(1, [f"203.0.113.{n}"])) for n in range(12)]
        assert spoofed == ["wrong"] * 10 + ["limited"] * 2
        assert self.attempt(focal.email, factories.PASSWORD, **came_from(2, ["198.51.100.1"])) == "in"

    def test_fewer_proxies_than_configured_is_no_error(self, focal, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
        for forwarded in ({}, {"HTTP_X_FORWARDED_FOR": "203.0.113.1"}):
            assert self.attempt(focal.email, factories.PASSWORD, REMOTE_ADDR="192.0.2.5", **forwarded) == "in"

    def test_whoever_is_locked_out_gets_in_by_mail(self, focal):
        for n in range(11):
            self.attempt(focal.email, REMOTE_ADDR=f"192.0.2.{n}")
        client = Client()
        page = client.get(urlsplit(keys.password(focal)).path, follow=True)
        client.post(page.redirect_chain[-1][0], {"password1": STRONG, "password2": STRONG})
        assert client.get("/submissions/").status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("abcxyz019", min_size=1, max_size=3), st.integers(4, 30))
@example("a", 12)
def test_a_password_that_repeats_itself_is_refused(part, times):
    from django.contrib.auth.password_validation import validate_password

    with pytest.raises(ValidationError):
        validate_password(part * times)


@pytest.mark.parametrize("password", ["tidewater-ministry", "Ministry_of_Tidewater2026", "harriet.lindqvist-tidewater"])
def test_a_password_of_the_portals_and_the_persons_own_words_is_refused(password, settings):
    settings.PORTAL_NAME, settings.SITE_URL = "Tidewater ministry", "https://tidewater.example.org"
    person = User(name="Harriet Lindqvist", email="h.lindqvist@example.org")
    with pytest.raises(ValidationError, match="easy to guess"):
        HardToGuess().validate(password, person)


@pytest.mark.parametrize("password", ["knackwurst8853", "projectsadminx", "111222tianya"])
def test_a_password_that_was_breached_often_is_refused_though_it_is_hard_to_guess(password):
    """They are of the 20,000 most frequent ones of breaches (Pwned Passwords), which come with Django."""
    from django.contrib.auth.password_validation import validate_password

    HardToGuess().validate(password)
    with pytest.raises(ValidationError, match="too common"):
        validate_password(password)


@pytest.mark.parametrize("password", [STRONG, factories.PASSWORD, "q" + "ж7Kd-" * 40])
def test_a_password_of_several_words_is_taken(password):
    HardToGuess().validate(password)


@pytest.mark.parametrize(
    ("listed", "kept"),
    [
        ([("main@example.org", False, True)], "main@example.org"),
        ([("main@example.org", True, True), ("other@example.org", True, False)], "main@example.org"),
        ([("first@example.org", True, False), ("main@example.org", False, True)], "first@example.org"),
        ([("first@example.org", False, False), ("main@example.org", False, True)], "first@example.org"),
        ([("taken@example.org", True, False), ("main@example.org", False, True)], "main@example.org"),
    ],
)
def test_of_several_addresses_the_proven_one_stays(listed, kept):
    User.objects.create_user("taken@example.org", name="Owner")
    person = User.objects.create_user("main@example.org", name="Person")
    for email, verified, primary in listed:
        EmailAddress.objects.create(user=person, email=email, verified=verified, primary=primary)
    import_module("scoreboard.migrations.0013_one_address_a_person").keep_one_address(apps, None)
    person.refresh_from_db()
    assert person.email == kept
    assert not EmailAddress.objects.exists()
    changes = [(change.old, change.new, change.by) for change in AddressChange.objects.all()]
    assert changes == ([("main@example.org", kept, None)] if kept != "main@example.org" else [])


def test_ones_own_address_is_not_asked_for(focal):
    with pytest.raises(Invalid):
        addresses.request_change(focal, focal.email.upper())


def test_from_where_an_address_was_changed_is_forgotten_after_a_year(focal, officer):
    changes = []
    for days in (366, 364):
        with clock.at(clock.now() - timedelta(days=days)):
            changes.append(addresses.change_for(focal, f"{days}@example.org", by=officer, from_ip="192.0.2.1"))
    assert addresses.delete_old_origins() == 1
    kept = {change.new: change.from_ip for change in AddressChange.objects.all()}
    assert kept == {"366@example.org": None, "364@example.org": "192.0.2.1"}


def test_a_client_that_sends_too_much_is_told_in_the_portals_words(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    settings.CACHES = {**settings.CACHES, "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    responses = [Client().post(reverse("account_login"), {"login": "x@example.org"}) for _n in range(2)]
    assert [response.status_code for response in responses] == [200, 429]
    assert Page(responses[1]).h1 == "Too many attempts"
