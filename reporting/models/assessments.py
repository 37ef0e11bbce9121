"""Assessments, issue by issue, and the files made from them."""

from collections.abc import Sequence
from typing import Any, Self

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from scoreboard import stored_files
from scoreboard.models import Cycle, Role
from scoreboard.models.people import Person, User, optional_person, roles_of


class JSONLength(models.Func):
    """How many members a JSON list has, counted by the database."""

    function = "JSON_ARRAY_LENGTH"
    output_field = models.IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Sequence[Any]]:
        """PostgreSQL stores JSON as jsonb, which has functions of its own."""
        return super().as_sql(compiler, connection, function="JSONB_ARRAY_LENGTH", **context)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments, scoped to who asks."""

    def published_to(self, user: Person) -> Self:
        """What the person reads as published: that for everyone, and as a member of anything that for observers."""
        return self.filter(status=Assessment.Status.PUBLISHED, audience__in=audiences(user))

    def visible_to(self, user: Person) -> Self:
        """What the person may see at all: officers and analysts also those at work and withdrawn."""
        if roles_of(user) & {Role.SECRETARIAT, Role.ANALYST}:
            return self
        return self.published_to(user)

    def catalogued_to(self, user: Person) -> Self:
        """Every issue that was published to the person, also if it was withdrawn or replaced since.

        `is_replaced` says that the person reads a newer issue of the same cycle.
        """
        newer = Assessment.objects.published_to(user).filter(cycle=OuterRef("cycle"), issue__gt=OuterRef("issue"))
        issues = self.filter(published_at__isnull=False, audience__in=audiences(user))
        return issues.annotate(is_replaced=Exists(newer))

    def at_work(self) -> Self:
        """Those that can still be consolidated anew and built; a cycle has one at most."""
        return self.filter(status__in=[Assessment.Status.DRAFT, Assessment.Status.BUILT])

    def without_snapshot(self) -> Self:
        """For lists: leave the snapshot and the texts in the database."""
        return self.defer("snapshot", "texts").select_related("cycle__edition")

    def with_cycle(self) -> Self:
        """For public pages, which need no edition: the read model has its texts."""
        return self.defer("snapshot", "texts").select_related("cycle")

    def with_files(self) -> Self:
        """For public pages of one issue: with the files that they name."""
        unnamed = {*NOT_LISTED} - {Product.Kind.PDF}
        files = models.Prefetch("products", Product.objects.exclude(kind__in=unnamed).order_by("kind"))
        return self.with_cycle().prefetch_related(files)

    def listed(self) -> Self:
        """For lists that also show the files and `country_count`, how many countries the snapshot holds."""
        # Of what is published the read model has it; to read a snapshot only for that takes long.
        unnamed = Coalesce(Cast(KT("snapshot__unnamed__reported"), models.IntegerField()), 0)
        countries = Coalesce(models.F("published__reported"), JSONLength(models.F("snapshot__countries")) + unnamed)
        files = models.Prefetch("products", Product.objects.exclude(kind__in=CARDS).order_by("kind"))
        return self.with_cycle().annotate(country_count=countries).prefetch_related(files)

    def with_corrections(self) -> Self:
        """For lists that also say how many countries and answers differ from the issue before; None for a first one."""
        since = {
            name: models.Case(models.When(issue__gt=1, then=JSONLength(models.F(f"snapshot__since_issue__{key}"))))
            for name, key in (("countries_added", "added"), ("countries_gone", "gone"), ("answers_changed", "answers"))
        }
        return self.annotate(**since)


def audiences(user: Person) -> list[str]:
    """Return the audiences that a person belongs to: everyone, and the observers as a member of anything.

    A guest is in the spaces to which they are invited, and no member of anything else.
    """
    is_member = bool(roles_of(user) - {Role.GUEST})
    return [Assessment.Audience.EVERYONE, *([Assessment.Audience.OBSERVERS] if is_member else [])]


class Assessment(models.Model):
    """The consolidated result of a cycle, issue by issue. `assessments` has the verbs that change it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Consolidated")
        BUILT = "built", _("Built")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Audience(models.TextChoices):
        OBSERVERS = "observers", _("Signed-in members and observers")
        EVERYONE = "everyone", _("Everyone, without an account")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="assessments", verbose_name=_("cycle"))
    issue = models.PositiveSmallIntegerField(_("issue"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    snapshot_sha256 = models.CharField(_("SHA-256 of the snapshot"), max_length=64)
    consolidated_at = models.DateTimeField(_("consolidated at"))
    consolidated_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("consolidated by"))
    texts = models.JSONField(_("texts as they were built"), default=dict, blank=True)  # by the key of their chapter
    # What no font could show when the PDF was built: lists of a section's title and its texts.
    not_shown = models.JSONField(_("texts not shown in the PDF"), default=list, blank=True)
    texts_sha256 = models.CharField(_("SHA-256 of the texts"), max_length=64, blank=True)
    # What countries said of the draft and let print, with the answers, as the PDF was built: `commenting.printable`.
    replies = models.JSONField(_("replies printed in the PDF"), default=list, blank=True)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    meeting = models.CharField(_("meeting"), max_length=200, blank=True)
    meeting_date = models.DateField(_("date of the meeting"), null=True, blank=True)
    audience = models.CharField(_("audience"), max_length=10, choices=Audience, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = optional_person(_("published by"))
    early_reason = models.TextField(_("why it was published before the cycle closed"), blank=True)
    unheard_reason = models.TextField(_("why it was published before the consultation was settled"), blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = optional_person(_("withdrawn by"))
    withdrawal_reason = models.TextField(_("reason for withdrawing"), blank=True)
    # Officers who gave a reason before readers saw it were promised that readers do not.
    reason_is_public = models.BooleanField(_("readers see the reason"), default=False)
    # The last column: SQLite reads through what is before a column, and this is a megabyte a row.
    snapshot = models.JSONField(_("data snapshot"))

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-cycle__opens", "-issue"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "issue"], name="assessment_issue_unique"),
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(status__in=["draft", "built"]),
                name="assessment_one_at_work_per_cycle",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "built"], published_at__isnull=True)
                | (Q(status__in=["published", "withdrawn"], published_at__isnull=False) & ~Q(audience="")),
                name="assessment_published_exactly_when_dated",
            ),
            models.CheckConstraint(
                condition=(Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawal_reason=""))
                | (~Q(status="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="assessment_withdrawn_exactly_with_reason",
                violation_error_message=_("Give the reason for withdrawing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.issue}"

    @property
    def is_at_work(self) -> bool:
        """Whether it can still be consolidated anew and built."""
        return self.status in (self.Status.DRAFT, self.Status.BUILT)

    @cached_property
    def pdf(self) -> "Product | None":
        """The PDF that was built from the current snapshot."""
        return next((product for product in self.products.all() if product.kind == Product.Kind.PDF), None)

    @cached_property
    def country_pdfs(self) -> "dict[str, Product]":
        """The countries' own PDFs, by ISO code."""
        return {one.subject: one for one in self.products.all() if one.kind == Product.Kind.COUNTRY_PDF}

    @cached_property
    def data_files(self) -> "list[Product]":
        """The files other than PDFs, the package first, in the order of their kinds."""
        order = [Product.Kind.PACKAGE, *Product.Kind]
        files = [one for one in self.products.all() if one.kind not in NOT_LISTED]
        return sorted(files, key=lambda one: order.index(Product.Kind(one.kind)))


def private_storage() -> Storage:
    """Return the storage of built files, which no URL serves."""
    return storages["default"]


class Product(models.Model):
    """A file made from an assessment's snapshot, stored as built and served as stored."""

    class Kind(models.TextChoices):
        PDF = "pdf", _("PDF")
        COUNTRY_PDF = "country_pdf", _("PDF of one country")
        XLSX = "xlsx", _("Workbook (XLSX)")
        CSV_WIDE = "csv_wide", _("Table (CSV), one row per country")
        CSV_LONG = "csv_long", _("Table (CSV), one row per answer")
        CSV_STEPS = "csv_steps", _("Table (CSV), one row per published step")
        JSON = "json", _("JSON")
        CHARTS = "charts", _("Charts (SVG)")
        PACKAGE = "package", _("Everything in one package (ZIP)")
        COUNTRY_CARD = "country_card", _("Picture for links to a country")
        INDICATOR_CARD = "indicator_card", _("Picture for links to an indicator")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="products", verbose_name=_("assessment"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    # The ISO code of the country, or the code of the indicator, that it is about.
    subject = models.CharField(_("subject"), max_length=20, blank=True)
    file = models.FileField(_("file"), upload_to="products/%Y/", storage=private_storage)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    built_at = models.DateTimeField(_("built at"))

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["assessment", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "kind", "subject"], name="product_one_per_kind_and_subject")
        ]

    def __str__(self) -> str:
        return f"{self.assessment} · {self.get_kind_display()}"

    @property
    def name(self) -> str:
        """What the file is called where it is downloaded."""
        return self.named(self.assessment, self.kind, self.subject)

    @property
    def content_type(self) -> str:
        """Its media type."""
        return FORMATS[self.kind][1]

    def require_unchanged(self) -> None:
        """Raise NotNow unless the stored file has the bytes that were built."""
        stored_files.require_unchanged(self.file, self.sha256, self.name)

    @staticmethod
    def named(assessment: Assessment, kind: str, subject: str = "") -> str:
        """Return what a file of this kind is called."""
        about = f"-{subject}" if subject else ""
        return f"assessment-{assessment.cycle.code}-{assessment.issue}{about}{FORMATS[kind][0]}"


CARDS = (Product.Kind.COUNTRY_CARD, Product.Kind.INDICATOR_CARD)  # of which there are many, for programs alone
# What the list of data files leaves out: PDFs have a place of their own.
NOT_LISTED = (Product.Kind.PDF, Product.Kind.COUNTRY_PDF, *CARDS)

FORMATS: dict[str, tuple[str, str]] = {  # how a product's name ends, and its media type
    Product.Kind.PDF: (".pdf", "application/pdf"),
    Product.Kind.COUNTRY_PDF: (".pdf", "application/pdf"),
    Product.Kind.XLSX: (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Product.Kind.CSV_WIDE: ("-countries.csv", "text/csv; charset=utf-8"),
    Product.Kind.CSV_LONG: ("-answers.csv", "text/csv; charset=utf-8"),
    Product.Kind.CSV_STEPS: ("-steps.csv", "text/csv; charset=utf-8"),
    Product.Kind.JSON: (".json", "application/json"),
    Product.Kind.CHARTS: ("-charts.zip", "application/zip"),
    Product.Kind.PACKAGE: ("-package.zip", "application/zip"),
    Product.Kind.COUNTRY_CARD: ("-country.png", "image/png"),
    Product.Kind.INDICATOR_CARD: ("-indicator.png", "image/png"),
}
