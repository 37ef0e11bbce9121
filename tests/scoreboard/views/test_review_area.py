"""One area of a submission under review: what was before, what the country confirmed, filters, and *looked at*."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard import clock
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import outbox
from scoreboard.models import LookedAt, Mail, Role, Submission
from scoreboard.submissions import claims, doubts, looking, returns, workflow
from scoreboard.submissions.review import FILTERS
from scoreboard.threads import discussion
from tests.factories import DECLARATION, a_cycle, a_person, an_officer, fill, given
from tests.pages import Page
from tests.statements import an_observer, filed

pytestmark = pytest.mark.usefixtures("harbour")


@pytest.fixture
def before(malta, focal):
    """What was accepted in the cycle before: level 3 for P1 with a comment, level 1 for P2."""
    today = clock.now().date()
    submission = a_cycle([malta], code="2023", opens=today - timedelta(days=9)).submissions.get()
    fill(submission, iP1=given(level=3, comment="As decreed in 2022."), iP2=given(level=1))
    workflow.submit(submission, by=focal, **DECLARATION)
    workflow.accept(submission, by=an_officer(), version=1)
    return submission


@pytest.fixture
def submitted(before, malta, focal):
    """P1 fell by two levels, which the country confirmed; P2 is unknown now; Q1 is as it was."""
    cycle = a_cycle([malta])
    submission = cycle.submissions.get()
    fill(submission, iP1=given(level=1, comment="Counted anew."), iP2=given("unknown"))
    keys = [doubt.key for doubt in doubts.doubts(submission)]
    workflow.submit(submission, by=focal, confirmed=keys, **DECLARATION)
    return Submission.objects.get(pk=submission.pk)


def area(submission, code="P", **query):
    address = reverse("review_area", args=[submission.pk, code])
    return address + "".join(f"?{name}={value}" for name, value in query.items())


def shown(client, submission, code="P", **query):
    return [row.indicator.code for row in client.get(area(submission, code, **query)).context["rows"]]


def test_next_to_each_answer_is_the_one_accepted_last_and_what_the_country_confirmed(submitted, officer, sign_in):
    text = Page(sign_in(officer).get(area(submitted))).text
    assert "↓ 2 levels down" in text
    assert "Now, version 1 Level 1" in text
    assert "Last accepted: Scoreboard 2023 Level 3" in text
    assert "As decreed in 2022." in text
    confirmed = "The level was 3 in Scoreboard 2023 and is 1 now. Is that right?"
    assert f"The country confirmed: {confirmed}" in text
    assert "= as in 2023" in Page(sign_in(officer).get(area(submitted, "Q"))).text


def test_last_time_s_figures_are_next_to_those_of_now(malta, focal, officer, sign_in):
    def reported(code, individuals, **dates):
        submission = a_cycle([malta], code=code, **dates).submissions.get()
        rows = [{"year": 2020, "species": "Mytilus edulis", "place": "quay", "individuals": individuals}]
        fill(submission, iQ2=given(figures=rows, figures_withheld=code == "2023"))
        workflow.submit(submission, by=focal, **DECLARATION)
        return submission

    then = reported("2023", 1234, opens=clock.now().date() - timedelta(days=9))
    workflow.accept(then, by=officer, version=1)
    now = reported("2026", 55)
    client = sign_in(officer)
    with CaptureQueriesContext(connection) as queries:
        page = Page(client.get(area(now, "Q")))
    card = next(part for part in page.text.split("Now, version 1") if "Mytilus" in part)
    current, last = card.split("Last accepted: Scoreboard 2023")
    assert "Mytilus edulis Προβλήτα 55" in current  # the place in the same language as the other texts of the edition
    assert "Mytilus edulis Προβλήτα 1,234" in last
    assert "figures not for publication" in last
    assert sum("scoreboard_dataform" in query["sql"] for query in queries) == 2  # of this edition, and of the last


def test_a_version_keeps_the_doubts_that_were_confirmed_in_each_language(before, malta, focal, settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    submission = a_cycle([malta]).submissions.get()
    fill(submission, iP1=given(level=1))
    found = [doubt for doubt in doubts.doubts(submission) if doubt.indicator.code == "P1"]
    workflow.submit(submission, by=focal, confirmed=[found[0].key, "P9-1-jumped-0"], **DECLARATION)
    kept = submission.versions.get().doubts
    assert [(doubt["code"], doubt["sentence"]["en"]) for doubt in kept] == [("P1", found[0].sentence)]
    assert set(kept[0]["sentence"]) == {"en", "fr"}


def test_what_is_as_it_was_is_folded_and_what_is_worth_a_look_is_open(submitted, officer, sign_in):
    content = sign_in(officer).get(area(submitted)).content.decode()
    assert 'id="reading-P1" open>' in content
    assert 'id="reading-P3">' in content
    returns.flag(submitted, "P3", "Which year?", by=officer)
    assert 'id="reading-P3" open>' in sign_in(officer).get(area(submitted)).content.decode()


def test_each_filter_shows_its_answers(submitted, officer, focal, sign_in):
    desk = sign_in(officer)
    looking.look(submitted, "P1", by=officer, version=1)
    returns.flag(submitted, "P3", "Which year?", by=officer)
    discussion.open_thread(submitted, "P2", "Who could know?", shared=True, by=officer)
    filed(submitted, an_observer())
    expected = {
        "statements": ["P1"],
        "unseen": ["P2", "P3"],
        "changed": ["P1", "P2"],
        "since-return": [],
        "jumped": ["P1"],
        "doubtful": ["P1"],
        "questions": ["P2"],
        "unscored": ["P2"],
        "no-evidence": ["P1", "P2", "P3"],
        "marked": ["P3"],
    }
    assert {word: shown(desk, submitted, show=word) for word in FILTERS} == expected
    tabs = {tab.name: tab.count for tab in desk.get(area(submitted)).context["choice"].tabs}
    assert tabs == {"": 3} | {word: len(found) for word, found in expected.items()}
    assert shown(desk, submitted, show="nonsense") == ["P1", "P2", "P3"]
    assert "No answer of this area is like that" in Page(desk.get(area(submitted, show="since-return"))).text


def test_after_a_return_the_filter_shows_what_changed_since(submitted, officer, focal, sign_in):
    workflow.return_for_changes(submitted, by=officer, comment="Which year?", version=1)
    same = {"iP1": given(level=1, comment="Counted anew."), "iP2": given("unknown")}
    fill(submitted, **same, iP3=given(level=1, why="A slip."))
    workflow.submit(submitted, by=focal, **DECLARATION)
    assert shown(sign_in(officer), submitted, show="since-return") == ["P3"]


def test_looked_at_is_each_officer_s_own_and_colleagues_see_it(submitted, officer, sign_in):
    colleague = a_person(Role.SECRETARIAT, name="Colleague")
    url, desk = reverse("review_look", args=[submitted.pk, "P1"]), sign_in(officer)
    response = desk.post(url, {"version": "1", "show": "unseen"})
    assert response["Location"] == f"{area(submitted)}?version=1&at=P1&show=unseen#reading-P1"
    assert [row.indicator.code for row in desk.get(response["Location"]).context["rows"]] == ["P1", "P2", "P3"]
    assert shown(desk, submitted, show="unseen") == ["P2", "P3"]
    theirs = sign_in(colleague).get(area(submitted))
    assert "Colleagues who have looked at it: Officer" in Page(theirs).text
    assert "0 of 7 looked at" in Page(theirs).text
    assert "1 of 7 looked at" in Page(desk.get(area(submitted))).text
    desk.post(url, {"version": "1"})  # twice is harmless
    assert LookedAt.objects.count() == 1
    desk.post(url, {"version": "1", "looked": "no"})
    assert LookedAt.objects.count() == 0


def test_it_falls_when_the_answer_changes_and_holds_for_the_others(submitted, officer, focal, sign_in):
    for code in ("P1", "P2"):
        looking.look(submitted, code, by=officer, version=1)
    workflow.return_for_changes(submitted, by=officer, comment="Which year?", version=1)
    fill(submitted, iP1=given(level=1, comment="In 2025.", why="Asked."), iP2=given("unknown"))
    workflow.submit(submitted, by=focal, **DECLARATION)
    assert shown(sign_in(officer), submitted, show="unseen") == ["P1", "P3"]


def test_only_what_is_submitted_can_be_looked_at(submitted, officer):
    with pytest.raises(Invalid, match="There is no answer to indicator Z9 here"):
        looking.look(submitted, "Z9", by=officer, version=1)
    with pytest.raises(Invalid):
        looking.look(submitted, "P1", by=officer, version=2)
    workflow.accept(submitted, by=officer, version=1)
    with pytest.raises(NotNow, match="Last step: Accepted"):
        looking.look(submitted, "P1", by=officer, version=1)


def test_an_analyst_reads_the_same_without_marks(submitted, officer, analyst, sign_in):
    looking.look(submitted, "P1", by=officer, version=1)
    reader = sign_in(analyst)
    page = reader.get(area(submitted))
    assert {tab.name for tab in page.context["choice"].tabs} == {""} | set(FILTERS) - {"unseen", "marked", "statements"}
    assert "ooked at" not in Page(page).text
    assert shown(reader, submitted, show="unseen") == ["P1", "P2", "P3"]


def test_accepting_names_what_it_closes_and_leaves(submitted, officer, sign_in):
    colleague = a_person(Role.SECRETARIAT, name="Colleague")
    claims.claim(submitted, by=colleague)
    discussion.open_thread(submitted, "P2", "Who could know?", shared=True, by=colleague)
    discussion.open_thread(submitted, "P3", "Ask the agency.", shared=False, by=colleague)
    for indicator in submitted.cycle.edition.all_indicators[1:]:
        looking.look(submitted, indicator.code, by=officer, version=1)
    text = Page(sign_in(officer).get(reverse("review_accept", args=[submitted.pk]))).text
    assert "2 open questions will be closed P2 (waits for the country), P3 (internal)" in text
    assert "1 indicator is unknown P2" in text
    assert "1 answer you have not marked as looked at P1" in text
    assert "Colleague claimed the review on" in text


def test_the_mail_of_a_return_lists_the_marks_with_their_reasons(submitted, officer, focal, mailoutbox):
    Mail.objects.all().delete()
    p1, p3 = (submitted.cycle.edition.indicators.select_related("area").get(code=code) for code in ("P1", "P3"))
    returns.flag(submitted, "P3", "Which port?", by=officer)
    returns.flag(submitted, "P1", "Which year?", by=officer)
    workflow.return_for_changes(submitted, by=officer, comment="Two things.", version=1)
    outbox.send_due()
    body = mailoutbox[0].body
    assert len(mailoutbox) == 1
    marks = f"{p1.label} {p1.title}\nWhich year?\n\n{p3.label} {p3.title}\nWhich port?"
    assert f"2 indicators should change:\n\n{marks}" in body
    assert body.index("Two things.") < body.index("Which year?")


def test_the_page_costs_the_same_for_one_mark_as_for_all(submitted, officer, sign_in):
    desk = sign_in(officer)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            desk.get(area(submitted))
        return len(queries)

    codes = [indicator.code for indicator in submitted.cycle.edition.all_indicators]

    def review(code):
        looking.look(submitted, code, by=officer, version=1)
        returns.flag(submitted, code, "Which year?", by=officer)
        discussion.open_thread(submitted, code, "Who could know?", shared=True, by=officer)

    review(codes[0])
    one = cost()
    for code in codes[1:]:
        review(code)
    assert cost() == one
