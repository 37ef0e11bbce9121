"""A contributor cannot read or write anything but their part, by any address or verb, and cannot submit."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, get_resolver

from scoreboard import contributors
from scoreboard.evidence import attaching
from scoreboard.models import AnswerVersion, Assignment, Evidence, Indicator, Submission, Suggestion, User
from scoreboard.submissions import answering, workflow
from tests.factories import DECLARATION, a_part, fill, given

pytestmark = pytest.mark.usefixtures("harbour")


@pytest.fixture
def part(draft, focal):
    return a_part(draft, by=focal)


@pytest.fixture
def ana(part):
    return part.person


def indicators(submission, area):
    return list(Indicator.objects.filter(edition=submission.cycle.edition, area__code=area).select_related("area"))


def again(person):
    """The person as the next request knows them."""
    return User.objects.get(pk=person.pk)


class TestNothingElse:
    """Must show: a contributor cannot read or write anything else by any URL or API, and cannot submit."""

    ARGUMENTS = {
        "pk": "submission",
        "area": "P",
        "number": 1,
        "code": "P1",
        "part": "part",
        "suggestion": "suggestion",
        "piece": "piece",
    }
    OWN = ("contribution", "suggestion-")  # how the names of their own addresses begin
    # What everybody reads who is signed in: the portal's own words, published results, the questionnaire.
    OPEN = ("account_", "mfa_", "session_", "invitation", "admin:", "css-", "js-", "report")
    OPEN += ("api-", "edition-", "country-", "assessment-", "published-", "questionnaire")
    PORTAL = {
        "access",
        "profile",
        "own_data",
        "access_asked",
        "token_list",
        "home",
        "health",
        "security_txt",
        "privacy",
        "accessibility",
        "help",
        "session",
        "set_language",
        "cycle_list",
        "thread_list",
        "enquiry_list",
        "consultation_list",  # for a contributor an empty one
        "access_request_list",  # an old address, which leads to the inbox of officers
        "statement_list",  # for a contributor an empty one
        *("country_list", "country_page", "country_answers", "indicator_list", "indicator_page", "indicator_answers"),
        *("area_page", "group_page", "cycle_overview", "cycle_chapter", "explore", "search", "methodology", "press"),
        *("methodology_of", "feed", "feed_country", "feed_cycle", "sitemap", "robots", "subscribe", "subscribe_asked"),
        *(
            "objective_list",
            "side_by_side",
            "country_selections",
        ),  # published, and what is accepted of one's own country
        *(
            "space_list",
            "space_search",
            "published_text_list",
            "published_text",
            "published_text_file",
        ),  # none of theirs
        *("resource_list", "resource", "resource_file", "good_practice_list", "good_practice"),  # published
        *("plan_list", "plan_overdue", "commitment_list", "peer_question_list"),  # for a contributor an empty one
        "resource_new",  # whoever has a role proposes one
        "cycles",  # an old address, which leads on
        "workshop_door",  # where anybody types a code
        "submission_list",
        "verify",
    }

    def test_walks_every_address(self, sign_in, focal, officer, part, ana):
        submission = part.submission
        fill(submission, iQ1=given(level=1, comment="SECRET-Q1"), iP1=given(level=1, comment="SECRET-P1"))
        suggestion = contributors.suggest(part, "P1", given(level=1), by=again(ana))
        workflow.submit(submission, by=focal, **DECLARATION)
        workflow.recall(submission, by=focal)
        decree = SimpleUploadedFile("decree.txt", b"SECRET-FILE")
        piece = attaching.add_file(submission, "P1", decree, by=focal)
        words = {"submission": submission.pk, "part": part.pk, "suggestion": suggestion.pk, "piece": piece.pk}
        client, walked = sign_in(ana), 0
        before = self.everything(submission)
        for name, path in addresses():
            if name.startswith((*self.OWN, *self.OPEN)):
                continue
            code = {"code": submission.cycle.code} if name.startswith(("cycle", "workbench")) else {}
            path = fill_address(path, self.ARGUMENTS | code, words, submission)
            general = name in self.PORTAL or name.endswith(("-list", "_before"))  # of nobody’s answers, or a redirect
            for response in (client.get(path), client.post(path, {"person": ana.pk})):
                assert general or response.status_code in (403, 404, 405), (name, path, response.status_code)
                assert "SECRET" not in response.content.decode(errors="replace")
                walked += 1
        assert walked > 40
        assert self.everything(submission) == before

    def test_the_api_shows_no_submission(self, sign_in, part, ana):
        fill(part.submission, iQ1=given(level=1, comment="SECRET-Q1"))
        client = sign_in(ana)
        assert client.get("/api/v1/submissions/").json()["count"] == 0
        assert client.get(f"/api/v1/submissions/{part.submission_id}/").status_code == 404

    def test_no_verb_lets_them(self, part, ana, draft):
        ana = again(ana)
        for verb in (
            lambda: answering.save_answers(draft, {"P1": given()}, by=ana, seen={"P1": 0}),
            lambda: workflow.submit(draft, by=ana, **DECLARATION),
            lambda: contributors.suggest(part, "Q1", given(), by=ana),
            lambda: a_part(draft, by=ana, email="friend@ministry.example"),
            lambda: contributors.change(part, indicators=indicators(draft, "Q"), until=part.until, by=ana),
        ):
            with pytest.raises(PermissionDenied):
                verb()
        assert not draft.answers.exists()

    def test_somebody_elses_part_is_not_theirs(self, sign_in, focal, part, ana):
        """Each of their own addresses, with another's part, and with theirs but what is not in it."""
        other = a_part(part.submission, by=focal, email="other@ministry.example", area="Q")
        given_by_other = contributors.suggest_link(other, "Q2", "https://example.org/SECRET", by=again(other.person))
        laid = attaching.add_link(part.submission, "P1", "https://example.org/SECRET", by=focal)
        contributors.suggest(part, "P1", given(), by=again(ana))
        before, client, walked = self.everything(part.submission), sign_in(ana), 0
        own = [path for name, path in addresses() if name.startswith(self.OWN)]
        for address, code, piece, place in [
            (other, "Q2", given_by_other, ":pk>"),
            (part, "Q2", given_by_other, ":code>"),
            (part, "P1", laid, ":piece>"),
        ]:
            for path in (path for path in own if place in path):
                filled = fill_address(path, {"code": code, "piece": piece.pk}, {}, address)
                for response in (
                    client.get(filled),
                    client.post(filled, {"url": "https://example.org/", "person": ana.pk}),
                ):
                    assert response.status_code in (404, 405), (filled, response.status_code)
                walked += 1
        assert walked >= 14
        assert self.everything(part.submission) == before
        with pytest.raises(PermissionDenied):
            contributors.suggest(other, "Q1", given(), by=again(ana))

    def test_removal_closes_each_of_their_addresses_at_once(self, sign_in, focal, part, ana):
        client, code = sign_in(ana), "P1"
        piece = contributors.suggest_link(part, code, "https://example.org/", by=again(ana))
        filled = [
            fill_address(path, {"code": code, "piece": piece.pk}, {}, part)
            for name, path in addresses()
            if name.startswith(self.OWN) and ":pk>" in path
        ]
        assert client.get(filled[0]).status_code == 200
        contributors.remove(part, by=focal)
        before = self.everything(part.submission)
        asked = {path: (client.get(path), client.post(path, {"person": ana.pk})) for path in filled}
        answers = {(path, response.status_code) for path, found in asked.items() for response in found}
        assert {status for _path, status in answers} <= {404, 405}, answers
        assert self.everything(part.submission) == before

    def everything(self, submission):
        return (
            Submission.objects.filter(pk=submission.pk).values().get(),
            list(AnswerVersion.objects.values_list("pk")),
            list(Suggestion.objects.values()),
            list(Assignment.objects.values()),
            list(Evidence.objects.values()),
            list(submission.transitions.values_list("pk")),
        )


def addresses(patterns=None, prefix="/", space=""):
    """Every named address of the portal with its path as the resolver spells it."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield space + pattern.name, path
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern.url_patterns, path, space + inner)


def fill_address(path, arguments, words, submission):
    """The path with something of the submission in each of its places."""

    def value(match):
        name = match["name"] or match["old"]
        word = arguments.get(name, submission.pk)
        return str(words.get(word, word))

    path = re.sub(r"<(?:\w+:)?(?P<name>\w+)>|\(\?P<(?P<old>\w+)>[^)]*\)", value, path)
    return path.replace("^", "").replace("$", "").replace("\\", "").replace("/?", "/")
