"""The evidence of a submission as one ZIP file, with a list of what is in it."""

import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from scoreboard import access, rules, stored_files
from scoreboard.errors import NotNow
from scoreboard.models import Evidence, Indicator, Submission, User, Version
from scoreboard.submissions import workflow


@dataclass(frozen=True)
class Entry:
    """A piece of evidence in the list: its file's path in the package, empty for a link or a file with a `fault`."""

    indicator: Indicator
    piece: Evidence
    path: str
    fault: str


def package(submission: Submission, *, by: User) -> IO[bytes]:
    """Return a ZIP file with the evidence of the last version that the person may read; the log names who took it.

    The file list.html in it lists every piece, also links, and files that the store has no more.
    Raises PermissionDenied, and NotNow if no evidence was handed in.
    """
    rules.require(by, "see_evidence", submission)
    version = access.last_version(by, submission)
    entries = _entries(submission, version, by) if version else []
    if version is None or not entries:
        raise NotNow(_("No evidence is handed in with these answers."))
    content = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    with zipfile.ZipFile(content, "w") as packed:  # stored: pictures and PDFs are compressed already
        for entry in entries:
            if entry.path:
                with entry.piece.file.open("rb") as stored, packed.open(entry.path, "w", force_zip64=True) as copy:
                    shutil.copyfileobj(stored, copy)
        listed = {"submission": submission, "version": version, "entries": entries}
        packed.writestr("list.html", render_to_string("scoreboard/evidence/package.html", listed))
    with transaction.atomic():
        workflow.record(submission, "take_evidence", by=by, version=version)
    content.seek(0)
    return content


def _entries(submission: Submission, version: Version, by: User) -> list[Entry]:
    pieces = access.pieces(by, submission).select_related("added_by").in_bulk()
    indicators = {indicator.code: indicator for indicator in submission.cycle.edition.all_indicators}
    found = []
    for answer in version.answers:
        indicator = indicators[answer["code"]]
        for number, record in enumerate(answer.get("evidence", []), start=1):
            piece = pieces.get(record["id"])
            if piece is None:
                continue
            fault = stored_files.fault(piece.file, piece.sha256) if piece.file else None
            path = f"{indicator.label}/{number:02} {piece.name}" if piece.file and not fault else ""
            found.append(Entry(indicator, piece, path, fault or ""))
    return found
