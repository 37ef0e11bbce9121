"""A measured figure and what it should be at most."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A ratio, named as it is printed."""

    name: str
    value: float
    aim: float
