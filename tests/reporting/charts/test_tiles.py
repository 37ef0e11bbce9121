"""The tile map: each country on its square, in the shade of its exact value, and in a table."""

import json
import re
from fractions import Fraction

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.template import Context, Template

from reporting.charts import tiles
from scoreboard.models import Country
from scoreboard.questionnaire import countries
from tests import factories


@pytest.mark.parametrize(
    ("percent", "quarter"),
    [("0", 0), ("24.999", 0), ("25", 1), ("149/3", 1), ("50", 2), ("74.96", 2), ("75", 3), ("100", 3)],
)
def test_the_shade_is_decided_by_the_exact_percentage(percent, quarter):
    assert tiles.quarter(Fraction(percent)) == quarter


@pytest.fixture
def registry(db) -> list[Country]:
    call_command("load_countries", verbosity=0)
    return list(Country.objects.all())


def test_every_country_of_the_registry_has_a_square_of_its_own(registry):
    places = {(one.map_row, one.map_column) for one in registry}
    assert (len(places), len(registry)) == (58, 58)
    assert (None, None) not in places
    malta = next(one for one in registry if one.iso2 == "MT")
    assert (malta.map_row, malta.map_column) == (9, 6)


def test_two_countries_change_places_and_one_leaves_the_map(registry):
    entries = [
        {"iso2": "MT", "iso3": "MLT", "name": {"en": "Malta"}, "map": [9, 8]},
        {"iso2": "AL", "iso3": "ALB", "name": {"en": "Albania"}, "map": [9, 6]},
        {"iso2": "IS", "iso3": "ISL", "name": {"en": "Iceland"}, "map": None},
        {"iso2": "GR", "iso3": "GRC", "name": {"en": "Greece"}},
    ]
    countries.load(json.dumps({"countries": entries}).encode())
    places = Country.objects.filter(iso2__in=["MT", "AL", "IS", "GR"]).order_by("iso2")
    assert list(places.values_list("map_row", "map_column")) == [(9, 6), (9, 9), (None, None), (9, 8)]


def test_the_database_refuses_half_a_place_and_a_taken_one(registry):
    for place in ({"map_row": 4, "map_column": None}, {"map_row": 9, "map_column": 8}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Country.objects.filter(iso2="MT").update(**place)


def test_the_map_says_what_it_shows_on_the_page_in_its_table_and_as_a_picture(registry):
    stranger = factories.a_country("XK")
    signs = {
        "MT": tiles.share(Fraction(50), "50.0 percent", "50"),
        "GR": tiles.unknown(),
        "AL": tiles.rung(0, [0, 1, 2, 3]),
        "XK": tiles.not_applicable(),
    }
    drawn = tiles.draw(
        "Area A", [*registry, stranger], signs, key=tiles.quarters(), url=lambda one: f"/c/{one.iso2.lower()}/"
    )
    page = Template('{% load tile_maps %}{% tile_map map "map" "Percent" %}').render(Context({"map": drawn}))
    shown = re.findall(r'<li class="row-(\d+) column-(\d+) ([^"]*)"><a href="/c/(..)/">.*?hidden">([^<]*)<', page)
    assert len(shown) == 58
    assert [one for one in shown if one[3] in ("mt", "gr", "al", "cy")] == [
        ("9", "6", "rung-2 of-3", "mt", "Malta: 50.0 percent"),
        ("9", "8", "rung-0 of-3", "al", "Albania: level 0"),
        ("9", "9", "tile-unknown", "gr", "Greece: unknown"),
        ("9", "10", "tile-none", "cy", "Cyprus: no report"),
    ]
    assert [row.country.iso2 for row in drawn.rows] == ["AL", "XK", "GR", "MT"]  # by name
    assert [row.country for row in drawn.without_square] == [stranger]
    assert re.findall(r'<th scope="row"><a href="/c/(..)/">.*?<td>([^<]*)', page) == [
        ("al", "level 0"),
        ("xk", "not applicable"),
        ("gr", "unknown"),
        ("mt", "50.0 percent"),
    ]
    picture = drawn.svg("Who reported.")
    assert picture.count('class="chart-tile tile-none"') == 58 - 3 + 1  # and one in the key
    assert [label.words for label in picture.labels if label.words in ("MT", "50", "no report")] == [
        "MT",
        "50",
        "no report",
    ]
