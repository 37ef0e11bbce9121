"""The virus scanner: what it finds is refused and not stored, and so is everything while it does not answer."""

import socket
import struct
import threading
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile

from scoreboard.errors import Invalid
from scoreboard.evidence import attaching, clamav
from scoreboard.models import Evidence

pytestmark = pytest.mark.django_db

TEXT = b"Prosecutions in 2024: twelve.\n"


@contextmanager
def daemon(answer, *, family=socket.AF_UNIX, address="", reads=None):
    """Run a daemon that speaks clamd's protocol for one file and sends `answer`; yield its address and what it got."""
    sent = bytearray()
    server = socket.socket(family)
    server.bind(address or ("127.0.0.1", 0))
    server.listen()

    def serve():
        line, _address = server.accept()
        with line, line.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while n := struct.unpack("!L", stream.read(4))[0]:
                sent.extend(stream.read(n))
                if reads is not None and len(sent) >= reads:
                    break
            line.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname(), sent
    finally:
        thread.join(5)
        server.close()


@pytest.fixture
def upload(settings, draft, focal):
    settings.EVIDENCE_SCANNER = "scoreboard.evidence.clamav.scan"
    return lambda content=TEXT: attaching.add_file(draft, "P1", ContentFile(content, "notes.txt"), by=focal)


def test_a_clean_file_is_stored_whole(upload, settings, tmp_path):
    settings.CLAMD = str(tmp_path / "clamd")
    content = TEXT * 10_000
    with daemon(b"stream: OK\0", address=settings.CLAMD) as (_name, sent):
        piece = upload(content)
    assert bytes(sent) == piece.file.read() == content


def test_over_the_network_too(upload, settings):
    with daemon(b"stream: OK\0", family=socket.AF_INET) as ((host, port), sent):
        settings.CLAMD = f"{host}:{port}"
        upload()
    assert bytes(sent) == TEXT


def test_what_it_finds_is_named_and_not_stored(upload, settings, tmp_path, caplog):
    settings.CLAMD = str(tmp_path / "clamd")
    with (
        daemon(b"stream: Portal.Test.UNOFFICIAL FOUND\0", address=settings.CLAMD),
        pytest.raises(Invalid, match=r"refused this file \(Portal\.Test\.UNOFFICIAL\)\. It was not stored"),
    ):
        upload()
    assert not Evidence.objects.exists()
    assert "clamd refused a file: Portal.Test.UNOFFICIAL" in caplog.text


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: Can't allocate memory ERROR\0"]
)
def test_a_file_that_it_cannot_look_through_is_refused(upload, settings, tmp_path, answer):
    settings.CLAMD = str(tmp_path / "clamd")
    with daemon(answer, address=settings.CLAMD), pytest.raises(Invalid, match="does not answer, so nothing was stored"):
        upload()


@pytest.mark.parametrize("address", ["/nowhere/clamd", "127.0.0.1:9"])
@pytest.mark.parametrize("is_open", [False, True])
def test_while_it_is_away_files_are_refused_unless_the_operator_says_otherwise(upload, settings, address, is_open):
    settings.CLAMD, settings.CLAMD_FAILS_OPEN = address, is_open
    if is_open:
        assert upload().size == len(TEXT)
        return
    with pytest.raises(Invalid, match="does not answer"):
        upload()
    assert not Evidence.objects.exists()


def test_what_it_says_of_itself(settings):
    settings.CLAMD = "127.0.0.1:9"
    with pytest.raises(clamav.NoAnswerError, match="refused"):
        clamav.version()
