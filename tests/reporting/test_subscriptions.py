"""Notices without an account: subscribing, confirming, what is mailed to whom, leaving, and what is deleted."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from reporting.assessments import lifecycle
from reporting.models import Assessment
from reporting.subscriptions import subscribing
from scoreboard import clock, rehearsal
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import outbox
from scoreboard.models import ActivityEntry, Mail, Membership, Role, State, Subscriber, Subscription
from scoreboard.people import profiles
from tests import factories
from tests.pages import Page

READER = "reader@example.org"


def subscribe(email: str = READER, about: str = ""):
    return Client().post(reverse("subscribe"), {"email": email, "about": about or "everything"})


def links(message) -> list[str]:
    """The portal's addresses in a mail, as paths."""
    return re.findall(r"http://localhost:8000(/\S*)", message.body)


@pytest.fixture
def sent(db):
    """Return a function that lets the worker send, and gives the mails by their address."""

    def deliver() -> dict[str, list]:
        mail.outbox.clear()
        outbox.send_due()
        return {to: [one for one in mail.outbox if one.to == [to]] for to in sorted(one.to[0] for one in mail.outbox)}

    return deliver


@pytest.fixture
def confirmed(sent):
    """Return a function that subscribes an address and confirms it by the mailed link; it gives the link."""

    def subscribed(email: str = READER, about: str = "") -> str:
        subscribe(email, about)
        [own] = links(sent()[email][0])
        assert Client().post(own).status_code == 302
        return own

    return subscribed


@pytest.fixture
def issue(harbour, malta, greece, assessment_at, small_pdf):
    """A built issue of a cycle in which Malta is accepted and Greece drafts."""
    cycle = factories.a_cycle([malta, greece])
    factories.submission_at(State.ACCEPTED, malta, cycle)
    assessment = assessment_at(Assessment.Status.BUILT, cycle)
    Mail.objects.all().delete()
    return assessment


def publish(issue, officer, audience="everyone"):
    read = {"snapshot": issue.snapshot_sha256, "early": "The meeting is near."}
    return lifecycle.publish(issue, audience=audience, by=officer, **read)


def test_a_subscription_is_confirmed_by_the_mailed_link(cycle, sent):
    answer = subscribe("Reader@Example.org ", "country:mt")
    assert (answer.status_code, answer["Location"]) == (302, reverse("subscribe_asked"))
    [message] = sent()[READER]
    [own] = links(message)
    assert message.subject == "Confirm your subscription on Scoreboard portal"
    assert message.body == (
        "Dear subscriber,\n\n"
        "With this address somebody subscribed to notices of Scoreboard portal. You get them once you have confirmed "
        f"it here, within 48 hours:\nhttp://localhost:8000{own}\n\n"
        "If it was not you, you need not do anything: the address is deleted then.\n\n"
        "Scoreboard portal writes to you by itself.\nTo answer, reply to it.\n"
    )
    page = Page(Client().get(own))
    assert "What reader@example.org gets notices about. To confirm Malta" in page.text
    assert Subscription.objects.get().confirmed_at is None, "opening the link is not enough"
    assert Client().post(own).status_code == 302
    assert Subscription.objects.get().confirmed_at
    assert "Confirmed Malta Leave: Malta" in Page(Client().get(own)).text
    [entry] = ActivityEntry.objects.filter(verb="confirm_subscriptions")
    assert (entry.by, entry.detail, entry.count) == (None, "", 1)


def test_an_address_gets_one_such_mail_a_day_and_confirms_all_at_once(cycle, sent):
    for about in ("", "country:mt", "cycle:2026", "country:mt"):
        subscribe(about=about)
    [message] = sent()[READER]
    Client().post(links(message)[0])
    assert sorted(map(str, Subscription.objects.exclude(confirmed_at=None))) == [
        "Everything that is published",
        "Malta",
        "Scoreboard 2026",
    ]
    subscribe(about="country:gr")
    assert sent() == {}
    with clock.at(clock.now() + timedelta(hours=24)):
        subscribe(about="country:gr")
        assert len(sent()[READER]) == 1


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(cycle, confirmed, focal):
    confirmed()
    answers = {(one.status_code, one["Location"]) for one in map(subscribe, (READER, "new@example.org", focal.email))}
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": ""}, "Type your e-mail address."),
        ({"email": "reader"}, "Type an e-mail address such as name@ministry.example."),
        ({"email": READER, "about": "country:xx"}, "Choose from the list."),
    ],
)
def test_what_cannot_be_subscribed_is_said(fields, sentence, cycle):
    answer = Client().post(reverse("subscribe"), fields)
    assert answer.status_code == 200
    assert sentence in Page(answer).text
    assert not Subscriber.objects.exists()


def test_a_page_preselects_what_its_link_names(cycle):
    assert Page(Client().get(reverse("subscribe"), {"about": "country:gr"})).fields["about"] == "country:gr"


def test_nothing_of_the_rehearsal_and_no_two_things(cycle, malta):
    with pytest.raises(Invalid, match="a country or a cycle"):
        subscribing.ask(READER, country=malta, cycle=cycle)
    with rehearsal.within(), pytest.raises(NotNow, match="Nothing of a rehearsal"):
        subscribing.ask(READER)


def test_one_client_is_slowed_down(cycle, settings):
    settings.ACCOUNT_RATE_LIMITS = {"subscribe": "2/h/ip"}
    answers = [subscribe(f"reader{n}@example.org").status_code for n in range(3)]
    assert answers == [302, 302, 429]
    assert Subscriber.objects.count() == 2


def test_a_publication_is_mailed_once_to_each_reader(issue, officer, observer, confirmed, sent):
    own = confirmed()
    for n, about in enumerate(("country:mt", "cycle:2026", "country:gr")):
        confirmed(f"reader{n}@example.org", about)
    subscribe(about="cycle:2026")  # a second reason, not confirmed
    subscribe("waits@example.org")
    confirmed(observer.email)
    elsewhere = factories.a_focal(factories.a_country("TN"))
    focals = [factories.a_focal(one.country) for one in issue.cycle.submissions.all()]
    sent()
    publish(issue, officer)
    got = sent()
    who = [person.email for person in (observer, elsewhere, *focals)]
    assert sorted(got) == sorted([READER, "reader0@example.org", "reader1@example.org", *who])
    assert {len(messages) for messages in got.values()} == {1}
    [message] = got[READER]
    link = f"http://localhost:8000{reverse('report', args=[issue.pk])}"
    assert message.subject == "Scoreboard 2026: the assessment is published"
    said = f"Issue 1 of the assessment of Scoreboard 2026 is published. Results and document are here:\n{link}\n\n"
    end = "Scoreboard portal writes to you by itself.\nTo answer, reply to it.\n"
    leave = "You get this e-mail because you subscribed. See what you get, or leave:\n"
    assert re.sub(r"\n\n+", "\n\n", message.body) == (
        f"Dear subscriber,\n\n{said}{leave}http://localhost:8000{own}\n\n{end}"
    )
    assert message.extra_headers["List-Unsubscribe"] == f"<http://localhost:8000{own}leave/>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [message] = got[observer.email]
    assert re.sub(r"\n\n+", "\n\n", message.body) == f"Dear {observer.name},\n\n{said}{end}"
    assert "List-Unsubscribe" not in message.extra_headers
    assert officer.name not in "".join(one.body for one in got[READER] + got[observer.email])


def test_a_withdrawal_and_a_new_issue_are_mailed_with_the_reason(issue, officer, observer, malta, confirmed, sent):
    confirmed()
    publish(issue, officer)
    sent()
    lifecycle.withdraw(issue, reason="A figure was wrong.", by=officer)
    got = sent()
    said = (
        "Issue 1 of the assessment of Scoreboard 2026 is withdrawn: its results and files can no longer be read. "
        "The reason:\n\nA figure was wrong.\n\nWhat is published is here:\nhttp://localhost:8000/reports/\n"
    )
    for address in (READER, observer.email):
        assert got[address][0].subject == "Scoreboard 2026: issue 1 of the assessment is withdrawn"
        assert said in got[address][0].body
    [message] = got[factories.a_focal(malta).email]
    assert f"{officer.name} withdrew issue 1 of the assessment of Scoreboard 2026" in message.body
    assert "A figure was wrong." in message.body
    again = lifecycle.consolidate(issue.cycle, by=officer)
    lifecycle.perform(lifecycle.request_build(again, by=officer))
    publish(again, officer)
    assert sent()[READER][0].subject == "Scoreboard 2026: issue 2 of the assessment is published"


def test_what_observers_alone_read_is_mailed_to_no_subscriber(issue, officer, observer, confirmed, sent):
    confirmed()
    publish(issue, officer, audience="observers")
    assert READER not in sent()
    assert observer.email in {one.to[0] for one in mail.outbox}


def test_who_does_without_such_mails_gets_none(issue, officer, observer, sent):
    profiles.change(observer, name=observer.name, mails=["handed_in"])
    publish(issue, officer)
    assert observer.email not in sent()


def test_one_click_leaves_everything_without_a_page_or_a_cookie(issue, officer, confirmed, sent):
    own = confirmed()
    subscribe(about="country:mt")
    publish(issue, officer)
    header = sent()[READER][0].extra_headers["List-Unsubscribe"]
    client = Client(enforce_csrf_checks=True)
    address = header.strip("<>").removeprefix("http://localhost:8000")
    assert client.get(address).status_code == 200
    assert Subscription.objects.count() == 2, "opening the link leaves nothing"
    answer = client.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, Page(answer).h1, dict(client.cookies)) == (200, "You have left", {})
    assert client.post(address).status_code == 200, "twice is harmless"
    assert not Subscriber.objects.exists()
    assert not Mail.everything.filter(address=READER).exists()
    assert Client().get(own).status_code == 404
    assert ActivityEntry.objects.filter(verb="leave_subscriptions", count=2, by=None).count() == 1


def test_one_subscription_is_left_on_ones_own_page(cycle, sent):
    for about in ("", "country:mt"):
        subscribe(about=about)
    own = links(sent()[READER][0])[0]
    Client().post(own)
    everything, malta = Subscription.objects.all()
    Client().post(own, {"leave": str(malta.pk)})
    assert list(Subscription.objects.all()) == [everything]
    assert Page(Client().post(own, {"leave": str(everything.pk)})).h1 == "You have left"
    assert not Subscriber.objects.exists()


def test_another_address_cannot_be_left(cycle, confirmed):
    own = confirmed()
    confirmed("other@example.org")
    Client().post(own, {"leave": str(Subscription.objects.get(subscriber__email="other@example.org").pk)})
    assert Subscription.objects.count() == 2


def test_what_is_not_confirmed_in_two_days_is_deleted(cycle, confirmed, sent):
    confirmed()
    subscribe("waits@example.org")
    [late] = links(sent()["waits@example.org"][0])
    subscribe(about="country:mt")
    with clock.at(clock.now() + timedelta(hours=48)):
        assert Client().get(late).status_code == 404
        assert Client().post(late).status_code == 404
        assert subscribing.delete_old() == 1
    assert [one.email for one in Subscriber.objects.all()] == [READER]
    assert [str(one) for one in Subscription.objects.all()] == ["Everything that is published"]
    with clock.at(clock.now() + timedelta(days=31)):
        subscribing.delete_old()
    assert not Mail.everything.exclude(subscriber=None).exists()


def test_an_address_that_refuses_mail_is_deleted_and_shown_to_nobody(cycle, confirmed, officer, sign_in):
    confirmed()
    Mail.objects.exclude(subscriber=None).update(state=Mail.State.FAILED, sent_at=None)
    assert not outbox.failed().exists()
    pages = [reverse("message_list"), reverse("home"), reverse("activity_list")]
    assert not any(READER in sign_in(officer).get(page).content.decode() for page in pages)
    assert subscribing.delete_old() == 1


def test_ones_own_data_name_ones_subscriptions(cycle, confirmed, observer, officer):
    confirmed(observer.email, "country:mt")
    assert [one["about"] for one in profiles.own_data(observer)["subscriptions"]] == ["Malta"]
    assert profiles.own_data(officer)["subscriptions"] == []


def test_observers_and_focal_points_whose_role_has_ended_get_nothing(issue, officer, observer, sent):
    Membership.objects.filter(role__in=[Role.OBSERVER, Role.FOCAL]).update(ended_at=clock.now(), ended_by=officer)
    publish(issue, officer)
    assert sent() == {}
