"""What the portal remembers: people, the instrument, submissions and the dialogue about them."""

from .dialogue import Mail, Remark
from .instrument import Area, DataForm, DataFormColumn, Edition, EditionChange, Indicator, Level
from .people import Country, CountryGroup, GroupMembership, Membership, Organisation, Role, User
from .submissions import (
    Answer,
    AnswerVersion,
    Cycle,
    Origin,
    State,
    Submission,
    Transition,
    Version,
)

__all__ = [
    "Answer",
    "AnswerVersion",
    "Area",
    "Country",
    "CountryGroup",
    "Cycle",
    "DataForm",
    "DataFormColumn",
    "Edition",
    "EditionChange",
    "GroupMembership",
    "Indicator",
    "Level",
    "Mail",
    "Membership",
    "Organisation",
    "Origin",
    "Remark",
    "Role",
    "State",
    "Submission",
    "Transition",
    "User",
    "Version",
]
