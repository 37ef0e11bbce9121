"""Webhooks from the administration's pages to a real server: what is sent where, and what becomes of failures."""

import base64
import hashlib
import hmac
import re
import runpy
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mikt.operations import doctor
from reporting import tasks
from scoreboard import clock, outgoing
from scoreboard.errors import Invalid
from scoreboard.models import ActivityEntry, Mail, Role, State, Webhook, WebhookDelivery
from scoreboard.submissions import workflow
from scoreboard.webhooks import register, sending, writing
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db

PROGRAM = Path(__file__).parents[2] / "docs" / "api" / "webhook_receiver.py"
HOST = "receiver.example.org"
ADDRESS = f"https://{HOST}/portal?system=1"


class Receiver:
    """A server with a certificate of its own: what it got, and how it answers."""

    def __init__(self, folder):
        self.got, self.status, self.pause = [], 204, 0.0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, dict(self.headers), body))
                time.sleep(receiver.pause)
                self.send_response(receiver.status)
                self.send_header("Location", "https://receiver.example.org/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()


def certificate(folder):
    """Write a certificate of HOST with its key; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = folder / "receiver.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + pem)
    return file


@pytest.fixture
def receiver(tmp_path, monkeypatch):
    """A server to which every name leads; its certificate is trusted."""
    found = Receiver(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "receiver.pem"))
    monkeypatch.setattr(outgoing, "PORT", found.server.server_port)
    monkeypatch.setattr(outgoing, "public_address", lambda host, port: "127.0.0.1")
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def admin(db):
    return factories.a_person(name="Ada Administrator", is_staff=True)


@pytest.fixture
def webhook(admin):
    return register.add(ADDRESS, "The document system", by=admin)[0]


def kinds() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("kind", flat=True))


def test_from_the_page_to_the_receiver(receiver, admin, harbour, focal, sign_in):
    client = sign_in(admin)
    add = reverse("admin:scoreboard_webhook_add")
    assert Page(client.get("/admin/")).links["Webhooks"] == reverse("admin:scoreboard_webhook_changelist")
    page = client.post(add, {"address": ADDRESS, "purpose": "The document system"}).content.decode()
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", page)[0]
    webhook = Webhook.objects.get()
    assert secret not in webhook.secret

    submission = factories.submission_at(State.DRAFT)
    factories.fill(submission, iP1=factories.given(comment="A text of the country."))
    workflow.submit(submission, by=focal, **factories.DECLARATION)
    assert [one.state for one in WebhookDelivery.objects.all()] == ["waiting"]
    tasks.run_jobs()

    [(path, headers, body)] = receiver.got
    assert path == "/portal?system=1"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    payload = runpy.run_path(str(PROGRAM))["payload"](secret, headers, body)
    with pytest.raises(ValueError, match="not signed"):
        runpy.run_path(str(PROGRAM))["payload"](secret, headers, body + b" ")
    assert datetime.fromisoformat(payload.pop("timestamp")) <= clock.now()
    assert payload == {
        "type": "submission.submitted",
        "data": {
            "id": submission.pk,
            "country": "MT",
            "cycle": submission.cycle.code,
            "example": False,
            "state": "submitted",
            "version": 1,
            "url": f"http://localhost:8000/api/v1/submissions/{submission.pk}/",
        },
    }
    shown = client.get(reverse("admin:scoreboard_webhook_change", args=[webhook.pk])).content.decode()
    assert "submission.submitted" in shown
    assert secret not in shown
    assert webhook.secret not in shown
    assert sending.send_due() == 0, "nothing is sent twice"


def test_each_step_has_its_message(webhook, harbour, officer, focal, malta):
    submission = factories.submission_at(State.SUBMITTED)
    workflow.recall(submission, by=focal)
    workflow.submit(submission, by=focal, **factories.DECLARATION)
    workflow.return_for_changes(submission, by=officer, comment="Annex 2 is missing.", version=2)
    workflow.submit(submission, by=focal, **factories.DECLARATION)
    workflow.accept(submission, by=officer, version=3)
    workflow.reopen(submission, by=officer, comment="A figure was wrong.")
    steps = ["submitted", "recalled", "submitted", "returned", "submitted", "accepted", "returned"]
    assert kinds() == [f"submission.{one}" for one in steps]
    states = [one.payload["data"]["state"] for one in WebhookDelivery.objects.order_by("pk")]
    assert states == ["submitted", "draft", "submitted", "returned", "submitted", "accepted", "returned"]
    assert "Annex" not in str(list(WebhookDelivery.objects.values_list("payload", flat=True)))


def test_nothing_of_a_rehearsal_is_sent(webhook, harbour, focal):
    submission = factories.submission_at(State.DRAFT)
    submission.cycle.is_rehearsal = True
    writing.about_step("submit", submission)
    assert kinds() == []


PRIVATE = [
    *("0.0.0.0", "10.0.0.8", "100.64.0.1", "127.0.0.1", "127.255.1.1", "169.254.169.254", "172.16.0.1", "192.0.0.1"),  # noqa: S104
    *("192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1"),
    *("240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.8", "::ffff:93.184.215.14", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd00::1"),
    *("fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_inside_is_refused(address, monkeypatch):
    found = [(0, 0, 0, "", (one, 443)) for one in ("93.184.215.14", address)]
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    with pytest.raises(outgoing.Unsafe):
        outgoing.public_address(HOST)


def test_a_public_name_is_looked_up_once_and_only_for_the_port_of_https(monkeypatch, webhook, admin):
    asked, connected = [], []

    def look_up(host, port, **_kwargs):
        asked.append((host, port))
        return [(0, 0, 0, "", (one, port)) for one in ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", "93.184.215.14")]

    def connect(address, _timeout):
        connected.append(address)
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(outgoing.socket, "create_connection", connect)
    assert register.test(webhook, by=admin).error == "No answer: refused"
    assert asked == [(HOST, 443)]
    assert connected == [("2606:2800:21f:cb07:6820:80da:af6b:8b2c", 443)]
    with pytest.raises(outgoing.Unsafe):
        outgoing.public_address(HOST, 8443)


def test_an_address_inside_is_said_and_not_connected_to(monkeypatch, webhook, admin):
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", ("10.0.0.8", 443))])
    monkeypatch.setattr(outgoing.socket, "create_connection", lambda *_args: pytest.fail("connected"))
    error = "The address leads to no public server, or to another port than 443."
    assert register.test(webhook, by=admin).error == error


@pytest.mark.parametrize(
    "address",
    ["http://a.org/", "ftp://a.org/", "https://", "https://u:p@a.org/", "https://a.org:8443/", "https://a.org:x/", "x"],
)
def test_other_addresses_are_not_added(address, admin, sign_in):
    page = sign_in(admin).post(reverse("admin:scoreboard_webhook_add"), {"address": address, "purpose": "A system"})
    assert "Nothing was added." in page.content.decode()
    with pytest.raises(Invalid):
        register.add(address, "A system", by=admin)
    assert not Webhook.objects.exists()


def test_what_goes_wrong_is_said(receiver, webhook, admin, monkeypatch):
    def outcome() -> str:
        return register.test(webhook, by=admin).error

    assert outcome() == ""
    receiver.status = 302
    assert outcome() == "The server answered 302: redirects are not followed."
    receiver.status = 500
    assert outcome() == "The server answered 500."
    assert len(receiver.got) == 3
    receiver.status, receiver.pause = 204, 1.5
    monkeypatch.setattr(outgoing, "SECONDS", 0.2)
    assert outcome().startswith("No answer: ")
    receiver.pause = 0.0
    Webhook.objects.update(address="https://other.example.org/")
    webhook.refresh_from_db()
    assert "certificate verify failed" in outcome()
    assert len(receiver.got) == 4
    webhook.refresh_from_db()
    assert (webhook.failures, sending.send_due()) == (0, 0), "tests are neither counted nor sent again"


def test_a_secret_of_a_lost_key_is_said(receiver, webhook, admin, settings):
    settings.SECRET_KEY = "another one that is long enough for a test of what is lost"
    assert "SECRET_KEY was changed" in register.test(webhook, by=admin).error
    assert receiver.got == []


def test_it_is_sent_again_later_and_turned_off_after_twenty_failures(receiver, webhook, admin, sign_in, focal):
    other = factories.a_person(name="Otto Other", is_staff=True)
    receiver.status = 503
    for _n in range(3):
        writing.write("assessment.published", {"id": 1})
    now = clock.now()
    attempts = 0
    pauses = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 480, 720, 1440)]
    for n in range(19):
        with clock.at(now):
            sending.send_due()
            attempts += 1
            assert len(receiver.got) == attempts, "one attempt a round"
            tried = WebhookDelivery.objects.filter(attempts__gt=0).order_by("pk").first()
            if n == 0:
                assert (tried.due_at - now, tried.error) == (pauses[0], "The server answered 503.")
        now = WebhookDelivery.objects.filter(state="waiting").order_by("due_at").first().due_at + timedelta(seconds=1)
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.turned_off_at) == (19, None)
    assert doctor.webhooks()[:2] == (doctor.State.LOOK, f"1 not receiving what is sent, such as {ADDRESS}")
    with clock.at(now):
        sending.send_due()
    webhook.refresh_from_db()
    assert webhook.turned_off_at == now
    assert not WebhookDelivery.objects.filter(state="waiting").exists()
    mails = Mail.objects.filter(event="webhook_off")
    assert {mail.to for mail in mails} == {admin, other}
    assert ADDRESS in mails[0].body
    assert f"/admin/scoreboard/webhook/{webhook.pk}/change/" in mails[0].body
    assert doctor.webhooks()[:2] == (doctor.State.LOOK, f"1 turned off, such as {ADDRESS}")

    writing.write("assessment.published", {"id": 2})
    assert not WebhookDelivery.objects.filter(state="waiting").exists(), "nothing is stored while it is off"
    receiver.status = 204
    client, act = sign_in(admin), reverse("admin:webhook_act", args=[webhook.pk])
    assert "The test was received." in Page(client.post(act, {"act": "test"}, follow=True)).text
    assert "The webhook is turned on." in Page(client.post(act, {"act": "on"}, follow=True)).text
    writing.write("assessment.published", {"id": 3})
    assert sending.send_due() == 1
    assert doctor.webhooks()[:2] == (doctor.State.FINE, "1 receive what is sent.")
    assert "The webhook is turned off." in Page(client.post(act, {"act": "off"}, follow=True)).text
    client.post(reverse("admin:scoreboard_webhook_delete", args=[webhook.pk]), {"post": "yes"})
    assert not Webhook.objects.exists()
    verbs = list(ActivityEntry.objects.filter(verb__endswith="webhook").order_by("pk").values_list("verb", "by"))
    assert verbs == [
        ("add_webhook", admin.pk),
        ("turn_off_webhook", None),
        ("test_webhook", admin.pk),
        ("turn_on_webhook", admin.pk),
        ("turn_off_webhook", admin.pk),
        ("delete_webhook", admin.pk),
    ]


def test_only_administrators(webhook):
    for person in (factories.an_officer(), factories.a_person(Role.ANALYST), factories.a_person()):
        for verb in (register.test, register.turn_off, register.turn_on, register.delete):
            with pytest.raises(PermissionDenied):
                verb(webhook, by=person)
        with pytest.raises(PermissionDenied):
            register.add("https://a.org/", "A system", by=person)
    assert Webhook.objects.on().count() == 1


def test_messages_are_deleted_after_thirty_days_unless_they_wait(receiver, webhook):
    writing.write("assessment.published", {"id": 1})
    sending.send_due()
    writing.write("assessment.published", {"id": 2})
    with clock.at(clock.now() + timedelta(days=31)):
        assert sending.delete_old() == 1
    assert [one.payload["data"]["id"] for one in WebhookDelivery.objects.all()] == [2]


def test_the_page_costs_the_same_for_one_message_and_for_eight(webhook, admin, sign_in):
    client, costs = sign_in(admin), []
    for n in (1, 7):
        for _n in range(n):
            writing.write("assessment.published", {"id": 1})
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:scoreboard_webhook_change", args=[webhook.pk]))
        costs.append(len(queries))
    assert costs[0] == costs[1]
