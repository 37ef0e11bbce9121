"""What a person finds on the home page about spaces: questions about publishing, and where a guest is invited."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import rules
from scoreboard.models import PublishedText, Role, Space, SpaceMember, User
from scoreboard.models.people import roles_of
from scoreboard.todo.items import Item


def waiting(user: User) -> list[Item]:
    """Return the texts about which their author is asked, and for officers those that can be published."""
    items = [
        Item(
            _("Space"),
            title=chosen.title,
            sentence=_("May this be published? It is yours, and is not public without your word."),
            url=reverse("published_text_answer", args=[chosen.pk]),
            action=_("Read and answer"),
            tone="action",
            since=chosen.asked_at,
        )
        for chosen in PublishedText.objects.waiting_for(user)
    ]
    if rules.may(user, "manage_spaces"):
        agreed = PublishedText.objects.filter(answer=PublishedText.Answer.AGREED, published_at=None, withdrawn_at=None)
        if found := list(agreed.order_by("answered_at", "pk")):
            sentence = ngettext(
                "%(n)d text whose author agrees can be published.",
                "%(n)d texts whose authors agree can be published.",
                len(found),
            ) % {"n": len(found)}
            url = reverse("published_text_decide", args=[found[0].pk])
            since = found[0].answered_at
            items.append(Item(_("Space"), found[0].title, sentence, url, _("Read it"), "action", since=since))
    return items


def own(user: User) -> list[Item]:
    """Return for guests the spaces to which they are invited."""
    if Role.GUEST not in roles_of(user):
        return []
    found = SpaceMember.objects.in_force().filter(person=user, space__in=Space.objects.visible_to(user))
    until = _("You are invited until the end of %s (UTC).")
    return [
        Item(
            _("Space"),
            title=one.space.name,
            sentence=until % date_format(one.until),
            url=reverse("space", args=[one.space_id]),
            action=_("Open"),
        )
        for one in found.select_related("space")
    ]
