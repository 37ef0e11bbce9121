"""What pages of the administration share: typed text, reading only, and texts in several languages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.forms import I18nTextarea, I18nTextInput

from scoreboard.text import one_line
from scoreboard.typed_text import ModelForm

# Texts in several languages have a box for each; without this the administration gives them a box of its own.
BY_LANGUAGE = {I18nCharField: {"widget": I18nTextInput}, I18nTextField: {"widget": I18nTextarea}}


class PortalAdmin(admin.ModelAdmin):
    """Pages of a model, whose fields and search drop invisible characters as all forms of the portal do."""

    form = ModelForm

    def get_search_results(self, request, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, one_line(search_term))


class ReadOnly:
    """Refuses to add, change and delete, to anybody."""

    def has_add_permission(self, *args: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any) -> bool:
        return False

    def has_delete_permission(self, *args: Any) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, PortalAdmin):
    """Pages of a model for reading."""

    formfield_overrides = BY_LANGUAGE


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows on another model's page, for reading."""

    form = ModelForm
    extra = 0
