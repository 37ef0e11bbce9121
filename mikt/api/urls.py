"""Addresses of the API, version 1."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from mikt.api import schemes, views
from reporting.api import AssessmentViewSet, CycleViewSet
from scoreboard.api.questionnaire import CountryViewSet, EditionViewSet
from scoreboard.api.submissions import SubmissionViewSet

__all__ = ["schemes", "urlpatterns"]  # the former is registered by its import

router = SimpleRouter()
router.register("editions", EditionViewSet)
router.register("countries", CountryViewSet)
router.register("cycles", CycleViewSet)
router.register("submissions", SubmissionViewSet)
router.register("assessments", AssessmentViewSet)

urlpatterns = [
    path("", views.root, name="api-root"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", views.docs, name="api-docs"),
    path("", include(router.urls)),
    path("<path:path>", views.missing, name="api-missing"),
]
