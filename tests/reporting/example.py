"""The PDF that several tests look at: two countries in the harbour edition, built once for all processes of a run."""

import fcntl
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from reporting.models import Assessment
from reporting.pdf import assessment as pdf
from reporting.pdf.joining import Attachment
from scoreboard.models import Cycle
from tests.reporting.snapshots import a_snapshot, an_answer

HOSTILE = '<script>alert(1)</script><img src="file:///etc/passwd">'
ARABIC = "اعتمدت الخطة عام 2024."
ANSWERS = {
    "MT": {
        "P1": an_answer(3, comment=HOSTILE),
        "P2": an_answer("not_applicable", reason="There is no staff."),
        "P3": an_answer(1, withheld=True),
        "Q1": an_answer(5, comment=ARABIC),
        "Q2": "unknown",
        "R1": an_answer(2, comment="Το σχέδιο εγκρίθηκε. התוכנית אושרה. План принят."),
        "R2": 4,
    },
    "GR": {"P1": 1, "P2": 2, "P3": 0, "Q1": "unknown", "R1": 4, "R2": 5},
}
DATA = Attachment("answers.json", b'{"answers": 2}', "The answers", "2026-05-01T22:30:00+00:00")


class Built(NamedTuple):
    """A PDF, what was reported while it was made, each country's own, and the sections by their keys."""

    content: bytes
    steps: list[tuple[str, int, int]]
    own: dict[str, bytes]
    cache: dict[str, bytes]


def an_assessment(snapshot) -> Assessment:
    """Return an assessment with this snapshot, as a build finds it."""
    return Assessment(
        cycle=Cycle(code="example"),
        issue=2,
        snapshot=snapshot,
        snapshot_sha256="ab" * 32,
        consolidated_at=datetime(2026, 5, 1, 22, 30, tzinfo=UTC),
        document_number="EXAMPLE/Doc.7",
        meeting="Meeting of the Example Committee",
    )


def build() -> Built:
    """Build the example with its data as attachment."""
    steps, own, cache = [], {}, {}
    content = pdf.assessment_pdf(
        an_assessment(a_snapshot(ANSWERS)),
        report=lambda *step: steps.append(step),
        cache=cache,
        attachments=[DATA],
        country=own.__setitem__,
    )
    return Built(content, steps, own, cache)


def made_once(path: Path, make: Callable[[], Built]) -> Built:
    """Return what is made, by whichever process of the run comes first."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_bytes(pickle.dumps(make()))
        return pickle.loads(path.read_bytes())  # noqa: S301 - written by this run
