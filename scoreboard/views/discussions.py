"""The pages of discussions in a space: opening one, reading and replying, taking back, moderating."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import rules
from scoreboard.forms.spaces import DiscussionForm, ModerationForm, ReplyForm
from scoreboard.http import SignedIn
from scoreboard.models import Discussion, Membership, ModerationStep, Paper, Post, PublishedText, Space
from scoreboard.network import discussions, moderation, spaces
from scoreboard.text import number
from scoreboard.views.spaces import attempt, fetch, form_page, page

POSTS = 50  # of a discussion, on a page
VERBS: dict[str, Callable[..., ModerationStep]] = {
    "hide": moderation.hide,
    "show": moderation.show,
    "close": moderation.close,
    "reopen": moderation.reopen,
    "move": moderation.move,
}


def visible(request: SignedIn, pk: int) -> Discussion:
    """Return the discussion; 404 for who may not see it."""
    found = Discussion.objects.visible_to(request.user).select_related(
        "space__moderator", "paper", "opened_by", "closed_by", "hidden_by"
    )
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, pk: int) -> HttpResponse:
    """Open a discussion in a space."""
    space = fetch(request, pk)
    spaces.require_open(space)
    about = number(request.GET.get("paper", ""))
    form = DiscussionForm(
        request.POST if request.method == "POST" else None, space=space, initial={"paper": about} if about else {}
    )
    if form.is_valid():
        found = attempt(form, lambda: discussions.start(space, **form.cleaned_data, by=request.user))
        if found:
            return redirect("discussion", found.pk)
    words = {"heading": _("Open a discussion"), "button": _("Send"), "back": reverse("space", args=[pk])}
    return form_page(request, space, form, **words, lede=_("All members of the space read it, with your name."))


@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: SignedIn, pk: int) -> HttpResponse:
    """Show a discussion, page by page, and reply."""
    found = visible(request, pk)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        post = attempt(form, lambda: discussions.reply(found, form.cleaned_data["text"], by=request.user))
        if post:
            return redirect("post", post.pk)
    shown = Paginator(_posts(found), POSTS).get_page(request.GET.get("page"))
    steps = found.steps.filter(post=None).select_related("by")
    context = {
        "discussion": found,
        "page": shown,
        "form": form,
        "steps": steps,
        "closed": found.closed_at or found.space.archived_at,
    }
    return page(request, "discussion", found.space, context)


def _posts(found: Discussion) -> QuerySet[Post]:
    """Return what was written, with what pages say of each author; of what is hidden they show that it is."""
    held = Membership.objects.in_force().select_related("country", "organisation")
    posts = found.posts.select_related("author", "hidden_by")
    chosen = Prefetch("texts", PublishedText.objects.filter(withdrawn_at=None))
    return posts.prefetch_related(Prefetch("author__memberships", held, "held"), chosen).order_by("at", "pk")


@require_safe
def post(request: SignedIn, pk: int) -> HttpResponse:
    """Lead to a text on the page of its discussion."""
    found = get_object_or_404(Post.objects.filter(discussion__in=Discussion.objects.visible_to(request.user)), pk=pk)
    before = Post.objects.filter(discussion=found.discussion_id, at__lt=found.at).count()
    before += Post.objects.filter(discussion=found.discussion_id, at=found.at, pk__lt=pk).count()
    return redirect(f"{reverse('discussion', args=[found.discussion_id])}?page={before // POSTS + 1}#post-{pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedIn, pk: int) -> HttpResponse:
    """Ask whether to take back one's own text, and do it."""
    found = _post(request, pk)
    if request.method == "POST":
        discussions.take_back(found, by=request.user)
        messages.success(request, _("Your text is taken back. Only officers of the Secretariat read it."))
        return redirect("discussion", found.discussion_id)
    spaces.require_open(found.discussion.space)
    return page(request, "take_back", found.discussion.space, {"post": found})


def _post(request: SignedIn, pk: int) -> Post:
    return get_object_or_404(Post.objects.visible_to(request.user).select_related("discussion__space", "author"), pk=pk)


# --- moderation


@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: SignedIn, pk: int) -> HttpResponse:
    """Hide, show, close, open again or move a discussion, with a reason."""
    found = visible(request, pk)
    acts = {"show": _("Show it to the members again")} if found.hidden_at else {"hide": _("Hide it from the members")}
    acts |= {"reopen": _("Open it for replies again")} if found.closed_at else {"close": _("Close it for replies")}
    others = Space.objects.visible_to(request.user).open().exclude(pk=found.space_id)
    if others.exists():
        acts["move"] = _("Move it to another space")
    back, to = reverse("discussion", args=[pk]), others if "move" in acts else None
    return _moderated(request, found.space, found, acts, back, found.title, to)


@require_http_methods(["GET", "HEAD", "POST"])
def moderate_post(request: SignedIn, pk: int) -> HttpResponse:
    """Hide a text from the members, or show it again, with a reason."""
    found = _post(request, pk)
    acts = {"show": _("Show it to the members again")} if found.hidden_at else {"hide": _("Hide it from the members")}
    what = _("Text of %(who)s in “%(title)s”") % {"who": found.author, "title": found.discussion.title}
    return _moderated(request, found.discussion.space, found, acts, reverse("post", args=[pk]), what)


@require_http_methods(["GET", "HEAD", "POST"])
def moderate_paper(request: SignedIn, pk: int) -> HttpResponse:
    """Hide a paper from the members, or show it again, with a reason."""
    found = get_object_or_404(Paper.objects.visible_to(request.user).select_related("space"), pk=pk)
    acts = {"show": _("Show it to the members again")} if found.hidden_at else {"hide": _("Hide it from the members")}
    return _moderated(request, found.space, found, acts, reverse("paper", args=[pk]), found.title)


def _moderated(
    request: SignedIn, space: Space, thing: Any, acts: dict[str, str], back: str, what: str, others: Any = None
) -> HttpResponse:
    """Show the form of a moderator, and do what was chosen."""
    rules.require(request.user, "manage_spaces")
    spaces.require_open(space)
    form = ModerationForm(request.POST if request.method == "POST" else None, acts=acts, spaces=others)
    if form.is_valid():
        verb = VERBS[form.cleaned_data["act"]]
        to = {"to": form.cleaned_data["to"]} if verb is moderation.move else {}
        if attempt(form, lambda: verb(thing, reason=form.cleaned_data["reason"], **to, by=request.user)):
            messages.success(request, _("Done. The reason is on the page."))
            return redirect(back)
    return form_page(request, space, form, heading=_("Moderate"), lede=what, button=_("Confirm"), back=back)
