"""Editions in and out of the database: import, replace where that is allowed, export."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from scoreboard.edition_file import TEXTS, Document, EditionError
from scoreboard.models import Area, DataForm, DataFormColumn, Edition, EditionChange, Indicator, Level, User

# What may change in an edition that a cycle uses, while its wording is provisional.
WORDING = TEXTS | {"languages", "provisional"}
EDITION_TEXTS = ("title", "short_title", "provisional_note", "mandate", "caution", "reading")


@transaction.atomic
def import_edition(document: Document, *, by: User | None = None) -> tuple[Edition, list[str]]:
    """Store a checked document; return the edition and the places that changed, none if it was stored before.

    An edition that a cycle uses keeps its structure; its wording may be replaced while it is marked provisional.
    Raises EditionError naming each place that may not change, or each reference to an unknown edition before.
    Every change is logged.
    """
    previous = _previous(document)
    edition = Edition.objects.select_for_update().filter(code=document["code"]).first()
    if edition is None:
        edition, changed = Edition(code=document["code"]), ["file"]
    else:
        changed = list(_differences("", _plain(export(edition)), _plain(document)))
        if changed and edition.is_closed:
            _require_rewording(edition, changed)
    if changed:
        edition = _store(edition, document, previous)
        EditionChange.objects.create(edition=edition, by=by, places=changed)
    return edition, changed


def export(edition: Edition) -> Document:
    """Return the edition as a document of the file format; importing it again changes nothing."""
    areas = edition.areas.prefetch_related("indicators__levels", "indicators__data_form__columns")
    document: Document = {
        "format": 1,
        "code": edition.code,
        "year": edition.year,
        "languages": edition.languages,
        "previous": edition.previous.code if edition.previous else None,
        "provisional": edition.provisional,
        **{key: getattr(edition, key).data for key in EDITION_TEXTS},
        "areas": [
            {
                "code": area.code,
                "title": area.title.data,
                "introduction": area.introduction.data,
                "indicators": [_exported(indicator) for indicator in area.indicators.all()],
            }
            for area in areas
        ],
        "objectives": edition.objectives,
    }
    plain: Document = _plain(document)
    return plain


def _exported(indicator: Indicator) -> Document:
    form = getattr(indicator, "data_form", None)
    return {
        "code": indicator.code,
        "title": indicator.title.data,
        "measures": indicator.measures.data,
        "guidance": indicator.guidance.data,
        "relation": indicator.relation,
        "from": indicator.sources,
        "levels": [{"value": level.value, "text": level.text.data} for level in indicator.levels.all()],
        "data_form": form
        and {
            "code": form.code,
            "title": form.title.data,
            "introduction": form.introduction.data,
            "columns": [
                {
                    "code": column.code,
                    "kind": column.kind,
                    "title": column.title.data,
                    "help": column.help.data,
                    "required": column.required,
                    "choices": column.choices,
                }
                for column in form.columns.all()
            ],
        },
    }


def _plain(node: Any) -> Any:
    """Leave out what says no more than its absence, so that two documents can be compared."""
    if isinstance(node, list):
        return [_plain(part) for part in node]
    if not isinstance(node, dict):
        return node
    parts = {key: _plain(part) for key, part in node.items()}
    return {
        key: part
        for key, part in parts.items()
        if part is not None and part is not False and part not in ("", [], {}) and (key, part) != ("relation", "new")
    }


def _differences(place: str, old: Any, new: Any) -> Iterator[str]:
    """Yield the places at which two plain documents differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            where = f"{place}.{key}" if place else key
            if key in TEXTS:
                if old.get(key) != new.get(key):
                    yield where
            else:
                yield from _differences(where, old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for n, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{place}[{n}]", before, after)
    elif old != new:
        yield place


def _require_rewording(edition: Edition, changed: list[str]) -> None:
    cycles = ", ".join(edition.cycles.values_list("code", flat=True))
    if not edition.provisional:
        raise EditionError(
            [
                _("%(place)s: The edition is in use by cycle %(cycles)s and its wording is final; make a new one.")
                % {"place": place, "cycles": cycles}
                for place in changed
            ]
        )
    structural = [place for place in changed if place.split("[")[0] != "languages" and _last_key(place) not in WORDING]
    if structural:
        raise EditionError(
            [
                _("%(place)s: The edition is in use by cycle %(cycles)s, so its structure cannot change.")
                % {"place": place, "cycles": cycles}
                for place in structural
            ]
        )


def _last_key(place: str) -> str:
    return place.split(".")[-1].split("[")[0]


def _previous(document: Document) -> Edition | None:
    code = document.get("previous")
    if not code:
        return None
    previous = Edition.objects.filter(code=code).first()
    if previous is None:
        raise EditionError([_("previous: Import the edition “%s” first.") % code])
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
    return previous


def _text(part: Document, key: str) -> LazyI18nString:
    return LazyI18nString(part.get(key) or {})


def _store(edition: Edition, document: Document, previous: Edition | None) -> Edition:
    """Write the document over the edition, row by row by code, and drop the rows it no longer has."""
    edition.year, edition.languages, edition.previous = document["year"], document["languages"], previous
    edition.provisional = document.get("provisional", False)
    edition.objectives = document.get("objectives", [])
    for key in EDITION_TEXTS:
        setattr(edition, key, _text(document, key))
    edition.save()
    codes = [question["code"] for part in document["areas"] for question in part["indicators"]]
    edition.indicators.exclude(code__in=codes).delete()
    position = 0
    for a, part in enumerate(document["areas"]):
        texts = {"title": _text(part, "title"), "introduction": _text(part, "introduction"), "position": a}
        area, _created = Area.objects.update_or_create(edition=edition, code=part["code"], defaults=texts)
        for question in part["indicators"]:
            _store_indicator(edition, area, position, question)
            position += 1
    edition.areas.exclude(code__in=[part["code"] for part in document["areas"]]).delete()
    return Edition.objects.get(pk=edition.pk)


def _store_indicator(edition: Edition, area: Area, position: int, question: Document) -> None:
    indicator, _created = Indicator.objects.update_or_create(
        edition=edition,
        code=question["code"],
        defaults={
            "area": area,
            "title": _text(question, "title"),
            "measures": _text(question, "measures"),
            "guidance": _text(question, "guidance"),
            "relation": question.get("relation", "new"),
            "sources": question.get("from", []),
            "position": position,
        },
    )
    values = [level["value"] for level in question["levels"]]
    indicator.levels.exclude(value__in=values).delete()
    for level in question["levels"]:
        Level.objects.update_or_create(
            indicator=indicator, value=level["value"], defaults={"text": _text(level, "text")}
        )
    part = question.get("data_form")
    if part is None:
        DataForm.objects.filter(indicator=indicator).delete()
        return
    texts = {"code": part["code"], "title": _text(part, "title"), "introduction": _text(part, "introduction")}
    form, _created = DataForm.objects.update_or_create(indicator=indicator, defaults=texts)
    form.columns.exclude(code__in=[column["code"] for column in part["columns"]]).delete()
    for c, column in enumerate(part["columns"]):
        DataFormColumn.objects.update_or_create(
            form=form,
            code=column["code"],
            defaults={
                "kind": column["kind"],
                "title": _text(column, "title"),
                "help": _text(column, "help"),
                "required": column.get("required", False),
                "choices": column.get("choices", []),
                "position": c,
            },
        )
