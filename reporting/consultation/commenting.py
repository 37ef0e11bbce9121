"""What countries say about the draft, and the answers: the verbs, who reads them, and what is left unanswered."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.models import Assessment, Consultation, ConsultedBuild, CountryComment, Passage
from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import notifications
from scoreboard.models import Role, Submission, User
from scoreboard.models.people import Person, countries_of, roles_of
from scoreboard.text import is_blank, require_storable, required


@transaction.atomic
def comment(
    build: ConsultedBuild,
    submission: Submission,
    text: str,
    *,
    by: User,
    about: str = "",
    asks_correction: bool = False,
    may_be_printed: bool = False,
) -> CountryComment:
    """Comment for a country on the build that the person read: on an area, on a passage, or on the whole.

    `about` is “area-A”, “passage-12” with the passage's position, or empty. It waits for an answer; with
    `may_be_printed` the published PDF can have it in an annex, without the person's name. Raises NotNow unless the
    consultation is open, Invalid for the text or a part that the country is not shown.
    """
    rules.require(by, "comment_on_draft", submission)
    consultation = _locked(build.consultation)
    if not consultation.is_open:
        raise NotNow(_("The consultation is over. You can read on here; write to the Secretariat about anything else."))
    build = consultation.builds.get(pk=build.pk)
    if build.shown_at is None or submission.cycle_id != consultation.assessment.cycle_id or submission.left_at:
        raise NotNow(_("This build is not shown to your country."))
    text = required(text, _("Write the comment before you send it."))
    require_storable(text)
    written = CountryComment(build=build, submission=submission, text=text, by=by, at=clock.now())
    written.asks_correction, written.may_be_printed = asks_correction, may_be_printed
    _set_part(written, about)
    written.save()
    activity.record(Verb.COMMENT_ON_DRAFT, by=by, submission=submission, detail=about)
    return written


def _set_part(written: CountryComment, about: str) -> None:
    iso2 = written.submission.country.iso2
    kind, _dash, which = about.partition("-")
    if kind == "passage" and which.isascii() and which.isdecimal() and len(which) < 9:
        passage = written.build.passages.filter(position=which).first()
        if passage and iso2 in passage.shown_to:
            written.passage = passage
            return
    reported = any(one["iso2"] == iso2 for one in written.build.snapshot["countries"])
    areas = [area["code"] for area in written.build.snapshot["edition"]["areas"]] if reported else []
    if kind == "area" and which in areas:
        written.area = which
    elif about:
        raise Invalid(_("Choose one of the parts in the list."))


@transaction.atomic
def withdraw(written: CountryComment, *, by: User) -> CountryComment:
    """Withdraw a comment that is not answered; whoever of the country may. Repeating it is harmless.

    Raises NotNow once it is answered or the issue is published.
    """
    rules.require(by, "comment_on_draft", written.submission)
    written = _afresh(written)
    if written.answered_at:
        raise NotNow(_("This comment is answered and cannot be withdrawn any more."))
    if not written.build.consultation.assessment.is_at_work:
        raise NotNow(_("The issue is published. Its comments stay as they are."))
    if written.withdrawn_at is None:
        written.withdrawn_at, written.withdrawn_by = clock.now(), by
        written.save(update_fields=["withdrawn_at", "withdrawn_by"])
        activity.record(Verb.WITHDRAW_COMMENT, by=by, submission=written.submission, detail=str(written.pk))
    return written


@transaction.atomic
def answer(written: CountryComment, text: str, *, outcome: str, by: User) -> CountryComment:
    """Answer a comment, saying what was done; the country gets a mail. An answer can be given once.

    Raises NotNow if the comment is answered or withdrawn, Invalid for the text or the outcome.
    """
    rules.require(by, "answer_comment")
    written = _afresh(written)
    if written.withdrawn_at:
        raise NotNow(_("The country withdrew this comment. It needs no answer."))
    if written.answered_at:
        raise NotNow(_("%s answered this comment already.") % written.answered_by)
    if outcome not in CountryComment.Outcome.values:
        raise Invalid(_("Choose what was done."))
    text = required(text, _("Write the answer before you send it."))
    require_storable(text)
    written.answer, written.outcome = text, outcome
    written.answered_at, written.answered_by = clock.now(), by
    written.save(update_fields=["answer", "outcome", "answered_at", "answered_by"])
    submission, consultation = written.submission, written.build.consultation
    activity.record(Verb.ANSWER_COMMENT, by=by, submission=submission, detail=str(written.pk))
    address = reverse("consultation_country", args=[consultation.pk, submission.country.iso2.lower()])
    link = f"{settings.SITE_URL}{address}#comment-{written.pk}"
    notifications.notify("comment_answered", submission, by=by, comment=text, written=written, link=link)
    return written


def visible_to(user: Person) -> QuerySet[CountryComment]:
    """Return the comments that somebody may read: officers and analysts all, focal points those of their country."""
    found = CountryComment.objects.select_related(
        "build", "passage", "submission__country", "submission__cycle__edition", "by", "answered_by", "withdrawn_by"
    ).defer("build__snapshot")
    if roles_of(user) & {Role.SECRETARIAT, Role.ANALYST}:
        return found
    return found.filter(submission__in=Submission.objects.taking_part().filter(country__in=countries_of(user)))


def unanswered(assessment: Assessment) -> QuerySet[CountryComment]:
    """Return the comments on an issue that wait for an answer."""
    return CountryComment.objects.filter(
        build__consultation__assessment=assessment, answered_at=None, withdrawn_at=None
    )


def printable(assessment: Assessment) -> list[dict[str, Any]]:
    """Return as data what countries let print of their comments on an issue, with the answers, by country.

    Each has the country's ISO code and names, the code of the area that it is about (empty for anything else), the
    text, what was done, and the answer.
    """
    found = CountryComment.objects.filter(build__consultation__assessment=assessment, may_be_printed=True)
    found = found.filter(withdrawn_at=None).select_related("submission__country", "passage")
    return [
        {
            "iso2": one.submission.country.iso2,
            "country": one.submission.country.name.data,
            "area": one.area or _area_of(one.passage),
            "text": one.text,
            "outcome": one.outcome,
            "answer": one.answer,
        }
        for one in found.order_by("submission__country__iso3", "at", "pk")
    ]


def _area_of(passage: Passage | None) -> str:
    return passage.chapter.removeprefix("area-") if passage and passage.chapter.startswith("area-") else ""


def unsettled(assessment: Assessment) -> list[str]:
    """Return as sentences why an issue's consultation is not settled: it is open, or comments wait for an answer."""
    consultation = Consultation.objects.filter(assessment=assessment).first()
    if consultation is None:
        return []
    consultation.assessment = assessment
    found = []
    if consultation.is_open and consultation.until:
        found.append(_("The consultation is open until the end of %s.") % date_format(consultation.until))
    if n := unanswered(assessment).count():
        sentence = ngettext(
            "%(n)d comment of a country waits for an answer.", "%(n)d comments of countries wait for an answer.", n
        )
        found.append(sentence % {"n": n})
    return found


def require_settled(assessment: Assessment, reason: str) -> bool:
    """Return whether the consultation on an issue is settled; raise Invalid if it is not and no reason is given.

    Until the transaction is over nobody can comment, so that no comment comes in unseen.
    """
    Consultation.objects.select_for_update(of=("self",)).filter(assessment=assessment).first()
    sentences = unsettled(assessment)
    if sentences and is_blank(reason):
        raise Invalid(_("%s Give the reason for publishing before.") % " ".join(sentences))
    return not sentences


def _afresh(written: CountryComment) -> CountryComment:
    consultation = _locked(Consultation.objects.get(builds=written.build_id))
    found = CountryComment.objects.select_related(
        "build", "submission__country__lead", "submission__cycle__edition", "answered_by"
    )
    written = found.defer("build__snapshot").get(pk=written.pk)
    written.build.consultation = consultation
    return written


def _locked(consultation: Consultation) -> Consultation:
    found = Consultation.objects.select_for_update(of=("self",)).select_related("assessment__cycle__edition")
    return found.defer("assessment__snapshot", "assessment__texts").get(pk=consultation.pk)
