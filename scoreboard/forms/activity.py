"""The filters of the activity log."""

from datetime import date, timedelta

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard.clock import start_of
from scoreboard.forms.typed_text import Form
from scoreboard.models import Country, Cycle, User, Verb
from scoreboard.models.activity import ActivityEntryQuerySet


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ActivityFilter(django_filters.FilterSet):
    """Filters the activity log; an entry is found by the person who did it and by the one whom it is about."""

    class Meta:
        form = Form

    person = django_filters.CharFilter(label=_("Person: name or address"), method="by_person")
    country = django_filters.ModelChoiceFilter(
        label=_("Country"), empty_label=_("Every country"), queryset=lambda request: Country.objects.all()
    )
    cycle = django_filters.ModelChoiceFilter(
        label=_("Cycle"), empty_label=_("Every cycle"), queryset=lambda request: Cycle.objects.all()
    )
    verb = django_filters.ChoiceFilter(label=_("What"), empty_label=_("Everything"), choices=Verb.choices)
    since = django_filters.DateFilter(label=_("From the day"), method="by_since", widget=_date())
    until = django_filters.DateFilter(label=_("Until the day"), method="by_until", widget=_date())

    def by_person(self, entries: ActivityEntryQuerySet, _name: str, text: str) -> ActivityEntryQuerySet:
        """Select the entries of people whose name or address contains the text."""
        people = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text)).order_by().values("pk")
        return entries.filter(Q(by__in=people) | Q(person__in=people))

    def by_since(self, entries: ActivityEntryQuerySet, _name: str, day: date) -> ActivityEntryQuerySet:
        """Select the entries of a day and later."""
        return entries.filter(at__gte=start_of(day))

    def by_until(self, entries: ActivityEntryQuerySet, _name: str, day: date) -> ActivityEntryQuerySet:
        """Select the entries of a day and before."""
        return entries.filter(at__lt=start_of(day + timedelta(days=1)))
