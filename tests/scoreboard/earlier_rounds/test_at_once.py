"""Two files at once, and a process that is killed in the middle: all of a file is there, or nothing of it."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from bench.server import database_url
from reporting.assessments import undoing
from scoreboard.earlier_rounds import comparing
from scoreboard.earlier_rounds.gathering import Choices
from scoreboard.models import Answer, AnswerVersion, Evidence, ResultsImport, Submission, Transition, Version
from tests import factories
from tests.scoreboard.earlier_rounds.rounds import a_past_cycle, csv
from tests.test_concurrency import at_once, told_apart

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = (Submission, Answer, AnswerVersion, Evidence, Version, Transition, ResultsImport)


def stored():
    return [model.objects.count() for model in WRITTEN]


@pytest.fixture
def then():
    factories.a_country("MT")
    factories.a_country("GR")
    return a_past_cycle(factories.an_edition(factories.HARBOUR))


def shown(cycle, *lines, by):
    return comparing.compare(csv(*lines), "results.csv", Choices(cycle, None, True), by=by).signed


def test_of_two_files_with_the_same_country_one_comes_in(then):
    officers = [factories.a_person("secretariat", name=name) for name in ("One", "Two")]
    signed = [shown(then, "MT,P1,2", f"GR,P1,{n}", by=one) for n, one in enumerate(officers, start=2)]
    acts = [lambda n=n: comparing.apply(signed[n], by=officers[n]) for n in range(2)]
    done, refused = told_apart(at_once(*acts))
    assert len(done) == len(refused) == 1
    assert "its answers came in by the file" in refused[0].sentence
    assert stored() == [2, 2, 2, 0, 2, 2, 1]
    assert {one.imported for one in Submission.objects.all()} == {done[0]}


def test_two_who_undo_it_at_once_undo_it_once(then):
    officer = factories.an_officer()
    first = comparing.apply(shown(then, "MT,P1,2", by=officer), by=officer)
    second = comparing.apply(shown(then, "GR,P1,2", by=officer), by=officer)
    done, refused = told_apart(at_once(*[lambda: undoing.undo(first, by=officer)] * 2))
    assert len(done) == len(refused) == 1
    assert "undid this import already" in refused[0].sentence
    assert list(Submission.objects.values_list("imported", flat=True)) == [second.pk]


KILLED = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from scoreboard.earlier_rounds import entering
entering._accept = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
call_command("bring_in_results", sys.argv[1], by=sys.argv[2], cycle="2018", not_recorded=True)
"""


def test_a_process_that_is_killed_in_the_middle_leaves_nothing(then, tmp_path):
    officer = factories.an_officer()
    file = tmp_path / "results.csv"
    file.write_bytes(csv("MT,P1,2", "GR,P1,3"))
    before = stored()
    connection.close()
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "mikt.settings"}
    words = [sys.executable, "-c", KILLED, str(file), officer.email]
    done = subprocess.run(words, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert stored() == before
    assert comparing.apply(shown(then, "MT,P1,2", "GR,P1,3", by=officer), by=officer).submissions.count() == 2
