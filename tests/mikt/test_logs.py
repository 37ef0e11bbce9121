"""The log: a line a request with its number, and nothing of people but their numbers."""

import ast
import json
import logging
import logging.config
import re
from pathlib import Path
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from mikt import logs

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]


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


@pytest.mark.parametrize("kind", ["text", "json"])
def test_no_line_has_an_address_of_e_mail(kind, settings, capsys):
    """Not even where a mail server or the database repeats it: refused recipients, a value that is not unique."""
    made = logging.config.DictConfigurator(settings.LOGGING)
    console = logs.Console()
    console.setFormatter(made.configure_formatter(settings.LOGGING["formatters"][kind]))
    console.addFilter(logs.OfRequest())
    log = logging.Logger("portal")
    log.addHandler(console)
    log.warning("Mail 3 was not sent: %s", SMTPRecipientsRefused({"fay.o'focal+x@example.org": (550, b"No such user")}))
    try:
        raise IntegrityError("DETAIL:  Key (lower(email))=(fay@mail.example.org) already exists.")
    except IntegrityError:
        log.exception("A job failed")
    written = capsys.readouterr().err
    assert "example.org" not in written
    assert written.count("[address]") >= 2
    assert "No such user" in written


def calls():
    """Yield place and arguments of each call of a logger in the code of the portal."""
    for path in sorted(one for app in ("mikt", "scoreboard", "reporting") for one in (ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = ast.unparse(node.func.value)
                if owner in ("log", "logger", "access", "logging") and node.func.attr in LEVELS:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", [*node.args, *(one.value for one in node.keywords)]


LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
# What lines say: numbers of rows, names of jobs, counts, states, errors of the system; no address, name or text.
SAID = re.compile(
    r"(\w+\.pk|mail\.to_id|mail\.attempts|state|job\.name|error|problem|found|PATIENCE|len\(drawn\)|"
    r"act|name|delivery\.webhook_id|problem\.(block|fault)|settings\.CLAMD|request\.method|_route\(request\)|response\.status_code|\{'milliseconds'.+)"
)


def test_each_line_of_the_log_says_only_what_is_known():
    found = [(place, arguments) for place, arguments in calls()]
    assert len(found) > 15
    unknown = [
        (place, ast.unparse(one))
        for place, arguments in found
        for one in arguments[1:]
        if not SAID.fullmatch(ast.unparse(one))
    ]
    assert unknown == []
    assert [place for place, arguments in found if not isinstance(arguments[0], ast.Constant)] == []  # no f-string
