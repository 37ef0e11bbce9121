"""Where a person is signed in: the sessions of their browsers, ended one by one or all."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from scoreboard import clock
from scoreboard.models import User


def of(person: User) -> QuerySet[UserSession]:
    """Return the sessions in which the person is signed in, the newest first."""
    running = Session.objects.filter(expire_date__gt=clock.now())
    found: QuerySet[UserSession] = UserSession.objects.filter(
        user=person, session_key__in=running.values("session_key")
    )
    return found.order_by("-created_at", "-pk")


def end(person: User, *, but: str | None = None) -> int:
    """Sign the person out everywhere, except in the session with the key `but`; return how many sessions ended."""
    ended = [session for session in UserSession.objects.filter(user=person) if session.session_key != but]
    for session in ended:
        session.end()
    return len(ended)


def delete_old() -> int:
    """Delete sessions that are over, with the browser and network address noted of each; return how many."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    over = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    deleted: int = over.delete()[0]
    return deleted
