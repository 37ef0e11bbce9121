"""What a person finds on the home page about promised steps and action plans: due, overdue, to check, their own."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import clock
from scoreboard.models import Commitment, Country, Delegation, PlanAction, Role, User
from scoreboard.models.people import countries_of
from scoreboard.models.plans import IN_HAND, OPEN
from scoreboard.plans import commitments, reading
from scoreboard.todo.items import Item

SOON = timedelta(days=30)  # how long before its last day a step or an action is on the home page


def waiting(user: User) -> list[Item]:
    """Return what is due and overdue, for contributors their own actions, and for officers what is to be checked."""
    return [*_steps(user), *_due_actions(user), *_given(user), *_to_check(user)]


def _steps(user: User) -> list[Item]:
    """For focal points: steps that their countries promised, unless answers that they can write now ask about them."""
    if not (mine := countries_of(user)):
        return []
    due = Commitment.objects.open().filter(submission__left_at=None, due__lte=clock.today() + SOON)
    found = list(due.filter(submission__country__in=mine).order_by().values_list("submission__country", "due"))
    asked = commitments.asked_now(mine) if found else set()
    days = {one: [day for pk, day in found if pk == one.pk and day] for one in mine if one.pk not in asked}
    return [
        _step(country, sum(day < clock.today() for day in some), len(some)) for country, some in days.items() if some
    ]


def _step(country: Country, overdue: int, n: int) -> Item:
    late = ngettext(
        "%(n)d promised step is overdue: say what became of it.",
        "%(n)d promised steps are overdue: say what became of them.",
        overdue,
    )
    soon = ngettext(
        "%(n)d promised step is due within 30 days: say what became of it.",
        "%(n)d promised steps are due within 30 days: say what became of them.",
        n,
    )
    sentence, tone = (late % {"n": overdue}, "late") if overdue else (soon % {"n": n}, "action")
    url = reverse("commitment_country", args=[country.iso2.lower()])
    return Item(_("Promised steps"), str(country), sentence, url, _("See them"), tone)


def _due_actions(user: User) -> list[Item]:
    """For focal points and contributors: actions that they see and whose last day has passed, or comes soon."""
    mine = countries_of(user) + countries_of(user, Role.CONTRIBUTOR)
    if not mine:
        return []
    found = PlanAction.objects.visible_to(user).due(clock.today() + SOON).filter(plan__country__in=mine)
    ends = list(found.order_by().values_list("ends", flat=True))
    overdue = sum(day < clock.today() for day in ends if day)
    items = []
    if overdue:
        sentence = ngettext(
            "%(n)d action is overdue: note how it is coming on, or move its end.",
            "%(n)d actions are overdue: note how they are coming on, or move their ends.",
            overdue,
        )
        url, see = reverse("plan_overdue"), _("See them")
        items.append(Item(_("Action plan"), _("Overdue"), sentence % {"n": overdue}, url, see, "late"))
    if n := len(ends) - overdue:
        sentence = ngettext("%(n)d action ends within 30 days.", "%(n)d actions end within 30 days.", n)
        url, see = reverse("plan_list"), _("See the plans")
        items.append(Item(_("Action plan"), _("Due soon"), sentence % {"n": n}, url, see))
    return items


def _given(user: User) -> list[Item]:
    if not countries_of(user, Role.CONTRIBUTOR):
        return []
    own = Delegation.objects.of(user).filter(action__status__in=OPEN, action__plan__status__in=IN_HAND)
    found = list(own.select_related("action").order_by("until", "pk"))
    if not found:
        return []
    sentence = ngettext(
        "%(n)d action of an action plan is with you: note how it is coming on.",
        "%(n)d actions of action plans are with you: note how they are coming on.",
        len(found),
    )
    first = found[0].action
    url = reverse("plan_action", args=[first.plan_id, first.number]) if len(found) == 1 else reverse("plan_list")
    return [Item(_("Action plan"), _("Your actions"), sentence % {"n": len(found)}, url, _("Open"))]


def _to_check(user: User) -> list[Item]:
    found = reading.waiting_for_check(user)
    if not found:
        return []
    n = len(found)
    sentence = ngettext("%(n)d plan to check.", "%(n)d plans to check.", n) % {"n": n}
    url = reverse("plan", args=[found[0].pk]) if n == 1 else reverse("review_plans") + "?show=check"
    title = _("Of countries")
    return [Item(_("Action plan"), title, sentence, url, _("Check"), "action", since=found[0].changed_at)]
