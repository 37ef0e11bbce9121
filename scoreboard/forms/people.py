"""Forms of people: invitations, the dates of a role, networks, organisations, and requests for access."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import TOO_LONG, text_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import Country, CountryGroup, GroupMembership, Membership, Organisation, Role
from scoreboard.people import requests, roles
from scoreboard.text import alphabetical

NO_DATE = _("Type a date such as 2026-09-30.")
OFFICERS_GIVE = (Role.FOCAL, Role.OBSERVER, Role.ANALYST)


def _day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": NO_DATE},
    )


def _email(label: Any) -> forms.EmailField:
    return forms.EmailField(
        label=label,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Type the e-mail address."),
            "invalid": _("Type an e-mail address such as name@ministry.example."),
        },
    )


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("Of a person who has an account already, the name of the account stays."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the name."), "max_length": TOO_LONG},
    )


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Personal note"),
        help_text=_("It stands in the invitation, under your name. Leave it empty if there is nothing to add."),
        required=False,
        max_length=roles.MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )


def _networks() -> forms.ModelMultipleChoiceField:
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


class InvitationForm(Form):
    """Whom an officer invites to which role."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in OFFICERS_GIVE],
        initial=Role.FOCAL,
        error_messages={"required": _("Choose the role.")},
    )
    country = CountryField(
        label=_("Country"), help_text=_("Of a focal point."), required=False, empty_label=_("No country")
    )
    networks = _networks()
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(),
        label=_("Organisation"),
        help_text=_("Of an observer; an analyst can have one."),
        required=False,
        empty_label=_("No organisation"),
    )
    email = _email(_("E-mail address"))
    name = _name()
    until = _day(_("Last day"), _("With access. Leave it empty for a role without a last day."))
    note = _note()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choose_by_name()  # type: ignore[attr-defined]  # a CountryField

    @property
    def invitation(self) -> roles.Invitation:
        """What was typed, as the verb takes it."""
        given = self.cleaned_data
        return roles.Invitation(**given | {"role": Role(given["role"]), "networks": list(given["networks"])})


class FocalPointForm(Form):
    """Another focal point, whom a focal point invites for the own country."""

    email = _email(_("E-mail address"))
    name = _name()
    until = _day(_("Last day"), _("With access. Leave it empty for a role without a last day."))
    note = _note()


class RoleForm(Form):
    """The last day of a role, and the networks of a focal point."""

    until = _day(_("Last day"), _("With access. Leave it empty for a role without a last day."))
    networks = _networks()

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        initial = {"until": membership.until, "networks": membership.networks.all()}
        super().__init__(*args, **{"initial": initial} | kwargs)
        if membership.role != Role.FOCAL:
            del self.fields["networks"]


class EndForm(Form):
    """When a role ends."""

    when = forms.ChoiceField(
        label=_("When"),
        choices=[("now", _("At once")), ("day", _("After the last day below"))],
        initial="now",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose when it ends.")},
    )
    last_day = _day(_("Last day"), _("With access; it ends at midnight UTC."))

    def clean(self) -> dict[str, Any]:
        """Ask for the day if it does not end at once."""
        cleaned = super().clean() or {}
        if cleaned.get("when") == "now":
            cleaned["last_day"] = None
        elif not cleaned.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Choose the last day."))
        return cleaned


class HandoverForm(Form):
    """Who takes over a role, and the last day of who had it."""

    email = _email(_("E-mail address of the successor"))
    name = _name()
    last_day = _day(_("Last day of the present holder"), _("With access; it ends at midnight UTC."), required=True)
    note = _note()


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
    since = _day(_("Since"), _("The first day. Leave it empty if it is not known."))
    until = _day(_("Until"), _("The last day. Leave it empty while it lasts."))


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


class FileForm(Form):
    """A file of invitations."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel workbook (.xlsx), at most 1 MB and 500 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        error_messages={"required": _("Choose the file first."), "empty": _("The file is empty.")},
    )
    note = _note()


class AccessForm(Form):
    """What a newcomer asks for."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("A link to confirm it is sent there."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Type your e-mail address."),
            "invalid": _("Type an e-mail address such as name@ministry.example."),
        },
    )
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

    networks = _networks()
    organisation = forms.ModelChoiceField(
        Organisation.objects.exclude(kind=Organisation.Kind.SECRETARIAT),
        label=_("Organisation"),
        help_text=_("One that is not listed is added on the page of organisations first."),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose the organisation for which the person observes.")},
    )
    until = _day(_("Last day"), _("With access. Leave it empty for a role without a last day."))
    note = _note()

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
