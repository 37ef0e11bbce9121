"""Reading charts as somebody with a ruler does: what each mark stands for, by the scale that the chart itself draws."""

import re
from itertools import pairwise
from typing import Any, NamedTuple
from xml.etree import ElementTree

SLIVER = 1.2  # how wide a bar of nothing is


class Mark(NamedTuple):
    """A mark of a chart: its tag and classes, where it is, and its words."""

    tag: str
    look: str
    at: dict[str, float]
    words: str
    anchor: str
    dashed: bool


class Reading(NamedTuple):
    """A chart as it is read: which kind it is, what it says of itself, and what its marks stand for."""

    kind: str
    says: str
    shows: Any


def charts(text: str) -> dict[str, str]:
    """Return the charts that stand in a text, by their titles."""
    found = re.findall(r"<svg [^>]*class=\"chart .*?</svg>", text, re.DOTALL)
    by_title = {_root(svg)[0].text or "": svg for svg in found}
    assert len(by_title) == len(found), "two charts have the same title"
    return by_title


def words(svg: str) -> str:
    """Return all that is written in a chart, in the order drawn."""
    return "".join(mark.words for mark in _Chart(_root(svg)).marks)


def read(svg: str) -> Reading:
    """Return what a chart shows."""
    root = _root(svg)
    kind = (root.get("class") or "").split()[1].removeprefix("chart-")
    return Reading(kind, root[1].text or "", getattr(_Chart(root), kind)())


def _root(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - charts that the portal has drawn


class _Chart:
    def __init__(self, root: ElementTree.Element) -> None:
        self.marks = []
        for one in list(root)[2:]:
            at = {name: float(value) for name, value in one.items() if re.fullmatch(r"-?\d+(\.\d+)?", value)}
            if one.tag.endswith("polygon"):
                tip = (one.get("points") or "").split()[0]
                at |= dict(zip(("x", "y"), map(float, tip.split(",")), strict=True))
            known = (one.get("class") or "", at, one.text or "", one.get("text-anchor", ""))
            self.marks.append(Mark(one.tag.rpartition("}")[2], *known, bool(one.get("stroke-dasharray"))))
        grid = self.those("line", "chart-grid")
        self.top = min((line.at["y1"] for line in grid), default=0)
        self.bottom = max((line.at["y2"] for line in grid), default=float("inf"))

    def those(self, tag: str, look: str, **at: float) -> list[Mark]:
        """The marks of a tag and a class that are where `at` says."""
        return [
            mark
            for mark in self.marks
            if mark.tag == tag and look in mark.look.split() and all(mark.at[name] == at[name] for name in at)
        ]

    def across(self, x: float) -> float:
        """The percentage that a place stands for, by the numbers under the scale."""
        ticks = [mark for mark in self.those("text", "chart-soft") if mark.anchor == "middle"]
        return _scaled({int(tick.words): tick.at["x"] for tick in ticks}, x)

    def rows(self, marks: list[Mark], below: float) -> dict[str, list[Mark]]:
        """The marks by the label of their row, whose middle lies so far below the label's baseline."""
        labels = [one for one in self.those("text", "chart-text") if self.top <= one.at["y"] <= self.bottom]
        found: dict[str, list[Mark]] = {label.words.split(" · ")[0]: [] for label in labels}
        for mark in marks:
            if self.top <= _middle(mark) <= self.bottom:
                nearest = min(labels, key=lambda label: abs(label.at["y"] + below - _middle(mark)))
                found[nearest.words.split(" · ")[0]].append(mark)
        return found

    def percentages(self) -> Any:
        """By label the value and its words or nothing, and the line through all with its words."""
        rows = self.rows([*self.those("rect", "chart-bar"), *self.those("text", "chart-value")], -3)
        line = [
            (self.across(mark.at["x1"]), text.words)
            for mark in self.those("line", "chart-mark")
            for text in self.those("text", "chart-text")
            if text.at["y"] < self.top
        ]
        return {label: self._long(*marks) if marks else None for label, marks in rows.items()}, line

    def _long(self, bar: Mark, words: Mark) -> tuple[float, str]:
        assert abs(self.across(bar.at["x"])) < 0.1, "a bar begins at nothing"
        return 0.0 if bar.at["width"] <= SLIVER else self.across(bar.at["x"] + bar.at["width"]), words.words

    def spreads(self) -> Any:
        """By label lowest, lower quartile, median, mean, upper quartile, highest."""
        ranges = [mark for mark in self.those("line", "chart-range") if mark.at["y1"] == mark.at["y2"]]
        kinds = (ranges, self.those("rect", "chart-box"), self.those("line", "chart-mark"))
        ordered = [self.rows(marks, 11) for marks in (*kinds, self.those("circle", "chart-dot"))]
        found = {}
        for label in ordered[0]:
            marks = [mark for rows in ordered for mark in rows[label]]
            found[label] = None if not marks else self._spread(*marks)
        return found

    def _spread(self, reach: Mark, box: Mark, median: Mark, mean: Mark) -> tuple[float, ...]:
        third = box.at["x"] + (0 if box.at["width"] <= SLIVER else box.at["width"])
        places = (reach.at["x1"], box.at["x"], median.at["x1"], mean.at["cx"], third, reach.at["x2"])
        return tuple(map(self.across, places))

    def distributions(self) -> Any:
        """By label the parts of its bar: how each looks, its share of the whole in percent, and its words."""
        whole = self.rows([mark for mark in self.those("rect", "chart-part") if mark.at["height"] == 13], 10.5)
        wide = {label: sum(part.at["width"] for part in parts) for label, parts in whole.items()}
        return {
            label: [(_look(one), 100 * one.at["width"] / wide[label], self._inside(one)) for one in parts]
            for label, parts in whole.items()
            if parts
        }

    def heat(self) -> Any:
        """The labels of the columns, and by row how each cell looks, and its words."""
        cells = [mark for mark in self.those("rect", "chart-part") if mark.at["height"] != 9]
        self.top, self.bottom = (found(cell.at["y"] for cell in cells) for found in (min, max))
        self.bottom += 13
        heads = [mark.words for mark in self.those("text", "chart-text") if mark.at["y"] < self.top]
        rows = self.rows(cells, -3)
        return heads, {label: [(_look(cell), self._inside(cell)) for cell in rows[label]] for label in rows}

    def _inside(self, part: Mark) -> str:
        left, above = part.at["x"], part.at["y"]
        return "".join(
            mark.words
            for mark in self.those("text", "chart-count")
            if left < mark.at["x"] < left + part.at["width"] and above < mark.at["y"] < above + part.at["height"]
        )

    def profile(self) -> Any:
        """By label the value and what it is compared with."""
        values, marks = (
            self.rows(self.those("circle", "chart-point"), -3),
            self.rows(self.those("line", "chart-mark"), -3),
        )
        return {
            label: tuple(
                self.across(found[0].at[x]) if found else None
                for found, x in ((values[label], "cx"), (marks[label], "x1"))
            )
            for label in values
        }

    def arrows(self) -> Any:
        """By label the percentage then and now."""
        labels = [one for one in self.those("text", "chart-text") if self.top <= one.at["y"] <= self.bottom]
        below = 10 if labels[0].anchor == "start" else -3
        begins, ends, same = (
            self.rows(self.those(*which), below)
            for which in (("circle", "chart-dot"), ("polygon", "chart-head"), ("circle", "chart-point"))
        )
        found: dict[str, tuple[float, float] | None] = dict.fromkeys(begins)
        for label in found:
            if begins[label]:
                [then], [now] = begins[label], ends[label]
                found[label] = (self.across(then.at["cx"]), self.across(now.at["x"]))
            elif same[label]:
                [one] = same[label]
                found[label] = (self.across(one.at["cx"]),) * 2
        return found

    def multiples(self) -> Any:
        """By label of a panel its cycles: words below, percentages on the line and beside; how many lines join them."""
        scale = [mark for mark in self.those("text", "chart-soft") if mark.anchor == "end"]
        heads = [mark for mark in self.those("text", "chart-text") if mark.anchor == "start"]
        found = {}
        for head in heads:
            ticks = {int(mark.words): mark.at["y"] - 2.6 for mark in scale if self._same_panel(head, mark)}
            below = [one for one in self.those("text", "chart-soft") if one.anchor == "middle"]
            below = [one for one in below if self._same_panel(head, one)]
            cycles = {}
            for x in sorted({one.at["x"] for one in below}):
                code, *words = [one.words for one in sorted(below, key=lambda one: one.at["y"]) if one.at["x"] == x]
                above = [one.words for one in self.those("text", "chart-text", x=x) if self._same_panel(head, one)]
                places = {
                    css: [
                        _scaled(ticks, dot.at["cy"])
                        for dot in self.those("circle", css, cx=x)
                        if self._same_panel(head, dot)
                    ]
                    for css in ("chart-point", "chart-dot")
                }
                cycles[code] = (words, above, places["chart-point"], places["chart-dot"])
            lines = [one for one in self.those("line", "chart-arrow") if self._same_panel(head, one)]
            assert all(first.at["x2"] == last.at["x1"] for first, last in pairwise(lines))
            assert not any(line.dashed for line in lines)
            found[head.words.split(" · ")[0]] = (cycles, len(lines))
        return found

    def _same_panel(self, head: Mark, mark: Mark) -> bool:
        x = mark.at.get("x", mark.at.get("cx", mark.at.get("x1", 0)))
        return 0 <= _middle(mark) - head.at["y"] < 128 and 0 <= x - head.at["x"] + 1 < 250

    def panels(self) -> Any:
        """By row the percentage in every panel, and by panel's label where its line stands."""
        heads = [mark for mark in self.those("text", "chart-text") if mark.anchor == "middle"]
        soft = self.those("text", "chart-soft")
        edges = [mark.at["x"] for mark in soft if mark.words == "0"]
        ticks = [{int(mark.words): mark.at["x"] for mark in soft[3 * n : 3 * n + 3]} for n in range(len(edges))]
        lines = {}
        for head, scale in zip(heads, ticks, strict=True):
            standing = [
                mark.at["x1"] for mark in self.those("line", "chart-mark") if scale[0] <= mark.at["x1"] <= scale[100]
            ]
            lines[head.words] = _scaled(scale, standing[0]) if standing else None
        rows: dict[str, list[float | None]] = {}
        for label, dots in self.rows(self.those("circle", "chart-point"), -2.8).items():
            inside = [[dot.at["cx"] for dot in dots if scale[0] <= dot.at["cx"] <= scale[100]] for scale in ticks]
            rows[label] = [_scaled(scale, xs[0]) if xs else None for scale, xs in zip(ticks, inside, strict=True)]
        return rows, lines


def _scaled(ticks: dict[int, float], at: float) -> float:
    """What a place stands for on a scale, whose numbers must stand in their own places."""
    step = (ticks[100] - ticks[0]) / 100
    assert all(abs(place - ticks[0] - value * step) < 0.11 for value, place in ticks.items())
    return (at - ticks[0]) / step


def _middle(mark: Mark) -> float:
    at = mark.at
    if mark.tag == "rect":
        return at["y"] + at["height"] / 2
    return (at["y1"] + at["y2"]) / 2 if mark.tag == "line" else at.get("cy", at.get("y", 0))


def _look(part: Mark) -> str:
    return part.look.removeprefix("chart-part ").removeprefix("chart-")
