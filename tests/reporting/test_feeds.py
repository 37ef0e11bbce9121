"""The feeds, and the news in them and on the home page: what each holds, when it changes, and who writes news."""

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from reporting import news
from reporting.assessments import lifecycle
from reporting.models import Assessment, News
from scoreboard import clock, rehearsal
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import ActivityEntry, State
from tests import factories
from tests.pages import Page

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://localhost:8000"


def entries(name: str, *args):
    """The entries of a feed, each as its title, link and text."""
    response = Client().get(reverse(name, args=args))
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert len(list(response)) == 1, "a server sends each piece by itself"
    feed = ET.fromstring(response.content)  # noqa: S314 - made by the portal
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == SITE + reverse(name, args=args)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    return [
        (
            entry.findtext(f"{ATOM}title"),
            entry.find(f"{ATOM}link").get("href"),
            entry.findtext(f"{ATOM}summary") or "",
        )
        for entry in feed.iter(f"{ATOM}entry")
    ]


def test_each_feed_holds_what_was_published_and_withdrawn(harbour, malta, greece, officer, assessment_at):
    first = factories.a_cycle([malta, greece], code="2023")
    other = factories.a_cycle([greece], code="2026", is_example=True)
    for country, cycle in ((malta, first), (greece, other)):
        factories.submission_at(State.ACCEPTED, country, cycle)
    withdrawn = assessment_at(Assessment.Status.WITHDRAWN, first)
    again = assessment_at(Assessment.Status.PUBLISHED, first)
    example = assessment_at(Assessment.Status.PUBLISHED, other)
    assessment_at(Assessment.Status.PUBLISHED, first, audience="observers")
    assessment_at(Assessment.Status.BUILT, first)
    news.write("The next meeting is in May.", link="https://example.org/may", by=officer)

    def published(one, title):
        link = SITE + reverse("report", args=[one.pk])
        return (f"{title}: issue {one.issue} of the assessment is published", link, "Results and document to download.")

    of_first = [
        published(again, "Scoreboard 2023"),
        ("Scoreboard 2023: issue 1 of the assessment is withdrawn", f"{SITE}/reports/", "A figure was wrong."),
        published(withdrawn, "Scoreboard 2023"),
    ]
    of_other = [published(example, "Scoreboard 2026 (invented example data)")]
    line = ("The next meeting is in May.", "https://example.org/may", "")
    assert entries("feed") == [line, *of_other, *of_first]
    assert entries("feed_cycle", "2023") == of_first
    assert entries("feed_cycle", "2026") == of_other
    assert entries("feed_country", "mt") == of_first
    assert entries("feed_country", "gr") == of_other
    lifecycle.withdraw(again, reason="A table was wrong.", by=officer)
    title, *_rest = entries("feed_country", "mt")[0]
    assert title == "Scoreboard 2023: issue 2 of the assessment is withdrawn"


def test_an_officer_writes_a_line_and_removes_it(officer, sign_in):
    desk, url = sign_in(officer), reverse("news_list")
    assert "Nobody has written one yet." in Page(desk.get(url)).text
    answer = desk.post(url, {"text": " The next   meeting is in May. ", "link": "https://example.org/may"}, follow=True)
    assert "The line is on the home page and in the feed." in Page(answer).text
    line = News.objects.get()
    for client in (Client(), desk):
        assert Page(client.get("/")).links["The next meeting is in May."] == "https://example.org/may"
    assert [title for title, *_rest in entries("feed")] == ["The next meeting is in May."]
    assert "removed" in Page(desk.post(reverse("news_remove", args=[line.pk]), follow=True)).text
    assert f"removed by {officer.name}" in Page(desk.get(url)).text
    assert "The next meeting" not in Page(Client().get("/")).text
    assert entries("feed") == []
    assert desk.post(reverse("news_remove", args=[line.pk])).status_code == 409
    done = ActivityEntry.objects.filter(verb__in=["write_news", "remove_news"]).values_list("verb", "by", "detail")
    assert list(done.order_by("pk")) == [
        ("write_news", officer.pk, str(line.pk)),
        ("remove_news", officer.pk, str(line.pk)),
    ]


def test_the_home_page_shows_the_newest_three_until_their_last_day(officer):
    today = clock.today()
    for n, until in enumerate([None, today, today + timedelta(days=1), today, None]):
        news.write(f"Line {n}.", until=until, by=officer)
    assert [str(line) for line in News.objects.on_home()] == ["Line 4.", "Line 3.", "Line 2."]
    with clock.at(clock.now() + timedelta(days=1)):
        assert [str(line) for line in News.objects.on_home()] == ["Line 4.", "Line 2.", "Line 0."]
        assert len(entries("feed")) == 5


def test_what_cannot_be_news_is_said(officer, observer, sign_in):
    posted = sign_in(officer).post(reverse("news_list"), {"text": "", "link": "javascript:alert(1)", "until": "soon"})
    for sentence in ("Type the line of news.", "begins with https://", "Type a date such as 2026-09-30."):
        assert sentence in Page(posted).text
    with pytest.raises(Invalid, match="over already"):
        news.write("Old.", until=date(2020, 1, 1), by=officer)
    with pytest.raises(Invalid, match="shorten it to 280"):
        news.write("x" * 281, by=officer)
    with rehearsal.within(), pytest.raises(NotNow, match="Nothing of a rehearsal"):
        news.write("A line.", by=officer)
    assert not News.objects.exists()
