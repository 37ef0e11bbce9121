"""Files and links of plans and the evidence of their actions: through the same checks as the evidence of answers."""

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from scoreboard import clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid
from scoreboard.evidence import attaching
from scoreboard.evidence.uploads import check_file, check_link, clean_name
from scoreboard.models import ActionPlan, Country, Evidence, PlanAction, PlanChange, PlanPiece, User
from scoreboard.plans import actions, register

MAX_PIECES = 20  # files and links of one plan, and of each action


def add_file(plan: ActionPlan, file: "File[bytes]", *, by: User, action: PlanAction | None = None) -> PlanPiece:
    """Attach a file to a plan, or to an action of it, and return it.

    Files are never published. Raises PermissionDenied, and Invalid for a file that cannot be stored.
    """
    _require(plan, action, by)  # before the file is read, and again within the lock
    _require_bytes(plan, clean_name(file.name or ""), file.size)
    return _attach(plan, action, check_file(file), by)


def add_link(plan: ActionPlan, url: str, name: str = "", *, by: User, action: PlanAction | None = None) -> PlanPiece:
    """Attach a link to a plan, with which it is published, or to an action of it; raises as `add_file` does."""
    return _attach(plan, action, check_link(url, name), by)


@transaction.atomic
def remove(piece: PlanPiece, *, by: User) -> None:
    """Delete a file or link; the history says which it was. Raises PermissionDenied. Repeating it is harmless."""
    plan = register.lock(piece.plan)
    _require(plan, piece.action, by)
    found = PlanPiece.objects.filter(pk=piece.pk)
    if found:
        _record(PlanChange.Act.REMOVE_PIECE, plan, piece, by)
        attaching.delete_with_files(found)


def left(country: Country) -> int:
    """Return for how many bytes of files of its plans a country has room."""
    stored = PlanPiece.objects.filter(plan__country=country).aggregate(bytes=Sum("size"))["bytes"]
    quota: int = settings.EVIDENCE_QUOTA
    return max(0, quota - (stored or 0))


def of(plan: ActionPlan, action: PlanAction | None) -> QuerySet[PlanPiece]:
    """Return the files and links of an action, or those of the plan itself."""
    return plan.pieces.filter(action=action).select_related("added_by")


@transaction.atomic
def _attach(plan: ActionPlan, action: PlanAction | None, checked: Evidence, by: User) -> PlanPiece:
    plan = register.lock(plan)
    _require(plan, action, by)
    present = of(plan, action)
    if present.count() >= MAX_PIECES:
        raise Invalid(_("There is room for %s files and links here. Remove one first.") % MAX_PIECES)
    if checked.url and present.filter(url=checked.url).exists():
        raise Invalid(_("This link is here already."))
    if checked.sha256 and (twin := present.filter(sha256=checked.sha256).first()):
        raise Invalid(_("“%(name)s” is here already, as “%(twin)s”.") % {"name": checked.name, "twin": twin.name})
    _require_bytes(plan, checked.name, checked.size)
    piece = PlanPiece(plan=plan, action=action, added_by=by, added_at=clock.now())
    for name in ("name", "content_type", "size", "sha256", "url"):
        setattr(piece, name, getattr(checked, name))
    if checked.file:
        piece.file = checked.file.file
    attaching.store(piece)
    _record(PlanChange.Act.ADD_PIECE, plan, piece, by)
    return piece


def _record(act: PlanChange.Act, plan: ActionPlan, piece: PlanPiece, by: User) -> None:
    """Enter the file or link in the history. Only those of the plan itself change what the Secretariat checks."""
    if piece.action is None:
        register.touch(plan, by)
    names = ("", piece.name) if act == PlanChange.Act.ADD_PIECE else (piece.name, "")
    verb = Verb.SAVE_ACTION if piece.action else Verb.SAVE_PLAN
    register.record(plan, act, verb, by=by, fields=[("piece", *names)], action=piece.action)


def _require(plan: ActionPlan, action: PlanAction | None, by: User) -> None:
    if action is None:
        rules.require_for(by, "write_plan", plan.country)
    else:
        actions.require_reporter(action, by)


def _require_bytes(plan: ActionPlan, name: str, size: int) -> None:
    if size and size > (room := left(plan.country)):
        words = {"name": name, "quota": filesizeformat(settings.EVIDENCE_QUOTA), "left": filesizeformat(room)}
        raise Invalid(
            _(
                "“%(name)s” does not fit: of the %(quota)s for all files of your country’s plans, %(left)s are left. "
                "Give a smaller file, or a link to it."
            )
            % words
        )
