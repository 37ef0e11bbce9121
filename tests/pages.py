"""Reading a page as a browser does: its heading, its sentences, and what its form would send."""

import re
from html.parser import HTMLParser

INLINE = {"a", "abbr", "b", "code", "em", "i", "span", "strong", "time"}


class Page(HTMLParser):
    """What a test asks of a response: `h1`, the whole `text`, the main form's `fields`, and `links` by their words."""

    def __init__(self, response) -> None:
        super().__init__()
        self.h1, self.fields, self.links = "", {}, {}
        self._text: list[str] = []
        self._open: list[tuple[str, dict[str, str | None], int]] = []
        self._in_main = False
        self._select = ""
        self.feed(response.content.decode())
        self.text = _squeezed("".join(self._text))

    def handle_starttag(self, tag: str, attrs: list) -> None:
        values = dict(attrs)
        if tag not in INLINE:
            self._text.append(" ")
        if tag == "main":
            self._in_main = True
        if tag in ("h1", "a", "textarea"):
            self._open.append((tag, values, len(self._text)))
        sent = values.get("type") not in ("radio", "checkbox") or "checked" in values
        if tag == "input" and self._in_main and sent and (name := values.get("name")):
            self.fields[name] = values.get("value") or ""
        if tag == "select" and self._in_main:
            self._select = values.get("name") or ""
        if tag == "option" and self._select and ("selected" in values or self._select not in self.fields):
            self.fields[self._select] = values.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._in_main = False
        if tag == "select":
            self._select = ""
        if self._open and self._open[-1][0] == tag:
            _tag, values, start = self._open.pop()
            words = "".join(self._text[start:])
            if tag == "h1":
                self.h1 = _squeezed(words)
            elif tag == "a":
                self.links[_squeezed(words)] = values.get("href")
            elif values.get("name"):
                self.fields[values["name"]] = words.removeprefix("\n")

    def handle_data(self, data: str) -> None:
        self._text.append(data)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
