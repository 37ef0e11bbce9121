"""From the database of each release the documented steps of an update lead to a portal whose pages open."""

import sqlite3
from contextlib import closing

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.utils import ConnectionHandler
from django.test import Client

from mikt import health
from scoreboard.activity import verification
from scoreboard.models import Answer, Country, Membership, Role, Submission, User
from tests.upgrades import releases


@pytest.fixture
def upgraded(request, transactional_db, tmp_path):
    """The database of a version, in use instead of the tests' own."""
    version, before = request.param, connections["default"]
    if connection.vendor == "sqlite":
        name = str(tmp_path / "upgraded.sqlite3")
    else:
        name = "upgraded"
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE upgraded")
    connections["default"] = new = ConnectionHandler({"default": before.settings_dict | {"NAME": name}})["default"]
    try:
        load(new, releases.sql(version, connection.vendor))
        yield version
    finally:
        new.close()
        connections["default"] = before
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("DROP DATABASE upgraded")


def load(database, statements):
    if database.vendor == "sqlite":
        with closing(sqlite3.connect(database.settings_dict["NAME"])) as plain:  # Django's own looks at foreign keys
            plain.executescript(statements)
        return
    with database.cursor() as cursor:
        cursor.execute(statements)
    database.close()  # a dump empties the search path of its connection


@pytest.mark.parametrize("upgraded", releases.stored(), indirect=True)
def test_a_database_of_each_release_is_upgraded(upgraded):
    answers, people = Answer.objects.count(), User.objects.count()
    for command in (["migrate"], ["createcachetable"], ["rebuild_published"]):
        call_command(*command, verbosity=0)
    assert health.unapplied_migrations() == 0
    assert (Answer.objects.count(), User.objects.count()) == (answers, people)
    assert answers > 0
    assert verification.check().problems == []
    malta = Country.objects.get(iso2="MT", is_rehearsal=False)
    draft = Submission.objects.filter(country=malta, state="draft").first()
    officer = Membership.objects.filter(role=Role.SECRETARIAT).first().person
    focal = Membership.objects.filter(role=Role.FOCAL, country=malta).first().person
    pages = {
        None: ["/", "/countries/mt/", "/indicators/", "/reports/", "/explore/", "/api/v1/"],
        focal: ["/", "/submissions/", f"/submissions/{draft.pk}/", f"/submissions/{draft.pk}/history/", "/plans/"],
        officer: ["/", "/review/", "/review/cycles/", "/people/", "/spaces/"],
    }
    for person, addresses in pages.items():
        client = Client()
        if person:
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        statuses = {address: client.get(address).status_code for address in addresses}
        assert set(statuses.values()) == {200}, statuses


def test_each_release_has_left_its_database():
    missing = [version for version in releases.released() if not releases.path(version, "sqlite").exists()]
    missing += [version for version in releases.released() if not releases.path(version, "postgresql").exists()]
    assert missing == []
    assert len(releases.migrations(releases.stored()[-1])) > 60
