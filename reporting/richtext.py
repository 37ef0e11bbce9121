"""The restrained rich text of editions and narratives: Markdown in, sanitised HTML out."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a"}
_markdown = MarkdownIt("zero").enable(["emphasis", "list", "blockquote", "link", "newline", "escape", "entity"])


def html(source: object) -> SafeString:
    """Return `source` (paragraphs, emphasis, lists, quotations, links; any other markup is plain text) as safe HTML."""
    return mark_safe(  # noqa: S308 sanitised
        nh3.clean(
            _markdown.render(str(source)),
            tags=TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
        )
    )
