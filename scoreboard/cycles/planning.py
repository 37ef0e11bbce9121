"""Planning a cycle: one like another, countries by network, dates in words, what a day would allow, deleting."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import activity, clock, locking, rules
from scoreboard.errors import NotNow
from scoreboard.models import Country, CountryGroup, Cycle, GroupMembership, State, Submission, User, Verb
from scoreboard.text import alphabetical


def like(cycle: Cycle) -> Cycle:
    """Return a new, unsaved cycle with what can be the same as in another: not its title, code or dates."""
    names = ("edition", "time_zone", "basis", "statement_days", "is_example")
    return Cycle(**{name: getattr(cycle, name) for name in names})


@dataclass(frozen=True)
class Part:
    """The countries that belong to a group or network as one kind on a day, and those of them not confirmed yet."""

    code: str
    group: CountryGroup
    kind: str
    countries: list[Country]
    unconfirmed: list[Country]


def by_network(opens: date | None) -> list[Part]:
    """Return who belongs to which group as what, networks first, each country by name.

    Memberships are those of the day on which the cycle opens; of today if it is unknown or past.
    """
    day = max(opens or clock.today(), clock.today())
    in_force = GroupMembership.objects.in_force(day).filter(country__in=Country.objects.order_by())
    kinds = list(GroupMembership.Kind.values)
    held = sorted(
        in_force.select_related("group", "country"),
        key=lambda one: (one.group.secretariat_id is None, one.group.code, kinds.index(one.kind)),
    )
    parts = []
    for (group, kind), several in groupby(held, key=lambda one: (one.group, one.kind)):
        members = {one.country: one.confirmed for one in several if one.country}
        countries = sorted(members, key=alphabetical)
        unconfirmed = [country for country in countries if not members[country]]
        parts.append(Part(f"{group.code}:{kind}", group, str(GroupMembership.Kind(kind).label), countries, unconfirmed))
    return parts


def effects(opens: date, deadline: date, closes: date, time_zone: str, *, is_earlier_round: bool = False) -> list[str]:
    """Return in sentences what the three dates of a cycle allow, which must be in order; days end in `time_zone`."""

    def named(day: date) -> str:
        return date_format(day, "l, j F Y")

    if is_earlier_round:
        return [
            _("This round ran from %(opens)s to %(closes)s; its deadline was %(deadline)s. Days end in %(zone)s.")
            % {"opens": named(opens), "closes": named(closes), "deadline": named(deadline), "zone": time_zone},
            _("Nobody gets a mail, and nobody can write: its answers come from a file."),
        ]
    days = (deadline - opens).days + 1
    sentences = [
        _("From the start of %(day)s, countries can write, once the cycle is opened. Days begin and end in %(zone)s.")
        % {"day": named(opens), "zone": time_zone},
        ngettext(
            "Until the end of %(day)s, what is submitted is in time: countries have %(days)s day.",
            "Until the end of %(day)s, what is submitted is in time: countries have %(days)s days.",
            days,
        )
        % {"day": named(deadline), "days": days},
    ]
    if closes > deadline:
        sentences += [
            _("From %(first)s to the end of %(last)s, countries can still write and submit, which is marked late.")
            % {"first": named(deadline + timedelta(days=1)), "last": named(closes)}
        ]
    return [
        *sentences,
        _("From %(day)s, nobody can write, unless the Secretariat has given the country more time.")
        % {"day": named(closes + timedelta(days=1))},
    ]


@dataclass(frozen=True)
class Group:
    """Countries that could do the same on a day, with what that is in a sentence."""

    sentence: str
    submissions: list[Submission]


def on_a_day(cycle: Cycle, day: date) -> list[Group]:
    """Return the cycle's countries by what they could do on `day` if nothing changed until then.

    A cycle that is not open is taken as opened in time.
    """
    submissions = cycle.submissions.select_related("country").order_by()
    groups: dict[str, list[Submission]] = {}
    cycle.opened_at = cycle.opened_at or datetime.combine(cycle.opens, time.min, cycle.zone)
    with clock.at(datetime.combine(day, time(12), cycle.zone)):
        for submission in sorted(submissions, key=lambda one: alphabetical(one.country)):
            submission.cycle = cycle
            groups.setdefault(_possible(submission), []).append(submission)
    return [Group(sentence, members) for sentence, members in groups.items()]


def _possible(submission: Submission) -> str:
    """Return what the country can do now, as a sentence."""
    if refusal := locking.refusal(submission):
        return refusal
    late = submission.cycle.day() > submission.due and submission.state == State.DRAFT
    last = date_format(submission.last_day)
    if late:
        return _("Can write and submit until the end of %s; what is submitted is marked late.") % last
    if submission.state == State.RETURNED:
        return _("Has it back for changes; can write and submit again until the end of %s.") % last
    return _("Can write and submit in time, until the end of %s.") % date_format(submission.due)


def obstacle_to_deleting(cycle: Cycle) -> str:
    """Return why the cycle cannot be deleted; empty if it can."""
    if cycle.is_settled and cycle.is_earlier_round:
        return _("This round has answers. Undo the imports that brought them in; then it can be deleted.")
    if cycle.is_settled:
        return _("This cycle is open to its countries. Only a cycle that was never opened can be deleted.")
    return ""


@transaction.atomic
def delete_cycle(cycle: Cycle, *, by: User) -> None:
    """Delete a cycle in which nothing is filed: never opened, or an earlier round without answers.

    Raises PermissionDenied, NotNow.
    """
    rules.require(by, "manage_cycles")
    cycle = locking.lock_cycle(cycle)
    if obstacle := obstacle_to_deleting(cycle):
        raise NotNow(obstacle)
    activity.record(Verb.DELETE_CYCLE, by=by, cycle=cycle, detail=cycle.code)
    cycle.submissions.all().delete()
    cycle.delete()
