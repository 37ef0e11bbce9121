"""Questions on answers: the Secretariat opens and closes them, both sides write, and one side has to act next."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import access, activity, clock, locking, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import Indicator, Origin, Remark, Role, Side, Submission, Thread, Transition, User, Version
from scoreboard.models.people import Person, countries_of
from scoreboard.text import require_storable, stripped


@dataclass
class ThreadView:
    """A thread as one person reads it: its remarks, and whether it waits for their side."""

    thread: Thread
    said: list[Remark]
    waits_for_you: bool
    indicator: Indicator


@transaction.atomic
def open_thread(
    submission: Submission,
    code: str,
    text: str,
    *,
    shared: bool,
    by: User,
    due: date | None = None,
    origin: Origin = Origin.PAGE,
) -> Thread:
    """Ask the country about its answer to the indicator `code`, or note something for the Secretariat alone.

    A shared thread waits for the country, which gets a mail. Raises PermissionDenied, NotNow before the country has
    submitted, and Invalid for an indicator without an answer, an empty or too long text, or a past day.
    """
    submission = locking.lock(submission)
    rules.require(by, "open_thread", submission)
    locking.require_part(submission)
    require_submitted(submission, by=by)
    answer = submission.answers.select_related("indicator__area").filter(indicator__code=code).first()
    if answer is None:
        raise Invalid(_("There is no answer to indicator %(code)s here.") % {"code": code})
    if due and due < submission.cycle.day():
        raise Invalid(_("Choose today or a later day."))
    if not submission.cycle.reaches(due):
        raise Invalid(_("Choose a day within ten years of the day on which the cycle opens."))
    thread = Thread.objects.create(
        answer=answer,
        shared=shared,
        holder=Side.COUNTRY if shared else Side.SECRETARIAT,
        due=due,
        opened_by=by,
        held_since=clock.now(),
        opened_at=clock.now(),
    )
    _add_remark(thread, text, by)
    activity.record(Verb.OPEN_THREAD, by=by, submission=submission, detail=code, origin=origin)
    if shared:
        _notify(thread, submission, text, by)
    return thread


def require_submitted(submission: Submission, *, by: User) -> Version:
    """Return the last version that the person may read; raise NotNow if the country has submitted none."""
    version = access.last_version(by, submission)
    if version is None:
        raise NotNow(_("Nothing is handed in yet that could be asked about. Wait until the country submits."))
    return version


@transaction.atomic
def reply(thread: Thread, text: str, *, by: User, keep: bool = False, origin: Origin = Origin.PAGE) -> Remark:
    """Add a remark to a thread; it then waits for the other side, or with `keep` for the officer's own.

    Raises PermissionDenied (for the country also on an internal thread), NotNow once it is closed, Invalid for the
    text.
    """
    submission = locking.lock(thread.answer.submission)
    roles = rules.require(by, "reply", submission)
    locking.require_part(submission)
    thread = _reload(thread)
    if thread.closed_at:
        raise NotNow(_("This question is closed. The Secretariat can open a new one."))
    remark = _add_remark(thread, text, by)
    officer = Role.SECRETARIAT in roles
    waits_for = Side.COUNTRY if officer and thread.shared and not keep else Side.SECRETARIAT
    if thread.holder != waits_for:
        thread.holder, thread.held_since = waits_for, clock.now()
        thread.save(update_fields=["holder", "held_since"])
    code = thread.answer.indicator.code
    activity.record(Verb.REPLY, by=by, submission=submission, detail=code, origin=origin)
    if thread.shared:
        _notify(thread, submission, text, by, to=Side.COUNTRY if officer else Side.SECRETARIAT)
    return remark


@transaction.atomic
def close(thread: Thread, *, by: User) -> Thread:
    """Close a thread: it waits for nobody and can still be read. Repeating it is harmless."""
    submission = locking.lock(thread.answer.submission)
    rules.require(by, "close_thread", submission)
    locking.require_part(submission)
    thread = _reload(thread)
    if thread.closed_at is None:
        thread.closed_at, thread.closed_by = clock.now(), by
        thread.save(update_fields=["closed_at", "closed_by"])
        activity.record(Verb.CLOSE_THREAD, by=by, submission=submission, detail=thread.answer.indicator.code)
    return thread


def share_reasons(submission: Submission, step: Transition) -> None:
    """Share the pending reasons with the country, with `step`, each on a thread that waits for the country."""
    open_ones = {
        thread.answer_id: thread
        for thread in Thread.objects.filter(answer__submission=submission, shared=True, closed_at=None)
    }
    for remark in Remark.objects.pending().filter(answer__submission=submission):
        thread = open_ones.get(remark.answer_id) or Thread(
            answer_id=remark.answer_id, opened_by_id=remark.author_id, opened_at=step.at
        )
        thread.holder, thread.held_since = Side.COUNTRY, step.at
        thread.save()
        remark.thread, remark.transition, remark.shared = thread, step, True
        remark.save(update_fields=["thread", "transition", "shared"])


def pass_to_secretariat(submission: Submission, at: datetime) -> None:
    """Let the questions of a return wait for the Secretariat: submitting again, `at`, answers them."""
    asked = Thread.objects.filter(answer__submission=submission, closed_at=None, holder=Side.COUNTRY)
    given = Remark.objects.filter(answer__submission=submission, flags=True, transition__isnull=False)
    asked.filter(pk__in=given.values("thread")).update(holder=Side.SECRETARIAT, held_since=at)


def pass_back_to_country(submission: Submission) -> None:
    """Undo `pass_to_secretariat` after a recall: the questions wait for the country again, since the last return."""
    returned, recalled = submission.transitions.giving_back()[0], submission.versions.latest("number")
    answered = Thread.objects.filter(answer__submission=submission, closed_at=None, holder=Side.SECRETARIAT)
    answered.filter(shared=True, held_since=recalled.at).update(holder=Side.COUNTRY, held_since=returned.at)


def close_all(submission: Submission, *, by: User) -> None:
    """Close the open threads of a submission, once its answers are accepted."""
    threads = Thread.objects.filter(answer__submission=submission, closed_at=None)
    threads.update(closed_at=clock.now(), closed_by=by)


def visible_to(user: Person) -> QuerySet[Thread]:
    """Return the threads that `user` may read: officers all, analysts none, focal points the shared ones."""
    roles = rules.roles_towards(user)
    found = Thread.objects.select_related(
        "answer__indicator__area", "answer__submission__cycle", "answer__submission__country", "opened_by"
    )
    if Role.SECRETARIAT in roles:
        return found
    return found.filter(
        shared=True,
        answer__submission__country__in=countries_of(user),
        answer__submission__cycle__opened_at__isnull=False,
    )


def waiting_for(user: User) -> QuerySet[Thread]:
    """Return the open threads that wait for the side of `user`, the longest waiting first."""
    found = visible_to(user).filter(closed_at=None, holder=side_of(user), answer__submission__left_at__isnull=True)
    return found.order_by("held_since", "pk")


def thread_views(submission: Submission, user: User) -> dict[int, list[ThreadView]]:
    """Return by indicator the threads of a submission that `user` may read, the open ones first."""
    found: dict[int, list[ThreadView]] = defaultdict(list)
    side, roles = side_of(user), rules.roles_towards(user, submission)
    indicators = {indicator.pk: indicator for indicator in submission.cycle.edition.all_indicators}
    visible = Thread.objects.filter(answer__submission=submission)
    if Role.SECRETARIAT not in roles:
        visible = visible.filter(shared=True) if Role.FOCAL in roles and submission.cycle.opened_at else visible.none()
    remarks = Remark.objects.select_related("author").order_by("at", "pk")
    visible = visible.prefetch_related("answer", "opened_by", Prefetch("remarks", remarks))
    for thread in sorted(visible.order_by("opened_at", "pk"), key=lambda thread: thread.closed_at is not None):
        waits = not thread.closed_at and thread.holder == side
        about = thread.answer.indicator_id
        found[about].append(ThreadView(thread, list(thread.remarks.all()), waits, indicators[about]))
    return found


def side_of(user: User) -> Side:
    """Return the side of a person in threads."""
    return Side.SECRETARIAT if Role.SECRETARIAT in rules.roles_towards(user) else Side.COUNTRY


def anchor(thread: Thread, *, side: str) -> str:
    """Return the path to the answer on the page where `side` reads it."""
    indicator, submission = thread.answer.indicator, thread.answer.submission_id
    if side == Side.SECRETARIAT:
        return reverse("review_area", args=[submission, indicator.area.code]) + f"#reading-{indicator.code}"
    return reverse("submission_area", args=[submission, indicator.area.code]) + f"#i{indicator.code}"


def _reload(thread: Thread) -> Thread:
    return Thread.objects.select_related("answer__indicator__area").get(pk=thread.pk)


def _add_remark(thread: Thread, text: str, by: User) -> Remark:
    text = stripped(text)
    if not text:
        raise Invalid(_("Write something before you send it."))
    require_storable(text)
    return Remark.objects.create(
        answer=thread.answer, thread=thread, author=by, text=text, shared=thread.shared, at=clock.now()
    )


def _notify(thread: Thread, submission: Submission, text: str, by: User, to: str = Side.COUNTRY) -> None:
    """Mail the other side, with a link to the answer."""
    notifications.notify(
        "ask_country" if to == Side.COUNTRY else "answer_officers",
        submission,
        by=by,
        comment=text,
        indicator=thread.answer.indicator,
        thread=thread,
        link=settings.SITE_URL + anchor(thread, side=to),
    )
