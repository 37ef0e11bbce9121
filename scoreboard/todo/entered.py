"""What a person finds on the home page about answers that came in by a file: countries check them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import clock, phrases
from scoreboard.models import Hearing, User
from scoreboard.models.people import countries_of
from scoreboard.todo.items import Item


def to_check(user: User) -> list[Item]:
    """Return for focal points the answers entered for their countries, until somebody said something of them."""
    if not (countries := countries_of(user)):
        return []
    open_now = Hearing.objects.filter(
        submission__country__in=countries,
        submission__left_at=None,
        submission__reopen_asked_at=None,
        until__gte=clock.start_of(clock.today()).date(),
        read_at=None,
        objected_at=None,
    )
    found = open_now.select_related("submission__cycle", "submission__country").order_by("until", "pk")
    return [_item(one) for one in found if one.until and one.submission.cycle.day() <= one.until]


def _item(found: Hearing) -> Item:
    submission = found.submission
    until = phrases.day(found.until, submission.cycle) if found.until else ""
    sentence = _("Answers were entered for your country from a file. Look at them until the end of %s.") % until
    return Item(
        _("Earlier round"),
        str(submission),
        sentence,
        reverse("submission_entered", args=[submission.pk]),
        _("Look at them"),
        "action",
        since=found.asked_at,
        cycle=submission.cycle,
    )
