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
from scoreboard.models import User
from scoreboard.todo.next_step import Item


def texts(user: User) -> list[Item]:
    """Return by issue at work what its texts wait for: writers to look at figures again, an officer to approve.

    In a number of queries that does not grow; a snapshot is read only for texts that name figures.
    """
    if not rules.may(user, "write_chapter"):
        return []
    unapproved = Chapter.objects.filter(assessment__in=Assessment.objects.visible_to(user).at_work())
    rows = unapproved.exclude(approved_revision=F("revision")).select_related("assessment__cycle")
    by_issue = defaultdict(list)
    for row in rows.defer("assessment__snapshot", "assessment__texts"):
        if not row.is_empty:
            by_issue[row.assessment].append(row)
    naming = [issue.pk for issue, texts in by_issue.items() if any(row.figures for row in texts)]
    snapshots = dict(Assessment.objects.filter(pk__in=naming).values_list("pk", "snapshot")) if naming else {}
    approves = rules.may(user, "approve_chapter")
    items = (_item(issue, rows, snapshots.get(issue.pk), approves) for issue, rows in by_issue.items())
    return [item for item in items if item.sentence]


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
    return Item(
        title=_("Texts of the assessment: %s") % issue.cycle,
        sentence=" ".join(sentences),
        url=reverse("chapter_list", args=[issue.pk]),
        action=_("Open the texts"),
        tone="action",
        example=issue.cycle.is_example,
    )
