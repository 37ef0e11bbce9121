"""Editions of the questionnaire: reading, exporting, and importing a file after a preview of the changes."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from scoreboard.admin.common import ReadOnlyAdmin, ReadOnlyInline
from scoreboard.forms.editions import ImportForm
from scoreboard.http import download
from scoreboard.models import Cycle, Edition, EditionChange
from scoreboard.questionnaire import file as edition_file
from scoreboard.questionnaire import importing


class ChangeInline(ReadOnlyInline):
    model = EditionChange
    fields = ["at", "by", "what", "reason"]
    readonly_fields = ["what"]
    verbose_name_plural = _("changes")

    def get_queryset(self, request) -> QuerySet[EditionChange]:
        return super().get_queryset(request).select_related("by", "edition")

    @admin.display(description=_("what changed"))
    def what(self, change: EditionChange) -> str:
        return ", ".join(part["place"] for part in change.places)


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    change_list_template = "admin/editions/list.html"
    change_form_template = "admin/editions/edition.html"
    inlines = [ChangeInline]
    list_display = ["code", "short_title", "year", "provisional", "used_by"]
    list_filter = ["provisional"]
    readonly_fields = ["used_by"]
    exclude = ["objectives", "action_plans"]

    def get_queryset(self, request) -> QuerySet[Edition]:
        return (
            super()
            .get_queryset(request)
            .annotate(cycle_count=Count("cycles", filter=Q(cycles__in=Cycle.objects.all())))
        )

    @admin.display(description=_("cycles that use it"))
    def used_by(self, edition: Any) -> int:
        return edition.cycle_count

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export)
        own = [
            path("import/", self.admin_site.admin_view(self.import_file), name="edition_import"),
            *(
                path(f"<number:pk>/export.{form}", export, {"form": form}, name=f"edition_export_{form}")
                for form in ("yaml", "json")
            ),
        ]
        return own + super().get_urls()

    def export(self, request, pk: int, form: str):
        """Download the edition as a file; importing it again changes nothing."""
        edition = self.get_object(request, str(pk))
        if edition is None:
            self.message_user(request, _("There is no such edition."), messages.ERROR)
            return self.response_post_save_change(request, edition)
        text = edition_file.write(importing.export(edition), form)
        return download(text, f"{edition.code}.{form}", f"application/{form}")

    def import_file(self, request):
        """Preview the changes of a file, and import it once that is confirmed."""
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        context = {"title": _("Import an edition"), "opts": self.opts, "form": form}
        if form.is_valid():
            document, (edition, changes) = form.cleaned_data["document"], form.cleaned_data["preview"]
            if "confirm" in request.POST:
                return self._import(request, document)
            context |= {"document": document, "edition": edition, "changes": [change.texts() for change in changes]}
            context |= {"text": json.dumps(document), "doubts": importing.doubts(document)}
        return TemplateResponse(request, "admin/editions/import.html", self.admin_site.each_context(request) | context)

    def _import(self, request, document: edition_file.Document):
        edition, changes = importing.import_edition(document, by=request.user)
        if changes:
            self.log_change(request, edition, f"import: {len(changes)}")
        self.message_user(request, _("The edition “%s” is imported.") % edition, messages.SUCCESS)
        return self.response_post_save_change(request, edition)
