"""Public pages as visitors get them: how much slower than a bare view of the same bytes, stored and not, and how large.

The portal runs as in the field, with 60 countries in each of ten cycles.
"""

import gzip
import re
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from django.urls import reverse

from bench import results, scene
from bench.figure import Figure
from bench.server import Server
from reporting.models import PublishedCountry, PublishedIndicator
from reporting.published import writing
from scoreboard import public_pages

OFTEN, SELDOM, WARMING = 200, 9, 12  # how often a page is asked for that is stored, and one that is not


def measure(folder: Path) -> Iterator[Figure]:
    """Yield for each page how many times as long as a bare view it takes, and what a first visit transfers."""
    edition = scene.edition()
    issues = results.published(edition, cycles=results.CYCLES, countries=results.COUNTRIES, year=2010)
    writing.rebuild()
    server = Server(folder / "public.log", DJANGO_SETTINGS_MODULE="bench.settings")
    server.start()
    try:
        yield from _of_pages(server, pages(issues[-1]))
    finally:
        server.kill()


def pages(latest) -> dict[str, str]:
    """Return the addresses that are measured, by name."""
    return {
        "home": reverse("home"),
        "results": reverse("report", args=[latest.pk]),
        "results_of_area": reverse("report_part", args=[latest.pk, "area-a"]),
        "answers": reverse("report_part", args=[latest.pk, "answers"]),
        "country": reverse("country_page", args=[PublishedCountry.objects.values_list("iso2", flat=True)[0].lower()]),
        "indicator": reverse(
            "indicator_page", args=[PublishedIndicator.objects.filter(issue__assessment=latest)[0].code]
        ),
        "overview": reverse("cycle_overview", args=[latest.cycle.code]),
        "catalogue": reverse("report_list"),
        "feed": reverse("feed"),
    }


def _of_pages(server: Server, found: dict[str, str]) -> Iterator[Figure]:
    for name, path in found.items():
        content = fetched(server, path)
        bare, warm = in_turns(partial(fetched, server, f"/bare/public/{len(content)}/"), partial(fetched, server, path))
        for _time in range(WARMING):
            _cold(server, path)
        cold = median(_cold(server, path) for _time in range(SELDOM))
        print(f"  {name}: {len(content):,} bytes, bare {bare:.2f} ms, stored {warm:.2f} ms, not stored {cold:.1f} ms")
        yield Figure(f"public_{name}_stored", warm / bare, 1.5)
        yield Figure(f"public_{name}_not_stored", cold / bare, 20)
    yield Figure("public_overview_kb", len(fetched(server, found["overview"])) / 1000, 60)
    yield Figure("public_first_visit_kb", first_visit(server, found["home"]) / 1000, 150)


def fetched(server: Server, path: str, **headers: str) -> bytes:
    """Return what the server answers to a visitor."""
    request = urllib.request.Request(server.url + path, headers=headers)  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - our own
        content: bytes = response.read()
    return content


def in_turns(*works: Callable[[], object]) -> list[float]:
    """Return the median of the milliseconds that each piece of work takes, the works taking turns."""
    for _time in range(WARMING):  # in each process of the server
        for work in works:
            work()
    return [median(spent) for spent in zip(*([_cost(work) for work in works] for _time in range(OFTEN)), strict=True)]


def _cold(server: Server, path: str) -> float:
    public_pages.change()
    return _cost(partial(fetched, server, path))


def _cost(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def first_visit(server: Server, path: str) -> int:
    """Return the bytes of a page and of what its head asks for, the page compressed as the proxy does."""
    content = fetched(server, path)
    files = re.findall(r'<(?:link rel="stylesheet"|script)[^>]*?(?:href|src)="(/static/[^"]+)"', content.decode())
    packed = [len(fetched(server, one, **{"Accept-Encoding": "br, gzip"})) for one in files if "print" not in one]
    return len(gzip.compress(content, 6)) + sum(packed)
