"""What is written in the example assessments: by the analyst, and approved where the cycle is over."""

from reporting.assessments import chapters
from reporting.demo.material import Material
from reporting.models import Assessment
from scoreboard.models import User


def write(assessment: Assessment, material: Material, *, analyst: User, officer: User | None) -> None:
    """Write the chapters that are still empty; `officer` approves them, or nobody does."""
    for chapter in assessment.chapters.all():
        if chapter.is_empty and (text := material["writing"].get(chapter.key)):
            seen = chapters.save(chapter, text, by=analyst, seen=chapter.revision).revision
            if officer:
                chapters.approve(chapter, by=officer, seen=seen)
