"""What no database can hold and no page takes: numbers too large, the NUL character, bodies of any size."""

import io
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import SimpleCookie
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from mikt import middleware
from tests.addresses import ROWS
from tests.factories import session_of
from tests.many_requests import bare_error_pages, people_loaded_once
from tests.world import World, a_world, furnished

pytestmark = pytest.mark.django_db

TOO_LARGE = [2**63, 10**30, int("9" * 4_000)]
SENTINEL = "987654321"  # fits into an address as a number, a code and a word


@pytest.fixture(scope="module")
def world(module_db, tmp_path_factory) -> Iterator[World]:
    """The world that all these tests ask about, built once."""
    with furnished(tmp_path_factory.mktemp("files")), people_loaded_once(), bare_error_pages():
        yield a_world()


@pytest.fixture(scope="module")
def ask(world):
    """Return a function that tells what somebody gets for a request; what it changed is undone at once."""
    cookies = {role: {"sessionid": session_of(person)} if person else {} for role, person in world.people.items()}
    client = Client()

    def asked(role, method, address, data=None) -> int:
        client.cookies = SimpleCookie(cookies[role])
        with transaction.atomic():
            response = client.post(address, data) if data is not None else client.generic(method, address)
            response.getvalue()
            transaction.set_rollback(True)
        return response.status_code

    return asked


def role_for(row) -> str:
    return "admin" if row.name.startswith("admin:") else "focal" if row.name.startswith("contribution") else "officer"


ONCE = list({(row.method, row.name): row for row in ROWS if "*" not in row.name}.values())
WITH_WORDS = [row for row in ONCE if row.words and row.name != "admin:app_list"]  # whose word is an app's name


def with_one_part_replaced(row, world, part: str):
    """The row's address, each time with another of its parts replaced."""
    values = [world.words.get(word, word) for word in row.words]
    for n in range(len(values)):
        address = reverse(row.name, args=[*values[:n], SENTINEL, *values[n + 1 :]])
        assert SENTINEL in address
        yield address.replace(SENTINEL, part)


@pytest.mark.parametrize("row", WITH_WORDS, ids=str)
def test_a_number_too_large_for_the_database_is_no_address(row, world, ask):
    role = role_for(row)
    for number in TOO_LARGE[:2]:
        for address in with_one_part_replaced(row, world, str(number)):
            status = ask(role, row.method, address, row.data(world, role))
            theirs = row.name.startswith(("admin:", "account_"))  # libraries answer as they like, but no error
            moved = row.name.endswith("_before")  # an old address leads on whatever it names
            assert status < 500 if theirs or moved else status == 404, address


@pytest.mark.parametrize("row", WITH_WORDS, ids=str)
def test_a_nul_is_in_no_address(row, world, ask):
    for address in with_one_part_replaced(row, world, "a%00b"):
        for role in ("visitor", role_for(row)):
            assert ask(role, row.method, address, row.data(world, role)) == 404, address


def patterns(resolver=None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def test_no_address_of_ours_takes_an_unbounded_number():
    views = ("mikt.views", "scoreboard.views", "reporting.views")
    ours = [one for one in patterns() if one.callback.__module__.startswith(views)]
    found = {type(kind).__name__ for one in ours for kind in getattr(one.pattern, "converters", {}).values()}
    assert "NumberConverter" in found
    assert "IntConverter" not in found


FILTERS = ["page", "cycle", "show", "state", "timing", "group", "year", "country", "late", "subregion", "provisional"]
FILTERS += ["from", "to", "version", "q", "sha256", "language", "seen", "issue", "status", "next", "id__exact", "p"]


@pytest.mark.parametrize("row", [row for row in ONCE if row.method == "GET"], ids=str)
def test_a_query_of_numbers_too_large_is_no_error(row, world, ask):
    address, role = row.address(world), role_for(row)
    for number in TOO_LARGE:
        assert ask(role, "GET", f"{address}?{urlencode(dict.fromkeys(FILTERS, number))}") < 500
    for number in TOO_LARGE[1:]:
        assert ask(role, "GET", f"{address}?page={number}") < 500
    refused = 400 if address.startswith("/api/") else 404
    assert ask(role, "GET", f"{address}?page=a%00b") == refused
    assert ask("visitor", "GET", f"{address}?a%00b=1") == refused


@pytest.mark.parametrize("row", [row for row in ONCE if row.method == "POST"], ids=str)
def test_a_field_that_no_database_can_hold_is_no_error(row, world, ask):
    role = role_for(row)
    data, address = row.data(world, role), row.address(world)
    for field in [*data, "piece", "take", "other"]:
        assert ask(role, "POST", address, data | {field: "a\x00b"}) == 400, field
        for number in TOO_LARGE:
            assert ask(role, "POST", address, data | {field: str(number)}) < 500, (field, number)
    assert ask(role, "POST", address, data | {"a\x00b": "1"}) == 400


def test_suggested_pieces_that_no_database_can_hold(world, ask):
    address = reverse("submission_suggestion", args=[world.words["draft"], world.words["suggestion"]])
    suggested = world.words["suggested"]
    for piece in ("9" * 30, "9" * 5_000, "²", "-1"):
        for decision in ("adopt", "edit"):
            data = {"decision": decision, "at": suggested, "piece": piece}
            assert ask("focal", "POST", address, data) < 500


class Unread(io.BytesIO):
    """A body that nobody may read."""

    def read(self, *_args):
        raise AssertionError("the body was read")


def sent(user, address: str, **more) -> object:
    """What the limits say of a POST with a body that must not be read."""
    request = RequestFactory().post(address, **{"content_type": "multipart/form-data; boundary=x"})
    request.META |= more
    request.META["wsgi.input"] = Unread()
    request._stream = Unread()
    request.user = user
    match = resolve(address)
    return middleware.RequestLimitsMiddleware(None).process_view(request, match.func, match.args, match.kwargs)


MB = 1_000_000
TAKE_FILES = ("submission_evidence", "contribution_evidence", "submission_source", "statement_pieces")
TAKE_FILES += ("plan_files", "plan_action_files", "resource_files")


@pytest.mark.parametrize("row", [row for row in ONCE if row.method == "POST"], ids=str)
def test_a_page_takes_300_mb_only_if_files_are_asked_for_there(row, world):
    address = row.address(world)
    focal = world.people["focal"]
    for user in (AnonymousUser(), focal):
        takes = user == focal and row.name in TAKE_FILES
        if takes:
            with pytest.raises(AssertionError, match="the body was read"):
                sent(user, address, CONTENT_LENGTH=str(300 * MB))
        else:
            response = sent(user, address, CONTENT_LENGTH=str(300 * MB))
            assert response.status_code == 413
            assert "What was sent is larger than the" in response.content.decode()
        assert sent(user, address, CONTENT_LENGTH=str(500 * MB)).status_code == 413
