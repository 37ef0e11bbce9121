"""Statements of an invented organisation: published in past cycles; a draft, a filed and a shared one in this one."""

from datetime import timedelta

from reporting.demo.cast import Cast
from reporting.demo.material import Material, moment
from scoreboard import clock
from scoreboard.models import Cycle, Statement, Submission
from scoreboard.stakeholders import deciding, writing


def write_statements(cycle: Cycle, cast: Cast, material: Material) -> None:
    """Let the observer's organisation file statements on the first countries of the cycle."""
    first, second = cycle.submissions.select_related("country", "cycle").order_by("country__iso2")[:2]
    texts, day = material["statements"], cycle.opens + timedelta(days=25)
    with clock.at(moment(day)):
        shared = _filed(first, cast, texts["indicator"], level=1)
    with clock.at(moment(day + timedelta(days=1))):
        shared = deciding.share(shared, by=cast.officer)
    with clock.at(moment(day + timedelta(days=9))):
        reply = texts["reply"]
        shared = deciding.reply(shared, reply, seen=shared.revision, by=cast.focal(first.country))
    if cycle.closes < clock.now().date():
        with clock.at(moment(day + timedelta(days=cycle.statement_days + 5))):
            deciding.publish(shared, seen=shared.revision, names_nobody=True, by=cast.officer)
        return
    with clock.at(moment(day + timedelta(days=20))):
        _filed(second, cast, texts["country"])
        _draft(second, cast, texts["draft"])


def _draft(submission: Submission, cast: Cast, text: str, level: int | None = None) -> Statement:
    indicator = submission.cycle.edition.all_indicators[0] if level is not None else None
    draft = writing.start(submission, cast.observing, indicator=indicator, by=cast.observer)
    return writing.save(draft, text=text, level=level, seen=0, by=cast.observer)


def _filed(submission: Submission, cast: Cast, text: str, level: int | None = None) -> Statement:
    draft = _draft(submission, cast, text, level)
    writing.add_link(draft, "https://example.org/report", "Example report", by=cast.observer)
    return writing.file(draft, seen=draft.revision, by=cast.observer)
