"""What a person finds on the home page about statements of organisations."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import phrases, rules
from scoreboard.models import Cycle, User
from scoreboard.models.people import countries_of, organisations_of
from scoreboard.stakeholders import reading
from scoreboard.todo.items import Item


def waiting(user: User) -> list[Item]:
    """Return for officers and focal points the statements of organisations on which their side can act."""
    items = []
    if rules.may(user, "decide_on_statement") and (n := len(reading.waiting_for_officers())):
        sentence = ngettext(
            "%(n)d statement of an organisation to share or to decide on.",
            "%(n)d statements of organisations to share or to decide on.",
            n,
        )
        url = reverse("request_list") + "#statements"
        items.append(Item(_("Statements"), _("Of organisations"), sentence % {"n": n}, url, _("See them"), "action"))
    if countries_of(user) and (shared := list(reading.waiting_for_country(user))):
        sentence = ngettext(
            "%(n)d statement of an organisation on your country, to which you can reply.",
            "%(n)d statements of organisations on your country, to which you can reply.",
            len(shared),
        )
        url = reverse("statement", args=[shared[0].pk]) if len(shared) == 1 else reverse("statement_list")
        sentence %= {"n": len(shared)}
        items.append(Item(_("Statements"), _("Of organisations"), sentence, url, _("Read and reply"), "action"))
    return items


def own(user: User) -> list[Item]:
    """Return for observers the cycles in which their organisation can file statements, and what it has in others."""
    if not (organisations := organisations_of(user)):
        return []
    counts = reading.counts(organisations)
    running = reading.open_cycles()
    items = [_cycle(cycle, counts.pop(cycle.pk, {})) for cycle in running]
    if not items:
        sentence = _("While a cycle is open, your organisation can file statements on what countries report.")
        items = [Item(_("Statements"), _("No cycle is open"), sentence)]
    if counts:
        published = sum(one["published"] for one in counts.values())
        filed = sum(one["filed"] for one in counts.values())
        sentence = _("Of earlier cycles: %(filed)d filed, %(published)d of them published.")
        words = {"filed": filed, "published": published}
        title, url = _("Your organisation’s statements"), reverse("statement_list")
        items.append(Item(_("Statements"), title, sentence % words, url, _("Read")))
    return items


def _cycle(cycle: Cycle, counts: dict[str, int]) -> Item:
    """What an observer can do in an open cycle, with how many statements the organisation has in it."""
    until = _("Statements can be filed until the end of %s.") % phrases.day(cycle.closes, cycle)
    words = {"drafts": _("Drafts"), "filed": _("Filed"), "published": _("Published")}
    have = " · ".join(f"{text}: {counts[key]}" for key, text in words.items() if counts.get(key))
    url = reverse("statement_list") if have else reverse("statement_new", args=[cycle.code])
    return Item(
        _("Statements"),
        title=str(cycle),
        sentence=f"{until} {have}".strip(),
        url=url,
        action=_("Go on with them") if have else _("Write a statement"),
        cycle=cycle,
    )
