"""The verbs of a space's papers: members add one, and its versions; each file comes in by the door of evidence."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.evidence import attaching
from scoreboard.evidence.uploads import check_file, clean_name
from scoreboard.models import Evidence, Paper, PaperVersion, Space, User
from scoreboard.network import spaces
from scoreboard.text import folded, one_line, require_storable

MAX_NOTE = 300  # characters of what is new in a version


def add(space: Space, *, title: str, file: "File[bytes]", by: User) -> Paper:
    """Add a paper with its first version to the space; return it.

    Raises PermissionDenied for no member, NotNow for an archived space, Invalid without a title or for a file that
    cannot be stored.
    """
    spaces.require_member(space, by)  # before the file is read, and again within the lock
    spaces.require_open(space)
    title = spaces.title_of(title, _("Give the paper a title."))
    _require_bytes(space, clean_name(file.name or ""), file.size)
    checked = check_file(file)
    with transaction.atomic():
        space = spaces.lock_to_write(space, by)
        now = clock.now()
        paper = Paper.objects.create(space=space, title=title, added_by=by, added_at=now, changed_at=now)
        _attach(paper, checked, "", by)
        activity.record(Verb.ADD_PAPER, by=by, detail=str(paper.pk))
    return paper


def add_version(paper: Paper, *, file: "File[bytes]", note: str, by: User) -> PaperVersion:
    """Add another version of a paper; return it. The earlier ones stay.

    Raises as `add` does, PermissionDenied also for who neither added the paper nor manages spaces, Invalid also for the
    same file as an earlier version.
    """
    require_author(paper, by)
    note = one_line(note)
    require_storable(note, MAX_NOTE)
    _require_bytes(paper.space, clean_name(file.name or ""), file.size)
    checked = check_file(file)
    with transaction.atomic():
        spaces.lock_to_write(paper.space, by)
        paper = Paper.objects.select_related("space").get(pk=paper.pk)
        require_author(paper, by)
        if twin := paper.versions.filter(sha256=checked.sha256).first():
            raise Invalid(_("This file is the same as version %s.") % twin.number)
        version = _attach(paper, checked, note, by)
        activity.record(Verb.ADD_PAPER_VERSION, by=by, detail=f"{paper.pk}, {version.number}")
    return version


def may_add_version(paper: Paper, person: User) -> bool:
    """Return whether somebody's role lets them add a version: who added the paper, and officers."""
    return paper.added_by_id == person.pk or rules.may(person, "manage_spaces")


def left(space: Space) -> int:
    """Return for how many bytes of files the space has room."""
    stored = PaperVersion.objects.filter(paper__space=space).aggregate(bytes=Sum("size"))["bytes"] or 0
    return max(0, settings.EVIDENCE_QUOTA - stored)


def require_author(paper: Paper, by: User) -> None:
    """Raise PermissionDenied or NotNow unless `by` can add a version of the paper now."""
    spaces.require_member(paper.space, by)
    spaces.require_open(paper.space)
    if not may_add_version(paper, by):
        raise PermissionDenied(_("Versions are added by who added the paper, and by officers."))
    if paper.hidden_at and not rules.may(by, "manage_spaces"):
        raise NotNow(_("A moderator has hidden this paper."))


def _require_bytes(space: Space, name: str, size: int) -> None:
    if size > (room := left(space)):
        raise Invalid(
            _("“%(name)s” does not fit: of the %(quota)s for all files of the space, %(left)s are left.")
            % {"name": name, "quota": filesizeformat(settings.EVIDENCE_QUOTA), "left": filesizeformat(room)}
        )


def _attach(paper: Paper, checked: Evidence, note: str, by: User) -> PaperVersion:
    """Store a checked file as the next version; raise Invalid if it cannot be stored or has no room any more."""
    _require_bytes(paper.space, checked.name, checked.size)
    number = (paper.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = PaperVersion(paper=paper, number=number, note=note, added_by=by, added_at=clock.now())
    for name in ("name", "content_type", "size", "sha256"):
        setattr(version, name, getattr(checked, name))
    version.file = checked.file.file
    attaching.store(version)
    names = paper.versions.order_by("number").values_list("name", flat=True)
    paper.changed_at, paper.folded = version.added_at, folded(paper.title, *names)
    paper.save(update_fields=["changed_at", "folded"])
    return version
