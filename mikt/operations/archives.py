"""An archive of a backup: one tar with a manifest of counts and hashes, for a public key where one is named."""

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import Storage

from mikt.health import TRIED
from mikt.operations.errors import OperationFailed

MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
REMADE = ("papers/", TRIED)  # what of the store is made anew when it is missing
PART = 1_000_000  # bytes read at once


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return _sha256(file)


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while part := file.read(PART):
        digest.update(part)
    return digest.hexdigest()


def walk(store: Storage, folder: str = "") -> Iterator[str]:
    """Yield the names of the files of a store, without those that the portal makes anew."""
    try:
        folders, files = store.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored, or the folder went meanwhile
        return
    for name in sorted(files):
        if not (path := f"{folder}{name}").startswith(REMADE):
            yield path
    for name in sorted(folders):
        if not (path := f"{folder}{name}/").startswith(REMADE):
            yield from walk(store, path)


def write(target: Path, dump: Path, store: Storage, manifest: dict[str, Any]) -> None:
    """Write the archive: the dump, every file of the store and, last, the manifest with all their hashes.

    A file that is deleted meanwhile is left out, as it was from the store.
    """
    files = {}
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as archive:
        archive.add(dump, DATABASE)
        for name in walk(store):
            try:
                with store.open(name) as file:
                    digest = _sha256(file)
                    one = tarfile.TarInfo(f"{FILES}/{name}")
                    one.size, one.mtime = file.tell(), int(time.time())
                    file.seek(0)
                    archive.addfile(one, file)
            except FileNotFoundError:
                continue
            files[name] = {"sha256": digest, "bytes": one.size}
        whole = manifest | {
            "database": {"sha256": sha256_of(dump), "bytes": dump.stat().st_size},
            "files": files,
        }
        with tempfile.NamedTemporaryFile() as page:
            page.write(json.dumps(whole, indent=1, sort_keys=True).encode())
            page.flush()
            archive.add(page.name, MANIFEST)


def read(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack an archive into an empty folder and return its manifest.

    Raises OperationFailed for what is no archive, and names each file that is missing, added or changed.
    """
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                _unpack(archive, member, folder)
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise OperationFailed(f"{source.name} cannot be read as a backup: {error}") from error
    if faults := list(_faults(folder, manifest)):
        raise OperationFailed(f"{source.name} is damaged: " + "; ".join(faults))
    return manifest


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write a file of an archive into a folder; a name that leads out of it, or a link, raises TarError.

    The standard library's `filter` does so too, but Debian 12's Python (3.11.2) does not know it.
    """
    target = folder / member.name
    if member.isdir():
        return
    if not member.isfile() or not target.resolve().is_relative_to(folder.resolve()):
        raise tarfile.TarError(f"{member.name} is no file of a backup")
    target.parent.mkdir(parents=True, exist_ok=True)
    content = archive.extractfile(member)
    assert content is not None  # noqa: S101 - it is a file
    with content, target.open("wb") as file:
        shutil.copyfileobj(content, file)


def _faults(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    expected = {f"{FILES}/{name}": one["sha256"] for name, one in manifest["files"].items()}
    expected[DATABASE] = manifest["database"]["sha256"]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    for name in sorted(expected.keys() | there):
        if name not in there:
            yield f"{name} is missing"
        elif name not in expected:
            yield f"{name} is not in the manifest"
        elif sha256_of(folder / name) != expected[name]:
            yield f"{name} is changed"


def encrypt(source: Path, target: Path, key: Path) -> None:
    """Encrypt a file with GnuPG for the public key in `key`, with a keyring of its own."""
    with _keyring() as gpg:
        _run([*gpg, "--import", str(key)])
        options = ["--trust-model", "always", "--recipient-file", str(key), "--output", str(target)]
        _run([*gpg, *options, "--encrypt", str(source)])


def decrypt(source: Path, target: Path, key: Path) -> None:
    """Decrypt a file with the private key in `key`, which leaves no trace in anybody's keyring."""
    with _keyring() as gpg:
        _run([*gpg, "--import", str(key)])
        _run([*gpg, "--output", str(target), "--decrypt", str(source)])


@contextmanager
def _keyring() -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory() as home:
        gpg = ["gpg", "--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
        try:
            yield gpg
        finally:
            stop = ["gpgconf", "--homedir", home, "--kill", "all"]
            subprocess.run(stop, check=False, capture_output=True)  # noqa: S603 - the agent of this keyring alone


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a list, no shell
    except FileNotFoundError as error:
        raise OperationFailed("GnuPG is not installed: on Debian it is the package gnupg.") from error
    if done.returncode:
        raise OperationFailed(f"GnuPG failed: {done.stderr.strip()}")
