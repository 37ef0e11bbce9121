"""What is written in the example assessments: by the analyst, and approved where the cycle is over."""

from reporting.assessments import chapters
from reporting.demo.material import Material
from reporting.models import Assessment
from scoreboard.models import User


def write(assessment: Assessment, material: Material, *, analyst: User, officer: User | None) -> None:
    """Write the chapters that are still empty, with the good practice there is; `officer` approves them, or nobody."""
    practices = _practices(assessment)
    for chapter in assessment.chapters.all():
        text = "\n\n".join(filter(None, [material["writing"].get(chapter.key), *practices.get(chapter.key, [])]))
        if chapter.is_empty and text:
            seen = chapters.save(chapter, text, by=analyst, seen=chapter.revision).revision
            if officer:
                chapters.approve(chapter, by=officer, seen=seen)


def _practices(assessment: Assessment) -> dict[str, list[str]]:
    """Return, by the chapter of an area, what prints there the good practice of the snapshot."""
    areas = assessment.snapshot["edition"]["areas"]
    chapter = {indicator["code"]: f"area-{area['code']}" for area in areas for indicator in area["indicators"]}
    found: dict[str, list[str]] = {}
    for one in assessment.snapshot.get("practices", []):
        found.setdefault(chapter[one["indicators"][0]], []).append(f"[[practice {one['id']}]]")
    return found
