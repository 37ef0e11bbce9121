"""What makes pages quick keeps them true: prepared queries, kept editions, and texts kept by their content."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.db.models import DateField, IntegerField
from django.test import Client
from django.utils.html import escape
from i18nfield.strings import LazyI18nString

from mikt.authentication import Backend
from scoreboard import clock, contributors, finding, kept
from scoreboard.evidence import attaching
from scoreboard.models import Answer, Country, Cycle, Edition, Membership, Remark, Role, Submission, Thread, User
from scoreboard.prepared import Prepared
from scoreboard.questionnaire import importing
from scoreboard.submissions import answering, workflow
from tests.factories import (
    DECLARATION,
    HARBOUR,
    a_country,
    a_cycle,
    a_focal,
    a_person,
    an_edition,
    an_officer,
    entered,
    fill,
    given,
)
from tests.pages import Page

ANY_TOKEN = re.compile('(?<=name="csrfmiddlewaretoken" value=")[^"]*')

pytestmark = pytest.mark.django_db


@pytest.fixture
def malta_and_greece(db):
    """Two countries that have answered everything alike."""
    an_edition(HARBOUR)
    cycle = a_cycle([a_country("MT"), a_country("GR")])
    for submission in cycle.submissions.all():
        fill(submission)
    caches["texts"].clear()
    return [cycle.submissions.get(country__iso2=code) for code in ("MT", "GR")]


@pytest.fixture
def malta(malta_and_greece):
    return malta_and_greece[0]


def opened(client, submission, area="P"):
    """Return the page of an area, and whether it had to be written."""
    response = client.get(f"/submissions/{submission.pk}/areas/{area}/")
    assert response.status_code == 200
    assert kept.TOKEN not in response.content.decode()
    return response.content.decode(), bool(response.templates)


def test_a_prepared_query_finds_what_the_query_finds(malta_and_greece):
    shown = Prepared(
        lambda submission: Answer.objects.filter(submission=submission).select_related("level", "changed_by"),
        IntegerField(),
    )

    def told(answers):
        return [(a.pk, a.level, a.figures, a.changed_at, a.changed_by.name, a.submission.country) for a in answers]

    for submission in malta_and_greece * 2:
        assert told(shown(submission.pk)) == told(submission.answers.all()) != []
    assert shown(0) == []
    assert Prepared(lambda pk: Answer.objects.filter(pk=pk, pk__in=[]), IntegerField())(1) == []


@pytest.mark.django_db(transaction=True)
def test_a_prepared_query_outlives_its_connection(malta):
    shown = Prepared(
        lambda pk, day: Submission.objects.filter(pk=pk, cycle__closes__gt=day), IntegerField(), DateField()
    )
    for _connection in range(2):
        assert shown(malta.pk, malta.cycle.opens) == shown(malta.pk, malta.cycle.opens) == [malta]
        connection.close()


def test_a_session_finds_a_person_with_what_they_are_a_member_of(django_assert_num_queries):
    focal, nobody, gone = a_focal(a_country("MT")), a_person(), a_person(Role.ANALYST)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for person, queries in ((focal, 1), (nobody, 2)):
        with django_assert_num_queries(queries):
            found = Backend().get_user(person.pk)
            memberships = found.current_memberships
        assert (found, memberships) == (person, list(person.memberships.all()))
    assert Backend().get_user(gone.pk) is Backend().get_user(0) is None


def test_finding_finds_what_is_visible(malta_and_greece):
    malta, greece = malta_and_greece
    both = a_person(Role.FOCAL, malta.country)
    Membership.objects.create(person=both, role=Role.FOCAL, country=greece.country)
    people = [a_focal(malta.country), both, an_officer(), a_person()]
    people += [a_person(role) for role in (Role.ANALYST, Role.OBSERVER)]
    people.append(a_person(Role.CONTRIBUTOR, malta.country))
    workflow.submit(greece, by=a_focal(greece.country), **DECLARATION)
    a_cycle([malta.country], code="planned", opened=False)
    sights = set()
    for person in User.objects.filter(pk__in=[person.pk for person in people]):
        visible = set(Submission.objects.visible_to(person))
        sights.add(frozenset(visible))
        for submission in Submission.objects.all():
            if submission in visible:
                found = finding.find(person, submission.pk)
                assert (found, found.cycle.edition) == (submission, submission.cycle.edition)
            else:
                with pytest.raises(Submission.DoesNotExist):
                    finding.find(person, submission.pk)
    assert len(sights) == 4


def test_a_page_is_kept_until_anything_of_it_changes(sign_in, malta):
    focal, colleague = a_focal(malta.country), a_person(Role.FOCAL, malta.country, name="Colleague")
    helper, officer = a_person(name="Helper"), an_officer()
    client, first = sign_in(focal), malta.cycle.edition.all_indicators[0]
    document = importing.export(malta.cycle.edition)
    document["areas"][0]["indicators"][0]["levels"][0]["text"] = {"en": "Worded anew", "el": "Worded anew"}

    def reword():
        Edition.objects.update(provisional=True)
        importing.import_edition(document | {"provisional": True})

    def suggest():
        until = clock.now().date() + timedelta(days=9)
        part = contributors.involve(malta, email=helper.email, name="", indicators=[first], until=until, by=focal)
        part = contributors.answer_part(part, accepts=True, by=helper)
        contributors.suggest(part, first.code, given(comment="Suggested"), by=User.objects.get(pk=helper.pk))

    def ask():  # as one left from before a recall: of a draft nothing can be asked
        answer = malta.answers.get(indicator=first)
        thread = Thread.objects.create(answer=answer, opened_by=officer)
        Remark.objects.create(answer=answer, thread=thread, author=officer, text="Which law?", shared=True)

    def save(comment, by, seen):
        return lambda: answering.save_answers(
            malta, {first.code: given(comment=comment)}, by=by, seen={first.code: seen}
        )

    changes = {
        "Mended": (save("Mended", focal, 1), True),
        "by Colleague": (save("Mended again", colleague, 2), False),
        "by Renamed": (lambda: User.objects.filter(pk=colleague.pk).update(name="Renamed"), False),
        "A law": (lambda: attaching.add_link(malta, first.code, "https://example.org/", "A law", by=focal), True),
        "Which law?": (ask, True),
        "Suggested": (suggest, True),
        "Worded anew": (reword, True),
        "Cycle renamed": (lambda: Cycle.objects.update(title=LazyI18nString({"en": "Cycle renamed"})), True),
        "Island": (lambda: Country.objects.update(name=LazyI18nString({"en": "Island"})), True),
        "Mended at last": (save("Mended at last", focal, 3), False),
        "Focal renamed": (lambda: User.objects.filter(pk=focal.pk).update(name="Focal renamed"), True),
    }
    for shown, (change, expected) in changes.items():
        opened(client, malta)
        page, written = opened(client, malta)
        assert (shown in page, written) == (False, False), shown
        change()
        page, written = opened(client, malta)
        assert (shown in page, written) == (True, expected), shown
    with clock.at(clock.now() + timedelta(days=1)):
        page, written = opened(client, malta)
    assert ("Deadline in 29 days" in page, written) == (True, True)


def test_what_is_typed_stands_in_what_is_kept_as_in_what_is_written(sign_in, malta):
    client, first = sign_in(a_focal(malta.country)), malta.cycle.edition.all_indicators[0]
    texts = ["First", "<b>&amp; \"quoted\" '{{ csrf_token }}'", "\n\n-comment;\\1 ", "تقرير\u202e 🕊", "x" * 9000]
    for seen, comment in enumerate(texts, 1):
        content = given(comment=comment, reason=comment[::-1], next_step=comment * 2, change_reason=f"so {comment}")
        answering.save_answers(malta, {first.code: content}, by=a_focal(malta.country), seen={first.code: seen})
        page, written = opened(client, malta)
        caches["texts"].clear()
        assert (ANY_TOKEN.sub("", page), written) == (ANY_TOKEN.sub("", opened(client, malta)[0]), seen == 1)
        assert f">{escape(comment.strip())}</textarea>" in page


def test_nobody_gets_what_was_kept_for_another(sign_in, malta_and_greece):
    for submission in malta_and_greece:
        for name in ("Anna", "Zoë"):
            person = a_person(Role.FOCAL, submission.country, name=f"{name} of {submission.country}")
            page, _written = opened(sign_in(person), submission)
            assert page.count(f"{name} of {submission.country}") == 1
            others = {"Malta", "Greece"} - {str(submission.country)}
            assert not any(other in page for other in others)
    officer, _written = opened(sign_in(an_officer()), entered(malta_and_greece[0]))
    assert "on behalf of" in officer


def test_a_kept_page_has_the_tokens_of_its_request(sign_in, malta):
    client = Client(enforce_csrf_checks=True)
    client.cookies = sign_in(a_focal(malta.country)).cookies
    (first, written), (second, again) = (opened(client, malta) for _twice in range(2))
    assert (first != second, written, again) == (True, True, False)
    response = client.get(f"/submissions/{malta.pk}/areas/P/")
    assert client.post(response.wsgi_request.path, Page(response).fields).status_code == 302
    page, written = opened(client, malta)
    assert ("Nothing has changed since the last save." in page, written) == (True, True)
    page, written = opened(client, malta)
    assert ("Nothing has changed since the last save." in page, written) == (False, False)


def test_a_text_that_asks_the_database_is_not_kept(malta, django_assert_num_queries):
    first = malta.cycle.edition.all_indicators[0]
    malta.answers.update(kind="unknown", level=None)
    for answers, queries in ((malta.answers.defer("comment"), (1, 1)), (malta.answers, (0, 0))):
        for expected in queries:
            says = answers.get(indicator=first)
            context = {"edition": malta.cycle.edition, "indicator": first, "says": says}
            with django_assert_num_queries(expected):
                kept.text("scoreboard/submissions/_answer.html", context)
