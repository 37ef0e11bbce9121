"""Who asks: a person with the roles that they have today, found in one query, since every page needs both."""

from allauth.account.auth_backends import AuthenticationBackend

from scoreboard.models import User


class Backend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session, None if there is none who may sign in."""
        person = User.objects.with_memberships(user_id)
        return person if person and self.user_can_authenticate(person) else None
