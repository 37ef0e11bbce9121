"""What becomes of good practice that was offered: officers publish it or not, and either side ends a publication."""

from django.db import transaction
from django.utils.translation import gettext as _

from scoreboard import clock, public_pages, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.mail import notifications
from scoreboard.models import GoodPractice, PracticeStep, Role, User
from scoreboard.network import good_practice
from scoreboard.text import required

State = GoodPractice.State
Act = PracticeStep.Act


@transaction.atomic
def publish(practice: GoodPractice, *, seen: int, names_nobody: bool, by: User) -> GoodPractice:
    """Publish what was checked; who signed it gets a mail. Repeating it is harmless.

    `seen` is the revision that was read; `names_nobody` that no private person is named in it. Raises
    PermissionDenied, NotNow unless the Secretariat has it, Stale if it changed, Invalid without the tick.
    """
    practice = good_practice.lock(practice)
    rules.require(by, "check_practice")
    if practice.is_published:
        return practice
    require_offered(practice)
    if practice.revision != seen:
        raise Stale(_("%s changed this text after you opened it. Read it again first.") % practice.changed_by)
    if not names_nobody:
        raise Invalid(_("Read the text and its links, and tick that no private person is named."))
    practice.published_at = clock.now()
    good_practice.step(practice, State.PUBLISHED, Act.PUBLISH, Verb.PUBLISH_PRACTICE, by)
    public_pages.change()
    good_practice.notify("practice_published", practice, good_practice.writers(practice), by)
    return practice


@transaction.atomic
def refuse(practice: GoodPractice, *, reason: str, by: User) -> GoodPractice:
    """Decide not to publish it, with a reason; who signs it gets a mail, and can change and offer it again.

    Raises PermissionDenied, NotNow unless the Secretariat has it, Invalid without a reason.
    """
    practice = good_practice.lock(practice)
    rules.require(by, "check_practice")
    require_offered(practice)
    reason = required(reason, _("Give the reason: who signs it reads it."))
    good_practice.step(practice, State.REFUSED, Act.REFUSE, Verb.REFUSE_PRACTICE, by, reason)
    good_practice.notify("practice_refused", practice, good_practice.writers(practice), by, reason)
    return practice


@transaction.atomic
def withdraw(practice: GoodPractice, *, reason: str, by: User) -> GoodPractice:
    """End a publication, as who signed it or as an officer, with a reason; what was printed stays printed.

    The other side gets a mail. Raises PermissionDenied, NotNow unless it is published, Invalid without a reason.
    """
    practice = good_practice.lock(practice)
    is_officer = rules.may(by, "check_practice")
    if not is_officer:
        good_practice.require_signer(by, practice)
    require_published(practice)
    reason = required(reason, _("Give the reason: the other side reads it."))
    practice.published_at = None
    good_practice.step(practice, State.WITHDRAWN, Act.WITHDRAW, Verb.WITHDRAW_PRACTICE, by, reason)
    public_pages.change()
    others = good_practice.writers(practice) if is_officer else notifications.holders(role=Role.SECRETARIAT)
    good_practice.notify("practice_withdrawn", practice, others, by, reason)
    return practice


def require_offered(practice: GoodPractice) -> None:
    """Raise NotNow unless the Secretariat has it to check."""
    if practice.state != State.OFFERED:
        raise NotNow(_("It is not with the Secretariat now."))


def require_published(practice: GoodPractice) -> None:
    """Raise NotNow unless it is published."""
    if not practice.is_published:
        raise NotNow(_("It is not published."))
