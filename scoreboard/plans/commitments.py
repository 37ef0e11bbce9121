"""Commitments between the cycles: whose they are, what became of them, and whether everybody may read them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from scoreboard import activity, clock, public_pages, rules
from scoreboard.activity import Verb
from scoreboard.errors import Stale
from scoreboard.models import Commitment, CommitmentReport, Country, Cycle, Origin, State, Submission, User
from scoreboard.models.commitments import CLOSED, CommitmentQuerySet
from scoreboard.models.people import Person, countries_of
from scoreboard.submissions import commitments
from scoreboard.text import alphabetical


@dataclass(frozen=True)
class Shown:
    """A commitment as its page shows it, with the reports that the reader may read, the earliest first."""

    commitment: Commitment
    reports: list[CommitmentReport]

    @property
    def last(self) -> CommitmentReport | None:
        """The last report that is in force."""
        return next((one for one in reversed(self.reports) if _counts(one)), None)

    @property
    def is_overdue(self) -> bool:
        """Whether the day by which it was intended is over and it is still open."""
        due = self.commitment.due
        return self.commitment.is_open and due is not None and due < _today(self.commitment)


@dataclass
class Round:
    """The commitments that a country made in a cycle."""

    cycle: Cycle
    shown: list[Shown] = field(default_factory=list)


@dataclass(frozen=True)
class Counts:
    """A country with how many of its commitments are open, overdue and there in all."""

    country: Country
    open: int
    overdue: int
    total: int


def asked_now(countries: Iterable[Country] | None = None) -> set[int]:
    """Return the countries, of all or of these, that can write answers now: they are asked about their steps there."""
    writing = Submission.objects.taking_part().filter(
        state__in=[State.DRAFT, State.RETURNED], cycle__opened_at__isnull=False, declined_at__isnull=True
    )
    if countries is not None:
        writing = writing.filter(country__in=countries)
    return {one.country_id for one in writing.select_related("cycle") if one.is_open and one.is_asked}


def visible(user: Person) -> CommitmentQuerySet:
    """Return what the person sees, with what pages show of it."""
    related = ("submission__country", "submission__cycle__edition", "indicator__area", "public_changed_by")
    reports = CommitmentReport.objects.select_related("by", "submission__cycle").order_by("at", "pk")
    return Commitment.objects.visible_to(user).select_related(*related).prefetch_related(Prefetch("reports", reports))


def shown(commitment: Commitment, user: Person) -> Shown:
    """Return the commitment with its reports: what is not accepted yet is read by its own country alone."""
    own = commitment.submission.country in countries_of(user)
    return Shown(commitment, [one for one in commitment.reports.all() if own or _counts(one)])


def rounds(country: Country, user: Person) -> list[Round]:
    """Return the commitments of a country that the person sees, by the cycle in which it made them, the latest first.

    The number of queries does not grow with them.
    """
    found: dict[int, Round] = {}
    of_country = visible(user).filter(submission__country=country)
    for one in of_country.order_by("-submission__cycle__opens", "indicator__position"):
        round = found.setdefault(one.submission.cycle_id, Round(one.submission.cycle))
        round.shown.append(shown(one, user))
    return list(found.values())


def by_country(user: Person) -> list[Counts]:
    """Return each country of which the person sees commitments, by name, in one query."""
    seen = Commitment.objects.visible_to(user).order_by().values("submission__country")
    counted = seen.annotate(
        total=Count("pk"),
        open=Count("pk", filter=~Q(status__in=CLOSED)),
        overdue=Count("pk", filter=~Q(status__in=CLOSED) & Q(due__lt=clock.today())),
    )
    rows = {row["submission__country"]: row for row in counted}
    countries = Country.objects.filter(pk__in=rows)
    found = [Counts(one, *(rows[one.pk][name] for name in ("open", "overdue", "total"))) for one in countries]
    return sorted(found, key=lambda one: alphabetical(one.country))


@transaction.atomic
def report(commitment: Commitment, *, status: str, words: str = "", seen: int, by: User) -> CommitmentReport:
    """Say between the cycles what became of a commitment; it counts at once, and a later report takes its place.

    `seen` is the number of the last report that the person saw, 0 for none. Repeating the last report changes nothing.
    Raises PermissionDenied, Invalid for an unknown status and for a dropped step without a word why, and Stale if a
    colleague reported meanwhile.
    """
    commitment = _lock(commitment)
    rules.require(by, "report_on_commitment", commitment.submission)
    words = commitments.require_report(status, words)
    last = commitment.reports.in_force().order_by("at", "pk").last()
    if last and (last.status, last.words) == (status, words):
        return last
    if seen != (last.pk if last else 0):
        raise Stale(_("A colleague reported on this step meanwhile. Read what they wrote, then save again."), last)
    made = CommitmentReport.objects.create(
        commitment=commitment, status=status, words=words, at=clock.now(), by=by, origin=Origin.PAGE
    )
    commitments.settle([commitment])
    _record(Verb.REPORT_ON_COMMITMENT, commitment, by)
    return made


def publish(commitment: Commitment, *, by: User) -> Commitment:
    """Let everybody read the step, its day, who leads it and its status; its words never. Raises PermissionDenied."""
    return _set_public(commitment, True, by)


def hide(commitment: Commitment, *, by: User) -> Commitment:
    """Take the step from the public pages at once; a published PDF does not change. Raises PermissionDenied."""
    return _set_public(commitment, False, by)


@transaction.atomic
def _set_public(commitment: Commitment, is_public: bool, by: User) -> Commitment:
    commitment = _lock(commitment)
    verb = Verb.PUBLISH_COMMITMENT if is_public else Verb.HIDE_COMMITMENT
    rules.require(by, verb, commitment.submission)
    if commitment.is_public == is_public:
        return commitment
    commitment.is_public, commitment.public_changed_at, commitment.public_changed_by = is_public, clock.now(), by
    commitment.save(update_fields=["is_public", "public_changed_at", "public_changed_by"])
    _record(verb, commitment, by)
    public_pages.change()
    return commitment


def _lock(commitment: Commitment) -> Commitment:
    """Return the commitment read again and locked until the transaction ends."""
    found = Commitment.objects.select_for_update(of=("self",))
    return found.select_related("submission__cycle", "submission__country", "indicator__area").get(pk=commitment.pk)


def _record(verb: Verb, commitment: Commitment, by: User) -> None:
    activity.record(verb, by=by, submission=commitment.submission, detail=commitment.indicator.label)


def _counts(report: CommitmentReport) -> bool:
    return report.submission_id is None or report.accepted_at is not None


def _today(commitment: Commitment) -> date:
    return commitment.submission.cycle.day()
