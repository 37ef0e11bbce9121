"""What has to be done on an assessment's texts, as sentences with a link, for the home page."""

from collections import defaultdict
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.assessments.chapters import WrittenChapter
from reporting.document.document import Document
from reporting.document.references import Names
from reporting.models import Assessment, Chapter
from scoreboard import rules
from scoreboard.models import Cycle, User
from scoreboard.todo.items import Item


def for_person(user: User) -> list[Item]:
    """Return for each issue at work what its texts wait for and its workbench, and closed cycles without an issue.

    In a number of queries that does not grow; a snapshot is read only for texts that name figures.
    """
    if not rules.may(user, "write_chapter"):
        return []
    issues = list(Assessment.objects.visible_to(user).at_work().without_snapshot().order_by("-cycle__opens", "pk"))
    unapproved = Chapter.objects.filter(assessment__in=issues).exclude(approved_revision=F("revision"))
    by_issue = defaultdict(list)
    for row in unapproved.select_related(None).defer("assessment__snapshot", "assessment__texts"):
        if not row.is_empty:
            by_issue[row.assessment_id].append(row)
    naming = [issue for issue, rows in by_issue.items() if any(row.figures for row in rows)]
    snapshots = dict(Assessment.objects.filter(pk__in=naming).values_list("pk", "snapshot")) if naming else {}
    approves = rules.may(user, "approve_chapter")
    items = [_item(issue, by_issue[issue.pk], snapshots.get(issue.pk), approves) for issue in issues]
    untouched = Cycle.objects.visible_to(user).filter(opened_at__isnull=False, assessments=None)
    benches = [_bench(cycle, _("Nothing is consolidated yet.")) for cycle in untouched if cycle.day() > cycle.closes]
    return [*items, *map(_issue, issues), *benches]


def _issue(issue: Assessment) -> Item:
    words = {
        Assessment.Status.DRAFT: _("Issue %(issue)s is consolidated; its PDF has to be built."),
        Assessment.Status.BUILT: _("Issue %(issue)s is built and can be read before it is published."),
    }[Assessment.Status(issue.status)]
    return _bench(issue.cycle, words % {"issue": issue.issue})


def _bench(cycle: Cycle, sentence: str) -> Item:
    url = reverse("workbench", args=[cycle.code])
    return Item(_("Assessment"), str(cycle), sentence, url, _("Open the workbench"), cycle=cycle)


def _item(issue: Assessment, rows: list[Chapter], snapshot: dict[str, Any] | None, approves: bool) -> Item:
    names = Names(Document(snapshot)) if snapshot else None
    changed = sum(bool(WrittenChapter(row, "", names).changed) for row in rows if row.figures) if names else 0
    sentences = []
    if approves and (n := len(rows) - changed):
        sentences.append(
            ngettext("%(n)d text waits for your approval.", "%(n)d texts wait for your approval.", n) % {"n": n}
        )
    if changed:
        sentence = ngettext(
            "Figures in %(n)d text changed after it was written; somebody who writes has to look at them.",
            "Figures in %(n)d texts changed after they were written; somebody who writes has to look at them.",
            changed,
        )
        sentences.append(sentence % {"n": changed})
    waits = bool(sentences)
    return Item(
        _("Texts"),
        title=str(issue.cycle),
        sentence=" ".join(sentences) or _("No text of the assessment waits for you."),
        url=reverse("chapter_list", args=[issue.pk]),
        action=_("Open the texts"),
        tone="action" if waits else "neutral",
        since=min(row.changed_at for row in rows) if waits else None,
        cycle=issue.cycle,
    )
