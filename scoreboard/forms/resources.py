"""Forms of resources: proposing or changing one, and the filters of their list."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.learning import HOLD, SubjectsField, indicator_choices, key_of, kin
from scoreboard.forms.review import TOO_LONG
from scoreboard.forms.typed_text import Form
from scoreboard.models import Area, Indicator, Resource
from scoreboard.models.resources import LANGUAGES, ResourceQuerySet, language_name
from scoreboard.network import resources
from scoreboard.network.subjects import latest_edition, related_areas
from scoreboard.text import alphabetical


def languages() -> list[tuple[str, str]]:
    """Return the languages that a resource can be in, by name."""
    return sorted(((code, language_name(code)) for code in LANGUAGES), key=lambda one: alphabetical(one[1]))


class ResourceForm(Form):
    """The facts of a resource."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose a kind")), *Resource.Kind.choices])
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("What it is called; of an institution its name."),
        error_messages={"required": _("Say what it is called."), "max_length": TOO_LONG},
    )
    url = forms.CharField(
        label=_("Link"),
        required=False,
        help_text=_("The address of the page, document or recording. Files can be added on the next page."),
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr"}),
    )
    email = forms.EmailField(
        label=_("E-mail address of the institution"),
        required=False,
        help_text=_("It is published. Give the address of an office, not of a person."),
        error_messages={"invalid": _("Type an e-mail address such as office@institution.example.")},
    )
    summary = forms.CharField(
        label=_("What it is good for"),
        required=False,
        max_length=resources.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )
    subjects = SubjectsField(
        label=_("Indicators and areas"),
        required=False,
        help_text=_("It is shown on their pages, and next to them while a country answers.") + " " + HOLD,
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    audience = forms.ChoiceField(label=_("Made for"), choices=Resource.Audience.choices)
    licence = forms.CharField(
        label=_("Licence"),
        required=False,
        max_length=100,
        help_text=_("Such as CC BY 4.0; leave it empty if you do not know."),
        error_messages={"max_length": TOO_LONG},
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, resource: Resource | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: list[Indicator | Area] = []
        if resource:
            chosen = [*resource.areas.all(), *resource.indicators.select_related("area")]
            self.initial.update({name: getattr(resource, name) for name in resources.TEXTS})
            self.initial.update(seen=resource.revision, subjects=[key_of(one) for one in chosen])
        language: Any = self.fields["language"]
        language.choices = [("", _("none, or several")), *languages()]
        subjects: Any = self.fields["subjects"]
        subjects.offer(areas=True, chosen=chosen)

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        return self.cleaned_data | self.cleaned_data["subjects"]


class ResourceFilter(django_filters.FilterSet):
    """The filters of the list of resources."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), empty_label=_("Every kind"), choices=Resource.Kind.choices)
    indicator = django_filters.ChoiceFilter(
        label=_("Indicator"), empty_label=_("Every indicator"), method="by_indicator", choices=[]
    )
    language = django_filters.ChoiceFilter(label=_("Language"), empty_label=_("Every language"), choices=[])
    audience = django_filters.ChoiceFilter(label=_("Made for"), empty_label=_("All"), choices=Resource.Audience.choices)

    class Meta:
        form = Form
        model = Resource
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the indicators of the latest edition, and the languages that published resources are in."""
        super().__init__(*args, **kwargs)
        self.edition = latest_edition()
        self.filters["indicator"].extra["choices"] = indicator_choices(self.edition)
        used = set(Resource.objects.published().order_by().values_list("language", flat=True))
        self.filters["language"].extra["choices"] = [one for one in languages() if one[0] in used]

    def by_indicator(self, found: ResourceQuerySet, _name: str, code: str) -> ResourceQuerySet:
        """Select by an indicator of the latest edition, its area, and their kin in other editions."""
        if self.edition is None:
            return found
        area = next((one.area_id for one in self.edition.all_indicators if one.code == code), 0)
        return found.on(kin(self.edition, code), related_areas(self.edition.pk).get(area, ()))
