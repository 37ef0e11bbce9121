"""The verbs of evidence: files and links laid beside an answer, and taken away again; none of it is published."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoreboard import access, clock, evidence_limits, locking
from scoreboard.errors import Invalid
from scoreboard.evidence.uploads import (
    MAX_BYTES,
    MAX_MEGABYTES,
    OFFICE,
    OPEN,
    TYPES,
    clean_name,
    examined_file,
    examined_link,
)
from scoreboard.models import Answer, Evidence, Indicator, Origin, Submission, User
from scoreboard.submissions import previous_cycle

__all__ = [
    "MAX_BYTES",
    "MAX_MEGABYTES",
    "MAX_REQUEST",
    "OFFICE",
    "OPEN",
    "TYPES",
    "add_file",
    "add_link",
    "adopt",
    "carry",
    "clean_name",
    "examined_file",
    "examined_link",
    "forget",
    "keep",
    "remove",
    "require_room",
]

MAX_REQUEST = (
    evidence_limits.MAX_PIECES * MAX_BYTES + 1_000_000
)  # bytes of a form with as many files as an answer holds


def add_file(submission: Submission, code: str, file: File, *, by: User, origin: Origin = Origin.PAGE) -> Evidence:
    """Lay a file beside the answer to indicator `code`, before it is answered too; return the evidence.

    Raises PermissionDenied, Locked and NotNow as a save does, and Invalid for a file that cannot be kept: nothing
    is stored then. After a return evidence may be added to any answer, since the answer itself stays as it is.
    """
    # Before the file is looked at, and once more within the lock.
    access.require_writing(submission, by=by)
    evidence_limits.require_bytes(submission, clean_name(file.name or ""), file.size)
    return _lay(examined_file(file), submission, code, by, origin)


def add_link(
    submission: Submission, code: str, url: str, name: str = "", *, by: User, origin: Origin = Origin.PAGE
) -> Evidence:
    """Lay a link to a page or document beside the answer to indicator `code`; its name is the address unless given.

    Raises PermissionDenied, Locked and NotNow as a save does, Invalid for what is no address of the web.
    """
    return _lay(examined_link(url, name), submission, code, by, origin)


@transaction.atomic
def carry(submission: Submission, code: str, piece: int, *, by: User, origin: Origin = Origin.PAGE) -> list[Evidence]:
    """Lay a piece of last time, given by primary key, beside the answer to `code` again; return what is new.

    Raises PermissionDenied, Locked and NotNow as a save does, Invalid for a full answer and for another piece.
    Twice is harmless.
    """
    answer, on_behalf = _begin(submission, code, by)
    last = previous_cycle.of(answer.submission).get(code)
    if last is None or piece not in last.evidence:
        raise Invalid(_("This evidence is not of last time. Add it as a file or a link."))
    evidence_limits.require_carried(answer.submission, answer.indicator.label, answer.evidence.present(), [piece])
    return Evidence.objects.carry(answer, [piece], added_by=by, on_behalf=on_behalf, origin=origin)


def adopt(submission: Submission, indicator: Indicator, pieces: Iterable[Evidence], *, by: User) -> None:
    """Lay what a contributor suggested beside the answer, without what is there already; they stay who added it.

    The submission is locked and `by` may decide. Raises Invalid if the answer has no room for it.
    """
    answer = _answer(submission, indicator, by)
    present = answer.evidence.present()
    there = set(present.values_list("sha256", "url"))
    new = [piece for piece in pieces if (piece.sha256, piece.url) not in there]
    evidence_limits.require_places(present, len(new))
    Evidence.objects.filter(pk__in=[piece.pk for piece in new]).update(answer=answer)


def forget(pieces: Iterable[Evidence]) -> None:
    """Drop what was suggested and never stood beside an answer, with the files; within a transaction."""
    for piece in pieces:
        piece.delete()
        if piece.file.name:
            transaction.on_commit(partial(piece.file.storage.delete, piece.file.name))


@transaction.atomic
def remove(piece: Evidence, *, by: User) -> Evidence:
    """Take evidence away from its answer; who did it and the file stay on record. Twice is harmless."""
    answer = Answer.objects.select_related("submission").get(evidence=piece)
    access.require_writing(locking.lock(answer.submission), by=by)
    piece = Evidence.objects.select_for_update(of=("self",)).get(pk=piece.pk)
    if piece.removed_at is None:
        piece.removed_at, piece.removed_by = clock.now(), by
        piece.save(update_fields=["removed_at", "removed_by"])
    return piece


def require_room(submission: Submission, present: QuerySet[Evidence], piece: Evidence) -> None:
    """Raise Invalid unless the submission has room for `piece` beside those that are `present`."""
    evidence_limits.require_places(present)
    evidence_limits.require_bytes(submission, piece.name, piece.size)
    if piece.url and present.filter(url=piece.url).exists():
        raise Invalid(_("This link is here already."))
    if piece.sha256 and (twin := present.filter(sha256=piece.sha256).first()):
        raise Invalid(_("“%(name)s” is here already, as “%(twin)s”.") % {"name": piece.name, "twin": twin.name})


def keep(piece: Evidence, *, by: User, on_behalf: bool = False, origin: Origin = Origin.PAGE) -> Evidence:
    """Store a piece that was examined and laid beside something; return it.

    Raises Invalid if its file cannot be stored. Whatever goes wrong, no file stays behind.
    """
    piece.added_by, piece.added_at, piece.on_behalf, piece.origin = by, clock.now(), on_behalf, origin
    given = piece.file.name or ""
    try:
        if given:
            piece.file.save(given, piece.file.file, save=False)
    except OSError as problem:  # a full disk or a folder that cannot be written, perhaps half-way
        _drop(piece, piece.file.field.generate_filename(piece, given))
        raise Invalid(
            _("“%s” could not be stored: the server cannot write it now. Tell the administrator, and try again later.")
            % piece.name
        ) from problem
    try:
        piece.save()
    except Exception:  # whatever refused the row, its file must not stay behind
        _drop(piece, piece.file.name or "")
        raise
    return piece


def _drop(piece: Evidence, name: str) -> None:
    """Delete what was stored of a file, as far as the disk allows it."""
    if name:
        with suppress(OSError):
            piece.file.storage.delete(name)


@transaction.atomic
def _lay(piece: Evidence, submission: Submission, code: str, by: User, origin: Origin) -> Evidence:
    piece.answer, on_behalf = _begin(submission, code, by)
    require_room(submission, piece.answer.evidence.present(), piece)
    return keep(piece, by=by, on_behalf=on_behalf, origin=origin)


def _begin(submission: Submission, code: str, by: User) -> tuple[Answer, bool]:
    """Lock, ask role and pen, and return the answer with whether it is written on the country's behalf."""
    submission = locking.lock(submission)
    on_behalf = access.require_writing(submission, by=by)
    indicator = submission.cycle.edition.indicators.filter(code=code).first()
    if indicator is None:
        raise Invalid(_("There is no indicator %(code)s in this questionnaire.") % {"code": code})
    return _answer(submission, indicator, by), on_behalf


def _answer(submission: Submission, indicator: Indicator, by: User) -> Answer:
    """Return the answer, an empty one if there is none yet."""
    empty = {"revision": 0, "changed_at": clock.now(), "changed_by": by}
    return submission.answers.get_or_create(indicator=indicator, defaults=empty)[0]
