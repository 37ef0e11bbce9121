"""Opening a consultation, showing another build in it, moving its last day, ending it, and the reminder before."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from reporting.consultation import changes, pages
from reporting.models import Assessment, Consultation, ConsultedBuild
from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.mail import notifications
from scoreboard.models import Mail, Submission, User

DAYS_BEFORE = 2  # on which countries are reminded
LONGEST = timedelta(days=366)  # a last day further ahead is a typing error


@transaction.atomic
def open_consultation(consultation: Consultation, *, until: date, build: int, by: User) -> Consultation:
    """Open a consultation until the end of a day, and mail the countries that have something to read.

    `build` is the number of the build whose passages the officer looked through. Raises NotNow if it was opened
    before or the issue is not built any more, Stale if another build was made since, Invalid for the day.
    """
    rules.require(by, "consult")
    consultation = _locked(consultation)
    if consultation.opened_at:
        raise NotNow(_("This consultation was opened already."))
    _require_day(consultation, until)
    shown = _current(consultation, build)
    consultation.opened_at, consultation.opened_by, consultation.until = clock.now(), by, until
    consultation.save(update_fields=["opened_at", "opened_by", "until"])
    _show(shown, by)
    _record(Verb.OPEN_CONSULTATION, consultation, by, str(build))
    for submission in concerned(shown):
        _notify("consultation_opened", consultation, submission, by)
    return consultation


@transaction.atomic
def show_build(consultation: Consultation, *, build: int, by: User) -> list[str]:
    """Show another build to the countries; those whose pages differ get a mail. Return their ISO codes.

    It is possible as long as the issue is not published, also after the consultation has ended, so that countries see
    what came of their comments. Raises NotNow before it is opened, or if that build is shown; Stale as above.
    """
    rules.require(by, "consult")
    consultation = _locked(consultation)
    before = consultation.shown
    if before is None:
        raise NotNow(_("Open the consultation first."))
    if before.number == build:
        raise NotNow(_("This build is shown to the countries already."))
    now = _current(consultation, build)
    _show(now, by)
    _record(Verb.SHOW_BUILD, consultation, by, str(build))
    changed = []
    for submission in concerned(before, now):
        iso2 = submission.country.iso2
        if changes.between(pages.read(before, iso2), pages.read(now, iso2)):
            _notify("consultation_changed", consultation, submission, by)
            changed.append(iso2)
    return changed


@transaction.atomic
def move(consultation: Consultation, *, until: date, by: User) -> Consultation:
    """Move the last day; a consultation that is over is open again. The countries get a mail.

    Raises NotNow before it is opened and once the issue is published, Invalid for the day.
    """
    rules.require(by, "consult")
    consultation = _locked(consultation)
    if consultation.opened_at is None or not consultation.assessment.is_at_work:
        raise NotNow(_("Only a consultation that was opened, of an issue that is not published, can be moved."))
    _require_day(consultation, until)
    if consultation.until == until and consultation.ended_at is None:
        return consultation
    consultation.until, consultation.ended_at, consultation.ended_by = until, None, None
    consultation.save(update_fields=["until", "ended_at", "ended_by"])
    _record(Verb.MOVE_CONSULTATION, consultation, by, until.isoformat())
    for submission in concerned(consultation.shown):
        _notify("consultation_moved", consultation, submission, by)
    return consultation


@transaction.atomic
def end(consultation: Consultation, *, by: User) -> Consultation:
    """End an open consultation before its last day: countries can read on, and comment no more.

    Raises NotNow if it is not open.
    """
    rules.require(by, "consult")
    consultation = _locked(consultation)
    if not consultation.is_open:
        raise NotNow(_("This consultation is not open; there is nothing to end."))
    consultation.ended_at, consultation.ended_by = clock.now(), by
    consultation.save(update_fields=["ended_at", "ended_by"])
    _record(Verb.END_CONSULTATION, consultation, by)
    return consultation


def concerned(*builds: ConsultedBuild | None) -> list[Submission]:
    """Return the submissions of the countries that have something to read in one of the builds, by ISO code."""
    found: set[str] = set()
    cycle = None
    for build in builds:
        if build is not None:
            cycle = build.consultation.cycle
            found |= {one["iso2"] for one in build.snapshot["countries"]}
            found |= {iso2 for passage in build.passages.all() for iso2 in passage.shown_to}
    if cycle is None:
        return []
    taking_part = cycle.submissions.taking_part().filter(country__iso2__in=found)
    return list(taking_part.select_related("country__lead", "cycle__edition").order_by("country__iso2"))


def remind() -> int:
    """Mail the countries two days before a consultation ends, once for each last day; return how many mails."""
    waiting = Consultation.objects.listed().filter(opened_at__isnull=False, ended_at=None)
    soon = clock.today() + timedelta(days=DAYS_BEFORE + 1)  # some time zone may be a day ahead
    return sum(_remind(consultation) for consultation in waiting.filter(until__lte=soon))


@transaction.atomic
def _remind(consultation: Consultation) -> int:
    consultation = _locked(consultation)
    if not consultation.is_open or consultation.until is None or consultation.opened_at is None:
        return 0
    first, cycle = consultation.until - timedelta(days=DAYS_BEFORE), consultation.cycle
    if not cycle.day(consultation.opened_at) < first <= cycle.day():
        return 0
    log = f"consultation {consultation.pk} {consultation.until}"
    submissions = concerned(consultation.shown)
    done = {*Mail.objects.filter(event=log).values_list("submission", flat=True)}
    left = [one for one in submissions if one.pk not in done]
    return sum(_notify("consultation_ends", consultation, one, None, log=log, once=log) for one in left)


def _notify(event: str, consultation: Consultation, submission: Submission, by: User | None, **options: Any) -> int:
    address = reverse("consultation_country", args=[consultation.pk, submission.country.iso2.lower()])
    facts = {"until": consultation.until, "link": settings.SITE_URL + address, "open": consultation.is_open}
    return len(notifications.notify(event, submission, by=by, **options, **facts))


def _show(build: ConsultedBuild, by: User) -> None:
    build.shown_at, build.shown_by = clock.now(), by
    build.save(update_fields=["shown_at", "shown_by"])


def _current(consultation: Consultation, number: int) -> ConsultedBuild:
    """Return the latest build if it is that number and still what the issue has."""
    assessment, latest = consultation.assessment, consultation.latest
    built = assessment.pdf
    if assessment.status != Assessment.Status.BUILT or built is None or latest is None:
        raise NotNow(_("The issue is not built now. Build its PDF, then find the passages again."))
    if latest.number != number or (latest.pdf_sha256, latest.built_at) != (built.sha256, built.built_at):
        raise Stale(_("The PDF was built anew after you opened this page. Find its passages and look through them."))
    latest.consultation = consultation
    return latest


def _require_day(consultation: Consultation, until: date) -> None:
    today = consultation.cycle.day()
    if until <= today:
        raise Invalid(_("Choose a last day after today, so that countries have time to read."))
    if until > today + LONGEST:
        raise Invalid(_("Choose a last day within a year."))


def _locked(consultation: Consultation) -> Consultation:
    found = Consultation.objects.select_for_update(of=("self",)).select_related("assessment__cycle__edition")
    return found.defer("assessment__snapshot", "assessment__texts").get(pk=consultation.pk)


def _record(verb: Verb, consultation: Consultation, by: User, detail: str = "") -> None:
    issue = consultation.assessment
    activity.record(verb, by=by, cycle=issue.cycle, detail=", ".join(filter(None, [str(issue.issue), detail])))
