"""Statements of organisations: every state × every action × every role, in one table."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction

from scoreboard import clock
from scoreboard.errors import NotNow
from scoreboard.models import ActivityEntry, Membership, Organisation, Role, Statement, User
from scoreboard.stakeholders import deciding, writing
from tests.factories import HARBOUR, a_country, a_cycle, a_focal, a_person, an_edition, an_officer
from tests.small_pdfs import PDF
from tests.statements import STAGES, a_statement, an_observer

pytestmark = pytest.mark.django_db

# ok: done · notnow: the state does not allow it · denied: not this role.
# colleague: another observer of the same organisation · "others" are an observer of another organisation, a focal point
# of another country, a contributor of the country, an analyst, an administrator and a person without a role.
# ripe: shared, and the days of the country are over · closed: a draft when the cycle is closed
TABLE = """
action    stage      author   colleague  focal    officer  others
save      draft      ok       ok         denied   denied   denied
save      closed     notnow   notnow     denied   denied   denied
save      filed      notnow   notnow     denied   denied   denied
save      shared     notnow   notnow     denied   denied   denied
save      ripe       notnow   notnow     denied   denied   denied
save      published  notnow   notnow     denied   denied   denied
save      refused    notnow   notnow     denied   denied   denied
save      withdrawn  notnow   notnow     denied   denied   denied
add_file  draft      ok       ok         denied   denied   denied
add_file  closed     notnow   notnow     denied   denied   denied
add_file  filed      notnow   notnow     denied   denied   denied
add_file  shared     notnow   notnow     denied   denied   denied
add_file  ripe       notnow   notnow     denied   denied   denied
add_file  published  notnow   notnow     denied   denied   denied
add_file  refused    notnow   notnow     denied   denied   denied
add_file  withdrawn  notnow   notnow     denied   denied   denied
add_link  draft      ok       ok         denied   denied   denied
add_link  closed     notnow   notnow     denied   denied   denied
add_link  filed      notnow   notnow     denied   denied   denied
add_link  shared     notnow   notnow     denied   denied   denied
add_link  ripe       notnow   notnow     denied   denied   denied
add_link  published  notnow   notnow     denied   denied   denied
add_link  refused    notnow   notnow     denied   denied   denied
add_link  withdrawn  notnow   notnow     denied   denied   denied
remove    draft      ok       ok         denied   denied   denied
remove    closed     notnow   notnow     denied   denied   denied
remove    filed      notnow   notnow     denied   denied   denied
remove    shared     notnow   notnow     denied   denied   denied
remove    ripe       notnow   notnow     denied   denied   denied
remove    published  notnow   notnow     denied   denied   denied
remove    refused    notnow   notnow     denied   denied   denied
remove    withdrawn  notnow   notnow     denied   denied   denied
delete    draft      ok       ok         denied   denied   denied
delete    closed     ok       ok         denied   denied   denied
delete    filed      notnow   notnow     denied   denied   denied
delete    shared     notnow   notnow     denied   denied   denied
delete    ripe       notnow   notnow     denied   denied   denied
delete    published  notnow   notnow     denied   denied   denied
delete    refused    notnow   notnow     denied   denied   denied
delete    withdrawn  notnow   notnow     denied   denied   denied
file      draft      ok       ok         denied   denied   denied
file      closed     notnow   notnow     denied   denied   denied
file      filed      notnow   notnow     denied   denied   denied
file      shared     notnow   notnow     denied   denied   denied
file      ripe       notnow   notnow     denied   denied   denied
file      published  notnow   notnow     denied   denied   denied
file      refused    notnow   notnow     denied   denied   denied
file      withdrawn  notnow   notnow     denied   denied   denied
withdraw  draft      notnow   notnow     denied   denied   denied
withdraw  closed     notnow   notnow     denied   denied   denied
withdraw  filed      ok       ok         denied   denied   denied
withdraw  shared     ok       ok         denied   denied   denied
withdraw  ripe       ok       ok         denied   denied   denied
withdraw  published  ok       ok         denied   denied   denied
withdraw  refused    ok       ok         denied   denied   denied
withdraw  withdrawn  notnow   notnow     denied   denied   denied
share     draft      denied   denied     denied   notnow   denied
share     closed     denied   denied     denied   notnow   denied
share     filed      denied   denied     denied   ok       denied
share     shared     denied   denied     denied   ok       denied
share     ripe       denied   denied     denied   ok       denied
share     published  denied   denied     denied   ok       denied
share     refused    denied   denied     denied   ok       denied
share     withdrawn  denied   denied     denied   notnow   denied
reply     draft      denied   denied     notnow   denied   denied
reply     closed     denied   denied     notnow   denied   denied
reply     filed      denied   denied     notnow   denied   denied
reply     shared     denied   denied     ok       denied   denied
reply     ripe       denied   denied     ok       denied   denied
reply     published  denied   denied     notnow   denied   denied
reply     refused    denied   denied     ok       denied   denied
reply     withdrawn  denied   denied     notnow   denied   denied
publish   draft      denied   denied     denied   notnow   denied
publish   closed     denied   denied     denied   notnow   denied
publish   filed      denied   denied     denied   notnow   denied
publish   shared     denied   denied     denied   notnow   denied
publish   ripe       denied   denied     denied   ok       denied
publish   published  denied   denied     denied   ok       denied
publish   refused    denied   denied     denied   ok       denied
publish   withdrawn  denied   denied     denied   notnow   denied
refuse    draft      denied   denied     denied   notnow   denied
refuse    closed     denied   denied     denied   notnow   denied
refuse    filed      denied   denied     denied   ok       denied
refuse    shared     denied   denied     denied   ok       denied
refuse    ripe       denied   denied     denied   ok       denied
refuse    published  denied   denied     denied   ok       denied
refuse    refused    denied   denied     denied   notnow   denied
refuse    withdrawn  denied   denied     denied   notnow   denied
"""
LINES = [line.split() for line in TABLE.strip().splitlines()[1:]]
CELLS = {(action, stage): row for action, stage, *row in LINES}
ACTIONS = list(dict.fromkeys(action for action, *_rest in LINES))
ROLES = ("author", "colleague", "focal", "officer")


def do(action: str, statement: Statement, by: User) -> object:
    seen = statement.revision
    verbs = {
        "save": lambda: writing.save(statement, text="Other words.", level=1, seen=seen, by=by),
        "add_file": lambda: writing.add_file(statement, ContentFile(PDF + b"\n", name="Map.pdf"), by=by),
        "add_link": lambda: writing.add_link(statement, "https://example.org/report", by=by),
        "remove": lambda: writing.remove(statement.pieces.first(), by=by),
        "delete": lambda: writing.delete(statement, by=by),
        "file": lambda: writing.file(statement, seen=seen, by=by),
        "withdraw": lambda: writing.withdraw(statement, reason="We were wrong.", by=by),
        "share": lambda: deciding.share(statement, by=by),
        "reply": lambda: deciding.reply(statement, "We see it differently.", seen=seen, by=by),
        "publish": lambda: deciding.publish(statement, seen=seen, names_nobody=True, by=by),
        "refuse": lambda: deciding.refuse(statement, reason="It names a person.", by=by),
    }
    return verbs[action]()


@contextmanager
def tried():
    """What is done is undone; yields a dict that gets the `outcome`."""
    found = {"outcome": "ok"}
    with transaction.atomic():
        try:
            with transaction.atomic():
                yield found
        except PermissionDenied:
            found["outcome"] = "denied"
        except NotNow:
            found["outcome"] = "notnow"
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def people(module_db) -> dict[str, list[User]]:
    """Somebody of every role."""
    malta, greece = a_country("MT"), a_country("GR")
    an_edition(HARBOUR)
    author = an_observer()
    another = Organisation.objects.create(name="Another Society")
    stranger = a_person(name="Stranger")
    Membership.objects.create(person=stranger, role=Role.OBSERVER, organisation=another)
    others = [stranger, a_focal(greece), a_person(Role.CONTRIBUTOR, malta), a_person(Role.ANALYST)]
    others += [a_person(name="Ada", is_staff=True), a_person(name="Noel")]
    named = {"author": author, "colleague": an_observer(name="Colleague"), "focal": a_focal(malta)}
    return {role: [one] for role, one in named.items()} | {"officer": [an_officer()], "others": others}


@pytest.fixture(scope="module")
def submission(people):
    return a_cycle([a_country("MT"), a_country("GR")]).submissions.get(country__iso2="MT")


@pytest.mark.parametrize("stage", STAGES)
def test_who_can_do_what_when(stage, people, submission, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with transaction.atomic():
        statement, moment = a_statement(submission, people["author"][0], stage, piece=True)
        for action in ACTIONS:
            found = []
            for role in (*ROLES, "others"):
                outcomes = set()
                for person in people[role]:
                    entries = ActivityEntry.objects.count()
                    with clock.at(moment), tried() as one:
                        do(action, Statement.objects.get(pk=statement.pk), person)
                        repeated = (action, stage) in REPEATED
                        assert ActivityEntry.objects.count() == entries + (0 if repeated else 1), action
                    outcomes.add(one["outcome"])
                found.append("/".join(sorted(outcomes)))
            assert found == CELLS[action, stage], (action, stage)
        transaction.set_rollback(True)


# What is done already, and repeated without harm.
REPEATED = {("share", stage) for stage in ("shared", "ripe", "published", "refused")} | {("publish", "published")}


def test_the_table_is_whole():
    assert set(CELLS) == {(action, stage) for action in ACTIONS for stage in STAGES}
    assert len(LINES) == len(CELLS)


def test_a_statement_begins_for_ones_own_organisation_while_the_cycle_is_open(people, submission):
    author, organisation = people["author"][0], people["author"][0].memberships.get().organisation
    later = clock.now() + timedelta(days=61)
    for role, persons in people.items():
        for person in persons:
            with tried() as one:
                assert writing.start(submission, organisation, by=person).organisation == organisation
            assert one["outcome"] == ("ok" if role in ("author", "colleague") else "denied"), person
    with clock.at(later), tried() as one:
        writing.start(submission, organisation, by=author)
    assert one["outcome"] == "notnow"
