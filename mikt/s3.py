"""The private files in a bucket of S3, or of a store that speaks like it, in place of a folder."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.utils.translation import gettext as _
from storages.backends.s3 import S3Storage

from scoreboard.stored_files import NoAnswer

log = logging.getLogger(__name__)


class Bucket(S3Storage):
    """Stores files as Django's folder does: no file replaces another, and what goes wrong is an OSError.

    `seconds` is how long connecting to the store may take, and a third of how long its answer may; `tries` how often it
    is asked.
    """

    def __init__(self, *, seconds: float = 3, tries: int = 2, **options: Any) -> None:
        # Stores other than Amazon's know neither names of buckets as hosts nor its newer checksums; each of our files
        # has its SHA-256 in the database.
        client = Config(
            connect_timeout=seconds,
            read_timeout=3 * seconds,
            retries={"total_max_attempts": tries, "mode": "standard"},
            s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            client_config=client,
            transfer_config=TransferConfig(use_threads=False),
            file_overwrite=False,
            max_memory_size=5_000_000,  # of a file that is read; what is larger goes into a temporary file
            **options,
        )

    def exists(self, name: str) -> bool:
        """Return whether there is a file of this name; raise NoAnswer."""
        with _answered("look for", name):
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Delete a file, which need not be there; raise NoAnswer."""
        with _answered("delete", name):
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """Return the names of the folders and of the files in a folder; raise NoAnswer."""
        with _answered("list", name):
            folders, files = super().listdir(name)
        return folders, files

    def size(self, name: str) -> int:
        """Return the bytes of a file; raise FileNotFoundError and NoAnswer."""
        with _answered("measure", name):
            return int(super().size(name))

    def fetched(self, name: str) -> IO[bytes]:
        """Return a copy of a file on this machine; raise FileNotFoundError and NoAnswer."""
        with _answered("read", name):
            found: IO[bytes] = super()._open(name, "rb").file
        return found

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        return Copy(self, name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        with _answered("store", name):
            return str(super()._save(name, content))


class Copy(File):  # type: ignore[type-arg]  # of bytes
    """A file of the bucket, fetched when it is opened: what goes wrong does so then, and not while it is read."""

    def __init__(self, bucket: Bucket, name: str) -> None:
        self.bucket = bucket
        super().__init__(bucket.fetched(name), name)

    def open(self, mode: str | None = None) -> "Copy":  # type: ignore[override]  # no more arguments
        """Begin again; fetch it anew if it was closed."""
        if self.closed:
            self.file = self.bucket.fetched(str(self.name))
        self.seek(0)
        return self


@contextmanager
def _answered(act: str, name: str) -> Iterator[None]:
    """Raise NoAnswer for every error of the libraries, and log it."""
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as error:
        log.error("The store could not %s %s: %s", act, name, error)
        raise NoAnswer(_("The store of files does not answer. Try again later, or tell the administrator.")) from error
