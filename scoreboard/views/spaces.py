"""The pages of spaces: the list, one space, its members, its daily e-mail, its archive and the search."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.forms import Form
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import rules
from scoreboard.errors import Invalid, NotNow
from scoreboard.forms.spaces import LastDayForm, SpaceForm, SpaceInvitationForm
from scoreboard.http import SignedIn
from scoreboard.models import Discussion, Paper, Space, SpaceMember, SpaceMute
from scoreboard.network import archive, membership, searching, spaces
from scoreboard.text import one_line

ROWS = 30  # discussions and papers on a page


def fetch(request: SignedIn, pk: int) -> Space:
    """Return the space; 404 for who may not see it."""
    found = Space.objects.visible_to(request.user).select_related("moderator", "archived_by")
    return get_object_or_404(found, pk=pk)


def to_manage(request: SignedIn, pk: int) -> Space:
    """Return the space if the person sees it (else 404), manages spaces (else 403), and it is open (else 409)."""
    space = fetch(request, pk)
    rules.require(request.user, "manage_spaces")
    spaces.require_open(space)
    return space


def attempt(form: Form, act: Callable[[], Any]) -> Any:
    """Return what `act` does; where it refuses, say why on the form and return None."""
    try:
        return act()
    except (Invalid, NotNow) as problem:
        form.add_error(None, problem.sentence)
        return None


def page(
    request: SignedIn, name: str, space: Space, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page of a space with what all of them show."""
    shown = {
        "space": space,
        "is_moderator": rules.may(request.user, "manage_spaces"),
        "example": space.is_example,
    }
    return render(request, f"scoreboard/spaces/{name}.html", (context or {}) | shown, status=status)


def form_page(request: SignedIn, space: Space, form: Form, **words: Any) -> HttpResponse:
    """Render a page with one form: its `heading`, `lede`, `button` and where it leads `back` to."""
    return page(request, "form", space, {"form": form, **words})


@require_safe
def space_list(request: SignedIn) -> HttpResponse:
    """List the spaces of the person, the archived ones last."""
    shown = Q(discussions__hidden_at=None)
    found = Space.objects.visible_to(request.user).annotate(
        discussion_count=Count("discussions", filter=shown), last_at=Max("discussions__last_at", filter=shown)
    )
    found = found.order_by("name", "pk")
    context = {
        "open": found.filter(archived_at=None),
        "page": Paginator(found.exclude(archived_at=None), ROWS).get_page(request.GET.get("page")),
        "is_moderator": rules.may(request.user, "manage_spaces"),
    }
    return render(request, "scoreboard/spaces/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Create a space."""
    rules.require(request.user, "manage_spaces")
    form = SpaceForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (space := attempt(form, lambda: spaces.create(**form.values, by=request.user))):
        messages.success(request, _("The space is created. Invite who is not a member by role."))
        return redirect("space", space.pk)
    return render(request, "scoreboard/spaces/new.html", {"form": form})


@require_safe
def space(request: SignedIn, pk: int) -> HttpResponse:
    """Show a space: what it is for, its meetings, its latest papers, and its discussions."""
    found = fetch(request, pk)
    discussions = Discussion.objects.visible_to(request.user).filter(space=found)
    discussions = discussions.select_related("opened_by", "paper").annotate(
        replies=Count("posts", filter=Q(posts__hidden_at=None))
    )
    discussions = discussions.order_by("-last_at", "-pk")
    papers = Paper.objects.visible_to(request.user).filter(space=found)
    context = {
        "page": Paginator(discussions, ROWS).get_page(request.GET.get("page")),
        "meetings": found.meetings.all(),
        "papers": papers.annotate(last=Max("versions__number")).order_by("-changed_at", "-pk")[:5],
        "paper_count": papers.count(),
        "audiences": found.audiences.select_related("network"),
        "muted": SpaceMute.objects.filter(space=found, person=request.user).exists(),
        "own": SpaceMember.objects.in_force().filter(space=found, person=request.user).first(),
        "texts": found.texts.public(),
    }
    return page(request, "space", found, context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change what a space is called and for, its moderator and its roles."""
    found = to_manage(request, pk)
    form = SpaceForm(request.POST if request.method == "POST" else None, space=found)
    if form.is_valid() and attempt(form, lambda: spaces.edit(found, **form.values, by=request.user)):
        messages.success(request, _("The space is saved."))
        return redirect("space", pk)
    words = {"heading": _("Edit the space"), "button": _("Save"), "back": reverse("space", args=[pk])}
    return form_page(request, found, form, **words)


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: SignedIn, pk: int) -> HttpResponse:
    """Show who is a member; officers also see who is invited, and invite."""
    found = fetch(request, pk)
    manages = rules.may(request.user, "manage_spaces")
    form = SpaceInvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        rules.require(request.user, "manage_spaces")
        if form.is_valid() and attempt(form, lambda: membership.invite(found, **form.cleaned_data, by=request.user)):
            messages.success(request, _("The invitation is sent to %s.") % form.cleaned_data["email"])
            return redirect("space_members", pk)
    context = {
        "people": membership.people(found),
        "audiences": found.audiences.select_related("network"),
        "invited": membership.invited(found) if manages else [],
        "form": form,
        "invites": manages and not found.archived_at,
    }
    return page(request, "members", found, context)


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: SignedIn, pk: int, member: int) -> HttpResponse:
    """Give an invitation another last day, or end it."""
    found = to_manage(request, pk)
    one = get_object_or_404(SpaceMember.objects.select_related("person", "space"), space=found, pk=member)
    if request.method == "POST" and "end" in request.POST:
        membership.end(one, by=request.user)
        messages.success(request, _("%s has no access to the space any more.") % one.offered_address)
        return redirect("space_members", pk)
    form = LastDayForm(request.POST if request.method == "POST" else None, initial={"until": one.until})
    if form.is_valid() and attempt(
        form, lambda: membership.change(one, until=form.cleaned_data["until"], by=request.user)
    ):
        messages.success(request, _("The last day is changed."))
        return redirect("space_members", pk)
    return page(request, "member", found, {"member": one, "form": form})


@require_POST
def mail(request: SignedIn, pk: int) -> HttpResponse:
    """Choose whether to get a daily e-mail about the space."""
    found = fetch(request, pk)
    daily = request.POST.get("mail") == "daily"
    spaces.choose_mail(found, daily=daily, by=request.user)
    messages.success(
        request, _("You get an e-mail on each day with something new.") if daily else _("You get no e-mail about it.")
    )
    return redirect("space", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def archive_page(request: SignedIn, pk: int) -> HttpResponse:
    """Ask whether to archive a space, or to open it again, and do it."""
    found = fetch(request, pk)
    rules.require(request.user, "manage_spaces")
    if request.method == "POST" and "reopen" in request.POST:
        spaces.reopen(found, by=request.user)
        messages.success(request, _("The space is open again."))
        return redirect("space", pk)
    if request.method == "POST":
        spaces.archive(found, by=request.user)
        messages.success(request, _("The space is archived. Members can read and download it."))
        return redirect("space", pk)
    return page(request, "archive", found)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedIn, pk: int) -> HttpResponse:
    """Ask whether to delete an archived space for good, and do it."""
    found = fetch(request, pk)
    rules.require(request.user, "manage_spaces")
    if request.method == "POST":
        spaces.delete(found, by=request.user)
        messages.success(request, _("The space is deleted with all that was in it."))
        return redirect("space_list")
    spaces.require_deletable(found)
    return page(request, "delete", found)


@require_safe
def archive_file(request: SignedIn, pk: int) -> HttpResponseBase:
    """Download all of a space that the person reads, as one ZIP file."""
    found = fetch(request, pk)
    content = archive.package(found, by=request.user)
    name = f"{slugify(found.name)[:60] or 'space'}-{found.pk}.zip"
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/zip")


@require_safe
def search(request: SignedIn) -> HttpResponse:
    """Search in what the person sees of spaces, questions between countries, good practice and resources."""
    asked = one_line(request.GET.get("q", "").replace("\0", ""))[: searching.LONGEST]
    found = searching.search(request.user, asked)
    shown = Paginator(found.hits, ROWS).get_page(request.GET.get("page"))
    context = {"asked": asked, "page": shown, "all_shown": found.all_shown, "most": searching.MOST}
    return render(request, "scoreboard/spaces/search.html", context)
