"""The pages of spaces: what they cost, whom they let in, and how long discussions page."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoreboard import clock
from scoreboard.mail import digest
from scoreboard.models import GoodPractice, Mail, PeerMessage, PeerQuestion, Post, Resource, Role, Space, User
from scoreboard.network import daily, discussions, meetings, membership, moderation, papers, publishing
from scoreboard.network.spaces import Audience
from tests import learning
from tests.factories import HARBOUR, a_country, a_focal, a_person, an_edition, session_of
from tests.small_pdfs import PDF
from tests.spaces import a_discussion, a_file, a_network, a_paper, a_space, an_expert, an_observer

pytestmark = pytest.mark.django_db


def learn(number: int) -> None:
    """Add a question of Malta to Greece, and good practice and resources, public and not; after the first, copies."""
    malta = a_country("MT")
    if not PeerQuestion.objects.exists():
        learning.answered("It is easy to find.", asking="MT", of="GR")
        learning.a_practice(malta, title="To find")
        learning.published_practice(signer=malta, title="Public, to find")
        learning.a_resource(a_focal(malta), title="To find")
        learning.a_resource(title="Public, to find")
        number -= 1
    message, indicator = PeerMessage.objects.order_by("-pk")[0], learning.an_indicator()
    PeerMessage.objects.bulk_create(a_copy(message) for _again in range(number))
    for one in (message.question, *GoodPractice.objects.order_by("pk")[:2], *Resource.objects.order_by("pk")[:2]):
        copies = type(one).objects.bulk_create(a_copy(one) for _again in range(number))
        if isinstance(one, PeerQuestion):
            PeerMessage.objects.bulk_create(a_copy(message, question_id=copied.pk) for copied in copies)
        else:
            tags = type(one).indicators.through
            name = type(one)._meta.model_name
            tags.objects.bulk_create(tags(**{name: copied, "indicator": indicator}) for copied in copies)


def a_copy(one: Model, **changes) -> Model:
    """Return a copy of a row that is not stored yet."""
    values = {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}
    return type(one)(**values | {"id": None} | changes)


def grow(space: Space, people: list[User], number: int) -> None:
    """Add `number` more of everything to a space, or more than the fewest that have an effect."""
    officer, member = people
    until = clock.today() + timedelta(days=9)
    meeting = space.meetings.first() or meetings.plan(space, title="M", starts=until, ends=until, place="", by=officer)
    talk = space.discussions.order_by("pk").first() or a_discussion(space, member, title="Long talk")
    learn(number)
    for _again in range(number):
        n = space.papers.count()
        paper = papers.add(space, title=f"Paper {n}", file=a_file(), by=member)
        papers.add_version(talk.paper or paper, file=a_file(content=PDF + f"{n}\n".encode()), note="", by=member)
        discussions.start(space, title=f"Talk {n}", text="Talk to find.", by=member, paper=paper)
        post = discussions.reply(talk, f"Reply {n} to find.", by=a_reader(space, n))
        moderation.hide(discussions.reply(talk, "Rude.", by=member), reason="Rude.", by=officer)
        publishing.ask(post, title=f"Text {n}", by=officer)
        own = publishing.ask(discussions.reply(talk, "Own.", by=officer), title=f"Own {n}", by=officer)
        publishing.publish(own, names_nobody=True, by=officer)
        meetings.add_item(meeting, title=f"Item {n}", notes="", papers=[paper], by=officer)
        meetings.plan(space, title=f"M {n} to find", starts=until, ends=until, place="", by=officer)
        other = a_space(f"Other {n}", [Audience(Role.FOCAL)])
        an_expert(other, email="guest@example.org", until=until) if not n else membership.invite(
            other, email="guest@example.org", name="G", until=until, by=officer
        )


def a_reader(space: Space, n: int) -> User:
    """Return another member, with a role and an invitation."""
    person = a_person(Role.OBSERVER, name=f"Reader {n}")
    membership.invite(space, email=person.email, name="R", until=clock.today(), by=space.moderator)
    return User.objects.get(pk=person.pk)


def test_pages_cost_the_same_with_1_and_with_30(officer, focal):
    an_edition(HARBOUR)
    space = a_space(audiences=[Audience(Role.FOCAL)])
    clients = {"officer": Client(), "focal": Client(), "guest": Client(), "visitor": Client()}
    costs = {}
    clients["visitor"].get(reverse("good_practice_list"))  # the questionnaire is read once and then at hand
    for number in (1, 30):
        grow(space, [officer, User.objects.get(pk=focal.pk)], number - space.papers.count())
        people = {"officer": officer, "focal": focal, "guest": User.objects.get(email="guest@example.org")}
        for role, person in people.items():
            clients[role].cookies["sessionid"] = session_of(person)
        first = {name: getattr(space, name).order_by("pk")[0].pk for name in ("discussions", "papers", "meetings")}
        pages = {
            "list": reverse("space_list"),
            "space": reverse("space", args=[space.pk]),
            "members": reverse("space_members", args=[space.pk]),
            "papers": reverse("space_papers", args=[space.pk]),
            "paper": reverse("paper", args=[first["papers"]]),
            "discussion": reverse("discussion", args=[first["discussions"]]),
            "meeting": reverse("meeting", args=[first["meetings"]]),
            "search": reverse("space_search") + "?q=to+find",
            "published": reverse("published_text_list"),
            "zip": reverse("space_archive_file", args=[space.pk]),
            "home": reverse("home"),
            "questions": reverse("peer_question_list"),
            "question": reverse("peer_question", args=[PeerQuestion.objects.order_by("pk")[0].pk]),
            "practice": reverse("good_practice_list"),
            "resources": reverse("resource_list"),
            "public search": reverse("search") + "?q=find",
            "public texts": reverse("search") + "?q=own&in=texts",
        }
        public = ("published", "practice", "resources", "public search", "public texts")
        for role, names in (
            ("officer", pages),
            ("focal", pages),
            ("guest", ("list", "home", "search")),
            ("visitor", public),
        ):
            for name in names:
                with CaptureQueriesContext(connection) as queries:
                    response = clients[role].get(pages[name])
                    response.getvalue()
                assert response.status_code == 200, (name, role)
                costs.setdefault((name, role), []).append(len(queries))
    assert {page: counts for page, counts in costs.items() if counts[0] != counts[1]} == {}


def test_a_discussion_of_500_replies_pages_and_a_reply_leads_to_its_page(focal, sign_in):
    space = a_space(audiences=[Audience(Role.FOCAL)])
    talk = a_discussion(space, focal)
    now = clock.now()
    Post.objects.bulk_create(
        Post(discussion=talk, author=focal, text=f"Reply {n}.", at=now + timedelta(seconds=n)) for n in range(499)
    )
    client, address = sign_in(focal), reverse("discussion", args=[talk.pk])
    pages = [client.get(f"{address}?page={n}").content.decode() for n in (1, 10)]
    assert [len(re.findall(r'id="post-\d+"', page)) for page in pages] == [50, 50]
    assert "Page 1 of 10" in pages[0]
    assert ["Reply 498." in page for page in pages] == [False, True]
    with clock.at(now + timedelta(hours=1)):
        sent = client.post(address, {"text": "The last one."}, follow=True)
    assert sent.redirect_chain[-1][0].startswith(f"{address}?page=11#post-")
    assert "The last one." in sent.content.decode()


def test_who_is_outside_finds_nothing_on_pages_in_search_in_mails_and_in_archives(officer, focal, greece, sign_in):
    """Another organisation's observer, an ended expert, a member of another programme, and the public."""
    ours, other = a_network("ours"), a_network("other")
    focal.memberships.get().networks.add(ours)
    member = User.objects.get(pk=focal.pk)
    space = a_space("Hushspace", [Audience(Role.FOCAL, ours), Audience(Role.OBSERVER, ours)])
    a_space("Open to others", [Audience(Role.FOCAL, other), Audience(Role.OBSERVER, other)])
    talk = a_discussion(space, member, title="Hushtitle", text="Hushwords")
    paper = a_paper(space, member, title="Hushpaper")
    day = clock.today()
    meeting = meetings.plan(space, title="Hushmeeting", starts=day, ends=day, place="Hushplace", by=officer)
    asked = publishing.ask(talk.posts.get(), title="Hushquestion", by=officer)
    expert = an_expert(space, until=day)
    foreign = a_person(Role.FOCAL, greece)
    foreign.memberships.get().networks.add(other)
    people = [an_observer("Strangers", other), expert, foreign, None]
    numbers = {"discussion": talk.pk, "post": talk.posts.get().pk, "paper": paper.pk, "meeting": meeting.pk}
    addresses = [reverse(name, args=[pk]) for name, pk in numbers.items()]
    addresses += [reverse(name, args=[space.pk]) for name in ("space", "space_members", "space_papers")]
    addresses += [reverse("space_archive_file", args=[space.pk]), reverse("paper_file", args=[paper.pk, 1])]
    an_edition(HARBOUR)
    question = learning.answered("Hushanswer", asking="MT", of="CY")
    draft = learning.a_practice(a_country("CY"), title="Hushpractice")
    proposed = learning.a_resource(User.objects.get(pk=focal.pk), title="Hushresource")
    addresses += [reverse("peer_question", args=[question.pk])]
    addresses += [reverse("published_text_answer", args=[asked.pk])]
    hidden = [reverse("published_text", args=[asked.pk]), reverse("good_practice", args=[draft.pk])]
    hidden += [reverse("resource", args=[proposed.pk])]
    names = ("home", "space_list", "feed", "published_text_list", "peer_question_list", "sitemap")
    open_to_all = [reverse(name) for name in (*names, "good_practice_list", "resource_list")]
    open_to_all += [f"{reverse(name)}?q=hush" for name in ("space_search", "search")]
    with clock.at(clock.start_of(day + timedelta(days=1))):
        daily.send()
        for person in people:
            client = sign_in(person) if person else Client()
            statuses = {address: client.get(address).status_code for address in (*addresses, *hidden)}
            assert statuses == dict.fromkeys(addresses, 404 if person else 302) | dict.fromkeys(hidden, 404)
            for address in open_to_all:
                found = client.get(address, follow=True).content.decode()
                assert re.findall("Hush[a-z]+", found) == [], (person, address)
            if person:
                again = User.objects.get(pk=person.pk)
                assert digest.lines(again, clock.now() - timedelta(days=9), clock.now()) == []
                assert not again.mails.filter(event="space_digest").exists()
                said = "".join(f"{mail.subject} {mail.body}" for mail in Mail.objects.filter(to=person))
                # The name of a space is in the invitation to it, as long as that is stored.
                assert set(re.findall("Hush[a-z]+", said)) <= ({"Hushspace"} if person == expert else set()), person
        own = sign_in(member).get(reverse("space_archive_file", args=[space.pk]))
        with zipfile.ZipFile(io.BytesIO(own.getvalue())) as packed:
            assert any(b"Hushwords" in packed.read(name) for name in packed.namelist())
