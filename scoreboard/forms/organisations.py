"""Forms of organisations, and of the networks that countries and organisations belong to."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.people_fields import day_field
from scoreboard.forms.review import TOO_LONG
from scoreboard.forms.typed_text import Form
from scoreboard.models import CountryGroup, GroupMembership, Organisation


class NetworkMembershipForm(Form):
    """As what, from when to when, a country or an organisation belongs to a group."""

    group = forms.ModelChoiceField(
        CountryGroup.objects.all(),
        label=_("Network or group"),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose the network or group.")},
    )
    kind = forms.ChoiceField(
        label=_("Belongs to it as"),
        choices=GroupMembership.Kind.choices,
        error_messages={"required": _("Choose one of the list.")},
    )
    since = day_field(_("Since"), _("The first day. Leave it empty if it is not known."))
    until = day_field(_("Until"), _("The last day. Leave it empty while it lasts."))


class CorrectionForm(NetworkMembershipForm):
    """A membership that was entered wrongly, or ends."""

    confirmed = forms.BooleanField(label=_("Confirmed by the Secretariat"), required=False)

    def __init__(self, *args: Any, membership: GroupMembership, **kwargs: Any) -> None:
        names = ("kind", "since", "until", "confirmed")
        super().__init__(*args, **{"initial": {name: getattr(membership, name) for name in names}} | kwargs)
        del self.fields["group"]


class OrganisationForm(Form):
    """An organisation's names and kind."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        error_messages={"required": _("Type the name."), "max_length": TOO_LONG},
    )
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Kind"), error_messages={"required": _("Choose the kind.")})

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        initial = {name: getattr(organisation, name) for name in ("name", "short_name", "kind")}
        super().__init__(*args, **{"initial": initial} | kwargs)
        secretariat = Organisation.Kind.SECRETARIAT
        offered: Iterable[Organisation.Kind] = Organisation.Kind
        if organisation.pk is None or organisation.kind != secretariat:  # an administrator says which are
            offered = [kind for kind in Organisation.Kind if kind != secretariat]
        else:
            offered = [secretariat]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in offered]  # type: ignore[attr-defined]  # a choice
