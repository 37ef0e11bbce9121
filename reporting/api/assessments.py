"""Cycles, assessments with their results, and their products, read-only."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import permissions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from reporting.assessments import gone
from reporting.exports.files import texts
from reporting.models import CARDS, Assessment, Product
from reporting.results.scoring import rounded
from scoreboard.api.cycles import PreparesCycles
from scoreboard.api.fields import Figures, Related, Text
from scoreboard.api.permissions import InScope
from scoreboard.forms.typed_text import Form
from scoreboard.models import Answer, Cycle
from scoreboard.text import MAX_NUMBER

Data = dict[str, Any]

# Cycles


class CycleSerializer(serializers.ModelSerializer):
    title = Text()
    edition: Related = serializers.SlugRelatedField("code", read_only=True, help_text="Code of the edition.")
    example = serializers.BooleanField(source="is_example", help_text="Made of invented example data.")

    class Meta:
        model = Cycle
        fields = ["code", "title", "edition", "opens", "deadline", "closes", "time_zone", "basis", "example"]


class CycleFilter(filters.FilterSet):
    edition = filters.CharFilter("edition__code", label="Code of the edition.")
    example = filters.BooleanFilter("is_example", label="Whether it is made of invented example data.")

    class Meta:
        model = Cycle
        form = Form
        fields = ["edition", "example"]


@extend_schema_view(list=extend_schema(summary="List the cycles"), retrieve=extend_schema(summary="Read a cycle"))
class CycleViewSet(PreparesCycles, viewsets.ReadOnlyModelViewSet):
    """Cycles with a published assessment and, for signed-in people, those that they take part in or look after."""

    permission_classes = [InScope, permissions.IsAuthenticatedOrReadOnly]
    serializer_class = CycleSerializer
    filterset_class = CycleFilter
    lookup_field = "code"
    queryset = Cycle.objects.none()

    def get_queryset(self) -> QuerySet[Cycle]:
        published = Assessment.objects.published_to(self.request.user).order_by().values("cycle")
        visible = Cycle.objects.visible_to(self.request.user).order_by().values("pk")
        return Cycle.objects.filter(Q(pk__in=published) | Q(pk__in=visible)).select_related("edition")


# Results: the snapshot's exact figures, each with the rounded number of the pages


@extend_schema_field(
    {
        "type": "object",
        "required": ["exact", "rounded"],
        "properties": {
            "exact": {"type": "string", "description": "A fraction or whole number.", "examples": ["2000/27"]},
            "rounded": {"type": "number", "description": "One decimal, half up.", "examples": [74.1]},
        },
    }
)
class Percent(serializers.Field):
    """A percentage, exact and rounded."""

    def to_representation(self, value: str) -> Data:
        return {"exact": value, "rounded": float(rounded(Fraction(value)))}


class SpreadSerializer(serializers.Serializer):
    n = serializers.IntegerField(help_text="How many values there are.")
    mean = Percent()
    median = Percent()
    lower_quartile = Percent()
    upper_quartile = Percent()
    lowest = Percent()
    highest = Percent()


class AreaResultSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = Text()
    answered = SpreadSerializer(allow_null=True, help_text="How the countries' percentages lie, answered basis.")
    strict = SpreadSerializer(allow_null=True, help_text="The same on the strict basis.")


class IndicatorResultSerializer(serializers.Serializer):
    area = serializers.CharField()
    code = serializers.CharField()
    title = Text()
    distribution = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many countries chose each level."
    )
    not_applicable = serializers.IntegerField()
    unknown = serializers.IntegerField()
    unanswered = serializers.IntegerField()
    percent = SpreadSerializer(allow_null=True, help_text="How the levels lie, each as a percentage of its ladder.")


class ScoreSerializer(serializers.Serializer):
    points = serializers.IntegerField()
    possible = serializers.IntegerField()
    percent = Percent(allow_null=True)


class CountryAreaSerializer(serializers.Serializer):
    code = serializers.CharField()
    scored = serializers.IntegerField(help_text="How many indicators have a level.")
    of = serializers.IntegerField(help_text="How many indicators the area has.")
    answered = ScoreSerializer()
    strict = ScoreSerializer()


class PublicAnswerSerializer(serializers.Serializer):
    indicator = serializers.CharField()
    kind = serializers.ChoiceField(Answer.Kind.choices)
    level = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    comment = serializers.CharField()
    withheld = serializers.BooleanField(help_text="There is a comment that is not for publication.")
    confirmed = serializers.BooleanField(default=False, help_text="It is as it was the cycle before.")
    figures = Figures(default=list, help_text="Rows of the data form: objects from column code to value.")
    figures_withheld = serializers.BooleanField(default=False, help_text="There are figures, not for publication.")


class ParticipantSerializer(serializers.Serializer):
    iso2 = serializers.CharField()
    iso3 = serializers.CharField()
    name = Text()
    subregion = serializers.CharField()


class CountryResultSerializer(ParticipantSerializer):
    submitted_on = serializers.DateField(allow_null=True, help_text="Null where it is not recorded.")
    late = serializers.BooleanField()
    reopened = serializers.BooleanField(help_text="Counts with its last accepted version, being reopened.")
    areas = CountryAreaSerializer(many=True)
    answers = PublicAnswerSerializer(many=True)


class TextSerializer(serializers.Serializer):
    chapter = serializers.CharField(help_text="introduction, summary, area- and an area's code, or conclusions.")
    text = serializers.CharField(help_text="As it was written, in the notation of the analysts' guide.")
    values = serializers.DictField(
        child=serializers.CharField(),
        help_text="What the names in the text stand for, [[mean A]] under “mean A”; of tables and charts a digest.",
    )


class UnnamedSerializer(serializers.Serializer):
    reported = serializers.IntegerField(help_text="They count in areas and indicators.")
    not_reported = serializers.IntegerField()


class ResultsSerializer(serializers.Serializer):
    edition = serializers.CharField()
    basis = serializers.ChoiceField(Cycle.Basis.choices, help_text="The basis that the assessment prints.")
    areas = AreaResultSerializer(many=True)
    indicators = IndicatorResultSerializer(many=True)
    countries = CountryResultSerializer(many=True)
    not_reported = ParticipantSerializer(many=True)
    unnamed = UnnamedSerializer(allow_null=True, help_text="How many countries are not named; null if all are.")
    texts = TextSerializer(many=True, help_text="The approved texts; there are none while an issue is at work.")


def results(assessment: Assessment) -> Data:
    """Return an assessment's results in lists, in the order of the questionnaire, with its published texts."""
    snapshot = assessment.snapshot
    edition, figures = snapshot["edition"], snapshot["results"]
    return {
        "edition": edition["code"],
        "basis": snapshot["basis"],
        "areas": list(_by_code(edition["areas"], figures["areas"])),
        "indicators": [
            {**indicator, "area": area["code"]}
            for area in edition["areas"]
            for indicator in _by_code(area["indicators"], figures["indicators"])
        ],
        "countries": [_country(country, edition, figures["countries"]) for country in snapshot["countries"]],
        "not_reported": snapshot["not_reported"],
        "unnamed": snapshot.get("unnamed"),
        "texts": texts(assessment) if assessment.published_at else [],
    }


def _country(country: Data, edition: Data, figures: Data) -> Data:
    codes = [indicator["code"] for area in edition["areas"] for indicator in area["indicators"]]
    answers = country["answers"]
    return {
        **country,
        "areas": list(_by_code(edition["areas"], figures[country["iso2"]])),
        "answers": [{**answers[code], "indicator": code} for code in codes if code in answers],
    }


def _by_code(parts: Iterable[Data], figures: Data) -> Iterable[Data]:
    return ({"code": part["code"], "title": part["title"], **figures[part["code"]]} for part in parts)


# Assessments


class AssessmentSerializer(serializers.ModelSerializer):
    url = serializers.HyperlinkedIdentityField("assessment-detail")
    cycle: Related = serializers.SlugRelatedField("code", read_only=True, help_text="Code of the cycle.")
    example = serializers.BooleanField(source="cycle.is_example", help_text="Made of invented example data.")

    class Meta:
        model = Assessment
        fields = [
            *("url", "id", "cycle", "example", "issue", "status", "audience", "document_number", "meeting"),
            *("meeting_date", "consolidated_at", "snapshot_sha256", "published_at"),
        ]


class WholeAssessmentSerializer(AssessmentSerializer):
    results = serializers.SerializerMethodField()

    class Meta(AssessmentSerializer.Meta):
        fields = [*AssessmentSerializer.Meta.fields, "results"]

    @extend_schema_field(ResultsSerializer)
    def get_results(self, assessment: Assessment) -> Data:
        return ResultsSerializer(results(assessment)).data


class ProductSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField(help_text="Where the file is downloaded.")

    class Meta:
        model = Product
        fields = ["kind", "subject", "size", "sha256", "built_at", "url"]
        extra_kwargs = {"subject": {"help_text": "ISO code of the country that it is about, if it is about one."}}

    def get_url(self, product: Product) -> str:
        pk = product.assessment_id
        if product.kind == Product.Kind.PDF:
            path = reverse("report_pdf" if product.assessment.published_at else "workbench_preview", args=[pk])
        elif product.kind == Product.Kind.COUNTRY_PDF:
            draft = ("workbench_preview_section", f"country-{product.subject}")
            name, which = ("report_country_pdf", product.subject) if product.assessment.published_at else draft
            path = reverse(name, args=[pk, which])
        else:
            path = reverse("report_product", args=[pk, product.kind])
        return self.context["request"].build_absolute_uri(path)


class AssessmentFilter(filters.FilterSet):
    cycle = filters.CharFilter("cycle__code", label="Code of the cycle.")

    class Meta:
        model = Assessment
        form = Form
        fields = ["cycle"]


@extend_schema_view(
    list=extend_schema(summary="List the assessments"),
    retrieve=extend_schema(summary="Read an assessment with its results"),
)
class AssessmentViewSet(viewsets.ReadOnlyModelViewSet):
    """Published assessments; officers and analysts also see those at work and those withdrawn."""

    filterset_class = AssessmentFilter
    queryset = Assessment.objects.none()

    def get_queryset(self) -> QuerySet[Assessment]:
        visible = Assessment.objects.visible_to(self.request.user).select_related("cycle")
        return visible.defer("snapshot", "texts") if self.action in ("list", "products") else visible

    def get_object(self) -> Assessment:
        """Return the assessment; raise Gone for one that was published to the reader and is withdrawn."""
        try:
            found: Assessment = super().get_object()
        except Http404:
            if (number := self.kwargs["pk"]).isascii() and number.isdigit() and int(number) <= MAX_NUMBER:
                gone.require_not_withdrawn(int(number), self.request.user)
            raise
        return found

    def get_serializer_class(self) -> type[AssessmentSerializer]:
        return AssessmentSerializer if self.action == "list" else WholeAssessmentSerializer

    @extend_schema(
        summary="Read the results alone",
        description="Areas, indicators and countries with exact fractions, public answers, and the approved texts.",
        responses=ResultsSerializer,
    )
    @action(detail=True, filter_backends=[], pagination_class=None)
    def results(self, request: Request, pk: str) -> Response:
        return Response(ResultsSerializer(results(self.get_object())).data)

    @extend_schema(
        summary="List the files made from an assessment",
        description="Each is stored as it was built; its SHA-256 proves that a download is whole.",
        responses=ProductSerializer(many=True),
    )
    @action(detail=True, filter_backends=[], pagination_class=None)
    def products(self, request: Request, pk: str) -> Response:
        files = (
            self.get_object()
            .products.exclude(kind__in=CARDS)
            .select_related("assessment")
            .defer("assessment__snapshot")
        )
        return Response(ProductSerializer(files, many=True, context={"request": request}).data)
