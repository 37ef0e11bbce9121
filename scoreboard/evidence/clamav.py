"""The virus scanner ClamAV: each file is sent to its daemon, clamd, before it is stored.

Its protocol (INSTREAM) is a dozen lines; the libraries that speak it are not maintained, or under a licence that would
bind the portal too.
"""

import logging
import socket
import struct
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from scoreboard.errors import Invalid

PART = 64 * 1024  # bytes sent at once
PATIENCE = 60  # seconds for the answer: clamd unpacks what it looks through

log = logging.getLogger(__name__)


class NoAnswerError(Exception):
    """The daemon cannot be reached, or answers that it cannot look through the file."""


def scan(file: BinaryIO) -> None:
    """Raise Invalid for a file in which clamd finds something, and for any file while it does not answer.

    With CLAMD_FAILS_OPEN files are accepted while it does not answer, and the log says so.
    """
    try:
        found = look_through(file)
    except NoAnswerError as error:
        log.error("clamd at %s: %s", settings.CLAMD, error)
        if settings.CLAMD_FAILS_OPEN:
            return
        raise Invalid(
            _("The virus scanner does not answer, so nothing was stored. Try again later, or tell the administrator.")
        ) from error
    if found:
        log.warning("clamd refused a file: %s", found)
        raise Invalid(
            _("The virus scanner refused this file (%s). It was not stored; have the computer that it is from checked.")
            % found
        )


def look_through(file: BinaryIO) -> str:
    """Return what clamd finds in a file, empty for nothing; raise NoAnswerError if it cannot say."""
    with _connected() as line:
        try:
            line.sendall(b"zINSTREAM\0")
            while part := file.read(PART):
                line.sendall(struct.pack("!L", len(part)) + part)
            line.sendall(struct.pack("!L", 0))
        except OSError:
            pass  # it ends the line where a file is too large for it; what it says is read below
        answer = _answer(line)
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    if answer == "stream: OK":
        return ""
    raise NoAnswerError(answer or "no answer")


def version() -> str:
    """Return what clamd says of itself and its signatures; raise NoAnswerError if it cannot be reached."""
    with _connected() as line:
        line.sendall(b"zVERSION\0")
        return _answer(line)


def _connected() -> socket.socket:
    """Return a line to clamd, at the path of a socket or at HOST:PORT."""
    host, colon, port = settings.CLAMD.rpartition(":")
    try:
        if colon and port.isdecimal():
            return socket.create_connection((host, int(port)), timeout=PATIENCE)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(PATIENCE)
        line.connect(settings.CLAMD)
    except OSError as error:
        raise NoAnswerError(str(error)) from error
    return line


def _answer(line: socket.socket) -> str:
    try:
        with line.makefile("rb") as answers:
            return answers.read(2000).rstrip(b"\0\n").decode(errors="replace")
    except OSError as error:
        raise NoAnswerError(str(error)) from error
