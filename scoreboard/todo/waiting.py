"""What people wait for from each other: suggestions, questions on answers, wishes to reopen, contributors' parts."""

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoreboard import contributors, phrases, rules
from scoreboard.models import Assignment, Role, Submission, Suggestion, User
from scoreboard.models.people import countries_of
from scoreboard.threads import discussion
from scoreboard.todo.item import Item


def suggestions(user: User) -> list[Item]:
    """For focal points: what contributors suggest and nobody has decided on."""
    if not (countries := countries_of(user)):
        return []
    mine = Submission.objects.visible_to(user).taking_part().filter(country__in=countries)
    mine = mine.select_related("cycle", "country")
    counts = dict(
        Suggestion.objects.filter(decision="", submission__in=mine)
        .values_list("submission")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return [
        Item(
            title=_("Suggestions for %s") % submission,
            sentence=ngettext("%(n)d suggestion to look at.", "%(n)d suggestions to look at.", counts[submission.pk])
            % {"n": counts[submission.pk]},
            url=reverse("submission_suggestions", args=[submission.pk]),
            action=_("Look at them"),
            tone="action",
            example=submission.cycle.is_example,
        )
        for submission in mine.filter(pk__in=counts)
        if submission.pen_with_country  # else nothing can be adopted
    ]


def talks(user: User) -> list[Item]:
    """For both sides: the questions on answers that wait for them; for officers, the wishes to reopen too."""
    waiting = discussion.waiting_for(user)
    items, oldest_one = [], waiting.first()
    if oldest_one is not None:
        n, cycle = waiting.count(), oldest_one.answer.submission.cycle
        days = (cycle.day() - cycle.day(oldest_one.held_since)).days  # as the list of them counts
        oldest = ngettext("oldest %(n)d day", "oldest %(n)d days", days) % {"n": days} if days else _("since today")
        told = _("Waits for you: %(n)d, %(oldest)s.") % {"n": n, "oldest": oldest}
        items.append(Item(_("Questions on answers"), told, reverse("thread_list"), _("See the questions"), "action"))
    if rules.may(user, "refuse_reopen") and (
        n := Submission.objects.visible_to(user).taking_part().filter(reopen_asked_at__isnull=False).count()
    ):
        told = ngettext("%(n)d country asks to reopen its answers.", "%(n)d countries ask to reopen their answers.", n)
        queue = reverse("review_queue") + "?show=reopen"
        items.append(Item(_("Asks to reopen"), told % {"n": n}, queue, _("Decide"), "action"))
    return items


def parts(user: User) -> list[Item]:
    """For contributors: the parts that they are asked for, else that they will be asked."""
    if not (countries := countries_of(user, Role.CONTRIBUTOR)):
        return []
    found = contributors.own_part(user)
    own = Suggestion.objects.filter(
        submission=OuterRef("assignment__submission"), author=user, indicator=OuterRef("indicator")
    )
    asked = Assignment.indicators.through.objects.filter(~Exists(own), assignment__in=found)
    waiting = dict(asked.values_list("assignment").annotate(n=Count("pk")))
    if items := [_part(part, waiting.get(part.pk, 0)) for part in found]:
        return items
    sentence = _("You contribute to the answers of %s. Its focal points tell you when they need your part.")
    return [Item(_("Your part"), sentence % ", ".join(map(str, countries)))]


def _part(part: Assignment, n: int) -> Item:
    until = phrases.day(part.until, part.submission.cycle)
    waits = ngettext(
        "%(n)d indicator waits for your suggestion, until the end of %(until)s.",
        "%(n)d indicators wait for your suggestion, until the end of %(until)s.",
        n,
    ) % {"n": n, "until": until}
    done = _("You have suggested something for every indicator of your part.")
    return Item(
        title=_("Your part: %s") % part.submission,
        sentence=waits if n else done,
        url=reverse("contribution", args=[part.pk]),
        action=_("Open your part"),
        tone="action" if n and part.submission.pen_with_country else "neutral",
        example=part.submission.cycle.is_example,
    )
