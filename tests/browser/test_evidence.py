"""Evidence as a browser handles it: dropped or chosen, sent while progress shows, kept from last time."""

import re
from datetime import timedelta
from threading import Event

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import expect

from scoreboard import clock
from scoreboard.evidence import attaching, clamav
from scoreboard.models import Evidence, State
from scoreboard.submissions import workflow
from tests.browser.conftest import findings, overflow
from tests.factories import (
    DECLARATION,
    HARBOUR,
    a_country,
    a_cycle,
    a_focal,
    an_edition,
    an_officer,
    fill,
    given,
    submission_at,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"

# Lets go of files over an element, as a person does who drags them there.
DROP = """(zone, files) => {
    const dataTransfer = new DataTransfer();
    for (const [name, text] of files) dataTransfer.items.add(new File([text], name));
    const options = { dataTransfer, bubbles: true, cancelable: true };
    for (const type of ["dragover", "drop"]) zone.dispatchEvent(new DragEvent(type, options));
}"""


@pytest.fixture
def focal(db):
    an_edition(HARBOUR)
    return a_focal(a_country("MT"))


def test_files_are_dropped_or_chosen_beside_what_is_typed(visit, focal, settings, monkeypatch):
    draft, page = submission_at(State.DRAFT), visit(focal)
    page.on("filechooser", lambda chooser: None)  # from now on, so that the browser is ready when the key is pressed
    page.goto(f"/submissions/{draft.pk}/areas/P/")
    box = page.locator("#evidence-P1")
    expect(box).to_contain_text("A file may have up to 20 MB; there is room for 20 files and links here.")
    progress, waiting = box.locator("progress"), []
    page.route(
        "**/evidence/P1/?in-answer", lambda route: waiting.append(route)
    )  # a slow line: nothing arrives until it is let through
    files = [["decree.pdf", PDF.decode()], ["setup.exe", "MZ\x00"], ["notes.txt", "Seen on the quay."]]
    box.locator(".drop").evaluate(DROP, files)
    for sent, (name, _text) in enumerate(files, start=1):
        expect(box.locator(".upload-status")).to_have_text(f"Sending “{name}” …")
        expect(progress).to_be_visible()
        while len(waiting) < sent:
            page.wait_for_timeout(50)
        waiting[sent - 1].continue_()
    status = box.locator(".upload-status li")
    refused = re.compile("“setup.exe” is of a type that cannot be kept here. Give one of: PDF, PNG")
    expect(status).to_have_text(["“decree.pdf” is stored.", refused, "“notes.txt” is stored."])
    expect(progress).to_be_hidden()
    expect(box.locator(".pieces li")).to_have_count(2)
    page.unroute("**/evidence/P1/?in-answer")

    page.locator('[name="iP1-comment"]').fill("Typed beside it.")
    box.locator("summary").click()
    box.locator(".drop input").focus()
    looked_through = Event()
    settings.EVIDENCE_SCANNER = "scoreboard.evidence.clamav.scan"
    monkeypatch.setattr(clamav, "look_through", lambda file: "" if looked_through.wait(30) else "Waited.For.Nothing")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([{"name": "law.txt", "mimeType": "text/plain", "buffer": b"A law."}])
    expect(status).to_have_text("“law.txt” is being checked …")
    expect(progress).not_to_have_attribute("value", re.compile(""))
    looked_through.set()
    expect(box.locator(".pieces li")).to_have_count(3)
    expect(box.locator(".drop input")).to_be_focused()
    expect(page.locator('[name="iP1-comment"]')).to_have_value("Typed beside it.")
    assert [piece.name for piece in Evidence.objects.order_by("pk")] == ["decree.pdf", "notes.txt", "law.txt"]


def test_last_time_is_confirmed_with_its_evidence_and_the_count_follows(visit, focal):
    before = a_cycle([focal.memberships.get().country], code="2023", opens=clock.now().date() - timedelta(days=9))
    submission = before.submissions.get()
    fill(submission, iP2=given(level=1, comment="As it was."))
    for code in ("P1", "P2"):
        attaching.add_file(submission, code, ContentFile(PDF, name=f"{code}.pdf"), by=focal)
    workflow.submit(submission, by=focal, **DECLARATION)
    workflow.accept(submission, by=an_officer(), version=submission.versions.count())
    now, page = a_cycle([submission.country]).submissions.get(), visit(focal)
    page.goto(f"/submissions/{now.pk}/areas/P/")
    count, mark = page.locator(".area-tabs [aria-current=page] .num"), page.locator(".strip .answer-mark").first
    expect(count).to_have_text("0 of 3 answered")
    page.locator('[name="iP1-confirmed"]').click()
    expect(page.locator("#evidence-P1 .pieces")).to_contain_text("carried over from Scoreboard 2023")
    expect(count).to_have_text("1 of 3 answered")
    expect(mark).to_have_class("answer-mark is-saved")
    expect(page.locator('[name="iP1-confirmed"]')).to_have_attribute("aria-pressed", "true")
    page.locator("#iP2 .before > summary").click()
    page.get_by_role("button", name="Keep this evidence").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#evidence-P2 .pieces")).to_contain_text("carried over from Scoreboard 2023")
    expect(page.locator("#iP2 .before")).to_contain_text("Attached to the answer")
    expect(count).to_have_text("1 of 3 answered")
    assert (findings(page), overflow(page)) == ([], 0)
    page.set_viewport_size({"width": 360, "height": 900})
    assert overflow(page) == 0
    page.locator('[name="iP1-cleared"]').click()
    expect(count).to_have_text("0 of 3 answered")
    expect(mark).to_have_class("answer-mark is-open")
    expect(page.locator('[name="iP1-confirmed"]')).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(count).to_have_text("0 of 3 answered")
    assert Evidence.objects.filter(answer__submission=now).count() == 2
