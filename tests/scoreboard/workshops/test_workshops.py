"""A workshop by its verbs: who leads it, what its code opens, who rates, and what is recorded."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from reporting import tasks
from scoreboard import clock, rehearsal, schedule
from scoreboard.cycles import calendar, rehearsing
from scoreboard.errors import Invalid, Locked, NotNow, Stale
from scoreboard.models import (
    ActivityEntry,
    Answer,
    AnswerVersion,
    Membership,
    Participant,
    Rating,
    Role,
    State,
    Submission,
    User,
    Workshop,
    WorkshopNote,
)
from scoreboard.submissions import answering, declining, workflow
from scoreboard.workshops import codes, joining, rating, recording, sessions
from tests.factories import DECLARATION, a_person, afresh, fill, given, submission_at

pytestmark = pytest.mark.django_db


def area_of(submission: Submission, code: str = "P"):
    return next(area for area in submission.cycle.edition.whole if area.code == code)


def opened(submission: Submission, by: User, area: str = "P") -> Workshop:
    return sessions.open_workshop(submission, area_of(submission, area), by=by)


def joined(workshop: Workshop, by: User | None = None, *, name: str = "Ana", agency: str = "Police") -> Participant:
    """Return somebody who joined by the code, admitted if `by` says who did that."""
    participant = joining.join(workshop.code, name=name, agency=agency)
    if by:
        assert joining.admit(workshop, [participant.pk], by=by) == 1
    return afresh(participant)


@pytest.fixture
def workshop(draft, focal):
    return opened(draft, focal)


@pytest.fixture
def rated(workshop, focal):
    """A workshop in which three people have rated P1, and see how."""
    people = [joined(workshop, focal, agency=agency) for agency in ("Police", "Customs", "Courts")]
    sessions.ask(workshop, "P1", by=focal)
    for participant, level in zip(people, (1, 2, None), strict=True):
        rating.rate(participant, "P1", level)
    return sessions.show(workshop, "P1", by=focal)


class TestCode:
    def test_it_has_more_than_forty_random_bits_and_reads_well(self):
        assert len(codes.ALPHABET) ** codes.LENGTH > 2**44
        assert not set(codes.ALPHABET) & set("01OIL")
        made = {codes.new() for _once in range(200)}
        assert len(made) == 200
        assert all(re.fullmatch(r"\w{3}-\w{3}-\w{3}", code) for code in made)

    @pytest.mark.parametrize("typed", ["abc-def-234", "ABCDEF234", " abc def 234 ", "abc–def_234"])
    def test_it_is_read_however_it_is_typed(self, typed):
        assert codes.tidied(typed) == "ABC-DEF-234"

    @pytest.mark.parametrize("typed", ["", "ABC-DEF-23", "ABC-DEF-2345", "ABC-DEF-230", "ÄBC-DEF-234", "٣٣٣-DEF-234"])
    def test_what_cannot_be_one(self, typed):
        assert codes.tidied(typed) == ""

    def test_it_opens_until_midnight_of_the_cycles_zone(self, draft, focal):
        zone = draft.cycle.zone
        evening = datetime.combine(draft.cycle.opens + timedelta(days=3), time(23, 50), zone)
        with clock.at(evening):
            workshop = opened(draft, focal)
            assert joining.running(workshop.code) == workshop
        midnight = datetime.combine(draft.cycle.opens + timedelta(days=4), time.min, zone)
        assert workshop.expires_at == midnight
        with clock.at(midnight - timedelta(seconds=1)):
            participant = joining.join(workshop.code, name="Ana", agency="Police")
            assert joining.present(workshop.code, participant.pk) == participant
        with clock.at(midnight):
            assert joining.running(workshop.code) is None
            assert joining.present(workshop.code, participant.pk) is None
            with pytest.raises(NotNow, match="ended at midnight"):
                sessions.ask(workshop, "P1", by=focal)
            again = opened(draft, focal)
        assert again.code != workshop.code
        assert afresh(workshop).ended_at == midnight

    def test_it_opens_nothing_once_the_workshop_is_ended(self, workshop, focal):
        participant = joined(workshop, focal)
        sessions.end(workshop, by=focal)
        assert sessions.end(workshop, by=focal).revision == 1
        assert joining.running(workshop.code) is None
        assert joining.present(workshop.code, participant.pk) is None
        for act in (
            lambda: joining.join(workshop.code, name="Ben", agency="Customs"),
            lambda: joining.join(codes.new(), name="Ben", agency="Customs"),
            lambda: rating.rate(participant, "P1", 1),
        ):
            with pytest.raises(NotNow) as refusal:
                act()
            assert refusal.value.sentence == joining.opens_nothing()

    def test_it_opens_nothing_once_the_answers_are_submitted_be_they_recalled(self, workshop, draft, focal):
        fill(draft)
        joined(workshop, focal)
        workflow.submit(draft, by=focal, **DECLARATION)
        assert joining.running(workshop.code) is None
        with pytest.raises(NotNow, match="The answers were submitted meanwhile"):
            sessions.show(workshop, "P1", by=focal)
        workflow.recall(draft, by=focal)
        assert joining.running(workshop.code) is None
        assert opened(draft, focal) != workshop

    def test_it_opens_nothing_while_the_country_does_not_report(self, workshop, draft, focal, officer):
        declining.decline(draft, by=focal)
        assert joining.running(workshop.code) is None
        declining.take_back(draft, by=focal)
        assert joining.running(workshop.code) == workshop
        calendar.leave(draft, reason="A state of emergency.", by=officer)
        assert joining.running(workshop.code) is None
        with pytest.raises(NotNow, match="left the cycle on"):
            sessions.ask(workshop, "P1", by=focal)

    def test_that_of_the_rehearsal_opens_nothing_in_the_real_portal(self, draft, workshop, focal, officer):
        rehearsing.start(draft.cycle.edition, by=officer)
        with rehearsal.within():
            submission = Submission.objects.get()
            Membership.objects.create(person=focal, role=Role.FOCAL, country=submission.country)
            trainee = User.objects.with_memberships(focal.pk)
            practice = opened(submission, trainee)
            participant = joined(practice, trainee)
            assert joining.running(workshop.code) is None
        assert joining.running(practice.code) is None
        assert joining.present(practice.code, participant.pk) is None
        rehearsing.start(draft.cycle.edition, by=officer)  # deletes what was rehearsed, with the people in it
        assert not Participant.objects.filter(pk=participant.pk).exists()


class TestLeading:
    def test_two_focal_points_lead_the_same_one(self, draft, focal, malta):
        colleague = a_person(Role.FOCAL, malta)
        workshop = opened(draft, focal)
        assert opened(draft, colleague) == workshop
        assert opened(draft, colleague, "Q") != workshop
        with pytest.raises(IntegrityError):
            Workshop.objects.create(
                submission=draft, area=workshop.area, code="X", opened_by=focal, expires_at=workshop.expires_at
            )

    def test_one_shows_what_the_other_has_left(self, workshop, focal, malta):
        colleague = a_person(Role.FOCAL, malta)
        sessions.ask(workshop, "P1", by=focal)
        sessions.ask(workshop, "P2", by=colleague)
        with pytest.raises(NotNow, match="The room is at another indicator now"):
            sessions.show(workshop, "P1", by=focal)
        assert not afresh(workshop).shown

    @pytest.mark.parametrize("code", ["Q1", "Z9", ""])
    def test_an_indicator_of_another_area_is_not_asked(self, workshop, focal, code):
        with pytest.raises(Invalid):
            sessions.ask(workshop, code, by=focal)

    def test_nobody_else_leads_or_sees_it(self, workshop, draft, focal, officer, analyst, observer, greece, malta):
        others = [officer, analyst, observer, a_person(Role.FOCAL, greece), a_person(Role.CONTRIBUTOR, malta)]
        assert Workshop.objects.visible_to(focal).get() == workshop
        for person in others:
            assert not Workshop.objects.visible_to(person).exists()
            for act in (
                lambda by: opened(draft, by),
                lambda by: sessions.ask(workshop, "P1", by=by),
                lambda by: sessions.end(workshop, by=by),
                lambda by: joining.admit(workshop, [], by=by),
            ):
                with pytest.raises(PermissionDenied):
                    act(person)
        assert afresh(workshop).revision == 0

    def test_what_the_secretariat_holds_is_not_rated(self, submitted, focal):
        with pytest.raises(Locked):
            opened(submitted, focal)

    def test_each_act_is_in_the_log_without_a_name_or_a_text(self, rated, focal):
        recording.record(rated, "P1", level=2, reasons="A new law.", dissent="Courts: 1.", seen=0, by=focal)
        joining.turn_away(rated, Participant.objects.first().pk, by=focal)
        sessions.end(rated, by=focal)
        entries = ActivityEntry.objects.filter(submission=rated.submission_id, verb__in=LOGGED).order_by("pk")
        assert [(one.verb, one.detail, one.by_id) for one in entries] == [
            ("open_workshop", "P", focal.pk),
            *[("join_workshop", "P", None), ("admit", "P", focal.pk)] * 3,
            ("ask_room", "P1", focal.pk),
            ("show_ratings", "P1", focal.pk),
            ("record_agreement", "P1", focal.pk),
            ("turn_away", "P", focal.pk),
            ("end_workshop", "P", focal.pk),
        ]


LOGGED = ["open_workshop", "join_workshop", "admit", "turn_away", "ask_room", "show_ratings", "record_agreement"]
LOGGED += ["end_workshop"]


class TestJoining:
    def test_each_joiner_waits_until_admitted(self, workshop, focal):
        ana, ben = joined(workshop), joined(workshop, name="Ben", agency="Customs")
        assert joining.admit(workshop, [ana.pk, 987_654], by=focal) == 1
        assert joining.admit(workshop, [ana.pk], by=focal) == 0
        assert list(workshop.participants.in_the_room()) == [ana]
        assert list(workshop.participants.waiting()) == [ben]
        sessions.ask(workshop, "P1", by=focal)
        with pytest.raises(NotNow, match="has not admitted you"):
            rating.rate(ben, "P1", 1)

    def test_somebody_of_another_workshop_is_not_admitted_here(self, workshop, draft, focal):
        elsewhere = joined(opened(draft, focal, "Q"))
        assert joining.admit(workshop, [elsewhere.pk], by=focal) == 0
        assert joining.present(workshop.code, elsewhere.pk) is None
        with pytest.raises(Invalid):
            joining.turn_away(workshop, elsewhere.pk, by=focal)

    def test_who_is_turned_away_rates_no_more_and_counts_no_more(self, workshop, focal):
        ana, ben = joined(workshop, focal), joined(workshop, focal, name="Ben")
        sessions.ask(workshop, "P1", by=focal)
        for person in (ana, ben):
            rating.rate(person, "P1", 2)
        joining.turn_away(workshop, ben.pk, by=focal)
        assert joining.turn_away(workshop, ben.pk, by=focal).removed_by == focal
        assert rating.progress(afresh(workshop)).stamp == "1-0-1-1"
        with pytest.raises(NotNow):
            rating.rate(ben, "P1", 1)
        assert joining.admit(workshop, [ben.pk], by=focal) == 0

    @pytest.mark.parametrize(("name", "agency"), [("", "Police"), ("\u200b", "Police"), ("Ana", " "), ("x" * 101, "y")])
    def test_who_says_who_they_are(self, workshop, name, agency):
        with pytest.raises(Invalid):
            joining.join(workshop.code, name=name, agency=agency)

    def test_a_workshop_takes_only_so_many(self, workshop, monkeypatch):
        monkeypatch.setattr(joining, "MOST", 1)
        joined(workshop)
        with pytest.raises(NotNow, match="takes nobody else"):
            joined(workshop)

    @pytest.mark.parametrize("days", [0, 20])
    def test_names_go_thirty_days_after_the_cycle_has_closed_for_the_country(self, rated, focal, officer, days):
        recording.record(rated, "P1", level=2, reasons="A new law.", seen=0, by=focal)
        cycle, last = rated.submission.cycle, rated.submission.cycle.closes + timedelta(days=days)
        if days:
            calendar.extend(rated.submission, to=last, reason="Elections.", by=officer)
        [job] = [job for job in tasks.JOBS if job.name == "old names of workshops"]
        with clock.at(datetime.combine(last + timedelta(days=30), time(23, 59), cycle.zone)):
            assert schedule.run(job)
            assert Participant.objects.count() == 3
        with clock.at(datetime.combine(last + timedelta(days=31), time(0, 1), cycle.zone)):
            assert joining.delete_old() == 3
            assert not Participant.objects.exists()
            assert not Rating.objects.exists()
        assert WorkshopNote.objects.get().spread == [
            *({"level": level, "n": n} for level, n in zip((1, 2, 3, 4, 5), (1, 1, 0, 0, 0), strict=True)),
            {"level": None, "n": 1},
        ]


class TestRating:
    def test_it_can_be_changed_until_all_are_shown(self, workshop, focal):
        ana = joined(workshop, focal)
        sessions.ask(workshop, "P1", by=focal)
        rating.rate(ana, "P1", 1)
        rating.rate(ana, "P1", 3)
        shown = sessions.show(workshop, "P1", by=focal)
        assert [n for _level, n in rating.spread(shown, sessions.indicator_of(shown, "P1")).levels] == [0, 0, 1, 0, 0]
        with pytest.raises(NotNow, match="shown already"):
            rating.rate(ana, "P1", 2)
        sessions.ask(workshop, "P1", by=focal)  # once more
        rating.rate(ana, "P1", None)
        again = rating.spread(afresh(workshop), sessions.indicator_of(workshop, "P1"))
        assert (again.cannot_say, again.rated, again.room) == (1, 1, 1)

    def test_only_what_the_room_is_asked_on_its_own_ladder(self, workshop, focal):
        ana = joined(workshop, focal)
        with pytest.raises(NotNow):
            rating.rate(ana, "P1", 1)
        sessions.ask(workshop, "P1", by=focal)
        with pytest.raises(NotNow):
            rating.rate(ana, "P2", 1)
        for level in (99, -1):
            with pytest.raises(Invalid):
                rating.rate(ana, "P1", level)
        assert not Rating.objects.exists()


class TestRecording:
    def test_the_agreed_level_becomes_the_answer_and_the_note_is_stored_with_it(self, rated, draft, focal):
        comment = {"P1": given(level=1, comment="As in the law.", next_step="A decree.")}
        answering.save_answers(draft, comment, by=focal, seen={})
        note = recording.record(rated, "P1", level=2, reasons="A law.\n", dissent="Courts: 1.", seen=1, by=focal)
        answer = Answer.objects.get()
        assert (answer.level.value, answer.comment, answer.next_step) == (2, "As in the law.", "A decree.")
        version = AnswerVersion.objects.get(revision=2)
        assert (version.origin, version.by, version.level.value) == ("workshop", focal, 2)
        assert (note.answer, note.revision, note.level.value) == (answer, 2, 2)
        assert (note.reasons, note.dissent, note.by) == ("A law.", "Courts: 1.", focal)
        assert afresh(rated).indicator is None

    def test_what_is_there_already_is_agreed_too(self, rated, draft, focal):
        answering.save_answers(draft, {"P1": given(level=2)}, by=focal, seen={})
        note = recording.record(rated, "P1", level=2, reasons="It is so.", seen=1, by=focal)
        assert (note.revision, AnswerVersion.objects.count()) == (1, 1)

    def test_an_answer_given_elsewhere_meanwhile_is_shown_with_the_agreed_one(self, rated, draft, focal, malta):
        colleague = a_person(Role.FOCAL, malta)
        answering.save_answers(draft, {"P1": given(level=3, comment="Theirs.")}, by=colleague, seen={})
        with pytest.raises(Stale) as refusal:
            recording.record(rated, "P1", level=2, reasons="A law.", seen=0, by=focal)
        assert refusal.value.current.comment == "Theirs."
        assert not WorkshopNote.objects.exists()
        assert afresh(rated).shown
        recording.record(rated, "P1", level=2, reasons="A law.", seen=1, by=focal)
        answer = Answer.objects.get()
        assert (answer.level.value, answer.comment) == (2, "Theirs.")

    def test_two_focal_points_do_not_record_the_same_twice(self, rated, focal, malta):
        recording.record(rated, "P1", level=2, reasons="A law.", seen=0, by=a_person(Role.FOCAL, malta))
        with pytest.raises(NotNow, match="The room is at another indicator now"):
            recording.record(rated, "P1", level=1, reasons="No law.", seen=1, by=focal)

    @pytest.mark.parametrize(("level", "reasons"), [(2, ""), (2, "\u200b "), (99, "A law."), (2, "x" * 20_001)])
    def test_without_reasons_or_off_the_ladder_nothing_is_recorded(self, rated, focal, level, reasons):
        with pytest.raises(Invalid):
            recording.record(rated, "P1", level=level, reasons=reasons, seen=0, by=focal)
        assert not Answer.objects.exists()

    def test_not_before_the_ratings_are_shown(self, workshop, focal):
        sessions.ask(workshop, "P1", by=focal)
        with pytest.raises(NotNow, match="Show the ratings first"):
            recording.record(workshop, "P1", level=2, reasons="A law.", seen=0, by=focal)

    def test_after_a_return_the_secretariat_reads_a_reason_of_its_own(self, harbour, focal):
        returned = submission_at(State.RETURNED)
        workshop = opened(returned, focal)
        for code in ("P1", "P2"):  # the first was asked about, the second not
            sessions.ask(workshop, code, by=focal)
            sessions.show(workshop, code, by=focal)
            what = {"level": 1, "reasons": "Nobody checks.", "seen": 1, "by": focal}
            if code == "P2":
                with pytest.raises(Invalid, match="Say why you change it"):
                    recording.record(workshop, code, **what)
                what["why"] = "A slip."
            recording.record(workshop, code, **what)
        assert list(AnswerVersion.objects.filter(revision=2).values_list("why", flat=True)) == ["", "A slip."]

    def test_the_note_is_for_the_countrys_focal_points(self, rated, focal, officer, analyst, greece, malta):
        note = recording.record(rated, "P1", level=2, reasons="A law.", seen=0, by=focal)
        assert WorkshopNote.objects.visible_to(focal).get() == note
        for person in (officer, analyst, a_person(Role.FOCAL, greece), a_person(Role.CONTRIBUTOR, malta)):
            assert not WorkshopNote.objects.visible_to(person).exists()
