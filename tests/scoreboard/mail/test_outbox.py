"""Mails from the step that writes them to the reader, or to the officers who are told that they did not get there."""

import socket
import time
from datetime import timedelta
from itertools import pairwise
from smtplib import SMTPDataError, SMTPRecipientsRefused
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from scoreboard import clock
from scoreboard.cycles import reminders
from scoreboard.errors import NotNow
from scoreboard.mail import outbox
from scoreboard.models import Mail, State
from scoreboard.people import invitations
from scoreboard.submissions import workflow
from tests.factories import HARBOUR, a_country, a_focal, a_person, an_edition, an_officer, submission_at
from tests.pages import Page
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db

KEY = "/password/reset/key/"


class Refusing(EmailBackend):
    """A mail server that answers as it is told."""

    answer: Exception | None = None

    def send_messages(self, messages):
        if Refusing.answer:
            raise Refusing.answer
        return super().send_messages(messages)


@pytest.fixture
def server(settings):
    """The mail server: set its `answer` to let it refuse."""
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    Refusing.answer = None
    yield Refusing
    Refusing.answer = None


@pytest.fixture
def accepted(harbour, focal, officer):
    """A submission that was just accepted, with one mail that waits: to its focal point."""
    submission = submission_at(State.SUBMITTED)
    Mail.objects.all().delete()
    workflow.accept(submission, by=officer, version=submission.versions.count())
    return submission


def later(**delta):
    return clock.at(clock.now() + timedelta(**delta))


def refused(code: int) -> SMTPRecipientsRefused:
    return SMTPRecipientsRefused({"x@example.org": (code, b"5.1.1 no such user")})


def test_a_step_sends_nothing_and_the_worker_does(accepted, focal):
    assert mail.outbox == []
    assert outbox.send_due() == 1
    assert [message.to for message in mail.outbox] == [[focal.email]]
    assert outbox.send_due() == 0
    assert Mail.objects.get().state == Mail.State.SENT


@pytest.mark.parametrize("silent", [True, False], ids=["silent", "not there"])
def test_a_server_that_does_not_work_costs_one_time_out_a_round(accepted, greece, officer, settings, silent):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT, settings.EMAIL_HOST = 0.2, "127.0.0.1"
    for _n in range(5):
        invitations.invite(officer)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = listening.getsockname()[1]
        if silent:
            listening.listen()
        began = time.monotonic()
        assert outbox.send_due() == 0
        assert time.monotonic() - began < 2
    tried = Mail.objects.exclude(attempts=0)
    assert [(one.attempts, one.state, bool(one.error)) for one in tried] == [(1, "waiting", True)]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.send_due() == 5  # the one that was tried waits its minute
    with later(minutes=1):
        assert outbox.send_due() == 1
    assert set(Mail.objects.values_list("state", "error")) == {("sent", "")}


@pytest.mark.parametrize("answer", [refused(450), OSError("broken"), SMTPDataError(451, b"later")], ids=str)
def test_what_may_pass_is_tried_again_ever_more_seldom_and_then_reported(accepted, server, answer):
    server.answer = answer
    times = [clock.now()]
    while (one := Mail.objects.get()).state == Mail.State.WAITING:
        with clock.at(max(one.due_at, times[-1])):
            outbox.send_due()
            times.append(clock.now())
    assert one.state == Mail.State.FAILED
    pauses = [then - before for before, then in pairwise(times[1:])]
    assert pauses == outbox.PAUSES == sorted(pauses)
    assert outbox.failed().get().error


@pytest.mark.parametrize("answer", [refused(550), SMTPDataError(554, b"spam"), ValueError("a header")], ids=str)
def test_what_is_refused_for_good_is_reported_at_once(accepted, server, answer, officer, sign_in, focal):
    server.answer = answer
    outbox.send_due()
    one = Mail.objects.get()
    assert (one.state, one.attempts) == (Mail.State.FAILED, 1)
    home = Page(sign_in(officer).get("/"))
    assert "1 e-mail could not be delivered." in home.text
    assert "/review/messages/" in home.links.values()
    desk = sign_in(officer)
    listed = Page(desk.get("/review/messages/"))
    assert all(words in listed.text for words in (focal.email, one.subject, one.error))
    server.answer = None
    again = Page(desk.post(f"/review/messages/{one.pk}/decide/", {"decision": "try_again"}, follow=True))
    assert "No e-mail failed" in again.text
    assert outbox.send_due() == 1
    one.refresh_from_db()
    assert (one.state, one.decided_by) == (Mail.State.SENT, officer)


def test_one_address_that_is_refused_keeps_no_other_from_its_mail(accepted, server, officer, monkeypatch):
    invitations.invite(officer)
    send = Refusing.send_messages

    def some(self, messages):
        if messages[0].to != [officer.email]:
            raise refused(550)
        return send(self, messages)

    monkeypatch.setattr(Refusing, "send_messages", some)
    assert outbox.send_due() == 1
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["failed", "sent"]


def test_what_failed_is_set_aside_with_a_name(accepted, server, officer, sign_in, focal):
    server.answer = refused(550)
    outbox.send_due()
    one = Mail.objects.get()
    for person in (focal, a_person("analyst")):
        with pytest.raises(PermissionDenied):
            outbox.set_aside(one, by=person)
    sign_in(officer).post(f"/review/messages/{one.pk}/decide/", {"decision": "set_aside"})
    one.refresh_from_db()
    assert (one.state, one.decided_by) == (Mail.State.SET_ASIDE, officer)
    assert not outbox.failed().exists()
    with pytest.raises(NotNow, match="set aside"):
        outbox.try_again(one, by=officer)
    assert sign_in(officer).post(f"/review/messages/{one.pk}/decide/", {"decision": "try_again"}).status_code == 409


def test_a_worker_that_ends_in_the_middle_leaves_the_mail_to_be_sent_later(accepted, server):
    server.answer = KeyboardInterrupt()
    for _attempt in range(len(outbox.PAUSES) + 1):
        with clock.at(Mail.objects.get().due_at), pytest.raises(KeyboardInterrupt):
            outbox.send_due()
        assert outbox.send_due() == 0  # nobody else takes it up as long as it may be under way
    with clock.at(Mail.objects.get().due_at):
        outbox.send_due()
    assert outbox.failed().get().error == "The worker ended in the middle of the last attempt."


def test_each_attempt_is_the_same_message(accepted, server):
    server.answer = OSError("broken")
    seen = []
    server.send_messages = lambda self, messages: seen.append(messages[0].message()["Message-ID"]) or _raise()
    try:
        outbox.send_due()
        with later(minutes=1):
            outbox.send_due()
    finally:
        del server.send_messages
    assert len(seen) == 2
    assert seen[0] == seen[1]


def _raise():
    raise OSError("broken")


# --- links with a key ----------------------------------------------------------------------------------------


def stored() -> str:
    """Everything that the database holds of mails."""
    return " ".join(str(value) for row in Mail.objects.values() for value in row.values())


def opened(message) -> int:
    """The status of the page that the link of a mail leads to."""
    link = next(word for word in message.body.split() if KEY in word)
    return Client().get(urlsplit(link).path, follow=True).status_code


def by_invitation(person):
    invitations.invite(person)


def by_forgotten_password(person):
    Client().post("/accounts/password/reset/", {"email": person.email})


@pytest.mark.parametrize("way", [by_invitation, by_forgotten_password])
def test_a_key_is_made_when_the_mail_is_sent_and_kept_nowhere(focal, way, caplog, server):
    way(focal)
    assert KEY not in stored()
    assert outbox.LINK in Mail.objects.get().body
    server.answer = SMTPDataError(451, b"later")
    outbox.send_due()
    server.answer = None
    with later(minutes=1):
        outbox.send_due()
    [message] = mail.outbox
    assert opened(message) == 200
    assert outbox.LINK not in message.body
    assert KEY not in stored() + caplog.text


@pytest.mark.parametrize("way", [by_invitation, by_forgotten_password])
def test_a_closed_account_gets_no_key(focal, way):
    way(focal)
    focal.is_active = False
    focal.save()
    assert outbox.send_due() == 0
    assert mail.outbox == []
    assert set(Mail.objects.values_list("state", flat=True)) == {"set_aside"}


def test_a_key_follows_the_account_to_its_address(focal):
    by_forgotten_password(focal)
    focal.email = "new@example.org"
    focal.save()
    outbox.send_due()
    assert [message.to for message in mail.outbox] == [["new@example.org"]]


def test_an_address_that_is_nobodys_gets_no_mail(db):
    Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert not Mail.objects.exists()


# --- never twice ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once():
    focal, officer = a_focal(a_country("MT")), an_officer()
    for _n in range(10):
        invitations.invite(focal)
        invitations.invite(officer)
    assert sum(at_once(*[outbox.send_due] * 3)) == 20
    assert len(mail.outbox) == 20
    assert set(Mail.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_two_who_remind_at_once_write_each_reminder_once():
    an_edition(HARBOUR)
    submission = submission_at(State.DRAFT)
    Mail.objects.all().delete()
    day = clock.now() + (submission.due - clock.now().date()) - timedelta(days=6)

    def remind():
        with clock.at(day):
            return reminders.send()

    assert sorted(at_once(*[remind] * 3)) == [0, 0, 1]
    assert Mail.objects.count() == 1
