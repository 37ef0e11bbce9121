"""Countries that count without a name: nothing of a snapshot names them, or lets their answers be subtracted.

The rule: of the region, nobody is named, or all but those that object. They are named only where none objects, or at
least three do: whoever subtracts the named countries from the figures of the region then has figures of at least three.
Who has not reported is not named either, since the rest would be those that count without a name.
"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard.earlier_rounds import hearing
from scoreboard.models import Cycle

Data = dict[str, Any]


def of(cycle: Cycle, countries: Collection[str]) -> frozenset[str]:
    """Return which of the counted `countries` (ISO codes) count without a name in what is taken of the cycle now."""
    if cycle.public == Cycle.Public.REGION:
        return frozenset(countries)
    objecting = cycle.submissions.taking_part().filter(hearing__objected_at__isnull=False)
    found = frozenset(objecting.values_list("country__iso2", flat=True)) & frozenset(countries)
    return frozenset(countries) if 0 < len(found) < hearing.FEW else found


def without(snapshot: Data, unnamed: Collection[str]) -> Data:
    """Return a snapshot without these countries: areas and indicators count them, nothing else has them."""
    if not unnamed:
        return snapshot
    results = snapshot["results"]
    named = [country for country in snapshot["countries"] if country["iso2"] not in unnamed]
    return snapshot | {
        "countries": named,
        "not_reported": [],
        "unnamed": {"reported": len(unnamed), "not_reported": len(snapshot["not_reported"])},
        "results": results | {"countries": {one["iso2"]: results["countries"][one["iso2"]] for one in named}},
    }


def counted(snapshot: Data) -> int:
    """Return how many countries a snapshot counts, named or not."""
    return len(snapshot["countries"]) + int(snapshot.get("unnamed", {}).get("reported", 0))


def taking_part(snapshot: Data) -> int:
    """Return how many countries take part in a snapshot's cycle, named or not."""
    others = int(snapshot.get("unnamed", {}).get("not_reported", 0))
    return counted(snapshot) + len(snapshot["not_reported"]) + others


def obstacle(cycle: Cycle, snapshot: Data) -> str:
    """Return why a snapshot cannot be published as far as names go; empty if it can.

    What countries said since it was taken must be in it, and figures of fewer than three countries name them.
    """
    now = cycle.submissions.taking_part().filter(accepted_version__isnull=False)
    codes = frozenset(now.values_list("country__iso2", flat=True))
    named = {country["iso2"] for country in snapshot["countries"]}
    if named & of(cycle, codes | named) or ("unnamed" in snapshot and counted(snapshot) != len(codes)):
        return _("What becomes public of the countries changed since it was consolidated. Consolidate and build again.")
    n = counted(snapshot)
    if "unnamed" in snapshot and n < hearing.FEW:
        return ngettext(
            "It counts %(n)d country, without its name. Figures of so few are as good as their answers.",
            "It counts %(n)d countries, and not all by name. Figures of so few are as good as their answers.",
            n,
        ) % {"n": n}
    return ""
