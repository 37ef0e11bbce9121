"""Group the saves of one text into editing sessions: what one person saved in one go."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

PAUSE = timedelta(minutes=10)  # the longest between two saves of one session


class Saved(Protocol):
    """A version with the moment at which it was saved."""

    at: datetime


Version = TypeVar("Version", bound=Saved)


def editing_sessions(versions: Iterable[Version], who: Callable[[Version], Any]) -> list[list[Version]]:
    """Return the versions, the oldest first, in groups of the same `who` without a longer pause."""
    found: list[list[Version]] = []
    for version in versions:
        last = found[-1][-1] if found else None
        if last and who(last) == who(version) and version.at - last.at <= PAUSE:
            found[-1].append(version)
        else:
            found.append([version])
    return found
