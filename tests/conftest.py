"""What every test may ask for: a cast of people, an open cycle, and signed-in clients."""

import gc
import itertools
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from unittest import mock

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.models.signals import post_migrate
from django.test import Client, override_settings

from mikt.accounts.adapter import SIGNED_IN_AT
from reporting.pdf import processes, typesetting
from scoreboard.models import Role, State
from tests import factories

# Nothing waits for the disk, and savepoints, of which each test and request makes some, write no files.
SQLITE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000;"


def pytest_itemcollected(item):
    """Mark what asks for a database, all that has to run on the second one too."""
    if item.get_closest_marker("django_db") or {"db", "django_db_setup"} & set(item.fixturenames):
        item.add_marker("database")


LONGEST = ("tests/test_markers.py", "tests/test_access.py", "tests/test_limits.py")  # two to five minutes each


def pytest_collection_modifyitems(items):
    """Begin with the longest files: a worker that comes to one at the end leaves the others without work."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """Make the tables from the models, which takes a tenth of the time; tests/test_migrations.py runs the migrations.

    On SQLite, use a file, as threads and a live server need.
    """
    database = connections["default"].settings_dict
    database["TEST"]["MIGRATE"] = False
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        database["OPTIONS"] = database["OPTIONS"] | {"init_command": SQLITE}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database, its migrations recorded as applied.

    Emptying it does not bring back the rows of permissions, which nobody asks (see User.has_perm).
    """
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    with django_db_blocker.unblock():
        call_command("migrate", fake=True, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def daytime():
    """In the evening the tests' clock goes six hours behind.

    Around midnight a day of UTC, from which tests count, is not that of a cycle's time zone.
    """
    if datetime.now(UTC).hour < 18:
        yield
        return
    with mock.patch("django.utils.timezone.now", side_effect=lambda: datetime.now(UTC) - timedelta(hours=6)):
        yield


@pytest.fixture(scope="session", autouse=True)
def portal(tmp_path_factory):
    """Fast passwords, plain static files, no limits, no second factor, no stored pages, and fewer garbage searches."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    caches = django_settings.CACHES | {"pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    with override_settings(
        CACHES=caches,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        MEDIA_ROOT=str(tmp_path_factory.mktemp("files")),
        STORAGES={
            **django_settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        ACCOUNT_RATE_LIMITS=False,
        API_RATES={"address": None, "token": None},
        SECOND_FACTOR_REQUIRED=False,
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def papers():
    """Papers for one reader are typeset here, and the same HTML once: a process for each takes longer than its paper.

    tests/reporting/pdf/test_joining.py asks for the process.
    """
    typeset = cache(typesetting.section)
    with mock.patch.object(processes, "alone", lambda html, beat: typeset(html, processes.STATIC)):
        yield


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    """Names of folders that are not there yet; making one, as `tmp_path` does, takes longer the more there are."""
    root = tmp_path_factory.mktemp("private")
    return (str(root / str(number)) for number in itertools.count())


@pytest.fixture(autouse=True)
def files(settings, folders):
    """Private files in a folder of each test's own."""
    settings.MEDIA_ROOT = next(folders)


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker):
    """A transaction open for all tests of a module: what is built in it is there in each, and undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def malta(db):
    return factories.a_country("MT")


@pytest.fixture
def greece(db):
    return factories.a_country("GR")


@pytest.fixture
def focal(malta):
    return factories.a_focal(malta)


@pytest.fixture
def officer(db):
    return factories.an_officer()


@pytest.fixture
def analyst(db):
    return factories.a_person(Role.ANALYST)


@pytest.fixture
def observer(db):
    return factories.a_person(Role.OBSERVER)


@pytest.fixture
def harbour(db):
    """The small edition, which a cycle asks where it is told no other."""
    return factories.an_edition(factories.HARBOUR)


@pytest.fixture
def draft(harbour, focal):
    """Malta's answers to the small edition, none given yet."""
    return factories.submission_at(State.DRAFT)


@pytest.fixture
def submitted(harbour, focal):
    """Malta's answers to the small edition, with the Secretariat."""
    return factories.submission_at(State.SUBMITTED)


@pytest.fixture
def cycle(malta, greece):
    """An open cycle with Malta and Greece."""
    return factories.a_cycle([malta, greece])


@pytest.fixture
def sign_in():
    """Return a function that gives a client of a person who has just signed in, or did so an hour ago."""

    def signed_in(person, *, just_now: bool = True) -> Client:
        client = Client()
        client.force_login(person, backend="mikt.authentication.Backend")
        session = client.session
        session[SIGNED_IN_AT] = time.time() - (0 if just_now else 3600)
        session.save()
        return client

    return signed_in
