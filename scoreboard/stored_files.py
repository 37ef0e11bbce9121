"""Checks that a stored file is unchanged: before every download, and for all files by `check_files`."""

import hashlib
from enum import StrEnum

from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from scoreboard.errors import NotNow


class NoAnswer(NotNow, OSError):
    """The store of files, on another machine, does not answer: nobody knows what became of a file."""

    status = 503


class Fault(StrEnum):
    """What can have happened to a stored file outside the portal."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    CHANGED = "changed"


def fault(file: FieldFile, sha256: str) -> Fault | None:
    """Return the fault of a stored file, None if its bytes have the given SHA-256; raise NoAnswer."""
    digest = hashlib.sha256()
    try:
        with file.open("rb") as content:
            for part in content.chunks():
                digest.update(part)
    except FileNotFoundError:
        return Fault.MISSING
    except NoAnswer:
        raise
    except OSError:
        return Fault.UNREADABLE
    return None if digest.hexdigest() == sha256 else Fault.CHANGED


def require_unchanged(file: FieldFile, sha256: str, name: str) -> None:
    """Raise NotNow, with a sentence, unless the file has the bytes that were stored; NoAnswer is one."""
    found = fault(file, sha256)
    sentences = {
        Fault.MISSING: _("The file %s is missing from the store. Tell the administrator."),
        Fault.UNREADABLE: _("The file %s cannot be read from the store. Tell the administrator."),
        Fault.CHANGED: _(
            "The stored file %s is not the one that was stored, and is not given out. Tell the administrator."
        ),
    }
    if found:
        raise NotNow(sentences[found] % name)
