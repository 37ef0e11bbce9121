"""The portal's adapter of the sign-in library: closed sign-up, own mails, and limits that count accounts."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mikt.accounts import devices
from scoreboard import activity, clock
from scoreboard.activity import Verb, refusals
from scoreboard.mail import notifications
from scoreboard.models import User
from scoreboard.people import invitations, sessions, tokens

# The library's notices about an account → our mails, and what they say was done.
NOTICES = {
    "account/email/password_changed": ("password_changed", ""),
    "account/email/password_reset": ("password_changed", ""),
    "account/email/password_set": ("password_changed", ""),
    "mfa/email/totp_activated": ("second_factor_changed", "app_added"),
    "mfa/email/totp_deactivated": ("second_factor_changed", "app_removed"),
    "mfa/email/webauthn_added": ("second_factor_changed", "passkey_added"),
    "mfa/email/webauthn_removed": ("second_factor_changed", "passkey_removed"),
    "mfa/email/recovery_codes_generated": ("second_factor_changed", "codes_made"),
}
NEW_FACTOR = {"app_added", "passkey_added"}
SIGNED_IN_AT = "signed_in_at"  # in the session: when, in seconds since 1970

# What a page says after a step of the library's; of the others nothing: the next page shows who is signed in.
SENTENCES = {
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("Your new password is saved."),
    "account/messages/password_set.txt": _("Your new password is saved."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is your second factor now."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is no longer asked for."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _("You have new recovery codes. Store them where only you find them."),
}


class Adapter(DefaultAccountAdapter):
    """Sign-up is closed; mails are the portal's, and link to SITE_URL whatever host the request claims."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right. Try again."),
        "too_many_login_attempts": _(
            "Too many attempts failed. Wait ten minutes, or ask for a link to set a new password."
        ),
        "enter_current_password": _("This is not your current password. Type it again."),
        "incorrect_password": _("The password is not right. Try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Mail the link that a person requested who forgot the password."""
        invitations.send_password_link(user)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Enter a change of an account and mail it, with from where; a new password or factor ends other sessions."""
        event, done = NOTICES[template_prefix]
        network = refusals.network(self.get_client_ip(self.request))
        verb = Verb.CHANGE_SECOND_FACTOR if done else Verb.CHANGE_PASSWORD
        activity.record(verb, by=user, person=user, detail=done, network=network)
        if event == "password_changed" or done in NEW_FACTOR:
            sessions.end(user, but=self.request.session.session_key)
        if event == "password_changed":
            tokens.end_all(user, by=user)
        notifications.notify_account(user, event, done=done, **self._origin())

    def _origin(self) -> dict[str, str]:
        """Return what mails about the account say of the request, and the link to a new password."""
        return {
            "from_ip": self.get_client_ip(self.request),
            "reset_link": settings.SITE_URL + reverse("account_reset_password"),
        }

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign a person in, enter it, and write to them if it is from a browser with which they never did before."""
        is_first = user.last_login is None  # they open the invitation, which was mailed to them
        super().login(request, user)
        activity.record(Verb.SIGN_IN, by=user, network=refusals.network(self.get_client_ip(request)))
        request.session[SIGNED_IN_AT] = time.time()
        if not is_first and not devices.is_known(request, user):
            notifications.notify_account(
                user,
                "new_device",
                browser=devices.name(request.headers.get("User-Agent", "")),
                at=clock.now(),
                link=settings.SITE_URL + reverse("session_list"),
                **self._origin(),
            )

    def post_login(self, request: HttpRequest, user: Any, **login: Any) -> HttpResponse:
        """Return where the person goes, and let the browser be known."""
        response: HttpResponse = super().post_login(request, user, **login)
        devices.remember(request, response, user)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return False for somebody who has just signed in: they need not prove again who they are."""
        ago = time.time() - self.request.session.get(SIGNED_IN_AT, 0)
        has_just = ago < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not has_just and bool(super().is_reauthentication_required(app=app, **kwargs))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say on the next page what was done, in the portal's words."""
        message = message or str(SENTENCES.get(message_template or "", ""))
        super().add_message(request, level, extra_tags=extra_tags, message=message)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Refuse all other mails of the library: no page of ours sends them."""
        raise ImproperlyConfigured(f"The portal has no mail {template_prefix}.")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count attempts at an account under one name, however its address is spelt."""
        if email := credentials.get("email"):
            owner = _owner(email)
            credentials["email"] = owner.email if owner else email
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:  # too many attempts failed: one more
            self.authentication_failed(request, **credentials)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a failed attempt by the account that somebody tried to enter, else by their network address."""
        owner = _owner(credentials.get("email", ""))
        refusals.count(Verb.FAILED_SIGN_IN, person=owner, client="" if owner else self.get_client_ip(request))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address behind the configured number of proxies.

        A request that came through fewer proxies is counted by the address it came from.
        """
        forwarded = request.headers.get("X-Forwarded-For", "")
        if len(forwarded.split(",")) < settings.ALLAUTH_TRUSTED_PROXY_COUNT:
            return str(request.META.get("REMOTE_ADDR", ""))
        return str(super().get_client_ip(request))


def _owner(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()
