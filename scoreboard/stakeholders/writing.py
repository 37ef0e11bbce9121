"""The verbs of an organisation's statement: writing a draft that its observers share, filing and withdrawing it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, public_pages, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.evidence import attaching
from scoreboard.evidence.uploads import check_file, check_link, clean_name
from scoreboard.mail import notifications
from scoreboard.models import (
    Area,
    Cycle,
    Evidence,
    Indicator,
    Organisation,
    Statement,
    StatementPiece,
    StatementStep,
    Submission,
    User,
)
from scoreboard.text import require_storable, required, stripped

MAX_PIECES = 20  # files and links of one statement
DRAFT_DAYS = 30  # after the last day of writing, for which a draft that was not filed is stored

State = Statement.State


def lock(statement: Statement) -> Statement:
    """Return the statement read again and locked until the transaction ends."""
    return Statement.objects.with_subject().select_for_update(of=("self",)).get(pk=statement.pk)


def is_open(cycle: Cycle) -> bool:
    """Return whether organisations can file statements in the cycle now."""
    return cycle.has_begun and cycle.day() <= cycle.closes


def require_open(cycle: Cycle) -> None:
    """Raise NotNow unless organisations can write and file statements in the cycle now."""
    if not cycle.has_begun:
        raise NotNow(_("The cycle is not open yet."))
    if not is_open(cycle):
        raise NotNow(_("The cycle closed on %s; statements could be filed until then.") % date_format(cycle.closes))


def require_draft(statement: Statement) -> None:
    """Raise NotNow unless the statement is a draft that can still be filed."""
    if statement.state != State.DRAFT:
        raise NotNow(_("This statement is filed, and can no longer be changed. Your organisation can withdraw it."))
    require_open(statement.submission.cycle)
    locking.require_part(statement.submission)


@transaction.atomic
def start(
    submission: Submission,
    organisation: Organisation,
    *,
    by: User,
    area: Area | None = None,
    indicator: Indicator | None = None,
) -> Statement:
    """Begin the draft of a statement on a country, or on one of its areas or indicators; return it.

    `organisation` is for whom the person writes. Raises PermissionDenied unless they observe for it today; NotNow
    while the cycle is not open, or once the country has left it; Invalid for a part of another questionnaire.
    """
    submission = locking.lock(submission)
    rules.require_observer(by, "write_statement", organisation)
    require_open(submission.cycle)
    locking.require_part(submission)
    for part in (area, indicator):
        if part is not None and part.edition_id != submission.cycle.edition_id:
            raise Invalid(_("This cycle asks another questionnaire. Choose one of its areas or indicators."))
    facts = {"author": by, "created_at": clock.now(), "changed_by": by, "changed_at": clock.now()}
    statement = Statement.objects.create(
        submission=submission, organisation=organisation, area=area, indicator=indicator, **facts
    )
    _record(Verb.START_STATEMENT, statement, by)
    return statement


@transaction.atomic
def save(statement: Statement, *, text: str, level: int | None, seen: int, by: User) -> Statement:
    """Save the draft; `seen` is the revision that the person saw. Return it.

    Raises PermissionDenied; NotNow once it is filed or the cycle is closed; Stale, with the current draft, if a
    colleague changed it since; Invalid for a level that the indicator does not have.
    """
    statement = _lock_to_write(statement, by)
    text = stripped(text)
    require_storable(text)
    if (text, level) == (statement.text, statement.level):
        return statement
    if statement.revision != seen:
        raise Stale(
            _("%s changed this draft after you opened it. Both texts are below: put them together, then save again.")
            % statement.changed_by,
            current=statement,
        )
    statement.text, statement.level = text, level
    if level is not None and statement.rung is None:
        raise Invalid(_("Choose one of the levels of the indicator, or none."))
    statement.revision += 1
    statement.changed_by, statement.changed_at = by, clock.now()
    statement.save(update_fields=["text", "level", "revision", "changed_by", "changed_at"])
    _record(Verb.SAVE_STATEMENT, statement, by)
    return statement


def add_file(statement: Statement, file: "File[bytes]", *, by: User) -> StatementPiece:
    """Attach a file to the draft and return it.

    Raises PermissionDenied and NotNow as `save` does, Invalid for a file that cannot be stored.
    """
    _require_to_write(statement, by)  # before the file is read, and again within the lock
    _require_bytes(statement, clean_name(file.name or ""), file.size)
    return _attach(statement, check_file(file), by)


def add_link(statement: Statement, url: str, name: str = "", *, by: User) -> StatementPiece:
    """Attach a link to the draft and return it; raises as `add_file` does."""
    return _attach(statement, check_link(url, name), by)


@transaction.atomic
def _attach(statement: Statement, checked: Evidence, by: User) -> StatementPiece:
    statement = _lock_to_write(statement, by)
    present = statement.pieces.all()
    if present.count() >= MAX_PIECES:
        raise Invalid(_("A statement holds at most %s files and links. Remove one first.") % MAX_PIECES)
    if checked.url and present.filter(url=checked.url).exists():
        raise Invalid(_("This link is here already."))
    if checked.sha256 and (twin := present.filter(sha256=checked.sha256).first()):
        raise Invalid(_("“%(name)s” is here already, as “%(twin)s”.") % {"name": checked.name, "twin": twin.name})
    _require_bytes(statement, checked.name, checked.size)
    piece = StatementPiece(statement=statement, added_by=by, added_at=clock.now())
    for name in ("name", "content_type", "size", "sha256", "url"):
        setattr(piece, name, getattr(checked, name))
    if checked.file:
        piece.file = checked.file.file
    attaching.store(piece)
    _record(Verb.SAVE_STATEMENT, statement, by)
    return piece


def _require_bytes(statement: Statement, name: str, size: int) -> None:
    """Raise Invalid unless the files of the organisation in this cycle have room for one of this size."""
    if size and size > (room := left(statement)):
        raise Invalid(
            _(
                "“%(name)s” does not fit: of the %(quota)s for all files of your organisation in this cycle, "
                "%(left)s are left. Give a smaller file, or a link to it."
            )
            % {"name": name, "quota": filesizeformat(settings.EVIDENCE_QUOTA), "left": filesizeformat(room)}
        )


def left(statement: Statement) -> int:
    """Return for how many bytes of files the organisation has room in the statement's cycle."""
    stored = StatementPiece.objects.filter(
        statement__organisation=statement.organisation_id, statement__submission__cycle=statement.submission.cycle_id
    )
    quota: int = settings.EVIDENCE_QUOTA
    return max(0, quota - (stored.aggregate(bytes=Sum("size"))["bytes"] or 0))


@transaction.atomic
def remove(piece: StatementPiece, *, by: User) -> None:
    """Delete a file or link of a draft; raises as `save` does. Repeating it is harmless."""
    statement = _lock_to_write(piece.statement, by)
    found = StatementPiece.objects.filter(pk=piece.pk)
    if found:
        attaching.delete_with_files(found)
        _record(Verb.SAVE_STATEMENT, statement, by)


@transaction.atomic
def delete(statement: Statement, *, by: User) -> None:
    """Delete a draft with its files. Raises PermissionDenied, NotNow once it is filed."""
    statement = lock(statement)
    rules.require_observer(by, "write_statement", statement.organisation)
    if statement.state != State.DRAFT:
        raise NotNow(_("This statement is filed: it stays in the record. Your organisation can withdraw it."))
    _record(Verb.DELETE_STATEMENT, statement, by)
    _delete(statement)


@transaction.atomic
def file(statement: Statement, *, seen: int, by: User) -> Statement:
    """File the draft: the officers see it from now on, and nobody can change it. `seen` is the revision that was read.

    Raises PermissionDenied; NotNow for what is no draft, and once the cycle is closed; Stale if a colleague changed
    it since; Invalid without a text.
    """
    statement = lock(statement)
    rules.require_observer(by, "file_statement", statement.organisation)
    require_draft(statement)
    if statement.revision != seen:
        raise Stale(_("%s changed this draft after you opened it. Read it again first.") % statement.changed_by)
    required(statement.text, _("Write the text of the statement before you file it."))
    roles = [role for role in rules.roles_towards(by, statement.submission) if role.is_national]
    statement.state, statement.filed_by, statement.filed_at = State.FILED, by, clock.now()
    statement.filer_is_also = min(roles, default="")
    statement.save(update_fields=["state", "filed_by", "filed_at", "filer_is_also"])
    return record_step(statement, StatementStep.Act.FILE, Verb.FILE_STATEMENT, by)


@transaction.atomic
def withdraw(statement: Statement, *, reason: str, by: User) -> Statement:
    """Withdraw a filed statement with a reason, also from what is published; it stays in the record.

    The country gets a mail if it was shared with it. Raises PermissionDenied, NotNow unless it is filed, Invalid
    without a reason.
    """
    statement = lock(statement)
    rules.require_observer(by, "withdraw_statement", statement.organisation)
    require_withdrawable(statement)
    reason = required(reason, _("Give the reason: the Secretariat reads it, and the country if it has the statement."))
    require_storable(reason)
    statement.state = State.WITHDRAWN
    statement.decision, statement.decided_by, statement.decided_at = "", None, None
    statement.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    public_pages.change()
    record_step(statement, StatementStep.Act.WITHDRAW, Verb.WITHDRAW_STATEMENT, by, reason)
    if statement.shared_at:
        facts = mailed(statement)  # without who did it: the country never reads who writes for an organisation
        notifications.notify("statement_withdrawn", statement.submission, by=None, comment=reason, **facts)
    return statement


def require_withdrawable(statement: Statement) -> None:
    """Raise NotNow unless the statement is filed."""
    if statement.state != State.FILED:
        raise NotNow(_("Only a filed statement can be withdrawn. A draft can be deleted."))


def record_step(statement: Statement, act: StatementStep.Act, verb: Verb, by: User, text: str = "") -> Statement:
    """Write a step of a filed statement into its history and into the activity log; return the statement."""
    StatementStep.objects.create(statement=statement, act=act, by=by, at=clock.now(), text=text)
    activity.record(verb, by=by, submission=statement.submission, detail=str(statement.pk))
    return statement


def mailed(statement: Statement) -> dict[str, Any]:
    """Return what mails about a statement name: itself, and the address of its page."""
    return {"statement": statement, "link": settings.SITE_URL + reverse("statement", args=[statement.pk])}


def delete_old_drafts() -> int:
    """Delete drafts that were not filed, once their cycle has been closed for DRAFT_DAYS; return how many."""
    last = clock.today() - timedelta(days=DRAFT_DAYS)
    old = Statement.objects.filter(state=State.DRAFT, submission__cycle__closes__lt=last)
    with transaction.atomic():
        drafts = list(old.select_for_update(of=("self",)))
        for draft in drafts:
            _delete(draft)
    return len(drafts)


def _delete(statement: Statement) -> None:
    attaching.delete_with_files(statement.pieces.all())
    statement.delete()


def _lock_to_write(statement: Statement, by: User) -> Statement:
    statement = lock(statement)
    _require_to_write(statement, by)
    return statement


def _require_to_write(statement: Statement, by: User) -> None:
    rules.require_observer(by, "write_statement", statement.organisation)
    require_draft(statement)


def _record(verb: Verb, statement: Statement, by: User) -> None:
    """Write an entry about a draft, which does not say on which country it is: nobody but its organisation knows."""
    activity.record(verb, by=by, cycle=statement.submission.cycle, detail=str(statement.pk))
