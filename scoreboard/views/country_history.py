"""The page of a country over all its cycles, for its own people."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from scoreboard.http import SignedIn
from scoreboard.models import Role
from scoreboard.models.people import roles_of
from scoreboard.phrases import text_language
from scoreboard.submissions import own_history
from scoreboard.views.people import find_country


@require_safe
def country_history(request: SignedIn, code: str) -> HttpResponse:
    """Show the answers of all cycles side by side, the levels over time, who answered, and all receipts."""
    country, moved = find_country(request, code)
    if not own_history.may_see(request.user, country):
        raise Http404
    if moved:
        return moved
    series = [(one, text_language(one.edition)) for one in own_history.of(country, request.user)]
    context = {
        "country": country,
        "series": series,
        "is_officer": Role.SECRETARIAT in roles_of(request.user),
        "example": bool(series) and all(one.is_example for one, _language in series),
    }
    return render(request, "scoreboard/country_history/country_history.html", context)
