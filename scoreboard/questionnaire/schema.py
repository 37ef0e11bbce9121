"""Checks a document against a JSON schema, with faults as sentences for the author of the file."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

SCHEMA = Path(__file__).with_name("edition.schema.json")

Fault = tuple[str, str]  # its place, and a sentence

TYPES = {
    "object": gettext_lazy("a block of keys"),
    "array": gettext_lazy("a list"),
    "string": gettext_lazy("a text, in quotation marks if it looks like a number"),
    "integer": gettext_lazy("a whole number"),
    "boolean": gettext_lazy("true or false"),
}

# The format of a text, by the title of its pattern in the schema.
FORMATS = {
    "slug": gettext_lazy("at most 40 small letters, digits and hyphens"),
    "code": gettext_lazy("at most 10 letters, digits and full stops, not full stops alone"),
    "name": gettext_lazy("at most 40 small letters, digits, hyphens and underscores"),
    "language": gettext_lazy("a language code in small letters, such as fr or pt-br"),
    "text": gettext_lazy("a text that is not empty and has no control characters"),
    "line": gettext_lazy("a line of at most 60 characters"),
    "date": gettext_lazy("a date such as 2026-03-31"),
    "iso2": gettext_lazy("an ISO code of two capital letters"),
    "iso3": gettext_lazy("an ISO code of three capital letters"),
}


def schema_faults(document: Any, schema: Path = SCHEMA) -> list[Fault]:
    """Return each place where a document does not match the schema file, sorted by place."""
    faults = sorted(_validator(schema).iter_errors(document), key=_order)
    found = [(_place(fault), sentence) for fault in faults for sentence in SENTENCES[str(fault.validator)](fault)]
    return list(dict.fromkeys(found))


@cache
def _validator(schema: Path) -> Draft202012Validator:
    return extend(Draft202012Validator, {"pattern": _pattern})(json.loads(schema.read_text()))


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    """As in the JSON Schema standard, `$` is the end; Python's would allow a line break after it."""
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield ValidationError(pattern)


def _order(fault: ValidationError) -> list[str]:
    return [f"{part:06}" if isinstance(part, int) else part for part in fault.absolute_path]


def _place(fault: ValidationError) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault.absolute_path)
    return "".join(parts).removeprefix(".") or "file"


def _excerpt(value: Any) -> str:
    if isinstance(value, dict | list):
        return str(TYPES["object" if isinstance(value, dict) else "array"])
    if value is None:
        return _("nothing")
    return Truncator(json.dumps(value, ensure_ascii=False)).chars(60)


def _wrong_type(fault: ValidationError) -> list[str]:
    wanted = fault.validator_value if isinstance(fault.validator_value, str) else fault.validator_value[0]
    return [_("Give %(wanted)s; found %(found)s.") % {"wanted": TYPES[wanted], "found": _excerpt(fault.instance)}]


def _missing(fault: ValidationError) -> list[str]:
    return [_("The key “%s” is missing.") % key for key in fault.validator_value if key not in fault.instance]


def _unknown(fault: ValidationError) -> list[str]:
    known = fault.schema["properties"]
    return [
        _("There is no key “%(key)s” here; there are: %(known)s.") % {"key": key, "known": ", ".join(known)}
        for key in fault.instance
        if key not in known
    ]


def _wrong_format(fault: ValidationError) -> list[str]:
    wanted = FORMATS[fault.schema["title"]]
    return [_("Give %(wanted)s; found %(found)s.") % {"wanted": wanted, "found": _excerpt(fault.instance)}]


def _out_of_range(fault: ValidationError) -> list[str]:
    limits = {"lowest": fault.schema["minimum"], "highest": fault.schema["maximum"], "found": fault.instance}
    return [_("Give a whole number from %(lowest)s to %(highest)s; found %(found)s.") % limits]


SENTENCES: dict[str, Callable[[ValidationError], list[str]]] = {
    "type": _wrong_type,
    "required": _missing,
    "additionalProperties": _unknown,
    "pattern": _wrong_format,
    "minimum": _out_of_range,
    "maximum": _out_of_range,
    "const": lambda fault: [_("This portal reads format %s and no other.") % fault.validator_value],
    "enum": lambda fault: [_("Choose one of: %s.") % ", ".join(fault.validator_value)],
    "minItems": lambda fault: [_("List at least %s.") % fault.validator_value],
    "maxItems": lambda fault: [_("List at most %s.") % fault.validator_value],
    "minProperties": lambda _fault: [_("Give the text, in each language.")],
    "uniqueItems": lambda _fault: [_("Each may be in the list only once.")],
}
