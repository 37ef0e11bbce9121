"""Mails of the portal, from the step that writes them to their delivery."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal

from .access_requests import AccessRequest
from .countries import Country
from .people import User, optional_person
from .submissions import Submission
from .subscriptions import Subscriber


class MailManager(models.Manager["Mail"]):
    """The mails of this world, see `rehearsal`: that of their submission, else the one they were written in."""

    def get_queryset(self) -> models.QuerySet["Mail"]:
        of_the_rehearsal = Q(submission__cycle__is_rehearsal=True) | Q(is_rehearsal=True)
        found = super().get_queryset()
        return found.filter(of_the_rehearsal) if rehearsal.is_on() else found.exclude(of_the_rehearsal)


class Mail(models.Model):
    """An e-mail, written in the transaction of its step and sent by the worker (see `mail.outbox`).

    A link with a key to an account is no part of it: the body holds `outbox.LINK` in its place, and `key` says which
    link is made when the mail is sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        SET_ASIDE = "set_aside", _("set aside")

    class Key(models.TextChoices):
        INVITATION = "invitation", _("a link to set the first password")
        PASSWORD = "password", _("a link to set a new password")
        ADDRESS = "address", _("a link to confirm an address")
        REQUEST = "request", _("a link to confirm a request for access")
        SUBSCRIBER = "subscriber", _("a link to confirm and leave subscriptions")
        SPACES = "spaces", _("a list of what is new in spaces")

    to = models.ForeignKey(
        User,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("to"),
        help_text=_("Nobody for the mails of a request for access and to subscribers, who need no account."),
    )
    access_request = models.ForeignKey(
        AccessRequest,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("request for access"),
    )
    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, null=True, blank=True, related_name="mails", verbose_name=_("subscriber")
    )
    address = models.EmailField(_("address, if it is not the person’s own"), blank=True)
    submission = models.ForeignKey(
        Submission, models.CASCADE, null=True, blank=True, related_name="mails", verbose_name=_("submission")
    )
    is_rehearsal = models.BooleanField(_("written in the rehearsal"), default=False)
    event = models.CharField(_("event"), max_length=60)
    once = models.CharField(_("sent once as"), max_length=60, blank=True)  # such as which reminder it is
    by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )  # nobody where the portal writes by itself
    reply_to = models.EmailField(_("replies go to"), blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("body"))
    key = models.CharField(_("key"), max_length=10, choices=Key, blank=True)
    written_at = models.DateTimeField(_("written at"), default=clock.now)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(_("due at"), default=clock.now)  # of the next attempt
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    decided_by = optional_person(_("tried again or set aside by"))
    decided_at = models.DateTimeField(_("tried again or set aside at"), null=True, blank=True)

    everything = models.Manager()  # the worker sends the mails of both worlds
    objects = MailManager()

    class Meta:
        default_manager_name = "objects"
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="mail_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="mail_sent_has_date",
            ),
            models.UniqueConstraint(
                fields=["submission", "to", "once"], condition=~Q(once=""), name="mail_written_once"
            ),
            models.CheckConstraint(
                condition=Q(to__isnull=False)
                | ((Q(access_request__isnull=False) | Q(subscriber__isnull=False)) & ~Q(address="")),
                name="mail_has_a_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.reader}"

    @property
    def reader(self) -> str:
        """Whom it goes to: the person, or the name in a request for access."""
        return str(self.to or (self.access_request and self.access_request.name) or self.subscriber or self.address)

    @property
    def countries(self) -> list[Country]:
        """The country that it is about; of a mail about none, such as one to a group, those of its reader's roles."""
        if self.submission:
            return [self.submission.country]
        if self.to is None:
            return []
        return sorted({role.country for role in self.to.memberships.all() if role.country}, key=str)

    @property
    def to_address(self) -> str:
        """The address that it goes to."""
        return self.address or (self.to.email if self.to else "")

    @property
    def language(self) -> str:
        """The language of its reader, as they chose it last; empty if they never did."""
        reader = self.to or self.access_request or self.subscriber
        return reader.language if reader else ""


class BouncingAddress(models.Model):
    """An address that does not work, as an officer noted: nothing is sent there until the note is removed."""

    address = models.EmailField(_("address"), unique=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    at = models.DateTimeField(_("noted at"), default=clock.now)

    class Meta:
        verbose_name = _("bouncing address")
        verbose_name_plural = _("bouncing addresses")
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address
