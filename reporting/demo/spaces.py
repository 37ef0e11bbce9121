"""Spaces of the demo: a working group that met, with an expert from outside, and an archived one."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from reporting.demo.cast import Cast
from reporting.demo.material import FILES, Material, moment
from scoreboard import clock
from scoreboard.mail import outbox
from scoreboard.models import Country, Role, Space, User
from scoreboard.network import discussions, meetings, membership, moderation, papers, publishing, spaces
from scoreboard.network.spaces import Audience

GUEST = "guest@example.org"


def open_spaces(cast: Cast, material: Material) -> None:
    """Let officers, a focal point, the observer and an expert from outside work in a space for three weeks."""
    texts, officer, today = material["spaces"], cast.officer, clock.today()
    focal = cast.focal(Country.objects.order_by("iso2")[0])
    begin = moment(today - timedelta(days=24))
    with clock.at(begin):
        space = _space(texts["name"], texts["purpose"], officer)
        invited = {"email": GUEST, "name": texts["guest"], "until": today + timedelta(days=30)}
        guest = membership.invite(space, **invited, by=officer).person
        outbox.send_due()  # before there is a password: afterwards the link of the mail opens nothing
        guest = cast.with_password(guest)
        spaces.choose_mail(space, daily=False, by=cast.analyst)
    with clock.at(begin + timedelta(days=2)):
        paper = papers.add(space, title=texts["paper"], file=_file(texts["versions"][0]), by=focal)
        talk = discussions.start(space, title=texts["discussion"], text=texts["texts"]["focal"], paper=paper, by=focal)
    with clock.at(begin + timedelta(days=3)):
        discussions.reply(talk, texts["texts"]["observer"], by=cast.observer)
        said = discussions.reply(talk, texts["texts"]["guest"], by=guest)
        slip = discussions.reply(talk, texts["texts"]["hidden"], by=cast.observer)
    with clock.at(begin + timedelta(days=4)):
        moderation.hide(slip, reason=texts["reason"], by=officer)
        papers.add_version(paper, file=_file(texts["versions"][1]), note=texts["note"], by=focal)
        discussions.reply(talk, texts["texts"]["officer"], by=officer)
        chosen = publishing.ask(said, title=texts["published"], by=officer)
    with clock.at(begin + timedelta(days=5)):
        publishing.answer(chosen, agrees=True, by=guest)
        publishing.publish(chosen, names_nobody=True, by=officer)
        day = today - timedelta(days=10)
        meeting = meetings.plan(space, title=texts["meeting"], starts=day, ends=day, place=texts["place"], by=officer)
        items = [
            meetings.add_item(meeting, title=title, notes="", papers=[paper] if n == 1 else [], by=officer)
            for n, title in enumerate(texts["items"])
        ]
    with clock.at(moment(day, 15)):
        meetings.decide(items[1], texts["decision"], by=officer)
        meetings.save_minutes(meeting, texts["minutes"], seen=0, by=officer)
        meetings.share_minutes(meeting, seen=1, by=officer)
    with clock.at(begin - timedelta(days=200)):
        old = _space(texts["old"], texts["purpose"], officer)
        discussions.start(old, title=texts["old_discussion"], text=texts["old_text"], by=focal)
    with clock.at(begin - timedelta(days=100)):
        spaces.archive(old, by=officer)


def _space(name: str, purpose: str, officer: User) -> Space:
    audiences = [Audience(Role.FOCAL), Audience(Role.OBSERVER), Audience(Role.ANALYST)]
    facts: dict[str, Any] = {"kind": Space.Kind.WORKING_GROUP, "name": name, "purpose": purpose, "audiences": audiences}
    return spaces.create(**facts, by=officer, is_example=True)


def _file(name: str) -> "ContentFile[bytes]":
    return ContentFile((FILES / name).read_bytes(), name=name)
