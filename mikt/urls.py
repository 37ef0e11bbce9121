"""The portal's addresses."""

from django.contrib import admin
from django.urls import include, path

from mikt import views
from mikt.health import health

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", health, name="health"),
    path("accounts/privacy/", views.privacy, name="privacy"),
    path("accounts/help/", views.help_page, name="help"),
    path("accounts/language/", views.set_language, name="set_language"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("scoreboard.urls")),
    path("reports/", include("reporting.urls")),
    path("api/v1/", include("mikt.api_urls")),
    path("admin/", admin.site.urls),
]
