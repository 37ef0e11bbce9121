"""Kinds of values that several parts of the API have: texts in languages, rows of figures, codes of other objects."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from i18nfield.strings import LazyI18nString
from rest_framework import serializers

Related = serializers.SlugRelatedField[Any]


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}, "example": {"en": "Text"}})
class Text(serializers.Field):
    """A text in the languages it has: an object from language code to text."""

    def to_representation(self, value: LazyI18nString | dict) -> dict[str, str]:
        data = value.data if isinstance(value, LazyI18nString) else value
        return data if isinstance(data, dict) else {}


FIGURES = {
    "type": "array",
    "items": {"type": "object", "additionalProperties": {"type": ["string", "integer", "boolean"]}},
}


@extend_schema_field(FIGURES)
class Figures(serializers.Field):
    """The rows of a data form, each an object from column code to value; numbers with decimals are text."""

    def to_representation(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return value

    def to_internal_value(self, data: Any) -> list[dict[str, Any]]:
        """Return the rows; which columns and values there can be, the verb knows that stores them."""
        if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
            raise serializers.ValidationError(_("Send a list of rows, each an object from column code to value."))
        if not all(isinstance(value, str | int) for row in data for value in row.values()):
            raise serializers.ValidationError(_("A value is a text, a whole number, or true or false."))
        return data
