"""The models of the write side: people, the questionnaire, submissions and the dialogue about them."""

from scoreboard.models.contributors import Assignment, Suggestion
from scoreboard.models.enquiries import Enquiry, EnquiryMessage, SharedAnswer
from scoreboard.models.questionnaire import Area, DataForm, DataFormColumn, Edition, EditionChange, Indicator, Level
from scoreboard.models.threads import Remark, Side, Thread

from .access_requests import AccessRequest
from .accounts import AddressChange, SecondFactorRemoval
from .activity import ActivityBlock, ActivityCheck, ActivityCount, ActivityEntry, Verb
from .answers import TEXT_FIELDS, Answer, AnswerVersion, Origin
from .board import BoardView
from .commitments import Commitment, CommitmentReport
from .countries import Country, CountryGroup, GroupMembership, Organisation
from .cycles import Cycle, DateChange
from .discussions import Discussion, ModerationStep, Post, PublishedText
from .earlier_rounds import RememberedName, ResultsImport
from .evidence import Evidence, PaperSource
from .feedback import Feedback, FeedbackGiven
from .good_practice import GoodPractice, PracticeStep
from .hearings import Hearing
from .letters import Letter
from .mail import BouncingAddress, Mail
from .meetings import AgendaItem, Meeting, Paper, PaperVersion
from .operations import Backup, FileWalk, SiteNotice
from .peer_questions import PeerMessage, PeerQuestion
from .people import Membership, Role, User
from .plans import ActionPlan, Delegation, PlanAction, PlanChange, PlanPiece, ProgressNote
from .public_pages import PublicPages
from .reminders import Reminder
from .requests import ExtensionRequest
from .resources import Resource, ResourceFile, ResourceUse
from .review import LookedAt
from .schedule import ScheduledJob
from .selections import CountrySelection
from .spaces import Space, SpaceAudience, SpaceDigest, SpaceMember, SpaceMute
from .statements import Statement, StatementPiece, StatementStep
from .strategy import StrategicPlan
from .submissions import State, Submission, Transition, Version
from .subscriptions import Subscriber, Subscription
from .tokens import Scope, Token
from .webhooks import Webhook, WebhookDelivery
from .workshops import Participant, Rating, Workshop, WorkshopNote

__all__ = [
    "TEXT_FIELDS",
    "AccessRequest",
    "ActionPlan",
    "ActivityBlock",
    "ActivityCheck",
    "ActivityCount",
    "ActivityEntry",
    "AddressChange",
    "AgendaItem",
    "Answer",
    "AnswerVersion",
    "Area",
    "Assignment",
    "Backup",
    "BoardView",
    "BouncingAddress",
    "Commitment",
    "CommitmentReport",
    "Country",
    "CountryGroup",
    "CountrySelection",
    "Cycle",
    "DataForm",
    "DataFormColumn",
    "DateChange",
    "Delegation",
    "Discussion",
    "Edition",
    "EditionChange",
    "Enquiry",
    "EnquiryMessage",
    "Evidence",
    "ExtensionRequest",
    "Feedback",
    "FeedbackGiven",
    "FileWalk",
    "GoodPractice",
    "GroupMembership",
    "Hearing",
    "Indicator",
    "Letter",
    "Level",
    "LookedAt",
    "Mail",
    "Meeting",
    "Membership",
    "ModerationStep",
    "Organisation",
    "Origin",
    "Paper",
    "PaperSource",
    "PaperVersion",
    "Participant",
    "PeerMessage",
    "PeerQuestion",
    "PlanAction",
    "PlanChange",
    "PlanPiece",
    "Post",
    "PracticeStep",
    "ProgressNote",
    "PublicPages",
    "PublishedText",
    "Rating",
    "Remark",
    "RememberedName",
    "Reminder",
    "Resource",
    "ResourceFile",
    "ResourceUse",
    "ResultsImport",
    "Role",
    "ScheduledJob",
    "Scope",
    "SecondFactorRemoval",
    "SharedAnswer",
    "Side",
    "SiteNotice",
    "Space",
    "SpaceAudience",
    "SpaceDigest",
    "SpaceMember",
    "SpaceMute",
    "State",
    "Statement",
    "StatementPiece",
    "StatementStep",
    "StrategicPlan",
    "Submission",
    "Subscriber",
    "Subscription",
    "Suggestion",
    "Thread",
    "Token",
    "Transition",
    "User",
    "Verb",
    "Version",
    "Webhook",
    "WebhookDelivery",
    "Workshop",
    "WorkshopNote",
]
