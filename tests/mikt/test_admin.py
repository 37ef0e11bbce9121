"""The administration: who enters, what is offered to whom, and that nobody changes there what others wrote."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.models import Assessment, Build, Chapter, Product
from scoreboard import clock, contributors
from scoreboard.admin.common import PortalAdmin
from scoreboard.cycles import calendar
from scoreboard.errors import NotNow
from scoreboard.evidence import attaching
from scoreboard.mail import outbox
from scoreboard.models import (
    AddressChange,
    Answer,
    AnswerVersion,
    Assignment,
    Country,
    CountryGroup,
    Cycle,
    DateChange,
    Edition,
    EditionChange,
    Evidence,
    GroupMembership,
    Mail,
    Membership,
    Organisation,
    Remark,
    Role,
    SecondFactorRemoval,
    SiteNotice,
    State,
    Submission,
    Suggestion,
    Thread,
    Transition,
    User,
    Version,
    Webhook,
)
from scoreboard.people import addresses, invitations
from scoreboard.questionnaire import file, importing
from tests import factories

pytestmark = pytest.mark.django_db

LOOKED_AFTER = [Country, CountryGroup, Membership, Organisation, SiteNotice, User, Webhook]
READ_ONLY = [
    AddressChange,
    Answer,
    AnswerVersion,
    Assessment,
    Assignment,
    Build,
    Chapter,
    Cycle,
    DateChange,
    Edition,
    Evidence,
    Mail,
    Product,
    Remark,
    SecondFactorRemoval,
    Submission,
    Suggestion,
    Thread,
    Transition,
    Version,
]


@pytest.fixture
def administrator(db):
    return factories.a_person(is_staff=True, name="Ada")


@pytest.fixture
def desk(administrator, sign_in):
    return sign_in(administrator)


def colleagues(submission):
    """Let a contributor suggest, lay evidence beside an answer that the country holds, and move a date of the cycle."""
    cycle = Cycle.objects.get(pk=submission.cycle_id)
    cycle.closes += timedelta(days=1)
    calendar.save_cycle(cycle, seen=cycle.revision, reason="Elections.", by=factories.an_officer())
    country, [first, *_others] = submission.country, submission.cycle.edition.all_indicators
    person, focal = factories.a_person(Role.CONTRIBUTOR, country), factories.a_focal(country)
    part = contributors.involve(
        submission, email=person.email, name="", indicators=[first], until=clock.now().date(), by=focal
    )
    part = contributors.answer_part(part, accepts=True, by=person)
    contributors.suggest(part, first.code, factories.given(), by=User.objects.get(pk=person.pk))
    attaching.add_link(submission, first.code, "https://example.org/act", by=focal)
    addresses.change_for(person, f"{country.iso2}@example.org".lower(), by=factories.an_officer(), from_ip=None)
    SecondFactorRemoval.objects.create(person=person, by=factories.an_officer(), reason="The phone is lost.")


def url(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


class TestWhoEnters:
    def test_everybody_else_stays_outside(self, sign_in, officer, focal, observer):
        for person in (officer, focal, observer, factories.a_person()):
            client = sign_in(person)
            assert client.get(reverse("admin:index"), follow=True).status_code == 403
            assert client.get(url(User), follow=True).status_code == 403

    def test_one_signs_in_on_the_page_of_the_portal(self, administrator):
        client = Client()
        for page in ("admin:index", "admin:login"):
            response = client.get(reverse(page), follow=True)
            assert response.redirect_chain[-1][0].startswith(reverse("account_login"))
        response = client.post(
            f"{reverse('account_login')}?next={reverse('admin:index')}",
            {"login": administrator.email, "password": factories.PASSWORD},
            follow=True,
        )
        assert response.redirect_chain[-1][0] == reverse("admin:index")
        assert "<h1>Administration</h1>" in response.content.decode()

    def test_the_flag_is_enough_and_ends_with_the_account(self, desk, administrator):
        assert not administrator.is_superuser
        assert desk.get(reverse("admin:index")).status_code == 200
        User.objects.filter(pk=administrator.pk).update(is_active=False)
        assert desk.get(reverse("admin:index")).status_code == 302

    def test_the_password_is_changed_on_the_page_of_the_portal(self, desk):
        assert desk.get(reverse("admin:password_change")).url == reverse("account_change_password")

    def test_these_are_all_the_models(self):
        ours = {model for model in admin.site._registry if model.__module__.startswith(("scoreboard", "reporting"))}
        assert ours == {*LOOKED_AFTER, *READ_ONLY}


class TestReadOnly:
    @pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
    def test_nobody_adds_changes_or_deletes(self, model):
        pages = admin.site._registry[model]
        request = RequestFactory().get("/")
        for person in (factories.a_person(is_staff=True), User.objects.create_superuser("root@example.org", name="R")):
            request.user = person
            assert pages.has_view_permission(request)
            may = [getattr(pages, f"has_{act}_permission")(request) for act in ("add", "change", "delete")]
            assert may == [False, False, False]

    def test_pages_refuse_in_fact(self, desk):
        colleagues(factories.submission_at(State.RETURNED))
        before = Answer.objects.get(indicator__code="1").comment
        for model in (model for model in READ_ONLY if model.__module__.startswith("scoreboard")):
            row = model.objects.first()
            assert desk.get(url(model, "change", row.pk)).status_code == 200
            assert desk.post(url(model, "change", row.pk), {"comment": "Silently changed"}).status_code == 403
            assert desk.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
            assert desk.get(url(model, "add")).status_code == 403
        assert Answer.objects.get(indicator__code="1").comment == before

    def test_what_a_mail_says_is_not_shown_nor_the_key_that_it_carries(self, desk, focal):
        invitation = invitations.invite(focal)
        outbox.send_due()
        page = desk.get(url(Mail, "change", invitation.pk)).content.decode()
        assert "/password/reset/key/" in mail.outbox[0].body
        assert invitation.subject in page
        assert "/password/reset/key/" not in page
        assert outbox.LINK in invitation.body
        assert outbox.LINK not in page


OURS = {model: pages for model, pages in admin.site._registry.items() if isinstance(pages, PortalAdmin)}


class TestAddressBar:
    """What the address of a list asks for beyond its filters gets no answer: an answer would tell what is left out."""

    def test_all_our_pages_are_of_the_portal(self):
        assert set(OURS) == {*LOOKED_AFTER, *READ_ONLY}

    @pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
    def test_no_field_is_asked_but_by_a_filter(self, desk, model):
        """The list refuses each lookup; that a refusal arrives as a 400 is asked once a list."""
        listed = {each if isinstance(each, str) else each[0] for each in OURS[model].list_filter}
        fields = [field.name for field in model._meta.get_fields() if field.name not in {*listed, "id"}]
        asked = [f"{name}{end}" for name in fields for end in ("", "__contains", "__startswith", "__isnull", "__pk")]
        related = [field for field in model._meta.get_fields() if field.is_relation and field.related_model]
        asked += [f"{field.name}__{of.name}" for field in related for of in field.related_model._meta.concrete_fields]
        asked += [f"{path}__{end}" for path in listed for end in ("contains", "startswith", "regex", "pk__gte")]
        asked = [lookup for lookup in asked if lookup not in listed and not lookup.endswith("__id")]
        administrator = desk.get(url(model)).wsgi_request.user

        def is_refused(lookup: str) -> bool:
            request = RequestFactory().get(url(model), {lookup: "1"})
            request.user = administrator
            try:
                OURS[model].changelist_view(request)
            except DisallowedModelAdminLookup:
                return True
            return False

        assert {lookup: is_refused(lookup) for lookup in asked} == dict.fromkeys(asked, True)
        assert desk.get(url(model), {asked[0]: "1"}).status_code == 400

    def test_every_link_of_a_filter_works(self, desk):
        colleagues(factories.submission_at(State.RETURNED))
        for model in OURS:
            found = desk.get(url(model)).context["cl"]
            links = {choice["query_string"] for spec in found.filter_specs for choice in spec.choices(found)}
            assert {link: desk.get(url(model) + link).status_code for link in links} == dict.fromkeys(links, 200)

    @pytest.mark.parametrize("chosen", ["9" * 23, str(2**63), "1\x00", "-1", "x", "²"])
    def test_rows_that_cannot_be_are_not_chosen(self, desk, malta, chosen):
        factories.a_person(Role.OBSERVER)
        CountryGroup.objects.create(code="all", name={"en": "All"})
        for model in LOOKED_AFTER:
            before = model.objects.count()
            for action in OURS[model].get_actions(desk.get(url(model)).wsgi_request):
                sent = {"action": action, "_selected_action": chosen, "post": "yes"}
                refused = 400 if "\x00" in chosen else 200  # which lists nothing, and asks to choose rows
                assert desk.post(url(model), sent, follow=True).status_code == refused
            assert model.objects.count() == before


class TestOnesOwn:
    """An administrator takes neither a role nor another's name, and what they give others is told."""

    def held(self, person):
        return [(one.role, one.until) for one in person.memberships.all()]

    @pytest.mark.parametrize("until", [None, "2020-01-01"])
    @pytest.mark.parametrize("place", ["person", "add", "change", "moved"])
    @pytest.mark.parametrize("role", [Role.FOCAL, Role.SECRETARIAT])
    def test_no_role_for_oneself(self, desk, administrator, malta, role, place, until):
        if until or place == "change":
            Membership.objects.create(person=administrator, role=Role.ANALYST, until=until)
        before = self.held(administrator)
        fields = {"role": role, "country": malta.pk if role == Role.FOCAL else "", "until": "2999-01-01"}
        if place == "person":
            own = administrator.memberships.first()
            rows = {f"memberships-0-{name}": value for name, value in fields.items()}
            rows |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1 if own else 0}
            rows |= {"memberships-0-id": own.pk if own else "", "memberships-0-person": administrator.pk}
            desk.post(url(User, "change", administrator.pk), {"name": "Ada", **rows})
        if place == "add":
            page = desk.post(url(Membership, "add"), {"person": administrator.pk, **fields}).content.decode()
            assert "Nobody gives a role to themselves, or a later last day." in page
        if place == "change":
            own = administrator.memberships.get()
            sent = {"person": administrator.pk, **fields}
            assert desk.post(url(Membership, "change", own.pk), sent).status_code == 403
        if place == "moved":
            other = Membership.objects.create(person=factories.a_person(), role=Role.ANALYST)
            sent = {"person": administrator.pk, **fields}
            page = desk.post(url(Membership, "change", other.pk), sent).content.decode()
            assert "Nobody gives a role to themselves, or a later last day." in page
        assert self.held(administrator) == before

    def test_the_verbs_refuse_it_too(self, administrator, malta):
        offer = Membership(person=administrator, role=Role.FOCAL, country=malta)
        with pytest.raises(NotNow, match="Nobody gives a role to themselves"):
            invitations.give_role(offer, by=administrator)
        assert not Membership.objects.exists()
        offer.offered_by, offer.accepted_at = administrator, None  # as given before this was refused
        offer.save()
        with pytest.raises(NotNow, match="Nobody gives a role to themselves"):
            invitations.answer_role(offer, accepts=True, by=administrator)
        assert administrator.current_memberships == []
        assert invitations.answer_role(offer, accepts=False, by=administrator).declined_at

    def test_nobody_takes_anothers_name(self, desk, administrator):
        rows = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
        desk.post(url(User, "change", administrator.pk), {"name": "Maria Borg", **rows})
        administrator.refresh_from_db()
        assert administrator.name == "Ada"

    def test_a_name_that_is_changed_is_told_and_logged_as_it_was(self, desk, focal, officer):
        old = focal.name
        rows = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
        desk.post(url(User, "change", focal.pk), {"email": focal.email, "name": "Zed", "is_active": "on", **rows})
        told = Mail.objects.filter(event="name_changed")
        assert {one.to for one in told} == {focal, officer}
        assert all(
            f"Ada, an administrator, changed the name of the account with the address {focal.email} from {old} "
            f"to Zed." in one.body
            for one in told
        )
        assert f"{old} → Zed" in LogEntry.objects.get().get_change_message()

    @pytest.mark.parametrize("known", [True, False])
    @pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CONTRIBUTOR, Role.GUEST)])
    def test_a_role_is_told_once_it_counts(self, desk, sign_in, administrator, focal, officer, malta, role, known):
        foreign = factories.a_focal(factories.a_country("GR"))
        person = factories.a_person(name="Zed") if known else User.objects.create_user("zed@example.org", name="Zed")
        national = Role(role).is_national
        organisation = "" if national else officer.memberships.get().organisation_id
        sent = {
            "person": person.pk,
            "role": role,
            "country": malta.pk if national else "",
            "organisation": organisation,
        }
        desk.post(url(Membership, "add"), sent)
        given = person.memberships.get()
        assert given.offered_by == administrator
        told = Mail.objects.filter(event="role_given")
        listed = "Roles given in the last twelve months"
        if known:
            assert not told.exists()
            sign_in(person).post(reverse("invitation_role", args=[given.pk]), {"answer": "accept"})
        assert {one.to for one in told} == ({focal, officer} if national else {officer})
        assert len(told) == (2 if national else 1)
        assert foreign not in {one.to for one in told}
        body = told.get(to=officer).body
        assert f"Ada, an administrator, has given Zed ({person.email}) the role: {given}." in body
        assert reverse("people_changes") in body
        page = sign_in(officer).get(reverse("people_changes"))
        assert listed in page.content.decode()
        assert [(one.person, one.offered_by) for one in page.context["given"]] == [(person, administrator)]

    def test_contributors_and_guests_are_not_given_there(self, desk, malta):
        person = factories.a_person(name="Zed")
        sent = {"person": person.pk, "role": Role.CONTRIBUTOR, "country": malta.pk}
        assert "by the focal points of their country alone" in desk.post(url(Membership, "add"), sent).content.decode()
        guest = {"person": person.pk, "role": Role.GUEST}
        assert "on the page of a space" in desk.post(url(Membership, "add"), guest).content.decode()
        rows = {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
        rows |= {"memberships-0-role": Role.CONTRIBUTOR, "memberships-0-country": malta.pk}
        desk.post(url(User, "change", person.pk), {"email": person.email, "name": "Zed", "is_active": "on", **rows})
        assert not person.memberships.exists()

    @pytest.mark.parametrize("place", ["person", "membership"])
    def test_a_role_that_was_over_is_given_anew(self, desk, administrator, focal, officer, malta, place):
        person = factories.a_person(name="Zed")
        over = Membership.objects.create(person=person, role=Role.FOCAL, country=malta, until="2020-01-01")
        fields = {"person": person.pk, "role": Role.FOCAL, "country": malta.pk, "until": "2999-01-01"}
        if place == "membership":
            desk.post(url(Membership, "change", over.pk), fields)
        else:
            rows = {f"memberships-0-{name}": value for name, value in {**fields, "id": over.pk}.items()}
            rows |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1}
            desk.post(url(User, "change", person.pk), {"email": person.email, "name": "Zed", "is_active": "on", **rows})
        over.refresh_from_db()
        assert (str(over.until), over.offered_by, over.accepted_at) == ("2999-01-01", administrator, None)
        invitations.answer_role(over, accepts=True, by=person)
        assert {one.to for one in Mail.objects.filter(event="role_given")} == {focal, officer}


class TestPeople:
    @pytest.fixture
    def add(self, desk):
        def added(**fields):
            return desk.post(url(User, "add"), {"email": "Maria@Example.org", "name": "Maria", **fields})

        return added

    def test_a_new_person_is_asked_for_little_and_gets_a_link(self, desk, add):
        form = desk.get(url(User, "add")).context["adminform"].form
        assert list(form.fields) == ["email", "name", "is_staff"]
        response = add()
        maria = User.objects.get(email="maria@example.org")
        assert response.url == url(User, "change", maria.pk)
        assert (maria.is_active, maria.is_staff, maria.has_usable_password()) == (True, False, False)
        outbox.send_due()
        [message] = mail.outbox
        assert message.to == ["maria@example.org"]
        assert "Ada invites you" in message.body
        [link] = [word for word in message.body.split() if "/invitation/" in word]
        client = Client()
        page = client.get(link.replace("http://localhost:8000", ""), follow=True)
        client.post(
            page.redirect_chain[-1][0], {"password1": "a long enough secret", "password2": "a long enough secret"}
        )
        maria.refresh_from_db()
        assert maria.check_password("a long enough secret")

    def test_one_address_is_one_person(self, desk, add, focal):
        response = add(email=focal.email.upper())
        assert response.status_code == 200
        assert "Somebody with this e-mail address has an account already." in response.content.decode()
        assert not Mail.objects.exists()

    def test_a_membership_is_given_on_the_persons_page(self, desk, malta):
        person = factories.a_person(name="Maria")
        rows = {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0", "memberships-0-role": Role.FOCAL}
        fields = {"email": person.email, "name": "Maria", "is_active": "on", **rows}
        response = desk.post(url(User, "change", person.pk), fields)
        assert "A focal point or contributor belongs to a country" in response.content.decode()
        desk.post(url(User, "change", person.pk), {**fields, "memberships-0-country": malta.pk})
        membership = person.memberships.get()
        assert (membership.role, membership.country) == (Role.FOCAL, malta)
        assert person.current_memberships == []  # until the person accepts
        assert LogEntry.objects.get().object_repr == "Maria"

    def test_the_link_is_sent_again_to_active_people(self, desk, focal, officer):
        User.objects.filter(pk=officer.pk).update(is_active=False)
        chosen = {"action": "send_link", "_selected_action": [focal.pk, officer.pk]}
        page = desk.post(url(User), chosen, follow=True).content.decode()
        outbox.send_due()
        assert [message.to for message in mail.outbox] == [[focal.email]]
        assert "1 link will be sent." in page
        assert f"Not active, and therefore without a link: {officer}." in page

    def test_who_wrote_something_is_not_deleted(self, desk):
        factories.submission_at(State.SUBMITTED)
        focal = User.objects.get(memberships__role=Role.FOCAL)
        page = desk.post(url(User, "delete", focal.pk), {"post": "yes"})
        assert page.status_code == 200
        assert "would require deleting the following protected related objects" in page.content.decode()
        assert User.objects.filter(pk=focal.pk).exists()

    def test_who_wrote_nothing_is_deleted_with_their_mail(self, desk, focal):
        invitations.invite(focal)
        desk.post(url(User, "delete", focal.pk), {"post": "yes"})
        assert not User.objects.filter(pk=focal.pk).exists()
        assert not Mail.objects.exists()

    def test_an_administrators_log_keeps_its_author(self, desk, administrator, add, sign_in):
        add()
        other = sign_in(factories.a_person(is_staff=True))
        page = other.post(url(User, "delete", administrator.pk), {"post": "yes"}).content.decode()
        assert "Added “Maria”." in page
        assert User.objects.filter(pk=administrator.pk).exists()

    def test_nobody_locks_themselves_out(self, desk, administrator):
        rows = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
        desk.post(url(User, "change", administrator.pk), {"email": administrator.email, "name": "Ada", **rows})
        administrator.refresh_from_db()
        assert (administrator.is_active, administrator.is_staff) == (True, True)


class TestCountries:
    def test_a_membership_of_a_group_is_confirmed_with_its_dates(self, desk, malta):
        group = CountryGroup.objects.create(code="mikt", name={"en": "MIKT members"})
        rows = {
            "TOTAL_FORMS": "1",
            "INITIAL_FORMS": "0",
            "0-group": group.pk,
            "0-kind": "interested",
            "0-since": "2016-01-01",
            "0-confirmed": "on",
        }
        fields = {f"group_memberships-{name}": value for name, value in rows.items()}
        response = desk.post(
            url(Country, "change", malta.pk),
            {"iso2": "MT", "iso3": "MLT", "name_0": "Malta", "subregion": "Southern Europe", **fields},
        )
        assert response.status_code == 302
        membership = GroupMembership.objects.get()
        found = (membership.kind, str(membership.since), membership.confirmed)
        assert found == ("interested", "2016-01-01", True)
        malta.refresh_from_db()
        assert malta.name.data == {"en": "Malta"}


class TestEditions:
    IMPORT = "admin:edition_import"

    def upload(self, desk, content: bytes):
        return desk.post(reverse(self.IMPORT), {"file": SimpleUploadedFile("edition.yaml", content)})

    def test_a_file_is_looked_at_before_it_is_imported(self, desk, administrator):
        page = self.upload(desk, factories.HARBOUR.read_bytes())
        assert "This makes the new edition “harbour-1” with 3 areas." in page.content.decode()
        assert not Edition.objects.exists()
        done = desk.post(reverse(self.IMPORT), {"text": page.context["text"], "confirm": "Import"}, follow=True)
        assert "is imported" in done.content.decode()
        assert importing.preview(file.read_edition(factories.HARBOUR.read_bytes())) == (Edition.objects.get(), [])
        assert EditionChange.objects.get().by == administrator
        assert LogEntry.objects.get().user == administrator

    def test_a_new_wording_is_shown_beside_the_old(self, desk, cycle):
        content = factories.SCOREBOARD.read_text().replace("Public awareness actions", "Public awareness")
        page = self.upload(desk, content.encode())
        assert page.context["changes"] == [
            ("areas[4].indicators[4].title", "en: Public awareness actions", "en: Public awareness")
        ]
        again = self.upload(desk, factories.SCOREBOARD.read_bytes())
        assert "there is nothing to change" in again.content.decode()
        assert b'name="confirm"' not in again.content

    @pytest.mark.parametrize("step", ["upload", "confirm"])
    def test_every_fault_is_listed_by_its_place(self, desk, step):
        content = (factories.ROOT / "tests/editions/broken/missing-keys.yaml").read_bytes()
        if step == "upload":
            page = self.upload(desk, content)
        else:
            page = desk.post(reverse(self.IMPORT), {"text": content.decode(), "confirm": "Import"})
        assert page.context["form"].non_field_errors() == [
            "file: The key “short_title” is missing.",
            "areas[0].indicators[0].levels[1]: The key “text” is missing.",
        ]
        assert "There are 2 faults in this file; nothing was changed." in page.content.decode()
        assert not Edition.objects.exists()

    def test_what_an_edition_in_use_keeps_is_said_before_the_import(self, desk, cycle):
        page = self.upload(desk, factories.SCOREBOARD.read_text().replace("year: 2017", "year: 2018").encode())
        sentence = "year: The edition is in use by cycle 2026, so its structure cannot change."
        assert page.context["form"].non_field_errors() == [sentence]

    def test_no_file_is_asked_for(self, desk):
        assert desk.post(reverse(self.IMPORT)).context["form"].non_field_errors() == ["Choose a file."]

    def test_an_edition_is_read_and_exported(self, desk, cycle):
        edition = cycle.edition
        page = desk.get(url(Edition, "change", edition.pk)).content.decode()
        assert all(str(indicator) in page for indicator in edition.all_indicators[:3])
        for form in ("yaml", "json"):
            response = desk.get(reverse(f"admin:edition_export_{form}", args=[edition.pk]))
            assert response["Content-Type"] == f"application/{form}; charset=utf-8"
            assert response["Content-Disposition"] == f'attachment; filename="scoreboard-2017.{form}"'
            assert file.read_edition(response.content) == importing.export(edition)
        assert desk.get(reverse("admin:edition_export_yaml", args=[0])).url == url(Edition)

    def test_only_administrators_import_and_export(self, sign_in, officer, cycle):
        client = sign_in(officer)
        for address in (reverse(self.IMPORT), reverse("admin:edition_export_yaml", args=[cycle.edition.pk])):
            assert client.get(address, follow=True).status_code == 403


class TestCost:
    def test_lists_cost_the_same_for_one_row_and_for_three(self, desk, officer):
        costs = []
        for iso2, also in (("MT", []), ("GR", ["TN"])):
            for code in (iso2, *also):
                country = factories.a_country(code)
                group = CountryGroup.objects.create(code=f"group-{code.lower()}", name={"en": code})
                GroupMembership.objects.create(country=country, group=group)
                cycle = factories.a_cycle([country], code=code.lower())
                colleagues(factories.submission_at(State.RETURNED, country, cycle))
                factories.an_edition([factories.HARBOUR, factories.HARBOUR_NEXT][len(costs)])
                assessment = Assessment.objects.create(
                    cycle=cycle, issue=1, snapshot={}, consolidated_at=cycle.opened_at, consolidated_by=officer
                )
                Build.objects.create(assessment=assessment, requested_by=officer)
                Chapter.objects.create(assessment=assessment, key="summary", changed_by=officer)
                Product.objects.create(assessment=assessment, kind="pdf", size=1, built_at=cycle.opened_at)
                Organisation.objects.create(name=f"Observers of {code}")
                SiteNotice.objects.create(text=code, shown_until=clock.now() + timedelta(hours=1))
                Webhook.objects.create(address=f"https://{code.lower()}.example.org/", purpose=code, secret="sealed")
            costs.append({})
            for model in (*LOOKED_AFTER, *READ_ONLY):
                with CaptureQueriesContext(connection) as queries:
                    response = desk.get(url(model))
                assert response.status_code == 200
                assert response.context["cl"].result_count >= 1
                costs[-1][model] = len(queries)
        assert costs[0] == costs[1]
