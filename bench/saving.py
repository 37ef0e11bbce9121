"""An autosave, and opening the page of an area, as ratios to bare views that move the same number of bytes."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

from django.middleware.csrf import _get_new_csrf_string
from django.test import override_settings

from bench.figure import Figure
from scoreboard.models import Answer, Submission
from tests.drills.server import Server, collect_static_files
from tests.factories import SCOREBOARD, a_country, a_cycle, a_focal, an_edition, fill, session_of

ROUNDS, WARMING = 60, 5
COUNTRIES = ["MT", "GR", "TN", "CY", *(f"X{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]

Ask = Callable[[], bytes]


class Client:
    """Somebody signed in, who asks the server one thing at a time."""

    def __init__(self, server: Server, session: str) -> None:
        self.port = server.port
        self.token = _get_new_csrf_string()
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={self.token}",
            "X-CSRFToken": self.token,
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def ask(self, path: str, fields: dict | None = None) -> bytes:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = urlencode(fields) if fields is not None else None
        connection.request("POST" if body else "GET", path, body=body, headers=self.headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        assert response.status == 200, (response.status, content[:500])  # noqa: S101 - nothing else is to be measured
        return content


def measure(folder: Path) -> Iterator[Figure]:
    """Yield both ratios: medians of rounds in which the two sides take turns."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        submission, answer = scene()
    collect_static_files()
    server = Server(folder / "bench.log", DJANGO_SETTINGS_MODULE="bench.settings")
    server.start()
    try:
        person = a_focal(submission.country)
        client = Client(server, session_of(person))
        save = saver(client, submission, answer, person.pk)
        yield from saving(client, submission, answer, save)
        yield from opening(client, submission, answer, save)
    finally:
        server.kill()


def scene() -> tuple[Submission, Answer]:
    """Return a submission and an answer of it, among thirty countries that have answered everything."""
    edition = an_edition(SCOREBOARD)
    cycle = a_cycle([a_country(code) for code in COUNTRIES], edition=edition)
    for submission in cycle.submissions.all():
        fill(submission)
    submission = cycle.submissions.select_related("country").first()
    answer = submission.answers.select_related("indicator__area", "level").first()
    return submission, answer


def saver(client: Client, submission: Submission, answer: Answer, person: int) -> Ask:
    """Return what saves another text of the answer, as the page does."""
    prefix, turn = f"i{answer.indicator.code}", iter(range(1_000_000))
    seen = answer.revision

    def save() -> bytes:
        nonlocal seen
        fields = {
            "person": person,
            f"{prefix}-answer": f"level:{answer.level.value}",
            f"{prefix}-comment": f"Text {next(turn)}",
            f"{prefix}-reason": "",
            f"{prefix}-next": "",
            f"{prefix}-seen": seen,
        }
        content = client.ask(f"/submissions/{submission.pk}/save/", fields)
        seen = json.loads(content)["answers"][answer.indicator.code]["revision"]
        return content

    return save


def saving(client: Client, submission: Submission, answer: Answer, save: Ask) -> Iterator[Figure]:
    turn = iter(range(1_000_000))
    other = submission.answers.exclude(pk=answer.pk).first()
    bare = f"/bare/write/{len(save())}/{other.pk}/"
    yield ratio("autosave", save, lambda: client.ask(bare, {"comment": f"Text {next(turn)}"}), aim=1.5)


def opening(client: Client, submission: Submission, answer: Answer, save: Ask) -> Iterator[Figure]:
    """Open a page that stands as it was, which the portal has kept, and one that a save has changed."""
    page = f"/submissions/{submission.pk}/areas/{answer.indicator.area.code}/"
    bare = f"/bare/read/{len(client.ask(page))}/"
    yield ratio("area_page", lambda: client.ask(page), lambda: client.ask(bare), aim=2)
    yield ratio("area_page_after_a_save", lambda: client.ask(page), lambda: client.ask(bare), aim=2, before=save)


def ratio(name: str, ours: Ask, bare: Ask, *, aim: float, before: Ask | None = None) -> Figure:
    """Let the two take turns, so that whatever else the machine does touches both; what goes `before` is not timed."""
    times: dict[Ask, list[float]] = {ours: [], bare: []}
    for turn in range(WARMING + ROUNDS):
        if before:
            before()
        for ask, taken in times.items():
            begun = perf_counter()
            ask()
            if turn >= WARMING:
                taken.append(perf_counter() - begun)
    mine, measure = (median(taken) * 1000 for taken in times.values())
    print(f"  {name}: {mine:.2f} ms, bare view {measure:.2f} ms")
    return Figure(name, mine / measure, aim)
