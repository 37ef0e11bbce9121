"""The portal's adapter of the sign-in library: closed sign-up, own mails, and limits that count accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scoreboard.mail import notifications
from scoreboard.models import User
from scoreboard.people import invitations

# The library's notices about an account → our mails.
NOTICES = {
    "account/email/password_changed": "password_changed",
    "account/email/password_reset": "password_changed",
    "account/email/password_set": "password_changed",
}

# What a page says after a step of the library's; of the others nothing: the next page shows who is signed in.
SENTENCES = {
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("Your new password is saved."),
    "account/messages/password_set.txt": _("Your new password is saved."),
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
        """Notify a person of a change of their account, and from where."""
        reset_link = settings.SITE_URL + reverse("account_reset_password")
        from_ip = self.get_client_ip(self.request)
        notifications.notify_account(user, NOTICES[template_prefix], from_ip=from_ip, reset_link=reset_link)

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
            owner = User.objects.filter(email__iexact=email).first()
            credentials["email"] = owner.email if owner else email
        super().pre_authenticate(request, **credentials)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address behind the configured number of proxies.

        A request that came through fewer proxies is counted by the address it came from.
        """
        forwarded = request.headers.get("X-Forwarded-For", "")
        if len(forwarded.split(",")) < settings.ALLAUTH_TRUSTED_PROXY_COUNT:
            return str(request.META.get("REMOTE_ADDR", ""))
        return str(super().get_client_ip(request))
