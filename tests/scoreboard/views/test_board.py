"""The board of a cycle: a row for each country, filters and order, views, notes, files, and mails to many."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from scoreboard import clock, rehearsal
from scoreboard.cycles import calendar, following, mailings, rehearsing
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.mail import contacts
from scoreboard.models import (
    BoardView,
    BouncingAddress,
    CountryGroup,
    Cycle,
    GroupMembership,
    Mail,
    Membership,
    Organisation,
    Role,
    State,
    Submission,
)
from scoreboard.submissions import claims, declining
from scoreboard.workbook import text_cells
from tests.factories import (
    HARBOUR,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    an_officer,
    submission_at,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(officer, sign_in):
    return sign_in(officer)


@pytest.fixture(scope="module")
def module_cycle(module_db):
    """A cycle with a country in each state, one that was extended, and one that has not begun."""
    malta, greece, tunisia, cyprus, *_others = countries = [a_country(code) for code in ("MT", "GR", "TN", "CY", "ES")]
    cycle = a_cycle(countries, edition=an_edition(HARBOUR))
    submission_at(State.SUBMITTED, malta, cycle)
    submission_at(State.RETURNED, greece, cycle)
    submission_at(State.ACCEPTED, tunisia, cycle)
    draft = cycle.submissions.get(country=cyprus)
    calendar.extend(draft, to=cycle.closes + timedelta(days=5), reason="Elections.", by=an_officer())
    return cycle


@pytest.fixture
def cycle(module_cycle, db):
    return Cycle.objects.get(pk=module_cycle.pk)


def of(cycle, iso2):
    return Submission.objects.get(cycle=cycle, country__iso2=iso2)


def at(cycle, name="cycle_board", *more):
    return reverse(name, args=[cycle.code, *more])


def shown(response):
    return [row.name for row in response.context["board"].rows]


def test_each_country_has_a_row_with_where_it_is(cycle, desk):
    rows = {row.iso2: row for row in desk.get(at(cycle)).context["board"].rows}
    assert list(rows) == ["ES", "CY", "GR", "MT", "TN"]  # by name: Country ES, Cyprus, Greece…
    facts = {
        code: (str(row.state.text), row.answered, row.asked, row.due, row.holder, row.questions)
        for code, row in rows.items()
    }
    until = f"{cycle.closes + timedelta(days=5):%-d %b}"
    assert facts == {
        "ES": ("Not started", 0, 7, "30 days left", "Country, 0 d", 0),
        "CY": ("Not started", 0, 7, f"65 days, to {until}", "Country, 0 d", 0),
        "GR": ("Waits for the country", 7, 7, "60 days to close", "Country, 0 d", 1),
        "MT": ("To review", 7, 7, "in time", "Secretariat, 0 d", 0),
        "TN": ("Accepted", 7, 7, "in time", "–", 0),
    }


def test_a_country_that_does_nothing_becomes_late(cycle, desk):
    with clock.at(clock.now() + timedelta(days=41)):
        rows = {row.iso2: row for row in desk.get(at(cycle)).context["board"].rows}
        assert (rows["ES"].due, rows["ES"].holder) == ("11 days late", "Country, 41 d")
        assert shown(desk.get(at(cycle), {"show": "late"})) == ["Country ES"]  # not Cyprus, which was extended


def test_the_tabs_count_and_narrow(cycle, desk, officer):
    declining.decline(of(cycle, "ES"), by=a_focal(a_country("ES")))
    following.set_lead(a_country("MT"), lead=officer, by=officer)
    tabs = {str(tab.label): (tab.count, tab.url) for tab in desk.get(at(cycle)).context["board"].tabs}
    assert {label: count for label, (count, _url) in tabs.items()} == {
        "All": 5,
        "Not started": 1,
        "Being drafted": 0,
        "To review": 1,
        "Waits for the country": 1,
        "Accepted": 1,
        "Will not report": 1,
        "Late": 0,
        "Extended": 1,
        "Open questions": 1,
        "Unclaimed": 1,
        "I lead": 1,
    }
    for label, (count, url) in tabs.items():
        assert len(shown(desk.get(at(cycle) + url))) == count, label


def test_the_board_is_narrowed_and_ordered(cycle, malta, greece, desk):
    group = CountryGroup.objects.create(code="parties", name={"en": "Parties"})
    GroupMembership.objects.create(country=malta, group=group)
    GroupMembership.objects.create(country=greece, group=group, until=clock.now().date() - timedelta(days=1))

    def found(**narrowing):
        return shown(desk.get(at(cycle), narrowing))

    assert found(group=group.pk) == ["Malta"]
    assert found(q="tUn") == ["Tunisia"]
    assert found(q="grc") == ["Greece"]
    assert found(show="returned", q="malta") == []
    assert found(show="nonsense", order="nonsense", group="nonsense") == found()
    assert found(order="-name") == found()[::-1]
    assert found(order="state") == ["Country ES", "Cyprus", "Malta", "Greece", "Tunisia"]
    assert found(order="questions")[0] == "Greece"
    assert "No country fits" in Page(desk.get(at(cycle), {"q": "Atlantis"})).text


def test_each_secretariat_sees_its_own_network_and_answers_its_countries(cycle, malta, greece, officer, desk):
    secretariats = [
        Organisation.objects.create(name=f"Secretariat {n}", kind="secretariat", contact=f"{n.lower()}@example.org")
        for n in "AB"
    ]
    networks = [
        CountryGroup.objects.create(code=f"net-{n}", name={"en": f"Network {n}"}, secretariat=one)
        for n, one in zip("ab", secretariats, strict=True)
    ]
    for country, group in ((malta, networks[0]), (greece, networks[0]), (greece, networks[1])):
        GroupMembership.objects.create(country=country, group=group)
    Membership.objects.filter(person=officer).update(organisation=secretariats[1])
    assert shown(desk.get(at(cycle), {"show": "network"})) == ["Greece"]
    rows = {row.iso2: [one.code for one in row.networks] for row in desk.get(at(cycle)).context["board"].rows}
    assert (rows["MT"], rows["GR"], rows["TN"]) == (["net-a"], ["net-a", "net-b"], [])
    assert contacts.of(of(cycle, "MT")).address == "a@example.org"
    assert contacts.of(of(cycle, "GR")) is None  # of both: whom the cycle names
    Cycle.objects.filter(pk=cycle.pk).update(contact_name="The desk", contact_address="desk@example.org")
    assert [contacts.of(of(cycle, code)).address for code in ("GR", "TN")] == ["desk@example.org"] * 2


@pytest.mark.parametrize("person", ["officer", "analyst"])
def test_it_costs_the_same_for_one_row_eight_and_thirty(person, malta, harbour, request, sign_in):
    client = sign_in(request.getfixturevalue(person))
    officer, counts = an_officer(), []
    cycle = a_cycle([malta], edition=harbour, code="2027")
    for size in (1, 8, 30):
        countries = [a_country(f"{'QRS'[n // 10]}{n % 10}") for n in range(size)]
        calendar.change_participants(cycle, add=countries, by=officer)
        with CaptureQueriesContext(connection) as asked:
            client.get(at(cycle))
        counts.append(len(asked))
    assert counts == [counts[0]] * 3


def test_an_analyst_reads_the_board_without_notes_and_buttons(cycle, analyst, officer, sign_in):
    following.write_note(of(cycle, "MT"), note="Call on Monday", seen="", by=officer)
    page = sign_in(analyst).get(at(cycle))
    assert len(shown(page)) == 5
    assert "Call on Monday" not in page.content.decode()
    assert "Remind" not in Page(page).text
    assert "Call on Monday" not in sign_in(analyst).get(at(cycle, "cycle_export", "csv")).content.decode()


# --- notes, lead officers and views ---------------------------------------------------------------------------


def test_a_note_and_a_lead_officer_are_written(cycle, desk, officer):
    page = Page(desk.get(at(cycle, "cycle_country", "mt")))
    desk.post(at(cycle, "cycle_country", "mt"), page.fields | {"note": "Call on\nMonday", "lead": officer.pk})
    row = next(row for row in desk.get(at(cycle)).context["board"].rows if row.iso2 == "MT")
    one = row.submission
    assert (one.note, one.note_by, one.country.lead) == ("Call on Monday", officer, officer)
    assert "Written by Officer" in Page(desk.get(at(cycle, "cycle_country", "mt"))).text
    # no page of the country shows it
    assert "Call on Monday" not in Page(desk.get(reverse("submission_history", args=[one.pk]))).text


def test_two_officers_who_write_a_note_at_once_lose_nothing(cycle, desk, officer):
    page = Page(desk.get(at(cycle, "cycle_country", "mt")))
    following.write_note(of(cycle, "MT"), note="From the other", seen="", by=a_person(Role.SECRETARIAT))
    response = desk.post(at(cycle, "cycle_country", "mt"), page.fields | {"note": "Mine"})
    assert "“From the other”" in Page(response).text
    assert of(cycle, "MT").note == "From the other"
    desk.post(at(cycle, "cycle_country", "mt"), Page(response).fields)
    assert of(cycle, "MT").note == "Mine"
    with pytest.raises(Stale):
        following.write_note(of(cycle, "MT"), note="Third", seen="long ago", by=officer)


def test_only_an_officer_leads_and_only_officers_say_so(cycle, malta, focal, analyst, officer):
    with pytest.raises(Invalid, match="is no officer"):
        following.set_lead(malta, lead=focal, by=officer)
    for person in (focal, analyst):
        with pytest.raises(PermissionDenied):
            following.set_lead(malta, lead=officer, by=person)
        with pytest.raises(PermissionDenied):
            following.write_note(of(cycle, "MT"), note="Mine", seen="", by=person)


def test_views_are_saved_used_and_deleted_by_their_owner(cycle, desk, officer, analyst, sign_in):
    url = at(cycle, "cycle_views") + "?show=late&order=-due&nonsense=1"
    response = desk.post(url, {"save": "yes", "name": "Late, longest first"}, follow=True)
    assert response.request["QUERY_STRING"] == "show=late&order=-due"
    view = BoardView.objects.get()
    assert (view.owner, view.name, view.query) == (officer, "Late, longest first", "show=late&order=-due")
    desk.post(at(cycle, "cycle_views") + "?show=late", {"save": "yes", "name": "Late, longest first"})
    assert [one.query for one in BoardView.objects.all()] == ["show=late"]
    assert "Give the view a name" in Page(desk.post(url, {"save": "yes", "name": " "})).text
    assert "Late, longest first" in Page(desk.get(at(cycle))).links
    assert "Late, longest first" not in Page(sign_in(analyst).get(at(cycle))).links
    assert sign_in(analyst).post(at(cycle, "cycle_views"), {"delete": view.pk}).status_code == 404
    desk.post(at(cycle, "cycle_views"), {"delete": view.pk})
    assert not BoardView.objects.exists()


# --- as a file ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("note", ["=1+1", "  =1+1", "＝1+1", "-1", "@SUM(A1)", "First line.\n=1+1", "a\n\n=1+1"])
def test_no_text_of_the_file_is_a_formula(note, cycle, desk, officer):
    following.write_note(of(cycle, "MT"), note=note, seen="", by=officer)
    stored = of(cycle, "MT").note
    raw = desk.get(at(cycle, "cycle_export", "csv")).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(raw, newline="")))
    said = next(dict(zip(lines[0], line, strict=True))["Note"] for line in lines if line[1] == "Malta")
    assert said == (f"'{stored}" if text_cells.looks_like_formula(stored) else stored)
    sheet = load_workbook(io.BytesIO(desk.get(at(cycle, "cycle_export", "xlsx")).content)).worksheets[0]
    cell = next(row[14] for row in sheet.iter_rows() if row[1].value == "Malta")
    assert (cell.value, cell.data_type) == (stored, "s")


def test_the_shown_rows_are_a_file(cycle, desk, officer):
    following.write_note(of(cycle, "MT"), note="=1+1", seen="", by=officer)
    raw = desk.get(at(cycle, "cycle_export", "csv"), {"q": "a", "order": "-name"}).content
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [line[1] for line in lines] == ["Country", "Tunisia", "Malta"]
    malta = dict(zip(lines[0], lines[2], strict=True))
    assert (malta["State"], malta["Answered"], malta["Of"], malta["Note"]) == ("To review", "7", "7", "'=1+1")
    book = load_workbook(io.BytesIO(desk.get(at(cycle, "cycle_export", "xlsx")).content))
    sheet = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(sheet) == 6
    assert [line[14] for line in sheet] == ["Note", None, None, None, "=1+1", None]
    assert book.worksheets[0].cell(row=5, column=15).data_type == "s"
    assert desk.get(at(cycle, "cycle_export", "exe")).status_code == 404


# --- mails to many --------------------------------------------------------------------------------------------


def test_reminding_shows_each_mail_and_its_readers_then_sends_once(cycle, desk, officer):
    focal, _silent = a_focal(a_country("ES")), a_country("CY")
    before = Mail.objects.count()
    page = desk.get(at(cycle, "cycle_remind"), {"country": ["ES", "CY", "MT"]})
    text = Page(page).text
    assert f"To {focal}, {focal.email}" in text
    assert "As focal point of Country ES, please submit its answers for Scoreboard 2026 by the end of" in text
    assert "It has no focal point: nobody gets this mail." in text
    assert "Nothing is asked of it: Submitted." in text
    assert Mail.objects.count() == before  # shown, not written
    sent = {"country": ["ES", "CY", "MT"], "token": Page(page).fields["token"], "comment": "Call me.", "send": "yes"}
    answer = desk.post(at(cycle, "cycle_remind"), sent, follow=True)
    assert "1 mail is on its way." in Page(answer).text
    mail = Mail.objects.get(event="remind_country")
    assert (mail.to, mail.by, mail.submission) == (focal, officer, of(cycle, "ES"))
    assert "Nothing is answered yet.\n\nCall me.\n" in mail.body
    again = desk.post(at(cycle, "cycle_remind"), sent)
    assert again.status_code == 409
    assert "they are not sent twice" in Page(again).text
    assert Mail.objects.filter(event="remind_country").count() == 1


def test_the_shown_mail_is_the_sent_one(cycle, officer):
    a_focal(a_country("ES"))
    chosen = [of(cycle, "ES")]
    shown = mailings.preview(lambda: mailings.remind(cycle, chosen, by=officer, token="one"))
    sent = mailings.remind(cycle, chosen, by=officer, token="one")
    pairs = [[(mail.to, mail.subject, mail.body) for one in letters for mail in one.mails] for letters in (shown, sent)]
    assert pairs[0] == pairs[1]


def test_with_none_ticked_the_buttons_act_on_what_is_shown(cycle, desk):
    for code in ("ES", "CY"):
        a_focal(a_country(code))
    page = desk.get(at(cycle, "cycle_remind"), {"shown": "show=not_started"})
    assert [str(one.country) for one in page.context["chosen"]] == ["Country ES", "Cyprus"]
    assert "2 mails, which are not sent yet" in Page(page).text


def test_all_who_have_not_begun_are_reminded_in_four_clicks_from_home(cycle, desk):
    a_focal(a_country("ES"))
    home = Page(desk.get(reverse("home")))
    board = desk.get(home.links["Open the board: Scoreboard 2026"])  # one
    address = next(tab.url for tab in board.context["board"].tabs if str(tab.label) == "Not started")
    board = desk.get(at(cycle) + address)  # two
    remind = desk.get(at(cycle, "cycle_remind"), {"shown": Page(board).fields["shown"]})  # three
    fields = Page(remind).fields | {"country": [one.country.iso2 for one in remind.context["chosen"]], "send": "yes"}
    desk.post(at(cycle, "cycle_remind"), fields)  # four
    assert [mail.submission for mail in Mail.objects.filter(event="remind_country")] == [of(cycle, "ES")]


def test_a_country_is_extended_in_four_clicks_from_home(cycle, desk):
    home = Page(desk.get(reverse("home")))
    board = Page(desk.get(home.links["Open the board: Scoreboard 2026"]))  # one
    review = Page(desk.get(board.links["Country ES"]))  # two
    form = Page(desk.get(review.links["Extend"]))  # three
    to = cycle.deadline + timedelta(days=10)
    desk.post(review.links["Extend"], form.fields | {"to": to.isoformat(), "reason": "Elections."})  # four
    assert of(cycle, "ES").extended_to == to


def test_a_message_to_nobody_is_refused(cycle, desk, officer):
    page = Page(desk.get(at(cycle, "cycle_remind"), {"country": ["CY"]}))
    assert "Nobody would get this mail. It has no focal point: nobody gets this mail." in page.text
    nobody = desk.get(at(cycle, "cycle_announce"), {"shown": "q=Atlantis"})
    assert (nobody.status_code, "No country is chosen" in Page(nobody).text) == (409, True)
    focal = a_focal(a_country("CY"))
    BouncingAddress.objects.create(address=focal.email, by=officer)
    page = Page(desk.get(at(cycle, "cycle_remind"), {"country": ["CY"]}))
    assert f"This address does not work: {focal.email}." in page.text
    with pytest.raises(Invalid, match="Nobody would get this mail"):
        mailings.announce(cycle, [of(cycle, "CY")], by=officer, subject="Meeting", comment="Come.", token="x")


def test_an_announcement_goes_to_the_ticked_countries(cycle, malta, desk, officer):
    secretariat = Organisation.objects.create(name="Secretariat A", kind="secretariat", contact="a@example.org")
    lead = a_person(Role.SECRETARIAT, name="Lea Lead")
    Membership.objects.filter(person=lead).update(organisation=secretariat)
    following.set_lead(malta, lead=lead, by=officer)
    typed = {
        "country": ["MT", "GR"],
        "groups": ["focal"],
        "subject": "Meeting in May",
        "comment": "Please register by 3 May.",
    }
    page = desk.post(at(cycle, "cycle_announce"), typed)
    assert "Please register by 3 May." in Page(page).text
    assert not Mail.objects.filter(event="announce").exists()
    desk.post(at(cycle, "cycle_announce"), typed | {"token": Page(page).fields["token"], "send": "yes"})
    mails = {mail.submission.country.iso2: mail for mail in Mail.objects.filter(event="announce")}
    assert sorted(mails) == ["GR", "MT"]
    assert mails["MT"].subject == "Meeting in May"
    assert mails["MT"].reply_to == "a@example.org"
    link = f"http://localhost:8000/submissions/{of(cycle, 'MT').pk}/"
    assert mails["MT"].body == (
        "Dear focal MT,\n\nPlease register by 3 May.\n\n"
        f"This concerns Malta in Scoreboard 2026:\n{link}\n\n"
        "Officer writes to you through Scoreboard portal. You get this e-mail as focal point of Malta.\n"
        "To answer, reply to it: your reply goes to Secretariat A, a@example.org.\n"
    )


def test_an_announcement_goes_to_observers_and_analysts_too(cycle, malta, desk, analyst, observer, sign_in):
    typed = {"country": ["MT"], "groups": ["observer", "analyst"], "subject": "Meeting", "comment": "Come on 3 May."}
    shown = Page(desk.post(at(cycle, "cycle_announce"), typed))
    assert "2 mails, which are not sent yet Observers To observer" in shown.text
    assert "Analysts To analyst" in shown.text
    assert "focal MT" not in shown.text
    assert not Mail.objects.filter(event="announce_group").exists()
    typed |= {"token": shown.fields["token"], "send": "yes"}
    desk.post(at(cycle, "cycle_announce"), typed)
    assert desk.post(at(cycle, "cycle_announce"), typed).status_code == 409  # the same one is not sent twice
    mails = {mail.to: mail for mail in Mail.objects.filter(event="announce_group")}
    assert set(mails) == {analyst, observer}
    assert mails[observer].subject == "Meeting"
    assert mails[observer].body == (
        "Dear observer,\n\nCome on 3 May.\n\n"
        "This concerns Scoreboard 2026. You get this e-mail as an observer.\nhttp://localhost:8000/\n\n"
        "Officer writes to you through Scoreboard portal.\nTo answer, reply to it.\n"
    )
    assert "as an analyst" in mails[analyst].body
    log = Page(desk.get(reverse("message_list")))
    assert {observer.email, analyst.email} <= set(log.text.split())
    assert "Come on 3 May." in Page(desk.get(reverse("message", args=[mails[observer].pk]))).text


def test_an_announcement_does_not_go_to_a_country_that_has_left(cycle, desk, officer):
    calendar.leave(of(cycle, "GR"), reason="It left the network.", by=officer)
    Mail.objects.all().delete()
    typed = {"country": ["MT", "GR"], "groups": ["focal"], "subject": "Meeting", "comment": "Come on 3 May."}
    page = Page(desk.post(at(cycle, "cycle_announce"), typed))
    assert "It left the cycle." in page.text
    desk.post(at(cycle, "cycle_announce"), typed | {"token": page.fields["token"], "send": "yes"})
    assert [mail.submission.country.iso2 for mail in Mail.objects.all()] == ["MT"]
    alone = Page(desk.post(at(cycle, "cycle_announce"), typed | {"country": ["GR"]}))
    assert "Nobody would get this mail. It left the cycle." in alone.text


def test_an_announcement_names_its_readers_and_reaches_nobody_real_in_the_rehearsal(cycle, desk, officer, observer):
    page = Page(desk.post(at(cycle, "cycle_announce"), {"country": "MT", "subject": "Meeting", "comment": "Come."}))
    assert "Choose who gets the mail." in page.text
    rehearsed = rehearsing.start(cycle.edition, by=officer)
    text = {"subject": "Meeting", "comment": "Come.", "token": "x"}
    with rehearsal.within(), pytest.raises(Invalid, match="only its focal points"):
        mailings.announce(rehearsed, rehearsed.submissions.all(), by=officer, groups=["observer"], **text)


def test_ticked_countries_are_extended_and_the_others_say_why_not(cycle, desk):
    focal = a_focal(a_country("ES"))
    to = cycle.deadline + timedelta(days=10)
    typed = {"country": ["ES", "CY", "TN"], "to": to.isoformat(), "reason": "The system was down."}
    page = desk.post(at(cycle, "cycle_extend"), typed)
    assert f"To {focal}, {focal.email}" in Page(page).text
    assert of(cycle, "ES").extended_to is None  # shown, not done
    desk.post(at(cycle, "cycle_extend"), typed | {"send": "yes"})
    assert [of(cycle, code).extended_to for code in ("ES", "CY")] == [to, to]
    assert [mail.to for mail in Mail.objects.filter(event="extend", submission=of(cycle, "ES"))] == [focal]
    assert "Nothing was extended." in Page(desk.post(at(cycle, "cycle_extend"), typed)).text
    assert "Choose the new last day." in Page(desk.post(at(cycle, "cycle_extend"), {"country": "ES"})).text


def test_only_officers_write_to_many_and_only_once_it_is_open(cycle, malta, focal, analyst, officer):
    for person in (focal, analyst):
        with pytest.raises(PermissionDenied):
            mailings.remind(cycle, [of(cycle, "ES")], by=person, token="x")
    planned = a_cycle([malta], code="2029", edition=cycle.edition, opened=False)
    with pytest.raises(NotNow, match="not open yet"):
        mailings.remind(planned, planned.submissions.all(), by=officer, token="x")


def test_a_claim_shows_on_the_board(cycle, desk, officer):
    claims.claim(of(cycle, "MT"), by=officer)
    assert shown(desk.get(at(cycle), {"show": "unclaimed"})) == []
    assert Cycle.objects.count() == 1
