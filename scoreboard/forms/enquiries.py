"""Forms of questions to the Secretariat, and of the answers that all focal points of a cycle read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import text_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import Submission


class AskForm(Form):
    """A question to the Secretariat, and what it is about."""

    about = forms.ChoiceField(
        label=_("What is it about?"),
        required=False,
        error_messages={"invalid_choice": _("Choose an indicator of the list, or “The questionnaire in general”.")},
    )
    text = text_field(
        _("Write your question before you send it."),
        label=_("Your question"),
        help_text=_("The officers of the Secretariat read it, with your name and your country."),
        attrs={"rows": 5, "dir": "auto"},
    )
    show_answer = forms.BooleanField(
        label=_("Show my answer as it stands"),
        help_text=_("A copy of what is saved now goes with the question. Without it, the Secretariat sees no draft."),
        required=False,
    )

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        indicators = [(one.code, f"{one.label} {one.title}") for one in submission.cycle.edition.all_indicators]
        self.fields["about"].choices = [("", _("The questionnaire in general")), *indicators]  # type: ignore[attr-defined]  # a choice

    def clean(self) -> dict[str, Any]:
        """Ask for the indicator whose answer is to be shown."""
        cleaned = super().clean() or {}
        if cleaned.get("show_answer") and not cleaned.get("about") and "about" not in self.errors:
            self.add_error("about", _("Choose the indicator whose answer you want to show."))
        return cleaned


class EnquiryForm(Form):
    """What is written on in a question to the Secretariat."""

    text = text_field(_("Write something before you send it."), label=_("Message"), attrs={"rows": 4, "dir": "auto"})


class ShareForm(Form):
    """A question and its answer in words that tell nobody who asked."""

    question = text_field(
        _("Write the question in general words."),
        label=_("The question"),
        help_text=_("In general words: every focal point of the cycle reads it, and nobody should see who asked."),
        attrs={"rows": 4, "dir": "auto"},
    )
    answer = text_field(
        _("Write the answer in general words."), label=_("The answer"), attrs={"rows": 6, "dir": "auto"}
    )
