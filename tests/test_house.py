"""The house keeps its own rules: what a reader would otherwise have to check by eye."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.core.management import call_command
from django.template import engines
from django.template.library import import_library

ROOT = Path(__file__).resolve().parent.parent
CODE = [
    path
    for folder in ("mikt", "scoreboard", "reporting", "tests", "bench")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts and path.stat().st_size
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt"))


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CODE, ids=named)
def test_a_module_opens_with_one_sentence(path):
    opening = (ast.get_docstring(ast.parse(path.read_text())) or "").split("\n\n")[0]
    assert opening.endswith((".", ":")), f"{named(path)} does not say in its first sentence what it is about."


def test_the_questionnaire_is_data():
    """No title or text of an edition stands in code or in a template."""
    edition = yaml.safe_load((ROOT / "fixtures/editions/scoreboard-2017.yaml").read_text())
    texts = {area["title"]["en"] for area in edition["areas"]}
    for area in edition["areas"]:
        for indicator in area["indicators"]:
            texts |= {indicator["title"]["en"], *(level["text"]["en"] for level in indicator["levels"])}
    sources = {path: path.read_text() for path in [*CODE, *TEMPLATES] if "tests" not in path.parts}
    found = [
        (named(path), text) for path, source in sources.items() for text in texts if len(text) > 12 and text in source
    ]
    assert found == []


# Words of one instrument, which come from its edition or from the settings; the package of the write side has its name.
ONE_INSTRUMENTS = re.compile(r"\b(?:Scoreboards?|birds?|IKB|MIKT|hunt\w*|wild(?:life)?|[Rr]egional)\b")
NAMED = {"mikt/settings.py": {"Scoreboard"}}  # the name of the portal where nothing else is set


def test_no_word_of_one_instrument_is_in_code_or_templates():
    """Another self-assessment runs through the portal without a change of code, and without words about birds."""
    found = []
    for path in [*CODE, *TEMPLATES, *(ROOT / "static/js").glob("**/*.js"), *(ROOT / "templates").glob("**/*.txt")]:
        if "tests" in path.parts or "migrations" in path.parts or "demo" in path.parts or "bench" in path.parts:
            continue
        words = set(ONE_INSTRUMENTS.findall(path.read_text())) - NAMED.get(named(path), set())
        found += [(named(path), word) for word in sorted(words)]
    assert found == []


def test_every_field_has_a_name_for_people():
    """Without one the administration and error messages take the name that Python knows it by, in no language."""
    ours = [model for app in ("scoreboard", "reporting") for model in apps.get_app_config(app).get_models()]
    fields = [(model, field) for model in ours for field in (*model._meta.fields, *model._meta.many_to_many)]
    unnamed = [
        f"{model.__name__}.{field.name}"
        for model, field in fields
        if field._verbose_name is None and not field.auto_created and field.model is model
    ]
    assert unnamed == []


def test_no_template_carries_inline_style_or_script():
    """The content security policy would drop them silently."""
    inline = re.compile(r"<[^>]*\sstyle=|<style(?![^>]*nonce)|<script(?![^>]*(src=|nonce))|\son\w+=\"")
    pages = [path for path in TEMPLATES if "pdf" not in path.parts]
    assert [named(path) for path in pages if inline.search(path.read_text())] == []


LOADS = re.compile(r"{% load (.*?) %}")

# Libraries look for these by names of their own.
LIBRARIES = ("account/", "admin/", "allauth/", "bootstrap5/", "mfa/")


def test_a_page_is_one_template():
    """A template that is included begins with _, and is one because it is so more than once or a view renders it."""
    names = {str(path.relative_to(ROOT / "templates")): path.read_text() for path in TEMPLATES}
    code = "".join(path.read_text() for path in CODE if "tests" not in path.parts)
    users = {name: [] for name in names}
    for user, source in names.items():
        for tag in re.findall(r"{% (?:include|extends) (.*?) %}", source):
            for name in re.findall(r"[\w/]+\.(?:html|txt)", tag):
                users.setdefault(name, []).append(user)
    missing = {name for name in users if name not in names and not name.startswith(LIBRARIES)}
    assert missing == set()
    ours = [name for name in names if not name.startswith((*LIBRARIES, "base.html"))]
    assert [name for name in ours if users[name] and not Path(name).name.startswith("_")] == []
    pieces = [name for name in names if Path(name).name.startswith("_") or name.startswith("includes/")]
    assert [name for name in pieces if len(users[name]) < 2 and name not in code] == []


def test_a_template_loads_no_library_that_it_does_not_use():
    libraries = {name: import_library(path) for name, path in engines["django"].engine.libraries.items()}
    found = []
    for path in TEMPLATES:
        source = path.read_text()
        rest = LOADS.sub("", source)
        for name in [name for names in LOADS.findall(source) for name in names.split() if name in libraries]:
            tags, filters = ("|".join(map(re.escape, some)) for some in (libraries[name].tags, libraries[name].filters))
            if not re.search(rf"{{% (?:{tags or '$'})\b|\|(?:{filters or '$'})\b", rest):
                found.append((named(path), name))
    assert found == []


def test_a_page_with_a_moment_names_its_time_zone():
    """Tags name the zone of a cycle themselves; what a template formats is UTC, and says so."""
    moments = [path for path in TEMPLATES if '"DATETIME_FORMAT"' in path.read_text()]
    assert moments
    assert [named(path) for path in moments if "UTC" not in path.read_text()] == []


def test_the_diagram_in_the_docs_is_drawn_from_the_steps(capsys):
    call_command("workflow_diagram")
    assert capsys.readouterr().out.strip() in (ROOT / "docs/workflow.md").read_text()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/finding-your-way.md"])
def test_every_file_that_a_page_for_developers_names_is_there(page):
    named_there = re.findall(r"`([a-z_]+/[a-z_/.\-]+)`", (ROOT / page).read_text())
    paths = [name for name in named_there if not name.startswith("var/")]
    assert paths
    assert [name for name in paths if not (ROOT / name).exists()] == []


IMPORT_EACH_FIRST = """
import importlib, os, pkgutil, sys
import django
django.setup()
import mikt, reporting, scoreboard
for package in (mikt, reporting, scoreboard):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if module.name in sys.modules or ".migrations." in module.name or module.name.startswith("mikt.settings"):
            continue
        if os.fork() == 0:
            try:
                importlib.import_module(module.name)
            except Exception as error:
                print(module.name, repr(error), flush=True)
            os._exit(0)
        os.wait()
"""


def test_each_module_can_be_the_first_that_is_imported():
    """A command, a worker and a test come in by other doors: no two modules may need each other to be there first."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "mikt.settings"}
    command = [sys.executable, "-W", "ignore", "-c", IMPORT_EACH_FIRST]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
