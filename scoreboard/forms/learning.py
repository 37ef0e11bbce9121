"""Forms of what people learn from each other: questions between countries, and good practice."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.review import TOO_LONG, text_field
from scoreboard.forms.typed_text import Form
from scoreboard.models import Area, Country, Edition, GoodPractice, Indicator, Organisation, PeerQuestion, User
from scoreboard.network import good_practice
from scoreboard.network.subjects import latest_edition, related_indicators
from scoreboard.text import alphabetical

HOLD = _("Hold Ctrl or ⌘ to choose several.")


class QuestionForm(Form):
    """A question to another country, or what is written back."""

    text = text_field(
        _("Write something before you send it."),
        label=_("Your words"),
        help_text=_("Both countries and the Secretariat read it. It is not published."),
        attrs={"rows": 6, "dir": "auto"},
    )


class EndForm(Form):
    """Why somebody declines, closes, refuses or withdraws something."""

    reason = text_field(
        _("Give the reason: the other side reads it."),
        label=_("Reason"),
        help_text=_("The other side gets it by e-mail."),
        attrs={"rows": 4, "dir": "auto"},
    )


def subjects(edition: Edition | None, *, areas: bool = False) -> list[Any]:
    """Return the indicators of an edition as grouped choices; with `areas` each whole area can be chosen too."""
    groups: list[Any] = []
    for area in edition.whole if edition else []:
        choices = [(f"area-{area.pk}", _("the whole area %s") % area.code)] if areas else []
        choices += [(f"indicator-{one.pk}", str(one)) for one in area.indicators.all()]
        groups.append((str(area), choices))
    return groups


class SubjectsField(forms.MultipleChoiceField):
    """Indicators, and areas where they are offered, of the latest edition; what is chosen of another one stays."""

    widget = forms.SelectMultiple(attrs={"size": 9})

    def offer(self, *, areas: bool, chosen: list[Indicator | Area]) -> None:
        """List the choices, with what is chosen already."""
        groups = subjects(latest_edition(), areas=areas)
        known = {key for _group, choices in groups for key, _words in choices}
        others = [(key_of(one), str(one)) for one in chosen if key_of(one) not in known]
        self.choices = [*groups, (_("of earlier questionnaires"), others)] if others else groups

    def clean(self, value: Any) -> dict[str, list[Any]]:
        """Return the `indicators` and `areas` that were chosen."""
        keys = super().clean(value)
        found: dict[str, list[Any]] = {}
        for name, model in (("indicator", Indicator), ("area", Area)):
            pks = [key.partition("-")[2] for key in keys if key.startswith(f"{name}-")]
            found[f"{name}s"] = list(model.objects.filter(pk__in=pks))
        return found


def key_of(subject: Indicator | Area) -> str:
    """Return how a form names an indicator or an area."""
    return f"{'indicator' if isinstance(subject, Indicator) else 'area'}-{subject.pk}"


class PracticeForm(Form):
    """Good practice: who signs it, what it is about, and the account itself."""

    signer = forms.ChoiceField(
        label=_("Signed by"), widget=forms.RadioSelect, error_messages={"required": _("Choose who signs it.")}
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=150,
        help_text=_("What was done, in a few words."),
        error_messages={"required": _("Say in a few words what was done."), "max_length": TOO_LONG},
    )
    subjects = SubjectsField(
        label=_("Indicators"),
        help_text=_("It is shown on their pages.") + " " + HOLD,
        error_messages={"required": _("Choose at least one indicator.")},
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=good_practice.LONGEST,
        help_text=_(
            "What was done, what came of it, what it took, and what you would do otherwise. Name institutions, not "
            "private persons. An empty line parts paragraphs, - begins a point, **two stars** make bold, "
            "[words](https://example.org) a link."
        ),
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
        error_messages={"required": _("Write the account."), "max_length": TOO_LONG},
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        user: User,
        practice: GoodPractice | None = None,
        question: PeerQuestion | None = None,
        **kwargs: Any,
    ) -> None:
        """Offer the person's countries and organisations; with a `practice` or a `question` who signs it is known."""
        super().__init__(*args, **kwargs)
        self.signers = {_signer_key(one): one for one in good_practice.signers(user)}
        signer: Any = self.fields["signer"]
        names = {key: one.name if isinstance(one, Organisation) else str(one) for key, one in self.signers.items()}
        signer.choices = list(names.items())
        if practice or question or len(self.signers) == 1:
            del self.fields["signer"]
        chosen: list[Indicator | Area] = [question.indicator] if question else []
        if practice:
            chosen = list(practice.indicators.select_related("area"))
            stored = {"title": practice.title, "text": practice.text, "seen": practice.revision}
            self.initial.update(stored, subjects=[key_of(one) for one in chosen])
        subjects: Any = self.fields["subjects"]
        subjects.offer(areas=False, chosen=chosen)

    @property
    def chosen_signer(self) -> Country | Organisation:
        """The country or organisation that was chosen."""
        return self.signers[self.cleaned_data.get("signer") or next(iter(self.signers))]

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        given = self.cleaned_data
        return {"title": given["title"], "text": given["text"], "indicators": given["subjects"]["indicators"]}


def _signer_key(signer: Country | Organisation) -> str:
    return f"{'country' if isinstance(signer, Country) else 'organisation'}-{signer.pk}"


class CheckForm(Form):
    """That an officer read good practice and found no private person named."""

    names_nobody = forms.BooleanField(
        label=_("I have read it, and what its links lead to. No private person is named."),
        error_messages={"required": _("Read it and its links, and tick the box.")},
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PracticeFilter(django_filters.FilterSet):
    """The filters of the list of good practice."""

    indicator = django_filters.ChoiceFilter(
        label=_("Indicator"), empty_label=_("Every indicator"), method="by_indicator", choices=[]
    )
    country = django_filters.ChoiceFilter(
        label=_("Country"), empty_label=_("Every country"), field_name="country__iso2", choices=[]
    )

    class Meta:
        form = Form
        model = GoodPractice
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the indicators of the latest edition, and the countries that signed something published."""
        super().__init__(*args, **kwargs)
        self.edition = latest_edition()
        self.filters["indicator"].extra["choices"] = indicator_choices(self.edition)
        signed = Country.objects.filter(good_practice__in=GoodPractice.objects.published()).distinct()
        countries = sorted(signed, key=alphabetical)
        self.filters["country"].extra["choices"] = [(one.iso2, str(one)) for one in countries]

    def by_indicator(self, found: QuerySet[GoodPractice], _name: str, code: str) -> QuerySet[GoodPractice]:
        """Select by an indicator of the latest edition and its kin in others."""
        return found.filter(
            pk__in=GoodPractice.indicators.through.objects.filter(indicator__in=kin(self.edition, code)).values(
                "goodpractice"
            )
        )


def indicator_choices(edition: Edition | None) -> list[tuple[str, str]]:
    """Return the indicators of an edition as choices by their code."""
    found = edition.all_indicators if edition else []
    return [(one.code, f"{one.label} {one.short_title or one.title}") for one in found]


def kin(edition: Edition | None, code: str) -> frozenset[int]:
    """Return the indicator with this code and its kin in other editions, by primary key."""
    if edition is None:
        return frozenset()
    every = related_indicators(edition.pk)
    return next((every[one.pk] for one in edition.all_indicators if one.code == code), frozenset())
