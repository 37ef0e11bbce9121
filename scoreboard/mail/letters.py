"""Letters to governments: a text with a closed list of placeholders, filled in for each country.

The text is data: each placeholder is looked up in a table and replaced, and nothing of a text is ever run.
"""

import re
from collections.abc import Callable, Collection
from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoreboard import activity, rules
from scoreboard.errors import Invalid
from scoreboard.models import Cycle, Letter, Submission, User, Verb
from scoreboard.text import required, stripped

Fill = Callable[[Letter, Submission], str]


def _day(day: date) -> str:
    return date_format(day, "j F Y")


# Placeholder → its description on the page, and the function that returns its value.
PLACEHOLDERS: dict[str, tuple[str | Promise, Fill]] = {
    "country": (gettext_lazy("the country’s name"), lambda letter, submission: str(submission.country)),
    "cycle": (gettext_lazy("the cycle’s title"), lambda letter, submission: str(letter.cycle)),
    "opens": (gettext_lazy("the first day of writing"), lambda letter, submission: _day(letter.cycle.opens)),
    "deadline": (gettext_lazy("the country’s last day in time"), lambda letter, submission: _day(submission.due)),
    "closes": (gettext_lazy("the country’s last day of writing"), lambda letter, submission: _day(submission.last_day)),
    "date": (
        gettext_lazy("the day on which the letter was written"),
        lambda letter, submission: _day(_written(letter)),
    ),
    "officer": (gettext_lazy("the name of who wrote it"), lambda letter, submission: str(letter.by)),
}
NAMED = re.compile(r"\{([^{}]*)\}")

TEXTS = {
    Letter.Kind.INVITATION: gettext_lazy(
        "{date}\n\n"
        "To the Government of {country}\n\n"
        "We have the honour to invite {country} to take part in {cycle}. Its focal points can answer from {opens}, "
        "and until the end of {deadline} their answers are in time.\n\n"
        "We would be grateful if you made sure that a focal point is named and has what they need.\n\n"
        "{officer}"
    ),
    Letter.Kind.THANKS: gettext_lazy(
        "{date}\n\n"
        "To the Government of {country}\n\n"
        "Thank you for the answers of {country} in {cycle}. They are part of the material for the assessment.\n\n"
        "{officer}"
    ),
    Letter.Kind.REMINDER: gettext_lazy(
        "{date}\n\n"
        "To the Government of {country}\n\n"
        "We have not received the answers of {country} in {cycle}. They were due by {deadline}; until the end of "
        "{closes} they can still be submitted.\n\n"
        "Please let us know if something keeps you from reporting.\n\n"
        "{officer}"
    ),
}


def _written(letter: Letter) -> date:
    return letter.cycle.day(letter.at)


def unknown(text: str) -> list[str]:
    """Return the names in braces that are no placeholders, in their order."""
    return [name for name in dict.fromkeys(NAMED.findall(text)) if name not in PLACEHOLDERS]


@transaction.atomic
def write(cycle: Cycle, kind: str, text: str, submissions: Collection[Submission], *, by: User) -> Letter:
    """Store a letter for some of the cycle's countries. Raises PermissionDenied; Invalid for its text or nobody."""
    rules.require(by, "write_letters")
    text = required(text, _("Write the letter."))
    if names := unknown(text):
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        words = {"name": f"{{{names[0]}}}", "known": known}
        raise Invalid(_("%(name)s is no placeholder. Those that are filled in: %(known)s.") % words)
    own = [submission for submission in submissions if submission.cycle_id == cycle.pk]
    if not own:
        raise Invalid(_("Tick the countries that the letter is for."))
    letter = Letter.objects.create(cycle=cycle, kind=Letter.Kind(kind), text=stripped(text), by=by)
    letter.submissions.set(own)
    activity.record(Verb.WRITE_LETTER, by=by, cycle=cycle, detail=letter.kind)
    return letter


def paragraphs(letter: Letter, submission: Submission) -> list[str]:
    """Return the letter to one country, a paragraph each; a single line break within one stays."""
    filled = NAMED.sub(lambda match: PLACEHOLDERS[match[1]][1](letter, submission), letter.text)
    return [part.strip() for part in re.split(r"\n\s*\n", filled) if part.strip()]
