"""Which mails a person can do without: none that asks for something, and none about their account."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoreboard.models import User


class Kind(models.TextChoices):
    """The kinds of mail that a person may decline."""

    HANDED_IN = "handed_in", _("A country submitted or recalled its answers")
    SUGGESTIONS = "suggestions", _("Contributors suggested something, or a focal point decided on what you suggested")
    PUBLICATIONS = "publications", _("An assessment was published or withdrawn")


# Mail, as `notifications` names it → its kind. All others are compulsory.
OPTIONAL = {
    "submission:submitted": Kind.HANDED_IN,
    "submission:recalled": Kind.HANDED_IN,
    "contributor:suggested": Kind.SUGGESTIONS,
    "contributor:decided": Kind.SUGGESTIONS,
    "cycle:published": Kind.PUBLICATIONS,
    "cycle:withdrawn": Kind.PUBLICATIONS,
    "publication:published": Kind.PUBLICATIONS,
    "publication:withdrawn": Kind.PUBLICATIONS,
}


def is_declined(person: User, mail: str) -> bool:
    """Return whether `person` does without the mail with this name."""
    return OPTIONAL.get(mail) in person.unwanted_mails
