"""The receipt: what it tells, that it stays true, and that it says where it does not."""

from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from scoreboard.errors import Invalid
from scoreboard.evidence import attaching
from scoreboard.mail import outbox
from scoreboard.models import State, Version
from scoreboard.submissions import answering, receipts, workflow
from tests.factories import DECLARATION, HARBOUR, a_cycle, afresh, an_edition, an_officer, fill, given, submission_at

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def module_submitted(module_db):
    an_edition(HARBOUR)
    return submission_at(State.SUBMITTED)


@pytest.fixture
def submitted(module_submitted, db):
    return afresh(module_submitted)


@pytest.fixture
def version(submitted):
    return submitted.versions.get()


def as_text(version):
    """Return the receipt as somebody copies it from the page."""
    digests = [
        f"{line.label}\t{line.digest}\tLevel {line.content['level']}" for line in receipts.lines(version.answers)
    ]
    return "\n".join([f"SHA-256 of all answers\n{version.digest}", *digests])


def tamper(version, code):
    """Change an answer of a version behind the portal's back."""
    answers = version.answers
    next(says for says in answers if says["code"] == code)["comment"] = "Never said."
    Version.objects.filter(pk=version.pk).update(answers=answers)


def test_the_page_tells_time_version_declaration_and_every_digest(sign_in, focal, submitted, version):
    text = sign_in(focal).get(f"/submissions/{submitted.pk}/receipts/1/").content.decode()
    assert "Receipt of version 1" in text
    assert "Dr. A. Person, Head of unit" in text
    assert version.digest in text
    assert all(line.digest in text for line in receipts.lines(version.answers))
    assert len({line.digest for line in receipts.lines(version.answers)}) == len(version.answers)


def test_the_mail_links_to_the_receipt(sign_in, focal, submitted):
    workflow.return_for_changes(
        submitted, by=an_officer(), comment="Please correct it.", version=submitted.versions.count()
    )
    workflow.submit(submitted, by=focal, **DECLARATION)
    outbox.send_due()
    [letter] = [m for m in mail.outbox if "are submitted" in m.subject and "receipts/2/" in m.body]
    assert f"http://localhost:8000/submissions/{submitted.pk}/receipts/2/\n" in letter.body


@pytest.mark.parametrize("holds", [lambda v: v.digest, lambda v: f"SHA-256: {v.digest.upper()}.", as_text])
def test_a_true_receipt_matches_its_version(submitted, version, holds):
    verdict = receipts.check(submitted, holds(version))
    assert (verdict.matches, verdict.version, verdict.since) == (True, version, [])
    assert verdict.sentence == "The receipt matches version 1. The answers are still the same."


def test_what_changed_since_is_named(focal, submitted, version):
    workflow.recall(submitted, by=focal)
    answering.save_answers(submitted, {"P2": given(comment="More.")}, by=focal, seen={"P2": 1})
    verdict = receipts.check(submitted, "\u200b".join(version.digest))
    assert verdict.sentence == "The receipt matches version 1. Changed since: P2."


def test_a_version_changed_in_the_database_differs_where_it_was_changed(submitted, version):
    held = as_text(version)
    tamper(version, "P2")
    verdict = receipts.check(submitted, held)
    assert (verdict.matches, verdict.differing) == (False, ["P2"])
    assert verdict.sentence == "The receipt differs from version 1 in P2."
    assert receipts.check(submitted, version.digest).sentence == "No version of this submission has this digest."


def test_a_forged_line_differs(submitted, version):
    line = receipts.lines(version.answers)[0]
    verdict = receipts.check(submitted, as_text(version).replace(line.digest, "0" * 64))
    assert (verdict.matches, verdict.differing) == (False, [line.label])


def test_a_file_that_is_gone_or_another_one_is_named(sign_in, focal, malta, settings):
    draft = a_cycle([malta], code="2025").submissions.get()
    fill(draft)
    pieces = [
        attaching.add_file(draft, "P1", ContentFile(text, name="act.txt"), by=focal) for text in (b"One.", b"Two.")
    ]
    workflow.submit(draft, by=focal, **DECLARATION)
    version = draft.versions.get()
    assert receipts.check(draft, version.digest).matches
    assert pieces[0].sha256 in sign_in(focal).get(f"/submissions/{draft.pk}/receipts/1/").content.decode()
    folder = Path(settings.MEDIA_ROOT)
    (folder / pieces[0].file.name).write_text("Another one.")
    (folder / pieces[1].file.name).unlink()
    verdict = receipts.check(draft, version.digest)
    assert (verdict.matches, verdict.lost) == (False, ["act.txt", "act.txt"])
    assert verdict.sentence == ("Of version 1 these files are not stored as they were submitted: act.txt, act.txt.")


@pytest.mark.parametrize("text", ["", "abc", "f" * 63, "f" * 65])
def test_without_a_digest_the_remedy_is_told(submitted, text):
    with pytest.raises(Invalid, match="Paste the receipt or its digest"):
        receipts.check(submitted, text)


class TestPage:
    def test_it_tells_whether_a_pasted_digest_is_still_true(self, sign_in, focal, submitted, version):
        client, address = sign_in(focal), f"/submissions/{submitted.pk}/receipts/"
        assert b"It matches" in client.post(address, {"receipt": version.digest}).content
        assert b"It does not match" in client.post(address, {"receipt": "0" * 64}).content
        assert b"<title>Error: " in client.post(address, {"receipt": "nothing"}).content

    def test_before_the_first_version(self, sign_in, focal, malta):
        draft = a_cycle([malta], code="2025").submissions.get()
        assert b"No receipt yet" in sign_in(focal).get(f"/submissions/{draft.pk}/receipts/").content
        assert sign_in(focal).get(f"/submissions/{draft.pk}/receipts/1/").status_code == 404


class TestCommand:
    def run(self, *words):
        out = StringIO()
        call_command("check_receipt", *words, stdout=out)
        return out.getvalue()

    def test_it_matches(self, submitted, version, tmp_path):
        file = tmp_path / "receipt.txt"
        file.write_text(as_text(version))
        said = "The receipt matches version 1. The answers are still the same.\n"
        assert self.run("2026", "mt", version.digest) == self.run("2026", "MT", str(file), "--number", "1") == said

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["2026", "MT", "0" * 64], "No version"),
            (["2026", "MT", "nothing"], "Paste"),
            (["2026", "XX", "0" * 64], "There is no submission"),
        ],
    )
    def test_it_ends_in_an_error_otherwise(self, submitted, words, said):
        with pytest.raises(CommandError, match=said):
            self.run(*words)

    def test_it_names_what_differs(self, submitted, version, tmp_path):
        file = tmp_path / "receipt.txt"
        file.write_text(as_text(version))
        tamper(version, "P2")
        with pytest.raises(CommandError, match=r"differs from version 1 in P2\."):
            self.run("2026", "MT", str(file))
