"""Questions on answers: who sees them, for whom they wait, and that mails land on the right answer."""

from datetime import timedelta

import pytest

from scoreboard import clock
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Mail, Remark, Role, Side, State, Thread
from scoreboard.submissions import returns, workflow
from scoreboard.threads import discussion
from tests.factories import DECLARATION, a_country, a_focal, a_person, fill, given, submission_at
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")


@pytest.fixture
def thread(submitted, officer):
    return discussion.open_thread(submitted, "P1", "Which law?", shared=True, by=officer)


@pytest.fixture
def note(submitted, officer):
    return discussion.open_thread(submitted, "P2", "INTERNAL-NOTE", shared=False, by=officer)


def area(submission):
    return f"/submissions/{submission.pk}/areas/P/"


class TestOpening:
    """By an officer, on an answer, internal or shared."""

    def test_from_the_review_page_asks_the_country(self, sign_in, officer, focal, submitted):
        client = sign_in(officer)
        page = Page(client.get(f"/review/{submitted.pk}/areas/P/"))
        url = page.links["Ask or note P1"]
        due = clock.now().date() + timedelta(days=7)
        assert Page(client.get(url)).h1 == "Ask Malta about P1"
        response = client.post(url, {"text": "Which law?", "shared": "yes", "due": f"{due}"})
        assert response.headers["Location"] == f"/review/{submitted.pk}/areas/P/#reading-P1"
        thread = Thread.objects.get()
        assert (thread.shared, thread.holder, thread.due, thread.opened_by) == (True, Side.COUNTRY, due, officer)
        mail = Mail.objects.get(event="ask_country")
        assert mail.to == focal
        assert f"/submissions/{submitted.pk}/areas/P/#iP1" in mail.body
        assert "Which law?" in mail.body
        assert "Which law?" in Page(client.get(f"/review/{submitted.pk}/areas/P/")).text

    def test_a_note_stays_inside(self, sign_in, officer, focal, analyst, submitted, note):
        assert (note.holder, note.shared) == (Side.SECRETARIAT, False)
        assert not Mail.objects.filter(event="ask_country").exists()
        for person in (focal, analyst):
            for url in (
                area(submitted),
                f"/submissions/{submitted.pk}/",
                f"/review/{submitted.pk}/areas/P/",
                "/threads/",
            ):
                assert "INTERNAL-NOTE" not in sign_in(person).get(url).content.decode()
            assert sign_in(person).get(f"/threads/{note.pk}/").status_code == 404
        assert "INTERNAL-NOTE" in sign_in(officer).get(f"/review/{submitted.pk}/areas/P/").content.decode()

    def test_refuses_an_empty_text_a_past_day_and_no_answer(self, submitted, officer):
        yesterday = clock.now().date() - timedelta(days=1)
        for code, text, due in [("P1", " ", None), ("P1", "Why?", yesterday), ("X9", "Why?", None)]:
            with pytest.raises(Invalid):
                discussion.open_thread(submitted, code, text, shared=True, due=due, by=officer)
        assert not Thread.objects.exists()


class TestReplying:
    """A reply hands the question to the other side."""

    def test_the_country_reads_it_on_the_answer_and_replies(self, sign_in, focal, officer, submitted, thread):
        client = sign_in(focal)
        response = client.get(area(submitted))
        assert "Which law?" in Page(response).text
        assert "Waits for you" in Page(response).text
        assert f'id="reply-{thread.pk}"' in response.content.decode()  # the form that its button names
        response = client.post(f"/threads/{thread.pk}/", {"text": "Law 12 of 2024."})
        assert response.headers["Location"] == f"/submissions/{submitted.pk}/areas/P/#iP1"
        thread.refresh_from_db()
        assert thread.holder == Side.SECRETARIAT
        assert [(r.author, r.text, r.shared) for r in thread.remarks.all()] == [
            (officer, "Which law?", True),
            (focal, "Law 12 of 2024.", True),
        ]
        mail = Mail.objects.get(event="answer_officers")
        assert mail.to == officer
        assert f"/review/{submitted.pk}/areas/P/#reading-P1" in mail.body

    def test_an_officer_hands_it_back_or_keeps_it(self, officer, focal, thread):
        discussion.reply(thread, "Law 12.", by=focal)
        discussion.reply(thread, "I read it next week.", by=officer, keep=True)
        assert Thread.objects.get().holder == Side.SECRETARIAT
        discussion.reply(thread, "Article 3?", by=officer)
        assert Thread.objects.get().holder == Side.COUNTRY

    def test_a_reply_of_the_same_side_does_not_shorten_the_wait(self, officer, focal, thread):
        then = clock.now() - timedelta(days=9)
        Thread.objects.update(held_since=then)
        discussion.reply(thread, "I mean the hunting law.", by=officer)
        assert Thread.objects.get().held_since == then

    def test_an_empty_reply_is_told(self, sign_in, focal, thread):
        page = Page(sign_in(focal).post(f"/threads/{thread.pk}/", {"text": " "}))
        assert page.h1 == "Question on P1"
        assert "Write something before you send it." in page.text
        assert Remark.objects.count() == 1

    def test_closing_ends_it(self, sign_in, officer, focal, thread):
        assert sign_in(focal).post(f"/threads/{thread.pk}/close/").status_code == 403
        sign_in(officer).post(f"/threads/{thread.pk}/close/")
        assert Thread.objects.get().closed_by == officer
        with pytest.raises(NotNow):
            discussion.reply(thread, "Too late.", by=focal)
        assert not discussion.waiting_for(focal).exists()

    def test_a_foreign_focal_point_a_contributor_and_the_public_find_nothing(self, sign_in, client, thread, malta):
        foreign, contributor = a_focal(a_country("GR")), a_person(Role.CONTRIBUTOR, malta)
        for person in (foreign, contributor):
            assert sign_in(person).get(f"/threads/{thread.pk}/").status_code == 404
            assert sign_in(person).post(f"/threads/{thread.pk}/", {"text": "x"}).status_code == 404
            assert "Which law?" not in sign_in(person).get("/threads/").content.decode()
        assert client.get(f"/threads/{thread.pk}/").status_code == 302


class TestReturns:
    """The reasons of a return are shared threads that wait for the country; submitting again answers them."""

    def test_become_threads_only_with_the_return(self, sign_in, submitted, officer, focal):
        returns.flag(submitted, "P1", "Name the source.", by=officer)
        assert not Thread.objects.exists()
        assert "Name the source." not in sign_in(focal).get(area(submitted)).content.decode()
        step = workflow.return_for_changes(
            submitted, by=officer, comment="One question.", version=submitted.versions.count()
        )
        thread = Thread.objects.get()
        assert (thread.shared, thread.holder, thread.opened_by) == (True, Side.COUNTRY, officer)
        remark = Remark.objects.get()
        assert (remark.thread, remark.transition, remark.flags, remark.shared) == (thread, step, True, True)
        html = sign_in(focal).get(area(submitted)).content.decode()
        assert html.count("Name the source.") == 1

    def test_join_the_question_that_is_open(self, submitted, officer, focal, thread):
        discussion.reply(thread, "Law 12.", by=focal)
        returns.flag(submitted, "P1", "Name the article.", by=officer)
        workflow.return_for_changes(submitted, by=officer, comment="One question.", version=submitted.versions.count())
        assert Thread.objects.get().holder == Side.COUNTRY
        assert [r.text for r in Thread.objects.get().remarks.all()] == ["Which law?", "Law 12.", "Name the article."]

    def test_wait_for_the_secretariat_after_submitting_and_close_with_acceptance(self, officer, focal):
        returned = submission_at(State.RETURNED)
        assert Thread.objects.get().holder == Side.COUNTRY
        fill(returned, iP1=given(level=1))
        workflow.submit(returned, by=focal, **DECLARATION)
        assert Thread.objects.get().holder == Side.SECRETARIAT
        workflow.accept(returned, by=officer, version=returned.versions.count())
        assert Thread.objects.get().closed_by == officer


class TestWaiting:
    """Both home pages say what waits and for how long."""

    def test_for_the_country(self, sign_in, focal, officer, submitted):
        for code, days in (("P1", 9), ("P2", 2), ("P3", 1)):
            with clock.at(clock.now() - timedelta(days=days)):
                discussion.open_thread(submitted, code, f"Question {code}", shared=True, by=officer)
        waits = Page(sign_in(focal).get("/")).text
        assert "9 days Question Malta · Scoreboard 2026 P1: “Question P1” Read" in waits
        assert waits.index("“Question P1”") < waits.index("“Question P2”") < waits.index("“Question P3”")
        page = Page(sign_in(focal).get("/threads/"))
        assert page.h1 == "Questions that wait for you"
        assert page.text.index("Question P1") < page.text.index("Question P2") < page.text.index("Question P3")
        assert f"/submissions/{submitted.pk}/areas/P/#iP2" in page.links.values()
        assert "“Question P1”" not in Page(sign_in(officer).get("/")).text

    def test_for_the_secretariat(self, sign_in, focal, officer, submitted, thread):
        discussion.reply(thread, "Law 12.", by=focal)
        assert "since today Question Malta P1: “Law 12.” Read" in Page(sign_in(officer).get("/")).text
        assert "Waits since today" in Page(sign_in(officer).get("/threads/")).text
        assert f"/review/{submitted.pk}/areas/P/#reading-P1" in Page(sign_in(officer).get("/threads/")).links.values()
        assert "No question waits for you" in Page(sign_in(focal).get("/threads/")).text

    def test_the_list_costs_the_same_for_one_as_for_three(
        self, sign_in, focal, officer, submitted, thread, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client, costs = sign_in(focal), []
        for more in ([], ["P2", "P3"]):
            for code in more:
                discussion.open_thread(submitted, code, "And?", shared=True, by=officer)
            pages = []
            for url in ("/threads/", area(submitted), "/"):
                client.get(url)
                with CaptureQueriesContext(connection) as queries:
                    client.get(url)
                pages.append(len(queries))
            costs.append(pages)
        assert costs[0] == costs[1]
