"""HTML typeset as PDF in processes of their own, unless a cache has the result."""

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reporting.pdf import typesetting
from reporting.pdf.typesetting import PDFError

Report = Callable[[str, int, int], None]  # what is being done, steps done, steps in all

STATIC = settings.BASE_DIR / "static"
PROCESSES = 2
FORMAT = "2"  # raised when our own code typesets the same HTML differently
BEAT = 5  # seconds without anything new after which `report` is called again


class Cache(Protocol):
    """Typeset sections by the hash of all that they are made from; a dictionary will do."""

    def __contains__(self, key: str, /) -> bool: ...

    def __getitem__(self, key: str, /) -> bytes: ...

    def __setitem__(self, key: str, content: bytes, /) -> None: ...


class Job(NamedTuple):
    """HTML to be typeset: its title for those who watch, and by which function of `typesetting`."""

    title: str
    html: str
    by: Callable[[str, Path], bytes] = typesetting.section

    @property
    def key(self) -> str:
        """The hash of all that it is made from."""
        return fingerprint(FORMAT, self.by.__name__, self.html)


class Pool:
    """Typesets what the cache does not have, in processes of their own, and reports each job that is done."""

    def __init__(self, cache: Cache, report: Report):
        self.cache = cache
        self._report, self._done, self._steps, self._doing = report, 0, 1, _("Reading the data snapshot")
        report(self._doing, self._done, self._steps)
        self._waiting: dict[Future[bytes], Job] = {}
        self._pool = ProcessPoolExecutor(PROCESSES, _forked(), initializer=typesetting.begin, initargs=(STATIC,))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def typeset(self, jobs: Iterable[Job]) -> list[str]:
        """Bring the results of all jobs into the cache; return their keys."""
        keys = []
        for job in jobs:
            keys.append(job.key)
            if job.key in self.cache:
                self._done += 1
            else:
                self._waiting[self._pool.submit(job.by, job.html, STATIC)] = job
            self._collect(seconds=0)
        while self._waiting:
            self._collect(seconds=BEAT)
        return keys

    def expect(self, steps: int) -> None:
        """Estimate how many steps there will be."""
        self._steps = steps

    def step(self, doing: str) -> None:
        """Report that a step is done."""
        self._doing, self._done = Truncator(doing).chars(200), min(self._done + 1, self._steps - 1)
        self._report(self._doing, self._done, self._steps)

    def submit(self, work: Callable[..., bytes], *about: Any) -> Future[bytes]:
        """Let a process do work that is not cached; `result` waits for it."""
        return self._pool.submit(work, *about)

    def result(self, future: Future[bytes]) -> bytes:
        """Return what a process has made."""
        return _result(future)

    def _collect(self, seconds: float) -> None:
        done, _waiting = wait(self._waiting, seconds, FIRST_COMPLETED)
        for future in done:
            job = self._waiting.pop(future)
            self.cache[job.key] = self.result(future)
            self.step(job.title)
        if not done and seconds:
            self._report(self._doing, self._done, self._steps)


def alone(html: str, beat: Callable[[], object]) -> bytes:
    """Return HTML typeset as a tagged PDF in a process of its own; `beat` is called every few seconds meanwhile.

    Raises PDFError as `typesetting.section` does; what `beat` raises ends the waiting.
    """
    pool = ProcessPoolExecutor(1, _forked(), initializer=typesetting.begin, initargs=(STATIC,))
    try:
        future = pool.submit(typesetting.section, html, STATIC)
        while not wait([future], BEAT).done:
            beat()
        return _result(future)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _result(future: Future[bytes]) -> bytes:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise PDFError(_("A process that sets pages was ended from outside, perhaps for lack of memory.")) from error


def _forked() -> ForkServerContext:
    """Processes fork from a server that has prepared typesetting: a second build finds it ready."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["reporting.pdf.preload"])
    return context


def fingerprint(*source: str) -> str:
    """Return the hash of something that is to be typeset, and of what typesets it."""
    return _sha256("\0".join((_typesetter(), *source)).encode())


@cache
def _typesetter() -> str:
    """What typesets the same HTML differently when it changes."""
    styles = b"".join((STATIC / name).read_bytes() for name in typesetting.STYLES)
    return f"{typesetting.PRODUCER} {_sha256(styles)}"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
