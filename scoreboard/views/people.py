"""The officers' pages of people: everybody with a role, a country, a person, and what has changed lately."""

from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from scoreboard import clock, rules
from scoreboard.forms.people_filter import PeopleFilter
from scoreboard.http import SignedIn
from scoreboard.models import AddressChange, Assignment, Country, Membership, Organisation, Role, User
from scoreboard.people import directory, invitations, networks, requests
from scoreboard.text import alphabetical

DAYS = 365  # of roles given and changes of addresses that are listed


@require_safe
def people(request: SignedIn) -> HttpResponse:
    """List everybody who has a role or is invited to one, narrowed by the filters."""
    rules.require(request.user, "see_people")
    narrowed = PeopleFilter(request.GET, directory.roles(), request=request)
    context = {
        "filter": narrowed,
        "page": Paginator(narrowed.qs, 50).get_page(request.GET.get("page")),
        "without": directory.without_focal_point().count(),
        "requests": requests.waiting().count(),
    }
    return render(request, "scoreboard/people/list.html", context)


@require_safe
def countries(request: SignedIn) -> HttpResponse:
    """List the countries with how many focal points they have, those without one if so asked."""
    rules.require(request.user, "see_people")
    everywhere = sorted(directory.countries(), key=alphabetical)
    without = [country for country in everywhere if not country.held and not country.invited]
    lacks = request.GET.get("without") == "focal"
    context = {"countries": without if lacks else everywhere, "n": len(everywhere), "without": len(without)}
    return render(request, "scoreboard/people/countries.html", context | {"lacks": lacks})


@require_safe
def country(request: SignedIn, code: str) -> HttpResponse:
    """Show a country's people and networks."""
    rules.require(request.user, "see_people")
    shown, moved = find_country(request, code)
    if moved:
        return moved
    of_country = directory.roles().filter(country=shown)
    held = list(directory.current(of_country))
    context = {
        "country": shown,
        "focal_points": [role for role in held if role.role == Role.FOCAL],
        "contributors": [role for role in held if role.role != Role.FOCAL],
        "over": directory.over(of_country).order_by("-ended_at", "-until", "-pk"),
        "networks": networks.history(shown),
        "cycles": shown.submissions.select_related("cycle", "country").order_by("-cycle__opens"),
    }
    return render(request, "scoreboard/people/country.html", context)


def find_country(request: HttpRequest, code: str) -> tuple[Country, HttpResponse | None]:
    """Return the country with this code (else 404), and where to go if the code is not in lower case."""
    found = get_object_or_404(Country, iso2=code.upper())
    if code == code.lower():
        return found, None
    return found, redirect(request.path.replace(f"/{code}/", f"/{code.lower()}/"), permanent=True)


@require_safe
def person(request: SignedIn, pk: int) -> HttpResponse:
    """Show a person with all their roles, as somebody who has accepted one; who has not is nobody's business yet."""
    rules.require(request.user, "see_people")
    here = Membership.objects.filter(accepted_at__isnull=False)  # of this world: see `rehearsal`
    shown = get_object_or_404(User.objects.filter(pk__in=here.values("person")), pk=pk)
    held = directory.roles().filter(person=shown, accepted_at__isnull=False)
    context = {"person": shown, "held": directory.current(held), "over": directory.over(held)}
    return render(request, "scoreboard/people/person.html", context)


@require_safe
def changes(request: SignedIn) -> HttpResponse:
    """List the invitations that nobody has answered, and the roles given and addresses changed in a year."""
    rules.require(request.user, "see_people")
    unused = directory.people().filter(
        is_active=True, link_sent_at__isnull=False, password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    since = clock.now() - timedelta(days=DAYS)
    context = {
        "accounts": unused.prefetch_related("memberships__country", "memberships__organisation").order_by(
            "link_sent_at"
        ),
        "roles": Membership.objects.offered().select_related("person", "country", "organisation", "offered_by"),
        "parts": Assignment.objects.offered().select_related(
            "person", "submission__country", "submission__cycle", "invited_by"
        ),
        "given": invitations.roles_given(since),
        "changes": AddressChange.objects.filter(at__gte=since, person__in=directory.people()).select_related(
            "person", "by"
        ),
    }
    return render(request, "scoreboard/people/changes.html", context)


@require_safe
def organisations(request: SignedIn) -> HttpResponse:
    """List the organisations."""
    rules.require(request.user, "see_people")
    found = Organisation.objects.order_by("kind", "name")
    return render(
        request,
        "scoreboard/people/organisations.html",
        {"page": Paginator(directory.with_people(found), 100).get_page(request.GET.get("page"))},
    )


@require_safe
def organisation(request: SignedIn, pk: int) -> HttpResponse:
    """Show an organisation's people and networks."""
    rules.require(request.user, "see_people")
    shown = get_object_or_404(Organisation, pk=pk)
    of_organisation = directory.roles().filter(organisation=shown)
    context = {
        "organisation": shown,
        "held": directory.current(of_organisation),
        "over": directory.over(of_organisation).order_by("-ended_at", "-until", "-pk"),
        "networks": networks.history(shown),
        "runs": shown.networks.all(),
    }
    return render(request, "scoreboard/people/organisation.html", context)
