"""Forms of contributors' parts, questions on answers, and requests to reopen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import date_field, text_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import Area, Indicator, Submission


class PartForm(Form):
    """A contributor's part, by whole areas or single indicators, and its last day."""

    until = date_field(
        _("Choose the last day."), label=_("Until"), help_text=_("The last day on which your colleague can write.")
    )
    areas = forms.ModelMultipleChoiceField(Area.objects.none(), required=False)
    indicators = forms.ModelMultipleChoiceField(Indicator.objects.none(), label=_("Their part"), required=False)

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submission = submission
        edition = submission.cycle.edition_id
        for name, model in (("areas", Area), ("indicators", Indicator)):
            field = self.fields[name]
            field.queryset = model.objects.filter(edition=edition)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Add `part`, every chosen indicator."""
        cleaned = super().clean() or {}
        chosen = set(cleaned.get("indicators", ()))
        whole = set(cleaned.get("areas", ()))
        part = [i for i in self.submission.cycle.edition.all_indicators if i in chosen or i.area in whole]
        if not part and "indicators" not in self.errors:
            self.add_error("indicators", _("Choose at least one indicator or area."))
        return cleaned | {"part": part}

    @property
    def choices(self) -> list[tuple[Area, bool, bool, list[tuple[Indicator, bool]]]]:
        """The areas to print: each with whether it is ticked, whether any of its indicators is, and these."""
        areas = {str(getattr(value, "pk", value)) for value in self["areas"].value() or []}
        chosen = {str(getattr(value, "pk", value)) for value in self["indicators"].value() or []}
        found = []
        for area in self.submission.cycle.edition.whole:
            boxes = [(indicator, str(indicator.pk) in chosen) for indicator in area.indicators.all()]
            found.append((area, str(area.pk) in areas, any(ticked for _indicator, ticked in boxes), boxes))
        return found


class InvitationForm(PartForm):
    """A colleague to ask for a part."""

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Give the e-mail address of your colleague."),
            "invalid": _("Type an e-mail address such as name@ministry.example."),
        },
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Of a person who has an account already, the name of the account stays."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the name of your colleague.")},
    )
    field_order = ["email", "name", "until", "areas", "indicators"]


class MessageForm(Form):
    """A remark on an answer."""

    text = text_field(
        _("Write something before you send it."),
        label=_("Message"),
        attrs={"rows": 3, "dir": "auto"},
    )


class ThreadForm(MessageForm):
    """A new question or note on an answer."""

    shared = forms.TypedChoiceField(
        label=_("Who reads it"),
        choices=[
            ("yes", _("The country and the Secretariat; the country is asked to reply")),
            ("no", _("Only the Secretariat")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
        error_messages={"required": _("Choose who reads it.")},
    )
    due = date_field(label=_("Reply by"), required=False)


class ReopenRequestForm(Form):
    """Why accepted answers should be open again."""

    reason = text_field(
        _("Say what has to change, and why."),
        label=_("What has to change, and why?"),
        help_text=_("The Secretariat will get this text by e-mail, and the history shows it."),
        attrs={"rows": 5, "dir": "auto"},
    )


class RefusalForm(Form):
    """Why accepted answers stay as they are."""

    reason = text_field(
        _("Give the reason: the country reads it."),
        label=_("Why do the answers stay accepted?"),
        help_text=_("The focal points will get this text by e-mail, and the history shows it."),
        attrs={"rows": 5, "dir": "auto"},
    )
