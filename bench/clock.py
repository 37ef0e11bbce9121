"""What a piece of work costs: seconds, processor time and memory, of this process and all that it started."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, sleep

TICKS = os.sysconf("SC_CLK_TCK")


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """Return how many seconds it takes, and how many of a processor: what else runs here moves the second less."""
    began, before = perf_counter(), processor()
    work()
    took, spent = perf_counter() - began, processor() - before
    print(f"  {took:.1f} s, {spent:.1f} s of a processor")
    return took, spent


def processor() -> float:
    """Return the seconds of a processor that this process, and all that it started, have spent until now."""
    return sum(sum(map(int, _stat(pid)[11:15])) for pid in family(os.getpid())) / TICKS


def peak(work: Callable[[], object]) -> float:
    """Return the most memory in megabytes that this process and those it started held at a time."""
    most, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.is_set():
            most[0] = max(most[0], sum(_held(pid) for pid in family(os.getpid())))
            sleep(0.2)

    watcher = threading.Thread(target=watch)
    watcher.start()
    work()
    over.set()
    watcher.join()
    print(f"  {most[0]:.0f} MB")
    return most[0]


def family(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(children).split():
            yield from family(int(child))


def _held(pid: int) -> float:
    """What a process has in memory, its share of what it has in common with others."""
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _stat(pid: int) -> list[str]:
    return _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split() or ["0"] * 15


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return ""
