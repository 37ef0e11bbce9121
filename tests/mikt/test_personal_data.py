"""Personal data: docs/personal-data.md knows each field, people get what is theirs, and who left can be anonymised."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from reporting import tasks
from scoreboard import clock
from scoreboard.errors import NotNow
from scoreboard.mail import notifications, outbox
from scoreboard.models import ActivityEntry, Mail, Membership, State, User
from scoreboard.people import anonymising, profiles
from tests import factories, second_factors
from tests.pages import Page

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|\n ").split("|")]
    for line in (ROOT / "docs/personal-data.md").read_text().splitlines()
    if line.startswith("| `")
]


@pytest.fixture
def admin(db):
    return factories.a_person(name="Ada Administrator", is_staff=True)


# Fields of names that are those of a person, where no type says it.
TYPED = {
    *("scoreboard.User.name", "scoreboard.AccessRequest.name", "scoreboard.Participant.name"),
    *("scoreboard.Participant.agency", "scoreboard.Membership.offered_name", "scoreboard.Assignment.invited_name"),
    *("scoreboard.SpaceMember.offered_name", "scoreboard.Delegation.invited_name", "scoreboard.Cycle.contact_name"),
    *("scoreboard.Version.declared_by", "usersessions.UserSession.user_agent", "scoreboard.Token.name"),
}
# Fields whose name has "name" or "address", of things and not of people.
OF_THINGS = {"unwanted_mails", "unnamed", "named", "file_name", "mail", "codename", "queue_name", "backend_name"}
OF_THINGS_IN = {
    *("Organisation", "CountryGroup", "Country", "DateChange", "RememberedName", "BoardView", "Space", "PaperVersion"),
    *("Evidence", "PaperSource", "Backup", "PlanPiece", "ResourceFile", "ScheduledJob", "CountrySelection"),
    *("StatementPiece", "EarlierReport", "PublishedCountry", "Permission", "Group", "Site", "EmailConfirmation"),
    "Webhook",
}


def test_each_field_about_a_person_is_in_the_table_once():
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if not field.concrete or field.many_to_many:
                continue
            of_a_person = field.is_relation and field.related_model is User
            if of_a_person or isinstance(field, models.EmailField | models.GenericIPAddressField):
                found.add(f"{model._meta.label}.{field.name}")
            elif re.search(r"name|mail|address|\bip\b|agent|agency|phone|declared_by", field.name):
                name = f"{model._meta.label}.{field.name}"
                known = name in TYPED or field.name in OF_THINGS or model.__name__ in OF_THINGS_IN
                assert known, f"{name}: is it about a person? Enter it here, and in docs/personal-data.md if so."
    listed = Counter(f"{row[0].strip('`')}.{field}" for row in ROWS for field in row[1].split(", "))
    assert dict(listed) == dict.fromkeys(found | TYPED, 1)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip("`"))
def test_what_a_row_says_is_there(row):
    record, _fields, stored, own, anonymised, notice = row
    jobs = {job.name for job in tasks.JOBS}
    assert [name for name in re.findall(r"`([a-z][a-z ]*)`", stored) if name not in jobs] == []
    [quoted] = re.findall(r"“(.+)”", notice)
    assert quoted in (ROOT / "templates/privacy.html").read_text()
    model = apps.get_model(record.strip("`"))
    deleted = {one for one, _field in anonymising.DELETED}
    emptied = {one for one, _fields in anonymising.EMPTIED}
    assert (model in emptied) == anonymised.startswith("emptied")
    by_address = {"AccessRequest", "BouncingAddress", "UserSession"}
    assert (model in deleted or model.__name__ in by_address) == (anonymised == "deleted")
    assert stored
    assert own


@pytest.mark.django_db
def test_own_data_have_every_part_that_the_table_names(focal):
    own = profiles.own_data(focal)
    assert {row[3] for row in ROWS} - {"counted"} == own.keys() - {"exported_at", "records_that_name_you"}


def rows_with(words: list[str]) -> list[str]:
    """Return the columns of the database in which one of the words is."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table's own name
            for row in cursor.fetchall():
                found += [
                    f"{table}.{name}"
                    for name, value in zip(columns, row, strict=True)
                    if any(word in str(value) for word in words)
                ]
    return sorted(set(found))


@pytest.mark.django_db
def test_somebody_who_left_is_anonymised(sign_in, harbour, malta, focal, officer, admin):
    """By an administrator, on the page: afterwards name and address are in nothing but the record and others' mails."""
    submission = factories.submission_at(State.ACCEPTED, malta)
    second_factors.an_app(focal)
    name, address, client = focal.name, focal.email, sign_in(focal)
    client.get(reverse("profile"))
    profiles.change(focal, name=f"{name} Married", mails=[])
    Mail.objects.filter(to=officer).update(reply_to=address)
    place = reverse("admin:person_anonymise", args=[focal.pk])
    administrator = sign_in(admin)
    refused = Page(administrator.get(place))
    assert "still has a role or an invitation: Focal point · Malta. End it first." in refused.text
    Page(administrator.post(place, {"sure": "on"}))
    assert User.objects.get(pk=focal.pk).email == address
    Membership.objects.filter(person=focal).update(ended_at=clock.now())
    assert "Tick that you know it" in Page(administrator.post(place)).text
    response = administrator.post(place, {"sure": "on"}, follow=True)
    assert f"The account is anonymised: Former user {focal.pk}." in Page(response).text

    left = rows_with([name, address])
    assert set(left) <= {"scoreboard_mail.body", "scoreboard_mail.subject", "scoreboard_version.declared_by"}, left
    assert not Mail.everything.filter(to=focal).exists()
    focal.refresh_from_db()
    assert (focal.name, focal.is_active, focal.has_usable_password()) == (f"Former user {focal.pk}", False, False)
    assert client.get(reverse("profile")).status_code == 302  # signed out
    history = Page(sign_in(officer).get(reverse("submission_history", args=[submission.pk])))
    assert f"Former user {focal.pk}" in history.text
    assert ActivityEntry.objects.get(verb="anonymise").person_id == focal.pk
    with pytest.raises(NotNow, match="anonymised already"):
        anonymising.anonymise(focal, by=admin)


@pytest.mark.django_db
def test_who_cannot_be_anonymised(admin, focal):
    other = factories.a_person(is_staff=True)
    for person, words in ((admin, "their own account"), (other, "is an administrator"), (focal, "Focal point")):
        with pytest.raises(NotNow, match=words):
            anonymising.anonymise(person, by=admin)


@pytest.mark.django_db
def test_old_mails_are_deleted_and_young_ones_and_waiting_ones_are_not(focal, settings):
    notifications.notify_account(focal, "name_changed", old="a", new="b", by=focal, address_of=focal.email)
    outbox.send_due()
    notifications.notify_account(focal, "name_changed", old="a", new="c", by=focal, address_of=focal.email)
    assert outbox.delete_old() == 0
    with clock.at(clock.now() + timedelta(days=settings.ACTIVITY_DAYS + 1)):
        assert outbox.delete_old() == 1
    assert Mail.objects.get(to=focal).state == Mail.State.WAITING


NOTICES = {
    "privacy": ("CONTROLLER", "CONTACT", "BASIS", "HOSTING", "AUTHORITY"),
    "accessibility": ("CONTACT", "REVIEW"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("page", NOTICES)
def test_a_page_says_what_the_operator_has_not_entered(page, settings):
    names = [f"{page.upper()}_{name}" for name in NOTICES[page]]
    assert Page(Client().get(reverse(page))).text.count("Missing:") == len(names)
    for name in names:
        setattr(settings, name, f"{name.lower()}@example.org")
    shown = Page(Client().get(reverse(page) + "?again")).text
    assert "Missing:" not in shown
    for name in names:
        assert f"{name.lower()}@example.org" in shown
