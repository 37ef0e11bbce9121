"""Steps promised in earlier cycles: what a submission is asked about them, its replies, and new ones at acceptance."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import access, activity, clock, locking, public_pages
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, Stale
from scoreboard.models import (
    Commitment,
    CommitmentReport,
    Cycle,
    Edition,
    Indicator,
    Origin,
    Submission,
    User,
    Version,
)
from scoreboard.models.commitments import CLOSED, CommitmentQuerySet
from scoreboard.submissions import previous_cycle
from scoreboard.submissions.versions import AnswerData
from scoreboard.text import require_storable, stripped

Status = Commitment.Status
Relation = Indicator.Relation


@dataclass(frozen=True)
class Asked:
    """A commitment that a submission is asked about, and what it says of it so far.

    `code` is that of today's indicator which is the same or revised; empty where there is none, and it is asked on the
    page of the submission.
    """

    commitment: Commitment
    report: CommitmentReport | None
    code: str

    @property
    def status(self) -> str:
        """What the submission says became of it; empty while it says nothing."""
        return self.report.status if self.report else ""

    @property
    def words(self) -> str:
        """What it says in words."""
        return self.report.words if self.report else ""

    @property
    def seen(self) -> int:
        """The number of the report that a page shows, 0 for none."""
        return self.report.pk if self.report else 0


def before(cycle: Cycle) -> CommitmentQuerySet:
    """Return all commitments from earlier cycles of the questionnaire, open or not, the latest cycle first.

    Earlier cycles are those that `previous_cycle` looks at.
    """
    found = Commitment.objects.filter(
        submission__cycle__opens__lt=cycle.opens,
        submission__cycle__edition__in=previous_cycle.chain(cycle.edition),
        submission__cycle__is_example=cycle.is_example,
    )
    related = found.select_related("submission__cycle__edition", "indicator__area")
    return related.order_by("-submission__cycle__opens", "indicator__position")


def outcomes(cycle: Cycle, found: Collection[Commitment]) -> dict[int, str]:
    """Return by primary key what countries say in a cycle became of earlier commitments, empty for not answered.

    That is what they reported last, of what is in force and no later cycle's. What is done or dropped stays so; of
    any other step a cycle asks anew, and what an earlier cycle's answers say is none.
    """
    about = CommitmentReport.objects.filter(commitment__in=[one.pk for one in found]).in_force()
    timely = about.filter(Q(submission=None) | Q(submission__cycle__opens__lte=cycle.opens))
    said = timely.order_by("at", "pk").values_list("commitment", "status", "submission__cycle")
    latest = {pk: (status, of) for pk, status, of in said}
    outcome = {}
    for one in found:
        status, of = latest.get(one.pk, ("", None))
        outcome[one.pk] = status if status in CLOSED or of in (None, cycle.pk) else ""
    return outcome


def asked(submission: Submission) -> list[Asked]:
    """Return the commitments that are open or that the submission has replied on, the latest cycle first.

    The number of queries does not grow with them.
    """
    if not Commitment.objects.filter(submission__country=submission.country_id).exists():
        return []  # most pages: a tenth of the work of the whole question
    replied = CommitmentReport.objects.filter(commitment=OuterRef("pk"), submission=submission)
    of_country = before(submission.cycle).filter(submission__country=submission.country_id)
    found = list(of_country.filter(~Q(status__in=CLOSED) | Exists(replied)))
    if not found:
        return []
    reports = CommitmentReport.objects.filter(commitment__in=found, submission=submission).select_related("by")
    latest = {report.commitment_id: report for report in reports.order_by("at", "pk")}
    codes = codes_today(submission.cycle.edition, found)
    return [Asked(one, latest.get(one.pk), codes[one.pk]) for one in found]


def codes_today(edition: Edition, found: Collection[Commitment]) -> dict[int, str]:
    """Return by commitment the code of today's indicator that is the same or revised, empty where there is none."""
    successors: dict[int, dict[str, list[tuple[str, str]]]] = {}
    for pk in {one.indicator.edition_id for one in found}:
        successors[pk] = defaultdict(list)
        for code, trace in previous_cycle.traced(edition, pk).items():
            for then in trace.codes:
                successors[pk][then].append((code, trace.loosest))
    return {one.pk: _successor(successors[one.indicator.edition_id][one.indicator.code]) for one in found}


def _successor(found: list[tuple[str, str]]) -> str:
    if len(found) != 1:
        return ""
    code, relation = found[0]
    return code if relation in (Relation.SAME, Relation.REVISED) else ""


def place(submission: Submission, one: Asked) -> str:
    """Return where a submission asks about the commitment: on the card of today's indicator, else on the overview."""
    for indicator in submission.cycle.edition.all_indicators:
        if indicator.code == one.code:
            area = reverse("submission_area", args=[submission.pk, indicator.area.code])
            return f"{area}#step-of-{one.commitment.pk}"
    return reverse("submission", args=[submission.pk]) + "#earlier-steps"


def unanswered(found: Iterable[Asked]) -> list[Asked]:
    """Return those of which the submission says nothing."""
    return [one for one in found if not one.status]


@transaction.atomic
def reply(
    submission: Submission,
    commitment: int,
    *,
    status: str,
    words: str = "",
    seen: int,
    by: User,
    origin: Origin = Origin.PAGE,
) -> CommitmentReport | None:
    """Say in a submission what became of a commitment, by its primary key; an empty `status` takes that back.

    `seen` is the number of the report that the person saw, 0 for none. It counts when the answers are accepted.
    Returns the report that is stored now. Raises PermissionDenied, Locked and NotNow as answers do, Invalid for what
    is not asked or cannot be stored, Stale if a colleague replied meanwhile.
    """
    submission = locking.lock(submission)
    on_behalf = access.require_writing(submission, by=by)
    one = next((one for one in asked(submission) if one.commitment.pk == commitment), None)
    if one is None:
        raise Invalid(_("This step is not asked about here any more. Open the page again."))
    words = require_report(status, words, allow_empty=True)
    if (one.status, one.words) == (status, words):
        return one.report
    if seen != one.seen:
        raise Stale(_("A colleague replied on this step meanwhile. Compare the two and save again."), one.report)
    activity.record(
        Verb.REPLY_ON_COMMITMENT, by=by, submission=submission, detail=one.commitment.indicator.label, origin=origin
    )
    return CommitmentReport.objects.create(
        commitment=one.commitment,
        submission=submission,
        status=status,
        words=words,
        at=clock.now(),
        by=by,
        on_behalf=on_behalf,
        origin=origin,
    )


def require_report(status: str, words: str, *, allow_empty: bool = False) -> str:
    """Return the words as they are stored; raise Invalid for an unknown status, and for a dropped step without any."""
    words = stripped(words)
    require_storable(words)
    if status not in Status.values and not (allow_empty and not status):
        raise Invalid(_("Choose what became of the step."))
    if not status and words:
        raise Invalid(_("Choose what became of the step, or empty its text."))
    if status == Status.DROPPED and not words:
        raise Invalid(_("Say why the step is dropped."))
    return words


def snapshot(submission: Submission) -> list[dict[str, Any]]:
    """Return what the submission was asked about earlier steps, with its replies, as a version stores it."""
    return [
        {
            "id": one.commitment.pk,
            "report": one.seen or None,
            "cycle": one.commitment.submission.cycle.code,
            "label": one.commitment.indicator.label,
            "code": one.code,
            "step": one.commitment.step,
            "by": one.commitment.due.isoformat() if one.commitment.due else "",
            "lead": one.commitment.lead,
            "status": one.status,
            "words": one.words,
        }
        for one in asked(submission)
    ]


def enter(submission: Submission, accepted: Version, last: Version | None) -> None:
    """Enter the steps of the version that is being accepted, and let its replies on earlier steps count.

    Of a step that an earlier accepted version had, what the new one changes is changed; one that it does not have any
    more stays. The verb that accepts calls it with the submission locked.
    """
    now = clock.now()
    stored = {one.indicator.code: one for one in submission.commitments.select_related("indicator")}
    indicators = {one.code: one for one in submission.cycle.edition.all_indicators}
    earlier_rows = {row["code"]: row for row in (last.answers if last else [])}
    for row in accepted.answers:
        if not row.get("next_step") or row["code"] not in indicators:
            continue
        known = stored.get(row["code"])
        commitment = known or Commitment(submission=submission, indicator=indicators[row["code"]], made_at=now)
        _describe(commitment, row, None if known is None else earlier_rows.get(row["code"], {}))
        commitment.save()
        if commitment.is_public:
            public_pages.change()
    _let_count(submission, accepted)


def _describe(commitment: Commitment, row: AnswerData, before: AnswerData | None) -> None:
    """Set what an accepted answer says; whether it is public only where the answer changes that."""
    commitment.step, commitment.lead = row["next_step"], row.get("next_step_lead", "")
    commitment.due = date.fromisoformat(row["next_step_by"]) if row.get("next_step_by") else None
    public = bool(row.get("next_step_public"))
    if before is None or public != bool(before.get("next_step_public")):
        commitment.is_public = public


def _let_count(submission: Submission, accepted: Version) -> None:
    """Let the replies of the accepted version count, and those of the submission that were accepted before no more."""
    replies = [row["report"] for row in accepted.commitments if row["report"]]
    reports = CommitmentReport.objects.filter(submission=submission)
    reports.exclude(pk__in=replies).update(accepted_at=None)
    reports.filter(pk__in=replies, accepted_at=None).update(accepted_at=clock.now())
    about = reports.values("commitment")
    settle(Commitment.objects.select_for_update(of=("self",)).filter(pk__in=about).order_by("pk"))


def settle(commitments: Iterable[Commitment]) -> None:
    """Store of each commitment what was reported last, of what is in force."""
    found = list(commitments)
    reports = CommitmentReport.objects.filter(commitment__in=found).in_force().order_by("at", "pk")
    latest = dict(reports.values_list("commitment", "status"))
    for one in found:
        one.status = latest.get(one.pk, "")
    Commitment.objects.bulk_update(found, ["status"])
    if any(one.is_public for one in found):
        public_pages.change()
