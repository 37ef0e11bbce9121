"""The path converter of numbers in addresses."""

from django.urls import register_converter
from django.urls.converters import IntConverter

from scoreboard.text import MAX_NUMBER


class NumberConverter(IntConverter):
    """A number that the database can store; a larger one matches no address."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Return the number; raise ValueError, so that the address is not found, for one that is too large."""
        number = int(value)
        if number > MAX_NUMBER:
            raise ValueError(value)
        return number


register_converter(NumberConverter, "number")
