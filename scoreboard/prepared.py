"""Queries put into SQL once and asked often: Django takes longer to write a query than a database to answer it.

PostgreSQL in turn takes longer to plan one than to answer it, so it is told each of them once per connection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.signals import connection_created
from django.db.models import Expression, Field, QuerySet, prefetch_related_objects
from django.db.models.query import ValuesListIterable, get_related_populators
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
    """A query in SQL, and what makes objects of the rows that it finds."""

    sql: str
    params: tuple[Any, ...]
    read: Callable[[list[Any]], list[Any]]

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
        return written.read(rows) if rows else []

    def _write(self, vendor: str) -> Written | None:
        queryset = self.shape(*self.slots)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        read = _reader(queryset, compiler)
        if vendor == "postgresql":
            return Told(sql, params, read, f"portal_{next(_NUMBERS)}")
        return Written(sql, params, read)


def _reader(queryset: Any, compiler: Any) -> Callable[[list[Any]], list[Any]]:
    """Return what makes of rows what Django makes of them, in the steps of its own `ModelIterable`."""
    select, info, annotated = compiler.select, compiler.klass_info, compiler.annotation_col_map or {}
    converters = compiler.get_converters([column for column, *_rest in select])
    if issubclass(queryset._iterable_class, ValuesListIterable):
        return lambda rows: [tuple(row) for row in compiler.apply_converters(rows, converters)]
    begin, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, *_rest in select[begin:end]]
    populators = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # the stubs know a later Django

    def read(rows: list[Any]) -> list[Any]:
        found = []
        for row in compiler.apply_converters(rows, converters):
            one = info["model"].from_db(DEFAULT_DB_ALIAS, names, row[begin:end])
            for populator in populators:
                populator.populate(row, one)
            for name, position in annotated.items():
                setattr(one, name, row[position])
            found.append(one)
        prefetch_related_objects(found, *queryset._prefetch_related_lookups)
        return found

    return read
