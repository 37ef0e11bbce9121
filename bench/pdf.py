"""The PDF: sections set side by side and kept, as ratios to the same content as one document in one process.

`make bench` measures 30 countries; with ARGS=--long also 120 countries in one piece, and 240 for the memory. Beside
each ratio of seconds stands that of processor time, which other work on the machine moves less.

The countries' own PDFs are measured as a worker makes them when the sections are kept: all of them, and the whole
joined once more. Each adds a page about the region to what is set already, so all may take a quarter of a build.
"""

import resource
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from bench import baseline, clock
from bench.figure import Figure
from bench.scene import assessment
from reporting.document.document import Document
from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from reporting.pdf import typesetting
from reporting.pdf.assessment import Country
from reporting.pdf.sections import sections


class Shelf:
    """Pieces on the disk, as a worker keeps them."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def copied(self, folder: Path) -> "Shelf":
        """Return a shelf that holds the same."""
        return Shelf(shutil.copytree(self.folder, folder))

    def __contains__(self, key: str) -> bool:
        return (self.folder / key).exists()

    def __getitem__(self, key: str) -> bytes:
        return (self.folder / key).read_bytes()

    def __setitem__(self, key: str, content: bytes) -> None:
        (self.folder / key).write_bytes(content)


def measure(folder: Path) -> Iterator[Figure]:
    """Yield the ratios; the two sides are set in processes that are prepared alike.

    Of a new issue, which takes seconds only, the middle one of three counts.
    """
    thirty, everything = assessment(30), 10_000
    alone = one_piece(thirty)
    kept = Shelf(folder / "kept")
    first = clock.cost(lambda: build(thirty, kept))
    yield from ratio("pdf_first_build_30", first, alone, 0.65)
    own = clock.cost(lambda: our_own(thirty))
    yield Figure("pdf_own_share", own[1] / first[1], 0.15)
    for name, answers, aim in (("country", everything, 0.35), ("answer", 1, 0.35)):
        changed = assessment(30, changed=answers)
        copies = [kept.copied(folder / f"{name}-{n}") for n in range(3)]
        again = sorted(clock.cost(lambda copy=copy, changed=changed: build(changed, copy)) for copy in copies)
        yield from ratio(f"pdf_again_after_one_{name}", again[1], first, aim)
    own = clock.cost(lambda: build(thirty, kept, country=lambda _iso2, _content: None))
    yield from ratio("pdf_every_country_of_kept", own, first, 0.25)
    typesetting.begin(pdf.STATIC)
    pdf.section_pdf(thirty, "cover")
    yield Figure("pdf_preview_chapter_seconds", clock.cost(lambda: pdf.section_pdf(thirty, "area-A"))[0], 1)
    yield Figure("pdf_preview_country_seconds", clock.cost(lambda: pdf.section_pdf(thirty, "country-AA"))[0], 1)
    if "--long" in sys.argv:
        yield from long(folder)


def long(folder: Path) -> Iterator[Figure]:
    """Yield what takes minutes."""
    many = assessment(120)
    built = clock.cost(lambda: build(many, Shelf(folder / "many")))
    yield from ratio("pdf_first_build_120", built, one_piece(many), 0.5)
    small, large = (peak(folder / f"held-{n}", n) for n in (30, 240))
    yield Figure("pdf_memory_240_to_30", large / small, 3)


def ratio(name: str, ours: tuple[float, float], theirs: tuple[float, float], aim: float) -> Iterator[Figure]:
    """Yield a ratio of seconds, and say that of processor time."""
    print(f"  {name}: {ours[1] / theirs[1]:.2f} in processor time")
    yield Figure(name, ours[0] / theirs[0], aim)


def build(one: Assessment, kept: Shelf, country: Country | None = None) -> None:
    """Make the PDF as a worker does, and those of the countries if `country` is to be given them."""
    pdf.assessment_pdf(one, report=lambda *_step: None, cache=kept, country=country)


def one_piece(one: Assessment) -> tuple[float, float]:
    """Return what the whole costs in one process, templates included."""

    def whole() -> None:
        html = baseline.html(one)
        alone = ProcessPoolExecutor(1, get_context("spawn"), initializer=typesetting.begin, initargs=(pdf.STATIC,))
        with alone as pool:
            print(f"  in one piece: {pool.submit(set_whole, html).result()} MB")

    return clock.cost(whole)


def set_whole(html: str) -> int:
    """Set a document and return how many megabytes that took at most."""
    typesetting.section(html, pdf.STATIC)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def our_own(one: Assessment) -> None:
    """Do what statistics, charts and templates do for a build."""
    document, about = Document(one.snapshot), pdf.particulars(one)
    for part in sections(document, about):
        pdf.page(document, part, about)


def peak(folder: Path, countries: int) -> float:
    """Return the most memory that a worker and its processes take for so many countries, measured in a new one."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(held, folder, countries).result()


def held(folder: Path, countries: int) -> float:
    """Build in this process, and return the most memory that was held."""
    one = assessment(countries)
    return clock.peak(lambda: build(one, Shelf(folder)))
