"""Reading the flat tables of the API: as pages of JSON, and as CSV files."""

import csv
import io

from django.test import Client

ROOT = "/api/v1/published/"


def get(path: str, client=None, status=200, **query):
    response = (client or Client()).get(ROOT + path, query)
    assert response.status_code == status, response.getvalue()
    return response


def pages(name: str, client=None, **query) -> list[dict]:
    """Return all rows of a table, page by page."""
    found, n = [], 1
    while True:
        answer = get(f"{name}/", client, page=n, page_size=97, **query).json()
        found += answer["results"]
        if not answer["next"]:
            assert len(found) == answer["count"]
            return found
        n += 1


def file(name: str, client=None, **query) -> list[dict]:
    """Return the rows of a CSV file, which says how many they are."""
    content = get(f"{name}.csv", client, **query).getvalue().decode()
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [(row.pop("row"), row.pop("rows")) for row in rows] == [
        (str(n + 1), str(len(rows))) for n in range(len(rows))
    ]
    return rows


def as_text(value) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    return str(value)


def only(rows: list[dict], *names: str) -> list[tuple]:
    return [tuple(row[name] for name in names) for row in rows]
