"""Who may do what: the roles of a person towards a submission, and what each role allows."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from scoreboard.models import Role, Submission
from scoreboard.models.people import Person

# What each role may do. Visibility (404) is in the querysets, timing in the verbs; this is only about who (403).
ALLOWED: dict[str, frozenset[Role]] = {
    # a country's submission
    "write": frozenset({Role.FOCAL, Role.SECRETARIAT}),  # an officer's entry is recorded as on behalf
    "enter_on_behalf": frozenset({Role.SECRETARIAT}),  # what an officer does first
    "submit": frozenset({Role.FOCAL, Role.SECRETARIAT}),
    "recall": frozenset({Role.FOCAL}),
    "ask_to_reopen": frozenset({Role.FOCAL}),
    "give_feedback": frozenset({Role.FOCAL}),
    "decline_report": frozenset({Role.FOCAL, Role.SECRETARIAT}),  # an officer's entry is recorded as on behalf
    "ask_for_extension": frozenset({Role.FOCAL}),
    # its contributors
    "involve": frozenset({Role.FOCAL}),
    "suggest": frozenset({Role.CONTRIBUTOR}),  # to the part that an assignment names
    "decide": frozenset({Role.FOCAL}),
    # its review
    "claim": frozenset({Role.SECRETARIAT}),
    "release": frozenset({Role.SECRETARIAT}),
    "pass_on": frozenset({Role.SECRETARIAT}),  # one's claim, to a colleague
    "look": frozenset({Role.SECRETARIAT}),
    "flag": frozenset({Role.SECRETARIAT}),
    "return_for_changes": frozenset({Role.SECRETARIAT}),
    "accept": frozenset({Role.SECRETARIAT}),
    "approve": frozenset({Role.SECRETARIAT}),  # the first of two officers who accept
    "disapprove": frozenset({Role.SECRETARIAT}),
    "confirm": frozenset({Role.SECRETARIAT}),  # the second
    "reopen": frozenset({Role.SECRETARIAT}),
    "refuse_reopen": frozenset({Role.SECRETARIAT}),
    "extend": frozenset({Role.SECRETARIAT}),
    "correct_extension": frozenset({Role.SECRETARIAT}),
    "leave": frozenset({Role.SECRETARIAT}),
    "rejoin": frozenset({Role.SECRETARIAT}),
    # what both sides say to each other
    "open_thread": frozenset({Role.SECRETARIAT}),
    "reply": frozenset({Role.FOCAL, Role.SECRETARIAT}),
    "close_thread": frozenset({Role.SECRETARIAT}),
    "see_review": frozenset({Role.SECRETARIAT, Role.ANALYST}),
    "see_evidence": frozenset({Role.FOCAL, Role.SECRETARIAT, Role.ANALYST}),
    # what the Secretariat notes for itself
    "write_note": frozenset({Role.SECRETARIAT}),
    "set_lead": frozenset({Role.SECRETARIAT}),
    "see_people": frozenset({Role.SECRETARIAT}),
    # cycles
    "see_board": frozenset({Role.SECRETARIAT, Role.ANALYST}),
    "manage_cycles": frozenset({Role.SECRETARIAT}),
    "manage_editions": frozenset({Role.SECRETARIAT}),
    "write_letters": frozenset({Role.SECRETARIAT}),
    "see_feedback": frozenset({Role.SECRETARIAT}),
    "send_mails": frozenset({Role.SECRETARIAT}),  # reminders and announcements
    # the portal itself
    "see_messages": frozenset({Role.SECRETARIAT}),  # what e-mails could not be delivered, and try them again
    "see_activity": frozenset({Role.SECRETARIAT}),  # and administrators: `sees_activity`
    # assessments
    "see_workbench": frozenset({Role.SECRETARIAT, Role.ANALYST}),
    "consolidate": frozenset({Role.SECRETARIAT, Role.ANALYST}),
    "write_chapter": frozenset({Role.SECRETARIAT, Role.ANALYST}),
    "approve_chapter": frozenset({Role.SECRETARIAT}),
    "build": frozenset({Role.SECRETARIAT, Role.ANALYST}),
    "publish": frozenset({Role.SECRETARIAT}),
    "withdraw": frozenset({Role.SECRETARIAT}),
}


def roles_towards(user: Person, submission: Submission | None = None) -> frozenset[Role]:
    """Return the roles `user` has today, of the national ones only those for the submission's own country."""
    memberships = getattr(user, "current_memberships", [])
    return frozenset(
        Role(membership.role)
        for membership in memberships
        if not Role(membership.role).is_national
        or (submission is not None and membership.country_id == submission.country_id)
    )


def may(user: Person, act: str, submission: Submission | None = None) -> bool:
    """Return whether one of the person's roles allows `act`, a key of ALLOWED."""
    return bool(ALLOWED[act] & roles_towards(user, submission))


def require(user: Person, act: str, submission: Submission | None = None) -> frozenset[Role]:
    """Return the person's roles; raise PermissionDenied (403) if none of them allows `act`."""
    roles = roles_towards(user, submission)
    if not ALLOWED[act] & roles:
        raise PermissionDenied(_("Your role does not allow this. Ask the Secretariat if you think it should."))
    return roles


def sees_activity(user: Person) -> bool:
    """Return whether somebody may read the activity log: officers, and administrators, who need no role for it."""
    return may(user, "see_activity") or (user.is_active and user.is_staff)


def require_activity(user: Person) -> None:
    """Raise PermissionDenied (403) unless the person may read the activity log."""
    if not sees_activity(user):
        require(user, "see_activity")


def is_on_behalf(roles: frozenset[Role]) -> bool:
    """Return whether somebody with these `roles` acts as an officer, on the country's behalf."""
    return Role.FOCAL not in roles
