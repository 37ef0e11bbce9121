"""Tags for evidence."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from scoreboard.evidence.attaching import MAX_BYTES, MAX_MEGABYTES, TYPES
from scoreboard.evidence_limits import MAX_PIECES, left
from scoreboard.models import Evidence, Indicator, Submission

register = template.Library()


@register.simple_tag(takes_context=True)
def evidence_of(context: dict[str, Any], indicator: Indicator) -> list[Evidence]:
    """Return the evidence of an indicator's answer, read once for the page, or of a contributor's own suggestion."""
    if context.get("is_contributor"):
        return list(context["current_suggestion"].evidence.all()) if context["current_suggestion"] else []
    question, submission = context.get("question"), context["submission"]
    if question and question.evidence is not None:
        return question.evidence
    if not hasattr(submission, "evidence_shown"):
        submission.evidence_shown = Evidence.objects.by_indicator(submission)
    return submission.evidence_shown.get(indicator.pk, [])


@register.simple_tag(takes_context=True)
def evidence_kept(context: dict[str, Any], indicator: Indicator) -> set[int]:
    """Return the primary keys of last time's evidence that is attached to the answer again."""
    return {piece.carried_from_id for piece in evidence_of(context, indicator) if piece.carried_from_id}


@register.simple_tag
def evidence_endings() -> str:
    """Return the allowed endings of files' names, for a file field."""
    return ",".join(ending for endings in TYPES.values() for ending in endings)


@register.simple_tag
def evidence_limits() -> dict[str, int]:
    """Return how large a file may be."""
    return {"bytes": MAX_BYTES, "megabytes": MAX_MEGABYTES}


@register.simple_tag
def evidence_allowed() -> str:
    """Print which files are allowed, and how many there is room for: in an answer, a plan or a statement."""
    sentence = _(
        "PDF, pictures (PNG, JPEG, WebP, TIFF), documents (DOCX, ODT), spreadsheets (XLSX, ODS) or plain text "
        "(TXT, CSV), without macros. A file may have up to %(size)s MB; "
        "there is room for %(most)s files and links here."
    )
    return sentence % {"size": MAX_MEGABYTES, "most": MAX_PIECES}


@register.simple_tag
def evidence_room(submission: Submission) -> dict[str, int]:
    """Return how many bytes the files of a submission may have, and how many are left."""
    return {"quota": settings.EVIDENCE_QUOTA, "left": left(submission)}
