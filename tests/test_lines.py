"""Word's bullets and line breaks: what they mean, at the door of every text of several lines."""

from copy import deepcopy

import pytest
from django import forms
from hypothesis import given as for_all
from hypothesis import strategies as st

from reporting.assessments import chapters, lifecycle
from reporting.document.richtext import html
from reporting.models import Chapter
from scoreboard.forms.typed_text import tidy
from scoreboard.models import Remark, State
from scoreboard.submissions import answering, returns, workflow
from scoreboard.text import excerpt, lines, stripped
from scoreboard.threads import discussion
from scoreboard.workbook import cells
from tests.factories import given, submission_at
from tests.test_typed_text import every_form

pytestmark = pytest.mark.django_db

WORD = "Done:\r\n\uf0b7\ta law\x0b  \uf0a7 a decree\x85\u2022 a plan\u2028\uf0d8all \uf0b7 of it\u2029Later\x07\x1f"
PLAIN = "Done:\n- a law\n  - a decree\n• a plan\n- all • of it\n\nLater"


def test_what_they_mean():
    assert lines(WORD) == stripped(WORD) == PLAIN
    assert lines("a\x1eb\rc\x0cd") == "a\u2011b\nc\nd"
    assert html(lines("\uf0b7 one\x0b\uf0b7\ttwo")).replace("\n", "") == "<ul><li>one</li><li>two</li></ul>"


@for_all(st.text(st.sampled_from("\r\n\x0b\x0c\x85\u2028\u2029\uf0b7\uf0fc\x01\x1e\x1f\x7f \t-ab"), max_size=20))
def test_nothing_of_word_is_left_and_no_letter_is_lost(text):
    plain = lines(text)
    assert lines(plain) == plain
    assert not set(plain) & set("\r\x0b\x0c\x85\u2028\u2029\uf0b7\uf0fc\x01\x1e\x1f\x7f")
    assert [letter for letter in plain if letter in "ab"] == [letter for letter in text if letter in "ab"]
    breaks = text.replace("\r\n", "\n").replace("\u2029", "\n\n")
    assert plain.count("\n") == sum(breaks.count(one) for one in "\r\n\x0b\x0c\x85\u2028")


def test_every_form_takes_a_text_of_several_lines_through_the_door():
    met = []
    for name, form in every_form().items():
        for label, field in form.base_fields.items():
            if isinstance(field, forms.CharField) and isinstance(field.widget, forms.Textarea) and field.strip:
                if isinstance(field, forms.JSONField):
                    continue
                tidied = deepcopy(field)
                tidy(tidied)
                assert tidied.clean(WORD) == PLAIN, (name, label)
                met.append(f"{name.rpartition('.')[2]}.{label}")
    assert {
        "MarkForm.text",
        "ReasonForm.comment",
        "MessageForm.text",
        "ExtensionForm.reason",
        "WithdrawForm.reason",
    } <= {*met}


def test_an_answer(draft, focal):
    answering.save_answers(draft, {"P1": given(level=1, comment=WORD, next_step=WORD)}, by=focal, seen={})
    answer = draft.answers.get(indicator__code="P1")
    assert (answer.comment, answer.next_step, answer.revision) == (PLAIN, PLAIN, 1)
    again = answering.save_answers(
        draft, {"P1": given(level=1, comment=WORD, next_step=WORD)}, by=focal, seen={"P1": 1}
    )
    assert again.unchanged == ["P1"]  # typed once more, it says nothing new


def test_a_page(sign_in, draft, focal):
    data = {"iP1-seen": "0", "iP1-answer": "level:1", "iP1-comment": WORD}
    sign_in(focal).post(f"/submissions/{draft.pk}/areas/P/", data)
    assert draft.answers.get(indicator__code="P1").comment == PLAIN


def test_remarks_and_threads(harbour, focal, officer):
    submitted = submission_at(State.SUBMITTED)
    returns.flag(submitted, "P1", WORD, by=officer)
    thread = discussion.open_thread(submitted, "P2", WORD, shared=True, by=officer)
    discussion.reply(thread, WORD, by=officer)
    workflow.return_for_changes(submitted, by=officer, comment=WORD, version=1)
    assert set(Remark.objects.values_list("text", flat=True)) == {PLAIN}
    assert submitted.transitions.latest("pk").comment == PLAIN


def test_a_mark_on_the_review_page_keeps_its_lines(sign_in, harbour, focal, officer):
    submitted = submission_at(State.SUBMITTED)
    sign_in(officer).post(f"/review/{submitted.pk}/flags/P1/", {"text": WORD})
    assert Remark.objects.get().text == PLAIN


def test_a_chapter(harbour, focal, officer):
    submission = submission_at(State.ACCEPTED)
    assessment = lifecycle.consolidate(submission.cycle, by=officer, public=True)
    chapter = Chapter.objects.get(assessment=assessment, key="summary")
    chapters.save(chapter, WORD, by=officer, seen=0)
    chapter.refresh_from_db()
    assert chapter.text == PLAIN


def test_a_workbook_cell():
    assert cells.plain(WORD) == PLAIN


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One short text", "One short text"),
        ("before " * 30 + "needle" + " behind" * 30, f"… {'before ' * 12}needle{' behind' * 11} …"),
        ("x" * 200 + "needle" + "y" * 200, f"… {'x' * 90}needle{'y' * 84} …"),
    ],
)
def test_what_a_search_shows_is_cut_between_words(text, shown):
    assert excerpt(text, ["needle"]) == shown
