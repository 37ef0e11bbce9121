"""What the worker does with the log every minute: enter saved answers and counts, then seal what is new."""

from datetime import timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction

from scoreboard import clock
from scoreboard.activity import chain, refusals
from scoreboard.models import ActivityBlock, ActivityCheck, ActivityEntry, AnswerVersion, Origin, Verb

SAVES_AT_ONCE = 200  # versions, and
ENTRIES_IN_A_BLOCK = 1000  # entries, so that no transaction takes long
LONGEST_DETAIL = 200


def run() -> int:
    """Enter what was saved and refused, seal all entries that are not, and return how many were sealed."""
    while enter_saves():
        pass
    refusals.enter()
    return sum(seal(rehearsal=False)) + sum(seal(rehearsal=True))


@transaction.atomic
def enter_saves() -> int:
    """Write the entries of some answers saved since the last time; return how many versions they are about.

    A save writes nothing but its version. Here the saves of one person and submission in one minute become one entry,
    which carries a keyed hash of their versions.
    """
    found = AnswerVersion.objects.filter(entry=None).select_for_update(of=("self",)).order_by("pk")
    versions = list(found.select_related("answer__indicator", "answer__submission__cycle")[:SAVES_AT_ONCE])
    for _about, saves in groupby(sorted(versions, key=_together), key=_together):
        _enter(list(saves))
    return len(versions)


def _together(version: AnswerVersion) -> tuple[Any, ...]:
    """What the versions have in common that become one entry."""
    return version.by_id, version.answer.submission_id, version.origin, version.at.replace(second=0, microsecond=0)


def _enter(saves: list[AnswerVersion]) -> None:
    submission = saves[0].answer.submission
    numbers = [version.pk for version in saves]
    indicators = {version.answer.indicator.position: version.answer.indicator.label for version in saves}
    entry = ActivityEntry.objects.create(
        verb=Verb.SAVE,
        by_id=saves[0].by_id,
        at=max(version.at for version in saves),
        origin=saves[0].origin,
        submission=submission,
        cycle_id=submission.cycle_id,
        country_id=submission.country_id,
        detail=", ".join(indicators[place] for place in sorted(indicators))[:LONGEST_DETAIL],
        count=len(saves),
        rehearsal=submission.cycle.is_rehearsal,
        contents=chain.saves_hash(chain.own_keys()[0], _rows(numbers)),
    )
    AnswerVersion.objects.filter(pk__in=numbers).update(entry=entry)


def _rows(numbers: list[int]) -> list[tuple[Any, ...]]:
    return list(AnswerVersion.objects.filter(pk__in=numbers).order_by("pk").values_list(*chain.VERSION))


def seal(*, rehearsal: bool) -> list[int]:
    """Seal all new entries of one of the two chains; return the sizes of the blocks that were made."""
    sizes = []
    while size := _seal_block(rehearsal):
        sizes.append(size)
    return sizes


@transaction.atomic
def _seal_block(rehearsal: bool) -> int:
    """Seal the next entries, which are locked: of two workers at once one waits, and then finds them sealed."""
    new = ActivityEntry.objects.filter(block=None, rehearsal=rehearsal).select_for_update().order_by("pk")
    entries = list(new.values_list(*chain.ENTRY)[:ENTRIES_IN_A_BLOCK])
    if not entries:
        return 0
    last = ActivityBlock.objects.filter(rehearsal=rehearsal).order_by("number").last()
    key = chain.own_keys()[0]
    block = ActivityBlock(
        rehearsal=rehearsal,
        number=last.number + 1 if last else 1,
        sealed_at=clock.now(),
        key=chain.mark(key),
        size=len(entries),
        contents=chain.entries_hash(key, entries),
        previous=last.seal if last else "",
    )
    block.seal = chain.seal(key, block)
    block.save()
    ActivityEntry.objects.filter(pk__in=[entry[0] for entry in entries]).update(block=block)
    return len(entries)


def remove_old() -> int:
    """Remove the entries of blocks older than ACTIVITY_DAYS, whole blocks at a time; return how many blocks.

    The block stays as a link of the chain, with a hash that says that the portal removed its entries.
    """
    limit = clock.now() - timedelta(days=settings.ACTIVITY_DAYS)
    old = ActivityBlock.objects.filter(removed_at=None, sealed_at__lt=limit).order_by("rehearsal", "number")
    blocks = list(old)
    for block in blocks:
        _remove(block)
    ActivityCheck.objects.filter(at__lt=limit).delete()
    return len(blocks)


@transaction.atomic
def _remove(block: ActivityBlock) -> None:
    block.removed_at = clock.now()
    block.removal = chain.removal(chain.own_keys()[0], block)
    block.save(update_fields=["removed_at", "removal"])
    block.entries.all().delete()
    ActivityEntry.objects.create(
        verb=Verb.REMOVE_ACTIVITY,
        origin=Origin.WORKER,
        detail=str(block.number),
        count=block.size,
        rehearsal=block.rehearsal,
    )
