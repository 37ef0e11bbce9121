"""Contributors: a focal point asks colleagues for a part, they suggest answers, the focal point decides."""

from scoreboard.contributors.deciding import adopt, decline, input_of, merged_input, open_suggestions
from scoreboard.contributors.inviting import (
    answer_part,
    change,
    colleagues,
    end_access,
    involve,
    limit,
    own_part,
    remind,
    remove,
    waiting_counts,
    waiting_for,
)
from scoreboard.contributors.suggesting import (
    stamp,
    suggest,
    suggest_figures,
    suggest_file,
    suggest_link,
    take_back,
    withdraw,
)

__all__ = [
    "adopt",
    "answer_part",
    "change",
    "colleagues",
    "decline",
    "end_access",
    "input_of",
    "involve",
    "limit",
    "merged_input",
    "open_suggestions",
    "own_part",
    "remind",
    "remove",
    "stamp",
    "suggest",
    "suggest_figures",
    "suggest_file",
    "suggest_link",
    "take_back",
    "waiting_counts",
    "waiting_for",
    "withdraw",
]
