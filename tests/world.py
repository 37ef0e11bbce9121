"""One of everything, and somebody of every role: what the tests of whole tables fill addresses with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from unittest.mock import patch

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.files.base import ContentFile
from django.test import override_settings
from i18nfield.strings import LazyI18nString

from reporting import news
from reporting.assessments import cards, chapters, earlier_reports, lifecycle
from reporting.consultation import commenting, opening, preparing
from reporting.models import Assessment, Chapter
from reporting.pdf import assessment as pdf
from reporting.pdf import cards as drawing
from reporting.subscriptions import subscribing
from scoreboard import clock, contributors
from scoreboard.cycles import extension_requests
from scoreboard.earlier_rounds import hearing, names
from scoreboard.enquiries import asking, sharing
from scoreboard.evidence import attaching
from scoreboard.mail import keys, letters
from scoreboard.models import (
    AccessRequest,
    Commitment,
    Country,
    CountryGroup,
    Cycle,
    Edition,
    Mail,
    Membership,
    Organisation,
    RememberedName,
    ResultsImport,
    Role,
    State,
    Submission,
    Subscriber,
    Thread,
    User,
    Webhook,
)
from scoreboard.network import (
    discussions,
    good_practice,
    meetings,
    membership,
    papers,
    practice_decisions,
    publishing,
    resources,
)
from scoreboard.network import spaces as archiving
from scoreboard.network.spaces import Audience
from scoreboard.people import invitations, networks, requests
from scoreboard.plans import delegating, pieces, register
from scoreboard.stakeholders import deciding, writing
from scoreboard.submissions import answering, claims, on_behalf, workflow
from scoreboard.webhooks import register as webhooks
from scoreboard.webhooks import writing as messages
from scoreboard.workshops import joining, rating, sessions
from tests import earlier_rounds, learning, plans, second_factors, small_pdfs, spaces, statements
from tests.factories import (
    HARBOUR,
    SCOREBOARD,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    a_token,
    an_edition,
    an_officer,
    given,
    submission_at,
)
from tests.strategic_plans import a_strategic_plan

# Malta's submissions, one in each state, each in a cycle of its own; Greece takes part in the first alone.
CYCLES = {State.DRAFT: "2026", State.SUBMITTED: "2023", State.RETURNED: "2021", State.ACCEPTED: "2019"}
PLANNED = "2029"
EARLIER = "2014"


@dataclass(frozen=True)
class World:
    """`people` by role, None for nobody signed in; `words` are what an address may be filled with, by name."""

    people: dict[str, User | None]
    words: dict[str, object]


@contextmanager
def furnished(files) -> Iterator[None]:
    """Quick passwords, small PDFs, and `files` as the folder of what is built."""
    with (
        override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], MEDIA_ROOT=str(files)),
        patch.object(pdf, "assessment_pdf", small_pdfs.assessment_pdf),
        patch.object(pdf, "unavailable", lambda: None),
    ):
        yield


def a_world(edition=HARBOUR) -> World:
    """Return a world in which the submissions answer `edition`; an officer could also use another one."""
    malta, greece = a_country("MT"), a_country("GR")
    Country.objects.filter(pk=malta.pk).update(subregion="Southern Europe")
    used = an_edition(edition)
    other = an_edition(SCOREBOARD if edition == HARBOUR else HARBOUR)
    a_strategic_plan()
    people = {
        "visitor": None,
        "nobody": a_person(name="Noel Nobody"),
        "contributor": a_person(Role.CONTRIBUTOR, malta),
        "focal": a_focal(malta),
        "foreign": a_focal(greece),
        "observer": a_person(Role.OBSERVER),
        "analyst": a_person(Role.ANALYST),
        "officer": an_officer(),
        "admin": a_person(name="Ada Administrator", is_staff=True),
    }
    submissions, today = {}, clock.now().date()
    special: dict[State, dict] = {
        State.SUBMITTED: {"opens": today - timedelta(days=60), "deadline": today - timedelta(days=7)},  # so it is late
        State.RETURNED: {"is_example": True},
        State.ACCEPTED: {"opens": today - timedelta(days=90)},  # so it is last time, for the others
    }
    for state, code in CYCLES.items():
        countries = [malta, greece] if state == State.DRAFT else [malta]
        cycle = a_cycle(countries, edition=used, code=code, **special.get(state, {}))
        if state == State.ACCEPTED:
            _furnish(cycle.submissions.get(), people["focal"])
        submissions[state.value] = submission_at(state, malta, cycle)
    a_cycle([malta], edition=used, code=PLANNED, opened=False)
    asks = Submission.objects.get(country=greece)
    extension_requests.ask(asks, until=asks.due + timedelta(days=9), reason="A ministry moves.", by=people["foreign"])
    words = {word: submission.pk for word, submission in submissions.items()}
    words |= {"foreign": Submission.objects.get(country=greece).pk}
    words |= {word: issue.pk for word, issue in _issues(submissions["accepted"].cycle).items()}
    built = Assessment.objects.get(pk=words["built"])
    words |= {"chapter": built.chapters.get(key="area-P").pk, "snapshot": built.snapshot_sha256}
    words |= {"pdf": built.pdf.sha256}
    words |= _consultation(built, people)
    words |= _dialogue(submissions, people)
    words |= {"step": Commitment.objects.get().pk}
    words |= _enquiries(submissions["draft"], people)
    words |= _workshop(submissions["draft"], people["focal"])
    decree = ContentFile(small_pdfs.PDF, name="Decree 12.pdf")
    words |= {"piece": attaching.add_file(submissions["draft"], "Q2", decree, by=people["focal"]).pk}
    words |= {"edition": used.pk, "used": used.code, "unused": other.code}
    words |= {"malta": malta.pk, "uid": user_pk_to_url_str(people["focal"])}
    words |= {"mail": _undelivered(people["focal"]).pk}
    draft = submissions["draft"]
    words |= {"letter": letters.write(draft.cycle, "thanks", "To {country}.", [draft], by=people["officer"]).pk}
    words |= {"key": default_token_generator.make_token(people["focal"])}
    words |= _at_the_door(people, submissions["draft"])
    second_factors.an_app(people["focal"])
    words |= {"passkey": second_factors.a_passkey(people["focal"])[0].pk, "person": people["focal"].pk}
    words["token"] = a_token(people["focal"])[0].pk
    words |= _directory(people, malta)
    words |= _statements(people["observer"])
    words |= _spaces(people, CountryGroup.objects.get(pk=words["network_pk"]))
    words |= _plans(people, malta)
    words |= _notices(people["officer"], malta)
    words |= _learning(people)
    words |= _earlier_rounds(people["officer"], malta)
    words |= _earlier_round(malta, used, people["officer"])
    words |= {"webhook": _webhook(people["admin"]).pk}
    return World(people, words)


def _webhook(admin: User) -> Webhook:
    """A webhook for which a message waits."""
    webhook, _secret = webhooks.add("https://receiver.example.org/portal", "The document system", by=admin)
    messages.write("assessment.withdrawn", {"id": 1, "state": "withdrawn"})
    return webhook


def with_a_colleague(world: World) -> dict[str, object]:
    """Return what an officer works on with a colleague: a claim, a first yes, and a paper that they typed in."""
    cycle = a_cycle(
        [a_country("CY"), a_country("TN")],
        edition=Edition.objects.get(pk=world.words["edition"]),
        code="2018",
        two_officers=True,
    )
    shared, paper = (cycle.submissions.get(country__iso2=iso2) for iso2 in ("CY", "TN"))
    shared = submission_at(State.SUBMITTED, shared.country, cycle)
    claims.claim(shared, by=world.people["officer"])
    workflow.approve(shared, by=a_person(Role.SECRETARIAT, name="Colleague"), version=1)
    on_behalf.enter(paper, by=world.people["officer"], reason="By letter.")
    return {"claimed": shared.pk, "paper": paper.pk}


def _earlier_rounds(officer: User, malta: Country) -> dict[str, object]:
    """Return a name that is remembered, and a file of which nothing is left."""
    names.remember({"Malte (île)": malta}, by=officer)
    facts = {"file_name": "results-2018.csv", "sha256": "ab" * 32, "cycles": "2018", "origin": "page"}
    imported = ResultsImport.objects.create(rows=7, countries=1, by=officer, **facts)
    return {"remembered": RememberedName.objects.get().pk, "import": imported.pk}


def _earlier_round(malta: Country, edition: Edition, officer: User) -> dict[str, object]:
    """Return Malta's submission of an earlier round, on which it is asked, the report of the time, and a link."""
    cycle = earlier_rounds.an_earlier_round(edition, code=EARLIER)
    (submission,) = earlier_rounds.bring_in(cycle, {malta: 1})
    hearing.ask(cycle, until=cycle.day() + timedelta(days=14), by=officer)
    then = ContentFile(small_pdfs.PDF, name="Report 2014.pdf")
    report = earlier_reports.add_file(cycle, "Report of 2014", then, by=officer)
    link = earlier_reports.add_link(cycle, "Summary of 2014", "https://example.org/summary-2014", by=officer)
    return {"earlier": submission.pk, "oldreport": report.pk, "oldlink": link.pk}


def _workshop(draft: Submission, focal: User) -> dict[str, object]:
    """Return a workshop on the draft's first area: one participant has rated what is shown, another one waits."""
    workshop = sessions.open_workshop(draft, draft.cycle.edition.whole[0], by=focal)
    rates = joining.join(workshop.code, name="Rita Rates", agency="Harbour police")
    joining.admit(workshop, [rates.pk], by=focal)
    sessions.ask(workshop, "P1", by=focal)
    rating.rate(rates, "P1", 1)
    sessions.show(workshop, "P1", by=focal)
    waits = joining.join(workshop.code, name="Walter Waits", agency="Customs")
    return {"workshop": workshop.pk, "room": workshop.code, "waits": waits.pk}


def _statements(observer: User) -> dict[str, object]:
    """Return statements of the observer's organisation on Malta at each stage, and the files of some."""
    of_cycle = {one.cycle.code: one for one in Submission.objects.filter(country__iso2="MT").select_related("cycle")}
    draft, before = of_cycle["2026"], clock.now() - timedelta(days=50)
    area, indicator = draft.cycle.edition.whole[0], draft.cycle.edition.all_indicators[0]
    unfiled = statements.a_draft(draft, observer, indicator=indicator)
    report = statements.a_draft(draft, observer, area=area)
    with clock.at(before):
        ripe = deciding.share(statements.filed(of_cycle["2023"], observer, indicator=indicator), by=an_officer())
        shown = statements.filed(of_cycle["2019"], observer, indicator=indicator, text="What we saw in 2019.")
        shown = statements.published(shown, reply="The country sees it differently.")
    pieces = {
        "map": writing.add_file(unfiled, ContentFile(small_pdfs.PDF, name="Map.pdf"), by=observer),
        "report": writing.add_file(report, ContentFile(small_pdfs.PDF, name="Report.pdf"), by=observer),
    }
    shared = deciding.share(writing.file(report, seen=report.revision, by=observer), by=an_officer())
    whole = statements.a_draft(draft, observer, on_country=True)
    pieces["photo"] = writing.add_file(whole, ContentFile(small_pdfs.PDF, name="Photo.pdf"), by=observer)
    filed = writing.file(whole, seen=whole.revision, by=observer)
    stages = {"unfiled": unfiled, "filed": filed, "withmalta": shared, "ripe": ripe, "published": shown}
    return {name: one.pk for name, one in (stages | pieces).items()}


def _spaces(people: dict[str, User | None], network: CountryGroup) -> dict[str, object]:
    """Return a space of a network, Malta's focal point's, to which the observer is invited; with all it can hold."""
    focal, observer, officer = people["focal"], people["observer"], people["officer"]
    focal.memberships.get(role=Role.FOCAL).networks.add(network)
    space = spaces.a_space(audiences=[Audience(Role.FOCAL, network)])
    until = clock.today() + timedelta(days=9)
    invited = membership.invite(space, email=observer.email, name=observer.name, until=until, by=officer)
    discussion = spaces.a_discussion(space, observer)
    post = discussions.reply(discussion, "We do, at **dawn**.", by=focal)
    paper = spaces.a_paper(space, focal)
    meeting = meetings.plan(space, title="Spring meeting", starts=until, ends=until, place="Online", by=officer)
    item = meetings.add_item(meeting, title="Work plan", notes="", papers=[paper], by=officer)
    second = meetings.add_item(meeting, title="Any other business", notes="", papers=[], by=officer)
    meetings.decide(item, "The plan is adopted.", by=officer)
    meetings.save_minutes(meeting, "All were there.", seen=0, by=officer)
    asked = publishing.ask(post, title="Patrols at dawn", by=officer)
    own = publishing.ask(discussions.reply(discussion, "A note.", by=officer), title="A note", by=officer)
    version = papers.add_version(paper, file=spaces.a_file("Final.pdf", small_pdfs.PDF + b"\n"), note="", by=officer)
    gone = publishing.publish(publishing.ask(version, title="Too early", by=officer), names_nobody=True, by=officer)
    publishing.withdraw(gone, by=officer)
    public = publishing.publish(publishing.ask(version, title="Plan", by=officer), names_nobody=True, by=officer)
    old = archiving.archive(spaces.a_space("Old group", [Audience(Role.FOCAL, network)]), by=officer)
    elsewhere = spaces.a_space("Elsewhere")
    things = {"space": space, "spacemember": invited, "discussion": discussion, "post": post, "workplan": paper}
    things |= {"meeting": meeting, "item": item, "second": second, "asking_text": asked, "own_text": own}
    things |= {"public_text": public, "gone_text": gone, "old_space": old, "elsewhere": elsewhere, "officer": officer}
    return {name: one.pk for name, one in things.items()}


def _plans(people: dict[str, User | None], malta: Country) -> dict[str, object]:
    """Return Malta's plans, one for each kind of reader; its contributor has the first action of the second."""
    own = plans.a_plan(malta, "Plan in the making")
    shown = plans.a_plan(malta, "Plan for the harbours", shown="secretariat", begins=2024, ends=2030)
    public = plans.a_plan(malta, "Plan for everybody", shown="everybody", status="adopted", body="Ministry of Ports")
    action = shown.actions.get()
    plans.an_action(shown, "Count the boats", ends=plans.PAST, lead="Coast guard")
    until = clock.today() + timedelta(days=7)
    asked = {"email": people["contributor"].email, "name": "", "until": until}
    (given,) = delegating.delegate(shown, [action], **asked, by=people["focal"])
    document = ContentFile(small_pdfs.PDF, name="Plan.pdf")
    proof = ContentFile(small_pdfs.PDF, name="Course.pdf")
    return {
        "ownplan": own.pk,
        "plan": shown.pk,
        "publicplan": public.pk,
        "planaction": action.pk,
        "plandoc": pieces.add_file(shown, document, by=people["focal"]).pk,
        "planproof": pieces.add_file(shown, proof, action=action, by=people["focal"]).pk,
        "delegation": given.pk,
        "planchange": register.latest_change(shown),
    }


def _learning(people: dict[str, User | None]) -> dict[str, object]:
    """Return questions of Malta to Greece, good practice of Malta and Greece at each stage, and resources."""
    malta, focal = a_country("MT"), people["focal"]
    guide = learning.a_resource(summary="For *harbour* police.", licence="CC BY 4.0")
    file = learning.a_file(guide)
    ended = learning.a_resource(title="An old guide")
    resources.withdraw(ended, reason="It is out of date.", by=people["officer"])
    replied = learning.answered("We did it in two years.")
    indicators = {"indicators": [learning.an_indicator()], "by": focal}
    to_sign = good_practice.propose(replied, title="Two years", text="It took two years.", **indicators)
    practice = {"begun": learning.a_practice(malta, title="A draft"), "tosign": to_sign}
    practice |= {"tocheck": learning.offered(signer=malta, title="To check")}
    practice |= {"known": learning.published_practice(signer=malta, title="Pilots are trained")}
    gone = learning.published_practice(signer=malta, title="Gone")
    practice_decisions.withdraw(gone, reason="It changed.", by=focal)
    proposal = learning.a_resource(people["observer"], title="A recording", kind="recording")
    found = practice | {"gone": gone, "guide": guide, "guidefile": file, "ended": ended, "proposal": proposal}
    found |= {"question": learning.asked("Who paid for it?"), "replied": replied}
    return {name: one.pk for name, one in found.items()}


def _notices(officer: User, malta: Country) -> dict[str, object]:
    """Return the link of somebody who subscribes to everything and waits to confirm a country, and a line of news."""
    subscribing.ask("sam@example.org")
    key = _key(keys.subscriptions(Subscriber.objects.get(email="sam@example.org")))
    subscribing.confirm(key)
    subscribing.ask("sam@example.org", country=malta)
    return {"subscriber": key, "news": news.write("A line of news.", by=officer).pk}


def _undelivered(person: User) -> Mail:
    """Return a mail that could not be delivered."""
    mail = invitations.invite(person)
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.FAILED, error="550 no such user", attempts=1)
    return mail


def _furnish(submission: Submission, focal: User) -> None:
    """Add a file and a step to the first answer, and rows to the first table."""
    first = submission.cycle.edition.all_indicators[0]
    attaching.add_file(submission, first.code, ContentFile(small_pdfs.PDF, name="Plan.pdf"), by=focal)
    rows = {"Q2": given("", figures=[{"year": 2018, "species": "Dreissena polymorpha", "place": "quay"}])}
    rows |= {"P1": given("", next_step="Train the staff.", next_step_by="2027-06-30", next_step_lead="Port authority")}
    answering.save_answers(submission, rows, by=focal, seen={})


def _dialogue(submissions: dict[str, Submission], people: dict[str, User | None]) -> dict[str, object]:
    """Ask Malta's contributor for the draft's first indicators and a table, and let them suggest."""
    draft, contributor = submissions["draft"], people["contributor"]
    first, *others = draft.cycle.edition.all_indicators
    others = [*others[:2], *(one for one in others if hasattr(one, "data_form"))]
    until = clock.now().date() + timedelta(days=7)
    asked = {"email": contributor.email, "name": "", "indicators": [first, *others], "until": until}
    part = contributors.involve(draft, **asked, by=people["focal"])
    part = contributors.answer_part(part, accepts=True, by=contributor)
    contributor = User.objects.get(pk=contributor.pk)
    own = contributors.suggest_file(part, first.code, ContentFile(small_pdfs.PDF, name="Permit.pdf"), by=contributor)
    suggested = contributors.suggest(part, first.code, given(level=1), by=contributor)
    thread = Thread.objects.get(answer__submission=submissions["returned"])
    return {
        "part": part.pk,
        "suggestion": suggested.pk,
        "suggested": suggested.at.isoformat(),
        "own": own.pk,
        "thread": thread.pk,
        "first": first.pk,
        "until": until,
        "later": draft.due + timedelta(days=60),
    }


def _enquiries(draft: Submission, people: dict[str, User | None]) -> dict[str, object]:
    """Return what Malta asked the Secretariat, and an answer that is shared with every focal point."""
    asked = asking.ask(draft, "Does a decree count?", code="P1", by=people["focal"])
    general = asking.ask(draft, "Who signs?", by=people["focal"])
    asking.answer(general, "The ministry.", by=people["officer"])
    shared = sharing.share(general, question="Who signs?", answer="The ministry.", by=people["officer"])
    return {"enquiry": asked.pk, "shared": shared.pk}


def _consultation(built: Assessment, people: dict[str, User | None]) -> dict[str, object]:
    """Return the consultation on the issue at work, in which Malta is shown a passage and comments on it."""
    build = preparing.prepare(built, by=people["analyst"])
    passage = preparing.assign(build.passages.all()[1], ["MT"], by=people["analyst"])
    opened = opening.open_consultation(
        build.consultation, until=built.cycle.day() + timedelta(days=14), build=1, by=people["officer"]
    )
    malta = built.cycle.submissions.get(country__iso2="MT")
    about = f"passage-{passage.position}"
    said = commenting.comment(build, malta, "The mean is another one.", about=about, by=people["focal"])
    return {"consultation": opened.pk, "said": said.pk}


def _at_the_door(people: dict[str, User | None], draft: Submission) -> dict[str, object]:
    """Return links of account pages in every state, and what people are invited to who have an account."""
    focal, observer, first = people["focal"], people["observer"], draft.cycle.edition.all_indicators[0]
    until = clock.now().date() + timedelta(days=7)
    asked = {"name": people["nobody"].name, "indicators": [first], "until": until}
    offered = contributors.involve(draft, email=people["nobody"].email, **asked, by=focal)
    role = Membership(person=observer, role=Role.ANALYST, organisation=observer.memberships.get().organisation)
    invitations.give_administration(people["officer"], by=people["admin"])
    new = User.objects.create_user("invited@example.org", name="Ina Invited", is_staff=True)
    with clock.at(clock.now() - timedelta(days=15)):
        expired = _key(keys.invitation(new))
        spent = _key(keys.invitation(focal))  # who has a password since
    return {
        "proof": _key(keys.address(focal, "proven@example.org")),
        "invited": _key(keys.invitation(new)),
        "expired": expired,
        "spent": spent,
        "role": invitations.give_role(role, by=people["admin"]).pk,
        "offered": offered.pk,
    }


def _directory(people: dict[str, User | None], malta: Country) -> dict[str, object]:
    """Return a network that Malta and an organisation belong to, Malta's focal point, and requests for access."""
    officer, organisation = people["officer"], people["observer"].memberships.get(role=Role.OBSERVER).organisation
    secretariat = Organisation.objects.create(name="Harbour Secretariat", kind=Organisation.Kind.SECRETARIAT)
    network = CountryGroup.objects.create(
        code="harbours", name=LazyI18nString({"en": "Harbour network"}), secretariat=secretariat
    )
    networks.join(malta, network, kind="interested", since=None, until=date(2019, 12, 31), by=officer)
    day = date(2021, 1, 1)
    joined = networks.join(organisation, network, kind="observer", since=day, until=day, by=officer)
    for email in ("ines@example.org", "ida@example.org"):
        requests.ask(email=email, name="Ines Newcomer", role=Role.FOCAL, reason="I was named.", country=malta)
    asking, asked = AccessRequest.objects.order_by("-pk")
    requests.prove(_key(keys.access_request(asked)))
    return {
        "network": network.code,
        "network_pk": network.pk,
        "organisation": organisation.pk,
        "membership": joined.pk,
        "holding": people["focal"].memberships.get(role=Role.FOCAL).pk,
        "asking": _key(keys.access_request(asking)),
        "asked": asked.pk,
    }


def _key(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[1]


def _issues(cycle: Cycle) -> dict[str, Assessment]:
    """Return issues of the cycle, one at each stage, by what became of it."""
    return {
        "withdrawn": _withdrawn(_published(cycle, "everyone")),
        "observers": _published(cycle, "observers"),
        "everyone": _with_cards(_published(cycle, "everyone")),
        "built": _built(cycle),
    }


def _with_cards(issue: Assessment) -> Assessment:
    """Let the worker draw the cards, of which small pictures will do."""
    with patch.object(drawing, "pictures", lambda some, *, portal: [b"PNG"] * len(some)):
        cards.make(issue)
    return issue


def _built(cycle: Cycle) -> Assessment:
    issue = lifecycle.consolidate(cycle, by=an_officer(), public=True)
    _write(issue.chapters.filter(key__startswith="area-")[0])
    lifecycle.perform(lifecycle.request_build(issue, by=an_officer(), document_number="Doc.7"))
    return Assessment.objects.get(pk=issue.pk)


def _write(chapter: Chapter) -> None:
    """Write a chapter that names a figure and a chart, and approve it; a later issue has it already."""
    area = chapter.key.removeprefix("area-")
    if chapter.is_empty:
        text = f"# Εικόνα\n\nThe mean is [[mean {area}]].^[In percent.]\n\n[[figure {area}]]"
        chapters.save(chapter, text, by=an_officer(), seen=0)
        chapters.approve(chapter, by=an_officer(), seen=1)


def _published(cycle: Cycle, audience: str) -> Assessment:
    issue = _built(cycle)
    read = {"snapshot": issue.snapshot_sha256, "early": "The meeting is near."}
    return lifecycle.publish(issue, audience=audience, by=an_officer(), **read)


def _withdrawn(issue: Assessment) -> Assessment:
    return lifecycle.withdraw(issue, reason="A figure was wrong.", by=an_officer())
