"""The verbs of a cycle: setting it up, opening it, moving dates, extending, leaving and rejoining."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, public_pages, rehearsal, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.mail import notifications
from scoreboard.models import Country, Cycle, DateChange, Membership, Origin, Role, Submission, User
from scoreboard.submissions import lateness, workflow
from scoreboard.text import alphabetical, is_blank, required, stripped

FIELDS = (
    "title",
    "code",
    "edition",
    "opens",
    "deadline",
    "closes",
    "time_zone",
    "basis",
    "two_officers",
    "shows_submitted",
    "statement_days",
    "is_example",
    "is_earlier_round",
    "contact_name",
    "contact_address",
)


@transaction.atomic
def save_cycle(
    cycle: Cycle,
    *,
    by: User,
    seen: int,
    add: Collection[Country] = (),
    remove: Collection[Country] = (),
    reason: str = "",
    origin: Origin = Origin.PAGE,
) -> Cycle:
    """Write a new or changed cycle, add countries to it and remove others, all or nothing.

    `seen` is the revision of the cycle that was changed. Dates that move after the opening need a `reason`, and the
    countries get a mail. An earlier round counts as opened on its first day, and nobody gets a mail. Raises
    PermissionDenied; Invalid for what a field cannot hold; NotNow for a new cycle within the rehearsal and for a change
    that comes too late (another edition, code or time zone after the opening, removing a country); Stale, with the
    current cycle, if somebody else changed it since.
    """
    rules.require(by, "manage_cycles")
    if cycle.pk is None and not cycle.is_rehearsal and rehearsal.is_on():
        raise NotNow(_("The rehearsal has one cycle. Officers start it anew on its page."))
    stored = locking.lock_cycle(cycle) if cycle.pk else None
    changed = _changed_fields(stored, cycle) if stored else list(FIELDS)
    if stored:
        cycle.revision, cycle.opened_at = stored.revision, stored.opened_at
        cycle.changed_at, cycle.changed_by = stored.changed_at, stored.changed_by
        if changed and stored.revision != seen:
            raise Stale(_stale(stored, changed), current=stored)
        if stored.is_settled and {"edition", "code", "time_zone", "is_earlier_round"} & set(changed):
            raise NotNow(_settled(stored))
        if stored.opened_at and not stored.is_earlier_round and "shows_submitted" in changed:
            raise NotNow(_("This cycle is open: whether everybody sees who has submitted stays as its mail said."))
    try:
        cycle.full_clean()
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
    if stored and not stored.is_earlier_round:
        _require_movable(stored, cycle, reason)
    if cycle.is_earlier_round:
        cycle.opened_at = datetime.combine(cycle.opens, time.min, cycle.zone)
    elif stored and stored.is_earlier_round:
        cycle.opened_at = None
    if changed:
        cycle.revision += 1
        cycle.changed_at, cycle.changed_by = clock.now(), by
        cycle.save()
        verb = Verb.EDIT_CYCLE if stored else Verb.CREATE_CYCLE
        detail = ", ".join(changed) if stored else ""
        activity.record(verb, by=by, cycle=cycle, detail=detail, origin=origin)
    if stored:
        _record_moved_dates(stored, cycle, reason, by)
    change_participants(cycle, add=add, remove=remove, by=by, origin=origin)
    if changed:
        public_pages.change()
    return cycle


def _settled(stored: Cycle) -> str:
    if stored.is_earlier_round:
        return _("This round has answers: its edition, its code and its time zone stay, and it stays an earlier round.")
    return _("This cycle is open: its edition, its code and its time zone stay as they are.")


def _changed_fields(stored: Cycle, cycle: Cycle) -> list[str]:
    """Return the names of the fields in which the cycle differs from the stored one."""

    def value(name: str, one: Cycle) -> Any:
        field: Any = Cycle._meta.get_field(name)
        return field.get_prep_value(field.value_from_object(one))

    return [name for name in FIELDS if value(name, stored) != value(name, cycle)]


def _stale(stored: Cycle, changed: Iterable[str]) -> str:
    """Return who changed the cycle meanwhile, and the current values that would be overwritten."""
    fields = "; ".join(f"{field_label(name)}: {field_text(stored, name)}" for name in changed)
    return _(
        "Nothing is saved: %(who)s changed this cycle on %(when)s, after you opened the form. It says now: %(fields)s. "
        "Your entries are still here. Correct them where needed, then save again."
    ) % {
        "who": stored.changed_by,
        "when": date_format(stored.changed_at.astimezone(stored.zone), "DATETIME_FORMAT") if stored.changed_at else "–",
        "fields": fields,
    }


def field_label(name: str) -> str:
    """Return the label of a cycle's field."""
    field: Any = Cycle._meta.get_field(name)
    return str(capfirst(field.verbose_name))


def field_text(cycle: Cycle, name: str) -> str:
    """Return the value of a cycle's field as people read it."""
    value = getattr(cycle, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return date_format(value) if isinstance(value, date) else str(value)


def _moved_dates(stored: Cycle, cycle: Cycle) -> list[tuple[str, date, date]]:
    """Return name, old and new value of the dates that differ."""
    dates = [(name, getattr(stored, name), getattr(cycle, name)) for name in DateChange.Date.values]
    return [(name, old, new) for name, old, new in dates if old != new]


def _require_movable(stored: Cycle, cycle: Cycle, reason: str) -> None:
    """Raise Invalid if dates of an opened cycle move without a reason, or to a past day."""
    moved = _moved_dates(stored, cycle)
    if not stored.opened_at or not moved:
        return
    for name, _old, new in moved:
        if name != "opens" and new < cycle.day():
            raise Invalid(_("%(date)s: choose today or a later day.") % {"date": field_label(name)})
    if is_blank(reason):
        raise Invalid(_("Give the reason for moving the dates: the countries get it by e-mail."))


def _record_moved_dates(stored: Cycle, cycle: Cycle, reason: str, by: User) -> None:
    """Log the dates that moved, recompute what is late, and notify the countries once the cycle is open."""
    moved = _moved_dates(stored, cycle)
    if not moved:
        return
    changes = DateChange.objects.bulk_create(
        DateChange(cycle=cycle, name=name, old=old, new=new, reason=stripped(reason), by=by, at=clock.now())
        for name, old, new in moved
    )
    submissions = list(cycle.submissions.select_for_update(of=("self",)).select_related("country"))
    lateness.refresh(cycle, submissions)
    for submission in submissions:
        if cycle.opened_at and not cycle.is_earlier_round and not submission.left_at:
            submission.cycle = cycle
            notifications.notify("move_dates", submission, by=by, comment=stripped(reason), changes=changes)


@transaction.atomic
def change_participants(
    cycle: Cycle,
    *,
    add: Collection[Country] = (),
    remove: Collection[Country] = (),
    by: User,
    origin: Origin = Origin.PAGE,
) -> None:
    """Add countries to the cycle, each with a submission, and remove others; repeating it is harmless.

    Raises NotNow if a country is to be removed once the cycle is open: mails, answers and published issues refer to
    it; it can leave instead. From an earlier round it can be removed until the round has answers.
    """
    rules.require(by, "manage_cycles")
    cycle = locking.lock_cycle(cycle)
    locked = cycle.submissions.select_for_update(of=("self",)).select_related("country")
    removed = list(locked.filter(country__in=remove))
    names = sorted((str(submission.country) for submission in removed), key=alphabetical)
    if names and cycle.is_settled:
        raise NotNow(
            _(
                "The cycle is open, so these countries stay in the cycle: %s. "
                "On its review page a country can leave the cycle without losing anything."
            )
            % ", ".join(names)
        )
    Submission.objects.filter(pk__in=[one.pk for one in removed]).delete()
    present = set(cycle.submissions.values_list("country_id", flat=True))
    added = Submission.objects.bulk_create(
        Submission(cycle=cycle, country=country)
        for country in add
        if country.pk not in present and country.is_rehearsal == cycle.is_rehearsal
    )
    for verb, submissions in ((Verb.REMOVE_COUNTRY, removed), (Verb.ADD_COUNTRY, added)):
        for submission in submissions:
            activity.record(verb, by=by, cycle=cycle, country=submission.country, origin=origin)
    if cycle.shows_submitted:
        public_pages.change()
    if cycle.opened_at and not cycle.is_earlier_round:
        for submission in added:
            notifications.notify("open_cycle", submission, by=by)


@transaction.atomic
def leave(submission: Submission, *, reason: str, by: User) -> Submission:
    """Let a country leave the cycle with a reason: nothing is deleted, no step is possible, no figure counts it.

    Published issues do not change. Raises PermissionDenied, NotNow if it has left or the cycle is not open, Invalid
    without a reason.
    """
    submission = locking.lock(submission)
    rules.require(by, "leave", submission)
    locking.require_part(submission)
    if submission.cycle.opened_at is None:
        raise NotNow(_("The cycle is not open yet. Untick the country in its form instead."))
    reason = required(reason, _("Give the reason: the history shows it, and the country reads it."))
    submission.left_at, submission.left_by, submission.left_reason = clock.now(), by, reason
    return _record_participation(submission, "leave", reason, by)


@transaction.atomic
def rejoin(submission: Submission, *, reason: str, by: User) -> Submission:
    """Let a country rejoin the cycle, in the state in which it left. Raises as `leave` does."""
    submission = locking.lock(submission)
    rules.require(by, "rejoin", submission)
    if submission.left_at is None:
        raise NotNow(_("%s takes part in the cycle.") % submission.country)
    reason = required(reason, _("Give the reason: the history shows it, and the country reads it."))
    submission.left_at, submission.left_by, submission.left_reason = None, None, ""
    return _record_participation(submission, "rejoin", reason, by)


def _record_participation(submission: Submission, act: str, reason: str, by: User) -> Submission:
    submission.save(update_fields=["left_at", "left_by", "left_reason"])
    workflow.record(submission, act, by=by, comment=reason)
    notifications.notify(act, submission, by=by, comment=reason)
    return submission


def obstacle_to_opening(cycle: Cycle) -> str:
    """Return why the cycle cannot be opened now; empty if it can."""
    if cycle.is_earlier_round:
        return _(
            "This is an earlier round: it is over, and no country is asked to answer. Its results come from a file."
        )
    if cycle.opened_at:
        return _("This cycle was opened already on %s.") % date_format(cycle.day(cycle.opened_at))
    if cycle.day() > cycle.closes:
        return _("This cycle closed on %s. Change its dates first.") % date_format(cycle.closes)
    if not cycle.submissions.exists():
        return _("Choose the participating countries first.")
    return ""


def audience(cycle: Cycle) -> tuple[int, list[Country]]:
    """Return how many mails the focal points of the cycle's countries would get, and the countries without any."""
    focal_points = Membership.objects.in_force().filter(role=Role.FOCAL, person__is_active=True)
    taking_part = Country.objects.filter(pk__in=cycle.submissions.taking_part().values("country"))
    reached = focal_points.filter(country__in=taking_part)
    mails = set(reached.values_list("country", "person"))
    unreached = taking_part.exclude(pk__in={country for country, _person in mails})
    return len(mails), sorted(unreached, key=alphabetical)


@transaction.atomic
def open_cycle(cycle: Cycle, *, by: User) -> Cycle:
    """Open the cycle to its countries, which can answer from its first day; their focal points get a mail.

    Raises NotNow if it is open already, has no country, or is over.
    """
    rules.require(by, "manage_cycles")
    cycle = locking.lock_cycle(cycle)
    if obstacle := obstacle_to_opening(cycle):
        raise NotNow(obstacle)
    cycle.opened_at = clock.now()
    cycle.save(update_fields=["opened_at"])
    activity.record(Verb.OPEN_CYCLE, by=by, cycle=cycle)
    for submission in cycle.submissions.taking_part().select_related("country"):
        submission.cycle = cycle
        notifications.notify("open_cycle", submission, by=by)
    public_pages.change()
    return cycle


@transaction.atomic
def extend(submission: Submission, *, to: date, reason: str, by: User, origin: Origin = Origin.PAGE) -> Submission:
    """Give one country until the end of the day `to`, with a reason; it moves both its deadline and its closing.

    Raises Invalid without a reason or if `to` is not later than the current last day, is past, or is out of reach;
    NotNow for a country without answers in an earlier round: nobody asks it for any.
    """
    submission = _lock_for_extension(submission, "extend", reason, by)
    if to <= submission.due:
        due = date_format(submission.due)
        raise Invalid(_("Choose a day after %s, until which the country has time already.") % due)
    return _move_extension(submission, "extend", to, reason, by, origin)


@transaction.atomic
def correct_extension(
    submission: Submission, *, to: date | None, reason: str, by: User, origin: Origin = Origin.PAGE
) -> Submission:
    """Correct a country's extension, with a reason: a later or an earlier day, or none (`to` is None).

    Raises NotNow if the country has no extension, Invalid as `extend` does.
    """
    submission = _lock_for_extension(submission, "correct_extension", reason, by)
    if submission.extended_to is None:
        raise NotNow(_("%s has no extension to correct.") % submission.country)
    if to == submission.extended_to:
        raise Invalid(_("The country has time until this day already. Choose another one."))
    if to is not None and to <= submission.cycle.deadline:
        deadline = date_format(submission.cycle.deadline)
        raise Invalid(_("Choose a day after %s, the deadline of the cycle, or end the extension.") % deadline)
    return _move_extension(submission, "correct_extension", to, reason, by, origin)


def _lock_for_extension(submission: Submission, act: str, reason: str, by: User) -> Submission:
    """Lock the submission, then check role, participation, opening and the compulsory reason."""
    submission = locking.lock(submission)
    rules.require(by, act, submission)
    locking.require_part(submission)
    if submission.cycle.opened_at is None:
        raise NotNow(_("The cycle is not open yet. Change its dates instead."))
    if not submission.is_asked:
        raise NotNow(locking.nobody_is_asked())
    if is_blank(reason):
        raise Invalid(_("Give the reason for the extension; the history shows it."))
    return submission


def _move_extension(
    submission: Submission, act: str, to: date | None, reason: str, by: User, origin: Origin
) -> Submission:
    cycle, before = submission.cycle, submission.extended_to
    if to is not None and to < cycle.day():
        raise Invalid(_("Choose today or a later day."))
    if not cycle.reaches(to):
        raise Invalid(_("Choose a day within ten years of the day on which the cycle opens."))
    submission.extended_to, submission.extension_reason = to, stripped(reason) if to else ""
    submission.save(update_fields=["extended_to", "extension_reason"])
    workflow.record(submission, act, by=by, origin=origin, comment=stripped(reason), dates=(before, to))
    if to:
        submission.extension_requests.filter(granted=None).update(
            granted=True, answer=stripped(reason), answered_by=by, answered_at=clock.now()
        )
    lateness.refresh(cycle, [submission])
    notifications.notify(act, submission, by=by, comment=stripped(reason), before=before)
    return submission
