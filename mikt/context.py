"""The context processor of every page."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from scoreboard import rehearsal
from scoreboard.mail import contacts
from scoreboard.models import Role, SiteNotice
from scoreboard.models.people import roles_of


@dataclass(frozen=True)
class Place:
    """A part of the portal in the main navigation: its first page, its name, and the roles that go there."""

    view: str
    label: str | Promise
    roles: frozenset[Role] | None = None  # None: everyone, signed in or not


PLACES = [
    Place("home", gettext_lazy("Home")),
    Place("submission_list", gettext_lazy("Submissions"), frozenset({Role.FOCAL})),
    Place("contribution_list", gettext_lazy("Your part"), frozenset({Role.CONTRIBUTOR})),
    Place("plan_list", gettext_lazy("Action plans"), frozenset({Role.FOCAL, Role.CONTRIBUTOR})),
    Place("statement_list", gettext_lazy("Statements"), frozenset({Role.OBSERVER})),
    Place("review_queue", gettext_lazy("Review"), frozenset({Role.SECRETARIAT})),
    Place("cycle_list", gettext_lazy("Cycles"), frozenset({Role.SECRETARIAT, Role.ANALYST})),
    Place("review_plans", gettext_lazy("Action plans"), frozenset({Role.SECRETARIAT, Role.ANALYST})),
    Place("people", gettext_lazy("People"), frozenset({Role.SECRETARIAT})),
    Place("space_list", gettext_lazy("Spaces"), frozenset(Role)),
    Place("country_list", gettext_lazy("Countries")),
    Place("indicator_list", gettext_lazy("Indicators")),
    Place("report_list", gettext_lazy("Assessments")),
    Place("explore", gettext_lazy("Explore")),
    Place("resource_list", gettext_lazy("Resources")),
]
# Pages that are not below the address of the place that leads to them.
BELOW = {
    "area_page": "indicator_list",
    "group_page": "country_list",
    "cycle_overview": "report_list",
    "cycle_chapter": "report_list",
}
ADMINISTRATION = Place("admin:index", gettext_lazy("Administration"))


def portal(request: HttpRequest) -> dict:
    """Return the template context of the masthead: the portal's name and the person's navigation."""
    return {
        "portal_name": settings.PORTAL_NAME,
        "site_address": settings.SITE_URL,
        "page_address": getattr(request, "page_address", ""),  # of public pages, see reporting.http
        "licence": {"name": settings.DATA_LICENCE, "url": settings.DATA_LICENCE_URL},
        "nav": navigation(request),
        "rehearsal": rehearsal.is_on(),
        "read_only": settings.READ_ONLY,
        "notices": SiteNotice.objects.current,
        "contacts": contacts.of_secretariats,  # a function: only pages that print them ask the database
    }


def navigation(request: HttpRequest) -> list[dict]:
    """Return the places that the person may open, the current one marked."""
    user = getattr(request, "user", None)  # absent if a request failed before authentication
    roles = roles_of(user) if user else frozenset()
    places = [place for place in PLACES if place.roles is None or place.roles & roles]
    if user is not None and user.is_active and user.is_staff:
        places.append(ADMINISTRATION)
    labels = {reverse(place.view): place.label for place in places}
    home = reverse("home")
    # The questionnaires are below the assessments' address without being any: no place is theirs.
    around = [
        url
        for url in (*labels, reverse("questionnaire_list"))
        if request.path == url or (url != home and request.path.startswith(url))
    ]
    current = max(around, key=len, default=None)  # cycles are below review
    match = getattr(request, "resolver_match", None)  # absent if no page has the address
    if match and match.url_name in BELOW:
        current = reverse(BELOW[match.url_name])
    return [{"url": url, "label": label, "current": url == current} for url, label in labels.items()]
