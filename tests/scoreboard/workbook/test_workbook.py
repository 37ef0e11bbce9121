"""The workbook: what goes out comes back unchanged, what was filled shows as a difference and is taken."""

import json
from datetime import date
from io import BytesIO

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from i18nfield.strings import LazyI18nString
from openpyxl import load_workbook

from scoreboard import workbook
from scoreboard.models import AnswerVersion, Origin, Role, State, Submission
from scoreboard.submissions import answering, workflow
from scoreboard.text import stripped
from tests.factories import (
    a_country,
    a_cycle,
    a_focal,
    a_person,
    an_officer,
    given,
    submission_at,
)
from tests.scoreboard.workbook.books import (
    LANGUAGE,
    areas,
    cell,
    edited,
    filled,
    found,
    said,
)

pytestmark = pytest.mark.django_db


class TestTheFile:
    def test_it_holds_instructions_a_sheet_per_area_and_hidden_ids(self, content):
        book = load_workbook(BytesIO(content))
        assert [sheet["B1"].value for sheet in areas(book)] == ["P", "Q", "R"]
        assert book["mikt-ids"].sheet_state == "veryHidden"
        assert {name: value for name, value in json.loads(book["mikt-ids"]["A1"].value).items() if name != "areas"} == {
            "format": 1,
            "edition": "harbour-1",
            "cycle": "2026",
            "country": "MT",
            "language": "fr",
        }

    def test_only_the_cells_for_answers_can_be_written(self, content):
        book = load_workbook(BytesIO(content))
        assert all(sheet.protection.sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        sheet = areas(book)[0]
        unlocked = {one.column for row in sheet.iter_rows() for one in row if not one.protection.locked}
        assert unlocked == {head.column for head in sheet[1][2:] if head.value}
        assert sheet.column_dimensions["A"].hidden
        assert sheet.row_dimensions[1].hidden

    def test_the_answer_is_chosen_from_the_ladder_in_the_chosen_language(self, draft):
        book = load_workbook(BytesIO(workbook.write(draft, "el")))
        target = cell(book, "P1", "answer")
        [offer] = [one for one in target.parent.data_validations.dataValidation if target.coordinate in one.sqref]
        name, place = offer.formula1.split("!")
        entries = [row[0].value for row in book[name.strip("'")][place.replace("$", "")]]
        assert entries[0] == "1 · Ο λιμένας δεν έχει σχέδιο και δεν ετοιμάζει κανένα."
        assert len(entries) == 5 + 2

    def test_an_invented_example_says_so(self, malta):
        cycle = a_cycle([malta], code="2025", is_example=True)
        book = load_workbook(BytesIO(workbook.write(cycle.submissions.get(), "fr")))
        texts = [row[0].value for row in book.worksheets[0].iter_rows(max_col=1)]
        with translation.override("fr"):
            assert gettext("Invented example data: nothing in this file is a country’s real answer.") in texts

    def test_last_time_stands_beside_this_time_and_is_no_answer(self, malta):
        old = submission_at(State.ACCEPTED, malta, a_cycle([malta], code="2023", opens=date(2023, 1, 1)))
        submission = a_cycle([malta], code="2027").submissions.get()
        content = workbook.write(submission, LANGUAGE)
        sheet = areas(load_workbook(BytesIO(content)))[0]
        text = LazyI18nString(old.accepted_version.answers[0]["level_text"]).localize(LANGUAGE)
        assert (sheet["E3"].value, sheet["E4"].value) == ("Scoreboard 2023", f"3 · {text}")
        assert said(submission, content) == []


class TestDifferences:
    def test_what_comes_back_as_it_went_changes_nothing(self, draft, content):
        assert said(draft, content) == said(draft, edited(content, lambda book: None)) == []

    def test_a_filled_cell_is_a_difference(self, draft, content):
        changed = filled(content, "P1", comment="=SUM(1;2)", answer=5)
        assert [row[1:] for row in said(draft, changed)][1] == ("comment", "", "=SUM(1;2)")
        [difference] = found(draft, changed).differences
        assert (difference.given.level, difference.given.comment) == (5, "=SUM(1;2)")

    @pytest.mark.parametrize(
        ("cell_text", "kind", "level"),
        [("4", "level", 4), (4, "level", 4), ("4 · reworded since", "level", 4), ("", "", None)],
    )
    def test_an_answer_may_be_typed_too(self, draft, content, cell_text, kind, level):
        [difference] = found(draft, filled(content, "P1", answer=cell_text)).differences
        assert (difference.given.kind, difference.given.level) == (kind, level)

    def test_the_last_entries_of_the_list_are_no_levels(self, draft, content):
        with translation.override(LANGUAGE):
            *_levels, not_applicable, unknown = workbook.options(draft.cycle.edition.indicators.get(code="P1"))
        [difference] = found(draft, filled(content, "P1", answer=not_applicable, reason="No port.")).differences
        assert (difference.given.kind, difference.given.reason) == ("not_applicable", "No port.")
        [difference] = found(draft, filled(content, "P1", answer=unknown)).differences
        assert (difference.given.kind, difference.given.level) == ("unknown", None)

    def test_what_is_not_in_the_list_is_named_and_cannot_be_taken(self, draft, content):
        [difference] = found(draft, filled(content, "P1", answer="rather good")).differences
        assert (difference.given, difference.problem) == (None, "“rather good” is not in the list.")

    def test_what_changed_on_the_portal_since_is_contested_only_where_it_is_the_same_part(self, draft, content, malta):
        colleague = a_person(Role.FOCAL, malta)
        stands = {"P1": given(level=3, comment="Meanwhile."), "P2": given(level=3, comment="As in the file.")}
        answering.save_answers(draft, stands, by=colleague, seen={"P1": 1, "P2": 1})
        changed = filled(filled(content, "P1", comment="In the file."), "P2", comment="As in the file.")
        [difference] = found(draft, changed).differences
        assert (difference.indicator.code, difference.is_contested) == ("P1", True)
        [uncontested] = found(draft, filled(content, "P1", next_step="A plan.")).differences
        assert not uncontested.is_contested
        assert (uncontested.given.comment, uncontested.given.next_step) == ("Meanwhile.", "A plan.")

    def test_comparing_costs_the_same_for_one_and_for_many_answers(self, draft, content, django_assert_max_num_queries):
        changed = filled(content, "P1", comment="One.")
        many = content
        for indicator in draft.cycle.edition.all_indicators:
            many = filled(many, indicator.code, comment="Each.")
        for file in (changed, many):
            fresh = Submission.objects.select_related("cycle__edition", "country").get(pk=draft.pk)
            with django_assert_max_num_queries(8):
                found(fresh, file)


# Everything that XML can carry and a person can type; programs end lines in their own ways, which is tested apart.
TYPED = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\n\t=+-@ςΩحـ\u200f🐦\u0301\u00a0"),
    max_size=60,
)
BEGUN = st.builds(str.__add__, st.sampled_from(["", "=", "+", "-", "@", "'", "_x0041_", "\u202e"]), TYPED)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@drawn(texts=st.lists(st.tuples(BEGUN, BEGUN), min_size=7, max_size=7))
def test_any_text_goes_out_and_comes_back(draft, texts):
    """Seven texts at a time: one is stored on the portal, another is written into the file in its place."""
    seen = dict(draft.answers.values_list("indicator__code", "revision"))
    cases = {code: (stripped(stored), written) for code, (stored, written) in zip(seen, texts, strict=True)}
    values = {code: given(kind="unknown", comment=stored) for code, (stored, _written) in cases.items()}
    assert not answering.save_answers(draft, values, by=a_focal(draft.country), seen=seen).problems
    content = workbook.write(draft, LANGUAGE)
    assert said(draft, content) == []

    def edit(book):
        for code, (_stored, written) in cases.items():
            target = cell(book, code, "comment")
            target.value, target.data_type = written, "s"

    changed = {(code, "comment", old, stripped(new)) for code, (old, new) in cases.items() if old != stripped(new)}
    assert set(said(draft, edited(content, edit))) == changed


class TestPages:
    @pytest.fixture
    def client(self, sign_in, focal):
        return sign_in(focal)

    def upload(self, client, submission, content):
        file = BytesIO(content)
        file.name = "filled.xlsx"
        return client.post(f"/submissions/{submission.pk}/workbook/upload/", {"file": file})

    def take(self, client, submission, page, *codes, **why):
        data = {"kept": page.context["found"].signed, "take": codes} | {
            f"i{code}-why": text for code, text in why.items()
        }
        return client.post(f"/submissions/{submission.pk}/workbook/take/", data)

    def test_download_in_a_language(self, client, draft):
        address = f"/submissions/{draft.pk}/workbook/file/"
        response = client.get(address, {"language": "el"})
        assert response["Content-Disposition"] == 'attachment; filename="2026-mlt-el.xlsx"'
        assert said(draft, response.content) == []
        assert client.get(address, {"language": "xx"}).status_code == 404

    def test_only_what_is_ticked_is_written_and_the_channel_is_kept(self, client, draft, content):
        changed = filled(filled(content, "P1", comment="=One"), "P2", comment="Two")
        page = self.upload(client, draft, changed)
        assert AnswerVersion.objects.filter(origin=Origin.WORKBOOK).count() == 0
        assert self.take(client, draft, page, "P1")["Location"] == f"/submissions/{draft.pk}/"
        comments = dict(draft.answers.values_list("indicator__code", "comment"))
        assert (comments["P1"], comments["P2"]) == ("=One", "")
        assert AnswerVersion.objects.filter(origin=Origin.WORKBOOK).count() == 1

    def test_what_changed_after_the_differences_were_shown_is_not_written(self, client, draft, content, malta):
        page = self.upload(client, draft, filled(content, "P1", comment="In the file."))
        colleague = a_person(Role.FOCAL, malta)
        answering.save_answers(draft, {"P1": given(level=3, comment="Now.")}, by=colleague, seen={"P1": 1})
        self.take(client, draft, page, "P1")
        assert draft.answers.get(indicator__code="P1").comment == "Now."
        assert "Upload the file again" in client.get(f"/submissions/{draft.pk}/workbook/").content.decode()

    def test_a_contested_answer_is_not_ticked_but_can_be(self, client, draft, content, malta):
        answering.save_answers(
            draft, {"P1": given(level=3, comment="Now.")}, by=a_person(Role.FOCAL, malta), seen={"P1": 1}
        )
        page = self.upload(client, draft, filled(content, "P1", comment="In the file."))
        text = page.content.decode()
        assert 'value="P1" id="take-P1">' in text
        assert "Changed on the portal since" in text
        self.take(client, draft, page, "P1")
        answer = draft.answers.get(indicator__code="P1")
        assert (answer.comment, answer.level.value, answer.revision) == ("In the file.", 3, 3)

    def test_after_a_return_an_unasked_change_needs_its_reason(self, client, draft, focal):
        workflow.submit(draft, by=focal, declared_by="A", capacity="B")
        workflow.return_for_changes(
            draft, by=an_officer(), comment="Please correct it.", version=draft.versions.count()
        )
        content = filled(workbook.write(draft, LANGUAGE), "P2", comment="More.")
        page = self.upload(client, draft, content)
        assert "Why do you change an answer" in page.content.decode()
        self.take(client, draft, page, "P2")
        assert draft.answers.get(indicator__code="P2").comment == ""
        self.take(client, draft, page, "P2", P2="A slip.")
        assert draft.answers.get(indicator__code="P2").comment == "More."

    def test_a_refused_file_is_told_beside_the_field(self, client, draft):
        text = self.upload(client, draft, b"code;answer").content.decode()
        assert "<title>Error: " in text
        assert "The file is not an Excel workbook (.xlsx)." in text
        assert client.post(f"/submissions/{draft.pk}/workbook/upload/").status_code == 200

    @pytest.mark.parametrize("kept", ["", "x", "W10:abc:def"])
    def test_made_up_differences_are_refused(self, client, draft, kept):
        response = client.post(f"/submissions/{draft.pk}/workbook/take/", {"kept": kept, "take": ["P1"]})
        assert response.status_code == 409

    def test_the_differences_of_another_submission_are_refused(self, client, sign_in, draft, content, greece):
        page = self.upload(client, draft, filled(content, "P1", comment="Mine."))
        other = a_cycle([a_country("GR")], code="2024").submissions.get()
        assert self.take(sign_in(a_focal(greece)), other, page, "P1").status_code == 409
        assert not other.answers.exists()

    def test_a_file_that_changes_nothing(self, client, draft, content):
        assert "The file changes nothing" in self.upload(client, draft, content).content.decode()
