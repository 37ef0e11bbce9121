"""The workbook through another program: filled in LibreOffice it comes back with exactly what was filled."""

import json
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from scoreboard import workbook
from scoreboard.models import Origin, State
from scoreboard.submissions import answering
from scoreboard.text import stripped
from tests.factories import SCOREBOARD, a_person, an_edition, fill, given, submission_at

pytestmark = [pytest.mark.django_db, pytest.mark.drill]

FILLER = Path(__file__).with_name("fill_workbook.py")


@pytest.fixture
def draft(focal):
    """A submission with every answer, some of whose texts a spreadsheet could take for something else."""
    an_edition(SCOREBOARD)
    submission = submission_at(State.DRAFT)
    hard = [
        "=1+1",
        "+49 30 1234",
        "-5",
        "@all",
        "1/2",
        "007",
        "TRUE",
        "1e5",
        "α\nβ\n\nγ",
        "حظر صيد الطيور",
        "🐦 'x",
        "_x0041_",
    ]
    codes = [indicator.code for indicator in submission.cycle.edition.all_indicators]
    texts = {f"i{code}": given(comment=text) for code, text in zip(codes, hard, strict=False)}
    fill(submission, **texts)
    return submission


def through_libreoffice(content: bytes, edits: list[list[str]], folder: Path) -> bytes:
    """Return the file as LibreOffice saves it after the edits."""
    source, target = folder / "workbook.xlsx", folder / "filled.xlsx"
    source.write_bytes(content)
    command = ["/usr/bin/python3", str(FILLER), str(source), str(target), json.dumps(edits)]
    subprocess.run(command, check=True, timeout=300, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"})
    return target.read_bytes()


def found(submission, content):
    return workbook.compare(submission, workbook.read_workbook(BytesIO(content), submission))


def said(differences):
    return [
        (difference.indicator.code, change.part.name, change.before, change.file, change.is_contested)
        for difference in differences
        for change in difference.changes
    ]


def test_five_answers_changed_in_libreoffice_are_the_five_that_show(draft, focal, malta, tmp_path):
    indicators = draft.cycle.edition.all_indicators
    level = workbook.options(indicators[13])[0]
    was = workbook.options(indicators[13])[len(indicators[13].ladder) // 2]
    edits = [
        [indicators[0].code, "comment", "=SUM(A1:A9)"],
        [indicators[1].code, "comment", "Ένα σχόλιο\nμε δύο γραμμές"],
        [indicators[12].code, "comment", "منذ 2019"],
        [indicators[13].code, "answer", level],
        [indicators[20].code, "next_step", "+1 ranger 🐦"],
    ]
    returned = through_libreoffice(workbook.write(draft, "en"), edits, tmp_path)
    expected = [
        (edits[0][0], "comment", "=1+1", "=SUM(A1:A9)", False),
        (edits[1][0], "comment", "+49 30 1234", edits[1][2], False),
        (edits[2][0], "comment", "", "منذ 2019", False),
        (edits[3][0], "answer", was, level, False),
        (edits[4][0], "next_step", "", "+1 ranger 🐦", False),
    ]
    assert said(found(draft, returned).differences) == expected

    # A colleague writes one of the five meanwhile: this one is shown as contested, the others as before.
    colleague = a_person("focal", malta)
    answering.save_answers(draft, {edits[2][0]: given(comment="Since 2018.")}, by=colleague, seen={edits[2][0]: 1})
    expected[2] = (*expected[2][:4], True)
    again = found(draft, returned)
    assert said(again.differences) == expected

    # What is ticked is written, word for word.
    values, seen = workbook.signed_answers(draft, again.signed)
    outcome = answering.save_answers(draft, values, by=focal, seen=seen, origin=Origin.WORKBOOK)
    assert (sorted(outcome.saved), outcome.problems) == (sorted(edit[0] for edit in edits), {})
    assert found(draft, returned).differences == []
    comments = dict(draft.answers.values_list("indicator__code", "comment"))
    assert [comments[edit[0]] for edit in edits[:3]] == [edit[2] for edit in edits[:3]]


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]) | st.sampled_from("\n\t\"'=+-@ςحـ\u200f🐦\u0301\u00a0"),
    max_size=60,
)


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@drawn(texts=st.lists(TEXTS, min_size=28, max_size=28))
def test_any_text_comes_back_from_libreoffice_as_it_went(draft, focal, tmp_path, texts):
    """One text is stored beside each indicator; the file is opened and saved, and the first cell is filled."""
    seen = dict(draft.answers.values_list("indicator__code", "revision"))
    values = {code: given(kind="unknown", comment=text) for code, text in zip(seen, texts, strict=True)}
    assert answering.save_answers(draft, values, by=focal, seen=seen).problems == {}
    first = draft.cycle.edition.all_indicators[0].code
    returned = through_libreoffice(workbook.write(draft, "en"), [[first, "next_step", texts[1]]], tmp_path)
    changed = stripped(texts[1])
    expected = [(first, "next_step", "", changed, False)] if changed else []
    assert said(found(draft, returned).differences) == expected
