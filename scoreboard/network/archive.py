"""A space as one ZIP file: its discussions, papers, meetings and members as pages and files, with a list of them."""

import hashlib
import json
import shutil
import tempfile
import zipfile
from typing import IO, Any

from django.db import transaction
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils.text import slugify

from scoreboard import activity, clock, stored_files
from scoreboard.activity import Verb
from scoreboard.models import AgendaItem, Discussion, Paper, PaperVersion, Post, Role, Space, User
from scoreboard.models.people import roles_of
from scoreboard.network import membership, spaces

MANIFEST = "manifest.json"


def package(space: Space, *, by: User) -> IO[bytes]:
    """Return a ZIP file of all that `by` reads in the space; the log names who took it.

    manifest.json lists each file with its size and SHA-256, and papers whose file the store has no more. What is
    hidden is in it for officers alone, marked as hidden. Raises PermissionDenied for no member.
    """
    spaces.require_member(space, by)
    content = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, page in _pages(space, by):
            data = page.encode()
            packed.writestr(path, data)
            listed.append({"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
        for version in _versions(space, by):
            listed.append(_pack(packed, version))
        packed.writestr(MANIFEST, json.dumps(_manifest(space, listed), ensure_ascii=False, indent=2))
    with transaction.atomic():
        activity.record(Verb.TAKE_ARCHIVE, by=by, detail=str(space.pk))
    content.seek(0)
    return content


def _manifest(space: Space, listed: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "space": space.name,
        "kind": space.kind,
        "created": space.created_at.isoformat(),
        "archived": space.archived_at.isoformat() if space.archived_at else None,
        "taken": clock.now().isoformat(),
        "invented_example_data": space.is_example,
        "files": listed,
    }


def _pages(space: Space, by: User) -> list[tuple[str, str]]:
    """Return the pages of the archive with their paths: the space, each meeting, each discussion."""
    is_officer = Role.SECRETARIAT in roles_of(by)
    posts = Post.objects.visible_to(by).select_related("author", "hidden_by").order_by("at", "pk")
    discussions = Discussion.objects.visible_to(by).filter(space=space).order_by("opened_at", "pk")
    discussions = discussions.select_related("paper").prefetch_related(Prefetch("posts", posts, "shown"), "steps__by")
    items = AgendaItem.objects.prefetch_related(Prefetch("papers", Paper.objects.visible_to(by)))
    meetings = space.meetings.order_by("starts", "pk").prefetch_related(Prefetch("items", items))
    papers = Paper.objects.visible_to(by).filter(space=space).order_by("added_at", "pk")
    papers = papers.prefetch_related("versions__added_by")
    named: dict[str, list[Any]] = {
        "meetings": [(f"meetings/{_safe(one.pk, one.title)}.html", one) for one in meetings],
        "discussions": [(f"discussions/{_safe(one.pk, one.title)}.html", one) for one in discussions],
        "papers": [(one, [(_path(version, one), version) for version in one.versions.all()]) for one in papers],
    }
    facts = {"space": space, "is_officer": is_officer, **named, "people": membership.people(space)}
    return [
        ("index.html", render_to_string("scoreboard/spaces/archive_file.html", {"part": "index", **facts})),
        *((path, _page("meeting", one, facts)) for path, one in named["meetings"]),
        *((path, _page("discussion", one, facts)) for path, one in named["discussions"]),
    ]


def _page(part: str, one: Any, facts: dict[str, Any]) -> str:
    return render_to_string(
        "scoreboard/spaces/archive_file.html", {**facts, "part": part, "one": one, "index": "../index.html"}
    )


def _versions(space: Space, by: User) -> list[PaperVersion]:
    papers = Paper.objects.visible_to(by).filter(space=space)
    return list(
        PaperVersion.objects.filter(paper__in=papers).select_related("paper").order_by("paper__added_at", "number")
    )


def _pack(packed: zipfile.ZipFile, version: PaperVersion) -> dict[str, Any]:
    """Copy a file into the archive unless the store has it no more; return its line in the manifest."""
    path = _path(version, version.paper)
    line = {"path": path, "bytes": version.size, "sha256": version.sha256, "paper": version.paper.title}
    line |= {"version": version.number, "name": version.name}
    if fault := stored_files.fault(version.file, version.sha256):
        return line | {"missing": str(fault)}
    with version.file.open("rb") as stored, packed.open(path, "w", force_zip64=True) as copy:
        shutil.copyfileobj(stored, copy)
    return line


def _path(version: PaperVersion, paper: Paper) -> str:
    """Return the path of a file in the archive: no name that somebody typed decides it alone."""
    ending = "." + version.name.rsplit(".", 1)[1].lower() if "." in version.name else ""
    return f"papers/{_safe(paper.pk, paper.title)}/version-{version.number}{ending}"


def _safe(number: int, title: str) -> str:
    """Return a name of Latin letters, digits and hyphens that every system can store, and that is there once."""
    return f"{number:04}-{slugify(title)[:60]}".rstrip("-")
