"""Writing by the API: over what was read, by the verbs of the pages, and noted as done through it."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.models import ActivityEntry, AnswerVersion, Cycle, Evidence, Mail, State, Transition
from scoreboard.submissions import answering, workflow
from tests import factories
from tests.factories import DECLARATION as DECLARED
from tests.programs import CYCLE, JSON, LEVEL, Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(focal):
    return Program(focal, "write")


@pytest.fixture
def secretariat(officer):
    return Program(officer, "officer")


def test_a_whole_submission_by_programs_alone(draft, focal, officer, country, secretariat):
    """From the first answer to the receipt: saved, filed with evidence, returned, answered, filed again, accepted."""
    codes = [indicator.code for indicator in draft.cycle.edition.all_indicators]
    checked = country.send("get", "submission-check", draft.pk, status=200).json()
    assert (checked["complete"], [gap["indicator"] for gap in checked["gaps"]]) == (False, codes)
    for indicator in draft.cycle.edition.all_indicators:
        saved = country.save(draft, indicator.code, {"kind": "level", "level": indicator.ladder[1].value})
        assert (saved["revision"], saved["label"]) == (1, indicator.label)
    file = SimpleUploadedFile("plan.txt", b"The plan.", "text/plain")
    place = reverse("answer-evidence", args=[draft.pk, "P1"])
    piece = country.client.post(place, {"file": file}).json()
    assert b"".join(country.client.get(piece["url"]).streaming_content) == b"The plan."
    assert country.send("get", "submission-check", draft.pk).json()["complete"] is True
    assert country.step(draft, "submit", DECLARED)["state"] == "submitted"
    receipt = country.send("get", "submission-receipt", draft.pk, status=200).json()
    version = draft.versions.get()
    assert (receipt["number"], receipt["digest"]) == (1, version.digest)
    assert [line["label"] for line in receipt["lines"]] == [one.label for one in draft.cycle.edition.all_indicators]
    assert secretariat.step(draft, "claim")["state"] == "submitted"
    secretariat.send("post", "answer-mark", draft.pk, "P1", body={"text": "Which year?"}, status=200)
    assert secretariat.step(draft, "return", {"comment": "One thing."})["state"] == "returned"
    asked = country.client.get(reverse("answer-detail", args=[draft.pk, "P1"])).json()
    [reason] = asked["threads"]
    assert [remark["text"] for remark in reason["remarks"]] == ["Which year?"]
    country.send("post", "thread-replies", draft.pk, reason["id"], body={"text": "2019."}, status=201)
    country.save(draft, "P1", {"kind": "level", "level": 2, "comment": "Since 2019."})
    country.step(draft, "submit", DECLARED)
    assert secretariat.step(draft, "accept")["state"] == "accepted"

    steps = Transition.objects.filter(submission=draft).order_by("at", "pk").values_list("step", "by", "origin")
    assert list(steps) == [
        ("submit", focal.pk, "api"),
        ("claim", officer.pk, "api"),
        ("return_for_changes", officer.pk, "api"),
        ("submit", focal.pk, "api"),
        ("accept", officer.pk, "api"),
    ]
    entries = ActivityEntry.objects.filter(submission=draft).exclude(verb="open_cycle")
    assert {entry.origin for entry in entries} == {"api"}
    said = ["add_evidence", "download_evidence", "submit", "claim", "flag", "return_for_changes", "reply"]
    assert [entry.verb for entry in entries.order_by("at", "pk")] == [*said, "submit", "accept"]
    assert set(AnswerVersion.objects.values_list("origin", "by")) == {("api", focal.pk)}
    assert Evidence.objects.get().origin == "api"
    assert {mail.event for mail in Mail.objects.filter(to=focal)} >= {"submit", "return_for_changes", "accept"}


class TestConditions:
    def test_without_one_nothing_is_written(self, draft, country):
        for name, place, body in (
            ("answer-detail", (draft.pk, "P1"), LEVEL),
            ("submission-submit", (draft.pk,), DECLARED),
        ):
            method = "put" if name == "answer-detail" else "post"
            for match in (None, "*", "1", '"1", "2"'):
                problem = country.send(method, name, *place, body=body, match=match, status=428).json()
                assert "If-Match" in problem["detail"]
        assert not draft.answers.exists()

    def test_a_colleagues_change_is_shown_beside_what_was_sent(self, draft, focal, country):
        tag = country.tag("answer-detail", draft.pk, "P1")
        assert tag == '"0"'
        theirs = {"P1": factories.given(level=3, comment="Theirs.")}
        answering.save_answers(draft, theirs, by=focal, seen={"P1": 0})
        sent = LEVEL | {"comment": "Mine."}
        problem = country.send("put", "answer-detail", draft.pk, "P1", body=sent, match=tag, status=412)
        assert problem["Content-Type"] == "application/problem+json"
        said = problem.json()
        assert "changed this answer after you opened" in said["detail"]
        assert (said["current"]["comment"], said["current"]["revision"], said["sent"]) == ("Theirs.", 1, sent)
        assert draft.answers.get().comment == "Theirs."
        for strange in ('"7"', '"x"', '"99999999999999999999"'):
            country.send("put", "answer-detail", draft.pk, "P1", body=sent, match=strange, status=412)
        again = country.save(draft, "P1", sent)
        assert (again["revision"], again["comment"]) == (2, "Mine.")

    def test_a_tag_that_a_compressing_proxy_marked_as_weak_names_the_same(self, draft, country):
        weak = f"W/{country.tag('answer-detail', draft.pk, 'P1')}"
        assert country.save(draft, "P1", match=weak)["revision"] == 1
        country.save(draft, "P1", LEVEL | {"comment": "Later."}, match=weak, status=412)

    def test_the_same_again_changes_nothing(self, draft, country):
        for _n in range(2):
            assert country.save(draft, "P1", match='"0"')["revision"] == 1
        assert AnswerVersion.objects.count() == 1

    def test_a_step_is_about_what_was_read(self, draft, focal, officer, country, secretariat):
        factories.fill(draft)
        tag = country.tag("submission-detail", draft.pk)
        country.save(draft, "P1", LEVEL | {"comment": "Later."})
        said = country.send("post", "submission-submit", draft.pk, body=DECLARED, match=tag, status=412).json()
        assert said["current"]["state"] == "draft"
        assert said["current"]["answers"][0]["comment"] == "Later."
        country.step(draft, "submit", DECLARED)
        tag = secretariat.tag("submission-detail", draft.pk)
        workflow.recall(draft, by=focal)
        secretariat.send("post", "submission-accept", draft.pk, match=tag, status=412)

    def test_not_now_is_another_answer(self, draft, country, secretariat):
        said = country.step(draft, "submit", DECLARED, status=409)
        assert said["detail"].endswith("indicators are not answered yet. Answer them, then submit.")
        assert secretariat.step(draft, "accept", status=409)["title"] == "Conflict"
        said = secretariat.save(draft, "P1", match='"0"', status=409)
        assert said["detail"].startswith("These answers are the country’s. Open them on its behalf first")


class TestBodies:
    def test_what_cannot_be_is_said_by_member(self, draft, country):
        problems = {
            "kind": {"kind": "perhaps"},
            "level": {"kind": "level", "level": "two"},
            "figures": LEVEL | {"figures": {"year": 2020}},
            "leval": {"kind": "level", "leval": 2},
            "comment": LEVEL | {"comment": "\x00"},
        }
        for member, body in problems.items():
            assert list(country.save(draft, "P1", body, match='"0"', status=400)["errors"]) == [member]

    def test_what_a_verb_refuses_is_its_sentence(self, draft, country):
        for body, sentence in (
            ({"kind": "level", "level": 9}, "choose one of the levels of its ladder."),
            (LEVEL | {"next_step_by": "soon"}, "such as 2027-06-30."),
            (LEVEL | {"figures": [{"nothing": 1}]}, "No table of figures is asked here."),
        ):
            assert country.save(draft, "P1", body, match='"0"', status=400)["detail"].endswith(sentence)

    def test_figures_are_stored_as_rows(self, draft, country):
        asked = next(one for one in draft.cycle.edition.all_indicators if getattr(one, "data_form", None))
        for wrong in ([{"year": []}], [1], [{"year": 1.5}], [{"year": None}]):
            country.save(draft, asked.code, {"kind": "", "figures": wrong}, match='"0"', status=400)
        rows = [{"year": 2020, "species": "Some mussel", "place": "quay"}]
        assert country.save(draft, asked.code, {"kind": "", "figures": rows})["figures"] == rows

    def test_a_body_that_was_forgotten_clears_no_answer(self, draft, country):
        stored = country.save(draft, "P1", LEVEL | {"comment": "Words."})
        for forgotten in ({}, {"comment": "Others."}):
            assert list(country.save(draft, "P1", forgotten, status=400)["errors"]) == ["kind"]
        assert country.send("get", "answer-detail", draft.pk, "P1").json() == stored

    def test_parts_that_are_left_out_stay(self, draft, country):
        country.save(draft, "P1", LEVEL | {"next_step": "A register.", "comment": "Words."})
        saved = country.save(draft, "P1", {"kind": "level", "level": 1})
        assert (saved["level"], saved["comment"], saved["next_step"]) == (1, "", "A register.")

    def test_no_indicator_and_no_submission(self, draft, country):
        country.send("put", "answer-detail", draft.pk, "Z9", body=LEVEL, match='"0"', status=404)
        country.send("put", "answer-detail", 987654, "P1", body=LEVEL, match='"0"', status=404)

    def test_a_file_or_an_address(self, draft, country):
        for body in ({}, {"name": "Law"}, {"url": "ftp://example.org/law"}):
            country.send("post", "answer-evidence", draft.pk, "P1", body=body, status=400)

    def test_larger_files_need_a_token_that_works(self, draft, country):
        place = reverse("answer-evidence", args=[draft.pk, "P1"])
        content = b"%PDF-1.4\n" + b"a" * 6_000_000
        for program, status in ((Program(), 413), (country, 201)):
            file = SimpleUploadedFile("law.pdf", content, "application/pdf")
            response = program.client.post(place, {"file": file})
            assert response.status_code == status
            assert response["Content-Type"] == (JSON if status == 201 else "application/problem+json")
        assert Evidence.objects.get().sha256 == hashlib.sha256(content).hexdigest()

    def test_nothing_is_saved_during_maintenance(self, draft, country, settings):
        settings.READ_ONLY = True
        problem = country.send("put", "answer-detail", draft.pk, "P1", body=LEVEL, match='"0"', status=503)
        assert problem["Content-Type"] == "application/problem+json"
        assert problem.json()["status"] == 503


def test_last_times_answer_is_confirmed(malta, harbour, focal):
    past = factories.submission_at(State.ACCEPTED, malta, factories.a_cycle([malta], code="2020"))
    then = past.answers.get(indicator__code="P1").level.value
    opens = clock.today() - timedelta(days=1)
    Cycle.objects.filter(pk=past.cycle_id).update(opens=opens - timedelta(days=700))
    now = factories.submission_at(State.DRAFT, malta, factories.a_cycle([malta], code="2026"))
    country = Program(focal, "write")
    saved = country.send("post", "answer-confirmation", now.pk, "P1", match='"0"', status=200).json()
    assert (saved["level"], saved["confirmed"], saved["revision"]) == (then, True, 1)


def test_a_contributor_suggests(draft, focal):
    part = factories.a_part(draft, by=focal)
    program = Program(part.person, "write")
    [listed] = program.client.get(reverse("contribution-list")).json()["results"]
    codes = list(part.indicators.values_list("code", flat=True))
    assert (listed["id"], listed["country"], listed["indicators"]) == (part.pk, "MT", codes)
    place = (part.pk, "P1")
    assert program.client.get(reverse("suggestion-detail", args=place)).json()["at"] is None
    first = program.tag("suggestion-detail", *place)
    said = program.send("put", "suggestion-detail", *place, body=LEVEL | {"comment": "One."}, match=first, status=200)
    assert (said.json()["level"], said.json()["comment"], said.json()["decision"]) == (2, "One.", "")
    again = {"body": LEVEL | {"comment": "Two."}}
    problem = program.send("put", "suggestion-detail", *place, **again, match=first, status=412).json()
    assert problem["current"]["comment"] == "One."
    program.send("put", "suggestion-detail", *place, **again, status=428)
    program.send("put", "suggestion-detail", *place, **again, match=said["ETag"], status=200)
    assert draft.suggestions.get().comment == "Two."
    assert set(ActivityEntry.objects.filter(verb="suggest").values_list("by", "origin")) == {(part.person_id, "api")}


def test_a_cycle_is_prepared_and_nobody_gets_a_mail(malta, focal, harbour, secretariat):
    made = secretariat.send("post", "cycle-list", body=CYCLE, status=201).json()
    cycle = Cycle.objects.get(code=made["code"])
    assert (str(cycle.title), cycle.opened_at, [str(one) for one in cycle.countries.all()]) == ("Next", None, ["Malta"])
    assert not Mail.objects.filter(event="open_cycle").exists()
    entries = ActivityEntry.objects.filter(cycle=cycle).values_list("verb", "origin")
    assert set(entries) == {("create_cycle", "api"), ("add_country", "api")}
    wrong = CYCLE | {"deadline": "2030-01-01"}
    said = secretariat.send("post", "cycle-list", body=wrong | {"code": "2032"}, status=400).json()
    assert "The deadline is before" in said["detail"]
    assert list(
        secretariat.send("post", "cycle-list", body=wrong | {"title": {"xx": "No"}}, status=400).json()["errors"]
    )
    secretariat.send("post", "cycle-list", body=CYCLE, status=400)  # its code is taken
    assert calendar.obstacle_to_opening(cycle) == ""
