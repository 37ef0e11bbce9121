"""The form of what a respondent says about the experience of reporting."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import TOO_LONG
from scoreboard.forms.typed_text import Form
from scoreboard.models import Feedback
from scoreboard.text import MAX_TEXT


class FeedbackForm(Form):
    """How easy it was, what was hard, and whether to sign."""

    rating = forms.TypedChoiceField(
        label=_("How did you find reporting this time?"),
        choices=Feedback.Rating.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five.")},
    )
    hard = forms.CharField(
        label=_("What was hard, and what would have helped?"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": TOO_LONG},
    )
    signed = forms.BooleanField(
        label=_("Sign it with my name, so that the Secretariat can ask me"),
        help_text=_("Without this, nothing says whose answer it is."),
        required=False,
    )
