"""Statements: what an organisation adds about a country, its files and links, and what became of it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal

from .countries import Organisation
from .people import Person, Role, User, countries_of, optional_person, organisations_of, roles_of
from .questionnaire import Area, Indicator, Level
from .stored_files import StoredFile, private_storage
from .submissions import Submission


class StatementQuerySet(models.QuerySet["Statement"]):
    """Statements, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """An organisation's observers see its own, officers those filed, focal points those shared with their country.

        Drafts are the organisation's alone.
        """
        filed = ~Q(state=Statement.State.DRAFT)
        seen = Q(organisation__in=organisations_of(user))
        if Role.SECRETARIAT in roles_of(user):
            seen |= filed
        if countries := countries_of(user):
            seen |= filed & Q(shared_at__isnull=False, submission__country__in=countries)
        return self.filter(seen)

    def published(self) -> Self:
        """Those that an officer decided to publish, and that nobody has withdrawn since."""
        return self.filter(state=Statement.State.FILED, decision=Statement.Decision.PUBLISHED)

    def undecided(self) -> Self:
        """Those filed about which no officer has decided."""
        return self.filter(state=Statement.State.FILED, decision="")

    def with_subject(self) -> Self:
        """With what pages name of each: the country, the cycle, the organisation, the area or indicator."""
        return self.select_related(
            "submission__country", "submission__cycle__edition", "organisation", "area", "indicator__area"
        )

    def with_content(self) -> Self:
        """With all that a page shows of each: its subject, the ladder, files and links."""
        return self.with_subject().prefetch_related("indicator__levels", "pieces")


StatementsEverywhere = models.Manager.from_queryset(StatementQuerySet)


class StatementManager(StatementsEverywhere["Statement"]):
    """The statements of this world: see `rehearsal`."""

    def get_queryset(self) -> StatementQuerySet:
        here = StatementQuerySet(self.model, using=self._db)
        return here.filter(submission__cycle__is_rehearsal=rehearsal.is_on())


class Statement(models.Model):
    """Complementary information of an organisation on a country in a cycle, never scored.

    It concerns the whole country, one area or one indicator. `stakeholders.writing` has the organisation's verbs,
    `stakeholders.deciding` those of the officers and the country.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        FILED = "filed", _("Filed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Decision(models.TextChoices):
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Not published")

    class Stage(models.TextChoices):
        """How far it has come, as pages say it."""

        DRAFT = "draft", _("Draft")
        FILED = "filed", _("Filed")
        SHARED = "shared", _("Shared with the country")
        REPLIED = "replied", _("The country has replied")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Not published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="statements", verbose_name=_("country and cycle")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="statements", verbose_name=_("organisation")
    )
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("indicator")
    )
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    text = models.TextField(_("text"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    created_at = models.DateTimeField(_("begun at"), default=clock.now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)
    filed_by = optional_person(_("filed by"))
    filed_at = models.DateTimeField(_("filed at"), null=True, blank=True)
    # The role for the same country that the person who filed it holds too, empty if none.
    filer_is_also = models.CharField(_("also"), max_length=20, choices=Role, blank=True)
    shared_by = optional_person(_("shared by"))
    shared_at = models.DateTimeField(_("shared with the country at"), null=True, blank=True)
    reply_until = models.DateField(_("the country has it until"), null=True, blank=True)
    reply = models.TextField(_("reply of the country"), blank=True)
    replied_by = optional_person(_("replied by"))
    replied_at = models.DateTimeField(_("replied at"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    decided_by = optional_person(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = StatementManager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=True) | Q(indicator__isnull=True), name="statement_on_one_subject"
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(indicator__isnull=False), name="statement_level_of_an_indicator"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", filed_at__isnull=True)
                | (~Q(state="draft") & ~Q(text="") & Q(filed_at__isnull=False, filed_by__isnull=False)),
                name="statement_filed_exactly_when_dated",
            ),
            models.CheckConstraint(
                condition=Q(shared_at__isnull=True, reply_until__isnull=True)
                | Q(shared_at__isnull=False, filed_at__isnull=False, reply_until__isnull=False),
                name="statement_shared_once_filed",
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_at__isnull=True)
                | (~Q(reply="") & Q(replied_at__isnull=False, shared_at__isnull=False)),
                name="statement_reply_to_what_is_shared",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="statement_decided_exactly_when_dated",
            ),
            models.CheckConstraint(
                condition=~Q(decision="published") | Q(state="filed", shared_at__isnull=False),
                name="statement_published_once_shared",
                violation_error_message=_("Share it with the country first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.submission} · #{self.pk}"

    @property
    def stage(self) -> "Statement.Stage":
        """How far it has come."""
        if self.state == Statement.State.FILED:
            if self.decision:
                return Statement.Stage(self.decision)
            if self.replied_at:
                return Statement.Stage.REPLIED
            return Statement.Stage.SHARED if self.shared_at else Statement.Stage.FILED
        return Statement.Stage(self.state)

    @property
    def tone(self) -> str:
        """The tone of its stage, as pages mark it."""
        done = (Statement.Stage.PUBLISHED, Statement.Stage.REFUSED)
        if self.stage in done:
            return "done"
        return "neutral" if self.stage in (Statement.Stage.DRAFT, Statement.Stage.WITHDRAWN) else "waiting"

    @property
    def rung(self) -> Level | None:
        """The level of the indicator's ladder that it gives; None if it gives none."""
        if self.indicator is None or self.level is None:
            return None
        return next((level for level in self.indicator.ladder if level.value == self.level), None)

    @property
    def country_has_time(self) -> bool:
        """Whether the days that the country has before a publication are not over."""
        return self.reply_until is not None and self.submission.cycle.day() <= self.reply_until

    @property
    def is_published(self) -> bool:
        """Whether the pages of published assessments show it."""
        return self.stage == Statement.Stage.PUBLISHED

    @property
    def links(self) -> "list[StatementPiece]":
        """Its links, which are published with it."""
        return [piece for piece in self.pieces.all() if piece.url]


class StatementStep(models.Model):
    """What was done with a filed statement: by whom, when, and with which reason or reply. Append-only."""

    class Act(models.TextChoices):
        FILE = "file", _("Filed")
        SHARE = "share", _("Shared with the country")
        REPLY = "reply", _("Reply of the country")
        PUBLISH = "publish", _("Published")
        REFUSE = "refuse", _("Not published, or not any more")
        WITHDRAW = "withdraw", _("Withdrawn by the organisation")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="steps", verbose_name=_("statement"))
    act = models.CharField(_("what"), max_length=10, choices=Act)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)
    text = models.TextField(_("reason or reply"), blank=True)

    class Meta:
        verbose_name = _("step of a statement")
        verbose_name_plural = _("steps of statements")
        ordering = ["statement", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(act__in=["reply", "refuse", "withdraw"]) | ~Q(text=""),
                name="statement_step_has_reason",
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} · {self.at:%Y-%m-%d}"


class StatementPiece(StoredFile):
    """A file or a link of a statement. Links are published with it, files never."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="pieces", verbose_name=_("statement"))
    file = models.FileField(_("file"), upload_to="statements/%Y/", storage=private_storage, blank=True)
    url = models.URLField(_("link"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("file or link of a statement")
        verbose_name_plural = _("files and links of statements")
        ordering = ["statement", "added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(url="")) | (~Q(file="") & Q(url="") & ~Q(sha256="")),
                name="statement_piece_is_file_or_link",
                violation_error_message=_("It is either a file or a link."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"  # the name of a file is the organisation's, as the file is
