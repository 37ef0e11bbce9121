"""Imports editions, also over a stored one where that is allowed, and corrects them."""

from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoreboard import activity
from scoreboard.activity import Verb
from scoreboard.models import Area, Edition, EditionChange, Indicator, User
from scoreboard.questionnaire.exporting import Difference, differences, export
from scoreboard.questionnaire.file import TEXTS, Document, EditionError
from scoreboard.questionnaire.rows import EDITION_TEXTS, store
from scoreboard.text import is_blank, stripped

__all__ = ["EDITION_TEXTS", "Difference", "correct_not_applicable", "doubts", "export", "import_edition", "preview"]

# The keys that may change in an edition that a cycle uses, while its wording is provisional.
WORDING = TEXTS | {"languages", "provisional"}

AREA_REUSED = gettext_lazy(
    "%(place)s.code: “%(code)s” is an area of %(previous)s too, but not all its indicators come from there. "
    "Its results are not compared with those of then, unless `from` names the area that it comes from."
)
INDICATOR_REUSED = gettext_lazy(
    "%(place)s.code: “%(code)s” is an indicator of %(previous)s too, but this one does not come from it."
)


@transaction.atomic
def import_edition(document: Document, *, by: User | None = None) -> tuple[Edition, list[Difference]]:
    """Store a checked document; return the edition and what changed, nothing if it is stored already.

    The structure of an edition that a cycle uses cannot change; its wording may be replaced while it is provisional.
    Raises EditionError naming each place that may not change, or each unknown reference to the previous edition.
    Every change is logged with the old value; `by` is None for the command line.
    """
    edition, changes = _compare(document, Edition.objects.select_for_update())
    if edition is None or changes:
        edition = store(edition or Edition(code=document["code"]), document)
        EditionChange.objects.create(edition=edition, by=by, places=[change._asdict() for change in changes])
        activity.record(Verb.IMPORT_EDITION, by=by, detail=edition.code)
    return edition, changes


def preview(document: Document) -> tuple[Edition | None, list[Difference]]:
    """Return the edition that importing a checked document would change (None: a new one), and how; write nothing.

    Raises EditionError as the import would.
    """
    return _compare(document, Edition.objects.all())


def _compare(document: Document, stored: QuerySet[Edition]) -> tuple[Edition | None, list[Difference]]:
    edition = stored.filter(code=document["code"]).first()
    _require_known_sources(document)
    _require_own_instrument(document)
    if edition is None:
        return None, [Difference("file")]
    changes = differences(export(edition), document)
    if changes and edition.is_closed:
        _require_rewording(edition, changes)
    _require_referenced_codes(edition, document)
    return edition, changes


def _require_rewording(edition: Edition, changes: list[Difference]) -> None:
    """Raise EditionError naming each change that an edition in use does not allow.

    Which indicator is about action plans can always be named: it changes no question and no score.
    """
    changes = [change for change in changes if not change.place.startswith("action_plans")]
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


def _require_own_instrument(document: Document) -> None:
    """Raise EditionError if addresses call another questionnaire by the same name."""
    name = document.get("instrument", document["code"])
    if document.get("previous"):
        return
    others = Edition.objects.exclude(code=document["code"]).filter(previous=None)
    if others.filter(Q(instrument=name) | Q(instrument="", code=name)).exists():
        raise EditionError([_("instrument: Addresses call another questionnaire “%s”; choose another name.") % name])


def _require_known_sources(document: Document) -> None:
    """Raise EditionError if the previous edition is unknown, lacks a code that is named, or comes after this one."""
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
    if problems := [*_unknown_areas(document, previous), *_unknown_indicators(document, previous)]:
        raise EditionError(problems)


def _unknown_areas(document: Document, previous: Edition) -> list[str]:
    """Return a sentence for each source of an area that the previous edition lacks, or no indicator comes from."""
    area_of = dict(previous.indicators.values_list("code", "area__code"))
    known = set(previous.areas.values_list("code", flat=True))
    missing = _("%(place)s: The edition %(previous)s has no area “%(code)s”.")
    without_indicator = _(
        "%(place)s: No indicator of this area comes from area “%(code)s” of the edition %(previous)s."
    )
    unknown, unused = [], []
    for a, area in enumerate(document["areas"]):
        used = {area_of.get(code) for indicator in area["indicators"] for code in indicator.get("from", [])}
        for source in area.get("from", []):
            words = {"place": f"areas[{a}].from", "previous": previous.code, "code": source}
            if source not in known:
                unknown.append(missing % words)
            elif source not in used:
                unused.append(without_indicator % words)
    return unknown + unused


def _unknown_indicators(document: Document, previous: Edition) -> list[str]:
    """Return a sentence for each source of an indicator that the previous edition lacks."""
    known = set(previous.indicators.values_list("code", flat=True))
    return [
        _("%(place)s: The edition %(previous)s has no indicator “%(code)s”.")
        % {"place": f"areas[{a}].indicators[{i}].from", "previous": previous.code, "code": source}
        for a, area in enumerate(document["areas"])
        for i, indicator in enumerate(area["indicators"])
        for source in indicator.get("from", [])
        if source not in known
    ]


def _require_referenced_codes(edition: Edition, document: Document) -> None:
    """Raise EditionError for each removed code that the next edition names."""
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
    """Return what may be a mistake in a checked document, a sentence each: codes of the previous edition reused.

    Readers of results over the years know areas and indicators by their codes. Nothing is refused.
    """
    previous = Edition.objects.filter(code=document.get("previous")).first()
    return list(_reused_codes(document, previous)) if previous else []


def _reused_codes(document: Document, previous: Edition) -> Iterator[str]:
    area_of = dict(Indicator.objects.filter(edition=previous).values_list("code", "area__code"))
    areas = set(Area.objects.filter(edition=previous).values_list("code", flat=True))
    for a, area in enumerate(document["areas"]):
        came = {area_of[source] for one in area["indicators"] for source in one.get("from", []) if source in area_of}
        words = {"code": area["code"], "previous": previous.code, "place": f"areas[{a}]"}
        if area["code"] in areas and came != {area["code"]} and not area.get("from"):
            yield AREA_REUSED % words
        for i, indicator in enumerate(area["indicators"]):
            if indicator["code"] in area_of and indicator["code"] not in indicator.get("from", []):
                yield INDICATOR_REUSED % {
                    **words,
                    "code": indicator["code"],
                    "place": f"{words['place']}.indicators[{i}]",
                }


@transaction.atomic
def correct_not_applicable(
    edition: Edition, codes: Collection[str], *, reason: str, by: User | None = None
) -> list[Difference]:
    """Allow "not applicable" for exactly the indicators in `codes`; return what changed.

    This is the only change of structure in an edition that a cycle uses. In draft and returned submissions an answer
    that is no longer offered becomes a gap; accepted ones are unchanged and count. Logged with the reason;
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
        activity.record(Verb.CORRECT_EDITION, by=by, detail=edition.code)
    return changes
