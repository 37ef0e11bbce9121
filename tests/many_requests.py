"""What tests that ask for every address spare themselves, as they send thousands of requests."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.http import HttpResponse

from mikt import urls
from mikt.authentication import Backend
from scoreboard import rehearsal
from scoreboard.models import User


@contextmanager
def people_loaded_once() -> Iterator[None]:
    """Load the person of a session, with their roles, once and not for each request: what tests change is undone."""
    load, loaded = Backend.get_user, {}

    def copied(backend: Backend, pk: int) -> User | None:
        key = pk, rehearsal.is_on()
        if key not in loaded:
            loaded[key] = pickle.dumps(load(backend, pk))
        return pickle.loads(loaded[key])  # noqa: S301

    with patch.object(Backend, "get_user", copied):
        yield


@contextmanager
def bare_error_pages() -> Iterator[None]:
    """Answer 400, 403 and 404 without a page, which is the same for all addresses and takes longer than the view."""

    def bare(status: int):
        return lambda request, exception: HttpResponse(status=status)

    handlers = {f"handler{status}": bare(status) for status in (400, 403, 404)}
    with patch.multiple(urls, create=True, **handlers):
        yield
