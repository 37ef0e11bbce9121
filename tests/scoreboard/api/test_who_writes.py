"""Who may write by the API: every act × every token, by its scope and its person's role and country."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings

from scoreboard import clock
from scoreboard.evidence import attaching
from scoreboard.models import Role, State, Submission
from scoreboard.submissions import workflow
from scoreboard.threads import discussion
from tests import factories
from tests.programs import CYCLE, LEVEL, Program

pytestmark = pytest.mark.django_db

LATER = (clock.today() + timedelta(days=40)).isoformat()

# What each program gets for each act. The scope after the role; `any` has no token that could act.
#   200 done · 201 made · 204 removed · 400 cannot be · 401 no token · 403 not the scope or role · 404 not to be seen
#   409 not now
TABLE = """
                        none  public  focal:read  focal:write  foreign:write  contributor:write  observer:read  analyst:officer  officer:read  officer:officer
save          draft     401   403     403         200          404            404                403            403              403           409
save          submitted 401   403     403         409          404            404                403            403              403           409
confirmation  draft     401   403     403         400          404            404                403            403              403           400
evidence      draft     401   403     403         201          404            404                403            403              403           409
remove        draft     401   403     403         204          404            404                403            404              403           404
download      submitted 401   403     200         200          404            404                404            200              200           200
check         draft     401   403     200         200          404            404                404            404              404           404
receipt       submitted 401   403     200         200          404            404                404            200              200           200
submit        draft     401   403     403         200          404            404                403            403              403           409
recall        submitted 401   403     403         200          404            404                403            403              403           403
claim         submitted 401   403     403         403          403            403                403            403              403           200
claim         draft     401   403     403         403          403            403                403            403              403           409
release       submitted 401   403     403         403          403            403                403            403              403           200
return        submitted 401   403     403         403          403            403                403            403              403           200
accept        submitted 401   403     403         403          403            403                403            403              403           200
accept        draft     401   403     403         403          403            403                403            403              403           409
extend        draft     401   403     403         403          403            403                403            403              403           200
mark          submitted 401   403     403         403          403            403                403            403              403           200
threads       submitted 401   403     403         403          403            403                403            403              403           201
replies       submitted 401   403     403         201          404            404                403            404              403           201
suggest       draft     401   403     403         404          404            200                403            403              403           403
offer         draft     401   403     403         404          404            201                403            403              403           403
cycle         draft     401   403     403         403          403            403                403            403              403           201
"""  # noqa: E501
COLUMNS, *LINES = TABLE.strip("\n").splitlines()
PROGRAMS = COLUMNS.split()

DECLARED = factories.DECLARATION
BODIES = {
    "save": LEVEL,
    "evidence": {"url": "https://example.org/law"},
    "submit": DECLARED,
    "return": {"comment": "Two things are missing."},
    "extend": {"to": LATER, "reason": "Elections."},
    "mark": {"text": "Name the source."},
    "threads": {"text": "Which court?", "shared": True},
    "replies": {"text": "The highest."},
    "suggest": LEVEL,
    "offer": {"url": "https://example.org/record"},
    "cycle": CYCLE,
}


@pytest.fixture(scope="module")
def world(module_db, folder):
    """Malta's answers, a draft with evidence and others that are submitted; and a program of each kind."""
    with override_settings(MEDIA_ROOT=str(folder)):
        return a_world()


def a_world():
    factories.an_edition(factories.HARBOUR)
    malta, greece = factories.a_country("MT"), factories.a_country("GR")
    draft = factories.a_cycle([malta, greece], code="2026").submissions.get(country=malta)
    submitted = factories.submission_at(State.DRAFT, malta, factories.a_cycle([malta], code="2027"))
    focal, officer = factories.a_focal(malta), factories.an_officer()
    piece = attaching.add_link(draft, "P1", "https://example.org/act", by=focal)
    for one in (draft, submitted):
        factories.fill(one)
    file = attaching.add_file(submitted, "P1", SimpleUploadedFile("act.txt", b"Article 1"), by=focal)
    workflow.submit(submitted, by=focal, **DECLARED)
    thread = discussion.open_thread(submitted, "P1", "Which port?", shared=True, by=officer)
    part = factories.a_part(draft, by=focal)
    people = {
        "focal": focal,
        "foreign": factories.a_focal(greece),
        "contributor": part.person,
        "observer": factories.a_person(Role.OBSERVER),
        "analyst": factories.a_person(Role.ANALYST),
        "officer": officer,
    }
    programs = {"none": Program(), "public": Program(focal, "")}
    for column in PROGRAMS[2:]:
        who, scope = column.split(":")
        programs[column] = Program(people[who], scope)
    return {"draft": draft, "submitted": submitted, "programs": programs, "piece": piece, "file": file} | {
        "thread": thread,
        "part": part,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def files(settings, folder):
    settings.MEDIA_ROOT = str(folder)


def act(name: str, program: Program, world, submission: Submission) -> int:
    """Do one act with a program; return the status."""
    body, at = BODIES.get(name), (submission.pk, "P1")
    if name == "save":
        return program.send("put", "answer-detail", *at, body=body, match=program.tag("answer-detail", *at)).status_code
    if name == "confirmation":
        tag = program.tag("answer-detail", *at)
        return program.send("post", "answer-confirmation", *at, match=tag).status_code
    if name in ("evidence", "mark", "threads"):
        return program.send("post", f"answer-{name}", *at, body=body).status_code
    if name == "remove":
        return program.send("delete", "evidence-detail", submission.pk, world["piece"].pk).status_code
    if name == "download":
        return program.send("get", "evidence-detail", submission.pk, world["file"].pk).status_code
    if name in ("check", "receipt"):
        return program.send("get", f"submission-{name}", submission.pk).status_code
    if name == "replies":
        return program.send("post", "thread-replies", submission.pk, world["thread"].pk, body=body).status_code
    if name == "suggest":
        at = (world["part"].pk, "P1")
        tag = program.tag("suggestion-detail", *at)
        return program.send("put", "suggestion-detail", *at, body=body, match=tag).status_code
    if name == "offer":
        return program.send("post", "suggestion-evidence", world["part"].pk, "P1", body=body).status_code
    if name == "cycle":
        return program.send("post", "cycle-list", body=body).status_code
    tag = program.tag("submission-detail", submission.pk)
    return program.send("post", f"submission-{name}", submission.pk, body=body, match=tag).status_code


@pytest.mark.parametrize("line", LINES, ids=lambda line: "-".join(line.split()[:2]))
def test_each_token_does_what_its_scope_and_its_persons_role_allow(line, world):
    name, state, *expected = line.split()
    found = {}
    for column, program in world["programs"].items():
        with transaction.atomic():
            found[column] = str(act(name, program, world, world[state]))
            transaction.set_rollback(True)
    assert found == dict(zip(PROGRAMS, expected, strict=True))
