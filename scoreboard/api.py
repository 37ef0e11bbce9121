"""The write side's part of the API: editions, countries and submissions, read-only, with the same scoping as the pages.

Querysets start from what the person may see, so that everything else is 404.
"""

import json
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from i18nfield.strings import LazyI18nString
from rest_framework import permissions, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from scoreboard import access
from scoreboard.forms.typed_text import Form
from scoreboard.models import (
    Answer,
    Country,
    Edition,
    Evidence,
    GroupMembership,
    Remark,
    Role,
    Side,
    State,
    Submission,
    Thread,
)
from scoreboard.models.answers import STEP_FIELDS
from scoreboard.questionnaire import file, importing
from scoreboard.threads import discussion

Related = serializers.SlugRelatedField[Any]


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}, "example": {"en": "Text"}})
class Text(serializers.Field):
    """A text in the languages it has: an object from language code to text."""

    def to_representation(self, value: LazyI18nString | dict) -> dict[str, str]:
        data = value.data if isinstance(value, LazyI18nString) else value
        return data if isinstance(data, dict) else {}


# Editions


def whole_schema(result: dict[str, Any], **_generation: Any) -> dict[str, Any]:
    """Complete the generated schema: every member of a response is required, and edition files have their own schema.

    Each definition of that one is added as EditionFile.name.
    """
    schemas = result["components"]["schemas"]
    for schema in schemas.values():
        if properties := schema.get("properties"):
            schema["required"] = list(properties)
    text = file.SCHEMA.read_text().replace("#/$defs/", "#/components/schemas/EditionFile.")
    whole = json.loads(text)
    del whole["$schema"]
    definitions = whole.pop("$defs")
    schemas |= {"EditionFile": whole} | {f"EditionFile.{name}": part for name, part in definitions.items()}
    return result


class EditionSerializer(serializers.ModelSerializer):
    title = Text()
    short_title = Text()
    languages = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the languages that every text has."
    )
    previous: Related = serializers.SlugRelatedField(
        "code", read_only=True, allow_null=True, help_text="Code of the edition before."
    )
    url = serializers.HyperlinkedIdentityField("edition-detail", lookup_field="code")

    class Meta:
        model = Edition
        fields = ["url", "code", "year", "title", "short_title", "languages", "previous", "provisional"]


class EditionFilter(filters.FilterSet):
    year = filters.NumberFilter(label="Year of the edition.")
    provisional = filters.BooleanFilter(label="Whether the wording is provisional.")

    class Meta:
        model = Edition
        form = Form
        fields = ["year", "provisional"]


@extend_schema_view(list=extend_schema(summary="List the editions of the questionnaire"))
class EditionViewSet(viewsets.ReadOnlyModelViewSet):
    """Editions in which a cycle was opened; officers, analysts and administrators see all."""

    serializer_class = EditionSerializer
    filterset_class = EditionFilter
    lookup_field = "code"
    queryset = Edition.objects.none()

    def get_queryset(self) -> QuerySet[Edition]:
        return Edition.objects.visible_to(self.request.user).select_related("previous")

    @extend_schema(
        summary="Read an edition with all its texts",
        description="The answer is an edition file in JSON: importing it gives the same edition.",
        responses={200: {"$ref": "#/components/schemas/EditionFile"}},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(importing.export(self.get_object()))


# Countries


class GroupMembershipSerializer(serializers.ModelSerializer):
    code = serializers.CharField(source="group.code")
    name = Text(source="group.name")
    kind = serializers.CharField(help_text="As what: member, interested, non_party or observer.")

    class Meta:
        model = GroupMembership
        fields = ["code", "name", "kind", "since", "until", "confirmed"]


class CountrySerializer(serializers.ModelSerializer):
    name = Text()
    groups = GroupMembershipSerializer(source="group_memberships", many=True)

    class Meta:
        model = Country
        fields = ["iso2", "iso3", "name", "subregion", "groups"]


class CountryFilter(filters.FilterSet):
    group = filters.CharFilter("groups__code", label="Code of a group that the country is or was in.", distinct=True)
    subregion = filters.CharFilter(label="Name of the sub-region.")

    class Meta:
        model = Country
        form = Form
        fields = ["group", "subregion"]


@extend_schema_view(list=extend_schema(summary="List the countries"), retrieve=extend_schema(summary="Read a country"))
class CountryViewSet(viewsets.ReadOnlyModelViewSet):
    """Countries that may report, with their groups."""

    serializer_class = CountrySerializer
    filterset_class = CountryFilter
    lookup_field = "iso2"
    queryset = Country.objects.prefetch_related("group_memberships__group")

    def get_object(self) -> Country:
        self.kwargs["iso2"] = self.kwargs["iso2"].upper()  # pages have it in lower case
        return super().get_object()


# Submissions


class SubmissionSerializer(serializers.ModelSerializer):
    cycle: Related = serializers.SlugRelatedField("code", read_only=True, help_text="Code of the cycle.")
    country: Related = serializers.SlugRelatedField("iso2", read_only=True, help_text="ISO code, two letters.")
    answered = serializers.IntegerField(help_text="How many indicators are answered.")
    due = serializers.DateField(help_text="The last day in time: the deadline, or the country's extension of it.")

    class Meta:
        model = Submission
        fields = ["id", "cycle", "country", "state", "answered", "due", "submitted_at", "late", "accepted_at"]
        fields += ["left_at"]  # when the country left the cycle; meanwhile nothing counts it


FIGURES = {
    "type": "array",
    "items": {"type": "object", "additionalProperties": {"type": ["string", "integer", "boolean"]}},
}


@extend_schema_field(FIGURES)
class Figures(serializers.Field):
    """The rows of a data form, each an object from column code to value; numbers with decimals are text."""

    def to_representation(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return value


class EvidenceSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField(help_text="The link, or where the file is downloaded by who reads this.")

    class Meta:
        model = Evidence
        fields = ["id", "name", "content_type", "size", "sha256", "url", "added_at"]

    def get_url(self, piece: Evidence) -> str:
        if piece.url or piece.answer is None:
            return piece.url
        path = reverse("evidence_file", args=[piece.answer.submission_id, piece.pk])
        return str(self.context["request"].build_absolute_uri(path))


class RemarkSerializer(serializers.ModelSerializer):
    side = serializers.SerializerMethodField(help_text="Who wrote it.")

    class Meta:
        model = Remark
        fields = ["at", "side", "text"]

    @extend_schema_field(serializers.ChoiceField(Side.choices))
    def get_side(self, remark: Remark) -> str:
        roles = {membership.role for membership in remark.author.memberships.all()}
        return Side.SECRETARIAT if Role.SECRETARIAT in roles else Side.COUNTRY


class ThreadSerializer(serializers.ModelSerializer):
    shared = serializers.BooleanField(help_text="False: a note that officers alone see.")
    holder = serializers.ChoiceField(Side.choices, help_text="The side that has to act, until the thread is closed.")
    remarks = RemarkSerializer(many=True)

    class Meta:
        model = Thread
        fields = ["id", "shared", "holder", "held_since", "due", "opened_at", "closed_at", "remarks"]


class AnswerSerializer(serializers.ModelSerializer):
    area = serializers.CharField(source="indicator.area.code", help_text="Code of the area.")
    indicator = serializers.CharField(source="indicator.code", help_text="Code of the indicator.")
    kind = serializers.ChoiceField(
        Answer.Kind.choices, allow_blank=True, help_text="Empty: there is a comment but no answer yet."
    )
    level = serializers.IntegerField(
        source="level.value", allow_null=True, default=None, help_text="The rung that was chosen."
    )
    figures = Figures(help_text="Rows of the data form: objects from column code to value.")
    evidence = EvidenceSerializer(many=True, source="pieces", help_text="Files and links attached to the answer.")
    threads = ThreadSerializer(many=True, source="talks", help_text="Questions about the answer.")

    class Meta:
        model = Answer
        fields = [
            *("area", "indicator", "kind", "level", "reason", "comment", "comment_withheld"),
            *("figures", "figures_withheld", "next_step", *STEP_FIELDS, "change_reason", "confirmed"),
            *("revision", "changed_at", "evidence", "threads"),
        ]


class WholeSubmissionSerializer(SubmissionSerializer):
    answers = AnswerSerializer(
        many=True,
        source="shown",
        allow_null=True,
        help_text="As they are now; an indicator that is not answered is not in the list. Null while the country "
        "writes, for everybody else: drafts are the country's.",
    )

    class Meta(SubmissionSerializer.Meta):
        fields = [*SubmissionSerializer.Meta.fields, "answers"]


class SubmissionFilter(filters.FilterSet):
    cycle = filters.CharFilter("cycle__code", label="Code of the cycle.")
    country = filters.CharFilter("country__iso2", label="ISO code of the country, two letters.")
    state = filters.ChoiceFilter(choices=State.choices, label="The state of the submission.")
    late = filters.BooleanFilter(label="Whether it was submitted after its due date.")

    class Meta:
        model = Submission
        form = Form
        fields = ["cycle", "country", "state", "late"]


@extend_schema_view(
    list=extend_schema(summary="List the submissions"), retrieve=extend_schema(summary="Read a submission")
)
class SubmissionViewSet(viewsets.ReadOnlyModelViewSet):
    """Submissions that the signed-in person sees on pages: their own country's, or as an officer or analyst."""

    permission_classes = [permissions.IsAuthenticated]
    filterset_class = SubmissionFilter
    queryset = Submission.objects.none()

    def get_queryset(self) -> QuerySet[Submission]:
        visible = Submission.objects.visible_to(self.request.user).with_facts()
        if not self.detail:
            return visible
        talks = discussion.visible_to(self.request.user).prefetch_related("remarks__author__memberships")
        return visible.prefetch_related(
            *("answers__indicator__area", "answers__level"),
            Prefetch("answers__evidence", Evidence.objects.present().select_related("answer"), to_attr="pieces"),
            Prefetch("answers__threads", talks, to_attr="talks"),
        )

    def get_object(self) -> Submission:
        submission = super().get_object()
        readable = access.may_read(self.request.user, submission)
        submission.shown = list(submission.answers.all()) if readable else None
        return submission

    def get_serializer_class(self) -> type[SubmissionSerializer]:
        return WholeSubmissionSerializer if self.detail else SubmissionSerializer
