"""Forms of the review: a mark on an answer, a reason, an extension."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.typed_text import Form
from scoreboard.models import Membership, Role, User
from scoreboard.text import MAX_TEXT

TOO_LONG = _("Shorten the text to %(limit_value)d characters; it has %(show_value)d.")


def text_field(missing: Any, *, attrs: dict[str, Any] | None = None, **options: Any) -> forms.CharField:
    """Return a compulsory text of several lines; `missing` is the sentence where it is empty."""
    errors = {"required": missing, "max_length": TOO_LONG}
    return forms.CharField(max_length=MAX_TEXT, widget=forms.Textarea(attrs=attrs), error_messages=errors, **options)


def date_field(missing: Any = "", **options: Any) -> forms.DateField:
    """Return a day, chosen or typed; `missing` is the sentence where it is empty."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing, "invalid": _("Type a date such as 2026-09-30.")},
        **options,
    )


class MarkForm(Form):
    """Why one answer should change; the button "remove" takes the mark away instead."""

    text = text_field(_("Say what should change, or remove the mark."))


class ReasonForm(Form):
    """The compulsory reason of a return or a reopening."""

    comment = text_field(
        _("Give a reason: the country needs to know what to change and why."),
        label=_("What should the country do, and why?"),
        help_text=_("The focal points will get this text by e-mail, and the history shows it."),
        attrs={"rows": 6},
    )


class AloneForm(Form):
    """Why one officer accepts where two should."""

    alone = text_field(
        _("Give the reason: the other officers read it."),
        label=_("Why does no second officer confirm it?"),
        help_text=_("The other officers will get this text by e-mail, and the Secretariat reads it in the history."),
        attrs={"rows": 3},
    )


class PassOnForm(Form):
    """To which colleague a claim is passed on."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Officer"),
        empty_label=_("Choose an officer"),
        error_messages={"required": _("Choose to whom you pass it on."), "invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, *args: Any, officer: User, **kwargs: Any) -> None:
        """Offer the other officers of today."""
        super().__init__(*args, **kwargs)
        held = Membership.objects.in_force().filter(role=Role.SECRETARIAT).values("person")
        choices = User.objects.filter(pk__in=held, is_active=True).exclude(pk=officer.pk)
        field: Any = self.fields["to"]
        field.queryset = choices


class PartForm(Form):
    """Why a country leaves a cycle, or takes part again."""

    reason = text_field(
        _("Give the reason: the country reads it."),
        label=_("Reason"),
        help_text=_("The focal points get it by e-mail, and the history shows it."),
        attrs={"rows": 4},
    )


class EnteringForm(Form):
    """Why an officer opens what a country is writing."""

    reason = text_field(
        _("Say why you open the draft: the country’s focal points read it."),
        label=_("Why do you enter answers on its behalf?"),
        help_text=_("The focal points get it by e-mail, and the history shows it."),
        attrs={"rows": 4},
    )


class SourceForm(Form):
    """Where answers that an officer enters on a country's behalf come from."""

    note = text_field(
        _("Say where the answers come from."),
        label=_("Source"),
        help_text=_("Who sent what and when, such as: questionnaire on paper, signed by the director, of 3 March."),
        attrs={"rows": 3},
    )
    scan = forms.FileField(
        label=_("Scan of the paper"),
        help_text=_("Only if there is one: a PDF, a picture or a document. It is never published."),
        required=False,
        error_messages={"empty": _("This file is empty. Choose the file once more.")},
    )


class ExtensionForm(Form):
    """A country's own last day, with a reason."""

    to = date_field(_("Choose the new last day."), label=_("New last day"))
    reason = text_field(
        _("Give the reason for the extension."),
        label=_("Reason"),
        help_text=_("The focal points will get it by e-mail, and the history shows it."),
        attrs={"rows": 4},
    )


class CorrectionForm(ExtensionForm):
    """Another last day for a country that has an extension, or the end of the extension."""

    end = forms.BooleanField(
        label=_("End the extension: the dates of the cycle hold for this country again"), required=False
    )
    field_order = ["to", "end", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].required = False
        self.fields["reason"].error_messages["required"] = _("Give the reason for the correction.")

    def clean(self) -> dict[str, Any]:
        """Ask for a day unless the extension ends."""
        cleaned = super().clean() or {}
        if cleaned.pop("end", False):
            cleaned["to"] = None
        elif not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose the last day, or tick that the extension ends."))
        return cleaned
