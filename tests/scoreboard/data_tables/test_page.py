"""The page of a table of figures: who reads and writes it, what it saves, and how it is suggested and reviewed."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from scoreboard import clock, workbook
from scoreboard.errors import Invalid
from scoreboard.models import Answer, AnswerVersion, DataForm, DataFormColumn, State
from scoreboard.submissions import answering, completeness, workflow
from tests.factories import (
    DECLARATION,
    SCOREBOARD,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    an_officer,
    fill,
    given,
    submission_at,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db

Kind = DataFormColumn.Kind


class TestPage:
    """The page of the table of indicator 4, whose figures are cases, prosecutions and convictions."""

    ROW = {"r1-year": "2020", "r1-cases_recorded": "10", "r1-cases_prosecuted": "4", "r1-convictions": "2"}
    KEPT = {"year": 2020, "cases_recorded": 10, "cases_prosecuted": 4, "convictions": 2}

    @pytest.fixture(autouse=True)
    def edition(self, db):
        return an_edition(SCOREBOARD)

    @pytest.fixture
    def draft(self, focal):
        return submission_at(State.DRAFT)

    def url(self, submission, code="4"):
        return f"/submissions/{submission.pk}/figures/{code}/"

    def test_saves_rows_beside_the_answer_that_stands(self, sign_in, focal, draft):
        answering.save_answers(draft, {"4": given(level=2, comment="Kept.")}, by=focal, seen={})
        client = sign_in(focal)
        fields = Page(client.get(self.url(draft))).fields
        assert fields["seen"] == "1"
        page = Page(client.post(self.url(draft), fields | self.ROW | {"withheld": "on"}, follow=True))
        assert "The table is saved with 1 row." in page.text
        answer = draft.answers.get()
        assert (answer.level.value, answer.comment, answer.revision) == (2, "Kept.", 2)
        assert (answer.figures, answer.figures_withheld) == ([self.KEPT], True)
        assert answer.versions.first().figures == [self.KEPT]
        area = client.get(f"/submissions/{draft.pk}/areas/A/")
        assert "figures not for publication" in Page(area).text
        assert "Change the figures" in Page(area).text

    def test_what_is_saved_comes_back_in_every_field(self, sign_in, focal, draft):
        """A page that is opened and saved again changes nothing, whatever kind its cells are of."""
        columns = DataForm.objects.get(indicator__code="2", indicator__edition=draft.cycle.edition).all_columns
        samples = {Kind.YEAR: 2024, Kind.YES_NO: False, Kind.DECIMAL: "1.5", Kind.INTEGER: 7}
        row = {c.code: c.choices[0]["code"] if c.choices else samples.get(c.kind, "Otus scops") for c in columns}
        assert False in row.values()
        answering.save_answers(draft, {"2": given(level=1, figures=[row])}, by=focal, seen={})
        client, address = sign_in(focal), f"/submissions/{draft.pk}/figures/2/"
        fields = Page(client.get(address)).fields
        assert client.post(address, fields).status_code == 302
        assert draft.answers.get().figures == [row]

    def test_the_portals_own_workbook_pastes_back_as_it_was(self, sign_in, focal, draft):
        form = DataForm.objects.get(indicator__code="2", indicator__edition=draft.cycle.edition)
        samples = {Kind.YEAR: 2024, Kind.YES_NO: True, Kind.DECIMAL: "1.234", Kind.INTEGER: 12345}
        samples |= {Kind.SPECIES: "Streptopelia turtur", Kind.TEXT: 'A "note"'}
        row = {c.code: c.choices[0]["code"] if c.choices else samples[c.kind] for c in form.all_columns}
        answering.save_answers(draft, {"2": given(level=1, figures=[row, row | {"year": 2023}])}, by=focal, seen={})
        book = load_workbook(BytesIO(workbook.write(draft, "en")))
        [sheet] = [one for one in book if one.title.startswith("A2 ")]
        copied = "\n".join("\t".join(cell.value or "" for cell in cells) for cells in sheet.iter_rows())
        assert "Streptopelia turtur (European Turtle-dove)" in copied
        page = Page(sign_in(focal).post(self.url(draft, "2"), {"paste": "on", "pasted": copied}))
        assert "2 rows are read but not saved yet." in page.text
        assert sign_in(focal).post(self.url(draft, "2"), page.fields | {"seen": "1"}).status_code == 302
        assert draft.answers.get().figures == [row, row | {"year": 2023}]

    def test_last_time_stands_folded_above_the_table(self, sign_in, focal, malta):
        before = a_cycle([malta], code="2023", opens=clock.now().date() - timedelta(days=9)).submissions.get()
        fill(before, i4=given(level=2, figures=[{"year": 2022, "cases_recorded": 12}]))
        workflow.submit(before, by=focal, **DECLARATION)
        workflow.accept(before, by=an_officer(), version=before.versions.count())
        now = a_cycle([malta]).submissions.get()
        page = sign_in(focal).get(self.url(now)).content.decode()
        folded = page.index("The figures of A4 in Scoreboard 2023")
        assert page.rindex("<summary>", 0, folded) > page.rindex("<details>", 0, folded)
        assert folded < page.index(">12<") < page.index("</details>", folded) < page.index("data-figures")

    def test_figures_can_precede_the_answer(self, sign_in, focal, draft):
        sign_in(focal).post(self.url(draft), self.ROW | {"seen": "0"})
        answer = draft.answers.get()
        assert (answer.kind, answer.figures, answer.revision) == ("", [self.KEPT], 1)
        assert len(completeness.gaps(draft)) == len(draft.cycle.edition.all_indicators)

    def test_a_fault_costs_nothing_typed_and_writes_nothing(self, sign_in, focal, draft):
        page = Page(sign_in(focal).post(self.url(draft), self.ROW | {"r2-year": "20", "r2-convictions": "many"}))
        latest = draft.cycle.day().year
        assert page.links[f"Row 2, Year: Give one year from 1900 to {latest}."] == "#r2-year"
        assert (
            page.links["Row 2, Convictions: Give one whole number in digits, such as 1250. Or leave the cell empty."]
            == "#r2-convictions"
        )
        assert (page.fields["r1-year"], page.fields["r2-convictions"]) == ("2020", "many")
        assert not Answer.objects.exists()

    def test_rows_are_added_removed_and_pasted_without_saving(self, sign_in, focal, draft):
        client = sign_in(focal)
        page = Page(client.post(self.url(draft), self.ROW | {"add": "3"}))
        assert page.fields["r1-year"] == "2020"
        assert "r4-year" in page.fields
        typed = self.ROW | {"r2-year": "2021", "r1-remove": "on", "paste": "on", "pasted": "2022\t7\n"}
        page = Page(client.post(self.url(draft), typed))
        assert "1 row is read but not saved yet." in page.text
        assert (page.fields["r1-year"], page.fields["r2-year"]) == ("2021", "2022")
        assert page.fields["r2-cases_recorded"] == "7"
        assert not Answer.objects.exists()

    def test_doubts_are_told_and_kept(self, sign_in, focal, draft):
        response = sign_in(focal).post(self.url(draft), self.ROW | {"r1-convictions": "5"}, follow=True)
        assert "Row 1: “Convictions” is 5, which is more than “Cases prosecuted”, 4." in Page(response).text
        assert draft.answers.get().figures == [self.KEPT | {"convictions": 5}]

    def test_a_page_that_is_filled_in_asks_for_sums_and_notes(self, sign_in, focal, draft):
        typed = self.ROW | {"check": "on", "r2-year": "", "r2-remove": "on", "r3-year": "2021", "r3-convictions": "5"}
        typed |= {"r3-cases_recorded": "10", "r3-cases_prosecuted": "4", "r4-year": "20", "r5-convictions": "1"}
        checked = sign_in(focal).post(self.url(draft), typed).json()
        assert checked["notes"] == {
            "3": ["Row 3: “Convictions” is 5, which is more than “Cases prosecuted”, 4."],
            "4": [f"Row 4, Year: Give one year from 1900 to {draft.cycle.day().year}."],
        }  # row 5 is being typed: that its year is empty is no fault yet
        assert (checked["sums"]["year"], checked["sums"]["convictions"]) == ("", "7")
        assert not Answer.objects.exists()

    def test_a_colleague_in_the_comment_does_not_collide(self, sign_in, focal, draft, malta):
        client = sign_in(focal)
        client.post(self.url(draft), self.ROW)
        fields = Page(client.get(self.url(draft))).fields
        colleague = a_person("focal", malta, name="Colleague")
        answering.save_answers(draft, {"4": given(level=1)}, by=colleague, seen={"4": 1})
        assert client.post(self.url(draft), fields | {"r1-convictions": "3"}).status_code == 302
        answer = draft.answers.get()
        assert (answer.level.value, answer.figures[0]["convictions"], answer.revision) == (1, 3, 3)

    def test_nor_do_figures_collide_with_a_colleague_in_the_comment(self, sign_in, focal, draft):
        answering.save_answers(draft, {"4": given(level=1)}, by=focal, seen={})
        sign_in(focal).post(self.url(draft), self.ROW | {"seen": "1"})
        outcome = answering.save_answers(draft, {"4": given(level=1, comment="New.")}, by=focal, seen={"4": 1})
        assert outcome.saved == ["4"]
        answer = draft.answers.get()
        assert (answer.comment, answer.figures, answer.revision) == ("New.", [self.KEPT], 3)

    def test_a_colleague_in_the_figures_stands_against_them(self, sign_in, focal, draft, malta):
        client = sign_in(focal)
        fields = Page(client.get(self.url(draft))).fields
        colleague = a_person("focal", malta, name="Colleague")
        sign_in(colleague).post(self.url(draft), self.ROW)
        page = Page(client.post(self.url(draft), fields | {"r1-year": "2019"}))
        assert "Stored now: the figures of Colleague" in page.text
        assert (page.fields["r1-year"], page.fields["seen"]) == ("2019", "1")
        assert draft.answers.get().figures == [self.KEPT]
        assert client.post(self.url(draft), page.fields).status_code == 302
        assert draft.answers.get().figures == [{"year": 2019}]

    def test_the_reviewer_sees_the_figures_and_those_before(self, sign_in, focal, officer, draft):
        fill(draft, i4=given(figures=[self.KEPT]))
        workflow.submit(draft, by=focal, **DECLARATION)
        workflow.return_for_changes(draft, by=officer, comment="Which year?", version=1)
        sign_in(focal).post(self.url(draft), self.ROW | {"seen": "1", "r1-year": "2019", "why": "A slip."})
        workflow.submit(draft, by=focal, **DECLARATION)
        page = Page(sign_in(officer).get(f"/review/{draft.pk}/", follow=True))
        assert "Changed since the version before 1" in page.text
        table = "Year Cases recorded Cases prosecuted Convictions {} 10 4 2"
        assert "prosecutions " + table.format(2019) in page.text
        assert "The figures were:" in page.text
        assert "prosecutions " + table.format(2020) in page.text
        version = Page(sign_in(officer).get(f"/submissions/{draft.pk}/versions/1/"))
        assert table.format(2020) in version.text

    def test_after_a_return_an_unasked_table_needs_a_reason(self, sign_in, focal):
        returned = submission_at(State.RETURNED)
        client = sign_in(focal)
        page = Page(client.post(self.url(returned), Page(client.get(self.url(returned))).fields | self.ROW))
        assert "A4: the Secretariat did not ask to change this answer. Say why you change it." in page.text
        assert client.post(self.url(returned), page.fields | {"why": "New cases."}).status_code == 302
        assert AnswerVersion.objects.get(answer__indicator__code="4", revision=2).why == "New cases."

    def test_closed_pages_show_the_figures_and_give_typed_ones_back(self, sign_in, focal):
        submitted = submission_at(State.SUBMITTED)
        client = sign_in(focal)
        page = Page(client.get(self.url(submitted)))
        assert "These figures cannot be changed now This submission is with the Secretariat." in page.text
        assert page.fields == {}
        response = client.post(self.url(submitted), self.ROW)
        assert response.status_code == 409
        assert Page(response).fields["r1-convictions"] == "2"

    def test_who_reads_and_who_writes(self, sign_in, greece, draft, observer, analyst):
        for stranger in (a_focal(greece), observer, analyst, a_person("contributor", draft.country)):
            assert sign_in(stranger).get(self.url(draft)).status_code == 404
            assert sign_in(stranger).post(self.url(draft), self.ROW).status_code == 404
        submitted = submission_at(State.SUBMITTED, draft.country, draft.cycle)
        assert sign_in(analyst).get(self.url(submitted)).status_code == 200
        assert sign_in(analyst).post(self.url(submitted), self.ROW).status_code == 403

    @pytest.mark.parametrize("code", ["1", "999"])
    def test_an_indicator_without_a_table_has_no_page(self, sign_in, focal, draft, code):
        assert sign_in(focal).get(self.url(draft, code)).status_code == 404


@pytest.mark.parametrize(
    "rows",
    [
        "rows",
        ["row"],
        [{"colour": "red"}],
        [{"year": True}],
        [{"year": "2020"}],
        [{"year": 2020}, {}],
        [{"year": 2020, "convictions": 1.5}],
        [{"year": 2020, "penalty_amount": {"a": 1}}],
        [{"year": 2020, "penalty_amount": "a\x00"}],
        [{"convictions": 1}],
    ],
)
def test_the_door_refuses_rows_that_no_page_would_send(rows, focal, malta):
    an_edition(SCOREBOARD)
    draft = submission_at(State.DRAFT, malta)
    outcome = answering.save_answers(draft, {"4": given(figures=rows)}, by=focal, seen={})
    assert isinstance(outcome.problems["4"], Invalid)
    assert not Answer.objects.exists()
