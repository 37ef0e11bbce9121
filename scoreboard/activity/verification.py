"""Checking the chains: whether an entry, a saved answer or a block was altered, removed, added or moved."""

import hmac
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoreboard.activity import chain
from scoreboard.models import ActivityBlock, ActivityEntry, AnswerVersion, Submission

BLOCKS_AT_ONCE = 200

Rows = list[tuple[Any, ...]]


class Fault(models.TextChoices):
    """What can be wrong with a block."""

    ENTRIES_REMOVED = "entries_removed", _("Entries were removed.")
    ENTRIES_ADDED = "entries_added", _("Entries were added.")
    ENTRIES_ALTERED = "entries_altered", _("An entry was altered, or entries changed places.")
    ANSWERS_ALTERED = "answers_altered", _("A saved answer was altered or removed since it was entered.")
    BLOCK_ALTERED = "block_altered", _("The block itself was altered.")
    BLOCKS_MISSING = "blocks_missing", _("Blocks before this one are missing.")
    NOT_LINKED = "not_linked", _("The block does not follow the one before.")
    FALSE_REMOVAL = (
        "false_removal",
        _("The block says that its old entries were removed, but the portal did not do it."),
    )
    OTHER_KEY = "other_key", _("The block was sealed with a key that the portal does not have, so it was not checked.")
    HEAD_LOST = "head_lost", _("The chain no longer holds this block as you noted it.")


@dataclass(frozen=True)
class Problem:
    """A fault of a block: in which chain, and which number."""

    rehearsal: bool
    block: int
    fault: str

    @property
    def sentence(self) -> str:
        return str(Fault(self.fault).label)


@dataclass
class Result:
    """What a check found; `heads` are the last block of each chain, by whether it is that of rehearsals."""

    blocks: int = 0
    entries: int = 0
    heads: dict[bool, ActivityBlock] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def check(noted: Iterable[tuple[int, str]] = ()) -> Result:
    """Check both chains, and that the blocks `noted` earlier (number and seal) are still in the main one.

    Whoever can delete the last blocks and their entries leaves a shorter chain that is whole; only a head noted
    somewhere else reveals that.
    """
    result = Result()
    for rehearsal in (False, True):
        _check_chain(result, rehearsal)
    for number, seal in noted:
        if not ActivityBlock.objects.filter(rehearsal=False, number=number, seal=seal).exists():
            result.problems.append(Problem(False, number, Fault.HEAD_LOST))
    return result


def _check_chain(result: Result, rehearsal: bool) -> None:
    before: ActivityBlock | None = None
    submissions = set(Submission._base_manager.values_list("pk", flat=True))  # of both worlds
    for block, entries, saves in _blocks(rehearsal):
        result.blocks += 1
        result.entries += len(entries)
        faults = [*_faults_of_link(block, before), *_faults_within(block, entries, saves, submissions)]
        result.problems += [Problem(rehearsal, block.number, fault) for fault in faults]
        before = block
    if before:
        result.heads[rehearsal] = before


def _blocks(rehearsal: bool) -> Iterator[tuple[ActivityBlock, Rows, dict[int, Rows]]]:
    """Yield each block with its entries, and with the saved versions by the entry that carries their hash."""
    numbers = list(ActivityBlock.objects.filter(rehearsal=rehearsal).order_by("number").values_list("pk", flat=True))
    for start in range(0, len(numbers), BLOCKS_AT_ONCE):
        some = numbers[start : start + BLOCKS_AT_ONCE]
        entries: dict[int, Rows] = defaultdict(list)
        for block, *row in (
            ActivityEntry.objects.filter(block__in=some).order_by("pk").values_list("block", *chain.ENTRY)
        ):
            entries[block].append(tuple(row))
        saves: dict[int, Rows] = defaultdict(list)
        versions = AnswerVersion.objects.filter(entry__block__in=some).order_by("pk")
        for entry, *row in versions.values_list("entry_id", *chain.VERSION):
            saves[entry].append(tuple(row))
        blocks = ActivityBlock.objects.in_bulk(some)
        for number in some:
            yield blocks[number], entries[number], saves


def _faults_of_link(block: ActivityBlock, before: ActivityBlock | None) -> Iterator[Fault]:
    if block.number != (before.number + 1 if before else 1):
        yield Fault.BLOCKS_MISSING
    elif block.previous != (before.seal if before else ""):
        yield Fault.NOT_LINKED


def _faults_within(
    block: ActivityBlock, entries: Rows, saves: dict[int, Rows], submissions: set[int]
) -> Iterator[Fault]:
    key = chain.key_of(block)
    if key is None:
        yield Fault.OTHER_KEY
        return
    if not hmac.compare_digest(block.seal, chain.seal(key, block)):
        yield Fault.BLOCK_ALTERED
    if block.removed_at and not entries:
        if not _holds(block.removal, lambda key: chain.removal(key, block)):
            yield Fault.FALSE_REMOVAL
        return
    if len(entries) < block.size:
        yield Fault.ENTRIES_REMOVED
    elif len(entries) > block.size:
        yield Fault.ENTRIES_ADDED
    elif not hmac.compare_digest(block.contents, chain.entries_hash(key, entries)):
        yield Fault.ENTRIES_ALTERED
    if not all(_answers_hold(dict(zip(chain.ENTRY, entry, strict=True)), saves, submissions) for entry in entries):
        yield Fault.ANSWERS_ALTERED


def _answers_hold(entry: dict[str, Any], saves: dict[int, Rows], submissions: set[int]) -> bool:
    """Whether the versions of an entry of saves are as they were; those of a deleted cycle are gone with it."""
    rows = saves.get(entry["pk"], [])
    if not entry["contents"] or (not rows and entry["submission_id"] not in submissions):
        return True
    return _holds(entry["contents"], lambda key: chain.saves_hash(key, rows))


def _holds(stored: str, hashed: Callable[[chain.Key], str]) -> bool:
    """Whether a stored hash is that of one of the portal's keys."""
    return any(hmac.compare_digest(stored, hashed(key)) for key in chain.own_keys())
