"""People and the roles they hold: users, and memberships with from and to dates."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal
from scoreboard.models.countries import Country, CountryGroup, DatedQuerySet, Organisation
from scoreboard.text import one_line


class UserManager(BaseUserManager["User"]):
    """Makes people, who are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new person; without a password they cannot sign in until they set one by a mailed link."""
        user = self.model(email=self.normalize_email(one_line(email)).lower(), **fields)
        user.name = one_line(user.name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)

    def with_memberships(self, pk: int) -> "User | None":
        """Return a person who knows what they are a member of today, in one query if that is anything."""
        memberships = list(Membership.objects.current(pk))
        person = memberships[0].person if memberships else self.filter(pk=pk).first()
        if person is not None:
            person.current_memberships = memberships
            for membership in memberships:
                membership.person = person
        return person

    def all_with_memberships(self, people: Iterable["User"]) -> list["User"]:
        """Return several people who know what they are a member of today, in one query for all."""
        people = list(people)
        held = Membership.objects.in_force().filter(person__in=people, person__is_active=True)
        memberships = defaultdict(list)
        for membership in held.select_related("country", "organisation"):
            memberships[membership.person_id].append(membership)
        for person in people:
            person.current_memberships = memberships[person.pk]
        return people


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. What they may do comes from memberships, what they administer from `is_staff`."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Untick instead of deleting: what the person wrote stays theirs."),
    )
    is_staff = models.BooleanField(_("administrator"), default=False, help_text=_("May enter the administration."))
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        help_text=_("Of e-mails to this person: the one last chosen on a page."),
    )
    date_joined = models.DateTimeField(_("joined"), default=clock.now, editable=False)
    link_sent_at = models.DateTimeField(
        _("link sent at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the last invitation with a link to set a password was sent."),
    )
    staff_offered_at = models.DateTimeField(
        _("asked to be an administrator at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Set until the person accepts or declines."),
    )
    second_factor_due = models.DateField(
        _("second factor due"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The last day on which the person, who must have a second factor, can do without."),
    )
    unwanted_mails = models.JSONField(
        _("unwanted mails"),
        default=list,
        blank=True,
        editable=False,
        help_text=_("Kinds of mail that the person does without."),
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("Somebody with this e-mail address has an account already."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Whether the administration lets them: an administrator may do all that it offers.

        There is no finer grain and no permission per person; what nobody may change, such as answers, the
        administration does not offer for change to anybody.
        """
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff

    @cached_property
    def current_memberships(self) -> list["Membership"]:
        """The memberships in force today, queried once per request."""
        if not self.is_active:
            return []
        return list(Membership.objects.current(self.pk))


def optional_person(
    verbose_name: Any, *, blank: bool = True, **options: Any
) -> "models.ForeignKey[User | None, User | None]":
    """Return a field for who did something; it is empty until then, and that person cannot be deleted."""
    return models.ForeignKey(
        User, models.PROTECT, null=True, blank=blank, related_name="+", verbose_name=verbose_name, **options
    )


class MembershipQuerySet(DatedQuerySet["Membership"]):
    """Memberships, which are in force only once their person has accepted."""

    def in_force(self, today: date | None = None) -> Self:
        """Those in force today, which nobody has ended."""
        return super().in_force(today).filter(accepted_at__isnull=False, ended_at=None)

    def current(self, person: int) -> Self:
        """Those of a person, given by primary key, that are in force today, with all that pages show of them."""
        return self.filter(person=person).in_force().select_related("person", "country", "organisation")

    def offered(self, today: date | None = None) -> Self:
        """Those that their person can still accept."""
        return self.filter(accepted_at=None, declined_at=None).unended(today)

    def unended(self, today: date | None = None) -> Self:
        """Those whose last day is not over, and which nobody has ended or withdrawn."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=today or clock.today()), ended_at=None)

    def visible_to(self, user: "Person") -> Self:
        """Officers see everybody's, focal points those for their countries, and everybody their own."""
        roles = roles_of(user)
        if Role.SECRETARIAT in roles:
            return self
        seen = Q(person=user.pk)
        if Role.FOCAL in roles:
            seen |= Q(country__in=countries_of(user))
        return self.filter(seen)


MembershipsEverywhere = models.Manager.from_queryset(MembershipQuerySet)


class MembershipManager(MembershipsEverywhere["Membership"]):
    """The memberships of this world, see `rehearsal`; those that belong to no country count in both."""

    def get_queryset(self) -> MembershipQuerySet:
        here = Q(country=None) | Q(country__is_rehearsal=rehearsal.is_on())
        return MembershipQuerySet(self.model, using=self._db).filter(here)


class Role(models.TextChoices):
    """The role of a membership; `rules` says what it allows."""

    FOCAL = "focal", _("Focal point")
    CONTRIBUTOR = "contributor", _("Contributor")
    SECRETARIAT = "secretariat", _("Secretariat")
    ANALYST = "analyst", _("Analyst")
    OBSERVER = "observer", _("Observer")
    GUEST = "guest", _("Guest")

    @property
    def is_national(self) -> bool:
        """Whether the role is held for a country."""
        return self in NATIONAL_ROLES


NATIONAL_ROLES = (Role.FOCAL, Role.CONTRIBUTOR)


class Membership(models.Model):
    """A role that a person holds for a country or an organisation, from one date to another."""

    person = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("country")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("organisation"),
    )
    networks = models.ManyToManyField(
        CountryGroup,
        blank=True,
        related_name="role_memberships",
        limit_choices_to={"secretariat__isnull": False},
        verbose_name=_("networks"),
        help_text=_("For which a focal point was named."),
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day with access; it ends at midnight UTC.")
    )
    # A contributor's membership lasts as long as their parts, and no part longer than an administrator said.
    limit = models.DateField(_("last day set by an administrator"), null=True, blank=True, editable=False)
    # A person who has an account already accepts first: until then the membership gives nothing.
    offered_by = optional_person(_("offered by"), editable=False)
    offered_at = models.DateTimeField(_("offered at"), default=clock.now, editable=False)
    offered_name = models.CharField(_("name as the inviter gave it"), max_length=150, blank=True, editable=False)
    offered_address = models.EmailField(_("address as the inviter gave it"), blank=True, editable=False)
    offered_as = models.CharField(
        _("offered in the role of"),
        max_length=20,
        blank=True,
        editable=False,
        help_text=_("Which of the inviter’s roles allowed it; empty for the command line."),
    )
    note = models.TextField(_("personal note of the invitation"), blank=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True, default=clock.now, editable=False)
    declined_at = models.DateTimeField(_("declined at"), null=True, blank=True, editable=False)
    # Ended or withdrawn at once; a later last day is in `until`.
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    ended_by = optional_person(_("ended by"), editable=False)

    objects = MembershipManager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=NATIONAL_ROLES, country__isnull=False, organisation__isnull=True)
                | (~Q(role__in=NATIONAL_ROLES) & Q(country__isnull=True)),
                name="membership_country_fits_role",
                violation_error_message=_(
                    "A focal point or contributor belongs to a country; every other role belongs to none."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.OBSERVER) | Q(organisation__isnull=False),
                name="membership_observer_has_organisation",
                violation_error_message=_("An observer belongs to an organisation: choose one."),
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")) | Q(since__isnull=True) | Q(until__isnull=True),
                name="membership_dates_in_order",
                violation_error_message=_("The membership ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True),
                name="membership_accepted_or_declined",
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(str(part) for part in (self.get_role_display(), self.country or self.organisation) if part)

    @property
    def is_in_force(self) -> bool:
        """Whether it gives access today."""
        begun = self.since is None or self.since <= clock.today()
        return self.accepted_at is not None and begun and self.is_unended

    @property
    def is_unended(self) -> bool:
        """Whether nobody has ended it and its last day is not over; it may wait to be accepted."""
        return self.ended_at is None and (self.until is None or self.until >= clock.today())

    @property
    def is_used(self) -> bool:
        """Whether its person has accepted it, for a new one by setting a password."""
        return self.accepted_at is not None and self.person.has_usable_password()

    @property
    def who(self) -> str:
        """Whom an inviter sees: until the person accepts, the name or address that the inviter typed."""
        return str(self.person) if self.accepted_at else self.offered_name or self.address

    @property
    def address(self) -> str:
        """The address that an inviter sees: until the person accepts, the one that the inviter typed."""
        return self.person.email if self.accepted_at else self.offered_address


Person = User | AnonymousUser  # whoever asks


def roles_of(user: Person) -> frozenset[Role]:
    """Return the roles that somebody holds today, for whichever country; none if they are not signed in."""
    return frozenset(Role(membership.role) for membership in _memberships(user))


def countries_of(user: Person, role: Role = Role.FOCAL) -> list[Country]:
    """Return the countries for which somebody holds the role today, none if they are not signed in."""
    return [membership.country for membership in _memberships(user) if membership.role == role and membership.country]


def organisations_of(user: Person) -> list[Organisation]:
    """Return the organisations for which somebody observes today, none if they are not signed in."""
    held = [membership for membership in _memberships(user) if membership.role == Role.OBSERVER]
    return [membership.organisation for membership in held if membership.organisation]


def _memberships(user: Person) -> list[Membership]:
    return user.current_memberships if isinstance(user, User) else []
