"""The schedule of a cycle's reminders: when the portal writes to countries by itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .cycles import Cycle

REACH = 365  # days before or after a date


class Reminder(models.Model):
    """A day on which the countries of a cycle are reminded; `cycles.reminders` sends it, once to each reader."""

    class About(models.TextChoices):
        DEADLINE = "deadline", _("the deadline")
        QUESTION = "question", _("the day by which a question should be answered")

    class To(models.TextChoices):
        ALL = "all", _("every country that has not submitted")
        NOT_STARTED = "not_started", _("countries that have not begun")
        STARTED = "started", _("countries that have begun and not submitted")

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="reminders", verbose_name=_("cycle"))
    about = models.CharField(_("about"), max_length=10, choices=About, default=About.DEADLINE)
    days = models.SmallIntegerField(_("days after the date"))  # below zero: before it
    to = models.CharField(_("to"), max_length=12, choices=To, default=To.ALL)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["cycle", "about", "days", "to"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "about", "days", "to"],
                name="reminder_unique",
                violation_error_message=_("This reminder is in the schedule already."),
            ),
            models.CheckConstraint(
                condition=Q(days__gte=-REACH, days__lte=REACH),
                name="reminder_within_a_year",
                violation_error_message=_("Choose a day within a year of the date."),
            ),
            models.CheckConstraint(
                condition=~Q(about="question") | Q(to="all"), name="reminder_of_question_to_its_holder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.days:+d}"
