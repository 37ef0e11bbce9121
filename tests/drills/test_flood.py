"""A thousand autosaves by thirty people at once, while the server is killed, or PostgreSQL restarted, five times."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.utils.crypto import get_random_string

from scoreboard.models import Answer, AnswerVersion
from tests.drills.conftest import troubles
from tests.drills.test_troubles import database_folder, pg_ctl
from tests.factories import SCOREBOARD, a_country, a_cycle, a_person, an_edition, session_of

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

PEOPLE, SAVES, KILLS = 30, 1000, 5
RESTART = 3  # the one of the kills at which it is the database's turn, where that is a server
PATIENCE = 300  # seconds until a client gives up, and the drill fails


class Counter:
    """How many requests are under way, how many were acknowledged, and how often somebody had to send again."""

    def __init__(self) -> None:
        self.acknowledged = self.retries = self.under_way = 0
        self.lock = Lock()

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count a request as under way until it is answered or cut off."""
        with self.lock:
            self.under_way += 1
        try:
            yield
        finally:
            with self.lock:
                self.under_way -= 1

    def acknowledge(self) -> None:
        with self.lock:
            self.acknowledged += 1

    def retry(self) -> None:
        with self.lock:
            self.retries += 1


class Typist:
    """Somebody who types, with a page that saves: one request at a time, repeated unchanged until it is answered."""

    def __init__(self, port, person, submission, codes, saves, session):
        self.port, self.person, self.submission, self.session = port, person, submission, session
        self.plan = [(codes[n % len(codes)], f"{person.pk}: text {n}") for n in range(saves)]
        self.seen = dict.fromkeys(codes, 0)
        self.last: dict[str, str] = {}
        self.done: list[str] = []

    def work(self, counter: Counter, enough: Event | None = None) -> None:
        """Save what is planned, or as much of it as comes before `enough` is set."""
        for code, text in self.plan:
            if enough and enough.is_set():
                return
            self.seen[code] = self.save(code, text, counter)
            self.last[code] = text
            self.done.append(text)
            counter.acknowledge()

    def save(self, code: str, text: str, counter: Counter) -> int:
        """Return the revision that the server acknowledged."""
        prefix = f"i{code}"
        fields = {
            "person": self.person.pk,
            f"{prefix}-seen": self.seen[code],
            f"{prefix}-answer": "level:2",
            f"{prefix}-comment": text,
        }
        limit, wait = time.monotonic() + PATIENCE, 0.2
        while time.monotonic() < limit:
            try:
                with counter.request():
                    status, content = self.post(f"/submissions/{self.submission.pk}/save/", fields)
            except (OSError, HTTPException):
                status, content = 0, b""
            if status == 200:
                return json.loads(content)["answers"][code]["revision"]
            assert status in (0, 500, 502, 503), (status, content[:300])
            counter.retry()
            time.sleep(wait)
            wait = min(wait * 2, 2)
        raise AssertionError(f"{text} was never acknowledged")

    def post(self, path: str, fields: dict) -> tuple[int, bytes]:
        token = get_random_string(32)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request("POST", path, body=urlencode(fields), headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


@pytest.fixture
def typists(server):
    """Thirty people in fifteen countries: two share a submission, each with half of its indicators."""
    edition = an_edition(SCOREBOARD)
    codes = [indicator.code for indicator in edition.all_indicators]
    cycle = a_cycle([a_country(f"Y{letter}") for letter in "ABCDEFGHIJKLMNO"], edition=edition)
    typists = []
    for number in range(PEOPLE):
        submission = cycle.submissions.order_by("pk")[number // 2]
        person = a_person("focal", submission.country, name=f"Typist {number}")
        saves = SAVES // PEOPLE + (number < SAVES % PEOPLE)
        half = codes[number % 2 :: 2]
        typists.append(Typist(server.port, person, submission, half, saves, session_of(person)))
    return typists


def restart_database() -> None:
    """Let PostgreSQL be away for three seconds, while people save."""
    folder = database_folder()
    pg_ctl(folder, "stop")
    time.sleep(3)
    pg_ctl(folder, "start")


def test_a_thousand_saves_on_a_server_that_dies_five_times(server, typists):
    counter = Counter()
    with ThreadPoolExecutor(PEOPLE) as pool:
        working = [pool.submit(typist.work, counter) for typist in typists]
        for kill in range(1, KILLS + 1):
            while counter.acknowledged < SAVES * kill // (KILLS + 1) and not all(one.done() for one in working):
                time.sleep(0.02)
            if kill == RESTART and connection.vendor == "postgresql":
                restart_database()
                continue
            server.kill()
            time.sleep(0.3)
            server.start()
        for one in working:
            one.result()
    assert counter.acknowledged == SAVES
    assert counter.retries > 0
    for typist in typists:
        mine = Answer.objects.filter(submission=typist.submission, indicator__code__in=typist.last)
        assert dict(mine.values_list("indicator__code", "comment")) == typist.last
    texts = list(AnswerVersion.objects.values_list("comment", flat=True))
    assert sorted(texts) == sorted(text for typist in typists for _code, text in typist.plan)
    what = "four kills and a restart of the database" if connection.vendor == "postgresql" else f"{KILLS} kills"
    said = f"{counter.retries} saves sent again"
    troubles.append((f"{SAVES} saves of {PEOPLE} people, {what}", said, f"{SAVES} acknowledged, each there once"))
