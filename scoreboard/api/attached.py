"""What is attached to the answers of a submission: files of evidence, to be read and removed, and replies."""

from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from scoreboard import access, activity, stored_files
from scoreboard.activity import Verb
from scoreboard.api.given import Given, LongText, read
from scoreboard.api.permissions import InScope, person
from scoreboard.api.submissions import EvidenceSerializer, RemarkSerializer
from scoreboard.evidence import attaching
from scoreboard.models import Evidence, Origin, Remark, Scope, Submission, Thread
from scoreboard.threads import discussion

OF_SUBMISSION = OpenApiParameter("submission", OpenApiTypes.INT, "path", description="Number of the submission.")


class Words(Given):
    """A reply."""

    text = LongText(allow_blank=False)


class OfSubmission(viewsets.GenericViewSet):
    """What belongs to a submission that the person sees."""

    permission_classes = [InScope, permissions.IsAuthenticated]
    scopes: tuple[Scope, ...] = (Scope.WRITE, Scope.OFFICER)
    filter_backends: list[Any] = []
    pagination_class = None
    lookup_value_regex = "[0-9]{1,9}"

    def submission(self) -> Submission:
        """Return the submission; 404 for who may not see it."""
        found = Submission.objects.visible_to(self.request.user).select_related("cycle__edition", "country")
        return get_object_or_404(found, pk=self.kwargs["submission"])


class EvidenceViewSet(OfSubmission):
    """Files and links that are attached to answers."""

    queryset = Evidence.objects.none()
    serializer_class = EvidenceSerializer

    @extend_schema(
        summary="Download a file of evidence",
        parameters=[OF_SUBMISSION],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def retrieve(self, request: Request, submission: str, pk: str) -> FileResponse:
        """Return the file, unchanged since it was uploaded; 404 for a link."""
        found = self.submission()
        piece = get_object_or_404(access.pieces(request.user, found), pk=pk)
        if not piece.file:
            raise Http404
        stored_files.require_unchanged(piece.file, piece.sha256, f"“{piece.name}”")
        about = piece.answer or piece.suggestion
        detail = f"{about.indicator.code if about else ''}, {piece.pk}"
        activity.record(Verb.DOWNLOAD_EVIDENCE, by=person(request), submission=found, detail=detail, origin=Origin.API)
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
        return FileResponse(
            piece.file.open("rb"),
            as_attachment=True,
            filename=piece.name,
            content_type="application/octet-stream",
            headers=headers,
        )

    @extend_schema(summary="Remove evidence", parameters=[OF_SUBMISSION], responses={204: None})
    def destroy(self, request: Request, submission: str, pk: str) -> Response:
        """Remove a file or link from its answer. The history has it, and versions that were submitted."""
        found = self.submission()
        present = Evidence.objects.present().filter(answer__submission=found)
        if not access.may_read(request.user, found):
            raise Http404
        attaching.remove(get_object_or_404(present, pk=pk), by=person(request), origin=Origin.API)
        return Response(status=204)


class ThreadViewSet(OfSubmission):
    """Questions about answers."""

    queryset = Thread.objects.none()
    serializer_class = RemarkSerializer

    @extend_schema(
        summary="Reply to a question", parameters=[OF_SUBMISSION], request=Words, responses={201: RemarkSerializer}
    )
    @action(detail=True, methods=["post"])
    def replies(self, request: Request, submission: str, pk: str) -> Response:
        """Reply to the other side, which the question then waits for and which gets an e-mail."""
        found = self.submission()
        thread = get_object_or_404(discussion.visible_to(request.user).filter(answer__submission=found), pk=pk)
        remark: Remark = discussion.reply(
            thread, read(Words, request.data)["text"], by=person(request), origin=Origin.API
        )
        return Response(RemarkSerializer(remark).data, status=201)
