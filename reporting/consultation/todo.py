"""What a consultation waits for, as sentences with a link, for the home page."""

from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.models import Consultation, ConsultedBuild, CountryComment
from scoreboard import phrases, rules
from scoreboard.models import Submission, User
from scoreboard.models.people import countries_of
from scoreboard.todo.items import Item


def items(user: User) -> list[Item]:
    """Return for officers and analysts the comments without an answer, for focal points the drafts to be read.

    In a number of queries that does not grow.
    """
    return [*_to_answer(user), *_to_read(user)]


def _to_answer(user: User) -> Iterator[Item]:
    if not rules.may(user, "answer_comment"):
        return
    waiting = CountryComment.objects.filter(answered_at=None, withdrawn_at=None)
    counts = dict(waiting.order_by().values_list("build__consultation").annotate(Count("pk")))
    for consultation in Consultation.objects.listed().filter(pk__in=counts):
        n = counts[consultation.pk]
        sentence = ngettext(
            "%(n)d comment of a country waits for an answer.", "%(n)d comments of countries wait for an answer.", n
        )
        yield Item(
            _("Consultation"),
            title=str(consultation.cycle),
            sentence=sentence % {"n": n},
            url=reverse("consultation", args=[consultation.pk]) + "#comments",
            action=_("Read and answer"),
            tone="action",
            cycle=consultation.cycle,
        )


def _to_read(user: User) -> Iterator[Item]:
    if not (countries := countries_of(user)):
        return
    found = Consultation.objects.visible_to(user).listed().filter(opened_at__isnull=False, ended_at=None)
    running = [one for one in found if one.is_open]
    shown = ConsultedBuild.objects.filter(consultation__in=running, shown_at__isnull=False).order_by("number")
    latest = {one.consultation_id: one for one in shown.defer("snapshot").prefetch_related("passages")}
    own = Submission.objects.taking_part().filter(country__in=countries).select_related("country")
    by_cycle: dict[int, list[Submission]] = {}
    for submission in own.filter(cycle__in=[one.cycle.pk for one in running]):
        by_cycle.setdefault(submission.cycle_id, []).append(submission)
    for consultation in running:
        named = {iso2 for passage in latest[consultation.pk].passages.all() for iso2 in passage.shown_to}
        for submission in by_cycle.get(consultation.cycle.pk, []):
            if submission.accepted_version_id or submission.country.iso2 in named:
                yield _reading(consultation, submission)


def _reading(consultation: Consultation, submission: Submission) -> Item:
    day = phrases.day(consultation.until, consultation.cycle) if consultation.until else ""
    return Item(
        _("Draft assessment"),
        title=str(consultation.cycle),
        sentence=_("Read what it says about %(country)s. You can comment until the end of %(day)s.")
        % {"country": submission.country, "day": day},
        url=reverse("consultation_country", args=[consultation.pk, submission.country.iso2.lower()]),
        action=_("Read and comment"),
        tone="action",
        cycle=consultation.cycle,
    )
