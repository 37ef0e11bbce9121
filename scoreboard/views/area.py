"""The page of an area: its indicators to answer or to read, saved together."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from scoreboard import clock, phrases
from scoreboard.errors import DomainError, Locked, NotNow
from scoreboard.forms import annotations
from scoreboard.forms import questions as forms
from scoreboard.http import SignedIn
from scoreboard.models import Area, State, Submission, User
from scoreboard.plans import reading
from scoreboard.submissions import answering, completeness, previous_cycle, returns
from scoreboard.submissions.answering import AnswerInput, Outcome
from scoreboard.views.common import closed_to, page, readable, visible


@require_http_methods(["GET", "HEAD", "POST"])
def area(request: SignedIn, pk: int, area: str) -> HttpResponse:
    """Ask an area's indicators, and save what was answered."""
    submission = readable(request, pk)
    part = _area(submission, area)
    if request.method != "POST":
        return _page(request, submission, part)
    values, seen = forms.read(request.POST)
    values = previous_cycle.settled(submission, values)
    try:
        outcome = answering.save_answers(submission, values, by=request.user, seen=seen)
    except (Locked, NotNow) as refusal:
        # The page shows the current state, and next to it what was typed and not saved.
        return _page(request, visible(request, pk), part, typed=values, refusal=refusal)
    if outcome.problems:
        typed = {code: values[code] for code in outcome.problems}
        return _page(request, visible(request, pk), part, typed=typed, outcome=outcome)
    messages.success(request, _saved(submission, outcome))
    if "continue" in request.POST:
        return redirect(_onward(submission, part)[0])
    anchor = f"#i{outcome.saved[-1]}" if outcome.saved else ""  # back to where the person was
    return redirect(request.path + anchor)


def _area(submission: Submission, code: str) -> Area:
    """Return the area, which knows its indicators and their levels."""
    for area in submission.cycle.edition.whole:
        if area.code == code:
            return area
    raise Http404


def _page(
    request: SignedIn,
    submission: Submission,
    area: Area,
    *,
    typed: Mapping[str, AnswerInput] | None = None,
    outcome: Outcome | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """Render the area with what is stored, and with what was `typed` and could not be saved, and why."""
    answers, asked = completeness.answers(submission), returns.waiting(submission)
    missing, problems = completeness.gaps(submission, answers), outcome.problems if outcome else {}
    questions = forms.questions(submission, area, answers, missing=missing, asked=asked, typed=typed, problems=problems)
    annotations.put(questions, submission, request.user)
    context = {
        "area": area,
        "questions": questions,
        "about_plans": _about_plans(submission, area, request.user),
        "last_saved": _last_saved(questions, submission, request.user),
        "time_left": phrases.time_left(submission) if submission.is_with_country else "",
        "areas": completeness.progress(submission, missing)[1],
        "closed": closed_to(request, submission),
        "errors": [{"text": refusal.sentence}] if refusal else _errors(problems, area),
        "saved": outcome and outcome.saved and _saved(submission, outcome),
        "onward": _onward(submission, area),
        "ask_page": f"{reverse('submission_ask', args=[submission.pk])}?page={quote(request.path)}",
        "returned": submission.state == State.RETURNED
        and submission.transitions.giving_back().select_related("by").first(),
    }
    return page(request, "scoreboard/area/area.html", submission, context, status=409 if refusal else 200)


def _about_plans(submission: Submission, area: Area, user: User) -> dict[str, object] | None:
    """Return the indicator of the area that is about action plans, and the plans of the country that `user` sees."""
    code = submission.cycle.edition.action_plans.get("indicator")
    if code not in {indicator.code for indicator in area.indicators.all()}:
        return None
    return {"code": code, "plans": reading.listed(user).filter(country=submission.country)}


def _last_saved(questions: Iterable[forms.Question], submission: Submission, user: User) -> str:
    """Return when the latest of the answers was saved, and by whom if not by `user`."""
    answers = [question.answer for question in questions if question.answer]
    if not answers:
        return _("Nothing is saved in this area yet.")
    last = max(answers, key=lambda answer: answer.changed_at)
    at = phrases.moment(last.changed_at, submission.cycle)
    when = format_html('<time datetime="{}">{}</time>', last.changed_at.isoformat(), at)
    if last.changed_by_id == user.pk:
        return format_html(_("Last saved {when}"), when=when)
    return format_html(_("Last saved {when} by {who}"), when=when, who=last.changed_by)


def _errors(problems: Mapping[str, DomainError], area: Area) -> list[dict[str, str]]:
    """Return the problems for the error summary, linked to their indicator on the page."""
    here = {indicator.code for indicator in area.indicators.all()}
    return [{"href": f"#i{code}" if code in here else "", "text": e.sentence} for code, e in problems.items()]


def _onward(submission: Submission, area: Area) -> tuple[str, str]:
    """Return where "save and continue" goes, and what its button says."""
    areas = submission.cycle.edition.whole
    if submission.state == State.RETURNED:
        return reverse("submission", args=[submission.pk]), _("Save and go to the overview")
    for following in areas[areas.index(area) + 1 :]:
        label = _("Save and continue to %s") % following.code
        return reverse("submission_area", args=[submission.pk, following.code]), label
    return reverse("submission_gaps", args=[submission.pk]), _("Save and see what is missing")


def _saved(submission: Submission, outcome: Outcome) -> str:
    if not outcome.saved:
        return _("Nothing has changed since the last save.")
    n = len(outcome.saved)
    return ngettext("%(n)d answer saved at %(time)s.", "%(n)d answers saved at %(time)s.", n) % {
        "n": n,
        "time": phrases.clock_time(clock.now(), submission.cycle),
    }
