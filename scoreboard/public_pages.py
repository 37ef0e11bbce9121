"""The state of the public pages: what everybody reads is stored under its number, and nothing older is given out.

A verb that changes what everybody reads calls `change` in its transaction: with its commit every stored page is of an
earlier number.
"""

from django.db import connection
from django.db.models import F

from scoreboard import clock
from scoreboard.models import PublicPages

ROW = 1  # the only one


def change() -> None:
    """Let no page that was made before this transaction be given out after it."""
    changed = PublicPages.objects.filter(pk=ROW).update(number=F("number") + 1, changed_at=clock.now())
    if not changed:
        PublicPages.objects.get_or_create(pk=ROW, defaults={"number": 1})


def number() -> int:
    """Return the number of the current state, 0 before the first change."""
    # In SQL, since each public page asks: the ORM takes longer over the question than a stored page over the answer.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number FROM {PublicPages._meta.db_table} WHERE id = %s", [ROW])  # noqa: S608
        found = cursor.fetchone()
    return int(found[0]) if found else 0
