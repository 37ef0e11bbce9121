"""The forms of the workbench (particulars, readers, why it is withdrawn) and of the page that verifies a file."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.models import Assessment
from scoreboard.typed_text import Form, ModelForm


class BuildForm(ModelForm):
    """What stands on the title page beside what the snapshot knows; all of it may be empty."""

    class Meta:
        model = Assessment
        fields = ["document_number", "meeting", "meeting_date"]
        help_texts = {
            "document_number": _("As the meeting numbers its documents."),
            "meeting": _("The meeting that the assessment is tabled at."),
        }
        widgets = {"meeting_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}


class PublishForm(Form):
    """Who may read the assessment."""

    audience = forms.ChoiceField(
        label=_("Readers"),
        choices=Assessment.Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may read the assessment.")},
    )
    incomplete = forms.BooleanField(
        label=_("Publish although some texts are not shown in the PDF"),
        error_messages={"required": _("Tick this, or install the fonts and build the PDF again.")},
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not assessment.not_shown:
            del self.fields["incomplete"]


class WithdrawForm(Form):
    """Why an assessment is taken from its readers."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Officers and analysts see the reason on the assessment’s page."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give the reason for withdrawing.")},
    )


class VerifyForm(Form):
    """The SHA-256 of a file that somebody has."""

    sha256 = forms.CharField(
        label=_("SHA-256 of the file"),
        help_text=_("64 digits from 0 to 9 and a to f."),
        error_messages={"required": _("Paste the SHA-256 of the file.")},
    )

    def clean_sha256(self) -> str:
        """Return the sum in its usual form, without spaces."""
        digits = re.sub(r"\s", "", self.cleaned_data["sha256"]).lower()
        if not re.fullmatch(r"[0-9a-f]{64}", digits):
            raise forms.ValidationError(
                _("A SHA-256 has 64 digits from 0 to 9 and a to f. Paste it whole, without the name of the file.")
            )
        return digits
