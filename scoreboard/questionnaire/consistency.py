"""What a schema cannot see in an edition: doubles, missing translations, gaps in ladders, unknown references."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from scoreboard.labels import label
from scoreboard.questionnaire.schema import Fault

# The keys that hold a text in every language.
TEXTS = frozenset(
    {"title", "short_title", "provisional_note", "mandate", "caution", "change_caution", "reading", "answer_rule"}
    | {"introduction", "report_lead", "measures", "guidance", "text", "help"}
)

EVERY_AREA = "AREAS"  # what names in the chapters of a report mean all areas by

Part = dict[str, Any]


def inconsistencies(document: Part) -> Iterator[Fault]:
    """Yield the place and sentence of each fault in a document that has the shape of an edition."""
    yield from _missing_translations("", document, document["languages"])
    if document.get("provisional") and not document.get("provisional_note"):
        yield "provisional_note", _("Say why the wording is provisional.")
    if document.get("previous") == document["code"]:
        yield "previous", _("An edition does not come after itself.")
    areas = [(f"areas[{a}]", area) for a, area in enumerate(document["areas"])]
    indicators = [
        (f"{place}.indicators[{i}]", indicator)
        for place, area in areas
        for i, indicator in enumerate(area["indicators"])
    ]
    forms = [(f"{place}.data_form", part["data_form"]) for place, part in indicators if "data_form" in part]
    objectives = [(f"objectives[{o}]", objective) for o, objective in enumerate(document.get("objectives", []))]
    for coded in (areas, indicators, forms, objectives):
        yield from _doubles(coded)
    yield from _same_names(areas)
    for place, area in areas:
        if area.get("from") and not document.get("previous"):
            yield f"{place}.from", _("This needs an edition before; name it in `previous`.")
    for place, indicator in indicators:
        yield from _ladder_faults(place, indicator)
        yield from _relation_faults(place, indicator, document.get("previous"))
    for place, form in forms:
        yield from _form_faults(place, form)
    known = {"areas": {area["code"] for _p, area in areas}, "indicators": {part["code"] for _p, part in indicators}}
    for place, objective in objectives:
        for kind, codes in known.items():
            for code in objective.get(kind, []):
                if code not in codes:
                    yield f"{place}.{kind}", _("The edition has no code “%s”.") % code


def _doubles(coded: list[tuple[str, Part]]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for place, part in coded:
        code = part["code"]
        if code in seen:
            first = f"{seen[code]}.code"
            yield f"{place}.code", _("The code “%(code)s” stands already at %(seen)s.") % {"code": code, "seen": first}
        seen.setdefault(code, place)


def _same_names(areas: list[tuple[str, Part]]) -> Iterator[Fault]:
    """Areas and indicators are found by what people call them, in letters of either case: no two alike."""
    named = [(f"{place}.code", area["code"], ("area", area["code"])) for place, area in areas]
    named += [
        (f"{place}.indicators[{i}].code", label(area["code"], indicator["code"]), ("indicator", indicator["code"]))
        for place, area in areas
        for i, indicator in enumerate(area["indicators"])
    ]
    seen: dict[str, tuple[str, tuple[str, str]]] = {}
    for place, name, coded in named:
        there, first = seen.setdefault(name.upper(), (place, coded))
        if name.upper() == EVERY_AREA:
            yield place, _("“%s” is what the chapters of a report call all areas together; choose another code.") % name
        elif there != place and first != coded:  # the same code twice was said before
            said = {"name": name, "seen": there}
            yield place, _("It would be called “%(name)s”, and so is what stands at %(seen)s already.") % said
    yield from _same_codes([(f"{place}.indicators", area["indicators"]) for place, area in areas])


def _same_codes(lists: list[tuple[str, list[Part]]]) -> Iterator[Fault]:
    """Indicator codes are in addresses and names of fields, where letters of either case must not matter."""
    seen: dict[str, tuple[str, str]] = {}
    for place, indicators in lists:
        for i, indicator in enumerate(indicators):
            code, where = indicator["code"], f"{place}[{i}].code"
            first, there = seen.setdefault(code.upper(), (code, where))
            if first != code:
                said = {"code": code, "seen": there}
                yield where, _("The code “%(code)s” differs only in small letters from the one at %(seen)s.") % said


def _ladder_faults(place: str, indicator: Part) -> Iterator[Fault]:
    values = [level["value"] for level in indicator["levels"]]
    if values != list(range(values[0], values[0] + len(values))):
        found = ", ".join(map(str, values))
        yield f"{place}.levels", _("The levels must rise by one without a gap; found %s.") % found


def _relation_faults(place: str, indicator: Part, previous: str | None) -> Iterator[Fault]:
    sources, relation = indicator.get("from", []), indicator.get("relation", "new")
    if relation != "new" and not previous:
        yield f"{place}.relation", _("“%s” needs an edition before; name it in `previous`.") % relation
    if (relation == "new") == bool(sources):
        yield f"{place}.from", _("An indicator names codes of the edition before exactly when it is not new.")
    if relation == "same" and len(sources) > 1:
        yield f"{place}.from", _("An indicator that is the same has one code in the edition before.")


def _form_faults(place: str, form: Part) -> Iterator[Fault]:
    columns = [(f"{place}.columns[{c}]", column) for c, column in enumerate(form["columns"])]
    yield from _doubles(columns)
    for where, column in columns:
        choices = column.get("choices", [])
        if (column["kind"] == "choice") != bool(choices):
            yield f"{where}.choices", _("A column lists choices exactly when its kind is choice.")
        yield from _doubles([(f"{where}.choices[{n}]", choice) for n, choice in enumerate(choices)])
    for where, column in columns:
        if column["kind"] == "yes_no" and re.fullmatch("[0-9]{4}", column["code"]):
            yield f"{where}.code", _("A column of yes and no is not called like a year; sums are named after both.")
    numbers = {column["code"] for column in form["columns"] if column["kind"] in ("integer", "decimal")}
    for n, check in enumerate(form.get("checks", [])):
        for code in check["columns"]:
            if code not in numbers:
                yield f"{place}.checks[{n}].columns", _("The table has no column of numbers “%s”.") % code


def _missing_translations(place: str, node: Any, languages: list[str]) -> Iterator[Fault]:
    if isinstance(node, list):
        for n, part in enumerate(node):
            yield from _missing_translations(f"{place}[{n}]", part, languages)
    elif isinstance(node, dict):
        for key, part in node.items():
            where = f"{place}.{key}" if place else key
            if key not in TEXTS:
                yield from _missing_translations(where, part, languages)
                continue
            for language in languages:
                if language not in part:
                    yield where, _("The translation into “%s” is missing.") % language
            for language in part:
                if language not in languages:
                    yield where, _("There is a text in “%s”, which `languages` does not list.") % language
