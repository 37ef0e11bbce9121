"""What a person finds of statements: the cycles in which they can write one, what waits for them, what is published."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from scoreboard import clock, rules
from scoreboard.models import Cycle, Organisation, Statement, StatementStep, Submission, User
from scoreboard.models.people import countries_of, organisations_of
from scoreboard.models.statements import StatementQuerySet
from scoreboard.stakeholders import writing


def open_cycles() -> list[Cycle]:
    """Return the cycles in which organisations can file statements now."""
    yesterday = clock.today() - timedelta(days=1)  # some time zone may still be in it
    running = Cycle.objects.filter(opened_at__isnull=False, closes__gte=yesterday).select_related("edition")
    return [cycle for cycle in running if writing.is_open(cycle)]


def counts(organisations: list[Organisation]) -> dict[int, dict[str, int]]:
    """Return by cycle how many drafts, filed and published statements the organisations have in it."""
    filed, published = Q(state=Statement.State.FILED), Q(decision=Statement.Decision.PUBLISHED)
    rows = (
        Statement.objects.filter(organisation__in=organisations)
        .order_by()
        .values("submission__cycle")
        .annotate(
            drafts=Count("pk", filter=Q(state=Statement.State.DRAFT)),
            filed=Count("pk", filter=filed),
            published=Count("pk", filter=filed & published),
        )
    )
    return {
        row["submission__cycle"]: {"drafts": row["drafts"], "filed": row["filed"], "published": row["published"]}
        for row in rows
    }


def published_in(cycle: Cycle) -> StatementQuerySet:
    """Return the published statements of a cycle, the oldest first, for the pages of its published assessments."""
    return Statement.objects.published().filter(submission__cycle=cycle).with_content().order_by("filed_at", "pk")


def waiting_for_officers() -> list[Statement]:
    """Return the filed statements on which an officer can act now, the oldest first.

    They are to be shared, or the country has had them for its days; those that a country has now wait for it.
    """
    undecided = Statement.objects.undecided().filter(submission__left_at=None).with_subject().order_by("filed_at", "pk")
    return [one for one in undecided if not one.country_has_time]


def waiting_for_country(user: User) -> StatementQuerySet:
    """Return the statements shared with the person's countries that have no reply and no decision yet."""
    shared = Statement.objects.undecided().filter(shared_at__isnull=False, replied_at=None)
    return shared.filter(submission__country__in=countries_of(user), submission__left_at=None).with_subject()


def shared_with_country(submission: Submission, user: User) -> bool:
    """Return whether there are statements that the person reads as the country's focal point."""
    if not rules.may(user, "reply_to_statement", submission):
        return False
    return submission.statements.filter(shared_at__isnull=False).exists()


@dataclass(frozen=True)
class Reader:
    """As whom somebody reads a statement, and what of it they see and can do."""

    statement: Statement
    is_writer: bool
    is_officer: bool
    is_country: bool

    @property
    def sees_reply(self) -> bool:
        """Whether they see the country's reply: its organisation only once it is published."""
        return bool(self.statement.reply) and (self.is_officer or self.is_country or self.statement.is_published)

    @property
    def stage(self) -> Statement.Stage:
        """How far it has come, as far as they know."""
        found = self.statement.stage
        hidden = found == Statement.Stage.REPLIED and not self.sees_reply
        return Statement.Stage.SHARED if hidden else found

    @property
    def history(self) -> list[tuple[StatementStep, str]]:
        """The steps that they know of, each with who did it; the country never reads who writes for an organisation."""
        return [
            (step, self._who(step))
            for step in self.statement.steps.select_related("by")
            if self.is_officer
            or (self.is_writer and step.act != StatementStep.Act.REPLY)
            or (self.is_country and step.act != StatementStep.Act.FILE)
        ]

    def _who(self, step: StatementStep) -> str:
        of_organisation = step.act in (StatementStep.Act.FILE, StatementStep.Act.WITHDRAW)
        if of_organisation and not (self.is_officer or self.is_writer):
            return self.statement.organisation.name
        return str(step.by)


def reader(statement: Statement, user: User) -> Reader:
    """Return as whom `user` reads the statement."""
    return Reader(
        statement,
        is_writer=statement.organisation in organisations_of(user),
        is_officer=rules.may(user, "decide_on_statement") and statement.state != Statement.State.DRAFT,
        is_country=bool(statement.shared_at) and rules.may(user, "reply_to_statement", statement.submission),
    )
