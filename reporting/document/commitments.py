"""What a snapshot says of the steps that countries promised: counts as rows of tables, and steps to print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.document import numbers
from scoreboard.models import Commitment

Data = Mapping[str, Any]

WORDS: dict[str, str | Promise] = {
    **dict(Commitment.Status.choices),
    "unanswered": gettext_lazy("Not answered"),
}


@dataclass(frozen=True)
class Count:
    """How many steps of an area, a sub-region or the whole became what."""

    name: str
    steps: int
    done: int
    partly: int
    not_done: int
    dropped: int
    unanswered: int
    countries: int
    public_only: bool


@dataclass(frozen=True)
class Step:
    """A step that its country publishes; `outcome` is empty for one of this cycle."""

    cycle: str
    label: str
    step: str
    by: date | None
    lead: str
    outcome: str


@dataclass(frozen=True)
class Counts:
    """The counts of a cycle: of the whole, by area of its questionnaire, and by sub-region."""

    total: Count
    areas: list[Count]
    regions: list[Count]

    @property
    def has_public_only(self) -> bool:
        """Whether any count leaves private steps out."""
        return any(one.public_only for one in (self.total, *self.areas, *self.regions))


def counts(commitments: Data, areas: Sequence[Data]) -> Counts | None:
    """Return the counts that a snapshot's `commitments` hold, None where no step was promised before.

    `areas` are those of the questionnaire, each with `code` and `title`.
    """
    if not commitments or not (commitments["areas"] or commitments["total"]["steps"]):
        return None
    titles = {area["code"]: f"{area['code']} · {numbers.text(area['title'])}" for area in areas}
    titles[""] = _("Indicators that are not asked any more as they were")
    by_area = commitments["areas"]
    return Counts(
        _count(_("All"), commitments["total"]),
        [_count(title, by_area[code]) for code, title in titles.items() if code in by_area],
        [_count(name or _("Without a sub-region"), one) for name, one in commitments["regions"].items()],
    )


def of_country(commitments: Data, iso2: str) -> tuple[list[Step], list[Step]]:
    """Return the steps that a country publishes: those of earlier cycles with what became of them, and new ones."""
    found = commitments.get("countries", {}).get(iso2, {}) if commitments else {}
    return [_step(one) for one in found.get("earlier", [])], [_step(one) for one in found.get("promised", [])]


def _count(name: str, found: Data) -> Count:
    return Count(
        name,
        not_done=found["not"],
        **{key: found[key] for key in ("steps", "done", "partly", "dropped", "unanswered", "countries", "public_only")},
    )


def _step(one: Data) -> Step:
    outcome = one.get("outcome", "")
    return Step(
        cycle=one["cycle"],
        label=one["label"],
        step=one["step"],
        by=date.fromisoformat(one["by"]) if one["by"] else None,
        lead=one["lead"],
        outcome=str(WORDS[outcome]) if outcome else "",
    )
