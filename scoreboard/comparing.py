"""Two states of a submission side by side: which answers differ, in which parts, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Piece = tuple[Literal["same", "gone", "new"], str]


def pieces(before: str, after: str) -> Iterator[Piece]:
    """Yield a text's way from `before` to `after` in runs of words that stayed, went or came."""
    old, new = _words(before), _words(after)
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > 2_000).get_opcodes():
        if kind == "equal":
            yield "same", "".join(old[i:j])
            continue
        if i < j:
            yield "gone", "".join(old[i:j])
        if k < m:
            yield "new", "".join(new[k:m])


def _words(text: str) -> list[str]:
    """Return the words, each with the white space after it."""
    return re.findall(r"\s+|\S+\s*", text)
