"""Who asks the API: a program with a token of its person, else whoever is signed in."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from scoreboard import clock
from scoreboard.models import Token, User
from scoreboard.people import second_factor, tokens


class TokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer SECRET`; the person has those of their roles alone that the token's scopes fill."""

    def authenticate(self, request: Request) -> tuple[User | AnonymousUser, Token] | None:
        """Return the person and the token, nobody where it reads what is public alone, None without a token.

        Raises AuthenticationFailed (401) for a token that does not work, and PermissionDenied (403) where the person
        must have a second factor and has none.
        """
        key = tokens.sent(request.headers.get("Authorization", ""))
        if key is None:
            return None
        token = tokens.holder(key)
        if token is None:
            raise AuthenticationFailed(
                _("This token does not work: it is mistyped, ended or over, or its person has no role any more.")
            )
        person = token.person
        if second_factor.is_missing(person) and clock.today() > second_factor.last_day_without(person):
            raise PermissionDenied(_("Set up a second factor first: your role needs one."))
        if not settings.READ_ONLY:
            tokens.note_use(token)
        return tokens.narrowed(token, reads=request.method in SAFE_METHODS) or AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        """Return what a refusal (401) names as the way to say who asks."""
        return 'Bearer realm="API"'
