"""Action plans: a country's register of them, their actions, who works on which, and what was changed when."""

from datetime import date, timedelta
from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal

from .answers import Origin
from .countries import Country
from .people import Person, Role, User, countries_of, optional_person, roles_of
from .questionnaire import Edition
from .stored_files import StoredFile, private_storage


class ActionPlanQuerySet(models.QuerySet["ActionPlan"]):
    """Plans, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Focal points see their countries', contributors those with an action of theirs, officers and analysts others.

        Officers and analysts see those that a country shows to the Secretariat or to everybody. What everybody may
        read is `published`.
        """
        seen = Q(country__in=countries_of(user))
        if Role.CONTRIBUTOR in roles_of(user):
            parts = Delegation.objects.of(user).filter(action__plan=OuterRef("pk"))
            seen |= Q(Exists(parts))
        if roles_of(user) & {Role.SECRETARIAT, Role.ANALYST}:
            seen |= ~Q(audience=ActionPlan.Audience.COUNTRY)
        return self.filter(seen)

    def published(self) -> Self:
        """Those that their country shows to everybody."""
        return self.filter(audience=ActionPlan.Audience.EVERYBODY)

    def in_hand(self) -> Self:
        """Those whose actions still have dates to meet."""
        return self.filter(status__in=IN_HAND)


ActionPlansEverywhere = models.Manager.from_queryset(ActionPlanQuerySet)


class ActionPlanManager(ActionPlansEverywhere["ActionPlan"]):
    """The plans of this world: see `rehearsal`."""

    def get_queryset(self) -> ActionPlanQuerySet:
        here = ActionPlanQuerySet(self.model, using=self._db)
        return here.filter(country__is_rehearsal=rehearsal.is_on())


class ActionPlan(models.Model):
    """A plan of a country, or its ranked list of priority actions; `plans` has the verbs.

    A row with the status "none" says that the country has no plan.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("Action plan")
        LIST = "list", _("Ranked list of priority actions")

    class Status(models.TextChoices):
        NONE = "none", _("None")
        DEVELOPMENT = "development", _("In development")
        ADOPTED = "adopted", _("Adopted")
        IMPLEMENTATION = "implementation", _("Under implementation")
        EVALUATED = "evaluated", _("Evaluated")
        EXPIRED = "expired", _("Expired")

    class Audience(models.TextChoices):
        COUNTRY = "country", _("The country only")
        SECRETARIAT = "secretariat", _("The country and the Secretariat")
        EVERYBODY = "everybody", _("Everybody")

    country = models.ForeignKey(Country, models.PROTECT, related_name="action_plans", verbose_name=_("country"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PLAN)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DEVELOPMENT)
    title = models.CharField(_("title"), max_length=300, blank=True)
    scope = models.TextField(_("scope"), blank=True)
    begins = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    ends = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    body = models.CharField(_("responsible body"), max_length=200, blank=True)
    # The questionnaire whose codes the objectives and the actions' indicators are.
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("edition")
    )
    objectives = models.JSONField(_("objectives served"), default=list, blank=True)  # codes
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="next", verbose_name=_("plan before")
    )
    is_example = models.BooleanField(_("invented example data"), default=False, editable=False)
    audience = models.CharField(_("who reads it"), max_length=12, choices=Audience, default=Audience.COUNTRY)
    shared_at = models.DateTimeField(_("shown to the Secretariat since"), null=True, blank=True)
    published_by = optional_person(_("published by"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    checked_by = optional_person(_("checked by"))
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    check_note = models.TextField(_("note of the check"), blank=True)
    created_at = models.DateTimeField(_("entered at"), default=clock.now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)  # also by a change of an action
    revision = models.PositiveIntegerField(_("revision"), default=0)  # of the plan without its actions
    folded = models.TextField(_("words for the search"), default="", editable=False)

    objects = ActionPlanManager()

    class Meta:
        verbose_name = _("action plan")
        verbose_name_plural = _("action plans")
        ordering = ["country", "-begins", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") | Q(status="none"),
                name="plan_has_title",
                violation_error_message=_("Give the title of the plan."),
            ),
            models.CheckConstraint(
                condition=Q(ends__gte=F("begins")) | Q(begins__isnull=True) | Q(ends__isnull=True),
                name="plan_years_in_order",
                violation_error_message=_("The last year is before the first: correct one of them."),
            ),
            models.CheckConstraint(
                condition=Q(audience="country", shared_at__isnull=True)
                | (~Q(audience="country") & Q(shared_at__isnull=False)),
                name="plan_shown_exactly_when_dated",
            ),
            models.CheckConstraint(
                condition=Q(audience="everybody", published_at__isnull=False, published_by__isnull=False)
                | (~Q(audience="everybody") & Q(published_at__isnull=True)),
                name="plan_published_exactly_when_dated",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="plan_checked_exactly_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.title or gettext("No action plan")

    @property
    def is_published(self) -> bool:
        """Whether everybody may read it."""
        return self.audience == ActionPlan.Audience.EVERYBODY

    @property
    def exists(self) -> bool:
        """Whether it is a plan, and not the statement that there is none."""
        return self.status != ActionPlan.Status.NONE

    @property
    def period(self) -> str:
        """Its years, such as "2026–2030"; empty if neither is known."""
        if self.begins == self.ends:
            return str(self.begins or "")
        return f"{self.begins or ''}–{self.ends or ''}"

    @property
    def is_in_hand(self) -> bool:
        """Whether its actions still have dates to meet."""
        return self.status in IN_HAND

    @property
    def is_changed_since_check(self) -> bool:
        """Whether it, or an action of it, was changed after the Secretariat checked it."""
        return self.checked_at is not None and self.changed_at > self.checked_at

    @property
    def waits_for_check(self) -> bool:
        """Whether the Secretariat sees it, and has not checked it as it is now."""
        seen = self.audience != ActionPlan.Audience.COUNTRY
        return seen and (self.checked_at is None or self.is_changed_since_check)


# The statuses of a plan that is worked on, and those that say that a country has, or had, an adopted one.
IN_HAND = (ActionPlan.Status.DEVELOPMENT, ActionPlan.Status.ADOPTED, ActionPlan.Status.IMPLEMENTATION)
ADOPTED = (ActionPlan.Status.ADOPTED, ActionPlan.Status.IMPLEMENTATION, ActionPlan.Status.EVALUATED)


class PlanActionQuerySet(models.QuerySet["PlanAction"]):
    """Actions of plans, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """All of the plans that somebody sees; a contributor sees only their own actions of a plan."""
        whole = Q(plan__country__in=countries_of(user))
        if roles_of(user) & {Role.SECRETARIAT, Role.ANALYST}:
            whole |= ~Q(plan__audience=ActionPlan.Audience.COUNTRY)
        if Role.CONTRIBUTOR in roles_of(user):
            whole |= Q(Exists(Delegation.objects.of(user).filter(action=OuterRef("pk"))))
        return self.filter(whole, plan__country__is_rehearsal=rehearsal.is_on())

    def due(self, day: date) -> Self:
        """Those of plans in hand whose last day is at most that day, and which are neither done nor dropped."""
        return self.filter(plan__status__in=IN_HAND, status__in=OPEN, ends__lte=day)

    def overdue(self, today: date | None = None) -> Self:
        """Those of plans in hand whose last day has passed, and which are neither done nor dropped."""
        return self.due((today or clock.today()) - timedelta(days=1))


class PlanAction(models.Model):
    """An action of a plan: what, who leads, until when, and how far it has come. In a ranked list, number is rank."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Not begun")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    plan = models.ForeignKey(ActionPlan, models.CASCADE, related_name="actions", verbose_name=_("plan"))
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("action"))
    lead = models.CharField(_("lead"), max_length=200, blank=True)
    partners = models.CharField(_("partners"), max_length=500, blank=True)
    starts = models.DateField(_("start"), null=True, blank=True)
    ends = models.DateField(_("end"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    indicators = models.JSONField(_("indicators that it should lift"), default=list, blank=True)  # codes
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    folded = models.TextField(_("words for the search"), default="", editable=False)

    objects = PlanActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action of a plan")
        verbose_name_plural = _("actions of plans")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="action_number_unique_in_plan",
                violation_error_message=_("Another action of the plan has this number."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="action_has_text",
                violation_error_message=_("Say what is to be done."),
            ),
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")) | Q(starts__isnull=True) | Q(ends__isnull=True),
                name="action_dates_in_order",
                violation_error_message=_("The action ends before it starts: correct one of the dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor dropped."""
        return self.status in OPEN

    @property
    def is_overdue(self) -> bool:
        """Whether its last day has passed and it is open, in a plan that is in hand."""
        return self.is_open and self.plan.is_in_hand and self.ends is not None and self.ends < clock.today()


OPEN = (PlanAction.Status.PLANNED, PlanAction.Status.UNDER_WAY)  # an action that is neither done nor dropped


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Who works on which action."""

    def unended(self) -> Self:
        """Those that nobody has ended and whose last day is not over."""
        return self.filter(ended_at=None, until__gte=clock.today())

    def of(self, user: Person) -> Self:
        """Those that a contributor works on today, for a country whose contributor they are."""
        countries = countries_of(user, Role.CONTRIBUTOR)
        return self.unended().filter(person=user.pk, action__plan__country__in=countries)


class Delegation(models.Model):
    """An action given to a contributor of the country until a day; it counts while their membership does."""

    action = models.ForeignKey(PlanAction, models.CASCADE, related_name="delegations", verbose_name=_("action"))
    person = models.ForeignKey(User, models.CASCADE, related_name="delegations", verbose_name=_("person"))
    until = models.DateField(_("until"), help_text=_("The last day with access."))
    # Until the person accepts, pages show what the focal point typed: it must not reveal who has an account.
    invited_name = models.CharField(_("name as the inviter gave it"), max_length=150, blank=True)
    invited_address = models.EmailField(_("address as the inviter gave it"), blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given at"), default=clock.now)
    ended_by = optional_person(_("ended by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("action given to a contributor")
        verbose_name_plural = _("actions given to contributors")
        ordering = ["action", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "person"],
                condition=Q(ended_at=None),
                name="delegation_one_per_action_and_person",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ProgressNote(models.Model):
    """What somebody wrote about how an action is coming on. Append-only, never published."""

    action = models.ForeignKey(PlanAction, models.CASCADE, related_name="notes", verbose_name=_("action"))
    text = models.TextField(_("text"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)

    class Meta:
        verbose_name = _("progress note")
        verbose_name_plural = _("progress notes")
        ordering = ["action", "-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="progress_note_has_text",
                violation_error_message=_("Write the note."),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class PlanPiece(StoredFile):
    """A document or link of a plan, or the evidence of an action.

    Links of the plan itself are published with it; files, and whatever belongs to an action, never.
    """

    plan = models.ForeignKey(ActionPlan, models.CASCADE, related_name="pieces", verbose_name=_("plan"))
    action = models.ForeignKey(
        PlanAction, models.CASCADE, null=True, blank=True, related_name="pieces", verbose_name=_("action")
    )
    file = models.FileField(_("file"), upload_to="plans/%Y/", storage=private_storage, blank=True)
    url = models.URLField(_("link"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("file or link of a plan")
        verbose_name_plural = _("files and links of plans")
        ordering = ["plan", "added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(url="")) | (~Q(file="") & Q(url="") & ~Q(sha256="")),
                name="plan_piece_is_file_or_link",
                violation_error_message=_("It is either a file or a link."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"  # the name of a file is the country's, as the file is


class PlanChange(models.Model):
    """What was done with a plan or one of its actions: by whom, when, from where, old and new. Append-only."""

    class Act(models.TextChoices):
        ENTER = "enter", _("Entered")
        EDIT = "edit", _("Changed")
        SHOW = "show", _("Readers changed")
        CHECK = "check", _("Checked by the Secretariat")
        ADD_ACTION = "add_action", _("Action added")
        EDIT_ACTION = "edit_action", _("Action changed")
        REMOVE_ACTION = "remove_action", _("Action removed")
        ADD_PIECE = "add_piece", _("File or link added")
        REMOVE_PIECE = "remove_piece", _("File or link removed")

    plan = models.ForeignKey(ActionPlan, models.CASCADE, related_name="changes", verbose_name=_("plan"))
    act = models.CharField(_("what"), max_length=15, choices=Act)
    action = models.ForeignKey(
        PlanAction, models.SET_NULL, null=True, blank=True, related_name="changes", verbose_name=_("action")
    )
    number = models.PositiveSmallIntegerField(_("number of the action"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)
    origin = models.CharField(_("from"), max_length=10, choices=Origin, default=Origin.PAGE)
    # Field by field, [name, old, new]; a note of a check or the name of a file is the new value of one.
    fields = models.JSONField(_("old and new"), default=list, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("change of a plan")
        verbose_name_plural = _("changes of plans")
        ordering = ["plan", "-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_act_display()} · {self.at:%Y-%m-%d}"
