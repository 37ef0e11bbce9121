"""How people come in: sign-up is closed, an invitation mails a link to set a password."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest  # noqa: TID251 - the signature of an adapter
from django.urls import reverse

from scoreboard import notifications
from scoreboard.models import Mail, User


class ClosedSignup(DefaultAccountAdapter):
    """Nobody signs up by themselves; administrators create people, the Secretariat and focal points invite them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


@transaction.atomic
def invite(person: User, *, by: User | None = None) -> Mail:
    """Mail `person` a link to set their password, after commit; return the mail as written.

    `by` is None for the command line.
    """
    context = {"person": person, "by": by, "link": key_link(person)}
    subject, body = notifications.written("emails/invitation.txt", person, context)
    mail = Mail.objects.create(to=person, event="invite", subject=subject, body=body)
    transaction.on_commit(lambda: notifications.send([mail]))
    return mail


def key_link(person: User) -> str:
    """Return a link with which `person` sets their password; it works once, for two weeks."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)},
    )
    return settings.SITE_URL + path
