"""Base classes of the administration's pages: typed text, allowed lookups, read-only pages, texts by language."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.forms import I18nTextarea, I18nTextInput

from scoreboard import activity
from scoreboard.activity import Verb
from scoreboard.forms.typed_text import ModelForm
from scoreboard.models import Country, User
from scoreboard.text import number, one_line

# Texts in several languages have a box for each; without this the administration would use its own widget.
BY_LANGUAGE = {I18nCharField: {"widget": I18nTextInput}, I18nTextField: {"widget": I18nTextarea}}


# The lookups of Django's filters: choices and yes or no, related rows, and whether it is empty.
SENT_BY_FILTERS = ("exact", "id__exact", "isnull", "isempty")


class PortalAdmin(admin.ModelAdmin):
    """Pages of a model, whose fields and search remove invisible characters as all forms of the portal do."""

    form = ModelForm

    def log_addition(self, request, obj: Model, message: Any) -> Any:
        """Enter what was added, in the administration's log and in the activity log."""
        _record(request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj: Model, message: Any) -> Any:
        """Enter what was changed."""
        _record(request, obj)
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset: QuerySet) -> Any:
        """Enter what was deleted."""
        for obj in queryset:
            _record(request, obj)
        return super().log_deletions(request, queryset)

    def get_search_results(self, request, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, one_line(search_term))

    def lookup_allowed(self, lookup: str, value: str, request) -> bool:
        """Allow only the lookups of the list's filters.

        Django allows every field of the model: by `?field__startswith=` one could guess, letter by letter, what the
        pages do not show.
        """
        filters: Any = self.get_list_filter(request)
        paths = {"pk", *(each if isinstance(each, str) else each[0] for each in filters)}
        return any(lookup in {path, *(f"{path}__{end}" for end in SENT_BY_FILTERS)} for path in paths)

    def response_action(self, request, queryset: QuerySet, *args: Any, **kwargs: Any) -> Any:
        """Ignore chosen rows whose number no database stores; without any row, Django asks to choose some."""
        request.POST = request.POST.copy()
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        request.POST.setlist(ACTION_CHECKBOX_NAME, [pk for pk in chosen if number(pk) is not None])
        return super().response_action(request, queryset, *args, **kwargs)


def _record(request, obj: Model) -> None:
    """Enter in the activity log that somebody changed a row; which field, the administration's own log says."""
    person = obj if isinstance(obj, User) else getattr(obj, "person", None)
    country = obj if isinstance(obj, Country) else getattr(obj, "country", None)
    detail = f"{obj._meta.model_name} {obj.pk}"
    activity.record(Verb.ADMINISTER, by=request.user, person=person, country=country, detail=detail)


class ReadOnly:
    """Refuses everybody to add, change and delete."""

    def has_add_permission(self, *args: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any) -> bool:
        return False

    def has_delete_permission(self, *args: Any) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, PortalAdmin):
    """Read-only pages of a model."""

    formfield_overrides = BY_LANGUAGE


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Read-only rows on another model's page."""

    form = ModelForm
    extra = 0
