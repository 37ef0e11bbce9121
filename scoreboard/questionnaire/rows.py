"""Stores a checked document as rows of the database, in a constant number of queries."""

from typing import TypeVar
from uuid import uuid4

from django.db.models import Model, QuerySet
from i18nfield.strings import LazyI18nString

from scoreboard.models import Area, DataForm, DataFormColumn, Edition, Indicator, Level
from scoreboard.questionnaire.file import Document

EDITION_TEXTS = (
    "title",
    "short_title",
    "provisional_note",
    "mandate",
    "caution",
    "change_caution",
    "reading",
    "answer_rule",
)

Row = TypeVar("Row", bound=Model)


def store(edition: Edition, document: Document) -> Edition:
    """Overwrite the edition with the document and return it reloaded; rows are identified by their codes."""
    edition.stamp = uuid4()
    edition.year, edition.languages = document["year"], document["languages"]
    edition.previous = Edition.objects.filter(code=document.get("previous")).first()
    edition.provisional = document.get("provisional", False)
    edition.instrument = document.get("instrument", "")
    edition.objectives = document.get("objectives", [])
    edition.action_plans = document.get("action_plans", {})
    for key in EDITION_TEXTS:
        setattr(edition, key, _text(document, key))
    edition.save()
    parts = document["areas"]
    areas = _replace(edition.areas.all(), [_area(edition, n, part) for n, part in enumerate(parts)], "edition", "code")
    asked = [(area, part) for area, whole in zip(areas, parts, strict=True) for part in whole["indicators"]]
    questions = [_indicator(area, n, part) for n, (area, part) in enumerate(asked)]
    indicators = _replace(edition.indicators.all(), questions, "edition", "code")
    pairs = [(indicator, part) for indicator, (_area_of, part) in zip(indicators, asked, strict=True)]
    levels = [_level(indicator, part) for indicator, whole in pairs for part in whole["levels"]]
    _replace(Level.objects.filter(indicator__edition=edition), levels, "indicator", "value")
    asked_forms = [(indicator, part["data_form"]) for indicator, part in pairs if part.get("data_form")]
    forms = [_form(indicator, part) for indicator, part in asked_forms]
    forms = _replace(DataForm.objects.filter(indicator__edition=edition), forms, "indicator")
    columns = [
        _column(form, n, part)
        for form, (_indicator_of, whole) in zip(forms, asked_forms, strict=True)
        for n, part in enumerate(whole["columns"])
    ]
    _replace(DataFormColumn.objects.filter(form__indicator__edition=edition), columns, "form", "code")
    return Edition.objects.get(pk=edition.pk)


def _replace(stored: QuerySet[Row], rows: list[Row], *key: str) -> list[Row]:
    """Make `rows` the only ones in `stored`; a row with the same `key` is updated and has the same primary key."""
    model = stored.model
    others = [f.name for f in model._meta.concrete_fields if not f.primary_key and f.name not in key]
    rows = model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=list(key), update_fields=others
    )
    stored.exclude(pk__in=[row.pk for row in rows]).delete()
    return rows


def _text(part: Document, key: str) -> LazyI18nString:
    return LazyI18nString(part.get(key) or {})


def _area(edition: Edition, position: int, part: Document) -> Area:
    return Area(
        edition=edition,
        code=part["code"],
        title=_text(part, "title"),
        short_title=_text(part, "short_title"),
        introduction=_text(part, "introduction"),
        report_lead=_text(part, "report_lead"),
        sources=part.get("from", []),
        position=position,
    )


def _indicator(area: Area, position: int, part: Document) -> Indicator:
    return Indicator(
        edition=area.edition,
        area=area,
        code=part["code"],
        title=_text(part, "title"),
        short_title=_text(part, "short_title"),
        measures=_text(part, "measures"),
        guidance=_text(part, "guidance"),
        relation=part.get("relation", Indicator.Relation.NEW),
        sources=part.get("from", []),
        not_applicable=part.get("not_applicable", True),
        position=position,
    )


def _level(indicator: Indicator, part: Document) -> Level:
    return Level(indicator=indicator, value=part["value"], text=_text(part, "text"))


def _form(indicator: Indicator, part: Document) -> DataForm:
    return DataForm(
        indicator=indicator,
        code=part["code"],
        title=_text(part, "title"),
        introduction=_text(part, "introduction"),
        checks=part.get("checks", []),
    )


def _column(form: DataForm, position: int, part: Document) -> DataFormColumn:
    return DataFormColumn(
        form=form,
        code=part["code"],
        kind=part["kind"],
        title=_text(part, "title"),
        help=_text(part, "help"),
        required=part.get("required", False),
        choices=part.get("choices", []),
        position=position,
    )
