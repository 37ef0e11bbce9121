"""The cells of a workbook: the columns that people fill, answers as text, and texts as answers.

The first row of an area's sheet is hidden. It holds AREA and the area's code, and above each column that is filled
the name of its part of an answer. Below, each indicator has a row that begins, hidden too, with its code and the
revision of the answer that the row shows. The sheet IDS holds the same in one cell, so that changes are noticed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoreboard.data_tables.yes_no import parse_yes_no
from scoreboard.models import Answer, AnswerVersion, Indicator
from scoreboard.submissions.answering import AnswerInput, Kind
from scoreboard.text import one_line, stripped

FORMAT = 1
IDS, AREA = "mikt-ids", "mikt-area"
HEADINGS = 3  # rows above the indicators: the hidden one, the title, the headings
LONGEST_OPTION = 250  # spreadsheets cut longer entries of a list

Content = dict[str, Any]  # field of an answer → value

YES_NO = ("comment_withheld", "next_step_public")  # parts that are filled with yes or no


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
        return self.name not in ("answer", *YES_NO)


# Of the step only what is intended was in files of before: without these columns nothing of them changes.
ADDED = {"next_step_by", "next_step_lead", "next_step_public"}

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
    Part("next_step_by", gettext_lazy("Step: by when"), gettext_lazy("A day, such as 2027-06-30."), 14),
    Part("next_step_lead", gettext_lazy("Step: who leads"), gettext_lazy("The authority that leads it."), 24),
    Part("next_step_public", gettext_lazy("Publish the step"), gettext_lazy("“Yes” lets everybody read it."), 14),
    Part(
        "change_reason",
        gettext_lazy("Why it differs from last time"),
        gettext_lazy("If the level is another one than last time."),
        28,
    ),
]


def levels(indicator: Indicator) -> str:
    """Return the text of the cell that explains an indicator's levels, in the active language."""
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


def texts(indicator: Indicator, answer: Answer | AnswerVersion | None) -> dict[str, str]:
    """Return by part the texts of an answer's cells, in the active language."""
    if answer is None:
        return {part.name: "" for part in PARTS}
    rungs = [level.pk for level in indicator.ladder]
    words: dict[str, str] = {Kind.NOT_APPLICABLE: _("Not applicable"), Kind.UNKNOWN: _("Unknown")}
    return {
        "answer": options(indicator)[rungs.index(answer.level_id)] if answer.level_id else words.get(answer.kind, ""),
        "reason": answer.reason,
        "comment": answer.comment,
        "comment_withheld": yes_no()[0] if answer.comment_withheld else "",
        "next_step": answer.next_step,
        "next_step_by": answer.next_step_by,
        "next_step_lead": answer.next_step_lead,
        "next_step_public": yes_no()[0] if answer.next_step_public else "",
        "change_reason": answer.change_reason,
    }


def fields(indicator: Indicator, part: str, cell: str) -> Content | None:
    """Return the fields of an answer that a filled cell sets, None for a text that is not in the cell's list."""
    if part == "answer":
        return _answer(indicator, cell)
    if part in YES_NO:
        withheld = parse_yes_no(cell) if cell else False
        return None if withheld is None else {part: withheld}
    return {part: plain(cell)}


def _answer(indicator: Indicator, cell: str) -> Content | None:
    cell = one_line(cell)
    if not cell:
        return {"kind": "", "level": None}
    for kind, word in ((Kind.NOT_APPLICABLE, _("Not applicable")), (Kind.UNKNOWN, _("Unknown"))):
        if cell.casefold() == word.casefold():  # `answering` refuses it where it is not offered
            return {"kind": kind, "level": None}
    # The number decides: the wording of a level may have been replaced while the file went round.
    number = re.match(r"([0-9]{1,9})(\.0+)?(?= ?·|$)", cell)
    if number and int(number[1]) in [level.value for level in indicator.ladder]:
        return {"kind": Kind.LEVEL, "level": int(number[1])}
    return None


def changed(answer: Answer | AnswerVersion | None, changes: Mapping[str, Any]) -> AnswerInput:
    """Return an answer with some fields changed, ready to be saved."""
    level = answer.level.value if answer and answer.level else None
    content: Content = {"kind": "", "level": level, "reason": "", "comment": "", "comment_withheld": False}
    content |= {"next_step": "", "next_step_by": "", "next_step_lead": "", "change_reason": ""}
    content["next_step_public"] = False
    if answer:
        content |= {name: getattr(answer, name) for name in content if name != "level"}
    content |= changes
    if content["kind"] not in (Kind.NOT_APPLICABLE, ""):
        content["reason"] = ""
    content["comment_withheld"] = bool(content["comment_withheld"] and content["comment"])
    content["next_step_public"] = bool(content["next_step_public"] and content["next_step"])
    return AnswerInput(**content)


def plain(text: str) -> str:
    """Return a text without the characters and line ends that programs change when they write a file."""
    text = re.sub(r"_x00[01][0-9A-Fa-f]_|_xFFF[EF]_|x005F_", "", text)
    return stripped(re.sub(r"[\x00\ufffe\uffff]", "", text))


def comparable(text: str) -> str:
    """Return a form of a text that equals that of another one if both read the same."""
    return one_line(plain(text)).casefold()


def _option(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_OPTION else text[: LONGEST_OPTION - 1] + "…"
