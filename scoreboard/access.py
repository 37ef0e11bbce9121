"""What a person may read and write of a submission: while the country writes, its answers are the country's alone.

`Submission.objects.visible_to` decides who may list it, with counts, dates and people; this is about its texts.
"""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoreboard import locking, rules
from scoreboard.errors import NotNow
from scoreboard.models import (
    AnswerVersion,
    Evidence,
    Indicator,
    PaperSource,
    Role,
    Submission,
    Transition,
    User,
    Version,
)
from scoreboard.models.people import Person


def may_read(user: Person, submission: Submission) -> bool:
    """Return whether the person may read the current answers.

    The country's focal points always may. Officers and analysts may while the answers are with the Secretariat or
    accepted; while the country writes, only an officer who has opened them on its behalf.
    """
    return submission.pk in readable(user, [submission])


def readable(user: Person, submissions: Iterable[Submission]) -> set[int]:
    """Return the primary keys of the submissions whose current answers the person may read, in one query at most."""
    found, writing = set(), []
    for submission in submissions:
        roles = rules.roles_towards(user, submission)
        if Role.FOCAL in roles:
            found.add(submission.pk)
        elif submission.is_with_country:
            writing.append(submission)
        elif roles & {Role.SECRETARIAT, Role.ANALYST}:
            found.add(submission.pk)
    return found | _entered(user, writing)


def reads_drafts(user: Person, submission: Submission) -> bool:
    """Return whether the person may read what was written and never handed in: earlier drafts, recalled versions."""
    return Role.FOCAL in rules.roles_towards(user, submission) or _has_entered(user, submission)


def may_write(user: Person, submission: Submission) -> bool:
    """Return whether the person's role, and for an officer the opening on the country's behalf, allow writing."""
    roles = rules.roles_towards(user, submission)
    allowed = rules.may(user, "write", submission)
    return allowed and (not rules.is_on_behalf(roles) or _has_entered(user, submission))


def require_writing(submission: Submission, *, by: User) -> bool:
    """Return whether the person writes on the country's behalf.

    Raises PermissionDenied for a role that cannot, Locked or NotNow while nobody can, and NotNow for an officer who
    has not opened the submission on the country's behalf.
    """
    roles = rules.require(by, "write", submission)
    locking.require(submission)
    on_behalf = rules.is_on_behalf(roles)
    if on_behalf:
        require_entered(submission, by=by)
    return on_behalf


def require_entered(submission: Submission, *, by: User) -> None:
    """Raise NotNow unless the officer has opened the submission on the country's behalf."""
    if not _has_entered(by, submission):
        raise NotNow(
            _("These answers are the country’s. Open them on its behalf first, and say why: it gets an e-mail.")
        )


def last_version(user: Person, submission: Submission) -> Version | None:
    """Return the last version handed in that the person may read, with its answers; None if there is none."""
    return submission.versions.visible_to(user).order_by("number").last()


def revisions(user: Person, submission: Submission, indicator: Indicator) -> QuerySet[AnswerVersion]:
    """Return the saves of an answer that the person may read: those handed in, for the country every one."""
    found = AnswerVersion.objects.filter(answer__submission=submission, answer__indicator=indicator)
    if reads_drafts(user, submission):
        return found
    handed_in = submission.versions.visible_to(user).values_list("answers", flat=True)
    rows = [row for answers in handed_in for row in answers if row["code"] == indicator.code]
    return found.filter(revision__in=[row["revision"] for row in rows if "revision" in row])


def evidence_history(user: Person, submission: Submission, indicator: Indicator) -> list[Evidence]:
    """Return the evidence of an answer that the person may see attached and removed: for the country all of it.

    For others it is what `pieces` returns, and a removal that is not handed in yet has not happened.
    """
    found = Evidence.objects.filter(answer__submission=submission, answer__indicator=indicator)
    listed = found.with_people().select_related("removed_by")
    if reads_drafts(user, submission):
        return list(listed)
    shown = list(listed.filter(pk__in=pieces(user, submission).values("pk")))
    last = last_version(user, submission)
    for piece in shown:
        if piece.removed_at and (last is None or piece.removed_at > last.at):
            piece.removed_at, piece.removed_by = None, None
    return shown


def pieces(user: Person, submission: Submission) -> QuerySet[Evidence]:
    """Return the evidence whose content the person may read.

    The country's focal points read all that was added or suggested, of what was removed only what a version names.
    Others read what versions handed in name, and who may read the current answers also what is attached to those;
    what a contributor suggests is the country's until it is adopted.
    """
    named = {
        record["id"]
        for answers in submission.versions.visible_to(user).values_list("answers", flat=True)
        for answer in answers
        for record in answer.get("evidence", [])
    }
    found = Evidence.objects.of(submission)
    readable = found.filter(pk__in=named)
    if Role.FOCAL in rules.roles_towards(user, submission):
        return found.present() | readable
    readable = readable.filter(answer__submission=submission)
    return readable | found.present().filter(answer__submission=submission) if may_read(user, submission) else readable


def paper_sources(user: Person, submission: Submission) -> QuerySet[PaperSource]:
    """Return the sources of answers entered on the country's behalf that the person may read: all or none.

    The country's focal points and the officers read them, analysts do not.
    """
    found = PaperSource.objects.filter(submission=submission).select_related("added_by")
    return found if rules.may(user, "write", submission) else found.none()


def _has_entered(user: Person, submission: Submission) -> bool:
    return bool(_entered(user, [submission]))


def _entered(user: Person, submissions: Iterable[Submission]) -> set[int]:
    """Return which of the submissions the officer has opened on the country's behalf since their last step."""
    asked = [
        one.pk for one in submissions if one.is_with_country and Role.SECRETARIAT in rules.roles_towards(user, one)
    ]
    if not asked:
        return set()
    entries = Transition.objects.filter(submission__in=asked).entering().filter(by=user.pk)
    return set(entries.values_list("submission", flat=True))
