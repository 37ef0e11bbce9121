"""What became of the steps that countries promised in earlier cycles, counted so that no count gives a country away.

A count over five or more countries is of all their steps, any other of the steps that countries publish. Where the
counts of a table could be subtracted from the total so that private steps of fewer than five countries are left, one
more of its counts is of published steps alone.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from scoreboard.models import Commitment, Cycle, Submission
from scoreboard.submissions import commitments

Data = dict[str, Any]

FEW = 5  # countries over which a count includes steps that are private
UNANSWERED = "unanswered"
OUTCOMES = (*Commitment.Status.values, UNANSWERED)


@dataclass(frozen=True)
class Row:
    """A step that was promised in an earlier cycle: whose, in which area of today, and what became of it."""

    iso2: str
    region: str
    area: str  # empty where no indicator of today asks about it as it was
    is_public: bool
    outcome: str


def take(cycle: Cycle, submissions: Iterable[Submission], named: Collection[str]) -> Data:
    """Return what a snapshot says of steps under the key `commitments`; nothing where there is nothing to say.

    `submissions` are those that count, `named` the ISO codes of the countries that count by name: a step of another
    country counts as private, and is not printed.
    """
    counted = {one.country_id: one.country for one in submissions if one.accepted_version_id}
    found = list(commitments.before(cycle).filter(submission__country__in=counted))
    made = Commitment.objects.public().filter(submission__cycle=cycle, submission__country__in=counted)
    promised = list(made.select_related("submission__cycle", "submission__country", "indicator__area"))
    codes = commitments.codes_today(cycle.edition, found)
    outcomes = commitments.outcomes(cycle, found)
    areas = {one.code: one.area.code for one in cycle.edition.all_indicators}
    rows: list[Row] = []
    printed: dict[str, dict[str, list[Data]]] = {}
    for one in found:
        country = counted[one.submission.country_id]
        outcome, is_public = outcomes[one.pk] or UNANSWERED, one.is_public and country.iso2 in named
        rows.append(Row(country.iso2, country.subregion, areas.get(codes[one.pk], ""), is_public, outcome))
        if is_public:
            printed.setdefault(country.iso2, _of_country())["earlier"].append(_step(one) | {"outcome": outcome})
    for one in promised:
        iso2 = counted[one.submission.country_id].iso2
        if iso2 in named:
            printed.setdefault(iso2, _of_country())["promised"].append(_step(one))
    if not rows and not printed:
        return {}
    return {"commitments": counts(rows) | {"countries": printed}}


def counts(rows: Collection[Row]) -> Data:
    """Return the counts of the whole, by area and by sub-region."""
    return {
        "total": _parts(rows, {"": rows})[""],
        "areas": _parts(rows, _grouped(rows, "area")),
        "regions": _parts(rows, _grouped(rows, "region")),
    }


def _grouped(rows: Iterable[Row], by: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: str(getattr(row, by))):
        found.setdefault(getattr(row, by), []).append(row)
    return found


def _parts(rows: Collection[Row], parts: dict[str, Any]) -> dict[str, Data]:
    """Return the counts of the parts of a whole."""
    whole = {name for name, some in parts.items() if _countries(some) >= FEW}
    while whole and _gives_away([row for name, some in parts.items() if name not in whole for row in some]):
        whole.remove(min(whole, key=lambda name: (_countries(parts[name]), name)))
    return {name: _counted(some, public_only=name not in whole) for name, some in parts.items()}


def _gives_away(rest: Collection[Row]) -> bool:
    """Whether these rows, as the total less the other parts, are private steps of too few countries."""
    return any(not row.is_public for row in rest) and _countries(rest) < FEW


def _countries(rows: Iterable[Row]) -> int:
    return len({row.iso2 for row in rows})


def _counted(rows: Iterable[Row], *, public_only: bool) -> Data:
    some = [row for row in rows if row.is_public or not public_only]
    found = Counter(row.outcome for row in some)
    return {
        "countries": _countries(some),
        "public_only": public_only,
        "steps": len(some),
        **{outcome: found[outcome] for outcome in OUTCOMES},
    }


def _of_country() -> dict[str, list[Data]]:
    return {"earlier": [], "promised": []}


def _step(one: Commitment) -> Data:
    return {
        "cycle": one.submission.cycle.code,
        "label": one.indicator.label,
        "step": one.step,
        "by": one.due.isoformat() if one.due else None,
        "lead": one.lead,
    }
