"""An entry of the activity log: one INSERT, in the transaction of its verb, with what it names by number."""

import pytest
from django.db import transaction

from scoreboard import activity
from scoreboard.activity import Verb
from scoreboard.models import ActivityEntry, Origin
from tests import factories


def test_an_entry_names_who_what_where_and_the_submissions_cycle_and_country(draft, focal):
    activity.record(Verb.ADD_EVIDENCE, by=focal, submission=draft, detail="P1")
    entry = ActivityEntry.objects.latest("pk")
    assert (entry.by, entry.submission, entry.cycle, entry.country) == (focal, draft, draft.cycle, draft.country)
    assert (entry.verb, entry.detail, entry.origin, entry.count) == ("add_evidence", "P1", Origin.PAGE, 1)
    assert entry.what == "Evidence added"


def test_writing_it_is_one_insert(draft, focal, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        activity.record(Verb.CLAIM, by=focal, submission=draft)
    assert queries.captured_queries[0]["sql"].startswith("INSERT")


def test_it_is_undone_with_what_it_is_about(focal):
    with transaction.atomic():
        activity.record(Verb.SIGN_IN, by=focal)
        transaction.set_rollback(True)
    assert not ActivityEntry.objects.exists()


def test_a_verb_outside_the_list_is_refused(focal):
    with pytest.raises(ValueError, match="fly"):
        activity.record("fly", by=focal)


def test_without_a_person_it_is_the_command_line(db):
    assert activity.record(Verb.IMPORT_EDITION, by=None).origin == Origin.COMMAND


def test_it_stays_when_what_it_names_is_deleted(db):
    country = factories.a_country("MT")
    activity.record(Verb.SIGN_IN, by=None, country=country)
    number = country.pk
    country.delete()
    assert ActivityEntry.objects.select_related("country").get().country_id == number
