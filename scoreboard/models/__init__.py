"""The models of the write side: people, the questionnaire, submissions and the dialogue about them."""

from scoreboard.models.contributors import Assignment, Suggestion
from scoreboard.models.questionnaire import Area, DataForm, DataFormColumn, Edition, EditionChange, Indicator, Level
from scoreboard.models.threads import Remark, Side, Thread

from .activity import ActivityBlock, ActivityCheck, ActivityCount, ActivityEntry, Verb
from .answers import TEXT_FIELDS, Answer, AnswerVersion, Origin
from .cycles import Cycle, DateChange
from .evidence import Evidence, PaperSource
from .feedback import Feedback, FeedbackGiven
from .mail import Mail
from .people import (
    AddressChange,
    Country,
    CountryGroup,
    GroupMembership,
    Membership,
    Organisation,
    Role,
    SecondFactorRemoval,
    User,
)
from .review import LookedAt
from .schedule import ScheduledJob
from .submissions import State, Submission, Transition, Version

__all__ = [
    "TEXT_FIELDS",
    "ActivityBlock",
    "ActivityCheck",
    "ActivityCount",
    "ActivityEntry",
    "AddressChange",
    "Answer",
    "AnswerVersion",
    "Area",
    "Assignment",
    "Country",
    "CountryGroup",
    "Cycle",
    "DataForm",
    "DataFormColumn",
    "DateChange",
    "Edition",
    "EditionChange",
    "Evidence",
    "Feedback",
    "FeedbackGiven",
    "GroupMembership",
    "Indicator",
    "Level",
    "LookedAt",
    "Mail",
    "Membership",
    "Organisation",
    "Origin",
    "PaperSource",
    "Remark",
    "Role",
    "ScheduledJob",
    "SecondFactorRemoval",
    "Side",
    "State",
    "Submission",
    "Suggestion",
    "Thread",
    "Transition",
    "User",
    "Verb",
    "Version",
]
