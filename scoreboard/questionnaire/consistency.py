"""Checks of an edition beyond its schema: doubles, missing translations, gaps in ladders, unknown references."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from scoreboard.models.questionnaire import indicator_label
from scoreboard.questionnaire.schema import Fault

# The keys that hold a text in every language.
TEXTS = frozenset(
    {"title", "short_title", "provisional_note", "mandate", "caution", "change_caution", "reading", "answer_rule"}
    | {"introduction", "report_lead", "measures", "guidance", "text", "help"}
)

EVERY_AREA = "AREAS"  # the name of all areas together in the chapters of a report

Part = dict[str, Any]
Placed = tuple[str, Part]  # a part of the document, after its place


def inconsistencies(document: Part) -> list[Fault]:
    """Return the place and sentence of each fault in a document that has the shape of an edition."""
    return [fault for check in CHECKS for fault in check(document)]


def _untranslated_texts(document: Part) -> Iterator[Fault]:
    languages = document["languages"]
    for place, text in _texts("", document):
        for language in languages:
            if language not in text:
                yield place, _("The translation into “%s” is missing.") % language
        for language in text:
            if language not in languages:
                yield place, _("There is a text in “%s”, which `languages` does not list.") % language


def _provisional_note(document: Part) -> Iterator[Fault]:
    if document.get("provisional") and not document.get("provisional_note"):
        yield "provisional_note", _("Say why the wording is provisional.")


def _code_is_no_address(document: Part) -> Iterator[Fault]:
    if document["code"] == "import":
        yield "code", _("Choose another code: this one is an address of the portal.")


def _own_previous(document: Part) -> Iterator[Fault]:
    if document.get("previous") == document["code"]:
        yield "previous", _("An edition does not come after itself.")


def _own_instrument(document: Part) -> Iterator[Fault]:
    if document.get("instrument") and document.get("previous"):
        yield "instrument", _("Only the first edition names the questionnaire; leave this out.")


def _codes_twice(document: Part) -> Iterator[Fault]:
    yield from _doubles(_areas(document))
    yield from _doubles(_indicators(document))
    yield from _doubles(_forms(document))
    yield from _doubles(_objectives(document))


def _labels_alike(document: Part) -> Iterator[Fault]:
    """Areas and indicators are found by their labels, in letters of either case: no two alike."""
    labelled = [(f"{place}.code", area["code"], ("area", area["code"])) for place, area in _areas(document)]
    labelled += [
        (f"{place}.code", indicator_label(area["code"], indicator["code"]), ("indicator", indicator["code"]))
        for area_place, area in _areas(document)
        for place, indicator in _listed(f"{area_place}.indicators", area["indicators"])
    ]
    seen: dict[str, tuple[str, tuple[str, str]]] = {}
    for place, name, coded in labelled:
        first_place, first = seen.setdefault(name.upper(), (place, coded))
        if name.upper() == EVERY_AREA:
            yield place, _("“%s” is what the chapters of a report call all areas together; choose another code.") % name
        elif first_place != place and first != coded:  # `_codes_twice` reports the same code
            words = {"name": name, "seen": first_place}
            yield place, _("It would be called “%(name)s”, and so is what is at %(seen)s already.") % words


def _codes_alike(document: Part) -> Iterator[Fault]:
    """Indicator codes are in addresses and names of fields, where letters of either case must not matter."""
    seen: dict[str, tuple[str, str]] = {}
    for place, indicator in _indicators(document):
        code, where = indicator["code"], f"{place}.code"
        first, first_place = seen.setdefault(code.upper(), (code, where))
        if first != code:
            words = {"code": code, "seen": first_place}
            yield where, _("The code “%(code)s” differs only in small letters from the one at %(seen)s.") % words


def _sources_of_areas(document: Part) -> Iterator[Fault]:
    for place, area in _areas(document):
        if area.get("from") and not document.get("previous"):
            yield f"{place}.from", _("This needs an edition before; name it in `previous`.")


def _ladders_and_relations(document: Part) -> Iterator[Fault]:
    for place, indicator in _indicators(document):
        yield from _ladder_faults(place, indicator)
        yield from _relation_faults(place, indicator, document.get("previous"))


def _data_forms(document: Part) -> Iterator[Fault]:
    for place, form in _forms(document):
        columns = _listed(f"{place}.columns", form["columns"])
        yield from _doubles(columns)
        for where, column in columns:
            yield from _choice_faults(where, column)
        for where, column in columns:
            if column["kind"] == "yes_no" and re.fullmatch("[0-9]{4}", column["code"]):
                yield f"{where}.code", _("A column of yes and no is not called like a year; sums are named after both.")
        yield from _check_faults(place, form)


def _unknown_codes(document: Part) -> Iterator[Fault]:
    known = {
        "areas": {area["code"] for _place, area in _areas(document)},
        "indicators": {indicator["code"] for _place, indicator in _indicators(document)},
    }
    for place, objective in _objectives(document):
        for kind, codes in known.items():
            for code in objective.get(kind, []):
                if code not in codes:
                    yield f"{place}.{kind}", _("The edition has no code “%s”.") % code


def _action_plans(document: Part) -> Iterator[Fault]:
    if named := document.get("action_plans"):
        ladders = {one["code"]: [level["value"] for level in one["levels"]] for _place, one in _indicators(document)}
        if named["indicator"] not in ladders:
            yield "action_plans.indicator", _("The edition has no code “%s”.") % named["indicator"]
        elif named["level"] not in ladders[named["indicator"]]:
            yield "action_plans.level", _("This is no level of the indicator. Choose one of its ladder.")


# What is asked of an edition, in the order in which faults are reported.
CHECKS: tuple[Callable[[Part], Iterator[Fault]], ...] = (
    _untranslated_texts,
    _provisional_note,
    _code_is_no_address,
    _own_previous,
    _own_instrument,
    _codes_twice,
    _labels_alike,
    _codes_alike,
    _sources_of_areas,
    _ladders_and_relations,
    _data_forms,
    _unknown_codes,
    _action_plans,
)


def _areas(document: Part) -> list[Placed]:
    return _listed("areas", document["areas"])


def _indicators(document: Part) -> list[Placed]:
    return [
        indicator
        for place, area in _areas(document)
        for indicator in _listed(f"{place}.indicators", area["indicators"])
    ]


def _forms(document: Part) -> list[Placed]:
    return [(f"{place}.data_form", part["data_form"]) for place, part in _indicators(document) if "data_form" in part]


def _objectives(document: Part) -> list[Placed]:
    return _listed("objectives", document.get("objectives", []))


def _listed(place: str, parts: list[Part]) -> list[Placed]:
    return [(f"{place}[{n}]", part) for n, part in enumerate(parts)]


def _doubles(coded: list[Placed]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for place, part in coded:
        code = part["code"]
        if code in seen:
            first = f"{seen[code]}.code"
            yield f"{place}.code", _("The code “%(code)s” is already at %(seen)s.") % {"code": code, "seen": first}
        seen.setdefault(code, place)


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


def _choice_faults(place: str, column: Part) -> Iterator[Fault]:
    choices = column.get("choices", [])
    if (column["kind"] == "choice") != bool(choices):
        yield f"{place}.choices", _("A column lists choices exactly when its kind is choice.")
    yield from _doubles(_listed(f"{place}.choices", choices))


def _check_faults(place: str, form: Part) -> Iterator[Fault]:
    numbers = {column["code"] for column in form["columns"] if column["kind"] in ("integer", "decimal")}
    for where, check in _listed(f"{place}.checks", form.get("checks", [])):
        for code in check["columns"]:
            if code not in numbers:
                yield f"{where}.columns", _("The table has no column of numbers “%s”.") % code


def _texts(place: str, node: Any) -> Iterator[Placed]:
    """Yield each text of the document, a block from language to translation, after its place."""
    if isinstance(node, list):
        for where, part in _listed(place, node):
            yield from _texts(where, part)
    elif isinstance(node, dict):
        for key, part in node.items():
            where = f"{place}.{key}" if place else key
            if key in TEXTS:
                yield where, part
            else:
                yield from _texts(where, part)
