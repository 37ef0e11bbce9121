"""The API of action plans: those that countries publish, with their actions, as their public pages have them."""

from datetime import date

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from scoreboard.api.fields import Related
from scoreboard.forms.typed_text import Form
from scoreboard.models import ActionPlan, PlanAction, PlanPiece


class PlanActionSerializer(serializers.ModelSerializer):
    indicators = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the indicators that it should lift."
    )

    class Meta:
        model = PlanAction
        fields = ["number", "text", "lead", "partners", "starts", "ends", "status", "indicators"]


class PlanLinkSerializer(serializers.ModelSerializer):
    class Meta:
        model = PlanPiece
        fields = ["name", "url"]


class ActionPlanSerializer(serializers.ModelSerializer):
    country: Related = serializers.SlugRelatedField("iso2", read_only=True, help_text="ISO code, two letters.")
    edition: Related = serializers.SlugRelatedField(
        "code", read_only=True, allow_null=True, help_text="The edition whose codes objectives and indicators are."
    )
    objectives = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the objectives that it serves."
    )
    example = serializers.BooleanField(source="is_example", help_text="Made of invented example data.")
    checked_on = serializers.SerializerMethodField(
        help_text="The day on which the Secretariat checked the entry as it is now; null if it did not."
    )
    page = serializers.SerializerMethodField(help_text="Address of its public page.")
    links = PlanLinkSerializer(source="public_links", many=True)
    actions = PlanActionSerializer(
        many=True, help_text="In the order of their numbers; in a ranked list, these are ranks."
    )

    class Meta:
        model = ActionPlan
        fields = [
            "id",
            "country",
            "kind",
            "status",
            "title",
            "scope",
            "begins",
            "ends",
            "adopted_on",
            "body",
            "edition",
        ]
        fields += ["objectives", "example", "published_at", "changed_at", "checked_on", "page", "links", "actions"]

    def get_checked_on(self, plan: ActionPlan) -> date | None:
        unchanged = plan.checked_at is not None and not plan.is_changed_since_check
        return plan.checked_at.date() if unchanged and plan.checked_at else None

    def get_page(self, plan: ActionPlan) -> str:
        return settings.SITE_URL + reverse("published_plan", args=[plan.country.iso2.lower(), plan.pk])


class ActionPlanFilter(filters.FilterSet):
    country = filters.CharFilter("country__iso2", "iexact", label="ISO code of the country, two letters.")
    example = filters.BooleanFilter("is_example", label="Whether it is made of invented example data.")

    class Meta:
        model = ActionPlan
        form = Form
        fields = ["country", "kind", "status", "example"]


@extend_schema_view(
    list=extend_schema(summary="List the action plans"), retrieve=extend_schema(summary="Read an action plan")
)
class ActionPlanViewSet(viewsets.ReadOnlyModelViewSet):
    """Action plans and ranked lists that countries publish, without progress notes, evidence and files."""

    serializer_class = ActionPlanSerializer
    filterset_class = ActionPlanFilter
    queryset = ActionPlan.objects.none()

    def get_queryset(self) -> QuerySet[ActionPlan]:
        links = PlanPiece.objects.filter(action=None).exclude(url="").order_by("added_at", "pk")
        shown = ActionPlan.objects.published().select_related("country", "edition")
        return shown.prefetch_related(
            Prefetch("actions", PlanAction.objects.order_by("number")),
            Prefetch("pieces", links, to_attr="public_links"),
        ).order_by("country__iso3", "-begins", "-pk")
