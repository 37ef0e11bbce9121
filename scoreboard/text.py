"""What people type, without what nobody sees: invisible characters, odd spaces, texts that say nothing."""

import re

# Unicode's Default_Ignorable_Code_Point: characters that are drawn as nothing (zero-width spaces, direction marks,
# soft hyphens, the byte order mark…); and the marks of annotations, which no program draws either.
_JOINERS = "\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef"
_OTHERS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
INVISIBLE = re.compile(f"[{_OTHERS}{_JOINERS}]")
_WITHOUT_JOINERS = re.compile(f"[{_OTHERS}]")


def one_line(text: str, *, keep_joiners: bool = False) -> str:
    """Return what a field of one line holds: no invisible characters, and one space where there was any white space.

    With `keep_joiners`, those stay that shape the letters of Persian and Indic words and the pictures of an emoji; a
    text of nothing but them is empty all the same.
    """
    if is_blank(text):
        return ""
    return " ".join((_WITHOUT_JOINERS if keep_joiners else INVISIBLE).sub("", text).split())


def stripped(text: str) -> str:
    """Return a text of several lines without white space around it; empty if there is nothing in it to see."""
    return "" if is_blank(text) else text.strip()


def is_blank(text: str) -> bool:
    """Whether a text holds nothing but white space and invisible characters."""
    return not INVISIBLE.sub("", text).strip()
