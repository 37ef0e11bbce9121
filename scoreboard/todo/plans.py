"""What a person finds on the home page about action plans: overdue actions, plans to check, a contributor's actions."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard.models import Delegation, Role, User
from scoreboard.models.people import countries_of
from scoreboard.models.plans import IN_HAND, OPEN
from scoreboard.plans import reading
from scoreboard.todo.items import Item


def waiting(user: User) -> list[Item]:
    """Return what is overdue, for contributors their own actions, and for officers what is to be checked."""
    return [*_overdue(user), *_given(user), *_to_check(user)]


def _overdue(user: User) -> list[Item]:
    mine = countries_of(user) + countries_of(user, Role.CONTRIBUTOR)
    if not mine or not (n := reading.overdue(user).filter(plan__country__in=mine).count()):
        return []
    sentence = ngettext(
        "%(n)d action is overdue: note how it is coming on, or move its end.",
        "%(n)d actions are overdue: note how they are coming on, or move their ends.",
        n,
    )
    return [Item(_("Action plan"), _("Overdue"), sentence % {"n": n}, reverse("plan_overdue"), _("See them"), "late")]


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
