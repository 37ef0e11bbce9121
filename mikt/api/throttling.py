"""How often the API is asked: by a visitor's address, or by a token; whoever is signed in on a page is not counted."""

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from scoreboard.models import Token

if TYPE_CHECKING:  # views read the setting that names this module
    from rest_framework.views import APIView


class Rate(SimpleRateThrottle):
    """A limit of the setting API_RATES."""

    def get_rate(self) -> str | None:
        rate: str | None = settings.API_RATES[str(self.scope)]
        return rate or None


class OfAddress(Rate):
    """Counts visitors by network address, in the memory of each process, so that reading writes no database."""

    scope = "address"
    cache = caches["rates"]

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """Return the key of the visitor's address; None for tokens and people, whom this does not count."""
        if request.auth or request.user.is_authenticated:
            return None
        return f"api-address-{get_adapter().get_client_ip(request)}"


class OfToken(Rate):
    """Counts requests by token, in the cache that all processes share."""

    scope = "token"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """Return the key of the token; None without one."""
        return f"api-token-{request.auth.pk}" if isinstance(request.auth, Token) else None
