"""Somebody who attaches one file after the other, each sent again unchanged until it is answered."""

import hashlib
import time
from http.client import HTTPException
from threading import Event

from scoreboard.models import Submission, User
from tests import small_pdfs
from tests.drills.portal import Answer, Portal
from tests.drills.test_flood import PATIENCE, Counter

PAUSE = 0.2  # seconds between two files, so that an answer has room for all of them


class Uploader:
    """Attaches files to the answers of a submission in turn; `taken` has the digests of those acknowledged."""

    def __init__(self, portal: Portal, person: User, submission: Submission, codes: list[str]) -> None:
        self.portal, self.person, self.submission, self.codes = portal, person, submission, codes
        self.taken: list[str] = []
        portal.sign_in(person)

    def work(self, counter: Counter, enough: Event) -> None:
        """Attach one file after the other until `enough` is set."""
        while not enough.wait(PAUSE):
            number = len(self.taken)
            content = small_pdfs.PDF + f"\n%{self.person.pk} {number}".encode()
            self.attach(number, content, counter)
            self.taken.append(hashlib.sha256(content).hexdigest())
            counter.acknowledge()

    def attach(self, number: int, content: bytes, counter: Counter) -> None:
        """Send a file until the page says that it is there, added now or by an attempt that was cut off."""
        limit, said = time.monotonic() + PATIENCE, ("1 file or link added",)
        while time.monotonic() < limit:
            try:
                with counter.request():
                    answer = self.send(number, content)
            except (OSError, HTTPException):
                answer = None
            if answer and answer.status == 200:
                assert any(words in answer.text for words in said), answer.text
                return
            assert answer is None or answer.status in (500, 502, 503), (answer.status, answer.text)
            counter.retry()
            said = ("1 file or link added", "is here already")
            time.sleep(PAUSE)
        raise AssertionError(f"File {number} of {self.person} was never acknowledged")

    def send(self, number: int, content: bytes) -> Answer:
        """Send a file once, and return the page that answers."""
        code = self.codes[number % len(self.codes)]
        path = f"/submissions/{self.submission.pk}/evidence/{code}/"
        return self.portal.send(path, {"files": (f"file-{number}.pdf", content)}, self.person)
