"""The receipt of what was submitted: a digest of every answer, and whether one that somebody holds is still true."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoreboard.errors import Invalid
from scoreboard.models import Evidence, State, Submission, Version
from scoreboard.submissions.versions import digest, snapshot
from scoreboard.text import INVISIBLE

Says = dict[str, Any]  # an answer as a version keeps it


@dataclass(frozen=True)
class Line:
    """What a receipt says of one answer: it changes if anything in the answer or in a file beside it does."""

    label: str
    says: Says
    digest: str


@dataclass(frozen=True)
class Verdict:
    """What became of a receipt: the version it is of, where it differs from what is stored, what changed since."""

    version: Version | None
    differing: list[str]
    since: list[str] | None  # None: the reader may not know
    lost: list[str]  # files that are not stored as they were submitted

    @property
    def matches(self) -> bool:
        """Whether what is stored is what the receipt says."""
        return self.version is not None and not self.differing and not self.lost

    @property
    def sentence(self) -> str:
        """The verdict in words."""
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


def lines(answers: Iterable[Says]) -> list[Line]:
    """Return the receipt of a version's answers, line by line."""
    return [Line(_label(says), says, digest(says)) for says in answers]


def stands(submission: Submission) -> tuple[Version | None, list[Says]]:
    """Return the accepted version with its answers; until one is accepted, or while reopened, the answers now."""
    version = submission.accepted_version if submission.state == State.ACCEPTED else None
    return version, version.answers if version else snapshot(submission)


def as_data(submission: Submission) -> Says:
    """Return the answers that stand as plain data, saying whose they are and whether they are accepted."""
    version, answers = stands(submission)
    data: Says = {
        "format": 1,
        "edition": submission.cycle.edition.code,
        "cycle": submission.cycle.code,
        "country": submission.country.iso2,
        "example": submission.cycle.is_example,
        "provisional": submission.cycle.edition.provisional,
        "draft": version is None,
        "answers": answers,
        "sha256": digest(answers),
    }
    if version:
        declared = {"declared_by": version.declared_by, "capacity": version.capacity}
        data |= {"version": version.number, "submitted_at": version.at.isoformat(), "late": version.late, **declared}
    return data


def check(
    submission: Submission, text: str, versions: QuerySet[Version] | None = None, *, with_now: bool = True
) -> Verdict:
    """Compare a receipt, or only its digest, with what is stored: with all `versions` of the submission, or some.

    `with_now` tells too what changed since, which is for those who may read the answers as they stand now.

    Any text will do that holds the digest, or single answers' digests behind their labels as the receipt prints
    them. What is stored, files too, is digested anew, so that no change behind the portal's back goes unnoticed.
    Raises Invalid if no digest is in the text.
    """
    text = INVISIBLE.sub("", text)
    digests = set(re.findall(r"\b[0-9a-f]{64}\b", text.lower()))
    if not digests:
        raise Invalid(_("Paste the receipt or its digest: 64 letters and digits that stand behind “SHA-256”."))
    told = {label.upper(): digest for label, digest in re.findall(r"(\S+)\s+([0-9a-f]{64})\b", text.lower())}
    known = submission.versions.all() if versions is None else versions
    found = list(known.order_by("-number"))
    for version in found:
        if digest(version.answers) in digests:
            return _verdict(submission, version, _differing(version, told), with_now=with_now)
    nearest = [(len(differing), v, differing) for v in found if (differing := _shared(v, told)) is not None]
    if not nearest:
        return Verdict(None, [], [], [])
    _count, version, differing = min(nearest, key=lambda found: found[0])
    return _verdict(submission, version, differing, with_now=with_now)


def _verdict(submission: Submission, version: Version, differing: list[str], *, with_now: bool) -> Verdict:
    since = _since(submission, version) if with_now else None
    return Verdict(version, differing, since, _lost(version))


def _lost(version: Version) -> list[str]:
    """Return the names of the version's files whose stored bytes are gone or others."""
    records = {record["id"]: record for says in version.answers for record in says.get("evidence", [])}
    stored = Evidence.objects.in_bulk(records)
    return [
        record["name"]
        for pk, record in records.items()
        if "sha256" in record and _sum(stored.get(pk)) != record["sha256"]
    ]


def _sum(piece: Evidence | None) -> str:
    """Return the SHA-256 of a stored file, nothing where there is none."""
    if piece is None:
        return ""
    try:
        with piece.file.open("rb") as content:
            return hashlib.sha256(content.read()).hexdigest()  # 20 MB at most
    except OSError:
        return ""


def _differing(version: Version, told: dict[str, str]) -> list[str]:
    """Return the labels of the answers whose digests the receipt tells otherwise."""
    found = lines(version.answers)
    return [line.label for line in found if told.get(line.label.upper(), line.digest) != line.digest]


def _shared(version: Version, told: dict[str, str]) -> list[str] | None:
    """Return the same for a version of which the receipt knows at least one answer, else None."""
    found = lines(version.answers)
    known = any(told.get(line.label.upper()) == line.digest for line in found)
    return _differing(version, told) if known else None


def _since(submission: Submission, version: Version) -> list[str]:
    """Return the labels of the answers that are others now."""
    then = {line.label: line.digest for line in lines(version.answers)}
    return [now.label for now in lines(snapshot(submission)) if then.get(now.label) != now.digest]


def _label(says: Says) -> str:
    """The same as `Indicator.label`, from a kept answer."""
    code, area = str(says["code"]), str(says["area"])
    return code if code.startswith(area) else f"{area}{code}"
