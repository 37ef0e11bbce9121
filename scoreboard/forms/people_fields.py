"""Fields that forms about people share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import TOO_LONG
from scoreboard.models import Country, CountryGroup
from scoreboard.people import roles
from scoreboard.text import alphabetical

NO_DATE = _("Type a date such as 2026-09-30.")


def day_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    """Return the field of a day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": NO_DATE},
    )


def email_field(label: Any) -> forms.EmailField:
    """Return the field of somebody else's e-mail address."""
    return forms.EmailField(
        label=label,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Type the e-mail address."),
            "invalid": _("Type an e-mail address such as name@ministry.example."),
        },
    )


def own_email_field() -> forms.EmailField:
    """Return the field of one's own e-mail address, to which a link is sent."""
    return forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("A link to confirm it is sent there."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Type your e-mail address."),
            "invalid": _("Type an e-mail address such as name@ministry.example."),
        },
    )


def name_field() -> forms.CharField:
    """Return the field of somebody else's name."""
    return forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("Of a person who has an account already, the name of the account stays."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the name."), "max_length": TOO_LONG},
    )


def note_field() -> forms.CharField:
    """Return the field of what an inviter adds to the mail."""
    return forms.CharField(
        label=_("Personal note"),
        help_text=_("It stands in the invitation, under your name. Leave it empty if there is nothing to add."),
        required=False,
        max_length=roles.MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )


def networks_field() -> forms.ModelMultipleChoiceField:
    """Return the field of the networks that a focal point is named for."""
    return forms.ModelMultipleChoiceField(
        CountryGroup.objects.networks(),
        label=_("Networks"),
        help_text=_("For which a focal point is named; both is common."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class CountryField(forms.ModelChoiceField):
    """A country to choose, in the alphabetical order of the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Country.objects.all(), **kwargs)

    def choose_by_name(self) -> None:
        """List the countries by name; a form calls it once it is made, so that the names are in its language."""
        found = sorted(Country.objects.all(), key=alphabetical)
        self.choices = [("", self.empty_label or ""), *((country.pk, str(country)) for country in found)]
