"""What a workshop agreed: the level becomes the answer, reasons and dissent a note that stays in the country."""

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import activity, clock
from scoreboard.activity import Verb
from scoreboard.errors import NotNow
from scoreboard.models import Answer, Origin, User, Workshop, WorkshopNote
from scoreboard.submissions import answering
from scoreboard.submissions.answering import AnswerInput, Kind
from scoreboard.text import require_storable, required, stripped
from scoreboard.workshops import rating, sessions


@transaction.atomic
def record(
    workshop: Workshop, code: str, *, level: int, reasons: str, dissent: str = "", why: str = "", seen: int, by: User
) -> WorkshopNote:
    """Answer the indicator `code` with the agreed level, and note why and who saw it otherwise.

    The comment of the revision that was `seen` (0 for none) stays. `why` is the reason that the Secretariat reads where
    it did not ask for a change. Raises PermissionDenied, NotNow once the workshop is over or before the ratings are
    shown, Locked, Invalid without reasons, and Stale with both answers if somebody answered elsewhere meanwhile.
    """
    workshop = sessions.lock(workshop, by=by)
    sessions.require_asked(workshop, code)
    if not workshop.shown:
        raise NotNow(_("Show the ratings first, so that the room can talk about them."))
    indicator = sessions.indicator_of(workshop, code)
    reasons = required(reasons, _("Write down the reasons: why the room agreed on this level."))
    dissent = stripped(dissent)
    for text in (reasons, dissent):
        require_storable(text)
    answers = workshop.submission.answers.filter(indicator=indicator)
    outcome = answering.save_locked(
        workshop.submission,
        {code: _agreed(answers.first(), level, why, seen)},
        by=by,
        seen={code: seen},
        origin=Origin.WORKSHOP,
    )
    if problem := outcome.problems.get(code):
        raise problem
    activity.record(Verb.RECORD_AGREEMENT, by=by, submission=workshop.submission, detail=code)
    note = WorkshopNote.objects.create(
        workshop=workshop,
        answer=answers.get(),
        revision=outcome.states[code].revision,
        level=next(one for one in indicator.ladder if one.value == level),
        reasons=reasons,
        dissent=dissent,
        spread=rating.spread(workshop, indicator).as_stored,
        by=by,
        at=clock.now(),
    )
    workshop.indicator, workshop.shown = None, False
    workshop.revision += 1
    workshop.save(update_fields=["indicator", "shown", "revision"])
    return note


def _agreed(answer: Answer | None, level: int, why: str, seen: int) -> AnswerInput:
    """Return the agreed level with the comment of the answer as it was seen; parts that are None do not change."""
    base = answer.versions.filter(revision=seen).first() if answer and seen else None
    comment, withheld = (base.comment, base.comment_withheld) if base else ("", False)
    return AnswerInput(Kind.LEVEL, level, comment=comment, comment_withheld=withheld, why=why)
