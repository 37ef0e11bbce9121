"""An edition file as a document: parsed, checked as a whole with every fault named by its place, and written."""

from typing import Any

from scoreboard.questionnaire.consistency import TEXTS, inconsistencies
from scoreboard.questionnaire.parsing import Refused, parse, write
from scoreboard.questionnaire.schema import SCHEMA, schema_faults

__all__ = [
    "SCHEMA",
    "TEXTS",
    "Document",
    "EditionError",
    "Refused",
    "check",
    "parse",
    "read_edition",
    "schema_faults",
    "write",
]

Document = dict[str, Any]


class EditionError(Exception):
    """An edition file that cannot be imported; `problems` are sentences, each beginning with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_edition(content: bytes) -> Document:
    """Return the document in an edition file, checked as a whole; raise EditionError naming every fault's place."""
    try:
        document: Document = parse(content)
    except Refused as refused:
        raise EditionError([str(refused)]) from refused
    if problems := check(document):
        raise EditionError(problems)
    return document


def check(document: Any) -> list[str]:
    """Return every fault of a document as a sentence with its place; none for a valid edition.

    Inconsistencies are looked for once the document matches the schema.
    """
    faults = schema_faults(document) or inconsistencies(document)
    return [f"{place}: {sentence}" for place, sentence in faults]
