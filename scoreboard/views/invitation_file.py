"""The pages of many invitations at once: upload a file, see what each row would do, and confirm it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from scoreboard import rules
from scoreboard.errors import Invalid
from scoreboard.forms.people import FileForm
from scoreboard.http import SignedIn, require_recent_sign_in
from scoreboard.people import invitation_file, invitation_rows


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedIn) -> HttpResponse:
    """Take a file of invitations, and show what it would do; nothing is written yet."""
    rules.require(request.user, "invite")
    require_recent_sign_in(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, note = form.cleaned_data["file"], form.cleaned_data["note"]
        content = file.read(invitation_rows.MAX_SIZE + 1)
        try:
            plan = invitation_file.compare(content, file.name, note=note, by=request.user)
        except Invalid as problem:
            form.add_error("file", problem.sentence)
        else:
            context = {"plan": plan, "file_name": file.name, "note": note}
            return render(request, "scoreboard/invitation_file/plan.html", context)
    context = {"form": form, "columns": invitation_rows.COLUMNS, "rows": invitation_rows.MAX_ROWS}
    return render(request, "scoreboard/invitation_file/upload.html", context)


@require_POST
def confirm(request: SignedIn) -> HttpResponse:
    """Do what was shown, all of it or nothing."""
    rules.require(request.user, "invite")
    require_recent_sign_in(request)
    done = invitation_file.apply(request.POST.get("signed", ""), by=request.user)
    sentence = ngettext("%(n)d invitation or change is done.", "%(n)d invitations or changes are done.", len(done))
    messages.success(request, sentence % {"n": len(done)})
    return redirect("people")
