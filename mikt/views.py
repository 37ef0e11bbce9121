"""The pages that span both apps: home, help, privacy, language, and the check of the session."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mikt import first_run
from reporting.assessments import todo
from reporting.consultation.todo import items as consultation_items
from reporting.document import numbers
from reporting.http import public_page
from reporting.models import Assessment, News
from reporting.published import overview
from reporting.views.search import country_address
from scoreboard import clock, rules
from scoreboard.cycles import participation
from scoreboard.http import SignedIn, not_the_owner
from scoreboard.models import Edition, Membership, User
from scoreboard.phrases import language_attributes, text_language
from scoreboard.todo import officers, tasks
from scoreboard.todo.items import oldest_first


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness (RFC 9116), as long as the operator names an address."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": (clock.now() + timedelta(days=90)).strftime("%Y-%m-%dT%H:%M:%SZ"),  # asked anew each time
        "Preferred-Languages": ", ".join(code for code, _name in settings.LANGUAGES),
        "Canonical": settings.SITE_URL + reverse("security_txt"),
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show what this person should do next; to a visitor, what the portal is."""
    found = overview.read(request.user, request.GET.get("map", ""), country_address)
    running = participation.running()
    shown: dict[str, Any] = {
        "overview": found,
        "assessments": Assessment.objects.published_to(request.user).with_cycle()[:3],
        "open_cycles": running,
        "news": News.objects.on_home(),
        "text_language": language_attributes(found.latest.edition["languages"]) if found else "",
    }
    if not request.user.is_authenticated:
        shown |= _questionnaire(found) | {"participations": participation.published(running)}
        shown["example"] = bool(found and found.latest.is_example)
        return render(request, "welcome.html", shown)
    items = [*tasks.for_person(request.user), *todo.for_person(request.user), *consultation_items(request.user)]
    strips = officers.strips(request.user)
    cycles = [cycle for cycle in [*(item.cycle for item in items), *(strip.cycle for strip in strips)] if cycle]
    context = shown | {
        "example": bool(cycles) and all(cycle.is_example for cycle in cycles),
        "waiting": oldest_first(item for item in items if item.waits),
        "known": [item for item in items if not item.waits],
        "strips": strips,
        "sees_workbench": rules.may(request.user, "see_workbench"),
        "has_role": bool(request.user.current_memberships),
        "ended": _last_ended(request.user),
        "first_run": _first_run(request.user),
    }
    return render(request, "home.html", context)


def _questionnaire(found: overview.Overview | None) -> dict[str, Any]:
    """What the questionnaire is called: that of the latest published cycle, else the latest that is in use."""
    if found:
        edition = found.latest.edition
        return {"title": numbers.text(edition["title"]), "title_language": language_attributes(edition["languages"])}
    latest = Edition.objects.used_openly().first()
    return {"title": latest.title if latest else "", "title_language": text_language(latest) if latest else ""}


def _first_run(user: User) -> list[first_run.Step]:
    """Return for administrators the steps of setting the portal up, nothing once all that it can see are done."""
    steps = first_run.steps() if user.is_staff else []
    return [] if all(step.is_done for step in steps) else steps


@require_POST
def test_mail(request: SignedIn) -> HttpResponse:
    """Send an administrator a mail, to see that e-mail works."""
    if not request.user.is_staff:
        raise PermissionDenied
    first_run.send_test(request.user)
    messages.success(request, _("The test is on its way to %s.") % request.user.email)
    return redirect("home")


def _last_ended(user: User) -> Membership | None:
    """Return the membership that ended last, for a person without a role."""
    if user.current_memberships:
        return None
    over = Q(until__lt=clock.today()) | Q(ended_at__isnull=False)
    ended = user.memberships.filter(over, accepted_at__isnull=False).select_related("country", "organisation")
    return ended.order_by("-ended_at", "-until").first()


@login_not_required
@require_safe
@public_page
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what the portal stores about people, and why."""
    said = {
        "controller": settings.PRIVACY_CONTROLLER,
        "contact": settings.PRIVACY_CONTACT,
        "basis": settings.PRIVACY_BASIS,
        "hosting": settings.PRIVACY_HOSTING,
        "authority": settings.PRIVACY_AUTHORITY,
    }
    return render(request, "privacy.html", {"said": said, "activity_days": settings.ACTIVITY_DAYS})


@login_not_required
@require_safe
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show what people with disabilities can expect of the portal, and to whom they report a barrier."""
    said = {"contact": settings.ACCESSIBILITY_CONTACT, "review": settings.ACCESSIBILITY_REVIEW}
    return render(request, "accessibility.html", {"said": said})


@login_not_required
@require_safe
@public_page
def help_page(request: HttpRequest) -> HttpResponse:
    """Explain the portal, role by role."""
    return render(request, "help.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages, and of the e-mails to whom is signed in; visitors choose it here."""
    if request.method != "POST":
        return render(request, "language.html", {"next": request.GET.get("next", "")})
    chosen = request.POST.get("language")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return i18n.set_language(request)


@login_not_required  # pages call it before posting a form, so that no typed text is lost
@never_cache
@ensure_csrf_cookie
@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Return whether the owner of a page (`person`) is still signed in, and if not, why; set a CSRF token."""
    sentence = not_the_owner(request, request.GET.get("person"))
    return JsonResponse({"sentence": sentence, "person": request.user.pk}, status=401 if sentence else 200)
