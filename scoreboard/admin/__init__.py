"""The administration: people, countries and editions to maintain; what countries and officers wrote to read.

Every administrator may do all that is offered here (see `User.has_perm`). Submissions, answers and the logs are
read-only: they change by the verbs, never here.
"""

from scoreboard.admin import countries, editions, operations, people, records, threads, webhooks

__all__ = ["countries", "editions", "operations", "people", "records", "threads", "webhooks"]
