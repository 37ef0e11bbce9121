"""The validator of passwords that are easy to guess, beyond the list of common ones."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

CHECKED = 72  # characters that are checked: longer ones take long to check, and are hard to guess anyway


class HardToGuess:
    """Refuses passwords that can be guessed in days: repeated or neighbouring keys, dates, common words and names."""

    def __init__(self, score: int = 3) -> None:
        self.score = score

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password that is easy to guess."""
        if zxcvbn(password[:CHECKED])["score"] < self.score:
            raise ValidationError(
                _("This password is easy to guess. Take several words that have nothing to do with each other."),
                code="password_easy_to_guess",
            )

    def get_help_text(self) -> str:
        return _("Your password must not be easy to guess: several words that have nothing to do with each other do.")
