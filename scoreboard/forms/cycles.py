"""The form of a cycle: its questionnaire, its dates, its countries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.cycles import calendar, planning
from scoreboard.forms.typed_text import Form, ModelForm
from scoreboard.models import Country, CountryGroup, Cycle, Edition, GroupMembership
from scoreboard.models.cycles import REACH
from scoreboard.text import MAX_TEXT, alphabetical

NO_DATE = _("Type a date such as 2026-09-30.")


class EditionField(forms.ModelChoiceField):
    """A choice of edition that marks provisional wording."""

    def label_from_instance(self, edition: Edition) -> str:
        """Return the edition's name for the list."""
        return _("%s (provisional wording)") % edition if edition.provisional else str(edition)


@dataclass(frozen=True)
class Box:
    """A country to tick."""

    country: Country
    ticked: bool


class RehearsalForm(Form):
    """The questionnaire that a rehearsal answers."""

    edition = EditionField(
        Edition.objects.all(),
        label=_("Edition of the questionnaire"),
        empty_label=_("Choose an edition"),
        error_messages={"required": _("Choose the edition that the rehearsal answers.")},
    )


class CycleForm(ModelForm):
    """A new or changed cycle with its countries; `calendar.save_cycle` saves it."""

    edition = EditionField(
        Edition.objects.all(),
        label=_("Edition of the questionnaire"),
        empty_label=_("Choose an edition"),
        error_messages={"required": _("Choose the edition that the countries answer.")},
    )
    countries = forms.ModelMultipleChoiceField(
        Country.objects.all(),
        label=_("Participating countries"),
        help_text=_(
            "Each gets one submission. A country that has begun stays in the cycle; its review page takes it out of it."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Why the dates move"),
        help_text=_("Only if you move a date of an open cycle: its countries get the reason by e-mail."),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # The state that the form was filled from: the cycle's revision, and the countries that were ticked.
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    before = forms.ModelMultipleChoiceField(Country.objects.all(), required=False, widget=forms.MultipleHiddenInput)

    class Meta:
        model = Cycle
        fields = calendar.FIELDS
        widgets = {
            **{
                name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
                for name in ("opens", "deadline", "closes")
            },
            "time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
            "basis": forms.RadioSelect,
        }
        error_messages = {
            "title": {"required": _("Give the cycle a title, such as Round 2026.")},
            "code": {
                "required": _("Give the cycle a code, such as 2026."),
                "unique": _("Another cycle has this code. Choose a different one."),
            },
            "opens": {"required": _("Choose the first day of writing."), "invalid": NO_DATE},
            "deadline": {"required": _("Choose the last day in time."), "invalid": NO_DATE},
            "closes": {"required": _("Choose the last day of writing."), "invalid": NO_DATE},
            "time_zone": {"required": _("Choose the time zone, such as Europe/Berlin.")},
            "basis": {"required": _("Choose how missing answers count.")},
            "statement_days": {
                "required": _("Give the days that a country has a statement, such as 21."),
                "invalid": _("Type a whole number of days, such as 21."),
            },
        }
        help_texts = {
            "time_zone": _("A day ends at midnight there. Type a city and choose, for example Europe/Berlin."),
            "statement_days": _(
                "Organisations can file statements on a country while the cycle is open. For so many days after the "
                "Secretariat has shared one with the country, which may reply, it cannot be published. What is shared "
                "already has the day that the country was given."
            ),
        }

    def __init__(self, *args: Any, like: Cycle | None = None, **kwargs: Any) -> None:
        """Make the form; the countries of `like` that take part in it are ticked."""
        super().__init__(*args, **kwargs)
        if like:
            taking_part = like.submissions.taking_part().order_by()
            self.initial["countries"] = list(taking_part.values_list("country", flat=True))
        if self.instance.pk:
            here = list(self.instance.countries.values_list("pk", flat=True))
            self.initial.update({"countries": here, "before": here, "seen": self.instance.revision})
        earlier = self.instance.is_earlier_round
        if self.instance.is_settled:
            fixed = _("Fixed since the round has answers.") if earlier else _("Fixed since the cycle was opened.")
            others = ["is_earlier_round"] if earlier else ["shows_submitted"]
            for name in ("code", "edition", "time_zone", *others):
                self.fields[name].disabled = True
                self.fields[name].help_text = fixed
        is_open = self.instance.opened_at is not None and not earlier
        del self.fields["is_earlier_round" if is_open else "reason"]

    @property
    def changes(self) -> dict[str, Any]:
        """The arguments of `calendar.save_cycle`: countries added and removed, not the whole list."""
        ticked, before = set(self.cleaned_data["countries"]), set(self.cleaned_data["before"])
        return {
            "add": sorted(ticked - before, key=alphabetical),
            "remove": sorted(before - ticked, key=alphabetical),
            "reason": self.cleaned_data.get("reason", ""),
            "seen": self.cleaned_data["seen"] or 0,
        }

    @property
    def dates(self) -> dict[str, Any]:
        """The cycle's dates as they are stored, with the time zone."""
        return {name: getattr(self.instance, name) for name in DatesForm.base_fields}

    @property
    def titles(self) -> list[dict[str, Any]]:
        """The title's inputs, one per language of the portal."""
        title = self["title"]
        whole = title.field.widget.get_context(title.html_name, title.value(), {"id": title.auto_id})
        return whole["widget"]["subwidgets"]

    def by_subregion(self) -> list[tuple[str, list[Box]]]:
        """Return a box per country, by name within the sub-regions; those without one come last."""
        ticked = {str(value) for value in self["countries"].value() or []}
        places: dict[str, list[Box]] = defaultdict(list)
        for country in sorted(Country.objects.all(), key=alphabetical):
            places[country.subregion].append(Box(country, str(country.pk) in ticked))
        return sorted(places.items(), key=lambda place: (not place[0], place[0]))

    def time_zones(self) -> list[str]:
        """Return the names that the time zone's field suggests."""
        return sorted(available_timezones())


class NetworksForm(Form):
    """The parts of networks whose countries a cycle is to have, while its form is being filled in."""

    opens = forms.DateField(required=False)
    part = forms.MultipleChoiceField(
        required=False,
        choices=lambda: [
            (f"{group.code}:{kind}", "") for group in CountryGroup.objects.all() for kind in GroupMembership.Kind.values
        ],
    )

    def parts(self) -> list[planning.Part]:
        """Return every part that has countries on the first day of the cycle."""
        self.full_clean()
        return planning.by_network(self.cleaned_data.get("opens"))

    def chosen(self, parts: list[planning.Part]) -> list[planning.Part]:
        """Return of these parts those that are ticked."""
        return [part for part in parts if part.code in self.cleaned_data.get("part", [])]


class DatesForm(Form):
    """The three dates of a cycle while they are being chosen, to say what they mean."""

    opens = forms.DateField()
    deadline = forms.DateField()
    closes = forms.DateField()
    time_zone = forms.ChoiceField(choices=lambda: [(name, name) for name in available_timezones()])
    is_earlier_round = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse dates that do not follow each other, or that lie too far apart."""
        dates: dict[str, Any] = super().clean() or {}
        if not self.errors and not dates["opens"] <= dates["deadline"] <= dates["closes"] <= dates["opens"] + REACH:
            raise forms.ValidationError(_("The dates must follow each other: opens, then deadline, then closes."))
        return dates


class DayForm(Form):
    """A day of a cycle's calendar."""

    day = forms.DateField(
        label=_("If today were"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": NO_DATE, "invalid": NO_DATE},
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = cycle

    def clean_day(self) -> date:
        """Refuse a day that is far from the cycle."""
        day: date = self.cleaned_data["day"]
        if not self.cycle.reaches(day):
            raise forms.ValidationError(_("Choose a day within ten years of the day on which the cycle opens."))
        return day
