"""The keyed hashes that seal entries into a chain of blocks: what they cover, and with which key.

HMAC-SHA256 with keys of the log's own (ACTIVITY_KEY): the first seals, all of them verify.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from scoreboard.models import ActivityBlock
from scoreboard.models.answers import STEP_FIELDS

Key = bytes

# What is sealed of an entry and of the version of an answer, in this order: another order makes other hashes.
ENTRY = (
    "pk",
    "verb",
    "by_id",
    "at",
    "origin",
    "network",
    "submission_id",
    "cycle_id",
    "country_id",
    "person_id",
    "detail",
    "count",
    "contents",
    "rehearsal",
)
VERSION = (
    "answer_id",
    "revision",
    "kind",
    "level_id",
    "reason",
    "comment",
    "comment_withheld",
    "figures",
    "figures_withheld",
    "next_step",
    "change_reason",
    "confirmed",
    "suggestion_id",
    "why",
    "at",
    "by_id",
    "on_behalf",
    "origin",
    *STEP_FIELDS,  # last: `_saved` leaves them out where there are none, as in what was sealed before they were asked
)


def own_keys() -> list[Key]:
    """Return the keys of the log, the one that seals first."""
    return [key.encode() for key in settings.ACTIVITY_KEY]


def mark(key: Key) -> str:
    """Return the mark by which a block says with which key it was sealed; it does not give the key away."""
    return _hash(key, "key", [])[:8]


def key_of(block: ActivityBlock) -> Key | None:
    """Return the key with which a block was sealed, None if it is not one of the portal's."""
    return next((key for key in own_keys() if mark(key) == block.key), None)


def entries_hash(key: Key, rows: Iterable[tuple[Any, ...]]) -> str:
    """Return the hash of entries, each a tuple of its fields ENTRY, in their order."""
    return _hash(key, "entries", rows)


def saves_hash(key: Key, rows: Iterable[tuple[Any, ...]]) -> str:
    """Return the hash of versions of answers, each a tuple of its fields VERSION, in their order."""
    return _hash(key, "saves", (_saved(row) for row in rows))


def _saved(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what is sealed of a version: without the fields of a step where none of them is given."""
    count = len(STEP_FIELDS)
    return row if any(row[-count:]) else row[:-count]


def seal(key: Key, block: ActivityBlock) -> str:
    """Return the seal of a block: the hash of all that it says, the seal of the block before included."""
    said = (block.rehearsal, block.number, block.sealed_at, block.key, block.size, block.contents, block.previous)
    return _hash(key, "block", [said])


def removal(key: Key, block: ActivityBlock) -> str:
    """Return the hash that says that the portal itself removed the entries of a block, and when."""
    return _hash(key, "removal", [(block.seal, block.removed_at)])


def _hash(key: Key, what: str, rows: Iterable[tuple[Any, ...]]) -> str:
    code = hmac.new(key, what.encode(), hashlib.sha256)
    for row in rows:
        line = json.dumps([_plain(value) for value in row], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        code.update(b"\n" + line.encode())
    return code.hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
