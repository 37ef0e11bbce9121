"""The form that adds a reminder to a cycle's schedule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.typed_text import Form
from scoreboard.models import Reminder
from scoreboard.models.reminders import REACH


class ReminderForm(Form):
    """A reminder: of what, how many days before or after the date, and to whom."""

    about = forms.ChoiceField(label=_("Reminder of"), choices=Reminder.About.choices)
    days = forms.IntegerField(
        label=_("Days"),
        min_value=0,
        max_value=REACH,
        help_text=_("0 is the day itself."),
        error_messages={"required": _("Give the number of days."), "invalid": _("Type a whole number.")},
    )
    side = forms.ChoiceField(
        label=_("Before or after the date"), choices=[("before", _("days before it")), ("after", _("days after it"))]
    )
    to = forms.ChoiceField(
        label=_("To"),
        choices=Reminder.To.choices,
        help_text=_("A reminder of a question goes to the side for which the question waits."),
    )

    @property
    def reminder(self) -> dict[str, Any]:
        """The arguments of `reminders.add`."""
        given = self.cleaned_data
        days = -given["days"] if given["side"] == "before" else given["days"]
        question = given["about"] == Reminder.About.QUESTION
        return {"about": given["about"], "days": days, "to": Reminder.To.ALL if question else given["to"]}
