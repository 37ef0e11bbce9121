"""Webhooks: added with a secret that is shown once, tested, turned off and on, deleted; with their messages."""

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, redirect  # noqa: TID251 - pages of the administration
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from scoreboard.admin.common import PortalAdmin
from scoreboard.errors import Invalid
from scoreboard.forms.webhooks import WebhookForm
from scoreboard.models import Webhook, WebhookDelivery
from scoreboard.text import number
from scoreboard.webhooks import register, sending

MESSAGES = 50  # on a page


@admin.register(Webhook)
class WebhookAdmin(PortalAdmin):
    change_form_template = "admin/webhooks/webhook.html"
    list_display = ["address", "purpose", "is_on", "failures", "added_at"]
    readonly_fields = ["address", "purpose", "is_on", "failures", "added_at", "added_by", "turned_off_at"]
    exclude = ["secret"]

    def has_change_permission(self, *args: Any) -> bool:
        return False

    @admin.display(description=gettext_lazy("turned on"), boolean=True)
    def is_on(self, webhook: Webhook) -> bool:
        return webhook.turned_off_at is None

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(require_POST(self.act))
        return [path("<number:pk>/act/", act, name="webhook_act"), *super().get_urls()]

    def add_view(self, request, form_url: str = "", extra_context: Any = None):
        """Ask for the address; once it is added, show its secret, which no page shows again."""
        form = WebhookForm(request.POST or None)
        context = {"title": _("Add a webhook"), "opts": self.opts, "form": form}
        if form.is_valid():
            try:
                webhook, secret = register.add(**form.cleaned_data, by=request.user)
                context |= {"title": _("The secret of the webhook"), "webhook": webhook, "secret": secret}
            except Invalid as error:
                form.add_error("address", error.sentence)
        return TemplateResponse(request, "admin/webhooks/add.html", self.admin_site.each_context(request) | context)

    def change_view(self, request, object_id: str, form_url: str = "", extra_context: Any = None):
        """Show a webhook with its messages."""
        found = WebhookDelivery.objects.filter(webhook=number(object_id) or 0)
        page = Paginator(found, MESSAGES).get_page(request.GET.get("page"))
        context = {"page": page, "days": sending.DAYS, "most": sending.OFF, "title": _("Webhook")}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def act(self, request, pk: int):
        """Test a webhook, or turn it off or on."""
        webhook = get_object_or_404(Webhook, pk=pk)
        act = request.POST.get("act")
        if act == "test":
            delivery = register.test(webhook, by=request.user)
            if delivery.state == WebhookDelivery.State.SENT:
                self.message_user(request, _("The test was received."), messages.SUCCESS)
            else:
                self.message_user(request, _("The test was not received. %s") % delivery.error, messages.ERROR)
        elif act == "off":
            register.turn_off(webhook, by=request.user)
            self.message_user(request, _("The webhook is turned off."), messages.SUCCESS)
        elif act == "on":
            register.turn_on(webhook, by=request.user)
            self.message_user(request, _("The webhook is turned on."), messages.SUCCESS)
        return redirect("admin:scoreboard_webhook_change", pk)

    def delete_model(self, request, obj: Webhook) -> None:
        """Delete a webhook by its verb."""
        register.delete(obj, by=request.user)

    def delete_queryset(self, request, queryset: QuerySet[Webhook]) -> None:
        """Delete several, each by the verb."""
        for webhook in queryset:
            register.delete(webhook, by=request.user)
