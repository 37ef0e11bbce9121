"""The answers of a submission as plain data, as a version stores them, and their digest."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from scoreboard.models import Answer, Evidence, Indicator, Submission
from scoreboard.submissions import completeness

AnswerData = Mapping[str, Any]  # an answer as a version stores it


def snapshot(submission: Submission) -> list[dict[str, Any]]:
    """Return every indicator with its current answer and the texts it answers, in questionnaire order."""
    answers = {a.indicator_id: a for a in completeness.answers(submission)}
    evidence = Evidence.objects.by_indicator(submission)
    return [
        answer_data(indicator, answers.get(indicator.pk))
        | {"evidence": [piece.record for piece in evidence[indicator.pk]]}
        for indicator in submission.cycle.edition.all_indicators
    ]


def answer_data(indicator: Indicator, answer: Answer | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "area": indicator.area.code,
        "code": indicator.code,
        "title": indicator.title.data,
        "kind": answer.kind if answer else "",
        "level": None,
    }
    if answer is None:
        return data
    if answer.level:
        data |= {"level": answer.level.value, "level_text": answer.level.text.data}
    return data | {
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
