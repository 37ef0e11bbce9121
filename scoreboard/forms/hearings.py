"""The forms of a hearing: until when countries are asked, what becomes public, and why a country is not to be named."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import date_field, text_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import Cycle


class AskingForm(Form):
    """The last day on which countries can say something of the answers that were entered for them."""

    until = date_field(
        _("Choose the last day."),
        label=_("Until when can countries object or correct?"),
        help_text=_("The last day; it ends at midnight in the time zone of the cycle. Each country gets one mail."),
    )


class PublicForm(Form):
    """What becomes public of a round."""

    public = forms.ChoiceField(
        label=_("What becomes public?"),
        choices=Cycle.Public.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes public.")},
    )


class ObjectionForm(Form):
    """Why a country is not to be named."""

    reason = text_field(
        _("Say why the country is not to be named."),
        label=_("Reason"),
        help_text=_("Your colleagues and the Secretariat read it; it is never published."),
        attrs={"rows": 4},
    )
