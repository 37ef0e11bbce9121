"""The portal's addresses."""

from django.contrib import admin
from django.urls import include, path

import scoreboard.converters  # noqa: F401 registers the converter of numbers
from mikt import views
from mikt.accounts import views as account_views
from mikt.health import health
from reporting.urls import (
    consultations,
    embed_urls,
    feed_urls,
    learning_pages,
    news_urls,
    published_pages,
    side_by_side_urls,
    subscription_urls,
    web_urls,
)
from reporting.views.explore import explore
from reporting.views.search import search

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", health, name="health"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("accounts/privacy/", views.privacy, name="privacy"),
    path("accounts/accessibility/", views.accessibility, name="accessibility"),
    path("accounts/help/", views.help_page, name="help"),
    path("accounts/test-mail/", views.test_mail, name="test_mail"),
    path("accounts/session/", views.session, name="session"),
    path("accounts/language/", views.set_language, name="set_language"),
    path("accounts/invitation/<str:key>/", account_views.invitation, name="invitation"),
    path("accounts/invitations/", account_views.invitation_list, name="invitation_list"),
    path("accounts/invitations/roles/<number:pk>/", account_views.answer_role, name="invitation_role"),
    path("accounts/invitations/parts/<number:pk>/", account_views.answer_part, name="invitation_part"),
    path("accounts/invitations/administration/", account_views.answer_administration, name="invitation_administration"),
    path("accounts/access/", account_views.access, name="access"),
    path("accounts/access/asked/", account_views.access_asked, name="access_asked"),
    path("accounts/access/confirm/<str:key>/", account_views.access_prove, name="access_prove"),
    # One address a person: these come first and so replace the library's pages for several.
    path("accounts/email/", account_views.address, name="account_email"),
    path("accounts/confirm-email/<str:key>/", account_views.confirm_address, name="account_confirm_email"),
    path("accounts/profile/", account_views.profile, name="profile"),
    path("accounts/profile/data/", account_views.own_data, name="own_data"),
    path("accounts/sessions/", account_views.session_list, name="session_list"),
    path("accounts/tokens/", account_views.token_list, name="token_list"),
    path("accounts/tokens/<number:pk>/end/", account_views.token_end, name="token_end"),
    path("accounts/second-factor/", include("allauth.mfa.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("review/news/", include(news_urls)),
    path("", include(published_pages)),
    path("", include("scoreboard.urls")),
    path("", include(learning_pages)),
    path("explore/", explore, name="explore"),
    path("search/", search, name="search"),
    path("reports/", include("reporting.urls")),
    path("side-by-side/", include(side_by_side_urls)),
    path("consultations/", include(consultations)),
    path("subscriptions/", include(subscription_urls)),
    path("feeds/", include(feed_urls)),
    path("embed/", include(embed_urls)),
    path("", include(web_urls)),
    path("api/v1/", include("mikt.api.urls")),
    path("admin/", admin.site.urls),
]
