"""Countries, organisations, and the groups and networks they belong to, with from and to dates."""

from collections.abc import Collection
from datetime import date
from typing import Self, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from scoreboard import clock, rehearsal


class Organisation(models.Model):
    """A Secretariat, or an organisation that observes."""

    class Kind(models.TextChoices):
        SECRETARIAT = "secretariat", _("Secretariat")
        AGREEMENT = "agreement", _("Multilateral environmental agreement")
        NGO = "ngo", _("Non-governmental organisation")
        ADVISORY = "advisory", _("Advisory body")
        NETWORK = "network", _("Other network")
        OTHER = "other", _("Other organisation")

    name = models.CharField(_("name"), max_length=200, unique=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    contact = models.EmailField(
        _("contact address"),
        blank=True,
        help_text=_("Of a Secretariat: pages and mails name it, and replies to mails of the portal go there."),
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.short_name or self.name


class CountryGroupQuerySet(models.QuerySet["CountryGroup"]):
    """Groups, of which some are networks."""

    def networks(self) -> Self:
        """Those that a Secretariat runs."""
        return self.filter(secretariat__isnull=False)


class CountryGroup(models.Model):
    """A group of countries that the assessment reports on, such as the parties to a convention.

    One that a Secretariat runs is a network: people are focal points for it, and organisations can belong to it.
    """

    code = models.SlugField(_("code"), unique=True)
    name = I18nCharField(_("name"))
    secretariat = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="networks",
        limit_choices_to={"kind": Organisation.Kind.SECRETARIAT},
        verbose_name=_("run by the Secretariat"),
        help_text=_("A group with a Secretariat is a network, for which people are focal points."),
    )

    objects = CountryGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("country group")
        verbose_name_plural = _("country groups")
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.name)


class CountryManager(models.Manager["Country"]):
    """The countries of this world: see `rehearsal`."""

    def get_queryset(self) -> models.QuerySet["Country"]:
        return super().get_queryset().filter(is_rehearsal=rehearsal.is_on())


MAP_SIZE = 20  # rows and columns that a tile map has at most, as its style sheet

REHEARSAL_CODES = ("ZZ", "ZZZ")  # which ISO 3166-1 gives to no country


class Country(models.Model):
    """A government that may report; its groups and sub-region are the Secretariat's to confirm."""

    iso2 = models.CharField(
        _("ISO code, two letters"),
        max_length=2,
        unique=True,
        validators=[RegexValidator("^[A-Z]{2}\\Z", _("Type the two letters of ISO 3166-1, such as MT."))],
    )
    iso3 = models.CharField(
        _("ISO code, three letters"),
        max_length=3,
        unique=True,
        validators=[RegexValidator("^[A-Z]{3}\\Z", _("Type the three letters of ISO 3166-1, such as MLT."))],
    )
    name = I18nCharField(_("name"))
    subregion = models.CharField(_("sub-region"), max_length=60, blank=True)
    map_row = models.PositiveSmallIntegerField(
        _("row on the tile map"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAP_SIZE)],
        help_text=_("The country’s square on maps, a sign and not a border; 1 is the top. Empty: not on the map."),
    )
    map_column = models.PositiveSmallIntegerField(
        _("column on the tile map"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAP_SIZE)],
        help_text=_("1 is the column furthest west."),
    )
    is_rehearsal = models.BooleanField(_("rehearsal"), default=False, editable=False)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead officer"),
        help_text=_("The officer of the Secretariat who looks after the country."),
    )
    groups = models.ManyToManyField(
        CountryGroup, through="GroupMembership", related_name="countries", verbose_name=_("groups")
    )

    objects = CountryManager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["iso3"]
        constraints = [
            models.UniqueConstraint(
                fields=["map_row", "map_column"],
                name="country_alone_on_its_tile",
                violation_error_message=_("Another country has this place on the tile map."),
            ),
            models.CheckConstraint(
                condition=Q(map_row__isnull=True, map_column__isnull=True)
                | Q(map_row__isnull=False, map_column__isnull=False),
                name="country_tile_has_row_and_column",
                violation_error_message=_("A place on the tile map has a row and a column: give both or neither."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Write the codes in capitals, as they are compared everywhere, then check each field."""
        self.iso2, self.iso3 = self.iso2.upper(), self.iso3.upper()
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Refuse other codes once the country is used: addresses, files and published results name them."""
        if not self.is_rehearsal and {self.iso2, self.iso3} & set(REHEARSAL_CODES):
            raise ValidationError(_("Choose other codes: ZZ and ZZZ are those of the rehearsal."))
        stored = Country.objects.filter(pk=self.pk).first()
        if stored is None or not stored.is_used:
            return
        fixed = _("This code is fixed: the country takes part in a cycle, or people belong to it.")
        changed = [name for name in ("iso2", "iso3") if getattr(stored, name) != getattr(self, name)]
        if changed:
            raise ValidationError(dict.fromkeys(changed, fixed))

    @property
    def is_used(self) -> bool:
        """Whether the country takes part in a cycle, or anybody is or was a member for it."""
        return bool(self.pk) and (self.submissions.exists() or self.memberships.exists())


Dated = TypeVar("Dated", bound=models.Model)


class DatedQuerySet(models.QuerySet[Dated]):
    """Rows in force from a date, to a date, or both."""

    def in_force(self, today: date | None = None) -> Self:
        """Those in force today; `until` is the last day."""
        today = today or clock.today()
        return self.filter(Q(since__isnull=True) | Q(since__lte=today), Q(until__isnull=True) | Q(until__gte=today))


class GroupMembership(models.Model):
    """The time of a country or an organisation in a group; `people.networks` has its verbs.

    Another kind from a date on is another row, so that the rows of a country are its history.
    """

    class Kind(models.TextChoices):
        MEMBER = "member", _("Member")
        INTERESTED = "interested", _("Interested Party")
        NON_PARTY = "non_party", _("Non-Party")
        OBSERVER = "observer", _("Observer")

    country = models.ForeignKey(
        Country, models.CASCADE, null=True, blank=True, related_name="group_memberships", verbose_name=_("country")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="group_memberships",
        verbose_name=_("organisation"),
    )
    group = models.ForeignKey(CountryGroup, models.CASCADE, related_name="memberships", verbose_name=_("group"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.MEMBER)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day."))
    confirmed = models.BooleanField(_("confirmed by the Secretariat"), default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
        help_text=_("Nobody where it came from a file."),
    )
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("group membership")
        verbose_name_plural = _("group memberships")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")) | Q(since__isnull=True) | Q(until__isnull=True),
                name="group_membership_dates_in_order",
                violation_error_message=_("The membership ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(country__isnull=False, organisation__isnull=True)
                | Q(country__isnull=True, organisation__isnull=False),
                name="group_membership_of_one",
                violation_error_message=_("A membership is that of a country or of an organisation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.group}"

    @property
    def member(self) -> Country | Organisation:
        """The country or the organisation that belongs to the group."""
        found = self.country or self.organisation
        assert found is not None  # noqa: S101 - the database holds one of them
        return found

    @property
    def is_in_force(self) -> bool:
        """Whether it has begun and is not over."""
        today = clock.today()
        return (self.since is None or self.since <= today) and not self.is_over

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < clock.today()
