"""The descriptor of everything published as a data package (Frictionless, Tabular Data Package)."""

import re
from typing import Any

from django.conf import settings
from django.urls import reverse

from reporting.models import PublishedIssue
from reporting.published.open_data import Column, Known, OpenTable
from reporting.published.open_tables import TABLES

Data = dict[str, Any]

# Of which table the values of these columns name a row.
REFERENCES = {"indicators": ["cycle", "indicator"], "participation": ["cycle", "iso2"], "cycles": ["cycle"]}
NUMBERS = [
    Column("row", "integer", False, "The number of the row."),
    Column("rows", "integer", False, "How many rows the file has: with fewer it was cut."),
]


def descriptor(known: Known) -> Data:
    """Return the descriptor of what a reader sees; its issues are the sources, and the portal states the licence."""
    found: Data = {
        "profile": "tabular-data-package",
        "name": "published-results",
        "title": f"{settings.PORTAL_NAME}: everything published",
        "description": "What governments reported about themselves, cycle by cycle, as it was published.",
        "homepage": f"{settings.SITE_URL}{reverse('report_list')}",
        "contributors": [{"title": settings.PORTAL_NAME, "path": f"{settings.SITE_URL}/", "role": "publisher"}],
        "resources": [_resource(table) for table in TABLES],
    }
    if sources := [_source(one) for one in known.issues.values()]:
        found["sources"] = sources
    if settings.DATA_LICENCE:
        licence = {"name": re.sub(r"[^-a-zA-Z0-9._]+", "-", settings.DATA_LICENCE), "title": settings.DATA_LICENCE}
        found["licenses"] = [licence | ({"path": settings.DATA_LICENCE_URL} if settings.DATA_LICENCE_URL else {})]
    return found


def _source(issue: PublishedIssue) -> Data:
    title = f"Assessment of {issue.cycle_code}, issue {issue.number}, published {issue.published_at:%Y-%m-%d}"
    if issue.is_example:
        title += " (invented example data)"
    return {"title": title, "path": f"{settings.SITE_URL}{reverse('report', args=[issue.assessment_id])}"}


def _resource(table: OpenTable) -> Data:
    references = _references(table)
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in (*NUMBERS, *table.columns)],
            "primaryKey": table.key,
            "missingValues": [""],
            **({"foreignKeys": references} if references else {}),
        },
    }


def _field(column: Column) -> Data:
    field: Data = {"name": column.name, "type": column.kind, "description": column.meaning}
    return field if column.optional else field | {"constraints": {"required": True}}


def _references(table: OpenTable) -> list[Data]:
    """The rows of other tables that each row of a table belongs to."""
    names = {column.name for column in table.columns}
    return [
        {"fields": fields, "reference": {"resource": other, "fields": fields}}
        for other, fields in REFERENCES.items()
        if other != table.name and names.issuperset(fields)
    ]
