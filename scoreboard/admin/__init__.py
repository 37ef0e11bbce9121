"""The administration: people, countries and editions to look after; what countries and officers wrote to look at.

Whoever has the administrator's flag may do all that is offered here (see `User.has_perm`). Submissions, answers and
the logs are offered for reading only, to anybody: they change by the verbs, never here.
"""

from scoreboard.admin import countries, editions, people, records, threads

__all__ = ["countries", "editions", "people", "records", "threads"]
