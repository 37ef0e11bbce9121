"""The restrained rich text of editions and narratives: Markdown in, sanitised HTML out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a"}
HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
RULES = ["emphasis", "list", "blockquote", "link", "newline", "escape", "entity"]
LIVE = re.compile(r"\[\[([^\[\]\n]{1,300})\]\]")
# What takes the place of trusted parts while the rest is sanitised: an element, which no text can hold, since the
# Markdown allows no HTML and each "<" that is typed is escaped.
MARK = re.compile(r'<data value="(\d+)"></data>')


def _markdown(*more: str) -> MarkdownIt:
    markdown = MarkdownIt("zero").enable([*RULES, *more])
    # A relative address would lead into the portal on a page, and into the file system from a PDF. The library
    # expects this method to be replaced.
    markdown.validateLink = lambda url: bool(re.match(r"(https?://|mailto:)", url, re.IGNORECASE))  # type: ignore[method-assign]
    return markdown


_plain = _markdown()


def html(source: object) -> SafeString:
    """Return `source` (paragraphs, emphasis, lists, quotations, links; any other markup is plain text) as safe HTML."""
    return _sanitised(_plain.render(str(source)), TAGS)


def _sanitised(raw: str, tags: set[str]) -> SafeString:
    attributes = {"a": {"href"}, "ol": {"start"}, "data": {"value"}}
    return mark_safe(  # noqa: S308 sanitised
        nh3.clean(raw, tags=tags, attributes=attributes, url_schemes={"http", "https", "mailto"}, link_rel=None)
    )


@dataclass(frozen=True)
class Live:
    """A name between double brackets, its line, and whether it is a paragraph by itself."""

    name: str
    line: int
    alone: bool


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, quotation or item of a list, as it was typed, and the line on which it begins."""

    line: int
    source: str


def blocks(source: str) -> list[Block]:
    """Return the blocks of a text in their order; each item of a list is one, with whatever is within it."""
    source = source.replace("\r\n", "\n")
    rows, found = source.split("\n"), []
    for token in _narrative.parse(source):
        if token.type == "footnote_block_open":
            break
        is_item = token.level == 1 and token.type == "list_item_open"
        is_list = token.type in ("bullet_list_open", "ordered_list_open")
        if token.map and (is_item or (token.level == 0 and not is_list)):
            first, end = token.map
            found.append(Block(first + 1, "\n".join(rows[first:end]).rstrip()))
    return found


class Narrative:
    """A text with headings, footnotes and live names too; the caller shows the latter."""

    def __init__(self, source: str):
        # Line breaks as the web sends them would make two texts of one.
        tokens = _narrative.parse(source.replace("\r\n", "\n"))
        end = next((n for n, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
        self._tokens = tokens[:end]
        self._notes = [token.children or [] for token in tokens[end:] if token.type == "inline"]
        self.live: list[Live] = []
        for above, token in zip([None, *self._tokens], self._tokens, strict=False):
            if token.type == "inline":
                is_paragraph = above is not None and above.type == "paragraph_open" and above.level == 0
                alone = is_paragraph and [child.type for child in token.children or []] == ["live"]
                self._number(token.children or [], (token.map or [0])[0] + 1, alone=alone)

    def html(self, show: Callable[[Live], str], *, level: int, anchor: str) -> SafeString:
        """Return the text as safe HTML; `show` gives trusted HTML for a live name, a block for one that is alone.

        Its highest heading is of `level`, and none leaves one out; ids of footnotes begin with `anchor`.
        """
        shown = [show(one) for one in self.live]
        render, options = _narrative.renderer.render, _narrative.options
        body = _sanitised(render(self._levelled(level), options, {}), TAGS | HEADINGS | {"data"})
        inline = [Token("inline", "", 0, children=self._marked(note)) for note in self._notes]
        notes = [_sanitised(render([note], options, {}), TAGS | {"data"}) for note in inline]

        def trusted(found: re.Match[str]) -> str:
            n = int(found[1])
            return shown[n] if n < len(shown) else _reference(anchor, n - len(shown) + 1)

        whole = [MARK.sub(trusted, part) for part in [body, *notes]]
        return mark_safe(whole[0] + _footnotes(anchor, whole[1:]))  # noqa: S308 sanitised, and trusted parts put in

    def words(self, show: Callable[[Live], str]) -> str:
        """Return the words of the text and its footnotes without markup; `show` gives those of a live name."""
        found = (self._words(token.children or [], show) for token in self._tokens if token.type == "inline")
        return " ".join(" ".join(found).split())

    def _words(self, children: list[Token], show: Callable[[Live], str]) -> str:
        def said(one: Token) -> str:
            if one.type == "live":
                return show(self.live[one.meta["n"]])
            if one.type == "footnote_ref":
                return f" ({self._words(self._notes[one.meta['id']], show)}) "
            return " " if one.type in ("softbreak", "hardbreak") else one.content

        return "".join(said(child) for child in children)

    def _number(self, children: list[Token], line: int, *, alone: bool = False) -> int:
        """Number live names in the order of the text, those of footnotes too; return the line on which it ends."""
        for child in children:
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "live":
                child.meta = {"n": len(self.live), "alone": alone}
                self.live.append(Live(child.content, line, alone))
            elif child.type == "footnote_ref":
                line = self._number(self._notes[child.meta["id"]], line)
        return line

    def _marked(self, children: list[Token]) -> list[Token]:
        """Inline tokens with marks in the places of live names and footnotes."""

        def mark(one: Token) -> Token:
            n = one.meta["n"] if one.type == "live" else len(self.live) + one.meta["id"]
            return Token("html_inline", "", 0, content=f'<data value="{n}"></data>')

        return [mark(one) if one.type in ("live", "footnote_ref") else one for one in children]

    def _levelled(self, level: int) -> list[Token]:
        """The tokens as they are rendered: headings from `level` on, one step at a time; blocks without a paragraph."""
        deepest, tokens = level - 1, []
        for before, token, after in zip([None, *self._tokens], self._tokens, [*self._tokens[1:], None], strict=False):
            if token.type == "inline":
                children = self._marked(token.children or [])
                block = Token("html_block", "", 0, content=children[0].content) if _is_alone(token) else None
                tokens.append(block or token.copy(children=children))
            elif token.type in ("heading_open", "heading_close"):
                if token.type == "heading_open":
                    deepest = min(level - 1 + len(token.markup), deepest + 1, 6)
                tokens.append(token.copy(tag=f"h{deepest}"))
            elif not (_is_alone(before) or _is_alone(after)):
                tokens.append(token)
        return tokens


def _is_alone(token: Token | None) -> bool:
    return bool(token and token.type == "inline" and [one.meta.get("alone") for one in token.children or []] == [True])


def _reference(anchor: str, n: int) -> SafeString:
    words = _("Footnote %(n)d") % {"n": n}
    address = f"{anchor}-note-{n}"
    return format_html('<sup><a id="{0}-from" href="#{0}" aria-label="{1}">{2}</a></sup>', address, words, n)


def _footnotes(anchor: str, notes: list[str]) -> str:
    if not notes:
        return ""
    # The notes are marked safe because `_sanitised` has been over each of them.
    rows: Iterator[tuple[Any, ...]] = (
        (f"{anchor}-note-{n}", mark_safe(note), _("Back to footnote %(n)d in the text") % {"n": n})  # noqa: S308
        for n, note in enumerate(notes, start=1)
    )
    item = '<li id="{0}">{1} <a href="#{0}-from" aria-label="{2}">↑</a></li>'
    return format_html('<ol class="footnotes">{}</ol>', format_html_join("", item, rows))


def _live(state: StateInline, silent: bool) -> bool:
    """[[name]]"""
    found = LIVE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("live", "", 0)
        token.content = " ".join(found[1].split())
    state.pos = found.end()
    return True


_narrative = _markdown("heading").use(footnote_plugin)
_narrative.disable(["footnote_def", "footnote_ref"])  # a note is written where its number is: ^[The note.]
_narrative.inline.ruler.before("link", "live", _live)
