"""The parts of an issue's results that have pages of their own, in the order in which readers find them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.document import changes, numbers
from reporting.document.document import Document
from reporting.document.parts import Chapter

CHANGE = "change"


@dataclass(frozen=True)
class Part:
    """A part: what its address says, what it shows, its title, and the area or earlier cycle that it is about."""

    slug: str
    kind: str
    title: str
    chapter: Chapter | None = None
    cycle: str = ""

    @property
    def anchor(self) -> str:
        """Its anchor on the page of the issue, of which links into the page as it was once know."""
        return f"area-{self.chapter.code}" if self.chapter else self.slug


def contents(document: Document) -> list[Part]:
    """Return the parts that the results of an issue have, without those below another part."""
    snapshot = document.snapshot
    in_groups = any(country["groups"] or country["subregion"] for country in snapshot["countries"])
    found = [Part("areas", "areas", _("Results by area"))]
    found += [Part(area_slug(one), "area", f"{one.code}. {one.title}", chapter=one) for one in document.chapters]
    if document.reported:
        found.append(Part("answers", "answers", _("Answers by country and indicator")))
    if snapshot.get("changes"):
        found.append(Part(CHANGE, "change", _("Change since earlier cycles")))
    if document.edition.get("objectives"):
        found.append(Part("objectives", "objectives", _("Objectives")))
    if in_groups:
        found.append(Part("groups", "groups", _("Groups and sub-regions")))
    if changes.figures(document):
        found.append(Part("figures", "figures", _("Figures")))
    return [*found, Part("participation", "participation", _("Participation"))]


def below_change(document: Document) -> list[Part]:
    """Return the parts below the changes: one for each earlier cycle with which the snapshot is compared."""
    cycles = [one["cycle"] for one in document.snapshot.get("changes", []) if one["countries"]]
    return [
        Part(
            change_slug(one["code"]),
            "since",
            _("Change since %(cycle)s") % {"cycle": numbers.text(one["title"])},
            cycle=one["code"],
        )
        for one in cycles
    ]


def area_slug(chapter: Chapter) -> str:
    """Return what the address of the results of an area says."""
    return f"area-{chapter.code}".lower()


def change_slug(cycle: str) -> str:
    """Return what the address of the changes since an earlier cycle says, by its code."""
    return f"{CHANGE}-{cycle}"
