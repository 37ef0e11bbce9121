"""Evidence: files and links that a country attaches to an answer."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard.models.contributors import Suggestion

from .answers import Answer, Origin
from .cycles import Cycle
from .people import optional_person
from .stored_files import StoredFile, private_storage
from .submissions import Submission


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence; what was removed stays on record."""

    def present(self) -> Self:
        """What has not been removed."""
        return self.filter(removed_at=None)

    def of(self, submission: Submission) -> Self:
        """What was added to a submission's answers, or suggested for them."""
        return self.filter(Q(answer__submission=submission) | Q(suggestion__submission=submission))

    def with_people(self) -> Self:
        """With what lists show of each: who attached it, who suggested it, from which cycle it was carried over.

        Prefetched, since most answers have no evidence: a join of six tables would cost its writing each time.
        """
        return self.prefetch_related("added_by", "suggestion__decided_by", "carried_from__answer__submission__cycle")

    def by_indicator(self, submission: Submission) -> "dict[int, list[Evidence]]":
        """Return the evidence attached to a submission's answers by the indicator's primary key, in one query."""
        found: dict[int, list[Evidence]] = defaultdict(list)
        present = self.present().filter(answer__submission=submission).with_people().prefetch_related("answer")
        for piece in present.order_by("added_at", "pk"):
            if piece.answer:
                found[piece.answer.indicator_id].append(piece)
        return found

    def carry(self, answer: Answer, pieces: Collection[int], **source: Any) -> "list[Evidence]":
        """Attach evidence of an earlier cycle, given by primary key, to an answer too: the same stored files and links.

        Only the country's own evidence is carried over, and none that is attached already. `source` are the fields that
        say who did it and how.
        """
        attached = set(answer.evidence.present().values_list("sha256", "url"))
        own = self.filter(pk__in=pieces, answer__submission__country=answer.submission.country_id).order_by("pk")
        copied = ("name", "content_type", "size", "sha256", "url")
        return Evidence.objects.bulk_create(
            Evidence(
                answer=answer,
                carried_from=piece,
                file=piece.file.name,
                **{name: getattr(piece, name) for name in copied},
                **source,
            )
            for piece in own
            if (piece.sha256, piece.url) not in attached
        )


class Evidence(StoredFile):
    """A file or a link attached to an answer, never published; `evidence` has the verbs that add and remove it.

    A contributor's is attached to the suggestion first, and to the answer too once that is adopted.
    """

    answer = models.ForeignKey(
        Answer, models.CASCADE, null=True, blank=True, related_name="evidence", verbose_name=_("answer")
    )
    suggestion = models.ForeignKey(
        Suggestion, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("suggested with")
    )
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("carried over from")
    )
    file = models.FileField(_("file"), upload_to="evidence/%Y/", storage=private_storage, blank=True)
    url = models.URLField(_("link"), max_length=1000, blank=True)
    on_behalf = models.BooleanField(_("entered on behalf of the country"), default=False)
    origin = models.CharField(_("from"), max_length=10, choices=Origin)
    removed_by = optional_person(_("removed by"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["answer", "added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(url="")) | (~Q(file="") & Q(url="") & ~Q(sha256="")),
                name="evidence_is_file_or_link",
                violation_error_message=_("Evidence is either a file or a link."),
            ),
            models.CheckConstraint(
                condition=Q(answer__isnull=False) | Q(suggestion__isnull=False),
                name="evidence_beside_answer_or_suggestion",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"  # the name of a file is the country's, as the file is

    @property
    def record(self) -> dict[str, Any]:
        """What a version stores of it: enough to see whether the same file is there."""
        data: dict[str, Any] = {"id": self.pk, "name": self.name}
        return data | ({"url": self.url} if self.url else {"size": self.size, "sha256": self.sha256})

    @property
    def carried_cycle(self) -> Cycle | None:
        """The earlier cycle that it was carried over from."""
        before = self.carried_from.answer if self.carried_from else None
        return before.submission.cycle if before else None


class PaperSource(StoredFile):
    """Where answers entered on a country's behalf come from: a note and, if there is one, the scan of the paper."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="paper_sources", verbose_name=_("submission")
    )
    note = models.TextField(_("source"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    file = models.FileField(_("scan"), upload_to="evidence/%Y/", storage=private_storage, blank=True)

    class Meta:
        verbose_name = _("source of what was entered on behalf")
        verbose_name_plural = _("sources of what was entered on behalf")
        ordering = ["submission", "added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(note=""),
                name="paper_source_has_note",
                violation_error_message=_("Say where the answers come from."),
            ),
            models.CheckConstraint(
                condition=Q(file="", sha256="") | (~Q(file="") & ~Q(sha256="")), name="paper_source_file_has_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · #{self.pk}"
