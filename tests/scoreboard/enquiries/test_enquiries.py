"""Questions to the Secretariat: who asks, what goes with them, who answers, and what all focal points read."""

import pytest
from django.core.exceptions import PermissionDenied

from scoreboard.cycles import board
from scoreboard.enquiries import asking, sharing
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Enquiry, Mail, Role, SharedAnswer, Side, Submission
from scoreboard.submissions import answering
from scoreboard.todo import tasks
from tests.factories import a_focal, a_person, given
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")


@pytest.fixture
def asked(draft, focal):
    return asking.ask(draft, "Does a decree count as a law?", code="P1", by=focal)


def save(submission, focal, comment):
    seen = dict(submission.answers.values_list("indicator__code", "revision"))
    answering.save_answers(submission, {"P1": given("level", 2, comment=comment, why="A slip.")}, by=focal, seen=seen)


class TestAsking:
    """By a focal point, in any state of the answers."""

    def test_from_a_page_with_its_address(self, sign_in, focal, officer, draft):
        client = sign_in(focal)
        area = f"/submissions/{draft.pk}/areas/P/"
        url = Page(client.get(area)).links["Ask the Secretariat about this page"]
        assert url == f"/submissions/{draft.pk}/ask/?page=/submissions/{draft.pk}/areas/P/"
        assert Page(client.get(url)).h1 == "Ask the Secretariat"
        response = client.post(url, {"about": "P1", "text": "Does a decree count?", "page": area})
        enquiry = Enquiry.objects.get()
        assert response.headers["Location"] == f"/threads/enquiries/{enquiry.pk}/"
        assert (enquiry.indicator.code, enquiry.page, enquiry.shown_answer) == ("P1", area, None)
        assert (enquiry.asked_by, enquiry.holder) == (focal, Side.SECRETARIAT)
        assert [(one.author, one.side, one.text) for one in enquiry.messages.all()] == [
            (focal, Side.COUNTRY, "Does a decree count?")
        ]
        mail = Mail.objects.get(event="ask_secretariat")
        assert mail.to == officer
        assert f"{focal}, focal point of Malta, asks about P1 in Scoreboard 2026:" in mail.body
        assert f"/threads/enquiries/{enquiry.pk}/" in mail.body

    def test_from_an_indicator_which_is_chosen_then(self, sign_in, focal, draft):
        client = sign_in(focal)
        url = Page(client.get(f"/submissions/{draft.pk}/areas/P/")).links["Ask the Secretariat about P2"]
        form = client.get(url).context["form"]
        assert form["about"].value() == "P2"

    def test_shows_nothing_of_a_draft_unless_the_box_is_ticked(self, sign_in, focal, officer, draft):
        save(draft, focal, "SHOWN")
        shown = asking.ask(draft, "Is this right?", code="P1", show_answer=True, by=focal)
        hidden = asking.ask(draft, "And this?", code="P1", by=focal)
        save(draft, focal, "WRITTEN-SINCE")
        client = sign_in(officer)
        for enquiry, words in ((shown, {"SHOWN"}), (hidden, set())):
            text = Page(client.get(f"/threads/enquiries/{enquiry.pk}/")).text
            assert {word for word in ("SHOWN", "WRITTEN-SINCE") if word in text} == words

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"text": " "}, "Write your question before you send it."),
            ({"text": "Why?", "about": "X9"}, "Choose an indicator of the list, or “The questionnaire in general”."),
            ({"text": "Why?", "show_answer": "on"}, "Choose the indicator whose answer you want to show."),
            ({"text": "Why?", "about": "P1", "show_answer": "on"}, "No answer is saved that could be shown."),
        ],
    )
    def test_refuses_what_cannot_be_asked(self, sign_in, focal, draft, given, field):
        response = sign_in(focal).post(f"/submissions/{draft.pk}/ask/", given)
        assert field in Page(response).text
        assert not Enquiry.objects.exists()

    @pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example/", "/nowhere/", "x" * 600])
    def test_keeps_no_address_that_is_not_the_portals(self, sign_in, focal, draft, page):
        sign_in(focal).post(f"/submissions/{draft.pk}/ask/", {"text": "Why?", "page": page})
        assert Enquiry.objects.get().page == ""

    def test_is_for_focal_points(self, draft, officer, malta):
        for person in (officer, a_person(Role.CONTRIBUTOR, malta), a_person(Role.ANALYST)):
            with pytest.raises(PermissionDenied):
                asking.ask(draft, "Why?", by=person)


class TestAnswering:
    """By officers; both sides write until one of them closes it."""

    def test_hands_it_to_the_other_side(self, sign_in, focal, officer, asked):
        url = f"/threads/enquiries/{asked.pk}/"
        [item] = [item for item in tasks.for_person(officer) if item.url == url]
        assert (item.title, item.sentence) == (
            "Questions to the Secretariat",
            "1 question to answer, waiting since today.",
        )
        assert sign_in(officer).post(url, {"text": "It does."}).status_code == 302
        asked.refresh_from_db()
        assert asked.holder == Side.COUNTRY
        assert not [item for item in tasks.for_person(officer) if item.url == url]
        mail = Mail.objects.get(event="enquiry_for_country")
        assert (mail.to, "It does." in mail.body) == (focal, True)
        assert sign_in(focal).post(url, {"text": "And an order?"}).status_code == 302
        asked.refresh_from_db()
        assert asked.holder == Side.SECRETARIAT
        assert Mail.objects.get(event="enquiry_for_secretariat").to == officer
        assert [one.text for one in asked.messages.all()] == [
            "Does a decree count as a law?",
            "It does.",
            "And an order?",
        ]

    def test_closed_it_is_read_and_not_written(self, sign_in, focal, asked):
        client = sign_in(focal)
        client.post(f"/threads/enquiries/{asked.pk}/close/")
        asked.refresh_from_db()
        assert asked.closed_by == focal
        page = Page(client.get(f"/threads/enquiries/{asked.pk}/"))
        assert "Closed" in page.text
        assert "Write back" not in page.text
        with pytest.raises(NotNow, match="This question is closed"):
            asking.answer(asked, "More.", by=focal)

    def test_the_board_counts_what_waits(self, officer, asked, draft):
        assert [row.questions for row in board.rows(draft.cycle) if row.submission == draft] == [1]
        asking.answer(asked, "It does.", by=officer)
        assert [row.questions for row in board.rows(draft.cycle) if row.submission == draft] == [0]

    def test_the_list_has_what_waits_apart_and_what_is_shared(self, sign_in, officer, focal, draft, asked):
        later = asking.ask(draft, "Who signs?", by=focal)
        asking.answer(asked, "It does.", by=officer)
        for person, waits in ((officer, later), (focal, asked)):
            client = sign_in(person)
            assert list(client.get("/threads/enquiries/").context["page"]) == [later, asked]
            assert list(client.get("/threads/enquiries/?show=waiting").context["page"]) == [waits]
        assert list(client.get("/threads/enquiries/").context["cycles"]) == []
        sharing.share(asked, question="Does it?", answer="It does.", by=officer)
        assert list(client.get("/threads/enquiries/").context["cycles"]) == [draft.cycle]

    def test_another_country_sees_none(self, sign_in, asked, greece):
        client = sign_in(a_focal(greece))
        assert client.get(f"/threads/enquiries/{asked.pk}/").status_code == 404
        assert "decree" not in client.get("/threads/enquiries/").content.decode()


class TestSharing:
    """By an officer, in words that do not tell who asked, with every focal point of the cycle."""

    @pytest.fixture
    def answered(self, asked, officer):
        asking.answer(asked, "It does, says {Malta}.", by=officer)
        return asked

    def test_begins_with_what_was_written_and_refuses_names(self, sign_in, officer, focal, answered):
        client = sign_in(officer)
        url = f"/threads/enquiries/{answered.pk}/share/"
        page = client.get(url)
        assert page.context["form"]["question"].value() == "Does a decree count as a law?"
        assert page.context["form"]["answer"].value() == "It does, says {Malta}."
        for text, name in (("In MALTA it does.", "Malta"), (f"As {focal.name} says.", focal.name)):
            response = client.post(url, {"question": "Does it?", "answer": text})
            assert f"The text names “{name}”." in Page(response).text
        assert not SharedAnswer.objects.exists()

    def test_reaches_every_focal_point_without_the_country(self, sign_in, officer, focal, greece, draft, answered):
        other = a_focal(greece)
        if not Submission.objects.filter(cycle=draft.cycle, country=greece).exists():
            Submission.objects.create(cycle=draft.cycle, country=greece)
        sharing.share(answered, question="Does a decree count?", answer="It does.", by=officer)
        mails = Mail.objects.filter(event="answer_shared")
        assert {mail.to for mail in mails} == {focal, other}
        [mail] = mails.filter(to=other)
        assert "Malta" not in mail.body
        assert "It does." in mail.body
        text = Page(sign_in(other).get(f"/threads/answers/{draft.cycle.code}/")).text
        assert "Does a decree count?" in text
        assert "Malta" not in text
        assert str(focal) not in text

    def test_withdrawn_it_is_gone_and_can_be_shared_anew(self, sign_in, officer, focal, draft, answered):
        shared = sharing.share(answered, question="Does it?", answer="WRONG", by=officer)
        with pytest.raises(NotNow, match="shared already"):
            sharing.share(answered, question="Does it?", answer="Right.", by=officer)
        sign_in(officer).post(f"/threads/answers/{shared.pk}/withdraw/")
        assert "WRONG" not in sign_in(focal).get(f"/threads/answers/{draft.cycle.code}/").content.decode()
        assert "WRONG" in sign_in(officer).get(f"/threads/answers/{draft.cycle.code}/").content.decode()
        assert sharing.share(answered, question="Does it?", answer="Right.", by=officer).answer == "Right."

    def test_needs_words(self, officer, answered):
        for question, answer in ((" ", "Yes."), ("Why?", "\u200b")):
            with pytest.raises(Invalid):
                sharing.share(answered, question=question, answer=answer, by=officer)
