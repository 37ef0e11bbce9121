"""Forms of people's roles: invitations, dates, the end and the hand-over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.people_fields import CountryField, day_field, email_field, name_field, networks_field, note_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import Membership, Organisation, Role
from scoreboard.people import roles

OFFICERS_GIVE = (Role.FOCAL, Role.OBSERVER, Role.ANALYST)


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
    networks = networks_field()
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(),
        label=_("Organisation"),
        help_text=_("Of an observer; an analyst can have one."),
        required=False,
        empty_label=_("No organisation"),
    )
    email = email_field(_("E-mail address"))
    name = name_field()
    until = day_field(_("Last day"), _("With access. Leave it empty for a role without a last day."))
    note = note_field()

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

    email = email_field(_("E-mail address"))
    name = name_field()
    until = day_field(_("Last day"), _("With access. Leave it empty for a role without a last day."))
    note = note_field()


class RoleForm(Form):
    """The last day of a role, and the networks of a focal point."""

    until = day_field(_("Last day"), _("With access. Leave it empty for a role without a last day."))
    networks = networks_field()

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
    last_day = day_field(_("Last day"), _("With access; it ends at midnight UTC."))

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

    email = email_field(_("E-mail address of the successor"))
    name = name_field()
    last_day = day_field(_("Last day of the present holder"), _("With access; it ends at midnight UTC."), required=True)
    note = note_field()


class FileForm(Form):
    """A file of invitations."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel workbook (.xlsx), at most 1 MB and 500 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        error_messages={"required": _("Choose the file first."), "empty": _("The file is empty.")},
    )
    note = note_field()
