"""Forms of requests for access: what a newcomer asks for, and an officer's answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.people_fields import CountryField, day_field, networks_field, note_field, own_email_field
from scoreboard.forms.review import TOO_LONG, text_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import Organisation, Role
from scoreboard.people import requests


class AccessForm(Form):
    """What a newcomer asks for."""

    email = own_email_field()
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name."), "max_length": TOO_LONG},
    )
    role = forms.ChoiceField(
        label=_("You would be"),
        choices=[(role.value, role.label) for role in requests.ROLES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    country = CountryField(
        label=_("Country"), help_text=_("For which you would be a focal point."), required=False, empty_label="–"
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        help_text=_("For which you would observe."),
        max_length=200,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    reason = forms.CharField(
        label=_("What is the access for?"),
        help_text=_("Who named you, and what you will do. The Secretariat reads it."),
        max_length=requests.MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Say what the access is for."), "max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choose_by_name()  # type: ignore[attr-defined]  # a CountryField

    def clean(self) -> dict[str, Any]:
        """Ask for the country of a focal point, and the organisation of an observer."""
        cleaned = super().clean() or {}
        if cleaned.get("role") == Role.FOCAL and not cleaned.get("country") and "country" not in self.errors:
            self.add_error("country", _("Choose the country for which you would be a focal point."))
        if cleaned.get("role") == Role.OBSERVER and not cleaned.get("organisation"):
            self.add_error("organisation", _("Name the organisation for which you would observe."))
        return cleaned


class GrantForm(Form):
    """What somebody gets who asked for access: the networks of a focal point, the organisation of an observer."""

    networks = networks_field()
    organisation = forms.ModelChoiceField(
        Organisation.objects.exclude(kind=Organisation.Kind.SECRETARIAT),
        label=_("Organisation"),
        help_text=_("One that is not listed is added on the page of organisations first."),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose the organisation for which the person observes.")},
    )
    until = day_field(_("Last day"), _("With access. Leave it empty for a role without a last day."))
    note = note_field()

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["organisation" if role == Role.FOCAL else "networks"]


class RefusalForm(Form):
    """Why a request for access is refused."""

    reason = text_field(
        _("Give the reason: it is mailed to who asked."),
        label=_("Reason"),
        help_text=_("It is mailed to who asked."),
        attrs={"rows": 4, "dir": "auto"},
    )
