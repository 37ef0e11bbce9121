"""Assessments: what is written in them, the builds and files made from them, and what countries say of the draft."""

from reporting.models.assessments import FORMATS, Assessment, AssessmentQuerySet, Product, private_storage
from reporting.models.builds import Build, RenderedSection
from reporting.models.chapters import Chapter, ChapterVersion
from reporting.models.consultation import Consultation, ConsultedBuild, CountryComment, Passage
from reporting.models.papers import Paper

__all__ = [
    "FORMATS",
    "Assessment",
    "AssessmentQuerySet",
    "Build",
    "Chapter",
    "ChapterVersion",
    "Consultation",
    "ConsultedBuild",
    "CountryComment",
    "Paper",
    "Passage",
    "Product",
    "RenderedSection",
    "private_storage",
]
