"""The pages of earlier rounds: bring their results in from a file, see what it holds, and enter it or not."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoreboard import rules, table_files
from scoreboard.earlier_rounds import comparing, names, reading, templates
from scoreboard.earlier_rounds.comparing import Plan
from scoreboard.errors import Invalid
from scoreboard.forms.earlier_rounds import FileForm, NamesForm
from scoreboard.http import SignedIn, require_recent_sign_in, takes_files
from scoreboard.models import Cycle, RememberedName, ResultsImport

MOST_BYTES = 2 * reading.MAX_SIZE  # the file, or what carries it from page to page


@require_safe
def import_list(request: SignedIn) -> HttpResponse:
    """List the files that were brought in, and the names of countries that are remembered."""
    rules.require(request.user, "bring_in_results")
    found = ResultsImport.objects.select_related("by", "undone_by")
    context = {
        "page": Paginator(found, 30).get_page(request.GET.get("page")),
        "names": RememberedName.objects.select_related("country", "by"),
    }
    return render(request, "scoreboard/earlier_rounds/list.html", context)


@takes_files(MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: SignedIn) -> HttpResponse:
    """Take a file of results, and show what it holds; nothing is written yet."""
    rules.require(request.user, "bring_in_results")
    require_recent_sign_in(request)
    form = FileForm(request.POST or None, request.FILES or None, initial={"cycle": request.GET.get("cycle", "")})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read(reading.MAX_SIZE + 1)
        try:
            plan = comparing.compare(content, file.name, form.choices, by=request.user)
        except Invalid as problem:
            form.add_error("file", problem.sentence)
        else:
            return _shown(request, file.name, plan)
    context = {"form": form, "cycles": form.over}
    return render(request, "scoreboard/earlier_rounds/bring_in.html", context)


@takes_files(MOST_BYTES)
@require_POST
def remember(request: SignedIn) -> HttpResponse:
    """Remember what the unknown names of the file stand for, and show again what it holds."""
    rules.require(request.user, "bring_in_results")
    signed = request.POST.get("signed", "")
    file_name, plan = comparing.again(signed, by=request.user)
    form = NamesForm(request.POST, names=plan.unknown_names)
    if form.is_valid():
        names.remember(form.chosen, by=request.user)
        file_name, plan = comparing.again(signed, by=request.user)
        return _shown(request, file_name, plan)
    return _shown(request, file_name, plan, form)


def _shown(request: SignedIn, name: str, plan: Plan, form: NamesForm | None = None) -> HttpResponse:
    context = {"plan": plan, "file_name": name, "names": form or NamesForm(None, names=plan.unknown_names)}
    return render(request, "scoreboard/earlier_rounds/plan.html", context)


@takes_files(MOST_BYTES)
@require_POST
def confirm(request: SignedIn) -> HttpResponse:
    """Enter what was shown, all of it or nothing."""
    rules.require(request.user, "bring_in_results")
    require_recent_sign_in(request)
    done = comparing.apply(request.POST.get("signed", ""), by=request.user)
    sentence = ngettext(
        "%(n)d submission is entered and accepted. Nobody got a mail.",
        "%(n)d submissions are entered and accepted. Nobody got a mail.",
        done.countries,
    )
    messages.success(request, sentence % {"n": done.countries})
    return redirect("earlier_rounds")


@require_POST
def forget(request: SignedIn, pk: int) -> HttpResponse:
    """Delete a remembered name of a country."""
    rules.require(request.user, "bring_in_results")
    name = get_object_or_404(RememberedName.objects.select_related("country"), pk=pk)
    names.forget(name, by=request.user)
    messages.success(request, _("“%s” is forgotten. What came in by it stays.") % name.name)
    return redirect("earlier_rounds")


@require_safe
def template(request: SignedIn, code: str, kind: str) -> HttpResponse:
    """Give an empty table of a cycle to fill: a row for each of its countries and indicators."""
    cycle = get_object_or_404(Cycle.objects.visible_to(request.user).select_related("edition"), code=code)
    rules.require(request.user, "bring_in_results")
    if kind not in table_files.KINDS:
        raise Http404
    content = table_files.write(kind, templates.COLUMNS, templates.rows(cycle))
    headers = {"Content-Disposition": f'attachment; filename="results-{cycle.code}.{kind}"'}
    return HttpResponse(content, content_type=table_files.KINDS[kind], headers=headers)
