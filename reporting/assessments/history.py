"""The history of a chapter's text as editing sessions, the latest first."""

from dataclasses import dataclass
from operator import attrgetter

from reporting.models import Chapter, ChapterVersion
from scoreboard.submissions.editing_sessions import editing_sessions


@dataclass(frozen=True)
class EditingSession:
    """What one person saved in one go; `before` and `after` are the texts at its beginning and end."""

    versions: list[ChapterVersion]
    before: str = ""
    after: str = ""

    @property
    def last(self) -> ChapterVersion:
        """The version with which it ended."""
        return self.versions[-1]


def sessions(chapter: Chapter) -> list[EditingSession]:
    """Return all editing sessions of a chapter, the latest first, without their texts; `with_texts` adds these."""
    versions = chapter.versions.defer("text").select_related("by").order_by("revision")
    return [EditingSession(group) for group in editing_sessions(versions, attrgetter("by_id"))][::-1]


def with_texts(chapter: Chapter, some: list[EditingSession]) -> list[EditingSession]:
    """Return some of a chapter's editing sessions with their texts."""
    ends = {one.last.revision for one in some} | {one.versions[0].revision - 1 for one in some}
    texts = dict(chapter.versions.filter(revision__in=ends).values_list("revision", "text"))
    return [
        EditingSession(one.versions, texts.get(one.versions[0].revision - 1, ""), texts[one.last.revision])
        for one in some
    ]
