"""The right of reply as countries see it: what a draft says about them, and their comments with the answers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reporting.assessments import chapters
from reporting.consultation import changes, commenting, pages
from reporting.forms import CommentForm
from reporting.models import Consultation, ConsultedBuild, CountryComment
from scoreboard import rules
from scoreboard.errors import Invalid
from scoreboard.http import SignedIn
from scoreboard.models import Submission
from scoreboard.models.people import countries_of
from scoreboard.phrases import text_language
from scoreboard.text import number


@require_safe
def consultation_list(request: SignedIn) -> HttpResponse:
    """List the consultations that the person may read, the latest first, with their own countries."""
    found = Consultation.objects.visible_to(request.user).listed()
    is_staff = rules.may(request.user, "prepare_consultation")
    context = {
        "page": Paginator(found, 30).get_page(request.GET.get("page")),
        "countries": [] if is_staff else countries_of(request.user),
        "is_staff": is_staff,
    }
    return render(request, "reporting/consultation/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def country(request: SignedIn, pk: int, iso2: str) -> HttpResponse:
    """Show a country what the draft says about it, with its comments; focal points comment while it is open."""
    consultation = get_object_or_404(Consultation.objects.visible_to(request.user).listed(), pk=pk)
    submission = _submission(request, consultation, iso2)
    if iso2 != iso2.lower():
        return redirect("consultation_country", pk, iso2.lower(), permanent=True)
    build = _build(request, consultation)
    try:
        read = pages.read(build, submission.country.iso2)
    except KeyError:
        raise Http404 from None
    may_comment = rules.may(request.user, "comment_on_draft", submission)
    chosen = {"about": request.GET.get("about", "")}
    form = CommentForm(request.POST or None, parts=pages.parts(read), initial=chosen)
    if request.method == "POST":
        rules.require(request.user, "comment_on_draft", submission)
        if form.is_valid():
            try:
                written = commenting.comment(build, submission, by=request.user, **form.cleaned_data)
            except Invalid as problem:
                form.add_error("about", problem.sentence)
            else:
                messages.success(request, _("Your comment is sent. The answer comes by e-mail."))
                return redirect(f"{request.path}#comment-{written.pk}")
    own = commenting.visible_to(request.user).filter(build__consultation=consultation, submission=submission)
    comments = pages.about(own)
    context = {
        **_frame(consultation, read),
        "submission": submission,
        "form": form,
        "may_comment": may_comment and consultation.is_open,
        "may_withdraw": may_comment and consultation.assessment.is_at_work,
        "comments": comments,
        "older": ConsultedBuild.objects.filter(
            consultation=pk, shown_at__isnull=False, number__gt=build.number
        ).exists(),
        **_changes(consultation, read, [one for one, _part in comments]),
    }
    return render(request, "reporting/consultation/country.html", context)


@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Withdraw a comment that is not answered."""
    found = get_object_or_404(commenting.visible_to(request.user), pk=pk)
    commenting.withdraw(found, by=request.user)
    messages.success(request, _("The comment is withdrawn. It needs no answer any more."))
    return redirect("consultation_country", found.build.consultation_id, found.submission.country.iso2.lower())


def _submission(request: SignedIn, consultation: Consultation, iso2: str) -> Submission:
    """Return the country's submission: any to officers and analysts, their own to focal points; else 404."""
    found = consultation.cycle.submissions.taking_part().select_related("country", "cycle__edition")
    if not rules.may(request.user, "prepare_consultation"):
        found = found.filter(country__in=countries_of(request.user))
    return get_object_or_404(found, country__iso2=iso2.upper())


def _build(request: HttpRequest, consultation: Consultation) -> ConsultedBuild:
    """Return the build that is read: the one shown last or an earlier one, and to officers also one not shown yet."""
    builds = consultation.builds.order_by("-number")
    if not rules.may(request.user, "prepare_consultation"):
        builds = builds.filter(shown_at__isnull=False)
    wanted = number(request.POST.get("build") or request.GET.get("build", ""))
    if wanted is not None:
        return get_object_or_404(builds, number=wanted)
    found = consultation.shown or builds.first()
    if found is None:
        raise Http404
    return found


def _frame(consultation: Consultation, read: pages.CountryPages) -> dict[str, Any]:
    titles = chapters.titles(read.build.snapshot)
    return {
        "consultation": consultation,
        "cycle": consultation.cycle,
        "build": read.build,
        "read": read,
        "passages": [(titles.get(one.passage.chapter, one.passage.chapter), one) for one in read.passages],
        "fewest": pages.FEWEST,
        "text_language": text_language(consultation.cycle.edition),
        "example": consultation.cycle.is_example,
    }


def _changes(consultation: Consultation, read: pages.CountryPages, comments: list[CountryComment]) -> dict[str, Any]:
    """Return what changed since the build that the country's last comment read, else since the first one."""
    shown = consultation.builds.filter(shown_at__isnull=False).order_by("number")
    before = shown.filter(pk=comments[-1].build_id).first() if comments else shown.first()
    if before is None or before.number >= read.build.number:
        return {}
    try:
        was = pages.read(before, read.country.iso2)
    except KeyError:
        return {}
    return {"since": before, "changes": changes.between(was, read), "since_comment": bool(comments)}
