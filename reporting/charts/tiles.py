"""The tile map: one square a country on a grid, as cells of a page and as SVG; a square is a sign, not a border."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext as _

from reporting.charts.svg import INK, INK_SOFT, LINE_STRONG, PAPER, SHADES, WIDTH, Canvas, Chart, shade, width_of
from scoreboard.models import Country
from scoreboard.text import alphabetical

GAP, HEIGHT = 3, 36  # between squares, and how high one is; as wide as the columns leave room for
QUARTERS = 3  # the rung of the highest quarter: 75 to 100 percent
SUNK = "#f2eee6"  # of a country without a sign


class Sign(NamedTuple):
    """What a square shows: its colour by class, its mark, and both in words."""

    css: str
    mark: str
    words: str
    rung: int | None = None
    of: int = 0


class Row(NamedTuple):
    """A row of the table of a map: a country, what its sign says, and the address of its page."""

    country: Country
    sign: Sign
    url: str


class Tile(NamedTuple):
    """A square of a map; `row` and `column` count from 1 at the top and in the west."""

    country: Country
    sign: Sign
    url: str
    row: int
    column: int


@dataclass(frozen=True)
class TileMap:
    """A map with its key and its table, which also has the countries that have no square."""

    title: str
    tiles: Sequence[Tile]
    key: Sequence[tuple[Sign, str]]
    rows: Sequence[Row]

    @property
    def without_square(self) -> list[Row]:
        """The countries with something to show that have no place on the map, by name."""
        return [row for row in self.rows if row.country.map_row is None]

    def svg(self, description: str, source: str = "") -> Chart:
        """Return the map as a chart; it has west on the left in every language."""
        columns = max((tile.column for tile in self.tiles), default=1)
        rows = max((tile.row for tile in self.tiles), default=0)
        wide, top = (WIDTH + GAP) / columns, 16
        below = top + rows * (HEIGHT + GAP) + 8
        canvas = Canvas(below + 18 * _lines(self.key), rtl=False)
        canvas.text(0, 10, self.title, size=10)
        for tile in self.tiles:
            x, y = (tile.column - 1) * wide, top + (tile.row - 1) * (HEIGHT + GAP)
            _square(canvas, x, y, wide - GAP, HEIGHT, tile.sign)
            ink = _ink(tile.sign)
            css = f"chart-count {tile.sign.css}"
            canvas.text(x + (wide - GAP) / 2, y + 15, tile.country.iso2, anchor="middle", css=css, fill=ink, size=9)
            canvas.text(x + (wide - GAP) / 2, y + 28, tile.sign.mark, anchor="middle", css=css, fill=ink, size=9)
        for x, row, sign, words in _flow(self.key):
            _square(canvas, x, below + 18 * row, 14, 12, sign)
            canvas.text(x + 20, below + 18 * row + 9.5, words, size=8.5)
        return canvas.svg("chart-tiles", self.title, description, source)


def draw(
    title: str,
    countries: Iterable[Country],
    signs: Mapping[str, Sign],
    *,
    key: Sequence[tuple[Sign, str]],
    url: Callable[[Country], str],
    none: str = "",
) -> TileMap:
    """Return the map of `signs` by ISO code; `none` says what a country without one did: by default, not report.

    `url` gives the address of a country's page, nothing for a country without one.

    The table has the countries with a sign, by name.
    """
    found = sorted(countries, key=lambda one: alphabetical(one.name))
    blank = Sign("tile-none", "", none or _("no report"))
    tiles = [
        Tile(one, signs.get(one.iso2, blank), url(one), one.map_row, one.map_column)
        for one in found
        if one.map_row is not None and one.map_column is not None
    ]
    rows = [Row(one, signs[one.iso2], url(one)) for one in found if one.iso2 in signs]
    return TileMap(title, sorted(tiles, key=lambda tile: (tile.row, tile.column)), [*key, (blank, blank.words)], rows)


def rung(level: int, rungs: Sequence[int], words: str = "") -> Sign:
    """Return the sign of a level on its ladder."""
    place, of = rungs.index(level), len(rungs) - 1
    return Sign(f"rung-{place} of-{of}", str(level), words or _("level %d") % level, place, of)


def quarter(percent: Fraction) -> int:
    """Return in which quarter of 0 to 100 an exact percentage is: 0 under 25, 3 from 75 on."""
    return min(QUARTERS, int(percent // 25))


def share(percent: Fraction, words: str, mark: str = "") -> Sign:
    """Return the sign of a percentage: a shade for its quarter, decided by the exact value."""
    place = quarter(percent)
    return Sign(f"rung-{place} of-{QUARTERS}", mark, words, place, QUARTERS)


def not_applicable() -> Sign:
    """Return the sign of an answer that does not apply."""
    return Sign("tile-na", _("n/a"), _("not applicable"))


def unknown() -> Sign:
    """Return the sign of an unknown answer."""
    return Sign("tile-unknown", "?", _("unknown"))


def unanswered() -> Sign:
    """Return the sign of an indicator that a country that reported left open."""
    return Sign("tile-unanswered", "·", _("not answered"))


def took_part(words: str) -> Sign:
    """Return the sign of a country that reported in the cycle."""
    return Sign(f"rung-3 of-{QUARTERS}", "●", words, 3, QUARTERS)


def took_part_before(words: str) -> Sign:
    """Return the sign of a country that reported in an earlier cycle only."""
    return Sign(f"rung-1 of-{QUARTERS}", "◐", words, 1, QUARTERS)


def quarters() -> list[tuple[Sign, str]]:
    """Return the key of a map of percentages."""
    words = [_("under 25"), _("25 to under 50"), _("50 to under 75"), _("75 to 100")]
    return [(share(Fraction(25 * n), text), text) for n, text in enumerate(words)]


def levels(rungs: Sequence[int]) -> list[tuple[Sign, str]]:
    """Return the key of a map of an indicator's answers."""
    found = [(rung(level, rungs), _("level %d") % level) for level in rungs]
    return [*found, *((sign, sign.words) for sign in (not_applicable(), unknown(), unanswered()))]


def _square(canvas: Canvas, x: float, y: float, width: float, height: float, sign: Sign) -> None:
    fill = PAPER if sign.rung is None else SHADES[shade(sign.rung, sign.of)]
    if sign.css == "tile-none":
        canvas.rect(x, y, width, height, css="chart-tile tile-none", fill=SUNK)
        return
    dash = "2 2" if sign.css in ("tile-unknown", "tile-na") else ""
    canvas.rect(x, y, width, height, css=f"chart-part {sign.css}", fill=fill, stroke=LINE_STRONG, dash=dash)


def _ink(sign: Sign) -> str:
    if sign.rung is None:
        return INK_SOFT
    return PAPER if shade(sign.rung, sign.of) > 4 else INK


def _flow(key: Sequence[tuple[Sign, str]]) -> list[tuple[float, int, Sign, str]]:
    """The places of the key's entries, on as many lines as they need."""
    x, row, found = 0.0, 0, []
    for sign, words in key:
        wide = 20 + width_of(words, 8.5) + 14
        if x and x + wide > WIDTH:
            x, row = 0.0, row + 1
        found.append((x, row, sign, words))
        x += wide
    return found


def _lines(key: Sequence[tuple[Sign, str]]) -> int:
    return _flow(key)[-1][1] + 1 if key else 0
