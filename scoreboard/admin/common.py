"""What pages of the administration share: typed text, what the address may ask, reading only, texts by language."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.forms import I18nTextarea, I18nTextInput

from scoreboard.forms.typed_text import ModelForm
from scoreboard.text import number, one_line

# Texts in several languages have a box for each; without this the administration gives them a box of its own.
BY_LANGUAGE = {I18nCharField: {"widget": I18nTextInput}, I18nTextField: {"widget": I18nTextarea}}


# What Django's filters put after the name of a field: choices and yes or no, related rows, and whether it is empty.
SENT_BY_FILTERS = ("exact", "id__exact", "isnull", "isempty")


class PortalAdmin(admin.ModelAdmin):
    """Pages of a model, whose fields and search drop invisible characters as all forms of the portal do."""

    form = ModelForm

    def get_search_results(self, request, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, one_line(search_term))

    def lookup_allowed(self, lookup: str, value: str, request) -> bool:
        """Allow what the filters beside the list send, and nothing else.

        Django allows every field of the model: by `?field__startswith=` anybody could guess, letter by letter, what
        the pages leave out.
        """
        filters: Any = self.get_list_filter(request)
        paths = {"pk", *(each if isinstance(each, str) else each[0] for each in filters)}
        return any(lookup in {path, *(f"{path}__{end}" for end in SENT_BY_FILTERS)} for path in paths)

    def response_action(self, request, queryset: QuerySet, *args: Any, **kwargs: Any) -> Any:
        """Leave out chosen rows whose number no database holds; of none at all, Django asks to choose some."""
        request.POST = request.POST.copy()
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        request.POST.setlist(ACTION_CHECKBOX_NAME, [pk for pk in chosen if number(pk) is not None])
        return super().response_action(request, queryset, *args, **kwargs)


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
