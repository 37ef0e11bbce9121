"""Texts that come back as they were given: through the page, through JSON, and as words of the own answers' PDF."""

import json
import re
import subprocess
import unicodedata

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from scoreboard.models import State
from scoreboard.submissions import answering
from scoreboard.text import stripped
from tests.factories import given, submission_at
from tests.pages import Page
from tests.requested_pdfs import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("harbour")]

# Everything that a person can type, with what programs between two readers like to change.
ANY = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"])
    | st.sampled_from("\n\t\"'<>&=+-@\\_ςحـ\u200f🐦\u0301\u00a0"),
    max_size=60,
)
# Letters that the fonts of the documents have, read from left to right.
PRINTED = st.text(
    st.sampled_from(
        "abcfilszABCÀÉêñöøß ŁžőαβγςΩάήϊώабвгдёжийїњћџ 0123456789 .,;:!?()[]{}<>&\"'“”„«»–—…%€§/\\*_#@+-=|~^`$\n"
    ),
    min_size=1,
    max_size=60,
)


@pytest.fixture
def draft(focal):
    return submission_at(State.DRAFT)


def store(draft, texts) -> list[str]:
    """Give each text as the comment of an answer; return the codes."""
    codes = [indicator.code for indicator in draft.cycle.edition.all_indicators][: len(texts)]
    seen = dict(draft.answers.values_list("indicator__code", "revision"))
    values = {code: given(kind="unknown", comment=text) for code, text in zip(codes, texts, strict=True)}
    by = draft.country.memberships.get(role="focal").person
    assert not answering.save_answers(draft, values, by=by, seen=seen).problems
    return codes


once = settings(deadline=None, max_examples=8, suppress_health_check=list(HealthCheck))


@once
@for_all(texts=st.lists(ANY, min_size=2, max_size=2))
def test_through_the_page(sign_in, focal, draft, texts):
    """Typed on the page, stored, and shown again in its fields; saved once more, nothing changes."""
    client, address = sign_in(focal), f"/submissions/{draft.pk}/areas/P/"
    fields = Page(client.get(address)).fields
    typed = {"iP1-comment": texts[0].replace("\n", "\r\n"), "iP2-comment": texts[1].replace("\n", "\r\n")}
    client.post(address, fields | {"iP1-answer": "unknown", "iP2-answer": "unknown"} | typed)
    stored = dict(draft.answers.values_list("indicator__code", "comment"))
    assert stored == {"P1": stripped(texts[0]), "P2": stripped(texts[1])}
    again = Page(client.get(address)).fields
    assert (again["iP1-comment"], again["iP2-comment"]) == (stored["P1"], stored["P2"])
    revisions = list(draft.answers.values_list("revision", flat=True))
    client.post(address, again)
    assert list(draft.answers.values_list("revision", flat=True)) == revisions


@once
@for_all(texts=st.lists(ANY, min_size=3, max_size=3))
def test_through_json(sign_in, focal, draft, texts):
    codes = store(draft, texts)
    data = json.loads(sign_in(focal).get(f"/reports/submissions/{draft.pk}/answers.json").content)
    comments = {says["code"]: says.get("comment", "") for says in data["answers"]}
    assert [comments[code] for code in codes] == [stripped(text) for text in texts]


@settings(deadline=None, max_examples=3, suppress_health_check=list(HealthCheck))
@for_all(texts=st.lists(PRINTED.map(lambda text: f"Begin {text} end"), min_size=7, max_size=7))
def test_as_words_of_the_pdf(sign_in, focal, draft, texts):
    """Each comment stands in the PDF, all its signs in their order; lines are broken anew."""
    store(draft, texts)
    paper = made(sign_in(focal), f"/reports/submissions/{draft.pk}/answers.pdf").content
    said = subprocess.run(["pdftotext", "-raw", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
    for text in texts:
        assert squeezed(stripped(text)) in squeezed(said)


def squeezed(text: str) -> str:
    """The text without white space, its letters composed, as documents that are set in lines have it."""
    return re.sub(r"\s|\u00ad", "", unicodedata.normalize("NFC", text))
