"""Limits of evidence: the number of files and links of an answer, and the bytes of all files of a submission."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from scoreboard.errors import Invalid
from scoreboard.models import Evidence, Submission

MAX_PIECES = 20  # of one answer


def used(submission: Submission) -> int:
    """Return the bytes of all files that are stored for a submission: suggested, removed, and scans of paper too."""
    of_it = Q(answer__submission=submission) | Q(suggestion__submission=submission)
    files = Evidence.objects.filter(of_it).exclude(file="").order_by().values("file", "size").distinct()
    scans = submission.paper_sources.aggregate(bytes=Sum("size"))["bytes"] or 0
    return (files.aggregate(bytes=Sum("size"))["bytes"] or 0) + scans


def left(submission: Submission) -> int:
    """Return how many bytes of files a submission has room for."""
    quota: int = settings.EVIDENCE_QUOTA
    return max(0, quota - used(submission))


def require_places(present: QuerySet[Evidence], more: int = 1) -> None:
    """Raise Invalid if an answer with the evidence `present` cannot hold so many more pieces."""
    if present.count() + more > MAX_PIECES:
        raise Invalid(_("An answer holds at most %s files and links. Remove one first.") % MAX_PIECES)


def require_bytes(submission: Submission, name: str, size: int) -> None:
    """Raise Invalid unless the submission has room for a file of this size."""
    if size and size > (room := left(submission)):
        raise Invalid(
            _(
                "“%(name)s” does not fit: of the %(quota)s for all files of this submission, %(left)s are left. "
                "Give a smaller file, or a link to it."
            )
            % {"name": name, "quota": filesizeformat(settings.EVIDENCE_QUOTA), "left": filesizeformat(room)}
        )


def require_carried(
    submission: Submission, label: str, present: QuerySet[Evidence], pieces: Iterable[int], *, before: int = 0
) -> int:
    """Return the bytes of last time's evidence, given by primary key; raise Invalid if the answer cannot hold it too.

    `present` is attached already; `before` are the bytes that the same save carries over to other answers.
    """
    attached = set(present.values_list("sha256", "url"))
    last = Evidence.objects.filter(pk__in=list(pieces))
    new = [piece for piece in last if (piece.sha256, piece.url) not in attached]
    if len(attached) + len(new) > MAX_PIECES:
        raise Invalid(
            _(
                "%(label)s: with last time’s evidence there would be %(n)s files and links, and an answer holds at "
                "most %(most)s. Remove some first."
            )
            % {"label": label, "n": len(attached) + len(new), "most": MAX_PIECES}
        )
    size = sum(piece.size for piece in new)
    if size and size + before > (room := left(submission)):
        raise Invalid(
            _(
                "%(label)s: last time’s evidence does not fit: of the %(quota)s for all files of this submission, "
                "%(left)s are left. Choose the level instead of “No change”."
            )
            % {"label": label, "quota": filesizeformat(settings.EVIDENCE_QUOTA), "left": filesizeformat(room)}
        )
    return size
