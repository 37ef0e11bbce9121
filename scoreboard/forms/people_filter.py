"""The filters of the list of people."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from scoreboard.forms.typed_text import Form
from scoreboard.models import Country, CountryGroup, Membership, Role
from scoreboard.people.directory import UNUSED, current, over


class PeopleFilter(django_filters.FilterSet):
    """The filters of the list of people."""

    q = django_filters.CharFilter(label=_("Name, address, country or organisation"), method="by_text")
    role = django_filters.ChoiceFilter(label=_("Role"), empty_label=_("Every role"), choices=Role.choices)
    network = django_filters.ModelChoiceFilter(
        label=_("Network"),
        empty_label=_("Every network"),
        queryset=CountryGroup.objects.networks(),
        field_name="networks",
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        empty_label=_("Held or invited"),
        choices=[("held", _("Held")), ("invited", _("Invited, not answered")), ("over", _("Over or refused"))],
        method="by_state",
    )

    class Meta:
        form = Form
        model = Membership
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Membership]) -> QuerySet[Membership]:
        """Leave out what is over, unless it is asked for."""
        found: QuerySet[Membership] = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else current(found)

    def by_text(self, found: QuerySet[Membership], _name: str, text: str) -> QuerySet[Membership]:
        """Select by name and address as they are shown, and by country and organisation."""
        sought = text.casefold()
        countries = [
            country.pk
            for country in Country.objects.all()
            if sought in str(country).casefold() or sought in (country.iso2.casefold(), country.iso3.casefold())
        ]
        accepted = Q(person__name__icontains=text) | Q(person__email__icontains=text)
        shown = Q(accepted_at__isnull=False) & accepted
        shown |= Q(accepted_at=None) & (Q(offered_name__icontains=text) | Q(offered_address__icontains=text))
        place = Q(country__in=countries) | Q(organisation__name__icontains=text)
        return found.filter(shown | place | Q(organisation__short_name__icontains=text))

    def by_state(self, found: QuerySet[Membership], _name: str, state: str) -> QuerySet[Membership]:
        """Select what is held and used, what waits for an answer, or what is over."""
        if state == "over":
            return over(found)
        unanswered = Q(accepted_at=None) | UNUSED
        return current(found).filter(unanswered) if state == "invited" else current(found).exclude(unanswered)
