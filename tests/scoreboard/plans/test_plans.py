"""The register of action plans: who writes and reads a plan, its check, its actions, files and history, and mails."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from reporting.published import plans as published
from scoreboard import clock, public_pages
from scoreboard.contributors import end_access
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.models import (
    ActionPlan,
    ActivityEntry,
    Delegation,
    Mail,
    Membership,
    PlanAction,
    PlanChange,
    PlanPiece,
    ProgressNote,
    Role,
    User,
)
from scoreboard.people import invitations
from scoreboard.plans import actions, delegating, pieces, reading, register
from scoreboard.plans.actions import ActionFacts
from scoreboard.plans.register import PlanFacts
from tests.factories import a_country, a_focal, a_person
from tests.plans import PAST, a_plan, an_action
from tests.small_pdfs import PDF

TOMORROW = date.today() + timedelta(days=1)


@pytest.fixture
def plan(malta, focal) -> ActionPlan:
    return a_plan(malta)


def mails() -> list[tuple[str, str]]:
    found = Mail.objects.filter(event__in=("plan_shown", "plan_checked", "plan_delegated", "offer", "role_invited"))
    return list(found.order_by("pk").values_list("event", "to__email"))


def readers(plan: ActionPlan) -> list[str]:
    """Who of a cast sees the plan."""
    greece = a_focal(a_country("GR"))
    cast = {
        "focal": a_focal(plan.country),
        "foreign": greece,
        "contributor": a_person(Role.CONTRIBUTOR, plan.country),
        "observer": a_person(Role.OBSERVER),
        "analyst": a_person(Role.ANALYST),
        "officer": a_person(Role.SECRETARIAT),
    }
    return [name for name, person in cast.items() if ActionPlan.objects.visible_to(person).filter(pk=plan.pk).exists()]


class TestReaders:
    def test_a_plan_is_its_countrys_until_it_is_shown(self, plan, focal):
        assert readers(plan) == ["focal"]
        shown = register.show(plan, "secretariat", by=focal)
        assert (readers(shown), shown.is_published) == (["focal", "analyst", "officer"], False)
        shown = register.publish(plan, by=focal)
        assert (readers(shown), list(published.of_country("MT"))) == (["focal", "analyst", "officer"], [plan])
        shown = register.unpublish(plan, by=focal)
        assert (shown.audience, list(published.of_country("MT"))) == ("secretariat", [])

    def test_only_the_countrys_focal_point_decides(self, plan, officer, analyst):
        for person in (officer, analyst, a_focal(a_country("GR")), a_person(Role.CONTRIBUTOR, plan.country)):
            with pytest.raises(PermissionDenied):
                register.show(plan, "everybody", by=person)
            with pytest.raises(PermissionDenied):
                register.save(plan, PlanFacts(title="Another"), seen=0, by=person)
            with pytest.raises(PermissionDenied):
                actions.add(plan, ActionFacts(text="Another"), by=person)

    def test_stored_public_pages_are_renewed_at_once(self, plan, focal):
        before = public_pages.number()
        register.save(plan, PlanFacts(title="Not public"), seen=0, by=focal)
        assert public_pages.number() == before
        register.publish(plan, by=focal)
        register.save(plan, PlanFacts(title="Public"), seen=1, by=focal)
        actions.note(plan.actions.get(), status="done", text="", seen=1, by=focal)
        register.unpublish(plan, by=focal)
        assert public_pages.number() == before + 4

    def test_one_that_others_read_is_not_deleted(self, plan, focal):
        piece = pieces.add_file(plan, ContentFile(PDF, name="Plan.pdf"), by=focal)
        register.show(plan, "secretariat", by=focal)
        register.show(plan, "country", by=focal)
        with pytest.raises(NotNow, match="Others have read this plan"):
            register.delete(plan, by=focal)
        own = a_plan(plan.country, "Own")
        register.delete(own, by=focal)
        assert list(ActionPlan.objects.all()) == [plan]
        assert piece.file.storage.exists(piece.file.name)


class TestFacts:
    def test_that_there_is_none_needs_no_title_and_has_no_action(self, malta, focal):
        none = register.enter(malta, PlanFacts(title="", status="none"), by=focal)
        assert (str(none), none.exists) == ("No action plan", False)
        with pytest.raises(NotNow, match="there is no plan"):
            actions.add(none, ActionFacts(text="Train"), by=focal)

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"title": " "}, "Give the title"),
            ({"title": "P", "begins": 2030, "ends": 2024}, "The last year is before the first"),
            ({"title": "P", "begins": 30}, "no year of a plan"),
            ({"title": "P", "objectives": ("X",)}, "There is no objective X"),
        ],
    )
    def test_what_does_not_fit_together_is_refused(self, malta, focal, facts, sentence):
        with pytest.raises(Invalid, match=sentence):
            register.enter(malta, PlanFacts(**facts), by=focal)
        assert not ActionPlan.objects.exists()

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"text": " "}, "Say what is to be done"),
            ({"text": "A", "starts": TOMORROW, "ends": PAST}, "ends before it starts"),
            ({"text": "A", "number": 1}, "has the number 1"),
            ({"text": "A", "indicators": ("X",)}, "There is no indicator X"),
        ],
    )
    def test_an_action_that_does_not_fit_is_refused(self, plan, focal, facts, sentence):
        with pytest.raises(Invalid, match=sentence):
            actions.add(plan, ActionFacts(**facts), by=focal)
        assert plan.actions.count() == 1

    def test_the_database_refuses_what_must_never_be(self, plan):
        broken = [
            {"title": ""},
            {"begins": 2030, "ends": 2024},
            {"audience": "everybody"},
            {"audience": "secretariat"},
            {"checked_at": clock.now()},
        ]
        for fields in broken:
            with pytest.raises(IntegrityError), transaction.atomic():
                ActionPlan.objects.filter(pk=plan.pk).update(**fields)

    def test_a_stale_save_is_refused_with_what_is_there_now(self, plan, focal):
        colleague = a_person(Role.FOCAL, plan.country, name="Colleague")
        register.save(plan, PlanFacts(title="Theirs"), seen=0, by=colleague)
        with pytest.raises(Stale, match="Colleague changed this plan") as refusal:
            register.save(plan, PlanFacts(title="Mine"), seen=0, by=focal)
        assert refusal.value.current.title == "Theirs"
        action = plan.actions.get()
        actions.save(action, ActionFacts(text="Theirs", number=1), seen=1, by=colleague)
        with pytest.raises(Stale, match="Colleague changed this action"):
            actions.save(action, ActionFacts(text="Mine", number=1), seen=1, by=focal)
        with pytest.raises(Stale):
            actions.note(action, status="done", text="", seen=1, by=focal)
        assert actions.note(action, status="planned", text="A note alone.", seen=1, by=focal).status == "planned"


class TestCheck:
    def test_a_change_after_the_check_shows(self, plan, focal, officer):
        shown = register.show(plan, "secretariat", by=focal)
        assert reading.waiting_for_check(officer) == [plan]
        read = register.latest_change(plan)
        checked = register.check(plan, note="Add the budget.", seen=read, by=officer)
        assert (checked.is_changed_since_check, reading.waiting_for_check(officer)) == (False, [])
        with clock.at(clock.now() + timedelta(minutes=1)):
            actions.note(plan.actions.get(), status="under_way", text="", seen=1, by=focal)
        assert ActionPlan.objects.get(pk=plan.pk).is_changed_since_check
        assert reading.waiting_for_check(officer) == [plan]
        with pytest.raises(Stale):
            register.check(plan, note="", seen=read, by=officer)
        assert shown.shared_at is not None
        assert mails() == [("plan_shown", officer.email), ("plan_checked", focal.email)]
        assert "Add the budget." in Mail.objects.get(event="plan_checked").body

    def test_only_officers_check_and_only_what_they_are_shown(self, plan, focal, officer, analyst):
        with pytest.raises(NotNow):
            register.check(plan, note="", seen=register.latest_change(plan), by=officer)
        register.show(plan, "secretariat", by=focal)
        for person in (focal, analyst):
            with pytest.raises(PermissionDenied):
                register.check(plan, note="", seen=register.latest_change(plan), by=person)
            assert reading.waiting_for_check(person) == []

    def test_taking_a_plan_back_ends_the_check_and_what_officers_read(self, plan, focal, officer):
        register.show(plan, "secretariat", by=focal)
        register.check(plan, note="", seen=register.latest_change(plan), by=officer)
        taken = register.show(plan, "country", by=focal)
        assert (taken.checked_at, readers(taken)) == (None, ["focal"])


class TestHistory:
    def test_who_when_from_where_old_and_new(self, plan, focal, officer):
        action = plan.actions.get()
        register.save(plan, PlanFacts(title="Plan", status="adopted", ends=2030, adopted_on=PAST), seen=0, by=focal)
        actions.save(action, ActionFacts(text="Train all", number=1, ends=PAST, status="done"), seen=1, by=focal)
        actions.remove(action, by=focal)
        found = list(reading.history(plan, focal))
        assert [(one.act, one.number, one.by, one.origin) for one in found] == [
            ("remove_action", 1, focal, "page"),
            ("edit_action", 1, focal, "page"),
            ("edit", None, focal, "page"),
            ("add_action", 1, focal, "page"),
            ("enter", None, focal, "page"),
        ]
        assert [(one.name, one.old, one.new) for one in reading.changed(found[2])] == [
            ("title", "Plan for the harbours", "Plan"),
            ("status", "In development", "Adopted"),
            ("last year", "–", "2030"),
            ("adopted on", "–", "30 June 2020"),
        ]
        assert [(one.name, one.old, one.new) for one in reading.changed(found[1])] == [
            ("action", "Train the harbour police", "Train all"),
            ("end", "–", "30 June 2020"),
            ("status", "Not begun", "Done"),
        ]
        assert ("action", "Train all", "–") in [(one.name, one.old, one.new) for one in reading.changed(found[0])]

    def test_officers_read_it_since_they_see_the_plan(self, plan, focal, officer):
        with clock.at(clock.now() + timedelta(hours=1)):
            register.show(plan, "secretariat", by=focal)
            assert [one.act for one in reading.history(register.lock(plan), officer)] == ["show"]

    def test_the_activity_log_names_numbers_and_no_text(self, plan, focal):
        pieces.add_link(plan, "https://example.org/plan", "Secret title", by=focal)
        entries = ActivityEntry.objects.filter(country=plan.country, verb__contains="pl").order_by("pk")
        assert [(one.verb, one.by, one.detail) for one in entries] == [
            ("enter_plan", focal, f"{plan.pk}"),
            ("save_plan", focal, f"{plan.pk}"),
        ]


class TestOverdue:
    def test_what_has_passed_and_is_open_of_plans_in_hand(self, plan, focal, officer):
        late = an_action(plan, "Late", ends=PAST)
        for facts in ({"status": "done"}, {"status": "dropped"}):
            an_action(plan, "Over", ends=PAST, **facts)
        an_action(plan, "Today", ends=clock.today())
        an_action(a_plan(plan.country, "Old plan", status="expired"), "Old", ends=PAST)
        assert list(reading.overdue(focal)) == [late]
        assert (late.is_overdue, reading.overdue(officer).count()) == (True, 0)
        register.show(plan, "secretariat", by=focal)
        assert list(reading.overdue(officer)) == [late]
        listed = reading.listed(focal).get(pk=plan.pk)
        assert (listed.action_count, listed.done_count, listed.overdue_count) == (5, 1, 1)


class TestFiles:
    def test_files_go_through_evidences_door(self, plan, focal, settings):
        piece = pieces.add_file(plan, ContentFile(PDF, name="Plan.exe"), by=focal)
        assert (piece.content_type, piece.name, len(piece.sha256)) == ("application/pdf", "Plan.exe.pdf", 64)
        with pytest.raises(Invalid, match="is here already"):
            pieces.add_file(plan, ContentFile(PDF, name="Again.pdf"), by=focal)
        with pytest.raises(Invalid, match="of a type that cannot be kept"):
            pieces.add_file(plan, ContentFile(b"\x7fELF\x00\x00", name="Plan.pdf"), by=focal)
        settings.EVIDENCE_QUOTA = len(PDF)
        with pytest.raises(Invalid, match="does not fit"):
            pieces.add_file(plan, ContentFile(PDF + b"\n", name="Other.pdf"), by=focal)
        pieces.remove(piece, by=focal)
        assert (PlanPiece.objects.count(), pieces.left(plan.country)) == (0, len(PDF))

    def test_of_a_published_plan_links_alone_are_public(self, plan, focal):
        action = plan.actions.get()
        pieces.add_file(plan, ContentFile(PDF, name="Plan.pdf"), by=focal)
        link = pieces.add_link(plan, "https://example.org/plan", by=focal)
        pieces.add_link(plan, "https://example.org/proof", by=focal, action=action)
        actions.note(action, status="under_way", text="Only for us.", seen=1, by=focal)
        page = published.page(register.publish(plan, by=focal))
        assert (page.links, [one.action for one in page.actions]) == ([link], [action])


class TestColleagues:
    def test_a_contributor_has_the_action_at_once_and_sees_no_other(self, plan, focal, malta):
        other = an_action(plan, "Other")
        colleague = a_person(Role.CONTRIBUTOR, malta)
        (given,) = delegating.delegate(
            plan, [plan.actions.first()], email=colleague.email, name="", until=TOMORROW, by=focal
        )
        colleague = User.objects.get(pk=colleague.pk)
        assert [one.number for one in reading.with_actions(plan, colleague)] == [1]
        assert mails() == [("plan_delegated", colleague.email)]
        action = actions.note(plan.actions.first(), status="under_way", text="Begun.", seen=1, by=colleague)
        pieces.add_link(plan, "https://example.org/proof", by=colleague, action=action)
        with pytest.raises(PermissionDenied):
            actions.note(other, status="done", text="", seen=1, by=colleague)
        with pytest.raises(PermissionDenied):
            pieces.add_link(plan, "https://example.org/proof", by=colleague)
        assert colleague.memberships.get().until == TOMORROW
        with clock.at(clock.now() + timedelta(days=3)):
            assert not ActionPlan.objects.visible_to(User.objects.get(pk=colleague.pk)).exists()
        delegating.end(given, by=focal)
        assert not ActionPlan.objects.visible_to(User.objects.get(pk=colleague.pk)).exists()
        assert ProgressNote.objects.get().by == colleague

    def test_a_new_person_sets_a_password_and_somebody_with_an_account_accepts_first(self, plan, focal, malta):
        known = a_person(name="Known")
        chosen = list(plan.actions.all())
        delegating.delegate(plan, chosen, email="new@example.org", name="Nina New", until=TOMORROW, by=focal)
        delegating.delegate(plan, chosen, email=known.email, name="Typed", until=TOMORROW, by=focal)
        new = User.objects.get(email="new@example.org")
        assert mails() == [("role_invited", "new@example.org"), ("offer", known.email)]
        assert ActionPlan.objects.visible_to(new).get() == plan
        assert not ActionPlan.objects.visible_to(known).exists()
        accepted = reading.contributors_of(malta)
        shown = [reading.who(one, accepted) for one in Delegation.objects.order_by("pk")]
        assert shown == ["Nina New", "Typed"]
        invitations.answer_role(known.memberships.get(), accepts=True, by=known)
        assert ActionPlan.objects.visible_to(User.objects.get(pk=known.pk)).get() == plan

    def test_taking_the_only_action_back_withdraws_the_invitation(self, plan, focal):
        known = a_person(name="Known")
        asked = {"email": known.email, "name": "", "until": TOMORROW}
        (given,) = delegating.delegate(plan, list(plan.actions.all()), **asked, by=focal)
        delegating.end(given, by=focal)
        assert not Membership.objects.offered().exists()

    def test_who_is_turned_out_has_no_action_left(self, plan, focal, malta):
        colleague = a_person(Role.CONTRIBUTOR, malta)
        asked = {"email": colleague.email, "name": "", "until": TOMORROW}
        delegating.delegate(plan, list(plan.actions.all()), **asked, by=focal)
        end_access(colleague.memberships.get(), by=focal)
        assert not Delegation.objects.filter(ended_at=None).exists()

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ({"email": "no address"}, "is no e-mail address"),
            ({"until": PAST}, "The last day has passed"),
            ({"actions": []}, "Choose at least one action"),
        ],
    )
    def test_what_is_refused(self, plan, focal, asked, sentence):
        usual = {"email": "a@example.org", "name": "A", "until": TOMORROW, "actions": list(plan.actions.all())} | asked
        chosen = usual.pop("actions")
        with pytest.raises(Invalid, match=sentence):
            delegating.delegate(plan, chosen, **usual, by=focal)
        with pytest.raises(Invalid, match="can write the whole plan"):
            delegating.delegate(plan, list(plan.actions.all()), email=focal.email, name="", until=TOMORROW, by=focal)

    def test_who_had_which_action_is_deleted_a_year_after_its_end(self, plan, focal):
        asked = {"email": "a@example.org", "name": "A", "until": TOMORROW}
        delegating.delegate(plan, list(plan.actions.all()), **asked, by=focal)
        for days, deleted in ((delegating.STORED_DAYS, 0), (delegating.STORED_DAYS + 3, 1)):
            with clock.at(clock.now() + timedelta(days=days)):
                assert delegating.delete_old() == deleted


class TestPages:
    def test_a_plan_entered_given_an_action_and_published_by_its_pages(self, sign_in, focal, client, malta):
        browser = sign_in(focal)
        register_page = reverse("country_plans", args=["mt"])
        assert "The register is empty" in browser.get(register_page).content.decode()
        browser.post(reverse("plan_new", args=["mt"]), {"status": "adopted", "kind": "plan", "title": "Plan of 2030"})
        plan = ActionPlan.objects.get()
        facts = {"text": "Train judges", "status": "planned", "lead": "Ministry of Justice", "another": "1"}
        added = browser.post(reverse("plan_action_new", args=[plan.pk]), facts)
        assert added["Location"] == reverse("plan_action_new", args=[plan.pk])
        public = reverse("published_plan", args=["mt", plan.pk])
        assert client.get(public).status_code == 404
        browser.post(reverse("plan_readers", args=[plan.pk]), {"audience": "everybody"})
        page = client.get(public).content.decode()
        assert ("Plan of 2030" in page, "Train judges" in page, "Ministry of Justice" in page) == (True,) * 3
        again = browser.post(
            reverse("plan_action_edit", args=[plan.pk, 1]),
            {"number": "1", "text": "Train all judges", "status": "planned", "seen": "0"},
        )
        assert (again.status_code, "As focal" in again.content.decode()) == (409, True)
        assert PlanAction.objects.get().text == "Train judges"
        assert PlanChange.objects.count() == 3


def test_a_published_plan_is_found_by_its_words_and_those_of_its_actions(client, malta, greece, focal):
    plan = a_plan(malta, "Plan for the harbours", shown="everybody", scope="Nets and lime.")
    an_action(plan, "Étude des filets", lead="Coast guard")
    changed = plan.actions.get(number=1)
    actions.save(changed, ActionFacts(text="Train judges", number=1), seen=changed.revision, by=focal)
    hidden = a_plan(malta, "Plan for the harbours, a draft", shown="secretariat")
    a_plan(greece, "Plan for the mountains", shown="everybody")
    page = reverse("published_plan", args=["mt", plan.pk])

    def found(words: str) -> list[tuple[str, str]]:
        shown = client.get("/search/", {"q": words}).context["sections"]
        return [(hit.excerpt, url) for kind, _title, _page, hits in shown if kind == "plans" for hit, url in hits]

    assert found("harbours") == [("Nets and lime.", page)]
    assert found("etude harbours") == found("guard ÉTUDE") == [("Étude des filets", page)]
    assert found("judges") == [("Train judges", page)]
    assert found("police") == [("Train the harbour police", reverse("published_plan", args=["gr", hidden.pk + 1]))]
    register.unpublish(plan, by=focal)
    assert found("harbours") == []


def test_the_api_has_the_published_plans_as_their_pages_have_them(client, malta, focal, officer):
    facts = {"status": "adopted", "begins": 2026, "ends": 2030, "body": "Ministry", "scope": "All ports."}
    plan = a_plan(malta, shown="everybody", **facts)
    register.check(plan, note="", seen=register.latest_change(plan), by=officer)
    a_plan(malta, "Not public", shown="secretariat")
    assert client.get("/api/v1/plans/").json()["results"][0]["checked_on"] == date.today().isoformat()
    pieces.add_link(plan, "https://example.org/plan", "The plan", by=focal)
    pieces.add_file(plan, ContentFile(PDF, name="Secret.pdf"), by=focal)
    late = an_action(plan, "Count", lead="Coast guard", partners="Police", ends=PAST, status="under_way")
    actions.note(late, status="under_way", text="A secret note.", seen=late.revision, by=focal)
    response = client.get("/api/v1/plans/", {"country": "mt", "status": "adopted"})
    [found] = response.json()["results"]
    assert "ecret" not in response.content.decode()
    assert client.get("/api/v1/plans/", {"country": "gr"}).json()["results"] == []
    assert client.get(f"/api/v1/plans/{plan.pk}/").json() == found
    plan.refresh_from_db()
    expected = {"country": "MT", "kind": "plan", "title": "Plan for the harbours", "adopted_on": None, **facts}
    expected |= {"objectives": [], "example": False, "edition": None, "checked_on": None, "id": plan.pk}
    assert {key: found[key] for key in expected} == expected
    assert found["page"].endswith(f"/countries/mt/plans/{plan.pk}/")
    assert found["links"] == [{"name": "The plan", "url": "https://example.org/plan"}]
    nothing = {"lead": "", "partners": "", "starts": None, "ends": None, "status": "planned", "indicators": []}
    assert found["actions"] == [
        {"number": 1, "text": "Train the harbour police", **nothing},
        {"number": 2, "text": "Count", **nothing}
        | {"lead": "Coast guard", "partners": "Police", "ends": PAST.isoformat(), "status": "under_way"},
    ]
