"""Receipts of what was submitted: a digest of every answer, and the comparison of a receipt with what is stored."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoreboard.errors import Invalid
from scoreboard.models import Evidence, State, Submission, Version
from scoreboard.stored_files import NoAnswer
from scoreboard.submissions import commitments
from scoreboard.submissions.versions import AnswerData, digest, digest_of, snapshot
from scoreboard.text import INVISIBLE


@dataclass(frozen=True)
class Line:
    """One answer on a receipt; its digest changes if anything in the answer or its evidence does."""

    label: str
    content: AnswerData
    digest: str


@dataclass(frozen=True)
class Verdict:
    """The result of a check: the receipt's version, where it differs from what is stored, and what changed since."""

    version: Version | None
    differing: list[str]
    since: list[str] | None  # labels of answers; None: the reader may not know
    lost: list[str]  # names of files that are not stored as they were submitted

    @property
    def matches(self) -> bool:
        """Whether what is stored equals the receipt."""
        return self.version is not None and not self.differing and not self.lost

    @property
    def sentence(self) -> str:
        """The result as a sentence."""
        if self.version is None:
            return _("No version of this submission has this digest.")
        if self.lost:
            return _("Of version %(number)s these files are not stored as they were submitted: %(names)s.") % {
                "number": self.version.number,
                "names": ", ".join(self.lost),
            }
        if self.differing:
            return _("The receipt differs from version %(number)s in %(labels)s.") % {
                "number": self.version.number,
                "labels": ", ".join(self.differing),
            }
        matches = _("The receipt matches version %(number)s.") % {"number": self.version.number}
        if self.since is None:
            return matches
        if not self.since:
            return f"{matches} {_('The answers are still the same.')}"
        return f"{matches} {_('Changed since: %s.') % ', '.join(self.since)}"


def lines(answers: Iterable[AnswerData]) -> list[Line]:
    """Return the receipt of a version's answers, line by line."""
    return [Line(_label(answer), answer, digest(answer)) for answer in answers]


def latest(submission: Submission) -> tuple[Version | None, list[dict[str, Any]]]:
    """Return the accepted version with its answers; until one is accepted, or while reopened, the current answers."""
    version = submission.accepted_version if submission.state == State.ACCEPTED else None
    return version, version.answers if version else snapshot(submission)


def as_data(submission: Submission) -> dict[str, Any]:
    """Return the `latest` answers as plain data, with whose they are and whether they are accepted."""
    version, answers = latest(submission)
    asked = version.commitments if version else commitments.snapshot(submission)
    data: dict[str, Any] = {
        "format": 1,
        "edition": submission.cycle.edition.code,
        "cycle": submission.cycle.code,
        "country": submission.country.iso2,
        "example": submission.cycle.is_example,
        "provisional": submission.cycle.edition.provisional,
        "draft": version is None,
        "answers": answers,
        **({"commitments": asked} if asked else {}),
        "sha256": digest_of(answers, asked),
    }
    if version and version.imported:
        day = submission.submitted_on
        data |= {"version": version.number, "submitted_on": day and day.isoformat(), "file": version.imported.sha256}
    elif version:
        declared = {"declared_by": version.declared_by, "capacity": version.capacity}
        data |= {"version": version.number, "submitted_at": version.at.isoformat(), "late": version.late, **declared}
    return data


def check(
    submission: Submission, text: str, versions: QuerySet[Version] | None = None, *, with_now: bool = True
) -> Verdict:
    """Compare a receipt, or only its digest, with what is stored: with all `versions` of the submission, or some.

    `with_now` adds what changed since, for those who may read the current answers.

    Any text will do that holds the digest, or single answers' digests after their labels as the receipt prints
    them. The digests of what is stored, files too, are computed anew, so that a change past the portal is noticed.
    Raises Invalid if no digest is in the text.
    """
    text = INVISIBLE.sub("", text)
    digests = set(re.findall(r"\b[0-9a-f]{64}\b", text.lower()))
    if not digests:
        raise Invalid(_("Paste the receipt or its digest: 64 letters and digits that follow “SHA-256”."))
    claimed = {label.upper(): digest for label, digest in re.findall(r"(\S+)\s+([0-9a-f]{64})\b", text.lower())}
    known = submission.versions.all() if versions is None else versions
    found = list(known.order_by("-number"))
    for version in found:
        if digest_of(version.answers, version.commitments) in digests:
            return _verdict(submission, version, _differing(version, claimed), with_now=with_now)
    nearest = [(len(differing), v, differing) for v in found if (differing := _shared(v, claimed)) is not None]
    if not nearest:
        return Verdict(None, [], [], [])
    _count, version, differing = min(nearest, key=lambda found: found[0])
    return _verdict(submission, version, differing, with_now=with_now)


def _verdict(submission: Submission, version: Version, differing: list[str], *, with_now: bool) -> Verdict:
    since = _since(submission, version) if with_now else None
    return Verdict(version, differing, since, _lost(version))


def _lost(version: Version) -> list[str]:
    """Return the names of the version's files whose stored bytes are gone or different."""
    records = {record["id"]: record for answer in version.answers for record in answer.get("evidence", [])}
    stored = Evidence.objects.in_bulk(records)
    return [
        record["name"]
        for pk, record in records.items()
        if "sha256" in record and _sum(stored.get(pk)) != record["sha256"]
    ]


def _sum(piece: Evidence | None) -> str:
    """Return the SHA-256 of a stored file, nothing where there is none; raise NoAnswer."""
    if piece is None:
        return ""
    try:
        with piece.file.open("rb") as content:
            return hashlib.sha256(content.read()).hexdigest()  # 20 MB at most
    except NoAnswer:
        raise  # whether it changed nobody knows
    except OSError:
        return ""


def _differing(version: Version, claimed: dict[str, str]) -> list[str]:
    """Return the labels of the answers whose digests differ from those of the receipt."""
    found = lines(version.answers)
    return [line.label for line in found if claimed.get(line.label.upper(), line.digest) != line.digest]


def _shared(version: Version, claimed: dict[str, str]) -> list[str] | None:
    """Return the same for a version that shares at least one answer with the receipt, else None."""
    found = lines(version.answers)
    known = any(claimed.get(line.label.upper()) == line.digest for line in found)
    return _differing(version, claimed) if known else None


def _since(submission: Submission, version: Version) -> list[str]:
    """Return the labels of the answers that have changed since."""
    then = {line.label: line.digest for line in lines(version.answers)}
    return [now.label for now in lines(snapshot(submission)) if then.get(now.label) != now.digest]


def _label(answer: AnswerData) -> str:
    """Return `Indicator.label` of a stored answer."""
    code, area = str(answer["code"]), str(answer["area"])
    return code if code.startswith(area) else f"{area}{code}"
