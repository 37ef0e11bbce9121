"""What the generated schema of the API cannot know by itself."""

import json
from typing import Any

from scoreboard.questionnaire import file

Data = dict[str, Any]

# What a refusal with a status means; each is a problem (RFC 9457) with a sentence.
MEANINGS = {
    400: "What was sent cannot be stored, or a parameter is not known.",
    401: "Nobody is signed in, or the token does not work.",
    403: "Not the person's role, or not the token's scope.",
    404: "Not there, or not yours to see.",
    409: "Not now: the state or the calendar does not allow it.",
    410: "What was published here is withdrawn.",
    412: "Changed since it was read: `current` is what is stored now, of an answer `sent` what was sent.",
    413: "Too large.",
    415: "Send JSON, or for a file multipart/form-data.",
    428: "The header If-Match is missing.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
    503: "The portal is being maintained and saves nothing.",
}


def whole_schema(result: Data, **_generation: Any) -> Data:
    """Complete the generated schema: required members of responses, refusals, and edition files with their own schema.

    Each definition of that one is added as EditionFile.name. A number is one in addresses too, where an address has it
    by a pattern of digits.
    """
    schemas = result["components"]["schemas"]
    for name, schema in schemas.items():
        if (properties := schema.get("properties")) and not name.endswith("Request"):
            schema["required"] = list(properties)
    schemas["Problem"] = PROBLEM
    for path, item in result["paths"].items():
        for method, operation in item.items():
            for parameter in operation.get("parameters", []):
                if (parameter["in"], parameter["name"]) == ("path", "id"):
                    parameter["schema"] = {"type": "integer"}
            for status in _refusals(path, method, operation):
                operation["responses"][str(status)] = {
                    "description": MEANINGS[status],
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
    text = file.SCHEMA.read_text().replace("#/$defs/", "#/components/schemas/EditionFile.")
    whole = json.loads(text)
    del whole["$schema"]
    definitions = whole.pop("$defs")
    schemas |= {"EditionFile": whole} | {f"EditionFile.{name}": part for name, part in definitions.items()}
    return result


PROBLEM: Data = {
    "type": "object",
    "description": "Why something was refused (RFC 9457), in the language that the request asks for.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for the person."},
        "errors": {"type": "object", "description": "By member or parameter."},
        "current": {"type": "object", "description": "What is stored now (412)."},
        "sent": {"type": "object", "description": "What was sent (412)."},
    },
}


def _refusals(path: str, method: str, operation: Data) -> list[int]:
    """Return the statuses with which an operation can be refused."""
    found = [400, 401, 403, 429]
    parameters = {parameter["name"] for parameter in operation.get("parameters", [])}
    if "{" in path or "page" in parameters:
        found.append(404)  # no such page of a list either
    if path.startswith("/api/v1/assessments/{"):
        found.append(410)
    if method != "get":
        found += [409, 413, 415, 503]
    elif "/evidence/" in path:
        found.append(409)  # a file that is not the one that was uploaded
    if "If-Match" in parameters:
        found += [412, 428]
    return found
