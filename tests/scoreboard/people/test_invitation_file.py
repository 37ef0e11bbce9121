"""Invitations from a file: the differences first, then all or nothing; whatever is wrong is a sentence with its row."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from i18nfield.strings import LazyI18nString
from openpyxl import Workbook

from scoreboard import clock
from scoreboard.errors import Invalid, Stale
from scoreboard.models import CountryGroup, Mail, Membership, Organisation, Role, User
from scoreboard.people import invitation_file, roles
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db

HEADING = "email,name,role,country,organisation,networks,until"


@pytest.fixture
def harbours(db):
    secretariat = Organisation.objects.create(name="Harbour Secretariat", kind=Organisation.Kind.SECRETARIAT)
    name = LazyI18nString({"en": "Harbour network"})
    return CountryGroup.objects.create(code="harbours", name=name, secretariat=secretariat)


@pytest.fixture
def client(sign_in, officer, malta, greece, harbours):
    Organisation.objects.create(name="Harbour Friends", short_name="HF", kind=Organisation.Kind.NGO)
    return sign_in(officer)


def csv(*lines, heading=HEADING) -> bytes:
    return "\r\n".join([heading, *lines, ""]).encode()


def upload(client, content, name="people.csv", note=""):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("people_import"), {"file": file, "note": note})


def confirm(client, response):
    return client.post(reverse("people_import_confirm"), {"signed": Page(response).fields["signed"]}, follow=True)


def test_differences_are_shown_first_and_then_done(client, officer, malta, greece, harbours):
    held = factories.a_focal(malta).memberships.get()
    known = factories.a_person(name="Olga")
    until = (clock.today() + timedelta(days=90)).isoformat()
    content = csv(
        f"maria@ministry.example,Maria,focal,GR,,harbours,{until}",
        f"{held.person.email},,Focal point,Malta,,Harbour network,{until}",
        f"{known.email},Olga,observer,,hf,,",
        f"{known.email},Olga,analyst,,,,",
    )
    response = upload(client, content, note="Welcome to the round.")
    shown = Page(response)
    assert shown.h1 == "What the file would do"
    for said in (
        "is invited, and sets a password first",
        "last day:",
        "added networks: Harbour network",
        "has an account, and is invited to accept",
        "Welcome to the round.",
        "Do this for 4 rows",
    ):
        assert said in shown.text
    assert not Mail.objects.exists()
    assert not User.objects.filter(email="maria@ministry.example").exists()
    assert "4 invitations or changes are done." in Page(confirm(client, response)).text
    maria = Membership.objects.get(person__email="maria@ministry.example")
    assert (maria.country, maria.until.isoformat(), [*maria.networks.all()]) == (greece, until, [harbours])
    held.refresh_from_db()
    assert (held.until.isoformat(), [*held.networks.all()]) == (until, [harbours])
    assert {one.role for one in known.memberships.all()} == {Role.OBSERVER, Role.ANALYST}
    assert {(mail.event, mail.to.email) for mail in Mail.objects.filter(event__in=["offer", "role_invited"])} == {
        ("role_invited", "maria@ministry.example"),
        ("offer", known.email),
    }
    assert all("Welcome to the round." in mail.body for mail in Mail.objects.filter(event="offer"))
    # Once more it changes nothing.
    assert "Nothing would change" in Page(upload(client, content)).text


def test_a_workbook_is_read_too(client, malta):
    book = Workbook()
    book.active.append(["Email", "Name", "Role", "Country", "Until"])
    until = clock.today() + timedelta(days=10)
    book.active.append(["maria@ministry.example", "Maria", "focal", "MLT", until])
    content = io.BytesIO()
    book.save(content)
    confirm(client, upload(client, content.getvalue(), "people.xlsx"))
    maria = Membership.objects.get(person__email="maria@ministry.example")
    assert (maria.country, maria.until) == (malta, until)


@pytest.mark.parametrize("encode", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_other_ways_of_writing_csv(client, encode, sign):
    lines = ["email,name,role,country", "maria@ministry.example,María Ñ,focal,mt"]
    content = "\n".join(lines).replace(",", sign).encode(encode)
    confirm(client, upload(client, content))
    assert User.objects.get(email="maria@ministry.example").name == "María Ñ"


ROWS = [
    ("m@example.org,M,focal,Atlantis,,,", "Row 2: There is no country “Atlantis”."),
    ("m@example.org,M,focal,,,,", "Row 2: A focal point or contributor belongs to a country: name one."),
    ("m@example.org,M,observer,,,,", "Row 2: An observer belongs to an organisation: name one."),
    ("m@example.org,M,observer,,Nobody,,", "Row 2: There is no organisation “Nobody”. Add it first."),
    ("m@example.org,M,analyst,MT,,,", "Row 2: The role Analyst belongs to no country: leave the country empty."),
    ("m@example.org,M,,MT,,,", "Row 2: It names no role. Write focal, observer or analyst."),
    ("m@example.org,M,king,MT,,,", "Row 2: There is no role “king”. Write focal, observer or analyst."),
    ("m@example.org,M,focal,MT,,ports,", "Row 2: There is no network “ports”."),
    ("m@example.org,M,focal,MT,,,31/12/2027", "Row 2: “31/12/2027” is no day. Write it as 2027-12-31."),
    ("m@example.org,M,focal,MT,,,2001-01-01", "Row 2: The last day has passed. Choose today or a later day."),
    ("m at example,M,focal,MT,,,", "Row 2: “m at example” is no e-mail address."),
    (",M,focal,MT,,,", "Row 2: “” is no e-mail address."),
    ("m@example.org,,focal,MT,,,", "Row 2: It names an address that is new here, without a name."),
    ("m@example.org,=HYPERLINK(1),focal,MT,,,", "Row 2: “name” begins with “=”, as a formula does."),
    ("m@example.org,+M,focal,MT,,,", "Row 2: “name” begins with “+”, as a formula does."),
    ("@m@example.org,M,focal,MT,,,", "Row 2: “email” begins with “@”, as a formula does."),
    (f"m@example.org,{'M' * 301},focal,MT,,,", "Row 2: “name” is longer than 300 characters."),
    (
        "m@example.org,M,contributor,MT,,,",
        "Row 2: Contributors are invited by the focal points of",
    ),
    ("m@example.org,M,secretariat,,,,", "Row 2: Only administrators give the role Secretariat."),
    ("{officer},M,focal,MT,,,", "Row 2: This is your own address. Nobody gives a role to themselves."),
    ("{closed},M,focal,MT,,,", "Row 2: The account of {closed} is closed."),
    (
        "m@example.org,M,focal,MT,,,\r\nM@example.org,M,focal,Malta,,,",
        "Row 3: It repeats row 2: the same address",
    ),
    ("m@example.org,M,focal,MT,,,\r\nm@example.org,N,focal,GR,,,", "Row 3: It gives m@example.org another name than"),
]


@pytest.mark.parametrize(("lines", "sentence"), ROWS, ids=[sentence for _lines, sentence in ROWS])
def test_a_row_with_a_fault_is_named_and_nothing_is_done(client, officer, lines, sentence):
    closed = factories.a_person(name="Closed", is_active=False)
    words = {"officer": officer.email, "closed": closed.email}
    good = "good@example.org,Good,focal,MT,,,"
    before = User.objects.count()
    response = upload(client, csv(lines.format(**words), good))
    page = Page(response)
    assert sentence.format(**words) in page.text
    assert "Nothing is done." in page.text
    assert "signed" not in page.fields
    assert (User.objects.count(), Mail.objects.count()) == (before, 0)


FILES = [
    (b"", "The file is empty."),
    (b"\r\n", "The first row is empty. It names the columns"),
    (csv(), "The file has no row below its heading."),
    (csv("a,b", heading="email,name"), "Row 1: these columns are missing: role."),
    (csv("a,b", heading="email,name,role,email"), "Row 1: these columns are there twice: email."),
    (csv("a,b", heading="email,name,role,salary"), "Row 1: “salary” is none of the columns"),
    (csv("m@example.org,M,focal,MT,,,,,extra"), "Row 2 has more cells than the heading has columns."),
    (csv("m@example.org,M,focal,MT") + "x,Zoë,focal,MT".encode("latin-1"), "Row 3: the file is not in UTF-8."),
    (csv('m@example.org,"M,focal,MT'), "The file cannot be read as CSV"),
    (csv("m@example.org,M\x00,focal,MT"), "The file is no text."),
    (csv(*["m@example.org,M,focal,MT"] * 501), "The file has more than 500 rows. Divide it."),
    (b"x" * (2**20 + 1), "The file is larger than 1 MB."),
    (b"PK\x03\x04 not a workbook", "The file is not an Excel workbook (.xlsx)."),
    (b"\xd0\xcf\x11\xe0 old", "The file is in a format of old office programs"),
]


@pytest.mark.parametrize(("content", "sentence"), FILES, ids=[sentence for _content, sentence in FILES])
def test_a_file_that_cannot_be_read_is_refused(client, content, sentence):
    assert sentence in Page(upload(client, content)).text
    assert not Mail.objects.exists()


def test_formulas_of_a_workbook_are_refused(client):
    book = Workbook()
    book.active.append(["email", "name", "role", "country"])
    book.active.append(["m@example.org", '=HYPERLINK("https://example.org","M")', "focal", "MT"])
    content = io.BytesIO()
    book.save(content)
    assert (
        "Row 2: “name” begins with “=”, as a formula does."
        in Page(upload(client, content.getvalue(), "people.xlsx")).text
    )


class TestTakingOver:
    def test_what_was_not_shown_is_not_done(self, client, officer, sign_in):
        response = upload(client, csv("maria@ministry.example,Maria,focal,MT,,,"))
        signed = Page(response).fields["signed"]
        for forged in ("", signed[:-2] + "xx"):
            assert client.post(reverse("people_import_confirm"), {"signed": forged}).status_code == 409
        other = factories.a_person(Role.SECRETARIAT, name="Colleague")
        with pytest.raises(Invalid):
            invitation_file.apply(signed, by=other)
        for role in (Role.ANALYST, Role.OBSERVER, None):
            with pytest.raises(PermissionDenied):
                invitation_file.apply(signed, by=factories.a_person(role))
        assert not Mail.objects.exists()

    def test_what_has_changed_meanwhile_is_shown_again(self, client, officer, malta):
        response = upload(client, csv("maria@ministry.example,Maria,focal,MT,,,", "b@example.org,B,focal,MT,,,"))
        roles.invite(roles.Invitation("b@example.org", "B", Role.FOCAL, malta), by=officer)
        with pytest.raises(Stale):
            invitation_file.apply(Page(response).fields["signed"], by=officer)
        assert not User.objects.filter(email="maria@ministry.example").exists()

    def test_an_officer_whose_role_is_over_confirms_nothing(self, client, officer):
        response = upload(client, csv("maria@ministry.example,Maria,focal,MT,,,"))
        officer.memberships.update(until=date(2020, 1, 1))
        signed = Page(response).fields["signed"]
        assert client.post(reverse("people_import_confirm"), {"signed": signed}).status_code == 403


def test_comparing_costs_the_same_for_one_row_as_for_thirty(client, officer):
    costs = []
    assert officer.current_memberships  # read once
    for n in (1, 30):
        lines = [f"n{k}@example.org,N{k},focal,MT,,harbours," for k in range(n)]
        with CaptureQueriesContext(connection) as queries:
            invitation_file.compare(csv(*lines), "people.csv", by=officer)
        costs.append(len(queries))
    assert costs[0] == costs[1]
