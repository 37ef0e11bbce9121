"""Addresses of the API, version 1."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from mikt.api import schemes, views
from reporting.api import published
from reporting.api.assessments import AssessmentViewSet, CycleViewSet
from reporting.plans_api import ActionPlanViewSet
from scoreboard.api.answers import AnswerViewSet
from scoreboard.api.attached import EvidenceViewSet, ThreadViewSet
from scoreboard.api.contributions import ContributionViewSet, SuggestionViewSet
from scoreboard.api.questionnaire import CountryViewSet, EditionViewSet
from scoreboard.api.steps import StepsViewSet

__all__ = ["schemes", "urlpatterns"]  # the former is registered by its import

router = SimpleRouter()
router.register("editions", EditionViewSet)
router.register("countries", CountryViewSet)
router.register("cycles", CycleViewSet)
router.register("submissions", StepsViewSet)
router.register("submissions/(?P<submission>[0-9]{1,9})/answers", AnswerViewSet, "answer")
router.register("submissions/(?P<submission>[0-9]{1,9})/evidence", EvidenceViewSet, "evidence")
router.register("submissions/(?P<submission>[0-9]{1,9})/threads", ThreadViewSet, "thread")
router.register("contributions", ContributionViewSet, "contribution")
router.register("contributions/(?P<part>[0-9]{1,9})/suggestions", SuggestionViewSet, "suggestion")
router.register("assessments", AssessmentViewSet)
router.register("plans", ActionPlanViewSet, basename="plan")

urlpatterns = [
    path("", views.root, name="api-root"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", views.docs, name="api-docs"),
    path("published/", include(published.urlpatterns)),
    path("", include(router.urls)),
    re_path(r"(?P<path>(?s:.+))", views.missing, name="api-missing"),  # line breaks too, unlike path:
]
