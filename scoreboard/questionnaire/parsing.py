"""Parses and writes plain data: JSON, or the small part of YAML that an edition needs.

Unlike full YAML: only `true`, `false`, `null` and whole numbers are not text, so that a date, a version number and the
language `no` remain as typed; keys are text and unique; there are no aliases (by which a small file becomes a huge
document) and no tags.
"""

import json
import re
from collections.abc import Hashable
from typing import Any

import yaml
from django.utils.translation import gettext as _

MAX_BYTES = 2_000_000
MAX_DIGITS = 18


class Refused(Exception):
    """A file that cannot be read; the message begins with the place."""


def parse(content: bytes) -> Any:
    """Return the plain data (dict, list, str, int, bool, None) in a JSON or YAML file; raise Refused, saying why."""
    if len(content) > MAX_BYTES:
        raise Refused(_("file: It has more than %s bytes; an edition is far smaller.") % MAX_BYTES)
    try:
        text = content.decode("utf-8-sig")
        return _json(text) if text.lstrip().startswith("{") else _yaml(text)
    except UnicodeDecodeError as error:
        raise Refused(_("file: It is not text in UTF-8; save it in that encoding.")) from error
    except RecursionError as error:
        raise Refused(_("file: It is nested far deeper than an edition.")) from error


def write(document: Any, form: str = "yaml") -> str:
    """Return plain data as the text of a file, `form` being yaml or json."""
    if form == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def _json(text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_unique_keys, parse_int=_parse_int, parse_float=str, parse_constant=str
        )
    except json.JSONDecodeError:
        return _yaml(text)  # a block in braces may be YAML; if it is neither, YAML's message names the place too


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in pairs:
        if key in data:
            raise Refused(_("file: The key “%s” is in the same block twice.") % key)
        data[key] = value
    return data


def _parse_int(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def _yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - derives from SafeLoader
    except yaml.MarkedYAMLError as error:
        raise _refused(error.problem_mark, _("This is neither YAML nor JSON: %s.") % error.problem) from error
    except yaml.YAMLError as error:
        raise Refused(_("file: It is neither YAML nor JSON: %s") % " ".join(str(error).split())) from error


def _refused(mark: Any, sentence: str) -> Refused:
    if mark is None:
        return Refused(f"file: {sentence}")
    place = _("line %(line)s, column %(column)s") % {"line": mark.line + 1, "column": mark.column + 1}
    return Refused(f"{place}: {sentence}")


class _Loader(yaml.SafeLoader):
    """Loads the part of YAML that the module describes."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _refused(event.start_mark, _("Write the text out; “*%s” refers to another place.") % event.anchor)
        if getattr(event, "tag", None):
            raise _refused(
                event.start_mark, _("Leave out the tag “%s”.") % event.tag.replace("tag:yaml.org,2002:", "!!")
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        mapping: dict[Hashable, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refused(key.start_mark, _("A key must be a text."))
            if key.value in mapping:
                raise _refused(key.start_mark, _("The key “%s” is in the same block twice.") % key.value)
            mapping[key.value] = self.construct_object(value, deep=deep)
        return mapping


for name, pattern, first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", ["t", "f"]),
    ("int", rf"^-?(?:0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}})$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(pattern), first)
