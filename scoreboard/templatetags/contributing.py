"""What contributors suggested, on the pages of the submission itself."""

from django import template

from scoreboard import contributors
from scoreboard.models import Submission

register = template.Library()


@register.simple_tag
def undecided(submission: Submission) -> int:
    """Return how many suggestions wait for a decision."""
    return contributors.open_suggestions(submission).count()
