"""The written chapters of an assessment: saved so that nobody overwrites another, approved, copied for the build."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext as _

from reporting.document import narrative, numbers
from reporting.document.document import Data, Document
from reporting.document.references import Names, Unknown, in_words
from reporting.models import Assessment, Chapter, ChapterVersion
from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import NotNow, Stale
from scoreboard.models import User
from scoreboard.submissions.answering import SavedState
from scoreboard.submissions.versions import digest
from scoreboard.text import lines, require_storable

MAX_TEXT = 60_000  # characters: some thirty pages


@dataclass(frozen=True)
class ChangedFigure:
    """A figure that a text names and that changed since; `now` is None if it no longer exists."""

    name: str
    title: str
    before: str
    now: str | None


@dataclass(frozen=True)
class WrittenChapter:
    """A chapter as its writers see it."""

    chapter: Chapter
    title: str
    names: Names

    @cached_property
    def problems(self) -> list[str]:
        """What is wrong with the names in its text."""
        return narrative.problems(self.names, self.chapter.text)

    @cached_property
    def changed(self) -> list[ChangedFigure]:
        """What it names and what has changed since its writers saw it."""
        return _changed(self.chapter, self.names)

    @property
    def state(self) -> str:
        """Its state in one word: empty, changed (a figure), approved, or draft."""
        if self.chapter.is_empty:
            return "empty"
        if self.changed:
            return "changed"
        return "approved" if self.chapter.is_approved else "draft"


def titles(snapshot: Data) -> dict[str, str]:
    """Return the chapters that can be written in an assessment by their key, the anchor of their section, in order."""
    areas = {
        f"area-{area['code']}": _("Area %(code)s: %(title)s")
        % {"code": area["code"], "title": numbers.text(area["title"])}
        for area in snapshot["edition"]["areas"]
    }
    return {"introduction": _("Introduction"), "summary": _("Summary"), **areas, "conclusions": _("Conclusions")}


def outline(assessment: Assessment) -> list[WrittenChapter]:
    """Return all chapters of an assessment in their order."""
    rows = {row.key: row for row in assessment.chapters.select_related("changed_by", "approved_by")}
    names = Names(Document(assessment.snapshot))
    return [
        WrittenChapter(rows[key], title, names) for key, title in titles(assessment.snapshot).items() if key in rows
    ]


def texts(assessment: Assessment) -> dict[str, str]:
    """Return the current texts, without the empty ones."""
    return {row.key: row.text for row in assessment.chapters.all() if not row.is_empty}


@transaction.atomic
def save(chapter: Chapter, text: str, *, by: User, seen: int) -> SavedState:
    """Save the text of a chapter; return its revision, and since when it is so.

    `seen` is the revision that the person began from. Raises Stale, with the current text and the one they began
    from, if somebody else has changed it; Invalid for what cannot be stored; NotNow once it is published.
    Saving ends an approval. A text without a change is not saved.
    """
    chapter = _open(chapter, by, "write_chapter")
    text = lines(text)
    require_storable(text, MAX_TEXT)
    if text == chapter.text:
        return SavedState(chapter.revision, chapter.changed_at)
    if seen != chapter.revision:
        base = chapter.versions.filter(revision=seen).first()
        if text == (base.text if base else "") and seen < chapter.revision:
            return SavedState(seen, None)  # unchanged since it was seen, while a colleague saved another
        raise _stale(chapter, base)
    _write(chapter, text, by)
    _record(Verb.SAVE_CHAPTER, chapter, by)
    return SavedState(chapter.revision, chapter.changed_at)


def _stale(chapter: Chapter, base: ChapterVersion | None) -> Stale:
    sentence = _("%(who)s changed this text after you opened the page. Compare the two and save again.")
    return Stale(sentence % {"who": chapter.changed_by}, current=chapter, base=base)


def _write(chapter: Chapter, text: str, by: User) -> None:
    now = narrative.values(_names(chapter), text) if "[[" in text else {}
    chapter.figures = {name: chapter.figures.get(name, value) for name, value in now.items()}
    chapter.text, chapter.revision = text, chapter.revision + 1
    chapter.changed_at, chapter.changed_by = clock.now(), by
    chapter.save(update_fields=["figures", "text", "revision", "changed_at", "changed_by"])
    ChapterVersion.objects.create(chapter=chapter, revision=chapter.revision, text=text, at=chapter.changed_at, by=by)


@transaction.atomic
def confirm(chapter: Chapter, *, by: User, snapshot_sha256: str) -> Chapter:
    """Note that a writer has seen the figures as they are now, in the snapshot of this sum.

    Raises NotNow if the answers were consolidated anew since.
    """
    chapter = _open(chapter, by, "write_chapter")
    if chapter.assessment.snapshot_sha256 != snapshot_sha256:
        raise NotNow(_("The answers were consolidated anew meanwhile. Look at the figures again."))
    chapter.figures = narrative.values(_names(chapter), chapter.text)
    chapter.save(update_fields=["figures"])
    _record(Verb.CONFIRM_CHAPTER, chapter, by)
    return chapter


@transaction.atomic
def approve(chapter: Chapter, *, by: User, seen: int) -> Chapter:
    """Approve the text of a chapter as the officer saw it, in revision `seen`.

    Raises NotNow, saying why, if it changed since, is empty, names what does not exist, or figures in it changed.
    """
    chapter = _open(chapter, by, "approve_chapter")
    if chapter.revision != seen:
        raise NotNow(
            _("%(who)s changed this text after you opened the page. Read it again.") % {"who": chapter.changed_by}
        )
    if chapter.is_empty:
        raise NotNow(_("Nothing is written in this chapter; there is nothing to approve."))
    names = _names(chapter)
    if found := narrative.problems(names, chapter.text):
        raise NotNow(_("Before this text can be approved it must be corrected. %s") % found[0])
    if _changed(chapter, names):
        raise NotNow(_("Figures changed after this text was written. A writer has to confirm them first."))
    chapter.approved_revision, chapter.approved_by, chapter.approved_at = chapter.revision, by, clock.now()
    chapter.save(update_fields=["approved_revision", "approved_by", "approved_at"])
    _record(Verb.APPROVE_CHAPTER, chapter, by)
    return chapter


@transaction.atomic
def approve_several(assessment: Assessment, *, by: User, seen: Mapping[str, int]) -> list[str]:
    """Approve several chapters, given by key with the revision that the officer read; return their titles.

    All or none: raises NotNow, naming the first chapter that cannot be approved and why, or if none is given.
    """
    if not seen:
        raise NotNow(_("Tick the texts that you approve."))
    names = titles(assessment.snapshot)
    for chapter in assessment.chapters.filter(key__in=seen):
        try:
            approve(chapter, by=by, seen=seen[chapter.key])
        except NotNow as refusal:
            reason = {"chapter": names[chapter.key], "reason": refusal.sentence}
            raise NotNow(_("Nothing is approved. %(chapter)s: %(reason)s") % reason) from refusal
    return [title for key, title in names.items() if key in seen]


@transaction.atomic
def withdraw_approval(chapter: Chapter, *, by: User) -> Chapter:
    """Take an approval back; raises NotNow if there is none."""
    chapter = _open(chapter, by, "approve_chapter")
    if not chapter.is_approved:
        raise NotNow(_("This text is not approved; there is nothing to take back."))
    _lapse(chapter)
    _record(Verb.WITHDRAW_APPROVAL, chapter, by)
    return chapter


def create_missing(assessment: Assessment) -> None:
    """Create the chapters that an assessment lacks: a new issue begins with the texts of the one before."""
    there = set(assessment.chapters.values_list("key", flat=True))
    before = assessment.cycle.assessments.filter(issue__lt=assessment.issue).order_by("-issue").first()
    old = {row.key: row for row in before.chapters.all()} if before else {}
    missing = [key for key in titles(assessment.snapshot) if key not in there]
    rows = Chapter.objects.bulk_create(_begun(assessment, key, old.get(key)) for key in missing)
    ChapterVersion.objects.bulk_create(
        ChapterVersion(chapter=row, revision=row.revision, text=row.text, at=row.changed_at, by=row.changed_by)
        for row in rows
        if row.revision
    )


def _begun(assessment: Assessment, key: str, old: Chapter | None) -> Chapter:
    if old is None or old.is_empty:
        return Chapter(assessment=assessment, key=key, changed_at=clock.now())
    taken = Chapter(assessment=assessment, key=key, text=old.text, figures=old.figures, revision=1)
    taken.changed_at, taken.changed_by = old.changed_at, old.changed_by
    if old.is_approved:
        taken.approved_revision, taken.approved_by, taken.approved_at = 1, old.approved_by, old.approved_at
    return taken


def lapse_approvals(assessment: Assessment) -> None:
    """End the approvals of texts that name figures which have changed."""
    approved = [row for row in assessment.chapters.all() if row.is_approved and row.figures]
    names = Names(Document(assessment.snapshot)) if approved else None
    for row in approved:
        if names and _changed(row, names):
            _lapse(row)


def store_texts(assessment: Assessment) -> None:
    """Copy the current texts into the assessment, to be built; the caller saves it."""
    assessment.texts = texts(assessment)
    assessment.texts_sha256 = digest(assessment.texts) if assessment.texts else ""


def obstacle(assessment: Assessment) -> str | None:
    """Return in a sentence why the texts cannot be published: changed since the build, or not approved."""
    rows = {row.key: row for row in assessment.chapters.all() if not row.is_empty}
    if {key: row.text for key, row in rows.items()} != assessment.texts:
        return _("Texts changed after the PDF was built. Build it again, so that it holds them.")
    waiting = [title for key, title in titles(assessment.snapshot).items() if key in rows and not rows[key].is_approved]
    if waiting:
        return _("The Secretariat has not approved these texts yet: %s.") % "; ".join(waiting)
    return None


def _open(chapter: Chapter, by: User, act: str) -> Chapter:
    """Return the chapter afresh, its assessment locked, if the person may do this now."""
    rules.require(by, act)
    assessment = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("cycle")
        .defer("snapshot", "texts")
        .get(pk=chapter.assessment_id)
    )
    if not assessment.is_at_work:
        raise NotNow(_("This issue is published, and its texts stay as they are. Consolidate to begin a new issue."))
    found = Chapter.objects.select_related("changed_by").get(pk=chapter.pk)
    found.assessment = assessment
    return found


def _record(verb: Verb, chapter: Chapter, by: User) -> None:
    issue = chapter.assessment
    detail = f"{issue.issue}, {chapter.key}, revision {chapter.revision}"
    activity.record(verb, by=by, cycle=issue.cycle, detail=detail)


def _names(chapter: Chapter) -> Names:
    return Names(Document(chapter.assessment.snapshot))


def _changed(chapter: Chapter, names: Names) -> list[ChangedFigure]:
    found = []
    for name, value in sorted(chapter.figures.items()):  # PostgreSQL stores no order
        try:
            item = names.find(name)
        except Unknown as gone:
            found.append(ChangedFigure(name, str(gone), value, None))
            continue
        if item.value != value:
            found.append(ChangedFigure(name, item.title, in_words(item.kind, value), in_words(item.kind, item.value)))
    return found


def _lapse(chapter: Chapter) -> None:
    chapter.approved_revision = chapter.approved_by = chapter.approved_at = None
    chapter.save(update_fields=["approved_revision", "approved_by", "approved_at"])
