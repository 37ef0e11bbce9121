"""Assessments of a cycle, what is written in them, the files made from them, and the builds that make the files."""

from reporting.models.assessments import FORMATS, Assessment, AssessmentQuerySet, Product, private_storage
from reporting.models.builds import Build, RenderedSection
from reporting.models.chapters import Chapter, ChapterVersion
from reporting.models.papers import Paper

__all__ = [
    "FORMATS",
    "Assessment",
    "AssessmentQuerySet",
    "Build",
    "Chapter",
    "ChapterVersion",
    "Paper",
    "Product",
    "RenderedSection",
    "private_storage",
]
