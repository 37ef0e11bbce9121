"""Bodies that the API is sent: members that are not asked for are refused, so that no misspelt one is lost."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from scoreboard.api.fields import Figures
from scoreboard.models import Answer
from scoreboard.models.answers import MAX_LEAD
from scoreboard.submissions.answering import AnswerInput
from scoreboard.text import MAX_TEXT


class Given(serializers.Serializer):
    """A body of known members."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the values by name; raise ValidationError for a member that is not asked for."""
        if isinstance(data, dict) and (unknown := sorted(set(map(str, data)) - set(self.fields))):
            raise serializers.ValidationError({name: [_("There is no member of this name here.")] for name in unknown})
        return super().to_internal_value(data)


class LongText(serializers.CharField):
    """A text of several lines, as long as pages take them, which may be empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_blank": True, "trim_whitespace": False, "max_length": MAX_TEXT} | options)


class AnswerGiven(Given):
    """An answer as a whole. What is left out of the members after `comment_withheld` stays as it is."""

    kind = serializers.ChoiceField(
        Answer.Kind.choices, allow_blank=True, help_text="Empty: a comment but no answer yet."
    )
    level = serializers.IntegerField(
        allow_null=True, default=None, min_value=-1000, max_value=1000, help_text="One of the indicator’s ladder."
    )
    reason = LongText(default="", help_text="Why the indicator does not apply.")
    comment = LongText(default="")
    comment_withheld = serializers.BooleanField(default=False, help_text="Whether the comment is not published.")
    figures = Figures(required=False, help_text="Rows of the data form: objects from column code to value.")
    figures_withheld = serializers.BooleanField(required=False)
    next_step = LongText(required=False)
    next_step_by = serializers.CharField(
        required=False, allow_blank=True, max_length=10, help_text="A day such as 2027-06-30."
    )
    next_step_lead = serializers.CharField(required=False, allow_blank=True, max_length=MAX_LEAD)
    next_step_public = serializers.BooleanField(required=False)
    change_reason = LongText(required=False, help_text="Why the level is another one than last time.")
    why = LongText(default="", help_text="Why it changes after a return that did not ask for it.")

    @property
    def answer(self) -> AnswerInput:
        """The answer that was given."""
        return AnswerInput(**self.validated_data)


class Nothing(Given):
    """An empty body."""


def read(serializer: type[Given], data: Any) -> Any:
    """Return the values of a body; raise ValidationError (400) for what is not asked for or cannot be."""
    given = serializer(data=data)
    given.is_valid(raise_exception=True)
    return given.validated_data
