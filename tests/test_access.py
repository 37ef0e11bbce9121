"""Who gets what where: every named URL × every role, as the table in tests/addresses.py says."""

import fnmatch
import re
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.db import transaction
from django.http import SimpleCookie
from django.test import Client
from django.urls import reverse
from django.views import defaults

from mikt import urls
from scoreboard.models import Space, State, User
from scoreboard.network import membership
from scoreboard.urls import space_urls
from tests import spaces
from tests.addresses import ROLES, ROWS, Row, named_urls
from tests.factories import session_of
from tests.many_requests import bare_error_pages, people_loaded_once
from tests.world import World, a_world, furnished

pytestmark = pytest.mark.django_db

LIBRARIES = ("account_", "mfa_", "admin:")  # whose views are not ours
OURS = [row for row in ROWS if not row.name.startswith(LIBRARIES)]
REQUESTS = list({(row.method, row.name): row for row in OURS}.values())

# The pages that every model of the administration has are asked for of one or two models.
OF_A_MODEL = re.compile(r"admin:[a-z]+(_[a-z]+)+_(?P<page>add|change|delete|history)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def world(module_db, folder) -> Iterator[World]:
    """The world that all these tests ask about, built once."""
    with furnished(folder), people_loaded_once(), bare_error_pages():
        yield a_world()


@pytest.fixture(autouse=True)
def files(settings, folder):
    """The files of the world, not those of the single test."""
    settings.MEDIA_ROOT = str(folder)


@pytest.fixture(scope="module")
def outside(world) -> dict[str, User]:
    """A guest who is invited to the space, one whose invitation has ended, and another organisation's observer."""
    space = Space.objects.get(pk=world.words["space"])
    guest, ended = spaces.an_expert(space), spaces.an_expert(space, email="ended@university.example")
    membership.end(space.members.get(person=ended), by=space.moderator)
    return {"guest": guest, "ended": ended, "stranger": spaces.an_observer("Strangers")}


@pytest.fixture(scope="module")
def cookies(world, outside) -> dict[str, str]:
    """The session of each role, empty for nobody signed in, and of people from outside."""
    return {role: session_of(person) if person else "" for role, person in (world.people | outside).items()}


@pytest.fixture(scope="module")
def fetch(cookies):
    """Return a function that tells what a role gets for a request, and what a page says; changes are undone at once."""
    clients = {checked: Client(enforce_csrf_checks=checked) for checked in (False, True)}

    def fetched(role, method, address, data=None, *, without_token=False) -> tuple[str, str]:
        client = clients[without_token]
        client.cookies = SimpleCookie({"sessionid": cookies[role]} if cookies[role] else {})
        with transaction.atomic():
            sent = {"content_type": "application/json"} if address.startswith("/api/") else {}
            response = client.post(address, data, **sent) if data is not None else client.generic(method, address)
            body = response.getvalue()  # read to its end, a file is closed
            transaction.set_rollback(True)
        page = body.decode() if "html" in response.get("Content-Type", "") else ""
        if response.status_code == 401 and b"You were signed out" in body:
            return "in", page  # with what was sent, to be copied
        doors = (reverse("account_login"), reverse("admin:login"))
        return "in" if response.get("Location", "").split("?")[0] in doors else str(response.status_code), page

    return fetched


@pytest.fixture(scope="module")
def ask(fetch):
    """Return a function that tells what a role gets for a request."""
    return lambda *request, **options: fetch(*request, **options)[0]


def family(name: str) -> str:
    """Return the name, or for a page that every model of the administration has, the page."""
    match = OF_A_MODEL.fullmatch(name)
    return f"admin:*_{match['page']}" if match else name


ZONES_TO_CHOOSE = ("cycle_new", "cycle_edit")  # a field of these pages is the time zone
SHOW_MAILS = ("cycle_remind", "cycle_reminders", "message")  # which name the zone with each day


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_gets_what_the_table_says(row, world, fetch):
    """And no page of ours names its time zone twice, whatever it answers."""
    for name in fnmatch.filter(named_urls(), row.name):
        address = row.address(world, name=name)
        found = {role: fetch(role, row.method, address, row.data(world, role)) for role in ROLES}
        assert {role: status for role, (status, _page) in found.items()} == dict(
            zip(ROLES, row.statuses, strict=True)
        ), name
        if row in OURS and row.name not in (*ZONES_TO_CHOOSE, *SHOW_MAILS):
            named = {role: page.count("Europe/Berlin") for role, (_status, page) in found.items()}
            assert {role: times for role, times in named.items() if times > 1} == {}


@pytest.mark.parametrize("role", ROLES)
def test_nor_does_the_page_of_an_error(role, world, fetch):
    with patch.multiple(urls, handler403=defaults.permission_denied, handler404=defaults.page_not_found):
        for name, status in (("people", "403"), ("submission", "404")):
            address = reverse(name, args=["987654"] if name == "submission" else [])
            found, page = fetch(role, "GET", address)
            assert page.count("Europe/Berlin") <= 1
            if role == "observer":
                assert (found, "<h1" in page) == (status, True)


NOT_ASKED = ("POST invitation_part offered",)  # which somebody without a role is offered, and a guest is not


OF_SPACES = {pattern.name for pattern in space_urls}


def test_a_guest_gets_the_spaces_of_the_invitations_and_what_somebody_without_a_role_gets(world, outside, ask):
    """Whatever the address; in the space that they are invited to, what the observer gets who is invited too."""
    found, expected = {}, {}
    for row in OURS:
        if str(row) not in NOT_ASKED:
            like = "observer" if row.name in OF_SPACES else "nobody"
            data = row.data(World(world.people | outside, world.words), "guest")
            found[str(row)] = ask("guest", row.method, row.address(world), data)
            expected[str(row)] = dict(zip(ROLES, row.statuses, strict=True))[like]
    assert found == expected


@pytest.mark.parametrize("person", ["ended", "stranger"])
def test_who_is_not_invited_any_more_or_never_was_gets_nothing_of_a_space(person, world, outside, ask):
    """And the observer of another organisation nothing of what the first one's proposed."""
    found, expected = {}, {}
    for row in OURS:
        if row.name in OF_SPACES or "proposal" in row.words:
            data = row.data(World(world.people | outside, world.words), person)
            found[str(row)] = ask(person, row.method, row.address(world), data)
            expected[str(row)] = dict(zip(ROLES, row.statuses, strict=True))["nobody"]
    assert found == expected


@pytest.mark.parametrize("role", ["focal", "officer"])
@pytest.mark.parametrize("line", ["submission submitted", "submission_area submitted P", "home"])
def test_a_page_with_a_day_of_a_cycle_names_its_time_zone(role, line, world, fetch):
    name, *words = line.split()
    assert fetch(role, "GET", Row("GET", name, tuple(words), ()).address(world))[1].count("Europe/Berlin") == 1


def test_each_named_url_has_a_row():
    patterns = {family(row.name) for row in ROWS}
    without = {name for name in named_urls() if not any(fnmatch.fnmatch(family(name), known) for known in patterns)}
    assert without == set()


@pytest.mark.parametrize("row", {row.name: row for row in OURS}.values(), ids=str)
def test_a_method_without_a_row_is_refused(row, world, ask):
    allowed = {other.method for other in ROWS if other.name == row.name}
    wrong = {"GET", "POST", "PUT", "DELETE"} - allowed
    refused = "404" if row.name == "api-missing" else "405"  # where nothing is, nothing is whatever is sent
    assert {method: ask("officer", method, row.address(world)) for method in wrong} == dict.fromkeys(wrong, refused)


WITHOUT_TOKEN = {"subscriber_leave"}  # a mail program posts there without having seen a page


@pytest.mark.parametrize(
    "row", {row.name: row for row in ROWS if row.method == "POST" and row.name not in WITHOUT_TOKEN}.values(), ids=str
)
def test_a_post_without_its_token_is_refused(row, world, ask):
    assert ask("officer", "POST", row.address(world), row.data(world, "officer"), without_token=True) == "403"


# An old address leads on whatever it names, to a page that answers.
NAMING = [row for row in REQUESTS if row.words and not row.name.endswith("_before")]


@pytest.mark.parametrize("row", NAMING, ids=str)
def test_a_number_or_code_that_does_not_exist(row, world, ask):
    assert ask("officer", row.method, row.address(world, first="987654"), row.data(world, "officer")) == "404"


OF_SUBMISSION = [row for row in REQUESTS if row.words and row.words[0] in (*State.values, "foreign")]


@pytest.mark.parametrize("row", OF_SUBMISSION, ids=str)
def test_a_foreign_number_in_an_address(row, world, ask):
    """Malta's focal point gets no page about Greece's submission, whatever page."""
    address = row.address(world, first=world.words["foreign"])
    assert ask("focal", row.method, address, row.data(world, "focal")) == "404"


# What belongs to another edition, or to nobody, in the address of a page that is there.
GUESSED = """
GET  submission_area draft A
POST submission_area draft A
GET  submission_area accepted A
GET  submission_area draft p
GET  submission_version accepted 0
GET  submission_version draft 1
GET  submission_figures draft P1
GET  submission_evidence draft 1
GET  submission_evidence_remove draft P1 piece
GET  evidence_file submitted piece
POST review_flag submitted 1
POST review_flag accepted A
GET  report_country everyone mt
GET  report_country everyone TN
GET  workbench everyone
"""


@pytest.mark.parametrize("line", GUESSED.strip().splitlines())
def test_what_belongs_elsewhere(line, world, ask):
    method, name, *words = line.split()
    row = Row(method, name, tuple(words), ())
    assert ask("officer", row.method, row.address(world), row.data(world, "officer")) == "404"


def test_account_pages_name_things_as_the_portal_does():
    for name in ("account_login", "account_reset_password"):
        page = Client().get(reverse(name)).content.decode()
        assert ">E-mail address</label>" in " ".join(page.split()).replace("> ", ">").replace(" <", "<")
        assert "placeholder" not in page
