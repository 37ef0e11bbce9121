"""What stands beside an answer on its page: suggestions to decide on, and questions that both sides discuss."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import IntegerField

from scoreboard import contributors, rules
from scoreboard.finding import lacks
from scoreboard.forms.questions import Question
from scoreboard.models import Evidence, Submission, Suggestion, User
from scoreboard.prepared import Prepared
from scoreboard.threads import discussion

_SUGGESTED = Prepared(contributors.open_suggestions, IntegerField())


def put(questions: Iterable[Question], submission: Submission, user: User) -> None:
    """Give each question the suggestions, evidence and talks that `user` may see, in queries that do not grow."""
    suggested: dict[int, list[Suggestion]] = defaultdict(list)
    if rules.may(user, "decide", submission) and not lacks(submission, "suggestions"):
        for suggestion in _SUGGESTED(submission.pk):
            suggested[suggestion.indicator_id].append(suggestion)
    laid = {} if lacks(submission, "evidence") else Evidence.objects.by_indicator(submission)
    talks = defaultdict(list) if lacks(submission, "threads") else discussion.thread_views(submission, user)
    for question in questions:
        question.suggestions = suggested[question.indicator.pk]
        question.evidence = laid.get(question.indicator.pk, [])
        question.talks = talks[question.indicator.pk]
        for talk in question.talks:
            talk.said = [remark for remark in talk.said if remark not in question.asked]  # those stand above already
