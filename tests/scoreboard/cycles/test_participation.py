"""Whether everybody sees who has submitted in an open cycle: only if its opening mail said so, and nothing else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scoreboard import clock
from scoreboard.cycles import calendar, participation
from scoreboard.errors import NotNow
from scoreboard.models import Cycle, Mail, State
from scoreboard.submissions import declining, workflow
from tests.factories import a_country, a_cycle, a_focal, submission_at
from tests.pages import Page

pytestmark = pytest.mark.django_db

SENTENCE = (
    "While the cycle is open, everybody can see on the portal whether a country has submitted or not yet, and nothing "
    "else of its answers."
)
PUBLIC = ("/", "/reports/")


@pytest.fixture
def shown(harbour):
    """A cycle with a country in each state, one that recalled, one that will not report, and one that left."""
    codes = ("MT", "GR", "TN", "CY", "EG", "ES", "IT")
    cycle = a_cycle(list(map(a_country, codes)), shows_submitted=True)
    for code, state in zip(codes, [*State.values, State.SUBMITTED, State.DRAFT, State.SUBMITTED], strict=True):
        submission_at(State(state), a_country(code), cycle)
    of = {one.country.iso2: one for one in cycle.submissions.select_related("country")}
    workflow.recall(of["EG"], by=a_focal(a_country("EG")))
    declining.decline(of["ES"], by=a_focal(a_country("ES")))
    return cycle


def test_everybody_sees_submitted_or_not_yet_and_no_more(shown, officer):
    left = shown.submissions.get(country__iso2="IT")
    calendar.leave(left, reason="A mistake.", by=officer)
    for address in PUBLIC:
        page = Page(Client().get(address))
        assert (
            "Scoreboard 2026: who has submitted Country EG Not yet Country ES Not yet Cyprus Submitted "
            "Greece Submitted Malta Not yet Tunisia Submitted"
        ) in page.text
        for word in ("Returned", "Accepted", "Late", "Overdue", "answered", "Country IT"):
            assert word not in page.text.split("who has submitted")[1].split("How a round works")[0]


def test_without_the_switch_nothing_is_shown(harbour, malta):
    a_focal(malta)
    submission_at(State.SUBMITTED, malta, a_cycle([malta]))
    for address in PUBLIC:
        assert "who has submitted" not in Page(Client().get(address)).text
    assert SENTENCE not in " ".join(Mail.objects.get(event="open_cycle").body.split())


def test_nothing_is_shown_before_the_cycle_begins_or_once_it_is_closed(shown):
    for days in (-3, (shown.closes - shown.opens).days + 2):
        with clock.at(clock.now() + timedelta(days=days)):
            assert participation.published(participation.running()) == []


def test_the_opening_mail_says_so_and_then_it_stays(harbour, malta, officer, sign_in):
    a_focal(malta)
    cycle = a_cycle([malta], shows_submitted=True)
    assert SENTENCE in Mail.objects.get(event="open_cycle").body
    changed = Cycle.objects.get(pk=cycle.pk)
    changed.shows_submitted = False
    with pytest.raises(NotNow, match="stays as its mail said"):
        calendar.save_cycle(changed, by=officer, seen=changed.revision)
    form = sign_in(officer).get(f"/review/cycles/{cycle.code}/edit/").context["form"]
    assert form.fields["shows_submitted"].disabled


def test_it_costs_the_same_for_one_country_as_for_seven(shown):
    small = a_cycle([a_country("MT")], code="small", shows_submitted=True)
    costs = []
    for cycle in (small, shown):
        Cycle.objects.update(shows_submitted=False)
        Cycle.objects.filter(pk=cycle.pk).update(shows_submitted=True)
        with CaptureQueriesContext(connection) as queries:
            participation.published(participation.running())
        costs.append(len(queries))
    assert costs == [2, 2]
