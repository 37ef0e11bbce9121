"""The PDF: sections set side by side and kept, as ratios to the same content as one document in one process.

`make bench` measures 30 countries; with ARGS=--long also 120 countries in one piece, and 240 for the memory.
"""

import random
import resource
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, sleep

from bench import baseline
from bench.figure import Figure
from reporting import pdf, typesetting
from reporting.document import Document
from reporting.models import Assessment
from reporting.results import ladder
from reporting.sections import sections
from scoreboard import edition_file
from tests.factories import SCOREBOARD
from tests.reporting import snapshots
from tests.reporting.snapshots import a_snapshot, an_answer

WORDS = "law hunting season enforcement the of in birds illegal killing police national plan region trade court data"


def assessment(countries: int, *, changed: int = 0) -> Assessment:
    """Return an assessment in which every country answers everything, with comments; `changed` of them differ."""
    edition = edition_file.read(SCOREBOARD.read_bytes())
    answers = {}
    for n in range(countries):
        draw = random.Random(n + (1_000 if n < changed else 0))  # noqa: S311 the same at every run
        code = f"{chr(65 + n // 26)}{chr(65 + n % 26)}"
        snapshots.COUNTRIES[code] = {"iso2": code, "iso3": f"{code}X", "name": {"en": f"Country {code}"}}
        answers[code] = {
            one["code"]: an_answer(
                draw.choice([*ladder(one), "unknown"]), comment=" ".join(draw.choices(WORDS.split(), k=60))
            )
            for area in edition["areas"]
            for one in area["indicators"]
        }
    return Assessment(
        issue=1,
        snapshot=a_snapshot(answers, path=SCOREBOARD, missing=()),
        snapshot_sha256="0" * 64,
        consolidated_at=datetime(2026, 5, 1, 12, tzinfo=UTC),
    )


def measure(_folder: Path) -> Iterator[Figure]:
    """Yield the ratios; the two sides are set in processes that are prepared alike."""
    thirty, kept = assessment(30), {}
    alone = one_piece(thirty)
    first = seconds(lambda: build(thirty, kept))
    again = seconds(lambda: build(assessment(30, changed=1), kept))
    yield Figure("pdf first build, 30 countries", first / alone, 0.65)
    yield Figure("pdf our own share", our_own(thirty) / first, 0.15)
    yield Figure("pdf again after one changed country", again / first, 0.2)
    typesetting.begin(pdf.STATIC)
    pdf.section_pdf(thirty, "cover")
    yield Figure("pdf preview of a chapter, seconds", seconds(lambda: pdf.section_pdf(thirty, "area-A")), 1)
    yield Figure("pdf preview of a country, seconds", seconds(lambda: pdf.section_pdf(thirty, "country-AA")), 1)
    if "--long" in sys.argv:
        many = assessment(120)
        yield Figure("pdf first build, 120 countries", seconds(lambda: build(many, {})) / one_piece(many), 0.45)
        small, large = (peak(lambda n=n: build(assessment(n), {})) for n in (30, 240))
        yield Figure("pdf memory, 240 countries to 30", large / small, 1.5)


def build(one: Assessment, kept: dict[str, bytes]) -> None:
    """Make the PDF as a worker does."""
    pdf.assessment_pdf(one, report=lambda *_step: None, kept=kept)


def one_piece(one: Assessment) -> float:
    """Return how many seconds the whole takes in one process, templates included."""
    began = perf_counter()
    html = baseline.html(one)
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=typesetting.begin, initargs=(pdf.STATIC,)) as pool:
        memory = pool.submit(set_whole, html).result()
    took = perf_counter() - began
    print(f"  in one piece: {took:.1f} s, {memory} MB")
    return took


def set_whole(html: str) -> int:
    """Set a document and return how many megabytes that took at most."""
    typesetting.section(html, pdf.STATIC)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def our_own(one: Assessment) -> float:
    """Return the seconds that statistics, charts and templates take of a build."""

    def written() -> None:
        document, about = Document(one.snapshot), pdf.particulars(one)
        for part in sections(document, about):
            pdf.page(document, part, about)

    return seconds(written)


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    began = perf_counter()
    work()
    took = perf_counter() - began
    print(f"  {took:.1f} s")
    return took


def peak(work: Callable[[], object]) -> float:
    """Return the most memory in megabytes that this process and those it started held at a time."""
    most, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.is_set():
            most[0] = max(most[0], sum(_held(pid) for pid in _family()))
            sleep(0.2)

    watcher = threading.Thread(target=watch)
    watcher.start()
    work()
    over.set()
    watcher.join()
    print(f"  {most[0]:.0f} MB")
    return most[0]


def _family() -> list[str]:
    children = Path(f"/proc/self/task/{threading.main_thread().native_id}/children")
    return ["self", *children.read_text().split()]


def _held(pid: str) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4 / 1024
    except FileNotFoundError:
        return 0
