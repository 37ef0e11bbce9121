"""The activity log: `record` writes an entry in the transaction of a verb; the worker seals entries into a chain."""

from scoreboard import rehearsal
from scoreboard.models import ActivityEntry, Country, Cycle, Origin, Submission, User, Verb

__all__ = ["Verb", "record"]


def record(
    verb: Verb | str,
    *,
    by: User | None,
    submission: Submission | None = None,
    cycle: Cycle | None = None,
    country: Country | None = None,
    person: User | None = None,
    detail: str = "",
    origin: Origin | str = "",
    network: str = "",
    count: int = 1,
) -> ActivityEntry:
    """Write an entry of the activity log, one INSERT in the transaction of the verb that calls it, and return it.

    `by` is who did it, None for the command line and the portal itself; `person` whom it was done to. A submission
    brings its cycle and country. `detail` says which thing in a few characters of data, such as the code of an
    indicator or the number of a version: never a name, an address, or a text that somebody typed, since officers read
    the log while a draft is the country's. `origin` is the page unless given, without `by` the command line. Raises
    ValueError for a verb that is not in the list.
    """
    return ActivityEntry.objects.create(
        verb=Verb(verb),
        by=by,
        submission=submission,
        cycle_id=submission.cycle_id if submission else cycle.pk if cycle else None,
        country_id=submission.country_id if submission else country.pk if country else None,
        person=person,
        detail=detail,
        origin=origin or (Origin.PAGE if by else Origin.COMMAND),
        network=network,
        count=count,
        rehearsal=rehearsal.is_on(),
    )
