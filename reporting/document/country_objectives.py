"""A country in the objectives of its questionnaire's strategic plan, in one sentence."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reporting.document import numbers
from reporting.results import strategy
from reporting.results.change import trace_indicators
from reporting.results.compute import read_spread
from reporting.results.scoring import Basis
from reporting.results.standing import Round
from reporting.results.strategy import Baseline
from scoreboard.models import Submission
from scoreboard.questionnaire import strategic_plan

Data = dict[str, Any]

TITLE, MOST = 40, 6  # characters of a title, and objectives that there is room for


def sentence(submission: Submission, now: Round, editions: Mapping[str, Data], basis: Basis) -> str:
    """Return the country's percentage in each objective, against the baseline where its answers were accepted then.

    `now` is the round of the submission, `editions` are the documents of its edition and of those before, by code.
    Empty if there is no plan, or no indicator speaks to its objectives.
    """
    stored = strategic_plan.of_edition(submission.cycle.edition)
    if stored is None:
        return ""
    before = _baseline(submission, stored.baseline_cycle, now, editions)
    mine = [{"iso2": "", "answers": now.answers}]
    found = strategy.objectives(strategic_plan.document(stored), now.edition, mine, before)
    said = [_objective(one, basis, before) for one in found if one["indicators"]]
    if not said:
        return ""
    named = {"plan": _short(str(stored.title)), "said": "; ".join(said[:MOST] + ["…"] * bool(said[MOST:]))}
    return _("%(plan)s, percent by objective: %(said)s.") % named


def _baseline(submission: Submission, code: str, now: Round, editions: Mapping[str, Data]) -> Baseline | None:
    """The country's accepted answers in the cycle of the baseline; None if there are none before this one."""
    earlier = Submission.objects.filter(
        country=submission.country,
        cycle__code=code,
        cycle__edition__code__in=editions,
        cycle__opens__lt=submission.cycle.opens,
    )
    then = earlier.select_related("cycle__edition", "accepted_version").first()
    if then is None or then.accepted_version is None:
        return None
    edition = editions[then.cycle.edition.code]
    answers = {row["code"]: row for row in then.accepted_version.answers if row["kind"]}
    lines = trace_indicators(now.edition, edition, editions)[0]
    return Baseline({"code": code}, edition, [{"iso2": "", "answers": answers}], lines)


def _short(title: str) -> str:
    """A title that there is room for, cut between two words where it has several."""
    cut = Truncator(title).chars(TITLE)
    return cut if cut == title or " " not in cut else cut.rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _objective(one: Data, basis: Basis, before: Baseline | None) -> str:
    overall, compared = read_spread(one[basis]["all"]), one[basis]["countries"].get("")
    named = {"title": f"{one['code']} {_short(str(numbers.text(one['title'])))}"}
    named |= {"percent": numbers.number(overall.mean) if overall else "–"}
    if before is None or compared is None:
        return _("%(title)s %(percent)s") % named
    then, now = (numbers.number(Fraction(value)) for value in compared)
    named |= {"cycle": before.cycle["code"], "then": then, "now": now}
    return _("%(title)s %(percent)s (same questions: %(cycle)s %(then)s, now %(now)s)") % named
