"""The history of a chapter's text: what one person saved in one go, folded, from the latest back."""

from dataclasses import dataclass

from reporting.models import Chapter, ChapterVersion
from scoreboard.submissions.comparison import SITTING


@dataclass
class Sitting:
    """What one person saved in one go; `before` and `after` are the texts that it led from and to."""

    versions: list[ChapterVersion]
    before: str = ""
    after: str = ""

    @property
    def last(self) -> ChapterVersion:
        """The version that it left."""
        return self.versions[-1]

    def goes_on(self, version: ChapterVersion) -> bool:
        """Tell whether `version` belongs to it: the same person, soon after."""
        return self.last.by_id == version.by_id and version.at - self.last.at <= SITTING


def sittings(chapter: Chapter) -> list[Sitting]:
    """Return all sittings of a chapter, the latest first, without their texts; `read` adds these."""
    found: list[Sitting] = []
    for version in chapter.versions.defer("text").select_related("by").order_by("revision"):
        if found and found[-1].goes_on(version):
            found[-1].versions.append(version)
        else:
            found.append(Sitting([version]))
    return found[::-1]


def read(chapter: Chapter, some: list[Sitting]) -> list[Sitting]:
    """Return some of a chapter's sittings with their texts."""
    ends = {one.last.revision for one in some} | {one.versions[0].revision - 1 for one in some}
    texts = dict(chapter.versions.filter(revision__in=ends).values_list("revision", "text"))
    return [
        Sitting(one.versions, texts.get(one.versions[0].revision - 1, ""), texts[one.last.revision]) for one in some
    ]
