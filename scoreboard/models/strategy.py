"""Strategic plans: objectives with actions and milestones, a baseline, and what is to be reached by which year."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField


class StrategicPlan(models.Model):
    """A plan of many countries, by whose objectives the results of a questionnaire are read; a file brings it in.

    The indicators of an objective are those of the objective with the same code in each edition.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    # As addresses call the questionnaire: the name that its first edition has, else the code of that edition.
    instrument = models.SlugField(_("questionnaire"), max_length=40, unique=True)
    title = I18nCharField(_("title"))
    provisional = models.BooleanField(_("provisional wording"), default=False)
    note = I18nTextField(_("note"), blank=True)
    baseline_year = models.PositiveSmallIntegerField(_("baseline year"))
    baseline_cycle = models.SlugField(_("cycle that answers are compared with"), max_length=20, blank=True)
    target_year = models.PositiveSmallIntegerField(_("target year"))
    target_percent = models.PositiveSmallIntegerField(
        _("target, in percent of the baseline"), validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    # The table of figures that the index is made from: its code, and the codes of its columns with the year, with the
    # number, and (if it has one) with a yes for what is comparable; None if the plan has no index.
    index = models.JSONField(_("index"), null=True, blank=True)
    index_title = I18nCharField(_("title of the index"), blank=True)
    index_caution = I18nTextField(_("caution next to the index"), blank=True)
    objectives = models.JSONField(_("objectives"), default=list)  # code, kind, title, actions, milestones

    class Meta:
        verbose_name = _("strategic plan")
        verbose_name_plural = _("strategic plans")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target_year__gt=F("baseline_year")),
                name="strategic_plan_target_after_baseline",
                violation_error_message=_("The target year comes after the baseline year: correct one of them."),
            ),
            models.CheckConstraint(
                condition=Q(target_percent__lte=100),
                name="strategic_plan_target_is_a_share",
                violation_error_message=_("The target is a percentage of the baseline, from 0 to 100."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)
