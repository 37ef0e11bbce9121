"""Countries side by side on one page for a workshop, and a person's saved selections of countries."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reporting.forms import SelectionForm
from reporting.side_by_side import selections
from reporting.side_by_side.reading import SideBySide
from scoreboard.errors import Invalid
from scoreboard.http import SignedIn
from scoreboard.models.people import countries_of
from scoreboard.phrases import text_language


@require_safe
def countries(request: SignedIn) -> HttpResponse:
    """Show the countries that the address selects side by side, as far as the person sees them.

    Without a choice, a focal point sees the countries of the sub-region.
    """
    choices = selections.choices(request.user)
    asked = dict(request.GET.lists()) or {"subregion": [one.subregion for one in countries_of(request.user)]}
    selection = selections.read(asked, choices)
    cycle = selection.cycle
    context = {
        "choices": choices,
        "selection": selection,
        "view": SideBySide(selection, request.user),
        "saved": list(request.user.country_selections.all()),
        "example": bool(cycle and cycle.is_example),
        "text_language": text_language(cycle.edition) if cycle else "",
    }
    return render(request, "reporting/side_by_side/countries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def selection_list(request: SignedIn) -> HttpResponse:
    """Save the selection of the address under a name, and delete saved ones."""
    selection = selections.read(dict(request.GET.lists()), selections.choices(request.user))
    form = SelectionForm(request.POST if "save" in request.POST else None)
    if "delete" in request.POST:
        found = get_object_or_404(
            request.user.country_selections, pk=forms.IntegerField().clean(request.POST["delete"])
        )
        selections.delete(request.user, found)
        messages.success(request, _("The selection “%s” is deleted.") % found)
        return redirect("side_by_side")
    if form.is_valid():
        try:
            if not selection.countries:
                raise Invalid(_("Choose countries first, then save the selection from there."))
            found = selections.save(request.user, name=form.cleaned_data["name"], query=selection.query)
        except Invalid as problem:
            form.add_error("name", problem.sentence)
        else:
            messages.success(
                request, _("The selection “%s” is saved. You find it above the countries side by side.") % found
            )
            return redirect(f"{reverse('side_by_side')}?{found.query}")
    context = {"form": form, "selection": selection, "saved": list(request.user.country_selections.all())}
    return render(request, "reporting/side_by_side/selection_list.html", context)
