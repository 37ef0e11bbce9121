"""Errors whose message is a sentence for the person who meets them; pages and API answer 409, or 410 for Gone."""

from typing import Any


class DomainError(Exception):
    """Something that cannot be done, said in one translated sentence."""

    status = 409

    @property
    def sentence(self) -> str:
        return str(self)


class NotNow(DomainError):
    """The state or the calendar does not allow it (yet, or any more)."""


class Locked(DomainError):
    """The other side has write access."""


class Invalid(DomainError):
    """The input cannot be stored; the sentence names the field and the remedy."""


class Gone(DomainError):
    """What was published at this address is withdrawn."""

    status = 410


class Stale(DomainError):
    """Somebody changed the answer since the person saw it: `current` is the answer now, `base` the one they saw."""

    def __init__(self, sentence: str, current: Any = None, base: Any = None) -> None:
        super().__init__(sentence)
        self.current, self.base = current, base
