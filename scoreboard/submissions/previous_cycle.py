"""The answers of the previous cycle by today's indicators, and their confirmation where nothing changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from scoreboard.errors import Invalid
from scoreboard.models import Cycle, DataForm, Edition, Indicator, Submission
from scoreboard.models.answers import STEP_FIELDS
from scoreboard.questionnaire.tracing import Step, Trace, trace
from scoreboard.submissions.answering import AnswerInput, Kind

Relation = Indicator.Relation

# What is read of the earlier submission: every answering page reads it, and three whole rows take it twice as long.
READ = ("cycle__title", "cycle__edition", "accepted_version__answers")


@dataclass(frozen=True)
class Last:
    """An indicator's relation to the previous cycle, and what was accepted then; `rows` as a version stores them."""

    submission_id: int
    version_id: int  # of the accepted answers
    cycle: Cycle
    relation: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    offers_not_applicable: bool = True  # whether today's indicator does

    @property
    def row(self) -> dict[str, Any] | None:
        """The answer to the same question then, None where it is another question now."""
        return self.rows[0] if self.relation == Relation.SAME and self.rows else None

    @property
    def given(self) -> AnswerInput | None:
        """The input that confirms last time's answer, None where it cannot be confirmed."""
        row = self.row
        if row is None or not row["kind"]:
            return None
        if row["kind"] == Kind.NOT_APPLICABLE and not self.offers_not_applicable:
            return None
        return AnswerInput(
            kind=row["kind"],
            level=row["level"],
            reason=row["reason"],
            comment=row["comment"],
            comment_withheld=row["comment_withheld"],
            confirmed=True,
            carried=tuple(self.evidence),
        )

    @property
    def level(self) -> int | None:
        """The level chosen then, if the question is the same."""
        return self.row["level"] if self.row else None

    @property
    def evidence(self) -> list[int]:
        """The primary keys of the evidence that was attached then."""
        return [piece["id"] for row in self.rows for piece in row.get("evidence", [])]

    @property
    def tables(self) -> list[tuple[DataForm, dict[str, Any]]]:
        """The answers that had figures, each with the table of its own edition."""
        return figures({"": self}).get("", [])

    @property
    def planned(self) -> list[str]:
        """The steps that were intended then."""
        return [step for row in self.rows if (step := row.get("next_step"))]


def of(submission: Submission) -> dict[str, Last]:
    """Return what was accepted in the country's latest earlier cycle by indicator code, nothing if there is none.

    Earlier cycles are those of the same edition and of the editions before it, not cycles of another questionnaire,
    and of invented answers only where these are invented too.
    """
    last = before(submission)
    if last is None or last.accepted_version is None:
        return {}
    rows = {row["code"]: row for row in last.accepted_version.answers}
    offers = {indicator.code: indicator.not_applicable for indicator in submission.cycle.edition.all_indicators}
    return {
        code: Last(
            last.pk,
            last.accepted_version.pk,
            last.cycle,
            found.loosest,
            [rows[then] for then in found.codes if then in rows],
            offers[code],
        )
        for code, found in traced(submission.cycle.edition, last.cycle.edition_id).items()
    }


def figures(last: Mapping[str, Last]) -> dict[str, list[tuple[DataForm, dict[str, Any]]]]:
    """Return by today's code the answers that had figures, each with the table of its own edition, in one query."""
    filled = {row["code"] for one in last.values() for row in one.rows if row.get("figures")}
    if not filled:
        return {}
    edition = next(iter(last.values())).cycle.edition_id
    forms = DataForm.objects.filter(indicator__edition=edition, indicator__code__in=filled).select_related("indicator")
    tables = {form.indicator.code: form for form in forms}
    return {
        code: [(tables[row["code"]], row) for row in one.rows if row["code"] in tables] for code, one in last.items()
    }


def before(submission: Submission) -> Submission | None:
    """Return the country's latest earlier submission that was accepted, with its version; None if there is none."""
    cycle = submission.cycle
    earlier = Submission.objects.filter(
        country=submission.country_id,
        cycle__opens__lt=cycle.opens,
        cycle__edition__in=chain(cycle.edition),
        cycle__is_example=cycle.is_example,
        accepted_version__isnull=False,
    )
    read = earlier.select_related("cycle", "accepted_version").only(*READ)
    return read.order_by("-cycle__opens").first()


def chain(edition: Edition) -> list[int]:
    """Return the primary keys of an edition and of those before it, the latest first."""
    found = [edition.pk]
    before = dict(Edition.objects.values_list("pk", "previous")) if edition.previous_id else {}
    while previous := before.get(found[-1]):
        found.append(previous)
    return found


def traced(edition: Edition, earlier: int) -> dict[str, Trace]:
    """Trace the indicators back to the edition `earlier`, by code; all are new if that is none of those before it."""
    return trace([indicator.code for indicator in edition.all_indicators], _steps(edition, earlier))


def _steps(edition: Edition, earlier: int) -> Iterator[Step]:
    """Yield what each edition says of the one before, until `earlier`; at last nothing if that is never reached."""
    while edition.pk != earlier:
        yield {indicator.code: (indicator.relation, indicator.sources) for indicator in edition.all_indicators}
        if edition.previous_id == earlier:
            return
        if edition.previous is None:
            yield {}
            return
        edition = edition.previous


def settled(submission: Submission, values: Mapping[str, AnswerInput]) -> dict[str, AnswerInput]:
    """Return the values with last time's answer for each that confirms "no change"; raise Invalid if there is none.

    What was accepted then is confirmed, whatever else a page sends with the confirmation.
    """
    if not any(given.confirmed for given in values.values()):
        return dict(values)
    last = of(submission)
    return {
        code: _confirmed(code, given, last.get(code)) if given.confirmed else given for code, given in values.items()
    }


def _confirmed(code: str, given: AnswerInput, last: Last | None) -> AnswerInput:
    then = last.given if last else None
    if then is None:
        raise Invalid(_("%(code)s: there is no answer of last time to confirm. Choose a level.") % {"code": code})
    step = {name: getattr(given, name) for name in ("next_step", *STEP_FIELDS)}
    return replace(then, **step, change_reason="", why=given.why)


def differs(last: Last | None, given: AnswerInput) -> bool:
    """Return whether the level differs from last time's on the same question."""
    return last is not None and last.level is not None and given.kind == Kind.LEVEL and given.level != last.level
