"""Undoes an import of earlier results while nothing that is published counts it."""

from django.db import transaction
from django.utils.translation import gettext as _

from reporting.models import Assessment
from scoreboard.earlier_rounds import undoing
from scoreboard.errors import NotNow
from scoreboard.models import ResultsImport, User


def obstacle(imported: ResultsImport) -> str:
    """Return why the import cannot be undone; empty if nothing prevents it."""
    if reason := undoing.obstacle(imported):
        return reason
    counted = set(imported.submissions.values_list("cycle", "country__iso2"))
    cycles = {cycle for cycle, _iso2 in counted}
    published = Assessment.objects.filter(cycle__in=cycles, status=Assessment.Status.PUBLISHED)
    for one in published.select_related("cycle").order_by("cycle", "issue").iterator(1):  # a snapshot is large
        is_named = any((one.cycle_id, country["iso2"]) in counted for country in one.snapshot["countries"])
        if is_named or "unnamed" in one.snapshot:  # whom it counts without a name, it does not say
            return _("Issue %(issue)s of %(cycle)s is published and counts it. Withdraw that issue first.") % {
                "issue": one.issue,
                "cycle": one.cycle,
            }
    return ""


@transaction.atomic
def undo(imported: ResultsImport, *, by: User) -> ResultsImport:
    """Undo the import. Raises as `scoreboard.earlier_rounds.undoing.undo`, and NotNow if a published issue counts it.

    An issue that is not published yet and counts it cannot be published until the cycle is consolidated again.
    """
    imported, _cycles = undoing.lock(imported)
    if reason := obstacle(imported):
        raise NotNow(reason)
    return undoing.undo(imported, by=by)
