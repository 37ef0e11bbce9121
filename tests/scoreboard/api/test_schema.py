"""What programs are made from: the schema says each body so that a generated client sends one and reads the other.

That every answer is as the schema says, `Program` asks of each answer that tests get (tests/programs.py).
"""

import pytest

from tests.api_schema import operations, require_described, schema
from tests.programs import Program

pytestmark = pytest.mark.django_db


def members(part: dict) -> dict:
    """The members of an object, which may be named."""
    if "$ref" in part:
        part = schema()["components"]["schemas"][part["$ref"].rsplit("/", 1)[-1]]
    return part.get("properties", {})


def bodies():
    """Each operation's bodies by media type."""
    for method, path, operation in operations():
        content = operation.get("requestBody", {}).get("content", {})
        yield f"{method} {path}", {kind: body["schema"] for kind, body in content.items()}


def test_json_holds_no_file():
    with_file = [
        (place, kind)
        for place, kinds in bodies()
        for kind, body in kinds.items()
        if any(one.get("format") == "binary" for one in members(body).values())
    ]
    assert with_file
    assert {kind for _place, kind in with_file} == {"multipart/form-data"}


def test_each_media_type_has_an_object_of_its_own():
    """A generated client tells by the object what it is to send."""
    several = [kinds for _place, kinds in bodies() if len(kinds) > 1]
    assert several
    for kinds in several:
        assert len({str(body) for body in kinds.values()}) == len(kinds)


def test_what_can_be_null_says_so_as_openapi_31_does():
    """`nullable` is of OpenAPI 3.0, and means nothing any more."""

    def parts(part):
        yield part
        for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else []:
            yield from parts(one)

    assert [part for part in parts(schema()) if isinstance(part, dict) and part.get("nullable") is True] == []


def test_what_is_a_number_in_an_object_is_one_in_the_address():
    numbers = {"id", "submission", "part"}
    kinds = {
        parameter["schema"]["type"]
        for _method, _path, operation in operations()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "path" and parameter["name"] in numbers
    }
    assert kinds == {"integer"}


def test_an_answer_that_the_schema_does_not_have_is_noticed(draft, focal, monkeypatch):
    program = Program(focal, "write")
    response = program.send("get", "answer-detail", draft.pk, "P1", status=200)
    require_described(response)
    monkeypatch.setitem(members({"$ref": "Answer"}), "changed_at", {"type": "string"})
    with pytest.raises(Exception, match="None is not of type 'string'"):
        require_described(response)
