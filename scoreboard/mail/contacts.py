"""Who answers: the contact address of a country, a cycle and the portal, for replies and for the foot of pages."""

from dataclasses import dataclass

from scoreboard.models import Cycle, GroupMembership, Membership, Organisation, Role, Submission


@dataclass(frozen=True)
class Contact:
    """A name and an address to write to."""

    name: str
    address: str


def of(submission: Submission) -> Contact | None:
    """Return whom a country writes to: its lead officer's Secretariat, else that of its only network.

    Without a contact there, the one that the cycle names, else the portal's.
    """
    lead = submission.country.lead_id
    if lead is not None:
        held = (
            Membership.objects.in_force().filter(person=lead, role=Role.SECRETARIAT).exclude(organisation__contact="")
        )
        membership = held.select_related("organisation").order_by("pk").first()
        if membership is not None and membership.organisation:
            return Contact(str(membership.organisation), membership.organisation.contact)
    joined = GroupMembership.objects.in_force().filter(country=submission.country_id, group__secretariat__isnull=False)
    run_by = {one.group.secretariat for one in joined.select_related("group__secretariat")}
    if len(run_by) == 1 and (secretariat := run_by.pop()) and secretariat.contact:
        return Contact(str(secretariat), secretariat.contact)
    return of_cycle(submission.cycle) or of_portal()


def of_cycle(cycle: Cycle) -> Contact | None:
    """Return the contact that the cycle names."""
    if not cycle.contact_address:
        return None
    return Contact(cycle.contact_name or cycle.contact_address, cycle.contact_address)


def of_secretariats() -> list[Contact]:
    """Return the contact of each Secretariat that has one."""
    found = Organisation.objects.filter(kind=Organisation.Kind.SECRETARIAT).exclude(contact="")
    return [Contact(str(organisation), organisation.contact) for organisation in found]


def of_portal() -> Contact | None:
    """Return the contact of the only Secretariat that has one; None if there are several or none."""
    found = of_secretariats()
    return found[0] if len(found) == 1 else None
