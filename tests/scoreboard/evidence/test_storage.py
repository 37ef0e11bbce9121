"""The store of evidence: how much it takes, what becomes of a disk that fails, and of files that changed meanwhile."""

import errno
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.urls import reverse

from reporting.assessments import lifecycle
from reporting.models import Assessment, Product
from reporting.pdf import assessment as pdf
from scoreboard import contributors, evidence_limits
from scoreboard.errors import Invalid
from scoreboard.evidence import attaching
from scoreboard.models import Answer, Evidence, State, Suggestion, User
from scoreboard.submissions import answering, previous_cycle
from tests import small_pdfs
from tests.factories import a_cycle, a_focal, a_part, given, submission_at
from tests.pages import Page
from tests.scoreboard.evidence.test_attaching import PDF, PNG, a_file, on_disk, url
from tests.scoreboard.submissions.test_previous_cycle import accepted

pytestmark = pytest.mark.usefixtures("harbour")


def a_text(letter: str, size: int):
    return a_file(letter.encode() * size, f"{letter}.txt")


class TestQuota:
    """A submission has room for so many bytes, whoever adds them, and says how many are left."""

    @pytest.fixture(autouse=True)
    def quota(self, settings):
        settings.EVIDENCE_QUOTA = 1000

    def test_files_of_answers_and_suggestions_count_and_removed_ones_too(self, draft, focal):
        part = a_part(draft, by=focal, area="Q")
        colleague = User.objects.get(pk=part.person_id)
        contributors.suggest_file(part, "Q2", a_text("a", 300), by=colleague)
        removed = attaching.add_file(draft, "P1", a_text("b", 300), by=focal)
        attaching.remove(removed, by=focal)
        attaching.add_link(draft, "P1", "https://example.org/law", by=focal)
        assert evidence_limits.left(draft) == 400
        stored = on_disk()
        sentence = (
            r"“c\.txt” does not fit: of the 1000\xa0bytes for all files of this submission, 400\xa0bytes are left\. "
            r"Give a smaller file, or a link to it\."
        )
        with pytest.raises(Invalid, match=sentence):
            attaching.add_file(draft, "P2", a_text("c", 401), by=focal)
        with pytest.raises(Invalid, match=sentence):
            contributors.suggest_file(part, "Q2", a_text("c", 401), by=colleague)
        assert on_disk() == stored
        attaching.add_file(draft, "P2", a_text("c", 400), by=focal)
        assert evidence_limits.left(draft) == 0
        attaching.add_link(draft, "P2", "https://example.org/law", by=focal)  # a link needs no room

    def test_a_file_that_does_not_fit_is_refused_before_it_is_looked_at(self, draft, focal, settings, monkeypatch):
        monkeypatch.setattr(attaching, "check_file", None)
        with pytest.raises(Invalid, match="does not fit"):
            attaching.add_file(draft, "P1", a_text("a", 1001), by=focal)

    def test_what_is_adopted_counts_once(self, draft, focal):
        part = a_part(draft, by=focal, area="Q")
        piece = contributors.suggest_file(part, "Q2", a_text("a", 600), by=User.objects.get(pk=part.person_id))
        contributors.adopt(Suggestion.objects.get(), by=focal, seen=0, pieces={piece.pk})
        assert Answer.objects.get(indicator__code="Q2").evidence.get() == piece
        assert evidence_limits.left(draft) == 400

    def test_the_page_says_what_is_left(self, sign_in, draft, focal):
        attaching.add_file(draft, "P1", a_text("a", 300), by=focal)
        said = (
            "Of the 1000 bytes for all files of this submission, 700 bytes are left; "
            "suggested and removed files count too."
        )
        assert said in Page(sign_in(focal).get(url(draft))).text.replace("\xa0", " ")
        part = a_part(draft, by=focal, area="Q")
        page = Page(sign_in(User.objects.get(pk=part.person_id)).get(f"/contributions/{part.pk}/Q2/evidence/"))
        assert said in page.text.replace("\xa0", " ")

    def test_500_mb_unless_the_operator_says_otherwise(self):
        from mikt import settings

        assert settings.EVIDENCE_QUOTA == 500 * 1024 * 1024


class TestCarryingOver:
    """Evidence of last time comes along as far as an answer and the submission have room for it."""

    @pytest.fixture
    def now(self, malta):
        accepted(malta, decree=True)
        return a_cycle([malta]).submissions.get()

    def confirm(self, now, code="P1"):
        values = previous_cycle.settled(now, {code: given(confirmed=True)})
        return answering.save_answers(now, values, by=a_focal(now.country), seen={})

    def test_no_change_obeys_the_limit_of_pieces(self, now, focal, monkeypatch):
        monkeypatch.setattr(evidence_limits, "MAX_PIECES", 2)
        mine = attaching.add_file(now, "P1", a_file(PNG, "photo.png"), by=focal)
        told = self.confirm(now).problems["P1"].sentence
        assert told == (
            "P1: with last time’s evidence there would be 3 files and links, and an answer holds at most 2. "
            "Remove some first."
        )
        answer = now.answers.get()
        assert (answer.kind, answer.evidence.count()) == ("", 1)
        attaching.remove(mine, by=focal)
        assert self.confirm(now).saved == ["P1"]
        assert now.answers.get().evidence.present().count() == 2

    def test_no_change_obeys_the_quota(self, now, settings):
        settings.EVIDENCE_QUOTA = len(PDF) - 10
        told = self.confirm(now).problems["P1"].sentence
        assert told.startswith("P1: last time’s evidence does not fit: of the ")
        assert not Evidence.objects.filter(answer__submission=now).exists()

    def test_a_single_piece_obeys_both(self, now, focal, settings, monkeypatch):
        file, link = Evidence.objects.order_by("pk")
        settings.EVIDENCE_QUOTA = len(PDF) - 10
        with pytest.raises(Invalid, match="does not fit"):
            attaching.carry_over(now, "P1", file.pk, by=focal)
        attaching.carry_over(now, "P1", link.pk, by=focal)
        settings.EVIDENCE_QUOTA = 10_000
        monkeypatch.setattr(evidence_limits, "MAX_PIECES", 1)
        with pytest.raises(Invalid, match="an answer holds at most 1"):
            attaching.carry_over(now, "P1", file.pk, by=focal)
        assert attaching.carry_over(now, "P1", link.pk, by=focal) == []  # twice is harmless

    def test_the_quota_holds_over_several_answers_of_one_save(self, malta, focal, settings, monkeypatch):
        add_link = attaching.add_link  # the earlier cycle gets a second file, on P2, in place of a link
        monkeypatch.setattr(
            attaching,
            "add_link",
            lambda submission, *_others, by: attaching.add_file(submission, "P2", a_file(PDF + b"2"), by=by),
        )
        accepted(malta, decree=True)
        monkeypatch.setattr(attaching, "add_link", add_link)
        now = a_cycle([malta]).submissions.get()
        settings.EVIDENCE_QUOTA = len(PDF) + 5
        values = previous_cycle.settled(now, {code: given(confirmed=True) for code in ("P1", "P2")})
        outcome = answering.save_answers(now, values, by=focal, seen={})
        assert (outcome.saved, list(outcome.problems)) == (["P1"], ["P2"])
        assert evidence_limits.used(now) <= settings.EVIDENCE_QUOTA


class TestFailingDisk:
    """An upload that fails half-way is a sentence, and leaves nothing behind."""

    @pytest.fixture(params=[errno.ENOSPC, errno.EROFS, errno.EACCES])
    def failing(self, request, monkeypatch):
        """Let the disk fail once half of a file is written."""
        whole = FileSystemStorage._save

        def half(storage, name, content):
            path = Path(storage.path(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read()[:10])
            raise OSError(request.param, "no")

        monkeypatch.setattr(FileSystemStorage, "_save", half)
        return lambda: monkeypatch.setattr(FileSystemStorage, "_save", whole)

    def test_beside_an_answer(self, sign_in, draft, focal, failing):
        client = sign_in(focal)
        page = Page(client.post(url(draft), {"files": [a_file()]}))
        assert "“decree.pdf” could not be stored: the server cannot write it now. Tell the administrator" in page.text
        assert (Evidence.objects.count(), Answer.objects.count(), on_disk()) == (0, 0, [])
        failing()
        client.post(url(draft), {"files": [a_file()]})
        assert Evidence.objects.get().file.open("rb").read() == PDF

    def test_with_a_suggestion(self, sign_in, draft, focal, failing):
        part = a_part(draft, by=focal, area="Q")
        client = sign_in(User.objects.get(pk=part.person_id))
        page = Page(client.post(f"/contributions/{part.pk}/Q2/evidence/", {"files": [a_file()]}))
        assert "“decree.pdf” could not be stored: the server cannot write it now." in page.text
        assert (Evidence.objects.count(), Suggestion.objects.count(), on_disk()) == (0, 0, [])

    def test_a_folder_that_cannot_be_written(self, sign_in, draft, focal, settings, tmp_path):
        (tmp_path / "a file").write_text("")
        settings.MEDIA_ROOT = str(tmp_path / "a file")
        page = Page(sign_in(focal).post(url(draft), {"files": [a_file()]}))
        assert "“decree.pdf” could not be stored" in page.text
        assert (Evidence.objects.count(), Answer.objects.count()) == (0, 0)


def remove(path: Path) -> None:
    path.unlink()


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def block(path: Path) -> None:
    """In its place is something that no program can read as a file."""
    path.unlink()
    path.mkdir()


FAULTS = [(remove, "missing"), (change, "changed"), (block, "unreadable")]
SAID = {"missing": "is missing from the store", "changed": "is not the one that was", "unreadable": "cannot be read"}


@pytest.mark.parametrize(("spoil", "what"), FAULTS)
class TestSpoiltFiles:
    """A stored file that is not what it was is noticed when somebody asks for it, and by a command."""

    def test_evidence(self, sign_in, draft, focal, spoil, what):
        piece = attaching.add_file(draft, "P1", a_file(PNG, "photo.png"), by=focal)
        attaching.add_file(draft, "P2", a_file(), by=focal)
        spoil(Path(piece.file.path))
        client = sign_in(focal)
        for query in ("", "?download"):
            response = client.get(url(draft, f"files/{piece.pk}/{query}"))
            assert response.status_code == 409
            assert f"photo.png” {SAID[what]}" in Page(response).text
        assert client.get(url(draft)).status_code == 200

        out = StringIO()
        with pytest.raises(CommandError, match=r"^1 of 2 stored files are not as they were stored\.$"):
            call_command("check_files", stdout=out)
        assert out.getvalue() == f"{piece.file.name}: {what} (Malta · Scoreboard 2026, P1: photo.png)\n"

    def test_a_suggested_file(self, sign_in, draft, focal, spoil, what):
        part = a_part(draft, by=focal, area="Q")
        colleague = User.objects.get(pk=part.person_id)
        piece = contributors.suggest_file(part, "Q2", a_file(), by=colleague)
        spoil(Path(piece.file.path))
        response = sign_in(colleague).get(f"/contributions/{part.pk}/files/{piece.pk}/")
        assert (response.status_code, SAID[what] in Page(response).text) == (409, True)

    def test_a_product(self, client, focal, officer, monkeypatch, spoil, what):
        monkeypatch.setattr(pdf, "assessment_pdf", small_pdfs.assessment_pdf)
        submission = submission_at(State.ACCEPTED)
        issue = lifecycle.consolidate(submission.cycle, by=officer, public=True)
        lifecycle.perform(lifecycle.request_build(issue, by=officer, document_number="Doc.7"))
        issue = Assessment.objects.get(pk=issue.pk)
        read = {"snapshot": issue.snapshot_sha256, "early": "The meeting is near."}
        issue = lifecycle.publish(issue, audience="everyone", by=officer, **read)
        product = Product.objects.get(assessment=issue, kind=Product.Kind.PDF)
        call_command("check_files", stdout=StringIO())
        spoil(Path(product.file.path))
        response = client.get(reverse("report_pdf", args=[issue.pk]))
        assert (response.status_code, SAID[what] in Page(response).text) == (409, True)
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("check_files", stdout=out)
        assert out.getvalue() == f"{product.file.name}: {what} ({product})\n"


def test_files_that_are_whole(draft, focal):
    attaching.add_file(draft, "P1", a_file(), by=focal)
    attaching.add_link(draft, "P1", "https://example.org/law", by=focal)
    out = StringIO()
    call_command("check_files", stdout=out)
    assert out.getvalue() == "1 stored files are as they were stored.\n"
