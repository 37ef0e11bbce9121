"""The pages of the activity log: the list with its filters, the same as a file, and the check of its chains."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scoreboard import activity, clock, rehearsal, rules, table_files
from scoreboard.activity import Verb, checks
from scoreboard.forms.activity import ActivityFilter
from scoreboard.http import SignedIn
from scoreboard.models import ActivityBlock, ActivityEntry
from scoreboard.models.activity import ActivityEntryQuerySet


@require_safe
def activity_list(request: SignedIn) -> HttpResponse:
    """List who did what, when and from where, narrowed by the filters, the latest first."""
    rules.require_activity(request.user)
    narrowed = ActivityFilter(request.GET, ActivityEntry.objects.listed(), request=request)
    context = {
        "filter": narrowed,
        "page": Paginator(narrowed.qs, 50).get_page(request.GET.get("page")),
        "sees_review": rules.may(request.user, "see_review"),
        "check": checks.last(),
    }
    return render(request, "scoreboard/activity/list.html", context)


@require_safe
def export(request: SignedIn, kind: str) -> HttpResponse:
    """Give the entries that the filters leave as a file, and enter that somebody took it."""
    rules.require_activity(request.user)
    if kind not in table_files.KINDS:
        raise Http404
    found = ActivityFilter(request.GET, ActivityEntry.objects.listed(), request=request).qs
    size = found.count()
    table_files.require_room(size)
    content = table_files.write(kind, _columns(), _rows(found))
    activity.record(Verb.EXPORT_ACTIVITY, by=request.user, detail=kind, count=size)
    name = f"activity-{clock.today()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=table_files.KINDS[kind], headers=headers)


def _columns() -> list[str]:
    return [
        _("Number"),
        _("When (UTC)"),
        _("What"),
        _("Verb"),
        _("Who"),
        _("Number of who"),
        _("About whom"),
        _("Number of whom"),
        _("Country"),
        _("Cycle"),
        _("About what"),
        _("Times"),
        _("From where"),
        _("Network of the client"),
        _("Block"),
    ]


def _rows(entries: ActivityEntryQuerySet) -> Iterator[list[table_files.Value]]:
    for entry in entries.select_related("by", "person", "country", "cycle", "block"):
        yield [
            entry.pk,
            entry.at,
            entry.what,
            entry.verb,
            entry.who,
            entry.by_id,
            entry.whom,
            entry.person_id,
            entry.country.iso3 if entry.country else "",
            entry.cycle.code if entry.cycle else "",
            entry.detail,
            entry.count,
            entry.get_origin_display(),
            entry.network,
            entry.block.number if entry.block else None,
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedIn) -> HttpResponse:
    """Show what the last check of the chains found, with the head to note; a POST checks now."""
    rules.require_activity(request.user)
    if request.method == "POST":
        checks.run()
        return redirect("activity_check")
    last = checks.last()
    context = {
        "check": last,
        "problems": checks.problems(last),
        "head": ActivityBlock.objects.filter(rehearsal=rehearsal.is_on()).order_by("number").last(),
        "waiting": ActivityEntry.objects.filter(block=None).count(),
    }
    return render(request, "scoreboard/activity/check.html", context)
