#!/usr/bin/env python3
"""Print the levels that one country reported, cycle by cycle, from the portal's open data.

    python3 levels.py https://portal.example.org MT

Needs Python 3.11 and nothing else. "|" parts cycles between which the wording of the indicator changed: do not compare
levels across it.
"""

import csv
import io
import json
import sys
from urllib.error import HTTPError
from urllib.parse import quote, urljoin
from urllib.request import urlopen


def get(address: str) -> str:
    """Return the text at an address; an error of the API ends the program with its sentence."""
    try:
        with urlopen(address, timeout=60) as answer:  # noqa: S310 - the address is the caller's
            return answer.read().decode("utf-8")
    except HTTPError as error:
        sys.exit(json.load(error)["detail"])


def table(root: str, name: str, **chosen: str) -> list[dict[str, str]]:
    """Return the rows of a table; raise ValueError if the file was cut on its way."""
    package = json.loads(get(root))
    path = next(one["path"] for one in package["resources"] if one["name"] == name)
    query = "&".join(f"{key}={quote(value)}" for key, value in chosen.items())
    rows = list(csv.DictReader(io.StringIO(get(f"{urljoin(root, path)}?{query}"), newline="")))
    if rows and len(rows) != int(rows[0]["rows"]):
        raise ValueError(f"{name} has {len(rows)} rows instead of {rows[0]['rows']}.")
    return rows


def lines(rows: list[dict[str, str]]) -> list[str]:
    """Return a line for each indicator, with what the country answered in each cycle."""
    cycles = list(dict.fromkeys(row["cycle"] for row in rows))
    found = [f"{'':8}" + "".join(f"{cycle:>8}" for cycle in cycles)]
    by_label: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        by_label.setdefault(row["label"], {})[row["cycle"]] = row
    signs = {"not_applicable": "n/a", "unknown": "?"}
    for label, given in by_label.items():
        line, before = f"{label:8}", None
        for cycle in cycles:
            row = given.get(cycle)
            answer = "" if row is None else row["level"] or signs[row["kind"]]
            parted = row is not None and before is not None and row["series"] != before["series"]
            line += f"{'|' if parted else ' '}{answer:>7}"
            before = row or before
        found.append(line)
    return found


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    portal, country = sys.argv[1:]
    rows = table(f"{portal.rstrip('/')}/api/v1/published/datapackage.json", "levels", country=country)
    for questionnaire in dict.fromkeys(row["questionnaire"] for row in rows):
        print(questionnaire)
        print("\n".join(lines([row for row in rows if row["questionnaire"] == questionnaire])))
    if not rows:
        print(f"Nothing is published of {country}.")
