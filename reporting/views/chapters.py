"""Writing an assessment: its chapters, one chapter to write, its history, and the Secretariat's approval."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reporting.assessments import chapters
from reporting.assessments.chapters import WrittenChapter
from reporting.assessments.history import sessions, with_texts
from reporting.document import narrative
from reporting.document.document import Document
from reporting.document.references import Names
from reporting.models import Assessment, Chapter
from scoreboard import phrases, rules
from scoreboard.errors import DomainError, Stale
from scoreboard.http import SignedIn
from scoreboard.views.saving import in_place

SESSIONS = 20  # on a page of the history


@require_safe
def chapter_list(request: SignedIn, pk: int) -> HttpResponse:
    """List an assessment's chapters with the state of each."""
    assessment = _assessment(request, pk, "see_workbench")
    may_approve = rules.may(request.user, "approve_chapter")
    return _page(request, "list", assessment, {"chapters": chapters.outline(assessment), "may_approve": may_approve})


@require_http_methods(["GET", "HEAD", "POST"])
def chapter(request: SignedIn, pk: int, key: str) -> HttpResponse:
    """Show a chapter to write in, with what can be named; save it, or (preview) show only what it would look like."""
    found = _chapter(request, pk, key, "write_chapter")
    if request.method != "POST":
        return _editor(request, found, found.text)
    text, seen = _given(request, found)
    if "preview" in request.POST:
        return _editor(request, found, text, seen=seen)
    if "theirs" in request.POST:
        return redirect("chapter", pk, key)
    try:
        chapters.save(found, text, by=request.user, seen=seen)
    except Stale as problem:
        return _editor(request, found, text, problem=problem, seen=problem.current.revision)
    except DomainError as problem:
        return _editor(request, found, text, problem=problem, seen=seen)
    messages.success(request, _("Saved."))
    return redirect("chapter", pk, key)


@in_place
def save(request: SignedIn, pk: int, key: str) -> dict[str, Any]:
    """Save the text that a page sends by itself; return its revision, or the conflict."""
    found = _chapter(request, pk, key, "write_chapter")
    text, seen = _given(request, found)
    try:
        saved = chapters.save(found, text, by=request.user, seen=seen)
    except Stale as problem:
        conflict = render_to_string("reporting/chapters/_conflict.html", _conflict(found, text, problem, in_place=True))
        theirs = {f"i{found.pk}-text": problem.current.text}
        refused = {"problem": problem.sentence, "conflict": conflict, "theirs": theirs}
        return {str(found.pk): refused | {"revision": problem.current.revision}}
    at = phrases.clock_time(saved.at, found.assessment.cycle) if saved.at else ""
    return {str(found.pk): {"revision": saved.revision, "at": at}}


@require_safe
def preview(request: SignedIn, pk: int, key: str) -> HttpResponse:
    """Give the part of the page that shows the text as it is stored, and lets an officer approve it."""
    found = _chapter(request, pk, key, "see_workbench")
    return render(request, "reporting/chapters/_preview.html", _preview(request, found, found.text))


@require_safe
def history(request: SignedIn, pk: int, key: str) -> HttpResponse:
    """Show every text that a chapter has had: who, when, and what changed."""
    found = _chapter(request, pk, key, "see_workbench")
    page = Paginator(sessions(found), SESSIONS).get_page(request.GET.get("page"))
    context = {"written": _written(found), "page": page, "sessions": with_texts(found, list(page))}
    return _page(request, "history", found.assessment, context)


@require_POST
def confirm(request: SignedIn, pk: int, key: str) -> HttpResponse:
    """Note that the writer has seen the figures that changed."""
    found = _chapter(request, pk, key, "write_chapter")
    chapters.confirm(found, by=request.user, snapshot_sha256=request.POST.get("snapshot", ""))
    messages.success(request, _("Noted: the text is confirmed with the figures as they are now."))
    return redirect("chapter", pk, key)


@require_POST
def approve(request: SignedIn, pk: int, key: str) -> HttpResponse:
    """Approve the text as the officer saw it."""
    found = _chapter(request, pk, key, "approve_chapter")
    chapters.approve(found, by=request.user, seen=_number(request.POST.get("seen")))
    messages.success(request, _("Approved. Any change to the text ends the approval."))
    return redirect("chapter_list", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def approve_several(request: SignedIn, pk: int) -> HttpResponse:
    """Show every text that can be approved, one below the other, and approve those that are ticked."""
    assessment = _assessment(request, pk, "approve_chapter")
    written = chapters.outline(assessment)
    if request.method == "POST":
        ticked = {one.chapter.key for one in written} & set(request.POST.getlist("approve"))
        seen = {key: _number(request.POST.get(f"seen-{key}")) for key in ticked}
        done = chapters.approve_several(assessment, by=request.user, seen=seen)
        messages.success(request, _("Approved: %s. Any change to a text ends its approval.") % ", ".join(done))
        return redirect("chapter_list", pk)
    waiting = [one for one in written if one.state == "draft" and not one.problems]
    shown = [(one, _shown(assessment, one, one.chapter.text)) for one in waiting]
    return _page(request, "approve", assessment, {"shown": shown})


@require_POST
def withdraw_approval(request: SignedIn, pk: int, key: str) -> HttpResponse:
    """Take an approval back."""
    found = _chapter(request, pk, key, "approve_chapter")
    chapters.withdraw_approval(found, by=request.user)
    messages.success(request, _("The text is a draft again."))
    return redirect("chapter", pk, key)


def _assessment(request: SignedIn, pk: int, act: str) -> Assessment:
    visible = Assessment.objects.visible_to(request.user).select_related("cycle__edition").defer("texts")
    assessment = get_object_or_404(visible, pk=pk)
    rules.require(request.user, act)
    return assessment


def _chapter(request: SignedIn, pk: int, key: str, act: str) -> Chapter:
    assessment = _assessment(request, pk, act)
    found = get_object_or_404(Chapter.objects.select_related("changed_by", "approved_by"), assessment=pk, key=key)
    found.assessment = assessment
    return found


def _written(found: Chapter) -> WrittenChapter:
    snapshot = found.assessment.snapshot
    return WrittenChapter(found, chapters.titles(snapshot)[found.key], Names(Document(snapshot)))


def _given(request: SignedIn, found: Chapter) -> tuple[str, int]:
    """The text that was sent, and the revision that it began from."""
    return request.POST.get(f"i{found.pk}-text", ""), _number(request.POST.get(f"i{found.pk}-seen"))


def _number(sent: str | None) -> int:
    return int(sent) if sent and sent.isdecimal() and len(sent) < 9 else 0


def _editor(
    request: SignedIn, found: Chapter, text: str, *, problem: DomainError | None = None, seen: int | None = None
) -> HttpResponse:
    context = _preview(request, found, text)
    names = context["written"].names
    area = found.key.removeprefix("area-") if found.key.startswith("area-") else ""
    context |= {
        "text": text,
        "seen": found.revision if seen is None else seen,
        "named": names.of_area(area)
        if area
        else [(_("All countries"), names.everywhere()), (_("Good practice"), names.practices())],
        "sample": names.sample,
        "errors": [{"href": f"#i{found.pk}-text", "text": problem.sentence}] if problem else [],
        **(_conflict(found, text, problem) if isinstance(problem, Stale) else {}),
    }
    return _page(request, "chapter", found.assessment, context, status=409 if problem else 200)


def _preview(request: SignedIn, found: Chapter, text: str) -> dict[str, Any]:
    written, cycle = _written(found), found.assessment.cycle
    return {
        "assessment": found.assessment,
        "cycle": cycle,
        "written": written,
        "shown": _shown(found.assessment, written, text),
        "source": text,
        "problems": narrative.problems(written.names, text),
        "is_stored": text == found.text,
        "may_approve": rules.may(request.user, "approve_chapter"),
    }


def _shown(assessment: Assessment, written: WrittenChapter, text: str) -> SafeString:
    """Return a chapter's text as readers will see it."""
    language, key = phrases.text_language(assessment.cycle.edition), written.chapter.key
    return narrative.html(written.names, text, anchor=key, medium=narrative.PAGE, text_language=language)


def _conflict(found: Chapter, mine: str, problem: Stale, *, in_place: bool = False) -> dict[str, Any]:
    """What shows both texts with the one that they began from."""
    return {
        "theirs": problem.current,
        "mine": mine,
        "base": problem.base.text if problem.base else "",
        "cycle": found.assessment.cycle,
        "in_place": in_place,
    }


def _page(
    request: SignedIn, name: str, assessment: Assessment, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    cycle = assessment.cycle
    context = {"assessment": assessment, "cycle": cycle, "example": cycle.is_example, **context}
    context["text_language"] = phrases.text_language(cycle.edition)
    return render(request, f"reporting/chapters/{name}.html", context, status=status)
