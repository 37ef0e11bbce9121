"""Whatever is asked of the API or sent to it, the answer is one that its schema describes.

A few values that hardly anybody sends; tests/drills/test_schemathesis.py makes up many more.
"""

import json
from urllib.parse import quote

import pytest
from django.test import Client

from tests import api_schema, factories
from tests.programs import CYCLE, JSON
from tests.world import a_world, furnished

pytestmark = pytest.mark.django_db

ASKED = ["", "x" * 3000, "../..", "é\u202e\U0010ffff", "\udcff", "9" * 400, "1e400", "NaN"]
SENT = ["", "\0", {"\ud800": "\ud800"}, ["\ud800"], 10**30, "9999-12-31", None]
NO_JSON = ["", "[" * 5000, '{"a":' * 5000, "9" * 5000, "NaN", '"\\', "\udcff"]
# Who does what is done at an address; everything else is the focal point's.
OFFICER = ("officer", "officer")
WHO = {"/contributions/": ("contributor", "write")} | dict.fromkeys(
    ("/cycles/", "/threads/", "/mark/", "/return/", "/extend/"), OFFICER
)


@pytest.fixture(scope="module")
def world(module_db, tmp_path_factory):
    with furnished(tmp_path_factory.mktemp("world")):
        yield a_world()


def test_a_visitor_who_asks_anything(world):
    client, met = Client(), 0
    for method, path, operation in api_schema.operations():
        if method != "get" or {} not in operation["security"]:
            continue
        for parameter in operation.get("parameters", []):
            for value in ASKED:
                text = quote(value, safe="", errors="surrogateescape")
                query = {"path": "", "query": f"?{parameter['name']}={text}"}[parameter["in"]]
                api_schema.require_described(client.get(path.replace(f"{{{parameter['name']}}}", text) + query))
                met += 1
    assert met > 500


def test_somebody_who_sends_anything(world):
    met = 0
    for method, path, operation in api_schema.operations():
        body = operation.get("requestBody", {}).get("content", {}).get(JSON)
        if body is None:
            continue
        client, address = program(world, path), filled(world, path)
        read = address if method == "put" else address.rsplit("/", 2)[0] + "/"
        options = {"content_type": JSON, "headers": {"If-Match": client.get(read).get("ETag", '"0"')}}
        members = api_schema.schema()["components"]["schemas"][body["schema"]["$ref"].rsplit("/")[-1]]["properties"]
        whole = CYCLE if path.endswith("/cycles/") else {}
        bodies = SENT + [whole | {name: value} for name in members for value in SENT]
        for text in [*map(json.dumps, bodies), *NO_JSON]:
            sent = text.encode(errors="surrogateescape")
            api_schema.require_described(getattr(client, method)(address, sent, **options))
            met += 1
    assert met > 500


def program(world, path):
    """Return the client of a program whose person may do what is done at the address."""
    role, scope = next((who for end, who in WHO.items() if end in path), ("focal", "write"))
    return Client(headers={"Authorization": f"Bearer {factories.a_token(world.people[role], scope)[1]}"})


def filled(world, path):
    """Return the address with what there is in the world."""
    for name, word in {"submission": "draft", "id": "draft", "part": "part", "code": "code"}.items():
        path = path.replace(f"{{{name}}}", str(world.words.get(word, "P1")))
    return path
