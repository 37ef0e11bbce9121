"""A file is dropped on the verify page: its SHA-256 is reckoned in the browser, and only that is sent."""

import base64

import pytest

from reporting.assessments import lifecycle
from reporting.pdf import assessment as pdf
from scoreboard.models import State
from tests import small_pdfs
from tests.browser.conftest import findings
from tests.factories import HARBOUR, an_edition, an_officer, submission_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DROP = """([name, content]) => {
  const file = new File([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], name);
  const held = new DataTransfer();
  held.items.add(file);
  document.querySelector("h1").dispatchEvent(
    new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
}"""


def test_a_dropped_file_is_named_and_one_changed_byte_is_none_of_ours(visit, monkeypatch):
    monkeypatch.setattr(pdf, "assessment_pdf", small_pdfs.assessment_pdf)
    monkeypatch.setattr(pdf, "unavailable", lambda: None)
    an_edition(HARBOUR)
    issue = lifecycle.consolidate(submission_at(State.ACCEPTED).cycle, by=an_officer())
    lifecycle.perform(lifecycle.request_build(issue, by=an_officer()))
    lifecycle.publish(
        issue, audience="everyone", by=an_officer(), snapshot=issue.snapshot_sha256, early="The meeting is near."
    )
    workbook = issue.products.get(kind="xlsx")
    with workbook.file.open("rb") as file:
        content = file.read()
    page = visit()
    sent = []
    page.on("request", lambda request: sent.append(request))
    page.goto("/reports/verify/")

    page.evaluate(DROP, [workbook.name, base64.b64encode(content).decode()])

    page.wait_for_selector("text=This file is ours")
    assert page.locator(".verdict .notice-title").inner_text() == "Workbook (XLSX), Scoreboard 2026, issue 1"
    assert page.locator(".verdict .hash").inner_text() == workbook.sha256
    assert findings(page) == []

    changed = bytes([*content[:-1], content[-1] ^ 1])
    page.get_by_label("Choose the file, or drop it on this page").set_input_files(
        [{"name": workbook.name, "mimeType": workbook.content_type, "buffer": changed}]
    )
    page.wait_for_selector("text=This file is none of ours")
    assert page.locator(".verdict .hash").inner_text() != workbook.sha256
    assert findings(page) == []
    assert {request.method for request in sent} == {"GET"}
    assert not [request.url for request in sent if workbook.name in request.url], "the file stays where it is"
