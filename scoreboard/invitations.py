"""How people come in: sign-up is closed, an invitation mails a link to set a password."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest  # noqa: TID251 - the signature of an adapter
from django.utils import translation

from scoreboard import notifications, outbox
from scoreboard.models import Mail, User

# The account mails that carry a link with a key, which link that is, and what allauth calls it in their templates.
KEYED = {
    "account/email/password_reset_key": (Mail.Key.PASSWORD, "password_reset_url"),
    "account/email/email_confirmation": (Mail.Key.ADDRESS, "activate_url"),
    "account/email/email_confirmation_signup": (Mail.Key.ADDRESS, "activate_url"),
}
SECRETS = ("key", "uid", "code")  # what templates are given besides, and no stored mail may hold


class ClosedSignup(DefaultAccountAdapter):
    """Nobody signs up by themselves; administrators create people, the Secretariat and focal points invite them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write an account mail to the outbox, without its key; an address that is nobody's gets none."""
        person = context.get("user") or User.objects.filter(email__iexact=email).first()
        if person is None:
            return
        key, link = KEYED.get(template_prefix, ("", ""))
        shown = {name: value for name, value in context.items() if name not in SECRETS}
        site = {"name": settings.SITE_URL, "domain": settings.SITE_URL}  # whatever host the request claims
        shown |= {"email": email, "user": person, "current_site": site}
        if link:
            shown[link] = outbox.LINK
        with translation.override(person.language or settings.LANGUAGE_CODE):
            message = self.render_mail(template_prefix, email, shown)
        address = "" if email.lower() == person.email.lower() else email
        event = template_prefix.rsplit("/", 1)[-1]
        outbox.write(person, event, str(message.subject), str(message.body), key=key, address=address)

    def send_notification_mail(self, template_prefix: str, user: Any, context: Any = None, email: Any = None) -> None:
        """Write a notice about an account; its person is named, for it may go to an address they had before."""
        super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)


def invite(person: User, *, by: User | None = None) -> Mail:
    """Write `person` a mail with a link to set their password, and return it; `by` is None for the command line."""
    context = {"person": person, "by": by, "link": outbox.LINK}
    subject, body = notifications.written("emails/invitation.txt", person, context)
    return outbox.write(person, "invite", subject, body, key=Mail.Key.PASSWORD)
