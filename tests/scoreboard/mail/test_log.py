"""The log of e-mails: every one by country, how it reads, and addresses that do not work."""

import re
from html import unescape

import pytest
from django.core import mail as django_mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard import contributors
from scoreboard.cycles import mailings
from scoreboard.mail import notifications, outbox
from scoreboard.models import BouncingAddress, Mail, Membership, Organisation, Role, User
from scoreboard.people import invitations
from tests.factories import a_person, an_officer
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(officer, sign_in):
    return sign_in(officer)


def test_every_mail_is_in_the_log_by_country(draft, focal, malta, greece, desk):
    mail = Mail.objects.get(event="open_cycle")
    page = desk.get(reverse("message_list"), {"country": malta.pk})
    assert [one.subject for one in page.context["page"]] == [mail.subject]
    assert list(desk.get(reverse("message_list"), {"country": greece.pk}).context["page"]) == []
    assert list(desk.get(reverse("message_list"), {"q": focal.email.upper()}).context["page"]) == [mail]
    assert list(desk.get(reverse("message_list"), {"state": "failed", "country": "x"}).context["page"]) == []
    shown = Page(desk.get(reverse("message", args=[mail.pk])))
    assert "As focal point of Malta, please answer" in shown.text
    assert "by a step of Officer" in shown.text


def test_a_mail_to_a_group_is_under_each_country_that_its_readers_have_a_role_for(
    draft, malta, greece, officer, desk, observer, django_assert_num_queries
):
    """An observer who is a focal point elsewhere: it says which countries it reached, and each of them lists it."""
    for country in (greece, malta, malta):  # once each, although a role was given twice
        Membership.objects.create(person=observer, role=Role.FOCAL, country=country)
    text = {"subject": "Meeting", "comment": "Come on 3 May.", "groups": ["observer"]}
    mailings.announce(draft.cycle, [], by=officer, token="x", **text)
    [mail] = Mail.objects.filter(event="announce_group")
    everywhere = desk.get(reverse("message_list"))
    assert {one.subject: [str(country) for country in one.countries] for one in everywhere.context["page"]} == {
        "Meeting": ["Greece", "Malta"],
        Mail.objects.get(event="open_cycle").subject: ["Malta"],
    }
    assert "Greece, Malta" in Page(everywhere).text
    for country, others in ((malta, 1), (greece, 0)):
        page = desk.get(reverse("message_list"), {"country": country.pk}).context["page"]
        assert mail in page.object_list
        assert len(page.object_list) == 1 + others


def test_a_personal_link_is_hidden_and_texts_that_are_not_theirs(draft, focal, desk):
    invited = invitations.invite(User.objects.create_user("ina@example.org", name="Ina Invited"))
    page = Page(desk.get(reverse("message", args=[invited.pk])))
    assert "[personal link]" in page.text
    assert outbox.LINK not in page.text
    indicators = draft.cycle.edition.all_indicators[:1]
    contributors.involve(draft, email="c@example.org", name="C", indicators=indicators, until=draft.due, by=focal)
    asked = Mail.objects.get(event="involve")
    assert "The text is not shown here" in Page(desk.get(reverse("message", args=[asked.pk]))).text


def test_nothing_is_sent_to_an_address_that_does_not_work(draft, focal, officer, desk):
    mail = Mail.objects.get(event="open_cycle")
    desk.post(reverse("message_decide", args=[mail.pk]), {"decision": "bouncing"})
    assert [(one.address, one.by) for one in BouncingAddress.objects.all()] == [(focal.email, officer)]
    outbox.send_due()
    mail.refresh_from_db()
    assert mail.state == Mail.State.SET_ASIDE
    assert "noted on" in mail.error
    assert django_mail.outbox == []
    address = reverse("message_addresses")
    desk.post(address, {"remove": BouncingAddress.objects.get().pk})
    mailings.remind(draft.cycle, [draft], by=officer, token="x")
    outbox.send_due()
    assert [message.to for message in django_mail.outbox] == [[focal.email]]
    desk.post(address, {"add": "yes", "address": "Nobody@Example.org"})
    assert BouncingAddress.objects.get().address == "nobody@example.org"
    assert "Type the address." in Page(desk.post(address, {"add": "yes"})).text


def test_a_mail_says_the_same_in_html_and_where_replies_go(draft, focal):
    Organisation.objects.create(name="Secretariat A", kind="secretariat", contact="a@example.org")
    mail = mailings.remind(draft.cycle, [draft], by=an_officer(), comment="<b>Now</b>", token="x")[0].mails[0]
    Mail.objects.exclude(pk=mail.pk).delete()
    outbox.send_due()
    message = django_mail.outbox[0]
    assert message.reply_to == ["a@example.org"]
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert "&lt;b&gt;Now&lt;/b&gt;" in html
    assert f'<a href="http://localhost:8000/submissions/{draft.pk}/"' in html
    without_links = re.sub("</?a[^>]*>", "", html.split("<body>")[1])
    words = " ".join(unescape(re.sub("<[^>]+>", " ", without_links)).split())
    assert words == " ".join(message.body.split())


def test_a_mail_to_one_more_officer_costs_no_query_but_its_own_row(draft, focal):
    def queries():
        with CaptureQueriesContext(connection) as found, transaction.atomic():
            mails = notifications.notify("recall", draft, by=focal)
        return len(mails), len(found)

    queries()  # from now on the submission knows its country and whom it writes to
    people_before, before = queries()
    for number in range(7):
        a_person(Role.SECRETARIAT, name=f"Officer {number}")
    people_after, after = queries()
    assert people_after == people_before + 7
    assert after == before + 7
