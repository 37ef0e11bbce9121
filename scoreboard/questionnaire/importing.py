"""Editions in and out of the database: import, replace where that is allowed, export."""

from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoreboard.models import Area, Edition, EditionChange, Indicator, User
from scoreboard.questionnaire.exporting import Change, differences, export
from scoreboard.questionnaire.file import TEXTS, Document, EditionError
from scoreboard.questionnaire.rows import store
from scoreboard.text import is_blank, stripped

__all__ = ["Change", "correct_not_applicable", "doubts", "export", "import_edition", "preview"]

# What may change in an edition that a cycle uses, while its wording is provisional.
WORDING = TEXTS | {"languages", "provisional"}

AREA_REUSED = gettext_lazy(
    "%(place)s.code: “%(code)s” is an area of %(previous)s too, but not all its indicators come from there. "
    "Its results are not set beside those of then, unless `from` names the area that it comes from."
)
INDICATOR_REUSED = gettext_lazy(
    "%(place)s.code: “%(code)s” is an indicator of %(previous)s too, but this one does not come from it."
)


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
    stood = dict(previous.indicators.values_list("code", "area__code"))
    known, areas = set(stood), set(previous.areas.values_list("code", flat=True))
    problems = [
        _("%(place)s: The edition %(previous)s has no area “%(code)s”.")
        % {"place": f"areas[{a}].from", "previous": code, "code": source}
        for a, area in enumerate(document["areas"])
        for source in area.get("from", [])
        if source not in areas
    ]
    problems += [
        _("%(place)s: No indicator of this area comes from area “%(code)s” of the edition %(previous)s.")
        % {"place": f"areas[{a}].from", "previous": code, "code": source}
        for a, area in enumerate(document["areas"])
        for source in area.get("from", [])
        if source in areas
        and source not in {stood.get(one) for each in area["indicators"] for one in each.get("from", [])}
    ]
    problems += [
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


def doubts(document: Document) -> list[str]:
    """Return what may be a slip in a checked document, a sentence each: codes of the edition before used anew.

    Whoever reads results over the years knows areas and indicators by their codes. Nothing is refused.
    """
    previous = Edition.objects.filter(code=document.get("previous")).first()
    return list(_reused(document, previous)) if previous else []


def _reused(document: Document, previous: Edition) -> Iterator[str]:
    of = dict(Indicator.objects.filter(edition=previous).values_list("code", "area__code"))
    areas = set(Area.objects.filter(edition=previous).values_list("code", flat=True))
    for a, area in enumerate(document["areas"]):
        came = {of[source] for one in area["indicators"] for source in one.get("from", []) if source in of}
        said = {"code": area["code"], "previous": previous.code, "place": f"areas[{a}]"}
        if area["code"] in areas and came != {area["code"]} and not area.get("from"):
            yield AREA_REUSED % said
        for i, indicator in enumerate(area["indicators"]):
            if indicator["code"] in of and indicator["code"] not in indicator.get("from", []):
                yield INDICATOR_REUSED % {
                    **said,
                    "code": indicator["code"],
                    "place": f"{said['place']}.indicators[{i}]",
                }


@transaction.atomic
def correct_not_applicable(
    edition: Edition, codes: Collection[str], *, reason: str, by: User | None = None
) -> list[Change]:
    """Let exactly the indicators in `codes` be answered with "not applicable"; return what changed.

    This is the one correction of structure in an edition that a cycle uses. An answer of a draft or returned
    submission that is no longer offered becomes a gap; what was accepted stays and counts. Logged with the reason;
    `by` is None for the command line. Raises EditionError for an unknown code or without a reason.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    known = set(edition.indicators.values_list("code", flat=True))
    problems = [_("The edition has no indicator “%s”.") % code for code in sorted(set(codes) - known)]
    if is_blank(reason):
        problems.append(_("Give the reason for the correction."))
    if problems:
        raise EditionError(problems)
    document = export(edition)
    corrected = {
        **document,
        "areas": [
            {**area, "indicators": [{**one, "not_applicable": one["code"] in codes} for one in area["indicators"]]}
            for area in document["areas"]
        ],
    }
    changes = differences(document, corrected)
    if changes:
        edition = store(edition, corrected)
        places = [change._asdict() for change in changes]
        EditionChange.objects.create(edition=edition, by=by, places=places, reason=stripped(reason))
    return changes
