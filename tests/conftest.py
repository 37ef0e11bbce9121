"""What every test may ask for: a cast of people, an open cycle, and signed-in clients."""

import pytest
from django.test import Client

from scoreboard.models import Role
from tests import factories


@pytest.fixture(autouse=True)
def portal(settings, tmp_path):
    """Fast passwords, private files in a temporary folder, plain static files, and no silent template mistakes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = str(tmp_path / "files")
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.ACCOUNT_RATE_LIMITS = False


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
def cycle(malta, greece):
    """An open cycle with Malta and Greece."""
    return factories.a_cycle([malta, greece])


@pytest.fixture
def sign_in():
    """Return a function that gives a client signed in as a person."""

    def signed_in(person) -> Client:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
