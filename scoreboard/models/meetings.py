"""Meetings of a space with their agenda, decisions and minutes, and its papers with their versions."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock

from .people import Person, Role, User, optional_person, roles_of
from .spaces import Space
from .stored_files import StoredFile, private_storage


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Those of the spaces that the person sees."""
        return self.filter(space__in=Space.objects.visible_to(user))


class Meeting(models.Model):
    """A meeting of a space. `network.meetings` has its verbs."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="meetings", verbose_name=_("space"))
    title = models.CharField(_("title"), max_length=200)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    place = models.CharField(_("place and time"), max_length=200, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    minutes = models.TextField(_("minutes"), blank=True)
    minutes_revision = models.PositiveIntegerField(_("revision of the minutes"), default=0)
    minutes_by = optional_person(_("minutes written by"))
    minutes_at = models.DateTimeField(_("minutes written at"), null=True, blank=True)
    shared_by = optional_person(_("minutes shared by"))
    shared_at = models.DateTimeField(_("minutes shared with the members at"), null=True, blank=True)
    folded = models.TextField(_("words for the search"), default="", editable=False)
    folded_minutes = models.TextField(_("words of the minutes for the search"), default="", editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")),
                name="meeting_days_in_order",
                violation_error_message=_("The last day is before the first one."),
            ),
            models.CheckConstraint(
                condition=Q(shared_at__isnull=True) | ~Q(minutes=""), name="meeting_minutes_shared_once_written"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PaperQuerySet(models.QuerySet["Paper"]):
    """Papers, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Those of the spaces that the person sees, hidden ones for officers alone."""
        found = self.filter(space__in=Space.objects.visible_to(user))
        return found if Role.SECRETARIAT in roles_of(user) else found.filter(hidden_at=None)


class Paper(models.Model):
    """A document of a space, in one version or several. `network.papers` has its verbs."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="papers", verbose_name=_("space"))
    title = models.CharField(_("title"), max_length=200)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"), default=clock.now)
    changed_at = models.DateTimeField(_("last version at"), default=clock.now)
    hidden_by = optional_person(_("hidden by"))
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)
    folded = models.TextField(_("words for the search"), default="", editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class PaperVersion(StoredFile):
    """A version of a paper: its file, and what is new in it. Versions are never changed or removed."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="versions", verbose_name=_("paper"))
    number = models.PositiveSmallIntegerField(_("version"))
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    file = models.FileField(_("file"), upload_to="spaces/%Y/", storage=private_storage)

    class Meta:
        verbose_name = _("version of a paper")
        verbose_name_plural = _("versions of papers")
        ordering = ["paper", "-number"]
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="paper_version_once")]

    def __str__(self) -> str:
        return f"{self.paper} · {self.number}"


class AgendaItem(models.Model):
    """An item of a meeting's agenda, its papers, and what was decided on it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    notes = models.TextField(_("notes"), blank=True)
    papers = models.ManyToManyField(Paper, blank=True, related_name="items", verbose_name=_("papers"))
    decision = models.TextField(_("decision"), blank=True)
    decided_by = optional_person(_("decision entered by"))
    decided_at = models.DateTimeField(_("decision entered at"), null=True, blank=True)
    folded = models.TextField(_("words for the search"), default="", editable=False)

    class Meta:
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of agendas")
        ordering = ["meeting", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="agenda_decision_exactly_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"
