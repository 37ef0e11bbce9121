"""The board of a cycle: a row for each country, with filters, tabs, order, and an officer's saved views."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scoreboard.forms.board import BoardForm
from scoreboard.models import (
    CountryGroup,
    Cycle,
    Enquiry,
    GroupMembership,
    Remark,
    Side,
    State,
    Submission,
    Thread,
    Transition,
    User,
)
from scoreboard.phrases import READINGS, Reading
from scoreboard.text import alphabetical

NOT_STARTED = Reading(gettext_lazy("Not started"), "empty")
NO_ANSWERS = Reading(gettext_lazy("No answers"), "empty")  # of an earlier round, in which nobody is asked
DECLINED = Reading(gettext_lazy("Will not report"), "neutral")
LEFT = Reading(gettext_lazy("Left the cycle"), "neutral")


@dataclass(frozen=True)
class Row:
    """A country on the board, as the Secretariat reads it."""

    submission: Submission
    name: str
    state: Reading
    answered: int
    asked: int
    due: str  # how much time is left, or how late it is
    is_late: bool
    due_on: date
    holder: str  # which side can write, and for how many days
    since: datetime | None
    acted_at: datetime | None
    acted: str  # the day of the last activity
    questions: int
    networks: tuple[CountryGroup, ...]  # those that the country belongs to today

    @property
    def iso2(self) -> str:
        """The country's code."""
        return str(self.submission.country.iso2)


def rows(cycle: Cycle) -> list[Row]:
    """Return a row for each country of the cycle, by name, in a constant number of queries."""
    open_threads = Thread.objects.filter(answer__submission=OuterRef("pk"), closed_at=None).order_by()
    asked = Enquiry.objects.filter(submission=OuterRef("pk")).waiting_for(Side.SECRETARIAT).order_by()
    steps = Transition.objects.filter(submission=OuterRef("pk")).order_by()
    moves = steps.exclude(source=F("target"))
    remarks = Remark.objects.filter(answer__submission=OuterRef("pk"), at__isnull=False).order_by()
    found = cycle.submissions.with_facts().annotate(
        questions=Coalesce(Subquery(open_threads.values("answer__submission").annotate(n=Count("pk")).values("n")), 0)
        + Coalesce(Subquery(asked.values("submission").annotate(n=Count("pk")).values("n")), 0),
        moved_at=Subquery(moves.values("submission").annotate(last=Max("at")).values("last")),
        stepped_at=Subquery(steps.values("submission").annotate(last=Max("at")).values("last")),
        wrote_at=Subquery(remarks.values("answer__submission").annotate(last=Max("at")).values("last")),
    )
    # Each knows this cycle already.
    submissions = found.select_related(None).select_related("country__lead", "claimed_by", "note_by")
    networks = _networks(cycle)
    made = [_row(submission, cycle, tuple(networks[submission.country_id])) for submission in submissions]
    return sorted(made, key=lambda row: alphabetical(row.name))


def _networks(cycle: Cycle) -> dict[int, list[CountryGroup]]:
    """Return the networks of today by country."""
    found: dict[int, list[CountryGroup]] = defaultdict(list)
    held = GroupMembership.objects.in_force().filter(
        country__in=cycle.submissions.values("country"), group__secretariat__isnull=False
    )
    for membership in held.select_related("group").order_by("group__code"):
        found[membership.country_id or 0].append(membership.group)
    return found


def _row(submission: Any, cycle: Cycle, networks: tuple[CountryGroup, ...]) -> Row:
    submission.cycle = cycle
    due, is_late = _due(submission, cycle)
    acted = [at for at in (submission.touched_at, submission.stepped_at, submission.wrote_at) if at]
    holder, since = _holder(submission, cycle)
    return Row(
        submission=submission,
        name=str(submission.country),
        state=_state(submission),
        answered=submission.answered,
        asked=submission.asked,
        due=due,
        is_late=is_late,
        due_on=submission.due,
        holder=holder,
        since=since,
        acted_at=max(acted, default=None),
        acted=_short(cycle.day(max(acted)), cycle) if acted else "–",
        questions=submission.questions,
        networks=networks,
    )


def _state(submission: Any) -> Reading:
    if submission.left_at:
        return LEFT
    if submission.declined_at:
        return DECLINED
    if is_not_started(submission):
        return NO_ANSWERS if submission.cycle.is_earlier_round else NOT_STARTED
    return READINGS[State(submission.state)][1]


def is_not_started(submission: Any) -> bool:
    """Whether the country has saved no answer yet; `submission` is one with facts."""
    return submission.state == State.DRAFT and submission.touched_at is None


def _due(submission: Submission, cycle: Cycle) -> tuple[str, bool]:
    """Return the days that are left or have passed, and whether the country is late."""
    if submission.left_at or submission.declined_at or not submission.is_asked:
        return "–", False
    if not submission.is_with_country:
        return (_("late"), True) if submission.late else (_("in time"), False)
    today = cycle.day()
    if submission.is_overdue and submission.state == State.DRAFT:
        days = (today - submission.due).days
        return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}, True
    last = submission.due if submission.state == State.DRAFT else submission.last_day
    days = (last - today).days
    if days < 0:
        return _("closed"), True
    if submission.extended_to:
        until = date_format(submission.extended_to, "j M")
        return ngettext("%(n)d day, to %(day)s", "%(n)d days, to %(day)s", days) % {"n": days, "day": until}, False
    if submission.state == State.RETURNED:
        return ngettext("%(n)d day to close", "%(n)d days to close", days) % {"n": days}, False
    return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}, False


def _short(day: date, cycle: Cycle) -> str:
    """Return a day in few characters, with its year if it is not the current one."""
    return date_format(day, "j M" if day.year == cycle.day().year else "j M Y")


def _holder(submission: Any, cycle: Cycle) -> tuple[str, datetime | None]:
    """Return who can write and for how many days, and since when."""
    resting = submission.state == State.ACCEPTED or not submission.is_asked
    if submission.left_at or submission.declined_at or resting:
        return "–", None
    since = submission.submitted_at or submission.moved_at or cycle.opened_at
    if since is None or not cycle.has_begun:
        return "–", None
    days = max((cycle.day() - max(cycle.day(since), cycle.opens)).days, 0)
    side = _("Secretariat") if submission.state == State.SUBMITTED else _("Country")
    return _("%(side)s, %(n)d d") % {"side": side, "n": days}, since


def _is_of_network(row: Row, user: User) -> bool:
    """Whether the person's Secretariat runs a network of the country."""
    own = {membership.organisation_id for membership in user.current_memberships}
    return any(network.secretariat_id in own for network in row.networks)


STATES = [NOT_STARTED, NO_ANSWERS, *(theirs for _country, theirs in READINGS.values()), DECLINED, LEFT]

# What the tabs show: those of the states part the countries, the others cut across.
TABS: dict[str, tuple[str | Promise, Callable[[Row, User], bool]]] = {
    "": (gettext_lazy("All"), lambda row, user: True),
    "not_started": (NOT_STARTED.text, lambda row, user: row.state is NOT_STARTED),
    "no_answers": (NO_ANSWERS.text, lambda row, user: row.state is NO_ANSWERS),
    "draft": (READINGS[State.DRAFT][1].text, lambda row, user: row.state is READINGS[State.DRAFT][1]),
    "submitted": (READINGS[State.SUBMITTED][1].text, lambda row, user: row.state is READINGS[State.SUBMITTED][1]),
    "returned": (READINGS[State.RETURNED][1].text, lambda row, user: row.state is READINGS[State.RETURNED][1]),
    "accepted": (READINGS[State.ACCEPTED][1].text, lambda row, user: row.state is READINGS[State.ACCEPTED][1]),
    "declined": (DECLINED.text, lambda row, user: row.state is DECLINED),
    "left": (LEFT.text, lambda row, user: row.state is LEFT),
    "late": (gettext_lazy("Late"), lambda row, user: row.is_late),
    "extended": (gettext_lazy("Extended"), lambda row, user: row.submission.extended_to is not None),
    "questions": (gettext_lazy("Open questions"), lambda row, user: row.questions > 0),
    "unclaimed": (
        gettext_lazy("Unclaimed"),
        lambda row, user: row.state is READINGS[State.SUBMITTED][1] and row.submission.claimed_by_id is None,
    ),
    "reopen": (gettext_lazy("Asks to reopen"), lambda row, user: row.submission.reopen_asked_at is not None),
    "network": (gettext_lazy("My network"), lambda row, user: _is_of_network(row, user)),
    "mine": (gettext_lazy("I lead"), lambda row, user: row.submission.country.lead_id == user.pk),
}
ONLY_IF_ANY = ("no_answers", "declined", "left", "extended", "reopen", "network", "mine")

# The columns that order the rows; a minus in front turns the order round.
ORDERS: dict[str, Callable[[Row], Any]] = {
    "name": lambda row: alphabetical(row.name),
    "state": lambda row: STATES.index(row.state),
    "answered": lambda row: row.answered,
    "due": lambda row: (not row.submission.is_with_country, row.due_on),
    "since": lambda row: (row.since is None, row.since),
    "acted": lambda row: (row.acted_at is not None, row.acted_at),
    "questions": lambda row: -row.questions,
    "lead": lambda row: (row.submission.country.lead is None, str(row.submission.country.lead)),
}


@dataclass(frozen=True)
class Tab:
    """A tab of the board with its count and address."""

    label: str | Promise
    count: int
    url: str
    current: bool


@dataclass(frozen=True)
class Column:
    """The head of a column that orders the rows: where it leads, and the order that is in force."""

    url: str
    order: str  # as in aria-sort, empty if the rows are in another order


@dataclass(frozen=True)
class Board:
    """What a reader of the board sees: the rows that are left, of how many, and where the filters lead."""

    rows: list[Row]
    of: int
    tabs: list[Tab]
    columns: dict[str, Column]
    form: BoardForm
    query: str  # the filters and the order in force
    is_narrowed: bool


def read(cycle: Cycle, data: Mapping[str, str], user: User) -> Board:
    """Return the cycle's board, narrowed and ordered as `data` of an address says; what it cannot mean is ignored."""
    everything, form = rows(cycle), BoardForm(data)
    form.is_valid()
    show = data.get("show", "") if data.get("show", "") in TABS else ""
    order = data.get("order", "")
    order = order if order.removeprefix("-") in ORDERS else "name"
    wanted = {"show": show, "order": "" if order == "name" else order, **form.filters}
    shown = [row for row in _narrowed(everything, form) if TABS[show][1](row, user)]
    if order != "name":
        shown.sort(key=ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))
    tabs = [
        Tab(label, count, _address(wanted, show=name), name == show)
        for name, (label, holds) in TABS.items()
        if (count := sum(holds(row, user) for row in everything)) or name not in ONLY_IF_ANY or name == show
    ]
    query = _address(wanted).removeprefix("?")
    narrowed = bool(show or any(form.filters.values()))
    return Board(shown, len(everything), tabs, _columns(wanted, order), form, query, narrowed)


def _narrowed(found: Iterable[Row], form: BoardForm) -> list[Row]:
    """Return the rows that the filters leave."""
    sought, group, lead = (form.cleaned_data.get(name) for name in ("q", "group", "lead"))
    members = set()
    if group:
        members = set(GroupMembership.objects.in_force().filter(group=group).values_list("country", flat=True))
    return [
        row
        for row in found
        if (not sought or _is_called(row, sought.casefold()))
        and (not group or row.submission.country_id in members)
        and (not lead or row.submission.country.lead_id == lead.pk)
    ]


def _is_called(row: Row, sought: str) -> bool:
    country = row.submission.country
    return any(
        sought in alphabetical(part) or sought in part.casefold() for part in (row.name, country.iso2, country.iso3)
    )


def _columns(wanted: Mapping[str, str], order: str) -> dict[str, Column]:
    """Return the heads of the columns; the current one leads to the opposite order."""
    return {
        name: Column(
            url=_address(wanted, order=f"-{name}" if order == name else "" if name == "name" else name),
            order={name: "ascending", f"-{name}": "descending"}.get(order, ""),
        )
        for name in ORDERS
    }


def _address(wanted: Mapping[str, str], **changes: str) -> str:
    """Return a query string with some parameters changed; empty ones are left out."""
    return "?" + urlencode({name: value for name, value in {**wanted, **changes}.items() if value})
