"""Tokens with which a person's own programs use the API; `people.tokens` writes them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoreboard import clock

from .people import User


class Scope(models.TextChoices):
    """What a token is for. What is public, every token reads; nothing goes beyond the person's roles."""

    READ = "read", _("Read what you read on pages")
    WRITE = "write", _("Write for your own country")
    OFFICER = "officer", _("Act as an officer of the Secretariat")


class TokenQuerySet(models.QuerySet["Token"]):
    """Tokens."""

    def working(self) -> Self:
        """Those that nobody has ended and whose last day is not over."""
        return self.filter(ended_at=None, until__gte=clock.today())


class Token(models.Model):
    """A key to the API that a person made for a program. Its secret is shown once; only a hash of it is stored."""

    person = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=60)
    scopes = models.JSONField(_("scopes"), default=list, blank=True)
    digest = models.CharField(_("hash of the secret"), max_length=64, unique=True, editable=False)
    start = models.CharField(_("first characters"), max_length=12, editable=False)
    made_at = models.DateTimeField(_("made at"), default=clock.now, editable=False)
    until = models.DateField(_("last day"))
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""), name="token_has_name", violation_error_message=_("Give the token a name.")
            ),
            models.CheckConstraint(condition=~Q(digest=""), name="token_has_digest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def works(self) -> bool:
        """Whether nobody has ended it and its last day is not over."""
        return self.ended_at is None and self.until >= clock.today()

    @property
    def purposes(self) -> list[str]:
        """What it is for, in the reader's language."""
        return [str(Scope(scope).label) for scope in self.scopes] or [str(_("Read what is public"))]
