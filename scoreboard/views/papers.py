"""The pages of a space's papers: the list, one paper with its versions, a new one, and the files."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max, Prefetch
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard.evidence.attaching import MAX_BYTES
from scoreboard.forms.spaces import PaperForm, VersionForm
from scoreboard.http import SignedIn, takes_files
from scoreboard.models import Discussion, Paper, PaperVersion, PublishedText
from scoreboard.network import papers, spaces
from scoreboard.views.evidence import served
from scoreboard.views.spaces import ROWS, attempt, fetch, form_page, page

MOST = MAX_BYTES + 1_000_000  # bytes of a form with one file


def visible(request: SignedIn, pk: int) -> Paper:
    """Return the paper; 404 for who may not see it."""
    found = Paper.objects.visible_to(request.user).select_related("space__moderator", "added_by", "hidden_by")
    return get_object_or_404(found, pk=pk)


@require_safe
def paper_list(request: SignedIn, pk: int) -> HttpResponse:
    """List the papers of a space, those with a new version first."""
    space = fetch(request, pk)
    found = Paper.objects.visible_to(request.user).filter(space=space).select_related("added_by")
    found = found.annotate(last=Max("versions__number")).order_by("-changed_at", "-pk")
    return page(request, "papers", space, {"page": Paginator(found, ROWS).get_page(request.GET.get("page"))})


@takes_files(MOST)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, pk: int) -> HttpResponse:
    """Add a paper to a space."""
    space = fetch(request, pk)
    spaces.require_open(space)
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    if form.is_valid() and (found := attempt(form, lambda: papers.add(space, **form.cleaned_data, by=request.user))):
        messages.success(request, _("The paper is added."))
        return redirect("paper", found.pk)
    words = {"heading": _("Add a paper"), "button": _("Add the paper"), "back": reverse("space_papers", args=[pk])}
    return form_page(request, space, form, **words, lede=_("All members of the space read it, with your name."))


@takes_files(MOST)
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: SignedIn, pk: int) -> HttpResponse:
    """Show a paper with its versions and the discussions on it, and add a version."""
    found = visible(request, pk)
    adds = papers.may_add_version(found, request.user) and not found.space.archived_at
    if request.method == "POST":
        papers.require_author(found, request.user)
    form = VersionForm(request.POST, request.FILES) if request.method == "POST" else VersionForm()
    if form.is_valid() and attempt(form, lambda: papers.add_version(found, **form.cleaned_data, by=request.user)):
        messages.success(request, _("The version is added. The earlier ones stay."))
        return redirect("paper", pk)
    chosen = Prefetch("texts", PublishedText.objects.filter(withdrawn_at=None))
    context = {
        "paper": found,
        "versions": found.versions.select_related("added_by").prefetch_related(chosen),
        "discussions": Discussion.objects.visible_to(request.user).filter(paper=found),
        "items": found.items.select_related("meeting"),
        "steps": found.steps.select_related("by"),
        "adds": adds,
        "form": form if adds else None,
        "room": papers.left(found.space) if adds else 0,
    }
    return page(request, "paper", found.space, context)


@require_safe
def file(request: SignedIn, pk: int, version: int) -> HttpResponseBase:
    """Serve the file of a version to who may read the paper."""
    return served(request, PaperVersion.objects.filter(paper=visible(request, pk), number=version).first())
