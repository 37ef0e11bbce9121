"""A contributor's part in the API: what they are asked for, and what they suggest."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, permissions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from scoreboard import contributors
from scoreboard.api import conditions
from scoreboard.api.answers import OF_INDICATOR, PIECES, read_piece
from scoreboard.api.fields import Figures
from scoreboard.api.given import AnswerGiven
from scoreboard.api.parsers import StorableJSON
from scoreboard.api.permissions import InScope, person
from scoreboard.api.submissions import EvidenceSerializer
from scoreboard.errors import Stale
from scoreboard.evidence import attaching
from scoreboard.models import Answer, Assignment, Indicator, Origin, Scope, Suggestion
from scoreboard.models.answers import STEP_FIELDS

PLACE = [OpenApiParameter("part", OpenApiTypes.INT, "path", description="Number of the part."), OF_INDICATOR]
NOTHING = "none"  # the tag while nothing is suggested


class ContributionSerializer(serializers.ModelSerializer):
    """What somebody is asked for."""

    cycle = serializers.CharField(source="submission.cycle.code", help_text="Code of the cycle.")
    country = serializers.CharField(source="submission.country.iso2", help_text="ISO code, two letters.")
    indicators = serializers.SlugRelatedField[Any]("code", many=True, read_only=True, help_text="Codes of the part.")

    class Meta:
        model = Assignment
        fields = ["id", "cycle", "country", "indicators", "until"]


class SuggestionSerializer(serializers.ModelSerializer):
    """What the person suggested last to an indicator of their part, and what became of it."""

    indicator = serializers.CharField(source="indicator.code", help_text="Code of the indicator.")
    label = serializers.CharField(source="indicator.label", help_text="The indicator as pages name it.")  # type: ignore[assignment]  # Field.label
    kind = serializers.ChoiceField(Answer.Kind.choices, allow_blank=True)
    level = serializers.IntegerField(source="level.value", allow_null=True, default=None)
    figures = Figures()
    decision = serializers.ChoiceField(
        Suggestion.Decision.choices, allow_blank=True, help_text="Empty: not decided yet."
    )
    at = serializers.DateTimeField(allow_null=True, help_text="Null: nothing is suggested.")

    class Meta:
        model = Suggestion
        fields = [
            *("indicator", "label", "kind", "level", "reason", "comment", "comment_withheld", "figures"),
            *("figures_withheld", "next_step", *STEP_FIELDS, "change_reason", "at", "decision", "note"),
        ]


@extend_schema_view(
    list=extend_schema(summary="List your parts", filters=False),
    retrieve=extend_schema(summary="Read a part"),
)
class ContributionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Parts of a country's answers that a contributor is asked for today."""

    permission_classes = [InScope, permissions.IsAuthenticated]
    scopes: tuple[Scope, ...] = (Scope.WRITE,)
    serializer_class = ContributionSerializer
    queryset = Assignment.objects.none()
    lookup_value_regex = "[0-9]{1,9}"

    def get_queryset(self) -> Any:
        return contributors.own_part(person(self.request)).prefetch_related("indicators").order_by("pk")


class SuggestionViewSet(viewsets.GenericViewSet):
    """What the person suggests to an indicator of their part."""

    permission_classes = [InScope, permissions.IsAuthenticated]
    scopes: tuple[Scope, ...] = (Scope.WRITE,)
    serializer_class = SuggestionSerializer
    queryset = Suggestion.objects.none()
    filter_backends: list[Any] = []
    pagination_class = None
    lookup_field = "code"
    lookup_value_regex = "[^/.]+"
    most_bytes = attaching.MAX_BYTES + 1_000_000

    @extend_schema(summary="Read your suggestion", parameters=[*PLACE, conditions.TAG_OF_RESPONSE])
    def retrieve(self, request: Request, part: str, code: str) -> Response:
        """Return what you suggested last; its ETag is that of the open suggestion."""
        return self._suggestion(*self._asked())

    @extend_schema(summary="Suggest an answer", parameters=[*PLACE, *conditions.CONDITION], request=AnswerGiven)
    def update(self, request: Request, part: str, code: str) -> Response:
        """Suggest the answer to the focal points, instead of what you suggested before and they have not decided."""
        found, indicator = self._asked()
        tag = conditions.tag_read(request)
        given = AnswerGiven(data=request.data)
        given.is_valid(raise_exception=True)
        seen = "" if tag == NOTHING else tag
        try:
            contributors.suggest(found, code, given.answer, by=person(request), seen=seen, origin=Origin.API)
        except Stale as problem:
            current = SuggestionSerializer(problem.current).data
            raise conditions.Changed(problem.sentence, current=current, sent=request.data) from problem
        return self._suggestion(found, indicator)

    @extend_schema(
        summary="Suggest evidence",
        parameters=PLACE,
        request=PIECES,
        responses={201: EvidenceSerializer},
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser, StorableJSON])
    def evidence(self, request: Request, part: str, code: str) -> Response:
        """Suggest a file or a link as evidence."""
        found, _indicator = self._asked()
        given = read_piece(request)
        source: dict[str, Any] = {"by": person(request), "origin": Origin.API}
        if file := given.get("file"):
            piece = contributors.suggest_file(found, code, file, **source)
        else:
            piece = contributors.suggest_link(found, code, given["url"], given["name"], **source)
        return Response(EvidenceSerializer(piece, context=self.get_serializer_context()).data, status=201)

    def _asked(self) -> tuple[Assignment, Indicator]:
        """Return the person's part and the indicator of it; else 404."""
        found = get_object_or_404(contributors.own_part(person(self.request)), pk=self.kwargs["part"])
        return found, get_object_or_404(found.indicators.select_related("area"), code=self.kwargs["code"])

    def _suggestion(self, part: Assignment, indicator: Indicator) -> Response:
        own = Suggestion.objects.filter(
            submission=part.submission_id, author=person(self.request), indicator=indicator
        ).select_related("level", "indicator__area")
        latest = own.order_by("-at").first()
        shown: Any = latest or Suggestion(submission=part.submission, indicator=indicator)
        if latest is None:
            shown.at = None
        tag = contributors.stamp(latest if latest and not latest.decision else None) or NOTHING
        return Response(SuggestionSerializer(shown).data, headers=conditions.header(tag))
