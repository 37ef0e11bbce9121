"""Backups: made while the portal runs, restored into an empty place, proven, and every damage found."""

import json
import random
import shutil
import sqlite3
import subprocess
import tarfile
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import connection

from mikt.operations import archives, backups, contents, databases
from mikt.operations.errors import OperationFailed
from scoreboard.activity import sealing
from scoreboard.evidence import attaching
from scoreboard.mail import outbox
from scoreboard.models import Backup, Mail, Role
from tests.factories import HARBOUR, a_country, a_person, an_edition, fill, submission_at

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(settings, tmp_path):
    """A portal with answers, a file, a mail that waits and a sealed block of the activity log."""
    settings.MEDIA_ROOT = str(tmp_path / "files")
    an_edition(HARBOUR)
    malta = a_country()
    focal = a_person(Role.FOCAL, malta)
    draft = submission_at("draft", malta)
    fill(draft)
    piece = attaching.add_file(draft, "P1", ContentFile(PNG, "photo.png"), by=focal)
    sealing.run()
    return piece


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def prove(*arguments):
    out = StringIO()
    call_command("backup", "--prove", *map(str, arguments), stdout=out)
    return out.getvalue()


def note_again(archive):
    """Write the SHA-256 of an archive anew, as somebody would who changes both."""
    digest = archives.sha256_of(archive)
    archive.with_name(f"{archive.name}.sha256").write_text(f"{digest}  {archive.name}\n")


def test_a_backup_is_proven_by_restoring_it(portal, folder, capsys):
    call_command("backup", "--to", str(folder))
    assert "NOT ENCRYPTED" in capsys.readouterr().err
    [archive] = folder.glob("*.tar")
    assert archive.stat().st_mode & 0o077 == 0
    said = prove("--to", folder)
    assert said.startswith(f"{archive.name} is proven in ")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM scoreboard_answer")
        answers = cursor.fetchone()[0]
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile(archives.MANIFEST))
        assert tar.extractfile(f"{archives.FILES}/{portal.file.name}").read() == portal.file.read()
    assert manifest["tables"]["scoreboard_answer"] == answers > 0
    assert manifest["files"][portal.file.name]["sha256"] == portal.sha256
    backup = Backup.objects.get()
    assert (backup.name, backup.is_proven, backup.encrypted) == (archive.name, True, False)
    assert backup.sha256 == archives.sha256_of(archive)


@pytest.fixture
def small(folder, tmp_path):
    """An archive with its digest and its record, of one file and of something that is no database."""
    dump, store, target = tmp_path / "dump", tmp_path / "store", folder / "portal-2026-11-29T000000Z.tar"
    (store / "evidence").mkdir(parents=True)
    (store / "evidence/photo.png").write_bytes(PNG)
    dump.write_bytes(b"rows")
    folder.mkdir()
    archives.write(target, dump, FileSystemStorage(store), {"engine": "any"})
    note_again(target)
    Backup.objects.create(name=target.name, size=1, sha256="0" * 64, encrypted=False)
    return target


def test_a_flipped_byte_anywhere_is_found(small):
    whole = small.read_bytes()
    chance = random.Random(7)  # noqa: S311 - places to try
    for place in [0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(60))]:
        small.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(OperationFailed, match=r"is not what .* says"):
            backups.prove(small)
    backup = Backup.objects.get()
    assert not backup.is_proven
    assert backup.problems == [f"{small.name} is not what {small.name}.sha256 says: one of the two was changed."]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda inside: (inside / "files/evidence/photo.png").write_bytes(b"other"), "evidence/photo.png is changed"),
        (lambda inside: (inside / "files/evidence/more.png").write_bytes(b"more"), "more.png is not in the manifest"),
        (lambda inside: (inside / "files/evidence/photo.png").unlink(), "evidence/photo.png is missing"),
        (lambda inside: (inside / "database").write_bytes(b"others"), "database is changed"),
        (lambda inside: (inside / "manifest.json").unlink(), "cannot be read as a backup"),
    ],
)
def test_a_change_whose_digest_is_written_anew_is_found_too(small, tmp_path, spoil, sentence):
    with tarfile.open(small) as tar:
        tar.extractall(tmp_path / "inside")  # noqa: S202 - ours
    spoil(tmp_path / "inside")
    with tarfile.open(small, "w") as tar:
        for path in sorted((tmp_path / "inside").iterdir()):
            tar.add(path, path.name)
    note_again(small)
    with pytest.raises(CommandError, match=sentence):
        prove(small)
    assert not Backup.objects.get().is_proven


@pytest.mark.parametrize("name", ["files/../../outside", "/outside", "files/link"])
def test_nothing_is_unpacked_outside_the_folder(small, tmp_path, name):
    member = tarfile.TarInfo(name)
    if name == "files/link":
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(small, "a") as tar:
        tar.addfile(member)
    note_again(small)
    with pytest.raises(CommandError, match=f"cannot be read as a backup: {name} is no file of a backup"):
        prove(small)
    assert not list(tmp_path.rglob("outside"))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda archive: archive.unlink(), "There is no file"),
        (lambda archive: archive.with_name(f"{archive.name}.sha256").unlink(), "is missing next to"),
        (lambda archive: (archive.write_bytes(b"no tar"), note_again(archive)), "cannot be read as a backup"),
    ],
)
def test_what_is_not_there_or_no_archive_is_named(small, spoil, sentence):
    spoil(small)
    with pytest.raises(CommandError, match=sentence):
        prove(small)


def test_rows_that_are_not_as_they_were_are_named():
    held = {"tables": {"a": 1, "b": 2}, "migrations": ["a.1"], "products": {"1": "x"}}
    assert contents.differences(held, held) == []
    assert contents.differences(held, {"tables": {"a": 1, "b": 3, "c": 0}, "migrations": [], "products": {}}) == [
        "tables b: 2 when backed up, 3 restored",
        "tables c: None when backed up, 0 restored",
        "migrations: ['a.1'] when backed up, [] restored",
        "products 1: x when backed up, None restored",
    ]


def test_an_encrypted_backup_opens_with_the_private_key_alone(portal, folder, settings, tmp_path):
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
    keys = {"public": tmp_path / "public.asc", "private": tmp_path / "private.asc"}
    subprocess.run([*gpg, "--quick-gen-key", "backups@example.org", "future-default"], check=True, capture_output=True)
    subprocess.run([*gpg, "--armor", "--output", keys["public"], "--export"], check=True)
    subprocess.run([*gpg, "--armor", "--output", keys["private"], "--export-secret-keys"], check=True)
    subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False)
    settings.BACKUP_KEY = str(keys["public"])
    call_command("backup", "--to", str(folder), stdout=StringIO())
    [archive] = folder.glob("*.tar.gpg")
    assert not list(folder.glob("*.tar"))
    assert b"scoreboard" not in archive.read_bytes()
    with pytest.raises(CommandError, match="is encrypted: give the file of the private key"):
        prove(archive)
    assert "is proven" in prove(archive, "--key", keys["private"])
    assert Backup.objects.get().is_proven


def test_it_is_restored_into_an_empty_place_and_mails_that_waited_are_set_aside(portal, folder, tmp_path):
    assert outbox.waiting().count() > 0
    archive, _backup = backups.make(folder, None)
    store = tmp_path / "restored"
    with databases.scratch(tmp_path) as url:
        arguments = ["restore", str(archive), "--database", url, "--files", str(store)]
        out = StringIO()
        call_command(*arguments, stdout=out)
        assert out.getvalue().startswith("Restored as it was on ")
        assert (store / portal.file.name).read_bytes() == portal.file.read()
        if connection.vendor == "sqlite":
            with sqlite3.connect(tmp_path / "scratch.sqlite3") as restored:
                states = restored.execute("SELECT DISTINCT state, error FROM scoreboard_mail").fetchall()
            assert [state for state, _error in states] == ["set_aside"]
            assert states[0][1].startswith("The portal was restored from a backup of 2")
        with pytest.raises(CommandError, match="is not empty: a backup is restored into an empty place"):
            call_command(*arguments)
        shutil.rmtree(store)
        with pytest.raises(CommandError, match=r"restored into an empty (place|one)\.$"):
            call_command(*arguments)
        assert not store.exists()
    assert Mail.everything.filter(state=Mail.State.WAITING).exists(), "those of the running portal go out"


def test_without_a_backup_there_is_nothing_to_prove(folder):
    with pytest.raises(CommandError, match="There is no backup in"):
        prove("--to", folder)
