"""Who gave which answer to an indicator: the countries in each count."""

from dataclasses import dataclass

from reporting.document import numbers
from reporting.document.document import Document
from reporting.document.parts import KINDS, Cell, Chapter, Participant, Tally

Row = tuple[Participant, list[tuple[Tally, Cell]]]


@dataclass(frozen=True)
class Choice:
    """An answer that can be given: how an address names it, its cell (None without a level), its text, and by whom."""

    anchor: str
    cell: Cell | None
    text: str
    countries: list[Participant]


def choices(document: Document, code: str) -> tuple[Chapter, Tally, list[Choice]]:
    """Return an indicator with its area and all answers to it, levels first; raise KeyError if there is none."""
    tallies = {tally.code: (chapter, tally) for chapter in document.chapters for tally in chapter.tallies}
    chapter, tally = tallies[code]
    asked = next(one for area in document.edition["areas"] for one in area["indicators"] if one["code"] == code)
    answers = {country["iso2"]: country["answers"].get(code, {}) for country in document.snapshot["countries"]}
    given: dict[tuple[str, int | None], list[Participant]] = {}
    for one in document.reported:
        answer = answers[one.iso2]
        given.setdefault((answer.get("kind", ""), answer.get("level")), []).append(one)
    highest = len(tally.ladder) - 1
    levels = [
        Choice(
            f"level-{level['value']}",
            Cell("level", level["value"], rung, highest),
            str(numbers.text(level["text"])),
            given.get(("level", level["value"]), []),
        )
        for rung, level in enumerate(asked["levels"])
    ]
    others = [
        Choice(kind or "unanswered", None, str(word), given.get((kind, None), [])) for kind, word in KINDS.items()
    ]
    return chapter, tally, levels + others


def matrix(document: Document) -> list[Row]:
    """Return each country with all its answers, each with its indicator."""
    tallies = [tally for chapter in document.chapters for tally in chapter.tallies]
    return [(country, list(zip(tallies, cells, strict=True))) for country, cells in document.matrix()]
