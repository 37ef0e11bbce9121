"""Roles given, changed and ended by the pages and verbs that people use: what is stored, and who gets which mail."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from scoreboard import clock, contributors
from scoreboard.errors import Invalid, NotNow
from scoreboard.mail import outbox
from scoreboard.models import CountryGroup, Mail, Membership, Organisation, Role, User
from scoreboard.people import invitations, requests, roles
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db

MARIA = {"email": "maria@ministry.example", "name": "Maria"}


@pytest.fixture
def harbours(db):
    secretariat = Organisation.objects.create(name="Harbour Secretariat", kind=Organisation.Kind.SECRETARIAT)
    name = LazyI18nString({"en": "Harbour network"})
    return CountryGroup.objects.create(code="harbours", name=name, secretariat=secretariat)


def letters(event):
    return {mail.to.email: mail for mail in Mail.objects.filter(event=event)}


def of(person) -> list[str]:
    """Return the roles that a person holds today."""
    return [held.role for held in User.objects.get(pk=person.pk).current_memberships]


class TestInviting:
    def invite(self, client, malta, **fields):
        given = MARIA | {"role": "focal", "country": malta.pk, **fields}
        return client.post(reverse("people_invite"), given, follow=True)

    def test_one_mail_says_all_of_it(self, sign_in, officer, malta, harbours, mailoutbox):
        until = clock.today() + timedelta(days=30)
        fields = {"networks": harbours.pk, "until": until.isoformat(), "note": "As agreed in Rome."}
        page = self.invite(sign_in(officer), malta, **fields)
        assert "Maria will be invited by e-mail: Focal point · Malta." in Page(page).text
        membership = Membership.objects.get(person__email=MARIA["email"])
        assert [*membership.networks.all()] == [harbours]
        assert (membership.since, membership.until) == (clock.today(), until)
        assert Mail.objects.count() == 1
        outbox.send_due()
        [sent] = mailoutbox
        link = next(line for line in sent.body.splitlines() if line.startswith("http"))
        assert sent.reply_to == [officer.email]
        assert sent.to == [MARIA["email"]]
        assert sent.subject == "Invitation on Scoreboard portal: Focal point · Malta"
        assert sent.body == (
            "Dear Maria,\n\nOfficer invites you: Focal point · Malta.\n\n"
            "You answer the questionnaire for Malta, with colleagues whom you ask for parts, and submit the answers.\n"
            "Networks: Harbour network\n"
            f"Your access ends after {until.day} {until:%B %Y}.\n\n"
            "Officer writes:\n\nAs agreed in Rome.\n\n"
            "Your account has the e-mail address maria@ministry.example. Set your password here; the link works once, "
            f"for 14 days:\n{link}\n\n"
            "If you did not expect this message, you need not do anything.\n\n"
            "Officer writes to you through Scoreboard portal.\n"
            f"To answer, reply to it: your reply goes to Officer, {officer.email}.\n"
        )
        page = Client().get(urlsplit(link).path, follow=True)
        assert Page(page).h1 == "Choose your password"

    def test_who_has_an_account_accepts_first(self, sign_in, officer, malta, harbours):
        person = factories.a_person(name="Olga")
        self.invite(sign_in(officer), malta, email=person.email, networks=harbours.pk, note="Welcome.")
        [mail] = Mail.objects.all()
        assert (mail.event, mail.to, mail.reply_to) == ("offer", person, officer.email)
        for said in ("Focal point · Malta", "Harbour network", "Welcome.", "It counts once you accept."):
            assert said in mail.body
        assert of(person) == []
        page = Page(sign_in(person).get(reverse("invitation_list")))
        assert "Networks: Harbour network" in page.text
        offer = person.memberships.get()
        sign_in(person).post(reverse("invitation_role", args=[offer.pk]), {"answer": "accept"})
        assert of(person) == [Role.FOCAL]

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"country": ""}, "A focal point or contributor belongs to a country: name one."),
            ({"role": "observer", "country": ""}, "An observer belongs to an organisation: name one."),
            ({"role": "analyst"}, "The role Analyst belongs to no country: leave the country empty."),
            ({"role": "secretariat"}, "Select a valid choice."),
            ({"role": "contributor"}, "Select a valid choice."),
            ({"until": "2001-01-01"}, "The last day has passed. Choose today or a later day."),
            ({"until": "2999-01-01"}, "Choose a last day within ten years."),
            ({"email": "nobody"}, "Type an e-mail address such as name@ministry.example."),
            ({"note": "x" * 2001}, "Shorten the text to 2000 characters"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, sign_in, officer, malta, fields, sentence):
        page = self.invite(sign_in(officer), malta, **fields)
        assert sentence in Page(page).text
        assert not Mail.objects.exists()
        assert not User.objects.filter(email=MARIA["email"]).exists()

    def test_twice_is_refused(self, sign_in, officer, focal, malta):
        client = sign_in(officer)
        assert "holds this role already" in Page(self.invite(client, malta, email=focal.email)).text
        self.invite(client, malta)
        assert "is invited to this role already" in Page(self.invite(client, malta)).text
        assert Mail.objects.filter(event="role_invited").count() == 1

    def test_again_but_not_within_the_hour(self, sign_in, officer, malta):
        client = sign_in(officer)
        self.invite(client, malta, note="Welcome.")
        again = reverse("role_again", args=[Membership.objects.get(person__email=MARIA["email"]).pk])
        assert client.post(again).status_code == 409
        with clock.at(clock.now() + timedelta(hours=2)):
            client.post(again)
        bodies = [mail.body for mail in Mail.objects.filter(event="role_invited")]
        assert len(bodies) == 2
        assert bodies[0] == bodies[1]

    def test_an_officer_is_not_mailed_what_officers_give(self, sign_in, officer, malta, focal):
        factories.a_person(Role.SECRETARIAT, name="Colleague")
        self.invite(sign_in(officer), malta)
        assert set(letters("role_given")) == {focal.email}


class TestAFocalPointInvitesAnother:
    @pytest.fixture
    def page(self, malta):
        return reverse("country_focal_points", args=["mt"])

    def test_everybody_concerned_is_told_and_can_undo_it(self, sign_in, focal, officer, malta, greece, page):
        third, foreign = factories.a_person(Role.FOCAL, malta, name="Third"), factories.a_focal(greece)
        text = Page(sign_in(focal).post(page, MARIA, follow=True)).text
        assert "Maria will be invited by e-mail: Focal point · Malta." in text
        told = letters("focal_invited")
        assert set(told) == {officer.email, third.email}
        assert "focal MT, a focal point of Malta, invites Maria (maria@ministry.example)" in told[third.email].body
        assert foreign.email not in told
        membership = Membership.objects.get(person__email=MARIA["email"])
        undo = reverse("role_end", args=[membership.pk])
        assert undo in told[third.email].body
        assert undo in told[officer.email].body
        assert sign_in(foreign).get(undo).status_code == 404
        assert Page(sign_in(third).get(undo)).h1 == "Withdraw this invitation: Focal point · Malta?"
        sign_in(third).post(undo, {"when": "now"})
        assert of(membership.person) == []
        # The link to set a password gives nothing any more, and no fresh one is sent.
        assert not invitations.is_still_invited(membership.person)

    def test_the_page_does_not_say_whose_address_it_is(self, sign_in, focal, officer, page):
        known = factories.a_person(name="Olga Owner")
        answers = []
        for email in (known.email, "unknown@example.org"):
            answer = Page(sign_in(focal).post(page, {"email": email, "name": "O."}, follow=True)).text
            answers.append(answer.replace(email, "ADDRESS").replace("invitation not answered", ""))
            assert "Olga" not in answer
            roles.end(Membership.objects.get(offered_address=email), by=officer)
        assert answers[0] == answers[1]

    def test_who_came_last_cannot_turn_out_those_before(self, focal, officer, malta):
        now = clock.now()
        invited = []
        for n, giver in enumerate([focal, None]):
            with clock.at(now + timedelta(days=n + 1)):
                giver = giver or invited[0].person
                one = roles.invite(roles.Invitation(f"n{n}@example.org", f"N{n}", Role.FOCAL, malta), by=giver)
                invited.append(Membership.objects.select_related("person").get(pk=one.pk))
        first, second = invited
        theirs = User.objects.get(pk=second.person_id)
        with clock.at(now + timedelta(days=3)):
            for membership in (focal.memberships.get(), first):
                with pytest.raises(PermissionDenied):
                    roles.end(membership, by=theirs)
            roles.end(second, by=User.objects.get(pk=first.person_id))
            roles.end(first, by=focal)

    def test_what_they_offered_ends_with_their_own_role(self, focal, officer, malta):
        """Neither a new person nor one with an account comes in by somebody who was turned out meanwhile."""
        known = factories.a_person(name="Olga")
        for email in ("new@example.org", known.email):
            roles.invite(roles.Invitation(email, "N.", Role.FOCAL, malta), by=focal)
        roles.end(focal.memberships.get(), by=officer)
        new = User.objects.get(email="new@example.org")
        assert (of(new), of(known)) == ([], [])
        with pytest.raises(NotNow):
            invitations.answer_role(known.memberships.get(), accepts=True, by=known)

    def test_nor_by_one_whose_time_is_over(self, focal, malta):
        known = factories.a_person(name="Olga")
        offer = roles.invite(roles.Invitation(known.email, "N.", Role.FOCAL, malta), by=focal)
        focal.memberships.update(until=clock.today())
        with (
            clock.at(clock.now() + timedelta(days=1)),
            pytest.raises(NotNow, match="Who invited you may not do so any more"),
        ):
            invitations.answer_role(offer, accepts=True, by=known)
        assert of(known) == []

    @pytest.mark.parametrize("who", ["officer", "focal"])
    def test_nor_by_one_who_left(self, request, who, malta):
        """Whoever ends their own role leaves no open invitation behind: of two roles alike, the last one counts."""
        inviter, known = request.getfixturevalue(who), factories.a_person(name="Olga")
        [held] = inviter.memberships.all()
        for email in ("new@example.org", known.email):
            roles.invite(roles.Invitation(email, "N.", Role.FOCAL, malta), by=inviter)
        if who == "officer":
            elsewhere = Organisation.objects.create(name="Elsewhere")
            again = Membership.objects.create(person=inviter, role=held.role, organisation=elsewhere)
            roles.end(held, by=User.objects.get(pk=inviter.pk))
            assert Membership.objects.offered().get().person == known
            held = again
        roles.end(held, by=User.objects.get(pk=inviter.pk))
        assert of(User.objects.get(email="new@example.org")) == []
        assert not Membership.objects.offered().exists()

    def test_new_people_of_one_whose_time_is_over_get_nothing(self, draft, focal, officer, malta, greece, mailoutbox):
        """The link of the invitation still leads to a password, and to the roles that others gave."""
        roles.invite(roles.Invitation("new@example.org", "N.", Role.FOCAL, malta), by=focal)
        roles.invite(roles.Invitation("new@example.org", "N.", Role.FOCAL, greece), by=officer)
        part = factories.a_part(draft, by=focal, email="part@example.org")
        focal.memberships.update(until=clock.today() - timedelta(days=1))
        outbox.send_due()
        words = "three harbours and a quay"
        for email in ("new@example.org", "part@example.org"):
            [sent, *_] = [mail for mail in mailoutbox if mail.to == [email]]
            link = next(line for line in sent.body.splitlines() if line.startswith("http"))
            client = Client()
            page = client.get(urlsplit(link).path, follow=True)
            client.post(page.redirect_chain[-1][0], {"password1": words, "password2": words})
            assert User.objects.get(email=email).has_usable_password()
        new = User.objects.get(email="new@example.org")
        assert [held.country for held in new.current_memberships] == [greece]
        part.refresh_from_db()
        assert (part.is_in_force, part.ended_by) == (False, None)

    def test_nor_does_a_part_by_one_whose_time_is_over(self, draft, focal):
        known = factories.a_person(name="Olga")
        indicators = draft.cycle.edition.indicators.all()
        part = contributors.involve(
            draft, email=known.email, name="O.", indicators=indicators, until=clock.today(), by=focal
        )
        focal.memberships.update(until=clock.today() - timedelta(days=1))
        with pytest.raises(NotNow, match="Who invited you may not do so any more"):
            contributors.answer_part(part, accepts=True, by=known)
        assert contributors.answer_part(part, accepts=False, by=known).ended_at

    @pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.OBSERVER, Role.ANALYST, Role.SECRETARIAT])
    def test_they_give_no_other_role_and_none_elsewhere(self, focal, malta, greece, role):
        place = {"country": malta} if role.is_national else {"organisation": Organisation.objects.create(name="A")}
        for invitation in (
            roles.Invitation("m@example.org", "M.", role, **place),
            roles.Invitation("m@example.org", "M.", Role.FOCAL, greece),
        ):
            with pytest.raises(PermissionDenied):
                roles.invite(invitation, by=focal)
        assert not User.objects.filter(email="m@example.org").exists()


class TestEndingAndHandingOver:
    def test_an_officer_ends_it_at_once(self, sign_in, officer, focal, malta):
        colleague = factories.a_person(Role.FOCAL, malta, name="Colleague")
        client = sign_in(officer)
        text = Page(
            client.post(reverse("role_end", args=[focal.memberships.get().pk]), {"when": "now"}, follow=True)
        ).text
        assert "has no access by this role any more" in text
        assert "by Officer" in text
        assert of(focal) == []
        assert set(letters("role_ended")) == {focal.email, colleague.email}
        assert "Officer has ended your role: Focal point · Malta." in letters("role_ended")[focal.email].body

    def test_with_a_day(self, sign_in, officer, focal):
        day = clock.today() + timedelta(days=3)
        end = reverse("role_end", args=[focal.memberships.get().pk])
        sign_in(officer).post(end, {"when": "day", "last_day": day.isoformat()})
        assert focal.memberships.get().until == day
        assert of(focal) == [Role.FOCAL]
        page = Page(sign_in(officer).post(end, {"when": "day", "last_day": (day + timedelta(days=1)).isoformat()}))
        assert "The role ends before that day already." in page.text
        assert "Choose the last day." in Page(sign_in(officer).post(end, {"when": "day"})).text

    def test_ones_own_and_the_officers_are_told(self, sign_in, officer, focal):
        assert "Your roles" in Page(sign_in(focal).get(reverse("invitation_list"))).text
        sign_in(focal).post(reverse("role_end", args=[focal.memberships.get().pk]), {"when": "now"})
        assert of(focal) == []
        assert set(letters("role_ended")) == {officer.email}

    def test_over_is_over(self, officer, focal):
        held = focal.memberships.get()
        roles.end(held, by=officer)
        with pytest.raises(NotNow):
            roles.change(held, until=None, networks=[], by=officer)
        with pytest.raises(NotNow):
            roles.end(held, by=officer)
        with pytest.raises(NotNow):
            roles.send_again(held, by=officer)

    def test_a_hand_over(self, sign_in, officer, focal, malta, harbours):
        held, day = focal.memberships.get(), clock.today() + timedelta(days=7)
        held.networks.set([harbours])
        page = sign_in(officer).post(
            reverse("role_hand_over", args=[held.pk]), MARIA | {"last_day": day.isoformat()}, follow=True
        )
        assert "Maria will be invited by e-mail to take over: Focal point · Malta." in Page(page).text
        held.refresh_from_db()
        successor = Membership.objects.get(person__email=MARIA["email"])
        assert (held.until, successor.country, [*successor.networks.all()]) == (day, malta, [harbours])

    def test_a_hand_over_that_fails_changes_nothing(self, sign_in, officer, focal, malta):
        other = factories.a_person(Role.FOCAL, malta)
        held = focal.memberships.get()
        given = {"email": other.email, "name": "O.", "last_day": clock.today().isoformat()}
        page = Page(sign_in(officer).post(reverse("role_hand_over", args=[held.pk]), given))
        assert "holds this role already" in page.text
        held.refresh_from_db()
        assert held.until is None

    def test_nobody_takes_over_for_themselves(self, officer, focal, sign_in):
        held = focal.memberships.get()
        for thief in (officer, factories.a_person(Role.FOCAL, focal.memberships.get().country, name="Thief")):
            with pytest.raises((NotNow, PermissionDenied, Invalid)):
                roles.hand_over(held, email=thief.email, name="T.", last_day=clock.today(), by=thief)
        held.refresh_from_db()
        assert (held.until, held.ended_at) == (None, None)

    def test_networks_of_ones_own_role_are_the_secretariats_to_say(self, focal, harbours):
        with pytest.raises(NotNow):
            roles.change(focal.memberships.get(), until=None, networks=[harbours], by=focal)


class TestAskingForAccess:
    FORM = {"email": "ines@example.org", "name": "Ines", "role": "focal", "reason": "The ministry has named me."}

    def ask(self, malta, client=None, **fields):
        return (client or Client()).post(reverse("access"), self.FORM | {"country": malta.pk} | fields, follow=True)

    def key(self):
        mail = Mail.objects.get(event="access_prove")
        return outbox.make_link(mail).rstrip("/").rsplit("/", 1)[1]

    def test_the_whole_road_to_yes(self, sign_in, officer, malta, mailoutbox):
        page = self.ask(malta)
        assert Page(page).h1 == "Look into your e-mail"
        inbox = reverse("request_list")
        assert "Ines" not in Page(sign_in(officer).get(inbox)).text
        outbox.send_due()
        link = next(line for line in mailoutbox[0].body.splitlines() if line.startswith("http"))
        assert mailoutbox[0].to == ["ines@example.org"]
        opened = Page(Client().get(urlsplit(link).path))
        assert opened.h1 == "Confirm your request"
        assert "Ines" not in Page(sign_in(officer).get(inbox)).text  # opening alone, as scanners do, proves nothing
        assert Page(Client().post(urlsplit(link).path)).h1 == "Your request is with the Secretariat"
        assert "Access Malta Ines, Focal point: “" in Page(sign_in(officer).get("/")).text
        shown = Page(sign_in(officer).get(inbox))
        assert "ines@example.org" in shown.text
        sign_in(officer).post(shown.links["Answer: Access, Malta, ines@example.org"], {"answer": "grant"})
        person = User.objects.get(email="ines@example.org")
        assert of(person) == [Role.FOCAL]
        assert {mail.event for mail in Mail.objects.exclude(event="access_prove")} == {"access_granted", "role_invited"}
        assert "by Officer" in Page(sign_in(officer).get(inbox)).text

    def test_no_with_a_reason(self, sign_in, officer, malta):
        self.ask(malta)
        asked = requests.prove(self.key())
        address = reverse("access_request", args=[asked.pk])
        assert "Give the reason" in Page(sign_in(officer).post(address, {"answer": "refuse", "reason": " "})).text
        sign_in(officer).post(address, {"answer": "refuse", "reason": "Somebody else is named."})
        [mail] = Mail.objects.filter(event="access_refused")
        assert (mail.address, mail.to, mail.reply_to) == ("ines@example.org", None, officer.email)
        assert "Somebody else is named." in mail.body
        assert not User.objects.filter(email="ines@example.org").exists()
        page = sign_in(officer).post(address, {"answer": "grant"})
        assert "This request is answered already: refused." in Page(page).text

    def test_an_address_with_an_account_gets_the_same(self, malta, focal):
        answers, mails = [], []
        for email in (focal.email, "unknown@example.org"):
            answers.append(self.ask(malta, email=email).content)
            mail = Mail.objects.order_by("-pk").first()
            mails.append((mail.event, mail.subject, mail.body, mail.to, mail.key))
        assert answers[0] == answers[1]
        assert mails[0] == mails[1]

    def test_an_account_that_exists_accepts_first(self, officer, malta):
        """Whoever proves an address gets no session and no role of the account that has it."""
        owner = factories.a_person(name="Olga")
        self.ask(malta, email=owner.email, name="Mallory")
        membership = requests.grant(requests.prove(self.key()), by=officer)
        owner.refresh_from_db()
        assert (of(owner), owner.name, membership.accepted_at) == ([], "Olga", None)

    @pytest.mark.parametrize("role", ["secretariat", "analyst", "contributor", "administrator"])
    def test_no_other_role_can_be_asked_for(self, malta, role):
        self.ask(malta, role=role)
        assert not Mail.objects.exists()

    def test_an_officer_cannot_answer_their_own(self, officer, malta):
        self.ask(malta, email=officer.email)
        asked = requests.prove(self.key())
        with pytest.raises(NotNow, match="Nobody gives a role to themselves"):
            requests.grant(asked, by=officer)

    def test_nobody_else_answers(self, focal, malta, analyst):
        self.ask(malta)
        asked = requests.prove(self.key())
        for person in (focal, analyst, factories.a_person(is_staff=True)):
            with pytest.raises(PermissionDenied):
                requests.grant(asked, by=person)
            with pytest.raises(PermissionDenied):
                requests.refuse(asked, reason="No.", by=person)

    def test_an_address_gets_one_mail_a_day(self, malta):
        for _n in range(3):
            self.ask(malta)
        assert Mail.objects.count() == 1
        with clock.at(clock.now() + timedelta(hours=25)):
            self.ask(malta)
        assert Mail.objects.count() == 2

    def test_a_client_is_limited(self, malta, settings):
        from django.core.cache import cache

        settings.ACCOUNT_RATE_LIMITS = {"request_access": "2/h/ip"}
        settings.CACHES = {
            **settings.CACHES,
            "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        }
        cache.clear()
        statuses = [self.ask(malta, email=f"n{n}@example.org").status_code for n in range(3)]
        assert statuses == [200, 200, 429]
        assert Mail.objects.count() == 2

    def test_what_nobody_proves_is_deleted_after_a_week(self, malta, officer):
        from reporting import tasks

        self.ask(malta)
        key = self.key()
        self.ask(malta, email="kept@example.org")
        with clock.at(clock.now() + timedelta(days=2)):
            proven = Mail.objects.get(address="kept@example.org")
            requests.prove(outbox.make_link(proven).rstrip("/").rsplit("/", 1)[1])
        [job] = [job for job in tasks.JOBS if job.name == "old requests for access"]
        with clock.at(clock.now() + timedelta(days=7) - timedelta(minutes=1)):
            assert job.do() == 0
        with clock.at(clock.now() + timedelta(days=7, minutes=1)):
            assert "no longer works" in Page(Client().get(reverse("access_prove", args=[key]))).text
            assert job.do() == 1
            assert Client().post(reverse("access_prove", args=[key])).status_code == 404
        assert [one.email for one in requests.waiting()] == ["kept@example.org"]
        assert [mail.address for mail in Mail.objects.all()] == ["kept@example.org"]
        with clock.at(clock.now() + timedelta(days=400)):
            assert job.do() == 0  # it waits until somebody answers
            requests.refuse(requests.waiting().get(), reason="Too late.", by=officer)
        with clock.at(clock.now() + timedelta(days=400 + 366)):
            assert job.do() == 1
