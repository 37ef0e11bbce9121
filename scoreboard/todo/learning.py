"""What a person finds on the home page about questions between countries, good practice and resources."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import rules
from scoreboard.models import GoodPractice, Resource, User
from scoreboard.models.people import countries_of
from scoreboard.network import learning
from scoreboard.todo.items import Item

State = GoodPractice.State


def waiting(user: User) -> list[Item]:
    """Return what focal points have to answer or to sign, and what officers have to check."""
    found: list[Item] = []
    if countries_of(user):
        found += _questions(user)
        to_sign = GoodPractice.objects.filter(state=State.TO_SIGN, country__in=countries_of(user))
        found += _practice(list(to_sign.order_by("changed_at", "pk")), _("Sign it or not"))
    if rules.may(user, "check_practice"):
        offered = GoodPractice.objects.filter(state=State.OFFERED)
        found += _practice(list(offered.order_by("changed_at", "pk")), _("Check it"))
    if rules.may(user, "check_resource"):
        found += _resources()
    return found


def _questions(user: User) -> Iterator[Item]:
    asked = list(learning.waiting_for(user))
    if asked:
        sentence = ngettext(
            "%(n)d question of another country waits for your answer.",
            "%(n)d questions of other countries wait for your answer.",
            len(asked),
        )
        first = asked[0]
        url = reverse("peer_question", args=[first.pk]) if len(asked) == 1 else reverse("peer_question_list")
        title = f"{first.asking}: {first.indicator.label}" if len(asked) == 1 else _("Questions between countries")
        sentence %= {"n": len(asked)}
        yield Item(_("Question"), title, sentence, url, _("Answer"), "action", since=first.changed_at)


def _practice(found: list[GoodPractice], action: str) -> Iterator[Item]:
    if found:
        sentence = ngettext("%(n)d account waits for you.", "%(n)d accounts wait for you.", len(found))
        first = found[0]
        url = reverse("good_practice", args=[first.pk]) if len(found) == 1 else reverse("good_practice_list")
        title = first.title if len(found) == 1 else _("Good practice")
        sentence %= {"n": len(found)}
        yield Item(_("Good practice"), title, sentence, url, action, "action", since=first.changed_at)


def _resources() -> Iterator[Item]:
    proposed = list(Resource.objects.filter(state=Resource.State.PROPOSED).order_by("proposed_at", "pk"))
    if proposed:
        sentence = ngettext(
            "%(n)d proposed resource to look at.", "%(n)d proposed resources to look at.", len(proposed)
        )
        first = proposed[0]
        url = reverse("resource", args=[first.pk]) if len(proposed) == 1 else reverse("resource_list")
        title = first.title if len(proposed) == 1 else _("Resources")
        sentence %= {"n": len(proposed)}
        yield Item(_("Resource"), title, sentence, url, _("Look at it"), "action", since=first.proposed_at)
    if n := Resource.objects.broken().count():
        sentence = ngettext("The link of %(n)d resource does not work.", "The links of %(n)d resources do not work.", n)
        yield Item(_("Resource"), _("Resources"), sentence % {"n": n}, reverse("resource_list"), _("See them"))
