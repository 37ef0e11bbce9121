"""The second factor in a browser: a passkey is added, and signs in with and without the password."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories, second_factors
from tests.browser.conftest import at_width, findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def with_device(visit):
    """Return a function that opens a window whose computer holds passkeys and knows its owner."""

    def opened(person=None):
        page = visit(person)
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return page

    return opened


def test_a_passkey_signs_in_with_and_without_the_password(with_device):
    person = factories.a_focal(factories.a_country())
    page = with_device(person)
    page.goto(reverse("mfa_index"))
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Sign in with this passkey alone").check()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()

    page.goto(reverse("account_login"))
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    assert findings(page) == []
    assert at_width(page, 360) == 0
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()

    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")


def test_a_browser_without_a_passkey_says_so_and_a_code_does(visit):
    person = factories.a_focal(factories.a_country())
    secret = second_factors.an_app(person)
    page = visit()
    page.goto(reverse("account_login"))
    page.evaluate("void (navigator.credentials.get = () => Promise.reject(new Error('none')))")
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_role("alert")).to_contain_text("The browser has given no passkey.")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(second_factors.code(secret))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")


def test_signing_in_again_on_a_page_leads_to_the_second_factor(visit):
    """Nothing typed is lost: the code is asked for in a new window, and the page goes on."""
    person = factories.a_focal(factories.a_country())
    factories.an_edition(factories.HARBOUR)
    submission = factories.submission_at(factories.State.DRAFT)
    secret = second_factors.an_app(person)
    page = visit(person)
    page.goto(reverse("submission_area", args=[submission.pk, "P"]))
    page.context.clear_cookies()
    page.get_by_role("textbox").first.fill("Typed while signed out.")
    page.get_by_role("textbox").first.blur()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Password").fill(factories.PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("The password is right.")
    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in in a new window").click()
    opened.value.get_by_label("Code").fill(second_factors.code(secret))
    opened.value.get_by_role("button", name="Sign in").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("Welcome")
    dialog.get_by_role("button", name="I have signed in there").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Last saved")).to_be_visible()
    assert submission.answers.get().comment == "Typed while signed out."
