"""What a cycle found, on one page for the press: who reported, the areas, and the indicators furthest up and down."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.document import numbers
from reporting.models import Assessment, PublishedCountry, PublishedIndicator, PublishedIssue
from reporting.published.overview import AreaLine, lines
from reporting.published.rounds import Rounds, questionnaires
from reporting.results.compute import read_spread
from reporting.results.scoring import Spread
from scoreboard.models.people import Person
from scoreboard.text import alphabetical

MOST = 3  # indicators named as highest, and as lowest


@dataclass(frozen=True)
class Summary:
    """A cycle in brief; `highest` and `lowest` are indicators with their figures, by mean and then by position."""

    rounds: Rounds  # until this cycle
    assessment: Assessment
    areas: Sequence[AreaLine]
    reported: Sequence[str]  # names
    missing: Sequence[str]
    highest: Sequence[tuple[PublishedIndicator, Spread]]
    lowest: Sequence[tuple[PublishedIndicator, Spread]]

    @property
    def issue(self) -> PublishedIssue:
        """The issue of the cycle."""
        return self.rounds.latest

    @property
    def indicators(self) -> int:
        """How many indicators the questionnaire has."""
        return len(self.rounds.indicators)

    @property
    def since(self) -> str:
        """The code of the cycle that the areas are compared with; empty if there is none."""
        return next((line.since for line in self.areas if line.since), "")


def read(reader: Person, code: str) -> Summary | None:
    """Return the summary of a cycle as the reader may see it; None if nothing of it is published to them."""
    for rounds in questionnaires(reader):
        issue = next((one for one in rounds.issues if one.cycle_code == code), None)
        if issue is not None:
            return _summary(rounds.until(issue))
    return None


def _summary(rounds: Rounds) -> Summary:
    issue = rounds.latest
    names: dict[bool, list[str]] = {True: [], False: []}
    for reported, name in PublishedCountry.objects.filter(issue=issue).values_list("reported", "name"):
        names[reported].append(str(numbers.text(name)))
    scored = [
        (one, found) for one in rounds.indicators.values() if (found := read_spread(one.tally["percent"])) is not None
    ]
    by_mean = sorted(scored, key=lambda pair: (-pair[1].mean, pair[0].position))
    highest = by_mean[:MOST]
    left = [pair for pair in by_mean if pair not in highest]
    return Summary(
        rounds=rounds,
        assessment=Assessment.objects.with_files().select_related("cycle__edition").get(pk=issue.assessment_id),
        areas=lines(rounds),
        reported=sorted(names[True], key=alphabetical),
        missing=sorted(names[False], key=alphabetical),
        highest=highest,
        lowest=sorted(left, key=lambda pair: (pair[1].mean, pair[0].position))[:MOST],
    )
