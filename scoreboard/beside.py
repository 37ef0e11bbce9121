"""What stands beside an answer on its page: suggestions to decide on, and questions that both sides discuss."""

from collections import defaultdict
from collections.abc import Iterable

from scoreboard import contributing, rules, threads
from scoreboard.forms import Question
from scoreboard.models import Submission, Suggestion, User


def put(questions: Iterable[Question], submission: Submission, user: User) -> None:
    """Give each question the suggestions and talks that `user` may see, in queries that do not grow."""
    suggested: dict[int, list[Suggestion]] = defaultdict(list)
    if rules.may(user, "decide", submission):
        for suggestion in contributing.open_suggestions(submission):
            suggested[suggestion.indicator_id].append(suggestion)
    talks = threads.talks(submission, user)
    for question in questions:
        question.suggestions = suggested[question.indicator.pk]
        question.talks = talks[question.indicator.pk]
        for talk in question.talks:
            talk.said = [remark for remark in talk.said if remark not in question.asked]  # those stand above already
