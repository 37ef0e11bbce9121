"""Questions and answers of the round: what an officer shares with every focal point, without the country's name."""

import re

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import Cycle, Enquiry, Role, SharedAnswer, Side, Submission, User
from scoreboard.models.people import Person, countries_of
from scoreboard.text import alphabetical, require_storable, required


@transaction.atomic
def share(enquiry: Enquiry, *, question: str, answer: str, by: User) -> SharedAnswer:
    """Share an enquiry in these words with the focal points of every country of the cycle; they get a mail.

    Raises PermissionDenied, NotNow if it is shared already or the country has left the cycle, and Invalid for an
    empty or too long text and for one that names the country or somebody of it who wrote in the enquiry.
    """
    submission = locking.lock(enquiry.submission)
    rules.require(by, "share", submission)
    locking.require_part(submission)
    if enquiry.shared_answers.filter(withdrawn_at=None).exists():
        raise NotNow(_("This answer is shared already. Withdraw it first to change its words."))
    question = _words(enquiry, required(question, _("Write the question in general words.")))
    answer = _words(enquiry, required(answer, _("Write the answer in general words.")))
    shared = SharedAnswer.objects.create(
        cycle=submission.cycle,
        enquiry=enquiry,
        indicator=enquiry.indicator,
        question=question,
        answer=answer,
        shared_by=by,
        shared_at=clock.now(),
    )
    activity.record(Verb.SHARE, by=by, submission=submission, cycle=submission.cycle)
    _notify(shared, by)
    return shared


def _words(enquiry: Enquiry, text: str) -> str:
    """Return the text, or raise Invalid if it tells who asked."""
    require_storable(text)
    for name in _names(enquiry):
        if re.search(rf"\b{re.escape(alphabetical(name))}\b", alphabetical(text)):
            raise Invalid(
                _("The text names “%(name)s”. All countries will read it: take the name out.") % {"name": name}
            )
    return text


def _names(enquiry: Enquiry) -> list[str]:
    """Return what would tell who asked: the country in every language, and the people of its side, longest first."""
    name = enquiry.submission.country.name.data
    names = {*(name.values() if isinstance(name, dict) else [name]), enquiry.submission.country.iso3}
    people = enquiry.messages.filter(side=Side.COUNTRY).select_related("author")
    names |= {message.author.name for message in people}
    return sorted((name for name in names if name), key=lambda name: (-len(name), name))


@transaction.atomic
def withdraw(shared: SharedAnswer, *, by: User) -> SharedAnswer:
    """Take a shared answer back, so that focal points do not read it any more. Repeating it is harmless."""
    rules.require(by, "withdraw_shared")
    shared = SharedAnswer.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=shared.pk)
    if shared.withdrawn_at is None:
        shared.withdrawn_at, shared.withdrawn_by = clock.now(), by
        shared.save(update_fields=["withdrawn_at", "withdrawn_by"])
        activity.record(Verb.WITHDRAW_SHARED, by=by, cycle=shared.cycle)
    return shared


def cycles(user: Person) -> QuerySet[Cycle]:
    """Return the cycles whose shared answers `user` may read: officers all, focal points those of their country."""
    if Role.SECRETARIAT in rules.roles_towards(user):
        return Cycle.objects.all()
    taking_part = Submission.objects.filter(country__in=countries_of(user), cycle__opened_at__isnull=False)
    return Cycle.objects.filter(pk__in=taking_part.values("cycle"))


def cycles_with_answers(user: Person) -> QuerySet[Cycle]:
    """Return those of the cycles in which something is shared now."""
    return cycles(user).filter(pk__in=SharedAnswer.objects.filter(withdrawn_at=None).order_by().values("cycle"))


def visible_to(user: Person) -> QuerySet[SharedAnswer]:
    """Return the shared answers that `user` may read: officers also the withdrawn ones."""
    found = SharedAnswer.objects.select_related("cycle", "indicator__area", "shared_by", "withdrawn_by")
    found = found.filter(cycle__in=cycles(user).values("pk"))
    return found if Role.SECRETARIAT in rules.roles_towards(user) else found.filter(withdrawn_at=None)


def _notify(shared: SharedAnswer, by: User) -> None:
    """Mail every focal point of the cycle; the mail says nothing of who asked."""
    link = settings.SITE_URL + reverse("shared_answers", args=[shared.cycle.code])
    for submission in shared.cycle.submissions.taking_part().select_related("country__lead", "cycle__edition"):
        notifications.notify("answer_shared", submission, by=by, comment=shared.answer, shared=shared, link=link)
