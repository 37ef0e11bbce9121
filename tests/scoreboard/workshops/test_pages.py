"""The pages of a workshop: what a phone gets, what it costs, and what the focal point sees."""

from datetime import timedelta
from http.cookies import Morsel

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard import clock, rehearsal
from scoreboard.cycles import rehearsing
from scoreboard.models import (
    Answer,
    Membership,
    Participant,
    Rating,
    Role,
    Submission,
    User,
    WorkshopNote,
)
from scoreboard.submissions import answering, workflow
from scoreboard.workshops import attempts, codes, joining, rating, recording, sessions
from tests.factories import DECLARATION, a_person, afresh, fill, given
from tests.pages import Page

pytestmark = pytest.mark.django_db

SENTENCE = "This code opens nothing: it may be mistyped, or the workshop is over. Compare it with the screen."
SECRET = "Qzdraftzq"  # in the draft, and nowhere on a phone


@pytest.fixture
def workshop(draft, focal):
    answering.save_answers(draft, {"P1": given(level=4, comment=SECRET)}, by=focal, seen={})
    return sessions.open_workshop(draft, draft.cycle.edition.whole[0], by=focal)


def a_phone(workshop, focal=None, *, name="Ana", agency="Police") -> Client:
    """Return a phone that has joined by the page, admitted by `focal` if given."""
    phone = Client()
    response = phone.post(room(workshop), {"name": name, "agency": agency})
    assert response["Location"] == room(workshop)
    if focal:
        joining.admit(workshop, [Participant.objects.latest("pk").pk], by=focal)
    return phone


def room(workshop) -> str:
    return f"/workshops/{workshop.code}/"


def polled(phone, workshop, seen=""):
    return phone.get(f"{room(workshop)}poll/", {"seen": seen})


def stamp(phone, workshop) -> str:
    """What the phone's page says that it shows."""
    page = phone.get(room(workshop)).content.decode()
    return page.split("?seen=")[1].split('"')[0]


def weight(response) -> int:
    """The bytes of a response on the line, its status and headers included."""
    head = f"HTTP/1.1 {response.status_code} {response.reason_phrase}\r\n"
    cookies = "".join(f"{cookie.output()}\r\n" for cookie in response.cookies.values())
    return len(head.encode()) + len(response.serialize_headers()) + len(cookies.encode()) + 4 + len(response.content)


class TestPhone:
    def test_a_workshop_from_the_code_to_the_spread(self, workshop, focal):
        phone = Client()
        door = phone.post("/workshops/", {"code": workshop.code.lower().replace("-", " ")})
        assert door["Location"] == room(workshop)
        assert phone.get(room(workshop).lower())["Location"] == room(workshop)
        assert Page(phone.get(room(workshop))).h1 == "Join the workshop"
        phone.post(room(workshop), {"name": "Ana", "agency": "Police"})
        assert Page(phone.get(room(workshop))).h1 == "You will be let in"
        joining.admit(workshop, [Participant.objects.get().pk], by=focal)
        assert Page(phone.get(room(workshop))).h1 == "You are in the room"
        sessions.ask(workshop, "P1", by=focal)
        asked = phone.get(room(workshop))
        indicator = sessions.indicator_of(workshop, "P1")
        assert Page(asked).h1 == f"P1 {indicator.title}"
        assert all(str(level.text) in Page(asked).text for level in indicator.ladder)
        sent = phone.post(f"{room(workshop)}rate/", {"indicator": "P1", "level": "2"}, follow=True)
        assert "Your rating has arrived." in Page(sent).text
        assert Rating.objects.get().level.value == 2
        sessions.show(workshop, "P1", by=focal)
        shown = Page(phone.get(room(workshop))).text
        assert "P1: 1 of 1 in the room has rated" in shown
        assert "Yours was level 2." in shown
        late = phone.post(f"{room(workshop)}rate/", {"indicator": "P1", "level": "3"})
        assert (late.status_code, Rating.objects.get().level.value) == (409, 2)
        sessions.end(workshop, by=focal)
        assert SENTENCE in Page(phone.get(room(workshop))).text

    def test_it_has_nothing_of_the_draft_and_nobodys_name_but_its_own(self, workshop, focal):
        phone = a_phone(workshop, focal)
        a_phone(workshop, focal, name="Benedikta", agency="Customs")
        for act in (sessions.ask, sessions.show):
            act(workshop, "P1", by=focal)
            page = phone.get(room(workshop)).content.decode()
            assert [text for text in (SECRET, "Benedikta", "checked", focal.name) if text in page] == []

    def test_it_shows_the_agreed_level_to_nobody(self, workshop, focal, sign_in):
        phone = a_phone(workshop, focal)
        for act in (sessions.ask, sessions.show):
            act(workshop, "P1", by=focal)
        posted = {"level": "3", "reasons": "Qzreasonzq", "dissent": "Qzdissentzq", "seen": "1"}
        assert sign_in(focal).post(f"/workshops/sessions/{workshop.pk}/record/P1/", posted).status_code == 302
        assert WorkshopNote.objects.get().level.value == 3
        page = phone.get(room(workshop))
        assert Page(page).h1 == "You are in the room"
        assert b"Qz" not in page.content

    def test_its_cookie_is_signed_and_for_this_workshop_alone(self, workshop, draft, focal):
        phone = a_phone(workshop, focal)
        assert set(phone.cookies) == {"workshop"}
        cookie: Morsel = phone.cookies["workshop"]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (room(workshop), True, "Lax")
        assert 0 < cookie["max-age"] <= 24 * 60 * 60
        other = sessions.open_workshop(draft, draft.cycle.edition.whole[1], by=focal)
        for value in (cookie.value, f"{Participant.objects.get().pk}", "1:forged"):
            forger = Client()
            forger.cookies["workshop"] = value
            there = room(other) if value == cookie.value else room(workshop)
            assert Page(forger.get(there)).h1 == "Join the workshop"
            assert forger.get(f"{there}poll/").status_code == 404
            assert forger.post(f"{there}rate/", {"indicator": "P1", "level": "2"}).status_code == 404

    def test_one_that_was_offline_is_still_in_the_room_with_its_rating(self, workshop, focal):
        phone = a_phone(workshop, focal)
        sessions.ask(workshop, "P1", by=focal)
        phone.post(f"{room(workshop)}rate/", {"indicator": "P1", "level": "2"})
        with clock.at(clock.now() + timedelta(minutes=1)):
            assert polled(phone, workshop, stamp(phone, workshop)).headers.get("HX-Refresh") is None
            assert 'value="2" required checked' in phone.get(room(workshop)).content.decode()
        assert rating.progress(afresh(workshop)).rated == 1

    def test_who_is_turned_away_can_ask_again(self, workshop, focal):
        phone = a_phone(workshop)
        joining.turn_away(workshop, Participant.objects.get().pk, by=focal)
        page = Page(phone.get(room(workshop)))
        assert page.h1 == "You are not admitted"
        phone.post(room(workshop), {"name": page.fields["name"], "agency": page.fields["agency"]})
        assert [str(one) for one in workshop.participants.waiting()] == ["Ana, Police"]

    def test_who_has_joined_does_not_join_twice(self, workshop):
        phone = a_phone(workshop)
        phone.post(room(workshop), {"name": "Ana", "agency": "Police"})
        assert Participant.objects.count() == 1

    @pytest.mark.parametrize("empty", ["name", "agency"])
    def test_the_form_says_what_is_missing(self, workshop, empty):
        posted = {"name": "Ana", "agency": "Police"} | {empty: "\u200b "}
        assert "Type " in Page(Client().post(room(workshop), posted)).text
        assert not Participant.objects.exists()


class TestCode:
    def test_one_guessed_ended_foreign_or_handed_in_opens_nothing_with_the_same_page(
        self, workshop, draft, focal, greece
    ):
        ended = sessions.open_workshop(draft, draft.cycle.edition.whole[1], by=focal)
        sessions.end(ended, by=focal)
        fill(draft)
        workflow.submit(draft, by=focal, **DECLARATION)
        found = {
            Client().get(f"/workshops/{code}/").content
            for code in (codes.new(), ended.code, workshop.code, "x", "sessions")
        }
        assert len(found) == 1
        assert SENTENCE in found.pop().decode()
        for code in (codes.new(), ended.code, workshop.code, "x"):
            page = Page(Client().post("/workshops/", {"code": code}))
            assert SENTENCE in page.text
            for act in ("poll", "rate"):
                assert (
                    Client().generic("GET" if act == "poll" else "POST", f"/workshops/{code}/{act}/").status_code == 404
                )

    def test_guessing_is_limited_and_a_room_goes_on(self, workshop, focal, monkeypatch):
        cache.clear()
        monkeypatch.setattr(attempts, "A_MINUTE", 3)
        phone = a_phone(workshop, focal)
        sessions.ask(workshop, "P1", by=focal)
        moment = clock.now()
        with clock.at(moment):
            assert [Client().get(f"/workshops/{codes.new()}/").status_code for _once in range(4)] == [
                404,
                404,
                404,
                429,
            ]
            assert Client().get(room(workshop)).status_code == 429  # nobody learns whether this one was right
            assert Client().post("/workshops/", {"code": workshop.code}).status_code == 429
            assert Client(REMOTE_ADDR="198.51.100.7").get(room(workshop)).status_code == 200
            assert polled(phone, workshop, stamp(phone, workshop)).status_code == 204
            assert phone.post(f"{room(workshop)}rate/", {"indicator": "P1", "level": "2"}).status_code == 302
        with clock.at(moment + timedelta(minutes=1)):
            assert Client().get(room(workshop)).status_code == 200

    def test_thirty_phones_behind_one_address_join_at_once(self, workshop, focal):
        cache.clear()
        phones = [a_phone(workshop, name=f"Person {n}") for n in range(30)]
        assert [phone.get(room(workshop)).status_code for phone in phones] == [200] * 30
        assert len({phone.cookies["workshop"].value for phone in phones}) == 30
        assert 10 * len(phones) <= attempts.A_MINUTE

    def test_the_limit_counts_by_the_address_that_the_proxy_saw(self, workshop, settings, monkeypatch):
        cache.clear()
        monkeypatch.setattr(attempts, "A_MINUTE", 1)
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        guesser, room_of_others = ({"x-forwarded-for": f"1.2.3.4, {last}"} for last in ("198.51.100.7", "203.0.113.9"))
        moment = clock.now()
        with clock.at(moment):
            found = [Client().get(f"/workshops/{codes.new()}/", headers=guesser).status_code for _once in range(2)]
            assert found == [404, 429]
            assert Client().get(room(workshop), headers=room_of_others).status_code == 200


class TestCost:
    def test_a_poll_is_a_few_hundred_bytes_without_a_body(self, workshop, focal):
        """The issue's bound is 2,000 bytes every three seconds."""
        phone = a_phone(workshop, focal)
        sessions.ask(workshop, "P1", by=focal)
        same, changed = polled(phone, workshop, stamp(phone, workshop)), polled(phone, workshop, "0-waits")
        assert (same.status_code, same.content) == (changed.status_code, changed.content) == (204, b"")
        assert "HX-Refresh" not in same
        assert changed["HX-Refresh"] == "true"
        assert not same.cookies
        assert weight(same) < weight(changed) < 1_000

    def test_the_focal_points_poll_is_small_too(self, workshop, focal, sign_in):
        client, address = sign_in(focal), reverse("workshop_counts", args=[workshop.pk])
        for n in range(3):
            a_phone(workshop, focal if n else None, name=f"Person {n}")
        sessions.ask(workshop, "P1", by=focal)
        same, changed = client.get(address, {"seen": "1-1-2-0"}), client.get(address, {"seen": "1-0-1-0"})
        assert (same.status_code, same.content) == (204, b"")
        assert weight(changed) <= 2_000
        assert "2 people in the room, 0 have rated." in Page(changed).text
        assert "1 person waits to be admitted" in Page(changed).text
        assert "waits" not in Page(client.get(address, {"seen": "1-0-1-0", "screen": "yes"})).text
        gone_on = client.get(address, {"seen": "0-1-2-0"})
        assert (gone_on.status_code, gone_on["HX-Refresh"]) == (204, "true")

    def test_no_request_asks_the_database_more_often_with_thirty_phones(self, workshop, focal, sign_in):
        client, costs = sign_in(focal), {}
        phones = [a_phone(workshop, focal)]
        for act in (sessions.ask, sessions.show, sessions.ask):
            act(workshop, "P1", by=focal)
        pages = ["", "screen/", "counts/", "record/P1/"]

        def cost(who, address, data=None):
            with CaptureQueriesContext(connection) as queries:
                response = who.get(address) if data is None else who.post(address, data)
            assert response.status_code < 400
            return len(queries)

        for size in (1, 30):
            while len(phones) < size:
                phones.append(a_phone(workshop, focal, name=f"Person {len(phones)}"))
            for phone in phones[1:]:
                phone.post(f"{room(workshop)}rate/", {"indicator": "P1", "level": "2"})
            seen = stamp(phones[0], workshop)
            client.get(f"/workshops/sessions/{workshop.pk}/")
            costs[size] = {
                "poll": cost(phones[0], f"{room(workshop)}poll/?seen={seen}"),
                "page": cost(phones[0], room(workshop)),
                "rate": cost(phones[0], f"{room(workshop)}rate/", {"indicator": "P1", "level": "1"}),
                **{page: cost(client, f"/workshops/sessions/{workshop.pk}/{page}") for page in pages},
            }
            Rating.objects.filter(participant=Participant.objects.earliest("pk")).delete()
        assert costs[30] == costs[1]
        assert costs[1]["poll"] == 1


class TestFocalPoint:
    def test_from_the_area_to_the_answer_and_its_note(self, draft, focal, officer, sign_in):
        client = sign_in(focal)
        area = Page(client.get(f"/submissions/{draft.pk}/areas/P/"))
        assert area.links["Workshop"] == f"/workshops/submissions/{draft.pk}/P/"
        lead = client.post(area.links["Workshop"])["Location"]
        workshop = draft.workshops.get()
        screen = client.get(f"{lead}screen/").content.decode()
        assert ">localhost:8000/workshops</p>" in screen
        assert f">{workshop.code}</p>" in screen
        assert 'src="data:image/svg+xml;base64,' in screen
        phone = a_phone(workshop)
        assert "Who waits to be admitted" in Page(client.get(lead)).text
        client.post(f"{lead}admit/", {"participant": [Participant.objects.get().pk, "x"]})
        client.post(f"{lead}ask/", {"indicator": "P1"})
        assert "Nobody sees a rating yet" in Page(client.get(lead)).text
        phone.post(f"{room(workshop)}rate/", {"indicator": "P1", "level": "2"})
        client.post(f"{lead}show/", {"indicator": "P1"})
        page = Page(client.get(f"{lead}record/P1/"))
        assert "P1: 1 of 1 in the room has rated" in page.text
        missing = Page(client.post(f"{lead}record/P1/", {"level": "2", "seen": "0"}))
        assert "Write down the reasons" in missing.text
        posted = {"level": "2", "reasons": "A law.", "dissent": "Courts: level 1.", "seen": page.fields["seen"]}
        assert client.post(f"{lead}record/P1/", posted)["Location"] == lead
        assert Answer.objects.get().level.value == 2
        history = Page(client.get(f"/submissions/{draft.pk}/history/P1/")).text
        for text in ("Agreed in workshops", "A law.", "Courts: level 1.", "level 2: 1", "by workshop"):
            assert text in history
        assert "Courts: level 1." in Page(client.get(area.links["Workshop"])).text
        theirs = Page(sign_in(officer).get(f"/submissions/{draft.pk}/history/P1/")).text
        assert "A law." not in theirs
        client.post(f"{lead}end/")
        assert "ended this workshop" in Page(client.get(lead)).text
        assert "Open the workshop" in client.get(area.links["Workshop"]).content.decode()

    def test_an_answer_given_meanwhile_is_next_to_what_was_agreed(self, workshop, draft, focal, malta, sign_in):
        for act in (sessions.ask, sessions.show):
            act(workshop, "P1", by=focal)
        colleague = a_person(Role.FOCAL, malta, name="Carla Colleague")
        answering.save_answers(draft, {"P1": given(level=5, comment="Theirs.")}, by=colleague, seen={"P1": 1})
        client, address = sign_in(focal), f"/workshops/sessions/{workshop.pk}/record/P1/"
        posted = {"level": "3", "reasons": "A law.", "seen": "1"}
        refused = client.post(address, posted)
        page = Page(refused)
        assert refused.status_code == 409
        assert "Carla Colleague answered meanwhile" in page.text
        assert "Theirs." in page.text
        assert (page.fields["level"], page.fields["reasons"].strip(), page.fields["seen"]) == ("3", "A law.", "2")
        assert client.post(address, page.fields).status_code == 302
        answer = Answer.objects.get()
        assert (answer.level.value, answer.comment, answer.revision) == (3, "Theirs.", 3)

    def test_after_a_submission_it_says_why_it_is_over(self, workshop, draft, focal, sign_in):
        fill(draft)
        workflow.submit(draft, by=focal, **DECLARATION)
        client, lead = sign_in(focal), f"/workshops/sessions/{workshop.pk}/"
        for page in (lead, f"{lead}record/P1/"):
            assert (
                "The answers were submitted meanwhile, and with that this workshop ended."
                in Page(client.get(page)).text
            )
        refused = client.post(f"{lead}ask/", {"indicator": "P1"})
        assert (refused.status_code, "submitted meanwhile" in Page(refused).text) == (409, True)
        assert client.get(f"{lead}counts/?seen=0-0-0-0")["HX-Refresh"] == "true"
        assert Page(client.get(f"{lead}screen/")).h1 == "This workshop is over"

    def test_the_link_is_for_who_leads_workshops(self, submitted, focal, officer, sign_in):
        address = f"/submissions/{submitted.pk}/areas/P/"
        assert "Workshop" in Page(sign_in(focal).get(address)).links
        assert "Workshop" not in Page(sign_in(officer).get(address)).links

    def test_a_participant_of_another_workshop_is_not_found(self, workshop, draft, focal, sign_in):
        other = sessions.open_workshop(draft, draft.cycle.edition.whole[1], by=focal)
        elsewhere = joining.join(other.code, name="Ana", agency="Police")
        address = reverse("workshop_turn_away", args=[workshop.pk, elsewhere.pk])
        assert sign_in(focal).post(address).status_code == 404


class TestNotes:
    def test_pages_that_list_them_ask_as_often_for_three_as_for_one(self, workshop, focal, sign_in):
        client, costs = sign_in(focal), {}
        draft = workshop.submission
        for code in ("P1", "P2", "P3"):
            for act in (sessions.ask, sessions.show):
                act(workshop, code, by=focal)
            level, seen = sessions.indicator_of(workshop, code).ladder[0].value, int(code == "P1")
            recording.record(workshop, code, level=level, reasons=f"For {code}.", seen=seen, by=focal)
            for address in (f"/workshops/submissions/{draft.pk}/P/", f"/workshops/sessions/{workshop.pk}/"):
                client.get(address)
                with CaptureQueriesContext(connection) as queries:
                    page = Page(client.get(address))
                assert f"For {code}." in page.text
                costs.setdefault(address, set()).add(len(queries))
        assert [len(found) for found in costs.values()] == [1, 1]

    def test_one_agreed_twice_is_in_the_history_twice(self, workshop, focal, sign_in):
        for n, reasons in enumerate(("At first.", "On second thought."), start=1):
            for act in (sessions.ask, sessions.show):
                act(workshop, "P1", by=focal)
            recording.record(workshop, "P1", level=n, reasons=reasons, seen=n, by=focal)
        history = Page(sign_in(focal).get(f"/submissions/{workshop.submission_id}/history/P1/")).text
        assert history.index("On second thought.") < history.index("At first.")
        lead = Page(sign_in(focal).get(f"/workshops/sessions/{workshop.pk}/")).text
        assert "On second thought." in lead
        assert "At first." not in lead


def test_a_rehearsed_workshop_is_joined_below_the_rehearsals_address(draft, focal, officer):
    rehearsing.start(draft.cycle.edition, by=officer)
    with rehearsal.within():
        submission = Submission.objects.get()
        Membership.objects.create(person=focal, role=Role.FOCAL, country=submission.country)
        trainee = User.objects.with_memberships(focal.pk)
        practice = sessions.open_workshop(submission, submission.cycle.edition.whole[0], by=trainee)
    phone = Client()
    address = f"/rehearsal/workshops/{practice.code}/"
    assert phone.post(address, {"name": "Ana", "agency": "Police"})["Location"] == address
    assert phone.cookies["workshop"]["path"] == address
    assert Page(phone.get(address)).h1 == "You will be let in"
    assert Client().get(f"/workshops/{practice.code}/").status_code == 404
