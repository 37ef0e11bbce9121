"""The verbs of a report of the time, which is shown next to what the portal computed: adding and removing it."""

from contextlib import suppress
from functools import partial

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from reporting.models import EarlierReport
from scoreboard import activity, locking, public_pages, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.evidence.attaching import check_file, check_link
from scoreboard.models import Cycle, User
from scoreboard.text import one_line, require_storable

MOST = 10  # of a round: in several languages, and a summary


def add_file(cycle: Cycle, title: str, file: "File[bytes]", *, by: User) -> EarlierReport:
    """Add the PDF of a report of the time to an earlier round; its name is the title unless one is given.

    It goes through the same checks as evidence. Raises PermissionDenied, NotNow for a cycle that is no earlier round
    or has enough reports, Invalid for a file that is no PDF or cannot be stored.
    """
    rules.require(by, "attach_report")
    checked = check_file(file)
    if checked.content_type != "application/pdf":
        raise Invalid(_("“%s” is no PDF. Save the report as PDF, and give that.") % checked.name)
    report = EarlierReport(name=checked.name, size=checked.size, sha256=checked.sha256)
    try:
        report.file.save(checked.file.name or "", checked.file.file, save=False)
    except OSError as problem:
        raise Invalid(
            _("“%s” could not be stored: the server cannot write it now. Tell the administrator.") % report.name
        ) from problem
    try:
        return _add(report, cycle, title or checked.name, by)
    except Exception:  # without the row, its file must not remain
        with suppress(OSError):
            report.file.storage.delete(str(report.file.name))
        raise


def add_link(cycle: Cycle, title: str, url: str, *, by: User) -> EarlierReport:
    """Add the address of a report of the time; its title is the address unless given. Raises as `add_file` does."""
    rules.require(by, "attach_report")
    checked = check_link(url, title)
    return _add(EarlierReport(url=checked.url), cycle, checked.name, by)


@transaction.atomic
def remove(report: EarlierReport, *, by: User) -> None:
    """Remove a report of the time and its file. Raises PermissionDenied; repeating it is harmless."""
    rules.require(by, "attach_report")
    cycle = locking.lock_cycle(report.cycle)
    found = cycle.earlier_reports.filter(pk=report.pk).first()
    if found is None:
        return
    if found.file:
        transaction.on_commit(partial(found.file.storage.delete, str(found.file.name)), robust=True)
    activity.record(Verb.REMOVE_REPORT, by=by, cycle=cycle, detail=str(found.pk))
    found.delete()
    public_pages.change()


@transaction.atomic
def _add(report: EarlierReport, cycle: Cycle, title: str, by: User) -> EarlierReport:
    cycle = locking.lock_cycle(cycle)
    require_earlier_round(cycle)
    if cycle.earlier_reports.count() >= MOST:
        raise NotNow(_("This round has %s reports. Remove one before you add another.") % MOST)
    require_storable(title)
    report.cycle, report.title, report.added_by = cycle, one_line(title)[:200], by
    report.save()
    public_pages.change()
    activity.record(Verb.ADD_REPORT, by=by, cycle=cycle, detail=str(report.pk))
    return report


def require_earlier_round(cycle: Cycle) -> None:
    """Raise NotNow for a cycle that the portal itself ran: its reports are those that the portal makes."""
    if not cycle.is_earlier_round:
        raise NotNow(_("Only an earlier round, which the portal did not run, has reports of the time."))
