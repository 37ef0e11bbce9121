"""Forms of the log of e-mails: its filters, and an address that does not work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.typed_text import Form
from scoreboard.models import Country, Mail


class LogForm(Form):
    """Filters of the log."""

    q = forms.CharField(label=_("Reader, address or subject"), required=False)
    country = forms.ModelChoiceField(
        Country.objects.all(), label=_("Country"), required=False, empty_label=_("Every country")
    )
    state = forms.ChoiceField(
        label=_("Delivery"), required=False, choices=[("", _("Whatever became of it")), *Mail.State.choices]
    )

    @property
    def filters(self) -> dict[str, Any]:
        """The filters in force, by name; what cannot be meant is ignored."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in self.fields}


class AddressForm(Form):
    """An address that does not work."""

    address = forms.EmailField(
        label=_("Address that does not work"),
        error_messages={"required": _("Type the address."), "invalid": _("Type an address such as name@example.org.")},
    )
