"""Editions in and out of the database: import, replace where that is allowed, export."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoreboard.edition_file import TEXTS, Document, EditionError
from scoreboard.models import Edition, EditionChange, Indicator, User

from .document import Change, differences, export
from .rows import store

__all__ = ["Change", "export", "import_edition", "preview"]

# What may change in an edition that a cycle uses, while its wording is provisional.
WORDING = TEXTS | {"languages", "provisional"}


@transaction.atomic
def import_edition(document: Document, *, by: User | None = None) -> tuple[Edition, list[Change]]:
    """Store a checked document; return the edition and what changed, nothing if it was stored before.

    An edition that a cycle uses keeps its structure; its wording may be replaced while it is marked provisional.
    Raises EditionError naming each place that may not change, or each reference to an unknown edition before.
    Every change is logged with what stood there; `by` is None for the command line.
    """
    edition, changes = _compared(document, Edition.objects.select_for_update())
    if edition is None or changes:
        edition = store(edition or Edition(code=document["code"]), document)
        EditionChange.objects.create(edition=edition, by=by, places=[change._asdict() for change in changes])
    return edition, changes


def preview(document: Document) -> tuple[Edition | None, list[Change]]:
    """Return the edition that importing a checked document would change (None: a new one), and what; write nothing.

    Raises EditionError as the import would.
    """
    return _compared(document, Edition.objects.all())


def _compared(document: Document, stored: QuerySet[Edition]) -> tuple[Edition | None, list[Change]]:
    edition = stored.filter(code=document["code"]).first()
    _require_known_sources(document)
    if edition is None:
        return None, [Change("file")]
    changes = differences(export(edition), document)
    if changes and edition.is_closed:
        _require_rewording(edition, changes)
    _require_kept_codes(edition, document)
    return edition, changes


def _require_rewording(edition: Edition, changes: list[Change]) -> None:
    """Raise EditionError naming each place that an edition in use keeps."""
    if edition.provisional:
        refused = [change.place for change in changes if _key(change.place) not in WORDING]
        why = _("%(place)s: The edition is in use by cycle %(cycles)s, so its structure cannot change.")
    else:
        refused = [change.place for change in changes]
        why = _(
            "%(place)s: The edition is in use by cycle %(cycles)s and its wording is final. "
            "Import the change as a new edition, with a code of its own."
        )
    if refused:
        cycles = ", ".join(edition.cycles.values_list("code", flat=True))
        raise EditionError([why % {"place": place, "cycles": cycles} for place in refused])


def _key(place: str) -> str:
    return place.split(".")[-1].split("[")[0]


def _require_known_sources(document: Document) -> None:
    """Raise EditionError if the edition before is unknown, lacks a code that is named, or comes after this one."""
    code = document.get("previous")
    if not code:
        return
    previous = before = Edition.objects.filter(code=code).first()
    if previous is None:
        raise EditionError([_("previous: Import the edition “%s” first.") % code])
    while before:
        if before.code == document["code"]:
            raise EditionError([_("previous: The edition “%s” comes after this one already.") % code])
        before = before.previous
    known = set(previous.indicators.values_list("code", flat=True))
    problems = [
        _("%(place)s: The edition %(previous)s has no indicator “%(code)s”.")
        % {"place": f"areas[{a}].indicators[{i}].from", "previous": code, "code": source}
        for a, area in enumerate(document["areas"])
        for i, indicator in enumerate(area["indicators"])
        for source in indicator.get("from", [])
        if source not in known
    ]
    if problems:
        raise EditionError(problems)


def _require_kept_codes(edition: Edition, document: Document) -> None:
    """Raise EditionError for each code that goes although the edition after names it."""
    codes = {indicator["code"] for area in document["areas"] for indicator in area["indicators"]}
    named = Indicator.objects.filter(edition__previous=edition).values_list("edition__code", "code", "sources")
    problems = [
        _("areas: The indicator “%(source)s” is gone, but indicator %(code)s of the edition %(after)s comes from it.")
        % {"source": source, "code": code, "after": after}
        for after, code, sources in named
        for source in sources
        if source not in codes
    ]
    if problems:
        raise EditionError(problems)
