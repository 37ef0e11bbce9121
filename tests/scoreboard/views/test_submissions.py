"""The pages of a submission beside its areas: overview, gaps, reading, submitting, recalling, looking back."""

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.models import Mail, State, Submission, Transition, Version
from scoreboard.submissions import claims, returns, workflow
from tests.factories import (
    DECLARATION,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    entered,
    fill,
    given,
    submission_at,
)
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")


def url(submission, page=""):
    return f"/submissions/{submission.pk}/{page}"


def again(submission):
    return Submission.objects.get(pk=submission.pk)


class TestList:
    """A person's submissions, past and present."""

    def test_shows_the_own_countrys_and_no_other(self, sign_in, focal, greece, draft):
        submission_at(State.SUBMITTED, greece, a_cycle([greece], code="2023"))
        past = submission_at(State.ACCEPTED, draft.country, a_cycle([draft.country], code="2020", is_example=True))
        page = Page(sign_in(focal).get("/submissions/"))
        assert page.h1 == "Submissions"
        assert {text: link for text, link in page.links.items() if "·" in text} == {
            "Malta · Scoreboard 2026": url(draft),
            "Malta · Scoreboard 2020": url(past),
        }
        assert "0 of 7 answered. Deadline in 30 days" in page.text
        assert "7 of 7 answered. Accepted on" in page.text
        assert page.text.count("invented example data") == 1

    def test_says_what_will_appear(self, sign_in, observer):
        assert "Submissions appear here when a cycle opens" in Page(sign_in(observer).get("/submissions/")).text

    def test_costs_the_same_for_one_as_for_three(self, sign_in, officer):
        costs = []
        for codes in (["MT"], ["GR", "TN"]):
            countries = [a_country(code) for code in codes]
            a_cycle(countries, code="-".join(codes))
            client = sign_in(officer)
            with CaptureQueriesContext(connection) as queries:
                client.get("/submissions/")
            costs.append(len(queries))
        assert costs[0] == costs[1]


class TestOverview:
    """Where a submission stands, and the one thing to do next."""

    def test_a_new_draft_starts_with_the_first_indicator(self, sign_in, focal, draft):
        page = Page(sign_in(focal).get(url(draft)))
        assert page.h1 == "Malta"
        assert page.links["Start with P1"] == url(draft, "areas/P/#iP1")
        assert page.text.count("Not started") == 3

    def test_a_draft_goes_on_with_the_first_gap(self, sign_in, focal, draft):
        fill(draft, iQ1=given("not_applicable"))
        page = Page(sign_in(focal).get(url(draft)))
        assert page.links["Continue with Q1"] == url(draft, "areas/Q/#iQ1")
        assert page.links["See everything that is missing"] == url(draft, "gaps/")
        assert "6 of 7 answered" in page.text
        assert "1 of 2 answered In progress" in page.text

    def test_a_complete_draft_is_to_be_submitted(self, sign_in, focal, draft):
        fill(draft)
        assert Page(sign_in(focal).get(url(draft))).links["Review and submit"] == url(draft, "submit/")

    def test_after_a_return_the_reasons_stand_first(self, sign_in, focal, officer):
        submission = submission_at(State.SUBMITTED)
        for code, reason in [("P2", "Which year?"), ("R1", "Which species?")]:
            returns.flag(submission, code, reason, by=officer)
        workflow.return_for_changes(
            submission, by=officer, comment="Two questions.", version=submission.versions.count()
        )
        client = sign_in(focal)
        page = Page(client.get(url(submission)))
        assert page.text.index("Two questions.") < page.text.index("Which year?") < page.text.index("Areas")
        assert page.links["Look at P2 again"] == url(submission, "areas/P/#iP2")
        assert page.text.count("Waits for you") == 2
        fill(again(submission), iP2=given(level=5))
        page = Page(client.get(url(submission)))
        assert page.links["Look at R1 again"] == url(submission, "areas/R/#iR1")
        assert page.text.count("Waits for you") == 1
        fill(again(submission), iP2=given(level=5), iR1=given(level=4))
        assert Page(client.get(url(submission))).links["Review and submit again"] == url(submission, "submit/")

    def test_a_submitted_one_offers_recall_until_it_is_claimed(self, sign_in, focal, officer):
        submission = submission_at(State.SUBMITTED)
        client = sign_in(focal)
        page = Page(client.get(url(submission)))
        assert "With the Secretariat" in page.text
        assert page.links["Recall the submission"] == url(submission, "recall/")
        assert page.links["Version 1"] == url(submission, "versions/1/")
        assert "Declared by Dr. A. Person, Head of unit" in page.text
        claims.claim(submission, by=officer)
        page = Page(client.get(url(submission)))
        assert "Recall the submission" not in page.links
        assert "Under review by Officer" in page.text

    def test_each_side_reads_the_state_its_own_way(self, sign_in, focal, officer):
        submission = submission_at(State.SUBMITTED)
        assert "To review" in Page(sign_in(officer).get(url(submission))).text
        assert "To review" not in Page(sign_in(focal).get(url(submission))).text

    def test_an_extension_and_its_reason_show(self, sign_in, focal, officer, draft):
        day = draft.cycle.closes + timedelta(days=5)
        calendar.extend(draft, to=day, reason="Floods in the capital.", by=officer)
        text = Page(sign_in(focal).get(url(draft))).text
        assert "Extension for Malta" in text
        assert "Floods in the capital." in text

    @pytest.mark.parametrize(
        ("days", "sentence"),
        [
            (-2, "Opens on"),
            (29, "Deadline in 1 day: the end of"),
            (30, "The deadline is today, at the end of"),
            (31, "You can still submit until the end of"),
            (61, "Closed since the end of"),
        ],
    )
    def test_says_how_much_time_is_left(self, sign_in, focal, draft, days, sentence):
        zone = draft.cycle.zone
        noon = datetime.combine(draft.cycle.deadline + timedelta(days=days - 30), time(12), zone)
        with clock.at(noon):
            assert sentence in Page(sign_in(focal).get(url(draft))).text


class TestGaps:
    """What is missing, with links."""

    def test_lists_what_is_missing_with_links(self, sign_in, focal, draft):
        fill(draft, iP2=given("not_applicable"), iR1=given("", comment="To discuss."))
        page = Page(sign_in(focal).get(url(draft, "gaps/")))
        assert page.h1 == "What is missing"
        assert {link for link in page.links.values() if "#i" in link} == {
            url(draft, "areas/P/#iP2"),
            url(draft, "areas/R/#iR1"),
        }
        assert "Say why the indicator does not apply." in page.text

    def test_leads_on_when_nothing_is_missing(self, sign_in, focal, draft):
        fill(draft)
        page = Page(sign_in(focal).get(url(draft, "gaps/")))
        assert "Nothing is missing" in page.text
        assert page.links["Review and submit"] == url(draft, "submit/")


def test_reading_shows_every_answer_with_its_text(sign_in, focal, draft):
    fill(
        draft,
        iP1=given(level=5, comment="Published in the gazette.", comment_withheld=True),
        iP2=given("not_applicable", reason="No staff."),
        iP3=given("unknown"),
    )
    page = Page(sign_in(focal).get(url(draft, "read/")))
    assert page.h1 == "All answers"
    for text in (
        "Ένα σχέδιο έχει εγκριθεί, εφαρμόζεται πλήρως και αναθεωρείται κάθε χρόνο.",
        "Published in the gazette. comment not for publication",
        "Not applicable No staff.",
        "Nobody could find out which level is true.",
    ):
        assert text in page.text
    assert [link for link in page.links.values() if link.startswith("#area-")] == ["#area-P", "#area-Q", "#area-R"]


class TestSubmit:
    """The declaration, and what happens when it is sent."""

    DECLARED = {"declared_by": "Dr. A. Person", "capacity": "Head of unit", "confirmed": "on"}

    def test_lists_the_gaps_instead_of_the_form(self, sign_in, focal, draft):
        fill(draft, iP2=given("not_applicable"))
        page = Page(sign_in(focal).get(url(draft, "submit/")))
        assert page.h1 == "Submit the answers"
        assert "It cannot be submitted yet" in page.text
        assert url(draft, "areas/P/#iP2") in page.links.values()
        assert "declared_by" not in page.fields

    def test_submits_with_a_declaration(self, sign_in, focal, draft):
        fill(draft)
        client = sign_in(focal)
        assert Page(client.get(url(draft, "submit/"))).fields["declared_by"] == "focal MT"
        response = client.post(url(draft, "submit/"), self.DECLARED)
        assert response["Location"] == url(draft, "receipts/1/")
        assert again(draft).state == State.SUBMITTED
        version = Version.objects.get()
        assert (version.declared_by, version.capacity, version.number) == ("Dr. A. Person", "Head of unit", 1)
        receipt = Page(client.get(response["Location"]))
        assert "The answers are with the Secretariat." in receipt.text
        assert "What happens next" in receipt.text
        assert receipt.links["Recall the answers"] == url(draft, "recall/")

    @pytest.mark.parametrize(
        ("missing", "sentence"),
        [
            ("declared_by", "Give the name of the person who submits."),
            ("capacity", "Say in what capacity this person submits."),
            ("confirmed", "Tick the box to confirm the answers."),
        ],
    )
    def test_asks_for_what_is_missing(self, sign_in, focal, draft, missing, sentence):
        fill(draft)
        response = sign_in(focal).post(url(draft, "submit/"), self.DECLARED | {missing: ""})
        page = Page(response)
        assert response.status_code == 200
        assert sentence in page.text
        assert page.fields["csrfmiddlewaretoken"]
        assert again(draft).state == State.DRAFT

    def test_a_gap_that_came_meanwhile_is_told_and_nothing_changes(self, sign_in, focal, draft):
        response = sign_in(focal).post(url(draft, "submit/"), self.DECLARED)
        assert response.status_code == 409
        assert "7 indicators are not answered yet." in Page(response).text
        assert again(draft).state == State.DRAFT

    def test_a_second_click_harms_nothing(self, sign_in, focal, draft):
        fill(draft)
        client = sign_in(focal)
        client.post(url(draft, "submit/"), self.DECLARED)
        mails = Mail.objects.count()
        response = client.post(url(draft, "submit/"), self.DECLARED)
        assert response["Location"] == url(draft, "receipts/1/")
        assert (Transition.objects.filter(step="submit").count(), Version.objects.count()) == (1, 1)
        assert Mail.objects.count() == mails > 0

    def test_a_colleague_who_comes_second_gets_a_sentence(self, sign_in, focal, malta, draft):
        fill(draft)
        colleague = sign_in(a_person("focal", malta, name="Colleague"))
        sign_in(focal).post(url(draft, "submit/"), self.DECLARED)
        response = colleague.post(url(draft, "submit/"), self.DECLARED)
        assert response.status_code == 409
        assert "Last step: Submitted by focal MT on" in Page(response).text
        assert Version.objects.count() == 1

    def test_an_answer_asked_about_and_left_as_it_was_is_named(self, sign_in, focal):
        submission = submission_at(State.RETURNED)
        client = sign_in(focal)
        page = Page(client.get(url(submission, "submit/")))
        assert page.h1 == "Submit the answers again"
        assert "The Secretariat asked about these answers, and they are as they were" in page.text
        assert url(submission, "areas/P/#iP1") in page.links.values()
        client.post(url(submission, "submit/"), self.DECLARED)
        assert again(submission).state == State.SUBMITTED

    def test_an_officer_submits_on_behalf(self, sign_in, officer, draft):
        fill(entered(draft))
        client = sign_in(officer)
        assert Page(client.get(url(draft, "submit/"))).fields["declared_by"] == ""
        client.post(url(draft, "submit/"), self.DECLARED)
        step = Transition.objects.get(step="submit")
        assert (step.by, step.on_behalf) == (officer, True)

    def test_after_the_cycle_closed_it_is_refused(self, sign_in, focal, draft):
        fill(draft)
        with clock.at(datetime.combine(draft.cycle.closes + timedelta(days=1), time(0), draft.cycle.zone)):
            response = sign_in(focal).post(url(draft, "submit/"), self.DECLARED)
        assert response.status_code == 409
        assert "The cycle closed on" in Page(response).text
        assert again(draft).state == State.DRAFT

    def test_is_not_an_analysts(self, sign_in, analyst, focal):
        submission = submission_at(State.SUBMITTED)
        assert sign_in(analyst).get(url(submission, "submit/")).status_code == 403


class TestRecall:
    """Taking a submission back."""

    def test_asks_first_and_recalls(self, sign_in, focal):
        submission = submission_at(State.SUBMITTED)
        client = sign_in(focal)
        assert Page(client.get(url(submission, "recall/"))).h1 == "Recall the submission?"
        assert again(submission).state == State.SUBMITTED
        assert client.post(url(submission, "recall/"))["Location"] == url(submission)
        assert again(submission).state == State.DRAFT

    def test_is_refused_once_an_officer_has_begun(self, sign_in, focal, officer):
        submission = claims.claim(submission_at(State.SUBMITTED), by=officer)
        client = sign_in(focal)
        for response in (client.get(url(submission, "recall/")), client.post(url(submission, "recall/"))):
            assert response.status_code == 409
            page = Page(response)
            assert (page.h1, "Officer has begun the review." in page.text) == ("This cannot be done now", True)
            assert page.links["Go to the submission"] == url(submission)
        assert again(submission).state == State.SUBMITTED

    def test_is_refused_where_there_is_nothing_to_recall(self, sign_in, focal, draft):
        response = sign_in(focal).get(url(draft, "recall/"))
        assert response.status_code == 409
        assert "Only what is with the Secretariat can be recalled." in Page(response).text

    def test_is_the_countrys_own(self, sign_in, officer):
        submission = submission_at(State.SUBMITTED)
        assert sign_in(officer).get(url(submission, "recall/")).status_code == 403
        assert sign_in(officer).post(url(submission, "recall/")).status_code == 403


class TestLookingBack:
    """The log, and the answers as they stood."""

    def test_the_log_tells_who_did_what_when(self, sign_in, focal, officer):
        submission = entered(submission_at(State.DRAFT))
        fill(submission, by=officer)
        workflow.submit(submission, by=officer, **DECLARATION)
        workflow.return_for_changes(
            submission, by=officer, comment="Please look again.", version=submission.versions.count()
        )
        page = Page(sign_in(focal).get(url(submission, "history/")))
        assert page.h1 == "History"
        assert page.text.index("Returned") < page.text.index("Please look again.") < page.text.index("Submitted")
        assert "by Officer, on behalf of Malta" in page.text
        assert "those of Europe/Berlin" in page.text
        assert page.links["version 1"] == url(submission, "versions/1/")

    def test_an_empty_log_says_what_will_appear(self, sign_in, focal, draft):
        assert "No step yet" in Page(sign_in(focal).get(url(draft, "history/"))).text

    def test_the_log_costs_the_same_however_long(self, sign_in, focal):
        submission = submission_at(State.SUBMITTED)
        costs = set()
        for _round in range(2):
            client = sign_in(focal)
            with CaptureQueriesContext(connection) as queries:
                client.get(url(submission, "history/"))
            costs.add(len(queries))
            workflow.recall(submission, by=focal)
            workflow.submit(submission, by=focal, **DECLARATION)
        assert len(costs) == 1

    def test_a_version_keeps_what_was_submitted_with_its_texts(self, sign_in, focal):
        submission = submission_at(State.DRAFT)
        fill(submission, iP1=given(level=5, comment="As it was."))
        workflow.submit(submission, by=focal, **DECLARATION)
        workflow.recall(submission, by=focal)
        fill(again(submission), iP1=given(level=1, comment="As it is."))
        page = Page(sign_in(focal).get(url(submission, "versions/1/")))
        assert page.h1 == "Version 1"
        assert "As it was." in page.text
        assert "As it is." not in page.text
        assert Version.objects.get().digest in page.text

    def test_a_version_that_does_not_exist_is_not_found(self, sign_in, focal, draft):
        assert sign_in(focal).get(url(draft, "versions/1/")).status_code == 404


@pytest.mark.parametrize("page", ["", "gaps/", "read/", "submit/", "recall/", "history/", "versions/1/"])
def test_a_foreign_focal_point_finds_nothing(sign_in, greece, focal, page):
    submission = submission_at(State.SUBMITTED)
    assert sign_in(a_focal(greece)).get(url(submission, page)).status_code == 404
