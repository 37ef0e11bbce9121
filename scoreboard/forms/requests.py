"""Forms of what a country asks of the Secretariat: more time, and that it will not report this time."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import date_field, text_field
from scoreboard.forms.typed_text import Form
from scoreboard.text import MAX_TEXT


class ExtensionRequestForm(Form):
    """A wish for more time."""

    until = date_field(_("Choose a day."), label=_("Until when do you need time?"))
    reason = text_field(
        _("Give the reason: the Secretariat reads it."),
        label=_("Reason"),
        help_text=_("The Secretariat gets it by e-mail, and it is part of the history."),
        attrs={"rows": 4},
    )


class RefusalOfExtensionForm(Form):
    """Why a country gets no more time."""

    reason = text_field(
        _("Give the reason: the country reads it."),
        label=_("Reason"),
        help_text=_("The focal points get it by e-mail, and it is part of the history."),
        attrs={"rows": 4},
    )


class DecliningForm(Form):
    """That a country will not report this time, with a reason where it wants to give one."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("You can leave it empty. Your colleagues and the Secretariat read it; it is never published."),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
