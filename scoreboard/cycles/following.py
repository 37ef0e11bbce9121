"""How the Secretariat follows a country: its note, the lead officer, and an officer's saved views of the board."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, Stale
from scoreboard.models import BoardView, Country, Role, Submission, User
from scoreboard.models.people import roles_of
from scoreboard.text import one_line

MOST_VIEWS = 30  # of one officer


@transaction.atomic
def write_note(submission: Submission, *, note: str, seen: str, by: User) -> Submission:
    """Write the Secretariat's note on a country in a cycle; an empty one removes it.

    `seen` is `note_stamp` of the note that the person saw. Raises PermissionDenied, Stale with the current submission
    if somebody else wrote meanwhile, Invalid if it is too long.
    """
    submission = locking.lock(submission)
    rules.require(by, "write_note", submission)
    note = one_line(note)
    if len(note) > 500:
        raise Invalid(_("Shorten the note to 500 characters."))
    if note == submission.note:
        return submission
    if note_stamp(submission) != seen:
        raise Stale(
            _("Nothing is saved: %(who)s wrote on %(when)s: “%(note)s”. Your text is still here; save it again.")
            % {
                "who": submission.note_by,
                "when": date_format(submission.note_at.astimezone(submission.cycle.zone), "DATETIME_FORMAT")
                if submission.note_at
                else "–",
                "note": submission.note,
            },
            current=submission,
        )
    submission.note, submission.note_by, submission.note_at = note, by, clock.now()
    submission.save(update_fields=["note", "note_by", "note_at"])
    activity.record(Verb.WRITE_NOTE, by=by, submission=submission)
    return submission


def note_stamp(submission: Submission) -> str:
    """Return what identifies the current note: when it was written; empty if there never was one."""
    return submission.note_at.isoformat() if submission.note_at else ""


@transaction.atomic
def set_lead(country: Country, *, lead: User | None, by: User) -> Country:
    """Name the officer who looks after a country in every cycle, or nobody.

    Raises PermissionDenied, Invalid for somebody who is no officer.
    """
    rules.require(by, "set_lead")
    country = Country.objects.select_for_update(of=("self",)).get(pk=country.pk)
    if lead is not None and Role.SECRETARIAT not in roles_of(lead):
        raise Invalid(_("%s is no officer of the Secretariat. Choose somebody who is.") % lead)
    if country.lead_id != (lead.pk if lead else None):
        country.lead = lead
        country.save(update_fields=["lead"])
        activity.record(Verb.SET_LEAD, by=by, country=country, person=lead)
    return country


@transaction.atomic
def save_view(owner: User, *, name: str, query: str) -> BoardView:
    """Save filters and order of the board under a name; a view of the same name is replaced.

    Raises PermissionDenied, Invalid for no or a long name, or more views than anybody finds their way in.
    """
    rules.require(owner, "see_board")
    name = one_line(name)
    view = BoardView.objects.filter(owner=owner, name=name).first() or BoardView(owner=owner, name=name)
    if view.pk is None and owner.board_views.count() >= MOST_VIEWS:
        raise Invalid(_("You have %d views. Delete one first.") % MOST_VIEWS)
    view.query = query
    try:
        view.full_clean()
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
    view.save()
    return view


@transaction.atomic
def delete_view(owner: User, view: BoardView) -> None:
    """Delete a view of one's own. Raises PermissionDenied."""
    rules.require(owner, "see_board")
    BoardView.objects.filter(pk=view.pk, owner=owner).delete()
