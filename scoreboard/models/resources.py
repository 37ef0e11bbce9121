"""Resources: guides, laws, decisions, training packages, recordings and institutions, and how often they are used."""

from collections.abc import Iterable
from typing import Self

from django.conf import global_settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal

from .people import Person, Role, User, optional_person, roles_of
from .questionnaire import Area, Indicator
from .stored_files import StoredFile, private_storage

BROKEN_AFTER = 3  # days in a row on which a link did not work


class ResourceQuerySet(models.QuerySet["Resource"]):
    """Resources, scoped to who asks."""

    def published(self) -> Self:
        """What everybody reads."""
        return self.filter(state=Resource.State.PUBLISHED)

    def visible_to(self, user: Person) -> Self:
        """Everybody sees what is published, officers all, and who proposed one that too."""
        if Role.SECRETARIAT in roles_of(user):
            return self
        seen = Q(state=Resource.State.PUBLISHED)
        return self.filter(seen | Q(proposed_by=user.pk) if isinstance(user, User) else seen)

    def on(self, indicators: Iterable[int], areas: Iterable[int]) -> Self:
        """Those tagged with one of these indicators or areas, given by primary key; each once."""
        tagged = Resource.indicators.through.objects.filter(indicator__in=indicators).values("resource")
        of_area = Resource.areas.through.objects.filter(area__in=areas).values("resource")
        return self.filter(Q(pk__in=tagged) | Q(pk__in=of_area))

    def broken(self) -> Self:
        """Those published whose link has not worked for some days."""
        return self.published().filter(link_failures__gte=BROKEN_AFTER)

    def with_content(self) -> Self:
        """With what a page shows of each: its tags and its files."""
        return self.prefetch_related("indicators__area", "areas", "files")


ResourcesEverywhere = models.Manager.from_queryset(ResourceQuerySet)


class ResourceManager(ResourcesEverywhere["Resource"]):
    """All of them in the real portal, none in the rehearsal, of which nothing is published."""

    def get_queryset(self) -> ResourceQuerySet:
        every = ResourceQuerySet(self.model, using=self._db)
        return every.none() if rehearsal.is_on() else every


class Resource(models.Model):
    """Something that helps: by link, as files, or the address of an institution. `network.resources` has its verbs."""

    class Kind(models.TextChoices):
        GUIDE = "guide", _("Guide")
        LAW = "law", _("Law")
        DECISION = "decision", _("Court decision")
        TRAINING = "training", _("Training package")
        RECORDING = "recording", _("Recording")
        CONTACT = "contact", _("Institution to contact")

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody")
        GOVERNMENT = "government", _("Ministries and agencies")
        ENFORCEMENT = "enforcement", _("Police, customs and rangers")
        JUSTICE = "justice", _("Prosecutors and courts")
        SCIENCE = "science", _("Researchers")
        TEACHING = "teaching", _("Teachers and trainers")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Not published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what it is good for"), blank=True)
    url = models.URLField(_("link"), max_length=1000, blank=True)
    email = models.EmailField(_("e-mail address of the institution"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    audience = models.CharField(_("made for"), max_length=12, choices=Audience, default=Audience.EVERYBODY)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    indicators = models.ManyToManyField(Indicator, related_name="+", blank=True, verbose_name=_("indicators"))
    areas = models.ManyToManyField(Area, related_name="+", blank=True, verbose_name=_("areas"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), default=clock.now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)
    decided_by = optional_person(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    link_checked_at = models.DateTimeField(_("link tried at"), null=True, blank=True)
    link_failures = models.PositiveSmallIntegerField(_("days in a row on which the link did not work"), default=0)
    is_example = models.BooleanField(_("invented example"), default=False)
    folded = models.TextField(_("words for the search"), default="", editable=False)

    objects = ResourceManager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="resource_decided_exactly_when_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "withdrawn"]) | ~Q(reason=""),
                name="resource_has_reason",
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        """Whether everybody reads it."""
        return self.state == Resource.State.PUBLISHED

    @property
    def is_broken(self) -> bool:
        """Whether its link has not worked for some days."""
        return self.link_failures >= BROKEN_AFTER

    @property
    def tone(self) -> str:
        """The tone of its state, as pages mark it."""
        tones = {Resource.State.PUBLISHED: "done", Resource.State.PROPOSED: "waiting"}
        return tones.get(Resource.State(self.state), "neutral")

    @property
    def language_name(self) -> str:
        """The name of its language in the reader's."""
        return language_name(self.language) if self.language else ""


LANGUAGES = tuple(code for code, _name in global_settings.LANGUAGES if "-" not in code)  # those that Django names


def language_name(code: str) -> str:
    """Return the name of a language in the reader's, as Django translates it."""
    return str(get_language_info(code)["name_translated"])


class ResourceFile(StoredFile):
    """A file of a resource, which is published with it."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="files", verbose_name=_("resource"))
    file = models.FileField(_("file"), upload_to="resources/%Y/", storage=private_storage)

    class Meta:
        verbose_name = _("file of a resource")
        verbose_name_plural = _("files of resources")
        ordering = ["resource", "added_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """No link: a resource has its own."""
        return ""


class ResourceUse(models.Model):
    """How often a resource was opened in a month; by whom is not stored."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="uses", verbose_name=_("resource"))
    month = models.DateField(_("first day of the month"))
    count = models.PositiveIntegerField(_("how many times"), default=0)

    class Meta:
        verbose_name = _("use of a resource")
        verbose_name_plural = _("uses of resources")
        ordering = ["resource", "month"]
        constraints = [models.UniqueConstraint(fields=["resource", "month"], name="resource_use_once_a_month")]

    def __str__(self) -> str:
        return f"{self.resource} · {self.month:%Y-%m}"
