"""What a request may bring along: how large it is, and characters that nothing stores."""

import io

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve

from mikt import middleware
from scoreboard import evidence_limits
from scoreboard.evidence import attaching
from scoreboard.workbook import MAX_SIZE
from tests.pages import Page

pytestmark = pytest.mark.django_db


def test_a_nul_in_a_cookie_is_no_cookie(client, focal):
    for name in ("sessionid", "django_language", "csrftoken", "messages", "other"):
        assert client.get("/", headers={"cookie": f'{name}="abcdefgh\\000ijklmnop"'}).status_code == 200
        assert client.post("/accounts/login/", headers={"cookie": f'{name}="abcdefgh\\000"'}).status_code == 200


def test_a_nul_in_the_name_of_a_file(sign_in, draft, focal):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="de\x00cree.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nA law.\r\n--x--\r\n"
    )
    address = f"/submissions/{draft.pk}/evidence/P1/"
    assert (
        sign_in(focal).generic("POST", address, body, content_type="multipart/form-data; boundary=x").status_code == 302
    )
    assert draft.answers.get().evidence.get().name == "decree.txt"


def test_a_body_of_unknown_length():
    request = RequestFactory().post("/accounts/login/", headers={"transfer-encoding": "chunked"})
    del request.META["CONTENT_LENGTH"]
    request.user = AnonymousUser()
    response = middleware.RequestLimitsMiddleware(None).process_view(request, resolve("/accounts/login/").func, (), {})
    assert response.status_code == 411


def test_a_workbook_somewhat_too_large_has_a_sentence_of_its_own(sign_in, draft, focal):
    address = f"/submissions/{draft.pk}/workbook/upload/"
    large = io.BytesIO(bytes(MAX_SIZE + 10))
    large.name = "answers.xlsx"
    assert "The file is larger than 5 MB." in Page(sign_in(focal).post(address, {"file": large})).text


def test_fields_too_long_or_too_many(client, db):
    body = "a=" + "x" * portal_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    response = client.generic("POST", "/accounts/login/", body, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, "larger than the 5 MB" in response.content.decode()) == (413, True)
    response = client.post("/accounts/login/", {"login": "x" * 5_000_001})
    assert (response.status_code, "larger than the 5 MB" in response.content.decode()) == (413, True)


def test_a_full_disk_while_a_file_arrives_is_a_sentence(sign_in, draft, focal, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "is not there")
    large = io.BytesIO(bytes(3_000_000))
    large.name = "decree.pdf"
    response = sign_in(focal).post(f"/submissions/{draft.pk}/evidence/P1/", {"files": [large]})
    assert response.status_code == 507
    assert "The server has no room for what you sent." in Page(response).text
    assert not draft.answers.exists()


def test_an_answer_holds_as_much_as_one_form_sends():
    assert attaching.MAX_REQUEST > evidence_limits.MAX_PIECES * attaching.MAX_BYTES
