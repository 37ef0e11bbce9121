"""The pages that span both apps: home, and the portal's own words."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from reporting.assessments import todo
from reporting.models import Assessment
from scoreboard import clock
from scoreboard.http import not_the_owner
from scoreboard.models import Edition, Membership, User
from scoreboard.todo import tasks


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this person should do next; to a visitor, what the portal is."""
    assessments = Assessment.objects.published_to(request.user).without_snapshot()[:3]
    if not request.user.is_authenticated:
        edition = Edition.objects.visible_to(request.user).first()
        return render(request, "welcome.html", {"edition": edition, "assessments": assessments})
    items = [*tasks.of(request.user), *todo.texts(request.user)]
    items.sort(key=lambda item: item.tone != "action")
    context = {
        "next": items.pop(0) if items and items[0].tone == "action" else None,
        "items": items,
        "assessments": assessments,
        "has_role": bool(request.user.current_memberships),
        "ended": _last_ended(request.user),
    }
    return render(request, "home.html", context)


def _last_ended(user: User) -> Membership | None:
    """Return the membership that ended last, to tell a person without a role what became of it."""
    if user.current_memberships:
        return None
    ended = user.memberships.filter(until__lt=clock.today()).select_related("country", "organisation")
    return ended.order_by("-until").first()


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what the portal keeps about people, and why."""
    return render(request, "privacy.html")


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Explain the portal, role by role."""
    return render(request, "help.html")


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages, and of the e-mails to whom is signed in."""
    chosen = request.POST.get("language")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return i18n.set_language(request)


@login_not_required  # a page asks it before it sends a form, so that nothing typed goes astray
@never_cache
@ensure_csrf_cookie
@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Tell a page whether the person whose it is (`person`) is signed in still, and if not, why; give it a token."""
    told = not_the_owner(request, request.GET.get("person"))
    return JsonResponse({"sentence": told, "person": request.user.pk}, status=401 if told else 200)
