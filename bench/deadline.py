"""The last minutes before a deadline: 200 people save and open pages for three minutes, on a portal as it is deployed.

Two processes of gunicorn and a worker on PostgreSQL; who asks shares their cores. Only named benches include it:
`make bench ARGS=deadline`, which starts a PostgreSQL that writes to the disk if DATABASE_URL names none.
"""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from statistics import median, quantiles
from threading import Thread

from django.db import connection, transaction

from bench import scene
from bench.figure import Figure
from bench.saving import Client
from bench.server import ROOT, Server, end_sessions
from scoreboard.models import Answer, AnswerVersion, Submission

PEOPLE, SECONDS = 200, 180
PAUSE = (10, 20)  # seconds between two saves of one person
PAGES = 60  # seconds between two pages
IDLE = 100  # requests of one person alone
QUICK = 300  # milliseconds that are never too slow


@dataclass
class Person:
    """A focal point in front of the portal, and what the portal acknowledged."""

    client: Client
    submission: Submission
    answers: list[Answer]
    revisions: dict[int, int] = field(default_factory=dict)  # by answer, as of the last save
    texts: dict[int, str] = field(default_factory=dict)  # by answer, acknowledged last
    acknowledged: int = 0
    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turn, self.numbers = cycle(self.answers), count()
        self.revisions = {one.pk: one.revision for one in self.answers}

    def save(self) -> None:
        """Save the next answer with a new text; note it once the portal has said that it is stored."""
        answer, text = next(self.turn), f"At the deadline, text {next(self.numbers)}. " + "Words of a comment. " * 10
        prefix = f"i{answer.indicator.code}"
        data = {"person": self.client.person, f"{prefix}-seen": self.revisions[answer.pk]}
        data |= {f"{prefix}-answer": f"level:{answer.level.value}", f"{prefix}-comment": text}
        said = self.ask(f"/submissions/{self.submission.pk}/save/", data)
        if said is not None:
            self.revisions[answer.pk] += 1
            self.texts[answer.pk] = text.strip()
            self.acknowledged += 1

    def open(self) -> None:
        """Open the page of the area whose answer is next."""
        self.ask(f"/submissions/{self.submission.pk}/areas/{next(self.turn).indicator.area.code}/")

    def ask(self, path: str, data: dict | None = None) -> bytes | None:
        """Return the answer and note how long it took; note an error and return nothing for any other."""
        begun = time.perf_counter()
        try:
            content = self.client.ask(path, data)
        except (OSError, AssertionError) as error:
            self.errors.append(f"{path}: {error}")
            return None
        self.milliseconds.append((time.perf_counter() - begun) * 1000)
        return content

    def work(self, until: float, seed: int) -> None:
        """Save every 10 to 20 seconds and open a page a minute, from some moment of the first minute on."""
        draw = random.Random(seed)  # noqa: S311 - the same at every run
        now = time.monotonic()
        due = {self.save: now + draw.uniform(0, PAUSE[1]), self.open: now + draw.uniform(0, PAGES)}
        while min(due.values()) < until:
            act = min(due, key=lambda one: due[one])
            time.sleep(max(0, due[act] - time.monotonic()))
            act()
            due[act] += draw.uniform(*PAUSE) if act == self.save else PAGES


def measure(folder: Path) -> Iterator[Figure]:
    """Yield the 95th percentile under load in milliseconds, how many errors there were, and how many saves are lost."""
    if connection.vendor != "postgresql":
        print("  This measures PostgreSQL: what follows is of a database that has one writer at a time.")
    with transaction.atomic():
        round_ = scene.cycle("2027", PEOPLE + 1, scene.edition())
        scene.fill(round_.submissions.select_related("cycle__edition", "country"))
    server = Server(folder / "deadline.log")
    server.start()
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=server.environment)
    try:
        alone, *people = [person(server, one) for one in round_.submissions.select_related("country").order_by("pk")]
        yield from measured(alone, people)
    finally:
        worker.kill()
        worker.wait()
        server.kill()
        end_sessions()


def person(server: Server, submission: Submission) -> Person:
    """Return the focal point of a submission, signed in."""
    answers = submission.answers.select_related("indicator__area", "level").order_by("pk")
    return Person(Client(server, scene.focal(submission)), submission, list(answers))


def measured(alone: Person, people: list[Person]) -> Iterator[Figure]:
    """Let one person work alone, then all others at once."""
    for n in range(2 * IDLE):
        if n == IDLE:
            alone.milliseconds.clear()  # the first requests of a process load what all later ones use
        alone.open() if n % 5 == 4 else alone.save()
    idle = p95(alone.milliseconds)
    until = time.monotonic() + SECONDS
    threads = [Thread(target=one.work, args=(until, n)) for n, one in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everybody = [alone, *people]
    taken = [taken for one in people for taken in one.milliseconds]
    errors = [error for one in everybody for error in one.errors]
    saves = sum(one.acknowledged for one in everybody)
    print(f"  {len(taken)} requests in {SECONDS} s, median {median(taken):.0f} ms; {saves} saves acknowledged")
    print(f"  one person alone: p95 {idle:.0f} ms", *errors[:3], sep="\n  ")
    yield Figure("deadline_p95_milliseconds", p95(taken), max(QUICK, 5 * idle))
    yield Figure("deadline_errors", len(errors), 0)
    yield Figure("deadline_saves_not_stored", saves - stored(everybody), 0)


def stored(people: list[Person]) -> int:
    """Return how many saves are stored; an answer that is not the one acknowledged last counts as one less."""
    versions = AnswerVersion.objects.filter(comment__startswith="At the deadline").count()
    texts = dict(Answer.objects.values_list("pk", "comment"))
    return versions - sum(texts[pk] != text for one in people for pk, text in one.texts.items())


def p95(milliseconds: list[float]) -> float:
    """Return what 95 of 100 requests took at most."""
    return quantiles(milliseconds, n=20)[-1]
