"""Many invitations from a file: what each row would do is shown first, then all of it is done, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import activity, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, Stale
from scoreboard.models import Country, CountryGroup, Membership, Organisation, Role, User
from scoreboard.people import invitation_rows, roles
from scoreboard.people.invitation_rows import Cells, Fault
from scoreboard.people.roles import Invitation
from scoreboard.text import alphabetical

SALT = "scoreboard.people.invitation_file"


@dataclass(frozen=True)
class Line:
    """What a row would do: invite somebody, or change a role that is held already; `effect` says it."""

    row: int
    invitation: Invitation
    effect: str
    held: Membership | None = None

    @property
    def does_something(self) -> bool:
        """Whether anything changes."""
        return self.held is None or bool(_changes(self.held, self.invitation))


@dataclass(frozen=True)
class Plan:
    """What a file would do; with a fault nothing can be done. `signed` carries it to the confirmation."""

    lines: Sequence[Line]
    faults: Sequence[Fault]
    signed: str = ""

    @property
    def n(self) -> int:
        """How many rows change something."""
        return sum(line.does_something for line in self.lines)


def compare(content: bytes, name: str, *, note: str = "", by: User) -> Plan:
    """Return what the file would do, read as a workbook if its name or content says so, else as CSV.

    Raises PermissionDenied, and Invalid with a sentence for a file that cannot be read at all.
    """
    rules.require(by, "invite")
    rows, faults = invitation_rows.read(content, name)
    invitations: list[tuple[int, Invitation]] = []
    known = _Known()
    for number, cells in rows:
        try:
            invitations.append((number, replace(known.invitation(cells), note=note)))
        except Invalid as problem:
            faults.append(Fault(number, problem.sentence))
    lines, refused = _plan(invitations, by)
    faults = sorted([*faults, *refused], key=lambda fault: fault.row)
    if faults:
        return Plan(lines, faults)
    return Plan(lines, [], signing.dumps(_packed(lines), salt=f"{SALT}.{by.pk}", compress=True))


@transaction.atomic
def apply(signed: str, *, by: User) -> list[Membership]:
    """Do what was shown, all or nothing; return the memberships that were given, offered or changed.

    Raises PermissionDenied, Invalid for what was not shown to this person, and Stale if it would do something else by
    now, as when a colleague has invited one of the people meanwhile.
    """
    rules.require(by, "invite")
    try:
        packed = signing.loads(signed, salt=f"{SALT}.{by.pk}")
    except signing.BadSignature:
        raise Invalid(_("What was shown got lost on the way. Upload the file again.")) from None
    try:
        shown = [(row["row"], _unpacked(row)) for row in packed]
    except KeyError:
        raise Stale(_("Something has changed since the file was shown. Upload it again.")) from None
    lines, faults = _plan(shown, by)
    if faults or _packed(lines) != packed:
        raise Stale(_("Something has changed since the file was shown. Upload it again."))
    # By address, so that of two files with the same people at once one waits for the other, and neither for ever.
    in_order = sorted(lines, key=lambda line: (line.invitation.email.lower(), line.row))
    done = [_do(line, by) for line in in_order if line.does_something]
    activity.record(Verb.INVITE_FROM_FILE, by=by, count=max(len(done), 1))
    return done


def _do(line: Line, by: User) -> Membership:
    if line.held is None:
        return roles.invite(line.invitation, by=by)
    held, wanted = line.held, line.invitation
    networks = {*held.networks.all(), *wanted.networks}
    return roles.change(held, until=wanted.until or held.until, networks=networks, by=by)


class _Known:
    """What the names in a file can stand for, read once."""

    def __init__(self) -> None:
        self.countries: dict[str, Country] = {}
        for country in Country.objects.all():
            names = country.name.data.values() if isinstance(country.name.data, dict) else [str(country)]
            for name in (*names, country.iso2, country.iso3):
                self.countries[alphabetical(name)] = country
        self.networks = {
            alphabetical(name): group for group in CountryGroup.objects.networks() for name in (group.code, group.name)
        }
        self.organisations = {
            alphabetical(name): one for one in Organisation.objects.all() for name in (one.name, one.short_name) if name
        }
        given = [role for role in Role if role != Role.GUEST]  # a guest is invited from a space
        self.roles = {alphabetical(name): role for role in given for name in (role.value, role.label)}

    def invitation(self, cells: Cells) -> Invitation:
        """Return the invitation of a row; raise Invalid for what is unknown or does not fit together."""
        if not cells["role"]:
            raise Invalid(_("It names no role. Write focal, observer or analyst."))
        until = None
        if cells["until"]:
            try:
                until = date.fromisoformat(cells["until"])
            except ValueError:
                raise Invalid(_("“%s” is no day. Write it as 2027-12-31.") % cells["until"]) from None
        country = organisation = None
        if cells["country"]:
            country = _one(self.countries, cells["country"], _("There is no country “%s”."))
        if name := cells["organisation"]:
            organisation = _one(self.organisations, name, _("There is no organisation “%s”. Add it first."))
        named = [part.strip() for part in cells["networks"].replace(";", ",").split(",") if part.strip()]
        return roles.checked(
            Invitation(
                email=cells["email"],
                name=cells["name"],
                role=_one(self.roles, cells["role"], _("There is no role “%s”. Write focal, observer or analyst.")),
                country=country,
                organisation=organisation,
                networks=tuple(_one(self.networks, name, _("There is no network “%s”.")) for name in named),
                until=until,
            )
        )


def _one(known: Mapping[str, Any], name: str, refusal: str) -> Any:
    found = known.get(alphabetical(name))
    if found is None:
        raise Invalid(refusal % name[:80])
    return found


def _plan(rows: Sequence[tuple[int, Invitation]], by: User) -> tuple[list[Line], list[Fault]]:
    """Return what each row would do, and why rows are refused; in queries that do not grow with the rows."""
    addresses = {invitation.email.lower() for _row, invitation in rows}
    people = {
        person.email.lower(): person
        for person in User.objects.annotate(lower=Lower("email")).filter(lower__in=addresses)
    }
    found = Membership.objects.unended().filter(declined_at=None, person__in=people.values())
    held = {
        (one.person_id, one.role, one.country_id, one.organisation_id): one
        for one in found.select_related("person", "country", "organisation").prefetch_related("networks")
    }
    lines, faults = [], []
    seen: dict[tuple[Any, ...], int] = {}
    names: dict[str, str] = {}
    for row, invitation in rows:
        person = people.get(invitation.email.lower())
        try:
            _require_once(row, invitation, seen, names)
            _require_allowed(invitation, person, by)
            key = (person.pk, *_place(invitation)) if person else None
            mine = held.get(key) if key else None
            lines.append(Line(row, invitation, _effect(invitation, person, mine), mine))
        except Invalid as problem:
            faults.append(Fault(row, problem.sentence))
    return lines, faults


def _place(invitation: Invitation) -> tuple[Any, ...]:
    country, organisation = invitation.country, invitation.organisation
    return invitation.role, country and country.pk, organisation and organisation.pk


def _require_once(row: int, invitation: Invitation, seen: dict[tuple[Any, ...], int], names: dict[str, str]) -> None:
    """Raise Invalid for a role that an earlier row names too, or an address with two names."""
    address = invitation.email.lower()
    key = (address, *_place(invitation))
    if key in seen:
        raise Invalid(_("It repeats row %s: the same address and role.") % seen[key])
    seen[key] = row
    if invitation.name and names.setdefault(address, invitation.name) != invitation.name:
        raise Invalid(_("It gives %(email)s another name than a row above does.") % {"email": invitation.email})


def _require_allowed(invitation: Invitation, person: User | None, by: User) -> None:
    """Raise Invalid for a role that the officer may not give, to oneself, or to a closed account."""
    if invitation.role == Role.CONTRIBUTOR:
        raise Invalid(_("Contributors are invited by the focal points of their country alone."))
    if not rules.gives_as(by, invitation.role, invitation.country):
        raise Invalid(_("Only administrators give the role %s.") % invitation.role.label)
    if invitation.email.lower() == by.email.lower():
        raise Invalid(_("This is your own address. Nobody gives a role to themselves."))
    if person is None and not invitation.name:
        raise Invalid(_("It names an address that is new here, without a name."))
    if person is not None and not person.is_active:
        raise Invalid(_("The account of %s is closed. An administrator can open it again.") % invitation.email)


def _effect(invitation: Invitation, person: User | None, held: Membership | None) -> str:
    if held is None:
        if person is None or not person.has_usable_password():
            return _("is invited, and sets a password first")
        return _("has an account, and is invited to accept")
    return ", ".join(_changes(held, invitation)) or _("has this role or invitation already: nothing changes")


def _changes(held: Membership, invitation: Invitation) -> list[str]:
    changes = []
    if invitation.until and invitation.until != held.until:
        before = date_format(held.until) if held.until else _("none")
        changes.append(
            _("last day: %(after)s instead of %(before)s") % {"after": date_format(invitation.until), "before": before}
        )
    added = [str(network) for network in invitation.networks if network not in held.networks.all()]
    if added:
        changes.append(_("added networks: %s") % ", ".join(added))
    return changes


def _packed(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Return the lines as JSON can carry them, with what each would do."""
    return [
        {
            "row": line.row,
            "email": line.invitation.email,
            "name": line.invitation.name,
            "role": str(line.invitation.role),
            "country": line.invitation.country and line.invitation.country.pk,
            "organisation": line.invitation.organisation and line.invitation.organisation.pk,
            "networks": sorted(network.pk for network in line.invitation.networks),
            "until": line.invitation.until and line.invitation.until.isoformat(),
            "note": line.invitation.note,
            "held": line.held and line.held.pk,
            "held_until": line.held and line.held.until and line.held.until.isoformat(),
        }
        for line in lines
    ]


def _unpacked(row: Mapping[str, Any]) -> Invitation:
    """Return the invitation of a packed line; raise KeyError if something that it names is gone."""
    countries = Country.objects.in_bulk([row["country"]]) if row["country"] else {}
    organisations = Organisation.objects.in_bulk([row["organisation"]]) if row["organisation"] else {}
    networks = CountryGroup.objects.networks().in_bulk(row["networks"])
    return Invitation(
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        country=countries[row["country"]] if row["country"] else None,
        organisation=organisations[row["organisation"]] if row["organisation"] else None,
        networks=tuple(networks[pk] for pk in row["networks"]),
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        note=row["note"],
    )
