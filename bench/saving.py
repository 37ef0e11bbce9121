"""Saving, opening pages and a whole submission, as ratios to bare views that move the same number of bytes."""

import json
from collections.abc import Callable, Iterable, Iterator
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

from django.db import transaction
from django.utils.crypto import get_random_string

from bench import scene
from bench.figure import Figure
from bench.server import Server
from scoreboard.forms.questions import fields
from scoreboard.models import Submission, User

ROUNDS, WARMING, SUBMISSIONS = 60, 5, 15

Ask = Callable[[], object]


class Client:
    """Somebody signed in, who asks the server one thing at a time."""

    def __init__(self, server: Server, person: User) -> None:
        self.port, self.person = server.port, person.pk
        self.token = get_random_string(32)
        self.headers = {
            "Cookie": f"sessionid={scene.session_of(person)}; csrftoken={self.token}",
            "X-CSRFToken": self.token,
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def ask(self, path: str, fields: dict | None = None, *, status: int = 200) -> bytes:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = urlencode(fields) if fields is not None else None
        connection.request("POST" if body else "GET", path, body=body, headers=self.headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        assert response.status == status, (response.status, content[:500])  # noqa: S101 - nothing else is to be measured
        return content


def measure(folder: Path) -> Iterator[Figure]:
    """Yield the ratios: medians of rounds in which the two sides take turns."""
    with transaction.atomic():
        edition = scene.edition()
        small, large = scene.cycle("2026", 30, edition), scene.cycle("2027", 200, edition)
        drafts = scene.cycle("2028", 1 + WARMING + SUBMISSIONS, edition)
        for one in (small, large):
            scene.fill(one.submissions.select_related("cycle__edition", "country"))
    server = Server(folder / "bench.log", DJANGO_SETTINGS_MODULE="bench.settings")
    server.start()
    try:
        submission = small.submissions.select_related("country", "cycle__edition").first()
        client = Client(server, scene.focal(submission))
        yield from saving_and_opening(client, submission)
        yield first_opening(server, client, large.submissions.all())
        yield whole_submission(server, drafts.submissions.select_related("cycle__edition"))
    finally:
        server.kill()


def saving_and_opening(client: Client, submission: Submission) -> Iterator[Figure]:
    """Save one answer after the other, and open its page as it was and as a save has changed it."""
    answer, other = submission.answers.select_related("indicator__area", "level")[:2]
    prefix, turn, seen = f"i{answer.indicator.code}", count(), answer.revision

    def save() -> bytes:
        nonlocal seen
        data = {"person": scene.focal(submission).pk, f"{prefix}-seen": seen}
        data |= {f"{prefix}-answer": f"level:{answer.level.value}", f"{prefix}-comment": f"Text {next(turn)}"}
        content = client.ask(f"/submissions/{submission.pk}/save/", data)
        seen = json.loads(content)["answers"][answer.indicator.code]["revision"]
        return content

    bare = f"/bare/write/{len(save())}/{other.pk}/"
    yield ratio("autosave", save, lambda: client.ask(bare, {"comment": f"Text {next(turn)}"}), aim=1.6)
    page, read = against_bare(client, f"/submissions/{submission.pk}/areas/{answer.indicator.area.code}/")
    yield ratio("area_page", page, read, aim=5)
    yield ratio("area_page_after_a_save", page, read, aim=5, before=save)


def first_opening(server: Server, client: Client, submissions: Iterable[Submission]) -> Figure:
    """Let one country after the other open its first area, which nobody has opened before."""
    pages = [(Client(server, scene.focal(one)), f"/submissions/{one.pk}/areas/A/") for one in submissions]
    turn = iter(pages)

    def open_next() -> bytes:
        person, page = next(turn)
        return person.ask(page)

    bare = f"/bare/read/{len(open_next())}/"
    return ratio("area_page_of_many_countries", open_next, lambda: client.ask(bare), aim=5)


def whole_submission(server: Server, submissions: Iterable[Submission]) -> Figure:
    """Let one country after the other open and save its five areas and submit, against one bare page."""
    people = iter([(Client(server, scene.focal(one)), one) for one in submissions])
    client, first = next(people)
    _page, bare = against_bare(client, f"/submissions/{first.pk}/areas/A/")

    def report() -> None:
        client, submission = next(people)
        edition, path = submission.cycle.edition, f"/submissions/{submission.pk}"
        given = scene.answers(edition)
        for area in edition.whole:
            client.ask(f"{path}/areas/{area.code}/")
            data = {"continue": "yes"}
            for indicator in area.indicators.all():
                data |= fields(indicator, given[indicator.code]) | {f"i{indicator.code}-seen": 0}
            client.ask(f"{path}/areas/{area.code}/", data, status=302)
        client.ask(f"{path}/submit/")
        declared = {"declared_by": "A. Person", "capacity": "Head of unit", "confirmed": "on"}
        client.ask(f"{path}/submit/", declared, status=302)

    return ratio("whole_submission", report, bare, aim=60, rounds=SUBMISSIONS)


def against_bare(client: Client, path: str) -> tuple[Ask, Ask]:
    """Return what opens a page, and what gets as many bytes from the bare view."""
    bare = f"/bare/read/{len(client.ask(path))}/"
    return lambda: client.ask(path), lambda: client.ask(bare)


def ratio(name: str, ours: Ask, bare: Ask, *, aim: float, before: Ask | None = None, rounds: int = ROUNDS) -> Figure:
    """Let the two take turns, so that whatever else the machine does touches both; what goes `before` is not timed."""
    times: dict[Ask, list[float]] = {ours: [], bare: []}
    for turn in range(WARMING + rounds):
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
