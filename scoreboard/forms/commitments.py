"""The form that says what became of a step."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import TOO_LONG
from scoreboard.forms.typed_text import Form
from scoreboard.models import Commitment
from scoreboard.text import MAX_TEXT


class ReportForm(Form):
    """What became of a step, in a word and in words; `seen` is the report that the page shows."""

    status = forms.ChoiceField(
        label=_("What became of it?"),
        choices=Commitment.Status.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what became of the step.")},
    )
    words = forms.CharField(
        label=_("In words"),
        help_text=_("What was done, what is missing, or why it is dropped. The Secretariat reads it; never published."),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean(self) -> dict[str, Any]:
        """Ask why where a step is dropped."""
        given = super().clean() or {}
        if given.get("status") == Commitment.Status.DROPPED and not given.get("words"):
            self.add_error("words", _("Say why the step is dropped."))
        return given
