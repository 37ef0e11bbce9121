"""Where answers entered on a country's behalf come from: a note, the scan of the paper, and who reads them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from scoreboard import evidence_limits
from scoreboard.errors import Invalid, Locked, NotNow
from scoreboard.evidence import paper
from scoreboard.models import ActivityEntry, PaperSource, Role
from scoreboard.submissions import workflow
from tests import small_pdfs
from tests.factories import DECLARATION, a_country, a_focal, a_person, entered, fill
from tests.pages import Page

NOTE = "Questionnaire on paper, signed by the director, of 3 March."


def a_scan(name="paper.pdf"):
    return ContentFile(small_pdfs.PDF, name=name)


def url(draft):
    return reverse("submission_source", args=[draft.pk])


def test_an_officer_who_enters_keeps_the_source_and_the_country_reads_it(draft, officer, focal, sign_in):
    entered(draft)
    desk = sign_in(officer)
    overview = Page(desk.get(reverse("submission", args=[draft.pk])))
    assert overview.links["Say where they come from, and add the scan"] == url(draft)
    scan = SimpleUploadedFile("paper.pdf", small_pdfs.PDF)
    assert desk.post(url(draft), {"note": NOTE, "scan": scan}).status_code == 302
    history = Page(sign_in(focal).get(reverse("submission_history", args=[draft.pk])))
    assert NOTE in history.text
    response = sign_in(focal).get(history.links["paper.pdf"])
    assert b"".join(response.streaming_content) == small_pdfs.PDF
    taken = ActivityEntry.objects.get(verb="download_evidence")
    source = PaperSource.objects.get()
    assert (taken.by, taken.submission, taken.detail) == (focal, draft, f"scan, {source.pk}")
    entry = draft.transitions.last()
    assert (entry.step, entry.by, entry.on_behalf) == ("add_source", officer, True)


def test_nobody_else_reads_it(draft, officer, analyst, observer, sign_in):
    entered(draft)
    source = paper.add_source(draft, NOTE, a_scan(), by=officer)
    address = reverse("submission_scan", args=[draft.pk, source.pk])
    greek = a_focal(a_country("GR"))
    contributor = a_person(Role.CONTRIBUTOR, draft.country)
    assert [sign_in(person).get(address).status_code for person in (analyst, observer, greek, contributor)] == [404] * 4
    assert sign_in(a_person(Role.SECRETARIAT)).get(address).status_code == 200
    assert NOTE not in Page(sign_in(analyst).get(reverse("submission_history", args=[draft.pk]))).text


def test_a_source_is_for_what_is_entered_on_behalf(draft, officer, focal):
    with pytest.raises(NotNow, match="Open them on its behalf first"):
        paper.add_source(draft, NOTE, by=officer)
    with pytest.raises(PermissionDenied):
        paper.add_source(draft, NOTE, by=focal)
    entered(draft)
    fill(draft)
    workflow.submit(draft, by=focal, **DECLARATION)
    with pytest.raises(Locked):
        paper.add_source(draft, NOTE, by=officer)
    assert not PaperSource.objects.exists()


@pytest.mark.parametrize(
    ("note", "scan", "sentence"),
    [
        (" ", None, "Say where the answers come from."),
        (NOTE, ("paper.pdf", b"MZ\x90\x00 a program"), "paper.pdf"),
        (NOTE, ("paper.pdf", b""), "This file is empty."),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is(note, scan, sentence, draft, officer, sign_in):
    entered(draft)
    before = draft.transitions.count()
    sent = {"note": note} | ({"scan": SimpleUploadedFile(*scan)} if scan else {})
    page = Page(sign_in(officer).post(url(draft), sent))
    assert sentence in page.text
    assert (PaperSource.objects.count(), draft.transitions.count()) == (0, before)


def test_a_scan_counts_into_the_room_of_the_submission_and_is_checked_with_the_stored_files(
    draft, officer, settings, capsys
):
    entered(draft)
    source = paper.add_source(draft, NOTE, a_scan(), by=officer)
    assert evidence_limits.used(draft) == len(small_pdfs.PDF)
    settings.EVIDENCE_QUOTA = len(small_pdfs.PDF) + 1
    with pytest.raises(Invalid, match="does not fit"):
        paper.add_source(draft, NOTE, a_scan("more.pdf"), by=officer)
    call_command("check_files")
    assert "1 stored files are as they were stored." in capsys.readouterr().out
    assert source.file.name.startswith("evidence/")


def test_without_a_scan_the_note_is_enough(draft, officer, focal, sign_in):
    entered(draft)
    paper.add_source(draft, NOTE, by=officer)
    page = Page(sign_in(focal).get(reverse("submission_history", args=[draft.pk])))
    assert "Sources of what was entered on behalf" in page.text
