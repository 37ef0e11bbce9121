"""Public pages are stored for visitors: the same for all of them, and at once another one after each change."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import http_date

from reporting import news
from reporting.http import public_page
from reporting.models import Assessment
from scoreboard import public_pages
from scoreboard.models import PublishedText, Statement
from scoreboard.network import publishing, spaces
from scoreboard.stakeholders import deciding
from tests import statements
from tests.addresses import ROWS
from tests.pages import Page
from tests.world import a_world, furnished

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stored_pages")]

Status = Assessment.Status


@pytest.fixture(scope="module")
def world(module_db, tmp_path_factory):
    with furnished(tmp_path_factory.mktemp("files")):
        yield a_world()


# What a visitor gets, but for files, the API, and small pages with a form: these come from the table of addresses.
NOT_STORED = re.compile(
    "account|mfa|access|invitation|subscri|api|edition-|country-|cycle-|assessment-|plan-|published-|admin|workshop"
)
NOT_STORED_EITHER = {
    "health",
    "session",
    "set_language",
    "report_pdf",
    "report_country_pdf",
    "report_product",
    "verify",
    "resource_file",
    "published_text_file",
}
NOT_STORED_EITHER |= {
    "report_country_card",
    "report_indicator_card",
    "report_citation",
    "report_schema",
    "questionnaire_pdf",
    "questionnaire_xlsx",
    "questionnaire_docx",
}
PUBLIC = [
    row
    for row in ROWS
    if row.method == "GET"
    and row.statuses[0] == "200"
    and row.name not in NOT_STORED_EITHER
    and not NOT_STORED.match(row.name)
]


@pytest.mark.parametrize("row", PUBLIC, ids=str)
def test_two_visitors_get_the_same_page_and_nothing_of_a_cookie(row, world):
    address = row.address(world)
    one, other = Client(), Client(headers={"accept-language": "en"})
    other.cookies["csrftoken"] = "t" * 32
    other.cookies["something"] = "else"
    first = one.get(address)
    with CaptureQueriesContext(connection) as asked:
        second = other.get(address)
    assert first.content == second.content
    assert len(asked) == 1, "the number of the state, and no more"
    for response in (first, second):
        assert not response.cookies
        assert response["Cache-Control"] == "no-cache"
        assert {"Cookie", "Accept-Language"} <= set(response["Vary"].split(", "))
        assert not re.search(rb"csrfmiddlewaretoken|nonce=", response.content)
        assert "Expires" not in response
    assert second["ETag"] == first["ETag"]
    same = one.get(address, headers={"if-none-match": first["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert one.get(address, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    assert one.get(address, headers={"if-modified-since": http_date(0)}).status_code == 200


def test_a_signed_in_reader_gets_a_page_of_their_own(observer, sign_in):
    client = sign_in(observer)
    for _time in range(2):
        response = client.get("/")
        assert response["Cache-Control"] == "private, no-store"
        assert "ETag" not in response
        assert "Welcome, observer" in response.content.decode()
    assert "Welcome, observer" not in Client().get("/").content.decode()


def test_a_message_is_shown_to_its_reader_alone(officer, sign_in):
    reader = sign_in(officer)
    reader.post(reverse("account_logout"))
    assert "You are signed out." in Page(reader.get("/")).text
    assert "You are signed out." not in Page(Client().get("/")).text


def test_each_language_has_its_page(settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    english = Client().get("/")
    french = Client(headers={"accept-language": "fr"}).get("/")
    assert (b'lang="en"' in english.content, b'lang="fr"' in french.content) == (True, True)
    assert english["ETag"] != french["ETag"]
    chooser = Client()
    page = chooser.get(Page(chooser.get("/")).links["Language: English"])
    assert Page(page).fields["next"] == "/"
    assert "no-store" in page["Cache-Control"]
    chosen = chooser.post(reverse("set_language"), {"language": "fr", "next": "/"}, follow=True)
    assert b'<html lang="fr"' in chosen.content


def test_news_statements_and_texts_of_spaces_change_the_state(officer, world):
    numbers = [public_pages.number()]
    line = news.write("A line.", by=officer)
    numbers.append(public_pages.number())
    news.remove(line, by=officer)
    numbers.append(public_pages.number())
    shown = Statement.objects.get(pk=world.words["published"])
    deciding.refuse(shown, reason="It names a person.", by=officer)
    numbers.append(public_pages.number())
    statements.published(Statement.objects.get(pk=shown.pk))
    numbers.append(public_pages.number())
    text = PublishedText.objects.get(pk=world.words["public_text"])
    space = {"kind": "meeting", "purpose": "", "moderator": officer, "audiences": [], "by": officer}
    spaces.edit(text.space, name="Called otherwise", **space)
    numbers.append(public_pages.number())
    publishing.withdraw(text, by=officer)
    numbers.append(public_pages.number())
    spaces.edit(text.space, name="Called otherwise", **space)
    assert public_pages.number() == numbers[-1]  # nothing of it is public any more
    again = publishing.ask(text.version, title="Again", by=text.author)
    publishing.publish(again, names_nobody=True, by=text.author)
    numbers.append(public_pages.number())
    assert len(set(numbers)) == 8
    assert numbers == sorted(numbers)


def test_a_page_that_sets_a_cookie_or_fails_is_not_stored(rf):
    from django.http import HttpResponse

    given = iter(range(9))

    @public_page
    def fails(request):
        return HttpResponse(str(next(given)), status=404)

    request = rf.get("/fails/")
    assert [fails(request).content for _time in range(2)] == [b"0", b"1"]
