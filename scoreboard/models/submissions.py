"""Cycles, the submissions filed in them, their answers with every version, and the steps that moved them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from scoreboard import clock

from .instrument import Edition, Indicator, Level
from .people import Country, Role, User, sight


class Origin(models.TextChoices):
    """From where a write came; it stands beside who and when."""

    PAGE = "page", _("page")
    API = "api", _("API")
    WORKBOOK = "workbook", _("workbook")
    COMMAND = "command", _("command line")


class CycleQuerySet(models.QuerySet):
    """Cycles, scoped to who asks."""

    def visible_to(self, user) -> Self:
        """Officers see every cycle, analysts the opened ones, a country's people those it takes part in."""
        memberships = getattr(user, "current_memberships", [])
        roles = {membership.role for membership in memberships}
        if Role.SECRETARIAT in roles:
            return self
        seen = Q(pk__in=[])
        if Role.ANALYST in roles:
            seen |= Q(opened_at__isnull=False)
        countries = [m.country_id for m in memberships if m.role == Role.FOCAL]
        if countries:
            mine = Submission.objects.filter(country__in=countries).values("cycle")
            seen |= Q(opened_at__isnull=False, pk__in=mine)
        return self.filter(seen)


class Cycle(models.Model):
    """One round of reporting. Its countries are its submissions; `cycles` has the verbs that change it."""

    class Basis(models.TextChoices):
        ANSWERED = "answered", _("Answered basis: points over the answers that have a level")
        STRICT = "strict", _("Strict basis: unanswered and unknown count as no points")

    code = models.SlugField(
        _("code"), max_length=20, unique=True, help_text=_("Short and lasting, for addresses: 2026.")
    )
    title = I18nCharField(_("title"))
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="cycles", verbose_name=_("edition"))
    opens = models.DateField(_("opens"), help_text=_("The first day on which countries can write."))
    deadline = models.DateField(_("deadline"), help_text=_("The last day in time; later submissions are marked late."))
    closes = models.DateField(_("closes"), help_text=_("The last day of writing."))
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Europe/Berlin", help_text=_("A day ends at midnight there.")
    )
    basis = models.CharField(_("scoring basis"), max_length=10, choices=Basis, default=Basis.ANSWERED)
    is_example = models.BooleanField(
        _("invented example data"),
        default=False,
        help_text=_("Marks every page and document made from this cycle."),
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    countries = models.ManyToManyField(
        Country, through="Submission", related_name="cycles", verbose_name=_("countries")
    )

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ["-opens", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__lte=F("deadline"), deadline__lte=F("closes")),
                name="cycle_dates_in_order",
                violation_error_message=_("The dates must follow each other: opens, then deadline, then closes."),
            )
        ]

    def __str__(self) -> str:
        return str(self.title)

    def clean(self) -> None:
        """Name the field whose date comes too early, a time zone that does not exist, and a code that is taken."""
        errors = {}
        if self.code == "new":
            errors["code"] = _("Choose another code: this one is an address of the portal.")
        if self.opens and self.deadline and self.deadline < self.opens:
            errors["deadline"] = _("The deadline lies before the day on which the cycle opens.")
        if self.deadline and self.closes and self.closes < self.deadline:
            errors["closes"] = _("The cycle closes before its deadline.")
        if self.time_zone and self.time_zone not in available_timezones():
            errors["time_zone"] = _("There is no time zone of this name. Choose one of the list.")
        if errors:
            raise ValidationError(errors)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the cycle's days begin and end."""
        return ZoneInfo(self.time_zone)

    def day(self, moment: datetime | None = None) -> date:
        """Return the cycle's calendar day of `moment`, now unless given."""
        return (moment or clock.now()).astimezone(self.zone).date()

    @property
    def has_begun(self) -> bool:
        """Whether an officer has opened it and its first day has come."""
        return self.opened_at is not None and self.day() >= self.opens

    @property
    def days_to_deadline(self) -> int:
        """Whole days from today to the deadline; negative after it."""
        return (self.deadline - self.day()).days


class State(models.TextChoices):
    """Where a submission stands. In each state exactly one side holds the pen; nobody does in accepted."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


class SubmissionQuerySet(models.QuerySet):
    """Submissions, scoped to who asks, with the facts that lists show."""

    def visible_to(self, user) -> Self:
        """Officers see all, analysts what was submitted or accepted, focal points their country's once opened."""
        return self.visible_with(*sight(user))

    def visible_with(self, roles: frozenset[str], countries: Sequence[Any]) -> Self:
        """Do so for anybody with these roles, of the focal points those of `countries`."""
        if Role.SECRETARIAT in roles:
            return self
        opened = Q(cycle__opened_at__isnull=False)
        seen = Q(pk__in=[])
        if Role.ANALYST in roles:
            seen |= opened & Q(state__in=[State.SUBMITTED, State.ACCEPTED])
        if countries:
            seen |= opened & Q(country__pk__in=countries)
        return self.filter(seen)

    def awaiting_review(self) -> Self:
        """Those with the Secretariat, the one that waits longest first."""
        return self.filter(state=State.SUBMITTED).order_by("submitted_at", "pk")

    def with_facts(self) -> Self:
        """Add what lists show: `answered` of `asked` indicators, and `touched_at`, the last change."""
        answers = Answer.objects.filter(submission=OuterRef("pk")).order_by()
        complete = answers.complete().values("submission").annotate(n=models.Count("pk")).values("n")
        latest = answers.values("submission").annotate(at=models.Max("changed_at")).values("at")
        indicators = Indicator.objects.filter(edition=OuterRef("cycle__edition")).order_by()
        asked = indicators.values("edition").annotate(n=models.Count("pk")).values("n")
        return self.annotate(
            answered=Coalesce(Subquery(complete), 0),
            asked=Coalesce(Subquery(asked), 0),
            touched_at=Subquery(latest),
        ).select_related("cycle__edition", "country", "claimed_by")

    def overdue(self) -> Self:
        """Those still with the country after their due date; each cycle's day ends in its own time zone."""
        due = Greatest(F("cycle__deadline"), Coalesce(F("extended_to"), F("cycle__deadline")))
        passed = Q(pk__in=[])
        for cycle in Cycle.objects.filter(opened_at__isnull=False):
            passed |= Q(cycle=cycle, due__lt=cycle.day())
        return self.filter(state__in=[State.DRAFT, State.RETURNED]).alias(due=due).filter(passed)


class Submission(models.Model):
    """One country's Scoreboard in one cycle. `workflow` moves its state, `answering` writes its answers."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="submissions", verbose_name=_("cycle"))
    country = models.ForeignKey(Country, models.PROTECT, related_name="submissions", verbose_name=_("country"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    late = models.BooleanField(_("late"), default=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_version = models.ForeignKey(
        "Version",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version last accepted"),
    )
    claimed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="claims", verbose_name=_("claimed by")
    )
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    extended_to = models.DateField(_("extended to"), null=True, blank=True)
    extension_reason = models.TextField(_("reason for the extension"), blank=True)
    reopen_asked_at = models.DateTimeField(_("reopening asked for at"), null=True, blank=True)
    reopen_asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reopening asked for by")
    )
    reopen_request = models.TextField(_("why it should be reopened"), blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["cycle", "country"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "country"],
                name="submission_one_per_country_and_cycle",
                violation_error_message=_("This country has a submission in this cycle already."),
            ),
            models.CheckConstraint(
                condition=Q(state=State.ACCEPTED, accepted_at__isnull=False, accepted_version__isnull=False)
                | (~Q(state=State.ACCEPTED) & Q(accepted_at__isnull=True)),
                name="submission_accepted_exactly_when_dated",
                violation_error_message=_("A submission is accepted exactly when it carries the date and version."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.SUBMITTED, State.ACCEPTED], submitted_at__isnull=False)
                | Q(state__in=[State.DRAFT, State.RETURNED], submitted_at__isnull=True),
                name="submission_submitted_exactly_when_dated",
                violation_error_message=_("A submission is with the Secretariat exactly when it carries the date."),
            ),
            models.CheckConstraint(
                condition=Q(reopen_asked_at__isnull=True)
                | (Q(state=State.ACCEPTED, reopen_asked_by__isnull=False) & ~Q(reopen_request="")),
                name="submission_reopen_asked_with_reason",
                violation_error_message=_("Say why the Scoreboard should be reopened."),
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | ~Q(extension_reason=""),
                name="submission_extension_has_reason",
                violation_error_message=_("Give the reason for the extension."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} · {self.cycle}"

    @property
    def pen_with_country(self) -> bool:
        """Whether the country may write now, as far as the state goes."""
        return self.state in (State.DRAFT, State.RETURNED)

    @property
    def due(self) -> date:
        """The last day in time: the deadline, or the country's own extension of it."""
        return max(self.cycle.deadline, self.extended_to or self.cycle.deadline)

    @property
    def last_day(self) -> date:
        """The last day on which the country can write."""
        return max(self.cycle.closes, self.extended_to or self.cycle.closes)

    @property
    def is_open(self) -> bool:
        """Whether the calendar lets the country write today."""
        return self.cycle.has_begun and self.cycle.day() <= self.last_day

    @property
    def is_overdue(self) -> bool:
        """Whether it is still with the country after its due date."""
        return self.pen_with_country and self.cycle.day() > self.due


class AnswerQuerySet(models.QuerySet):
    """Answers; `complete` is the one definition of "answered"."""

    def complete(self) -> Self:
        """Those that pass the gate: a level, unknown, or not applicable with its reason."""
        return self.filter(_COMPLETE)

    def begun(self) -> "models.QuerySet[Any, Any]":
        """Return of each the indicator, the kind, and whether it is complete."""
        found = self.order_by().annotate(is_complete=_COMPLETE)
        return found.values_list("indicator_id", "kind", "is_complete")


class AnswerText(models.Model):
    """What an answer says, shared by the answer as it stands and by each of its versions."""

    class Kind(models.TextChoices):
        LEVEL = "level", _("Level")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")
        UNKNOWN = "unknown", _("Unknown")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True)  # blank: a comment, no answer yet
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("level"))
    reason = models.TextField(_("reason why it does not apply"), blank=True)
    comment = models.TextField(_("comment"), blank=True)
    comment_withheld = models.BooleanField(_("comment not for publication"), default=False)
    figures = models.JSONField(_("figures"), default=list, blank=True)  # rows of the data form: column code → value
    figures_withheld = models.BooleanField(_("figures not for publication"), default=False)
    next_step = models.TextField(_("intended step towards the next level"), blank=True)
    change_reason = models.TextField(_("why the level differs from last time"), blank=True)
    confirmed = models.BooleanField(_("confirmed without change since last time"), default=False)
    revision = models.PositiveIntegerField(_("revision"))

    class Meta:
        abstract = True


# The parts of an answer beside its kind and level; an answer is the same exactly if all of these are.
TEXT_FIELDS = (
    "reason",
    "comment",
    "comment_withheld",
    "figures",
    "figures_withheld",
    "next_step",
    "change_reason",
    "confirmed",
)


class Answer(AnswerText):
    """A country's answer to one indicator as it stands; written through `answering` only."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="answers", verbose_name=_("submission"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="answers", verbose_name=_("indicator"))
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("changed by"))

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["submission", "indicator__position"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "indicator"], name="answer_one_per_indicator"),
            models.CheckConstraint(
                condition=Q(kind="level", level__isnull=False) | (~Q(kind="level") & Q(level__isnull=True)),
                name="answer_level_exactly_when_kind_is_level",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.indicator.label}"


# What passes the gate: a level, unknown, or not applicable with its reason.
_COMPLETE = Q(kind__in=[Answer.Kind.LEVEL, Answer.Kind.UNKNOWN]) | (Q(kind=Answer.Kind.NOT_APPLICABLE) & ~Q(reason=""))


class AnswerVersion(AnswerText):
    """An answer as it stood after one save. Append-only: every revision is kept."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="versions", verbose_name=_("answer"))
    suggestion = models.ForeignKey(
        "Suggestion", models.PROTECT, null=True, blank=True, related_name="adopted_as", verbose_name=_("suggested as")
    )
    why = models.TextField(_("reason for the change"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    on_behalf = models.BooleanField(_("entered on behalf of the country"), default=False)
    origin = models.CharField(_("from"), max_length=10, choices=Origin)

    class Meta:
        verbose_name = _("answer version")
        verbose_name_plural = _("answer versions")
        ordering = ["answer", "-revision"]
        constraints = [models.UniqueConstraint(fields=["answer", "revision"], name="answer_version_one_per_revision")]

    def __str__(self) -> str:
        return f"{self.answer} · {self.revision}"


class Version(models.Model):
    """All answers of a submission as they stood when it was submitted, with the texts they answered."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="versions", verbose_name=_("submission"))
    number = models.PositiveSmallIntegerField(_("number"))
    answers = models.JSONField(_("answers"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    at = models.DateTimeField(_("at"))
    late = models.BooleanField(_("late"))
    declared_by = models.CharField(_("declared by"), max_length=150)
    capacity = models.CharField(_("in the capacity of"), max_length=200)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["submission", "number"]
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="version_number_unique")]

    def __str__(self) -> str:
        return f"{self.submission} · {self.number}"


class TransitionQuerySet(models.QuerySet):
    """The log of a submission."""

    def giving_back(self) -> Self:
        """The steps that gave the pen back to the country, the latest first."""
        return self.filter(target=State.RETURNED).exclude(source=State.RETURNED).order_by("-at", "-pk")


class Transition(models.Model):
    """An entry in a submission's log: a step it took, or a fact beside its state (then source equals target)."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="transitions", verbose_name=_("submission"))
    step = models.CharField(_("step"), max_length=30)
    source = models.CharField(_("from state"), max_length=10, choices=State)
    target = models.CharField(_("to state"), max_length=10, choices=State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    on_behalf = models.BooleanField(_("on behalf of the country"), default=False)
    at = models.DateTimeField(_("at"))
    origin = models.CharField(_("from"), max_length=10, choices=Origin)
    comment = models.TextField(_("comment"), blank=True)
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="transitions", verbose_name=_("version")
    )

    objects = TransitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        ordering = ["submission", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(target=State.RETURNED) | Q(source=State.RETURNED) | ~Q(comment=""),
                name="transition_return_has_reason",
                violation_error_message=_("A return needs a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(step="submit") | Q(version__isnull=False), name="transition_submit_has_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.step}"
