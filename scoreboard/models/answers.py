"""Current answers, and every version of them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard.models.questionnaire import Indicator, Level

from .people import User

MAX_LEAD = 200  # characters of who leads a step


class Origin(models.TextChoices):
    """From where a write came; stored with who and when."""

    PAGE = "page", _("page")
    API = "api", _("API")
    WORKBOOK = "workbook", _("workbook")
    COMMAND = "command", _("command line")
    WORKSHOP = "workshop", _("workshop")
    WORKER = "worker", _("the portal itself")
    FILE = "file", _("file of earlier results")


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers; `IS_COMPLETE` below defines which of them are complete."""

    def complete(self) -> Self:
        """Those that are complete."""
        return self.filter(IS_COMPLETE)


class AnswerText(models.Model):
    """The content of an answer, shared by the current answer, its versions and suggestions."""

    class Kind(models.TextChoices):
        LEVEL = "level", _("Level")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")
        UNKNOWN = "unknown", _("Unknown")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True)  # blank: a comment, no answer yet
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("level"))
    reason = models.TextField(_("reason why it does not apply"), blank=True)
    comment = models.TextField(_("comment"), blank=True)
    comment_withheld = models.BooleanField(_("comment not for publication"), default=False)
    figures = models.JSONField(_("figures"), default=list, blank=True)  # rows of the data form: column code → value
    figures_withheld = models.BooleanField(_("figures not for publication"), default=False)
    next_step = models.TextField(_("intended step towards the next level"), blank=True)
    # A day as text, such as 2027-06-30, as versions and files have it.
    next_step_by = models.CharField(_("by when the step is intended"), max_length=10, blank=True)
    next_step_lead = models.CharField(_("who leads the step"), max_length=MAX_LEAD, blank=True)
    next_step_public = models.BooleanField(_("step for publication"), default=False)
    change_reason = models.TextField(_("why the level differs from last time"), blank=True)
    confirmed = models.BooleanField(_("confirmed without change since last time"), default=False)
    revision = models.PositiveIntegerField(_("revision"))

    class Meta:
        abstract = True


# The fields of an answer besides its kind and level; two answers are the same if all of these are.
TEXT_FIELDS = (
    "reason",
    "comment",
    "comment_withheld",
    "figures",
    "figures_withheld",
    "next_step",
    "next_step_by",
    "next_step_lead",
    "next_step_public",
    "change_reason",
    "confirmed",
)


# What was added to the intended step later: a stored version and its digest hold these only where they are given.
STEP_FIELDS = ("next_step_by", "next_step_lead", "next_step_public")


class Answer(AnswerText):
    """A country's current answer to one indicator; written through `answering` only."""

    submission = models.ForeignKey("Submission", models.CASCADE, related_name="answers", verbose_name=_("submission"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="answers", verbose_name=_("indicator"))
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("changed by"))

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["submission", "indicator__position"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "indicator"], name="answer_one_per_indicator"),
            models.CheckConstraint(
                condition=Q(kind="level", level__isnull=False) | (~Q(kind="level") & Q(level__isnull=True)),
                name="answer_level_exactly_when_kind_is_level",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.indicator.label}"


# What "answered" means, once for the database and once for what is not saved yet: a level, unknown, or not applicable
# with its reason. Where the edition no longer offers "not applicable", such an answer is incomplete while the country
# may write; what was handed in counts as it was.
IS_COMPLETE = Q(kind__in=[Answer.Kind.LEVEL, Answer.Kind.UNKNOWN]) | (
    Q(kind=Answer.Kind.NOT_APPLICABLE)
    & ~Q(reason="")
    & (Q(indicator__not_applicable=True) | Q(submission__state__in=["submitted", "accepted"]))
)


def is_complete(kind: str, reason: str, indicator: Indicator, *, handed_in: bool = False) -> bool:
    """Return whether an answer of this kind and reason is complete; `handed_in` says that the country cannot write."""
    if kind == Answer.Kind.NOT_APPLICABLE:
        return bool(reason) and (indicator.not_applicable or handed_in)
    return kind in (Answer.Kind.LEVEL, Answer.Kind.UNKNOWN)


class AnswerVersion(AnswerText):
    """An answer after one save. Append-only: no revision is deleted."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="versions", verbose_name=_("answer"))
    suggestion = models.ForeignKey(
        "Suggestion", models.PROTECT, null=True, blank=True, related_name="adopted_as", verbose_name=_("suggested as")
    )
    why = models.TextField(_("reason for the change"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    on_behalf = models.BooleanField(_("entered on behalf of the country"), default=False)
    origin = models.CharField(_("from"), max_length=10, choices=Origin)
    entry = models.ForeignKey(
        "ActivityEntry",
        models.DO_NOTHING,  # the version stays when the entry is removed, and is not entered again
        null=True,
        blank=True,
        editable=False,
        related_name="versions",
        db_constraint=False,
        verbose_name=_("entry of the activity log, once the worker has made it"),
    )

    class Meta:
        verbose_name = _("answer version")
        verbose_name_plural = _("answer versions")
        ordering = ["answer", "-revision"]
        indexes = [models.Index(fields=["id"], condition=Q(entry=None), name="answer_version_not_entered")]
        constraints = [models.UniqueConstraint(fields=["answer", "revision"], name="answer_version_one_per_revision")]

    def __str__(self) -> str:
        return f"{self.answer} · {self.revision}"
