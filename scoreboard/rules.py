"""Who may do what: the roles of a person towards a submission, what each role allows, and who gives and ends roles."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from scoreboard.models import Country, Membership, Organisation, Role, Submission, User
from scoreboard.models.people import Person, organisations_of, roles_of

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
    # steps that it promised, between the cycles
    "report_on_commitment": frozenset({Role.FOCAL}),
    "publish_commitment": frozenset({Role.FOCAL}),
    "hide_commitment": frozenset({Role.FOCAL}),
    # its contributors
    "involve": frozenset({Role.FOCAL}),
    "suggest": frozenset({Role.CONTRIBUTOR}),  # to the part that an assignment names
    "decide": frozenset({Role.FOCAL}),
    "run_workshop": frozenset({Role.FOCAL}),  # also its notes are read by focal points alone
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
    "ask": frozenset({Role.FOCAL}),  # the Secretariat, at any time
    "answer": frozenset({Role.FOCAL, Role.SECRETARIAT}),  # in an enquiry, where both sides write
    "close_enquiry": frozenset({Role.FOCAL, Role.SECRETARIAT}),
    "share": frozenset({Role.SECRETARIAT}),  # an answer, with every focal point of the cycle
    "withdraw_shared": frozenset({Role.SECRETARIAT}),
    "see_review": frozenset({Role.SECRETARIAT, Role.ANALYST}),
    "see_evidence": frozenset({Role.FOCAL, Role.SECRETARIAT, Role.ANALYST}),
    # what the Secretariat notes for itself
    "write_note": frozenset({Role.SECRETARIAT}),
    "set_lead": frozenset({Role.SECRETARIAT}),
    # statements of organisations, whose observers write for their own: `require_observer`
    "write_statement": frozenset({Role.OBSERVER}),
    "file_statement": frozenset({Role.OBSERVER}),
    "withdraw_statement": frozenset({Role.OBSERVER}),
    "share_statement": frozenset({Role.SECRETARIAT}),
    "reply_to_statement": frozenset({Role.FOCAL}),
    "decide_on_statement": frozenset({Role.SECRETARIAT}),
    # spaces, whose members write: `network.spaces.require_member`
    "manage_spaces": frozenset({Role.SECRETARIAT}),  # create, invite to, moderate, publish from and archive them
    # a country's action plans; the national roles are those for that country: `require_for`
    "write_plan": frozenset({Role.FOCAL}),
    "show_plan": frozenset({Role.FOCAL}),  # to the Secretariat, to everybody, or to nobody else any more
    "delegate": frozenset({Role.FOCAL}),  # an action, to a contributor
    "report_progress": frozenset({Role.FOCAL, Role.CONTRIBUTOR}),  # a contributor's own actions
    "check_plan": frozenset({Role.SECRETARIAT}),
    # what people learn from each other: of a country (`require_for`), or of any role (`require_any`)
    "ask_country_that_rose": frozenset({Role.FOCAL}),
    "answer_country": frozenset({Role.FOCAL}),
    "close_between_countries": frozenset({Role.SECRETARIAT}),
    "write_practice": frozenset({Role.FOCAL, Role.OBSERVER}),  # for their own country or organisation
    "sign_for_country": frozenset({Role.FOCAL}),
    "check_practice": frozenset({Role.SECRETARIAT}),
    "propose_resource": frozenset({Role.FOCAL, Role.CONTRIBUTOR, Role.OBSERVER, Role.ANALYST, Role.SECRETARIAT}),
    "check_resource": frozenset({Role.SECRETARIAT}),
    # people
    "see_people": frozenset({Role.SECRETARIAT}),
    "invite": frozenset({Role.SECRETARIAT}),  # to a role that GIVES lets them give
    "edit_networks": frozenset({Role.SECRETARIAT}),  # organisations, and who belongs to a network
    "answer_requests": frozenset({Role.SECRETARIAT}),
    # cycles
    "see_board": frozenset({Role.SECRETARIAT, Role.ANALYST}),
    "manage_cycles": frozenset({Role.SECRETARIAT}),
    "bring_in_results": frozenset({Role.SECRETARIAT}),  # of earlier rounds, by a file
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
    "prepare_consultation": frozenset({Role.SECRETARIAT, Role.ANALYST}),  # find passages, say whom they concern
    "consult": frozenset({Role.SECRETARIAT}),  # decide who sees a passage, open, show another build, end
    "comment_on_draft": frozenset({Role.FOCAL}),
    "answer_comment": frozenset({Role.SECRETARIAT, Role.ANALYST}),
    "hear_countries": frozenset({Role.SECRETARIAT}),  # about answers from a file; and choose what becomes public
    "confirm_entered": frozenset({Role.FOCAL}),
    "object_to_name": frozenset({Role.FOCAL, Role.SECRETARIAT}),  # an officer's entry is recorded as on behalf
    "attach_report": frozenset({Role.SECRETARIAT}),  # of the time, to an earlier round
    "publish": frozenset({Role.SECRETARIAT}),
    "withdraw": frozenset({Role.SECRETARIAT}),
    "write_news": frozenset({Role.SECRETARIAT}),  # lines on the home page
}

ADMINISTRATOR = "administrator"  # who may enter the administration, by `User.is_staff`: no role of a membership

# Who gives a role to somebody else, and who ends it or gives it an earlier last day. Of focal points these are those of
# the role's own country. Nobody gives a role to themselves or prolongs one; everybody may end their own.
GIVES: dict[str, frozenset[str]] = {
    Role.FOCAL: frozenset({Role.SECRETARIAT, Role.FOCAL, ADMINISTRATOR}),
    Role.CONTRIBUTOR: frozenset({Role.FOCAL}),  # with a part of the answers: `contributors.inviting`
    Role.OBSERVER: frozenset({Role.SECRETARIAT, ADMINISTRATOR}),
    Role.ANALYST: frozenset({Role.SECRETARIAT, ADMINISTRATOR}),
    Role.GUEST: frozenset({Role.SECRETARIAT}),  # with a space: `network.membership`
    Role.SECRETARIAT: frozenset({ADMINISTRATOR}),
    ADMINISTRATOR: frozenset({ADMINISTRATOR}),
}
ENDS: dict[str, frozenset[str]] = {
    Role.FOCAL: frozenset({Role.SECRETARIAT, ADMINISTRATOR}),
    Role.CONTRIBUTOR: frozenset({Role.FOCAL, Role.SECRETARIAT, ADMINISTRATOR}),
    Role.OBSERVER: frozenset({Role.SECRETARIAT, ADMINISTRATOR}),
    Role.ANALYST: frozenset({Role.SECRETARIAT, ADMINISTRATOR}),
    Role.GUEST: frozenset({Role.SECRETARIAT, ADMINISTRATOR}),
    Role.SECRETARIAT: frozenset({ADMINISTRATOR}),
    ADMINISTRATOR: frozenset({ADMINISTRATOR}),
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


def may_any(user: Person, act: str) -> bool:
    """Return whether one of the person's roles allows `act`, whichever country it is held for."""
    return bool(ALLOWED[act] & roles_of(user))


def require_any(user: User, act: str) -> None:
    """Raise PermissionDenied (403) unless one of the person's roles, whichever its country, allows `act`."""
    if not may_any(user, act):
        raise PermissionDenied(_("Your role does not allow this. Ask the Secretariat if you think it should."))


def require_observer(user: User, act: str, organisation: Organisation) -> None:
    """Raise PermissionDenied (403) unless the person's role allows `act` and they observe for `organisation` today."""
    require(user, act)
    if organisation not in organisations_of(user):
        raise PermissionDenied(_("This belongs to another organisation."))


def may_for(user: Person, act: str, country: Country) -> bool:
    """Return whether one of the person's roles allows `act`, of the national ones only those for `country`."""
    held = getattr(user, "current_memberships", [])
    roles = {Role(one.role) for one in held if not Role(one.role).is_national or one.country_id == country.pk}
    return bool(ALLOWED[act] & roles)


def require_for(user: Person, act: str, country: Country) -> None:
    """Raise PermissionDenied (403) unless one of the person's roles, for `country`, allows `act`."""
    if not may_for(user, act, country):
        raise PermissionDenied(_("Your role does not allow this. Ask the Secretariat if you think it should."))


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


def gives_as(user: User, role: str, country: Country | None = None) -> str:
    """Return the role in which `user` may give `role` (for `country`) to somebody else; empty if in none."""
    return next(iter(sorted(GIVES[role] & _powers(user, country))), "")


def may_give(user: User, role: str, country: Country | None = None, *, to: User | None = None) -> bool:
    """Return whether `user` may give `role` (for `country`) to the person `to`, or prolong it; never to themselves."""
    return to != user and bool(gives_as(user, role, country))


def may_end(user: User, membership: Membership) -> bool:
    """Return whether `user` may end somebody's role: their own, or what ENDS lets them.

    A focal point may undo what a focal point of the country gave, if they have held their own role for longer: who was
    invited last cannot turn out those before.
    """
    if membership.person_id == user.pk or ENDS[membership.role] & _powers(user, membership.country):
        return True
    return membership.offered_as == Role.FOCAL and any(
        held.role == Role.FOCAL
        and held.country_id == membership.country_id
        and held.accepted_at is not None
        and held.accepted_at < membership.offered_at
        for held in user.current_memberships
    )


def not_yours_to_give() -> PermissionDenied:
    """Return the error for a role that somebody may not give or end."""
    return PermissionDenied(_("Your role does not allow this. Ask an administrator if you think it should."))


def _powers(user: User, country: Country | None) -> frozenset[str]:
    """Return in which roles somebody gives and ends roles: their own, of the national ones only for `country`."""
    held: set[str] = {
        held.role
        for held in user.current_memberships
        if not Role(held.role).is_national or (country is not None and held.country_id == country.pk)
    }
    return frozenset(held | {ADMINISTRATOR} if user.is_active and user.is_staff else held)
