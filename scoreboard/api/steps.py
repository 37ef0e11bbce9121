"""The steps of a submission in the API: what is missing, submitting, recalling and the receipt; and the review.

Each step names with If-Match what its program read; then the verb of the pages decides.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from scoreboard import locking, rules
from scoreboard.api import conditions
from scoreboard.api.fields import Text
from scoreboard.api.given import Given, LongText, Nothing, read
from scoreboard.api.submissions import SubmissionViewSet, WholeSubmissionSerializer
from scoreboard.cycles import calendar
from scoreboard.models import Origin, Scope, Version
from scoreboard.submissions import claims, completeness, doubts, receipts, workflow

OFFICER = (Scope.OFFICER,)


class GapSerializer(serializers.Serializer):
    """An indicator that lacks a complete answer."""

    indicator = serializers.CharField(source="indicator.code", help_text="Code of the indicator.")
    label = serializers.CharField(source="indicator.label", help_text="The indicator as pages name it.")  # type: ignore[assignment]  # Field.label
    sentence = serializers.CharField(help_text="What is missing.")


class DoubtSerializer(GapSerializer):
    """What looks odd in an answer: correct it, or confirm it when you submit."""

    key = serializers.CharField(help_text="To be sent in `confirmed` when submitting.")


class CheckSerializer(serializers.Serializer):
    """What is missing or doubtful before the answers can be submitted."""

    complete = serializers.BooleanField(help_text="Whether nothing is missing.")
    refusal = serializers.CharField(help_text="Why nobody can write now; empty while the country can.")
    gaps = GapSerializer(many=True)
    doubts = DoubtSerializer(many=True)


class LineSerializer(serializers.Serializer):
    """One answer on a receipt."""

    label = serializers.CharField(help_text="The indicator as pages name it.")  # type: ignore[assignment]  # Field.label
    digest = serializers.CharField(help_text="SHA-256 of the answer with its evidence.")


class ConfirmedSerializer(serializers.Serializer):
    """A doubt that was confirmed with the submission."""

    indicator = serializers.CharField(source="code", help_text="Code of the indicator.")
    sentence = Text()


class ReceiptSerializer(serializers.ModelSerializer):
    """What was submitted when, with a digest of the whole and of every answer."""

    doubts = ConfirmedSerializer(many=True)
    lines = serializers.SerializerMethodField()

    class Meta:
        model = Version
        fields = ["number", "at", "late", "digest", "declared_by", "capacity", "doubts", "lines"]

    @extend_schema_field(LineSerializer(many=True))
    def get_lines(self, version: Version) -> Any:
        return LineSerializer(receipts.lines(version.answers), many=True).data


class Declaration(Given):
    """Who submits, and in what capacity."""

    declared_by = serializers.CharField(max_length=200)
    capacity = serializers.CharField(max_length=200)
    confirmed = serializers.ListField(
        child=serializers.CharField(max_length=200), default=list, help_text="Keys of the doubts that are confirmed."
    )


class Reason(Given):
    """Why the submission goes back."""

    comment = LongText(allow_blank=False, help_text="The reason for the whole; those on answers are sent with it.")


class Extension(Given):
    """Until when one country has time, and why."""

    to = serializers.DateField(help_text="The last day in time.")
    reason = LongText(allow_blank=False)


def _described(summary: str, body: type[Given]) -> Callable[..., Any]:
    """Describe a step: what it is sent, its condition, and the submission as it is afterwards."""
    return extend_schema(
        summary=summary,
        request=body,
        parameters=conditions.CONDITION,
        responses=WholeSubmissionSerializer,
        filters=False,
    )


class StepsViewSet(SubmissionViewSet):
    """Submissions that the person sees on pages, with the steps that their role can take."""

    scopes: tuple[Scope, ...] = (Scope.WRITE, Scope.OFFICER)

    @extend_schema(summary="Read what is missing before submitting", responses=CheckSerializer, filters=False)
    @action(detail=True)
    def check(self, request: Request, pk: str) -> Response:
        """List gaps and doubts, as the page before submitting does. For who may read the answers."""
        submission: Any = self.get_object()
        if submission.shown is None:
            raise Http404
        gaps = completeness.gaps(submission)
        found = {"complete": not gaps, "gaps": gaps, "doubts": doubts.doubts(submission)}
        return Response(CheckSerializer(found | {"refusal": locking.refusal(submission)}).data)

    @extend_schema(summary="Read the receipt of what was submitted last", responses=ReceiptSerializer, filters=False)
    @action(detail=True)
    def receipt(self, request: Request, pk: str) -> Response:
        """Return the last receipt that the person may read; 404 while there is none."""
        versions = self.get_object().versions.visible_to(request.user).with_receipt().order_by("-number")
        return Response(ReceiptSerializer(get_object_or_404(versions[:1])).data)

    @_described("Submit", Declaration)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """File the answers with the Secretariat, which then has them; the focal points get the receipt by e-mail."""
        return self._step("submit", workflow.submit, Declaration)

    @_described("Recall", Nothing)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: str) -> Response:
        """Take back what was submitted, until an officer has begun the review."""
        return self._step("recall", workflow.recall, Nothing)

    @_described("Claim for review", Nothing)
    @action(detail=True, methods=["post"], scopes=OFFICER)
    def claim(self, request: Request, pk: str) -> Response:
        """Note that you review it."""
        return self._step("claim", claims.claim, Nothing)

    @_described("Release a claim", Nothing)
    @action(detail=True, methods=["post"], scopes=OFFICER)
    def release(self, request: Request, pk: str) -> Response:
        """Withdraw the note that somebody reviews it."""
        return self._step("release", claims.release, Nothing)

    @_described("Return for changes", Reason)
    @action(detail=True, methods=["post"], scopes=OFFICER, url_path="return", url_name="return")
    def return_for_changes(self, request: Request, pk: str) -> Response:
        """Return it to the country with your reason and the marks on its answers."""
        return self._step("return_for_changes", workflow.return_for_changes, Reason, of_version=True)

    @_described("Accept", Nothing)
    @action(detail=True, methods=["post"], scopes=OFFICER)
    def accept(self, request: Request, pk: str) -> Response:
        """Accept what was submitted. Where two officers accept, they do so on pages."""
        return self._step("accept", workflow.accept, Nothing, of_version=True)

    @_described("Extend", Extension)
    @action(detail=True, methods=["post"], scopes=OFFICER)
    def extend(self, request: Request, pk: str) -> Response:
        """Give the country more time; its focal points get an e-mail."""
        return self._step("extend", calendar.extend, Extension)

    def _step(self, act: str, verb: Callable[..., Any], body: type[Given], *, of_version: bool = False) -> Response:
        """Ask role, body and condition, take the step with one lock around both, and return the submission after it.

        `of_version` passes the number of the version that was read, the last one: the condition holds it.
        """
        submission, user = self.get_object(), self.request.user
        rules.require(user, act, submission)
        given = read(body, self.request.data)
        with transaction.atomic():
            locking.lock(submission)
            conditions.require_unchanged(self.request, self._data())
            if of_version:
                last = submission.versions.order_by("number").values_list("number", flat=True).last()
                given |= {"version": last or 0}
            verb(submission, by=user, origin=Origin.API, **given)
        data = self._data()
        return Response(data, headers=conditions.header(conditions.tag_of(data)))

    def _data(self) -> Any:
        """Return what reading the submission returns now."""
        return WholeSubmissionSerializer(self.get_object(), context=self.get_serializer_context()).data
