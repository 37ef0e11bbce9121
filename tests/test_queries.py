"""What pages cost: every list asks the database as often with few rows as with many, and so does saving an area."""

import fnmatch
from datetime import timedelta

import pytest
from django.contrib.sites.models import Site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting import news
from reporting.assessments import chapters, lifecycle
from reporting.consultation import commenting, opening, preparing
from reporting.models import Assessment, Chapter
from scoreboard import clock, contributors
from scoreboard.cycles import calendar
from scoreboard.earlier_rounds import names
from scoreboard.enquiries import asking, sharing
from scoreboard.mail import keys
from scoreboard.models import (
    AccessRequest,
    Country,
    CountryGroup,
    Cycle,
    Mail,
    Membership,
    Organisation,
    ResultsImport,
    Role,
    State,
    Submission,
    User,
)
from scoreboard.network import good_practice, practice_decisions
from scoreboard.network import learning as between
from scoreboard.people import addresses, networks, roles
from scoreboard.people import requests as access_requests
from scoreboard.plans import actions, delegating, pieces, register
from scoreboard.plans.actions import ActionFacts
from scoreboard.plans.register import PlanFacts
from scoreboard.submissions import workflow
from scoreboard.threads import discussion
from tests import learning
from tests.addresses import named_urls
from tests.factories import (
    DECLARATION,
    HARBOUR,
    SCOREBOARD,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    an_officer,
    fill,
    given,
    session_of,
    submission_at,
)
from tests.plans import PAST
from tests.strategic_plans import a_strategic_plan
from tests.world import CYCLES, furnished

pytestmark = pytest.mark.django_db

# A page, what fills its address (an attribute of Crowd, or as it stands), and whose pages are measured.
PAGES = """
home                    visitor focal contributor observer analyst officer admin
submission_list         focal analyst officer
submission gappy        focal
country_history a0      focal analyst officer
submission_gaps gappy   focal
submission_read gappy   focal
submission_history long focal officer
submission_contributors lively focal
submission_suggestions lively focal
contribution_list       contributor
invitation_list         observer
people                  officer
people_person everywhere officer
people_changes          officer
people_countries        officer
people_country z9       officer
people_organisations    officer
people_network crowd    officer
country_focal_points z9 focal
thread_list             focal officer
enquiry_list            focal officer
shared_answers beside-0 focal officer
review_queue            analyst officer
review_area long P      analyst officer
message_list            officer
activity_list           officer admin
activity_check          officer
cycle_list              focal analyst officer
cycle_board 2026        analyst officer
cycle_board 2019        analyst officer
cycle_reminders 2026    officer
request_list            officer
cycle_edit 2026         officer
earlier_rounds          officer
earlier_rounds_bring_in officer
cycle_open 2026         officer
report_list             visitor observer officer
peer_question_list      focal officer
good_practice_list      visitor focal officer
resource_list           visitor officer
learning lively P1      focal
submission_area gappy P focal
feed                    visitor
news_list               officer
questionnaire_list      visitor officer
report latest           visitor
report_part latest areas visitor
report_country latest A0 visitor
country_list            visitor
country_page a0         visitor
indicator_list          visitor
indicator_page P1       visitor
area_page P             visitor
group_page crowd        visitor
objective_list          visitor
side_by_side            focal observer officer
cycle_overview 2019     visitor officer
cycle_chapter 2019 area-p visitor
workbench 2019          analyst officer
chapter_list latest     analyst officer
consultation_list       focal officer
consultation consulted  analyst officer
consultation_passages consulted analyst officer
consultation_country consulted a0 focal officer
chapter latest summary  analyst
plan_list               focal
country_plans a0        focal officer
review_plans            analyst officer
plan_overdue            focal officer
plan busyplan           focal officer
plan_action busyplan 1  focal
plan_history busyplan   focal officer
plan_delegate busyplan  focal
published_plan a0 busyplan visitor
edition-list            visitor officer
country-list            visitor
cycle-list              visitor focal officer
submission-list         focal officer
submission-detail long focal
plan-list               visitor officer
assessment-list         visitor officer
assessment-products latest visitor
admin:*_changelist      admin
"""
FILLED = (
    "busyplan",
    "consulted",
    "gappy",
    "long",
    "lively",
    "latest",
    "everywhere",
)  # words that are attributes of Crowd
PEOPLE = ("visitor", "focal", "contributor", "observer", "analyst", "officer", "admin")


def requests():
    """Return the name, the words and the role of every page to measure."""
    for line in PAGES.strip().splitlines():
        parts = line.split()
        roles = [part for part in parts[1:] if part in PEOPLE]
        for name in sorted(fnmatch.filter(named_urls(), parts[0])):
            for role in roles:
                yield name, tuple(part for part in parts[1:] if part not in roles), role


class Crowd:
    """As many countries in each state, cycles and issues as it has grown to; one focal point has all the countries."""

    def __init__(self) -> None:
        self.edition, self.size = an_edition(HARBOUR), 0
        a_strategic_plan()
        self.people = {
            "visitor": None,
            "focal": a_person(name="Everywhere"),
            "contributor": a_person(Role.CONTRIBUTOR, a_country("A0")),
            "observer": a_person(Role.OBSERVER),
            "analyst": a_person(Role.ANALYST),
            "officer": an_officer(),
            "admin": a_person(is_staff=True),
        }
        secretariat = Organisation.objects.create(name="Crowd's", kind=Organisation.Kind.SECRETARIAT)
        self.network = CountryGroup.objects.create(code="crowd", name="Crowd", secretariat=secretariat)
        self.everywhere, self.apart = self.people["focal"], a_country("Z9")  # a country in no cycle
        Membership.objects.create(person=self.everywhere, role=Role.FOCAL, country=self.apart)
        self.clients = {role: Client() for role in PEOPLE}
        for role, person in self.people.items():
            if person:
                self.clients[role].cookies["sessionid"] = session_of(person)

    def grow(self, size: int) -> None:
        """Grow to this size."""
        officer = self.people["officer"]
        countries = [a_country(f"A{n}") for n in range(size)]
        added = countries[self.size :]
        for country in added:
            Membership.objects.create(person=self.people["focal"], role=Role.FOCAL, country=country)
        for state, code in CYCLES.items():
            cycle = Cycle.objects.filter(code=code).first() or a_cycle(countries, edition=self.edition, code=code)
            calendar.change_participants(cycle, add=countries, by=officer)
            for country in added:
                submission_at(state, country, cycle)
        self.lively = Submission.objects.get(cycle__code=CYCLES[State.DRAFT], country=countries[0])
        for n in range(self.size, size):
            a_cycle(countries[:1], edition=self.edition, code=f"beside-{n}")
            issue = lifecycle.consolidate(Cycle.objects.get(code=CYCLES[State.ACCEPTED]), by=officer)
            self._write(issue.chapters.get(key="summary"))
            lifecycle.perform(lifecycle.request_build(issue, by=officer, document_number=str(n)))
            self._consult(issue, countries[: n + 1])
            read = {"snapshot": issue.snapshot_sha256, "early": "The meeting is near.", "unheard": "It is right."}
            self.latest = lifecycle.publish(issue, audience="everyone", by=officer, **read)
            news.remove(news.write(f"Removed {n}.", by=officer), by=officer)
            news.write(f"Line {n}.", by=officer)
            names.remember({f"Land {n}": countries[n]}, by=officer)
            facts = {"sha256": "ab" * 32, "cycles": "2018", "origin": "page", "rows": 7, "countries": 1}
            ResultsImport.objects.create(file_name=f"results-{n}.csv", by=officer, **facts)
            self._talk(f"beside-{n}", countries[n])
            self._meet(n, countries[n])
            self._plan(n, countries)
            self._learn(countries[n])
        self.size = size
        self._fill(countries)

    def _write(self, chapter: Chapter) -> None:
        """Write and approve a text of many passages, which later issues have already."""
        if chapter.is_empty:
            chapters.save(chapter, "It rose.\n\n" * 9, by=self.people["officer"], seen=0)
            chapters.approve(chapter, by=self.people["officer"], seen=1)

    def _consult(self, issue: Assessment, countries: list[Country]) -> None:
        """Open a consultation on an issue, in which each of the countries has a passage and comments on it."""
        officer, focal = self.people["officer"], User.objects.get(pk=self.everywhere.pk)  # with all roles of now
        build = preparing.prepare(Assessment.objects.get(pk=issue.pk), by=officer)
        for passage, country in zip(build.passages.all(), countries, strict=False):
            preparing.assign(passage, [country.iso2], by=officer)
        until = issue.cycle.day() + timedelta(days=9)
        self.consulted = opening.open_consultation(build.consultation, until=until, build=1, by=officer)
        for passage, country in zip(build.passages.all(), countries, strict=False):
            about, submission = f"passage-{passage.position}", issue.cycle.submissions.get(country=country)
            commenting.comment(build, submission, "It was 2024.", about=about, by=focal)

    def _talk(self, beside: str, country: Country) -> None:
        """Add a part of the contributor's in a cycle, somebody's part with a suggestion, and a note of an officer."""
        focal, until = self.people["focal"], clock.now().date() + timedelta(days=7)
        own = Submission.objects.get(cycle__code=beside)
        parts = {own: self.people["contributor"], self.lively: a_person(Role.CONTRIBUTOR, self.lively.country)}
        for submission, person in parts.items():
            first = submission.cycle.edition.all_indicators[:1]
            asked = {"email": person.email, "name": "", "indicators": first, "until": until}
            part = contributors.answer_part(
                contributors.involve(submission, **asked, by=focal), accepts=True, by=person
            )
            person = type(person).objects.get(pk=person.pk)  # whose memberships are read once
            contributors.suggest(part, first[0].code, given(), by=person)
        # One who accepts first, and one without a password.
        for email in (self.people["observer"].email, f"new.{beside}@example.org"):
            contributors.involve(own, **asked | {"email": email, "name": "Somebody"}, by=focal)
        addresses.change_for(person, f"{beside}@example.org", by=self.people["admin"], from_ip=None)
        Mail.objects.filter(pk__in=list(own.mails.values_list("pk", flat=True))).update(state=Mail.State.FAILED)
        submitted = Submission.objects.get(cycle__code=CYCLES[State.SUBMITTED], country=country)
        code = submitted.cycle.edition.all_indicators[0].code
        discussion.open_thread(submitted, code, "Look at it again.", shared=False, by=self.people["officer"])
        asked = asking.ask(own, "Does it count?", code=first[0].code, by=focal)
        asking.answer(asked, "It does.", by=self.people["officer"])
        asked = asking.ask(self.lively, "Does it count?", code=first[0].code, by=focal)
        sharing.share(asked, question="Does it count?", answer="It does.", by=self.people["officer"])

    def _meet(self, n: int, country: Country) -> None:
        """Add to the network the country and an observer, a focal point of one country, and a request."""
        officer, group = self.people["officer"], self.network
        networks.join(country, group, kind="member", since=None, by=officer)
        organisation = Organisation.objects.create(name=f"Organisation {n}")
        networks.join(organisation, group, kind="observer", since=None, by=officer)
        invitation = roles.Invitation(f"fp{n}@example.org", "F.", Role.FOCAL, self.apart, networks=[group])
        roles.invite(invitation, by=officer)
        held = a_person(Role.FOCAL, self.apart).memberships.get()
        roles.end(held, by=officer)
        access_requests.ask(email=f"r{n}@example.org", name="R.", role=Role.FOCAL, reason="Named.", country=country)
        asked = AccessRequest.objects.get(email=f"r{n}@example.org")
        access_requests.prove(keys.access_request(asked).rstrip("/").rsplit("/", 1)[1])

    def _plan(self, n: int, countries: list[Country]) -> None:
        """Add a plan of the country, and to the first plan of all an action, a note, a link and a colleague."""
        focal = User.objects.get(pk=self.everywhere.pk)  # with all roles of now
        facts = PlanFacts(title=f"Plan {n}", objectives=())
        for country in {countries[0], countries[n]}:
            plan = register.enter(country, facts, by=focal)
            if n == 0 and country == countries[0]:
                self.busyplan = plan
            actions.add(plan, ActionFacts(text="Late", ends=PAST), by=focal)
            register.show(plan, "everybody", by=focal)
        indicator = self.edition.all_indicators[0].code
        action = actions.add(self.busyplan, ActionFacts(text="Train", indicators=(indicator,), ends=PAST), by=focal)
        pieces.add_link(self.busyplan, f"https://example.org/{n}", by=focal)
        first = self.busyplan.actions.get(number=1)
        pieces.add_link(self.busyplan, f"https://example.org/{n}", by=focal, action=first)
        actions.note(first, status="under_way", text=f"Note {n}.", seen=first.revision, by=focal)
        until = clock.today() + timedelta(days=9)
        asked = {"email": f"plan{n}@example.org", "name": f"Colleague {n}", "until": until}
        delegating.delegate(self.busyplan, [first, action], **asked, by=focal)

    def _learn(self, country: Country) -> None:
        """Add a question to another country, good practice and resources, published and not."""
        focal, officer = User.objects.get(pk=self.everywhere.pk), self.people["officer"]
        other = next(one for one in Country.objects.order_by("pk") if one != country)
        signed = {"indicators": [learning.an_indicator()], "by": focal}
        a_person(Role.FOCAL, other)
        between.ask(country, other, learning.an_indicator(), "How?", by=focal)
        learning.a_practice(country, title="A draft", **signed)
        published = good_practice.start(country, title="Published", text="It works.", **signed)
        published = good_practice.offer(published, seen=published.revision, by=focal)
        practice_decisions.publish(published, seen=published.revision, names_nobody=True, by=officer)
        learning.a_resource()
        learning.a_resource(focal)

    def _fill(self, countries: list[Country]) -> None:
        """Begin with a submission that lacks one answer and has one log entry; later have one without any, and many."""
        draft, submitted = (Submission.objects.filter(cycle__code=CYCLES[state]) for state in ("draft", "submitted"))
        self.gappy, self.long = draft.get(country=countries[-1]), submitted.get(country=countries[0])
        if self.size == 1:
            fill(self.gappy, iR2=given("not_applicable"))
        for _again in countries[1:]:
            workflow.recall(self.long, by=self.people["focal"])
            workflow.submit(self.long, by=self.people["focal"], **DECLARATION)

    def cost(self, name: str, words: tuple[str, ...], role: str) -> int:
        """Return in how many queries a role gets a page."""
        values = [getattr(self, word).pk if word in FILLED else word for word in words]
        with CaptureQueriesContext(connection) as queries:
            response = self.clients[role].get(reverse(name, args=values))
        assert response.status_code == 200, (name, role)
        return len(queries)


def test_lists(tmp_path):
    Site.objects.get_current()  # asked once in each process, by feeds
    with furnished(tmp_path):
        crowd, costs = Crowd(), {}
        for size in (2, 8):  # not one: a second issue is compared with the first
            crowd.grow(size)
            costs[size] = {request: crowd.cost(*request) for request in requests()}
    assert costs[8] == costs[2]


def test_saving_an_area(sign_in):
    """Whatever the number of its indicators, and of answers that stand."""
    submission = submission_at(State.DRAFT, cycle=a_cycle([a_country("MT")], edition=an_edition(SCOREBOARD)))
    areas = sorted(submission.cycle.edition.whole, key=lambda area: len(area.indicators.all()))
    focal, costs = sign_in(a_focal(a_country("MT"))), {}
    for area in (areas[0], areas[-1]):
        data = {}
        for indicator in area.indicators.all():
            data |= {f"i{indicator.code}-seen": "0", f"i{indicator.code}-answer": f"level:{indicator.ladder[1].value}"}
        with CaptureQueriesContext(connection) as queries:
            response = focal.post(reverse("submission_area", args=[submission.pk, area.code]), data)
        assert response.status_code == 302
        assert submission.answers.filter(indicator__area=area).count() == len(area.indicators.all())
        costs[len(area.indicators.all())] = len(queries)
    few, nine = costs
    assert nine == 9 > few
    assert costs[nine] == costs[few]
