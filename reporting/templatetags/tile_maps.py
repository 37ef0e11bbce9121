"""The tag that prints a tile map with its key and its table."""

from typing import Any

from django import template

from reporting.charts.tiles import TileMap

register = template.Library()


@register.inclusion_tag("reporting/public/_tile_map.html")
def tile_map(drawn: TileMap, name: str, column: str) -> dict[str, Any]:
    """Print a map; `name` begins its ids on the page, `column` is the head over what its signs say in the table."""
    return {"map": drawn, "name": name, "column": column}
