"""The log: a line a request with its number, and nothing of people but their numbers."""

import json
import logging
import logging.config

import pytest
from django.test import Client
from django.urls import reverse

from mikt import logs

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(settings, caplog):
    settings.ACCESS_LOG = True
    number = logs.OfRequest()
    caplog.handler.addFilter(number)
    yield caplog
    caplog.handler.removeFilter(number)


def test_a_line_names_route_status_and_person_by_number(lines, sign_in, focal, draft):
    client = sign_in(focal)
    lines.clear()
    response = client.get(f"/submissions/{draft.pk}/areas/P/?word=secret")
    [line] = lines.records
    assert line.getMessage() == "GET /submissions/<number:pk>/areas/<str:area>/ 200"
    assert (line.person, line.request_id) == (focal.pk, response["X-Request-ID"])
    assert line.milliseconds > 0


@pytest.mark.parametrize(
    "path", ["/accounts/invitation/a-key-that-nobody-reads/", "/search/?q=a-key-that-nobody-reads"]
)
def test_no_key_and_no_word_is_written(lines, path):
    Client().get(path)
    assert {line.request_id for line in lines.records} == {lines.records[0].request_id}
    assert lines.records[0].request_id != "-"
    for line in lines.records:
        assert "a-key-that-nobody-reads" not in str(vars(line))
        assert "127.0.0.1" not in str(vars(line))


@pytest.mark.parametrize(
    ("given", "is_kept"), [("abc-1.2_3", True), ("a" * 64, True), ("a" * 65, False), ("a b", False), ("", False)]
)
def test_a_proxy_chooses_the_number(given, is_kept):
    answered = Client().get(reverse("help"), headers={"X-Request-ID": given})["X-Request-ID"]
    assert (answered == given) is is_kept


def test_other_lines_have_the_number_too(lines, monkeypatch, rf):
    def view(request):
        logging.getLogger("elsewhere").warning("Something happened.")
        return logs.HttpResponse()

    response = logs.LogMiddleware(view)(rf.get("/"))
    assert {line.request_id for line in lines.records} == {response["X-Request-ID"]}
    logging.getLogger("elsewhere").warning("Afterwards.")
    assert lines.records[-1].request_id == "-"


def test_as_json(settings, lines):
    formatter = logging.config.DictConfigurator(settings.LOGGING).configure_formatter(
        settings.LOGGING["formatters"]["json"]
    )
    Client().get(reverse("help"))
    line = json.loads(formatter.format(lines.records[-1]))
    assert line["message"] == "GET /accounts/help/ 200"
    assert {"asctime", "levelname", "name", "request_id", "milliseconds", "person"} <= line.keys()
