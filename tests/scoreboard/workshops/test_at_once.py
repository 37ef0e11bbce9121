"""A room of phones and two focal points at the same moment, on a real database each with its own connection."""

import pytest

from scoreboard.errors import NotNow
from scoreboard.models import Rating, State, Workshop
from scoreboard.submissions import answering
from scoreboard.workshops import joining, rating, sessions
from tests.factories import HARBOUR, a_focal, a_person, an_edition, given, submission_at
from tests.test_concurrency import at_once, told_apart

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_open_a_workshop_at_once_and_get_the_same():
    an_edition(HARBOUR)
    draft = submission_at(State.DRAFT)
    area = draft.cycle.edition.whole[0]
    people = [a_focal(draft.country), a_person("focal", draft.country, name="Colleague")]
    found = at_once(*[lambda person=person: sessions.open_workshop(draft, area, by=person) for person in people])
    assert found[0] == found[1] == Workshop.objects.get()


def test_a_room_rates_at_once_while_answers_are_saved():
    """Twelve phones, one of them twice, and a colleague who saves: nothing is lost and nobody is refused."""
    an_edition(HARBOUR)
    draft = submission_at(State.DRAFT)
    focal = a_focal(draft.country)
    workshop = sessions.open_workshop(draft, draft.cycle.edition.whole[0], by=focal)
    room = [joining.join(workshop.code, name=f"Person {n}", agency="Police") for n in range(12)]
    joining.admit(workshop, [person.pk for person in room], by=focal)
    sessions.ask(workshop, "P1", by=focal)
    done, refused = told_apart(
        at_once(
            *[lambda person=person: rating.rate(person, "P1", 2) for person in [*room, room[0]]],
            lambda: answering.save_answers(draft, {"P2": given()}, by=focal, seen={}),
        )
    )
    assert refused == []
    assert done[-1].saved == ["P2"]
    assert Rating.objects.count() == rating.progress(Workshop.objects.get()).rated == 12


def test_the_ratings_are_shown_while_somebody_rates():
    """What is counted on the screen is what was stored before; later ones are refused."""
    an_edition(HARBOUR)
    draft = submission_at(State.DRAFT)
    focal = a_focal(draft.country)
    workshop = sessions.open_workshop(draft, draft.cycle.edition.whole[0], by=focal)
    person = joining.join(workshop.code, name="Ana", agency="Police")
    joining.admit(workshop, [person.pk], by=focal)
    sessions.ask(workshop, "P1", by=focal)
    _shown, rated = at_once(lambda: sessions.show(workshop, "P1", by=focal), lambda: rating.rate(person, "P1", 2))
    assert Rating.objects.count() == (0 if isinstance(rated, NotNow) else 1)
    assert Workshop.objects.get().shown
