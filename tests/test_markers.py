"""Who reads what: a marked text is planted in every place, and each role looks for all of them everywhere it gets.

A role asks for every address of tests/addresses.py and follows each link that it finds; of workbooks, PDFs, packages
and what lies within them, the text is read too. It must find exactly the marks that the table gives it.
"""

import fnmatch
import html
import io
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import chain
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.test import Client, override_settings
from django.urls import NoReverseMatch, get_resolver, reverse
from i18nfield.strings import LazyI18nString
from pypdf import PdfReader

from reporting import news
from reporting.assessments import cards, chapters, lifecycle
from reporting.consultation import commenting, opening, preparing
from reporting.models import Assessment, Consultation
from reporting.pdf import cards as drawing
from reporting.pdf import single
from reporting.side_by_side import selections
from reporting.subscriptions import subscribing
from scoreboard import clock, contributors, rehearsal
from scoreboard.cycles import following, rehearsing
from scoreboard.earlier_rounds import hearing
from scoreboard.enquiries import asking, sharing
from scoreboard.evidence import attaching
from scoreboard.models import (
    ActionPlan,
    Assignment,
    Commitment,
    Country,
    Discussion,
    Edition,
    Enquiry,
    Evidence,
    GoodPractice,
    Mail,
    Meeting,
    Membership,
    Paper,
    PaperVersion,
    PeerQuestion,
    PlanAction,
    Post,
    PublishedText,
    Resource,
    ResourceFile,
    Role,
    Space,
    State,
    Statement,
    Submission,
    Suggestion,
    Thread,
    User,
)
from scoreboard.network import (
    discussions,
    good_practice,
    meetings,
    moderation,
    papers,
    practice_decisions,
    publishing,
    resources,
)
from scoreboard.network import learning as peers
from scoreboard.plans import actions, delegating, pieces, register
from scoreboard.plans import commitments as between
from scoreboard.plans.register import PlanFacts
from scoreboard.stakeholders import deciding, writing
from scoreboard.submissions import answering, commitments, reopening, returns, workflow
from scoreboard.threads import discussion
from scoreboard.workshops import joining, recording, sessions
from tests import learning, plans, statements
from tests.addresses import ROLES, ROWS, named_urls
from tests.factories import DECLARATION, a_focal, a_person, a_token, an_officer, fill, given, session_of
from tests.many_requests import people_loaded_once
from tests.world import CYCLES, World, a_world, furnished

pytestmark = pytest.mark.django_db

TABLE = """
mark                visitor nobody contributor focal foreign observer analyst officer admin
# of accepted answers, in an assessment published to everyone
publiccomment       x       x      x           x     x       x        x       x       x
withheldcomment     -       -      -           x     -       -        x       x       -
withheldfigure      -       -      -           x     -       -        x       x       -
nextstep            -       -      x           x     -       -        x       x       -
steplead            -       -      x           x     -       -        x       x       -
stepwords           -       -      -           x     -       -        x       x       -
stepreply           -       -      x           x     -       -        -       -       -
acceptedfilename    -       -      -           x     -       -        x       x       -
acceptedfiletext    -       -      -           x     -       -        x       x       -
versiondigest       -       -      -           x     -       -        x       x       -
# said between the two sides
reopenreason        -       -      -           x     -       -        x       x       x
returnreason        -       -      -           x     -       -        x       x       x
whynotnamed         -       -      -           x     -       -        x       x       x
flagreason          -       -      -           x     -       -        x       x       -
sharedquestion      -       -      -           x     -       -        -       x       -
internalremark      -       -      -           -     -       -        -       x       -
enquiry             -       -      -           x     -       -        -       x       -
shownanswer         -       -      -           x     -       -        -       x       -
sharedanswer        -       -      -           x     x       -        -       x       -
secretariatnote     -       -      -           -     -       -        -       x       -
# what a person calls the token of a program
tokenname           -       -      -           x     -       -        -       -       -
# while the country writes
draftanswer         -       -      -           x     -       -        -       -       -
draftrevision       -       -      -           x     -       -        -       -       -
draftfilename       -       -      -           x     -       -        -       -       -
draftfiletext       -       -      -           x     -       -        -       -       -
handedinanswer      -       -      -           x     -       -        x       x       -
returnedsince       -       -      -           x     -       -        -       -       -
# submitted again after a recall
submittedanswer     -       -      -           x     -       -        x       x       -
recalledanswer      -       -      -           x     -       -        -       -       -
neverhandedin       -       -      -           x     -       -        -       -       -
# of a colleague
opensuggestion      -       -      x           x     -       -        -       -       -
openfilename        -       -      x           x     -       -        -       -       -
openfiletext        -       -      x           x     -       -        -       -       -
declinedsuggestion  -       -      x           -     -       -        -       -       -
declinednote        -       -      x           x     -       -        -       -       -
declinedfiletext    -       -      x           x     -       -        -       -       -
# of a workshop: a note on a draft's answer, one on an accepted and published answer, and who was in the room
draftreasons        -       -      -           x     -       -        -       -       -
draftdissent        -       -      -           x     -       -        -       -       -
acceptedreasons     -       -      -           x     -       -        -       -       -
accepteddissent     -       -      -           x     -       -        -       -       -
participantname     -       -      -           x     -       -        -       -       -
participantagency   -       -      -           x     -       -        -       -       -
# of an organisation's statements: its observer's, others' once they are filed, shared or published; files never are
statementdraft      -       -      -           -     -       x        -       -       -
draftedfilename     -       -      -           -     -       x        -       -       -
draftedfiletext     -       -      -           -     -       x        -       -       -
filedstatement      -       -      -           -     -       x        -       x       -
filedfiletext       -       -      -           -     -       x        -       x       -
sharedstatement     -       -      -           x     -       x        -       x       -
sharedfiletext      -       -      -           x     -       x        -       x       -
unpublishedreply    -       -      -           x     -       -        -       x       -
publicstatement     x       x      x           x     x       x        x       x       x
publicreply         x       x      x           x     x       x        x       x       x
publicfilename      -       -      -           x     -       x        -       x       -
replacedreply       -       -      -           x     -       -        -       x       -
withdrawnstatement  -       -      -           x     -       x        -       x       -
withdrawalreason    -       -      -           x     -       x        -       x       -
# of a space of Malta's focal point and the invited observer; what is hidden, and a draft of minutes, are officers'
spacetext           -       -      -           x     -       x        -       x       -
spacefilename       -       -      -           x     -       x        -       x       -
spacefiletext       -       -      -           x     -       x        -       x       -
spacehidden         -       -      -           -     -       -        -       x       -
spacehiddentitle    -       -      -           -     -       -        -       x       -
spacehiddenpaper    -       -      -           -     -       -        -       x       -
spacereason         -       -      -           x     -       x        -       x       -
spacedecision       -       -      -           x     -       x        -       x       -
spaceminutes        -       -      -           -     -       -        -       x       -
spacepublic         x       x      x           x     x       x        x       x       x
# of action plans: read by the country alone, by the Secretariat too, by everybody; the contributor has one action
ownplan             -       -      -           x     -       -        -       -       -
ownplannote         -       -      -           x     -       -        -       -       -
shownplan           -       -      x           x     -       -        x       x       -
givenaction         -       -      x           x     -       -        x       x       -
givennote           -       -      x           x     -       -        x       x       -
giventext           -       -      x           x     -       -        x       x       -
otheraction         -       -      -           x     -       -        x       x       -
planfilename        -       -      -           x     -       -        x       x       -
plannedbefore       -       -      -           x     -       -        -       -       -
checknote           -       -      -           x     -       -        x       x       -
publicplan          x       x      x           x     x       x        x       x       x
publicplannote      -       -      -           x     -       -        x       x       -
publicplanfile      -       -      -           x     -       -        x       x       -
takenback           -       -      -           x     -       -        -       -       -
# what people learn from each other: Malta asks Greece; Malta's good practice, and what it offers Greece to sign
peerquestion        -       -      -           x     x       -        -       x       -
peeranswer          -       -      -           x     x       -        -       x       -
declinereason       -       -      -           x     x       -        -       x       -
practicedraft       -       -      -           x     -       -        -       -       -
practicetosign      -       -      -           x     x       -        -       x       -
practicetocheck     -       -      -           x     -       -        -       x       -
practicerefusal     -       -      -           x     -       -        -       x       -
publicpractice      x       x      x           x     x       x        x       x       x
withdrawnpractice   -       -      -           x     -       -        -       x       -
proposedresource    -       -      -           -     -       x        -       x       -
proposedfiletext    -       -      -           -     -       x        -       x       -
refusedresource     -       -      -           -     -       x        -       x       -
resourcerefusal     -       -      -           -     -       x        -       x       -
publicresource      x       x      x           x     x       x        x       x       x
resourcefiletext    x       x      x           x     x       x        x       x       x
# of an assessment at work
unapprovedchapter   -       -      -           -     -       -        x       x       -
ownpassage          -       -      -           x     -       -        x       x       -
otherpassage        -       -      -           -     -       -        x       x       -
countrycomment      -       -      -           x     -       -        x       x       -
commentanswer       -       -      -           x     -       -        x       x       -
# of notices without an account: an address, which only its own link shows, and a line of news before and after removal
subscriberaddress   -       -      -           -     -       -        -       -       -
newsline            x       x      x           x     x       x        x       x       x
removednews         -       -      -           -     -       -        -       x       -
# of countries side by side: a selection that somebody saved
selectionname       -       -      -           -     -       x        -       -       -
# of the rehearsal, which has its own pages
rehearsal           -       -      -           -     -       -        -       -       -
"""
COLUMNS, *LINES = [line for line in TABLE.splitlines() if line.strip() and not line.startswith("#")]
MAY_READ = {
    role: {line.split()[0] for line in LINES if line.split()[column] == "x"}
    for column, role in enumerate(COLUMNS.split())
    if column
}
ALL = {line.split()[0] for line in LINES}

# Before an operator deletes a person, all that refers to them is listed, that of the rehearsal too.
DELETING_A_PERSON = re.compile("/admin/scoreboard/user/[0-9]+/delete/")

# What a person gets of their own data, and what is listed before an account is anonymised, is that of both worlds.
OF_BOTH_WORLDS = re.compile("/accounts/profile/data/|/admin/scoreboard/user/[0-9]+/anonymise/")

# What the members' search is asked for: it finds each mark of spaces, questions, good practice and resources.
WORDS_OF_MARKS = (
    "qzspace",
    "qzpeer",
    "qzpractice",
    "qzpublic",
    "qzproposed",
    "qzrefused",
    "qzwithdrawn",
    "plan",
    "talk",
)

STATES = ("draft", "submitted", "returned", "accepted")

# What no visitor gets: nothing of it may be kept by a cache.
PRIVATE = {row.name for row in ROWS if row.method == "GET" and row.statuses[0] not in ("200", "202", "302")}


def mark(name: str) -> str:
    """Return the text that is planted: nothing else looks like it, and no line breaks within."""
    assert name in ALL
    return f"qz{name}zq"


MARK = re.compile("qz(?=([a-z]+?)zq)")  # at each beginning, as one may be cut off or typed


@dataclass
class Found:
    """What a role found: where each mark stands, and the answers that a cache may keep."""

    marks: dict[str, set[str]] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)
    cached: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def files(settings, folder):
    settings.MEDIA_ROOT = str(folder)


@pytest.fixture(scope="module")
def world(module_db, folder) -> Iterator[World]:
    """The world of all tables with the marks planted in it."""
    with furnished(folder):
        made = a_world()
    with override_settings(MEDIA_ROOT=str(folder)), people_loaded_once():
        yield planted(made)


def planted(world: World) -> World:
    """Plant every mark by the verbs that people use."""
    found = {name: Submission.objects.get(pk=world.words[name]) for name in STATES}
    focal, officer = world.people["focal"], an_officer()
    assert focal == a_focal(found["draft"].country)
    _draft(found["draft"], focal, world.people["contributor"], officer)
    _returned(found["returned"], focal, officer)
    _submitted(found["submitted"], focal, officer)
    following.write_note(found["accepted"], note=mark("secretariatnote"), seen="", by=officer)
    a_token(focal, name=mark("tokenname"))
    words = _accepted(found["accepted"], focal, officer, world.people["analyst"])
    _stated(found["draft"], found["accepted"], world.people["observer"], focal)
    _networked(Space.objects.get(pk=world.words["space"]), focal, officer)
    _planned(found["accepted"].country, focal, world.people["contributor"], officer)
    _noticed(officer)
    _learned(world.people["observer"], focal, officer)
    selections.save(world.people["observer"], name=mark("selectionname"), query="country=MT&country=GR")
    earlier = Submission.objects.get(pk=world.words["earlier"])
    hearing.object_to_name(earlier, reason=mark("whynotnamed"), by=focal)
    _rehearsed(found["draft"].cycle.edition, focal, officer)
    return World(world.people, world.words | words)


def save(submission: Submission, code: str, by: User, **what) -> None:
    """Save an answer as somebody who has seen the one that stands."""
    seen = dict(submission.answers.values_list("indicator__code", "revision"))
    outcome = answering.save_answers(submission, {code: given("unknown", why="A slip.", **what)}, by=by, seen=seen)
    assert not outcome.problems


def a_colleague(focal: User) -> User:
    """Return another focal point of the same country, whose saves are not folded into those of the first."""
    return a_person(Role.FOCAL, focal.memberships.get(role=Role.FOCAL).country)


def a_file(name: str, text: str) -> ContentFile:
    return ContentFile(f"{mark(text)}\n".encode(), name=f"{name}.txt")


def _draft(draft: Submission, focal: User, contributor: User, officer: User) -> None:
    save(draft, "R2", a_colleague(focal), comment=mark("shownanswer"))
    asked = asking.ask(draft, mark("enquiry"), code="R2", show_answer=True, by=focal)
    asking.answer(asked, "It counts.", by=officer)
    sharing.share(asked, question="Does it count?", answer=mark("sharedanswer"), by=officer)
    save(draft, "R2", focal, comment="Later.")
    save(draft, "R2", a_colleague(focal), comment=mark("draftrevision"))
    save(draft, "R2", focal, comment=mark("draftanswer"))
    agree(draft, "R2", focal, reasons="draftreasons", dissent="draftdissent")
    attaching.add_file(draft, "R2", a_file(mark("draftfilename"), "draftfiletext"), by=focal)
    part = Assignment.objects.get(submission=draft, person=contributor)
    person = User.objects.get(pk=contributor.pk)
    declined, opened = [one.code for one in part.indicators.order_by("position") if one.code != "P1"][:2]
    contributors.suggest_file(part, declined, a_file("declined", "declinedfiletext"), by=person)
    suggestion = contributors.suggest(part, declined, given("unknown", comment=mark("declinedsuggestion")), by=person)
    contributors.decline(suggestion, note=mark("declinednote"), by=focal)
    contributors.suggest_file(part, opened, a_file(mark("openfilename"), "openfiletext"), by=person)
    contributors.suggest(part, opened, given("unknown", comment=mark("opensuggestion")), by=person)


def agree(submission: Submission, code: str, focal: User, *, reasons: str, dissent: str) -> None:
    """Let a workshop agree on the indicator `code`, with a participant whose name and agency are marks."""
    indicator = next(one for one in submission.cycle.edition.all_indicators if one.code == code)
    workshop = sessions.open_workshop(submission, indicator.area, by=focal)
    person = joining.join(workshop.code, name=mark("participantname"), agency=mark("participantagency"))
    joining.admit(workshop, [person.pk], by=focal)
    for step in (sessions.ask, sessions.show):
        step(workshop, code, by=focal)
    seen = dict(submission.answers.values_list("indicator__code", "revision")).get(code, 0)
    said = {"reasons": mark(reasons), "dissent": mark(dissent), "why": "A slip."}
    recording.record(workshop, code, level=indicator.ladder[0].value, **said, seen=seen, by=focal)


def _returned(returned: Submission, focal: User, officer: User) -> None:
    save(returned, "P1", focal, comment=mark("handedinanswer"))
    number = workflow.submit(returned, by=focal, **DECLARATION).version.number
    returns.flag(returned, "P1", mark("flagreason"), by=officer)
    workflow.return_for_changes(returned, by=officer, comment=mark("returnreason"), version=number)
    save(returned, "P1", focal, comment=mark("returnedsince"))


def _submitted(submitted: Submission, focal: User, officer: User) -> None:
    workflow.recall(submitted, by=focal)
    save(submitted, "P1", focal, comment=mark("recalledanswer"))
    workflow.submit(submitted, by=focal, **DECLARATION)
    workflow.recall(submitted, by=focal)
    save(submitted, "P1", a_colleague(focal), comment=mark("neverhandedin"))
    save(submitted, "P1", focal, comment=mark("submittedanswer"))
    workflow.submit(submitted, by=focal, **DECLARATION)
    discussion.open_thread(submitted, "P1", mark("internalremark"), shared=False, by=officer)
    discussion.open_thread(submitted, "P1", mark("sharedquestion"), shared=True, by=officer)


def _accepted(accepted: Submission, focal: User, officer: User, analyst: User) -> dict[str, object]:
    """Reopen what is accepted, say more, and publish it: a true PDF with the tables and the data within it."""
    workflow.reopen(accepted, by=officer, comment=mark("reopenreason"))
    accepted.refresh_from_db()
    save(accepted, "P1", focal, comment=mark("publiccomment"))
    agree(accepted, "P1", focal, reasons="acceptedreasons", dissent="accepteddissent")
    save(accepted, "P2", focal, comment=mark("withheldcomment"), comment_withheld=True, next_step=mark("nextstep"))
    save(accepted, "P3", focal, next_step="Buy a boat.", next_step_lead=mark("steplead"))
    row = {"year": 2018, "species": mark("withheldfigure"), "place": "quay"}
    save(accepted, "Q2", focal, figures=[row], figures_withheld=True)
    attaching.add_file(accepted, "P1", a_file(mark("acceptedfilename"), "acceptedfiletext"), by=focal)
    version = workflow.submit(accepted, by=focal, **DECLARATION).version
    workflow.accept(accepted, by=officer, version=version.number)
    step = Commitment.objects.get(indicator__code="P2")
    between.report(step, status="partly", words=mark("stepwords"), seen=0, by=focal)
    draft = Submission.objects.get(country=accepted.country_id, state="draft", cycle__code=CYCLES[State.DRAFT])
    commitments.reply(draft, step.pk, status="not", words=mark("stepreply"), seen=0, by=focal)
    issue = lifecycle.consolidate(accepted.cycle, by=officer, public=True)
    for chapter in issue.chapters.exclude(text=""):
        chapters.confirm(chapter, by=officer, snapshot_sha256=issue.snapshot_sha256)
        chapters.approve(chapter, by=officer, seen=chapter.revision)
    lifecycle.perform(lifecycle.request_build(issue, by=officer, document_number="Doc.8"))
    built = Assessment.objects.get(pk=issue.pk)
    assert built.pdf
    read = {"snapshot": built.snapshot_sha256, "file": built.pdf.sha256, "early": "Nobody else takes part."}
    read |= {"unheard": "It is right."}
    published = lifecycle.publish(built, audience="everyone", by=officer, incomplete=True, **read)
    next_one = lifecycle.consolidate(accepted.cycle, by=officer, public=True)
    chapter = next_one.chapters.get(key="summary")
    chapters.save(chapter, mark("unapprovedchapter"), by=analyst, seen=chapter.revision)
    others = f"Malta: {mark('ownpassage')}.\n\nGreece: {mark('otherpassage')}."
    chapter = next_one.chapters.get(key="conclusions")
    chapters.save(chapter, others, by=analyst, seen=chapter.revision)
    lifecycle.perform(lifecycle.request_build(next_one, by=officer, document_number="Doc.9"))
    _consulted(Assessment.objects.get(pk=next_one.pk), accepted, focal, officer)
    return {"everyone": published.pk, "built": next_one.pk, "digest": version.digest}


def _consulted(issue: Assessment, accepted: Submission, focal: User, officer: User) -> None:
    """Open a consultation in which Malta comments, and is answered."""
    build = preparing.prepare(issue, by=officer)
    until = issue.cycle.day() + timedelta(days=9)
    opening.open_consultation(build.consultation, until=until, build=build.number, by=officer)
    said = commenting.comment(build, accepted, mark("countrycomment"), by=focal)
    commenting.answer(said, mark("commentanswer"), outcome="corrected", by=officer)


def _stated(draft: Submission, accepted: Submission, observer: User, focal: User) -> None:
    """Plant what an organisation writes at each stage, on the draft's country and on the one that is published."""
    observer = User.objects.get(pk=observer.pk)

    def statement(submission: Submission, name: str, filename: str, filetext: str) -> Statement:
        begun = statements.a_draft(submission, observer, text=mark(name))
        writing.add_file(begun, a_file(filename, filetext), by=observer)
        return begun

    def filed(*what) -> Statement:
        begun = statement(*what)
        return writing.file(begun, seen=begun.revision, by=observer)

    statement(draft, "statementdraft", mark("draftedfilename"), "draftedfiletext")
    filed(draft, "filedstatement", "filed", "filedfiletext")
    shared = deciding.share(filed(draft, "sharedstatement", "shared", "sharedfiletext"), by=an_officer())
    deciding.reply(shared, mark("unpublishedreply"), seen=shared.revision, by=focal)
    public = filed(accepted, "publicstatement", mark("publicfilename"), "sharedfiletext")
    deciding.reply(deciding.share(public, by=an_officer()), mark("replacedreply"), seen=public.revision, by=focal)
    statements.published(Statement.objects.get(pk=public.pk), reply=mark("publicreply"))
    withdrawn = statements.published(filed(accepted, "withdrawnstatement", "withdrawn", "sharedfiletext"))
    writing.withdraw(withdrawn, reason=mark("withdrawalreason"), by=observer)


def _networked(space: Space, focal: User, officer: User) -> None:
    """Plant what is written in a space: for its members, for officers alone, and for everybody."""
    focal = User.objects.get(pk=focal.pk)
    talk = discussions.start(space, title="Talk", text=mark("spacetext"), by=focal)
    slip = discussions.reply(talk, mark("spacehidden"), by=focal)
    moderation.hide(slip, reason=mark("spacereason"), by=officer)
    other = discussions.start(space, title=mark("spacehiddentitle"), text=mark("spacehidden"), by=focal)
    moderation.hide(other, reason="Off topic.", by=officer)
    papers.add(space, title="Plan", file=a_file(mark("spacefilename"), "spacefiletext"), by=focal)
    rude = papers.add(space, title=mark("spacehiddenpaper"), file=a_file("rude", "spacehidden"), by=focal)
    moderation.hide(rude, reason="A name.", by=officer)
    meeting = space.meetings.get()
    meetings.decide(meeting.items.all()[0], mark("spacedecision"), by=officer)
    meetings.save_minutes(meeting, mark("spaceminutes"), seen=meeting.minutes_revision, by=officer)
    text = publishing.ask(discussions.reply(talk, mark("spacepublic"), by=officer), title="Public", by=officer)
    publishing.publish(text, names_nobody=True, by=officer)


def _planned(malta: Country, focal: User, contributor: User, officer: User) -> None:
    """Plant action plans for each kind of reader, with notes, evidence, files, and a title that was changed before."""
    focal = User.objects.get(pk=focal.pk)

    def noted(plan: ActionPlan, text: str, name: str) -> PlanAction:
        action = plans.an_action(plan, text)
        return actions.note(action, status="under_way", text=mark(name), seen=action.revision, by=focal)

    noted(plans.a_plan(malta, mark("ownplan")), mark("ownplan"), "ownplannote")
    shown = plans.a_plan(malta, mark("plannedbefore"))
    register.save(shown, PlanFacts(title=mark("shownplan"), scope=mark("shownplan")), seen=0, by=focal)
    given = noted(shown, mark("givenaction"), "givennote")
    plans.an_action(shown, mark("otheraction"))
    with clock.at(clock.now() + timedelta(seconds=1)):
        register.show(shown, "secretariat", by=focal)
    pieces.add_file(shown, a_file("proof", "giventext"), by=focal, action=given)
    pieces.add_file(shown, a_file(mark("planfilename"), "planfilename"), by=focal)
    until = clock.today() + timedelta(days=7)
    delegating.delegate(shown, [given], email=contributor.email, name="", until=until, by=focal)
    register.check(shown, note=mark("checknote"), seen=register.latest_change(shown), by=officer)
    public = plans.a_plan(malta, mark("publicplan"), shown="everybody")
    action = noted(public, mark("publicplan"), "publicplannote")
    pieces.add_file(public, a_file(mark("publicplanfile"), "publicplanfile"), by=focal)
    pieces.add_link(public, f"https://example.org/{mark('publicplannote')}", by=focal, action=action)
    taken = plans.a_plan(malta, mark("takenback"), shown="everybody")
    register.show(taken, "country", by=focal)


def _learned(observer: User, focal: User, officer: User) -> None:
    """Plant what countries ask each other, and good practice and resources at each stage."""
    malta, observer = focal.memberships.get(role=Role.FOCAL).country, User.objects.get(pk=observer.pk)
    question = learning.answered(mark("peeranswer"), asking="MT", of="GR")
    asked = learning.asked(mark("peerquestion"))
    peers.decline(asked, reason=mark("declinereason"), by=a_focal(asked.asked))
    tagged = {"indicators": [learning.an_indicator()], "by": focal}
    good_practice.propose(question, title="Offered", text=mark("practicetosign"), **tagged)
    learning.a_practice(malta, text=mark("practicedraft"))
    learning.offered(signer=malta, text=mark("practicetocheck"))
    practice_decisions.refuse(learning.offered(signer=malta), reason=mark("practicerefusal"), by=officer)
    learning.published_practice(signer=malta, text=mark("publicpractice"))
    withdrawn = learning.published_practice(signer=malta, text=mark("withdrawnpractice"))
    practice_decisions.withdraw(withdrawn, reason="It changed.", by=focal)
    proposed = learning.a_resource(observer, summary=mark("proposedresource"))
    learning.a_file(proposed, name="p.txt", content=mark("proposedfiletext").encode(), by=observer)
    refused = learning.a_resource(observer, summary=mark("refusedresource"))
    resources.refuse(refused, reason=mark("resourcerefusal"), by=officer)
    public = learning.a_resource(summary=mark("publicresource"))
    learning.a_file(public, name="p.txt", content=mark("resourcefiletext").encode())


def _noticed(officer: User) -> None:
    """Plant an address with a mail that failed, and lines of news."""
    subscribing.ask(f"{mark('subscriberaddress')}@example.org")
    Mail.objects.exclude(subscriber=None).update(state=Mail.State.FAILED, error=mark("subscriberaddress"))
    news.write(mark("newsline"), by=officer)
    news.remove(news.write(mark("removednews"), by=officer), by=officer)


def _rehearsed(edition: Edition, focal: User, officer: User) -> None:
    """Plant the mark in every place that a rehearsal has, with people who have a role outside it too."""
    rehearsing.start(edition, by=officer)
    with rehearsal.within():
        country = Country.objects.get()
        Country.objects.update(name=LazyI18nString({"en": mark("rehearsal")}))
        Membership.objects.create(person=focal, role=Role.FOCAL, country=country)
        trainee, submission = User.objects.get(pk=focal.pk), Submission.objects.get()
        fill(submission, by=trainee)
        save(submission, "P1", trainee, comment=mark("rehearsal"))
        attaching.add_file(submission, "P1", a_file(mark("rehearsal"), "rehearsal"), by=trainee)
        version = workflow.submit(submission, by=trainee, **DECLARATION).version
        discussion.open_thread(submission, "P1", mark("rehearsal"), shared=True, by=officer)
        asked = asking.ask(submission, mark("rehearsal"), code="P1", show_answer=True, by=trainee)
        sharing.share(asked, question="Does it count?", answer=f"It{mark('rehearsal')}s", by=officer)  # no name
        workflow.accept(submission, by=officer, version=version.number)
        reopening.ask(submission, by=trainee, reason=mark("rehearsal"))
        plans.a_plan(country, mark("rehearsal"), shown="everybody")
        Mail.objects.update(state=Mail.State.FAILED, error=mark("rehearsal"), sent_at=None)


class Crawler:
    """One role on its way through everything that it is let into."""

    def __init__(self, world: World, role: str) -> None:
        self.client, self.role, self.found = Client(), role, Found()
        self.person = world.people[role]
        self.session = ""
        self.digest = str(world.words["digest"])
        self.waiting = deque(seeds(world))
        self.asked: set[str] = set()
        self.queries: dict[str, int] = {}

    def run(self) -> Found:
        while self.waiting:
            address = self.waiting.popleft()
            if address not in self.asked and self._wanted(address):
                self.asked.add(address)
                self._visit(address)
        return self.found

    def _wanted(self, address: str) -> bool:
        """Whether an address is the portal's to answer; of the same page with other queries a few are enough."""
        parts = urlsplit(address)
        if (
            rehearsal.is_below(parts.path)
            or not parts.path.startswith("/")
            or parts.path.startswith(("/static/", "//"))
            or "logout" in parts.path
        ):
            return False
        if parts.path.startswith("/admin/") and parts.query:
            return False  # the same rows in another order
        if parts.path.endswith(".png") or "format=png" in parts.query:
            return False  # a picture of what is read as SVG
        self.queries[parts.path] = self.queries.get(parts.path, 0) + 1
        return self.queries[parts.path] <= 12

    def _visit(self, address: str) -> None:
        self._sign_in()
        response = self.client.get(address)
        if response.status_code == 202 and single.make_waiting():  # a paper that the worker makes
            response = self.client.get(address)
        body, kind = response.getvalue(), response.get("Content-Type", "").split(";")[0]
        self.found.pages[address] = response.status_code
        if "private" not in response.get("Cache-Control", "") or "no-store" not in response["Cache-Control"]:
            self.found.cached.add(address)
        if location := response.get("Location"):
            self.waiting.append(urlsplit(location)._replace(scheme="", netloc="").geturl())
        text = "".join([*response.headers.values(), *texts(body)])  # an ETag tells nothing either
        squeezed = re.sub(r"\s|\u00ad", "", html.unescape(text))
        names = ALL.intersection(MARK.findall(squeezed))
        if self.digest in squeezed:
            names.add("versiondigest")
        if OF_BOTH_WORLDS.fullmatch(address):
            names.discard("rehearsal")
        for name in names if not DELETING_A_PERSON.fullmatch(address) else ():
            self.found.marks.setdefault(name, set()).add(address)
        if kind == "text/html":
            self._follow(address, re.findall(r'(?:href|src)="([^"#]+)', text))
        elif kind in ("application/json", "text/csv"):
            self._follow(address, re.findall(r'"http://testserver(/[^"]*)"', text))

    def _sign_in(self) -> None:
        """Sign in, again where the page before has ended the session."""
        cookie = self.client.cookies.get("sessionid")
        if self.person and (cookie is None or cookie.value != self.session):
            self.session = session_of(self.person)
            self.client.cookies["sessionid"] = self.session

    def _follow(self, page: str, links: list[str]) -> None:
        for link in links:
            address = html.unescape(link)
            self.waiting.append(urlsplit(page).path + address if address.startswith("?") else address)


def seeds(world: World) -> Iterator[str]:
    """Yield every address of the table that is asked for by GET, and every pair of states to compare."""
    for row in ROWS:
        for name in fnmatch.filter(named_urls(), row.name):
            if row.method == "GET":
                try:
                    yield row.address(world, name=name)
                except NoReverseMatch:
                    continue
    for state in STATES:
        address = reverse("submission_compare", args=[world.words[state]])
        yield from (f"{address}?from={one}&to={other}" for one in (1, 2, 3) for other in ("now", 1, 2, 3))
        yield from (reverse("submission_version", args=[world.words[state], number]) for number in (1, 2, 3))
        yield from (reverse("submission_receipt", args=[world.words[state], number]) for number in (1, 2, 3))
        yield from (reverse("receipt_pdf", args=[world.words[state], number]) for number in (1, 2, 3))
        yield from (
            reverse("submission_answer_history", args=[world.words[state], code]) for code in ("P1", "P2", "Q2", "R2")
        )
        for name in ("submission_read", "submission_pdf", "submission_json", "submission_workbook_file", "review"):
            yield reverse(name, args=[world.words[state]])
        yield from (reverse("review_area", args=[world.words[state], area]) for area in "PQR")
        yield reverse("submission-detail", args=[world.words[state]])
    for statement in Statement.objects.all():
        yield reverse("statement", args=[statement.pk])
        yield from (reverse("statement_piece", args=[statement.pk, piece.pk]) for piece in statement.pieces.all())
    for plan in ActionPlan.objects.all():
        yield from (reverse(name, args=[plan.pk]) for name in ("plan", "plan_history", "plan_edit", "plan_files"))
        yield from (reverse("published_plan", args=["mt", plan.pk]), reverse("plan-detail", args=[plan.pk]))
        yield from (reverse("plan_file", args=[plan.pk, piece.pk]) for piece in plan.pieces.all())
        yield from (reverse("plan_action", args=[plan.pk, one.number]) for one in plan.actions.all())
    for piece in Evidence.objects.all():  # files are asked for by their number too
        owner = (piece.answer or piece.suggestion).submission_id
        yield reverse("evidence_file", args=[owner, piece.pk])
    yield from (reverse("submission_suggestion", args=[one.submission_id, one.pk]) for one in Suggestion.objects.all())
    yield from (reverse("enquiry", args=[enquiry.pk]) for enquiry in Enquiry.objects.all())
    for one in Consultation.objects.all():
        yield from (reverse(name, args=[one.pk]) for name in ("consultation", "consultation_passages"))
        yield from (reverse("consultation_country", args=[one.pk, iso2]) for iso2 in ("mt", "gr"))
    yield from (reverse("thread", args=[thread.pk]) for thread in Thread.objects.all())
    yield from (reverse("peer_question", args=[one.pk]) for one in PeerQuestion.objects.all())
    yield from (reverse("good_practice", args=[one.pk]) for one in GoodPractice.objects.all())
    yield from (reverse("resource", args=[one.pk]) for one in Resource.objects.all())
    yield from (reverse("resource_file", args=[one.resource_id, one.pk]) for one in ResourceFile.objects.all())
    yield from space_addresses()


def space_addresses() -> Iterator[str]:
    """Yield the address of everything in spaces, by its number, and searches for what is planted."""
    things = {
        "space": Space,
        "space_members": Space,
        "space_archive_file": Space,
        "discussion": Discussion,
        "post": Post,
    }
    things |= {"paper": Paper, "meeting": Meeting, "published_text": PublishedText}
    things |= {"published_text_file": PublishedText, "published_text_answer": PublishedText}
    for name, model in things.items():
        yield from (reverse(name, args=[pk]) for pk in model.objects.values_list("pk", flat=True))
    yield from (reverse("paper_file", args=[one.paper_id, one.number]) for one in PaperVersion.objects.all())
    yield from (f"{reverse('space_search')}?q={word}" for word in WORDS_OF_MARKS)


def texts(content: bytes) -> Iterator[str]:
    """Yield what a file says, with what is packed and attached within it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from texts(archive.read(name))
    elif content.startswith(b"%PDF"):
        yield from pdf_texts(content)
    else:
        yield content.decode("utf-8", errors="replace")


@cache
def pdf_texts(content: bytes) -> list[str]:
    """Return what a PDF says, with what is attached to it; many roles get the same one."""
    pdf = PdfReader(io.BytesIO(content))
    attached = [text for name, files in pdf.attachments.items() for text in (name, *chain(*map(texts, files)))]
    return [str(pdf.metadata), *(page.extract_text() for page in pdf.pages), *attached]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_finds_the_marks_that_are_for_it_and_no_other(role, world):
    found = Crawler(world, role).run()
    leaks = {name: sorted(found.marks[name]) for name in found.marks.keys() - MAY_READ[role]}
    assert leaks == {}, sorted(leaks)
    assert MAY_READ[role] - found.marks.keys() == set()
    assert {address: status for address, status in found.pages.items() if status >= 500} == {}
    cached = {address for address in found.cached if found.pages[address] < 400}
    if role == "visitor":
        names = {address: get_resolver().resolve(urlsplit(address).path).url_name for address in cached}
        assert [address for address, name in names.items() if name in PRIVATE] == []
    else:
        assert cached == set()


@pytest.mark.parametrize("role", ["visitor", "observer"])
def test_the_search_and_an_error_give_no_mark_away(role, world):
    """Nothing is found for a private word, and no sentence about an unknown address says more than what was typed."""
    client = Client()
    if world.people[role]:
        client.cookies["sessionid"] = session_of(world.people[role])
    counts = {name: client.get("/search/", {"q": mark(name)}).context["count"] for name in ALL}
    assert {name for name, count in counts.items() if count} == {
        "publiccomment",
        "publicplan",
        "publicpractice",
        "publicresource",
        "spacepublic",
    }
    for path in (
        "/explore/?area=no&cycles=1999&group=no",
        "/countries/no/",
        "/indicators/no/",
        "/embed/en/explore/?area=no",
    ):
        said = client.get(path).content.decode()
        assert not [name for name in ALL - MAY_READ[role] if mark(name) in said], path


def test_no_card_shows_a_mark(world, monkeypatch):
    """What the worker draws for everybody: a picture cannot be searched, so what it is to say is."""
    said = []
    monkeypatch.setattr(drawing, "pictures", lambda some, *, portal: said.append(repr(some)) or [])
    for issue in Assessment.objects.filter(status="published", audience="everyone"):
        with pytest.raises(ValueError, match="zip"):
            cards.make(issue)
    assert len(said) > 1
    assert [name for name in ALL if mark(name) in "".join(said)] == []
