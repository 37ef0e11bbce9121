"""Pages of a hearing: what countries say of the answers that a file brought in, for the officers and for a country."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from scoreboard import rules
from scoreboard.earlier_rounds import hearing
from scoreboard.errors import Invalid
from scoreboard.forms.hearings import AskingForm, ObjectionForm, PublicForm
from scoreboard.http import SignedIn
from scoreboard.models import State, Submission
from scoreboard.text import alphabetical
from scoreboard.views.common import page, visible
from scoreboard.views.cycles import fetch_cycle


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_hearing(request: SignedIn, code: str) -> HttpResponse:
    """Show what each country said of its entered answers; ask those that were not asked yet."""
    cycle = fetch_cycle(request, code, "hear_countries")
    form = AskingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            asked, unreached = hearing.ask(cycle, until=form.cleaned_data["until"], by=request.user)
        except Invalid as problem:
            form.add_error("until", problem.sentence)
        else:
            n = len(asked)
            sentence = ngettext("%(n)d country is asked.", "%(n)d countries are asked.", n) % {"n": n}
            messages.success(request, sentence)
            if unreached:
                names = ", ".join(str(one.country) for one in unreached)
                messages.warning(request, _("Nobody could be asked, since there is no focal point: %s.") % names)
            return redirect("cycle_hearing", code)
    found = sorted(hearing.entered(cycle), key=lambda one: alphabetical(one.country))
    context = {
        "cycle": cycle,
        "example": cycle.is_example,
        "form": form,
        "public_form": PublicForm(initial={"public": cycle.public}),
        "submissions": found,
        "unasked": [one for one in found if not (hasattr(one, "hearing") and one.hearing.asked_at)],
        "objecting": [one for one in found if hearing.objects(one)],
        "few": hearing.FEW,
        "obstacle": hearing.obstacle(cycle),
    }
    return render(request, "scoreboard/hearings/cycle.html", context)


@require_POST
def cycle_public(request: SignedIn, code: str) -> HttpResponse:
    """Choose what becomes public of the round."""
    cycle = fetch_cycle(request, code, "hear_countries")
    form = PublicForm(request.POST)
    if form.is_valid():
        hearing.choose(cycle, public=form.cleaned_data["public"], by=request.user)
        messages.success(request, _("Saved. Consolidate the cycle on its workbench to see what becomes public."))
    else:
        messages.error(request, _("Choose what becomes public."))
    return redirect("cycle_hearing", code)


@require_http_methods(["GET", "HEAD", "POST"])
def submission_entered(request: SignedIn, pk: int) -> HttpResponse:
    """Show a country its entered answers, and take what it says of them: read, or not to be named, or named again."""
    submission = visible(request, pk)
    rules.require(request.user, "object_to_name", submission)
    hearing.require_entered(submission)
    form = ObjectionForm(request.POST if "object" in request.POST else None)
    if request.method == "POST" and ("object" not in request.POST or form.is_valid()):
        messages.success(request, _say(request, submission, form))
        return redirect("submission_entered", pk)
    found = hearing.of(submission)
    is_focal = rules.may(request.user, "confirm_entered", submission)
    can_answer = hearing.can_answer(found, submission.cycle)
    version = submission.accepted_version
    titles = {one.code: one for one in submission.cycle.edition.all_indicators}
    context = {
        "form": form,
        "hearing": found,
        "can_answer": can_answer,
        "may_object": can_answer or not is_focal,
        "may_confirm": is_focal and can_answer,
        "may_correct": is_focal and submission.state == State.ACCEPTED and submission.reopen_asked_at is None,
        "may_name": found and (can_answer if is_focal else found.on_behalf),
        "rows": [(titles[row["code"]], row) for row in (version.answers if version else []) if row["code"] in titles],
    }
    return page(request, "scoreboard/hearings/country.html", submission, context)


def _say(request: SignedIn, submission: Submission, form: ObjectionForm) -> str:
    """Take what was sent, and return what came of it."""
    if "object" in request.POST:
        hearing.object_to_name(submission, reason=form.cleaned_data["reason"], by=request.user)
        return _("%s counts without its name. The Secretariat sees that and the reason.") % submission.country
    if "name" in request.POST:
        hearing.withdraw_objection(submission, by=request.user)
        return _("%s can be named.") % submission.country
    hearing.confirm(submission, by=request.user)
    return _("Thank you. The Secretariat sees that you have read them.")
