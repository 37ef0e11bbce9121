"""The second factor: who must have one, every road of signing in, and the removal of a lost one."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mikt.accounts.adapter import SIGNED_IN_AT
from scoreboard import clock
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import keys
from scoreboard.models import ActivityCount, ActivityEntry, Mail, Membership, Role, SecondFactorRemoval, User
from scoreboard.people import addresses, invitations, second_factor, sessions
from tests import factories, second_factors
from tests.pages import Page

pytestmark = pytest.mark.django_db

DAYS = 14
SET_UP = reverse("mfa_index")
STRONG = "otters ferry 9 paper lamps"


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED, settings.SECOND_FACTOR_GRACE_DAYS = True, DAYS
    settings.MFA_TOTP_TOLERANCE = 1  # no test fails where the code changes between two lines


def person_of(role: str) -> User:
    if role == "administrator":
        return factories.a_person(is_staff=True)
    national = role in ("focal", "contributor")
    return factories.a_person(None if role == "nobody" else Role(role), factories.a_country() if national else None)


def mails(to: User, event: str) -> list[str]:
    return list(Mail.objects.filter(to=to, event=event).order_by("pk").values_list("body", flat=True))


def sign_in_by_password(person: User, **extra) -> tuple[Client, str]:
    client = Client(**extra)
    response = client.post(reverse("account_login"), {"login": person.email, "password": factories.PASSWORD})
    return client, response.get("Location", "")


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- role × grace × factor


MUST = {"secretariat", "analyst", "administrator"}
ROLES = ["focal", "contributor", "observer", "nobody", *sorted(MUST)]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("day", [0, DAYS, DAYS + 1])
@pytest.mark.parametrize("factor", ["none", "app", "passkey", "codes alone"])
def test_what_happens(role, day, factor, sign_in):
    """Only who must have one is led to set it up, and only after the last day; before, each page says until when."""
    person = person_of(role)
    client = sign_in(person)
    client.get(reverse("home"))  # the grace period begins
    if factor in ("app", "codes alone"):
        second_factors.an_app(person)
    if factor == "passkey":
        second_factors.a_passkey(person)
    if factor == "codes alone":
        Authenticator.objects.filter(type="totp").delete()
    with clock.at(clock.now() + timedelta(days=day)):
        response = client.get(reverse("home"))
        listed = client.get(reverse("submission-list"))
        posted = client.post(reverse("thread_list"))
    missing = role in MUST and factor in ("none", "codes alone")
    if missing and day > DAYS:
        assert (response.status_code, response.url) == (302, SET_UP)
        assert listed.status_code == 403
        assert listed.json() == {"detail": "Set up a second factor first: your role needs one."}
        assert posted.status_code == 403
    else:
        assert (response.status_code, listed.status_code, posted.status_code) == (200, 200, 405)
        assert ("Your role needs a second factor." in Page(response).text) == missing


def test_nothing_is_needed_where_it_is_switched_off(settings, sign_in, officer):
    settings.SECOND_FACTOR_REQUIRED = False
    client = sign_in(officer)
    with clock.at(clock.now() + timedelta(days=100)):
        assert "needs a second factor" not in Page(client.get("/")).text
    officer.refresh_from_db()
    assert officer.second_factor_due is None


def test_the_last_day_is_named_and_fixed(sign_in, officer):
    moment = clock.now()
    with clock.at(moment):
        sign_in(officer).get("/")
    with clock.at(moment + timedelta(days=5)):
        sign_in(officer).get("/")
    officer.refresh_from_db()
    assert officer.second_factor_due == (moment + timedelta(days=DAYS)).date()


def test_a_role_that_ended_leaves_nobody_without_grace(sign_in, officer):
    """Who became an officer today has the whole grace period, whenever the account was made."""
    person = factories.a_person()
    with clock.at(clock.now() + timedelta(days=300)):
        Membership.objects.create(person=person, role=Role.ANALYST)
        response = sign_in(person).get("/")
    assert response.status_code == 200


PUBLIC_AND_OWN = ["help", "privacy", "accessibility", "session"]
PUBLIC_AND_OWN += ["mfa_activate_totp", "mfa_add_webauthn", "account_logout"]
CLOSED = ["home", "review_queue", "report_list", "admin:index", "profile", "own_data", "account_change_password"]
CLOSED += ["account_email", "api-root", "session_list", "people", "account_reset_password", "cycle_list"]


def test_there_is_no_way_around(sign_in):
    person = factories.a_person(Role.SECRETARIAT, is_staff=True, second_factor_due=clock.today() - timedelta(days=1))
    client = sign_in(person)
    assert {name: client.get(reverse(name)).status_code for name in CLOSED} == {
        name: 403 if name == "api-root" else 302 for name in CLOSED
    }
    assert {client.get(reverse(name)).get("Location") for name in CLOSED if name != "api-root"} == {SET_UP}
    opened = {name: client.get(reverse(name)).status_code for name in PUBLIC_AND_OWN}
    assert opened == dict.fromkeys(PUBLIC_AND_OWN, 200) | {"session": 401}
    assert client.post(reverse("profile"), {"name": "Another"}).status_code == 403
    assert User.objects.get(pk=person.pk).name != "Another"


# --- setting one up


def test_an_app_is_set_up_and_opens_everything(officer):
    officer.second_factor_due = clock.today() - timedelta(days=1)
    officer.save()
    client, place = sign_in_by_password(officer)
    page = Page(client.get(place, follow=True))
    assert page.h1 == "Second factor"
    assert "Your role needs a second factor." in page.text
    response = client.get(reverse("mfa_activate_totp"))  # at once: whoever has just signed in is not asked again
    assert b"data:image/svg+xml;base64," in response.content
    secret = response.context["form"].secret
    wrong = client.post(reverse("mfa_activate_totp"), {"code": second_factors.code(secret, steps=9)})
    assert "The code is not right." in Page(wrong).text
    done = client.post(reverse("mfa_activate_totp"), {"code": second_factors.code(secret)}, follow=True)
    assert Page(done).h1 == "Recovery codes"
    for code in second_factors.recovery_codes(officer):
        assert code in Page(done).text
    assert client.get(reverse("review_queue")).status_code == 200
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert second_factors.recovery_codes(officer)[0] not in stored
    downloaded = client.get(reverse("mfa_download_recovery_codes")).content.decode()
    assert all(code in downloaded for code in second_factors.recovery_codes(officer))


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_ends_other_sessions_and_is_mailed(officer):
    other, _place = sign_in_by_password(officer)
    client, _place = sign_in_by_password(officer)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": second_factors.code(secret)})
    assert not is_signed_in(other)
    assert is_signed_in(client)
    entry = ActivityEntry.objects.get(verb="change_second_factor")
    assert (entry.by_id, entry.detail) == (officer.pk, "app_added")
    [body] = mails(officer, "second_factor_changed")
    assert "An authenticator app is asked for" in body


def test_it_is_asked_for_the_password_first_after_a_while(sign_in, officer):
    client = sign_in(officer, just_now=False)
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert client.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("role", ["focal", "secretariat"])
def test_the_only_one_cannot_be_removed_by_who_must_have_one(role, sign_in):
    person = person_of(role)
    second_factors.an_app(person)
    client = sign_in(person)
    response = client.post(reverse("mfa_deactivate_totp"))
    assert second_factor.is_set_up(person) == (role == "secretariat")
    assert (response.status_code == 302) == (role == "focal")
    if role == "secretariat":
        assert "this is the only one" in Page(response).text
        second_factors.a_passkey(person)
        assert client.post(reverse("mfa_deactivate_totp")).status_code == 302


def test_a_passkey_that_was_the_only_one_is_asked_for_again_at_once(sign_in, officer):
    client = sign_in(officer)
    client.get("/")
    passkey, _key = second_factors.a_passkey(officer)
    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    with clock.at(clock.now() + timedelta(days=DAYS + 1)):
        assert client.get("/").url == SET_UP


# --- every road of signing in


def by_password(person: User) -> tuple[Client, str]:
    return sign_in_by_password(person)


def by_a_forgotten_password(person: User) -> tuple[Client, str]:
    client = Client()
    page = client.get(urlsplit(keys.password(person)).path, follow=True)
    response = client.post(page.redirect_chain[-1][0], {"password1": STRONG, "password2": STRONG})
    return client, response.get("Location", "")


def by_an_invitation(person: User) -> tuple[Client, str]:
    User.objects.filter(pk=person.pk).update(password="!unusable")
    person.refresh_from_db()
    client = Client()
    page = client.get(urlsplit(keys.invitation(person)).path, follow=True)
    response = client.post(page.redirect_chain[-1][0], {"password1": STRONG, "password2": STRONG})
    return client, response.get("Location", "")


def by_the_administration(person: User) -> tuple[Client, str]:
    client = Client()
    place = client.get(reverse("admin:index"), follow=True).redirect_chain[-1][0]
    response = client.post(place, {"login": person.email, "password": factories.PASSWORD})
    return client, response.get("Location", "")


PASSWORDS = [by_password, by_a_forgotten_password, by_an_invitation, by_the_administration]


@pytest.mark.parametrize("road", PASSWORDS, ids=lambda road: road.__name__)
@pytest.mark.parametrize("factor", ["app", "recovery code", "passkey"])
def test_a_password_alone_opens_no_account_with_a_second_factor(road, factor):
    person = factories.a_person(Role.SECRETARIAT, is_staff=True)
    secret = second_factors.an_app(person)
    _record, passkey = second_factors.a_passkey(person)
    client, place = road(person)
    assert place.split("?")[0] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert client.get(reverse("review_queue")).url.startswith(reverse("account_login"))
    page = client.get(place)
    assert Page(page).h1 == "Second factor"
    options = page.context["js_data"]["request_options"]
    for answer in ({"code": second_factors.code(secret, steps=9)}, {"code": ""}, {"credential": "{}"}):
        client.post(place, answer)
        assert not is_signed_in(client)
    if factor == "passkey":
        options = client.get(place).context["js_data"]["request_options"]
        client.post(place, {"credential": json.dumps(passkey.sign(options, person))})
    else:
        right = second_factors.code(secret) if factor == "app" else second_factors.recovery_codes(person)[0]
        client.post(place, {"code": right})
    assert is_signed_in(client)
    assert client.get(reverse("review_queue")).status_code == 200
    if factor == "recovery code":
        assert len(second_factors.recovery_codes(person)) == 9


def asked_for_any(client: Client) -> dict:
    """Return what the sign-in page asks the browser for."""
    response = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    return response.json()["request_options"]


def test_a_passkey_alone_signs_in(officer):
    _record, passkey = second_factors.a_passkey(officer)
    client = Client()
    options = asked_for_any(client)
    foreign = second_factors.Passkey(number=passkey.number)
    for signed in (foreign.sign(options, officer), passkey.sign(options, officer, rp="evil.example")):
        client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(signed)})
        assert not is_signed_in(client)
    options = asked_for_any(client)
    client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(passkey.sign(options, officer))})
    assert client.get(reverse("review_queue")).status_code == 200


def test_a_passkey_is_added_and_named(sign_in, officer):
    client = sign_in(officer)
    passkey = second_factors.Passkey()
    options = client.get(reverse("mfa_add_webauthn")).context["js_data"]["creation_options"]
    credential = json.dumps(passkey.register(options))
    page = Page(client.post(reverse("mfa_add_webauthn"), {"name": "Laptop", "credential": credential}, follow=True))
    assert page.h1 == "Recovery codes"
    assert second_factor.is_set_up(officer)
    assert "Laptop" in Page(client.get(reverse("mfa_list_webauthn"))).text


def test_a_code_works_once(officer):
    secret = second_factors.an_app(officer)
    now = second_factors.code(secret)
    for expected in (True, False):
        client, place = sign_in_by_password(officer)
        client.post(place, {"code": now})
        assert is_signed_in(client) == expected


def test_codes_cannot_be_guessed(officer, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/10m/key"}
    secret = second_factors.an_app(officer)
    client, place = sign_in_by_password(officer)
    for _attempt in range(4):
        response = client.post(place, {"code": second_factors.code(secret, steps=9)})
    assert "Too many attempts failed." in Page(response).text
    client.post(place, {"code": second_factors.code(secret)})
    assert not is_signed_in(client)
    counted = ActivityCount.objects.get(verb="failed_sign_in")
    assert (counted.person, counted.count) == (officer, 5)


def test_a_lost_secret_key_lets_nobody_in(officer, settings):
    secret = second_factors.an_app(officer)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert Authenticator.objects.get(type="totp").wrap().validate_code(second_factors.code(secret))
    settings.SECRET_KEY_FALLBACKS = []
    assert not Authenticator.objects.get(type="totp").wrap().validate_code(second_factors.code(secret, steps=1))
    assert second_factors.recovery_codes(officer)  # others now, which nobody was given


# --- proving again who one is


MATTERS = ["account_email", "admin:index", "mfa_activate_totp", "mfa_add_webauthn"]


@pytest.mark.parametrize("name", MATTERS)
@pytest.mark.parametrize("just_now", [True, False])
def test_what_matters_asks_who_signed_in_a_while_ago(name, just_now, sign_in):
    client = sign_in(factories.a_person(Role.SECRETARIAT, is_staff=True), just_now=just_now)
    response = client.get(reverse(name))
    if just_now:
        assert response.status_code == 200
        return
    place = response.url
    assert place.startswith(reverse("account_reauthenticate"))
    assert client.post(place, {"password": "wrong"}).status_code == 200
    assert client.get(reverse(name)).status_code == 302
    assert client.post(place, {"password": factories.PASSWORD}).status_code == 302
    assert client.get(reverse(name)).status_code == 200


def test_a_code_or_a_passkey_proves_it_too(sign_in, officer):
    secret = second_factors.an_app(officer)
    _record, passkey = second_factors.a_passkey(officer)
    for way in ("mfa_reauthenticate", "mfa_reauthenticate_webauthn"):
        client = sign_in(officer, just_now=False)
        page = client.get(client.get(reverse("account_email")).url)
        assert reverse(way) in page.content.decode()
        page = client.get(f"{reverse(way)}?next={reverse('account_email')}")
        if way == "mfa_reauthenticate":
            answer = {"code": second_factors.code(secret)}
        else:
            options = page.context["js_data"]["request_options"]
            answer = {"credential": json.dumps(passkey.sign(options, officer))}
        client.post(reverse(way), answer)
        assert client.get(reverse("account_email")).status_code == 200


def test_what_was_posted_is_done_once_that_is_proven(sign_in):
    """Somebody who typed for an hour in the administration loses nothing."""
    client = sign_in(factories.a_person(is_staff=True), just_now=False)
    person = factories.a_person(name="Old Name")
    rows = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    fields = {"email": person.email, "name": "New Name", "is_active": "on"}
    response = client.post(reverse("admin:scoreboard_user_change", args=[person.pk]), fields | rows)
    person.refresh_from_db()
    assert person.name == "Old Name"
    client.post(response.url, {"password": factories.PASSWORD})
    person.refresh_from_db()
    assert person.name == "New Name"


# --- a lost device


@pytest.fixture
def locked_out(officer):
    """An analyst who is signed in somewhere and has lost the phone."""
    person = factories.a_person(Role.ANALYST, name="Ann Analyst")
    client, _place = sign_in_by_password(person)
    second_factors.an_app(person)
    second_factors.a_passkey(person)
    return person, client


@pytest.mark.parametrize("road", ["administrator", "command"])
def test_a_lost_one_is_removed(road, locked_out, sign_in, officer, capsys):
    person, client = locked_out
    admin = factories.a_person(is_staff=True, name="Ada")
    if road == "administrator":
        place = reverse("admin:second_factor_remove", args=[person.pk])
        assert "Say why" in Page(sign_in(admin).post(place, {"reason": " "})).text
        sign_in(admin).post(place, {"reason": "The phone was stolen."}, REMOTE_ADDR="192.0.2.7")
    else:
        call_command("reset_second_factor", person.email.upper(), reason="The phone was stolen.")
        assert "Ann Analyst sets up a new one" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    assert not is_signed_in(client)
    removal = SecondFactorRemoval.objects.get()
    assert (removal.person, removal.reason) == (person, "The phone was stolen.")
    assert (removal.by, removal.from_ip) == ((admin, "192.0.2.7") if road == "administrator" else (None, None))
    entry = ActivityEntry.objects.get(verb="remove_second_factor")
    assert (entry.by_id, entry.person_id) == (removal.by_id, person.pk)
    for reader, event in ((person, "second_factor_removed"), (officer, "second_factor_removal_seen")):
        [body] = mails(reader, event)
        assert "The phone was stolen." in body
        assert ("Ada, an administrator" if road == "administrator" else "An operator of the portal") in body
    again, place = sign_in_by_password(person)
    assert again.get(place).url == SET_UP  # without any grace


def test_a_focal_point_who_had_one_sets_up_a_new_one_too(focal):
    second_factors.an_app(focal)
    second_factor.remove(focal, reason="Lost.", by=None)
    client, place = sign_in_by_password(focal)
    assert client.get(place).url == SET_UP


def test_nobody_removes_their_own(sign_in):
    admin = factories.a_person(is_staff=True)
    second_factors.an_app(admin)
    page = Page(sign_in(admin).post(reverse("admin:second_factor_remove", args=[admin.pk]), {"reason": "Lost."}))
    assert "Nobody removes their own second factor here." in page.text
    assert second_factor.is_set_up(admin)
    assert not SecondFactorRemoval.objects.exists()


@pytest.mark.parametrize("case", ["nobody there", "no factor", "no reason"])
def test_what_the_command_refuses(case, officer):
    address = "nobody@example.org" if case == "nobody there" else officer.email
    if case == "no reason":
        second_factors.an_app(officer)
    with pytest.raises(CommandError):
        call_command("reset_second_factor", address, reason=" " if case == "no reason" else "Lost.")
    assert not SecondFactorRemoval.objects.exists()


def test_the_verb_refuses_too(officer):
    with pytest.raises(NotNow):
        second_factor.remove(officer, reason="Lost.", by=None)
    with pytest.raises(Invalid):
        second_factor.remove(officer, reason="", by=None)


def test_from_where_it_was_removed_is_forgotten_after_a_year(officer):
    admin = factories.a_person(is_staff=True)
    for days in (366, 364):
        second_factors.an_app(officer)
        with clock.at(clock.now() - timedelta(days=days)):
            second_factor.remove(officer, reason=f"{days}", by=admin, from_ip="192.0.2.1")
    assert second_factor.delete_old_origins() == 1
    stored = {one.reason: one.from_ip for one in SecondFactorRemoval.objects.all()}
    assert stored == {"366": None, "364": "192.0.2.1"}


def test_the_administration_shows_no_secret_and_no_session(sign_in):
    response = sign_in(factories.a_person(is_staff=True)).get(reverse("admin:index"))
    assert "authenticator" not in response.content.decode()
    assert "usersession" not in response.content.decode()


# --- sessions and browsers

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0"


def test_own_sessions_are_listed_and_ended(focal, officer):
    here, _place = sign_in_by_password(focal, HTTP_USER_AGENT=FIREFOX)
    there, _place = sign_in_by_password(focal, HTTP_USER_AGENT=EDGE, REMOTE_ADDR="192.0.2.9")
    third, _place = sign_in_by_password(focal)
    foreign, _place = sign_in_by_password(officer)
    page = Page(here.get(reverse("session_list")))
    assert "Firefox on Linux: here" in page.text
    assert "Edge on Windows" in page.text
    assert "192.0.2.9" in page.text
    of_officer = UserSession.objects.get(user=officer)
    here.post(reverse("session_list"), {"session": of_officer.pk})
    assert is_signed_in(foreign)
    here.post(reverse("session_list"), {"session": UserSession.objects.get(ip="192.0.2.9").pk})
    assert [is_signed_in(one) for one in (here, there, third, foreign)] == [True, False, True, True]
    here.post(reverse("session_list"), {"session": "others"})
    assert [is_signed_in(one) for one in (here, there, third, foreign)] == [True, False, False, True]
    assert "You are signed in nowhere else." in Page(here.get(reverse("session_list"))).text


@pytest.mark.parametrize("road", ["changed", "forgotten", "another address"])
def test_a_new_password_ends_the_others(road, focal, officer):
    here, _place = sign_in_by_password(focal)
    there, _place = sign_in_by_password(focal)
    if road == "changed":
        new = {"oldpassword": factories.PASSWORD, "password1": STRONG, "password2": STRONG}
        here.post(reverse("account_change_password"), new)
    elif road == "forgotten":
        focal.refresh_from_db()  # a link is good until the next sign-in
        here, _place = by_a_forgotten_password(focal)
    else:
        addresses.change_for(focal, "new@example.org", by=officer, from_ip=None)
    assert [is_signed_in(one) for one in (here, there)] == [road != "another address", False]
    own = [here.session.session_key] if road != "another address" else []
    assert [one.session_key for one in sessions.of(focal)] == own


def test_the_list_costs_the_same_with_eight(focal):
    costs = []
    for more in (1, 7):
        clients = [sign_in_by_password(focal)[0] for _n in range(more)]
        with CaptureQueriesContext(connection) as queries:
            page = Page(clients[-1].get(reverse("session_list")))
        costs.append(len(queries))
    assert page.text.count("End this session") == 7
    assert costs[0] == costs[1]


def test_a_sign_in_with_another_browser_is_mailed(focal):
    User.objects.filter(pk=focal.pk).update(last_login=clock.now())
    client, _place = sign_in_by_password(focal, HTTP_USER_AGENT=EDGE, REMOTE_ADDR="192.0.2.9")
    [body] = mails(focal, "new_device")
    assert "Edge on Windows" in body
    assert "192.0.2.9" in body
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": focal.email, "password": factories.PASSWORD})
    assert is_signed_in(client)
    assert len(mails(focal, "new_device")) == 1  # it is known now
    other = factories.a_person(last_login=clock.now())
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": other.email, "password": factories.PASSWORD})
    assert len(mails(other, "new_device")) == 1  # for nobody else
    client.post(reverse("account_logout"))
    client.cookies["known"] = f"{focal.pk}:forged"
    client.post(reverse("account_login"), {"login": focal.email, "password": factories.PASSWORD})
    assert len(mails(focal, "new_device")) == 2


def test_the_first_sign_in_is_not(malta):
    person = User.objects.create_user("ina@example.org", name="Ina")
    invitations.give_role(Membership(person=person, role=Role.FOCAL, country=malta), by=None)
    by_an_invitation(person)
    assert mails(person, "new_device") == []


def test_old_sessions_are_deleted(focal):
    client, _place = sign_in_by_password(focal)
    assert sessions.delete_old() == 0
    with clock.at(clock.now() + timedelta(days=15)):
        assert sessions.delete_old() == 1
    assert not is_signed_in(client)
    assert not UserSession.objects.exists()


def test_signing_in_is_noted_in_the_session(focal):
    client, _place = sign_in_by_password(focal)
    assert client.session[SIGNED_IN_AT] > 0
