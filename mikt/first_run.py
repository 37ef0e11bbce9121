"""What a new portal still lacks before people can work in it, for its administrators."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from scoreboard import schedule
from scoreboard.mail import outbox
from scoreboard.models import Backup, Country, Edition, Mail, Membership, Role, User


@dataclass(frozen=True)
class Step:
    """Something that a portal needs: whether it is done, else what to do."""

    title: str
    is_done: bool
    sentence: str
    url: str = ""


def steps() -> list[Step]:
    """Return the steps in their order, in a constant number of queries."""
    officers = Membership.objects.in_force().filter(role=Role.SECRETARIAT, person__is_active=True)
    return [
        Step(
            _("An edition of the questionnaire"),
            Edition.objects.exists(),
            _("Import the file of the questionnaire."),
            reverse("admin:edition_import"),
        ),
        Step(
            _("Countries"),
            Country.objects.exists(),
            _("Load the countries: manage.py load_countries, or add them one by one."),
            reverse("admin:scoreboard_country_changelist"),
        ),
        Step(
            _("An officer of the Secretariat"),
            officers.exists(),
            _("Add the person with a membership of the Secretariat; they get an invitation."),
            reverse("admin:scoreboard_user_add"),
        ),
        Step(
            _("The worker"),
            schedule.is_alive(schedule.last_sign()),
            _("It sends e-mails and makes PDFs. Start it next to the web server: manage.py worker."),
        ),
        Step(
            _("E-mail"),
            Mail.everything.filter(state=Mail.State.SENT).exists(),
            _("Send a test to your own address. It is done once an e-mail has left."),
        ),
        Step(
            _("Backups"),
            Backup.objects.exists(),
            _(
                "Each day, by cron: manage.py backup, and the archive away from this machine; ACTIVITY_KEY apart from "
                "it. docs/operations.md says how."
            ),
            reverse("admin:doctor"),
        ),
    ]


def send_test(to: User) -> None:
    """Write a mail to an administrator, to see that e-mail works."""
    outbox.write(
        to,
        "test",
        _("Test of the portal’s e-mail"),
        _("You asked the portal to send this. If you read it, its e-mail works. Nothing else is to do."),
    )
