"""Single answers in the API: reading, saving, confirming last time's, evidence, and what officers say about them.

An answer's ETag is its revision, "0" while there is none, so that a save names what it was written over.
"""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request, is_form_media_type
from rest_framework.response import Response

from scoreboard import access, rules
from scoreboard.api import conditions
from scoreboard.api.given import AnswerGiven, Given, LongText, read
from scoreboard.api.parsers import StorableJSON
from scoreboard.api.permissions import InScope, person
from scoreboard.api.submissions import (
    AnswerSerializer,
    EvidenceSerializer,
    ThreadSerializer,
    beside_answers,
)
from scoreboard.errors import Stale
from scoreboard.evidence import attaching
from scoreboard.models import Answer, Indicator, Origin, Scope, Submission
from scoreboard.submissions import answering, previous_cycle, returns
from scoreboard.submissions.answering import AnswerInput
from scoreboard.threads import discussion

BOTH = (Scope.WRITE, Scope.OFFICER)
OF_SUBMISSION = OpenApiParameter("submission", OpenApiTypes.INT, "path", description="Number of the submission.")
OF_INDICATOR = OpenApiParameter("code", OpenApiTypes.STR, "path", description="Code of the indicator.")
PLACE = [OF_SUBMISSION, OF_INDICATOR]


class Confirmation(Given):
    """That last time's answer still holds."""

    next_step = LongText(required=False)
    why = LongText(default="", help_text="Why it changes after a return that did not ask for it.")


class Link(Given):
    """The address of a page or document, and its name."""

    url = serializers.CharField(max_length=2000)
    name = serializers.CharField(default="", allow_blank=True, max_length=255)


class Piece(Link):
    """A file, or the address of a page or document and its name."""

    file = serializers.FileField(required=False, max_length=255)
    url = serializers.CharField(required=False, max_length=2000)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("file" in given) == ("url" in given):
            raise serializers.ValidationError("Send a file, or the address of a page.")
        return given


# An object for each media type: JSON has no files, and a program that is generated tells by the object what to send.
PIECES = {"multipart/form-data": Piece, "application/json": Link}


def read_piece(request: Request) -> dict[str, Any]:
    """Return the file or link that was sent; raise ValidationError (400) for what is neither."""
    given: dict[str, Any] = read(Piece if is_form_media_type(request.content_type) else Link, request.data)
    return given


class Question(Given):
    """What an officer asks the country, or notes for the Secretariat alone."""

    text = LongText(allow_blank=False)
    shared = serializers.BooleanField(help_text="False: a note that officers alone see.")
    due = serializers.DateField(default=None, allow_null=True, help_text="Until when the country should reply.")


class Mark(Given):
    """Why an answer should change; the country reads it with the return. Empty: no longer."""

    text = LongText()


class AnswerViewSet(viewsets.GenericViewSet):
    """The answers to single indicators, of a submission that the person sees."""

    permission_classes = [InScope, permissions.IsAuthenticated]
    scopes: tuple[Scope, ...] = BOTH
    serializer_class = AnswerSerializer
    queryset = Answer.objects.none()
    filter_backends: list[Any] = []
    pagination_class = None
    lookup_field = "code"
    lookup_value_regex = "[^/.]+"
    most_bytes = attaching.MAX_BYTES + 1_000_000  # of a request with a file

    @extend_schema(summary="Read an answer", parameters=[*PLACE, conditions.TAG_OF_RESPONSE])
    def retrieve(self, request: Request, submission: str, code: str) -> Response:
        """Return the answer as it is now, for who may read the answers; its ETag is its revision."""
        return self._answer(self._submission(code, reads=True), code)

    @extend_schema(summary="Save an answer", parameters=[*PLACE, *conditions.CONDITION], request=AnswerGiven)
    def update(self, request: Request, submission: str, code: str) -> Response:
        """Write the answer as a whole; If-Match names the revision that was read, "0" for none.

        Sending again what is stored changes nothing.
        """
        found = self._submission(code)
        rules.require(request.user, "write", found)
        tag = conditions.tag_read(request)
        given = AnswerGiven(data=request.data)
        given.is_valid(raise_exception=True)
        return self._save(found, code, given.answer, tag)

    @extend_schema(
        summary="Confirm last time’s answer", parameters=[*PLACE, *conditions.CONDITION], request=Confirmation
    )
    @action(detail=True, methods=["post"])
    def confirmation(self, request: Request, submission: str, code: str) -> Response:
        """Write what was accepted in the country's previous cycle, with its evidence, as answered "no change"."""
        found = self._submission(code)
        rules.require(request.user, "write", found)
        tag = conditions.tag_read(request)
        asked = AnswerInput(confirmed=True, **read(Confirmation, request.data))
        return self._save(found, code, previous_cycle.settled(found, {code: asked})[code], tag)

    @extend_schema(
        summary="Attach evidence",
        parameters=PLACE,
        request=PIECES,
        responses={201: EvidenceSerializer},
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser, StorableJSON])
    def evidence(self, request: Request, submission: str, code: str) -> Response:
        """Attach a file or a link to the answer, also before it is answered. None of it is published."""
        found = self._submission(code)
        given = read_piece(request)
        source: dict[str, Any] = {"by": person(request), "origin": Origin.API}
        if file := given.get("file"):
            piece = attaching.add_file(found, code, file, **source)
        else:
            piece = attaching.add_link(found, code, given["url"], given["name"], **source)
        return Response(EvidenceSerializer(piece, context=self.get_serializer_context()).data, status=201)

    @extend_schema(summary="Ask about an answer", parameters=PLACE, request=Question, responses={201: ThreadSerializer})
    @action(detail=True, methods=["post"], scopes=(Scope.OFFICER,))
    def threads(self, request: Request, submission: str, code: str) -> Response:
        """Ask the country, whose focal points get an e-mail, or note something for the Secretariat alone."""
        found = self._submission(code)
        rules.require(request.user, "open_thread", found)
        given = read(Question, request.data)
        thread = discussion.open_thread(found, code, by=person(request), origin=Origin.API, **given)
        return Response(ThreadSerializer(thread, context=self.get_serializer_context()).data, status=201)

    @extend_schema(summary="Mark an answer for return", parameters=PLACE, request=Mark, responses=AnswerSerializer)
    @action(detail=True, methods=["post"], scopes=(Scope.OFFICER,))
    def mark(self, request: Request, submission: str, code: str) -> Response:
        """Note why the answer should change, for when the submission is returned; an empty text removes the mark."""
        found = self._submission(code)
        returns.flag(found, code, read(Mark, request.data)["text"], by=person(request), origin=Origin.API)
        return self._answer(found, code)

    def _save(self, submission: Submission, code: str, given: AnswerInput, tag: str) -> Response:
        """Save an answer over the revision that the tag names; a colleague's change is shown next to what was sent."""
        seen = int(tag) if tag.isascii() and tag.isdigit() and len(tag) < 10 else -1
        outcome = answering.save_answers(
            submission, {code: given}, by=person(self.request), seen={code: seen}, origin=Origin.API
        )
        problem = outcome.problems.get(code)
        if isinstance(problem, Stale):
            now = self._found(submission, code)
            current = AnswerSerializer(now, context=self.get_serializer_context()).data
            raise conditions.Changed(problem.sentence, current=current, sent=self.request.data)
        if problem:
            raise problem
        return self._answer(submission, code)

    def _submission(self, code: str, *, reads: bool = False) -> Submission:
        """Return the submission if it asks the indicator and the person sees it, else 404.

        With `reads` they must be one who may read its answers.
        """
        found = Submission.objects.visible_to(self.request.user).select_related("cycle__edition", "country")
        submission = get_object_or_404(found, pk=self.kwargs["submission"])
        is_asked = code in {indicator.code for indicator in submission.cycle.edition.all_indicators}
        if not is_asked or (reads and not access.may_read(self.request.user, submission)):
            raise Http404
        return submission

    def _answer(self, submission: Submission, code: str) -> Response:
        found = self._found(submission, code)
        data = AnswerSerializer(found, context=self.get_serializer_context()).data
        return Response(data, headers=conditions.header(str(found.revision)))

    def _found(self, submission: Submission, code: str) -> Answer:
        """Return the answer with all that the person may read beside it; an empty one before it is answered."""
        indicators = Indicator.objects.filter(edition=submission.cycle.edition).select_related("area")
        indicator = get_object_or_404(indicators, code=code)
        again = beside_answers(Submission.objects.filter(pk=submission.pk), self.request.user).get()
        for answer in again.answers.all():
            if answer.indicator_id == indicator.pk:
                return answer
        empty: Any = Answer(submission=submission, indicator=indicator, revision=0)
        empty.pieces, empty.talks = [], []
        return empty
