"""What becomes public of spaces: choosing it, the author's answer, and publishing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from scoreboard import rules
from scoreboard.forms.spaces import PublicReadingForm, PublishingForm
from scoreboard.http import SignedIn
from scoreboard.models import Meeting, PaperVersion, Post, PublishedText
from scoreboard.network import publishing, spaces
from scoreboard.views import meetings, papers
from scoreboard.views.spaces import attempt, form_page, page


@require_http_methods(["GET", "HEAD", "POST"])
def of_post(request: SignedIn, pk: int) -> HttpResponse:
    """Choose a text of a discussion to be published."""
    found = get_object_or_404(
        Post.objects.visible_to(request.user).select_related("discussion__space", "author"), pk=pk
    )
    return _chosen(request, found, found.discussion.title, reverse("post", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def of_version(request: SignedIn, pk: int, version: int) -> HttpResponse:
    """Choose a version of a paper to be published."""
    paper = papers.visible(request, pk)
    found = get_object_or_404(paper.versions.select_related("paper__space", "added_by"), number=version)
    return _chosen(request, found, paper.title, reverse("paper", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def of_minutes(request: SignedIn, pk: int) -> HttpResponse:
    """Choose the minutes of a meeting to be published."""
    found = meetings.visible(request, pk)
    return _chosen(request, found, _("Minutes: %s") % found.title, reverse("meeting", args=[pk]))


def _chosen(request: SignedIn, thing: Post | PaperVersion | Meeting, title: str, back: str) -> HttpResponse:
    """Ask for the title under which a thing is published; its author is asked next, or the moderator goes on."""
    rules.require(request.user, "manage_spaces")
    space = (
        thing.space
        if isinstance(thing, Meeting)
        else (thing.discussion.space if isinstance(thing, Post) else thing.paper.space)
    )
    spaces.require_open(space)
    form = PublishingForm(request.POST if request.method == "POST" else None, initial={"title": title[:200]})
    if form.is_valid():
        found = attempt(form, lambda: publishing.ask(thing, title=form.cleaned_data["title"], by=request.user))
        if found:
            return redirect("published_text_decide", found.pk)
    lede = _("Who wrote it is asked first. Nothing is public before you have read it and published it.")
    return form_page(request, space, form, heading=_("Publish"), lede=lede, button=_("Go on"), back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Show an officer what its author said; publish it, or withdraw it."""
    rules.require(request.user, "manage_spaces")
    found = _fetch(pk)
    form = PublicReadingForm(request.POST if request.method == "POST" and "withdraw" not in request.POST else None)
    if request.method == "POST" and "withdraw" in request.POST:
        publishing.withdraw(found, by=request.user)
        messages.success(request, _("It is withdrawn."))
        return redirect("published_text_decide", pk)
    if form.is_valid() and attempt(form, lambda: publishing.publish(found, **form.cleaned_data, by=request.user)):
        messages.success(request, _("It is published."))
        return redirect("published_text", pk)
    return page(request, "publish", found.space, {"text": found, "form": form, "path": publishing.path_of(found)})


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedIn, pk: int) -> HttpResponse:
    """Let the author of a text agree or decline that it is published."""
    found = get_object_or_404(PublishedText.objects.filter(author=request.user, withdrawn_at=None), pk=pk)
    found = _fetch(found.pk)
    if request.method == "POST":
        agrees = request.POST.get("answer") == "agree"
        publishing.answer(found, agrees=agrees, by=request.user)
        said = _("You agreed. The moderator can publish it.") if agrees else _("You declined. It is not published.")
        messages.success(request, said)
        return redirect("home")
    return render(request, "scoreboard/spaces/answer.html", {"text": found, "example": found.space.is_example})


def _fetch(pk: int) -> PublishedText:
    found = PublishedText.objects.select_related(
        "space__moderator", "author", "asked_by", "published_by", "post", "version__paper", "meeting"
    )
    return get_object_or_404(found, pk=pk)
