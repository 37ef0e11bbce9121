"""Forms of the board: its filters, an officer's view of it, a country's note and lead officer, and mails to many."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import ExtensionForm, text_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import CountryGroup, Membership, Role, User
from scoreboard.text import MAX_TEXT


def officers() -> Any:
    """Return the officers of today."""
    held = Membership.objects.in_force().filter(role=Role.SECRETARIAT).values("person")
    return User.objects.filter(pk__in=held, is_active=True)


class BoardForm(Form):
    """Filters of the board."""

    q = forms.CharField(label=_("Find a country"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    group = forms.ModelChoiceField(
        CountryGroup.objects.all(), label=_("Group"), required=False, empty_label=_("Every group")
    )
    lead = forms.ModelChoiceField(
        User.objects.none(), label=_("Lead officer"), required=False, empty_label=_("Everybody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = officers()  # type: ignore[attr-defined]  # a choice of models

    @property
    def filters(self) -> dict[str, str]:
        """The filters in force, by name, as an address holds them."""
        return {name: str(self.data.get(name, "")) if self.cleaned_data.get(name) else "" for name in self.fields}


class ViewForm(Form):
    """The name of a view to save."""

    name = forms.CharField(
        label=_("Name of the view"),
        max_length=60,
        error_messages={"required": _("Give the view a name, such as “Late and silent”.")},
    )


class FollowingForm(Form):
    """What the Secretariat notes on a country, and who looks after it."""

    note = forms.CharField(
        label=_("Note"),
        help_text=_("Only the Secretariat reads it."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    lead = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Lead officer"),
        help_text=_("Holds for every cycle. Replies to mails to the country go to this person’s Secretariat."),
        required=False,
        empty_label=_("Nobody"),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = officers()  # type: ignore[attr-defined]  # a choice of models


class ReminderNoteForm(Form):
    """What an officer adds to a reminder."""

    comment = forms.CharField(
        label=_("Add a sentence of your own"),
        help_text=_("Each mail has it below what is asked. You can leave it empty."),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnnouncementForm(Form):
    """An announcement to focal points, observers or analysts."""

    groups = forms.MultipleChoiceField(
        label=_("To"),
        choices=[
            (Role.FOCAL, _("Focal points of the countries above")),
            (Role.OBSERVER, _("All observers")),
            (Role.ANALYST, _("All analysts")),
        ],
        initial=[Role.FOCAL],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who gets the mail.")},
    )
    subject = forms.CharField(
        label=_("Subject"), max_length=150, error_messages={"required": _("Give the mail a subject.")}
    )
    comment = text_field(
        _("Write the text of the mail."),
        label=_("Text"),
        help_text=_("Begin with what you ask and until when. The greeting and your name are added."),
        attrs={"rows": 10},
    )


class ManyExtensionsForm(ExtensionForm):
    """A new last day for several countries, with one reason."""
