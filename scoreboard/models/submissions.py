"""Submissions, the versions that were submitted, and the log of their steps."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from scoreboard import rehearsal
from scoreboard.models.questionnaire import Indicator

from .answers import Answer, Origin
from .countries import Country
from .cycles import Cycle
from .earlier_rounds import ResultsImport
from .people import Person, Role, User, countries_of, optional_person, roles_of


class State(models.TextChoices):
    """Where a submission is. In each state exactly one side can write; nobody can in accepted."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Submissions, scoped to who asks, with the facts that lists show."""

    def visible_to(self, user: Person) -> Self:
        """Officers see all, analysts all of opened cycles, focal points their country's once opened.

        This is about the state of submissions. `access` decides who reads their texts while the country writes.
        """
        roles, countries = roles_of(user), countries_of(user)
        if Role.SECRETARIAT in roles:
            return self
        if Role.ANALYST in roles:
            return self.filter(cycle__opened_at__isnull=False)
        return self.filter(cycle__opened_at__isnull=False, country__in=countries) if countries else self.none()

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
        """Those for which `Submission.is_overdue`: a day ends in the time zone of its cycle."""
        due = Greatest(F("cycle__deadline"), Coalesce(F("extended_to"), F("cycle__deadline")))
        passed = Q(pk__in=[])
        for cycle in Cycle.objects.filter(opened_at__isnull=False):
            passed |= Q(cycle=cycle, due__lt=cycle.day())
        writing = self.taking_part().filter(state__in=[State.DRAFT, State.RETURNED], declined_at__isnull=True)
        writing = writing.exclude(cycle__is_earlier_round=True, state=State.DRAFT)  # nobody is asked for it
        return writing.alias(due=due).filter(passed)

    def taking_part(self) -> Self:
        """Those of countries that have not left the cycle: what lists, reminders and figures count."""
        return self.filter(left_at__isnull=True)


SubmissionsEverywhere = models.Manager.from_queryset(SubmissionQuerySet)


class SubmissionManager(SubmissionsEverywhere["Submission"]):
    """The submissions of this world: see `rehearsal`."""

    def get_queryset(self) -> SubmissionQuerySet:
        return SubmissionQuerySet(self.model, using=self._db).filter(cycle__is_rehearsal=rehearsal.is_on())


class Submission(models.Model):
    """One country's submission in one cycle. `workflow` moves its state, `answering` writes its answers."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="submissions", verbose_name=_("cycle"))
    country = models.ForeignKey(Country, models.PROTECT, related_name="submissions", verbose_name=_("country"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    late = models.BooleanField(_("late"), default=False)  # stored by `lateness`, which decides it from the log
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_version = models.ForeignKey(
        "Version",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version last accepted"),
    )
    # Where it came in by a file of earlier results: its stamps are then `submitted_on`, or the cycle's close.
    imported = models.ForeignKey(
        ResultsImport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("came in by the file"),
    )
    submitted_on = models.DateField(
        _("submitted on, as the file says"), null=True, blank=True, help_text=_("Empty where it is not recorded.")
    )
    claimed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="claims", verbose_name=_("claimed by")
    )
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    # Where two officers accept: the first one's yes, which the country does not see.
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_version = models.ForeignKey(
        "Version", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("version approved")
    )
    extended_to = models.DateField(_("extended to"), null=True, blank=True)
    extension_reason = models.TextField(_("reason for the extension"), blank=True)
    left_at = models.DateTimeField(_("left the cycle at"), null=True, blank=True)
    left_by = optional_person(_("taken out of the cycle by"))
    left_reason = models.TextField(_("why it left the cycle"), blank=True)
    declined_at = models.DateTimeField(_("said not to report at"), null=True, blank=True)
    declined_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("said not to report by")
    )
    declined_reason = models.TextField(_("why it does not report"), blank=True)
    note = models.CharField(_("note of the Secretariat"), max_length=500, blank=True)  # countries do not see it
    note_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("note by")
    )
    note_at = models.DateTimeField(_("note of"), null=True, blank=True)
    reopen_asked_at = models.DateTimeField(_("reopening asked for at"), null=True, blank=True)
    reopen_asked_by = optional_person(_("reopening asked for by"))
    reopen_request = models.TextField(_("why it should be reopened"), blank=True)

    objects = SubmissionManager()

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
                condition=Q(approved_by__isnull=True, approved_at__isnull=True, approved_version__isnull=True)
                | Q(
                    state=State.SUBMITTED,
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    approved_version__isnull=False,
                ),
                name="submission_approved_only_while_submitted",
                violation_error_message=_("Only what is submitted can be approved, in a version and by somebody."),
            ),
            models.CheckConstraint(
                condition=Q(reopen_asked_at__isnull=True)
                | (Q(state=State.ACCEPTED, reopen_asked_by__isnull=False) & ~Q(reopen_request="")),
                name="submission_reopen_asked_with_reason",
                violation_error_message=_("Say why the submission should be reopened."),
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | ~Q(extension_reason=""),
                name="submission_extension_has_reason",
                violation_error_message=_("Give the reason for the extension."),
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, left_by__isnull=True, left_reason="")
                | (Q(left_at__isnull=False, left_by__isnull=False) & ~Q(left_reason="")),
                name="submission_left_with_reason",
                violation_error_message=_("Give the reason why the country leaves the cycle."),
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True, declined_by__isnull=True, declined_reason="")
                | Q(declined_at__isnull=False, declined_by__isnull=False, state=State.DRAFT),
                name="submission_declined_as_draft",
                violation_error_message=_("Only a country that has not submitted can say that it does not report."),
            ),
            models.CheckConstraint(
                condition=Q(note="") | Q(note_at__isnull=False, note_by__isnull=False),
                name="submission_note_has_author",
            ),
            models.CheckConstraint(
                condition=Q(submitted_on__isnull=True) | Q(imported__isnull=False),
                name="submission_submitted_on_is_of_a_file",
                violation_error_message=_("Only what came in by a file has a day of submission that the file says."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} · {self.cycle}"

    @property
    def is_with_country(self) -> bool:
        """Whether the country may write now, as far as the state goes."""
        return self.state in (State.DRAFT, State.RETURNED)

    @property
    def is_as_imported(self) -> bool:
        """Whether what is accepted is what came in by a file; once it was reopened, the country's own version is."""
        # A file gives both stamps the same moment; the steps of the workflow never do.
        return self.imported_id is not None and self.accepted_at is not None and self.accepted_at == self.submitted_at

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
    def is_asked(self) -> bool:
        """Whether the country is asked for answers: in an earlier round only to correct those that it has."""
        return not self.cycle.is_earlier_round or self.state != State.DRAFT

    @property
    def is_overdue(self) -> bool:
        """Whether it is after its due date still with a country that takes part; see `SubmissionQuerySet.overdue`."""
        expected = self.cycle.opened_at is not None and self.is_with_country and self.is_asked
        return expected and not self.left_at and not self.declined_at and self.cycle.day() > self.due


class VersionQuerySet(models.QuerySet["Version"]):
    """Versions, scoped to who asks."""

    def with_receipt(self) -> Self:
        """Those that the portal received from a country, not from a file."""
        return self.filter(imported__isnull=True)

    def handed_in(self) -> Self:
        """Those that the country did not recall."""
        recalls = Transition.objects.filter(step="recall", version=OuterRef("pk"))
        return self.filter(~Exists(recalls))

    def visible_to(self, user: Person) -> Self:
        """Focal points see their country's, officers and analysts those that were not recalled."""
        own = self.filter(submission__country__in=countries_of(user))
        return self.handed_in() | own if roles_of(user) & {Role.SECRETARIAT, Role.ANALYST} else own


class Version(models.Model):
    """All answers of a submission when it was submitted, with the texts they answered."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="versions", verbose_name=_("submission"))
    number = models.PositiveSmallIntegerField(_("number"))
    answers = models.JSONField(_("answers"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    at = models.DateTimeField(_("at"))
    late = models.BooleanField(_("late"), help_text=_("As the receipt said when it was submitted."))
    doubts = models.JSONField(
        _("confirmed doubts"),
        default=list,
        blank=True,
        help_text=_("What seemed doubtful and was confirmed: indicator code and sentence in each language."),
    )
    commitments = models.JSONField(
        _("steps of earlier cycles"),
        default=list,
        blank=True,
        help_text=_("Those that were asked about, each with the reply."),
    )
    imported = models.ForeignKey(
        ResultsImport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        verbose_name=_("came in by the file"),
        help_text=_("Then nobody declared it, and there is no receipt."),
    )
    declared_by = models.CharField(_("declared by"), max_length=150, blank=True)
    capacity = models.CharField(_("in the capacity of"), max_length=200, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["submission", "number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="version_number_unique"),
            models.CheckConstraint(
                condition=Q(imported__isnull=True) | Q(declared_by="", capacity="", late=False),
                name="version_of_a_file_is_not_declared",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.number}"


# The steps by which the Secretariat returns it to the country; a recall can lead to the same state.
GIVING_BACK = ("return_for_changes", "reopen")


class TransitionQuerySet(models.QuerySet["Transition"]):
    """The log of a submission."""

    def giving_back(self) -> Self:
        """The steps that returned the submission to the country, the latest first."""
        return self.filter(step__in=GIVING_BACK).order_by("-at", "-pk")

    def entering(self) -> Self:
        """The openings on a country's behalf that are in force: no step was taken since."""
        steps = Transition.objects.filter(submission=OuterRef("submission"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(steps.exclude(source=F("target"))), step="enter_on_behalf")


class Transition(models.Model):
    """An entry in a submission's log: a step it took, or a fact that left its state (then source equals target)."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="transitions", verbose_name=_("submission"))
    step = models.CharField(_("step"), max_length=30)
    source = models.CharField(_("from state"), max_length=10, choices=State)
    target = models.CharField(_("to state"), max_length=10, choices=State)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    on_behalf = models.BooleanField(_("on behalf of the country"), default=False)
    at = models.DateTimeField(_("at"))
    origin = models.CharField(_("from"), max_length=10, choices=Origin)
    comment = models.TextField(_("comment"), blank=True)
    old_date = models.DateField(_("last day before"), null=True, blank=True)
    new_date = models.DateField(_("last day after"), null=True, blank=True)
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
                condition=~Q(step__in=GIVING_BACK) | ~Q(comment=""),
                name="transition_return_has_reason",
                violation_error_message=_("A return needs a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(step="submit") | Q(version__isnull=False), name="transition_submit_has_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.step}"
