"""The portal's own account pages: profile, address, sessions, tokens, invitations, and asking for access."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mikt.accounts import devices
from mikt.accounts.forms import NewAddress, NewToken, Profile
from scoreboard import clock, contributors
from scoreboard.errors import Invalid, NotNow
from scoreboard.forms.access_requests import AccessForm
from scoreboard.http import SignedIn
from scoreboard.mail import keys
from scoreboard.models import Role, User
from scoreboard.people import addresses, invitations, profiles, requests, sessions, tokens


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedIn) -> HttpResponse:
    """Show and change the person's name, language and optional mails."""
    form = Profile(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        profiles.change(request.user, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    return render(request, "account/profile.html", {"form": form})


@require_safe
def own_data(request: SignedIn) -> HttpResponse:
    """Download what the portal stores about the person."""
    headers = {"Content-Disposition": 'attachment; filename="own-data.json"'}
    options = {"ensure_ascii": False, "indent": 2}
    return JsonResponse(profiles.own_data(request.user), json_dumps_params=options, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def session_list(request: SignedIn) -> HttpResponse:
    """List where the person is signed in; end one of these sessions, or all but this one."""
    current = request.session.session_key
    found = [session for session in sessions.of(request.user) if session.session_key != current]
    if request.method == "POST":
        chosen = request.POST.get("session")
        ended = [session for session in found if chosen in ("others", str(session.pk))]
        for session in ended:
            session.end()
        sentence = ngettext("%s session is ended.", "%s sessions are ended.", len(ended)) % len(ended)
        messages.success(request, sentence)
        return redirect("session_list")
    context = {
        "browser": devices.name(request.headers.get("User-Agent", "")),
        "others": [(session, devices.name(session.user_agent)) for session in found],
    }
    return render(request, "account/sessions.html", context)


@reauthentication_required(allow_get=False)
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: SignedIn) -> HttpResponse:
    """List the person's tokens for the API, and make one, whose secret this one answer shows."""
    form, made, key = NewToken(request.user, request.POST or None), None, ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        until = clock.today() + timedelta(days=given["days"])
        from_ip = get_adapter(request).get_client_ip(request)
        try:
            made, key = tokens.make(
                request.user, name=given["name"], scopes=given["scopes"], until=until, from_ip=from_ip
            )
        except (Invalid, NotNow) as problem:
            form.add_error(None, problem.sentence)
        else:
            form = NewToken(request.user)
    found = list(request.user.tokens.all())
    context = {
        "form": form,
        "made": made,
        "key": key,
        "working": [token for token in found if token.works],
        "over": [token for token in found if not token.works],
    }
    return render(request, "account/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def token_end(request: SignedIn, pk: int) -> HttpResponse:
    """Ask whether to end one of the person's tokens, and end it."""
    token = get_object_or_404(request.user.tokens.working(), pk=pk)
    if request.method == "POST":
        tokens.end(token, by=request.user)
        messages.success(request, _("The token “%s” no longer works.") % token)
        return redirect("token_list")
    return render(request, "account/token_end.html", {"token": token})


@rate_limit(action="manage_email")
@reauthentication_required(allow_get=False)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: SignedIn) -> HttpResponse:
    """Show the person's address, and mail a link to another one that they want."""
    form = NewAddress(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["email"]
        try:
            # At most one link to an address within minutes: it may be a stranger's.
            if ratelimit.consume(request, action="confirm_email", key=new.lower()):
                addresses.request_change(request.user, new)
        except Invalid as problem:
            form.add_error("email", problem.sentence)
        else:
            messages.success(request, _("A link was sent to that address. Your address changes once you open it."))
            return redirect("account_email")
    return render(request, "account/email.html", {"form": form, "hours": keys.HOURS})


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: SignedIn, key: str) -> HttpResponse:
    """Ask the person to confirm the address that the link proves, and change it."""
    try:
        new = addresses.proven_address(key, request.user)
        if request.method == "POST":
            from_ip = get_adapter(request).get_client_ip(request)
            change = addresses.confirm(key, by=request.user, from_ip=from_ip)
            messages.success(request, _("Your address is %s now. The old one gets an e-mail about it.") % change.new)
            return redirect("account_email")
    except NotNow as problem:
        return render(request, "account/email_confirm.html", {"problem": problem.sentence})
    return render(request, "account/email_confirm.html", {"new": new})


@login_not_required
@rate_limit(action="reset_password_from_key")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Redirect an invited person to the page to set a password; offer a new link if this one has expired."""
    person, works = keys.invited_person(key)
    if person is not None and works:
        return redirect(f"{keys.password_path(person)}?{urlencode({'next': _first_page(person)})}")
    problem = ""
    if person is not None and request.method == "POST":
        try:
            invitations.invite_again(person)
        except NotNow as found:
            problem = found.sentence
        else:
            messages.success(request, _("A fresh link will be sent to the address of the invitation."))
            return redirect("invitation", key)
    context = {
        "is_wanted": person is not None and invitations.is_still_invited(person),
        "is_used": person is not None and person.has_usable_password(),
        "problem": problem,
    }
    return render(request, "account/invitation_over.html", context, status=200 if person else 404)


def _first_page(person: User) -> str:
    """Return where an invited person goes with their new password: to their part if they are asked for one."""
    parts = contributors.own_part(person)[:2]
    if not parts:
        return reverse("home")
    return reverse("contribution", args=[parts[0].pk]) if len(parts) == 1 else reverse("contribution_list")


@require_safe
def invitation_list(request: SignedIn) -> HttpResponse:
    """List the invitations that the person has not answered, and the roles that they hold and can end."""
    context = {
        "held": request.user.memberships.in_force().select_related("country", "organisation"),
        "roles": invitations.roles_offered(request.user),
        "parts": invitations.parts_offered(request.user).prefetch_related("indicators__area"),
    }
    return render(request, "account/invitations.html", context)


@require_POST
def answer_role(request: SignedIn, pk: int) -> HttpResponse:
    """Accept or decline a role."""
    offer = get_object_or_404(request.user.memberships.select_related("country", "organisation"), pk=pk)
    return _answered(request, str(invitations.answer_role(offer, accepts=_accepts(request), by=request.user)))


@require_POST
def answer_part(request: SignedIn, pk: int) -> HttpResponse:
    """Accept or decline a part of a country's answers."""
    offer = get_object_or_404(request.user.assignments.select_related("submission__country"), pk=pk)
    part = contributors.answer_part(offer, accepts=_accepts(request), by=request.user)
    answered = _answered(request, str(part.submission))
    return redirect("contribution", part.pk) if _accepts(request) else answered


@require_POST
def answer_administration(request: SignedIn) -> HttpResponse:
    """Accept or decline to be an administrator."""
    invitations.answer_administration(accepts=_accepts(request), by=request.user)
    return _answered(request, _("Administrator"))


def _accepts(request: SignedIn) -> bool:
    return request.POST.get("answer") == "accept"


def _answered(request: SignedIn, what: str) -> HttpResponse:
    sentence = _("You have accepted: %s.") if _accepts(request) else _("You have declined: %s.")
    messages.success(request, sentence % what)
    return redirect("home" if _accepts(request) else "invitation_list")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: HttpRequest) -> HttpResponse:
    """Let a newcomer ask for access; the answer is the same whether the address is known or not."""
    form = AccessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="request_access"):
            return ratelimit.respond_429(request)
        given = form.cleaned_data
        try:
            requests.ask(**given | {"role": Role(given["role"])})
        except Invalid as problem:
            form.add_error(None, problem.sentence)
        else:
            return redirect("access_asked")
    return render(request, "account/access.html", {"form": form})


@login_not_required
@require_safe
def access_asked(request: HttpRequest) -> HttpResponse:
    """Say that a link was sent, which proves the address of a request."""
    return render(request, "account/access_asked.html", {"days": keys.REQUEST_DAYS})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def access_prove(request: HttpRequest, key: str) -> HttpResponse:
    """Ask who opens the link of a request to confirm it, and show it to the officers then.

    Opening the link is not enough: programs that look through e-mails open links too.
    """
    try:
        asked = requests.prove(key) if request.method == "POST" else requests.requested(key)
    except NotNow as problem:
        return render(request, "account/access_prove.html", {"problem": problem.sentence}, status=404)
    return render(request, "account/access_prove.html", {"asked": asked})
