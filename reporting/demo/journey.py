"""How one invented country travels through a cycle, by the verbs and on the days on which people would do it."""

from datetime import date, timedelta
from random import Random

from django.core.files import File

from reporting.demo.cast import Cast
from reporting.demo.inventing import Author
from reporting.demo.material import FILES, Material, moment
from reporting.demo.threads import Dialogue
from scoreboard import clock
from scoreboard.evidence import attaching
from scoreboard.models import Indicator, Submission
from scoreboard.submissions import answering, claims, commitments, previous_cycle, reopening, returns, workflow
from scoreboard.submissions.answering import AnswerInput

ACCEPTED = ("accepted", "asks_to_reopen", "reopened")
REVIEWED = ("claimed", "returned", "resubmitted", *ACCEPTED)


class Journey:
    """One submission on its way; `to` takes it to a fate, a value of `plan_2026` in the material."""

    def __init__(self, submission: Submission, cast: Cast, material: Material) -> None:
        self.submission, self.cast, self.material = submission, cast, material
        self.cycle, country = submission.cycle, submission.country
        self.indicators = self.cycle.edition.all_indicators
        self.random = Random(f"{country.iso2} {self.cycle.code}")  # noqa: S311 - invented, the same each time
        self.author = Author(country, self.cycle.opens.year, material)
        self.focal = cast.focal(country)
        self.is_past = self.cycle.closes < clock.now().date()
        self.dialogue = Dialogue(submission, cast, material)

    def to(self, fate: str) -> None:
        """Let the country report, and the Secretariat review, as far as the fate says."""
        if fate == "not_started":
            self.dialogue.involve(self.cycle.opens + timedelta(days=5))
            return
        parts = {"started": self.random.randrange(3, 20), "nearly_done": len(self.indicators) - 2}
        day = self._day_of_writing(fate)
        self._writes(self.indicators[: parts.get(fate, len(self.indicators))], day)
        if not self.is_past:
            self._asks_a_colleague(day, suggested=3 if fate in parts else 2)
        if fate in parts:  # officers ask about submitted answers only; the country may always ask
            if fate == "nearly_done":
                self.dialogue.meet(day + timedelta(days=1))
            if not self.is_past:
                self.dialogue.enquire(day, answered=fate == "nearly_done")
            return
        self._submits(day)
        if not self.is_past and fate not in ("returned", "resubmitted"):
            replied = None if fate == "claimed" else day + timedelta(days=1)
            self.dialogue.ask(day + timedelta(days=1), due=day + timedelta(days=12), replied=replied)
        if fate in REVIEWED:
            self._is_reviewed(fate, day + timedelta(days=self.random.randrange(2, 6)))

    def _day_of_writing(self, fate: str) -> date:
        last = min(self.cycle.deadline, clock.now().date() - timedelta(days=12))
        if fate == "accepted" and self.is_past and self.random.random() < 0.08:
            return self.cycle.deadline + timedelta(days=self.random.randrange(1, 40))  # late
        return self.cycle.opens + timedelta(days=self.random.randrange(5, (last - self.cycle.opens).days))

    def _asks_a_colleague(self, day: date, *, suggested: int) -> None:
        part = self.dialogue.involve(day - timedelta(days=3))
        self.dialogue.decide(self.dialogue.suggest(part, day, suggested), day)

    def _writes(self, indicators: list[Indicator], day: date) -> None:
        """Answer, and attach evidence to some answers."""
        given = self.author.answers(indicators, previous_cycle.of(self.submission))
        with clock.at(moment(day, 9, self.random.randrange(60))):
            values = previous_cycle.settled(self.submission, given)
            outcome = answering.save_answers(self.submission, values, by=self.focal, seen={})
            if outcome.problems:
                raise next(iter(outcome.problems.values()))
            self._says_what_became_of_steps()
            if not self.is_past or self.random.random() < 0.25:
                self._lays_evidence(indicators)

    def _says_what_became_of_steps(self) -> None:
        """Reply on most of the steps that the country promised in earlier cycles."""
        words: dict[str, str] = self.material["step_words"]
        for one in commitments.asked(self.submission):
            random = Random(f"{self.submission} {one.commitment.indicator.code} {one.commitment.due}")  # noqa: S311
            if random.random() < 0.8:
                status = random.choice(["done", "done", "partly", "not", "dropped"])
                commitments.reply(
                    self.submission, one.commitment.pk, status=status, words=words[status], seen=0, by=self.focal
                )

    def _lays_evidence(self, indicators: list[Indicator]) -> None:
        linked, filed = self.random.sample(indicators, 2)
        link, name = self.random.choice(self.material["links"]), self.random.choice(self.material["files"])
        attaching.add_link(self.submission, linked.code, link["url"], link["name"], by=self.focal)
        with (FILES / name).open("rb") as content:
            attaching.add_file(self.submission, filed.code, File(content, name=name), by=self.focal)

    def _submits(self, day: date) -> None:
        with clock.at(moment(day, 16, self.random.randrange(60))):
            capacity = self.random.choice(self.material["capacities"])
            workflow.submit(self.submission, by=self.focal, declared_by=self.focal.name, capacity=capacity)

    def _is_reviewed(self, fate: str, day: date) -> None:
        with clock.at(moment(day)):
            claims.claim(self.submission, by=self.random.choice([self.cast.officer, self.cast.colleague]))
        if fate in ("claimed", "returned"):
            self.dialogue.note(day)
        if fate in ("returned", "resubmitted"):
            self._is_returned(day)
        if fate == "resubmitted":
            self._mends(day + timedelta(days=2))
            self._submits(day + timedelta(days=2))
        if fate in ACCEPTED:
            with clock.at(moment(day, 15)):
                workflow.accept(self.submission, by=self.cast.officer, version=self.submission.versions.count())
        with clock.at(moment(day + timedelta(days=3))):
            if fate == "asks_to_reopen":
                reopening.ask(self.submission, by=self.focal, reason=self.material["reopen_requests"][0])
            if fate == "reopened":
                reason = self.material["reopen_reasons"][0]
                workflow.reopen(self.submission, by=self.cast.officer, comment=reason)

    def _is_returned(self, day: date) -> None:
        reasons = self.material["return_reasons"]
        with clock.at(moment(day, 14)):
            for indicator in self.random.sample(self.indicators, 2):
                returns.flag(self.submission, indicator.code, self.random.choice(reasons), by=self.cast.officer)
            comment = "Example: Please look again at the two indicators that are marked."
            workflow.return_for_changes(
                self.submission, by=self.cast.officer, comment=comment, version=self.submission.versions.count()
            )

    def _mends(self, day: date) -> None:
        asked = returns.reasons(self.submission).values("answer")
        with clock.at(moment(day, 11)):
            for answer in self.submission.answers.filter(pk__in=asked).select_related("indicator", "level"):
                comment = f"{answer.comment} Example: Checked again; the level is the same.".strip()
                corrected = AnswerInput(
                    answer.kind, answer.level.value if answer.level else None, answer.reason, comment
                )
                code = answer.indicator.code
                seen = {code: answer.revision}
                answering.save_answers(self.submission, {code: corrected}, by=self.focal, seen=seen)
