"""Countries with the groups they belong to, which the Secretariat confirms."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from scoreboard.admin.common import BY_LANGUAGE, PortalAdmin
from scoreboard.forms.typed_text import ModelForm
from scoreboard.models import Country, CountryGroup, GroupMembership


class GroupMembershipInline(admin.StackedInline):
    model = GroupMembership
    form = ModelForm
    extra = 0
    fields = ["group", "kind", "since", "until", "confirmed"]


@admin.register(Country)
class CountryAdmin(PortalAdmin):
    formfield_overrides = BY_LANGUAGE
    inlines = [GroupMembershipInline]
    list_display = ["name", "iso2", "iso3", "subregion", "group_names"]
    list_filter = ["groups", "group_memberships__confirmed"]
    search_fields = ["iso2", "iso3", "name", "subregion"]

    def get_queryset(self, request) -> QuerySet[Country]:
        return super().get_queryset(request).prefetch_related("group_memberships__group")

    @admin.display(description=_("groups"))
    def group_names(self, country: Country) -> str:
        return ", ".join(str(membership.group) for membership in country.group_memberships.all())


@admin.register(CountryGroup)
class CountryGroupAdmin(PortalAdmin):
    formfield_overrides = BY_LANGUAGE
    list_display = ["name", "code", "secretariat", "countries"]
    list_select_related = ["secretariat"]

    def get_queryset(self, request) -> QuerySet[CountryGroup]:
        return super().get_queryset(request).annotate(country_count=Count("countries", distinct=True))

    @admin.display(description=_("countries"), ordering="country_count")
    def countries(self, group: Any) -> int:
        return group.country_count
