"""A year of a cycle of 58 countries: officers in a browser, the clock moved, and every mail to the letter.

What countries do, and what the worker does by itself, goes by the verbs; what officers do goes through the browser.
"""

import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from scoreboard.cycles import reminders
from scoreboard.errors import NotNow
from scoreboard.mail import outbox
from scoreboard.models import CountryGroup, Cycle, LookedAt, Mail, State, Submission, User
from scoreboard.people import networks
from scoreboard.submissions import answering, workflow
from tests.browser.conftest import visit  # noqa: F401 - a fixture
from tests.cycle_mails import ALL, NOTHING, Letters, an_officer_of
from tests.drills.conftest import once, troubles
from tests.factories import DECLARATION, HARBOUR, a_country, an_edition, fill, given

pytestmark = [pytest.mark.drill, once, pytest.mark.django_db(transaction=True)]

CODES = [f"{first}{second}" for first in "QRSTUV" for second in "ABCDEFGHIJ"]
TAKING_PART, OUTSIDE = CODES[:58], CODES[58:]
OF_A, OF_BOTH, OF_B = TAKING_PART[:35], TAKING_PART[35:40], TAKING_PART[40:]  # networks of two Secretariats
# What they do: submit early, answer a part, be ready and submit late in time, say nothing.
EARLY, PARTLY, READY, SILENT = TAKING_PART[:20], TAKING_PART[20:30], TAKING_PART[30:35], TAKING_PART[35:]
EXTENDED = OF_B[:3]


@pytest.fixture
def moved(monkeypatch):
    """Return a function that moves the clock of this process, and so of the server in it, to a morning of 2031."""
    real = timezone.now

    def to(month: int, day: int) -> None:
        began, morning = real(), datetime(2031, month, day, 9, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: morning + (real() - began))

    return to


class Year:
    """The cast, the countries with their focal points once they are invited, and what should have been mailed."""

    def __init__(self) -> None:
        self.olga, self.oskar = an_officer_of("Olga", "A"), an_officer_of("Oskar", "B")
        self.officers = [self.olga, self.oskar]
        a, b = CountryGroup.objects.order_by("code")
        kinds = {code: "interested" if code in OF_A[-5:] else "member" for code in TAKING_PART}
        for group, codes in ((a, [*OF_A, *OF_BOTH]), (b, [*OF_BOTH, *OF_B])):
            for code in codes:
                networks.join(a_country(code), group, kind=kinds[code], since=None, by=self.olga)
        for code in OUTSIDE:
            networks.join(a_country(code), a, kind="observer", since=None, by=self.olga)
        contacts = dict.fromkeys(OF_A, ("Secretariat A", "a@secretariat.example"))
        contacts |= dict.fromkeys(OF_BOTH, ("Cycle desk", "desk@example.org"))
        contacts |= dict.fromkeys(OF_B, ("Secretariat B", "b@secretariat.example"))
        facts = {"cycle": "Round 2031", "zone": "UTC", "opens": "1 February 2031", "due": "30 April 2031"}
        self.letters = Letters(facts | {"last": "30 June 2031"}, contacts, self.officers)

    def at(self, code: str) -> Submission:
        """Return the submission of a country as it is now."""
        return Submission.objects.select_related("country", "cycle__edition").get(country__iso2=code)

    def focal(self, code: str) -> User:
        """Return the focal point of a country."""
        return User.objects.get(email=f"focal.{code.lower()}@example.org")

    def expect(self, kind: str, *codes: str, to: list[User] | None = None, **facts) -> None:
        """Note that the focal points of these countries, or these people instead, get a mail of the kind."""
        for code in codes:
            self.letters.expect(kind, *(to or [self.focal(code)]), about=self.at(code), **facts)

    def submitted(self, *codes: str, version: int = 1) -> None:
        """Let countries submit what is answered, which writes to them and to both officers."""
        for code in codes:
            focal = self.focal(code)
            workflow.submit(self.at(code), by=focal, **DECLARATION)
            self.expect("receipt", code, by=focal, log="submit", version=version)
            self.expect("submit", code, to=self.officers, by=focal)

    def reminded(self, kind: str, log: str, *codes: str, **facts) -> None:
        """Let the worker remind twice: each of these countries gets one mail, with what is still missing."""
        reminders.send()
        reminders.send()
        for code in codes:
            left = 7 - self.at(code).answers.count()
            missing = f"{left} indicators are not answered yet." if left else ALL
            self.expect(kind, code, log=log, missing=missing, **facts)

    def check(self) -> None:
        """Compare the log with what should be in it, and deliver what waits."""
        self.letters.check()
        outbox.send_due()
        assert not Mail.objects.exclude(state=Mail.State.SENT).exists()
        delivered = [
            (one.to[0], re.sub(r"https?://\S+/accounts/invitation/\S+", outbox.LINK, one.body)) for one in mail.outbox
        ]
        assert sorted(delivered) == sorted((to, body) for _event, to, _subject, body in self.letters.expected)


def plan(desk: Page) -> None:
    """Set up the cycle with the countries of two networks."""
    desk.goto("/review/cycles/new/")
    desk.locator("input[name^='title']").first.fill("Round 2031")
    desk.get_by_label("Code").fill("2031")
    desk.get_by_label("Edition of the questionnaire").select_option(index=1)
    for field, day in (("Opens", "2031-02-01"), ("Deadline", "2031-04-30"), ("Closes", "2031-06-30")):
        desk.get_by_label(field, exact=True).fill(day)
    desk.get_by_label("Time zone").fill("UTC")
    desk.get_by_label("Two officers accept").check()
    desk.locator("[name=contact_name]").fill("Cycle desk")
    desk.locator("[name=contact_address]").fill("desk@example.org")
    for part in ("Network A · Member", "Network A · Interested Party", "Network B · Member"):
        desk.get_by_label(part).check()
    expect(desk.locator("#countries-of > p")).to_have_text("58 countries")
    desk.get_by_role("button", name="Tick these countries").click()
    expect(desk.locator("[data-words]")).to_have_text("58 ticked")
    desk.get_by_role("button", name="Set up the cycle").click()
    expect(desk.locator("h1")).to_have_text("Round 2031")


def invite(desk: Page) -> None:
    """Invite a focal point of each country from a file."""
    rows = [f"focal.{code.lower()}@example.org,Focal {code},{code},focal" for code in TAKING_PART]
    content = "\n".join(["email,name,country,role", *rows]).encode()
    desk.goto("/people/import/")
    desk.get_by_label("File").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": content})
    desk.get_by_label("Personal note").fill("Welcome to the round.")
    desk.get_by_role("button", name="Show what it would do").click()
    desk.get_by_role("button", name="Do this for 58 rows").click()
    expect(desk.get_by_role("main")).to_be_visible()
    expect(desk.locator("body")).to_contain_text("58 invitations or changes are done.")


def remind_the_silent(desk: Page) -> None:
    """Remind from the board all who have not begun, with a sentence of one's own."""
    desk.goto("/review/cycles/2031/")
    desk.get_by_role("link", name=re.compile("^Not started")).click()
    desk.get_by_role("button", name="Remind").click()
    desk.get_by_label("Add a sentence of your own").fill("Can we help?")
    desk.get_by_role("button", name="Show the mails again").click()
    expect(desk.get_by_text("Can we help?").first).to_be_attached()
    desk.get_by_role("button", name=f"Send these mails ({len(SILENT)})").click()
    expect(desk.locator("body")).to_contain_text(f"{len(SILENT)} mails are on their way.")


def extend(desk: Page) -> None:
    """Give three countries more time, from the board."""
    desk.goto("/review/cycles/2031/")
    for code in EXTENDED:
        desk.locator(f"input[name='country'][value='{code}']").check()
    desk.get_by_role("button", name="Extend").click()
    desk.get_by_label("New last day").fill("2031-07-10")
    desk.get_by_label("Reason").fill("Elections.")
    desk.get_by_role("button", name="Show the mails").click()
    desk.get_by_role("button", name=f"Extend and send these mails ({len(EXTENDED)})").click()
    expect(desk.locator("body")).to_contain_text("3 mails are on their way.")


def return_with_keys(desk: Page, year: Year, code: str) -> None:
    """Look at one answer and mark another with the keys, see both in the filters, and return."""
    submission = year.at(code)
    desk.goto(f"/review/{submission.pk}/areas/P/")
    desk.keyboard.press("j")
    desk.keyboard.press("l")
    expect(desk.locator("#marked")).to_contain_text("1 of 7 looked at")
    desk.keyboard.press("j")
    desk.keyboard.press("r")
    expect(desk.locator("[id='mark-P2']")).to_be_focused()
    desk.keyboard.type("Please name the source.")
    desk.locator("[id='save-P2']").click()
    expect(desk.locator("#steps")).to_contain_text("Return 1 marked…")
    assert LookedAt.objects.get().answer.indicator.code == "P1"
    for label, shown in (("Not looked at", ["P2", "P3"]), ("Marked", ["P2"]), ("Questions", [])):
        desk.locator("#filters").get_by_role("link", name=re.compile(f"^{label}")).click()
        expect(desk.locator("details.rev")).to_have_count(len(shown))
        assert [one.get_attribute("id") for one in desk.locator("details.rev").all()] == [f"reading-{c}" for c in shown]
    desk.get_by_role("link", name="Return 1 marked…").click()
    desk.get_by_label("What should the country do, and why?").fill("One answer needs a source.")
    desk.get_by_role("button", name="Return the submission").click()
    desk.wait_for_url("**/review/")


def decide(desk: Page, year: Year, code: str, button: str) -> None:
    """Take the step that the page of accepting offers."""
    desk.goto(f"/review/{year.at(code).pk}/accept/")
    desk.get_by_role("button", name=button, exact=True).click()
    desk.wait_for_url("**/review/")


def accept(olga: Page, oskar: Page, year: Year, code: str, version: int = 1) -> None:
    """Let the first officer approve and the second one confirm; only then the country reads of it."""
    decide(olga, year, code, "Approve the submission")
    year.expect("approve", code, to=[year.oskar], by=year.olga, version=version)
    year.check()
    olga.goto(f"/review/{year.at(code).pk}/accept/")
    expect(olga.get_by_role("main")).to_contain_text("You cannot be the second officer")
    decide(oskar, year, code, "Confirm and accept the submission")
    year.expect("confirm", code, by=year.oskar)
    year.check()
    assert year.at(code).state == State.ACCEPTED


def test_a_cycle_of_58_countries(visit, moved):  # noqa: F811 - a fixture
    moved(1, 10)
    an_edition(HARBOUR)
    year = Year()
    desk = visit(year.olga)
    plan(desk)
    assert set(Cycle.objects.get().countries.values_list("iso2", flat=True)) == set(TAKING_PART)
    invite(desk)
    for code in TAKING_PART:
        where = f"Country {code}"
        facts = {"what": f"Focal point · {where}", "where": where, "until": "Your access has no last day."}
        to, note = year.focal(code), "Welcome to the round."
        year.letters.expect("role_invited", to, by=year.olga, note=note, networks="", **facts)
    year.check()

    moved(2, 1)
    desk = visit(year.olga)
    desk.goto("/review/cycles/2031/open/")
    expect(desk.get_by_role("main")).to_contain_text("58 focal points in 58 of 58 participating countries.")
    desk.get_by_role("button", name="Open the cycle").click()
    expect(desk.locator("body")).to_contain_text("Round 2031 is open.")
    year.expect("open_cycle", *TAKING_PART, by=year.olga)
    year.check()

    moved(3, 20)
    for code in (*EARLY, *READY):
        fill(year.at(code), by=year.focal(code))
    for code in PARTLY:
        answering.save_answers(year.at(code), {"P1": given(level=1)}, by=year.focal(code), seen={})
    year.submitted(*EARLY)
    year.check()
    moved(3, 31)
    year.reminded("deadline_near", "deadline_near 30 2031-04-30", *PARTLY, *READY, *SILENT, days="30 days")
    year.check()

    moved(4, 10)
    desk = visit(year.olga)
    remind_the_silent(desk)
    year.expect("remind_country", *SILENT, by=year.olga, comment="Can we help?", missing=NOTHING)
    year.check()
    returned, *accepted = EARLY[:5]
    return_with_keys(desk, year, returned)
    marked = "P2 Εκπαίδευση του προσωπικού\nPlease name the source."
    comment = "One answer needs a source."
    year.expect("return_for_changes", returned, by=year.olga, comment=comment, marked=marked)
    year.check()
    colleague = visit(year.oskar)
    for code in accepted:
        accept(desk, colleague, year, code)

    moved(4, 15)
    fill(year.at(returned), by=year.focal(returned))
    year.submitted(returned, version=2)
    year.check()
    moved(4, 23)
    year.reminded("deadline_near", "deadline_near 7 2031-04-30", *PARTLY, *READY, *SILENT, days="7 days")
    year.check()
    moved(4, 24)
    year.submitted(*READY)
    extend(visit(year.olga))
    year.expect("extend", *EXTENDED, by=year.olga, until="10 July 2031", comment="Elections.")
    year.check()
    moved(5, 1)
    overdue = [code for code in (*PARTLY, *SILENT) if code not in EXTENDED]
    year.reminded("overdue", "overdue 2031-04-30", *overdue)
    year.check()

    moved(5, 20)
    late = OF_BOTH[0]  # which an officer of each Secretariat must have read
    fill(year.at(late), by=year.focal(late))
    year.submitted(late)
    desk, colleague = visit(year.olga), visit(year.oskar)
    desk.goto("/review/")
    expect(desk.get_by_role("row", name=re.compile(f"Country {late}"))).to_contain_text("Late")
    accept(desk, colleague, year, late)
    assert year.at(late).late

    moved(7, 3)  # closed for all but the three that have more time
    year.reminded("deadline_near", "deadline_near 7 2031-07-10", *EXTENDED, days="7 days", due="10 July 2031")
    year.check()
    with pytest.raises(NotNow, match="The cycle closed on 30 June 2031"):
        workflow.submit(year.at(PARTLY[0]), by=year.focal(PARTLY[0]), **DECLARATION)
    fill(year.at(EXTENDED[0]), by=year.focal(EXTENDED[0]))
    year.submitted(EXTENDED[0])
    assert not year.at(EXTENDED[0]).late
    moved(7, 12)
    reminders.send()  # nobody is asked for anything any more
    year.check()
    desk = visit(year.olga)
    desk.goto("/review/cycles/2031/")
    expect(desk.locator(".board-facts")).to_contain_text("Closed since")
    expect(desk.locator(".board tbody tr")).to_have_count(58)
    states = {state: Submission.objects.filter(state=state).count() for state in State}
    assert states == {State.DRAFT: 31, State.SUBMITTED: 22, State.RETURNED: 0, State.ACCEPTED: 5}

    desk.goto(reverse("message_list"))
    expect(desk.locator("caption")).to_contain_text(f"{len(year.letters.expected)} e-mails, the newest first")
    kept = f"{len(year.letters.expected)} e-mails, each as expected to the letter; states of all submissions"
    troubles.append(("nothing: a year of 58 countries, the clock moved", "what officers do in a browser", kept))
