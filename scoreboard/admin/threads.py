"""Threads, evidence, suggestions and contributors' parts, read-only and without their content."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from scoreboard.admin.common import ReadOnlyAdmin, ReadOnlyInline
from scoreboard.admin.records import OfAnswer, OfSubmission
from scoreboard.models import Assignment, Country, Cycle, Evidence, Remark, Submission, Suggestion, Thread


class RemarkInline(ReadOnlyInline):
    model = Remark
    fields = ("at", "author", "shared", "flags")


@admin.register(Thread)
class ThreadAdmin(OfAnswer):
    list_display = ["country", "cycle", "indicator", "shared", "holder", "held_since", "due", "opened_by", "closed_at"]
    list_filter = ["answer__submission__cycle", "shared", "holder", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = [*OfAnswer.list_select_related, "opened_by"]
    search_fields = [*OfAnswer.search_fields, "opened_by__name"]
    inlines = [RemarkInline]


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """When and by whom evidence was added, never the file or link, which is read on the portal's pages."""

    list_display = [
        "country",
        "cycle",
        "indicator",
        "content_type",
        "size",
        "added_at",
        "added_by",
        "removed_at",
    ]
    list_filter = ["answer__submission__cycle", "content_type", ("removed_at", admin.EmptyFieldListFilter)]
    list_select_related = [
        *OfAnswer.list_select_related,
        "suggestion__submission__country",
        "suggestion__submission__cycle",
        "suggestion__indicator__area",
        "added_by",
    ]
    search_fields = OfAnswer.search_fields
    fields = [
        *("answer", "suggestion", "content_type", "size"),
        *("added_by", "added_at", "on_behalf", "origin", "removed_by", "removed_at"),
    ]

    def get_queryset(self, request) -> QuerySet[Evidence]:
        here = Submission.objects.all()  # none of the rehearsal
        return super().get_queryset(request).filter(Q(answer__submission__in=here) | Q(suggestion__submission__in=here))

    @admin.display(description=_("country"), ordering="answer__submission__country")
    def country(self, piece: Evidence) -> Country:
        return _owner(piece).submission.country

    @admin.display(description=_("cycle"), ordering="answer__submission__cycle")
    def cycle(self, piece: Evidence) -> Cycle:
        return _owner(piece).submission.cycle

    @admin.display(description=_("indicator"), ordering="answer__indicator")
    def indicator(self, piece: Evidence) -> str:
        return str(_owner(piece).indicator.label)


def _owner(piece: Evidence) -> Any:
    """The answer or the suggestion that the evidence is attached to."""
    return piece.answer or piece.suggestion


@admin.register(Suggestion)
class SuggestionAdmin(OfSubmission):
    fields = ["submission", "indicator", "author", "at", "decision", "decided_by", "decided_at"]
    list_display = ["country", "cycle", "label", "author", "at", "decision", "decided_by", "decided_at"]
    list_filter = ["submission__cycle", "decision"]
    list_select_related = [*OfSubmission.list_select_related, "indicator__area", "author", "decided_by"]
    search_fields = [*OfSubmission.search_fields, "author__name", "author__email"]

    @admin.display(description=_("indicator"), ordering="indicator")
    def label(self, suggestion: Suggestion) -> str:
        return suggestion.indicator.label


@admin.register(Assignment)
class AssignmentAdmin(OfSubmission):
    list_display = ["country", "cycle", "person", "until", "invited_by", "invited_at", "reminded_at", "ended_at"]
    list_filter = ["submission__cycle", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = [*OfSubmission.list_select_related, "person", "invited_by"]
    search_fields = [*OfSubmission.search_fields, "person__name", "person__email"]
