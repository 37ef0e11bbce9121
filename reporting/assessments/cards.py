"""The cards of published issues: made by the worker once everybody reads an issue, and stored as its products."""

import hashlib
import logging

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from reporting.document import numbers
from reporting.document.document import Document
from reporting.models import CARDS, Assessment, Product
from reporting.pdf import assessment as pdf
from reporting.pdf import cards
from reporting.pdf.cards import Bar, Card
from scoreboard import clock, public_pages

log = logging.getLogger(__name__)


def make_missing() -> int:
    """Make the cards of the issues that everybody reads and that have none; return of how many issues."""
    shown = {"status": Assessment.Status.PUBLISHED, "audience": Assessment.Audience.EVERYONE}
    drawn = Product.objects.filter(kind__in=CARDS).order_by().values("assessment")
    waiting = Assessment.objects.filter(**shown).exclude(pk__in=drawn).select_related("cycle__edition").order_by("pk")
    if not waiting or pdf.unavailable():
        return 0
    for issue in waiting:
        make(issue)
    return len(waiting)


def make(issue: Assessment) -> None:
    """Make the cards of a published issue, one for each country and indicator; nothing if it is withdrawn meanwhile."""
    found = _cards(Document(issue.snapshot))
    drawn = cards.pictures(list(found.values()), portal=settings.PORTAL_NAME)
    with transaction.atomic():
        current = Assessment.objects.select_for_update(of=("self",)).get(pk=issue.pk)
        if current.status != Assessment.Status.PUBLISHED:
            return
        for (kind, subject), content in zip(found, drawn, strict=True):
            Product.objects.create(
                assessment=current,
                kind=kind,
                subject=subject,
                file=ContentFile(content, name=Product.named(issue, kind, subject)),
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                built_at=clock.now(),
            )
        public_pages.change()
    log.info("%s cards of issue %s are drawn", len(drawn), issue.pk)


def _cards(document: Document) -> dict[tuple[str, str], Card]:
    eyebrow, example = str(numbers.text(document.cycle["title"])), document.is_example
    found: dict[tuple[str, str], Card] = {}
    for participant in document.reported:
        bars = [
            Bar(f"{chapter.code}. {chapter.title}", numbers.number(result.percent), _percent(result.percent))
            for chapter, result, _replies in document.replies(participant.iso2)
        ]
        caption = _("Percent of the possible points, by area: a country is measured against itself")
        card = Card(eyebrow, str(participant.name), caption, bars, example)
        found[Product.Kind.COUNTRY_CARD, participant.iso2] = card
    for chapter in document.chapters:
        for tally in chapter.tallies:
            most = sum(count or 0 for count in tally.counts)
            bars = [
                Bar(_("Level %s") % level, str(count), 100 * count / most if most else None)
                for level, count in zip(tally.ladder, [one for one in tally.counts if one is not None], strict=True)
            ]
            caption = _("How many countries chose each level")
            card = Card(eyebrow, f"{tally.label} {tally.title}", caption, bars, example)
            found[Product.Kind.INDICATOR_CARD, tally.code] = card
    return found


def _percent(exact: object) -> float | None:
    return None if exact is None else float(exact)  # type: ignore[arg-type]  # a fraction, which the parameter does not say
