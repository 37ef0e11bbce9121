"""The questionnaire, which is data: editions of areas, indicators, ladders of levels and data forms."""

from functools import lru_cache
from typing import Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from scoreboard import clock, rehearsal
from scoreboard.models.people import Person, Role, optional_person, roles_of


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Everyone reads those that are used openly; officers, analysts and administrators read all."""
        if user.is_staff or roles_of(user) & {Role.SECRETARIAT, Role.ANALYST}:
            return self
        return self.used_openly()

    def used_openly(self) -> Self:
        """Those in which a cycle of this world was opened: see `rehearsal`."""
        return self.filter(cycles__opened_at__isnull=False, cycles__is_rehearsal=rehearsal.is_on()).distinct()


class Edition(models.Model):
    """One version of the questionnaire; `questionnaire` reads and writes it; it is closed once a cycle uses it."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    year = models.PositiveSmallIntegerField(_("year"))
    title = I18nCharField(_("title"))
    short_title = I18nCharField(_("short title"))
    languages = models.JSONField(_("languages"), default=list)
    # What addresses call the questionnaire through all its editions: stored once, with the first of them.
    instrument = models.SlugField(_("name of the questionnaire in addresses"), max_length=40, blank=True)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="next", verbose_name=_("edition before")
    )
    provisional = models.BooleanField(_("provisional wording"), default=False)
    provisional_note = I18nTextField(_("note on the provisional wording"), blank=True)
    mandate = I18nTextField(_("mandate"), blank=True)
    caution = I18nTextField(_("caution"), blank=True)
    change_caution = I18nTextField(_("caution beside changes"), blank=True)
    reading = I18nTextField(_("how to read the ladder"), blank=True)
    answer_rule = I18nTextField(_("which level to answer with"), blank=True)
    objectives = models.JSONField(_("objectives served"), default=list)
    # The indicator on action plans, and from which level on it says that there is an adopted one; empty if none does.
    action_plans = models.JSONField(_("indicator on action plans"), default=dict, blank=True)
    stamp = models.UUIDField(_("stamp"), default=uuid4, editable=False)  # another one after each change of any part

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-year", "code"]

    def __str__(self) -> str:
        return f"{self.short_title} {self.year}"

    @property
    def is_closed(self) -> bool:
        """Whether a cycle uses it, so that its structure can no longer change."""
        return self.cycles.exists()

    @cached_property
    def whole(self) -> list["Area"]:
        """Its areas with their indicators, levels and data forms, cached between requests: read only."""
        return _parts(self.pk, self.stamp)

    @cached_property
    def all_indicators(self) -> list["Indicator"]:
        """Its indicators in the order of the questionnaire, each knowing its area, levels and data form."""
        return [indicator for area in self.whole for indicator in area.indicators.all()]


@lru_cache(maxsize=16)
def _parts(edition: int, _stamp: UUID) -> list["Area"]:
    """Return the areas of an edition as they are under its stamp, which every change of a part replaces."""
    areas = Area.objects.filter(edition=edition)
    return list(areas.prefetch_related("indicators__levels", "indicators__data_form__columns"))


class Area(models.Model):
    """A part of the questionnaire; results are given per area, never over all of them."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="areas", verbose_name=_("edition"))
    code = models.CharField(_("code"), max_length=10)
    title = I18nCharField(_("title"))
    short_title = I18nCharField(_("short title"), blank=True)
    introduction = I18nTextField(_("introduction"), blank=True)
    report_lead = I18nTextField(_("lead of its chapter in the report"), blank=True)
    sources = models.JSONField(_("codes in the edition before"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["edition", "position"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="area_code_unique_in_edition")]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"


def indicator_label(area: str, code: str) -> str:
    """Return what people call the indicator `code` of an area: "B7"; a code that begins with its area's stays as it is.

    A full stop separates two numbers: in area 2, indicator 3 is 2.3 and indicator 23 is 2.23.
    """
    rest = code.removeprefix(area)
    if rest and rest != code and not (area[-1].isdigit() and rest[0].isdigit()):
        return code
    return f"{area}.{code}" if area[-1].isdigit() and code[0].isdigit() else f"{area}{code}"


class Indicator(models.Model):
    """One question of an edition. Its code is stable across editions; its wording is not."""

    class Relation(models.TextChoices):
        SAME = "same", _("same as before")
        REVISED = "revised", _("revised")
        SPLIT = "split", _("split from")
        NEW = "new", _("new")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="indicators", verbose_name=_("edition"))
    area = models.ForeignKey(Area, models.CASCADE, related_name="indicators", verbose_name=_("area"))
    code = models.CharField(_("code"), max_length=10)
    title = I18nCharField(_("title"))
    short_title = I18nCharField(_("short title"), blank=True)
    measures = I18nTextField(_("what it measures"))
    guidance = I18nTextField(_("guidance"), blank=True)
    relation = models.CharField(_("against the edition before"), max_length=10, choices=Relation, default=Relation.NEW)
    sources = models.JSONField(_("codes in the edition before"), default=list, blank=True)
    not_applicable = models.BooleanField(_("can be answered with not applicable"), default=True)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["edition", "position"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="indicator_code_unique_in_edition")]

    def __str__(self) -> str:
        return f"{self.label} · {self.title}"

    @property
    def label(self) -> str:
        """The indicator's code with its area's before it, as people say it: "B7"."""
        return indicator_label(self.area.code, self.code)

    @cached_property
    def ladder(self) -> list["Level"]:
        """Its levels from the lowest to the highest."""
        return sorted(self.levels.all(), key=lambda level: level.value)


class Level(models.Model):
    """A rung of an indicator's ladder."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="levels", verbose_name=_("indicator"))
    value = models.PositiveSmallIntegerField(_("value"))
    text = I18nTextField(_("text"))

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["indicator", "value"]
        constraints = [models.UniqueConstraint(fields=["indicator", "value"], name="level_unique_on_ladder")]

    def __str__(self) -> str:
        return f"{self.value} · {self.text}"


class DataForm(models.Model):
    """A table of figures that an indicator asks for."""

    indicator = models.OneToOneField(Indicator, models.CASCADE, related_name="data_form", verbose_name=_("indicator"))
    code = models.SlugField(_("code"), max_length=40)
    title = I18nCharField(_("title"))
    introduction = I18nTextField(_("introduction"), blank=True)
    checks = models.JSONField(_("checks"), default=list, blank=True)

    class Meta:
        verbose_name = _("data form")
        verbose_name_plural = _("data forms")

    def __str__(self) -> str:
        return str(self.title)

    @cached_property
    def all_columns(self) -> list["DataFormColumn"]:
        """Its columns from the first to the last."""
        return sorted(self.columns.all(), key=lambda column: column.position)


class DataFormColumn(models.Model):
    """A column of a data form; its kind says what a cell may hold."""

    class Kind(models.TextChoices):
        YEAR = "year", _("year")
        INTEGER = "integer", _("whole number")
        DECIMAL = "decimal", _("number")
        TEXT = "text", _("text")
        CHOICE = "choice", _("choice")
        SPECIES = "species", _("species")
        YES_NO = "yes_no", _("yes or no")

    form = models.ForeignKey(DataForm, models.CASCADE, related_name="columns", verbose_name=_("data form"))
    code = models.SlugField(_("code"), max_length=40)
    title = I18nCharField(_("title"))
    help = I18nTextField(_("help"), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    required = models.BooleanField(_("required"), default=False)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("data form column")
        verbose_name_plural = _("data form columns")
        ordering = ["form", "position"]
        constraints = [
            models.UniqueConstraint(fields=["form", "code"], name="column_code_unique_in_form"),
            models.CheckConstraint(condition=~Q(kind="choice") | ~Q(choices=[]), name="column_of_choices_has_some"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class EditionChange(models.Model):
    """The log of an edition: who imported or reworded it, when, and what changed, place by place."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="changes", verbose_name=_("edition"))
    at = models.DateTimeField(_("at"), default=clock.now)
    by = optional_person(_("by"))
    places = models.JSONField(_("what changed"), default=list)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("edition change")
        verbose_name_plural = _("edition changes")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.edition} · {self.at:%Y-%m-%d %H:%M}"
