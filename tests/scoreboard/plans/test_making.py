"""How a plan begins: from the gaps of the answers, from the plan before, by a file; and what answers say against it."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from scoreboard import contributors, table_files
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import ActionPlan, Edition, PlanAction, Role, State, User
from scoreboard.plans import actions, copying, delegating, exchange, register, skeleton
from scoreboard.plans.actions import ActionFacts
from scoreboard.plans.register import PlanFacts
from scoreboard.submissions import answering, doubts
from tests.factories import HARBOUR, SCOREBOARD, a_country, a_cycle, a_focal, a_person, an_edition, given, submission_at
from tests.plans import PAST, a_plan, an_action

TOMORROW = date.today() + timedelta(days=1)


@pytest.fixture
def answered(malta, focal):
    """The draft of Malta: P1 one above the lowest, P2 at the top, R1 unknown."""
    submission = a_cycle([malta], edition=an_edition(HARBOUR)).submissions.get()
    p1, p2 = submission.cycle.edition.all_indicators[:2]
    values = {
        p1.code: given(level=p1.ladder[1].value, next_step="A training plan."),
        p2.code: given(level=p2.ladder[-1].value),
        "R1": given("unknown"),
    }
    answering.save_answers(submission, values, by=focal, seen={})
    return submission


class TestFromAnswers:
    def test_what_is_below_the_top_with_the_next_level_the_step_and_who_contributed(self, answered, malta, focal):
        helper = a_person(Role.CONTRIBUTOR, malta, name="Hanna Helper")
        p1 = answered.cycle.edition.all_indicators[0]
        asked = {"email": helper.email, "name": "", "indicators": [p1], "until": TOMORROW}
        part = contributors.involve(answered, **asked, by=focal)
        part = contributors.answer_part(part, accepts=True, by=helper)
        helper = User.objects.get(pk=helper.pk)
        suggested = contributors.suggest(part, "P1", given(level=p1.ladder[0].value), by=helper)
        assert [gap.contributors for gap in skeleton.of(malta).gaps] == [[]]
        contributors.adopt(suggested, by=focal, seen=1)
        found = skeleton.of(malta)
        assert [
            (gap.indicator.code, gap.level, gap.following, gap.planned, gap.contributors) for gap in found.gaps
        ] == [("P1", p1.ladder[0], p1.ladder[1], "A training plan.", ["Hanna Helper"])]
        assert found.without_level == len(answered.cycle.edition.all_indicators) - 2

    def test_it_becomes_a_plan_in_development_with_actions_to_edit(self, answered, malta, focal, sign_in):
        page = sign_in(focal).get(reverse("plan_skeleton", args=["mt"])).content.decode()
        assert "A training plan." in page
        plan = skeleton.begin(malta, ["P1", "P2"], title="From the gaps", kind="plan", by=focal)
        (action,) = plan.actions.all()
        assert (plan.status, plan.audience, plan.is_example) == ("development", "country", False)
        assert (action.indicators, action.text.split("\n")[0]) == (["P1"], "A training plan.")
        assert str(answered.cycle.edition.all_indicators[0].ladder[2].text) in action.text

    def test_invented_answers_make_an_invented_plan(self, answered, malta, focal):
        type(answered.cycle).objects.update(is_example=True)
        assert skeleton.begin(malta, ["P1"], title="Invented", kind="plan", by=focal).is_example

    def test_nobody_else_begins_one(self, answered, malta, officer):
        for person in (officer, a_focal(a_country("GR"))):
            with pytest.raises(PermissionDenied):
                skeleton.begin(malta, ["P1"], title="Not mine", kind="plan", by=person)
        with pytest.raises(NotNow):
            skeleton.begin(a_country("GR"), ["P1"], title="No answers", kind="plan", by=a_focal(a_country("GR")))

    def test_the_word_file_has_all_of_it(self, answered, focal, sign_in):
        content = sign_in(focal).get(reverse("plan_skeleton_docx", args=["mt"])).content
        document = Document(io.BytesIO(content))
        first = answered.cycle.edition.all_indicators[0]
        (table,) = document.tables
        cells = {row.cells[0].text: row.cells[1].text for row in table.rows}
        assert f"{first.label} · {first.title}" in [one.text for one in document.paragraphs]
        assert cells["Next level"] == f"{first.ladder[2].value}: {first.ladder[2].text}"
        assert (cells["Intended step"], cells["Action"]) == ("A training plan.", "")


class TestCopyForward:
    def test_what_is_open_goes_on_and_the_plan_stays(self, malta, focal):
        plan = a_plan(malta, status="implementation", body="Ministry", scope="All harbours")
        late = an_action(plan, "Late", ends=PAST, lead="Police")
        an_action(plan, "Later", ends=TOMORROW, status="under_way")
        for status in ("done", "dropped"):
            an_action(plan, "Over", status=status)
        actions.note(late, status="planned", text="Not copied.", seen=1, by=focal)
        new = copying.copy_forward(plan, title="Next", begins=2031, ends=2035, by=focal)
        assert (new.previous, new.status, new.audience, new.period) == (plan, "development", "country", "2031–2035")
        assert (new.body, new.scope) == ("Ministry", "All harbours")
        assert list(new.actions.values_list("number", "text", "lead", "ends", "status")) == [
            (1, "Train the harbour police", "", None, "planned"),
            (2, "Late", "Police", None, "planned"),
            (3, "Later", "", TOMORROW, "under_way"),
        ]
        assert (plan.actions.count(), ActionPlan.objects.get(pk=plan.pk).status) == (5, "implementation")
        with pytest.raises(NotNow, match="copied from this one"):
            register.delete(plan, by=focal)


class TestByAFile:
    @pytest.fixture
    def plan(self, answered, malta) -> ActionPlan:
        plan = a_plan(malta)
        an_action(plan, "=1+1", ends=TOMORROW, status="under_way", indicators=("P1", "P2"), partners="Customs, police")
        return plan

    def test_the_file_that_went_out_changes_nothing(self, plan):
        found = exchange.compare(plan, self.file(plan), "plan.xlsx")
        assert (found.differences, found.missing) == ([], [])

    def test_what_came_back_is_shown_and_what_is_ticked_is_written(self, plan, focal):
        rows = self.rows(plan)
        rows[0][2], rows[0][7] = "Train all of them", "Done"
        rows.append([None, None, "A new one", "Coast guard", None, "2026-02-01", "30.09.2026", None, "p1"])
        rows.append([None, None, "Bad", "", "", "", "30/09/2026", "", ""])
        rows.append([None, 9, "Bad", "", "", "", "", "Perhaps", ""])
        found = exchange.compare(plan, self.file(plan, rows), "plan.xlsx")
        assert [(one.key, one.pk is None, one.fields, one.problem) for one in found.differences[:1]] == [
            (
                "r2",
                False,
                [("action", "Train the harbour police", "Train all of them"), ("status", "Not begun", "Done")],
                "",
            )
        ]
        assert [one.problem for one in found.differences[1:]] == [
            "",
            "Row 5: “30/09/2026” is no date. Type one such as 2026-09-30.",
            "Row 6: there is no status “Perhaps”.",
        ]
        assert PlanAction.objects.count() == 2
        assert exchange.take(plan, found.signed, ["r4"], by=focal) == (1, [])
        new = plan.actions.get(number=3)
        assert (new.text, new.lead, new.starts, new.ends) == (
            "A new one",
            "Coast guard",
            date(2026, 2, 1),
            date(2026, 9, 30),
        )
        assert (new.indicators, plan.changes.first().origin) == (["P1"], "workbook")
        assert plan.actions.get(number=1).text == "Train the harbour police"

    def test_what_changed_since_the_download_is_said_and_what_changed_since_it_was_shown_is_refused(self, plan, focal):
        content = self.file(plan, [[*row[:2], f"{row[2]}!", *row[3:]] for row in self.rows(plan)])
        first = plan.actions.get(number=1)
        actions.save(first, ActionFacts(text="Theirs", number=1), seen=1, by=focal)
        found = exchange.compare(plan, content, "plan.xlsx")
        assert [one.is_contested for one in found.differences] == [True, False]
        actions.save(first, ActionFacts(text="Again", number=1), seen=2, by=focal)
        n, refused = exchange.take(plan, found.signed, ["r2", "r3"], by=focal)
        assert (n, len(refused), "changed this action" in refused[0]) == (1, 1, True)
        assert list(plan.actions.values_list("text", flat=True)) == ["Again", "=1+1!"]

    def test_a_row_that_is_missing_removes_nothing(self, plan):
        found = exchange.compare(plan, self.file(plan, self.rows(plan)[:1]), "plan.xlsx")
        assert [action.number for action in found.missing] == [2]

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [(["1-x"], "the key was changed"), (["999999-1", "", "A"], None), (["1"], "the key was changed")],
    )
    def test_keys_that_are_none(self, plan, row, sentence):
        content = self.file(plan, [[*row, *[""] * (9 - len(row))]])
        if sentence:
            with pytest.raises(Invalid, match=sentence):
                exchange.compare(plan, content, "plan.xlsx")
        else:
            (one,) = exchange.compare(plan, content, "plan.xlsx").differences
            assert "not in the plan any more" in one.problem

    def test_differences_of_another_plan_or_a_forged_page_are_refused(self, plan, focal, malta):
        rows = [[*row[:2], f"{row[2]}!", *row[3:]] for row in self.rows(plan)]
        found = exchange.compare(plan, self.file(plan, rows), "plan.xlsx")
        for other, signed in ((a_plan(malta, "Other"), found.signed), (plan, found.signed[:-1])):
            with pytest.raises(Invalid):
                exchange.take(other, signed, ["r2"], by=focal)
        with pytest.raises(PermissionDenied):
            exchange.take(plan, found.signed, ["r2"], by=a_focal(a_country("GR")))

    def test_the_pages(self, plan, focal, sign_in):
        browser = sign_in(focal)
        content = browser.get(reverse("plan_workbook", args=[plan.pk])).content
        book = load_workbook(io.BytesIO(content))
        assert book.active.cell(3, 3).value == "=1+1"
        assert book.active.cell(3, 3).data_type == "s"
        book.active.cell(2, 4).value = "Harbour police"
        changed = io.BytesIO()
        book.save(changed)
        changed.seek(0)
        changed.name = "plan.xlsx"
        page = browser.post(reverse("plan_upload", args=[plan.pk]), {"file": changed})
        kept = page.content.decode().split('name="kept" value="')[1].split('"')[0]
        browser.post(reverse("plan_take", args=[plan.pk]), {"kept": kept, "take": "r2"})
        assert plan.actions.get(number=1).lead == "Harbour police"

    def rows(self, plan: ActionPlan) -> list[list]:
        return [list(row) for row in exchange.rows(plan)]

    def file(self, plan: ActionPlan, rows: list[list] | None = None) -> bytes:
        return table_files.write("xlsx", exchange.columns(), self.rows(plan) if rows is None else rows)


class TestDoubts:
    """Of the indicator that the edition names: what the level says against the register."""

    @pytest.mark.parametrize(
        ("level", "status", "doubtful"),
        [
            (0, None, False),
            (0, "development", False),
            (1, "expired", False),
            (1, "adopted", True),
            (0, "evaluated", True),
            (2, None, True),
            (2, "none", True),
            (3, "development", True),
            (2, "expired", True),
            (2, "adopted", False),
            (3, "implementation", False),
            (3, "evaluated", False),
        ],
    )
    def test_each_level_against_each_status(self, malta, focal, level, status, doubtful):
        submission = submission_at(State.DRAFT, cycle=a_cycle([malta], edition=an_edition(SCOREBOARD)))
        about = submission.cycle.edition.action_plans
        assert (about, submission.cycle.edition.all_indicators[13].code) == ({"indicator": "14", "level": 2}, "14")
        if status:
            register.enter(malta, PlanFacts(title="Plan", status=status), by=focal)
        a_plan(a_country("GR"), status="adopted")
        answering.save_answers(submission, {"14": given(level=level, comment="So.")}, by=focal, seen={})
        found = [one.key for one in doubts.doubts(submission) if "contradicts" in one.key]
        assert [key.split("-")[0] for key in found] == (["14"] if doubtful else [])

    def test_an_edition_that_names_none_asks_nothing(self, answered):
        assert Edition.objects.get().action_plans == {}
        assert not [one for one in doubts.doubts(answered) if "contradicts" in one.key]

    def test_the_page_of_the_area_shows_the_register_next_to_it(self, malta, focal, officer, sign_in):
        submission = submission_at(State.SUBMITTED, cycle=a_cycle([malta], edition=an_edition(SCOREBOARD)))
        plan = a_plan(malta, "Shown next to it", status="adopted")
        area = submission.cycle.edition.all_indicators[13].area.code
        address = reverse("submission_area", args=[submission.pk, area])
        assert "Shown next to it" in sign_in(focal).get(address).content.decode()
        assert "Shown next to it" not in sign_in(officer).get(address).content.decode()
        register.show(plan, "secretariat", by=focal)
        assert "Shown next to it" in sign_in(officer).get(address).content.decode()


def test_the_home_page_names_what_is_overdue_what_is_to_be_checked_and_a_contributors_actions(
    malta, focal, officer, sign_in
):
    plan = a_plan(malta)
    action = an_action(plan, "Late", ends=PAST)
    register.show(plan, "secretariat", by=focal)
    colleague = a_person(Role.CONTRIBUTOR, malta)
    delegating.delegate(plan, [action], email=colleague.email, name="", until=TOMORROW, by=focal)
    for text, days in (("Soon", 20), ("Later", 40), ("Also soon", 30)):
        an_action(plan, text, ends=date.today() + timedelta(days=days))
    an_action(a_plan(malta, "Over", status="expired"), "Of no interest", ends=PAST)
    pages = {person: sign_in(person).get("/").content.decode() for person in (focal, officer, colleague)}
    assert "1 action is overdue" in pages[focal]
    assert "2 actions end within 30 days." in pages[focal]
    assert "1 action is overdue" in pages[colleague]
    assert "within 30 days" not in pages[colleague] + pages[officer]
    assert "1 plan to check." in pages[officer]
    assert "1 action of an action plan is with you" in pages[colleague]
