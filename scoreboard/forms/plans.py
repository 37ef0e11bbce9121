"""Forms of action plans: the plan, who reads it, its check, an action, its progress, and whom it is given to."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.people_fields import day_field, email_field, name_field
from scoreboard.forms.review import TOO_LONG, date_field, text_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import ActionPlan, PlanAction
from scoreboard.plans.actions import MAX_NUMBER, ActionFacts
from scoreboard.plans.register import YEARS, PlanFacts
from scoreboard.text import MAX_TEXT, localised


def _long(label: Any, rows: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(
        label=label, max_length=MAX_TEXT, widget=widget, error_messages={"max_length": TOO_LONG}, **options
    )


def _line(label: Any, most: int, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"dir": "auto"})
    return forms.CharField(
        label=label, required=False, max_length=most, widget=widget, error_messages={"max_length": TOO_LONG}, **options
    )


def _year(label: Any) -> forms.IntegerField:
    words = _("Type a year such as 2026.")
    errors = {"invalid": words, "min_value": words, "max_value": words}
    return forms.IntegerField(
        label=label, required=False, min_value=YEARS[0], max_value=YEARS[1], error_messages=errors
    )


class PlanForm(Form):
    """What a country says of a plan as a whole."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=ActionPlan.Status,
        help_text=_("“None” says that your country has no plan; then a title is not needed."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ActionPlan.Kind)
    title = _line(_("Title"), 300)
    scope = _long(_("Scope"), 4, required=False, help_text=_("What the plan is about, in a few sentences."))
    begins = _year(_("First year"))
    ends = _year(_("Last year"))
    adopted_on = date_field(label=_("Adopted on"), required=False)
    body = _line(_("Responsible body"), 200, help_text=_("An authority or ministry, not a person."))
    objectives = forms.MultipleChoiceField(
        label=_("Objectives served"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, known: Iterable[dict[str, Any]], **kwargs: Any) -> None:
        """Offer the objectives `known` to the plan's questionnaire."""
        super().__init__(*args, **kwargs)
        choices = [(one["code"], localised(one["title"])) for one in known]
        if choices:
            self.fields["objectives"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["objectives"]

    @property
    def facts(self) -> PlanFacts:
        """What was typed, as the verbs take it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return PlanFacts(**given | {"objectives": tuple(given.get("objectives", ()))})


class ReadersForm(Form):
    """Who reads a plan."""

    audience = forms.ChoiceField(
        label=_("Who reads it?"),
        choices=ActionPlan.Audience,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who reads it.")},
    )


class CheckForm(Form):
    """An officer's note on a plan that they checked."""

    note = _long(
        _("Note to the country"), 4, required=False, help_text=_("The focal points read it, and get it by e-mail.")
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ActionForm(Form):
    """What a country says of an action."""

    number = forms.IntegerField(
        label=_("Number"),
        required=False,
        min_value=1,
        max_value=MAX_NUMBER,
        help_text=_("The place in the plan; in a ranked list, the rank. Empty: the next free number."),
    )
    text = text_field(
        _("Say what is to be done."),
        label=_("Action"),
        help_text=_("What is to be done."),
        attrs={"rows": 3, "dir": "auto"},
    )
    lead = _line(_("Lead"), 200, help_text=_("The agency that leads, not a person."))
    partners = _line(_("Partners"), 500, help_text=_("Other agencies and organisations that take part."))
    starts = date_field(label=_("Start"), required=False)
    ends = date_field(label=_("End"), required=False)
    status = forms.ChoiceField(label=_("Status"), choices=PlanAction.Status)
    indicators = forms.MultipleChoiceField(
        label=_("Indicators that it should lift"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, plan: ActionPlan, **kwargs: Any) -> None:
        """Offer the indicators of the plan's questionnaire."""
        super().__init__(*args, **kwargs)
        known = plan.edition.all_indicators if plan.edition else []
        if known:
            self.fields["indicators"].choices = [(one.code, str(one)) for one in known]  # type: ignore[attr-defined]
        else:
            del self.fields["indicators"]

    @property
    def facts(self) -> ActionFacts:
        """What was typed, as the verbs take it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return ActionFacts(**given | {"indicators": tuple(given.get("indicators", ()))})


class ProgressForm(Form):
    """How an action is coming on."""

    status = forms.ChoiceField(label=_("Status"), choices=PlanAction.Status)
    text = _long(
        _("Progress note"),
        4,
        required=False,
        help_text=_("Your colleagues read it, and the Secretariat if it sees the plan. It is never published."),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class DelegationForm(Form):
    """Which actions somebody is to note the progress of, and until when."""

    email = email_field(_("E-mail address"))
    name = name_field()
    actions = forms.MultipleChoiceField(
        label=_("Actions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one action.")},
    )
    until = day_field(_("Last day"), _("With access; it ends at midnight UTC."))

    def __init__(self, *args: Any, actions: Iterable[PlanAction], **kwargs: Any) -> None:
        """Offer the actions of the plan."""
        super().__init__(*args, **kwargs)
        self.offered = {str(one.pk): one for one in actions}
        self.fields["actions"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.number} · {one.text[:120]}") for key, one in self.offered.items()
        ]
        self.fields["until"].required = True
        self.fields["until"].error_messages["required"] = _("Choose the last day with access.")

    @property
    def chosen(self) -> list[PlanAction]:
        """The actions that were ticked."""
        return [self.offered[key] for key in self.cleaned_data["actions"]]


class SkeletonForm(Form):
    """Which gaps of a country's answers become actions of a plan."""

    title = _line(_("Title"), 300)
    kind = forms.ChoiceField(label=_("Kind"), choices=ActionPlan.Kind)
    indicators = forms.MultipleChoiceField(
        label=_("Indicators"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one indicator.")},
    )

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        """Offer the indicators with these codes."""
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True
        self.fields["title"].error_messages["required"] = _("Give the title of the plan.")
        self.fields["indicators"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]


class CopyForm(Form):
    """The plan after another one."""

    title = _line(_("Title"), 300)
    begins = _year(_("First year"))
    ends = _year(_("Last year"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True
        self.fields["title"].error_messages["required"] = _("Give the title of the plan.")
