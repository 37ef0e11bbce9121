"""The list of security requirements: each number once, and every test and file that it names is there."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES = [
    [cell.strip() for cell in line.strip("|\n ").split("|")]
    for line in (ROOT / "docs/security.md").read_text().splitlines()
    if line.startswith("| V")
]

# How many requirements of levels 1 and 2 each section of the standard has; they come first in all but these.
SECTIONS = {
    **{"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1},
    **{"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4},
    **{"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4},
    **{"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1},
    **{"9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3},
    **{"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4},
    **{"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7},
    **{"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2},
}


def test_each_requirement_is_there_once():
    expected = {f"V{section}.{number}": 1 for section, n in SECTIONS.items() for number in range(1, n + 1)}
    found = Counter(number for cells in LINES for number in re.findall(r"V\d+\.\d+\.\d+", cells[0]))
    assert found == expected
    assert len(expected) == 253


@pytest.mark.parametrize("cells", LINES, ids=lambda cells: cells[0][:8])
def test_what_a_line_names_is_there(cells):
    requirement, state, how = cells
    assert state in {"met", "open", "none"}, requirement
    assert len(how) > 5, requirement
    named = re.findall(r"`((?:tests|templates|scoreboard|mikt|docs|\.ci|\.github)/[\w./-]+|pyproject\.toml)`", how)
    named += [f"docs/{name}" for name in re.findall(r"\]\(([\w-]+\.md)\)", how)]
    assert [name for name in named if not (ROOT / name).exists()] == []
