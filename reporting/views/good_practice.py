"""Good practice as everybody reads it: the list, and one account, with what its people and officers can do."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reporting.http import public_page
from scoreboard import rules
from scoreboard.errors import Gone
from scoreboard.forms.learning import PracticeFilter
from scoreboard.models import GoodPractice
from scoreboard.models.people import countries_of
from scoreboard.network import good_practice


@login_not_required
@require_safe
@public_page
def practice_list(request: HttpRequest) -> HttpResponse:
    """List the published good practice, the latest first, and what waits for this person."""
    published = GoodPractice.objects.published().with_subject().order_by("-published_at", "-pk")
    chosen = PracticeFilter(request.GET, queryset=published)
    page = Paginator(chosen.qs, 30).get_page(request.GET.get("page"))
    own = GoodPractice.objects.visible_to(request.user).exclude(state=GoodPractice.State.PUBLISHED).with_subject()
    context = {
        "filter": chosen,
        "page": page,
        "own": own[:30],
        "writes": rules.may_any(request.user, "write_practice"),
        "example": bool(page.object_list) and all(one.is_example for one in page),
    }
    return render(request, "reporting/good_practice/list.html", context)


@login_not_required
@require_safe
@public_page
def practice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account to who may read it."""
    found = GoodPractice.objects.visible_to(request.user).with_subject().filter(pk=pk).first()
    if found is None:
        if GoodPractice.objects.filter(pk=pk, state=GoodPractice.State.WITHDRAWN).exists():
            raise Gone(_("This good practice was published here, and is withdrawn."))
        raise Http404
    signs = request.user.is_authenticated and good_practice.signs(request.user, found)
    is_officer = rules.may(request.user, "check_practice")
    offers = found.offered_by in countries_of(request.user)
    context = {
        "practice": found,
        "signs": signs,
        "is_officer": is_officer,
        "offers": offers,
        "history": found.steps.select_related("by") if signs or is_officer or offers else [],
        "example": found.is_example,
    }
    return render(request, "reporting/good_practice/practice.html", context)
