"""What the pages of one submission share: fetching it for the person, and the context of its frame."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from scoreboard import access, locking, phrases, rules
from scoreboard.errors import Stale
from scoreboard.http import SignedIn
from scoreboard.models import Role, Submission
from scoreboard.submissions import comparison


def visible(request: SignedIn, pk: int) -> Submission:
    """Return the submission; 404 for who may not see it."""
    found = Submission.objects.visible_to(request.user).select_related("cycle__edition", "country")
    return get_object_or_404(found, pk=pk)


def readable(request: SignedIn, pk: int) -> Submission:
    """Return the submission if the person may read its current answers; else 404."""
    submission = visible(request, pk)
    if not access.may_read(request.user, submission):
        raise Http404
    return submission


def to_review(request: SignedIn, pk: int) -> Submission:
    """Return the submission if it is the person's to see (else 404) and to review (else 403)."""
    submission = get_object_or_404(Submission.objects.visible_to(request.user).with_facts(), pk=pk)
    rules.require(request.user, "see_review", submission)
    return submission


def version_read(request: SignedIn, submission: Submission) -> int:
    """Return the number of the version that the person read: the one that their page names, else the last."""
    sent = request.POST.get("version") or request.GET.get("version", "")
    known = list(submission.versions.order_by("number").values_list("number", flat=True))
    return int(sent) if sent in map(str, known) else max(known, default=0)


def superseded(submission: Submission, read: int, problem: Stale) -> dict[str, Any]:
    """Return the context of a step's page where another version was submitted since the one that was read."""
    before, after = (submission.versions.get(number=number).answers for number in (read, problem.current))
    indicators = submission.cycle.edition.all_indicators
    return {"stale": problem.sentence, "differing": comparison.pairs(indicators, before, after)}


def closed_to(request: SignedIn, submission: Submission, reader: str = "") -> str:
    """Return why this person cannot write now, nothing if they can; `reader` is the sentence for who may only read."""
    if rules.may(request.user, "write", submission):
        refusal = locking.refusal(submission)
        if not refusal and not access.may_write(request.user, submission):
            return _("These answers are the country’s until it hands them in.")
        return refusal
    return reader or _("You can read these answers. The country’s focal points and the Secretariat write them.")


def page(
    request: SignedIn, template: str, submission: Submission, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page of the submission with what all of them show."""
    return render(request, template, framed(request, submission, context), status=status)


def framed(request: SignedIn, submission: Submission, context: dict[str, Any]) -> dict[str, Any]:
    """Return the context with what all pages of a submission show to this person."""
    roles = rules.roles_towards(request.user, submission)
    writable = access.may_write(request.user, submission) and not locking.refusal(submission)
    return context | {
        **facts(submission),
        "is_officer": Role.SECRETARIAT in roles,
        "is_focal": Role.FOCAL in roles,
        "writable": writable,
        "reads": access.may_read(request.user, submission),
        "on_behalf": writable and rules.is_on_behalf(roles),
    }


def facts(submission: Submission) -> dict[str, Any]:
    """Return the context that every page about a submission has, for any reader."""
    edition = submission.cycle.edition
    return {
        "submission": submission,
        "cycle": submission.cycle,
        "country": submission.country,
        "edition": edition,
        "example": submission.cycle.is_example,
        "text_language": phrases.text_language(edition),
    }
