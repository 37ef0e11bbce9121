"""What becomes of a filed statement: officers share and publish it, and the country replies."""

from datetime import timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import clock, locking, public_pages, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.mail import notifications
from scoreboard.models import Membership, Role, Statement, StatementStep, User
from scoreboard.stakeholders import writing
from scoreboard.text import require_storable, required

Act = StatementStep.Act


@transaction.atomic
def share(statement: Statement, *, by: User) -> Statement:
    """Share a filed statement with the country, whose focal points get a mail and may reply; return it.

    From the end of the cycle's stated days on it can be published. Repeating it is harmless. Raises PermissionDenied,
    NotNow unless it is filed, and once the country has left the cycle.
    """
    statement = writing.lock(statement)
    rules.require(by, "share_statement", statement.submission)
    require_filed(statement)
    locking.require_part(statement.submission)
    if statement.shared_at:
        return statement
    cycle = statement.submission.cycle
    statement.shared_by, statement.shared_at = by, clock.now()
    statement.reply_until = cycle.day() + timedelta(days=cycle.statement_days)
    statement.save(update_fields=["shared_by", "shared_at", "reply_until"])
    writing.record_step(statement, Act.SHARE, Verb.SHARE_STATEMENT, by)
    notifications.notify("statement_shared", statement.submission, by=by, **writing.mailed(statement))
    return statement


@transaction.atomic
def reply(statement: Statement, text: str, *, seen: int, by: User) -> Statement:
    """Write the country's reply, or another one in its place until it is published; the officers get a mail.

    `seen` is the revision of the statement that the person saw. Raises PermissionDenied; NotNow for what is not
    shared, is withdrawn or is published; Stale if a colleague replied since; Invalid without a text.
    """
    statement = writing.lock(statement)
    rules.require(by, "reply_to_statement", statement.submission)
    require_repliable(statement)
    if statement.revision != seen:
        raise Stale(
            _("%s replied after you opened this page. Both texts are below: put them together, then send it again.")
            % statement.replied_by,
            current=statement,
        )
    text = required(text, _("Write the reply before you send it."))
    require_storable(text)
    statement.reply, statement.replied_by, statement.replied_at = text, by, clock.now()
    statement.revision += 1
    statement.save(update_fields=["reply", "replied_by", "replied_at", "revision"])
    writing.record_step(statement, Act.REPLY, Verb.REPLY_TO_STATEMENT, by, text)
    notifications.notify("statement_replied", statement.submission, by=by, **writing.mailed(statement))
    return statement


@transaction.atomic
def publish(statement: Statement, *, seen: int, names_nobody: bool, by: User) -> Statement:
    """Publish a statement with the country's reply next to it, as part of the published assessments of its cycle.

    `seen` is the revision that was read; `names_nobody` that the officer found no private person named in the
    statement, its links and the reply. The organisation's writers and the country get a mail. Repeating it is
    harmless. Raises PermissionDenied; NotNow unless the country has had it for its days; Stale if a reply came since;
    Invalid without the tick.
    """
    statement = writing.lock(statement)
    rules.require(by, "decide_on_statement", statement.submission)
    if statement.state == Statement.State.FILED and statement.decision == Statement.Decision.PUBLISHED:
        return statement
    require_publishable(statement)
    if statement.revision != seen:
        raise Stale(_("The country replied after you opened this page. Read the reply first."))
    if not names_nobody:
        raise Invalid(_("Read the statement, its links and the reply, and tick that no private person is named."))
    _decide(statement, Statement.Decision.PUBLISHED, by)
    writing.record_step(statement, Act.PUBLISH, Verb.PUBLISH_STATEMENT, by)
    _notify("statement_published", statement, by)
    return statement


@transaction.atomic
def refuse(statement: Statement, *, reason: str, by: User) -> Statement:
    """Decide not to publish a statement, or end its publication, with a reason; return it.

    The organisation's writers get a mail, and the country if it has the statement. It can still be published later.
    Raises PermissionDenied, NotNow unless it is filed, Invalid without a reason.
    """
    statement = writing.lock(statement)
    rules.require(by, "decide_on_statement", statement.submission)
    require_filed(statement)
    if statement.decision == Statement.Decision.REFUSED:
        raise NotNow(_("It was decided already not to publish this statement."))
    reason = required(reason, _("Give the reason: the organisation reads it."))
    require_storable(reason)
    was_published = statement.decision == Statement.Decision.PUBLISHED
    _decide(statement, Statement.Decision.REFUSED, by)
    writing.record_step(statement, Act.REFUSE, Verb.REFUSE_STATEMENT, by, reason)
    _notify("statement_unpublished" if was_published else "statement_refused", statement, by, comment=reason)
    return statement


def require_filed(statement: Statement) -> None:
    """Raise NotNow unless the statement is filed and not withdrawn."""
    if statement.state == Statement.State.WITHDRAWN:
        raise NotNow(_("The organisation has withdrawn this statement."))
    if statement.state != Statement.State.FILED:
        raise NotNow(_("This statement is not filed yet."))


def require_repliable(statement: Statement) -> None:
    """Raise NotNow, saying why, unless the country can reply now."""
    require_filed(statement)
    if not statement.shared_at:
        raise NotNow(_("This statement is not shared with the country."))
    if statement.decision == Statement.Decision.PUBLISHED:
        raise NotNow(_("It is published with the reply as it was then. Ask the Secretariat if that must change."))


def require_publishable(statement: Statement) -> None:
    """Raise NotNow, saying why, unless the country has had the filed statement for its days."""
    require_filed(statement)
    if not statement.shared_at:
        raise NotNow(_("Share it with the country first: it can reply before anything is published."))
    if statement.country_has_time and statement.reply_until:
        raise NotNow(
            _("The country has it until the end of %s. It can be published after that day.")
            % date_format(statement.reply_until)
        )


def _decide(statement: Statement, decision: Statement.Decision, by: User) -> None:
    statement.decision, statement.decided_by, statement.decided_at = decision, by, clock.now()
    statement.save(update_fields=["decision", "decided_by", "decided_at"])
    public_pages.change()


def _notify(event: str, statement: Statement, by: User, comment: str = "") -> None:
    """Mail a decision to those who wrote the statement and still observe for the organisation, and to the country."""
    held = Membership.objects.in_force().filter(role=Role.OBSERVER, organisation=statement.organisation_id)
    facts = writing.mailed(statement)
    writers = {one.pk for one in (statement.author, statement.changed_by, statement.filed_by) if one}
    for person in User.objects.filter(pk__in=writers, is_active=True).filter(pk__in=held.values("person")):
        notifications.notify_person(person, event, statement.submission, by=by, comment=comment, **facts)
    if statement.shared_at:
        notifications.notify(f"{event}_of_country", statement.submission, by=by, comment=comment, **facts)
