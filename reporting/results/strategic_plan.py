"""A cycle's answers read against its strategic plan, with the published issues that an assessment is compared with."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from reporting.results import earlier, strategy
from reporting.results.breakdowns import indicators_of
from reporting.results.change import trace_indicators
from reporting.results.strategy import Baseline, Given
from scoreboard.models import ActionPlan, Cycle
from scoreboard.models.plans import ADOPTED
from scoreboard.questionnaire import strategic_plan

Data = dict[str, Any]
Status = ActionPlan.Status

# Of several plans that a country publishes, the first of these is the one that counts.
FIRST = (
    *(Status.IMPLEMENTATION, Status.ADOPTED, Status.EVALUATED),
    *(Status.DEVELOPMENT, Status.EXPIRED, Status.NONE),
)


def read(cycle: Cycle, snapshot: Data, *, public: bool = False) -> Data:
    """Return what a snapshot says of its strategic plan, under `strategy`; nothing if there is no plan for it.

    `public` leaves out issues that were published to members and observers only.
    """
    stored = strategic_plan.of_edition(cycle.edition)
    if stored is None:
        return {}
    plan = strategic_plan.document(stored)
    issues, between = earlier.issues(cycle, snapshot, public=public), earlier.editions(cycle)
    edition: Data = snapshot["edition"]
    baseline: Baseline | None = None
    given: list[Given] = []
    for one in issues.reverse().iterator(1):  # a snapshot is large: one at a time
        then = one.snapshot
        lines = trace_indicators(edition, then["edition"], between)[0]
        if then["cycle"]["code"] == plan["baseline"]["cycle"]:
            cycle_then = {key: then["cycle"][key] for key in ("code", "title", "opens")}
            baseline = Baseline(cycle_then, then["edition"], then["countries"], lines)
        given += figures(plan, edition, then, lines)
    given += figures(plan, edition, snapshot, {code: code for code in indicators_of(edition)})
    taking_part = [one["iso2"] for one in (*snapshot["countries"], *snapshot["not_reported"])]
    register = counted(published_plans(is_example=cycle.is_example), taking_part)
    return {"strategy": compute(plan, edition, snapshot["countries"], baseline, given, register)}


def compute(
    plan: Data,
    edition: Data,
    countries: Sequence[Data],
    baseline: Baseline | None,
    given: Sequence[Given],
    register: Data,
) -> Data:
    """Return a plan with its objectives, its index, and who has an action plan, as far as they are known."""
    return {
        "plan": {key: value for key, value in plan.items() if key != "objectives"},
        "baseline": baseline.cycle if baseline else None,
        "objectives": strategy.objectives(plan, edition, countries, baseline),
        "index": strategy.index(plan, given),
        "register": register,
    }


def published_plans(*, is_example: bool) -> dict[str, tuple[str, str]]:
    """Return the kind and status of the action plan that counts for each country, of those that it shows everybody.

    With results of invented answers count invented plans alone, with all others real ones alone.
    """
    found: dict[str, tuple[str, str]] = {}
    shown = ActionPlan.objects.published().filter(is_example=is_example)
    for iso2, kind, status in shown.values_list("country__iso2", "kind", "status").order_by():
        if iso2 not in found or FIRST.index(Status(status)) < FIRST.index(Status(found[iso2][1])):
            found[iso2] = (kind, status)
    return found


def counted(plans: Mapping[str, tuple[str, str]], countries: Sequence[str]) -> Data:
    """Return of how many countries the register says what, `have` of those with an adopted plan or list.

    A country that shows nobody a plan is in none of the counts but `of`.
    """
    statuses = Counter(plans[iso2][1] for iso2 in countries if iso2 in plans)
    return {
        "of": len(countries),
        "have": sum(statuses[one] for one in ADOPTED),
        "statuses": {str(one): statuses[one] for one in FIRST if statuses[one]},
    }


def asks_for(plan: Data, indicator: Data) -> bool:
    """Return whether an indicator has the table of figures that the plan's index is made from, with its columns."""
    form, spec = indicator.get("data_form"), plan["index"]
    if not form or not spec or form["code"] != spec["form"]:
        return False
    columns = {column["code"] for column in form["columns"]}
    return columns >= {spec[key] for key in ("year", "number", "comparable") if spec[key]}


def figures(plan: Data, now: Data, then: Data, lines: Mapping[str, str]) -> list[Given]:
    """Return what countries gave in an issue for the index; nothing where the table is not the same there.

    `now` is the edition that is read, `lines` has the codes in the issue's edition of the indicators that are the same.
    """
    known = indicators_of(then["edition"])
    codes = [
        lines[code]
        for code, one in indicators_of(now).items()
        if asks_for(plan, one) and code in lines and asks_for(plan, known[lines[code]])
    ]
    if not codes:
        return []
    answers = {country["iso2"]: country["answers"].get(codes[0], {}) for country in then["countries"]}
    return [
        Given(
            then["cycle"]["code"],
            {iso2: answer["figures"] for iso2, answer in answers.items() if answer.get("figures")},
            [iso2 for iso2, answer in answers.items() if answer.get("figures_withheld")],
        )
    ]
