"""Making a backup, restoring it into an empty place, and proving it by restoring it for trying."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
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
            held = contents.of_database() if moment else _ask(f"sqlite:///{dump}", settings.MEDIA_ROOT, "contents")
        about = {"portal": version(), "made_at": now.isoformat(), "engine": connection.vendor, **held}
        archives.write(plain, dump, Path(settings.MEDIA_ROOT), about)
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


def restore(source: Path, *, url: str, store: Path, key: Path | None = None) -> tuple[dict[str, Any], list[str]]:
    """Restore an archive into an empty database and an empty folder; return its manifest and what is not as it was.

    Mails that waited then are set aside, since the portal may have sent them after the backup. Raises OperationFailed,
    with nothing restored, if the archive is damaged or a place is not empty.
    """
    if store.exists() and any(store.iterdir()):
        raise OperationFailed(f"{store} is not empty: a backup is restored into an empty place.")
    with tempfile.TemporaryDirectory(prefix="restore-") as name, _private():
        folder = Path(name)
        manifest = _open(source, folder, key)
        target = databases.settings_of(url)
        if databases.engine(target) != manifest["engine"]:
            raise OperationFailed(
                f"The backup is of {manifest['engine']}, and so is the place that it is restored into."
            )
        databases.load(folder / archives.DATABASE, target)
        store.mkdir(parents=True, exist_ok=True)
        for file_name, path in archives.walk(folder / archives.FILES):
            (store / file_name).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, store / file_name)
    return manifest, _differences(manifest, _ask(url, store, "restored", manifest["made_at"]))


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


def _ask(url: str, store: Path | str, *question: str) -> Any:
    """Run `manage.py backup_contents` on another database and folder, and return its answer."""
    environment = os.environ | {"DATABASE_URL": url, "MEDIA_ROOT": str(store)}
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
