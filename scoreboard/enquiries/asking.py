"""What a country asks the Secretariat: focal points ask, officers answer, both write on until one of them closes it."""

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from scoreboard import activity, clock, locking, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import Answer, Enquiry, EnquiryMessage, Indicator, Role, Side, Submission, User
from scoreboard.models.enquiries import MAX_PATH
from scoreboard.models.people import Person, countries_of
from scoreboard.submissions import versions
from scoreboard.text import require_storable, required


@transaction.atomic
def ask(
    submission: Submission, text: str, *, by: User, code: str = "", page: str = "", show_answer: bool = False
) -> Enquiry:
    """Ask the Secretariat about the indicator `code`, about a `page` (its path), or in general.

    With `show_answer` a copy of the answer as it is now goes with the question; without it no officer learns anything
    of a draft. Officers get a mail. Raises PermissionDenied, NotNow for a country that left the cycle, and Invalid for
    an empty or too long text, an unknown indicator, and an answer to show where nothing is saved. An address that is
    none of the portal's is not stored.
    """
    submission = locking.lock(submission)
    rules.require(by, "ask", submission)
    locking.require_part(submission)
    indicator = _indicator(submission, code) if code else None
    enquiry = Enquiry.objects.create(
        submission=submission,
        indicator=indicator,
        page=page if is_page(page) else "",
        shown_answer=_copy(submission, indicator) if show_answer else None,
        asked_by=by,
        asked_at=clock.now(),
        held_since=clock.now(),
    )
    _write(enquiry, text, Side.COUNTRY, by)
    activity.record(Verb.ASK, by=by, submission=submission, detail=code)
    _notify("ask_secretariat", enquiry, text, by)
    return enquiry


def is_page(path: str) -> bool:
    """Return whether this is the path of a page of the portal."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return len(path) <= MAX_PATH


def _indicator(submission: Submission, code: str) -> Indicator:
    for indicator in submission.cycle.edition.all_indicators:
        if indicator.code == code:
            return indicator
    raise Invalid(_("There is no indicator %(code)s in this questionnaire.") % {"code": code})


def _copy(submission: Submission, indicator: Indicator | None) -> dict[str, object]:
    """Return the answer as versions store it; its revision says which one it was."""
    answer = Answer.objects.filter(submission=submission, indicator=indicator).select_related("level").first()
    if indicator is None or answer is None:
        raise Invalid(_("No answer is saved that could be shown. Ask without it, or save the answer first."))
    return versions.answer_data(indicator, answer)


@transaction.atomic
def answer(enquiry: Enquiry, text: str, *, by: User) -> EnquiryMessage:
    """Write in an enquiry; it then waits for the other side, which gets a mail.

    Raises PermissionDenied, NotNow once it is closed or the country has left the cycle, and Invalid for the text.
    """
    submission = locking.lock(enquiry.submission)
    roles = rules.require(by, "answer", submission)
    locking.require_part(submission)
    enquiry = Enquiry.objects.get(pk=enquiry.pk)
    if enquiry.closed_at:
        raise NotNow(_("This question is closed. Ask a new one."))
    side, other = (Side.COUNTRY, Side.SECRETARIAT) if Role.FOCAL in roles else (Side.SECRETARIAT, Side.COUNTRY)
    message = _write(enquiry, text, side, by)
    if enquiry.holder != other:
        enquiry.holder, enquiry.held_since = other, clock.now()
        enquiry.save(update_fields=["holder", "held_since"])
    activity.record(Verb.ANSWER, by=by, submission=submission, detail=_code(enquiry))
    _notify("enquiry_for_secretariat" if side == Side.COUNTRY else "enquiry_for_country", enquiry, text, by)
    return message


@transaction.atomic
def close(enquiry: Enquiry, *, by: User) -> Enquiry:
    """Close an enquiry: it waits for nobody and can still be read. Repeating it is harmless.

    Raises PermissionDenied, and NotNow for a country that left the cycle.
    """
    submission = locking.lock(enquiry.submission)
    rules.require(by, "close_enquiry", submission)
    locking.require_part(submission)
    enquiry = Enquiry.objects.get(pk=enquiry.pk)
    if enquiry.closed_at is None:
        enquiry.closed_at, enquiry.closed_by = clock.now(), by
        enquiry.save(update_fields=["closed_at", "closed_by"])
        activity.record(Verb.CLOSE_ENQUIRY, by=by, submission=submission, detail=_code(enquiry))
    return enquiry


def visible_to(user: Person) -> QuerySet[Enquiry]:
    """Return the enquiries that `user` may read: officers all, focal points their country's, nobody else any."""
    messages = EnquiryMessage.objects.select_related("author")
    found = Enquiry.objects.select_related(
        "submission__cycle__edition", "submission__country", "indicator__area", "asked_by", "closed_by"
    ).prefetch_related(Prefetch("messages", messages))
    if Role.SECRETARIAT in rules.roles_towards(user):
        return found
    return found.filter(submission__country__in=countries_of(user), submission__cycle__opened_at__isnull=False)


def waiting_for(user: Person) -> QuerySet[Enquiry]:
    """Return the open enquiries that wait for the side of `user`, the longest waiting first."""
    side = Side.SECRETARIAT if Role.SECRETARIAT in rules.roles_towards(user) else Side.COUNTRY
    found: QuerySet[Enquiry] = visible_to(user).filter(pk__in=Enquiry.objects.waiting_for(side).order_by().values("pk"))
    return found.order_by("held_since", "pk")


def _write(enquiry: Enquiry, text: str, side: Side, by: User) -> EnquiryMessage:
    text = required(text, _("Write something before you send it."))
    require_storable(text)
    return EnquiryMessage.objects.create(enquiry=enquiry, author=by, side=side, text=text, at=clock.now())


def _code(enquiry: Enquiry) -> str:
    return str(enquiry.indicator.code) if enquiry.indicator else ""


def _notify(event: str, enquiry: Enquiry, text: str, by: User) -> None:
    notifications.notify(
        event,
        enquiry.submission,
        by=by,
        comment=text,
        indicator=enquiry.indicator,
        link=settings.SITE_URL + reverse("enquiry", args=[enquiry.pk]),
    )
