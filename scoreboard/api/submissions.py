"""Submissions in the API: who sees them on pages reads them here.

Querysets start from what the person may see, so that everything else is 404.
"""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import permissions, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from scoreboard import access
from scoreboard.api import conditions
from scoreboard.api.fields import Figures, Related
from scoreboard.api.permissions import InScope
from scoreboard.forms.typed_text import Form
from scoreboard.models import Answer, Evidence, Remark, Role, Side, State, Submission, Thread
from scoreboard.models.answers import STEP_FIELDS
from scoreboard.models.people import Person
from scoreboard.threads import discussion


class SubmissionSerializer(serializers.ModelSerializer):
    cycle: Related = serializers.SlugRelatedField("code", read_only=True, help_text="Code of the cycle.")
    country: Related = serializers.SlugRelatedField("iso2", read_only=True, help_text="ISO code, two letters.")
    answered = serializers.IntegerField(help_text="How many indicators are answered.")
    due = serializers.DateField(help_text="The last day in time: the deadline, or the country's extension of it.")

    class Meta:
        model = Submission
        fields = ["id", "cycle", "country", "state", "answered", "due", "submitted_at", "late", "accepted_at"]
        fields += ["left_at"]  # when the country left the cycle; meanwhile nothing counts it


class EvidenceSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField(help_text="The link, or where the file is downloaded by who reads this.")

    class Meta:
        model = Evidence
        fields = ["id", "name", "content_type", "size", "sha256", "url", "added_at"]

    def get_url(self, piece: Evidence) -> str:
        if piece.url or piece.answer is None:
            return piece.url
        path = reverse("evidence-detail", args=[piece.answer.submission_id, piece.pk])
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
    label = serializers.CharField(source="indicator.label", help_text="The indicator as pages name it.")  # type: ignore[assignment]  # Field.label
    kind = serializers.ChoiceField(
        Answer.Kind.choices, allow_blank=True, help_text="Empty: there is a comment but no answer yet."
    )
    level = serializers.IntegerField(
        source="level.value", allow_null=True, default=None, help_text="The rung that was chosen."
    )
    figures = Figures(help_text="Rows of the data form: objects from column code to value.")
    changed_at = serializers.DateTimeField(allow_null=True, help_text="Null: nothing is answered yet.")
    evidence = EvidenceSerializer(many=True, source="pieces", help_text="Files and links attached to the answer.")
    threads = ThreadSerializer(many=True, source="talks", help_text="Questions about the answer.")

    class Meta:
        model = Answer
        fields = [
            *("area", "indicator", "label", "kind", "level", "reason", "comment", "comment_withheld"),
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


def beside_answers(found: QuerySet[Submission], user: Person) -> QuerySet[Submission]:
    """Return the submissions with all that the person may read of what is attached to each answer."""
    talks = discussion.visible_to(user).prefetch_related("remarks__author__memberships")
    return found.prefetch_related(
        *("answers__indicator__area", "answers__level"),
        Prefetch("answers__evidence", Evidence.objects.present().select_related("answer"), to_attr="pieces"),
        Prefetch("answers__threads", talks, to_attr="talks"),
    )


def with_answers(submission: Any, user: Person) -> Any:
    """Return the submission with its answers in `shown`, None where the person may not read them now."""
    submission.shown = list(submission.answers.all()) if access.may_read(user, submission) else None
    return submission


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
    list=extend_schema(summary="List the submissions"),
    retrieve=extend_schema(summary="Read a submission", parameters=[conditions.TAG_OF_RESPONSE]),
)
class SubmissionViewSet(viewsets.ReadOnlyModelViewSet):
    """Submissions that the signed-in person sees on pages: their own country's, or as an officer or analyst."""

    permission_classes = [InScope, permissions.IsAuthenticated]
    filterset_class = SubmissionFilter
    lookup_value_regex = "[0-9]{1,9}"
    queryset = Submission.objects.none()

    def get_queryset(self) -> QuerySet[Submission]:
        visible = Submission.objects.visible_to(self.request.user).with_facts()
        if not self.detail:
            return visible
        return beside_answers(visible, self.request.user)

    def get_object(self) -> Submission:
        return with_answers(super().get_object(), self.request.user)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        data = self.get_serializer(self.get_object()).data
        return Response(data, headers=conditions.header(conditions.tag_of(data)))

    def get_serializer_class(self) -> type[SubmissionSerializer]:
        return WholeSubmissionSerializer if self.detail else SubmissionSerializer
