"""Notices on every page, which administrators write."""

from typing import Any

from django.contrib import admin

from scoreboard import public_pages
from scoreboard.admin.common import PortalAdmin
from scoreboard.models import SiteNotice


@admin.register(SiteNotice)
class SiteNoticeAdmin(PortalAdmin):
    list_display = ["text", "shown_from", "shown_until"]

    def save_model(self, *args: Any) -> None:
        """Show it on public pages at once; when its time comes or ends, they show it within a quarter of an hour."""
        super().save_model(*args)
        public_pages.change()

    def delete_model(self, *args: Any) -> None:
        """Take it from public pages at once."""
        super().delete_model(*args)
        public_pages.change()

    def delete_queryset(self, *args: Any) -> None:
        """Take several from public pages at once."""
        super().delete_queryset(*args)
        public_pages.change()
