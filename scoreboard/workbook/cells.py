"""What stands in the cells of a workbook: the columns people fill, and answers as text there and back.

The first row of an area's sheet is hidden. It holds AREA and the area's code, and above each column that is filled
the name of its part of an answer. Below, each indicator has a row that begins, hidden too, with its code and the
revision of the answer that the row shows. The sheet IDS tells the same in one cell, so that a change of either shows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoreboard.data_tables.yes_no import read as read_yes_no
from scoreboard.models import Answer, AnswerVersion, Indicator
from scoreboard.submissions.answering import AnswerInput, Kind
from scoreboard.text import one_line, stripped

FORMAT = 1
IDS, AREA = "mikt-ids", "mikt-area"
HEADINGS = 3  # rows above the indicators: the hidden one, the title, the headings
LONGEST_OPTION = 250  # spreadsheets cut longer entries of a list

Content = dict[str, Any]  # field of an answer → value


@dataclass(frozen=True)
class Part:
    """A column that is filled: a part of the answer, its heading, a word of help, and its width in characters."""

    name: str
    title: str | Promise
    help: str | Promise
    width: int

    @property
    def is_text(self) -> bool:
        """Whether people write into it; the others have a list to choose from."""
        return self.name not in ("answer", "comment_withheld")


PARTS = [
    Part("answer", gettext_lazy("Answer"), gettext_lazy("Choose from the list."), 36),
    Part("reason", gettext_lazy("Reason"), gettext_lazy("Only if it is not applicable."), 28),
    Part("comment", gettext_lazy("Comment"), gettext_lazy("Published with the answer."), 60),
    Part(
        "comment_withheld",
        gettext_lazy("Withhold the comment"),
        gettext_lazy("“Yes” keeps the comment from publication."),
        14,
    ),
    Part("next_step", gettext_lazy("Next step"), gettext_lazy("What is intended towards the next level."), 36),
    Part(
        "change_reason",
        gettext_lazy("Why it differs from last time"),
        gettext_lazy("If the level is another one than last time."),
        28,
    ),
]


def levels(indicator: Indicator) -> str:
    """Return what the cell beside an indicator says of its levels, in the active language."""
    return "\n\n".join(f"{level.value} · {level.text}" for level in indicator.ladder)


def level_options(indicator: Indicator) -> list[str]:
    """Return the entries of an indicator's list that are levels, in the active language."""
    return [_option(f"{level.value} · {level.text}") for level in indicator.ladder]


def options(indicator: Indicator) -> list[str]:
    """Return the entries of an indicator's list, in the active language."""
    return [*level_options(indicator), *([_("Not applicable")] if indicator.not_applicable else []), _("Unknown")]


def yes_no() -> list[str]:
    """Return the entries of a list of two."""
    return [_("Yes"), _("No")]


def shown(indicator: Indicator, says: Answer | AnswerVersion | None) -> dict[str, str]:
    """Return by part what the cells of an answer hold, in the active language."""
    if says is None:
        return {part.name: "" for part in PARTS}
    rungs = [level.pk for level in indicator.ladder]
    answer = {Kind.NOT_APPLICABLE: _("Not applicable"), Kind.UNKNOWN: _("Unknown")}.get(Kind(says.kind or Kind.LEVEL))
    return {
        "answer": options(indicator)[rungs.index(says.level_id)] if says.level_id else answer or "",
        "reason": says.reason,
        "comment": says.comment,
        "comment_withheld": yes_no()[0] if says.comment_withheld else "",
        "next_step": says.next_step,
        "change_reason": says.change_reason,
    }


def meant(indicator: Indicator, part: str, cell: str) -> Content | None:
    """Return the fields of an answer that a filled cell sets, None for what stands in none of the lists."""
    if part == "answer":
        return _answer(indicator, cell)
    if part == "comment_withheld":
        said = read_yes_no(cell) if cell else False
        return None if said is None else {part: said}
    return {part: plain(cell)}


def _answer(indicator: Indicator, cell: str) -> Content | None:
    cell = one_line(cell)
    if not cell:
        return {"kind": "", "level": None}
    for kind, word in ((Kind.NOT_APPLICABLE, _("Not applicable")), (Kind.UNKNOWN, _("Unknown"))):
        if cell.casefold() == word.casefold():  # whether it is offered here, `answering` says in a sentence
            return {"kind": kind, "level": None}
    # The number decides: the wording of a level may have been replaced while the file went round.
    number = re.match(r"([0-9]{1,9})(\.0+)?(?= ?·|$)", cell)
    if number and int(number[1]) in [level.value for level in indicator.ladder]:
        return {"kind": Kind.LEVEL, "level": int(number[1])}
    return None


def given(says: Answer | AnswerVersion | None, changes: Mapping[str, Any]) -> AnswerInput:
    """Return an answer with some fields changed, ready to be saved."""
    level = says.level.value if says and says.level else None
    stands: Content = {"kind": "", "level": level, "reason": "", "comment": "", "comment_withheld": False}
    stands |= {"next_step": "", "change_reason": ""}
    if says:
        stands |= {name: getattr(says, name) for name in stands if name != "level"}
    stands |= changes
    if stands["kind"] not in (Kind.NOT_APPLICABLE, ""):
        stands["reason"] = ""
    stands["comment_withheld"] = bool(stands["comment_withheld"] and stands["comment"])
    return AnswerInput(**stands)


def plain(text: str) -> str:
    """Return a text as two programs agree on it: without the marks and line ends that writing a file can change."""
    text = re.sub(r"_x00[01][0-9A-Fa-f]_|_xFFF[EF]_|x005F_", "", text)
    return stripped(re.sub(r"[\x00\ufffe\uffff]", "", text))


def compared(text: str) -> str:
    """Return a text so that it equals another one if both read the same."""
    return one_line(plain(text)).casefold()


def _option(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_OPTION else text[: LONGEST_OPTION - 1] + "…"
