"""The pages of statements: the role in which somebody writes, drafts, conflicts, review, and what the lists cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard.models import Membership, Organisation, Role, State, Statement
from scoreboard.stakeholders import deciding, writing
from tests.factories import a_cycle, afresh, submission_at
from tests.pages import Page
from tests.statements import a_draft, an_observer, filed


@pytest.fixture
def observer(db):
    return an_observer()


def address(name: str, statement: Statement) -> str:
    return reverse(f"statement_{name}" if name else "statement", args=[statement.pk])


class TestBeginning:
    def test_who_observes_for_one_organisation_is_not_asked_in_which_role(self, draft, observer, sign_in):
        client = sign_in(observer)
        new = reverse("statement_new", args=[draft.cycle.code])
        assert "role" not in client.get(new).context["form"].fields
        indicator = draft.cycle.edition.all_indicators[1]
        response = client.post(new, {"country": draft.pk, "subject": f"indicator-{indicator.pk}"})
        begun = Statement.objects.get()
        assert response["Location"] == address("edit", begun)
        assert (begun.indicator, begun.organisation.name, begun.author) == (indicator, "A Society", observer)

    def test_who_is_also_a_contributor_chooses_and_nothing_is_chosen_before(self, draft, observer, sign_in, malta):
        Membership.objects.create(person=observer, role=Role.CONTRIBUTOR, country=malta)
        client = sign_in(afresh(observer))
        new = reverse("statement_new", args=[draft.cycle.code])
        field = client.get(new).context["form"]["role"]
        society = str(Organisation.objects.get(name="A Society").pk)
        assert [value for value, _label in field.field.choices] == [society, "part-contributor"]
        assert field.value() is None
        posted = {"country": draft.pk, "subject": ""}
        assert "Choose in which role you write." in client.post(new, posted).content.decode()
        assert client.post(new, posted | {"role": "part-contributor"})["Location"] == reverse("contribution_list")
        assert not Statement.objects.exists()
        client.post(new, posted | {"role": society})
        assert Statement.objects.get().organisation.name == "A Society"

    def test_who_observes_for_two_chooses_one(self, draft, observer, sign_in):
        other = Organisation.objects.create(name="Another Society")
        Membership.objects.create(person=observer, role=Role.OBSERVER, organisation=other)
        client = sign_in(afresh(observer))
        new = reverse("statement_new", args=[draft.cycle.code])
        client.post(new, {"country": draft.pk, "subject": "", "role": str(other.pk)})
        assert Statement.objects.get().organisation == other


def test_a_conflict_shows_both_texts_and_saves_the_second_after_it_was_read(draft, observer, sign_in):
    statement = a_draft(draft, observer)
    client = sign_in(observer)
    form = Page(client.get(address("edit", statement))).fields
    writing.save(statement, text="Of a colleague.", level=1, seen=1, by=an_observer("Colleague"))
    response = client.post(address("edit", statement), form | {"text": "Mine."})
    assert response.status_code == 409
    page = Page(response)
    assert "Colleague changed this draft after you opened it" in page.text
    assert "Of a colleague." in page.text
    assert page.fields["text"].strip() == "Mine."
    assert client.post(address("edit", statement), page.fields).status_code == 302
    assert afresh(statement).text == "Mine."


def test_officers_read_it_next_to_the_answer_and_analysts_do_not(submitted, observer, officer, analyst, sign_in):
    a_draft(submitted, observer, text="A draft.")
    filed(submitted, observer, text="On the indicator.")
    filed(submitted, observer, on_country=True, text="On the country.")
    first, second, *_others = submitted.cycle.edition.whole
    filed(submitted, observer, area=second, text="On the other area.")

    def read(person, area):
        return sign_in(person).get(reverse("review_area", args=[submitted.pk, area.code])).content.decode()

    texts = ("On the indicator.", "On the country.", "On the other area.", "A draft.")
    assert [text in read(officer, first) for text in texts] == [True, True, False, False]
    assert [text in read(officer, second) for text in texts] == [False, True, True, False]
    assert [text in read(analyst, first) for text in texts] == [False] * 4


def test_officers_read_it_also_while_the_country_has_handed_in_nothing(draft, observer, officer, sign_in):
    filed(draft, observer, text="On the indicator.")
    assert "On the indicator." in sign_in(officer).get(reverse("review", args=[draft.pk])).content.decode()


def test_home_says_what_waits(draft, observer, officer, focal, sign_in):
    a_draft(draft, observer)
    statement = filed(draft, observer)
    home = reverse("home")
    own = Page(sign_in(observer).get(home)).text
    assert "Drafts: 1 · Filed: 1" in own
    assert "1 statement of an organisation to share or to decide on." in Page(sign_in(officer).get(home)).text
    deciding.share(statement, by=officer)
    assert "to share or to decide on" not in Page(sign_in(officer).get(home)).text
    assert "1 statement of an organisation on your country" in Page(sign_in(focal).get(home)).text
    mine = Page(sign_in(focal).get(reverse("submission", args=[draft.pk]))).text
    assert "Statements of organisations that the Secretariat shared with you" in mine


@pytest.mark.parametrize(
    ("name", "role"),
    [
        *((name, "observer") for name in ("statement_list", "home")),
        *((name, "officer") for name in ("statement_list", "request_list", "home", "review_area")),
        *((name, "focal") for name in ("statement_list", "home")),
    ],
)
def test_a_page_asks_the_database_as_often_for_one_as_for_many(name, role, malta, harbour, sign_in, request):
    submission = submission_at(State.SUBMITTED, malta, a_cycle([malta]))
    observer = an_observer()
    person = observer if role == "observer" else request.getfixturevalue(role)
    path = reverse(name, args=[submission.pk, "P"] if name == "review_area" else [])
    counts = []
    for more in (2, 6):
        for _n in range(more):
            statement = filed(submission, observer)
            if role == "focal":
                deciding.share(statement, by=request.getfixturevalue("officer"))
        client = sign_in(person)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
