"""Publishing: what was read is what is published, and the page says who is not in it and who will be told."""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.formats import date_format

from reporting.assessments import lifecycle, withheld
from reporting.document.document import Document
from reporting.forms import counted, counted_otherwise
from reporting.models import Assessment
from reporting.pdf.sections import Section
from scoreboard import clock
from scoreboard.cycles import calendar
from scoreboard.errors import Invalid, NotNow, Stale
from scoreboard.mail import outbox
from scoreboard.models import Country, Cycle, Mail, State, Submission
from scoreboard.submissions import workflow
from tests import factories
from tests.pages import Page

Status = Assessment.Status
EARLY = {"before_closing": "on", "early": "The meeting is near."}


def build(issue, officer, **particulars):
    lifecycle.perform(lifecycle.request_build(issue, by=officer, **particulars))
    return Assessment.objects.get(pk=issue.pk)


@pytest.fixture
def issue(harbour, malta, greece, officer, assessment_at):
    """A built issue that counts Malta, of a cycle in which Greece drafts, Cyprus has left and Tunisia is returned."""
    cyprus, tunisia = factories.a_country("CY"), factories.a_country("TN")
    cycle = factories.a_cycle([malta, greece, cyprus, tunisia])
    factories.submission_at(State.ACCEPTED, malta, cycle)
    factories.submission_at(State.RETURNED, tunisia, cycle)
    calendar.leave(cycle.submissions.get(country=cyprus), reason="A state of emergency.", by=officer)
    return build(lifecycle.consolidate(cycle, by=officer), officer)


def publish(issue, officer, **changes):
    read = {"snapshot": issue.snapshot_sha256, "file": issue.pdf.sha256, "early": "The meeting is near."}
    return lifecycle.publish(issue, audience="everyone", by=officer, **(read | changes))


def test_another_snapshot_than_the_one_read_is_refused(issue, greece, officer, sign_in):
    desk, url = sign_in(officer), reverse("workbench_publish", args=[issue.pk])
    decided = Page(desk.get(url)).fields | EARLY | {"audience": "everyone"}
    factories.submission_at(State.ACCEPTED, greece, issue.cycle)
    build(lifecycle.consolidate(issue.cycle, by=officer), officer)
    response = desk.post(url, decided)
    assert response.status_code == 409
    assert "Nothing is published: the answers were consolidated and built anew" in Page(response).text
    assert "Greece: added, with version 1" in Page(response).text
    with pytest.raises(Stale, match="consolidated and built anew"):
        publish(issue, officer)
    assert Assessment.objects.get().status == Status.BUILT
    assert Page(response).fields["snapshot"] == Assessment.objects.get().snapshot_sha256
    assert desk.post(url, Page(response).fields | EARLY | {"audience": "everyone"}).status_code == 302
    assert Assessment.objects.get().status == Status.PUBLISHED


def test_another_version_of_a_country_is_named(issue, malta, officer, sign_in):
    desk, url = sign_in(officer), reverse("workbench_publish", args=[issue.pk])
    decided = Page(desk.get(url)).fields | EARLY | {"audience": "everyone"}
    submission = Submission.objects.get(country=malta)
    workflow.reopen(submission, by=officer, comment="A slip.")
    workflow.submit(submission, by=factories.a_focal(malta), **factories.DECLARATION)
    workflow.accept(submission, by=officer, version=2)
    build(lifecycle.consolidate(issue.cycle, by=officer), officer)
    assert "Malta: version 2 instead of version 1" in Page(desk.post(url, decided)).text


def test_another_file_than_the_one_looked_at_is_refused(issue, officer, sign_in):
    desk, url = sign_in(officer), reverse("workbench_publish", args=[issue.pk])
    decided = Page(desk.get(url)).fields | EARLY | {"audience": "everyone", "file": "0" * 64}
    response = desk.post(url, decided)
    assert response.status_code == 409
    assert "the PDF was built anew" in Page(response).text
    assert "It counts the same countries with the same versions" in Page(response).text
    assert Assessment.objects.get().status == Status.BUILT


def test_the_page_says_who_is_not_in_it_and_who_is_told(issue, malta, greece, officer, sign_in):
    factories.a_focal(malta)
    calendar.extend(
        Submission.objects.get(country=greece),
        to=issue.cycle.closes + timedelta(days=9),
        reason="Elections.",
        by=officer,
    )
    shown = Page(sign_in(officer).get(reverse("workbench_publish", args=[issue.pk]))).text
    assert "Greece: still being written, not submitted" in shown
    assert "Tunisia: returned to the country for changes" in shown
    assert "Cyprus: left the cycle" in shown
    assert "Open until the end of" in shown
    assert "Greece has time until" in shown
    assert "focal points of the countries that take part. Without a focal point: Greece." in shown


def test_the_focal_points_of_those_that_take_part_are_told(issue, malta, officer):
    Mail.objects.all().delete()
    publish(issue, officer)
    outbox.send_due()
    told = {person.email for person in (factories.a_focal(malta), factories.a_focal(factories.a_country("TN")))}
    assert {message.to[0] for message in mail.outbox} == told
    assert reverse("report", args=[issue.pk]) in mail.outbox[0].body


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_before_the_cycle_has_closed_it_takes_a_tick_and_a_reason(days, issue, officer, sign_in):
    desk, url = sign_in(officer), reverse("workbench_publish", args=[issue.pk])
    cycle = Cycle.objects.get()
    with clock.at(datetime.combine(cycle.closes + timedelta(days=days), time(12), cycle.zone)):
        fields = Page(desk.get(url)).fields | {"audience": "everyone"}
        if days <= 0:
            for unsaid in ({}, {"before_closing": "on"}, {"early": "The meeting is near."}):
                assert "Error" in Page(desk.post(url, fields | unsaid)).text
            with pytest.raises(Invalid, match="Give the reason for publishing before"):
                publish(issue, officer, early=" ")
            assert Assessment.objects.get().status == Status.BUILT
            fields |= EARLY
        assert desk.post(url, fields).status_code == 302
        bench = Page(desk.get(reverse("workbench", args=[cycle.code]))).text
    published = Assessment.objects.get()
    assert published.early_reason == ("The meeting is near." if days <= 0 else "")
    assert ("Before the cycle closed: The meeting is near." in bench) == (days <= 0)


def test_late_is_decided_when_results_are_consolidated(harbour, malta, greece, focal, officer):
    """An extension granted afterwards forgives in the next issue; what was published stays, and so does the receipt."""
    cycle = factories.a_cycle([malta, greece])
    submission, day = cycle.submissions.get(country=malta), cycle.deadline + timedelta(days=2)
    factories.fill(submission)
    with clock.at(datetime.combine(day, time(12), cycle.zone)):
        workflow.submit(submission, by=focal, **factories.DECLARATION)
        workflow.accept(submission, by=officer, version=1)
        first = build(lifecycle.consolidate(cycle, by=officer), officer)
        published = publish(first, officer)
        assert told(published.snapshot) == (True, None, "Late")
        to = cycle.deadline + timedelta(days=9)
        calendar.extend(submission, to=to, reason="Elections.", by=officer)
        second = lifecycle.consolidate(cycle, by=officer)
    assert told(second.snapshot) == (False, to.isoformat(), f"Extended to {date_format(to)}")
    assert told(Assessment.objects.get(pk=published.pk).snapshot) == (True, None, "Late")
    assert submission.versions.get().late


def told(snapshot):
    """What a snapshot says of Malta's timing, and what the table of participation prints of it."""
    [malta] = [country for country in snapshot["countries"] if country["iso2"] == "MT"]
    document = Document(snapshot)
    printed = Section("participation", "participation", context={"taken": document.taken(clock.now())}).html(document)
    [row] = [row for row in printed.split("<tr>") if "Malta" in row]
    remark = row.split("<td>")[-1].split("</td>")[0]
    return malta["late"], malta["extended_to"], remark


# --- countries that leave ------------------------------------------------------------------------------------


@pytest.fixture
def several(harbour, malta, officer, small_pdf):
    """A built issue that counts Malta, Åland, Cyprus and Tunisia."""
    countries = [malta, factories.a_country("CY"), factories.a_country("TN")]
    countries.append(Country.objects.create(iso2="AX", iso3="XAX", name={"en": "Åland"}))
    cycle = factories.a_cycle(countries)
    for country in countries:
        factories.submission_at(State.ACCEPTED, country, cycle)
    return build(lifecycle.consolidate(cycle, by=officer), officer)


def test_what_counts_a_country_that_has_left_is_not_published(several, officer, sign_in):
    cycle, desk, url = several.cycle, sign_in(officer), reverse("workbench_publish", args=[several.pk])
    leaving = cycle.submissions.filter(country__iso2__in=["TN", "CY", "AX"])
    for submission in leaving:
        calendar.leave(submission, reason="A state of emergency.", by=officer)
    said = "It counts answers of countries that left the cycle since: Åland, Cyprus, Tunisia. Consolidate again"
    with pytest.raises(NotNow, match=said):
        publish(several, officer)
    response = desk.get(url)
    assert (response.status_code, said in Page(response).text) == (409, True)
    for submission in leaving.exclude(country__iso2="CY"):
        calendar.rejoin(submission, reason="It is over.", by=officer)
    with pytest.raises(NotNow, match="left the cycle since: Cyprus"):
        publish(several, officer)
    again = build(lifecycle.consolidate(cycle, by=officer), officer)
    published = publish(again, officer)
    assert [one["iso2"] for one in published.snapshot["countries"]] == ["MT", "TN", "AX"]


def test_one_that_came_back_counts_as_before(several, officer):
    submission = several.cycle.submissions.get(country__iso2="CY")
    calendar.leave(submission, reason="A state of emergency.", by=officer)
    calendar.rejoin(submission, reason="It is over.", by=officer)
    assert publish(several, officer).status == Status.PUBLISHED


# --- the order of countries ----------------------------------------------------------------------------------


def test_countries_are_named_in_the_order_of_their_names(several, officer):
    cycle = several.cycle
    assert counted_otherwise("", several) == [
        f"{name}: added, with version 1" for name in ("Åland", "Cyprus", "Malta", "Tunisia")
    ]
    assert counted_otherwise("TN:2 MT:2 CY:2 AX:2", several) == [
        f"{name}: version 1 instead of version 2" for name in ("Åland", "Cyprus", "Malta", "Tunisia")
    ]
    before = counted(several)
    leaving = cycle.submissions.exclude(country__iso2="MT")
    for submission in leaving:
        calendar.leave(submission, reason="A state of emergency.", by=officer)
    issue = lifecycle.consolidate(cycle, by=officer)
    assert counted_otherwise(before, issue) == [
        f"{name}: not counted any more" for name in ("Åland", "Cyprus", "Tunisia")
    ]
    assert withheld.left_out(issue) == [("left the cycle", ["Åland", "Cyprus", "Tunisia"])]
