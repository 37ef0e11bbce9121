"""What countries and officers did, read-only: it changes by the verbs on the portal's pages, never here."""

from django.contrib import admin

from scoreboard.admin.common import ReadOnlyAdmin
from scoreboard.models import (
    Answer,
    AnswerVersion,
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


class OfSubmission(ReadOnlyAdmin):
    """Rows that belong to a submission, listed by country and cycle."""

    list_filter = ["submission__cycle"]
    list_select_related = ["submission__country", "submission__cycle"]
    search_fields = ["submission__country__iso2", "submission__country__iso3", "submission__country__name"]


class OfAnswer(ReadOnlyAdmin):
    """Rows that belong to an answer, listed by country, cycle and indicator."""

    list_filter = ["answer__submission__cycle"]
    list_select_related = ["answer__submission__country", "answer__submission__cycle", "answer__indicator__area"]
    search_fields = [f"answer__{field}" for field in OfSubmission.search_fields]


OF_SUBMISSION = ["submission__country", "submission__cycle"]
OF_ANSWER = [*(f"answer__{name}" for name in OF_SUBMISSION), "answer__indicator"]


@admin.register(Answer)
class AnswerAdmin(OfSubmission):
    """When and by whom answers were saved, never their content, which is read on the portal's pages."""

    fields = ["submission", "indicator", "revision", "changed_at", "changed_by"]
    list_display = [*OF_SUBMISSION, "indicator", "revision", "changed_at", "changed_by"]
    list_select_related = [*OfSubmission.list_select_related, "indicator__area", "changed_by"]


@admin.register(Version)
class VersionAdmin(OfSubmission):
    list_display = [*OF_SUBMISSION, "number", "at", "late"]
    exclude = ["answers", "digest"]


@admin.register(DateChange)
class DateChangeAdmin(ReadOnlyAdmin):
    """The moved dates of cycles, with who moved them and why."""

    list_display = ["cycle", "name", "old", "new", "by", "at", "reason"]
    list_filter = ["cycle"]
    list_select_related = ["cycle", "by"]


@admin.register(Transition)
class TransitionAdmin(OfSubmission):
    list_display = [*OF_SUBMISSION, "at", "step", "source", "target", "by", "on_behalf", "origin"]
    list_filter = ["submission__cycle", "step"]
    list_select_related = [*OfSubmission.list_select_related, "by"]


@admin.register(AnswerVersion)
class AnswerVersionAdmin(OfAnswer):
    fields = ["answer", "revision", "at", "by", "on_behalf", "origin"]
    list_display = [*OF_ANSWER, "revision", "at", "by", "on_behalf", "origin"]
    list_select_related = [*OfAnswer.list_select_related, "by"]


@admin.register(Remark)
class RemarkAdmin(OfAnswer):
    exclude = ["text"]
    list_display = [*OF_ANSWER, "at", "author", "shared", "flags"]
    list_select_related = [*OfAnswer.list_select_related, "author"]


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """Mails with their state, never their content, which is for their reader alone."""

    list_display = ["written_at", "to", "event", "subject", "state", "attempts", "sent_at", "error"]
    list_filter = ["state", "event"]
    list_select_related = ["to"]
    search_fields = ["to__name", "to__email", "subject"]
    exclude = ["body"]
