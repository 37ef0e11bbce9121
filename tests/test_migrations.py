"""The migrations make the tables that all other tests make from our models, and carry over what is stored."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from scoreboard.models import ActionPlan, Commitment, PlanAction, Resource
from scoreboard.submissions import workflow
from tests.factories import DECLARATION, HARBOUR, a_country, a_cycle, a_focal, an_edition, fill, given
from tests.learning import a_resource
from tests.plans import a_plan

ROOT = Path(__file__).resolve().parents[1]
APPS = ("scoreboard", "reporting")


@pytest.fixture
def empty(db, transactional_db, tmp_path) -> Iterator[str]:
    """The name of a database of the same kind without a table."""
    if connection.vendor == "sqlite":
        yield str(tmp_path / "migrated.sqlite3")
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE migrated")
    yield "migrated"
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE migrated")


def tables(database: BaseDatabaseWrapper) -> dict[str, tuple[set, list]]:
    """Return the columns and the constraints and indexes of each table of the portal's own models."""
    names = [
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.app_label in APPS
    ]
    look = database.introspection
    facts = ("unique", "primary_key", "foreign_key", "check")
    found = {}
    with database.cursor() as cursor:
        for name in names:
            columns = {(one.name, one.type_code, one.null_ok) for one in look.get_table_description(cursor, name)}
            held = look.get_constraints(cursor, name).values()  # their names hold numbers made up by Django
            held = sorted(str((sorted(one["columns"] or []), *(one[fact] for fact in facts))) for one in held)
            found[name] = columns, held
    return found


def test_they_make_the_tables_of_the_models(empty):
    server = os.environ.get("DATABASE_URL", "sqlite:///").rpartition("/")[0]
    environment = os.environ | {"DATABASE_URL": f"{server}/{empty}"}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    migrated = ConnectionHandler({"default": settings.DATABASES["default"] | {"NAME": empty}})["default"]
    try:
        assert tables(migrated) == tables(connection)
    finally:
        migrated.close()


def carried_over(migration: str, function: str) -> None:
    """Run what a migration of `scoreboard` does with stored rows."""
    getattr(import_module(f"scoreboard.migrations.{migration}"), function)(apps, None)


@pytest.mark.django_db
def test_steps_of_accepted_answers_become_private_commitments(harbour, officer):
    """Of two accepted countries, one of them reopened, and none of one that has only submitted."""
    malta, greece, tunisia = countries = [a_country(iso2) for iso2 in ("MT", "GR", "TN")]
    cycle = a_cycle(countries)
    for country in countries:
        submission = cycle.submissions.get(country=country)
        fill(
            submission,
            iP1=given(level=1, next_step=f"Step of {country.iso2}.", next_step_public=True),
            iP2=given(level=2, next_step="Another."),
        )
        workflow.submit(submission, by=a_focal(country), **DECLARATION)
        if country != tunisia:
            workflow.accept(submission, by=officer, version=1)
    workflow.reopen(cycle.submissions.get(country=greece), by=officer, comment="A new law.")
    reopened = cycle.submissions.get(country=greece)
    Commitment.objects.all().delete()
    carried_over("0042_earlier_steps", "enter")
    columns = ("submission__country__iso2", "indicator__code", "step", "is_public", "status")
    assert sorted(Commitment.objects.values_list(*columns)) == [
        ("GR", "P1", "Step of GR.", False, ""),
        ("GR", "P2", "Another.", False, ""),
        ("MT", "P1", "Step of MT.", False, ""),
        ("MT", "P2", "Another.", False, ""),
    ]
    accepted = cycle.submissions.get(country=malta)
    assert {one.made_at for one in accepted.commitments.all()} == {accepted.accepted_at}
    assert {one.made_at for one in reopened.commitments.all()} == {reopened.accepted_version.at}


@pytest.mark.django_db
def test_stored_plans_are_found_by_the_search(malta):
    a_plan(malta, "Plan for Ports", scope="Each\nharbour.", body="Ministry")
    stored = list(ActionPlan.objects.values_list("folded")) + list(PlanAction.objects.values_list("folded"))
    for model in (ActionPlan, PlanAction):
        model.objects.update(folded="")
    carried_over("0048_plans_in_search", "fold")
    assert stored == [("plan for ports ministry each harbour.",), ("train the harbour police",)]
    assert list(ActionPlan.objects.values_list("folded")) + list(PlanAction.objects.values_list("folded")) == stored


@pytest.mark.django_db
def test_stored_words_of_the_search_lose_their_strokes(officer):
    an_edition(HARBOUR)
    resource = a_resource(officer, title="Smørum, Łódź, Diyarbakır")
    assert resource.folded.startswith("smorum, lodz, diyarbakir")
    Resource.objects.update(folded="smørum, łodz, diyarbakır")
    carried_over("0050_letters_with_strokes", "fold")
    assert Resource.objects.values_list("folded").get() == ("smorum, lodz, diyarbakir",)
