"""What is published of spaces, as everybody reads it: the list, one text, and its file."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reporting.http import public_page
from scoreboard.errors import Gone
from scoreboard.http import SignedIn
from scoreboard.models import PublishedText
from scoreboard.views.evidence import served

ROWS = 30  # on a page


@login_not_required
@require_safe
@public_page
def text_list(request: HttpRequest) -> HttpResponse:
    """List what is published of spaces, the latest first."""
    found = PublishedText.objects.public().select_related("space")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    invented = bool(page.object_list) and all(one.is_example for one in page)
    return render(request, "reporting/texts_of_spaces/list.html", {"page": page, "example": invented})


@login_not_required
@require_safe
@public_page
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a published text, without who wrote it."""
    found = _found(pk)
    return render(request, "reporting/texts_of_spaces/text.html", {"text": found, "example": found.is_example})


@login_not_required
@require_safe
def text_file(request: SignedIn, pk: int) -> HttpResponseBase:
    """Serve a published paper."""
    return served(request, _found(pk).version)


def _found(pk: int) -> PublishedText:
    """Return a published text; raise Gone for one that was published and is withdrawn, Http404 for any other."""
    found = PublishedText.objects.filter(pk=pk, published_at__isnull=False).select_related("space", "version").first()
    if found is None:
        raise Http404
    if found.withdrawn_at:
        raise Gone(_("This text of a space was published here, and is withdrawn."))
    return found
