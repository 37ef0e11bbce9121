"""Evidence: what is laid beside an answer, refused, taken away, read by whom, and kept by a version."""

import hashlib
import io
import struct
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoreboard import evidence_limits
from scoreboard.errors import Invalid, Locked, NotNow
from scoreboard.evidence import attaching
from scoreboard.models import Answer, Evidence, State
from scoreboard.submissions import answering, workflow
from tests.factories import DECLARATION, a_focal, a_person, entered, fill, given, submission_at
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)


def an_archive(**parts):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return archive.getvalue()


def an_office_file(kind="wordprocessingml.document.main", part="word/document.xml", **more):
    types = f'<Types><Override PartName="/{part}" ContentType="{attaching.OFFICE}{kind}+xml"/></Types>'
    return an_archive(**{"[Content_Types].xml": types, part: "<w/>"} | more)


DOCX = an_office_file()
XLSX = an_office_file("spreadsheetml.sheet.main", "xl/workbook.xml")
WORDPROCESSING = attaching.OFFICE + "wordprocessingml.document"
TYPES = f"<Types><Default ContentType = '{WORDPROCESSING}.main+xml'/></Types>"
TYPES_UTF_16 = TYPES.encode("utf-16")
MACROS = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKUP = "“notes.txt” is a web page or XML, whatever its name. Save it as PDF, and give that."
NO_TEXT = "“%s” cannot be read as text. Save it as text in UTF-8, and give that."
PROTECTED = "“law.docx” is protected with a password, so nobody here could read it. Save it without one, and give that."
ODS = an_archive(**{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<o/>"})


def a_file(content=PDF, name="decree.pdf"):
    return SimpleUploadedFile(name, content)


def on_disk():
    storage = storages["default"]
    years = storage.listdir("evidence")[0] if storage.exists("evidence") else []
    return [f"evidence/{year}/{name}" for year in years for name in storage.listdir(f"evidence/{year}")[1]]


def url(submission, rest="evidence/P1/"):
    return f"/submissions/{submission.pk}/{rest}"


@pytest.mark.parametrize(
    ("content", "name", "kind", "kept_as"),
    [
        (PDF, "Decree 12.pdf", "application/pdf", "Decree 12.pdf"),
        (PDF, "decree.exe", "application/pdf", "decree.exe.pdf"),
        (PNG, "photo.PNG", "image/png", "photo.PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40), "photo.jpeg", "image/jpeg", "photo.jpeg"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40), "photo.webp", "image/webp", "photo.webp"),
        (b"II*\x00" + bytes(40), "scan.tif", "image/tiff", "scan.tif"),
        (DOCX, "law.docx", attaching.OFFICE + "wordprocessingml.document", "law.docx"),
        (
            XLSX,
            "cases.xlsx",
            attaching.OFFICE + "spreadsheetml.sheet",
            "cases.xlsx",
        ),
        # Word on the web, and other programs, name the main part otherwise.
        (an_office_file(part="word/document2.xml"), "a.docx", WORDPROCESSING, "a.docx"),
        (an_office_file(part="Doc\\Main.xml"), "a.docx", WORDPROCESSING, "a.docx"),
        (an_archive(**{"[content_types].XML": TYPES_UTF_16, "main.xml": ""}), "a.docx", WORDPROCESSING, "a.docx"),
        (b"\x00\x01junk\r\n" + PDF + b"%%EOF\n", "scan.pdf", "application/pdf", "scan.pdf"),
        (b"<5 cases a year, said <name@example.org>", "notes.txt", "text/plain", "notes.txt"),
        (b"<https://example.org/> has the law", "notes.txt", "text/plain", "notes.txt"),
        (b"<Ministry of Environment> minutes", "notes.txt", "text/plain", "notes.txt"),
        (b"<Draft>\nText", "notes.txt", "text/plain", "notes.txt"),
        (b"<jane doe> wrote:", "notes.txt", "text/plain", "notes.txt"),
        (b"<mailto:jane@example.org> wrote:", "notes.txt", "text/plain", "notes.txt"),
        (b"<abbreviations/terms>", "notes.txt", "text/plain", "notes.txt"),
        (
            an_archive(**{"[Content_Types].xml": TYPES.replace("main+xml", "Main+XML")}),
            "a.docx",
            WORDPROCESSING,
            "a.docx",
        ),
        (b"%PDF-1.7 is what the file should begin with.", "notes.txt", "application/pdf", "notes.txt.pdf"),
        (b"Files begin with %PDF-1.7.", "notes.txt", "text/plain", "notes.txt"),
        (ODS, "cases.ods", attaching.OPEN + "spreadsheet", "cases.ods"),
        (b"year;cases\r\n2020;7\r\n", "cases.csv", "text/plain", "cases.csv"),
        ("Περιπτώσεις".encode("iso-8859-7"), "greek.txt", "text/plain", "greek.txt"),
        ("year\tcases\r\n".encode("utf-16"), "cases.txt", "text/plain", "cases.txt"),
        (b"alert(1)", "page.html", "text/plain", "page.html.txt"),
        (PDF, "../../etc/passwd", "application/pdf", "passwd.pdf"),
        (PDF, "C:\\files\\قانون.pdf", "application/pdf", "قانون.pdf"),
        (PDF, "decree\u202efdp.exe\n.pdf", "application/pdf", "decree fdp.exe .pdf"),
        (PDF, "x" * 180 + ".pdf", "application/pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_file_is_kept_by_what_it_is_and_not_by_its_name(draft, focal, content, name, kind, kept_as):
    piece = attaching.add_file(draft, "P1", a_file(content, name), by=focal)
    piece.refresh_from_db()
    assert (piece.content_type, piece.name, piece.size) == (kind, kept_as, len(content))
    assert piece.sha256 == hashlib.sha256(content).hexdigest()
    assert on_disk() == [piece.file.name]
    assert piece.file.name.rpartition("/")[2] != name
    assert piece.file.open("rb").read() == content


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "decree.pdf", "“decree.pdf” is empty. Choose the file once more."),
        (
            bytes(20 * 1024 * 1024 + 1),
            "decree.pdf",
            "“decree.pdf” is larger than 20 MB. Give a smaller file, or a link to it.",
        ),
        (b"MZ\x90\x00\x03", "decree.pdf", "“decree.pdf” is of a type that cannot be kept here."),
        (b"GIF89a\x01\x00\x01\x00", "photo.png", "“photo.png” is of a type that cannot be kept here."),
        (b"<html><script>alert(1)</script>", "notes.txt", MARKUP),
        (b'\xef\xbb\xbf \n<svg onload="alert(1)">', "notes.txt", MARKUP),
        (b"<svg:svg onload=x>", "notes.txt", MARKUP),
        (b"<svg/onload=alert(1)>", "notes.txt", MARKUP),
        (b"<IMG/src=x onerror=alert(1)>", "notes.txt", MARKUP),
        (b"<br/>", "notes.txt", MARKUP),
        (b"<p>Text", "notes.txt", MARKUP),
        (b"</p><script>alert(1)</script>", "notes.txt", MARKUP),
        (b"<iframe\tsrcdoc=x>", "notes.txt", MARKUP),
        (b"<laws year='2020'\n xmlns='urn:laws'>", "notes.txt", MARKUP),
        (b"<?xml version='1.0'?><a/>", "notes.txt", MARKUP),
        (b"<!-- a --><html>", "notes.txt", MARKUP),
        ("<!DOCTYPE html><p>".encode("utf-16"), "notes.txt", MARKUP),
        (
            OLE + bytes(600),
            "law.doc",
            "“law.doc” is in a format of old office programs (as DOC, XLS, PPT and MSG are).",
        ),
        (
            OLE + bytes(600),
            "mail.msg",
            "“mail.msg” is in a format of old office programs (as DOC, XLS, PPT and MSG are).",
        ),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "law.docx", PROTECTED),
        (
            an_archive(**{"mimetype": attaching.OPEN + "text", "META-INF/manifest.xml": "<manifest:encryption-data/>"}),
            "law.docx",
            PROTECTED,
        ),
        (
            an_archive(**{"[Content_Types].xml": MACROS}),
            "law.docm",
            "“law.docm” holds macros. Save it as a document without them, and give that.",
        ),
        (b"text\x00with nul", "notes.txt", NO_TEXT % "notes.txt"),
        (b"Written long ago.\r\n\x1a", "notes", NO_TEXT % "notes"),
        ("Cases".encode("utf-16-le"), "notes", NO_TEXT % "notes"),
        ("Cases".encode("utf-16-be"), "notes.csv", NO_TEXT % "notes.csv"),
        ("Περιπτώσεις".encode("utf-16-le"), "notes.txt", NO_TEXT % "notes.txt"),
        ("Περιπτώσεις".encode("utf-32"), "notes.txt", NO_TEXT % "notes.txt"),
        (an_archive(a="b"), "law.docx", "“law.docx” is of a type that cannot be kept here."),
        (b"PK\x03\x04 cut short", "law.docx", "“law.docx” is of a type that cannot be kept here."),
        (
            an_office_file(**{"word/vbaProject.bin": "macro"}),
            "law.docx",
            "“law.docx” holds macros. Save it as a document without them, and give that.",
        ),
        (an_archive(mimetype="application/zip"), "law.odt", "“law.odt” is of a type that cannot be kept here."),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(draft, focal, content, name, sentence):
    with pytest.raises(Invalid) as refused:
        attaching.add_file(draft, "P1", a_file(content, name), by=focal)
    assert refused.value.sentence.startswith(sentence)
    assert (Evidence.objects.count(), Answer.objects.count(), on_disk()) == (0, 0, [])


def test_a_zip_with_an_endless_table_of_contents_is_not_read(draft, focal):
    end = bytearray(DOCX)
    end[-10:-6] = struct.pack("<L", 400_000_000)
    with pytest.raises(Invalid):
        attaching.add_file(draft, "P1", a_file(bytes(end), "law.docx"), by=focal)


def test_an_answer_holds_so_many_pieces_and_none_twice(draft, focal, monkeypatch):
    monkeypatch.setattr(evidence_limits, "MAX_PIECES", 2)
    first = attaching.add_file(draft, "P1", a_file(), by=focal)
    with pytest.raises(Invalid, match=r"“copy\.pdf” is here already, as “decree\.pdf”\."):
        attaching.add_file(draft, "P1", a_file(name="copy.pdf"), by=focal)
    attaching.add_link(draft, "P1", "https://example.org/law", by=focal)
    with pytest.raises(Invalid, match=r"An answer holds at most 2 files and links\."):
        attaching.add_file(draft, "P1", a_file(PNG, "photo.png"), by=focal)
    attaching.remove(first, by=focal)
    attaching.add_file(draft, "P1", a_file(PNG, "photo.png"), by=focal)
    assert len(on_disk()) == 2


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http:/example.org",
        "www.",
    ],
)
def test_a_link_is_an_address_of_the_web(draft, focal, url):
    with pytest.raises(Invalid, match="Give the whole address of the page"):
        attaching.add_link(draft, "P1", url, by=focal)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" https://example.org/law \n", "https://example.org/law"),
        ("https://example.org/the law of 2020.pdf?a=b c", "https://example.org/the%20law%20of%202020.pdf?a=b%20c"),
        ("\ufeffhttps://exam\u00adple.org/\u200blaw\u200e", "https://example.org/law"),
        ("www.example.org/law", "https://www.example.org/law"),
        ("WWW.example.org", "https://WWW.example.org"),
        ("https://www.example.org", "https://www.example.org"),
        ("https://example.org?q=a b", "https://example.org?q=a%20b"),
        ("https://example.org#a b", "https://example.org#a%20b"),
        ("https://example.org#a b/c d?e f", "https://example.org#a%20b/c%20d?e%20f"),
        ("HTTPS://example.org:8443/a b", "HTTPS://example.org:8443/a%20b"),
        ("https://example.org/a?by=jane@example.org", "https://example.org/a?by=jane@example.org"),
    ],
)
def test_a_link_is_kept_as_a_browser_would_ask_for_it(sign_in, draft, focal, typed, kept):
    page = Page(sign_in(focal).post(url(draft), {"url": typed}, follow=True))
    assert Evidence.objects.get().url == kept
    assert (f"The address is kept as “{kept}”." in page.text) == (typed.strip() != kept)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("https://ana:secret@example.org/", "The address holds a user name or a password (before the @)."),
        ("https://ana@example.org/", "The address holds a user name or a password (before the @)."),
        ("https://intranet/laws", "“intranet” is no address on the web: others cannot open it."),
        ("http://localhost:8000/", "“localhost:8000” is no address on the web: others cannot open it."),
        ("https://www.", "“www.” is no address on the web: others cannot open it."),
        ("https://www.example/", "“www.example” is no address on the web: others cannot open it."),
        ("https://exa mple.org/", "“exa mple.org” is no address on the web"),
        ("http://a b", "“a b” is no address on the web"),
        ("https://1.1/", "“1.1” is no address on the web"),
        ("http://www..org", "“www..org” is no address on the web"),
        ("https://[x", "“[x” is no address on the web"),
        ("https://example.org:99999999/", "“example.org:99999999” is no address on the web"),
        ("https://https://example.org/", "“https:” is no address on the web"),
        ("https://a:b%40example.org", "The address holds a user name or a password (before the @)."),
        ("https://", "The address names no website after “//”."),
        ("http:///x", "The address names no website after “//”."),
        ("https://example.org/" + "a" * 3000, "The address is longer than 1000 characters."),
    ],
)
def test_a_link_that_is_refused_says_truly_why(draft, focal, typed, sentence):
    with pytest.raises(Invalid) as refused:
        attaching.add_link(draft, "P1", typed, by=focal)
    assert refused.value.sentence.startswith(sentence)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "XMLHttpRequest"}])
def test_a_file_kept_under_another_name_says_so(sign_in, draft, focal, headers):
    files = [a_file(b"alert(1)", "page.html"), a_file()]
    response = sign_in(focal).post(url(draft), {"files": files}, headers=headers, follow=True)
    text = Page(response).text if not headers else response.content.decode()
    assert "“page.html” is kept as “page.html.txt”." in text
    assert "“decree.pdf” is kept" not in text


def test_evidence_can_precede_the_answer_and_harms_no_save(draft, focal):
    attaching.add_file(draft, "P1", a_file(), by=focal)
    assert (Answer.objects.get().revision, Answer.objects.complete().count()) == (0, 0)
    outcome = answering.save_answers(draft, {"P1": given(level=2)}, by=focal, seen={})
    assert outcome.saved == ["P1"]
    assert Answer.objects.get().revision == 1


def test_a_scanner_may_refuse(draft, focal, settings, monkeypatch):
    def scan(file):
        if b"virus" in file.read():
            raise Invalid("This file holds a virus.")

    monkeypatch.setattr(attaching, "scan", scan, raising=False)
    settings.EVIDENCE_SCANNER = "scoreboard.evidence.attaching.scan"
    with pytest.raises(Invalid, match=r"This file holds a virus\."):
        attaching.add_file(draft, "P1", a_file(b"a virus", "notes.txt"), by=focal)
    piece = attaching.add_file(draft, "P1", a_file(), by=focal)
    assert piece.file.open("rb").read() == PDF


def test_who_may_lay_and_when(focal, greece, officer, analyst):
    returned = submission_at(State.RETURNED)
    for stranger in (a_focal(greece), analyst, a_person("contributor", returned.country)):
        with pytest.raises(PermissionDenied):
            attaching.add_file(returned, "P2", a_file(), by=stranger)
    assert attaching.add_file(returned, "P2", a_file(), by=focal).on_behalf is False
    with pytest.raises(NotNow):
        attaching.add_link(returned, "P2", "https://example.org/", "Law", by=officer)
    piece = attaching.add_link(entered(returned), "P2", "https://example.org/", "Law", by=officer)
    assert piece.on_behalf is True
    workflow.submit(returned, by=focal, **DECLARATION)
    for act in (
        lambda: attaching.add_file(returned, "P2", a_file(PNG), by=focal),
        lambda: attaching.add_link(returned, "P2", "https://example.org/2", by=focal),
        lambda: attaching.remove(piece, by=focal),
    ):
        with pytest.raises(Locked):
            act()
    assert len(on_disk()) == 1


def test_a_version_says_which_evidence_it_rested_on(draft, focal):
    file = attaching.add_file(draft, "P1", a_file(), by=focal)
    attaching.add_link(draft, "P1", "https://example.org/law", "The law", by=focal)
    gone = attaching.add_file(draft, "P1", a_file(PNG, "photo.png"), by=focal)
    attaching.remove(gone, by=focal)
    attaching.remove(gone, by=focal)
    fill(draft)
    workflow.submit(draft, by=focal, **DECLARATION)
    by_code = {answer["code"]: answer["evidence"] for answer in draft.versions.get().answers}
    assert by_code["P1"] == [
        {"id": file.pk, "name": "decree.pdf", "size": len(PDF), "sha256": file.sha256},
        {"id": file.pk + 1, "name": "The law", "url": "https://example.org/law"},
    ]
    assert by_code["P2"] == []


class TestPages:
    """The page of an answer's evidence, and the files that it serves."""

    def test_several_files_at_once_and_those_refused(self, sign_in, focal, draft):
        files = [a_file(), a_file(b"MZ\x00", "setup.exe"), a_file(PNG, "photo.png")]
        page = Page(sign_in(focal).post(url(draft), {"files": files}))
        assert page.h1 == "Evidence for P1"
        assert "“setup.exe” is of a type that cannot be kept here." in page.text
        assert "2 files and links added." in page.text
        assert [piece.name for piece in Evidence.objects.all()] == ["decree.pdf", "photo.png"]
        assert hashlib.sha256(PNG).hexdigest() in page.text

    def test_a_link_stands_on_the_area_page_and_is_removed_there(self, sign_in, focal, draft):
        client = sign_in(focal)
        client.post(url(draft), {"url": "https://example.org/law", "name": "The law"})
        area = Page(client.get(url(draft, "areas/P/")))
        assert area.links["The law (link, opens in a new window)"] == "https://example.org/law"
        piece = Evidence.objects.get()
        address = url(draft, f"evidence/P1/{piece.pk}/remove/")
        assert Page(client.get(address)).h1 == "Remove this evidence?"
        page = Page(client.post(address, follow=True))
        assert "“The law” is removed." in page.text
        assert "Nothing is attached to this answer yet." in page.text
        piece.refresh_from_db()
        assert piece.removed_by == focal
        assert client.get(address).status_code == 404

    def test_an_upload_by_script_gets_the_list_alone(self, sign_in, focal, draft):
        client = sign_in(focal)
        headers = {"X-Requested-With": "XMLHttpRequest"}
        response = client.post(url(draft) + "?in-answer", {"files": [a_file()]}, headers=headers)
        assert 'id="evidence-P1"' in response.content.decode()
        assert "decree.pdf" in response.content.decode()
        assert "<html" not in response.content.decode()
        refused = client.post(url(draft) + "?in-answer", {"files": [a_file()]}, headers=headers)
        assert "<li>“decree.pdf” is here already, as “decree.pdf”.</li>" in refused.content.decode()

    def test_nothing_chosen(self, sign_in, focal, draft):
        page = Page(sign_in(focal).post(url(draft), {"url": " "}))
        assert "Choose a file, or give the address of a page." in page.text

    def test_where_the_pen_is_elsewhere(self, sign_in, focal):
        submitted = submission_at(State.SUBMITTED)
        client = sign_in(focal)
        assert "This evidence cannot be changed now" in Page(client.get(url(submitted))).text
        page = Page(client.post(url(submitted), {"files": [a_file()]}))
        assert "This submission is with the Secretariat." in page.text
        assert not Evidence.objects.exists()

    @pytest.mark.parametrize(
        ("content", "name", "disposition"),
        [
            (PNG, 'ph\'oto "1".png', "inline"),
            (PDF, "décret.pdf", "inline"),
            (DOCX, "law.docx", "attachment"),
            (b"text", "notes.csv", "attachment"),
        ],
    )
    def test_a_file_is_served_so_that_it_can_do_no_harm(self, sign_in, focal, draft, content, name, disposition):
        piece = attaching.add_file(draft, "P1", a_file(content, name), by=focal)
        response = sign_in(focal).get(url(draft, f"files/{piece.pk}/"))
        assert b"".join(response.streaming_content) == content
        assert response["Content-Type"] == piece.content_type
        assert response["Content-Disposition"].startswith(disposition)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        assert "no-store" in response["Cache-Control"]
        kept = sign_in(focal).get(url(draft, f"files/{piece.pk}/?download"))
        assert kept["Content-Disposition"].startswith("attachment")

    def test_who_reads_a_file(self, sign_in, focal, greece, officer, analyst, observer, draft):
        piece = attaching.add_file(draft, "P1", a_file(), by=focal)
        link = attaching.add_link(draft, "P1", "https://example.org/", by=focal)
        address = url(draft, f"files/{piece.pk}/")
        nobody = [a_focal(greece), observer, a_person("contributor", draft.country), a_person(is_staff=True)]

        def statuses(*people):
            return [sign_in(person).get(address).status_code for person in people]

        assert statuses(focal, officer, analyst, *nobody) == [200, 404, 404, 404, 404, 404, 404]
        fill(draft)
        workflow.submit(draft, by=focal, **DECLARATION)
        assert statuses(focal, officer, analyst, *nobody) == [200, 200, 200, 404, 404, 404, 404]
        foreign = draft.cycle.submissions.create(country=greece)
        assert sign_in(officer).get(url(foreign, f"files/{piece.pk}/")).status_code == 404
        assert sign_in(officer).get(url(draft, f"files/{link.pk}/")).status_code == 404

    def test_a_removed_file_is_read_only_where_a_version_names_it(self, sign_in, focal, officer, draft):
        early = attaching.add_file(draft, "P1", a_file(PNG, "photo.png"), by=focal)
        attaching.remove(early, by=focal)
        named = attaching.add_file(draft, "P1", a_file(), by=focal)
        fill(draft)
        workflow.submit(draft, by=focal, **DECLARATION)
        workflow.return_for_changes(draft, by=officer, comment="Which decree?", version=1)
        attaching.remove(named, by=focal)
        client = sign_in(officer)
        assert client.get(url(draft, f"files/{early.pk}/")).status_code == 404
        assert client.get(url(draft, f"files/{named.pk}/")).status_code == 200
        version = Page(client.get(url(draft, "versions/1/")))
        assert version.links["decree.pdf"] == url(draft, f"files/{named.pk}/")

    def test_the_reviewer_sees_what_changed_since_the_version_before(self, sign_in, focal, officer, draft):
        early = attaching.add_file(draft, "P1", a_file(), by=focal)
        fill(draft)
        workflow.submit(draft, by=focal, **DECLARATION)
        workflow.return_for_changes(draft, by=officer, comment="Which decree?", version=1)
        attaching.remove(early, by=focal)
        attaching.add_link(draft, "P2", "https://example.org/law", by=focal)
        workflow.submit(draft, by=focal, **DECLARATION)
        page = Page(sign_in(officer).get(f"/review/{draft.pk}/areas/P/"))
        assert "Changed since the version before 2" in page.text
        assert "The evidence was: Evidence never published decree.pdf" in page.text
        assert "There was no evidence." in page.text

    @pytest.mark.parametrize(
        "address", ["submissions/{}/areas/P/", "submissions/{}/evidence/P1/", "review/{}/areas/P/"]
    )
    def test_more_evidence_costs_no_more_queries(self, sign_in, focal, officer, draft, address):
        client, cost = sign_in(officer), []
        for pieces in (1, 2):
            for code in ("P1", "P2"):
                attaching.add_file(draft, code, a_file(PDF + bytes([pieces]), f"{pieces}.pdf"), by=focal)
            client.get("/" + address.format(draft.pk))
            with CaptureQueriesContext(connection) as queries:
                client.get("/" + address.format(draft.pk))
            cost.append(len(queries))
        assert cost[0] == cost[1]

    def test_the_reviewer_sees_it(self, sign_in, focal, officer, draft):
        piece = attaching.add_file(draft, "P1", a_file(DOCX, "law.docx"), by=focal)
        fill(draft)
        workflow.submit(draft, by=focal, **DECLARATION)
        page = Page(sign_in(officer).get(f"/review/{draft.pk}/areas/P/"))
        assert page.links["law.docx"] == url(draft, f"files/{piece.pk}/")
