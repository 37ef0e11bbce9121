"""An answer as one sign on a page: a level on its shade, or another mark; each of them also in words."""

from fractions import Fraction
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.models import PublishedIssue

OTHERS: dict[str, tuple[str, str | Promise, Promise]] = {  # state → class, mark, words
    "unknown": ("glyph-unknown", "?", gettext_lazy("unknown")),
    "not_applicable": ("glyph-na", gettext_lazy("n/a"), gettext_lazy("not applicable")),
    "unanswered": ("glyph-unanswered", "·", gettext_lazy("not answered")),
    "absent": ("glyph-absent", "", gettext_lazy("no report")),
    "not_asked": ("glyph-absent", "", gettext_lazy("not asked")),
}


class Given(NamedTuple):
    """A country's answer to an indicator, as its row has it: the fields of `GIVEN`."""

    kind: str
    level: int | None
    points: int | None
    possible: int
    reason: str = ""
    comment: str = ""
    withheld: bool = False

    @property
    def share(self) -> Fraction | None:
        """The share of its possible points in percent; None without a level."""
        return None if self.points is None else Fraction(100 * self.points, self.possible)

    @property
    def has_words(self) -> bool:
        """Whether the country wrote something to it, published or withheld."""
        return bool(self.comment or self.reason or self.withheld)


LEVEL = Given._fields[:4]
GIVEN = Given._fields


class Glyph(NamedTuple):
    """The sign of an answer in a cycle; `rung` of `of` is the place of a level on its ladder.

    `broken` is the relation that parts its wording from that of the cycle before, empty if it is the same.
    """

    issue: PublishedIssue
    state: str
    level: int | None = None
    rung: int | None = None
    of: int = 0
    broken: str = ""

    @property
    def is_level(self) -> bool:
        """Whether it is a level."""
        return self.state == "level"

    @property
    def css(self) -> str:
        """Its classes."""
        return f"rung-{self.rung} of-{self.of}" if self.is_level else OTHERS[self.state][0]

    @property
    def mark(self) -> str:
        """What is written in it."""
        return str(self.level) if self.is_level else str(OTHERS[self.state][1])

    @property
    def words(self) -> str:
        """What it says."""
        return _("level %d") % self.level if self.is_level else str(OTHERS[self.state][2])


def glyph(
    issue: PublishedIssue,
    answer: Given | None,
    *,
    asked: bool = True,
    reported: bool = True,
    broken: str = "",
) -> Glyph:
    """Return the sign of an answer, or of what is there instead: no report, no such question, no answer."""
    if not reported:
        return Glyph(issue, "absent", broken=broken)
    if not asked:
        return Glyph(issue, "not_asked", broken=broken)
    if answer is None:
        return Glyph(issue, "unanswered", broken=broken)
    if answer.kind != "level":
        return Glyph(issue, answer.kind, broken=broken)
    return Glyph(issue, "level", answer.level, answer.points, answer.possible, broken)
