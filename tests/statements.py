"""Statements for the tests, made by the verbs that people use."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from scoreboard import clock
from scoreboard.models import Membership, Organisation, Role, Statement, Submission, User
from scoreboard.stakeholders import deciding, writing
from tests.factories import a_focal, a_person, an_officer
from tests.small_pdfs import PDF

STAGES = ("draft", "closed", "filed", "shared", "ripe", "published", "refused", "withdrawn")


def an_observer(name: str = "Observer", organisation: str = "A Society") -> User:
    """Return a new observer of an organisation."""
    person = a_person(name=name)
    society = Organisation.objects.get_or_create(name=organisation)[0]
    Membership.objects.create(person=person, role=Role.OBSERVER, organisation=society)
    return person


def a_draft(submission: Submission, author: User, *, text="What we saw.", on_country=False, **about) -> Statement:
    """Return a draft of the author's organisation, on the first indicator unless something else is given."""
    organisation = author.memberships.get(role=Role.OBSERVER).organisation
    if not about and not on_country:
        about = {"indicator": submission.cycle.edition.all_indicators[0]}
    begun = writing.start(submission, organisation, **about, by=author)
    level = 1 if begun.indicator else None
    return writing.save(begun, text=text, level=level, seen=0, by=author) if text else begun


def filed(submission: Submission, author: User, **what) -> Statement:
    """Return a filed statement."""
    draft = a_draft(submission, author, **what)
    return writing.file(draft, seen=draft.revision, by=author)


def ripened(statement: Statement) -> datetime:
    """Return a moment after the days that the country has a shared statement; hours of a time zone may be missing."""
    return clock.now() + timedelta(days=statement.submission.cycle.statement_days + 2)


def published(statement: Statement, *, reply: str = "") -> Statement:
    """Return a filed statement that was shared, replied to where there is a reply, and published in time."""
    officer, focal = an_officer(), a_focal(statement.submission.country)
    shared = deciding.share(statement, by=officer)
    if reply:
        shared = deciding.reply(shared, reply, seen=shared.revision, by=focal)
    with clock.at(ripened(shared)):
        return deciding.publish(shared, seen=shared.revision, names_nobody=True, by=officer)


def a_statement(
    submission: Submission, author: User, stage: str, *, piece: bool = False, **about
) -> tuple[Statement, datetime]:
    """Return a statement at one of STAGES, and the moment at which it is so."""
    now = clock.now()
    statement = a_draft(submission, author, **about)
    if piece:
        writing.add_file(statement, ContentFile(PDF, name="Report.pdf"), by=author)
    if stage == "closed":
        return statement, now + timedelta(days=61)
    if stage == "draft":
        return statement, now
    statement = writing.file(statement, seen=statement.revision, by=author)
    if stage in ("shared", "ripe", "published", "refused"):
        statement = deciding.share(statement, by=an_officer())
    if stage in ("ripe", "published", "refused"):
        now = ripened(statement)
    with clock.at(now):
        if stage == "published":
            statement = deciding.publish(statement, seen=statement.revision, names_nobody=True, by=an_officer())
        if stage == "refused":
            statement = deciding.refuse(statement, reason="It names a person.", by=an_officer())
        if stage == "withdrawn":
            statement = writing.withdraw(statement, reason="We were wrong.", by=author)
    return statement, now
