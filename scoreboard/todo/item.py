"""One line of what a person should do or know, as the home page and a submission's own page print it."""

from dataclasses import dataclass

from scoreboard.submissions.completeness import Progress


@dataclass(frozen=True)
class Item:
    """One thing to do, or to know; its tone is "action" if it waits for this person."""

    title: str
    sentence: str
    url: str = ""
    action: str = ""  # what the link says
    tone: str = "neutral"
    progress: Progress | None = None
    example: bool = False  # whether it speaks of an invented example cycle
