"""Forms of organisations' statements: beginning one, its text and level, reasons, the reply, and the decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import TOO_LONG, text_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import Area, Cycle, Indicator, Organisation, Role, Statement, Submission, User
from scoreboard.models.people import countries_of, organisations_of
from scoreboard.text import MAX_TEXT, alphabetical, number

PART = "part"  # the choice of somebody who rather writes for a country


class StartForm(Form):
    """For whom somebody writes, on which country, and on all of it or one area or indicator."""

    role = forms.ChoiceField(
        label=_("You write"),
        help_text=_("You hold several roles. What you file carries the name of the one that you choose."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose in which role you write.")},
    )
    country = forms.ModelChoiceField(
        Submission.objects.none(),
        label=_("Country"),
        empty_label=_("Choose a country"),
        error_messages={"required": _("Choose the country that it is about.")},
    )
    subject = forms.ChoiceField(label=_("It is about"), required=False)

    def __init__(self, *args: Any, cycle: Cycle, user: User, **kwargs: Any) -> None:
        """Offer the roles of `user`, the countries that take part in `cycle`, and the parts of its questionnaire."""
        super().__init__(*args, **kwargs)
        self.organisations = {str(one.pk): one for one in organisations_of(user)}
        roles = [(key, _("for %s, as its observer") % one.name) for key, one in self.organisations.items()]
        taking_part = cycle.submissions.taking_part().select_related("country", "cycle")
        for role in (Role.FOCAL, Role.CONTRIBUTOR):
            mine = [str(one) for one in countries_of(user, role)]
            if mine:
                words = {"role": role.label, "countries": ", ".join(mine)}
                roles.append((f"{PART}-{role}", _("as %(role)s of %(countries)s, within its own answers") % words))
        field: Any = self.fields["role"]
        field.choices = roles
        if len(roles) == 1:
            del self.fields["role"]
        country: Any = self.fields["country"]
        country.queryset = taking_part
        country.label_from_instance = lambda one: str(one.country)
        shown = sorted(((one.pk, str(one.country)) for one in taking_part), key=lambda one: alphabetical(one[1]))
        country.choices = [("", country.empty_label), *shown]
        subject: Any = self.fields["subject"]
        self.parts: dict[str, Area | Indicator] = {}
        groups: list[Any] = [("", _("the whole country"))]
        for area in cycle.edition.whole:
            self.parts[f"area-{area.pk}"] = area
            choices = [(f"area-{area.pk}", _("the whole area %s") % area.code)]
            for indicator in area.indicators.all():
                self.parts[f"indicator-{indicator.pk}"] = indicator
                choices.append((f"indicator-{indicator.pk}", str(indicator)))
            groups.append((str(area), choices))
        subject.choices = groups

    @property
    def writes_for_country(self) -> Role | None:
        """The national role that was chosen instead of an organisation."""
        chosen = self.cleaned_data.get("role", "")
        return Role(chosen.removeprefix(f"{PART}-")) if chosen.startswith(PART) else None

    @property
    def organisation(self) -> Organisation:
        """The organisation for which the person writes."""
        return self.organisations[self.cleaned_data.get("role") or next(iter(self.organisations))]

    @property
    def area(self) -> Area | None:
        """The area that it is about."""
        chosen = self.parts.get(self.cleaned_data["subject"])
        return chosen if isinstance(chosen, Area) else None

    @property
    def indicator(self) -> Indicator | None:
        """The indicator that it is about."""
        chosen = self.parts.get(self.cleaned_data["subject"])
        return chosen if isinstance(chosen, Indicator) else None


class DraftForm(Form):
    """The text of a statement, and a level where it is about an indicator."""

    level = forms.TypedChoiceField(
        label=_("Level"), required=False, coerce=lambda value: number(value), empty_value=None, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Text"),
        help_text=_(
            "What you know, and how you know it. Name institutions, not private persons: no names, addresses or other "
            "details of people who do not act in public office."
        ),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, statement: Statement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({"level": statement.level, "text": statement.text, "seen": statement.revision})
        if statement.indicator is None:
            del self.fields["level"]
        else:
            level: Any = self.fields["level"]
            level.choices = [("", ""), *((one.value, str(one)) for one in statement.indicator.ladder)]


class WithdrawalForm(Form):
    """Why an organisation withdraws a statement."""

    reason = text_field(
        _("Give the reason: the Secretariat reads it, and the country if it has the statement."),
        label=_("Why do you withdraw it?"),
        help_text=_("The Secretariat reads it, and the country if the statement was shared with it."),
        attrs={"rows": 4},
    )


class ReplyForm(Form):
    """The country's reply to a statement."""

    text = text_field(
        _("Write the reply before you send it."),
        label=_("Reply of the country"),
        help_text=_("The Secretariat reads it. It is published next to the statement, if that is published."),
        attrs={"rows": 8, "dir": "auto"},
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PublicationForm(Form):
    """That an officer read a statement and found no private person named."""

    names_nobody = forms.BooleanField(
        label=_("I have read the statement, what its links lead to, and the reply. No private person is named."),
        error_messages={"required": _("Read the statement, its links and the reply, and tick the box.")},
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class NoPublicationForm(Form):
    """Why an officer does not publish a statement, or does not any more."""

    reason = text_field(
        _("Give the reason: the organisation reads it."),
        label=_("Why is it not published?"),
        help_text=_("The organisation reads it, and the country if the statement was shared with it."),
        attrs={"rows": 4},
    )
