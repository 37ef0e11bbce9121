"""The snapshot of a cycle: one JSON document, the only source of pages, files and the API."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings

from reporting.results import commitments, compute, earlier, strategic_plan, unnamed
from scoreboard.models import Cycle, State, Submission, Transition, Version
from scoreboard.network import reading
from scoreboard.network.subjects import related_indicators
from scoreboard.questionnaire import importing
from scoreboard.submissions import lateness

FORMAT = 1


def take(cycle: Cycle, *, public: bool = False) -> dict[str, Any]:
    """Return everything that results and files are made from, without what must not become public.

    `public` leaves out comparisons with issues that only members and observers may read.
    """
    submissions = list(
        cycle.submissions.taking_part()
        .select_related("country", "accepted_version")
        .prefetch_related("country__group_memberships__group")
    )
    came_late = lateness.late(cycle, submissions)
    edition = importing.export(cycle.edition)
    acceptances = Transition.objects.filter(submission__cycle=cycle, step__in=["accept", "confirm"])
    accepted_at = dict(acceptances.values_list("version_id", "at"))
    countries = sorted(
        (
            _country(submission, submission.accepted_version, accepted_at, late=submission.pk in came_late)
            for submission in submissions
            if submission.accepted_version
        ),
        key=lambda country: country["iso3"],
    )
    snapshot: dict[str, Any] = {
        "format": FORMAT,
        "cycle": {
            "code": cycle.code,
            "title": cycle.title.data,
            "opens": cycle.opens.isoformat(),
            "deadline": cycle.deadline.isoformat(),
            "closes": cycle.closes.isoformat(),
            "time_zone": cycle.time_zone,
            "example": cycle.is_example,
        },
        "basis": cycle.basis,
        "edition": edition,
        "countries": countries,
        "not_reported": sorted(
            (_named(submission) for submission in submissions if not submission.accepted_version),
            key=lambda country: country["iso3"],
        ),
        "results": compute.compute(edition, countries),
    }
    without_name = unnamed.of(cycle, [country["iso2"] for country in countries])
    snapshot = unnamed.without(snapshot, without_name)
    if practices := _practices(cycle, without_name):
        snapshot["practices"] = practices
    named = {country["iso2"] for country in snapshot["countries"]}
    snapshot |= commitments.take(cycle, submissions, named)
    compared = earlier.comparisons(cycle, snapshot, public=public)
    return snapshot | compared | strategic_plan.read(cycle, snapshot, public=public)


def _practices(cycle: Cycle, without_name: Collection[str]) -> list[dict[str, Any]]:
    """Published good practice on the cycle's indicators, which chapters can print; invented with invented cycles only.

    What a country signed that counts without its name is left out.
    """
    kin = related_indicators(cycle.edition_id)
    codes = {one.pk: one.code for one in cycle.edition.all_indicators}
    found = []
    for one in reading.practice_on(frozenset().union(*kin.values())):
        about = {tag.pk for tag in one.indicators.all()}
        if one.is_example == cycle.is_example and (one.country is None or one.country.iso2 not in without_name):
            found.append(
                {
                    "id": one.pk,
                    "title": one.title,
                    "text": one.text,
                    "country": one.country.iso2 if one.country else None,
                    "signed": one.country.name.data if one.country else {settings.LANGUAGE_CODE: one.signed},
                    "indicators": [codes[pk] for pk in codes if kin[pk] & about],
                    "published_on": cycle.day(one.published_at).isoformat() if one.published_at else "",
                }
            )
    return sorted(found, key=lambda one: one["id"])


def _named(submission: Submission) -> dict[str, Any]:
    country, extended_to = submission.country, submission.extended_to
    if extended_to and extended_to <= submission.cycle.deadline:
        extended_to = None  # the cycle's own deadline gives as much
    return {
        "iso2": country.iso2,
        "iso3": country.iso3,
        "name": country.name.data,
        "subregion": country.subregion,
        "extended_to": extended_to.isoformat() if extended_to else None,
        "groups": sorted(
            (
                {"code": membership.group.code, "name": membership.group.name.data}
                for membership in country.group_memberships.all()
                if (membership.since is None or membership.since <= submission.cycle.deadline)
                and (membership.until is None or membership.until >= submission.cycle.deadline)
            ),
            key=lambda group: group["code"],
        ),
    }


def _country(
    submission: Submission, version: Version, accepted_at: dict[int, datetime], *, late: bool
) -> dict[str, Any]:
    return {
        **_named(submission),
        "version": version.number,
        **_days(submission, version, accepted_at),
        "late": late,
        "reopened": submission.state != State.ACCEPTED,
        "answers": {answer["code"]: _public(answer) for answer in version.answers if answer["kind"]},
    }


def _days(submission: Submission, version: Version, accepted_at: dict[int, datetime]) -> dict[str, Any]:
    """Return when the version came and was accepted: of a file only what it says, None where that is nothing."""
    if version.imported_id:
        day = submission.submitted_on
        return {"submitted_on": day and day.isoformat(), "accepted_on": None, "imported": True}
    return {
        "submitted_on": submission.cycle.day(version.at).isoformat(),
        "accepted_on": submission.cycle.day(accepted_at[version.pk]).isoformat(),
    }


def _public(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as it may become public: what is withheld is left out here, so that no file can leak it."""
    withheld = answer["comment_withheld"] and bool(answer["comment"])
    return {
        "kind": answer["kind"],
        "level": answer["level"],
        "reason": answer["reason"],
        "comment": "" if withheld else answer["comment"],
        "withheld": withheld,
        "confirmed": answer.get("confirmed", False),
        "figures": [] if answer.get("figures_withheld") else answer.get("figures", []),
        "figures_withheld": bool(answer.get("figures_withheld") and answer.get("figures")),
    }
