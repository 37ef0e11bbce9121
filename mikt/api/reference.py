"""Turns the API's schema (OpenAPI 3.1) into a page: operations by subject, and the objects that they return."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Data = dict[str, Any]

KINDS = {
    "string": gettext_lazy("text"),
    "integer": gettext_lazy("whole number"),
    "number": gettext_lazy("number"),
    "boolean": gettext_lazy("true or false"),
    "null": gettext_lazy("nothing (null)"),
    "object": gettext_lazy("object"),
    "date": gettext_lazy("date"),
    "date-time": gettext_lazy("date and time"),
    "double": gettext_lazy("number"),
    "uri": gettext_lazy("address"),
}


@dataclass(frozen=True)
class Field:
    """A parameter of an operation or a member of an object; its kind is HTML with links to the objects."""

    name: str
    kind: SafeString
    meaning: str
    required: bool


@dataclass(frozen=True)
class Object:
    """An object in a response."""

    name: str
    meaning: str
    members: list[Field]

    @property
    def anchor(self) -> str:
        return _anchor(self.name)


@dataclass(frozen=True)
class Operation:
    """An operation of the API: a method of an address."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    body: SafeString  # what it is sent, empty if nothing
    answer: SafeString
    refusals: list[int]
    needs_account: bool

    @property
    def anchor(self) -> str:
        return slugify(f"{self.method} {self.path.replace('/', ' ')}")

    @property
    def example(self) -> str:
        """The path with its parameters in capitals."""
        parts = self.path.split("/")
        return "/".join(part.strip("{}").upper() if part.startswith("{") else part for part in parts)


class Reference:
    """The reference of a schema, in the active language: `subjects` with their operations, and `objects`."""

    def __init__(self, schema: Data) -> None:
        self._schemas: Data = schema["components"]["schemas"]
        self.subjects: dict[str, list[Operation]] = {}
        for path, item in schema["paths"].items():
            for method, operation in item.items():
                found = self._operation(method.upper(), path, operation)
                self.subjects.setdefault(operation["tags"][0], []).append(found)
        self.objects = [
            Object(name, part.get("description", ""), self._members(part))
            for name, part in self._schemas.items()
            if "properties" in part and not _is_page(part)
        ]

    def _operation(self, method: str, path: str, operation: Data) -> Operation:
        [done] = [response for status, response in operation["responses"].items() if status < "300"]
        return Operation(
            method=method,
            path=path,
            summary=operation["summary"],
            description=operation["description"],
            parameters=[
                Field(part["name"], self._kind(part["schema"]), _meaning(part), part.get("required", False))
                for part in operation.get("parameters", [])
            ],
            body=self._content(operation.get("requestBody", {})),
            answer=self._content(done),
            refusals=sorted(int(status) for status in operation["responses"] if status >= "400"),
            needs_account={} not in operation["security"],
        )

    def _content(self, message: Data) -> SafeString:
        """Return the type of what a request or an answer holds, empty if it holds nothing."""
        contents = message.get("content", {}).items()
        kinds = [_("a CSV file") if kind == "text/csv" else self._kind(content["schema"]) for kind, content in contents]
        return _either(kinds)

    def _members(self, schema: Data) -> list[Field]:
        required = schema.get("required", [])
        return [
            Field(name, self._kind(part), _meaning(part), name in required)
            for name, part in schema["properties"].items()
        ]

    def _kind(self, schema: Data) -> SafeString:
        """Return the type of a value as text; see JSON Schema for the keywords."""
        if "$ref" in schema:
            return self._reference_to(schema["$ref"].rsplit("/", 1)[-1])
        for choice in ("allOf", "oneOf", "anyOf"):
            if choice in schema:
                return _either(self._kind(part) for part in schema[choice])
        if values := schema.get("enum", [schema["const"]] if "const" in schema else []):
            return _either(format_html("<code>{}</code>", _json(value)) for value in values)
        if isinstance(schema["type"], list):
            return _either(self._kind({**schema, "type": one}) for one in schema["type"])
        if schema["type"] == "array":
            return format_html(_("list of {}"), self._kind(schema["items"]))
        if "properties" in schema:
            members = ((member.name, member.kind) for member in self._members(schema))
            return format_html(_("object with {}"), format_html_join(", ", "<code>{}</code> ({})", members))
        if isinstance(schema.get("additionalProperties"), dict) and schema["additionalProperties"]:
            if schema["additionalProperties"]["type"] == "string":
                return format_html("{}", _("texts by language"))
            return format_html(_("object from key to {}"), self._kind(schema["additionalProperties"]))
        named = schema.get("format") if schema["type"] == "string" else None
        return format_html("{}", KINDS.get(named or "", KINDS[schema["type"]]))

    def _reference_to(self, name: str) -> SafeString:
        schema = self._schemas[name]
        if "properties" not in schema:
            return self._kind(schema)
        if _is_page(schema):
            return format_html(_("page of {}"), self._kind(schema["properties"]["results"]["items"]))
        return format_html('<a href="#{}">{}</a>', _anchor(name), name)


def _is_page(schema: Data) -> bool:
    return set(schema["properties"]) == {"count", "next", "previous", "results"}


def _either(kinds: Any) -> SafeString:
    return format_html_join(_(" or "), "{}", ((kind,) for kind in dict.fromkeys(kinds)))


def _json(value: Any) -> str:
    return "null" if value is None else f'"{value}"' if isinstance(value, str) else str(value)


def _meaning(part: Data) -> str:
    return part.get("description") or part.get("schema", {}).get("description") or part.get("title", "")


def _anchor(name: str) -> str:
    return "object-" + slugify(name.replace(".", " "))
