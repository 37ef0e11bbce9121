"""Who belongs to a group or network, as what and when: another kind is another row, so that the rows are history."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Country, CountryGroup, GroupMembership, Organisation, User
from scoreboard.text import one_line

FIRST_YEAR, LAST_YEAR = 1950, 2100  # of a membership: another year is a typing error


@transaction.atomic
def join(
    member: Country | Organisation,
    group: CountryGroup,
    *,
    kind: str,
    since: date | None,
    until: date | None = None,
    by: User,
) -> GroupMembership:
    """Enter that a country or an organisation belongs to a group, as what and from when; return the membership.

    One in force that began before ends the day before: the change of kind is history. Raises PermissionDenied, and
    Invalid for dates in the wrong order, or that overlap another membership of the same group.
    """
    rules.require(by, "edit_networks")
    _require_days(since, until)
    held = _of(member, group).select_for_update()
    for other in held:
        if not _overlaps(other, since, until):
            continue
        if other.until is None and since is not None and (other.since is None or other.since < since):
            other.until, other.changed_by, other.changed_at = since - timedelta(days=1), by, clock.now()
            other.save(update_fields=["until", "changed_by", "changed_at"])
        else:
            raise Invalid(_overlap(other))
    membership = GroupMembership(group=group, kind=kind, since=since, until=until, confirmed=True)
    if isinstance(member, Country):
        membership.country = member
    else:
        membership.organisation = member
    return _save(membership, Verb.JOIN_NETWORK, by)


@transaction.atomic
def correct(
    membership: GroupMembership, *, kind: str, since: date | None, until: date | None, confirmed: bool, by: User
) -> GroupMembership:
    """Correct a membership that was entered wrongly, or end it with `until`; return it.

    Raises PermissionDenied, and Invalid as `join` does.
    """
    rules.require(by, "edit_networks")
    _require_days(since, until)
    membership = GroupMembership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    for other in _of(membership.member, membership.group).exclude(pk=membership.pk):
        if _overlaps(other, since, until):
            raise Invalid(_overlap(other))
    membership.kind, membership.since, membership.until, membership.confirmed = kind, since, until, confirmed
    return _save(membership, Verb.CORRECT_MEMBERSHIP, by)


@transaction.atomic
def remove(membership: GroupMembership, *, by: User) -> None:
    """Delete a membership that never was. Raises PermissionDenied."""
    rules.require(by, "edit_networks")
    GroupMembership.objects.filter(pk=membership.pk).delete()
    activity.record(Verb.REMOVE_MEMBERSHIP, by=by, country=membership.country, detail=membership.group.code)


@transaction.atomic
def save_organisation(organisation: Organisation, *, name: str, short_name: str, kind: str, by: User) -> Organisation:
    """Store a new or changed organisation and return it.

    Raises PermissionDenied, NotNow for what administrators alone decide: which organisations are Secretariats, and
    Invalid for a name that is missing or taken.
    """
    rules.require(by, "edit_networks")
    was = Organisation.objects.filter(pk=organisation.pk).values_list("kind", flat=True).first()
    if Organisation.Kind.SECRETARIAT in (kind, was) and kind != was:
        raise NotNow(_("An administrator says which organisations are Secretariats."))
    organisation.name, organisation.short_name, organisation.kind = one_line(name), one_line(short_name), kind
    try:
        organisation.full_clean()
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from None
    organisation.save()
    activity.record(Verb.SAVE_ORGANISATION, by=by, detail=str(organisation.pk))
    return organisation


def history(member: Country | Organisation) -> QuerySet[GroupMembership]:
    """Return all memberships of a country or an organisation, by group, the latest first."""
    found = member.group_memberships.select_related("group", "changed_by")
    return found.order_by("group__code", "-since", "-pk")


def _of(member: Country | Organisation, group: CountryGroup) -> QuerySet[GroupMembership]:
    mine = Q(country=member) if isinstance(member, Country) else Q(organisation=member)
    return GroupMembership.objects.filter(mine, group=group)


def _save(membership: GroupMembership, verb: Verb, by: User) -> GroupMembership:
    membership.changed_by, membership.changed_at = by, clock.now()
    try:
        membership.full_clean()
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from None
    membership.save()
    activity.record(verb, by=by, country=membership.country, detail=f"{membership.group.code}:{membership.kind}")
    return membership


def _require_days(since: date | None, until: date | None) -> None:
    for day in (since, until):
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Invalid(
                _("Choose a day of a year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
    if since and until and until < since:
        raise Invalid(_("The membership ends before it begins."))


def _overlaps(other: GroupMembership, since: date | None, until: date | None) -> bool:
    begins_before_other_ends = since is None or other.until is None or since <= other.until
    ends_after_other_begins = until is None or other.since is None or until >= other.since
    return begins_before_other_ends and ends_after_other_begins


def _overlap(other: GroupMembership) -> str:
    period = _("%(since)s to %(until)s") % {
        "since": date_format(other.since) if other.since else _("unknown"),
        "until": date_format(other.until) if other.until else _("today"),
    }
    return _("These days overlap another membership (%(kind)s, %(period)s). Change its dates first.") % {
        "kind": other.get_kind_display(),
        "period": period,
    }
