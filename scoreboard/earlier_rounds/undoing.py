"""Takes a whole import back: its answers are deleted, and what remains says who brought them in and who undid it."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, rules
from scoreboard.activity import Verb
from scoreboard.errors import NotNow
from scoreboard.models import Answer, Cycle, ResultsImport, State, Submission, Transition, User, Version
from scoreboard.text import alphabetical

# What a draft has that nobody has written in.
OF_A_DRAFT = ("cycle_id", "country_id", "extended_to", "extension_reason", "note", "note_by_id", "note_at")


def lock(imported: ResultsImport) -> tuple[ResultsImport, list[Cycle]]:
    """Return the import read again, with its cycles locked until the transaction ends, in the order of their keys."""
    cycles = Cycle.objects.filter(submissions__imported=imported).distinct().order_by("pk")
    locked = [locking.lock_cycle(cycle) for cycle in cycles]
    return ResultsImport.objects.select_for_update(of=("self",)).select_related("undone_by").get(pk=imported.pk), locked


def obstacle(imported: ResultsImport) -> str:
    """Return why the import cannot be undone, apart from what is published; empty if nothing prevents it."""
    if imported.undone_at:
        return _("%(who)s undid this import already, on %(date)s.") % {
            "who": imported.undone_by,
            "date": date_format(imported.undone_at),
        }
    found = imported.submissions.select_related("country", "cycle")
    moved = [one for one in found if not one.is_as_imported or one.reopen_asked_at]
    if moved:
        names = ", ".join(sorted(map(str, moved), key=alphabetical))
        return _("These were reopened since, or their countries asked for it: %s.") % names
    return ""


@transaction.atomic
def undo(imported: ResultsImport, *, by: User) -> ResultsImport:
    """Delete all that came in by the import; countries that took part in the cycle before are drafts again.

    `reporting.assessments.undoing` asks before whether something published counts it. Raises PermissionDenied, and
    NotNow if it is undone already, if a submission was reopened since, or if something refers to its answers.
    """
    rules.require(by, "bring_in_results")
    imported, cycles = lock(imported)
    if reason := obstacle(imported):
        raise NotNow(reason)
    submissions = list(imported.submissions.select_for_update(of=("self",)).only("pk"))
    drafts = imported.submissions.filter(transitions__step="bring_in", transitions__source=State.DRAFT)
    remaining = list(drafts.values_list("pk", flat=True))
    try:
        with transaction.atomic():
            _delete([one.pk for one in submissions], remaining)
    except ProtectedError:
        raise NotNow(
            _("Something was written about these answers since, or their links are evidence of a later cycle.")
        ) from None
    imported.undone_by, imported.undone_at = by, clock.now()
    imported.save(update_fields=["undone_by", "undone_at"])
    for cycle in cycles:
        activity.record(Verb.UNDO_IMPORT, by=by, cycle=cycle, detail=str(imported.pk))
    return imported


def _delete(submissions: list[int], remaining: list[int]) -> None:
    """Delete what was entered, each before what it refers to; in the place of the `remaining` come new drafts.

    The activity log vouches for every answer of a submission that is there, so no submission stays without its answers.
    """
    found = Submission.objects.filter(pk__in=submissions)
    drafts = [Submission(**{name: getattr(one, name) for name in OF_A_DRAFT}) for one in found.filter(pk__in=remaining)]
    stamps = ("accepted_at", "accepted_version", "submitted_at", "submitted_on", "imported")
    found.update(**dict.fromkeys(stamps), state=State.DRAFT)
    Transition.objects.filter(submission__in=submissions).delete()
    Version.objects.filter(submission__in=submissions).delete()
    Answer.objects.filter(submission__in=submissions).delete()
    found.delete()
    Submission.objects.bulk_create(drafts)
