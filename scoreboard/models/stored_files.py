"""What the files that people attach have in common: to answers, to statements, and the scan of a paper."""

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from scoreboard import clock

from .people import User

IMAGES = ("image/png", "image/jpeg", "image/webp")  # the types that every browser shows and none can run


def private_storage() -> Storage:
    """Return the storage of evidence, which no URL serves."""
    return storages["default"]


class StoredFile(models.Model):
    """A file as it was attached: its name, type, size and digest, by whom and when; each kind has its own `file`."""

    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"), default=clock.now)

    class Meta:
        abstract = True

    @property
    def is_image(self) -> bool:
        """Whether a browser can show it as a picture."""
        return self.content_type in IMAGES

    @property
    def is_shown_in_place(self) -> bool:
        """Whether a browser may show it instead of downloading it."""
        return self.is_image or self.content_type == "application/pdf"
