"""The form that submits answers: who declares them, and that what seems doubtful is right."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.typed_text import Form
from scoreboard.models import Submission
from scoreboard.submissions.doubts import Doubt


class DeclarationForm(Form):
    """Who submits, in what capacity, and that they mean it."""

    declared_by = forms.CharField(
        label=_("Name"),
        help_text=_("The person who answers for this submission."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Give the name of the person who submits.")},
    )
    capacity = forms.CharField(
        label=_("Capacity"),
        help_text=_("Position and institution, such as head of unit in a ministry."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": _("Say in what capacity this person submits.")},
    )
    confirmed = forms.BooleanField(
        label=_("I confirm that these answers are complete and may be passed to the Secretariat."),
        error_messages={"required": _("Tick the box to confirm the answers.")},
    )

    def __init__(self, *args: Any, submission: Submission, doubts: Iterable[Doubt] = (), **kwargs: Any) -> None:
        """Ask first to confirm each answer on which there are `doubts`; they come in the questionnaire's order."""
        super().__init__(*args, **kwargs)
        doubts = list(doubts)
        self.doubts = [doubt.key for doubt in doubts]
        by_indicator = [list(found) for _about, found in groupby(doubts, key=attrgetter("indicator", "on_overview"))]
        asked = {"doubt-" + "_".join(d.key for d in found): _confirmation(submission, found) for found in by_indicator}
        self.fields = asked | self.fields

    @property
    def doubtful(self) -> list[forms.BoundField]:
        """The fields that confirm an answer."""
        return [field for field in self if field.name.startswith("doubt-")]

    @property
    def declaring(self) -> list[forms.BoundField]:
        """The fields of the declaration itself."""
        return [field for field in self if not field.name.startswith("doubt-")]

    @property
    def declaration(self) -> dict[str, Any]:
        """What `workflow.submit` takes."""
        declared = {key: self.cleaned_data[key] for key in ("declared_by", "capacity")}
        return declared | {"confirmed": self.doubts}  # each has a compulsory box


def _confirmation(submission: Submission, doubts: list[Doubt]) -> forms.BooleanField:
    """Return the field that confirms an answer, whatever is doubtful about it."""
    indicator, sentences = doubts[0].indicator, " ".join(doubt.sentence for doubt in doubts)
    url = reverse("submission_area", args=[submission.pk, indicator.area.code]) + f"#i{indicator.code}"
    if doubts[0].on_overview:
        url = reverse("submission", args=[submission.pk]) + "#earlier-steps"
    return forms.BooleanField(
        label=_("%s is right as it is.") % indicator.label,
        help_text=format_html('{} <a href="{}">{}</a>', sentences, url, _("Look at %s again") % indicator.label),
        error_messages={"required": _("Confirm %s, or correct it.") % indicator.label},
    )
