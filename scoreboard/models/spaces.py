"""Spaces of the workspace, who is a member of them, and who gets no daily e-mail about them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal

from .countries import CountryGroup, GroupMembership
from .mail import Mail
from .people import Membership, Person, Role, User, optional_person, roles_of

AUDIENCES = (Role.FOCAL, Role.OBSERVER, Role.ANALYST)  # the roles that a space can be for


class SpaceQuerySet(models.QuerySet["Space"]):
    """Spaces, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Officers see all, others the spaces that are for a role of theirs, or to which they are invited today.

        An invitation counts while its person holds a role, if only that of a guest.
        """
        if Role.SECRETARIAT in roles_of(user):
            return self
        if not isinstance(user, User) or not user.current_memberships:
            return self.none()
        seen = Q(pk__in=SpaceMember.objects.in_force().filter(person=user).values("space"))
        for role in roles_of(user) & set(AUDIENCES):
            whole, own = Q(network=None), Q(network__in=_networks_of(user, role))
            seen |= Q(pk__in=SpaceAudience.objects.filter(whole | own, role=role).values("space"))
        return self.filter(seen)

    def open(self) -> Self:
        """Those that are not archived."""
        return self.filter(archived_at=None)


def _networks_of(user: User, role: Role) -> models.QuerySet[CountryGroup]:
    """Return the networks for which a focal point is named, or to which an organisation belongs today."""
    held = [membership for membership in user.current_memberships if membership.role == role]
    if role == Role.FOCAL:
        return CountryGroup.objects.filter(role_memberships__in=[one.pk for one in held])
    organisations = [one.organisation_id for one in held if one.organisation_id]
    belongs = GroupMembership.objects.in_force().filter(organisation__in=organisations)
    return CountryGroup.objects.filter(pk__in=belongs.values("group"))


SpacesEverywhere = models.Manager.from_queryset(SpaceQuerySet)


class SpaceManager(SpacesEverywhere["Space"]):
    """The spaces of this world: the rehearsal (see `rehearsal`) has none."""

    def get_queryset(self) -> SpaceQuerySet:
        found = SpaceQuerySet(self.model, using=self._db)
        return found.none() if rehearsal.is_on() else found


class Space(models.Model):
    """A moderated place for a task force, a working group or a meeting. `network.spaces` has its verbs."""

    class Kind(models.TextChoices):
        TASK_FORCE = "task_force", _("Task force")
        WORKING_GROUP = "working_group", _("Working group")
        MEETING = "meeting", _("Meeting")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.WORKING_GROUP)
    name = models.CharField(_("name"), max_length=150)
    purpose = models.TextField(_("purpose"), blank=True)
    moderator = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("moderator"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    archived_by = optional_person(_("archived by"))
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    is_example = models.BooleanField(_("invented example data"), default=False, editable=False)

    objects = SpaceManager()

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(archived_at__isnull=True, archived_by__isnull=True)
                | Q(archived_at__isnull=False, archived_by__isnull=False),
                name="space_archived_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SpaceAudience(models.Model):
    """A role whose holders are members of a space, all of them or those of one network."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="audiences", verbose_name=_("space"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    network = models.ForeignKey(
        CountryGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("network")
    )

    class Meta:
        verbose_name = _("role of a space")
        verbose_name_plural = _("roles of spaces")
        ordering = ["space", "role", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=AUDIENCES), name="space_audience_role"),
            models.UniqueConstraint(fields=["space", "role", "network"], name="space_audience_once"),
            models.UniqueConstraint(
                fields=["space", "role"], condition=Q(network=None), name="space_audience_of_all_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.network or _('all')}"

    def memberships(self) -> models.QuerySet[Membership]:
        """Return the memberships by which people are members of the space today."""
        found = Membership.objects.in_force().filter(role=self.role, person__is_active=True)
        if self.network_id is None:
            return found
        if self.role == Role.FOCAL:
            return found.filter(networks=self.network_id)
        belongs = GroupMembership.objects.in_force().filter(group=self.network_id, organisation__isnull=False)
        return found.filter(organisation__in=belongs.values("organisation"))


class SpaceMemberQuerySet(models.QuerySet["SpaceMember"]):
    """Invitations to spaces."""

    def in_force(self) -> Self:
        """Those that nobody has ended and whose last day is not over."""
        return self.filter(until__gte=clock.today(), ended_at=None)


class SpaceMember(models.Model):
    """Somebody who is invited to a space until a day. `network.membership` has the verbs."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="members", verbose_name=_("space"))
    person = models.ForeignKey(User, models.CASCADE, related_name="space_members", verbose_name=_("person"))
    until = models.DateField(_("until"), help_text=_("The last day with access; it ends at midnight UTC."))
    offered_name = models.CharField(_("name as the inviter gave it"), max_length=150, blank=True)
    offered_address = models.EmailField(_("address as the inviter gave it"))
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("invited by"))
    invited_at = models.DateTimeField(_("invited at"), default=clock.now)
    ended_by = optional_person(_("ended by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = SpaceMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a space")
        verbose_name_plural = _("invitations to spaces")
        ordering = ["space", "person__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["space", "person"], name="space_member_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="space_member_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space} · #{self.pk}"  # no name: the person may not have accepted

    @property
    def is_in_force(self) -> bool:
        """Whether nobody has ended it and its last day is not over."""
        return self.ended_at is None and self.until >= clock.today()


class SpaceMute(models.Model):
    """Somebody who gets no daily e-mail about a space."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="mutes", verbose_name=_("space"))
    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("since"), default=clock.now)

    class Meta:
        verbose_name = _("space without daily e-mail")
        verbose_name_plural = _("spaces without daily e-mail")
        constraints = [models.UniqueConstraint(fields=["space", "person"], name="space_muted_once")]

    def __str__(self) -> str:
        return f"{self.space} · {self.person}"


class SpaceDigest(models.Model):
    """Of which time a daily e-mail says what is new; its list is made when it is sent (`mail.digest`)."""

    mail = models.OneToOneField(Mail, models.CASCADE, related_name="space_digest", verbose_name=_("mail"))
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("to"))

    class Meta:
        verbose_name = _("daily e-mail about spaces")
        verbose_name_plural = _("daily e-mails about spaces")

    def __str__(self) -> str:
        return f"{self.mail_id} · {self.until:%Y-%m-%d}"
