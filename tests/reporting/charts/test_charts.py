"""Charts: whole SVG that names itself, marks where the numbers put them, texts that cannot break out."""

import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from django.conf import settings

from reporting.charts import bars as charts
from reporting.charts import change, svg
from reporting.charts.bars import Bar, Part, Range, Stack
from reporting.charts.change import Arrow, Panel, Point
from reporting.results.scoring import spread

HOSTILE = '</text><script>alert("1")</script>&'
SVG = "{http://www.w3.org/2000/svg}"
WORDS = {"title": "A title", "description": "What it shows"}


def bars(*values, **fields):
    labels = fields.pop("labels", [f"Country {n}" for n in range(len(values))])
    rows = [Bar(label, value) for label, value in zip(labels, values, strict=True)]
    return charts.percentages(rows, none="nothing scored", **WORDS, **fields)


def stacks(label="A1 · A title", *parts, legend=(), **fields):
    parts = parts or (Part(3, "0", 0, 3), Part(1, "3", 3, 3), Part(2, "n/a", look="hatched"))
    legend = legend or [Part(1, "Level 0", 0, 3)]
    return charts.distributions([Stack(label, parts)], legend=legend, **WORDS, **fields)


def ranges(label="A · A title", values=(20, 40, 90), **fields):
    lies = spread(Fraction(value) for value in values)
    return charts.spreads([Range(label, lies), Range("B", None)], none="nothing scored", **WORDS, **fields)


def arrows(*pairs, label="A · A title", **fields):
    rows = [Arrow(label, *pair) for pair in pairs or [(20, 60), (60, 20), (50, 50), (None, None)]]
    return change.arrows(rows, none="nothing", legend=("then", "now", "no change"), **WORDS, **fields)


def multiples(label="A · A title", values=(40, None, 60), **fields):
    points = [
        Point(str(2017 + 3 * n), value, f"{value}", "n = 7", 30 + n, "all 30.0 (9)") for n, value in enumerate(values)
    ]
    return change.multiples([Panel(label, points)] * 3, none="none", **WORDS, **fields)


def dots(label="A", value=40, mark=60, **fields):
    rows = [Bar(label, value, mark), Bar("B", None, mark), Bar("C", value)]
    return charts.dots(rows, none="nothing", legend=("the country", "overall median"), **WORDS, **fields)


def heat(label="Malta", word="3", columns=(("A1", True), ("A2", False), ("B1", True)), **fields):
    cells = [Part(1, word, 3, 3), Part(1, "?", look="dotted"), Part(1, "", look="hatched")]
    return charts.heat([(label, cells), (label, cells)], columns, legend=[Part(1, "Level 0", 0, 3)], **WORDS, **fields)


EVERY = pytest.mark.parametrize(
    "chart",
    [
        bars(0, 50.5, None, 100, line=42.0, line_label="median"),
        *(stacks(), ranges(), arrows(), arrows(above=True), multiples(), dots(), heat(), heat(rtl=True)),
    ],
)


def drawn(chart):
    return ElementTree.fromstring(chart)  # noqa: S314 our own SVG, and that it parses is part of the test


def marks(chart, css, tag="rect"):
    return [mark for mark in drawn(chart).iter(SVG + tag) if css in mark.get("class").split()]


@EVERY
def test_a_chart_names_itself_and_says_what_it_shows(chart):
    root = drawn(chart)
    assert (root.get("role"), root[0].tag, root[1].tag) == ("img", SVG + "title", SVG + "desc")
    assert (root[0].text, root[1].text) == ("A title", "What it shows")
    assert chart.spoken == "A title. What it shows"


@EVERY
def test_nothing_stands_outside_a_chart(chart):
    root = drawn(chart)
    width, height = float(root.get("width")), float(root.get("height"))
    for mark in root.iter():
        for key, most in {"x": width, "x1": width, "x2": width, "cx": width, "y": height, "y2": height}.items():
            assert 0 <= float(mark.get(key) or 0) <= most
        assert float(mark.get("x") or 0) + float(mark.get("width") or 0) <= width


@pytest.mark.parametrize(
    "chart",
    [
        bars(50, labels=[HOSTILE], line=50, line_label=HOSTILE),
        stacks(HOSTILE, Part(1, HOSTILE, 0, 3), legend=[Part(1, HOSTILE)]),
        ranges(HOSTILE),
        *(arrows(label=HOSTILE), multiples(HOSTILE), dots(HOSTILE), heat(HOSTILE, HOSTILE)),
        charts.percentages([], title=HOSTILE, description=HOSTILE, none=HOSTILE),
    ],
)
def test_a_hostile_text_stays_a_text(chart):
    assert "<script" not in chart
    assert "script" in "".join(drawn(chart).itertext())


def test_the_title_of_a_small_chart_goes_on_in_a_second_line():
    title = "C · Enforcement response (preparedness of law enforcement bodies, coordination of national institutions)"
    lines = [mark.text for css in ("chart-text", "chart-more") for mark in marks(multiples(title), css, "text")[:1]]
    assert " ".join(lines) == title


def test_bars_are_as_long_as_their_values_in_the_order_given():
    zero, half, whole = (float(bar.get("width")) for bar in marks(bars(0, 50, 100), "chart-bar"))
    assert half == pytest.approx(whole / 2, abs=0.1)
    assert 0 < zero < 2, "a result of nothing is a result, and shows"
    assert [text.text for text in marks(bars(2, 1), "chart-text", "text")][:2] == ["Country 0", "Country 1"]


def test_what_has_no_value_has_no_bar_but_words():
    chart = bars(None)
    assert not marks(chart, "chart-bar")
    assert "nothing scored" in chart


def test_stacked_parts_share_the_whole_width_by_their_counts():
    widths = [float(part.get("width")) for part in marks(stacks(), "chart-part")][:3]
    assert widths == pytest.approx([(svg.WIDTH - 2) * n / 6 for n in (3, 1, 2)], abs=0.1)


def test_a_spread_stands_where_its_values_are():
    first, third = 30, 65  # quartiles of 20, 40, 90
    (box,) = marks(ranges(), "chart-box")
    scale = (svg.WIDTH - 22) / 100
    assert float(box.get("x")) == pytest.approx(8 + first * scale, abs=0.1)
    assert float(box.get("width")) == pytest.approx((third - first) * scale, abs=0.1)


def test_an_arrow_points_from_then_to_now_and_no_change_is_a_dot():
    heads = [mark.get("points").split() for mark in marks(arrows(), "chart-head", "polygon")]
    tips_and_backs = [(float(tip.split(",")[0]), float(back.split(",")[0])) for tip, back, _other in heads]
    assert [tip > back for tip, back in tips_and_backs] == [True, False, True], "up, down, and the legend"
    assert len(marks(arrows(), "chart-point", "circle")) == 2, "no change, and the legend"


def test_a_line_joins_what_is_matched_and_marks_stand_alone():
    for values, joined in (((40, 50, 60), 2), ((None, None, None), 0)):
        chart = multiples(values=values)
        assert len(marks(chart, "chart-arrow", "line")) == 3 * joined
        assert len(marks(chart, "chart-dot", "circle")) == 3 * 3


def test_right_to_left_is_the_mirror_image():
    (left,) = marks(bars(40), "chart-bar")
    (right,) = marks(bars(40, rtl=True), "chart-bar")
    assert float(right.get("x")) + float(right.get("width")) == pytest.approx(
        svg.WIDTH - float(left.get("x")), abs=0.15
    )


def test_long_labels_are_cut_and_long_legends_wrap():
    assert "…" in bars(1, labels=["The United Kingdom of Great Britain and Northern Ireland"])
    legend = [Part(1, f"Level {n}", n, 10) for n in range(11)]
    one, many = (float(drawn(stacks(legend=some)).get("height")) for some in (legend[:2], legend))
    assert many > one


@pytest.mark.parametrize(
    ("rung", "of", "step"), [(0, 3, 0), (1, 3, 2), (2, 3, 4), (3, 3, 6), (0, 1, 0), (1, 1, 6), (1, 4, 2), (2, 4, 3)]
)
def test_shades_spread_over_any_ladder(rung, of, step):
    assert svg.shade(rung, of) == step


def test_the_colours_are_those_of_the_tokens():
    tokens = dict(re.findall(r"--([\w-]+): (#\w+);", (settings.BASE_DIR / "static/css/tokens.css").read_text()))
    names = {"ink": svg.INK, "ink-soft": svg.INK_SOFT, "line": svg.LINE, "line-strong": svg.LINE_STRONG}
    names |= {"accent": svg.ACCENT, "surface": svg.PAPER}
    names |= {f"shade-{n}": shade for n, shade in enumerate(svg.SHADES)}
    assert names == {name: tokens[name] for name in names}
