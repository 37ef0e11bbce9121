"""What the API reads: JSON of which everything can be stored, and be shown again in a refusal."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

from scoreboard.errors import Invalid
from scoreboard.text import require_storable


class StorableJSON(JSONParser):
    """Refuses (400) characters that no database stores, in whatever member they are, and what is nested without end."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the data of a body.

        Raises ParseError for what is no JSON, ValidationError for a member that cannot be stored, and Invalid where
        that is the body itself or the name of a member, which no refusal can repeat.
        """
        try:
            data = super().parse(stream, media_type, parser_context)
            _require_names_and_values(data)
        except RecursionError as error:
            raise ParseError(_("What was sent is nested far deeper than anything that is asked for.")) from error
        return data


def _require_names_and_values(data: Any) -> None:
    if not isinstance(data, dict):
        _require_storable(data)
        return
    for name, value in data.items():
        _require_storable(name)
        try:
            _require_storable(value)
        except Invalid as problem:
            raise ValidationError({name: [problem.sentence]}) from problem


def _require_storable(data: Any) -> None:
    """Look at every text, and at the names in an object too: a refusal repeats one that is not asked for."""
    if isinstance(data, str):
        require_storable(data, len(data))
    elif isinstance(data, dict):
        for name, value in data.items():
            _require_storable(name)
            _require_storable(value)
    elif isinstance(data, list):
        for value in data:
            _require_storable(value)
