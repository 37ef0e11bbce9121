"""The table of a submission's steps: from which state to which, and what must hold; and the other facts of its log."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scoreboard import locking
from scoreboard.errors import NotNow
from scoreboard.models import State, Submission
from scoreboard.submissions import completeness


@dataclass(frozen=True)
class Step:
    """A move between states: from where, to where, and what must hold (a check raises NotNow).

    Only a recall can lead to more than one state: the one that its submission came from.
    """

    sources: frozenset[State]
    targets: tuple[State, ...]
    check: Callable[[Submission], None]
    needs_reason: bool
    done: str | Promise  # what the log says, "Returned"


def _ready(submission: Submission) -> None:
    locking.require(submission)
    if missing := len(completeness.gaps(submission)):
        raise NotNow(
            ngettext(
                "%(n)s indicator is not answered yet. Answer it, then submit.",
                "%(n)s indicators are not answered yet. Answer them, then submit.",
                missing,
            )
            % {"n": missing}
        )


def _recallable(submission: Submission) -> None:
    """Nobody reviews it yet, and the country could submit again: otherwise a recall would only lose the submission."""
    if reviewer := submission.claimed_by or submission.approved_by:
        raise NotNow(
            _("%(officer)s has begun the review. Ask the Secretariat to return the submission.") % {"officer": reviewer}
        )
    if not submission.is_open:
        raise NotNow(
            _(
                "The cycle closed on %(date)s, so the answers could not be submitted again today. "
                "Ask the Secretariat: it can extend the dates of your country, and return the submission."
            )
            % {"date": date_format(submission.last_day)}
        )


def _writable_afterwards(submission: Submission) -> None:
    if not submission.is_open:
        raise NotNow(
            _("The cycle closed on %(date)s, so the country could not answer. Extend its dates first.")
            % {"date": date_format(submission.last_day)}
        )


def _one_officer(submission: Submission) -> None:
    if submission.cycle.two_officers:
        raise NotNow(_("In this cycle two officers accept: one approves the submission, another one confirms it."))


def _first_of_two(submission: Submission) -> None:
    if not submission.cycle.two_officers:
        raise NotNow(_("In this cycle one officer accepts: nobody has to confirm it."))
    if submission.approved_by:
        raise NotNow(
            _("%(officer)s has approved it already. A second officer confirms it, or returns it.")
            % {"officer": submission.approved_by}
        )


def _approved(submission: Submission) -> None:
    if submission.approved_by is None:
        raise NotNow(_("Nobody has approved this submission yet, so there is nothing to confirm."))


STEPS: dict[str, Step] = {
    "submit": Step(
        frozenset({State.DRAFT, State.RETURNED}), (State.SUBMITTED,), _ready, False, gettext_lazy("Submitted")
    ),
    "recall": Step(
        frozenset({State.SUBMITTED}), (State.DRAFT, State.RETURNED), _recallable, False, gettext_lazy("Recalled")
    ),
    "return_for_changes": Step(
        frozenset({State.SUBMITTED}), (State.RETURNED,), _writable_afterwards, True, gettext_lazy("Returned")
    ),
    "accept": Step(frozenset({State.SUBMITTED}), (State.ACCEPTED,), _one_officer, False, gettext_lazy("Accepted")),
    # Where two officers accept: the first one's yes leaves the state, the second one's accepts.
    "approve": Step(
        frozenset({State.SUBMITTED}), (State.SUBMITTED,), _first_of_two, False, gettext_lazy("Approved by one officer")
    ),
    "confirm": Step(
        frozenset({State.SUBMITTED}), (State.ACCEPTED,), _approved, False, gettext_lazy("Confirmed and accepted")
    ),
    "reopen": Step(
        frozenset({State.ACCEPTED}), (State.RETURNED,), _writable_afterwards, True, gettext_lazy("Reopened")
    ),
}

# Facts that do not change the state, in the same log.
FACTS = {
    "bring_in": gettext_lazy("Entered from a file of earlier results"),
    "claim": gettext_lazy("Claimed for review"),
    "release": gettext_lazy("Claim released"),
    "pass_on": gettext_lazy("Claim passed on"),
    "disapprove": gettext_lazy("Approval withdrawn"),
    "accept_alone": gettext_lazy("Accepted without a second officer"),
    "extend": gettext_lazy("Extended"),
    "correct_extension": gettext_lazy("Extension corrected"),
    "leave": gettext_lazy("Left the cycle"),
    "rejoin": gettext_lazy("Takes part in the cycle again"),
    "enter_on_behalf": gettext_lazy("Opened on the country’s behalf"),
    "take_evidence": gettext_lazy("Evidence downloaded as one file"),
    "add_source": gettext_lazy("Source of answers entered on behalf"),
    "ask_to_reopen": gettext_lazy("Reopening asked for"),
    "refuse_reopen": gettext_lazy("Reopening refused"),
    "ask_for_extension": gettext_lazy("More time asked for"),
    "refuse_extension": gettext_lazy("More time refused"),
    "decline_report": gettext_lazy("Will not report this time"),
    "report_after_all": gettext_lazy("Will report after all"),
    "ask_about_entered": gettext_lazy("Asked about answers from a file"),
    "confirm_entered": gettext_lazy("Answers from a file read"),
    "object_to_name": gettext_lazy("Objected to being named"),
    "withdraw_objection": gettext_lazy("Can be named after all"),
}

# What only the Secretariat reads: until it is accepted, the country sees it as submitted.
INTERNAL = ("approve", "disapprove", "accept_alone")


def label(name: str) -> str:
    """Return the name of a step or fact in the log."""
    return str(STEPS[name].done if name in STEPS else FACTS[name])
