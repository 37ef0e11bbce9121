"""What an action plan could begin with, as a Word file: the gaps of a country's answers, to be edited."""

from datetime import datetime

from django.utils.translation import gettext as _
from docx.document import Document as WordDocument

from reporting.exports import word
from scoreboard.models import Country
from scoreboard.plans.skeleton import Gap, Skeleton


def skeleton(country: Country, found: Skeleton, *, at: datetime) -> bytes:
    """Return the gaps, each with the next level, the intended step, and empty cells for what is to be decided."""
    cycle = found.submission.cycle
    title = _("%(country)s: towards an action plan") % {"country": country}
    document = word.begin(title, size=10, margin=2)
    document.add_heading(title, 0)
    if cycle.is_example:
        document.add_paragraph(_("Invented example data. Nothing here is a country’s real answer."))
    if cycle.edition.provisional:
        document.add_paragraph(f"{_('Provisional wording.')} {cycle.edition.provisional_note}")
    document.add_paragraph(
        _("Made from the answers in %(cycle)s as they are now: each indicator below the top of its ladder.")
        % {"cycle": cycle}
    )
    if found.without_level:
        document.add_paragraph(_("Indicators without a level, which are not in the list: %s") % found.without_level)
    for gap in found.gaps:
        _gap(document, gap)
    return word.written(document, at=at)


def _gap(document: WordDocument, gap: Gap) -> None:
    document.add_heading(f"{gap.indicator.label} · {gap.indicator.title}", 2)
    rows = [
        (_("Level now"), f"{gap.level.value}: {gap.level.text}"),
        (_("Next level"), f"{gap.following.value}: {gap.following.text}"),
        (_("Intended step"), gap.planned),
        (_("Contributed to the answer"), ", ".join(gap.contributors)),
        (_("Action"), ""),
        (_("Lead"), ""),
        (_("Partners"), ""),
        (_("Start and end"), ""),
    ]
    table = word.table(document, len(rows), 2)
    for row, (label, text) in zip(table.rows, rows, strict=True):
        row.cells[0].text, row.cells[1].text = label, text
    document.add_paragraph()
