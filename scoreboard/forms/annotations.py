"""What a page shows with an answer: suggestions to decide on, earlier steps, and questions that both sides discuss."""

from collections import defaultdict
from collections.abc import Sequence

from scoreboard import contributors, rules
from scoreboard.forms.questions import Question
from scoreboard.models import Evidence, Submission, Suggestion, User
from scoreboard.network import reading
from scoreboard.submissions import commitments
from scoreboard.submissions.commitments import Asked
from scoreboard.threads import discussion


def put(questions: Sequence[Question], submission: Submission, user: User) -> None:
    """Give each question the suggestions, evidence and talks that `user` may see, and what is published on it.

    The queries do not grow.
    """
    suggested: dict[int, list[Suggestion]] = defaultdict(list)
    if rules.may(user, "decide", submission):
        for suggestion in contributors.open_suggestions(submission).order_by("at"):
            suggested[suggestion.indicator_id].append(suggestion)
    evidence = Evidence.objects.by_indicator(submission)
    talks = discussion.thread_views(submission, user)
    steps: dict[str, list[Asked]] = defaultdict(list)
    for one in commitments.asked(submission):
        steps[one.code].append(one)
    helps = reading.on_indicators(submission.cycle.edition_id, [question.indicator for question in questions])
    for question in questions:
        question.helps = helps[question.indicator.pk]
        question.suggestions = suggested[question.indicator.pk]
        question.evidence = evidence.get(question.indicator.pk, [])
        question.earlier_steps = steps[question.indicator.code]
        question.talks = talks[question.indicator.pk]
        for talk in question.talks:
            talk.said = [remark for remark in talk.said if remark not in question.asked]  # those stand above already
