"""Spaces: who is a member and until when, what they write, what moderators do, and what the archive holds."""

import json
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.urls import reverse

from scoreboard import clock, rehearsal
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.mail import outbox
from scoreboard.models import (
    ActivityEntry,
    Discussion,
    Mail,
    Membership,
    Paper,
    Post,
    PublishedText,
    Role,
    Space,
    User,
)
from scoreboard.network import (
    archive,
    daily,
    discussions,
    meetings,
    membership,
    moderation,
    papers,
    publishing,
    searching,
    spaces,
)
from scoreboard.network.spaces import Audience
from scoreboard.people import invitations, roles
from tests.factories import a_person
from tests.small_pdfs import PDF
from tests.spaces import a_discussion, a_file, a_network, a_paper, a_public_text, a_space, an_expert, an_observer

FOCAL, OBSERVER = Audience(Role.FOCAL), Audience(Role.OBSERVER)


def sees(person: User, space: Space) -> bool:
    return Space.objects.visible_to(User.objects.get(pk=person.pk)).filter(pk=space.pk).exists()


def found(person: User, words: str) -> list[tuple[str, str]]:
    """The kind and the title of what somebody finds, the latest first."""
    return [(hit.kind, hit.title) for hit in searching.search(person, words).hits]


def later(days: int):
    """The clock some days on, at noon."""
    return clock.at(clock.now() + timedelta(days=days))


class TestMembers:
    def test_a_role_makes_members_of_all_its_holders_or_of_those_of_one_network(self, officer, focal, malta, greece):
        ours, other = a_network("ours"), a_network("other")
        focal.memberships.get().networks.add(ours)
        greek = a_person(Role.FOCAL, greece)
        greek.memberships.get().networks.add(other)
        society, stranger = an_observer("Society", ours), an_observer("Strangers", other)
        whole = a_space("All focal points", [FOCAL])
        own = a_space("Of ours", [Audience(Role.FOCAL, ours), Audience(Role.OBSERVER, ours)])
        table = {
            person.name: (sees(person, whole), sees(person, own))
            for person in (officer, focal, greek, society, stranger, a_person(Role.ANALYST), a_person(name="Nobody"))
        }
        assert table == {
            "Officer": (True, True),
            "focal MT": (True, True),
            "focal GR": (True, False),
            "Observer of Society": (False, True),
            "Observer of Strangers": (False, False),
            "analyst": (False, False),
            "Nobody": (False, False),
        }
        assert [row.person for row in membership.people(own)] == [focal, society]

    def test_an_expert_from_outside_is_a_guest_until_the_last_day(self, officer):
        space, until = a_space(), clock.today() + timedelta(days=3)
        expert = an_expert(space, until=until)
        assert expert.memberships.get().role == Role.GUEST
        assert [(row.person, row.belongs, row.member.until) for row in membership.people(space)] == [
            (expert, "Guest", until)
        ]
        invitation = Mail.objects.get(to=expert)
        assert invitation.event == "role_invited"
        assert "Enforcement group" in invitation.body
        midnight = clock.start_of(until + timedelta(days=1))
        for moment, expected in ((midnight - timedelta(seconds=1), True), (midnight, False)):
            with clock.at(moment):
                assert sees(expert, space) is expected
                assert bool(User.objects.get(pk=expert.pk).current_memberships) is expected

    def test_a_guest_sees_the_spaces_of_the_invitations_and_the_role_lasts_as_long_as_the_longest(self, officer):
        first, second, third = a_space("One"), a_space("Two"), a_space("Three", [FOCAL, OBSERVER])
        expert = an_expert(first)
        until = clock.today() + timedelta(days=30)
        longer = membership.invite(second, email=expert.email, name="Eva", until=until, by=officer)
        assert Mail.objects.filter(to=expert).order_by("-pk")[0].event == "space_invited"
        assert [sees(expert, one) for one in (first, second, third)] == [True, True, False]
        assert expert.memberships.get().until == until
        with later(10):
            assert [sees(expert, one) for one in (first, second)] == [False, True]
        membership.end(longer, by=officer)
        assert Mail.objects.filter(to=expert).order_by("-pk")[0].event == "space_ended"
        assert [sees(expert, one) for one in (first, second)] == [True, False]
        assert expert.memberships.get().until == clock.today() + timedelta(days=7)
        membership.end(first.members.get(), by=officer)
        assert expert.memberships.get().ended_at is not None
        assert Mail.objects.filter(to=expert).order_by("-pk")[0].event == "role_ended"
        assert not sees(expert, first)

    def test_somebody_with_an_account_and_no_role_accepts_first(self, officer):
        space, person = a_space(), a_person(name="Former Observer")
        membership.invite(space, email=person.email, name="F.", until=clock.today(), by=officer)
        assert not sees(person, space)
        assert membership.people(space) == []
        invitations.answer_role(person.memberships.get(), accepts=True, by=person)
        assert sees(person, space)

    def test_who_has_a_role_keeps_it_and_an_invitation_counts_while_they_have_one(self, officer, observer):
        space = a_space()
        membership.invite(space, email=observer.email, name="O.", until=clock.today() + timedelta(days=9), by=officer)
        assert sees(observer, space)
        assert [one.role for one in observer.memberships.all()] == [Role.OBSERVER]
        roles.end(observer.memberships.get(), by=officer)
        assert not sees(observer, space)

    def test_what_cannot_be_an_invitation(self, officer, focal):
        space = a_space()
        given = {"email": "eva@example.org", "name": "Eva", "until": clock.today()}
        membership.invite(space, **given, by=officer)
        for change, problem in (
            ({}, "is invited to this space already"),
            ({"email": "no address"}, "is no e-mail address"),
            ({"email": "new@example.org", "name": ""}, "Give the name"),
            ({"email": "new@example.org", "until": clock.today() - timedelta(days=1)}, "has passed"),
        ):
            with pytest.raises(Invalid, match=problem):
                membership.invite(space, **given | change, by=officer)
        with pytest.raises(NotNow, match="every space already"):
            membership.invite(space, **given | {"email": officer.email}, by=officer)
        with pytest.raises(PermissionDenied):
            membership.invite(space, **given, by=focal)
        held = Membership.objects.get(role=Role.GUEST)
        with pytest.raises(NotNow, match="page of a space"):
            roles.hand_over(held, email="n@example.org", name="N", last_day=clock.today(), by=officer)

    def test_the_rehearsal_has_no_spaces(self, officer):
        space = a_space()
        with rehearsal.within():
            assert not Space.objects.visible_to(officer).exists()
            with pytest.raises(NotNow, match="rehearsal has no spaces"):
                a_space("Another")
        assert sees(officer, space)


class TestDiscussions:
    def test_members_discuss_and_nobody_else(self, officer, focal, observer):
        space = a_space(audiences=[FOCAL])
        discussion = a_discussion(space, focal)
        discussions.reply(discussion, "We do.", by=officer)
        assert [post.text for post in discussion.posts.all()] == ["Who patrols?", "We do."]
        for act in (
            lambda: discussions.reply(discussion, "Me too.", by=observer),
            lambda: a_discussion(space, observer),
        ):
            with pytest.raises(PermissionDenied):
                act()
        for text in ("", " \u200b "):
            with pytest.raises(Invalid, match="Write something"):
                discussions.reply(discussion, text, by=focal)

    def test_an_author_takes_a_text_back_and_only_officers_read_it(self, officer, focal, greece):
        space = a_space(audiences=[FOCAL])
        discussion, other = a_discussion(space, focal), a_person(Role.FOCAL, greece)
        post = discussions.reply(discussion, "A slip.", by=focal)
        with pytest.raises(PermissionDenied):
            discussions.take_back(post, by=other)
        discussions.take_back(post, by=focal)
        assert [post in Post.objects.visible_to(one) for one in (officer, other)] == [True, False]
        with pytest.raises(NotNow, match="took it back"):
            moderation.show(post, reason="It was right.", by=officer)

    def test_moderators_hide_show_close_reopen_and_move_with_a_reason(self, officer, focal):
        space, other = a_space(audiences=[FOCAL]), a_space("Elsewhere")
        discussion = a_discussion(space, focal)
        post = discussion.posts.get()
        for verb, thing in (
            (moderation.hide, post),
            (moderation.show, post),
            (moderation.close, discussion),
            (moderation.reopen, discussion),
            (moderation.hide, discussion),
            (moderation.show, discussion),
        ):
            with pytest.raises(Invalid, match="Give the reason"):
                verb(thing, reason=" ", by=officer)
            with pytest.raises(PermissionDenied):
                verb(thing, reason="Because.", by=focal)
            verb(thing, reason="Because.", by=officer)
            hidden = [not type(one).objects.visible_to(focal).filter(pk=one.pk).exists() for one in (discussion, post)]
            assert hidden == {moderation.hide: [thing == discussion, True]}.get(verb, [False, False])
            if verb is moderation.close:
                with pytest.raises(NotNow, match="closed"):
                    discussions.reply(discussion, "Too late.", by=focal)
        moderation.move(discussion, to=other, reason="It belongs there.", by=officer)
        assert not Discussion.objects.visible_to(focal).exists()
        with pytest.raises(NotNow, match="not in the space any more"):
            discussions.reply(discussion, "Where is it?", by=focal)
        told = Mail.objects.filter(event="space_moderated", to=focal)
        assert told.count() == 7
        assert "It belongs there." in told.order_by("-pk")[0].body
        assert [step.act for step in discussion.steps.all()] == [
            "hide", "show", "close", "reopen", "hide", "show", "move"
        ]  # fmt: skip


class TestPapers:
    def test_versions_stay_and_are_added_by_who_added_the_paper_or_an_officer(self, officer, focal, greece):
        space = a_space(audiences=[FOCAL])
        paper, other = a_paper(space, focal), a_person(Role.FOCAL, greece)
        with pytest.raises(Invalid, match="same as version 1"):
            papers.add_version(paper, file=a_file(), note="", by=focal)
        with pytest.raises(PermissionDenied):
            papers.add_version(paper, file=a_file(content=PDF + b"\n"), note="", by=other)
        papers.add_version(paper, file=a_file("Second.pdf", PDF + b"\n"), note="Shorter.", by=officer)
        found = [(one.number, one.name, one.note, one.added_by) for one in paper.versions.all()]
        assert found == [(2, "Second.pdf", "Shorter.", officer), (1, "Draft.pdf", "", focal)]
        assert all(one.file.storage.exists(one.file.name) for one in paper.versions.all())

    def test_files_come_in_by_the_door_of_evidence(self, focal, settings):
        space = a_space(audiences=[FOCAL])
        with pytest.raises(Invalid, match="web page"):
            papers.add(space, title="Page", file=a_file("page.pdf", b"<html><body>Hello</body></html>"), by=focal)
        settings.EVIDENCE_QUOTA = len(PDF)
        paper = a_paper(space, focal)
        with pytest.raises(Invalid, match="does not fit"):
            papers.add_version(paper, file=a_file(content=PDF + b"\n"), note="", by=focal)
        assert Paper.objects.count() == 1


class TestMeetings:
    @pytest.fixture
    def meeting(self, officer):
        day = clock.today() + timedelta(days=20)
        return meetings.plan(
            a_space(audiences=[FOCAL]), title="First", starts=day, ends=day, place="Online", by=officer
        )

    def test_an_agenda_with_papers_is_put_in_order_and_decided_on(self, meeting, officer, focal):
        paper = a_paper(meeting.space, focal)
        items = [
            meetings.add_item(meeting, title=title, notes="", papers=[paper], by=officer) for title in ("A", "B", "C")
        ]
        meetings.raise_item(items[2], by=officer)
        meetings.decide(items[0], "Agreed.", by=officer)
        with pytest.raises(NotNow, match="decision is entered"):
            meetings.remove_item(items[0], by=officer)
        meetings.remove_item(items[1], by=officer)
        assert [(one.position, one.title, one.decision) for one in meeting.items.all()] == [
            (1, "A", "Agreed."),
            (2, "C", ""),
        ]
        elsewhere = a_paper(a_space("Elsewhere"), officer)
        with pytest.raises(Invalid, match="papers of this space"):
            meetings.add_item(meeting, title="D", notes="", papers=[elsewhere], by=officer)
        with pytest.raises(PermissionDenied):
            meetings.add_item(meeting, title="E", notes="", papers=[], by=focal)

    def test_minutes_are_a_draft_of_officers_until_they_are_shared(self, meeting, officer, focal, sign_in):
        with pytest.raises(Invalid, match="Write the minutes"):
            meetings.share_minutes(meeting, seen=0, by=officer)
        meetings.save_minutes(meeting, "All agreed.", seen=0, by=officer)
        colleague = a_person(Role.SECRETARIAT, name="Colleague")
        with pytest.raises(Stale) as problem:
            meetings.save_minutes(meeting, "Nobody agreed.", seen=0, by=colleague)
        assert problem.value.current.minutes == "All agreed."
        address = reverse("meeting", args=[meeting.pk])
        assert "All agreed." not in sign_in(focal).get(address).content.decode()
        assert found(focal, "all agreed") == []
        meetings.share_minutes(meeting, seen=1, by=officer)
        assert "All agreed." in sign_in(focal).get(address).content.decode()
        assert found(focal, "all agreed") == [("Meeting", "First")]


class TestPublishing:
    def test_anothers_text_is_published_once_its_author_agrees_and_without_the_name(
        self, officer, focal, client, sign_in
    ):
        space = a_space(audiences=[FOCAL])
        post = a_discussion(space, focal, text="Patrols at *dawn* help.").posts.get()
        chosen = publishing.ask(post, title="Patrols that help", by=officer)
        assert Mail.objects.filter(to=focal, event="space_asks").count() == 1
        with pytest.raises(NotNow, match="has not agreed"):
            publishing.publish(chosen, names_nobody=True, by=officer)
        with pytest.raises(PermissionDenied):
            publishing.answer(chosen, agrees=True, by=officer)
        address = reverse("published_text", args=[chosen.pk])
        assert client.get(address).status_code == 404
        publishing.answer(chosen, agrees=True, by=focal)
        with pytest.raises(Invalid, match="tick"):
            publishing.publish(chosen, names_nobody=False, by=officer)
        publishing.publish(chosen, names_nobody=True, by=officer)
        page = client.get(address).content.decode()
        assert "Patrols at <em>dawn</em> help." in page
        assert focal.name not in page
        with pytest.raises(NotNow, match="published"):
            discussions.take_back(post, by=focal)
        officers = sign_in(officer)
        offers = reverse("post_publish", args=[post.pk])
        assert offers not in officers.get(reverse("discussion", args=[post.discussion_id])).content.decode()
        publishing.withdraw(chosen, by=officer)
        assert client.get(address).status_code == 410
        assert offers in officers.get(reverse("discussion", args=[post.discussion_id])).content.decode()
        assert [one.event for one in Mail.objects.filter(event__startswith="space_").order_by("pk")] == [
            "space_asks",
            "space_answered",
        ]

    def test_a_declined_text_is_not_published_and_ones_own_needs_no_question(self, officer, focal, client):
        space = a_space(audiences=[FOCAL])
        paper = a_paper(space, focal)
        chosen = publishing.ask(paper.versions.get(), title="Plan", by=officer)
        publishing.answer(chosen, agrees=False, by=focal)
        with pytest.raises(NotNow, match="has not agreed"):
            publishing.publish(chosen, names_nobody=True, by=officer)
        version = papers.add_version(paper, file=a_file("Own.pdf", PDF + b"\n"), note="", by=officer)
        own = publishing.publish(publishing.ask(version, title="Plan", by=officer), names_nobody=True, by=officer)
        served = client.get(reverse("published_text_file", args=[own.pk]))
        assert b"".join(served.streaming_content) == PDF + b"\n"
        assert list(PublishedText.objects.public()) == [own]


class TestDailyMail:
    def test_it_lists_titles_and_links_of_what_is_new_to_its_reader(self, officer, focal, greece, mailoutbox):
        space = a_space(audiences=[FOCAL])
        other = a_person(Role.FOCAL, greece)
        spaces.choose_mail(space, daily=False, by=other)
        discussion = a_discussion(space, officer, text="Secret words.")
        hidden = a_discussion(space, officer, title="Hidden one")
        moderation.hide(hidden, reason="Off topic.", by=officer)
        a_discussion(space, focal, title="Own one")
        paper = a_paper(space, officer)
        assert daily.send() == 2  # the focal point, and the officer about what the focal point wrote
        Mail.objects.exclude(event="space_digest").delete()
        outbox.send_due()
        sent = {mail.to[0]: mail.body for mail in mailoutbox}
        assert set(sent) == {focal.email, officer.email}
        lines = [line for line in sent[focal.email].splitlines() if "Enforcement group ·" in line or "/spaces/" in line]
        site = django_settings.SITE_URL
        assert lines == [
            "Enforcement group · Work plan",
            f"{site}{reverse('paper', args=[paper.pk])}",
            "Enforcement group · Night patrols",
            f"{site}{reverse('discussion', args=[discussion.pk])}",
            f"{site}/spaces/",
        ]
        assert "Own one" in sent[officer.email]
        with later(1):
            assert daily.send() == 0

    def test_it_is_asked_again_when_it_is_sent(self, officer, mailoutbox):
        space = a_space()
        expert, gone = an_expert(space), an_expert(space, email="gone@university.example")
        kept = a_discussion(space, officer, title="Kept")
        moved = a_discussion(space, officer, title="Moved away")
        assert daily.send() == 2
        Mail.objects.exclude(event="space_digest").delete()
        moderation.hide(moved, reason="Off topic.", by=officer)
        membership.end(space.members.get(person=gone), by=officer)
        Mail.objects.exclude(event="space_digest").delete()
        outbox.send_due()
        assert [mail.to for mail in mailoutbox] == [[expert.email]]
        assert kept.title in mailoutbox[0].body
        assert moved.title not in mailoutbox[0].body
        assert Mail.objects.get(to=gone).state == Mail.State.SET_ASIDE
        with later(daily.KEPT_DAYS + 1):
            assert daily.delete_old() == 2


class TestArchive:
    def test_an_archived_space_is_read_only_and_opens_again(self, officer, focal):
        space = a_space(audiences=[FOCAL])
        discussion, paper = a_discussion(space, focal), a_paper(space, focal)
        day = clock.today()
        meeting = meetings.plan(space, title="M", starts=day, ends=day, place="", by=officer)
        item = meetings.add_item(meeting, title="I", notes="", papers=[], by=officer)
        expert = an_expert(space)
        spaces.archive(space, by=officer)
        for act in (
            lambda: discussions.reply(discussion, "More.", by=focal),
            lambda: a_discussion(space, focal),
            lambda: discussions.take_back(discussion.posts.get(), by=focal),
            lambda: moderation.close(discussion, reason="Done.", by=officer),
            lambda: papers.add_version(paper, file=a_file(content=PDF + b"\n"), note="", by=focal),
            lambda: a_paper(space, focal, title="Late"),
            lambda: meetings.decide(item, "Late.", by=officer),
            lambda: meetings.save_minutes(meeting, "Late.", seen=0, by=officer),
            lambda: membership.change(space.members.get(), until=day, by=officer),
            lambda: publishing.ask(discussion.posts.get(), title="Late", by=officer),
        ):
            with pytest.raises(NotNow, match="archived"):
                act()
        assert sees(expert, space)
        spaces.reopen(space, by=officer)
        discussions.reply(discussion, "More.", by=focal)

    def test_an_archived_space_is_deleted_with_its_files_unless_something_of_it_is_public(self, officer, focal):
        space = a_space(audiences=[FOCAL])
        discussion, version = a_discussion(space, focal), a_paper(space, focal).versions.get()
        own = discussions.reply(discussion, "Public.", by=officer)
        text = publishing.publish(publishing.ask(own, title="Public", by=officer), names_nobody=True, by=officer)
        with pytest.raises(NotNow, match="Archive the space first"):
            spaces.delete(space, by=officer)
        spaces.archive(space, by=officer)
        with pytest.raises(NotNow, match="Withdraw it first"):
            spaces.delete(space, by=officer)
        publishing.withdraw(text, by=officer)
        with pytest.raises(PermissionDenied):
            spaces.delete(space, by=focal)
        with TestCase.captureOnCommitCallbacks(execute=True):
            spaces.delete(space, by=officer)
        left = [model.objects.count() for model in (Space, Discussion, Post, Paper, PublishedText)]
        assert left == [0, 0, 0, 0, 0]
        assert not version.file.storage.exists(version.file.name)

    def test_the_zip_holds_what_its_taker_reads_under_safe_names_with_a_manifest(self, officer, focal):
        space = a_space("Ομάδα εργασίας", [FOCAL])
        discussion = a_discussion(space, focal, title="../../etc/passwd", text="Shown words.")
        slip = discussions.reply(discussion, "Hidden words.", by=focal)
        moderation.hide(slip, reason="A name.", by=officer)
        paper = a_paper(space, focal, title="..\\ Plan: <1>?")
        papers.add_version(paper, file=a_file("b.pdf", PDF + b"\n"), note="", by=focal)
        day = clock.today()
        meeting = meetings.plan(space, title="First meeting", starts=day, ends=day, place="", by=officer)
        meetings.save_minutes(meeting, "Draft minutes.", seen=0, by=officer)
        found = {}
        for person in (officer, focal):
            with zipfile.ZipFile(archive.package(space, by=person)) as packed:
                found[person.name] = {name: packed.read(name) for name in packed.namelist()}
        names = list(found["focal MT"])
        assert names == list(found["Officer"])
        assert names == [
            "index.html",
            f"meetings/{meeting.pk:04}-first-meeting.html",
            f"discussions/{discussion.pk:04}-etcpasswd.html",
            f"papers/{paper.pk:04}-plan-1/version-1.pdf",
            f"papers/{paper.pk:04}-plan-1/version-2.pdf",
            "manifest.json",
        ]
        listed = json.loads(found["focal MT"]["manifest.json"])
        assert [one["path"] for one in listed["files"]] == names[:-1]
        assert listed["space"] == "Ομάδα εργασίας"
        for words, readers in (
            (b"Shown words.", ["Officer", "focal MT"]),
            (b"Hidden words.", ["Officer"]),
            (b"Draft minutes.", ["Officer"]),
        ):
            assert [who for who, files in found.items() if any(words in one for one in files.values())] == readers
        assert ActivityEntry.objects.filter(verb="take_archive").count() == 2
        with pytest.raises(PermissionDenied):
            archive.package(space, by=a_person(Role.ANALYST))


class TestSearch:
    def test_every_kind_of_text_is_found_without_capitals_and_accents_by_who_may_read_it(self, officer, focal):
        """Each verb that writes a text makes it findable, on both databases alike."""
        space, day = a_space(audiences=[FOCAL]), clock.today()
        talk = a_discussion(space, focal, title="ΠΑΡΆΝΟΜΑ δίχτυα", text="Señuelos Électriques")
        discussions.reply(talk, "Überwachung bei Nacht", by=focal)
        paper = a_paper(space, focal, title="Ședință de lucru")
        papers.add_version(paper, file=a_file("Žurnál.pdf", PDF + b"\n"), note="", by=focal)
        dates = {"starts": day, "ends": day}
        meeting = meetings.plan(space, title="First", place="Lefkoşa", **dates, by=officer)
        meetings.edit(meeting, title="Első ülés", place="Lefkoşa", **dates, by=officer)
        item = meetings.add_item(meeting, title="Övriga", notes="Frågor", papers=[], by=officer)
        meetings.decide(item, "Принято Ёлкой", by=officer)
        meetings.save_minutes(meeting, "Nobody défends it", seen=0, by=officer)
        words = {
            "παρανομα ΔΙΧΤΥΑ": [("Discussion", talk.title)],
            "electriques senuelos": [("Text in a discussion", talk.title)],
            "UBERWACHUNG": [("Text in a discussion", talk.title)],
            "LUCRU sedinta": [("Paper", paper.title)],
            "zurnal": [("Paper", paper.title)],
            "draft zurnal": [("Paper", paper.title)],  # both versions
            "lefkosa elso": [("Meeting", "Első ülés")],
            "ovriga fragor елкой": [("Meeting", "Első ülés")],
            "senuelos nacht": [],  # in two texts
            "defends": [],  # minutes that are not shared
        }
        assert {asked: found(focal, asked) for asked in words} == words
        meetings.edit_item(item, title="Övriga", notes="", papers=[], by=officer)
        assert [found(focal, asked) for asked in ("fragor", "елкой")] == [[], [("Meeting", "Első ülés")]]
        assert found(officer, "défends") == [("Meeting", "Első ülés")]
        assert [found(focal, asked) for asked in ("", " \u0301 ", "\0")] == [[], [], []]

    def test_nothing_hidden_and_nothing_of_another_space(self, officer, focal, observer):
        own, other = a_space(audiences=[FOCAL]), a_space("Elsewhere", [OBSERVER])
        mine = a_discussion(own, focal, text="Poisoned baits, again.")
        a_discussion(other, observer, text="Poisoned baits too.")
        moderation.hide(discussions.reply(mine, "Poisoned words.", by=focal), reason="Rude.", by=officer)
        a_paper(own, focal, title="Poisoned baits: a plan")
        assert [(hit.title, hit.place, hit.excerpt) for hit in searching.search(focal, "POISONED").hits] == [
            ("Poisoned baits: a plan", own.name, ""),
            ("Night patrols", own.name, "Poisoned baits, again."),
        ]
        assert len(found(officer, "poisoned")) == 3

    def test_it_says_so_when_there_is_more_of_a_kind_than_it_shows(self, focal, monkeypatch, sign_in):
        monkeypatch.setattr(searching, "MOST", 2)
        space, client = a_space(audiences=[FOCAL]), sign_in(focal)
        for shown in (True, True, False):
            a_discussion(space, focal, title="Baits")
            assert ("found for “baits”" in client.get("/spaces/search/?q=baits").content.decode()) is shown
        assert len(found(focal, "baits")) == 2

    def test_everybody_finds_what_is_published_of_a_space_and_no_word_more(self, officer, client):
        space = a_space()
        text = a_public_text(space, title="Pátrouilles", text="Patrols at *dawn* help.")
        a_discussion(space, officer, text="Nobody else reads of patrols at night.")
        address = reverse("published_text", args=[text.pk])
        for words, there in (("PATROUILLES dawn", True), ("patrols night", False), ("enforcement", False)):
            page = client.get("/search/", {"q": words}).content.decode()
            assert (address in page, f"{int(there)} found" in page) == (there, True), words
        publishing.withdraw(text, by=officer)
        assert "0 found" in client.get("/search/?q=dawn").content.decode()
