"""Parts of a page that are kept by what they are made of."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from scoreboard import kept

register = template.Library()

# What a question takes from its page, beside itself.
SHOWN = ("submission", "cycle", "edition", "closed", "text_language", "is_officer")


@register.simple_tag(takes_context=True)
def question(context: dict[str, Any], form: str) -> SafeString:
    """Print the loop's `question`: "open" to answer, "folded" or "closed"."""
    shown = {name: context[name] for name in (*SHOWN, "question")}
    return kept.text(f"scoreboard/focal/question_{form}.html", shown)
