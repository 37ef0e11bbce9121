"""A year of a small cycle by the verbs that people use: every mail that it writes, to the letter, and each once."""

from datetime import UTC, date, datetime

import pytest

from scoreboard import clock
from scoreboard.cycles import calendar, extension_requests, mailings, planning, reminders
from scoreboard.models import CountryGroup, Cycle, Mail, Membership, Submission, User
from scoreboard.people import invitation_file, invitations, networks
from scoreboard.submissions import answering, claims, declining, on_behalf, reopening, returns, workflow
from scoreboard.threads import discussion
from tests.cycle_mails import ALL, NOTHING, TEXTS, Letters, an_officer_of
from tests.factories import DECLARATION, HARBOUR, PASSWORD, a_country, an_edition, fill, given

FILE = """email,name,country,role,networks,until
mara@example.org,Mara,MT,focal,net-a,
gina@example.org,Gina,GR,focal,"net-a, net-b",2033-12-31
george@example.org,,GR,focal,,
chloe@example.org,Chloe,CY,focal,net-a,
tarek@example.org,Tarek,TN,focal,,
esther@example.org,Esther,ES,focal,net-b,
"""
WHERE = {"Mara": "Malta", "Gina": "Greece", "George": "Greece", "Chloe": "Cyprus", "Tarek": "Tunisia"}
NETWORKS = {"Mara": "Network A", "Gina": "Network A, Network B", "Chloe": "Network A", "Esther": "Network B"}


def on(month: int, day: int):
    """Set the clock to a morning of the year."""
    return clock.at(datetime(2031, month, day, 9, tzinfo=UTC))


class Year:
    """The cast, the cycle of five countries planned by network, and what should have been mailed."""

    def __init__(self) -> None:
        self.olga, self.oskar = an_officer_of("Olga", "A"), an_officer_of("Oskar", "B")
        self.officers = [self.olga, self.oskar]
        User.objects.create_user("george@example.org", PASSWORD, name="George")
        a, b = CountryGroup.objects.order_by("code")
        for iso2, group, kind in [
            ("MT", a, "member"),
            ("GR", a, "member"),
            ("GR", b, "member"),
            ("CY", a, "member"),
            ("TN", a, "interested"),
            ("ES", b, "member"),
        ]:
            networks.join(a_country(iso2), group, kind=kind, since=None, by=self.olga)
        self.cycle = Cycle(
            code="2031",
            title="Round 2031",
            edition=an_edition(HARBOUR),
            opens=date(2031, 2, 1),
            deadline=date(2031, 4, 30),
            closes=date(2031, 6, 30),
            time_zone="UTC",
            two_officers=True,
            contact_name="Cycle desk",
            contact_address="desk@example.org",
        )
        countries = {country for part in planning.by_network(self.cycle.opens) for country in part.countries}
        calendar.save_cycle(self.cycle, by=self.olga, seen=0, add=countries)
        self.at = {one.country.iso2: one for one in Submission.objects.select_related("country", "cycle")}
        contact = ("Secretariat A", "a@secretariat.example")
        contacts = dict.fromkeys(["MT", "CY", "TN"], contact) | {
            "ES": ("Secretariat B", "b@secretariat.example"),
            "GR": ("Cycle desk", "desk@example.org"),  # which belongs to networks of both
        }
        facts = {"cycle": "Round 2031", "zone": "UTC", "opens": "1 February 2031", "due": "30 April 2031"}
        self.letters = Letters(facts | {"last": "30 June 2031"}, contacts, self.officers)

    def expect(self, kind: str, *to: User, at: str = "", **facts) -> None:
        """Note that these people get a mail of the kind, about the submission of a country."""
        self.letters.expect(kind, *to, about=self.at[at] if at else None, **facts)

    def submitted(self, iso2: str, by: User, version: int) -> None:
        """Let a country submit, which writes to it and to both officers."""
        workflow.submit(self.at[iso2], by=by, **DECLARATION)
        self.expect("receipt", by, at=iso2, by=by, log="submit", version=version)
        self.expect("submit", *self.officers, at=iso2, by=by)

    def reminded(self, kind: str, missing: dict[str, tuple[list[User], str]], log: str, **facts) -> None:
        """Run the worker's reminders twice: each of these countries gets one."""
        reminders.send()
        reminders.send()
        for iso2, (people, sentence) in missing.items():
            self.expect(kind, *people, at=iso2, missing=sentence, log=log, **facts)


@pytest.mark.django_db
def test_every_mail_of_a_year_to_the_letter():
    with on(1, 10):
        year = Year()
        olga, oskar, at, expect, letters = year.olga, year.oskar, year.at, year.expect, year.letters
        plan = invitation_file.compare(FILE.encode(), "people.csv", note="Welcome to the round.", by=olga)
        assert (plan.n, plan.faults) == (6, [])
        invitation_file.apply(plan.signed, by=olga)
        people = {one.name: one for one in User.objects.all()}
        mara, gina, george, chloe, tarek, esther = (
            people[name] for name in ("Mara", "Gina", "George", "Chloe", "Tarek", "Esther")
        )
        for person in (mara, gina, george, chloe, tarek, esther):
            where = WHERE.get(person.name, "Country ES")
            named = f"\nNetworks: {NETWORKS[person.name]}" if person.name in NETWORKS else ""
            until = "Your access ends after 31 December 2033." if person == gina else "Your access has no last day."
            kind = "offer" if person == george else "role_invited"
            facts = {"what": f"Focal point · {where}", "where": where, "networks": named, "until": until}
            expect(kind, person, by=olga, note="Welcome to the round.", **facts)
        letters.check()
    with on(1, 20):
        invitations.answer_role(Membership.objects.get(person=george), accepts=True, by=george)
        expect("role_given", gina, who=george, giver=olga, what="Focal point · Greece", where="Greece")
        letters.check()

    focal = {"MT": [mara], "GR": [gina, george], "CY": [chloe], "TN": [tarek], "ES": [esther]}
    with on(2, 1):
        calendar.open_cycle(year.cycle, by=olga)
        for iso2, readers in focal.items():
            expect("open_cycle", *readers, at=iso2, by=olga)
        letters.check()
    with on(2, 10):
        declining.decline(at["ES"], by=esther, reason="Elections.")
        expect("decline_report", esther, olga, oskar, at="ES", by=esther, comment="Elections.")
        declining.take_back(at["ES"], by=esther)
        expect("report_after_all", esther, olga, oskar, at="ES", by=esther)
        letters.check()
    with on(3, 1):
        text = {"subject": "Meeting in May", "comment": "Please register."}
        mailings.announce(year.cycle, [at["MT"]], by=olga, token="1", **text)
        expect("announce", mara, at="MT", by=olga, **text)
        mailings.remind(year.cycle, [at["TN"]], by=olga, comment="Can we help?", token="2")
        expect("remind_country", tarek, at="TN", by=olga, comment="Can we help?", missing=NOTHING)
        letters.check()

    with on(3, 20):
        fill(at["MT"], by=mara)
        year.submitted("MT", mara, version=1)
        workflow.recall(at["MT"], by=mara)
        expect("recall", mara, olga, oskar, at="MT", by=mara)
        year.submitted("MT", mara, version=2)
        fill(at["CY"], by=chloe)
        answering.save_answers(at["GR"], {"P1": given(level=1)}, by=gina, seen={})
        letters.check()
    none, six = "7 indicators are not answered yet.", "6 indicators are not answered yet."
    begun = {"GR": (focal["GR"], six), "CY": ([chloe], ALL), "TN": ([tarek], none), "ES": ([esther], none)}
    with on(3, 31):
        year.reminded("deadline_near", begun, "deadline_near 30 2031-04-30", days="30 days")
        letters.check()

    with on(4, 2):
        claims.claim(at["MT"], by=olga)
        returns.flag(at["MT"], "P1", "Please name the source.", by=olga)
        workflow.return_for_changes(at["MT"], by=olga, comment="One answer needs a source.", version=2)
        marked = "P1 Σχέδιο βιοασφάλειας του λιμένα\nPlease name the source."
        expect("return_for_changes", mara, at="MT", by=olga, comment="One answer needs a source.", marked=marked)
        letters.check()
    with on(4, 10):
        fill(at["MT"], by=mara)
        year.submitted("MT", mara, version=3)
        claims.claim(at["MT"], by=olga)
        claims.pass_on(at["MT"], by=olga, to=oskar)
        expect("pass_on", oskar, at="MT", by=olga)
        due = date(2031, 4, 20)
        thread = discussion.open_thread(at["MT"], "P2", "Which year?", shared=True, by=oskar, due=due)
        asked = {"label": "P2", "until": "20 April 2031", "comment": "Which year?", "answer": "areas/P/#iP2"}
        expect("ask_country", mara, at="MT", by=oskar, **asked)
        letters.check()
    for day, kind in ((17, "reply"), (21, "late")):
        with on(4, day):
            year.reminded(kind, {"MT": ([mara], "")}, f"{kind} {thread.pk} country 2031-04-20", **asked)
            letters.check()
    with on(4, 22):
        discussion.reply(thread, "2029.", by=mara)
        expect("answer_officers", oskar, at="MT", by=mara, label="P2", comment="2029.", answer="areas/P/#reading-P2")
        letters.check()

    with on(4, 23):
        year.reminded("deadline_near", begun, "deadline_near 7 2031-04-30", days="7 days")
        letters.check()
    with on(4, 24):
        extension_requests.ask(at["TN"], until=date(2031, 7, 31), reason="Elections.", by=tarek)
        expect("ask_for_extension", olga, oskar, at="TN", by=tarek, until="31 July 2031", comment="Elections.")
        extension_requests.refuse(at["TN"], reason="The meeting is in July.", by=olga)
        expect("refuse_extension", tarek, at="TN", by=olga, until="31 July 2031", comment="The meeting is in July.")
        calendar.extend(at["GR"], to=date(2031, 7, 10), reason="A new ministry.", by=oskar)
        expect("extend", gina, george, at="GR", by=oskar, until="10 July 2031", comment="A new ministry.")
        calendar.correct_extension(at["GR"], to=date(2031, 7, 12), reason="A Saturday.", by=oskar)
        days = {"before": "10 July 2031", "until": "12 July 2031"}
        expect("correct_extension", gina, george, at="GR", by=oskar, comment="A Saturday.", **days)
        letters.check()
    with on(4, 25):
        workflow.approve(at["MT"], by=oskar, version=3)
        expect("approve", olga, at="MT", by=oskar, version=3)
        letters.check()  # the country knows nothing of it
        workflow.confirm(at["MT"], by=olga, version=3)
        expect("confirm", mara, at="MT", by=olga)
        reopening.ask(at["MT"], by=mara, reason="One figure is wrong.")
        expect("ask_to_reopen", oskar, at="MT", by=mara, comment="One figure is wrong.")
        reopening.refuse(at["MT"], by=olga, reason="It is right.")
        expect("refuse_reopen", mara, at="MT", by=olga, comment="It is right.")
        workflow.reopen(at["MT"], by=oskar, comment="Please correct the figure.")
        expect("reopen", mara, at="MT", by=oskar, comment="Please correct the figure.")
        letters.check()
    late = {iso2: begun[iso2] for iso2 in ("CY", "TN", "ES")}
    with on(4, 29):
        year.reminded("deadline_near", late, "deadline_near 1 2031-04-30", days="1 day")
        letters.check()
    with on(5, 1):
        year.reminded("overdue", late, "overdue 2031-04-30")
        letters.check()

    with on(5, 5):
        calendar.leave(at["ES"], reason="It reports elsewhere.", by=oskar)
        expect("leave", esther, at="ES", by=oskar, comment="It reports elsewhere.")
        calendar.rejoin(at["ES"], reason="It reports here.", by=oskar)
        expect("rejoin", esther, at="ES", by=oskar, comment="It reports here.")
        cycle = Cycle.objects.get()
        cycle.closes = date(2031, 7, 15)
        calendar.save_cycle(cycle, by=olga, seen=cycle.revision, reason="Many asked.")
        for iso2, readers in focal.items():
            days = {"due": "12 July 2031" if iso2 == "GR" else "30 April 2031", "last": "15 July 2031"}
            moved = "Closes: 15 July 2031 (before: 30 June 2031)"
            expect("move_dates", *readers, at=iso2, by=olga, comment="Many asked.", moved=moved, **days)
        letters.check()
    with on(5, 20):
        fill(at["TN"], by=tarek)
        year.submitted("TN", tarek, version=1)
        workflow.approve(at["TN"], by=oskar, version=1)
        expect("approve", olga, at="TN", by=oskar, version=1)
        workflow.confirm(at["TN"], by=oskar, version=1, alone="Olga is ill.")
        expect("accept_alone", olga, at="TN", by=oskar, comment="Olga is ill.")
        expect("confirm", tarek, at="TN", by=oskar)
        on_behalf.enter(at["ES"], by=olga, reason="They sent it on paper.")
        expect("enter_on_behalf", esther, at="ES", by=olga, comment="They sent it on paper.")
        letters.check()
    with on(7, 16):  # closed: nobody is asked for anything
        reminders.send()
        letters.check()

    kinds = {event.split()[0] for event in Mail.objects.values_list("event", flat=True)}
    assert set(TEXTS) - {"receipt"} <= kinds
