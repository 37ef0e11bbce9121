"""The read model: what is published, as plain rows that public pages read instead of whole snapshots.

`reporting.published.writing` writes the rows of an assessment when it is published and deletes them when it is
withdrawn; nothing else changes them. Texts are mappings from language to text, as a snapshot holds them; exact
fractions are text ("2000/27"), and points are whole numbers out of those possible.
"""

from fractions import Fraction
from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from reporting.models.assessments import Assessment, audiences
from scoreboard.models import Cycle
from scoreboard.models.people import Person

Audience = Assessment.Audience
Row = TypeVar("Row", bound=models.Model)


class PublishedIssueQuerySet(models.QuerySet["PublishedIssue"]):
    """Published issues, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Return the latest issue of each cycle among those that the person may read, the latest cycle first."""
        readable = PublishedIssue.objects.filter(audience__in=audiences(user))
        newer = readable.filter(cycle=OuterRef("cycle"), number__gt=OuterRef("number"))
        return self.filter(audience__in=audiences(user)).exclude(Exists(newer)).order_by("-opens", "-cycle_code")


class PublishedIssue(models.Model):
    """A published issue: what its pages say of the cycle and the edition. Every published assessment has one."""

    assessment = models.OneToOneField(
        Assessment, models.CASCADE, related_name="published", verbose_name=_("assessment")
    )
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="+", verbose_name=_("cycle"))
    number = models.PositiveSmallIntegerField(_("issue"))
    audience = models.CharField(_("audience"), max_length=10, choices=Audience)
    published_at = models.DateTimeField(_("published at"))
    consolidated_at = models.DateTimeField(_("consolidated at"))
    cycle_code = models.SlugField(_("cycle"), max_length=20)
    cycle_title = models.JSONField(_("title of the cycle"))
    opens = models.DateField(_("opens"))
    deadline = models.DateField(_("deadline"))
    closes = models.DateField(_("closes"))
    time_zone = models.CharField(_("time zone"), max_length=40)
    is_example = models.BooleanField(_("invented example data"))
    basis = models.CharField(_("scoring basis"), max_length=10, choices=Cycle.Basis)
    instrument = models.SlugField(_("questionnaire"), max_length=40)
    edition_code = models.SlugField(_("edition"), max_length=40)
    edition = models.JSONField(_("texts of the edition"))  # its document without the areas
    reported = models.PositiveSmallIntegerField(_("countries that count"))
    unnamed = models.PositiveSmallIntegerField(_("of these without a name"), default=0)  # no row has anything of them
    # What became of steps that countries promised, as a snapshot counts them; empty where none was promised before.
    commitments = models.JSONField(_("counts of earlier steps"), default=dict, blank=True)
    invited = models.PositiveSmallIntegerField(_("countries that take part"))

    objects = PublishedIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("published issue")
        verbose_name_plural = _("published issues")
        ordering = ["-opens", "-number"]
        constraints = [models.UniqueConstraint(fields=["cycle", "number"], name="published_issue_unique")]

    def __str__(self) -> str:
        return f"{self.cycle_code} · {self.number}"


class PublishedQuerySet(models.QuerySet[Row]):
    """Rows of published issues, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Return the rows of the latest issue of each cycle among those that the person may read."""
        current = PublishedIssue.objects.visible_to(user).order_by()
        return self.filter(audience__in=audiences(user), issue__in=current.values("pk"))


class PublishedRow(models.Model):
    """What each row has: its issue, and the audience of that, which decides who may read it."""

    issue = models.ForeignKey(PublishedIssue, models.CASCADE, related_name="%(class)ss", verbose_name=_("issue"))
    audience = models.CharField(_("audience"), max_length=10, choices=Audience)

    class Meta:
        abstract = True


class PublishedCountry(PublishedRow):
    """A country that takes part in a cycle, by name; `reported` if its answers count."""

    iso2 = models.CharField(_("ISO code, two letters"), max_length=2)
    iso3 = models.CharField(_("ISO code, three letters"), max_length=3)
    name = models.JSONField(_("name"))
    subregion = models.CharField(_("sub-region"), max_length=60, blank=True)
    groups = models.JSONField(_("groups"))  # code and name
    reported = models.BooleanField(_("reported"))
    version = models.PositiveSmallIntegerField(_("version"), null=True)
    submitted_on = models.DateField(_("submitted on"), null=True)
    accepted_on = models.DateField(_("accepted on"), null=True)
    extended_to = models.DateField(_("extended to"), null=True)
    late = models.BooleanField(_("late"), default=False)
    imported = models.BooleanField(_("entered from a file"), default=False)  # then a day that is None is not recorded
    reopened = models.BooleanField(_("reopened"), default=False)
    folded = models.TextField(_("words for the search"), default="", editable=False)  # see `published.searching`

    objects = PublishedQuerySet["PublishedCountry"].as_manager()

    class Meta:
        verbose_name = _("published country")
        verbose_name_plural = _("published countries")
        ordering = ["issue", "iso3"]
        constraints = [models.UniqueConstraint(fields=["issue", "iso2"], name="published_country_unique")]
        indexes = [models.Index(fields=["iso2"])]

    def __str__(self) -> str:
        return f"{self.issue} · {self.iso2}"


class PublishedArea(PublishedRow):
    """An area of an issue: its texts, and the figures of all countries that count."""

    code = models.CharField(_("code"), max_length=10)
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.JSONField(_("title"))
    short_title = models.JSONField(_("short title"))  # the title where the edition has no short one
    lead = models.JSONField(_("lead"))
    origins = models.JSONField(_("areas it comes from"))  # earlier edition → code there, where it comes from one
    spread = models.JSONField(_("figures of all countries"))  # by basis, None without values
    # Since each earlier cycle as published with the issue, the latest first: cycle, matched, of, and then and now by
    # basis over the matched set.
    changes = models.JSONField(_("change since earlier cycles"))

    objects = PublishedQuerySet["PublishedArea"].as_manager()

    class Meta:
        verbose_name = _("published area")
        verbose_name_plural = _("published areas")
        ordering = ["issue", "position"]
        constraints = [models.UniqueConstraint(fields=["issue", "code"], name="published_area_unique")]

    def __str__(self) -> str:
        return f"{self.issue} · {self.code}"


class PublishedIndicator(PublishedRow):
    """An indicator of an issue: its wording, where it comes from, and how the answers are distributed."""

    area = models.CharField(_("area"), max_length=10)
    code = models.CharField(_("code"), max_length=10)
    label = models.CharField(_("label"), max_length=20)
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.JSONField(_("title"))
    short_title = models.JSONField(_("short title"))  # the title where the edition has no short one
    measures = models.JSONField(_("what it measures"))
    guidance = models.JSONField(_("guidance"))
    levels = models.JSONField(_("levels"))  # value and text, lowest first
    relation = models.CharField(_("against the edition before"), max_length=10)
    not_applicable = models.BooleanField(_("can be answered with not applicable"))
    data_form = models.JSONField(_("table of figures"), null=True)
    # Earlier edition → `codes` there, and `relation`: the latest change of its wording since, empty if there is none.
    traces = models.JSONField(_("where it comes from"))
    tally = models.JSONField(_("distribution"))  # as in the results of a snapshot
    changes = models.JSONField(_("change since earlier cycles"))  # as in a snapshot, each with its cycle
    folded = models.TextField(_("words for the search"), default="", editable=False)  # see `published.searching`

    objects = PublishedQuerySet["PublishedIndicator"].as_manager()

    class Meta:
        verbose_name = _("published indicator")
        verbose_name_plural = _("published indicators")
        ordering = ["issue", "position"]
        constraints = [models.UniqueConstraint(fields=["issue", "code"], name="published_indicator_unique")]

    def __str__(self) -> str:
        return f"{self.issue} · {self.label}"

    @property
    def ladder(self) -> list[int]:
        """The values of its levels, lowest first."""
        return [level["value"] for level in self.levels]


class PublishedAnswer(PublishedRow):
    """A country's answer to an indicator, without what is withheld. Not answered is the absence of a row."""

    iso2 = models.CharField(_("ISO code, two letters"), max_length=2)
    area = models.CharField(_("area"), max_length=10)
    indicator = models.CharField(_("indicator"), max_length=10)
    kind = models.CharField(_("kind"), max_length=20)
    level = models.PositiveSmallIntegerField(_("level"), null=True)
    points = models.PositiveSmallIntegerField(_("points"), null=True)  # of a level only
    possible = models.PositiveSmallIntegerField(_("possible points"))
    reason = models.TextField(_("reason"), blank=True)
    comment = models.TextField(_("comment"), blank=True)
    withheld = models.BooleanField(_("comment withheld"))
    confirmed = models.BooleanField(_("confirmed"))
    figures = models.JSONField(_("figures"))
    figures_withheld = models.BooleanField(_("figures withheld"))
    folded = models.TextField(_("words for the search"), default="", editable=False)  # see `published.searching`

    objects = PublishedQuerySet["PublishedAnswer"].as_manager()

    class Meta:
        verbose_name = _("published answer")
        verbose_name_plural = _("published answers")
        ordering = ["issue", "iso2", "pk"]
        constraints = [models.UniqueConstraint(fields=["issue", "iso2", "indicator"], name="published_answer_unique")]
        indexes = [models.Index(fields=["iso2"]), models.Index(fields=["indicator"])]

    def __str__(self) -> str:
        return f"{self.issue} · {self.iso2} · {self.indicator}"


class PublishedResult(PublishedRow):
    """A country's result in an area: points out of those possible, of which the strict basis has more."""

    iso2 = models.CharField(_("ISO code, two letters"), max_length=2)
    area = models.CharField(_("area"), max_length=10)
    scored = models.PositiveSmallIntegerField(_("indicators with a level"))
    of = models.PositiveSmallIntegerField(_("indicators"))
    points = models.PositiveIntegerField(_("points"))
    possible_answered = models.PositiveIntegerField(_("possible points, answered basis"))
    possible_strict = models.PositiveIntegerField(_("possible points, strict basis"))

    objects = PublishedQuerySet["PublishedResult"].as_manager()

    class Meta:
        verbose_name = _("published result")
        verbose_name_plural = _("published results")
        ordering = ["issue", "iso2", "pk"]
        constraints = [models.UniqueConstraint(fields=["issue", "iso2", "area"], name="published_result_unique")]
        indexes = [models.Index(fields=["iso2"])]

    def __str__(self) -> str:
        return f"{self.issue} · {self.iso2} · {self.area}"

    def percent(self, basis: str) -> Fraction | None:
        """Return the points as a percentage of the possible ones on a basis; None where nothing counts."""
        possible = self.possible_answered if basis == Cycle.Basis.ANSWERED else self.possible_strict
        return Fraction(100 * self.points, possible) if possible else None


class PublishedText(PublishedRow):
    """A written chapter as it was published, in the language it was written in."""

    key = models.CharField(_("chapter"), max_length=20)  # introduction, summary, area- and a code, conclusions
    position = models.PositiveSmallIntegerField(_("position"))
    source = models.TextField(_("text"))
    folded = models.TextField(_("words for the search"), default="", editable=False)  # see `published.searching`

    objects = PublishedQuerySet["PublishedText"].as_manager()

    class Meta:
        verbose_name = _("published chapter")
        verbose_name_plural = _("published chapters")
        ordering = ["issue", "position"]
        constraints = [models.UniqueConstraint(fields=["issue", "key"], name="published_text_unique")]

    def __str__(self) -> str:
        return f"{self.issue} · {self.key}"
