"""An edition file as a document: read safely, and checked as a whole with every fault named by its place."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

MAX_BYTES = 5_000_000
SCHEMA = Path(__file__).with_name("edition.schema.json")

Document = dict[str, Any]

# The keys that hold a text in every language.
TEXTS = frozenset(
    ("title", "short_title", "provisional_note", "mandate", "caution", "reading")
    + ("introduction", "measures", "guidance", "text", "help")
)


class EditionError(Exception):
    """An edition file that cannot be imported; `problems` are sentences, each beginning with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Loader(yaml.SafeLoader):
    """Reads YAML (and JSON, which is YAML) and refuses a key given twice instead of dropping the first."""


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict:
    keys = [loader.construct_object(key, deep=True) for key, _value in node.value]
    for key, times in Counter(map(str, keys)).items():
        if times > 1:
            line = node.start_mark.line + 1
            raise yaml.YAMLError(
                _("The key “%(key)s” stands twice in the block at line %(line)s.") % {"key": key, "line": line}
            )
    return yaml.SafeLoader.construct_mapping(loader, node, deep=deep)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(content: bytes) -> Document:
    """Return the document in an edition file, checked as a whole; raise EditionError naming every fault's place."""
    if len(content) > MAX_BYTES:
        raise EditionError([_("The file has more than %s bytes; an edition is far smaller.") % MAX_BYTES])
    try:
        document = yaml.load(content.decode("utf-8-sig"), Loader=_Loader)  # noqa: S506 - derives from SafeLoader
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise EditionError([_("The file is not readable YAML or JSON: %s") % " ".join(str(error).split())]) from error
    if problems := check(document):
        raise EditionError(problems)
    return document


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text()))


def check(document: Any) -> list[str]:
    """Return every fault of a document as a sentence with its place; none for a sound edition."""
    faults = sorted(_validator().iter_errors(document), key=lambda fault: [str(part) for part in fault.absolute_path])
    if faults:
        return [f"{fault.json_path.removeprefix('$').removeprefix('.') or 'file'}: {fault.message}" for fault in faults]
    return [f"{place}: {fault}" for place, fault in _inconsistencies(document)]


def _inconsistencies(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what a schema cannot see: doubles, missing translations, gaps in ladders, unknown references."""
    yield from _missing_translations("", document, document["languages"])
    if document.get("provisional") and not document.get("provisional_note"):
        yield "provisional_note", _("Say why the wording is provisional.")
    areas = [(f"areas[{a}]", area) for a, area in enumerate(document["areas"])]
    yield from _doubles([(f"{place}.code", area["code"]) for place, area in areas])
    indicators = [
        (f"{place}.indicators[{i}]", indicator)
        for place, area in areas
        for i, indicator in enumerate(area["indicators"])
    ]
    yield from _doubles([(f"{place}.code", indicator["code"]) for place, indicator in indicators])
    for place, indicator in indicators:
        yield from _indicator_faults(place, indicator, document.get("previous"))
    known = {"areas": {a["code"] for _p, a in areas}, "indicators": {i["code"] for _p, i in indicators}}
    for o, objective in enumerate(document.get("objectives", [])):
        for kind, codes in known.items():
            for code in objective.get(kind, []):
                if code not in codes:
                    yield f"objectives[{o}].{kind}", _("The edition has no code “%s”.") % code


def _indicator_faults(place: str, indicator: Document, previous: str | None) -> Iterator[tuple[str, str]]:
    values = [level["value"] for level in indicator["levels"]]
    if values != list(range(values[0], values[0] + len(values))):
        yield f"{place}.levels", _("The levels must rise by one without a gap; found %s.") % values
    sources, relation = indicator.get("from", []), indicator.get("relation", "new")
    if relation != "new" and not previous:
        yield f"{place}.relation", _("“%s” needs an edition before; name it in `previous`.") % relation
    if (relation == "new") == bool(sources):
        yield f"{place}.from", _("An indicator names codes of the edition before exactly when it is not new.")
    if form := indicator.get("data_form"):
        columns = [(f"{place}.data_form.columns[{c}]", column) for c, column in enumerate(form["columns"])]
        yield from _doubles([(f"{where}.code", column["code"]) for where, column in columns])
        for where, column in columns:
            if (column["kind"] == "choice") != bool(column.get("choices")):
                yield f"{where}.choices", _("A column lists choices exactly when its kind is choice.")
            yield from _doubles(
                [(f"{where}.choices[{n}].code", choice["code"]) for n, choice in enumerate(column.get("choices", []))]
            )


def _doubles(codes: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for place, code in codes:
        if code in seen:
            yield (
                place,
                _("The code “%(code)s” stands already at %(seen)s.") % {"code": code, "seen": seen[code]},
            )
        seen.setdefault(code, place)


def _missing_translations(place: str, node: Any, languages: list[str]) -> Iterator[tuple[str, str]]:
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
