"""Atom feeds of what is published and withdrawn: of everything, with the news, of a country, and of a cycle."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reporting.http import public_page
from reporting.models import Assessment, News
from reporting.subscriptions.subscribing import cycles
from scoreboard.models import Country, Cycle

MOST = 50  # entries of a feed, the newest


@dataclass(frozen=True)
class Entry:
    """What a feed says happened: a publication, a withdrawal, or a line of news."""

    key: str
    title: str
    text: str
    link: str
    at: datetime


class Notices(Feed):  # type: ignore[type-arg]  # Django’s class takes no arguments when it runs
    """What is published to everyone, about everything, a country or a cycle."""

    feed_type = Atom1Feed
    link = f"{settings.SITE_URL}/"
    author_name = settings.PORTAL_NAME
    item_author_name = settings.PORTAL_NAME
    item_guid_is_permalink = False

    def __init__(self, about: Callable[..., Any]) -> None:
        """Make the feed about what the function returns for the words of the address."""
        self.about = about

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the feed in one piece: Django writes it tag by tag, and each would be sent by itself."""
        response = super().__call__(request, *args, **kwargs)
        return HttpResponse(response.content, headers=response.headers)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Country | Cycle | None:
        """Return what the feed is about."""
        found: Country | Cycle | None = self.about(**kwargs)
        return found

    def title(self, about: Country | Cycle | None) -> str:
        """Name the portal, and the country or the cycle."""
        return f"{settings.PORTAL_NAME}: {about}" if about else settings.PORTAL_NAME

    def subtitle(self, about: Country | Cycle | None) -> str:
        """Say what is in the feed."""
        return _("What is published and withdrawn.") if about else _("What is published and withdrawn, and news.")

    def feed_url(self, about: Country | Cycle | None) -> str:
        """Return the feed's own address."""
        return f"{settings.SITE_URL}{address(about)}"

    def items(self, about: Country | Cycle | None) -> list[Entry]:
        """Return the newest entries."""
        found = _of_assessments(about)
        if about is None:
            found += [_of_news(one) for one in News.objects.public()[:MOST]]
        return sorted(found, key=lambda entry: entry.at, reverse=True)[:MOST]

    def item_title(self, entry: Entry) -> str:
        """Return what happened."""
        return entry.title

    def item_description(self, entry: Entry) -> str:
        """Return more about it."""
        return entry.text

    def item_link(self, entry: Entry) -> str:
        """Return where to read on."""
        return entry.link

    def item_guid(self, entry: Entry) -> str:
        """Return the entry's name, which no other entry ever has."""
        return f"{settings.SITE_URL}/feeds/#{entry.key}"

    def item_pubdate(self, entry: Entry) -> datetime:
        """Return when it happened."""
        return entry.at

    def item_updateddate(self, entry: Entry) -> datetime:
        """Return when it happened: an entry never changes."""
        return entry.at


def address(about: Country | Cycle | None) -> str:
    """Return the path of the feed about a country, a cycle or everything."""
    if isinstance(about, Country):
        return reverse("feed_country", args=[about.iso2.lower()])
    return reverse("feed_cycle", args=[about.code]) if about else reverse("feed")


def _of_assessments(about: Country | Cycle | None) -> list[Entry]:
    released = Assessment.objects.filter(
        audience=Assessment.Audience.EVERYONE,
        status__in=[Assessment.Status.PUBLISHED, Assessment.Status.WITHDRAWN],
    )
    if isinstance(about, Country):  # a country that an assessment counts has its own PDF
        released = released.filter(products__kind="country_pdf", products__subject=about.iso2)
    elif about:
        released = released.filter(cycle=about)
    found = []
    for one in released.with_cycle().order_by("-published_at")[:MOST]:
        words = {"cycle": _marked(one.cycle), "issue": one.issue}
        if one.published_at:
            title = _("%(cycle)s: issue %(issue)s of the assessment is published") % words
            text = _("Results and document to download.")
            link = reverse("report", args=[one.pk])
            found.append(Entry(f"published-{one.pk}", title, text, settings.SITE_URL + link, one.published_at))
        if one.withdrawn_at:
            title = _("%(cycle)s: issue %(issue)s of the assessment is withdrawn") % words
            link = settings.SITE_URL + reverse("report_list")
            reason = one.withdrawal_reason if one.reason_is_public else ""
            found.append(Entry(f"withdrawn-{one.pk}", title, reason, link, one.withdrawn_at))
    return found


def _marked(cycle: Cycle) -> str:
    return _("%s (invented example data)") % cycle if cycle.is_example else str(cycle)


def _of_news(news: News) -> Entry:
    return Entry(f"news-{news.pk}", news.text, "", news.link or f"{settings.SITE_URL}/", news.written_at)


_everything = Notices(lambda: None)
_of_country = Notices(lambda iso2: get_object_or_404(Country, iso2=iso2.upper()))
_of_cycle = Notices(lambda code: get_object_or_404(cycles(), code=code))


@login_not_required
@require_safe
@public_page
def everything(request: HttpRequest) -> HttpResponse:
    """Give the feed of all notices and the news."""
    return _everything(request)


@login_not_required
@require_safe
@public_page
def country(request: HttpRequest, iso2: str) -> HttpResponse:
    """Give the feed of the assessments that count a country."""
    if iso2 != iso2.lower():
        return redirect("feed_country", iso2.lower(), permanent=True)
    return _of_country(request, iso2=iso2)


@login_not_required
@require_safe
@public_page
def cycle(request: HttpRequest, code: str) -> HttpResponse:
    """Give the feed of a cycle's assessments."""
    return _of_cycle(request, code=code)
