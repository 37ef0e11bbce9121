"""The forms of the workbench: a document's particulars, who may read it, and why it is withdrawn."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.models import Assessment


class BuildForm(forms.ModelForm):
    """What stands on the title page beside what the snapshot knows; all of it may be empty."""

    class Meta:
        model = Assessment
        fields = ["document_number", "meeting", "meeting_date"]
        help_texts = {
            "document_number": _("As the meeting numbers its documents."),
            "meeting": _("The meeting that the assessment is tabled at."),
        }
        widgets = {"meeting_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}


class PublishForm(forms.Form):
    """Who may read the assessment."""

    audience = forms.ChoiceField(
        label=_("Readers"),
        choices=Assessment.Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may read the assessment.")},
    )


class WithdrawForm(forms.Form):
    """Why an assessment is taken from its readers."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Officers and analysts see the reason on the assessment’s page."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give the reason for withdrawing.")},
    )
