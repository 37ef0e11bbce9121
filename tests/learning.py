"""Published cycles in which countries rise, and questions, good practice and resources, made by the verbs."""

from pathlib import Path

from django.core.files.base import ContentFile

from scoreboard.models import Country, Edition, GoodPractice, Indicator, PeerQuestion, Resource, ResourceFile, User
from scoreboard.network import good_practice, learning, practice_decisions, resources
from tests.factories import HARBOUR, a_country, a_focal, an_officer
from tests.reporting.published import publish
from tests.reporting.snapshots import an_answer
from tests.small_pdfs import PDF

CODE = "P1"


def risen(path: Path = HARBOUR, code: str = CODE) -> None:
    """Publish two cycles: Greece rises from level 1 to 3 and says how, Cyprus from 2 to 3; Malta stays on 1."""
    for iso2 in ("MT", "GR", "CY"):
        a_country(iso2)
    publish(path, "2018", {"MT": {code: an_answer(1)}, "GR": {code: an_answer(1)}, "CY": {code: an_answer(2)}})
    said = {"withheld": False, "confirmed": False, "figures": [], "figures_withheld": False}
    after = {
        "MT": {code: an_answer(1, **said)},
        "GR": {code: an_answer(3, **said | {"comment": "We trained the pilots."})},
        "CY": {code: an_answer(3, **said)},
    }
    publish(path, "2020", after)


def an_indicator(code: str = CODE) -> Indicator:
    """Return an indicator of the first edition."""
    return Indicator.objects.select_related("edition", "area").filter(code=code).order_by("pk")[0]


def asked(text: str = "How did you do it?", *, asking: str = "MT", of: str = "GR") -> PeerQuestion:
    """Return a question of Malta to Greece."""
    one, other = a_country(asking), a_country(of)
    a_focal(other)
    return learning.ask(one, other, an_indicator(), text, by=a_focal(one))


def answered(text: str = "We trained the pilots.", **what: str) -> PeerQuestion:
    """Return a question that is answered."""
    question = asked(**what)
    learning.write(question, text, by=a_focal(question.asked))
    return PeerQuestion.objects.get(pk=question.pk)


def a_practice(
    signer: Country | None = None, *, title: str = "Pilots are trained", text: str = "We trained *pilots*.", **what
) -> GoodPractice:
    """Return a draft of good practice, of Greece unless said otherwise."""
    country = signer or a_country("GR")
    what = {"indicators": [an_indicator()], "by": a_focal(country)} | what
    return good_practice.start(country, title=title, text=text, **what)


def offered(practice: GoodPractice | None = None, **what) -> GoodPractice:
    """Return good practice that the Secretariat has."""
    practice = practice or a_practice(**what)
    by = a_focal(practice.country) if practice.country else practice.changed_by
    return good_practice.offer(practice, seen=practice.revision, by=by)


def published_practice(practice: GoodPractice | None = None, **what) -> GoodPractice:
    """Return good practice that everybody reads."""
    practice = offered(practice, **what)
    return practice_decisions.publish(practice, seen=practice.revision, names_nobody=True, by=an_officer())


def a_resource(by: User | None = None, **values) -> Resource:
    """Return a resource, published if an officer adds it, who does unless somebody else is given."""
    facts = {"kind": "guide", "title": "A guide", "url": "https://example.org/guide", "email": "", "summary": ""}
    facts |= {"language": "fr", "audience": "justice", "licence": "", "indicators": [an_indicator()], "areas": []}
    return resources.propose(facts | values, by=by or an_officer())


def a_file(
    resource: Resource, *, name: str = "Guide.pdf", content: bytes = PDF, by: User | None = None
) -> ResourceFile:
    """Return a file of a resource."""
    return resources.add_file(resource, ContentFile(content, name=name), by=by or an_officer())


def first_area(edition: Edition | None = None):
    """Return the first area of an edition."""
    return (edition or an_indicator().edition).whole[0]
