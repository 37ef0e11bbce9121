"""Enters what a file of earlier results holds: accepted submissions of past cycles, all of them or none."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import (
    TEXT_FIELDS,
    Answer,
    AnswerVersion,
    Country,
    Cycle,
    Evidence,
    Origin,
    ResultsImport,
    State,
    Submission,
    Transition,
    User,
    Version,
)
from scoreboard.submissions import answering, versions
from scoreboard.submissions.answering import AnswerInput
from scoreboard.text import alphabetical

AT_ONCE = 500  # rows of an INSERT: SQLite takes so many parameters


@dataclass(frozen=True)
class Link:
    """A link that the file names as evidence of an answer."""

    name: str
    url: str


@dataclass(frozen=True)
class Entry:
    """What a file says of one country in one cycle; without `submitted_on` the day is not recorded."""

    cycle: Cycle
    country: Country
    submitted_on: date | None
    answers: Mapping[str, AnswerInput]  # by the indicator's code
    links: Mapping[str, Sequence[Link]] = field(default_factory=dict)  # of answers


@dataclass(frozen=True)
class SourceFile:
    """The file that results come from."""

    name: str
    sha256: str


@transaction.atomic
def enter(entries: Collection[Entry], *, file: SourceFile, by: User, origin: Origin = Origin.PAGE) -> ResultsImport:
    """Write the entries as accepted submissions of their cycles, marked with the file; nobody gets a mail.

    A country that does not take part in the cycle yet is added to it. Raises PermissionDenied; NotNow for a cycle that
    is not over, and for a country whose submission holds something already; Invalid for an answer that cannot be
    stored. Then nothing is written.
    """
    rules.require(by, "bring_in_results")
    if not entries:
        raise Invalid(_("The file holds no answers."))
    by_cycle: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_cycle[entry.cycle.pk].append(entry)
    # By key, so that of two files with the same cycles one waits for the other, and neither for ever.
    locked = {pk: locking.lock_cycle(by_cycle[pk][0].cycle) for pk in sorted(by_cycle)}
    imported = ResultsImport.objects.create(
        file_name=file.name[:200],
        sha256=file.sha256,
        rows=sum(len(entry.answers) for entry in entries),
        countries=len(entries),
        cycles=", ".join(sorted(cycle.code for cycle in locked.values()))[:400],
        by=by,
        origin=origin,
    )
    for pk, some in by_cycle.items():
        _enter_cycle(locked[pk], some, imported)
        activity.record(
            Verb.IMPORT_RESULTS, by=by, cycle=locked[pk], detail=str(imported.pk), origin=origin, count=len(some)
        )
    return imported


def obstacle(cycle: Cycle) -> str:
    """Return why results cannot be entered from a file into the cycle; empty if they can."""
    if cycle.day() <= cycle.closes:
        return _("%(cycle)s is not over: it closes on %(date)s. Until then its countries answer themselves.") % {
            "cycle": cycle,
            "date": date_format(cycle.closes),
        }
    return ""


def holding(cycle: Cycle, countries: Iterable[Country]) -> dict[int, str]:
    """Return by country why its submission in the cycle cannot take answers from a file, where that is so."""
    found = cycle.submissions.filter(country__in=countries).select_related("imported", "country")
    begun = set(Answer.objects.filter(submission__in=found).values_list("submission", flat=True))
    begun |= set(Version.objects.filter(submission__in=found).values_list("submission", flat=True))
    reasons = {}
    for submission in found:
        if submission.imported:
            reasons[submission.country_id] = _("its answers came in by the file “%(file)s” on %(date)s") % {
                "file": submission.imported,
                "date": date_format(cycle.day(submission.imported.at)),
            }
        elif submission.state != State.DRAFT or submission.pk in begun:
            reasons[submission.country_id] = _("it has answers here already")
        elif submission.left_at or submission.declined_at:
            reasons[submission.country_id] = _("it left the cycle, or said that it does not report")
    return reasons


def stamp(cycle: Cycle, submitted_on: date | None) -> datetime:
    """Return the moment that stamps get: the end of the day of submission or, where that is not recorded, of the cycle.

    Never a moment that is still to come.
    """
    return min(datetime.combine(submitted_on or cycle.closes, time(23, 59), cycle.zone), clock.now())


def _enter_cycle(cycle: Cycle, entries: Sequence[Entry], imported: ResultsImport) -> None:
    if reason := obstacle(cycle):
        raise NotNow(reason)
    countries = [entry.country for entry in entries]
    if len({country.pk for country in countries}) < len(countries):
        raise Invalid(_("A country is in the file twice."))
    list(cycle.submissions.select_for_update(of=("self",)).filter(country__in=countries).only("pk"))
    if refused := holding(cycle, countries):
        names = sorted((f"{one}: {refused[one.pk]}" for one in countries if one.pk in refused), key=alphabetical)
        raise NotNow(_("Nothing is entered. In %(cycle)s: %(why)s.") % {"cycle": cycle, "why": "; ".join(names)})
    before = set(cycle.submissions.filter(country__in=countries).values_list("country", flat=True))
    submissions = _submissions(cycle, entries, imported)
    _write_answers(submissions, entries, imported)
    _accept(cycle, submissions, imported, before)


def _submissions(cycle: Cycle, entries: Sequence[Entry], imported: ResultsImport) -> list[Submission]:
    """Return the submissions of the entries, in their order; those that are not there are added to the cycle."""
    there = {one.country_id: one for one in cycle.submissions.filter(country__in=[one.country for one in entries])}
    new = [Submission(cycle=cycle, country=one.country) for one in entries if one.country.pk not in there]
    there |= {one.country_id: one for one in Submission.objects.bulk_create(new, AT_ONCE)}
    submissions = [there[entry.country.pk] for entry in entries]
    for submission, entry in zip(submissions, entries, strict=True):
        submission.cycle, submission.country = cycle, entry.country  # the same objects, so that they are read once
        submission.imported, submission.submitted_on = imported, entry.submitted_on
    return submissions


def _write_answers(submissions: Sequence[Submission], entries: Sequence[Entry], imported: ResultsImport) -> None:
    """Write the answers, each with its first version, and their links."""
    indicators = {one.code: one for one in submissions[0].cycle.edition.all_indicators}
    answers, links = [], []
    for submission, entry in zip(submissions, entries, strict=True):
        for code, given in entry.answers.items():
            indicator, content = indicators[code], given.tidied()
            level = answering.require_answerable(indicator, content)
            answers.append(
                Answer(
                    submission=submission,
                    indicator=indicator,
                    kind=content.kind,
                    level=level,
                    reason=content.reason,
                    comment=content.comment,
                    comment_withheld=content.comment_withheld,
                    figures=content.figures or [],
                    revision=1,
                    changed_at=imported.at,
                    changed_by=imported.by,
                )
            )
            links.append(entry.links.get(code, ()))
    Answer.objects.bulk_create(answers, AT_ONCE)
    written = {"at": imported.at, "by": imported.by, "origin": Origin.FILE, "on_behalf": True}
    AnswerVersion.objects.bulk_create(
        (
            AnswerVersion(
                answer=one,
                kind=one.kind,
                level=one.level,
                revision=1,
                **{name: getattr(one, name) for name in TEXT_FIELDS},
                **written,
            )
            for one in answers
        ),
        AT_ONCE,
    )
    Evidence.objects.bulk_create(
        (
            Evidence(
                answer=answer,
                name=link.name[:200],
                url=link.url,
                added_by=imported.by,
                added_at=imported.at,
                on_behalf=True,
                origin=Origin.FILE,
            )
            for answer, some in zip(answers, links, strict=True)
            for link in some
        ),
        AT_ONCE,
    )


def _accept(cycle: Cycle, submissions: Sequence[Submission], imported: ResultsImport, before: Collection[int]) -> None:
    """Write a version of each without a declaration, accept it, and say in its log which file it came from.

    Those of countries that took part `before` were drafts, the others begin accepted; an undo reads that in the log.
    """
    snapshots = versions.snapshots(submissions)
    made = Version.objects.bulk_create(
        (
            Version(
                submission=one,
                number=1,
                answers=snapshots[one.pk],
                digest=versions.digest(snapshots[one.pk]),
                at=stamp(cycle, one.submitted_on),
                late=False,
                imported=imported,
            )
            for one in submissions
        ),
        50,
    )
    for submission, version in zip(submissions, made, strict=True):
        submission.state, submission.accepted_version = State.ACCEPTED, version
        submission.submitted_at = submission.accepted_at = version.at
    fields = ["state", "accepted_version", "submitted_at", "accepted_at", "imported", "submitted_on"]
    Submission.objects.bulk_update(submissions, fields, 100)
    Transition.objects.bulk_create(
        (
            Transition(
                submission=one,
                step="bring_in",
                source=State.DRAFT if one.country_id in before else State.ACCEPTED,
                target=State.ACCEPTED,
                by=imported.by,
                on_behalf=True,
                at=imported.at,
                origin=Origin.FILE,
                comment=imported.file_name,
                version=one.accepted_version,
            )
            for one in submissions
        ),
        AT_ONCE,
    )
