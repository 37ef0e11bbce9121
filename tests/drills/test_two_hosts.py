"""Two hosts: a web server and a worker die amid saves, files and mails, and then the store of files does."""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from bench.server import Server
from scoreboard import clock
from scoreboard.activity import verification
from scoreboard.models import Answer, AnswerVersion, Evidence, Mail, ScheduledJob
from scoreboard.people import invitations
from tests import small_pdfs
from tests.drills.conftest import LONG, once, troubles
from tests.drills.farm import Farm, a_farm, kill
from tests.drills.test_flood import Counter as Requests
from tests.drills.test_flood import Typist
from tests.drills.uploader import Uploader
from tests.factories import a_country, a_cycle, a_person, session_of

pytestmark = [
    pytest.mark.drill,
    pytest.mark.django_db(transaction=True),
    once,
    pytest.mark.skipif(not LONG, reason="Takes minutes: make drills ARGS=long"),
]

TYPISTS, UPLOADERS = 10, 4
MAILS = 12  # written at a time
KILLS = 5  # of the web server, at most


@pytest.fixture
def farm(transactional_db, static_files, real_passwords, tmp_path):
    with a_farm(tmp_path) as farm:
        yield farm


class Load:
    """Ten people who save and four who attach files, through nginx, until it is enough; and mails that are written."""

    def __init__(self, farm: Farm, cycle) -> None:
        self.farm, self.saves, self.files, self.enough = farm, Requests(), Requests(), Event()
        submissions = list(cycle.submissions.order_by("pk"))
        codes = [indicator.code for indicator in cycle.edition.all_indicators]
        people = [
            a_person("focal", submissions[number // 2].country, name=f"Typist {number}") for number in range(TYPISTS)
        ]
        port = farm.visitor.server.port
        self.typists = [
            Typist(port, person, submissions[number // 2], codes[number % 2 :: 2], 10_000, session_of(person))
            for number, person in enumerate(people)
        ]
        self.uploaders = [
            Uploader(farm.visitor, people[2 * number], submissions[number], codes) for number in range(UPLOADERS)
        ]
        self.invited = [a_person(name=f"Invited {number}") for number in range(3 * MAILS)]
        self.working: list[Future] = []
        self.kills = 0

    def begin(self, pool: ThreadPoolExecutor) -> None:
        """Let everybody begin."""
        self.working += [pool.submit(one.work, self.saves, self.enough) for one in self.typists]
        self.working += [pool.submit(one.work, self.files, self.enough) for one in self.uploaders]

    def write_mails(self, batch: int) -> None:
        """Write one of the three batches of mails."""
        for person in self.invited[batch::3]:
            invitations.invite(person)

    def goes_on(self) -> None:
        """Wait until so many saves and files are acknowledged that were sent after this moment."""
        counters = {self.saves: 30, self.files: 5}
        wanted = {one: one.acknowledged + one.under_way + more for one, more in counters.items()}
        self.until(lambda: all(one.acknowledged >= number for one, number in wanted.items()))

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for something while everybody works; what one of them met ends it."""
        self.farm.visitor.until(lambda: true() or any(one.done() and one.result() for one in self.working))

    def kill(self, server: Server) -> None:
        """Kill a web server in a moment in which saves and files are under way."""
        while not (self.saves.under_way and self.files.under_way):
            time.sleep(0.001)
        server.kill()
        self.kills += 1


def kill_one_of_each(farm: Farm, load: Load) -> tuple[int, int, int]:
    """Kill a web server amid saves and files, a worker in the middle of a mail; return how many of each came before.

    The web server is started and killed again until it held a save and a file, since nginx chooses who gets them.
    """
    load.write_mails(0)
    load.goes_on()
    load.until(lambda: sent(farm) > 0)
    for mail in farm.mails:
        mail.holds = True
    load.write_mails(1)
    load.until(lambda: any(mail.held.is_set() for mail in farm.mails))
    unlucky = next(number for number, mail in enumerate(farm.mails) if mail.held.is_set())
    before = (load.saves.acknowledged, load.files.acknowledged, sent(farm))
    load.kill(farm.servers[0])
    kill(farm.workers[unlucky])
    for mail in farm.mails:
        mail.holds = False
    load.write_mails(2)
    load.goes_on()
    # Ten minutes later: what the killed worker had claimed is free again.
    Mail.everything.filter(state=Mail.State.WAITING).update(due_at=clock.now())
    ScheduledJob.objects.update(due_at=clock.now())
    load.until(lambda: not Mail.everything.filter(state=Mail.State.WAITING).exists())
    farm.servers[0].start()
    load.goes_on()
    while load.kills < KILLS and not (load.saves.retries and load.files.retries):
        load.kill(farm.servers[0])
        load.goes_on()
        farm.servers[0].start()
        load.goes_on()
    return before


def sent(farm: Farm) -> int:
    return sum(len(mail.messages) for mail in farm.mails)


def test_two_hosts_one_of_each_killed(farm):
    load = Load(farm, a_cycle([a_country(f"Y{letter}") for letter in "ABCDE"]))
    with ThreadPoolExecutor(TYPISTS + UPLOADERS) as pool:
        load.begin(pool)
        try:
            before = kill_one_of_each(farm, load)
        finally:
            load.enough.set()
    for one in load.working:
        one.result()
    acknowledged = (load.saves.acknowledged, load.files.acknowledged, sent(farm))
    assert all(0 < early < late for early, late in zip(before, acknowledged, strict=True)), (before, acknowledged)
    assert load.saves.retries > 0
    assert load.files.retries > 0
    for typist in load.typists:
        mine = Answer.objects.filter(submission=typist.submission, indicator__code__in=typist.last)
        assert dict(mine.values_list("indicator__code", "comment")) == typist.last
    texts = Counter(AnswerVersion.objects.exclude(comment="").values_list("comment", flat=True))
    assert texts == Counter(text for typist in load.typists for text in typist.done)
    stored = dict(Evidence.objects.values_list("file", "sha256"))
    assert Counter(stored.values()) == Counter(digest for one in load.uploaders for digest in one.taken)
    kept = {one.key: one.get()["Body"].read() for one in farm.bucket.objects.all() if one.key != "health-check"}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in kept.items()}
    assert stored.items() <= digests.items()
    # What was cut off between the bucket and the database was sent again, and is there under another name.
    assert {digests[name] for name in digests.keys() - stored.keys()} <= set(stored.values())
    assert len(digests) - len(stored) <= load.files.retries
    messages = [message for mail in farm.mails for message in mail.messages]
    ids = Counter(re.search(r"^Message-ID: *\n? *(\S+)", text, re.M)[1] for _to, text in messages)
    assert len(ids) == Mail.everything.count()
    assert {person.email for person in load.invited} <= {to for to, _text in messages}
    assert max(ids.values()) == 1
    assert verification.check().problems == []
    names = ("saves", "files", "mails")
    said = "acknowledged before and after: " + ", ".join(
        f"{early} and {late - early} {name}" for name, early, late in zip(names, before, acknowledged, strict=True)
    )
    there = f"all there once; {load.saves.retries} saves and {load.files.retries} files were cut off and sent again"
    what = f"two hosts ({farm.hosts[0].kind}), a worker killed in a mail, a web server {load.kills} ×"
    troubles.append((what, said, there))


def test_the_store_is_away_from_two_hosts(farm):
    cycle = a_cycle([a_country("YA")])
    submission = cycle.submissions.get()
    person = a_person("focal", submission.country)
    visitor = farm.visitor
    code = submission.cycle.edition.all_indicators[0].code
    uploader = Uploader(visitor, person, submission, [code])
    assert "1 file or link added" in uploader.send(0, small_pdfs.PDF).text
    first = Evidence.objects.get()
    farm.store.stop()
    began = time.monotonic()
    refused = uploader.send(1, small_pdfs.COUNTRY_PDF)
    took = time.monotonic() - began
    assert "could not be stored" in refused.text
    down = visitor.visit(f"/submissions/{submission.pk}/files/{first.pk}/", person)
    assert (down.status, "The store of files does not answer." in down.text) == (503, True)
    fields = {f"i{code}-seen": 0, f"i{code}-answer": "level:2", f"i{code}-comment": "All the same."}
    saved = visitor.send(f"/submissions/{submission.pk}/save/", {"person": person.pk} | fields, person)
    assert saved.status == 200
    assert Evidence.objects.get() == first
    assert visitor.visit("/health/").text.count("degraded") == 1
    troubles.append(("the store of files away", f"could not be stored, after {took:.1f} s", "no row; answers saved"))
