"""Which countries rose from a rung of an indicator, over all published cycles between which it is the same."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.published.glyphs import Given, Glyph, glyph
from reporting.published.indicator import IndicatorPage
from reporting.published.names import Named
from reporting.published.rounds import questionnaires
from scoreboard.models import Edition, Indicator, Submission
from scoreboard.models.people import Person
from scoreboard.submissions import previous_cycle


@dataclass(frozen=True)
class Climb:
    """A country that rose from the rung: what it answered in the cycle before and in the one after, as published."""

    country: Named
    then: Glyph
    now: Glyph
    answer: Given


@dataclass(frozen=True)
class Learning:
    """What a country learns on an indicator: its own level, where that is from, and who rose from it."""

    level: int | None
    is_published: bool  # whether the level is the published one, not that of the answers at work
    climbs: list[Climb]
    why_none: str = ""  # why nothing can be compared

    def climb(self, iso2: str) -> Climb | None:
        """Return how the country with this code rose, if it did."""
        return next((one for one in self.climbs if one.country.iso2 == iso2), None)


def learning(submission: Submission, indicator: Indicator, reader: Person) -> Learning:
    """Return who rose from the rung on which the country of a submission is, as far as `reader` sees it published.

    The rung is that of the submission's own answer, else of the country's latest published one.
    """
    answer = submission.answers.filter(indicator=indicator).select_related("level").first()
    level = answer.level.value if answer and answer.level else None
    page, why_none = _published(submission.cycle.edition, indicator, reader)
    if page is None:
        return Learning(level, is_published=False, climbs=[], why_none=why_none)
    is_published = level is None
    if level is None:
        levels = (page.answer(place.issue, submission.country.iso2) for place in reversed(page.places) if place.code)
        level = next((one.level for one in levels if one and one.level is not None), None)
    climbs = [] if level is None else climbs_from(page, level, but=submission.country.iso2)
    return Learning(level, is_published, climbs)


def climbs_from(page: IndicatorPage, level: int, *, but: str = "") -> list[Climb]:
    """Return who rose from a level between two cycles in a row, each country once, as it did last; `but` left out."""
    found: dict[str, Climb] = {}
    for before, after in zip(page.places, page.places[1:], strict=False):
        if after.broken or not before.code or not after.code:
            continue
        for country in page.countries(after.issue):
            then, now = page.answer(before.issue, country.iso2), page.answer(after.issue, country.iso2)
            if then is None or now is None or now.level is None or then.level != level or country.iso2 == but:
                continue
            if now.level > level:
                found[country.iso2] = Climb(country, glyph(before.issue, then), glyph(after.issue, now), now)
    order = [one.iso2 for issue in reversed(page.rounds.issues) for one in page.countries(issue)]
    return [found[iso2] for iso2 in dict.fromkeys(order) if iso2 in found]


def _published(edition: Edition, indicator: Indicator, reader: Person) -> tuple[IndicatorPage | None, str]:
    """Return the published page of an indicator of an edition; nothing, and why, where there is none to compare."""
    before = dict(Edition.objects.filter(pk__in=previous_cycle.chain(edition)).values_list("code", "pk"))
    for rounds in questionnaires(reader):
        there = before.get(rounds.latest.edition_code)
        if there is None:
            continue
        trace = previous_cycle.traced(edition, there)[indicator.code]
        known = [code for code in trace.codes if code in rounds.indicators]
        if len(known) != 1 or trace.first_change:
            return None, _("The question is not the same as in the published cycles, so that levels are not compared.")
        return IndicatorPage(rounds, known[0]), ""
    return None, _("Nothing is published of this questionnaire yet.")
