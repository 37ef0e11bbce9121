"""Exports an edition as a document of the file format, and compares two documents."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.text import Truncator

from scoreboard.models import Edition, Indicator
from scoreboard.questionnaire.file import TEXTS, Document
from scoreboard.questionnaire.rows import EDITION_TEXTS

DEFAULTS = {"not_applicable": True}  # of switches that are left out; the others are off


class Difference(NamedTuple):
    """A place at which two documents differ, with the value before and after."""

    place: str
    before: Any = None
    after: Any = None

    def texts(self) -> tuple[str, str, str]:
        """Return the place and both values as texts to read, each language on a line of its own."""
        return self.place, _text(self.before), _text(self.after)


def _text(value: Any) -> str:
    """A text with its languages, or any other value as text, truncated."""
    if isinstance(value, dict) and all(isinstance(part, str) for part in value.values()):
        return "\n".join(f"{language}: {text}" for language, text in value.items())
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return Truncator(text).chars(400)


def export(edition: Edition) -> Document:
    """Return the edition as a document of the file format; importing it again changes nothing."""
    areas = edition.areas.prefetch_related("indicators__levels", "indicators__data_form__columns")
    document: Document = {
        "format": 1,
        "code": edition.code,
        "year": edition.year,
        "languages": edition.languages,
        "instrument": edition.instrument,
        "previous": edition.previous.code if edition.previous else None,
        "provisional": edition.provisional,
        **{key: getattr(edition, key).data for key in EDITION_TEXTS},
        "areas": [
            {
                "code": area.code,
                "title": area.title.data,
                "short_title": area.short_title.data,
                "introduction": area.introduction.data,
                "report_lead": area.report_lead.data,
                "from": area.sources,
                "indicators": [_exported(indicator) for indicator in area.indicators.all()],
            }
            for area in areas
        ],
        "objectives": edition.objectives,
        "action_plans": edition.action_plans,
    }
    result: Document = _without_defaults(document)
    return result


def _exported(indicator: Indicator) -> Document:
    form = getattr(indicator, "data_form", None)
    return {
        "code": indicator.code,
        "title": indicator.title.data,
        "short_title": indicator.short_title.data,
        "measures": indicator.measures.data,
        "guidance": indicator.guidance.data,
        "relation": indicator.relation,
        "from": indicator.sources,
        "not_applicable": indicator.not_applicable,
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
            "checks": form.checks,
        },
    }


def _without_defaults(node: Any) -> Any:
    """Remove empty and default values, so that two documents can be compared."""
    if isinstance(node, list):
        return [_without_defaults(part) for part in node]
    if not isinstance(node, dict):
        return node
    parts = {key: _without_defaults(part) for key, part in node.items()}
    return {
        key: part
        for key, part in parts.items()
        if part is not None
        and part not in ("", [], {})
        and part is not DEFAULTS.get(key, False)
        and (key, part) != ("relation", "new")
    }


def differences(old: Document, new: Document) -> list[Difference]:
    """Return the places at which two documents differ, in order; a text is compared with all its translations."""
    return list(_differences("", _without_defaults(old), _without_defaults(new)))


def _differences(place: str, old: Any, new: Any) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            where = f"{place}.{key}" if place else key
            before, after = old.get(key), new.get(key)
            if key not in TEXTS:
                yield from _differences(where, before, after)
            elif before != after:
                yield Difference(where, before, after)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for n, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{place}[{n}]", before, after)
    elif old != new:
        yield Difference(place, old, new)
