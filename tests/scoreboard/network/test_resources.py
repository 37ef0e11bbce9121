"""Resources through the pages: proposed, checked, found, used; their links and tags; and how long things are stored."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from scoreboard import clock, outgoing, rehearsal
from scoreboard.errors import NotNow, Stale
from scoreboard.models import (
    Edition,
    GoodPractice,
    Indicator,
    Mail,
    PeerQuestion,
    Resource,
    ResourceFile,
    ResourceUse,
    Role,
)
from scoreboard.network import good_practice, links, practice_decisions, reading, resources, subjects
from scoreboard.network import learning as between
from tests import learning
from tests.factories import (
    HARBOUR,
    HARBOUR_NEXT,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    an_officer,
)
from tests.pages import Page
from tests.small_pdfs import PDF
from tests.statements import an_observer

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour_edition(db):
    return an_edition(HARBOUR)


def typed(page: Page, **values) -> dict:
    return page.fields | {"kind": "training", "title": "Boarding a ship", "audience": "justice"} | values


def test_from_the_proposal_to_the_reader(harbour_edition, sign_in):
    learning.risen()
    cycle = a_cycle([a_country("MT")])
    member, officer, visitor = sign_in(an_observer()), sign_in(an_officer()), Client()
    new = Page(member.get("/resources/")).links["Propose a resource"]
    area = learning.first_area()
    given = typed(Page(member.get(new)), subjects=[f"area-{area.pk}"], language="fr", summary="How *police* boards.")
    place = member.post(new, given).headers["Location"]
    assert Mail.objects.get(event="resource_proposed").to == an_officer()
    assert place in Page(officer.get("/")).links.values()
    assert visitor.get(place).status_code == sign_in(a_focal(a_country("MT"))).get(place).status_code == 404
    refused = officer.post(f"{place}publish/", {"seen": "1"})  # it leads nowhere yet
    assert refused.status_code == 409
    assert "Give a link, a file" in Page(refused).text
    files = f"{place}files/"
    assert "Choose a file." in Page(member.post(files)).text
    assert (
        "is here already"
        in Page(
            member.post(files, {"files": [ContentFile(PDF, name="Boarding.pdf"), ContentFile(PDF, name="Again.pdf")]})
        ).text
    )
    officer.post(f"{place}publish/", {"seen": str(Resource.objects.get().revision)})
    assert Mail.objects.get(event="resource_published").to.name == "Observer"
    assert member.get(f"{place}edit/").status_code == 409  # decided

    page = Page(visitor.get(place))
    assert "How police boards." in page.text
    assert "Observer" not in page.text
    file = visitor.get(page.links["Boarding.pdf"])
    assert (file.getvalue(), file["Content-Security-Policy"][:18]) == (PDF, "default-src 'none'")
    found = {"?kind=training": True, "?kind=law": False, "?language=fr": True}
    found |= {"?audience=science": False, "?indicator=P1": True, "?indicator=Q1": False}
    for query, there in found.items():
        assert ("Boarding a ship" in Page(visitor.get(f"/resources/{query}")).links) == there, query
    assert Page(visitor.get("/search/?q=boarding")).links["Boarding a ship · Training package"] == place
    focal, submission = sign_in(a_focal(a_country("MT"))), cycle.submissions.get()
    for address in ("/indicators/P1/", reverse("learning", args=[submission.pk, "P1"])):
        assert Page(focal.get(address)).links["Boarding a ship"] == place
    assert Page(focal.get(reverse("submission_area", args=[submission.pk, "P"]))).links["Boarding a ship"] == place
    officer.post(f"{place}withdraw/", {"reason": "It is out of date."})
    assert visitor.get(place).status_code == 410
    assert "It is out of date." in Mail.objects.get(event="resource_withdrawn").body


def test_what_an_officer_adds_is_public_at_once_and_its_use_is_counted_without_persons(harbour_edition, sign_in):
    officer = sign_in(an_officer())
    bad = officer.post("/resources/new/", typed(Page(officer.get("/resources/new/")), url="ftp://example.org"))
    assert "beginning with https://" in Page(bad).text
    given = typed(Page(officer.get("/resources/new/")), url="https://example.org/page?a=1")
    place = officer.post("/resources/new/", given).headers["Location"]
    for client in (Client(), Client(), sign_in(a_person())):
        assert client.get(f"{place}open/").headers["Location"] == "https://example.org/page?a=1"
    Client().head(f"{place}open/")
    use = ResourceUse.objects.get()
    assert (use.count, use.month) == (3, clock.today().replace(day=1))
    assert {field.name for field in ResourceUse._meta.fields} == {"id", "resource", "month", "count"}
    assert "3 times; by whom is not stored." in Page(officer.get(place)).text
    assert "by whom" not in Page(Client().get(place)).text


def test_a_file_is_removed_but_never_the_last_content_of_what_is_public(harbour_edition, sign_in):
    officer = sign_in(an_officer())
    found = learning.a_resource(url="")
    assert found.state == "proposed"
    piece = learning.a_file(found)
    found = resources.publish(found, seen=Resource.objects.get().revision, by=an_officer())
    removal = reverse("resource_file_remove", args=[found.pk, piece.pk])
    assert officer.post(removal).status_code == 409
    assert ResourceFile.objects.exists()
    assert ResourceFile.objects.get().file.storage.exists(piece.file.name)


def test_a_stale_page_shows_both_and_saves_nothing(harbour_edition, sign_in):
    found, officer = learning.a_resource(), sign_in(an_officer())
    old = Page(officer.get(f"/resources/{found.pk}/edit/")).fields
    resources.save(found, {**old, "title": "Another title"}, seen=1, by=an_officer())
    response = officer.post(f"/resources/{found.pk}/edit/", old | {"title": "Mine"})
    assert response.status_code == 409
    assert "Another title" in Page(response).text
    assert Page(response).fields["title"] == "Mine"
    assert Resource.objects.get().title == "Another title"
    with pytest.raises(Stale):
        resources.publish(learning.a_resource(a_focal(a_country("MT"))), seen=7, by=an_officer())


def test_tags_reach_other_editions_but_not_what_was_split_off_too():
    before = an_edition(HARBOUR)
    after = an_edition(HARBOUR_NEXT)
    old = {one.code: one.pk for one in before.all_indicators}
    related = subjects.related_indicators(after.pk)
    for one in after.all_indicators:
        assert related[one.pk] == {one.pk, *(old[code] for code in one.sources)}, one.code
    back = subjects.related_indicators(before.pk)
    for code, pk in old.items():
        assert back[pk] == {pk, *(one.pk for one in after.all_indicators if code in one.sources)}, code
    assert any(len(kin) > 2 for kin in back.values())  # something was split
    tagged = next(one for one in after.all_indicators if one.sources)
    learning.a_resource(indicators=[Indicator.objects.get(edition=before, code=tagged.sources[0])])
    edition = Edition.objects.get(pk=after.pk)
    assert [one.title for one in reading.on_indicators(edition.pk, [tagged])[tagged.pk].resources] == ["A guide"]


PRIVATE = ("10.0.0.8", "127.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fd00::1", "::ffff:10.0.0.8")


class TestLinks:
    """The worker tries links where the operator lets it, and never an address of the inside."""

    def test_not_unless_the_operator_allows_it(self, harbour_edition, monkeypatch):
        learning.a_resource()
        monkeypatch.setattr(links, "is_there", lambda url: pytest.fail("tried"))
        assert links.check_due() == 0

    @pytest.mark.parametrize("address", PRIVATE)
    def test_a_name_that_leads_inside_is_not_asked(self, address, monkeypatch):
        other = "93.184.215.14"
        both = [(2, 1, 6, "", (one, 443)) for one in (other, address)]
        monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_args, **_kwargs: both)
        monkeypatch.setattr(outgoing.socket, "create_connection", lambda *_args: pytest.fail("connected"))
        assert not links.is_there("https://example.org/")

    @pytest.mark.parametrize("url", ["http://example.org/", "https://example.org:8443/", "file:///etc/passwd"])
    def test_only_https_at_its_own_port(self, url, monkeypatch):
        monkeypatch.setattr(outgoing.socket, "create_connection", lambda *_args: pytest.fail("connected"))
        assert not links.is_there(url)

    @pytest.mark.parametrize(("status", "works"), [(200, True), (206, True), (403, True), (404, False), (500, False)])
    def test_what_an_answer_says(self, status, works, monkeypatch):
        monkeypatch.setattr(links, "_ask", lambda url: (status, ""))
        assert links.is_there("https://example.org/") == works

    def test_a_redirect_is_checked_like_the_link_and_not_followed_for_ever(self, monkeypatch):
        asked = []
        monkeypatch.setattr(links, "_ask", lambda url: (asked.append(url), (302, "/next"))[1])
        assert not links.is_there("https://example.org/first")
        assert asked == ["https://example.org/first", *["https://example.org/next"] * 3]
        monkeypatch.undo()
        inside = [(2, 1, 6, "", ("10.0.0.8", 443))]
        monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_args, **_kwargs: inside)
        assert not links.is_there("https://inside.example.org/")

    def test_without_the_setting_no_link_is_asked_for(self, harbour_edition, monkeypatch):
        learning.a_resource()
        asked = []
        monkeypatch.setattr(links, "is_there", asked.append)
        assert (links.check_due(), asked) == (0, [])

    def test_after_three_days_pages_and_officers_say_so_until_it_works_again(
        self, harbour_edition, monkeypatch, settings, sign_in
    ):
        settings.CHECK_LINKS = True
        found, works, now = learning.a_resource(), False, clock.now()
        monkeypatch.setattr(links, "is_there", lambda url: works)
        for day in range(1, 4):
            with clock.at(now + timedelta(days=day, hours=day)):
                assert links.check_due() == 1
                assert links.check_due() == 0  # once a day
            assert ("did not work" in Page(Client().get(f"/resources/{found.pk}/")).text) == (day == 3)
        assert "The link of 1 resource does not work." in Page(sign_in(an_officer()).get("/")).text
        works = True
        with clock.at(now + timedelta(days=9)):
            links.check_due()
        assert "did not work" not in Page(Client().get(f"/resources/{found.pk}/")).text


class TestHowLong:
    """What is not published is deleted a year after it was decided, and questions after five."""

    def test_each_kind(self, harbour_edition):
        member = an_observer()
        practice = learning.published_practice()
        draft = learning.a_practice(title="Draft")
        refused = learning.a_resource(member)
        file = learning.a_file(refused, by=member)
        resources.refuse(refused, reason="It is here already.", by=an_officer())
        kept, waits = learning.a_resource(), learning.a_resource(member, title="Waits")
        question = learning.answered()
        year = clock.now() + timedelta(days=366)
        assert [job() for job in (good_practice.delete_old, resources.delete_old, between.delete_old)] == [0, 0, 0]
        with clock.at(year):
            assert [job() for job in (good_practice.delete_old, resources.delete_old, between.delete_old)] == [1, 1, 0]
        assert set(GoodPractice.objects.all()) == {practice} != {draft}
        assert set(Resource.objects.all()) == {kept, waits}
        assert not ResourceFile.objects.filter(pk=file.pk).exists()
        with clock.at(clock.now() + timedelta(days=5 * 365 + 1)):
            assert between.delete_old() == 1
        assert not PeerQuestion.objects.filter(pk=question.pk).exists()


def test_nothing_of_it_is_in_the_rehearsal(harbour_edition):
    learning.a_resource()
    learning.published_practice()
    greece, focal, officer = a_country("GR"), a_focal(a_country("GR")), an_officer()
    with rehearsal.within():
        assert not Resource.objects.exists()
        assert not GoodPractice.objects.exists()
        with pytest.raises(NotNow):
            learning.a_resource(officer)
        with pytest.raises(NotNow):
            learning.a_practice(greece, by=focal)


def test_every_mail_has_a_subject_the_reason_and_the_link(harbour_edition, settings):
    officer, member = an_officer(), an_observer()
    between.write(learning.answered(), "Thank you.", by=a_focal(a_country("MT")))
    between.decline(learning.asked("And?"), reason="REASON", by=a_focal(a_country("GR")))
    between.close(learning.asked("Why?"), reason="REASON", by=officer)
    tagged = {"indicators": [learning.an_indicator()], "by": a_focal(a_country("MT"))}
    to_sign = good_practice.propose(PeerQuestion.objects.get(state="open"), title="T", text="Text", **tagged)
    good_practice.leave_unsigned(to_sign, reason="REASON", by=a_focal(a_country("GR")))
    practice_decisions.refuse(learning.offered(), reason="REASON", by=officer)
    practice_decisions.withdraw(learning.published_practice(), reason="REASON", by=officer)
    resources.refuse(learning.a_resource(member), reason="REASON", by=officer)
    published = resources.publish(learning.a_resource(member), seen=1, by=officer)
    resources.withdraw(published, reason="REASON", by=officer)
    mails = {mail.event: mail for mail in Mail.objects.all()}
    parts = ("peer_asked", "peer_answered", "peer_wrote", "peer_declined", "peer_closed", "practice_to_sign")
    parts += ("practice_not_signed", "practice_offered", "practice_published", "practice_refused")
    parts += ("practice_withdrawn", "resource_proposed", "resource_published", "resource_refused", "resource_withdrawn")
    assert set(parts) <= set(mails)
    for part in parts:
        assert mails[part].subject, part
        has_reason = part.rsplit("_", 1)[1] in ("declined", "closed", "signed", "refused", "withdrawn")
        assert ("REASON" in mails[part].body) == has_reason, part
        gone = part in ("practice_not_signed", "resource_refused", "resource_withdrawn")
        assert (settings.SITE_URL in mails[part].body.split("writes to you")[0]) != gone, part


def test_a_person_proposes_with_any_role_but_not_without_one(harbour_edition, sign_in):
    for role in (Role.FOCAL, Role.CONTRIBUTOR, Role.OBSERVER, Role.ANALYST):
        person = a_person(role, a_country("MT") if Role(role).is_national else None)
        assert sign_in(person).get("/resources/new/").status_code == 200
    assert sign_in(a_person()).get("/resources/new/").status_code == 403
