"""The end of a day, in the cycle's time zone or the portal's; a contributor's one end; codes that stay."""

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from scoreboard import clock, contributors
from scoreboard.errors import Invalid, NotNow
from scoreboard.models import Assignment, Country, Cycle, Membership, Role, User
from scoreboard.questionnaire import countries
from scoreboard.todo import officers
from tests.factories import a_country, a_cycle, a_part, a_person, given
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("harbour")

ZONES = ["Pacific/Kiritimati", "Africa/Tunis", "UTC", "America/Los_Angeles", "Pacific/Pago_Pago"]
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("name", ZONES)
def test_a_contributor_s_last_day_ends_at_midnight_in_the_cycle_s_zone(name, malta, focal):
    cycle = a_cycle([malta], time_zone=name)
    part = a_part(cycle.submissions.get(), by=focal, until=cycle.day() + timedelta(days=7))
    midnight = datetime.combine(part.until + timedelta(days=1), time(), ZoneInfo(name))
    for moment, held in ((midnight - MINUTE, True), (midnight + MINUTE, False)):
        with clock.at(moment):
            person = User.objects.get(pk=part.person_id)
            assert Assignment.objects.in_force().exists() == held
            assert Assignment.objects.get().is_in_force == held
            assert contributors.own_part(person).exists() == held
            if held:
                assert contributors.suggest(part, "P1", given(level=1), by=person)
            else:
                with pytest.raises(PermissionDenied):
                    contributors.suggest(part, "P1", given(level=1), by=person)


@pytest.mark.parametrize("name", ZONES)
def test_a_part_can_be_asked_for_until_today_of_the_cycle_and_not_yesterday(name, malta, focal):
    cycle = a_cycle([malta], time_zone=name)
    for hour in (0, 11, 23):
        with clock.at(datetime.combine(cycle.opens + timedelta(days=3), time(hour, 30), ZoneInfo(name))):
            with pytest.raises(Invalid, match="today or a later day"):
                a_part(cycle.submissions.get(), by=focal, until=cycle.day() - timedelta(days=1))
            address = f"ana{hour}@ministry.example"
            assert a_part(cycle.submissions.get(), by=focal, email=address, until=cycle.day()).is_in_force


@drawn(day=st.dates(date(2020, 1, 1), date(2035, 1, 1)), name=st.sampled_from(ZONES))
@settings(max_examples=60, deadline=None)
def test_a_day_ends_in_the_portal_s_day_of_its_last_minute(day, name):
    last_minute = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(name)) - MINUTE
    assert clock.day_of_end(day, ZoneInfo(name)) == last_minute.astimezone(timezone.get_default_timezone()).date()


@pytest.mark.parametrize("name", ZONES)
def test_a_membership_without_a_cycle_ends_at_midnight_of_the_portal(name, db):
    person, last = a_person(Role.ANALYST), date(2031, 5, 4)
    person.memberships.update(until=last)
    midnight = datetime.combine(last + timedelta(days=1), time(), timezone.get_default_timezone())
    for moment, held in ((midnight - MINUTE, True), (midnight + MINUTE, False)):
        with clock.at(moment.astimezone(ZoneInfo(name))):  # in whatever zone the clock is read
            assert bool(User.objects.get(pk=person.pk).current_memberships) == held
            assert Membership.objects.in_force().filter(person=person).exists() == held


@pytest.mark.parametrize("name", ZONES)
def test_a_cycle_runs_on_home_until_its_last_day_has_ended_there(name, malta, officer):
    cycle = a_cycle([malta], time_zone=name)
    midnight = datetime.combine(cycle.closes + timedelta(days=1), time(), cycle.zone)
    for moment, runs in ((midnight - MINUTE, True), (midnight + MINUTE, False)):
        with clock.at(moment):
            assert (cycle in [strip.cycle for strip in officers.strips(officer)]) == runs


# --- one end date of a contributor -----------------------------------------------------------------------------


@pytest.fixture
def part(malta, focal):
    cycle = a_cycle([malta])
    return a_part(cycle.submissions.get(), by=focal, until=cycle.day() + timedelta(days=20))


def end_in_admin(administrator, sign_in, part, until, *, inline):
    """Set the last day of the contributor's membership in the administration, on either of its pages."""
    membership = Membership.objects.get(person=part.person_id)
    client = sign_in(administrator)
    if inline:
        url = reverse("admin:scoreboard_user_change", args=[part.person_id])
        fields = Page(client.get(url)).fields | {"memberships-0-until": until.isoformat(), "is_active": "on"}
    else:
        url = reverse("admin:scoreboard_membership_change", args=[membership.pk])
        fields = Page(client.get(url)).fields | {"until": until.isoformat()}
    assert client.post(url, fields).status_code == 302


@pytest.mark.parametrize("inline", [False, True])
def test_changing_the_part_does_not_prolong_an_administrator_s_end(inline, part, focal, sign_in):
    day = part.submission.cycle.day() + timedelta(days=5)
    end_in_admin(a_person(is_staff=True, is_superuser=True), sign_in, part, day, inline=inline)
    part.refresh_from_db()
    ends = {part.until, Membership.objects.get(person=part.person_id).until}
    assert ends == {day}  # one date, wherever it shows
    indicators = list(part.indicators.all())
    with pytest.raises(Invalid, match="An administrator ended this person's access"):
        contributors.change(part, indicators=indicators, until=day + timedelta(days=1), by=focal)
    contributors.change(part, indicators=indicators[:1], until=day, by=focal)
    assert Membership.objects.get(person=part.person_id).until == day
    contributors.remove(part, by=focal)
    with pytest.raises(Invalid, match="An administrator ended this person's access"):
        a_part(part.submission, by=focal, until=day + timedelta(days=9))
    again = a_part(part.submission, by=focal, until=day - timedelta(days=1))
    assert again.until == day - timedelta(days=1)


def test_a_part_gives_no_access_back_that_an_administrator_took(part, focal):
    Membership.objects.get(person=part.person_id).delete()
    with pytest.raises(NotNow, match="An administrator ended the access"):
        contributors.change(part, indicators=list(part.indicators.all()), until=part.until, by=focal)
    assert not Membership.objects.filter(person=part.person_id).exists()


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland"])
def test_a_part_outlasts_no_end_whatever_its_zone(zone, part, focal, sign_in):
    Cycle.objects.filter(pk=part.submission.cycle_id).update(time_zone=zone)
    part = Assignment.objects.get(pk=part.pk)
    day = part.submission.cycle.day() + timedelta(days=5)
    end_in_admin(a_person(is_staff=True, is_superuser=True), sign_in, part, day, inline=False)
    contributors.change(part, indicators=list(part.indicators.all()), until=day, by=focal)
    assert Membership.objects.get(person=part.person_id).until == day


def test_an_administrator_asks_no_contributor(malta, draft, sign_in):
    """Contributors are asked by their country's focal points, with a part of the answers."""
    colleague, day = a_person(name="Ana"), draft.cycle.day() + timedelta(days=3)
    client = sign_in(a_person(is_staff=True, is_superuser=True))
    url = reverse("admin:scoreboard_membership_add")
    fields = {"person": colleague.pk, "role": Role.CONTRIBUTOR, "country": malta.pk, "until": day.isoformat()}
    response = client.post(url, fields)
    refused = ["Contributors are invited by the focal points of their country alone."]
    assert response.context["adminform"].form.errors == {"role": refused}
    assert not Membership.objects.filter(person=colleague).exists()


def test_without_an_administrator_the_membership_follows_the_part(part, focal):
    for days in (30, 3):
        day = part.submission.cycle.day() + timedelta(days=days)
        contributors.change(part, indicators=list(part.indicators.all()), until=day, by=focal)
        assert Membership.objects.get(person=part.person_id).until == day


# --- codes of countries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iso2", "iso3", "kept"),
    [
        ("fr", "fra", ("FR", "FRA")),
        ("FR", "FRA", ("FR", "FRA")),
        ("F1", "FRA", None),
        ("F", "FRA", None),
        ("FR", "FR", None),
        ("FR", "FR4", None),
        ("Ф1", "FRA", None),
        ("FR", "FR/", None),
        ("F\n", "FRA", None),
    ],
)
def test_codes_have_the_shape_of_iso_3166(iso2, iso3, kept, db):
    country = Country(iso2=iso2, iso3=iso3, name="France")
    if kept is None:
        with pytest.raises(ValidationError):
            country.full_clean()
    else:
        country.full_clean()
        assert (country.iso2, country.iso3) == kept


@pytest.mark.parametrize("used", ["cycle", "people", ""])
def test_codes_are_fixed_once_the_country_is_used(used, sign_in):
    country = a_country("GR")
    if used == "cycle":
        a_cycle([country])
    if used == "people":
        a_person(Role.FOCAL, country)
    client = sign_in(a_person(is_staff=True, is_superuser=True))
    url = reverse("admin:scoreboard_country_change", args=[country.pk])
    response = client.post(url, Page(client.get(url)).fields | {"iso2": "EL"})
    country.refresh_from_db()
    assert country.iso2 == ("GR" if used else "EL")
    assert ("This code is fixed" in response.content.decode()) == bool(used)
    if used:
        entry = {"iso2": "GR", "iso3": "HEL", "name": {"en": "Greece"}}
        with pytest.raises(Invalid, match="This code is fixed"):
            countries.load(json.dumps({"countries": [entry]}).encode())
