"""The verbs of an assessment: consolidate, build, publish, withdraw."""

import logging
from datetime import date
from functools import partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reporting.assessments import builds, chapters
from reporting.consultation import commenting
from reporting.document import numbers
from reporting.exports.files import File, data_files, package
from reporting.models import Assessment, Build, Product
from reporting.pdf import assessment as pdf
from reporting.pdf.joining import Attachment
from reporting.pdf.sections_cache import Sections
from reporting.published import writing
from reporting.results import earlier, snapshots, unnamed
from reporting.subscriptions import notices
from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.earlier_rounds import hearing
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.models import Cycle, User, Version
from scoreboard.phrases import moment
from scoreboard.submissions.versions import digest
from scoreboard.text import alphabetical, is_blank, required, stripped
from scoreboard.webhooks import writing as webhooks

log = logging.getLogger(__name__)

ATTACHED = (Product.Kind.CSV_WIDE, Product.Kind.CSV_LONG, Product.Kind.JSON)


@transaction.atomic
def consolidate(cycle: Cycle, *, by: User, public: bool = False) -> Assessment:
    """Take the accepted answers of a cycle into the assessment at work (a new issue if none is), and compute results.

    Repeatable until published: the snapshot is replaced, and with it falls the file built from the old one; if
    nothing changed, nothing does. What is written stays. `public` leaves out comparisons with issues that only
    members and observers may read. Raises NotNow if no country is accepted, and for the rehearsal.
    """
    rules.require(by, "consolidate")
    if cycle.is_rehearsal:
        raise NotNow(_("Nothing of a rehearsal is assessed or published: it ends with the review."))
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("edition").get(pk=cycle.pk)
    snapshot = snapshots.take(cycle, public=public)
    if not unnamed.counted(snapshot):
        raise NotNow(_("No country's submission is accepted in this cycle yet; there is nothing to consolidate."))
    sha256 = digest(snapshot)
    at_work = cycle.assessments.at_work().first()
    if at_work and at_work.snapshot_sha256 == sha256:
        chapters.create_missing(at_work)
        return at_work
    issue = (cycle.assessments.aggregate(last=Max("issue"))["last"] or 0) + 1
    assessment = at_work or Assessment(cycle=cycle, issue=issue)
    assessment.status = Assessment.Status.DRAFT
    assessment.snapshot, assessment.snapshot_sha256 = snapshot, sha256
    assessment.consolidated_at, assessment.consolidated_by = clock.now(), by
    assessment.save()
    activity.record(Verb.CONSOLIDATE, by=by, cycle=cycle, detail=str(assessment.issue))
    _drop_products(assessment)
    chapters.create_missing(assessment)
    chapters.lapse_approvals(assessment)
    return assessment


@transaction.atomic
def request_build(
    assessment: Assessment,
    *,
    by: User,
    document_number: str = "",
    meeting: str = "",
    meeting_date: date | None = None,
    replies: bool = False,
) -> Build:
    """Ask for the PDF of the current snapshot and texts, with the document's particulars; return the queued build.

    With `replies`, which only an officer may choose, what countries let print of their comments is an annex.

    Raises NotNow if one is on its way, if the assessment is published, or if PDFs are switched off.
    """
    rules.require(by, "build")
    if replies:
        rules.require(by, "consult")
    assessment = _locked(assessment)
    if not assessment.is_at_work:
        raise NotNow(_("This issue is published and stays as it is. Consolidate the cycle to begin a new issue."))
    if reason := pdf.unavailable():
        raise NotNow(reason)
    if assessment.builds.filter(state__in=["queued", "running"]).exists():
        raise NotNow(_("A build of this assessment is on its way already; its progress is on the page."))
    assessment.document_number, assessment.meeting, assessment.meeting_date = (
        document_number,
        meeting,
        meeting_date,
    )
    assessment.status = Assessment.Status.DRAFT
    chapters.store_texts(assessment)
    assessment.not_shown = []
    assessment.replies = commenting.printable(assessment) if replies else []
    particulars = ["document_number", "meeting", "meeting_date", "status", "texts", "texts_sha256", "not_shown"]
    assessment.save(update_fields=[*particulars, "replies"])
    _drop_products(assessment)
    activity.record(Verb.BUILD, by=by, cycle=assessment.cycle, detail=str(assessment.issue))
    return Build.objects.create(
        assessment=assessment,
        snapshot_sha256=assessment.snapshot_sha256,
        requested_by=by,
        requested_at=clock.now(),
    )


def perform(build: Build) -> None:
    """Carry out a build, outside any transaction; whatever goes wrong is stored as the build's error.

    A build whose snapshot was replaced, or that is no longer queued, makes nothing.
    """
    if not builds.take(build):
        return
    try:
        _require_current(build, build.assessment)
        not_shown: list[tuple[str, list[str]]] = []
        _store(build, _files(build, not_shown), not_shown)
    except builds.Lost:
        builds.stop(build)
    except NotNow as problem:
        builds.fail(build, problem.sentence)
    except Exception as error:  # a worker must survive any fault of one document, and the page must show it
        log.exception("Build %s failed", build.pk)
        builds.fail(build, _("The document could not be made: %s") % error)


def _files(build: Build, not_shown: list[tuple[str, list[str]]]) -> list[File]:
    """All products; the PDF carries the tables and the JSON within it. What no font can show goes to `not_shown`."""
    assessment, cache = build.assessment, Sections()
    data = data_files(assessment)
    attachments = [
        Attachment(
            Product.named(assessment, file.kind),
            file.content,
            str(Product.Kind(file.kind).label),
            assessment.consolidated_at.isoformat(),
        )
        for file in data
        if file.kind in ATTACHED
    ]
    own: list[File] = []
    content = pdf.assessment_pdf(
        assessment,
        report=partial(builds.heartbeat, build),
        cache=cache,
        attachments=attachments,
        country=lambda iso2, content: own.append(File(Product.Kind.COUNTRY_PDF, content, subject=iso2)),
        not_shown=lambda title, texts: not_shown.append((title, texts)),
    )
    cache.tidy()
    files = [*data, File(Product.Kind.PDF, content), *own]
    return [*files, package(assessment, files)]


def _drop_products(assessment: Assessment) -> None:
    """Delete what was built before, rows now and files once that is committed."""
    for product in assessment.products.all():
        transaction.on_commit(partial(product.file.storage.delete, str(product.file)), robust=True)
        product.delete()


def _require_current(build: Build, assessment: Assessment) -> None:
    if assessment.snapshot_sha256 != build.snapshot_sha256 or not assessment.is_at_work:
        raise NotNow(_("The answers were consolidated anew while this was built. Build again."))


def _store(build: Build, files: list[File], not_shown: list[tuple[str, list[str]]]) -> None:
    with transaction.atomic():
        assessment = _locked(build.assessment)
        _require_current(build, assessment)
        for file in files:
            name = f"{build.pk}-{Product.named(assessment, file.kind, file.subject)}"
            Product.objects.create(
                assessment=assessment,
                kind=file.kind,
                subject=file.subject,
                file=ContentFile(file.content, name=name),
                sha256=file.sha256,
                size=len(file.content),
                built_at=clock.now(),
            )
        assessment.status, assessment.not_shown = Assessment.Status.BUILT, not_shown
        assessment.save(update_fields=["status", "not_shown"])
        builds.finish(build)


@transaction.atomic
def publish(
    assessment: Assessment,
    *,
    audience: str,
    by: User,
    snapshot: str,
    file: str | None = None,
    early: str = "",
    unheard: str = "",
    incomplete: bool = False,
) -> Assessment:
    """Release the built file of the snapshot that was read to an audience, and write notices to its readers.

    Nothing is rendered again. `snapshot` is the SHA-256 of the snapshot that was read, `file` that of the PDF where
    one was looked at; `early` is the reason for publishing before the cycle closes, `unheard` that for publishing while
    the consultation is open or comments of countries wait for an answer; `incomplete` says that the PDF may lack the
    texts that no font could show. Raises NotNow unless it is built with all its texts as they are approved;
    Stale if it was consolidated or built anew since; Invalid for an unknown audience, without the reason, or for a PDF
    that lacks texts unsaid.
    """
    rules.require(by, "publish")
    assessment = _locked(assessment)
    require_publishable(assessment)
    require_read(assessment, snapshot, file)
    is_early = assessment.cycle.day() <= assessment.cycle.closes
    if is_early and is_blank(early):
        closes = date_format(assessment.cycle.closes)
        raise Invalid(_("The cycle is open until the end of %s. Give the reason for publishing before.") % closes)
    is_settled = commenting.require_settled(assessment, unheard)
    if audience not in Assessment.Audience.values:
        raise Invalid(_("Choose who may read the assessment."))
    if assessment.not_shown and not incomplete:
        raise Invalid(_("Some texts are not shown in the PDF. Install the fonts and build again, or tick that it may."))
    if audience == Assessment.Audience.EVERYONE:
        _require_public(assessment)
    assessment.status, assessment.audience = Assessment.Status.PUBLISHED, audience
    assessment.published_at, assessment.published_by = clock.now(), by
    assessment.early_reason = stripped(early) if is_early else ""
    assessment.unheard_reason = "" if is_settled else stripped(unheard)
    fields = ["status", "audience", "published_at", "published_by", "early_reason", "unheard_reason"]
    assessment.save(update_fields=fields)
    writing.write(assessment)
    detail = f"{assessment.issue}, {audience}" + ("" if is_settled else ", consultation not settled")
    activity.record(Verb.PUBLISH, by=by, cycle=assessment.cycle, detail=detail)
    notices.published(assessment, by=by)
    _notify_webhooks("assessment.published", assessment)
    return assessment


@transaction.atomic
def withdraw(assessment: Assessment, *, reason: str, by: User) -> Assessment:
    """Take a published assessment from its readers, with a reason that they get by mail; file and snapshot stay stored.

    Raises NotNow unless it is published, Invalid without a reason.
    """
    rules.require(by, "withdraw")
    assessment = _locked(assessment)
    require_withdrawable(assessment)
    assessment.withdrawal_reason = required(reason, _("Give the reason for withdrawing."))
    assessment.reason_is_public = True
    assessment.status = Assessment.Status.WITHDRAWN
    assessment.withdrawn_at, assessment.withdrawn_by = clock.now(), by
    assessment.save(update_fields=["status", "withdrawal_reason", "reason_is_public", "withdrawn_at", "withdrawn_by"])
    writing.delete(assessment)
    activity.record(Verb.WITHDRAW, by=by, cycle=assessment.cycle, detail=str(assessment.issue))
    notices.withdrawn(assessment, by=by)
    _notify_webhooks("assessment.withdrawn", assessment)
    return assessment


def _notify_webhooks(kind: str, assessment: Assessment) -> None:
    """Write a message about a published or withdrawn issue to the webhooks."""
    data = {
        "id": assessment.pk,
        "cycle": assessment.cycle.code,
        "example": assessment.cycle.is_example,
        "issue": assessment.issue,
        "audience": str(assessment.audience),
        "state": str(assessment.status),
        "url": settings.SITE_URL + reverse("assessment-detail", args=[assessment.pk]),
    }
    webhooks.write(kind, data)


def require_read(assessment: Assessment, snapshot: str, file: str | None = None) -> None:
    """Raise Stale unless what was read, the snapshot and the PDF by their SHA-256, is what would be published."""
    built = assessment.pdf
    if snapshot != assessment.snapshot_sha256:
        raise Stale(
            _("Nothing is published: the answers were consolidated and built anew, on %s, after you opened this page.")
            % moment(assessment.consolidated_at, assessment.cycle),
            current=assessment.snapshot_sha256,
            base=snapshot,
        )
    if file is not None and built is not None and file != built.sha256:
        raise Stale(
            _("Nothing is published: the PDF was built anew, on %s, after you opened this page. Look at it first.")
            % moment(built.built_at, assessment.cycle),
            current=built.sha256,
            base=file,
        )


def require_publishable(assessment: Assessment) -> None:
    """Raise NotNow, saying why, unless it is built with all its texts as they are approved, and not published yet."""
    if assessment.published_at:
        raise NotNow(
            _("This issue was published already, on %(moment)s by %(who)s.")
            % {"moment": moment(assessment.published_at, assessment.cycle), "who": assessment.published_by}
        )
    if assessment.status != Assessment.Status.BUILT:
        raise NotNow(_("Build the PDF and look at it first; what is published is that file."))
    if obstacle := chapters.obstacle(assessment):
        raise NotNow(obstacle)
    if assessment.replies and assessment.replies != commenting.printable(assessment):
        raise NotNow(_("Replies of countries changed after the PDF was built with them. Build it again."))
    if obstacle := _unheard(assessment):
        raise NotNow(obstacle)
    if names := _left_since(assessment):
        raise NotNow(
            _(
                "It counts answers of countries that left the cycle since: %s. "
                "Consolidate again, and build the PDF from that."
            )
            % ", ".join(names)
        )
    if names := _gone_since(assessment):
        raise NotNow(
            _(
                "It counts answers that came in by a file and were taken back since: %s. "
                "Consolidate again, and build the PDF from that."
            )
            % ", ".join(names)
        )
    for behind in earlier.compared_issues(assessment):
        if behind.status == Assessment.Status.WITHDRAWN and behind.cycle_id != assessment.cycle_id:
            raise NotNow(
                _(
                    "It compares itself with issue %(issue)s of %(cycle)s, which was withdrawn since. "
                    "Consolidate again, and build the PDF from that."
                )
                % {"issue": behind.issue, "cycle": behind.cycle}
            )


def _unheard(assessment: Assessment) -> str:
    """Return why answers from a file cannot be published: countries to be heard first, or named though they object."""
    cycle = assessment.cycle
    is_first = not cycle.assessments.filter(published_at__isnull=False).exists()
    return (is_first and hearing.obstacle(cycle)) or unnamed.obstacle(cycle, assessment.snapshot)


def _left_since(assessment: Assessment) -> list[str]:
    """Return the countries that the snapshot counts and that have left the cycle since, by name."""
    counted = [country["iso2"] for country in assessment.snapshot["countries"]]
    left = assessment.cycle.submissions.filter(country__iso2__in=counted, left_at__isnull=False)
    return sorted((str(one.country) for one in left.select_related("country")), key=alphabetical)


def _gone_since(assessment: Assessment) -> list[str]:
    """Return the countries of which the snapshot counts a version that is not there any more, by name."""
    versions = Version.objects.filter(submission__cycle=assessment.cycle_id).order_by()
    there = set(versions.values_list("submission__country__iso2", "number"))
    gone = [one for one in assessment.snapshot["countries"] if (one["iso2"], one["version"]) not in there]
    return sorted((str(numbers.text(one["name"])) for one in gone), key=alphabetical)


def _require_public(assessment: Assessment) -> None:
    for behind in earlier.compared_issues(assessment):
        if behind.audience != Assessment.Audience.EVERYONE:
            raise Invalid(
                _(
                    "It compares itself with issue %(issue)s of %(cycle)s, which is for members and observers only. "
                    "Publish it to them, or consolidate it on the workbench without such comparisons."
                )
                % {"issue": behind.issue, "cycle": behind.cycle}
            )


def require_withdrawable(assessment: Assessment) -> None:
    """Raise NotNow unless it is published."""
    if assessment.status != Assessment.Status.PUBLISHED:
        raise NotNow(_("Only a published assessment can be withdrawn."))


def _locked(assessment: Assessment) -> Assessment:
    return Assessment.objects.select_for_update(of=("self",)).select_related("cycle__edition").get(pk=assessment.pk)
