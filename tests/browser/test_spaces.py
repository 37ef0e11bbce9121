"""A task force prepares, holds and archives one meeting in a space, in a real browser."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scoreboard import clock
from scoreboard.models import Role, Space, User
from tests.factories import a_country, a_focal, a_person, an_officer
from tests.small_pdfs import PDF
from tests.spaces import with_password

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def main(page: Page):
    return page.get_by_role("main")


def reply(page: Page, address: str, text: str) -> None:
    """Reply in the discussion at the address."""
    page.goto(address)
    page.get_by_label("Your reply").fill(text)
    page.get_by_role("button", name="Reply").click()
    expect(main(page)).to_contain_text(text)


def upload(page: Page, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    page.get_by_label("File").set_input_files(path)


def test_a_meeting_from_its_preparation_to_the_archive(visit, tmp_path):
    today = clock.today()
    desk, member = visit(an_officer()), visit(a_focal(a_country("MT")), width=390)
    observer = visit(a_person(Role.OBSERVER, name="Olga Observer"))

    desk.goto("/spaces/")
    main(desk).get_by_role("link", name="Create a space").click()
    desk.get_by_label("Kind").select_option(label="Task force")
    desk.get_by_label("Name").fill("Task force")
    desk.get_by_label("All focal points").check()
    desk.get_by_label("All observers").check()
    desk.get_by_role("button", name="Create the space").click()
    expect(main(desk).get_by_role("link", name="Members")).to_be_visible()
    home = desk.url
    main(desk).get_by_role("link", name="Members").click()
    desk.get_by_label("E-mail address").fill("eva@university.example")
    desk.get_by_label("Name").fill("Eva Expert")
    desk.get_by_label("Last day").fill(str(today))
    desk.get_by_role("button", name="Send the invitation").click()
    expect(main(desk)).to_contain_text("invited by Officer")
    expert = visit(with_password(User.objects.get(email="eva@university.example")))

    member.goto("/spaces/")
    main(member).get_by_role("link", name="Task force").click()
    main(member).get_by_role("link", name="Add a paper").click()
    member.get_by_label("Title").fill("Work plan")
    upload(member, tmp_path / "Plan.pdf", PDF)
    member.get_by_role("button", name="Add the paper").click()
    member.get_by_label("What is new").fill("Two steps more.")
    upload(member, tmp_path / "Plan 2.pdf", PDF + b"\n")
    member.get_by_role("button", name="Add the version").click()
    expect(main(member)).to_contain_text("Two steps more.")
    main(member).get_by_role("link", name="Open a discussion").click()
    member.get_by_label("Title").fill("Is the plan complete?")
    member.get_by_label("Text").fill("I think **it is**.")
    member.get_by_role("button", name="Send").click()
    expect(main(member).locator("strong", has_text="it is")).to_be_visible()
    talk = member.url

    expert.goto("/")
    main(expert).get_by_role("link", name="Task force").click()
    expect(main(expert)).to_contain_text("You are invited until the end of")
    reply(expert, talk, "A study says otherwise.")
    reply(observer, talk, "Mr. X of the harbour says so too.")

    desk.goto(talk)
    main(desk).get_by_role("link", name="Hide text 3").click()
    desk.get_by_label("Reason").fill("It names a person.")
    desk.get_by_role("button", name="Confirm").click()
    expect(main(desk)).to_contain_text("It names a person.")  # the click alone does not wait until it is done
    observer.goto(talk)
    expect(main(observer)).to_contain_text("It names a person.")
    expect(main(observer)).not_to_contain_text("Mr. X")

    desk.goto(home)
    main(desk).get_by_role("link", name="Plan a meeting").click()
    desk.get_by_label("Title").fill("Spring meeting")
    for label in ("First day", "Last day"):
        desk.get_by_label(label).fill(str(today))
    desk.get_by_role("button", name="Save").click()
    main(desk).get_by_role("link", name="Add an item to the agenda").click()
    desk.get_by_label("Title").fill("Adoption of the plan")
    desk.get_by_label("Work plan").check()
    desk.get_by_role("button", name="Add the item").click()
    main(desk).get_by_role("link", name="Enter the decision").click()
    desk.get_by_label("Decision").fill("The second version is adopted.")
    desk.get_by_role("button", name="Save").click()
    main(desk).get_by_role("link", name="Write the minutes").click()
    desk.get_by_label("Minutes").fill("All were there.")
    desk.get_by_role("button", name="Save").click()
    share = desk.get_by_role("button", name="Share the minutes with the members")
    expect(share).to_be_visible()
    member.goto(desk.url)
    expect(main(member)).to_contain_text("The second version is adopted.")
    expect(main(member)).not_to_contain_text("All were there.")
    share.click()
    expect(share).to_have_count(0)
    member.reload()
    expect(main(member)).to_contain_text("All were there.")

    desk.goto(home)
    main(desk).get_by_role("link", name="Archive…").click()
    desk.get_by_role("button", name="Archive the space").click()
    expect(main(desk).get_by_role("link", name="Open a discussion")).to_have_count(0)
    member.goto(home)
    with member.expect_download() as download:
        main(member).get_by_role("link", name="Download all (ZIP)").click()
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as packed:
        manifest = json.loads(packed.read("manifest.json"))
        assert [one["version"] for one in manifest["files"] if "version" in one] == [1, 2]
        pages = "".join(packed.read(one["path"]).decode() for one in manifest["files"] if "version" not in one)
    there = ("A study says otherwise.", "The second version is adopted.", "All were there.")
    assert [words for words in (*there, "Mr. X") if words in pages] == list(there)

    expert.goto(home)
    expect(expert.get_by_role("heading", level=1)).to_have_text("Task force")
    day_before = today - timedelta(days=1)  # as if the invitation had been for yesterday
    Space.objects.get().members.update(until=day_before)
    User.objects.get(email="eva@university.example").memberships.update(since=day_before, until=day_before)
    expert.reload()
    expect(expert.get_by_role("heading", level=1)).to_have_text("Page not found")
    expert.goto("/")
    expect(main(expert)).to_contain_text("Your access (Guest) ended after")
