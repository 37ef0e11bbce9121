"""Before a build is shown to countries: its passages are found, countries are added or removed, an officer decides."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from reporting.consultation import finding
from reporting.document.document import Document
from reporting.models import Assessment, Consultation, ConsultedBuild, Passage
from scoreboard import activity, clock, rules
from scoreboard.activity import Verb
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import User


@transaction.atomic
def prepare(assessment: Assessment, *, by: User) -> ConsultedBuild:
    """Find the passages of the built draft, before a consultation is opened or another build is shown in it.

    What was changed and decided for the same words in the build before is taken over. Repeating it is harmless; a
    build that nobody was shown gives way to the newer one. Raises NotNow unless the issue is built and not published.
    """
    rules.require(by, "prepare_consultation")
    assessment = Assessment.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=assessment.pk)
    pdf = assessment.pdf
    if assessment.status != Assessment.Status.BUILT or pdf is None:
        raise NotNow(_("Countries read the built draft. Build the PDF of the issue at work first."))
    consultation, _created = Consultation.objects.get_or_create(assessment=assessment)
    before = consultation.latest
    if before and (before.pdf_sha256, before.built_at) == (pdf.sha256, pdf.built_at):
        return before
    build = ConsultedBuild.objects.create(
        consultation=consultation,
        number=before.number + 1 if before else 1,
        pdf_sha256=pdf.sha256,
        snapshot_sha256=assessment.snapshot_sha256,
        snapshot=assessment.snapshot,
        built_at=pdf.built_at,
        found_by=by,
        found_at=clock.now(),
    )
    old = {(one.chapter, one.text): one for one in before.passages.all()} if before else {}
    names = finding.registered_names(assessment.snapshot)
    found = enumerate(finding.passages(assessment.snapshot, assessment.texts, names), start=1)
    Passage.objects.bulk_create(_passage(build, n, one, old.get((one.chapter, one.text))) for n, one in found)
    if before and before.shown_at is None:
        before.delete()
    activity.record(Verb.FIND_PASSAGES, by=by, cycle=assessment.cycle, detail=f"{assessment.issue}, {build.number}")
    return build


def _passage(build: ConsultedBuild, position: int, found: finding.Found, old: Passage | None) -> Passage:
    passage = Passage(
        build=build,
        chapter=found.chapter,
        position=position,
        line=found.line,
        text=found.text,
        referred=found.referred,
        named=found.named,
    )
    if old and (old.referred, old.named) == (found.referred, found.named):
        for field in ("added", "removed", "changed_by", "changed_at", "decision", "decided_by", "decided_at"):
            setattr(passage, field, getattr(old, field))
    return passage


@transaction.atomic
def assign(passage: Passage, countries: Collection[str], *, by: User) -> Passage:
    """Say by hand which countries a passage concerns, by ISO code; a decision on it falls, to be taken anew.

    Raises NotNow once its build is shown, Invalid for a country that takes no part, or if one is left out whose own
    figures or words the passage shows.
    """
    rules.require(by, "prepare_consultation")
    passage = _locked(passage)
    build = passage.build
    if missing := sorted({*passage.referred} - {*countries}):
        names = ", ".join(_name(build, iso2) for iso2 in missing)
        raise Invalid(_("The passage shows figures or words of %s, whom it therefore concerns.") % names)
    by_rule = {*passage.referred, *passage.named}
    if unknown := sorted({*countries} - by_rule - participants(build).keys()):
        raise Invalid(_("No country with the code %s takes part in this assessment.") % ", ".join(unknown))
    added, removed = sorted({*countries} - by_rule), sorted(by_rule - {*countries})
    if (added, removed) == (passage.added, passage.removed):
        return passage
    passage.added, passage.removed = added, removed
    passage.changed_by, passage.changed_at = by, clock.now()
    passage.decision, passage.decided_by, passage.decided_at = "", None, None
    passage.save()
    _record(Verb.ASSIGN_PASSAGE, passage, by)
    return passage


@transaction.atomic
def decide(passage: Passage, decision: str, *, by: User) -> Passage:
    """Decide whether all the countries that a passage concerns see it, or none; an empty decision takes it back.

    Raises NotNow once its build is shown and for a passage about one country or none, Invalid for anything else.
    """
    rules.require(by, "consult")
    passage = _locked(passage)
    if decision and decision not in Passage.Decision.values:
        raise Invalid(_("Choose whether the passage is shown to all of the countries or to none."))
    if not passage.several:
        raise NotNow(_("There is nothing to decide: the passage does not concern several countries."))
    passage.decision = decision
    passage.decided_by, passage.decided_at = (by, clock.now()) if decision else (None, None)
    passage.save()
    _record(Verb.DECIDE_PASSAGE, passage, by)
    return passage


def participants(build: ConsultedBuild) -> dict[str, str]:
    """Return the countries that take part in a build's cycle, also those that have not reported: names by ISO code."""
    return {one.iso2: one.name for one in Document(build.snapshot).participants}


def _locked(passage: Passage) -> Passage:
    Consultation.objects.select_for_update(of=("self",)).get(builds__passages=passage)
    passage = Passage.objects.select_related("build__consultation__assessment__cycle").get(pk=passage.pk)
    if passage.build.shown_at:
        raise NotNow(_("This build is shown to the countries already. Changes are possible before the next build is."))
    return passage


def _name(build: ConsultedBuild, iso2: str) -> str:
    return participants(build).get(iso2, iso2)


def _record(verb: Verb, passage: Passage, by: User) -> None:
    issue = passage.build.consultation.assessment
    detail = f"{issue.issue}, {passage.build.number}, {passage.position}"
    activity.record(verb, by=by, cycle=issue.cycle, detail=detail)
