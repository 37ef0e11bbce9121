"""What the readers of an issue will not see, item by item, each with its reason in words, never with its content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.document.document import Document, label
from reporting.document.parts import Participant
from reporting.models import Assessment
from scoreboard.models import State, Version
from scoreboard.text import alphabetical

Data = dict[str, Any]

MARKED = gettext_lazy("the country marked it as not for publication")
NEVER = gettext_lazy("it is for the Secretariat and is never published")
PRIVATE = gettext_lazy("the country did not choose to publish it")
NOT_PUBLIC: dict[str, tuple[Promise, Promise]] = {  # parts of an answer that readers may not see: name, and why
    "comment": (gettext_lazy("Comment"), MARKED),
    "figures": (gettext_lazy("Figures"), MARKED),
    "evidence": (gettext_lazy("Evidence"), NEVER),
    "change_reason": (gettext_lazy("Why the level changed"), NEVER),
    "next_step": (gettext_lazy("Intended step"), PRIVATE),
}
WAITING: dict[str, Promise] = {  # why answers are not counted, by the state of the submission
    State.DRAFT: gettext_lazy("still being written, not submitted"),
    State.SUBMITTED: gettext_lazy("submitted, not accepted yet"),
    State.RETURNED: gettext_lazy("returned to the country for changes"),
    State.ACCEPTED: gettext_lazy("accepted after this issue was consolidated; consolidate again"),
}


@dataclass(frozen=True)
class Item:
    """Something that readers do not see: what it is, and why."""

    what: str
    why: str


Items = Mapping[str, list[Item]]


@dataclass(frozen=True)
class Withheld:
    """What an issue withholds from its readers, by ISO code and by indicator label."""

    countries: Items
    answers: Items
    missing: list[tuple[str, list[str]]] = field(default_factory=list)  # why, and the countries that are not counted
    listed: list[tuple[Participant, list[Item]]] = field(default_factory=list)  # by country that counts


def results(assessment: Assessment, document: Document) -> Withheld:
    """Return what the results page leaves out: whole countries, figures of sums, and a list of everything."""
    countries, answers = _not_counted(assessment), _withheld(assessment)
    figures: dict[str, list[Item]] = {}
    missing: dict[str, list[str]] = {}
    listed = []
    for one in document.not_reported:
        found = countries.get(one.iso2)  # the snapshot names it, but its submission may be gone
        why = found[0].why if found else _("removed from the cycle; consolidate again")
        missing.setdefault(why, []).append(one.name)
    for one in document.reported:
        by_label = answers.get(one.iso2, {})
        for name, items in by_label.items():
            left_out = [Item(one.name, item.why) for item in items if item.what == str(NOT_PUBLIC["figures"][0])]
            figures.setdefault(name, []).extend(left_out)
        if items := countries.get(one.iso2, []) + _grouped(by_label):
            listed.append((one, items))
    return Withheld(countries, figures, list(missing.items()), listed)


def left_out(assessment: Assessment) -> list[tuple[str, list[str]]]:
    """Return the cycle's countries that an issue does not count, by why: also those that have left the cycle."""
    used = {country["iso2"] for country in assessment.snapshot["countries"]}
    found: dict[str, list[str]] = {}
    for one in assessment.cycle.submissions.select_related("country").exclude(country__iso2__in=used):
        why = _("left the cycle") if one.left_at else str(WAITING[one.state])
        if _counts_unnamed(assessment, one.accepted_version_id, one.left_at):
            continue
        found.setdefault(why, []).append(str(one.country))
    return [(why, sorted(names, key=alphabetical)) for why, names in found.items()]


def country(assessment: Assessment, iso2: str) -> Withheld:
    """Return what the page of a country that has reported leaves out, answer by answer."""
    return Withheld(_not_counted(assessment), _withheld(assessment, iso2).get(iso2, {}))


def indicator(assessment: Assessment) -> Withheld:
    """Return what the page of an indicator leaves out: countries that are not counted."""
    return Withheld(_not_counted(assessment), {})


def _counts_unnamed(assessment: Assessment, accepted: int | None, left_at: object) -> bool:
    """Whether a country that the snapshot does not name counts there without its name."""
    return "unnamed" in assessment.snapshot and accepted is not None and left_at is None


def _not_counted(assessment: Assessment) -> dict[str, list[Item]]:
    """By ISO code, answers that are not counted, by the current state of submissions."""
    used = {country["iso2"]: country["version"] for country in assessment.snapshot["countries"]}
    submissions = assessment.cycle.submissions.values_list(
        "country__iso2", "state", "accepted_version__number", "left_at"
    )
    found = {}
    for iso2, state, accepted, left_at in submissions:
        if left_at and iso2 in used:
            why = _("the answers are counted in this issue; the country left since: consolidate again")
            found[iso2] = [Item(_("Leaving the cycle"), why)]
        elif left_at:
            found[iso2] = [Item(_("All answers"), _("the country left the cycle; consolidate again"))]
        elif iso2 not in used and _counts_unnamed(assessment, accepted, left_at):
            found[iso2] = [Item(_("Its name"), _("it counts without its name"))]
        elif iso2 not in used:
            found[iso2] = [Item(_("All answers"), str(WAITING[state]))]
        elif state != State.ACCEPTED or accepted != used[iso2]:
            found[iso2] = [Item(_("Answers after version %s") % used[iso2], str(WAITING[state]))]
    return found


def _withheld(assessment: Assessment, iso2: str | None = None) -> dict[str, dict[str, list[Item]]]:
    """By ISO code and indicator label, what was withheld of the versions that count; of one country if it is given."""
    used = {country["iso2"]: country["version"] for country in assessment.snapshot["countries"]}
    versions = Version.objects.filter(submission__cycle=assessment.cycle, number__in=used.values())
    if iso2:
        versions = versions.filter(submission__country__iso2=iso2)
    found = versions.values_list("submission__country__iso2", "number", "answers")
    return {code: _of_version(answers) for code, number, answers in found if used.get(code) == number}


def _of_version(answers: list[Data]) -> dict[str, list[Item]]:
    return {label({"code": answer["area"]}, answer): items for answer in answers if (items := _of_answer(answer))}


def _of_answer(answer: Data) -> list[Item]:
    published = {part for part in ("comment", "figures") if not answer.get(f"{part}_withheld")}
    published |= {"next_step"} if answer.get("next_step_public") else set()
    return [
        Item(str(what), str(why))
        for part, (what, why) in NOT_PUBLIC.items()
        if answer.get(part) and part not in published
    ]


def _grouped(by_label: Items) -> list[Item]:
    """What is withheld for the same reason, in one item that names the indicators."""
    grouped: dict[Item, list[str]] = {}
    for name, items in by_label.items():
        for item in items:
            grouped.setdefault(item, []).append(name)
    return [Item(f"{item.what} ({', '.join(names)})", item.why) for item, names in grouped.items()]
