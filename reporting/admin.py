"""Assessments, their files and builds, for reading: they change by the verbs on the workbench."""

from django.contrib import admin
from django.db.models import QuerySet

from reporting.models import Assessment, Build, Chapter, Product
from scoreboard.admin.common import ReadOnlyAdmin


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    list_display = ["cycle", "issue", "status", "audience", "consolidated_at", "published_at", "withdrawn_at"]
    list_filter = ["status", "cycle"]
    exclude = ["snapshot", "texts"]

    def get_queryset(self, request) -> QuerySet[Assessment]:
        return super().get_queryset(request).select_related("cycle").defer("snapshot", "texts")


class OfAssessment(ReadOnlyAdmin):
    """Rows that belong to an assessment."""

    def get_queryset(self, request) -> QuerySet:
        chapters = super().get_queryset(request).select_related("assessment__cycle")
        return chapters.defer("assessment__snapshot", "assessment__texts")


@admin.register(Product)
class ProductAdmin(OfAssessment):
    list_display = ["assessment", "kind", "size", "sha256", "built_at"]
    exclude = ["file"]


@admin.register(Chapter)
class ChapterAdmin(OfAssessment):
    exclude = ["text", "figures"]
    list_display = ["assessment", "key", "revision", "changed_at", "approved_revision", "approved_at"]


@admin.register(Build)
class BuildAdmin(OfAssessment):
    list_display = ["assessment", "state", "requested_at", "heartbeat_at", "finished_at", "error"]
    list_filter = ["state"]
