"""The published issues that an assessment is compared with: earlier cycles, and the issue before it."""

from typing import Any

from reporting import comparison
from reporting.models import Assessment
from scoreboard import editions
from scoreboard.models import Cycle, Edition

Data = dict[str, Any]
Audience = Assessment.Audience


def compared(cycle: Cycle, snapshot: Data, *, public: bool = False) -> Data:
    """Return what the snapshot of a cycle says of earlier issues, each named with the SHA-256 of its own snapshot.

    `public` leaves out issues that were published to members and observers only.
    """
    issues = Assessment.objects.filter(audience=Audience.EVERYONE) if public else Assessment.objects.all()
    chain = _chain(cycle)
    between = {edition.code: editions.export(edition) for edition in chain[1:]}
    latest = dict(
        issues.filter(
            status=Assessment.Status.PUBLISHED,
            cycle__edition__in=chain,
            cycle__opens__lt=cycle.opens,
            cycle__is_example=cycle.is_example,
        )
        .order_by("issue")
        .values_list("cycle", "pk")
    )
    earlier = Assessment.objects.filter(pk__in=latest.values()).order_by("-cycle__opens")
    before = issues.filter(cycle=cycle, published_at__isnull=False).order_by("-issue").first()
    return {
        "changes": [
            _named(one) | comparison.since_cycle(one.snapshot, snapshot, between) for one in earlier.iterator(1)
        ],
        "since_issue": _named(before) | comparison.since_issue(before.snapshot, snapshot) if before else None,
    }


def issues_behind(assessment: Assessment) -> list[Assessment]:
    """Return the issues that the assessment's snapshot compares itself with, as they stand now."""
    sources = [*assessment.snapshot.get("changes", []), assessment.snapshot.get("since_issue")]
    named = {(one["issue"], one["snapshot_sha256"]) for one in sources if one}
    if not named:
        return []
    found = Assessment.objects.filter(
        snapshot_sha256__in=[sha256 for _issue, sha256 in named], published_at__isnull=False
    )
    ordered = found.without_snapshot().order_by("-cycle__opens", "-issue")
    return [one for one in ordered if (one.issue, one.snapshot_sha256) in named]  # two issues can hold the same data


def _named(issue: Assessment) -> Data:
    return {"issue": issue.issue, "snapshot_sha256": issue.snapshot_sha256}


def _chain(cycle: Cycle) -> list[Edition]:
    """The edition of a cycle and those before it."""
    everything = Edition.objects.in_bulk()
    chain: list[Edition] = []
    edition = everything.get(cycle.edition_id)
    while edition:
        chain.append(edition)
        edition = everything.get(edition.previous_id or 0)
    return chain
