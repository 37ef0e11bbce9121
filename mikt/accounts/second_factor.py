"""The portal's adapter of the library for second factors: names, encrypted secrets, and addresses of passkeys."""

import base64
import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scoreboard.ciphers import cipher
from scoreboard.people import second_factor

PURPOSE = "mikt.accounts.second_factor"  # part of the key: with another one nobody's second factor works


class Adapter(DefaultMFAAdapter):
    """Secrets are unreadable in a backup of the database; passkeys belong to the host of SITE_URL."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is not right. Type the one that the app shows now, or an unused recovery code."),
        "cannot_delete_authenticator": _(
            "Your role needs a second factor, and this is the only one. Add a passkey first."
        ),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
    }

    def get_totp_issuer(self) -> str:
        return str(settings.PORTAL_NAME)

    def encrypt(self, text: str) -> str:
        return cipher(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; one that was encrypted under a SECRET_KEY that is lost becomes one that nobody knows."""
        try:
            return cipher(PURPOSE).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return False for the only second factor of somebody who must have one."""
        others = Authenticator.objects.filter(user=authenticator.user_id).exclude(pk=authenticator.pk)
        has_other = others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return has_other or not second_factor.is_required(authenticator.user)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %s") % number

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": str(settings.PORTAL_NAME)}
