"""The measure: views that do nothing but what any view must, on the portal's own server, middleware and database."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from scoreboard.models import Answer, AnswerVersion, Origin

READY = "x" * 1_000_000


def read(request: HttpRequest, size: int) -> HttpResponse:
    """Recognise the person, and answer `size` bytes that lie ready."""
    return HttpResponse(READY[:size] if request.user.is_authenticated else "")


@login_not_required
def public(request: HttpRequest, size: int) -> HttpResponse:
    """Answer `size` bytes that lie ready to anybody."""
    return HttpResponse(READY[:size])


def write(request: HttpRequest, size: int, pk: int) -> HttpResponse:
    """Recognise the person, make one locked update and one insert, and answer `size` bytes that lie ready."""
    user = request.user
    if not user.is_authenticated:
        return HttpResponse("")
    with transaction.atomic():
        answer = Answer.objects.select_for_update().get(pk=pk)
        answer.revision += 1
        answer.comment = request.POST["comment"]
        answer.save(update_fields=["revision", "comment"])
        AnswerVersion.objects.create(
            answer=answer,
            level_id=answer.level_id,
            kind=answer.kind,
            comment=answer.comment,
            revision=answer.revision,
            at=answer.changed_at,
            by=user,
            origin=Origin.PAGE,
        )
    return HttpResponse(READY[:size])


urlpatterns = [
    path("bare/read/<int:size>/", read),
    path("bare/public/<int:size>/", public),
    path("bare/write/<int:size>/<int:pk>/", write),
    path("", include("mikt.urls")),
]
