"""Trace indicators back through the editions of a questionnaire."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoreboard.models import Indicator

Relation = Indicator.Relation

# What one edition says of its indicators: code → relation to the edition before, and the codes there.
Step = Mapping[str, tuple[str, list[str]]]

ORDER = [Relation.SAME, Relation.REVISED, Relation.SPLIT, Relation.NEW]  # from the closest relation to none


@dataclass(frozen=True)
class Trace:
    """The relations of an indicator edition by edition, the latest first, and its codes in the earliest one."""

    relations: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def loosest(self) -> str:
        """The relation over all the editions: the loosest of them; "same" for the edition itself."""
        return max(self.relations, key=lambda value: ORDER.index(Relation(value)), default=Relation.SAME)

    @property
    def first_change(self) -> str:
        """The relation of the latest edition in which it was not the same, empty if it always was."""
        return next((relation for relation in self.relations if relation != Relation.SAME), "")


def trace(codes: Iterable[str], steps: Iterable[Step]) -> dict[str, Trace]:
    """Follow each code through the steps, the latest edition first; what a step does not know is new."""
    traces = {code: Trace((), (code,)) for code in codes}
    for step in steps:
        traces = {code: _back(traced, step) for code, traced in traces.items()}
    return traces


def _back(traced: Trace, step: Step) -> Trace:
    """Follow an indicator one edition further back."""
    found = [step[code] for code in traced.codes if code in step]
    relations = [relation for relation, _codes in found] or [Relation.NEW]
    return Trace((*traced.relations, *relations), tuple(code for _relation, codes in found for code in codes))
