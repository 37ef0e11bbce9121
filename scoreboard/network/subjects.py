"""What tags mean in other editions: an indicator or an area with those that it comes from and that come from it."""

from collections import defaultdict
from collections.abc import Iterable

from scoreboard.models import Area, Edition, Indicator

Related = dict[int, frozenset[int]]


def related_indicators(edition: int) -> Related:
    """Return for each indicator of an edition, both by primary key, itself and its kin in every other edition."""
    rows = Indicator.objects.order_by().values_list("pk", "edition", "edition__previous", "code", "sources")
    return _related(rows, edition)


def related_areas(edition: int) -> Related:
    """Return for each area of an edition, both by primary key, itself and its kin in every other edition."""
    rows = Area.objects.order_by().values_list("pk", "edition", "edition__previous", "code", "sources")
    return _related(rows, edition)


def _related(rows: Iterable[tuple[int, int, int | None, str, list[str]]], edition: int) -> Related:
    """Follow the codes that parts come from, back and forth; what was split off from the same part is no kin."""
    rows = list(rows)
    known = {(of, code): pk for pk, of, _before, code, _sources in rows}
    back: dict[int, set[int]] = defaultdict(set)
    forth: dict[int, set[int]] = defaultdict(set)
    for pk, _of, before, _code, sources in rows:
        for source in sources:
            if before is not None and (found := known.get((before, source))):
                back[pk].add(found)
                forth[found].add(pk)
    mine = [pk for pk, of, *_rest in rows if of == edition]
    return {pk: frozenset({pk} | _reached(pk, back) | _reached(pk, forth)) for pk in mine}


def _reached(start: int, steps: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    ahead = set(steps.get(start, ()))
    while ahead:
        found |= ahead
        ahead = {after for one in ahead for after in steps.get(one, ())} - found
    return found


def latest_edition() -> Edition | None:
    """Return the edition whose indicators and areas new tags name: that of the last cycle that was opened."""
    return Edition.objects.used_openly().order_by("-cycles__opens", "-pk").first() or Edition.objects.first()
