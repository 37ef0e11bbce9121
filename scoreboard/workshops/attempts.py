"""Codes that open nothing, counted by network and minute: too many stop newcomers, never who has joined already."""

from datetime import datetime

from django.core.cache import cache

from scoreboard import clock
from scoreboard.activity import refusals

A_MINUTE = 300  # a room behind one address mistypes a few; at this pace 44 bits are never guessed


def are_too_many(client: str) -> bool:
    """Return whether more codes that open nothing came from the client's network in this minute than are allowed."""
    return int(cache.get(_key(client, clock.now()), 0)) >= A_MINUTE


def count(client: str) -> None:
    """Count a code that opens nothing."""
    key = _key(client, clock.now())
    cache.add(key, 0, timeout=2 * 60)
    cache.incr(key)


def _key(client: str, now: datetime) -> str:
    return f"workshop-codes-{refusals.network(client)}-{now:%Y%m%d%H%M}"
