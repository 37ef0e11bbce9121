"""The administration: people, countries and editions to look after; what countries and officers wrote to look at.

Whoever has the administrator's flag may do all that is offered here (see `User.has_perm`). Submissions, answers and
the logs are offered for reading only, to anybody: they change by the verbs, never here.
"""

from . import countries, dialogue, editions, people, records

__all__ = ["countries", "dialogue", "editions", "people", "records"]
