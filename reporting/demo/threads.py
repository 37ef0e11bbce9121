"""Contributions and threads of an invented submission: a contributor suggests, both sides ask and reply."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from reporting.demo.cast import Cast
from reporting.demo.inventing import Author
from reporting.demo.material import Material, moment
from scoreboard import clock, contributors
from scoreboard.enquiries import asking, sharing
from scoreboard.models import Assignment, Indicator, Submission, Suggestion, Thread
from scoreboard.threads import discussion
from scoreboard.workshops import joining, rating, recording, sessions


class Dialogue:
    """The people around one country's submission."""

    def __init__(self, submission: Submission, cast: Cast, material: Material) -> None:
        self.submission, self.cast, self.material = submission, cast, material
        self.random = Random(f"{submission} dialogue")  # noqa: S311 - invented, the same each time
        self.focal = cast.focal(submission.country)

    def involve(self, day: date) -> Assignment:
        """Ask the country's contributor for one area until the deadline; they accept."""
        area = self.random.choice(self.submission.cycle.edition.whole)
        person = self.cast.contributor(self.submission.country)
        with clock.at(moment(day)):
            part = contributors.involve(
                self.submission,
                email=person.email,
                name=person.name,
                indicators=list(area.indicators.all()),
                until=self.submission.cycle.deadline,
                by=self.focal,
            )
        with clock.at(moment(day, 10)):
            return contributors.answer_part(part, accepts=True, by=person)

    def suggest(self, part: Assignment, day: date, n: int) -> list[Suggestion]:
        """Let the contributor suggest answers to the first `n` indicators of the part; the rest waits for them."""
        person = self.cast.contributor(self.submission.country)
        author = Author(self.submission.country, day.year + 1, self.material)  # of another mind than the focal point
        asked = list(part.indicators.select_related("area").prefetch_related("levels").order_by("position")[:n])
        found = []
        with clock.at(moment(day, 11)):
            for code, given in author.answers(asked, {}).items():
                given = replace(given, comment=given.comment or self.random.choice(self.material["suggestions"]))
                found.append(contributors.suggest(part, code, given, by=person))
        return [suggestion for suggestion in found if suggestion]

    def decide(self, suggestions: list[Suggestion], day: date) -> None:
        """Let the focal point adopt the first suggestion and decline the second; others stay open."""
        with clock.at(moment(day, 14)):
            for suggestion in suggestions[:1]:
                answer = self.submission.answers.filter(indicator=suggestion.indicator).first()
                contributors.adopt(suggestion, by=self.focal, seen=answer.revision if answer else 0)
            for suggestion in suggestions[1:2]:
                contributors.decline(suggestion, note=self.material["declined"], by=self.focal)

    def meet(self, day: date) -> None:
        """Let agencies rate the first answered indicator in a workshop, and the focal point record what they agreed."""
        said, answer = self.material["workshop"], self.submission.answers.exclude(level=None).order_by("indicator")[0]
        code, ladder = answer.indicator.code, answer.indicator.ladder
        with clock.at(moment(day, 9)):
            workshop = sessions.open_workshop(self.submission, answer.indicator.area, by=self.focal)
            room = [joining.join(workshop.code, **person) for person in said["participants"]]
            joining.admit(workshop, [person.pk for person in room], by=self.focal)
            sessions.ask(workshop, code, by=self.focal)
            for n, person in enumerate(room):
                rating.rate(person, code, ladder[1 if n else 0].value)
            sessions.show(workshop, code, by=self.focal)
        with clock.at(moment(day, 11)):
            agreed = {"reasons": said["reasons"], "dissent": said["dissent"], "seen": answer.revision}
            recording.record(workshop, code, level=ladder[1].value, **agreed, by=self.focal)
            sessions.end(workshop, by=self.focal)

    def ask(self, day: date, *, due: date | None = None, replied: date | None = None) -> Thread:
        """Let an officer ask about an answer; the country replies if a day is given."""
        words = self.random.choice(self.material["questions"])
        with clock.at(moment(day, 11)):
            thread = discussion.open_thread(
                self.submission, self._answered().code, words["ask"], shared=True, by=self.cast.officer, due=due
            )
        if replied:
            with clock.at(moment(replied, 15)):
                discussion.reply(thread, words["reply"], by=self.focal)
        return thread

    def enquire(self, day: date, *, answered: bool) -> None:
        """Let the country ask the Secretariat; the first answer is shared with all focal points."""
        open_one, settled = self.material["enquiries"]
        words = settled if answered else open_one
        with clock.at(moment(day, 10)):
            asked = asking.ask(self.submission, words["ask"], code=words["about"], by=self.focal)
        if not answered:
            return
        with clock.at(moment(day + timedelta(days=1), 10)):
            asking.answer(asked, words["reply"], by=self.cast.officer)
            if not self.submission.cycle.shared_answers.exists():
                sharing.share(asked, question=words["ask"], answer=words["reply"], by=self.cast.officer)

    def note(self, day: date) -> Thread:
        """Let an officer note something for the colleagues alone."""
        with clock.at(moment(day, 12)):
            text = self.random.choice(self.material["notes"])
            due = day + timedelta(days=10)
            return discussion.open_thread(
                self.submission, self._answered().code, text, shared=False, by=self.cast.colleague, due=due
            )

    def _answered(self) -> Indicator:
        answers = self.submission.answers.select_related("indicator").order_by("indicator__position")
        return self.random.choice(list(answers)).indicator
