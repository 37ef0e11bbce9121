"""Cycles: the rounds of reporting, with their calendar."""

from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from scoreboard import clock, rehearsal
from scoreboard.models.questionnaire import Edition

from .countries import Country
from .people import Person, Role, countries_of, optional_person, roles_of

# A day further than ten years from the first day of a cycle is a typing error.
REACH = timedelta(days=3653)


REHEARSAL_CODE = "rehearsal"
MOST_STATEMENT_DAYS = 365
FIRST_YEAR, LAST_YEAR = 1990, 2100  # of a cycle: another year is a typing error


class CycleQuerySet(models.QuerySet["Cycle"]):
    """Cycles, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Officers see every cycle, analysts the opened ones, a country's people those it takes part in."""
        roles, countries = roles_of(user), countries_of(user)
        if Role.SECRETARIAT in roles:
            return self
        seen = Q(pk__in=[])
        if Role.ANALYST in roles:
            seen |= Q(opened_at__isnull=False)
        if countries:
            mine = Cycle.objects.filter(submissions__country__in=countries).values("pk")
            seen |= Q(opened_at__isnull=False, pk__in=mine)
        return self.filter(seen)


CyclesEverywhere = models.Manager.from_queryset(CycleQuerySet)


class CycleManager(CyclesEverywhere["Cycle"]):
    """The cycles of this world: see `rehearsal`."""

    def get_queryset(self) -> CycleQuerySet:
        return CycleQuerySet(self.model, using=self._db).filter(is_rehearsal=rehearsal.is_on())


class Cycle(models.Model):
    """One round of reporting. Its countries are its submissions; `cycles.calendar` has the verbs that change it."""

    class Basis(models.TextChoices):
        ANSWERED = "answered", _("Answered basis: points over the answers that have a level")
        STRICT = "strict", _("Strict basis: unanswered and unknown count as no points")

    class Public(models.TextChoices):
        REGION = "region", _("Figures of the region only")
        NAMES = "names", _("Countries by name, without those that object")

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
    two_officers = models.BooleanField(
        _("two officers accept"),
        default=False,
        help_text=_("The first approves what a country submitted, a second confirms it; only then it is accepted."),
    )
    statement_days = models.PositiveSmallIntegerField(
        _("days with a statement"),
        default=21,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_STATEMENT_DAYS)],
        help_text=_("How many days a country has an organisation’s statement before it can be published."),
    )
    shows_submitted = models.BooleanField(
        _("everybody sees who has submitted"),
        default=False,
        help_text=_("While the cycle is open: submitted or not yet, no more. The opening mail says so; then it stays."),
    )
    is_earlier_round = models.BooleanField(
        _("earlier round"),
        default=False,
        help_text=_(
            "It is over: its answers come in from a file. Nobody gets a mail or a reminder, and no country is asked to "
            "answer. Choose its true dates."
        ),
    )
    # Of a round with answers from a file, what an officer chose to publish: `earlier_rounds.hearing`.
    public = models.CharField(_("what becomes public"), max_length=10, choices=Public, blank=True, editable=False)
    is_rehearsal = models.BooleanField(
        _("rehearsal"), default=False, editable=False, help_text=_("For trainings; nothing else counts or shows it.")
    )
    contact_name = models.CharField(
        _("contact"),
        max_length=100,
        blank=True,
        help_text=_("Who answers questions of countries that no single Secretariat looks after."),
    )
    contact_address = models.EmailField(
        _("contact address"), blank=True, help_text=_("Replies to mails about this cycle go there.")
    )
    # Whether officers changed the schedule of reminders; until then the usual one of `cycles.reminders` is in force.
    own_reminders = models.BooleanField(_("own schedule of reminders"), default=False, editable=False)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True, editable=False)
    changed_by = optional_person(_("changed by"), editable=False)
    countries = models.ManyToManyField(
        Country, through="Submission", related_name="cycles", verbose_name=_("countries")
    )

    objects = CycleManager()

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ["-opens", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__lte=F("deadline"), deadline__lte=F("closes")),
                name="cycle_dates_in_order",
                violation_error_message=_("The dates must follow each other: opens, then deadline, then closes."),
            ),
            models.UniqueConstraint(
                fields=["is_rehearsal"],
                condition=Q(is_rehearsal=True),
                name="cycle_one_rehearsal",
                violation_error_message=_("There is one rehearsal; reset it instead."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def clean(self) -> None:
        """Name the field whose date comes too early, a time zone that does not exist, and a code that is taken."""
        errors: dict[str, str | Promise] = {}
        if self.code in ("new", "effects", "by-network", REHEARSAL_CODE) and not self.is_rehearsal:
            errors["code"] = _("Choose another code: this one is an address of the portal.")
        if self.opens and not FIRST_YEAR <= self.opens.year <= LAST_YEAR:
            errors["opens"] = _("Choose a day of a year from %(first)s to %(last)s.") % {
                "first": FIRST_YEAR,
                "last": LAST_YEAR,
            }
        if self.opens and self.deadline and self.deadline < self.opens:
            errors["deadline"] = _("The deadline is before the day on which the cycle opens.")
        if self.deadline and self.closes and self.closes < self.deadline:
            errors["closes"] = _("The cycle closes before its deadline.")
        for name in ("deadline", "closes"):
            day = getattr(self, name)
            if name not in errors and self.opens and day and abs(day - self.opens) > REACH:
                errors[name] = _("Choose a day within ten years of the day on which the cycle opens.")
        known_zone = self.time_zone in available_timezones()
        if self.is_earlier_round and known_zone and self.closes and self.closes >= self.day():
            errors.setdefault("closes", _("An earlier round is over: choose a day before today."))
        if self.time_zone and not known_zone:
            errors["time_zone"] = _("There is no time zone of this name. Choose one of the list.")
        if errors:
            raise ValidationError(errors)

    @property
    def has_answers(self) -> bool:
        """Whether a country has filed answers in it, or a file has brought some in."""
        return self.submissions.filter(versions__isnull=False).exists()

    @property
    def is_settled(self) -> bool:
        """Whether edition, code and time zone stay as they are, and countries stay in it.

        That is from the opening on; an earlier round, which nobody opens, can be changed until it has answers.
        """
        return self.opened_at is not None and (not self.is_earlier_round or self.has_answers)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the cycle's days begin and end."""
        return ZoneInfo(self.time_zone)

    def day(self, moment: datetime | None = None) -> date:
        """Return the cycle's calendar day of `moment`, now unless given."""
        return (moment or clock.now()).astimezone(self.zone).date()

    def reaches(self, day: date | None) -> bool:
        """Whether a day, if given, is within ten years of the cycle's first day; of today in an earlier round."""
        return day is None or abs(day - (self.day() if self.is_earlier_round else self.opens)) <= REACH

    @property
    def has_begun(self) -> bool:
        """Whether an officer has opened it and its first day has come."""
        return self.opened_at is not None and self.day() >= self.opens


class DateChange(models.Model):
    """A date of a cycle that was moved: part of the log from which it is decided what came late."""

    class Date(models.TextChoices):
        OPENS = "opens", _("Opens")
        DEADLINE = "deadline", _("Deadline")
        CLOSES = "closes", _("Closes")

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="date_changes", verbose_name=_("cycle"))
    name = models.CharField(_("date"), max_length=10, choices=Date)
    old = models.DateField(_("before"))
    new = models.DateField(_("after"))
    reason = models.TextField(_("reason"), blank=True)
    by = optional_person(
        _("by"), blank=False, help_text=_("Nobody where an update of the portal inferred the move from a receipt.")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("moved date")
        verbose_name_plural = _("moved dates")
        ordering = ["cycle", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.get_name_display()}"
