"""Texts kept by what they are made of: from the same content the same text, without writing it again.

A text is written from its context alone, and kept under all that this context holds. So what changes, changes the key,
and what one person may read never meets another's eye. Two things guard that: a text that asks the database while it
is written is not kept, and the parts of an edition go by its stamp, which no change of them leaves as it was.

Words that every save makes others are left out of a text and put in afterwards: the text around them stands as it was.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pickle import Pickler
from typing import Any

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.db import connection
from django.db.models import Model
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from scoreboard.http import SignedIn
from scoreboard.models import Area, DataForm, DataFormColumn, Edition, Indicator, Level

TOKEN = secrets.token_hex(32)  # stands in kept texts where each request has a token of its own
PARTS = {Area, Indicator, Level, DataForm, DataFormColumn}

_GAP = re.compile(TOKEN + r"-([a-z0-9]+);")


class Gaps:
    """The places that a text leaves open, and what belongs there."""

    def __init__(self) -> None:
        self.filling: dict[str, str] = {}

    def leave(self, name: str, words: Any) -> Any:
        """Return what stands for `words` until `fill`; no words stand for themselves: a text may ask if there are any.

        `name`, of small letters and digits, is the place's own. It bears no filter, and its HTML is escaped as ever.
        """
        if not words:
            return words
        self.filling[name] = conditional_escape(words)
        return SafeString(f"{TOKEN}-{name};")

    def fill(self, written: str) -> SafeString:
        """Return the text with all words in their places."""
        return SafeString(_GAP.sub(lambda gap: self.filling[gap[1]], written))


def page(request: SignedIn, template: str, context: dict[str, Any], gaps: Gaps) -> str:
    """Return a page with the request's own token. What answers a post or has a message to tell is written for once."""
    context = context | {"csrf_token": TOKEN}
    once = request.method == "POST" or len(get_messages(request))
    written = render_to_string(template, context, request) if once else text(template, context, request)
    return gaps.fill(written).replace(TOKEN, get_token(request))


class Shared(dict[str, Any]):
    """What several texts of one page take from it, told once into their keys."""

    @cached_property
    def digest(self) -> str:
        return _digest(self)


def text(
    template: str, context: dict[str, Any], request: SignedIn | None = None, shared: Shared | None = None
) -> SafeString:
    """Return the template written with `context` and what is `shared`.

    One of the two has the `edition` whose parts it shows.
    """
    key, context = _key(template, context, request, shared), {**(shared or {}), **context}
    found = caches["texts"].get(key)
    if found is None:
        with _questions() as asked:
            found = render_to_string(template, context, request)
        if not asked:
            caches["texts"].set(key, found)
    return SafeString(found)


def _key(template: str, context: dict[str, Any], request: SignedIn | None, shared: Shared | None) -> str:
    """Return a digest of all that the text is made of."""
    made_of: list[Any] = [template, get_language(), context, shared.digest if shared else ""]
    if request:
        made_of += [request.get_full_path(), request.user]
    return _digest(made_of)


def _digest(made_of: Any) -> str:
    written = BytesIO()
    _Content(written).dump(made_of)
    return sha256(written.getbuffer()).hexdigest()


class _Content(Pickler):
    """Writes down all that values hold, of an edition its stamp."""

    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        if not issubclass(kind, Model):
            return NotImplemented
        if kind is Edition:
            return kind, (value.pk, value.stamp)
        if kind in PARTS:
            return kind, (value.pk,)
        held = vars(value).copy()
        return kind, (), (held, held.pop("_state").fields_cache)


@contextmanager
def _questions() -> Iterator[list[str]]:
    """Note what the database is asked."""
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield asked
