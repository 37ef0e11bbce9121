"""The validator of passwords that are easy to guess, beyond the list of common ones."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

CHECKED = 72  # characters that are checked: longer ones take long to check, and are hard to guess anyway


class HardToGuess:
    """Refuses passwords that can be guessed in days: repeated or neighbouring keys, dates, common words and names.

    The words of the portal's name and host, and of the person, count for nothing: whoever guesses tries them first.
    """

    def __init__(self, score: int = 3) -> None:
        self.score = score

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password that is easy to guess."""
        rest = re.sub("|".join(map(re.escape, _expected(user))), "", password[:CHECKED], flags=re.IGNORECASE)
        if not rest or zxcvbn(rest)["score"] < self.score:
            raise ValidationError(
                _("This password is easy to guess. Take several words that have nothing to do with each other."),
                code="password_easy_to_guess",
            )

    def get_help_text(self) -> str:
        return _("Your password must not be easy to guess: several words that have nothing to do with each other do.")


def _expected(user: object) -> list[str]:
    """Return the words of the portal's name and host, and of the person's name and address, the longest first."""
    texts = [settings.PORTAL_NAME, urlsplit(settings.SITE_URL).hostname or ""]
    texts += [str(getattr(user, name, "")) for name in ("name", "email")]
    return sorted((word for text in texts for word in re.findall(r"\w{4,}", text)), key=len, reverse=True)
