"""HTML set as tagged PDF: the only module that knows WeasyPrint. It knows no Django, so that its processes start soon.

`begin` prepares the process; `section` and `untagged` can then be called any number of times.
"""

import gc
import multiprocessing
import os
import re
import signal
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.request import url2pathname

from reporting.pdf import actual_text, chart_tags

PRODUCER = f"WeasyPrint {version('weasyprint')}"
STYLES = ("css/tokens.css", "css/pdf.css")
ANCHOR, LINK = re.compile(r' id="([^"]+)"'), re.compile(r' href="#([^"]+)"')  # in text, quotation marks are escaped
PAGES = re.compile(r'<html [^>]*data-pages="(\d+)"')
SMALLER = (7.6, 6.8, 6, 5.2)  # points, for what does not fit on its pages as it is
ELSEWHERE = "section:"  # the scheme of a link to an anchor of another section, which joining turns into a real one
DRAWN = "%3Csvg xmlns='http://www.w3.org/2000/svg' width='1' height='1'%3E%3Crect width='1' height='1'/%3E%3C/svg%3E"
# A word of each kind and in each font: the first costs more.
FIRST = f"""<html lang="en"><title>1</title><section><div class="running" data-title="1" data-mark="1" data-chapter="1">
</div><h1 id="1">1</h1><h2>1</h2><h3>1</h3><p class="lead">1 <b>1</b> <i>1</i> <a href="#1">1</a></p>
<table class="numbers"><caption><b>1</b> 1</caption><thead><tr><th scope="col">1</th><th scope="col"><b>1</b></th></tr>
</thead><tbody><tr><th scope="row">1</th><td>1</td></tr></tbody></table><div class="figure"><p class="caption">1</p>
<div class="chart"><img alt="1" src="data:image/svg+xml,{DRAWN}"><span>1</span></div></div></section>
<section class="landscape"><p>1</p></section>"""
GARBAGE = (50_000, 20, 50)  # boxes of a layout are many, and garbage only when it is done
LONG = 60_000  # characters, whose boxes are not left lying until others are garbage too


class PDFError(RuntimeError):
    """The document asked for something that it must not or cannot have."""


def missing() -> str | None:
    """Return the name of the library that typesetting lacks on this machine, or None if it lacks nothing."""
    try:
        import weasyprint  # noqa: F401 imported late, here as below, so that the portal starts without Pango
    except (ImportError, OSError) as error:
        found = re.search(r"library '([^']+)'", str(error))
        return found[1] if found else "Pango"
    return None


def begin(static: Path) -> None:
    """Prepare a process of its own for typesetting; it ends with the process that started it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, which ends this process with itself
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _means(static)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def section(html: str, static: Path) -> bytes:
    """Return the HTML as a tagged PDF (PDF/UA-1); links to anchors of other sections get addresses of their own.

    Where it says how many pages it may have, it is `fitted`. Raises PDFError if it asks for anything but data addresses
    and files in `static`.
    """
    html, words = actual_text.marked(_reaching(html))
    content = fitted(html, static).write_pdf(pdf_variant="pdf/ua-1") or b""
    if len(html) > LONG:
        gc.collect()
    if words:
        content = actual_text.given(content, words)
    return chart_tags.grouped(content) if chart_tags.CHART in html else content


def fitted(html: str, static: Path) -> Any:
    """Return the HTML typeset; with `data-pages` in its root, in letters small enough for so many pages."""
    found = render(html, static)
    if most := PAGES.search(html):
        for size in SMALLER:
            if len(found.pages) <= int(most[1]):
                break
            smaller = f"<style>html {{ font-size: {size}pt }}</style></head>"
            found = render(html.replace("</head>", smaller, 1), static)
    return found


def untagged(html: str, static: Path) -> bytes:
    """Return the HTML as a PDF without tags, for what is no content."""
    return render(html, static).write_pdf() or b""


def render(html: str, static: Path) -> Any:
    """Return the HTML typeset in pages. Raises PDFError as `section` does."""
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    fetcher, fonts, styles = _means(static)
    source = HTML(string=html, base_url=f"{static}/", url_fetcher=fetcher)
    try:
        # Of the hints in attributes the portal's pages have one: the number with which a list begins.
        return source.render(font_config=fonts, stylesheets=styles, pdf_variant="pdf/ua-1", presentational_hints=True)
    except FatalURLFetchingError as error:  # a BaseException, which would end the worker
        raise PDFError(str(error)) from error


def _end_with_the_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


@cache
def _means(static: Path) -> tuple[Any, Any, list[Any]]:
    """Everything that one section can use after another: what fetches, the fonts, the style sheets."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticFiles(URLFetcher):
        """Reads data addresses and the portal's static files, and nothing else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            path = Path(url2pathname(url.removeprefix("file://"))).resolve()
            if url.startswith("file:") and not path.is_relative_to(static.resolve()):
                raise ValueError(f"Not a static file of the portal: {url}")
            return super().fetch(url, headers)

    fetcher = StaticFiles(allowed_protocols={"file", "data"}, allow_redirects=False, fail_on_errors=True)
    fonts = FontConfiguration()
    return fetcher, fonts, [CSS(filename=static / name, font_config=fonts, url_fetcher=fetcher) for name in STYLES]


def _reaching(html: str) -> str:
    """The HTML with another address for each link to an anchor that is not in it."""
    here = set(ANCHOR.findall(html))
    return LINK.sub(lambda link: link[0] if link[1] in here else f' href="{ELSEWHERE}{link[1]}"', html)
