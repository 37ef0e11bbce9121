"""What countries and officers did, read-only: it changes by the verbs on the portal's pages, never here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from scoreboard.admin.common import ReadOnlyAdmin
from scoreboard.models import (
    Answer,
    AnswerVersion,
    Country,
    Cycle,
    DateChange,
    Mail,
    Remark,
    Submission,
    Transition,
    Version,
)


@admin.register(Cycle)
class CycleAdmin(ReadOnlyAdmin):
    list_display = ["code", "title", "edition", "opens", "deadline", "closes", "opened_at", "is_example"]
    list_select_related = ["edition"]


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ["country", "cycle", "state", "late", "submitted_at", "accepted_at", "claimed_by", "extended_to"]
    list_filter = ["cycle", "state", "late"]
    list_select_related = ["country", "cycle", "claimed_by"]
    search_fields = ["country__iso2", "country__iso3", "country__name"]
    exclude = ["note", "note_by", "note_at"]  # the Secretariat's own


class OfSubmission(ReadOnlyAdmin):
    """Rows that belong to a submission, with its country and cycle."""

    list_filter = ["submission__cycle"]
    list_select_related = ["submission__country", "submission__cycle"]
    search_fields = ["submission__country__iso2", "submission__country__iso3", "submission__country__name"]

    def get_queryset(self, request) -> QuerySet[Any]:
        return super().get_queryset(request).filter(submission__in=Submission.objects.all())  # none of the rehearsal

    @admin.display(description=_("country"), ordering="submission__country")
    def country(self, row: Any) -> Country:
        return row.submission.country

    @admin.display(description=_("cycle"), ordering="submission__cycle")
    def cycle(self, row: Any) -> Cycle:
        return row.submission.cycle


class OfAnswer(ReadOnlyAdmin):
    """Rows that belong to an answer, with its country, cycle and indicator."""

    list_filter = ["answer__submission__cycle"]
    list_select_related = ["answer__submission__country", "answer__submission__cycle", "answer__indicator__area"]
    search_fields = [f"answer__{field}" for field in OfSubmission.search_fields]

    def get_queryset(self, request) -> QuerySet[Any]:
        return super().get_queryset(request).filter(answer__submission__in=Submission.objects.all())

    @admin.display(description=_("country"), ordering="answer__submission__country")
    def country(self, row: Any) -> Country:
        return row.answer.submission.country

    @admin.display(description=_("cycle"), ordering="answer__submission__cycle")
    def cycle(self, row: Any) -> Cycle:
        return row.answer.submission.cycle

    @admin.display(description=_("indicator"), ordering="answer__indicator")
    def indicator(self, row: Any) -> str:
        return row.answer.indicator.label


@admin.register(Answer)
class AnswerAdmin(OfSubmission):
    """When and by whom answers were saved, never their content, which is read on the portal's pages."""

    fields = ["submission", "indicator", "revision", "changed_at", "changed_by"]
    list_display = ["country", "cycle", "label", "revision", "changed_at", "changed_by"]
    list_select_related = [*OfSubmission.list_select_related, "indicator__area", "changed_by"]

    @admin.display(description=_("indicator"), ordering="indicator")
    def label(self, answer: Answer) -> str:
        return answer.indicator.label


@admin.register(Version)
class VersionAdmin(OfSubmission):
    list_display = ["country", "cycle", "number", "at", "late"]
    exclude = ["answers", "commitments", "doubts", "digest"]  # what countries wrote


@admin.register(DateChange)
class DateChangeAdmin(ReadOnlyAdmin):
    """The moved dates of cycles, with who moved them and why."""

    list_display = ["cycle", "name", "old", "new", "by", "at", "reason"]
    list_filter = ["cycle"]
    list_select_related = ["cycle", "by"]

    def get_queryset(self, request) -> QuerySet[DateChange]:
        return super().get_queryset(request).filter(cycle__in=Cycle.objects.all())


@admin.register(Transition)
class TransitionAdmin(OfSubmission):
    list_display = ["country", "cycle", "at", "step", "source", "target", "by", "on_behalf", "origin"]
    list_filter = ["submission__cycle", "step"]
    list_select_related = [*OfSubmission.list_select_related, "by"]


@admin.register(AnswerVersion)
class AnswerVersionAdmin(OfAnswer):
    fields = ["answer", "revision", "at", "by", "on_behalf", "origin"]
    list_display = ["country", "cycle", "indicator", "revision", "at", "by", "on_behalf", "origin"]
    list_select_related = [*OfAnswer.list_select_related, "by"]


@admin.register(Remark)
class RemarkAdmin(OfAnswer):
    exclude = ["text"]
    list_display = ["country", "cycle", "indicator", "at", "author", "shared", "flags"]
    list_select_related = [*OfAnswer.list_select_related, "author"]


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """Mails with their state, never their content, which is for their reader alone."""

    list_display = ["written_at", "to", "event", "subject", "state", "attempts", "sent_at", "error"]
    list_filter = ["state", "event"]
    list_select_related = ["to"]
    search_fields = ["to__name", "to__email", "subject"]
    exclude = ["body", "subscriber"]

    def get_queryset(self, request):
        """Without mails to subscribers, whose addresses are in no list."""
        return super().get_queryset(request).filter(subscriber=None)
