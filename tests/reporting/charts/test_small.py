"""Small charts: each value has a dot at the right place, and dots do not overlap."""

import re
from fractions import Fraction
from itertools import combinations
from math import hypot

import pytest

from reporting.charts import small

PERCENTS = [Fraction(n, 7) for n in range(0, 701, 37)]


def dots(chart):
    """Return the centres of a strip's dots, and how high and wide the strip is."""
    path = re.search(r'class="sc-dots" d="([^"]*)"', chart).group(1)
    wide, high = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', chart).groups()
    return [tuple(map(float, one)) for one in re.findall(r"M(\S+) (\S+?)h0", path)], float(wide), float(high)


@pytest.mark.parametrize("values", [[], PERCENTS, [Fraction(50)] * 12, [*PERCENTS, *PERCENTS, Fraction(1, 3)]])
def test_a_strip_has_a_dot_for_each_value_and_none_overlaps_another(values):
    found, wide, high = dots(small.strip(values, None, None))
    assert sorted(x for x, _y in found) == pytest.approx(
        sorted(10 + 480 * float(one) / 100 for one in values), abs=0.05
    )
    assert all(small.RADIUS <= x <= wide - small.RADIUS and small.RADIUS <= y <= high - small.RADIUS for x, y in found)
    assert all(hypot(a[0] - b[0], a[1] - b[1]) >= 2 * small.RADIUS - 0.1 for a, b in combinations(found, 2))


def test_the_median_of_a_strip_stands_over_its_dots():
    chart = small.strip([Fraction(25), Fraction(50), Fraction(75)], (Fraction(25), Fraction(75)), Fraction(50))
    assert 'class="sc-median" d="M250.0 0V' in chart
    assert '<rect class="sc-band" x="130.0" y="0" width="240.0"' in chart
