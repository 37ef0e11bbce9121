"""Whether the token of a request is for what the request does; people who are signed in need none."""

from typing import cast

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from scoreboard.models import Scope, Token, User


class InScope(BasePermission):
    """Refuses (403) a token without the scope `read` to read, or without any of the view's to change something.

    In which roles it acts then, its scopes say too: see `tokens.ACTS_AS`.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the token has the scope, or nobody sent one."""
        if not isinstance(request.auth, Token):
            return True
        if request.method in SAFE_METHODS:
            if getattr(view, "is_public", False):
                return True
            needed: tuple[Scope, ...] = (Scope.READ,)
            self.message = (
                _("This token reads what is public. Make one with the scope “%s” for this.") % Scope.READ.value
            )
        else:
            needed = getattr(view, "scopes", ())
            words = _(" or ").join(f"“{scope.value}”" for scope in needed)
            self.message = _("This needs a token with the scope %s.") % words
        return bool(set(needed) & set(request.auth.scopes))


def person(request: Request) -> User:
    """Return who asks, in a view that lets nobody in who is not known."""
    return cast(User, request.user)
