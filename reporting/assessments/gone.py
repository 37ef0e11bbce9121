"""What a reader is given at the address of an issue that was withdrawn: a sentence, with the reason if it is public."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reporting.models import Assessment
from scoreboard.errors import Gone
from scoreboard.models.people import Person


def require_not_withdrawn(number: int, reader: Person) -> None:
    """Raise Gone if the assessment with this primary key was published to the reader and is withdrawn."""
    if Assessment.objects.visible_to(reader).filter(pk=number).exists():
        return
    withdrawn = Assessment.objects.catalogued_to(reader).filter(pk=number, status=Assessment.Status.WITHDRAWN)
    if (found := withdrawn.without_snapshot().first()) and found.withdrawn_at:
        words = {"issue": found.issue, "cycle": found.cycle, "day": date_format(found.cycle.day(found.withdrawn_at))}
        sentence = _("Issue %(issue)s of the assessment of %(cycle)s was withdrawn on %(day)s.") % words
        if found.reason_is_public:
            sentence += " " + _("The reason: %s") % found.withdrawal_reason
        raise Gone(sentence)
