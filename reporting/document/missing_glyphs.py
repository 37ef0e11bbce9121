"""Text that no installed font can show: marked in its place in a PDF, so that no empty boxes are printed unnoticed."""

import re
import subprocess
import unicodedata
from collections.abc import Iterable
from functools import cache
from html import escape, unescape

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TAG = re.compile(r"(<[^>]*>)")
HEAD = re.compile(r"<head>.*?</head>", re.DOTALL)  # metadata is not printed
RUNNING = '<div class="running"'
FOUND = re.compile(r'<span class="not-shown" title="([^"]*)">')
INVISIBLE = ("C", "Z")  # categories of letters that need no glyph; of these, private ones have none but need one
PRIVATE = ("Co", "Cn")

# Debian's packages of fonts, by how the Unicode names of the letters begin that they show.
PACKAGES = {
    "CJK": "fonts-noto-cjk",
    "HANGUL": "fonts-noto-cjk",
    "HIRAGANA": "fonts-noto-cjk",
    "KATAKANA": "fonts-noto-cjk",
    "BOPOMOFO": "fonts-noto-cjk",
}
OTHER_PACKAGE = "fonts-noto-extra"

NOTE: Promise = gettext_lazy("[text not shown, see the web page]")


def marked(html: str) -> str:
    """Return the HTML with a note in the place of each text that cannot be shown; `left_out` returns these texts."""
    runs = _unshown(html)
    if runs is None:
        return html
    head = HEAD.search(html)
    begins = head.end() if head else 0
    return html[:begins] + "".join(_with_notes(part, runs) for part in TAG.split(html[begins:]))


def drawn(svg: str) -> str:
    """Return a chart with a short note in the place of each label that cannot be shown: charts have little room."""
    runs = _unshown(svg)
    return runs.sub(_("[not shown]"), svg) if runs else svg


def _with_notes(part: str, runs: re.Pattern[str]) -> str:
    """A tag or a text of HTML with notes; of tags, only what runs along the pages is printed."""
    if not part.startswith("<"):
        return runs.sub(
            lambda run: f'<span class="not-shown" title="{escape(unescape(run[0]))}">{escape(str(NOTE))}</span>', part
        )
    return runs.sub(escape(str(NOTE)), part) if part.startswith(RUNNING) else part


def _unshown(text: str) -> re.Pattern[str] | None:
    """What matches a run of letters of the text that cannot be shown, None if all of them can."""
    missing = {letter for letter in set(text) if letter > "~" and not _is_shown(letter)}
    letters = "".join(map(re.escape, sorted(missing)))
    return re.compile(f"[{letters}](?:[{letters} ]*[{letters}])?") if missing else None


def left_out(html: str) -> list[str]:
    """Return the texts that `marked` has left out of the HTML, in their order."""
    return [unescape(text) for text in FOUND.findall(html)]


def packages(texts: Iterable[str]) -> list[str]:
    """Return Debian's packages of fonts that show the letters of these texts; none for letters without a meaning."""
    wanted = set()
    for letter in {letter for text in texts for letter in text if not letter.isspace()}:
        if unicodedata.category(letter) not in PRIVATE:
            wanted.add(PACKAGES.get(unicodedata.name(letter, "").split(" ")[0].split("-")[0], OTHER_PACKAGE))
    return sorted(wanted)


def _is_shown(letter: str) -> bool:
    category = unicodedata.category(letter)
    if category.startswith(INVISIBLE) and category not in PRIVATE:
        return True
    return ord(letter) in _covered()


@cache
def _covered() -> frozenset[int]:
    """The letters that the installed fonts have, as fontconfig lists them: new fonts count after a restart."""
    listed = subprocess.run(["fc-list", "--format=%{charset}\\n"], capture_output=True, check=True, text=True)  # noqa: S607 - Pango needs fontconfig and installs it
    covered: set[int] = set()
    for word in set(listed.stdout.split()):
        first, _dash, last = word.partition("-")
        covered.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(covered)
