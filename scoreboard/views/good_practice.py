"""What its country or organisation and the Secretariat do with good practice; its pages to read are in `reporting`."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from scoreboard import rules
from scoreboard.errors import Stale
from scoreboard.forms.learning import CheckForm, EndForm, PracticeForm
from scoreboard.http import SignedIn
from scoreboard.models import GoodPractice
from scoreboard.network import good_practice, practice_decisions
from scoreboard.text import number


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Begin an account of good practice."""
    rules.require_any(request.user, "write_practice")
    form = PracticeForm(request.POST if request.method == "POST" else None, user=request.user, initial={"seen": 0})
    if form.is_valid():
        made = good_practice.start(form.chosen_signer, **form.values, by=request.user)
        messages.success(request, _("The draft is saved. Read it once more, then sign it."))
        return redirect("good_practice", made.pk)
    return render(request, "scoreboard/good_practice/new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Write the draft, which those who can sign it share."""
    found = to_sign(request, pk)
    good_practice.require_written(found)
    form = PracticeForm(request.POST if request.method == "POST" else None, user=request.user, practice=found)
    conflict = None
    if form.is_valid():
        try:
            good_practice.save(found, **form.values, seen=form.cleaned_data["seen"], by=request.user)
        except Stale as problem:  # the form continues with the draft as it is now
            conflict = problem.current
            data = request.POST.copy()
            data["seen"] = str(conflict.revision)
            form = PracticeForm(data, user=request.user, practice=conflict)
            form.add_error("text", problem.sentence)
        else:
            messages.success(request, _("The draft is saved. Nobody else reads it until it is signed."))
            return redirect("good_practice", pk)
    return page(request, "edit", found, {"form": form, "conflict": conflict}, 409 if conflict else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: SignedIn, pk: int) -> HttpResponse:
    """Show once more what is signed, then sign it and give it to the Secretariat."""
    found = to_sign(request, pk)
    good_practice.require_written(found)
    if request.method == "POST":
        good_practice.offer(found, seen=number(request.POST.get("seen", "")) or 0, by=request.user)
        messages.success(request, _("It is signed. The Secretariat reads it, and you hear what it decides."))
        return redirect("good_practice", pk)
    return page(request, "offer", found)


@require_http_methods(["GET", "HEAD", "POST"])
def leave_unsigned(request: SignedIn, pk: int) -> HttpResponse:
    """Do not sign what another country offered, with a reason."""
    found = to_sign(request, pk)
    good_practice.require_to_sign(found)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        good_practice.leave_unsigned(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("It is not signed. %s gets your reason by e-mail.") % found.offered_by)
        return redirect("good_practice", pk)
    return page(request, "leave_unsigned", found, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedIn, pk: int) -> HttpResponse:
    """Ask whether to delete a draft, and do it."""
    found = to_sign(request, pk)
    good_practice.require_draft(found)
    if request.method == "POST":
        good_practice.delete(found, by=request.user)
        messages.success(request, _("The draft is deleted."))
        return redirect("good_practice_list")
    return page(request, "delete", found)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedIn, pk: int) -> HttpResponse:
    """Publish what was signed, once the officer ticks that no private person is named."""
    found = to_check(request, pk)
    practice_decisions.require_offered(found)
    form = CheckForm(request.POST if request.method == "POST" else None, initial={"seen": found.revision})
    if form.is_valid():
        practice_decisions.publish(found, **form.cleaned_data, by=request.user)
        messages.success(request, _("It is published: everybody finds it on the pages of its indicators."))
        return redirect("good_practice", pk)
    return page(request, "publish", found, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: SignedIn, pk: int) -> HttpResponse:
    """Decide with a reason not to publish what was signed."""
    found = to_check(request, pk)
    practice_decisions.require_offered(found)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        practice_decisions.refuse(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("It is not published. %s gets your reason by e-mail.") % found.signed)
        return redirect("good_practice", pk)
    return page(request, "refuse", found, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """End a publication with a reason, as who signed it or as an officer."""
    found = fetch(request, pk)
    if not rules.may(request.user, "check_practice"):
        good_practice.require_signer(request.user, found)
    practice_decisions.require_published(found)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        practice_decisions.withdraw(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("It is withdrawn, and no longer on any page."))
        return redirect("good_practice", pk)
    return page(request, "withdraw", found, {"form": form})


def fetch(request: SignedIn, pk: int) -> GoodPractice:
    """Return the practice; 404 for who may not see it."""
    return get_object_or_404(GoodPractice.objects.visible_to(request.user).with_subject(), pk=pk)


def to_sign(request: SignedIn, pk: int) -> GoodPractice:
    """Return the practice if it is the person's to see (else 404) and to sign (else 403)."""
    found = fetch(request, pk)
    good_practice.require_signer(request.user, found)
    return found


def to_check(request: SignedIn, pk: int) -> GoodPractice:
    """Return the practice if it is the person's to see (else 404) and to check (else 403)."""
    found = fetch(request, pk)
    rules.require(request.user, "check_practice")
    return found


def page(
    request: SignedIn, name: str, found: GoodPractice, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page of good practice with what all of them show."""
    shown = {"practice": found, "example": found.is_example}
    return render(request, f"scoreboard/good_practice/{name}.html", (context or {}) | shown, status=status)
