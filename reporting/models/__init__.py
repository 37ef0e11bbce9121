"""Assessments: their texts, builds and files, what countries say of the draft, and what is published as rows."""

from reporting.models.assessments import (
    CARDS,
    FORMATS,
    NOT_LISTED,
    Assessment,
    AssessmentQuerySet,
    Product,
    private_storage,
)
from reporting.models.builds import Build, RenderedSection
from reporting.models.chapters import Chapter, ChapterVersion
from reporting.models.consultation import Consultation, ConsultedBuild, CountryComment, Passage
from reporting.models.earlier_reports import EarlierReport
from reporting.models.news import News
from reporting.models.papers import Paper
from reporting.models.published import (
    PublishedAnswer,
    PublishedArea,
    PublishedCountry,
    PublishedIndicator,
    PublishedIssue,
    PublishedResult,
    PublishedText,
)

__all__ = [
    "CARDS",
    "FORMATS",
    "NOT_LISTED",
    "Assessment",
    "AssessmentQuerySet",
    "Build",
    "Chapter",
    "ChapterVersion",
    "Consultation",
    "ConsultedBuild",
    "CountryComment",
    "EarlierReport",
    "News",
    "Paper",
    "Passage",
    "Product",
    "PublishedAnswer",
    "PublishedArea",
    "PublishedCountry",
    "PublishedIndicator",
    "PublishedIssue",
    "PublishedResult",
    "PublishedText",
    "RenderedSection",
    "private_storage",
]
