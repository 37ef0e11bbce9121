"""What countries of the demo learn from each other: questions, good practice, and resources."""

from typing import Any

from django.core.files.base import ContentFile

from reporting.demo.cast import Cast
from reporting.demo.material import FILES, Material
from reporting.published.climbing import learning
from scoreboard.models import Cycle, Indicator, Submission
from scoreboard.network import good_practice, practice_decisions, resources
from scoreboard.network import learning as between


def learn(cycle: Cycle, cast: Cast, material: Material) -> None:
    """Let a country of the cycle ask one that rose, and fill the lists of good practice and of resources."""
    texts = material["learning"]
    first, second = cycle.submissions.select_related("country", "cycle__edition").order_by("country__iso2")[:2]
    indicator, other = _risen(first, cast) or (cycle.edition.all_indicators[0], second)
    asks, answers = cast.focal(first.country), cast.focal(other.country)
    question = between.ask(first.country, other.country, indicator, texts["ask"], by=asks)
    between.write(question, texts["answer"], by=answers)
    between.write(question, texts["back"], by=asks)
    tagged: dict[str, Any] = {"indicators": [indicator], "is_example": True}
    practice = good_practice.start(other.country, **texts["practice"], **tagged, question=question, by=answers)
    practice = good_practice.offer(practice, seen=practice.revision, by=answers)
    practice_decisions.publish(practice, seen=practice.revision, names_nobody=True, by=cast.officer)
    own = good_practice.start(cast.observing, **texts["organisation"], **tagged, by=cast.observer)
    good_practice.offer(own, seen=own.revision, by=cast.observer)
    between.ask(other.country, first.country, indicator, texts["open"], by=answers)
    _resources(texts, indicator, cast)


def _risen(submission: Submission, cast: Cast) -> tuple[Indicator, Submission] | None:
    """Return the first indicator on which another country of the cycle rose from the level of this one, and it."""
    others = {one.country.iso2: one for one in submission.cycle.submissions.select_related("country")}
    for indicator in submission.cycle.edition.all_indicators:
        for climb in learning(submission, indicator, cast.focal(submission.country)).climbs:
            if found := others.get(climb.country.iso2):
                return indicator, found
    return None


def _resources(texts: Material, indicator: Indicator, cast: Cast) -> None:
    """Add resources as an officer, one of them with a file, and propose one as an observer."""
    tags: Material = {"indicators": [indicator], "areas": [indicator.area]}
    for values in texts["resources"]:
        added = resources.propose(values | tags, by=cast.officer, is_example=True)
        resources.count_use(added)
    package = resources.propose(texts["package"] | tags, by=cast.officer, is_example=True)
    file = next(one for one in sorted(FILES.iterdir()) if one.suffix == ".pdf")
    resources.add_file(package, ContentFile(file.read_bytes(), name=f"Example {file.name}"), by=cast.officer)
    package.refresh_from_db()
    resources.publish(package, seen=package.revision, by=cast.officer)
    resources.propose(texts["proposal"] | tags, by=cast.observer, is_example=True)
