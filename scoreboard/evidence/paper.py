"""The source of answers that an officer enters on a country's behalf: a note, and the scan of the paper."""

from contextlib import suppress

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import access, clock, evidence_limits, locking, rules
from scoreboard.errors import Invalid
from scoreboard.evidence.uploads import check_file, clean_name
from scoreboard.models import PaperSource, Submission, User
from scoreboard.submissions import workflow
from scoreboard.text import require_storable, stripped


@transaction.atomic
def add_source(submission: Submission, note: str, scan: "File[bytes] | None" = None, *, by: User) -> PaperSource:
    """Keep where the answers come from, and the scan if there is one; the log says who added it.

    The country's focal points read both. Raises PermissionDenied, Locked and NotNow as a save on the country's behalf
    does, and Invalid without a note or for a file that cannot be stored.
    """
    submission = locking.lock(submission)
    require(submission, by=by)
    note = stripped(note)
    if not note:
        raise Invalid(_("Say where the answers come from."))
    require_storable(note)
    source = PaperSource(submission=submission, note=note, added_by=by, added_at=clock.now())
    if scan is not None:
        evidence_limits.require_bytes(submission, clean_name(scan.name or ""), scan.size)
        checked = check_file(scan)
        for name in ("name", "content_type", "size", "sha256"):
            setattr(source, name, getattr(checked, name))
        try:
            source.file.save(checked.file.name or "", checked.file.file, save=False)
        except OSError as problem:
            raise Invalid(
                _("“%s” could not be stored: the server cannot write it now. Tell the administrator.") % source.name
            ) from problem
    try:
        source.save()
        workflow.record(submission, "add_source", by=by, on_behalf=True)
    except Exception:  # without the row, its file must not remain
        if source.file.name:
            with suppress(OSError):
                source.file.storage.delete(source.file.name)
        raise
    return source


def require(submission: Submission, *, by: User) -> None:
    """Raise PermissionDenied, Locked or NotNow unless the officer may write on the country's behalf now."""
    rules.require(by, "enter_on_behalf", submission)
    access.require_writing(submission, by=by)
