"""Colleagues in other ministries: a focal point asks them for a part, they suggest, the focal point decides."""

from scoreboard.contributors.deciding import adopt, as_given, decline, in_full, open_suggestions
from scoreboard.contributors.inviting import (
    answer,
    change,
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
    "answer",
    "as_given",
    "change",
    "decline",
    "in_full",
    "involve",
    "limit",
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
