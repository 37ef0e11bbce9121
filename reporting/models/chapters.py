"""The written parts of an assessment, each with every text that it has had."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.models.assessments import Assessment
from scoreboard import clock
from scoreboard.models.people import User, optional_person
from scoreboard.text import is_blank


class Chapter(models.Model):
    """The written part of one chapter of an assessment. `chapters` has the verbs that change it."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="chapters", verbose_name=_("assessment"))
    key = models.CharField(_("chapter"), max_length=20)  # the anchor of its section, such as area-A
    text = models.TextField(_("text"), blank=True)
    figures = models.JSONField(_("figures as the writer saw them"), default=dict)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)
    changed_by = optional_person(_("changed by"), blank=False)
    approved_revision = models.PositiveIntegerField(_("revision approved"), null=True, blank=True)
    approved_by = optional_person(_("approved by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ["assessment", "key"]
        constraints = [models.UniqueConstraint(fields=["assessment", "key"], name="chapter_one_per_key")]

    def __str__(self) -> str:
        return f"{self.assessment} · {self.key}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written."""
        return is_blank(self.text)

    @property
    def is_approved(self) -> bool:
        """Whether the current text is approved."""
        return self.approved_revision == self.revision and not self.is_empty


class ChapterVersion(models.Model):
    """A chapter's text after one save. Append-only."""

    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="versions", verbose_name=_("chapter"))
    revision = models.PositiveIntegerField(_("revision"))
    text = models.TextField(_("text"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("chapter version")
        verbose_name_plural = _("chapter versions")
        ordering = ["chapter", "-revision"]
        constraints = [models.UniqueConstraint(fields=["chapter", "revision"], name="chapter_version_one_per_revision")]

    def __str__(self) -> str:
        return f"{self.chapter} · {self.revision}"
