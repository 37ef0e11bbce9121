"""ClamAV's own daemon with a signature of ours: it finds what it must, passes what is clean, and says its version."""

import getpass
import io
import shutil
import subprocess
import time

import pytest

from scoreboard.evidence import clamav
from tests.drills.conftest import once

pytestmark = [pytest.mark.drill, once]

CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin")


@pytest.fixture
def daemon(tmp_path, settings):
    """A clamd whose only signature is a sentence of ours."""
    signatures, address = tmp_path / "signatures", tmp_path / "clamd.ctl"
    signatures.mkdir()
    (signatures / "portal.ndb").write_text(f"Portal.Test:0:*:{b'this sentence is no virus'.hex()}\n")
    configuration = tmp_path / "clamd.conf"
    configuration.write_text(
        f"LocalSocket {address}\nDatabaseDirectory {signatures}\nForeground yes\nStreamMaxLength 1M\n"
        f"User {getpass.getuser()}\nMaxThreads 2\n"
    )
    process = subprocess.Popen(
        [CLAMD, "--config-file", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    for _wait in range(300):
        if address.exists():
            break
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.1)
    settings.CLAMD = str(address)
    yield
    process.terminate()
    process.wait(20)


@pytest.mark.skipif(CLAMD is None, reason="clamd is missing: apt-get install clamav-daemon")
def test_the_real_daemon(daemon):
    assert clamav.look_through(io.BytesIO(b"Prosecutions in 2024: twelve.")) == ""
    assert clamav.look_through(io.BytesIO(b"They say this sentence is no virus.")) == "Portal.Test.UNOFFICIAL"
    with pytest.raises(clamav.NoAnswerError, match=r"size limit exceeded|reset by peer"):
        clamav.look_through(io.BytesIO(bytes(3_000_000)))
    assert clamav.version().startswith("ClamAV ")
