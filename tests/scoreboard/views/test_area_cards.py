"""The cards of an area's page, which the server keeps between requests: never other than those of a page made anew."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from i18nfield.strings import LazyI18nString

from scoreboard import clock, contributors
from scoreboard.contributors import deciding
from scoreboard.evidence import attaching
from scoreboard.models import Evidence, State, Suggestion, Thread
from scoreboard.questionnaire import exporting, importing
from scoreboard.submissions import answering, returns, workflow
from scoreboard.threads import discussion
from tests.factories import DECLARATION, a_cycle, a_focal, a_part, afresh, entered, fill, given, submission_at

ANA = "ana@ministry.example"


@pytest.fixture
def world(harbour, malta, focal, officer):
    """Malta's accepted answers of 2023 and its draft of 2026, in which the first area is answered."""
    harbour.provisional, day = True, clock.now().date()
    harbour.save()
    before = a_cycle([malta], code="2023", opens=day - timedelta(days=9))
    then = submission_at(State.ACCEPTED, malta, before)
    now = submission_at(State.DRAFT, malta, a_cycle([malta], code="2026"))
    fill(now)
    caches["template_fragments"].clear()
    return then, now


def save(submission, by, code="P1", **fields):
    seen = submission.answers.get(indicator__code=code).revision
    level = submission.cycle.edition.all_indicators[0].ladder[-1].value
    outcome = answering.save_answers(submission, {code: given(level=level, **fields)}, by=by, seen={code: seen})
    assert outcome.saved == [code]


def reword(edition):
    """Give the lowest level of the first indicator another text, as an official wording does over a provisional one."""
    document = exporting.export(edition)
    level = document["areas"][0]["indicators"][0]["levels"][0]
    level["text"] = {language: f"{text} (corrected)" for language, text in level["text"].items()}
    importing.import_edition(document)


def page(client, submission, language="en"):
    """The area's page without what differs from one request to the next."""
    client.cookies["django_language"] = language
    response = client.get(f"/submissions/{submission.pk}/areas/P/")
    assert response.status_code == 200
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", response.content.decode())


def test_every_change_shows_at_once(world, sign_in, focal, officer):
    then, now = world
    clients = [sign_in(focal), sign_in(officer)]
    entered(now, by=officer)

    def suggest():
        part = a_part(now, by=focal, email=ANA)
        contributors.suggest(part, "P1", given(level=1, comment="Ana's words."), by=part.person, seen="")

    def accept_anew():
        workflow.reopen(then, by=officer, comment="A slip.")
        save(afresh(then), focal, comment="Then, put right.", why="A slip.")
        workflow.submit(afresh(then), by=focal, **DECLARATION)
        workflow.accept(afresh(then), by=officer, version=then.versions.count())

    def rename():
        then.cycle.title = LazyI18nString({"en": "The round before"})
        then.cycle.save()

    def give_back():
        workflow.submit(afresh(now), by=focal, **DECLARATION)
        returns.flag(afresh(now), "P1", "Name the source.", by=officer)
        workflow.return_for_changes(afresh(now), by=officer, comment="One thing.", version=now.versions.count())
        entered(afresh(now), by=officer)

    changes = {
        "a level and a comment": lambda: save(now, focal, comment="A first comment."),
        "a comment": lambda: save(now, focal, comment="A second comment."),
        "the next step": lambda: save(now, focal, comment="A second comment.", next_step="A law."),
        "evidence": lambda: attaching.add_link(now, "P1", "https://example.org/law", "A law", by=focal),
        "evidence removed": lambda: attaching.remove(Evidence.objects.get(), by=focal),
        "a suggestion": suggest,
        "a suggestion declined": lambda: deciding.decline(Suggestion.objects.get(), note="No.", by=focal),
        "last time's answer": accept_anew,
        "the name of the cycle before": rename,
        "the wording": lambda: reword(now.cycle.edition),
        "a return": give_back,
        "a question closed": lambda: discussion.close(Thread.objects.get(), by=officer),
    }
    shown = [page(client, now) for client in clients]
    for name, change in changes.items():
        change()
        kept = [page(client, now) for client in clients]
        caches["template_fragments"].clear()
        anew = [page(client, now) for client in clients]
        assert kept == anew, name
        assert shown[0] != kept[0], name
        shown = kept


def test_what_is_stored_names_nobody_and_holds_no_token(world, sign_in, focal, monkeypatch):
    stored = []
    monkeypatch.setattr(caches["template_fragments"], "set", lambda key, value, *args, **more: stored.append(value))
    page(sign_in(focal), world[1])
    *cards, sentences, words = stored
    assert [re.search('<details class="answer" id="i(P.)"', card)[1] for card in cards] == ["P1", "P2", "P3"]
    # The words of evidence.js and of keep.js are the same for everybody.
    assert 'data-kept="Attached to the answer"' in sentences
    assert 'data-waiting="Not saved yet"' in words
    assert not [word for word in ("csrf", "nonce", "@", focal.name) if word in "".join(stored)]


def test_each_language_has_cards_of_its_own(world, sign_in, focal, settings):
    settings.LANGUAGES = [("en", "English"), ("el", "Greek")]
    client = sign_in(focal)
    shown = [page(client, world[1], language) for language in ("en", "el", "en", "el")]
    assert shown[:2] == shown[2:]
    assert ['id="iP1-measures" lang="el"' in one for one in shown[:2]] == [True, False]


def test_each_country_has_cards_of_its_own(world, sign_in, focal, greece):
    _then, now = world
    theirs = submission_at(State.DRAFT, greece, a_cycle([greece], code="2027"))
    fill(theirs, iP1=given(comment="Written in Athens."))
    both = [page(sign_in(a_focal(one.country)), one) for one in (theirs, now)]
    assert ["Written in Athens." in one for one in both] == [True, False]
