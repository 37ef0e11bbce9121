"""The published issues that an assessment is compared with: of earlier cycles, and the issue before it."""

from typing import Any

from django.db.models import QuerySet

from reporting.models import Assessment
from reporting.results import change, since
from scoreboard.models import Cycle, Edition
from scoreboard.questionnaire import importing
from scoreboard.submissions import previous_cycle

Data = dict[str, Any]
Audience = Assessment.Audience


def comparisons(cycle: Cycle, snapshot: Data, *, public: bool = False) -> Data:
    """Return the comparisons of a snapshot with earlier issues, each named with the SHA-256 of its own snapshot.

    `public` leaves out issues that were published to members and observers only.
    """
    chain, between = previous_cycle.chain(cycle.edition), editions(cycle)
    earlier = issues(cycle, snapshot, public=public)
    published = cycle.assessments.filter(published_at__isnull=False).order_by("-issue")
    before = published.filter(pk__in=_readable(public).values("pk")).first()
    if before and ("unnamed" in snapshot or "unnamed" in before.snapshot):
        before = None  # who was named in one of the two only would be seen, and perhaps subtracted
    previous, lines, changes = _previous_cycle(cycle, chain), [], []
    for one in earlier.iterator(1):  # a snapshot is large: one at a time
        changes.append(
            _named(one) | since.since_cycle(one.snapshot, snapshot, between, successive=one.cycle_id == previous)
        )
        lines.append(change.trace_indicators(snapshot["edition"], one.snapshot["edition"], between)[0])
    return {
        "changes": changes,
        "over_cycles": _over_cycles(snapshot, earlier, lines) if changes else None,
        "since_issue": _named(before) | since.since_issue(before.snapshot, snapshot) if before else None,
        "new_basis": _new_basis(published.values_list("issue", "snapshot__basis").first(), snapshot["basis"]),
    }


def issues(cycle: Cycle, snapshot: Data, *, public: bool = False) -> QuerySet[Assessment]:
    """Return the latest published issue of each earlier cycle of the questionnaire, the latest first.

    None if the snapshot names no country: then none can be compared with itself. `public` leaves out issues that were
    published to members and observers only.
    """
    latest = dict(
        _readable(public)
        .filter(
            status=Assessment.Status.PUBLISHED,
            cycle__edition__in=previous_cycle.chain(cycle.edition),
            cycle__opens__lt=cycle.opens,
            cycle__is_example=cycle.is_example,
        )
        .order_by("issue")
        .values_list("cycle", "pk")
    )
    found = Assessment.objects.filter(pk__in=latest.values() if snapshot["countries"] else [])
    return found.exclude(snapshot__countries=[]).order_by("-cycle__opens")


def editions(cycle: Cycle) -> dict[str, Data]:
    """Return the documents of the editions before that of the cycle, by code."""
    chain = previous_cycle.chain(cycle.edition)
    return {edition.code: importing.export(edition) for edition in Edition.objects.filter(pk__in=chain[1:])}


def _readable(public: bool) -> QuerySet[Assessment]:
    return Assessment.objects.filter(audience=Audience.EVERYONE) if public else Assessment.objects.all()


def _new_basis(last: tuple[int, str] | None, basis: str) -> Data | None:
    """The number of the last published issue and the basis of that and of this one, if they differ.

    Readers learn this even if they may not read that issue: a number and a basis disclose no answer.
    """
    return {"issue": last[0], "basis": [last[1], basis]} if last and last[1] != basis else None


def _over_cycles(snapshot: Data, earlier: QuerySet[Assessment], lines: list[dict[str, str]]) -> Data:
    """The overall means over all the cycles; `lines` give the indicators' codes in each of the earlier ones."""
    codes = since.shared_indicators(snapshot["edition"], lines)
    cycles = [(snapshot["cycle"]["code"], since.percents(snapshot, codes))]
    for one, line in zip(earlier.iterator(1), lines, strict=True):
        codes_then = {area: [line[code] for code in some] for area, some in codes.items()}
        cycles.insert(0, (one.snapshot["cycle"]["code"], since.percents(one.snapshot, codes_then)))
    return since.over_cycles(snapshot["edition"], codes, cycles)


def _previous_cycle(cycle: Cycle, chain: list[int]) -> int | None:
    """The latest earlier cycle with accepted answers: countries confirm the answers that they gave there."""
    before = Cycle.objects.filter(
        edition__in=chain,
        opens__lt=cycle.opens,
        is_example=cycle.is_example,
        submissions__accepted_version__isnull=False,
    )
    return before.order_by("-opens").values_list("pk", flat=True).first()


def compared_issues(assessment: Assessment) -> list[Assessment]:
    """Return the issues that the assessment's snapshot compares itself with, in their current state."""
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
