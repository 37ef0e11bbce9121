"""Queries put into SQL once and asked often: Django takes longer to write a query than a database to answer it.

PostgreSQL in turn takes longer to plan one than to answer it, so it is told each of them once per connection.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from itertools import count
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.signals import connection_created
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.dispatch import receiver
from psycopg2.extensions import AsIs

Row = TypeVar("Row")

_NUMBERS = count(1)


class Slot(Expression):
    """A place in a query for a value that each asking brings along."""

    def __init__(self, number: int, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.number = number

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]


@dataclass(frozen=True)
class Written:
    """A query in SQL, with all that makes objects of the rows that it finds."""

    queryset: "QuerySet[Any, Any]"
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]

    def asked(self, values: list[Any], connection: Any) -> tuple[str, list[Any]]:
        """Return what to execute, and with what."""
        return self.sql, [values[param.number] if isinstance(param, Slot) else param for param in self.params]


@dataclass(frozen=True)
class Told(Written):
    """A query that each connection to PostgreSQL is told once, and then asked by its name."""

    name: str

    def asked(self, values: list[Any], connection: Any) -> tuple[str, list[Any]]:
        if self.name not in connection.told:
            self._tell(connection)
        return f"EXECUTE {self.name}" + (f" ({', '.join(['%s'] * len(values))})" if values else ""), values

    def _tell(self, connection: Any) -> None:
        params = [AsIs(f"${param.number + 1}") if isinstance(param, Slot) else param for param in self.params]
        with connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self.name} AS {self.sql}", params)
        connection.told.add(self.name)


@receiver(connection_created)
def _forget(connection: Any, **kwargs: Any) -> None:
    """What one connection was told, the next has never heard."""
    connection.told = set()


class Prepared(Generic[Row]):
    """A query whose shape never changes.

    `shape` returns it, given a slot for each of `fields`; calling the query with as many values returns what it finds.
    """

    def __init__(self, shape: Callable[..., "QuerySet[Any, Row]"], *fields: "Field[Any, Any]") -> None:
        self.shape = shape
        self.slots = [Slot(number, field) for number, field in enumerate(fields)]
        self.written: dict[str, Written | None] = {}  # by kind of database; None for what can find nothing

    def __call__(self, *values: Any) -> list[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor not in self.written:
            self.written[connection.vendor] = self._write(connection.vendor)
        if (written := self.written[connection.vendor]) is None:
            return []
        given = [slot.output_field.get_db_prep_value(v, connection) for slot, v in zip(self.slots, values, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(*written.asked(given, connection))
            rows = cursor.fetchall()
        return _objects(written, rows, connection) if rows else []

    def _write(self, vendor: str) -> Written | None:
        queryset = self.shape(*self.slots)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        converters = compiler.get_converters([column for column, *_rest in compiler.select])
        compiler.get_converters = lambda *args: converters
        if vendor == "postgresql":
            return Told(queryset, compiler, sql, params, f"portal_{next(_NUMBERS)}")
        return Written(queryset, compiler, sql, params)


def _objects(written: Written, rows: list[Any], connection: Any) -> list[Any]:
    """Let Django make of the rows what it makes of those that it has asked for."""
    compiler, found = copy(written.compiler), written.queryset.all()
    # The rows are here already: on these copies, Django's own way from rows to objects must not ask for them again.
    compiler.connection = connection
    compiler.execute_sql = lambda *args, **kwargs: [rows]  # type: ignore[assignment, method-assign]
    found.query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
    return list(found)
