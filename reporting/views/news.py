"""The officers' page of news: write a line for the home page and the feed, and remove one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reporting import news
from reporting.forms import NewsForm
from reporting.models import News
from scoreboard import rules
from scoreboard.errors import DomainError
from scoreboard.http import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
def news_list(request: SignedIn) -> HttpResponse:
    """List the lines of news with who wrote and removed them, and write one."""
    rules.require(request.user, "write_news")
    form = NewsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            news.write(**form.cleaned_data, by=request.user)
        except DomainError as problem:
            form.add_error(None, problem.sentence)
        else:
            messages.success(request, _("The line is on the home page and in the feed."))
            return redirect("news_list")
    page = Paginator(News.objects.select_related("by", "removed_by"), 30).get_page(request.GET.get("page"))
    return render(request, "reporting/news/list.html", {"form": form, "page": page})


@require_POST
def remove(request: SignedIn, pk: int) -> HttpResponse:
    """Remove a line of news."""
    rules.require(request.user, "write_news")
    news.remove(get_object_or_404(News, pk=pk), by=request.user)
    messages.success(request, _("The line is removed from the home page and the feed."))
    return redirect("news_list")
