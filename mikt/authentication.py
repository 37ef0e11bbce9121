"""The authentication backend: loads a person with their current roles in one query."""

from allauth.account.auth_backends import AuthenticationBackend

from scoreboard.models import User


class Backend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session, None unless they may sign in."""
        person = User.objects.with_memberships(user_id)
        return person if person and self.user_can_authenticate(person) else None
