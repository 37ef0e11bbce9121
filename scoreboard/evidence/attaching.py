"""The verbs of evidence: attaching files and links to an answer, and removing them; none of it is published."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoreboard import access, activity, clock, evidence_limits, locking
from scoreboard.activity import Verb
from scoreboard.errors import Invalid
from scoreboard.evidence.uploads import (
    MAX_BYTES,
    MAX_MEGABYTES,
    OFFICE,
    OPEN,
    TYPES,
    check_file,
    check_link,
    clean_name,
)
from scoreboard.models import (
    Answer,
    Evidence,
    Indicator,
    Origin,
    PaperSource,
    PaperVersion,
    PlanPiece,
    ResourceFile,
    StatementPiece,
    Submission,
    User,
)
from scoreboard.stored_files import NoAnswer
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
    "attach_suggested",
    "carry_over",
    "check_file",
    "check_link",
    "clean_name",
    "delete_with_files",
    "remove",
    "require_room",
    "save_piece",
    "store",
]

MAX_REQUEST = (
    evidence_limits.MAX_PIECES * MAX_BYTES + 1_000_000
)  # bytes of a form with as many files as an answer holds


def add_file(
    submission: Submission, code: str, file: "File[bytes]", *, by: User, origin: Origin = Origin.PAGE
) -> Evidence:
    """Attach a file to the answer to indicator `code`, also before it is answered; return the evidence.

    Raises PermissionDenied, Locked and NotNow as a save does, and Invalid for a file that cannot be stored. After a
    return evidence may be added to any answer, since the answer itself is unchanged.
    """
    # Checked before the file is read, and again within the lock.
    access.require_writing(submission, by=by)
    evidence_limits.require_bytes(submission, clean_name(file.name or ""), file.size)
    return _attach(check_file(file), submission, code, by, origin)


def add_link(
    submission: Submission, code: str, url: str, name: str = "", *, by: User, origin: Origin = Origin.PAGE
) -> Evidence:
    """Attach a link to a page or document to the answer to indicator `code`; its name is the address unless given.

    Raises PermissionDenied, Locked and NotNow as a save does, Invalid for anything but a web address.
    """
    return _attach(check_link(url, name), submission, code, by, origin)


@transaction.atomic
def carry_over(
    submission: Submission, code: str, piece: int, *, by: User, origin: Origin = Origin.PAGE
) -> list[Evidence]:
    """Attach evidence of the previous cycle, given by primary key, to the answer to `code`; return what is new.

    Raises PermissionDenied, Locked and NotNow as a save does, Invalid for a full answer and for another piece.
    Repeating it is harmless.
    """
    answer, on_behalf = _lock_answer(submission, code, by)
    last = previous_cycle.of(answer.submission).get(code)
    if last is None or piece not in last.evidence:
        raise Invalid(_("This evidence is not of last time. Add it as a file or a link."))
    evidence_limits.require_carried(answer.submission, answer.indicator.label, answer.evidence.present(), [piece])
    new = Evidence.objects.carry(answer, [piece], added_by=by, on_behalf=on_behalf, origin=origin)
    if new:
        activity.record(Verb.ADD_EVIDENCE, by=by, submission=answer.submission, detail=code, origin=origin)
    return new


def attach_suggested(submission: Submission, indicator: Indicator, pieces: Iterable[Evidence], *, by: User) -> None:
    """Attach evidence that a contributor suggested to the answer, without duplicates; they remain its author.

    The caller has locked the submission and checked the role. Raises Invalid if the answer has no room for it.
    """
    answer = _answer(submission, indicator, by)
    present = answer.evidence.present()
    attached = set(present.values_list("sha256", "url"))
    new = [piece for piece in pieces if (piece.sha256, piece.url) not in attached]
    evidence_limits.require_places(present, len(new))
    Evidence.objects.filter(pk__in=[piece.pk for piece in new]).update(answer=answer)


def delete_with_files(
    pieces: Iterable[Evidence | PaperSource | PaperVersion | PlanPiece | ResourceFile | StatementPiece],
) -> None:
    """Delete rows that nothing refers to (of evidence, papers, statements…) with their files; within a transaction."""
    for piece in pieces:
        piece.delete()
        if piece.file.name:
            transaction.on_commit(partial(piece.file.storage.delete, piece.file.name), robust=True)


@transaction.atomic
def remove(piece: Evidence, *, by: User, origin: Origin = Origin.PAGE) -> Evidence:
    """Remove evidence from its answer; the row and the file are not deleted. Repeating it is harmless."""
    answer = Answer.objects.select_related("submission", "indicator").get(evidence=piece)
    access.require_writing(locking.lock(answer.submission), by=by)
    piece = Evidence.objects.select_for_update(of=("self",)).get(pk=piece.pk)
    if piece.removed_at is None:
        piece.removed_at, piece.removed_by = clock.now(), by
        piece.save(update_fields=["removed_at", "removed_by"])
        code = answer.indicator.code
        activity.record(Verb.REMOVE_EVIDENCE, by=by, submission=answer.submission, detail=code, origin=origin)
    return piece


def require_room(submission: Submission, present: QuerySet[Evidence], piece: Evidence) -> None:
    """Raise Invalid unless the submission has room for `piece` in addition to the `present` ones."""
    evidence_limits.require_places(present)
    evidence_limits.require_bytes(submission, piece.name, piece.size)
    if piece.url and present.filter(url=piece.url).exists():
        raise Invalid(_("This link is here already."))
    if piece.sha256 and (twin := present.filter(sha256=piece.sha256).first()):
        raise Invalid(_("“%(name)s” is here already, as “%(twin)s”.") % {"name": piece.name, "twin": twin.name})


def save_piece(piece: Evidence, *, by: User, on_behalf: bool = False, origin: Origin = Origin.PAGE) -> Evidence:
    """Store a checked piece of evidence that is attached to an answer or a suggestion; return it.

    Raises Invalid if its file cannot be stored. On every error the file is deleted.
    """
    piece.added_by, piece.added_at, piece.on_behalf, piece.origin = by, clock.now(), on_behalf, origin
    store(piece)
    return piece


def store(piece: Evidence | PlanPiece | StatementPiece | PaperVersion | ResourceFile) -> None:
    """Store the file of a checked piece, if it has one, and its row; on every error the file is deleted.

    Raises Invalid if the file cannot be stored.
    """
    given = piece.file.name or ""
    try:
        if given:
            piece.file.save(given, piece.file.file, save=False)
    except OSError as problem:  # a full disk or a read-only folder; part of the file may be written
        if not isinstance(
            problem, NoAnswer
        ):  # which would not answer now either, while others wait for the answer's lock
            _delete_file(piece, piece.file.field.generate_filename(piece, given))
        raise Invalid(
            _("“%s” could not be stored: the server cannot write it now. Tell the administrator, and try again later.")
            % piece.name
        ) from problem
    try:
        piece.save()
    except Exception:  # without the row, its file must not remain
        _delete_file(piece, piece.file.name or "")
        raise


def _delete_file(piece: Evidence | PlanPiece | StatementPiece | PaperVersion | ResourceFile, name: str) -> None:
    """Delete the stored part of a file, ignoring errors of the disk."""
    if name:
        with suppress(OSError):
            piece.file.storage.delete(name)


@transaction.atomic
def _attach(piece: Evidence, submission: Submission, code: str, by: User, origin: Origin) -> Evidence:
    piece.answer, on_behalf = _lock_answer(submission, code, by)
    require_room(submission, piece.answer.evidence.present(), piece)
    activity.record(Verb.ADD_EVIDENCE, by=by, submission=submission, detail=code, origin=origin)
    return save_piece(piece, by=by, on_behalf=on_behalf, origin=origin)


def _lock_answer(submission: Submission, code: str, by: User) -> tuple[Answer, bool]:
    """Lock the submission, check role and state, and return the answer and whether it is written on behalf."""
    submission = locking.lock(submission)
    on_behalf = access.require_writing(submission, by=by)
    indicator = submission.cycle.edition.indicators.filter(code=code).first()
    if indicator is None:
        raise Invalid(_("There is no indicator %(code)s in this questionnaire.") % {"code": code})
    return _answer(submission, indicator, by), on_behalf


def _answer(submission: Submission, indicator: Indicator, by: User) -> Answer:
    """Return the answer, a new empty one if there is none."""
    empty = {"revision": 0, "changed_at": clock.now(), "changed_by": by}
    return submission.answers.get_or_create(indicator=indicator, defaults=empty)[0]
