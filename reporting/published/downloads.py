"""The rows of the explore page as files: a table for CSV and XLSX, JSON, and a chart with its source."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from reporting.charts import change, small, tiles
from reporting.charts.svg import Chart
from reporting.document import numbers
from reporting.document.parts import KINDS
from reporting.exports import files, xlsx
from reporting.exports.tables import Table, Value
from reporting.models import PublishedIssue
from reporting.published import pictures
from reporting.published.exploring import Item, View
from reporting.published.rows import Cell, Row, Shown, medians
from reporting.results.scoring import Spread, rounded
from scoreboard.models import Country

WORDS = {"none": "no_report", "absent": "not_asked"}  # what files call cells that are no answers


def table(view: View, shown: Shown) -> Table:
    """Return the rows as a table: one row a country, item and cycle, in the order of the page.

    Those of countries that are compared and that the filters leave out come last.
    """
    columns = [
        "country_iso2",
        "country",
        "kind_of_row",
        "code",
        "title",
        "cycle",
        "issue",
        "answer",
        "level",
        "percent",
    ]
    columns += ["scored", "of", "wording_changed", "change_since_cycle", "change", "change_over_indicators", "compared"]
    rows = [_line(view, row, cell) for row in shown.all for cell in row.cells]
    return Table("explore", title(view), columns, rows, len(rows))


def _line(view: View, row: Row, cell: Cell) -> list[Value]:
    changes = row.change if cell is row.cells[-1] and row.change and row.change.by is not None else None
    by = changes.by if changes else None
    return [
        *(row.iso2, row.name, "area" if row.item.is_area else "indicator", row.item.label),
        *(str(numbers.text(row.item.title)), cell.issue.cycle_code, cell.issue.number),
        WORDS.get(cell.kind, cell.kind),
        cell.level,
        None if cell.percent is None else rounded(cell.percent),
        cell.scored if row.item.is_area and cell.of else None,
        cell.of or None,
        cell.broken,
        view.issues[-2].cycle_code if changes else "",
        None if by is None else rounded(by),
        changes.n if changes else None,
        row.iso2 in view.compare,
    ]


def csv(view: View, shown: Shown) -> bytes:
    """Return the rows as CSV; text that a spreadsheet would take for a formula begins with an apostrophe."""
    return files.csv_table(table(view, shown))


def workbook(view: View, shown: Shown, address: str) -> bytes:
    """Return the rows as a workbook, whose first sheet says where they come from."""
    about = [(_("Contents"), title(view)), (_("Source"), pictures.source(view.issues)), (_("Address"), address)]
    return xlsx.write_workbook([table(view, shown)], about=about, created=pictures.latest(view.issues))


def as_json(view: View, shown: Shown, address: str) -> bytes:
    """Return the rows as JSON, with the issues that they come from."""
    return json_of(table(view, shown), view.issues, title(view), basis=view.known.rounds.basis, address=address)


def json_of(rows: Table, issues: Sequence[PublishedIssue], title: str, **about: str) -> bytes:
    """Return a table as JSON, with a title, the issues that it comes from, and what else is given."""
    data = {
        "title": title,
        "source": pictures.source(issues),
        "example": pictures.is_example(issues),
        **about,
        "issues": [
            {"cycle": one.cycle_code, "issue": one.number, "published": one.published_at.date().isoformat()}
            for one in issues
        ],
        "count": rows.expected,
        "rows": [dict(zip(rows.columns, map(_plain, row), strict=True)) for row in rows.rows],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _plain(value: Value) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def title(view: View) -> str:
    """Return what a view shows, in words."""
    if len(view.items) == 1:
        item = view.items[0]
        subject = f"{item.label} {numbers.text(item.title)}"
    elif view.indicator:
        subject = _("all indicators") if view.area == "all" else _("the indicators of area %s") % view.area
    else:
        subject = _("all areas")
    cycles = ", ".join(one.cycle_code for one in view.issues)
    return " · ".join([subject, *filter(None, [members(view)]), cycles])


def members(view: View) -> str:
    """Return the names of the group and the sub-region to which a view is limited, empty for all countries."""
    return ", ".join(filter(None, [view.known.subregions.get(view.subregion), view.known.groups.get(view.group)]))


def chart(view: View, shown: Shown) -> Chart | None:
    """Return what a view of one item shows as a chart: the countries compared, else a map; None if there is none."""
    if len(view.items) != 1 or view.sort == "cycle":
        return None
    item = view.items[0]
    if view.compare:
        return comparison(view, shown, medians(view, shown.rows, item), item)
    return tile_map(view, shown.rows, item)


def comparison(view: View, shown: Shown, middle: Sequence[Spread | None], item: Item) -> Chart | None:
    """Return the chart of the countries compared in an item: a panel each, with the median as a ring; None if none."""
    panels = [
        change.Panel(
            row.name,
            [
                change.Point(
                    cell.issue.cycle_code,
                    None if cell.percent is None else float(cell.percent),
                    "" if cell.percent is None else numbers.number(cell.percent) if item.is_area else str(cell.level),
                    _("%(scored)d of %(of)d") % {"scored": cell.scored, "of": cell.of} if cell.of else "",
                    None if spread is None else float(spread.median),
                    begins_anew=cell.broken,
                )
                for cell, spread in zip(row.cells, middle, strict=True)
            ],
        )
        for row in shown.compared
        if row.item == item
    ]
    if not panels:
        return None
    words = f"{item.label} {numbers.text(item.title)}"
    among = members(view) if members(view) and not view.level + view.change else _("the countries of this view")
    description = _("Percent by cycle, from 0 to 100, one panel a country; the ring is the median of %s.") % among
    line = f"{words}. {description} {pictures.source(view.issues)}"
    rtl = get_language_bidi()
    return change.multiples(panels, title=words, description=description, none=_("no value"), source=line, rtl=rtl)


def small_comparison(
    compared: Sequence[Row], middle: Sequence[Spread | None]
) -> list[tuple[Row, SafeString, list[tuple[Cell, Spread | None]]]]:
    """Return each country compared with its small chart and its cells, each cell with the median of its cycle."""
    medians = [spread.median if spread else None for spread in middle]
    return [
        (
            row,
            small.series([cell.percent for cell in row.cells], medians, [cell.broken for cell in row.cells]),
            list(zip(row.cells, middle, strict=True)),
        )
        for row in compared
    ]


def tile_map(view: View, found: Sequence[Row], item: Item) -> Chart:
    """Return the map of an item in the last cycle shown as a chart that says where it comes from."""
    words = _("One square a country; a square is a sign, not a border.")
    return map_of(view, found, item).svg(words, pictures.source(view.issues))


def map_of(view: View, found: Sequence[Row], item: Item) -> tiles.TileMap:
    """Return the map of an item in the last cycle shown, with the countries that the view has."""
    signs = {row.iso2: sign(row.cells[-1], item) for row in found if row.item == item}
    shown = {iso2: one for iso2, one in signs.items() if one is not None}
    key = tiles.quarters() if item.is_area else tiles.levels(item.ladder)
    words = f"{item.label} {numbers.text(item.title)}, {view.issues[-1].cycle_code}"
    none = _("no report, or not in this view")
    return tiles.draw(words, Country.objects.all(), shown, key=key, url=lambda one: "", none=none)


def sign(cell: Cell, item: Item) -> tiles.Sign | None:
    """Return the sign of a cell on a map; None where the country did not report."""
    if cell.kind == "percent" and cell.percent is not None:
        number = numbers.number(cell.percent)
        words = _("%(percent)s percent, %(scored)d of %(of)d scored")
        return tiles.share(
            cell.percent,
            words % {"percent": number, "scored": cell.scored, "of": cell.of},
            str(rounded(cell.percent, 0)),
        )
    if cell.kind == "level" and cell.level is not None:
        return tiles.rung(cell.level, item.ladder)
    signs = {"unknown": tiles.unknown, "not_applicable": tiles.not_applicable, "unanswered": tiles.unanswered}
    return signs[cell.kind]() if cell.kind in signs else None


def words(cell: Cell) -> str:
    """Return what a cell without a number says."""
    if cell.kind in ("none", "absent"):
        return _("no report") if cell.kind == "none" else _("not asked in this cycle")
    return str(KINDS["" if cell.kind == "unanswered" else cell.kind])
