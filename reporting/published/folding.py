"""Text as the search compares it: without accents and case, so that both databases find the same."""

from collections.abc import Mapping

from scoreboard.text import alphabetical, one_line


def folded(*texts: str | Mapping[str, str] | None) -> str:
    """Return texts, of which those by language count in each of them, as one that is compared letter by letter."""
    found: list[str] = []
    for text in texts:
        found += [text] if isinstance(text, str) else (text or {}).values()
    return " ".join(alphabetical(one_line(each.replace("\0", ""))) for each in dict.fromkeys(found) if each)
