"""The list of species that a data form suggests: names only, read from a file that an operator may replace."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from scoreboard.questionnaire import file


class Species(NamedTuple):
    """A species by its scientific name, and the common name that helps to find it."""

    scientific: str
    common: str


@cache
def listed() -> list[Species]:
    """Return the species in the file that SPECIES_FILE names, in its order."""
    content = file.parse(Path(settings.SPECIES_FILE).read_bytes())
    return [Species(one["scientific"], one["common"]) for one in content["species"]]


def named(text: str) -> str:
    """Return the scientific name of a listed species called so by either name or both, one of them in brackets.

    Any other text is returned as it is.
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
    """Return the common name of a listed species, else nothing."""
    return _common().get(scientific, "")


@cache
def _by_name() -> dict[str, str]:
    names = {one.common.casefold(): one.scientific for one in listed()}
    return names | {one.scientific.casefold(): one.scientific for one in listed()}


@cache
def _common() -> dict[str, str]:
    return dict(listed())
