"""What the pages about one submission share: finding it for who asks, and the frame around it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from scoreboard import pen, rules, wording
from scoreboard.errors import DomainError
from scoreboard.http import SignedIn
from scoreboard.models import Role, Submission


def visible(request: SignedIn, pk: int) -> Submission:
    """Return the submission; 404 for who may not see it."""
    submissions = Submission.objects.visible_to(request.user)
    return get_object_or_404(submissions.select_related("cycle__edition", "country", "claimed_by"), pk=pk)


def is_writable(request: SignedIn, submission: Submission) -> bool:
    """Tell whether this person can write answers now."""
    if not rules.may(request.user, "write", submission):
        return False
    try:
        pen.require(submission)
    except DomainError:
        return False
    return True


def page(
    request: SignedIn, template: str, submission: Submission, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page of the submission with what all of them show."""
    edition, writable = submission.cycle.edition, is_writable(request, submission)
    context |= {
        "submission": submission,
        "cycle": submission.cycle,
        "country": submission.country,
        "edition": edition,
        "example": submission.cycle.is_example,
        "text_language": wording.text_language(edition),
        "writable": writable,
        "on_behalf": writable and Role.FOCAL not in rules.roles_towards(request.user, submission),
    }
    return render(request, template, context, status=status)
