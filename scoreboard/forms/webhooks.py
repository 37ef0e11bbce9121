"""The form of a webhook that is added."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.typed_text import Form


class WebhookForm(Form):
    """Where messages go, and what for."""

    address = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("It begins with https:// and is a public one. Messages are sent there and nowhere else."),
    )
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=200,
        help_text=_("Which system gets the messages, and whom to ask about it."),
    )
