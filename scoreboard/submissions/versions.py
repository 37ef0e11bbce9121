"""The answers of a submission as plain data, as a version stores them, and their digest."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from scoreboard.models import Answer, Evidence, Indicator, Submission
from scoreboard.models.answers import STEP_FIELDS

AnswerData = Mapping[str, Any]  # an answer as a version stores it


def snapshot(submission: Submission) -> list[dict[str, Any]]:
    """Return every indicator with its current answer and the texts it answers, in questionnaire order."""
    return snapshots([submission])[submission.pk]


def snapshots(submissions: Collection[Submission]) -> dict[int, list[dict[str, Any]]]:
    """Return the same of several submissions by primary key, in two queries besides those of their editions."""
    given: dict[tuple[int, int], Answer] = {}
    records: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if submissions:
        answers = Answer.objects.filter(submission__in=submissions).select_related("level").order_by()
        given = {(answer.submission_id, answer.indicator_id): answer for answer in answers}
        pieces = Evidence.objects.present().filter(answer__submission__in=submissions)
        for piece in pieces.order_by("added_at", "pk"):
            if piece.answer_id:
                records[piece.answer_id].append(piece.record)
    found: dict[int, list[dict[str, Any]]] = {}
    for submission in submissions:
        found[submission.pk] = rows = []
        for indicator in submission.cycle.edition.all_indicators:
            answer = given.get((submission.pk, indicator.pk))
            evidence = records[answer.pk] if answer else []
            rows.append(answer_data(indicator, answer) | {"evidence": evidence})
    return found


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
    step = {name: value for name in STEP_FIELDS if (value := getattr(answer, name))}
    return data | {
        "reason": answer.reason,
        "comment": answer.comment,
        "comment_withheld": answer.comment_withheld,
        "figures": answer.figures,
        "figures_withheld": answer.figures_withheld,
        "next_step": answer.next_step,
        **step,
        "change_reason": answer.change_reason,
        "confirmed": answer.confirmed,
        "revision": answer.revision,
    }


def digest_of(answers: list[dict[str, Any]], commitments: list[dict[str, Any]]) -> str:
    """Return the digest of a version: of its answers alone where it was asked about no earlier step."""
    return digest({"answers": answers, "commitments": commitments} if commitments else answers)


def digest(data: Any) -> str:
    """Return the SHA-256 of plain data in its canonical JSON form: sorted keys, UTF-8, no white space."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
