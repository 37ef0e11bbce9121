"""A workshop with twelve phones: from the code on the screen to an answer with its note."""

import pytest
from playwright.sync_api import expect

from scoreboard.models import Answer, AnswerVersion, Rating, State, WorkshopNote
from tests.browser.conftest import findings, overflow
from tests.factories import HARBOUR, an_edition, submission_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONES = 12
OFFLINE, WITHOUT_SCRIPT = 3, 7  # which of them loses its line before it has sent, and which runs no script
LEVELS = [1, 2, 2, 2, 3, 2, 2, 1, 2, 2, 4, 2]


def test_twelve_phones_end_in_an_answer_with_its_note(visit, focal):
    an_edition(HARBOUR)
    draft = submission_at(State.DRAFT)
    lead = visit(focal)
    lead.goto(f"/submissions/{draft.pk}/areas/P/")
    lead.get_by_role("link", name="Workshop", exact=True).click()
    lead.get_by_role("button", name="Open the workshop").click()
    with lead.context.expect_page() as opened:
        lead.get_by_role("link", name="Open the screen for the room").click()
    screen = opened.value
    code = screen.locator(".screen-letters").inner_text()
    assert findings(screen) == []

    phones = []
    for n in range(PHONES):
        phone = visit(width=360, java_script_enabled=n != WITHOUT_SCRIPT)
        phone.goto("/workshops/")
        phone.get_by_label("Code").fill(code.lower().replace("-", ""))
        phone.get_by_role("button", name="Go on").click()
        phone.get_by_label("Your name").fill(f"Person {n}")
        phone.get_by_label("Agency or organisation").fill("Police" if n % 2 else "Customs")
        phone.get_by_role("button", name="Ask to join").click()
        expect(phone.locator("h1")).to_have_text("You will be let in")
        phones.append(phone)
    scripted = [phone for n, phone in enumerate(phones) if n != WITHOUT_SCRIPT]
    offline, plain = phones[OFFLINE], phones[WITHOUT_SCRIPT]

    lead.get_by_role("link", name=f"{PHONES} people wait to be admitted").click()
    lead.reload()
    lead.get_by_role("button", name="Admit the ticked").click()
    expect(screen.locator("#counts")).to_contain_text(f"{PHONES} people in the room")
    lead.get_by_role("button", name="Ask the room").first.click()
    for phone in scripted:  # by themselves
        expect(phone.locator("h1")).to_contain_text("P1")
    expect(screen.locator("h1")).to_contain_text("P1")
    plain.get_by_role("link", name="Look again").click()
    assert (findings(scripted[0]), overflow(scripted[0])) == ([], 0)

    offline.context.set_offline(True)
    for phone, level in zip(phones, LEVELS, strict=True):
        phone.locator(f"#level-{level}").check()
        phone.get_by_role("button", name="Send my rating").click()
    expect(offline.get_by_text("Not sent yet: no connection.")).to_be_visible()
    expect(offline.get_by_text("this page goes on by itself when the line is back")).to_be_visible()
    expect(screen.locator("#counts")).to_contain_text(f"{PHONES - 1} have rated")
    assert screen.locator(".spread").count() == lead.locator(".spread").count() == 0
    offline.context.set_offline(False)
    for phone in phones:
        expect(phone.get_by_text("Your rating has arrived.")).to_be_visible()
    assert Rating.objects.count() == PHONES

    lead.get_by_role("button", name="Show the ratings").click()
    for phone in (*scripted[:2], screen):
        expect(phone.locator(".spread")).to_contain_text(f"P1: {PHONES} of {PHONES} in the room have rated")
    assert screen.locator(".spread .num").all_inner_texts() == ["2", "8", "1", "1", "0", "0"]
    assert findings(screen) == []
    lead.get_by_role("link", name="Record what was agreed").click()
    lead.locator("#level-2").check()
    lead.get_by_label("Reasons").fill("The plan is written, not adopted.")
    lead.get_by_label("Dissent").fill("Customs: level 4.")
    lead.get_by_role("button", name="Record it").click()
    expect(lead.get_by_text("P1 is answered, and the note is stored with it.")).to_be_visible()
    expect(scripted[0].locator("h1")).to_have_text("You are in the room")
    answer, note = Answer.objects.get(), WorkshopNote.objects.get()
    assert (answer.level.value, note.answer, note.dissent) == (2, answer, "Customs: level 4.")
    assert AnswerVersion.objects.get().origin == "workshop"

    lead.get_by_role("link", name="End the workshop").click()
    lead.get_by_role("button", name="End the workshop").click()
    for page in (scripted[0], offline):
        expect(page.locator("h1")).to_have_text("Nothing opens here")
    expect(screen.locator("h1")).to_have_text("This workshop is over")
    lead.goto(f"/submissions/{draft.pk}/history/P1/")
    expect(lead.get_by_text("The plan is written, not adopted.")).to_be_visible()
