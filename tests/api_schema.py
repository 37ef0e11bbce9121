"""The schema of the API, to which tests hold what it answers."""

import re
from functools import cache

import jsonschema
from drf_spectacular.generators import SchemaGenerator

ALSO = {405}  # what any address may answer besides, to a method that it does not have


@cache
def schema() -> dict:
    """Return the schema."""
    return SchemaGenerator().get_schema(public=True)


def operations():
    """Yield each operation of the schema with its method and path."""
    for path, item in schema()["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


@cache
def _patterns() -> list[tuple[str, re.Pattern, dict]]:
    found = [(method, re.sub(r"{\w+}", "[^/]+", path), operation) for method, path, operation in operations()]
    return [(method, re.compile(pattern), operation) for method, pattern, operation in found]


def require_described(response) -> None:
    """Fail unless the schema has the answer: its status, its media type and, in JSON, every value."""
    method, path = response.request["REQUEST_METHOD"].lower(), response.request["PATH_INFO"]
    found = [operation for one, pattern, operation in _patterns() if one == method and pattern.fullmatch(path)]
    if not found or response.status_code in ALSO:
        return
    described = found[0]["responses"]
    place = f"{method} {path}: {response.status_code}"
    assert str(response.status_code) in described, place
    contents = described[str(response.status_code)].get("content", {})
    media_type = response.get("Content-Type", "").split(";")[0]
    assert media_type in contents or not (contents or media_type), place
    if media_type.endswith("json"):
        part = contents[media_type]["schema"] | {"components": schema()["components"]}
        jsonschema.Draft202012Validator(part).validate(response.json())
