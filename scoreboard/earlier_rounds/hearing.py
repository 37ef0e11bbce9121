"""Hearing the countries before an earlier round is published: asking them, what they say, and what becomes public."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import Cycle, Hearing, Submission, User, Version
from scoreboard.models.submissions import SubmissionQuerySet
from scoreboard.submissions import workflow
from scoreboard.text import alphabetical, required

FEW = 3  # countries: the figures of fewer are as good as their answers
LONGEST = timedelta(days=366)  # a last day further ahead is a typing error


def entered(cycle: Cycle) -> SubmissionQuerySet:
    """Return the submissions of the cycle that a file brought in, with what their countries said of them."""
    from_file = Version.objects.filter(submission=OuterRef("pk"), imported__isnull=False)
    found = cycle.submissions.taking_part().filter(Exists(from_file), accepted_version__isnull=False)
    return found.select_related(
        "country", "accepted_version", "imported__by", "hearing__objected_by", "hearing__read_by"
    )


def of(submission: Submission) -> Hearing | None:
    """Return the hearing of a submission; None if there is none."""
    return Hearing.objects.filter(submission=submission).select_related("objected_by", "read_by").first()


@transaction.atomic
def ask(cycle: Cycle, *, until: date, by: User) -> tuple[list[Submission], list[Submission]]:
    """Mail the countries that were not asked yet their entered answers, and until when they can say something of them.

    Each country is asked once. Return those that were asked, and those that have nobody to ask. Raises
    PermissionDenied, Invalid for the day, NotNow if nobody is left to be asked.
    """
    rules.require(by, "hear_countries")
    cycle = locking.lock_cycle(cycle)
    today = cycle.day()
    if not today < until <= today + LONGEST:
        raise Invalid(_("Choose a last day after today and within a year, so that countries have time to read."))
    asked: list[Submission] = []
    unreached: list[Submission] = []
    waiting = [one for one in entered(cycle) if not _is_asked(one)]
    if not waiting:
        raise NotNow(_("Every country with answers from a file was asked already."))
    for submission in sorted(waiting, key=lambda one: alphabetical(one.country)):
        submission.cycle = cycle
        (asked if _ask(submission, until, by) else unreached).append(submission)
    if not asked:
        names = ", ".join(str(one.country) for one in unreached)
        raise NotNow(_("Nobody can be asked: these countries have no focal point: %s. Invite one first.") % names)
    return asked, unreached


def _is_asked(submission: Submission) -> bool:
    found = getattr(submission, "hearing", None)
    return found is not None and found.asked_at is not None


def _ask(submission: Submission, until: date, by: User) -> bool:
    version = submission.accepted_version
    if version is None:
        return False
    link = settings.SITE_URL + reverse("submission_entered", args=[submission.pk])
    answers = sum(bool(row["kind"]) for row in version.answers)
    facts = {"until": until, "link": link, "answers": answers, "file": str(submission.imported or "")}
    if not notifications.notify("check_entered", submission, by=by, **facts):
        return False
    given = {"version": version, "asked_at": clock.now(), "asked_by": by, "until": until}
    Hearing.objects.update_or_create(submission=submission, defaults=given)
    workflow.record(submission, "ask_about_entered", by=by, dates=(None, until))
    return True


@transaction.atomic
def confirm(submission: Submission, *, by: User) -> Hearing:
    """Say for the country that it has read the entered answers and has nothing to correct; twice is harmless.

    Raises PermissionDenied, NotNow if it was not asked or the last day has passed.
    """
    found = _open(submission, "confirm_entered", by)
    if found.read_at is None:
        found.read_at, found.read_by = clock.now(), by
        found.save(update_fields=["read_at", "read_by"])
        workflow.record(submission, "confirm_entered", by=by)
    return found


@transaction.atomic
def object_to_name(submission: Submission, *, reason: str, by: User) -> Hearing:
    """Object to being named with the entered answers: they count, and nothing that is public names the country.

    An officer can record it on the country's behalf, also after the last day and for a country that nobody could ask.
    Published issues do not change. Raises PermissionDenied, NotNow, Invalid without a reason.
    """
    on_behalf = rules.is_on_behalf(rules.require(by, "object_to_name", submission))
    if on_behalf:
        submission = locking.lock(submission)
        require_entered(submission)
        about = {"version_id": submission.accepted_version_id}
        found = Hearing.objects.get_or_create(submission=submission, defaults=about)[0]
    else:
        found = _open(submission, "object_to_name", by)
    if found.objected_at:
        raise NotNow(_("%s has objected already.") % submission.country)
    found.objection = required(reason, _("Say why the country is not to be named."))
    found.objected_at, found.objected_by, found.on_behalf = clock.now(), by, on_behalf
    found.save()
    workflow.record(submission, "object_to_name", by=by, on_behalf=on_behalf, comment=found.objection)
    return found


@transaction.atomic
def withdraw_objection(submission: Submission, *, by: User) -> Hearing:
    """Let the country be named after all; without an objection nothing happens.

    An officer can do so where an officer recorded the objection. Raises PermissionDenied, NotNow.
    """
    on_behalf = rules.is_on_behalf(rules.require(by, "object_to_name", submission))
    submission = locking.lock(submission)
    found = of(submission)
    if found is None or found.objected_at is None:
        raise NotNow(_("%s has not objected.") % submission.country)
    if on_behalf and not found.on_behalf:
        raise NotNow(_("%s objected itself. Only its focal points can take that back.") % submission.country)
    found.objected_at, found.objected_by, found.objection, found.on_behalf = None, None, "", False
    found.save()
    workflow.record(submission, "withdraw_objection", by=by, on_behalf=on_behalf)
    return found


@transaction.atomic
def choose(cycle: Cycle, *, public: str, by: User) -> Cycle:
    """Choose what becomes public of a round with answers from a file: figures of the region only, or country by name.

    Published issues do not change. Raises PermissionDenied, Invalid for another choice.
    """
    rules.require(by, "hear_countries")
    cycle = locking.lock_cycle(cycle)
    if public not in Cycle.Public.values:
        raise Invalid(_("Choose what becomes public."))
    if cycle.public != public:
        cycle.public = public
        cycle.save(update_fields=["public"])
        activity.record(Verb.CHOOSE_PUBLIC, by=by, cycle=cycle, detail=public)
    return cycle


def obstacle(cycle: Cycle) -> str:
    """Return why the round cannot be published for the first time yet; empty if its countries were heard.

    That is: each was asked, unless it objected, the last day has passed, and an officer chose what becomes public.
    """
    found = list(entered(cycle))
    if not found:
        return ""
    unheard = [one for one in found if not _is_asked(one) and not objects(one)]
    if unheard:
        names = ", ".join(sorted((str(one.country) for one in unheard), key=alphabetical))
        return _("These countries were not asked about the answers that were entered for them: %s.") % names
    last = max((one.hearing.until for one in found if one.hearing.until), default=None)
    if last and cycle.day() <= last:
        return _("Countries can object and correct until the end of %s. Publish after that.") % date_format(last)
    if not cycle.public:
        return _("Choose first what becomes public: figures of the region only, or countries by name.")
    return ""


def objects(submission: Submission) -> bool:
    """Return whether the country objects to being named."""
    found = getattr(submission, "hearing", None)
    return found is not None and found.objected_at is not None


def can_answer(found: Hearing | None, cycle: Cycle) -> bool:
    """Return whether the country can still say something of its entered answers."""
    return found is not None and found.until is not None and cycle.day() <= found.until


def require_entered(submission: Submission) -> None:
    """Raise NotNow unless a file brought the submission in and it is accepted."""
    locking.require_part(submission)
    if submission.imported_id is None or submission.accepted_version_id is None:
        raise NotNow(_("No answers came in by a file for %s.") % submission)


def _open(submission: Submission, act: str, by: User) -> Hearing:
    """Lock the submission and return its hearing; refuse whom it is not for, and what comes too late."""
    rules.require(by, act, submission)
    submission = locking.lock(submission)
    require_entered(submission)
    found = of(submission)
    if found is None or found.until is None:
        raise NotNow(_("The Secretariat has not asked about these answers yet."))
    if not can_answer(found, submission.cycle):
        until = date_format(found.until)
        raise NotNow(_("This could be said until the end of %s. Write to the Secretariat.") % until)
    return found
