"""The list of species that data forms suggest, from a file that an operator may replace."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from scoreboard.questionnaire import file


class Species(NamedTuple):
    """The scientific and the common name of a species."""

    scientific: str
    common: str


@cache
def all_species() -> list[Species]:
    """Return the species in the file SPECIES_FILE, in its order."""
    content = file.parse(Path(settings.SPECIES_FILE).read_bytes())
    return [Species(one["scientific"], one["common"]) for one in content["species"]]


def scientific_name(text: str) -> str:
    """Return the scientific name of a listed species, given either name or both, one of them in brackets.

    Any other text is returned unchanged.
    """
    by_name = _by_name()
    if found := by_name.get(text.casefold()):
        return found
    if both := re.fullmatch(r"(.+?) ?\((.+)\)", text):
        first, second = (by_name.get(name.strip().casefold()) for name in both.groups())
        if first and first == second:
            return first
    return text


def common_name(scientific: str) -> str:
    """Return the common name of a listed species, empty for any other text."""
    return _common().get(scientific, "")


@cache
def _by_name() -> dict[str, str]:
    names = {one.common.casefold(): one.scientific for one in all_species()}
    return names | {one.scientific.casefold(): one.scientific for one in all_species()}


@cache
def _common() -> dict[str, str]:
    return dict(all_species())
