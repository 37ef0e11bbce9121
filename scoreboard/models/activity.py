"""Who did what, when and from where: the entries of the activity log, and the sealed blocks that hold them.

What an entry names, it names by its number, and it stays when that is deleted: the database does not tie the two.
"""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal

from .answers import Origin
from .countries import Country
from .cycles import Cycle
from .people import User
from .submissions import Submission


class Verb(models.TextChoices):
    """What an entry says was done: a closed list. The value is the name of the verb in the code, where it has one."""

    # a country's submission
    SAVE = "save", _("Answers saved")  # written by the worker, from the versions of the answers
    SUBMIT = "submit", _("Submitted")
    RECALL = "recall", _("Recalled")
    RETURN_FOR_CHANGES = "return_for_changes", _("Returned")
    ACCEPT = "accept", _("Accepted")
    APPROVE = "approve", _("Approved by one officer")
    DISAPPROVE = "disapprove", _("Approval withdrawn")
    CONFIRM = "confirm", _("Confirmed and accepted")
    ACCEPT_ALONE = "accept_alone", _("Accepted without a second officer")
    REOPEN = "reopen", _("Reopened")
    CLAIM = "claim", _("Claimed for review")
    RELEASE = "release", _("Claim released")
    PASS_ON = "pass_on", _("Claim passed on")
    LOOK = "look", _("Answer marked as looked at")
    UNLOOK = "unlook", _("Mark “looked at” removed")
    FLAG = "flag", _("Answer marked for return")
    UNFLAG = "unflag", _("Mark for return removed")
    EXTEND = "extend", _("Extended")
    CORRECT_EXTENSION = "correct_extension", _("Extension corrected")
    LEAVE = "leave", _("Left the cycle")
    REJOIN = "rejoin", _("Takes part in the cycle again")
    ENTER_ON_BEHALF = "enter_on_behalf", _("Opened on the country’s behalf")
    ADD_SOURCE = "add_source", _("Source of answers entered on behalf")
    ASK_TO_REOPEN = "ask_to_reopen", _("Reopening asked for")
    REFUSE_REOPEN = "refuse_reopen", _("Reopening refused")
    ASK_FOR_EXTENSION = "ask_for_extension", _("More time asked for")
    REFUSE_EXTENSION = "refuse_extension", _("More time refused")
    DECLINE_REPORT = "decline_report", _("Will not report this time")
    REPORT_AFTER_ALL = "report_after_all", _("Will report after all")
    BRING_IN = "bring_in", _("Entered from a file of earlier results")
    WRITE_NOTE = "write_note", _("Note on a country written")
    SET_LEAD = "set_lead", _("Lead officer named")
    # steps promised in earlier cycles
    REPLY_ON_COMMITMENT = "reply_on_commitment", _("Reply on an earlier step saved")
    REPORT_ON_COMMITMENT = "report_on_commitment", _("Reported between cycles what became of a step")
    PUBLISH_COMMITMENT = "publish_commitment", _("Step published by its country")
    HIDE_COMMITMENT = "hide_commitment", _("Step made private by its country")
    # evidence
    ADD_EVIDENCE = "add_evidence", _("Evidence added")
    REMOVE_EVIDENCE = "remove_evidence", _("Evidence removed")
    DOWNLOAD_EVIDENCE = "download_evidence", _("Evidence downloaded")
    TAKE_EVIDENCE = "take_evidence", _("Evidence downloaded as one file")
    # questions and answers about it
    OPEN_THREAD = "open_thread", _("Question or note opened")
    REPLY = "reply", _("Reply written")
    CLOSE_THREAD = "close_thread", _("Question or note closed")
    ASK = "ask", _("Question to the Secretariat asked")
    ANSWER = "answer", _("Question to the Secretariat answered")
    CLOSE_ENQUIRY = "close_enquiry", _("Question to the Secretariat closed")
    SHARE = "share", _("Answer shared with all focal points")
    WITHDRAW_SHARED = "withdraw_shared", _("Shared answer withdrawn")
    # statements of organisations
    START_STATEMENT = "start_statement", _("Statement begun")
    SAVE_STATEMENT = "save_statement", _("Draft of a statement saved")
    DELETE_STATEMENT = "delete_statement", _("Draft of a statement deleted")
    FILE_STATEMENT = "file_statement", _("Statement filed")
    WITHDRAW_STATEMENT = "withdraw_statement", _("Statement withdrawn")
    SHARE_STATEMENT = "share_statement", _("Statement shared with the country")
    REPLY_TO_STATEMENT = "reply_to_statement", _("Reply to a statement written")
    PUBLISH_STATEMENT = "publish_statement", _("Statement published")
    REFUSE_STATEMENT = "refuse_statement", _("Statement not published")
    # spaces
    CREATE_SPACE = "create_space", _("Space created")
    EDIT_SPACE = "edit_space", _("Space edited")
    ARCHIVE_SPACE = "archive_space", _("Space archived")
    REOPEN_SPACE = "reopen_space", _("Space opened again")
    DELETE_SPACE = "delete_space", _("Space deleted")
    TAKE_ARCHIVE = "take_archive", _("Archive of a space downloaded")
    INVITE_TO_SPACE = "invite_to_space", _("Invited to a space")
    CHANGE_SPACE_MEMBER = "change_space_member", _("Last day in a space changed")
    END_SPACE_MEMBER = "end_space_member", _("Access to a space ended")
    CHOOSE_SPACE_MAIL = "choose_space_mail", _("Daily e-mail about a space chosen")
    OPEN_DISCUSSION = "open_discussion", _("Discussion opened")
    WRITE_POST = "write_post", _("Reply in a discussion written")
    WITHDRAW_POST = "withdraw_post", _("Own text in a discussion taken back")
    MODERATE = "moderate", _("Moderated in a space")
    ADD_PAPER = "add_paper", _("Paper added")
    ADD_PAPER_VERSION = "add_paper_version", _("Version of a paper added")
    DOWNLOAD_PAPER = "download_paper", _("Paper downloaded")
    PLAN_MEETING = "plan_meeting", _("Meeting of a space planned")
    EDIT_MEETING = "edit_meeting", _("Meeting of a space edited")
    SAVE_AGENDA = "save_agenda", _("Agenda of a meeting changed")
    DECIDE_ITEM = "decide_item", _("Decision of a meeting entered")
    SAVE_MINUTES = "save_minutes", _("Minutes saved")
    SHARE_MINUTES = "share_minutes", _("Minutes shared with the members")
    ASK_TO_PUBLISH = "ask_to_publish", _("Author asked about publishing a text")
    ANSWER_PUBLISHING = "answer_publishing", _("Author answered about publishing a text")
    PUBLISH_TEXT = "publish_text", _("Text of a space published")
    WITHDRAW_TEXT = "withdraw_text", _("Published text of a space withdrawn")
    # action plans
    ENTER_PLAN = "enter_plan", _("Action plan entered")
    SAVE_PLAN = "save_plan", _("Action plan changed")
    SHOW_PLAN = "show_plan", _("Readers of an action plan changed")
    CHECK_PLAN = "check_plan", _("Action plan checked")
    DELETE_PLAN = "delete_plan", _("Action plan deleted")
    SAVE_ACTION = "save_action", _("Action of a plan changed")
    NOTE_PROGRESS = "note_progress", _("Progress of an action noted")
    DELEGATE = "delegate", _("Action given to a contributor")
    END_DELEGATION = "end_delegation", _("Action taken back from a contributor")
    # what people learn from each other
    ASK_COUNTRY = "ask_country", _("Question to another country asked")
    WRITE_TO_COUNTRY = "write_to_country", _("Written in a question between countries")
    DECLINE_QUESTION = "decline_question", _("Question of another country declined")
    WITHDRAW_QUESTION = "withdraw_question", _("Question to another country taken back")
    CLOSE_BETWEEN_COUNTRIES = "close_between_countries", _("Question between countries closed")
    SAVE_PRACTICE = "save_practice", _("Good practice written")
    DELETE_PRACTICE = "delete_practice", _("Draft of good practice deleted")
    PROPOSE_PRACTICE = "propose_practice", _("Good practice of another country offered")
    OFFER_PRACTICE = "offer_practice", _("Good practice signed and offered")
    LEAVE_UNSIGNED = "leave_unsigned", _("Good practice not signed")
    PUBLISH_PRACTICE = "publish_practice", _("Good practice published")
    REFUSE_PRACTICE = "refuse_practice", _("Good practice not published")
    WITHDRAW_PRACTICE = "withdraw_practice", _("Good practice withdrawn")
    PROPOSE_RESOURCE = "propose_resource", _("Resource proposed")
    SAVE_RESOURCE = "save_resource", _("Resource changed")
    PUBLISH_RESOURCE = "publish_resource", _("Resource published")
    REFUSE_RESOURCE = "refuse_resource", _("Resource not published")
    WITHDRAW_RESOURCE = "withdraw_resource", _("Resource withdrawn")
    # contributors
    INVOLVE = "involve", _("Contributor invited")
    CHANGE_PART = "change_part", _("Contributor’s part changed")
    END_PART = "end_part", _("Contributor’s part ended")
    ACCEPT_PART = "accept_part", _("Contributor’s part accepted")
    DECLINE_PART = "decline_part", _("Contributor’s part declined")
    REMIND_CONTRIBUTOR = "remind_contributor", _("Contributor reminded")
    SUGGEST = "suggest", _("Answer suggested")
    WITHDRAW_SUGGESTION = "withdraw_suggestion", _("Suggestion taken back")
    ADOPT = "adopt", _("Suggestion adopted")
    DECLINE = "decline", _("Suggestion declined")
    # workshops
    OPEN_WORKSHOP = "open_workshop", _("Workshop opened")
    JOIN_WORKSHOP = "join_workshop", _("Somebody asked to join a workshop")
    ADMIT = "admit", _("Admitted to a workshop")
    TURN_AWAY = "turn_away", _("Turned away from a workshop")
    ASK_ROOM = "ask_room", _("Workshop asked to rate an indicator")
    SHOW_RATINGS = "show_ratings", _("Ratings of a workshop shown")
    RECORD_AGREEMENT = "record_agreement", _("Agreement of a workshop recorded")
    END_WORKSHOP = "end_workshop", _("Workshop ended")
    # cycles
    CREATE_CYCLE = "create_cycle", _("Cycle created")
    EDIT_CYCLE = "edit_cycle", _("Cycle edited")
    ADD_COUNTRY = "add_country", _("Country added to the cycle")
    REMOVE_COUNTRY = "remove_country", _("Country removed from the cycle")
    OPEN_CYCLE = "open_cycle", _("Cycle opened")
    DELETE_CYCLE = "delete_cycle", _("Cycle deleted")
    IMPORT_RESULTS = "import_results", _("Results of earlier rounds brought in from a file")
    UNDO_IMPORT = "undo_import", _("Import of earlier results undone")
    REMEMBER_NAME = "remember_name", _("Name of a country in files remembered")
    FORGET_NAME = "forget_name", _("Name of a country in files forgotten")
    START_REHEARSAL = "start_rehearsal", _("Rehearsal started")
    WRITE_LETTER = "write_letter", _("Letter to governments written")
    GIVE_FEEDBACK = "give_feedback", _("Feedback given")
    ADD_REMINDER = "add_reminder", _("Reminder added to the schedule")
    REMOVE_REMINDER = "remove_reminder", _("Reminder removed from the schedule")
    REMIND = "remind", _("Countries reminded")
    ANNOUNCE = "announce", _("Announcement sent")
    # people
    INVITE = "invite", _("Link to set a password sent")
    GIVE_ROLE = "give_role", _("Role given")
    CHANGE_ROLE = "change_role", _("Role changed")
    ACCEPT_ROLE = "accept_role", _("Role accepted")
    DECLINE_ROLE = "decline_role", _("Role declined")
    END_ROLE = "end_role", _("Role ended or invitation withdrawn")
    SEND_AGAIN = "send_again", _("Invitation sent again")
    INVITE_FROM_FILE = "invite_from_file", _("People invited from a file")
    PROVE_REQUEST = "prove_request", _("Address of a request for access proven")
    GRANT_ACCESS = "grant_access", _("Request for access granted")
    REFUSE_ACCESS = "refuse_access", _("Request for access refused")
    JOIN_NETWORK = "join_network", _("Membership of a network entered")
    CORRECT_MEMBERSHIP = "correct_membership", _("Membership of a network corrected")
    REMOVE_MEMBERSHIP = "remove_membership", _("Membership of a network deleted")
    SAVE_ORGANISATION = "save_organisation", _("Organisation saved")
    GIVE_ADMINISTRATION = "give_administration", _("Administration given")
    ASK_FOR_ADDRESS = "ask_for_address", _("Link to another address asked for")
    CHANGE_ADDRESS = "change_address", _("Address changed")
    CHANGE_PASSWORD = "change_password", _("Password changed")
    CHANGE_NAME = "change_name", _("Name changed")
    CHANGE_SECOND_FACTOR = "change_second_factor", _("Second factor changed")
    MAKE_TOKEN = "make_token", _("API token made")
    END_TOKEN = "end_token", _("API token ended")
    REMOVE_SECOND_FACTOR = "remove_second_factor", _("Lost second factor removed")
    ANONYMISE = "anonymise", _("Account anonymised")
    SIGN_IN = "sign_in", _("Signed in")
    FAILED_SIGN_IN = "failed_sign_in", _("Sign-in failed")
    DENIED = "denied", _("Refused for lack of a role")
    ADMINISTER = "administer", _("Changed in the administration")
    # messages and editions
    TRY_AGAIN = "try_again", _("E-mail sent again")
    SET_ASIDE = "set_aside", _("E-mail set aside")
    MARK_BOUNCING = "mark_bouncing", _("Address noted as not working")
    UNMARK_BOUNCING = "unmark_bouncing", _("Note that an address does not work removed")
    ADD_WEBHOOK = "add_webhook", _("Webhook added")
    TEST_WEBHOOK = "test_webhook", _("Test sent to a webhook")
    TURN_OFF_WEBHOOK = "turn_off_webhook", _("Webhook turned off")
    TURN_ON_WEBHOOK = "turn_on_webhook", _("Webhook turned on")
    DELETE_WEBHOOK = "delete_webhook", _("Webhook deleted")
    IMPORT_EDITION = "import_edition", _("Edition imported")
    LOAD_STRATEGIC_PLAN = "load_strategic_plan", _("Strategic plan loaded")
    CORRECT_EDITION = "correct_edition", _("Edition corrected")
    # assessments
    CONSOLIDATE = "consolidate", _("Cycle consolidated")
    SAVE_CHAPTER = "save_chapter", _("Chapter saved")
    CONFIRM_CHAPTER = "confirm_chapter", _("Figures of a chapter confirmed")
    APPROVE_CHAPTER = "approve_chapter", _("Chapter approved")
    WITHDRAW_APPROVAL = "withdraw_approval", _("Approval of a chapter taken back")
    BUILD = "build", _("PDF asked for")
    CANCEL_BUILD = "cancel_build", _("PDF cancelled")
    FIND_PASSAGES = "find_passages", _("Passages of a consultation found")
    ASSIGN_PASSAGE = "assign_passage", _("Countries of a passage changed")
    DECIDE_PASSAGE = "decide_passage", _("Decided who sees a passage")
    OPEN_CONSULTATION = "open_consultation", _("Consultation opened")
    SHOW_BUILD = "show_build", _("New build shown in a consultation")
    MOVE_CONSULTATION = "move_consultation", _("Last day of a consultation moved")
    END_CONSULTATION = "end_consultation", _("Consultation ended")
    COMMENT_ON_DRAFT = "comment_on_draft", _("Comment on the draft written")
    WITHDRAW_COMMENT = "withdraw_comment", _("Comment on the draft withdrawn")
    ANSWER_COMMENT = "answer_comment", _("Comment on the draft answered")
    ASK_ABOUT_ENTERED = "ask_about_entered", _("Country asked about answers from a file")
    CONFIRM_ENTERED = "confirm_entered", _("Answers from a file read by the country")
    OBJECT_TO_NAME = "object_to_name", _("Country objected to being named")
    WITHDRAW_OBJECTION = "withdraw_objection", _("Objection to being named withdrawn")
    CHOOSE_PUBLIC = "choose_public", _("What becomes public of a round chosen")
    ADD_REPORT = "add_report", _("Report of the time added")
    REMOVE_REPORT = "remove_report", _("Report of the time removed")
    PUBLISH = "publish", _("Published")
    WITHDRAW = "withdraw", _("Publication withdrawn")
    WRITE_NEWS = "write_news", _("Line of news written")
    REMOVE_NEWS = "remove_news", _("Line of news removed")
    CONFIRM_SUBSCRIPTIONS = "confirm_subscriptions", _("Subscriptions confirmed")
    LEAVE_SUBSCRIPTIONS = "leave_subscriptions", _("Subscriptions left")
    # this log
    EXPORT_ACTIVITY = "export_activity", _("Activity exported")
    REMOVE_ACTIVITY = "remove_activity", _("Old activity removed")


# Counted by person or client and hour: an entry for each would let anybody fill the log.
COUNTED = (Verb.FAILED_SIGN_IN, Verb.DENIED)


def _named(to: type[models.Model], **options: Any) -> Any:
    """Return a relation that says what an entry names, and stays as it is when that is deleted."""
    return models.ForeignKey(
        to, models.DO_NOTHING, null=True, blank=True, related_name="+", db_constraint=False, **options
    )


class ActivityEntryQuerySet(models.QuerySet["ActivityEntry"]):
    """Entries of the log."""

    def listed(self) -> Self:
        """Those of this world (see `rehearsal`), which the page and its files list, the latest first."""
        return self.filter(rehearsal=rehearsal.is_on()).select_related("by", "person", "country", "cycle")


class ActivityEntry(models.Model):
    """Something that somebody did. Append-only; `activity.record` writes it and `activity.sealing` seals it."""

    verb = models.CharField(_("what"), max_length=30)  # a Verb; without choices a new one needs no migration
    by = _named(User, verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=clock.now)
    origin = models.CharField(_("from where"), max_length=10, choices=Origin, default=Origin.PAGE)
    network = models.CharField(_("network of the client"), max_length=50, blank=True)  # of sign-ins and refusals
    submission = _named(Submission, verbose_name=_("submission"), db_index=False)
    cycle = _named(Cycle, verbose_name=_("cycle"))
    country = _named(Country, verbose_name=_("country"))
    person = _named(User, verbose_name=_("person it is about"))
    detail = models.CharField(_("about what"), max_length=200, blank=True)
    count = models.PositiveIntegerField(_("how many times"), default=1)
    contents = models.CharField(_("keyed hash of the answers saved"), max_length=64, blank=True)
    rehearsal = models.BooleanField(_("rehearsal"), default=False)
    block = models.ForeignKey(
        "ActivityBlock", models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("block")
    )

    objects = ActivityEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the activity log")
        verbose_name_plural = _("entries of the activity log")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="activity_latest"),
            models.Index(fields=["id"], condition=Q(block=None), name="activity_not_sealed"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} · {self.what}"

    @property
    def what(self) -> str:
        """What was done, in the reader's language."""
        return str(Verb(self.verb).label) if self.verb in Verb.values else self.verb

    @property
    def who(self) -> str:
        """Who did it, in the reader's language: by number where the account is gone, in words where it was nobody."""
        if self.by_id:
            return str(self.by) if self.by else gettext("Deleted account %s") % self.by_id
        if self.origin == Origin.COMMAND:
            return gettext("Command line")
        return gettext("The portal itself") if self.origin == Origin.WORKER else gettext("Somebody not signed in")

    @property
    def whom(self) -> str:
        """The person it is about, by number where the account is gone; empty if it is about none."""
        if not self.person_id:
            return ""
        return str(self.person) if self.person else gettext("Deleted account %s") % self.person_id


class ActivityBlock(models.Model):
    """Entries sealed together, tied to the block before by its seal; rehearsals have a chain of their own."""

    rehearsal = models.BooleanField(_("rehearsal"), default=False)
    number = models.PositiveIntegerField(_("number"))
    sealed_at = models.DateTimeField(_("sealed at"))
    key = models.CharField(_("mark of the key"), max_length=8)
    size = models.PositiveIntegerField(_("number of entries"))
    contents = models.CharField(_("keyed hash of the entries"), max_length=64)
    previous = models.CharField(_("seal of the block before"), max_length=64, blank=True)
    seal = models.CharField(_("seal"), max_length=64)
    removed_at = models.DateTimeField(_("entries removed at"), null=True, blank=True)
    removal = models.CharField(_("seal of the removal"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("block of the activity log")
        verbose_name_plural = _("blocks of the activity log")
        ordering = ["rehearsal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rehearsal", "number"], name="activity_block_number_unique"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class ActivityCount(models.Model):
    """How often something was refused to a person or client in an hour, until the hour is over and is an entry."""

    verb = models.CharField(_("what"), max_length=30)
    hour = models.DateTimeField(_("hour"))
    person = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person"))
    client = models.GenericIPAddressField(_("network address of the client"), null=True, blank=True)
    count = models.PositiveIntegerField(_("how many times"), default=1)

    class Meta:
        verbose_name = _("count of refusals")
        verbose_name_plural = _("counts of refusals")
        ordering = ["hour", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["verb", "hour", "person"], condition=Q(client=None), name="activity_count_by_person"
            ),
            models.UniqueConstraint(
                fields=["verb", "hour", "client"], condition=Q(person=None), name="activity_count_by_client"
            ),
            models.CheckConstraint(
                condition=Q(person=None, client__isnull=False) | Q(person__isnull=False, client=None),
                name="activity_count_person_or_client",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} · {self.hour:%Y-%m-%d %H}"


class ActivityCheck(models.Model):
    """What a check of the chains found; the last one is on the page and in the health report."""

    at = models.DateTimeField(_("at"), default=clock.now)
    blocks = models.PositiveIntegerField(_("blocks"))
    entries = models.PositiveIntegerField(_("entries"))
    problems = models.JSONField(_("problems"), default=list, blank=True)

    class Meta:
        verbose_name = _("check of the activity log")
        verbose_name_plural = _("checks of the activity log")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
