"""What programs read of the public pages: robots, the sitemap, and citations of an issue."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from reporting.document import citation
from reporting.http import public_page, says_if_withdrawn
from reporting.models import Assessment
from reporting.published import lists
from reporting.published.rounds import questionnaires
from scoreboard.http import download
from scoreboard.models import ActionPlan, Edition, GoodPractice, PublishedText, Resource

ALWAYS = (
    "home",
    "country_list",
    "indicator_list",
    "report_list",
    "explore",
    "methodology",
    "questionnaire_list",
    "good_practice_list",
    "resource_list",
    "published_text_list",
    "subscribe",
    "help",
    "privacy",
    "accessibility",
)
# Nothing to index; opening a resource is counted, and no program should count.
CLOSED = ("/accounts/", "/admin/", "/api/", "/rehearsal/", "/resources/*/open/", "/review/", "/subscriptions/own/")


class PublicPage(NamedTuple):
    """A page of the sitemap, and when it changed last as far as that is known."""

    path: str
    changed: datetime | None = None


class Pages(Sitemap):  # type: ignore[type-arg]  # Django’s class takes no arguments when it runs
    """Every public page of what is published to everyone; pages of invented examples are left out."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        """Return the portal's own domain, whatever address the sitemap was asked for at."""
        return str(urlsplit(settings.SITE_URL).netloc)

    def items(self) -> Sequence[PublicPage]:
        """Return the pages."""
        found = [PublicPage(reverse(name)) for name in ALWAYS]
        editions = Edition.objects.filter(cycles__assessments__status=Assessment.Status.PUBLISHED).distinct()
        found += [PublicPage(reverse("methodology_of", args=[one.code])) for one in editions]
        shown = {"status": Assessment.Status.PUBLISHED, "audience": Assessment.Audience.EVERYONE}
        issues = Assessment.objects.filter(**shown, cycle__is_example=False)
        for issue in issues.without_snapshot().prefetch_related("products").order_by("-published_at"):
            changed = issue.published_at
            found.append(PublicPage(reverse("report", args=[issue.pk]), changed))
            for iso2 in sorted(issue.country_pdfs):
                found.append(PublicPage(reverse("report_country", args=[issue.pk, iso2]), changed))
        plans = ActionPlan.objects.published().filter(is_example=False).select_related("country").order_by("pk")
        for plan in plans:
            address = reverse("published_plan", args=[plan.country.iso2.lower(), plan.pk])
            found.append(PublicPage(address, plan.changed_at))
        practice = GoodPractice.objects.published().filter(is_example=False).order_by("-published_at")
        found += [PublicPage(reverse("good_practice", args=[one.pk]), one.published_at) for one in practice]
        resources = Resource.objects.published().filter(is_example=False)
        found += [PublicPage(reverse("resource", args=[one.pk]), one.changed_at) for one in resources]
        texts = PublishedText.objects.public().filter(space__is_example=False)
        found += [PublicPage(reverse("published_text", args=[one.pk]), one.published_at) for one in texts]
        real = [rounds for rounds in questionnaires(AnonymousUser()) if not rounds.latest.is_example]
        return [*found, *(PublicPage(path, changed) for path, changed in lists.addresses(real))]

    def location(self, item: PublicPage) -> str:
        """Return the page's path."""
        return item.path

    def lastmod(self, item: PublicPage) -> datetime | None:
        """Return when the page changed last."""
        return item.changed


@login_not_required
@require_safe
@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Give the addresses of all public pages."""
    response = sitemap_of(request, {"pages": Pages})
    response.render()
    return HttpResponse(response.content, content_type=response["Content-Type"])


@login_not_required
@require_safe
@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Say what search engines may read: nothing of a demo, else everything but what is not public."""
    closed = ["/"] if settings.DEMO else CLOSED
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
@says_if_withdrawn
def cite(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Give the citation of a published issue, as BibTeX or CSL-JSON."""
    issue = get_object_or_404(Assessment.objects.published_to(request.user).without_snapshot(), pk=pk)
    name = f"assessment-{issue.cycle.code}-{issue.issue}.{kind}"
    if kind == "bib":
        return download(citation.bibtex(issue), name, "application/x-bibtex")
    if kind == "json":
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        content_type = "application/vnd.citationstyles.csl+json"
        return JsonResponse(citation.csl(issue), safe=False, headers=headers, content_type=content_type)
    raise Http404
