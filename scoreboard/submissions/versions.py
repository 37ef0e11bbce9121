"""A submission's answers as plain data, to be kept as they stand now and known by their digest."""

import hashlib
import json
from typing import Any

from scoreboard.models import Answer, Evidence, Indicator, Submission


def snapshot(submission: Submission) -> list[dict[str, Any]]:
    """Return every indicator with its answer and the texts it answered, as plain data in questionnaire order."""
    answers = {a.indicator_id: a for a in submission.answers.select_related("level")}
    evidence = Evidence.objects.by_indicator(submission)
    return [
        _frozen(indicator, answers.get(indicator.pk)) | {"evidence": [piece.record for piece in evidence[indicator.pk]]}
        for indicator in submission.cycle.edition.all_indicators
    ]


def _frozen(indicator: Indicator, answer: Answer | None) -> dict[str, Any]:
    frozen: dict[str, Any] = {
        "area": indicator.area.code,
        "code": indicator.code,
        "title": indicator.title.data,
        "kind": answer.kind if answer else "",
        "level": None,
    }
    if answer is None:
        return frozen
    if answer.level:
        frozen |= {"level": answer.level.value, "level_text": answer.level.text.data}
    return frozen | {
        "reason": answer.reason,
        "comment": answer.comment,
        "comment_withheld": answer.comment_withheld,
        "figures": answer.figures,
        "figures_withheld": answer.figures_withheld,
        "next_step": answer.next_step,
        "change_reason": answer.change_reason,
        "confirmed": answer.confirmed,
        "revision": answer.revision,
    }


def digest(data: Any) -> str:
    """Return the SHA-256 of plain data in its canonical JSON form: sorted keys, UTF-8, no white space."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
