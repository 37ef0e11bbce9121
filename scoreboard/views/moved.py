"""Old addresses, which mails and bookmarks still have: each leads to where its page is now."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView


def to(name: str, for_good: bool = True) -> Callable[..., HttpResponseBase]:
    """Return a view that leads to the address called `name`, with the query; `for_good` lets browsers remember it."""
    return require_safe(RedirectView.as_view(pattern_name=name, permanent=for_good, query_string=True))


@require_safe
def cycle_page(request: HttpRequest, page: str) -> HttpResponse:
    """Lead to a page of a cycle, all of which moved with the rest of their address."""
    query = f"?{urlencode(request.GET, doseq=True)}" if request.GET else ""
    return redirect(reverse("cycle_list") + page + query, permanent=True)
