"""Whether a stored file is still the one that was stored: asked before it is given out, and of all by `check_files`."""

import hashlib
from enum import StrEnum

from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from scoreboard.errors import NotNow


class Fault(StrEnum):
    """What can have become of a file behind the portal's back."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    CHANGED = "changed"


def fault(file: FieldFile, sha256: str) -> Fault | None:
    """Return what is wrong with a stored file, None if its bytes have the SHA-256 that was stored with it."""
    digest = hashlib.sha256()
    try:
        with file.open("rb") as content:
            for part in content.chunks():
                digest.update(part)
    except FileNotFoundError:
        return Fault.MISSING
    except OSError:
        return Fault.UNREADABLE
    return None if digest.hexdigest() == sha256 else Fault.CHANGED


def require_whole(file: FieldFile, sha256: str, name: str) -> None:
    """Raise NotNow, with a sentence, unless the stored file has the bytes that were stored."""
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
