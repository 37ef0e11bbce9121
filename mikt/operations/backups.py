"""Making a backup, restoring it into an empty place, and proving it by restoring it for trying."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db import connection

from mikt.health import version
from mikt.operations import archives, contents, databases
from mikt.operations.errors import OperationFailed
from scoreboard import clock
from scoreboard.models import Backup, Mail

RESTORED = (
    "The portal was restored from a backup of {at}: it may have been sent since. Send it again only if it was not."
)


def make(folder: Path, key: Path | None) -> tuple[Path, Backup]:
    """Write an archive of the database and all files into `folder`; return its path and the record of it.

    With `key`, a file with a GnuPG public key, it is encrypted. Next to it is a file with its SHA-256. The portal goes
    on meanwhile: the database is as it was at one moment, and files are never changed. Raises OperationFailed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    now = clock.now()
    name = f"portal-{now:%Y-%m-%dT%H%M%S}Z.tar"
    with _private(), tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as making:
        dump, plain = Path(making) / archives.DATABASE, Path(making) / name
        with databases.held_still() as moment:
            databases.dump(dump, moment)
            held = contents.of_database() if moment else _ask(f"sqlite:///{dump}", None, "contents")
        about = {"portal": version(), "made_at": now.isoformat(), "engine": connection.vendor, **held}
        archives.write(plain, dump, default_storage, about)
        made = plain
        if key:
            made = plain.with_name(f"{name}.gpg")
            archives.encrypt(plain, made, key)
        digest, target = archives.sha256_of(made), folder / made.name
        (folder / f"{made.name}.sha256").write_text(f"{digest}  {made.name}\n")
        made.rename(target)
    size = target.stat().st_size
    return target, Backup.objects.create(name=target.name, at=now, size=size, sha256=digest, encrypted=bool(key))


def prove(source: Path, *, key: Path | None = None, scratch: str = "") -> tuple[dict[str, Any], list[str]]:
    """Restore an archive into a database and a folder for trying; return its manifest and all that is not as it was.

    Compares the rows of every table, the hash of every file, the chains of the activity log and the digests of what is
    published. The result is recorded with the backup. Raises OperationFailed if it cannot be restored at all.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="proof-") as name, _private():
            folder = Path(name)
            manifest = _open(source, folder / "archive", key)
            with databases.scratch(folder, scratch) as url:
                databases.load(folder / "archive" / archives.DATABASE, databases.settings_of(url))
                store = folder / "archive" / archives.FILES
                problems = _differences(manifest, _ask(url, store, "proof"))
    except OperationFailed as failure:
        _record(source, [str(failure)])
        raise
    if manifest["activity"]["problems"]:
        problems.append(f"the activity log had {manifest['activity']['problems']} problems when it was backed up")
    _record(source, problems)
    return manifest, problems


def restore(
    source: Path, *, url: str, files: Path | None = None, key: Path | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Restore an archive into an empty database and an empty store; return its manifest and what is not as it was.

    The store is the folder `files`, else that of the settings. Mails that waited then are set aside, since the portal
    may have sent them after the backup. Raises OperationFailed, with nothing restored, if the archive is damaged or a
    place is not empty; NoAnswer if a bucket does not answer.
    """
    store = FileSystemStorage(files) if files else default_storage
    if _holds_something(store):
        where = files or settings.S3_BUCKET or settings.MEDIA_ROOT
        raise OperationFailed(f"{where} is not empty: a backup is restored into an empty place.")
    with tempfile.TemporaryDirectory(prefix="restore-") as name, _private():
        folder = Path(name)
        manifest = _open(source, folder, key)
        target = databases.settings_of(url)
        if databases.engine(target) != manifest["engine"]:
            raise OperationFailed(
                f"The backup is of {manifest['engine']}, and so is the place that it is restored into."
            )
        databases.load(folder / archives.DATABASE, target)
        unpacked = FileSystemStorage(folder / archives.FILES)
        for file_name in archives.walk(unpacked):
            with unpacked.open(file_name) as content:
                store.save(file_name, content)
    return manifest, _differences(manifest, _ask(url, files, "restored", manifest["made_at"]))


def _holds_something(store: Storage) -> bool:
    try:
        return any(store.listdir(""))
    except FileNotFoundError:
        return False


def set_waiting_mails_aside(made_at: str) -> int:
    """Set the mails aside that waited when the backup was made; return how many."""
    waiting = Mail.everything.filter(state=Mail.State.WAITING)
    return waiting.update(state=Mail.State.SET_ASIDE, error=RESTORED.format(at=made_at))


def _open(source: Path, folder: Path, key: Path | None) -> dict[str, Any]:
    """Check an archive against its SHA-256, decrypt it if it is encrypted, unpack it and return its manifest."""
    folder.mkdir(exist_ok=True)
    noted = source.with_name(f"{source.name}.sha256")
    if not source.is_file():
        raise OperationFailed(f"There is no file {source}.")
    if not noted.is_file():
        raise OperationFailed(f"{noted.name} is missing next to {source.name}: it says what the archive must be.")
    if noted.read_text().split()[:1] != [archives.sha256_of(source)]:
        raise OperationFailed(f"{source.name} is not what {noted.name} says: one of the two was changed.")
    if source.suffix != ".gpg":
        return archives.read(source, folder)
    if key is None:
        raise OperationFailed(f"{source.name} is encrypted: give the file of the private key with --key.")
    with tempfile.TemporaryDirectory(prefix="plain-") as plain:
        archives.decrypt(source, Path(plain) / source.stem, key)
        return archives.read(Path(plain) / source.stem, folder)


def _record(source: Path, problems: list[str]) -> None:
    """Note the proof with the backup, where this portal made it."""
    Backup.objects.filter(name=source.name).update(proven_at=clock.now(), problems=problems)


def _differences(manifest: dict[str, Any], restored: dict[str, Any]) -> list[str]:
    """Return a line for each part that is not as the manifest says, and for each file with a fault."""
    held = {part: manifest[part] for part in ("tables", "migrations", "activity", "published", "products")}
    faults: list[str] = restored.pop("faults")
    return contents.differences(held, restored) + faults


def _ask(url: str, files: Path | None, *question: str) -> Any:
    """Run `manage.py backup_contents` on another database, and on a folder, else the store of the settings."""
    place = {"MEDIA_ROOT": str(files), "S3_BUCKET": ""} if files else {"MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    environment = os.environ | {"DATABASE_URL": url} | place
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "backup_contents", *question]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise OperationFailed(f"The restored database cannot be read: {done.stderr.strip().splitlines()[-1:]}")
    return json.loads(done.stdout)


@contextmanager
def _private() -> Iterator[None]:
    """Make files that nobody else on the machine can read."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
