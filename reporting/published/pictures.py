"""Charts over all cycles that leave their pages, each with its title and a line that says where it comes from."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from reporting.charts import bars, change
from reporting.charts.bars import Part, Stack
from reporting.charts.svg import Chart
from reporting.document import captions, numbers
from reporting.models import PublishedIssue
from reporting.published.area import AreaPage
from reporting.published.country import AreaPoint, CountryPage
from reporting.published.group import GroupPage
from reporting.published.indicator import Distribution, IndicatorPage, Share
from reporting.published.rounds import Place
from reporting.results.scoring import Spread

LOOKS = {"not_applicable": "hatched", "unknown": "dotted", "unanswered": "blank"}


def latest(issues: Sequence[PublishedIssue]) -> datetime:
    """Return when the last of the issues was published."""
    return max(one.published_at for one in issues)


def is_example(issues: Sequence[PublishedIssue]) -> bool:
    """Whether any of the issues is of invented data."""
    return any(one.is_example for one in issues)


def source(issues: Sequence[PublishedIssue]) -> str:
    """Return the line that says where figures of these issues come from, as charts and files carry it."""
    words = {"portal": settings.PORTAL_NAME, "day": date_format(latest(issues), "DATE_FORMAT")}
    each = [_("%(cycle)s issue %(issue)d") % {"cycle": one.cycle_code, "issue": one.number} for one in issues]
    line = _("Source: %(portal)s, %(issues)s, published until %(day)s") % (words | {"issues": ", ".join(each)})
    return f"{_('Invented example data.')} {line}" if is_example(issues) else line


def title_of_country(page: CountryPage) -> str:
    """Return what the chart of a country shows."""
    return _("%(country)s: percent of the possible points, by area and cycle") % {
        "country": numbers.text(page.country.name)
    }


def of_country(page: CountryPage) -> Chart:
    """Return a country's areas over the cycles: a panel each, with the median of all countries as a ring."""
    title, issues = title_of_country(page), page.rounds.issues
    description = _("From 0 to 100, one panel an area; the ring is the median of all countries of the cycle.")
    panels = [
        change.Panel(f"{line.area.code}. {numbers.text(line.area.short_title)}", [_point(one) for one in line.points])
        for line in page.areas
    ]
    return _panels(panels, title, description, issues)


def _point(one: AreaPoint) -> change.Point:
    return change.Point(
        one.issue.cycle_code,
        None if one.percent is None else float(one.percent),
        "" if one.percent is None else numbers.number(one.percent),
        _("%(scored)d of %(of)d") % {"scored": one.scored, "of": one.of} if one.of else "",
        None if one.median is None else float(one.median),
        begins_anew=bool(one.broken),
    )


def title_of_area(page: AreaPage) -> str:
    """Return what the chart of an area shows."""
    words = {"area": f"{page.area.code}. {numbers.text(page.area.short_title)}"}
    return _("%(area)s: median of the countries, by cycle") % words


def of_area(page: AreaPage) -> Chart:
    """Return the median of all countries in an area over the cycles."""
    title, description = title_of_area(page), _("From 0 to 100, with the number of countries.")
    points = [_median(one.place, one.spread, None) for one in page.cycles]
    label = f"{page.area.code}. {numbers.text(page.area.short_title)}"
    return _panels([change.Panel(label, points)], title, description, page.rounds.issues)


def title_of_group(page: GroupPage) -> str:
    """Return what the chart of a group shows."""
    return _("%(group)s: median of its countries, by area and cycle") % {"group": numbers.text(page.name)}


def of_group(page: GroupPage) -> Chart:
    """Return a group's areas over the cycles: a panel each, with the median of all countries as a ring."""
    title = title_of_group(page)
    description = _("From 0 to 100, one panel an area; the ring is the median of all countries of the cycle.")
    panels = [
        change.Panel(
            f"{line.area.code}. {numbers.text(line.area.short_title)}",
            [_median(one.place, one.members, one.median) for one in line.cycles],
        )
        for line in page.areas
    ]
    return _panels(panels, title, description, page.rounds.issues)


def _median(place: Place, spread: Spread | None, ring: Fraction | None) -> change.Point:
    return change.Point(
        place.issue.cycle_code,
        float(spread.median) if spread else None,
        numbers.number(spread.median) if spread else "",
        _("n = %d") % spread.n if spread else "",
        None if ring is None else float(ring),
        begins_anew=bool(place.broken),
    )


def _panels(panels: Sequence[change.Panel], title: str, description: str, issues: Sequence[PublishedIssue]) -> Chart:
    line = f"{title}. {description} {source(issues)}"
    none, rtl = _("no value"), get_language_bidi()
    return change.multiples(panels, title=title, description=description, none=none, source=line, rtl=rtl)


def title_of_indicator(page: IndicatorPage) -> str:
    """Return what the chart of an indicator shows."""
    words = {"label": page.indicator.label, "title": numbers.text(page.indicator.short_title)}
    return _("%(label)s %(title)s: how many countries gave each answer, by cycle") % words


def of_indicator(page: IndicatorPage) -> Chart:
    """Return how all countries answered an indicator: a stacked bar a cycle."""
    title = title_of_indicator(page)
    ladders = {tuple(one.indicator.ladder) for one in page.distributions if one.indicator}
    return bars.distributions(
        [Stack(_head(one), [_part(share) for share in one.every]) for one in page.distributions],
        title=title,
        description=_("Stacked bars, one per cycle. The numbers are in the table of the indicator’s page."),
        legend=captions.legend(ladders),
        source=f"{title}. {source(page.rounds.issues)}",
        rtl=get_language_bidi(),
    )


def _head(one: Distribution) -> str:
    words = {"cycle": one.place.issue.cycle_code, "n": one.place.issue.reported}
    if one.indicator is None:
        return _("%(cycle)s: not asked as one question") % words
    if one.place.broken:
        return _("%(cycle)s, %(n)d countries; the wording changed before it") % words
    return _("%(cycle)s, %(n)d countries") % words


def _part(share: Share) -> Part:
    one = share.glyph
    if one.is_level:
        return Part(share.n, str(one.level), one.rung or 0, one.of)
    return Part(share.n, one.words, look=LOOKS[one.state])
