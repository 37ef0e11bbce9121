"""Forms of workshops: the code and the names that phones send, and what the focal point records."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import text_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import Indicator, Participant


class CodeForm(Form):
    """The code on the screen, typed."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Nine letters and digits. Capitals and dashes do not matter."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Type the code that is on the screen in the room.")},
    )


class JoinForm(Form):
    """Who asks to join, as the focal point reads it."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=Participant._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name: the focal point admits you by it.")},
    )
    agency = forms.CharField(
        label=_("Agency or organisation"),
        max_length=Participant._meta.get_field("agency").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Type the agency or organisation for which you are here.")},
    )


class NoteForm(Form):
    """What the room agreed: the level, why, and who saw it otherwise; `why` only where the Secretariat reads one."""

    level = forms.TypedChoiceField(
        label=_("Level agreed"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the level that the room agreed on."),
            "invalid_choice": _("Choose one of the levels of the ladder."),
        },
    )
    reasons = text_field(
        _("Write down the reasons: why the room agreed on this level."),
        label=_("Reasons"),
        help_text=_("Only your country’s focal points read this. Name agencies rather than people."),
        attrs={"rows": 4, "dir": "auto"},
    )
    dissent = text_field(
        "",
        label=_("Dissent"),
        help_text=_("Who saw it otherwise, at which level, and why. Leave it empty if nobody did."),
        attrs={"rows": 3, "dir": "auto"},
        required=False,
    )
    why = text_field(
        _("Say why you change this answer: the Secretariat did not ask about it."),
        label=_("Why does the answer change?"),
        help_text=_("The Secretariat did not ask about this answer, so it reads your reason."),
        attrs={"rows": 2, "dir": "auto"},
    )

    def __init__(self, *args: Any, indicator: Indicator, asks_why: bool, **kwargs: Any) -> None:
        """Offer the levels of the indicator, and ask for the Secretariat's reason only if `asks_why`."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["level"]
        field.choices = [(level.value, level.value) for level in indicator.ladder]
        if not asks_why:
            del self.fields["why"]
