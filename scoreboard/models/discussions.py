"""Discussions of a space with their replies, what moderators did with them, and what is published of a space."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock, rehearsal

from .meetings import Meeting, Paper, PaperVersion
from .people import Person, Role, User, optional_person, roles_of
from .spaces import Space


class DiscussionQuerySet(models.QuerySet["Discussion"]):
    """Discussions, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Those of the spaces that the person sees, hidden ones for officers alone."""
        found = self.filter(space__in=Space.objects.visible_to(user))
        return found if Role.SECRETARIAT in roles_of(user) else found.filter(hidden_at=None)


class Discussion(models.Model):
    """A subject that members of a space write about. `network.discussions` and `network.moderation` have its verbs."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="discussions", verbose_name=_("space"))
    paper = models.ForeignKey(
        Paper, models.SET_NULL, null=True, blank=True, related_name="discussions", verbose_name=_("paper")
    )
    title = models.CharField(_("title"), max_length=200)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(_("opened at"), default=clock.now)
    last_at = models.DateTimeField(_("last reply at"), default=clock.now)
    closed_by = optional_person(_("closed by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    hidden_by = optional_person(_("hidden by"))
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)
    folded = models.TextField(_("words for the search"), default="", editable=False)

    objects = DiscussionQuerySet.as_manager()

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")
        ordering = ["-last_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class PostQuerySet(models.QuerySet["Post"]):
    """What is written in discussions, scoped to who asks."""

    def visible_to(self, user: Person) -> Self:
        """Those of the discussions that the person sees, hidden ones for officers alone."""
        found = self.filter(discussion__in=Discussion.objects.visible_to(user))
        return found if Role.SECRETARIAT in roles_of(user) else found.filter(hidden_at=None)


class Post(models.Model):
    """What somebody wrote in a discussion; the first one opened it. It is hidden, never changed or deleted."""

    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="posts", verbose_name=_("discussion"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("written at"), default=clock.now)
    hidden_by = optional_person(_("hidden by"))
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)
    hidden_reason = models.TextField(_("reason"), blank=True)
    folded = models.TextField(_("words for the search"), default="", editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("text in a discussion")
        verbose_name_plural = _("texts in discussions")
        ordering = ["discussion", "at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="post_has_text"),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason="") | Q(hidden_by=F("author")),
                name="post_hidden_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ModerationStep(models.Model):
    """What a moderator did with a discussion, a text in it or a paper, and why. Append-only."""

    class Act(models.TextChoices):
        HIDE = "hide", _("Hidden")
        SHOW = "show", _("Shown again")
        CLOSE = "close", _("Closed")
        REOPEN = "reopen", _("Opened again")
        MOVE = "move", _("Moved")

    discussion = models.ForeignKey(
        Discussion, models.CASCADE, null=True, blank=True, related_name="steps", verbose_name=_("discussion")
    )
    post = models.ForeignKey(
        Post, models.CASCADE, null=True, blank=True, related_name="steps", verbose_name=_("text in a discussion")
    )
    paper = models.ForeignKey(
        Paper, models.CASCADE, null=True, blank=True, related_name="steps", verbose_name=_("paper")
    )
    act = models.CharField(_("what"), max_length=10, choices=Act)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=clock.now)

    class Meta:
        verbose_name = _("step of a moderator")
        verbose_name_plural = _("steps of moderators")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="moderation_has_reason",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=Q(discussion__isnull=False, paper__isnull=True)
                | Q(discussion__isnull=True, post__isnull=True, paper__isnull=False),
                name="moderation_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} · {self.at:%Y-%m-%d}"


class PublishedTextQuerySet(models.QuerySet["PublishedText"]):
    """What moderators publish of spaces."""

    def public(self) -> Self:
        """Those that everybody reads."""
        return self.filter(published_at__isnull=False, withdrawn_at=None)

    def waiting_for(self, author: User) -> Self:
        """Those whose author has been asked and has not answered."""
        return self.filter(author=author, answer="", withdrawn_at=None)


PublishedTextsEverywhere = models.Manager.from_queryset(PublishedTextQuerySet)


class PublishedTextManager(PublishedTextsEverywhere["PublishedText"]):
    """The published texts of this world: the rehearsal (see `rehearsal`) has no spaces."""

    def get_queryset(self) -> PublishedTextQuerySet:
        found = PublishedTextQuerySet(self.model, using=self._db)
        return found.none() if rehearsal.is_on() else found


class PublishedText(models.Model):
    """A text or a file of a space that a moderator publishes, once its author agrees. `network.publishing`."""

    class Answer(models.TextChoices):
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Declined")

    space = models.ForeignKey(Space, models.PROTECT, related_name="texts", verbose_name=_("space"))
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="texts", verbose_name=_("text in a discussion")
    )
    version = models.ForeignKey(
        PaperVersion, models.PROTECT, null=True, blank=True, related_name="texts", verbose_name=_("version of a paper")
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="texts", verbose_name=_("minutes of a meeting")
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)  # as the author was asked about it
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    answer = models.CharField(_("answer of the author"), max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    published_by = optional_person(_("published by"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    withdrawn_by = optional_person(_("withdrawn by"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    folded = models.TextField(_("words for the search"), default="", editable=False)

    objects = PublishedTextManager()

    class Meta:
        verbose_name = _("published text of a space")
        verbose_name_plural = _("published texts of spaces")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, version__isnull=True, meeting__isnull=True)
                | Q(post__isnull=True, version__isnull=False, meeting__isnull=True)
                | Q(post__isnull=True, version__isnull=True, meeting__isnull=False),
                name="published_text_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(answer="agreed"),
                name="published_text_once_agreed",
                violation_error_message=_("The author has not agreed."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_example(self) -> bool:
        """Whether it is invented, as its space is."""
        return self.space.is_example
