"""Asking a colleague for a part of the questionnaire until a date: invite, change, remove, remind."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import keys, notifications
from scoreboard.models import (
    Assignment,
    Country,
    Delegation,
    Indicator,
    Mail,
    Membership,
    Origin,
    Role,
    Submission,
    Suggestion,
    User,
)
from scoreboard.models.people import countries_of
from scoreboard.people import invitations, roles
from scoreboard.text import one_line


@transaction.atomic
def involve(
    submission: Submission, *, email: str, name: str, indicators: Collection[Indicator], until: date, by: User
) -> Assignment:
    """Ask the person with this e-mail address for `indicators` until the end of `until`, and mail them a link.

    A new person gets an account and sets their password by that link; a person with an account accepts first. Raises
    PermissionDenied, Locked while the country cannot write, NotNow before the cycle is opened, Invalid for an empty
    part, a past day, or a person who needs no invitation.
    """
    submission = locking.lock(submission)
    rules.require(by, "involve", submission)
    _require_country_writes(submission)
    _require_part(submission, indicators, until)
    invitations.lock_giver(by, Role.CONTRIBUTOR, submission.country)
    email, name = one_line(email), one_line(name)
    person, is_new = _person(submission, email, name)
    require_within_limit(submission.country, person, until)
    assignment = Assignment.objects.filter(submission=submission, person=person).first()
    if assignment and assignment.is_unended:
        raise Invalid(_("%s has a part in this submission already; change that one.") % assignment.who)
    assignment = assignment or Assignment(submission=submission, person=person)
    assignment.invited_by, assignment.invited_at = by, clock.now()
    assignment.invited_name, assignment.invited_address = name, email.lower()
    assignment.accepted_at = clock.now() if is_new else None
    assignment.until, assignment.ended_by, assignment.ended_at = until, None, None
    assignment.save()
    assignment.indicators.set(indicators)
    if is_new:  # a person with an account accepts first
        update_membership(assignment.person, submission.country)
    activity.record(Verb.INVOLVE, by=by, submission=submission, person=person, detail=str(until))
    context = _mail_context(assignment, indicators)
    key = Mail.Key.INVITATION if context["is_new"] else ""
    if key:
        invitations.record_link_sent(person)
    if person.is_active:
        notifications.notify_person(person, "involve", submission, by=by, key=key, **context, days=keys.DAYS)
    return assignment


@transaction.atomic
def answer_part(assignment: Assignment, *, accepts: bool, by: User) -> Assignment:
    """Accept or decline a part as the person who was asked for it.

    Raises NotNow if it is not offered any more, and for accepting it from somebody who is no focal point any more.
    """
    locking.lock(assignment.submission)
    found = Assignment.objects.offered().filter(pk=assignment.pk, person=by).first()
    if found is None:
        raise NotNow(invitations.not_offered())
    if accepts:
        if not rules.may(found.invited_by, "involve", found.submission):
            raise NotNow(invitations.inviter_has_gone())
        found.accepted_at = clock.now()
    else:
        found.ended_by, found.ended_at = by, clock.now()
    found.save(update_fields=["accepted_at", "ended_by", "ended_at"])
    update_membership(found.person, found.submission.country)
    activity.record(Verb.ACCEPT_PART if accepts else Verb.DECLINE_PART, by=by, submission=found.submission)
    return found


@transaction.atomic
def change(assignment: Assignment, *, indicators: Collection[Indicator], until: date, by: User) -> Assignment:
    """Give a contributor another part or another last day. Raises as `involve` does, and NotNow once removed.

    Raises NotNow too if an administrator has removed the role: the person would have to accept again.
    """
    submission = locking.lock(assignment.submission)
    rules.require(by, "involve", submission)
    locking.require_part(submission)
    assignment = Assignment.objects.get(pk=assignment.pk)
    if assignment.ended_at:
        raise NotNow(_("%s was removed. Invite them again.") % assignment.who)
    _require_part(submission, indicators, until)
    held = Membership.objects.filter(person=assignment.person, country=submission.country, role=Role.CONTRIBUTOR)
    if assignment.accepted_at and not held.exists():
        raise NotNow(_("An administrator ended the access of %s. Remove the part, then ask again.") % assignment.who)
    require_within_limit(submission.country, assignment.person, until)
    assignment.until = until
    assignment.save(update_fields=["until"])
    assignment.indicators.set(indicators)
    update_membership(assignment.person, submission.country)
    activity.record(
        Verb.CHANGE_PART, by=by, submission=submission, person=assignment.person, detail=str(assignment.until)
    )
    return assignment


@transaction.atomic
def remove(assignment: Assignment, *, by: User) -> Assignment:
    """End a contributor's access at once; their suggestions remain. Repeating it is harmless."""
    submission = locking.lock(assignment.submission)
    rules.require(by, "involve", submission)
    assignment = Assignment.objects.get(pk=assignment.pk)
    if assignment.ended_at is None:
        assignment.ended_by, assignment.ended_at = by, clock.now()
        assignment.save(update_fields=["ended_by", "ended_at"])
        update_membership(assignment.person, submission.country)
        activity.record(Verb.END_PART, by=by, submission=submission, person=assignment.person)
    return assignment


@transaction.atomic
def remind(assignment: Assignment, *, by: User | None, log: str = "") -> Assignment:
    """Mail a contributor the indicators without a suggestion of theirs; `by` is None for the command line.

    Raises PermissionDenied, and NotNow if their access has ended or no indicator is left.
    """
    submission = locking.lock(assignment.submission)
    if by is not None:
        rules.require(by, "involve", submission)
    locking.require_part(submission)
    assignment = Assignment.objects.select_related("person").get(pk=assignment.pk)
    waiting = waiting_for(assignment)
    if not assignment.is_in_force or not submission.is_with_country:
        raise NotNow(_("%s cannot suggest anything now.") % assignment.who)
    if not waiting:
        raise NotNow(_("%s has suggested an answer to every indicator of their part.") % assignment.person)
    assignment.reminded_at = clock.now()
    assignment.save(update_fields=["reminded_at"])
    origin = Origin.PAGE if by else Origin.WORKER
    activity.record(Verb.REMIND_CONTRIBUTOR, by=by, submission=submission, person=assignment.person, origin=origin)
    reset = settings.SITE_URL + reverse("account_reset_password")
    notifications.notify_person(
        assignment.person, "remind", submission, by=by, log=log, **_mail_context(assignment, waiting), reset_link=reset
    )
    return assignment


def own_part(user: User) -> QuerySet[Assignment]:
    """Return the parts that `user` has access to today: the whole scope of a contributor."""
    countries = countries_of(user, Role.CONTRIBUTOR)
    found = Assignment.objects.in_force().filter(
        person=user.pk, submission__country__in=countries, submission__cycle__opened_at__isnull=False
    )
    return found.select_related("submission__cycle__edition", "submission__country", "invited_by")


def colleagues(assignment: Assignment) -> QuerySet[Assignment]:
    """Return the parts that others have of the same submission today, with their indicators, by name."""
    others = (
        Assignment.objects.in_force().filter(submission=assignment.submission_id).exclude(person=assignment.person_id)
    )
    indicators = Prefetch("indicators", Indicator.objects.select_related("area").order_by("position"))
    others = others.exclude(person=assignment.person_id).select_related("person")
    return others.prefetch_related(indicators).order_by("person__name", "pk")


def waiting_for(assignment: Assignment) -> list[Indicator]:
    """Return the indicators of the part to which its person has suggested nothing."""
    suggested = Suggestion.objects.filter(submission=assignment.submission_id, author=assignment.person_id)
    indicators = assignment.indicators.exclude(pk__in=suggested.values("indicator"))
    return list(indicators.select_related("area").order_by("position"))


def waiting_counts(assignments: Collection[Assignment]) -> Counter[int]:
    """Return, by primary key of the part, the number of indicators without a suggestion; in one query."""
    asked = Assignment.indicators.through.objects.filter(assignment__in=assignments)
    suggested = Suggestion.objects.filter(
        submission=OuterRef("assignment__submission"),
        author=OuterRef("assignment__person"),
        indicator=OuterRef("indicator"),
    )
    return Counter(asked.filter(~Exists(suggested)).values_list("assignment", flat=True))


def _require_country_writes(submission: Submission) -> None:
    """Raise Locked unless the country may write; contributors can be invited before the first day of the cycle."""
    locking.require_part(submission)
    if not submission.is_with_country or submission.cycle.is_earlier_round:
        locking.require(submission)


def _require_part(submission: Submission, indicators: Collection[Indicator], until: date) -> None:
    if submission.cycle.opened_at is None:  # until then the country can be removed from the cycle
        raise NotNow(_("The cycle is not open yet."))
    if not indicators:
        raise Invalid(_("Choose at least one indicator or area."))
    if any(indicator.edition_id != submission.cycle.edition_id for indicator in indicators):
        raise Invalid(_("An indicator does not belong to this questionnaire. Choose from the list."))
    if until < submission.cycle.day():
        raise Invalid(_("Choose today or a later day."))
    if not submission.cycle.reaches(until):
        raise Invalid(_("Choose a day within ten years of the day on which the cycle opens."))


def _person(submission: Submission, email: str, name: str) -> tuple[User, bool]:
    """Return the person with this address, and whether the account is new.

    Raises Invalid for a focal point of the country, who needs no invitation; the sentence does not name the person.
    """
    person, is_new = invitations.person_with(email, name)
    # Only for the country's own focal points does the response depend on the account: it must not reveal who else
    # has one.
    if not is_new and Role.FOCAL in rules.roles_towards(person, submission):
        raise Invalid(_("%s can write the answers already and needs no invitation.") % email)
    return person, is_new


def update_membership(person: User, country: Country) -> None:
    """Set a contributor's membership of the country to end with their longest part there, or the last of their actions.

    An action of a plan counts with its last day; a membership that nobody has accepted is unchanged.
    """
    parts = Assignment.objects.in_force().filter(person=person, submission__country=country)
    # A part ends in its cycle's time zone, a membership in the portal's.
    ends = [
        clock.day_of_end(part.until, part.submission.cycle.zone) for part in parts.select_related("submission__cycle")
    ]
    actions = Delegation.objects.unended().filter(person=person, action__plan__country=country)
    ends += actions.values_list("until", flat=True)
    last = max(ends, default=None)
    held = Membership.objects.filter(person=person, country=country, role=Role.CONTRIBUTOR, accepted_at__isnull=False)
    held = held.filter(ended_at=None)  # who was turned out and is asked again gets another membership
    yesterday = clock.today() - timedelta(days=1)
    limit: date | None = held.aggregate(first=Min("limit"))["first"]
    if last and limit:
        last = min(last, limit)
    held.filter(since__gt=last or yesterday).delete()
    if not held.update(until=last or yesterday) and parts.exists():
        Membership.objects.create(person=person, country=country, role=Role.CONTRIBUTOR, until=last)


def require_within_limit(country: Country, person: User, until: date) -> None:
    """Raise Invalid if `until` is after the last day that an administrator set for the person's access."""
    held = Membership.objects.filter(person=person, country=country, role=Role.CONTRIBUTOR)
    limit = held.aggregate(last=Min("limit"))["last"]
    if limit and until > limit:
        raise Invalid(
            _("An administrator ended this person's access on %s. Choose no later day, or ask the administrator.")
            % date_format(limit)
        )


@transaction.atomic
def limit(membership: Membership) -> None:
    """Make the last day that an administrator set for a contributor a limit: no part lasts longer, now or later."""
    membership.limit = membership.until
    membership.save(update_fields=["limit"])
    if membership.until:
        parts = Assignment.objects.unended().filter(
            person=membership.person, submission__country=membership.country, until__gt=membership.until
        )
        parts.update(until=membership.until)
        actions = Delegation.objects.unended().filter(
            person=membership.person, action__plan__country=membership.country, until__gt=membership.until
        )
        actions.update(until=membership.until)


@transaction.atomic
def end_access(membership: Membership, *, by: User) -> None:
    """End a contributor's role for a country with all their parts and actions there, at once; what they wrote remains.

    An officer, a focal point of the country and the contributor may. Raises PermissionDenied for others.
    """
    if not rules.may_end(by, membership):
        raise rules.not_yours_to_give()
    parts = Assignment.objects.unended().filter(person=membership.person, submission__country=membership.country)
    for part in parts.select_related("submission"):
        locking.lock(part.submission)
        part.ended_by, part.ended_at = by, clock.now()
        part.save(update_fields=["ended_by", "ended_at"])
    actions = Delegation.objects.filter(person=membership.person, action__plan__country=membership.country)
    actions.filter(ended_at=None).update(ended_by=by, ended_at=clock.now())
    roles.end_now(membership, by=by)


def _mail_context(assignment: Assignment, indicators: Iterable[Indicator]) -> dict[str, Any]:
    """The template context of the mails to a contributor."""
    return {
        "assignment": assignment,
        "indicators": sorted(indicators, key=lambda indicator: indicator.position),
        "is_new": not assignment.person.has_usable_password(),
        "link": settings.SITE_URL
        + (reverse("contribution", args=[assignment.pk]) if assignment.accepted_at else reverse("invitation_list")),
    }
