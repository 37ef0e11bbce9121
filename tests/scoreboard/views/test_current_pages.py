"""The page of an area shows every change at its next opening, also of the questionnaire, which a process reads once."""

from datetime import timedelta

import pytest
from i18nfield.strings import LazyI18nString

from mikt.authentication import Backend
from scoreboard import clock, contributors
from scoreboard.evidence import attaching
from scoreboard.models import Country, Cycle, Edition, Remark, Role, Thread, User
from scoreboard.questionnaire import importing
from scoreboard.submissions import answering
from tests.factories import (
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def malta_and_greece(db):
    """Two countries that have answered everything alike."""
    an_edition(HARBOUR)
    cycle = a_cycle([a_country("MT"), a_country("GR")])
    for submission in cycle.submissions.all():
        fill(submission)
    return [cycle.submissions.get(country__iso2=code) for code in ("MT", "GR")]


@pytest.fixture
def malta(malta_and_greece):
    return malta_and_greece[0]


def opened(client, submission):
    """Return the page of the first area."""
    return client.get(f"/submissions/{submission.pk}/areas/P/").content.decode()


def test_a_session_finds_a_person_with_what_they_are_a_member_of(django_assert_num_queries):
    focal, nobody, gone = a_focal(a_country("MT")), a_person(), a_person(Role.ANALYST)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for person, queries in ((focal, 1), (nobody, 2)):
        with django_assert_num_queries(queries):
            found = Backend().get_user(person.pk)
            memberships = found.current_memberships
        assert (found, memberships) == (person, list(person.memberships.all()))
    assert Backend().get_user(gone.pk) is Backend().get_user(0) is None


def test_a_page_shows_every_change(sign_in, malta):
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
        "Mended": save("Mended", focal, 1),
        "by Colleague": save("Mended again", colleague, 2),
        "by Renamed": lambda: User.objects.filter(pk=colleague.pk).update(name="Renamed"),
        "A law": lambda: attaching.add_link(malta, first.code, "https://example.org/", "A law", by=focal),
        "Which law?": ask,
        "Suggested": suggest,
        "Worded anew": reword,
        "Cycle renamed": lambda: Cycle.objects.update(title=LazyI18nString({"en": "Cycle renamed"})),
        "Island": lambda: Country.objects.update(name=LazyI18nString({"en": "Island"})),
        "Mended at last": save("Mended at last", focal, 3),
        "Focal renamed": lambda: User.objects.filter(pk=focal.pk).update(name="Focal renamed"),
    }
    for shown, change in changes.items():
        assert shown not in opened(client, malta)
        change()
        assert shown in opened(client, malta)
    with clock.at(clock.now() + timedelta(days=1)):
        assert "Deadline in 29 days" in opened(client, malta)


def test_a_page_names_only_who_opened_it(sign_in, malta_and_greece):
    for submission in malta_and_greece:
        for name in ("Anna", "Zoë"):
            person = a_person(Role.FOCAL, submission.country, name=f"{name} of {submission.country}")
            page = opened(sign_in(person), submission)
            assert page.count(f"{name} of {submission.country}") == 1
            others = {"Malta", "Greece"} - {str(submission.country)}
            assert not any(other in page for other in others)
    assert "on behalf of" in opened(sign_in(an_officer()), entered(malta_and_greece[0]))
