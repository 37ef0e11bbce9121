#!/usr/bin/env python3
"""File a whole submission of a country from a table: its answers with their evidence, then the declaration.

    PORTAL_TOKEN=portal_… python3 submit.py https://portal.example.org 2026 answers.csv "A. Name" "Head of unit"

Needs Python 3.11 and nothing else, and a token of a focal point with the scopes "read" and "write". The table is a CSV
file in UTF-8 with the columns indicator, kind (level, not_applicable or unknown), level, reason, comment and evidence:
the name of a file beside the table, or an address. Run again, it changes what is another in the table by now.

It prints the receipt. Where an answer is missing it submits nothing and says which; where one looks odd, neither, until
"--confirm" at the end of the command says that they are right.
"""

import csv
import hashlib
import json
import os
import secrets
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

JSON = "application/json"


def ask(method: str, address: str, body: bytes | None = None, kind: str = JSON, tag: str = "") -> tuple[Any, str]:
    """Return what the portal answers, and its ETag; a refusal ends the program with its sentence.

    `tag` is the ETag of what was read, without which the portal changes nothing.
    """
    headers = {"Authorization": f"Bearer {os.environ['PORTAL_TOKEN']}", "Content-Type": kind, "If-Match": tag}
    request = Request(address, body, {name: value for name, value in headers.items() if value}, method=method)  # noqa: S310
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - the address is the caller's
            return json.load(answer), answer.headers.get("ETag", "")
    except HTTPError as error:
        if error.code == 429:  # too many requests in this minute
            time.sleep(int(error.headers["Retry-After"]))
            return ask(method, address, body, kind, tag)
        sys.exit(f"{method} {address}: {json.load(error)['detail']}")


def save(address: str, row: dict[str, str], folder: Path) -> None:
    """Save the answer of a row over what the portal has now, and attach its evidence unless it is there."""
    stored, tag = ask("GET", address)
    given = {name: row[name] for name in ("kind", "reason", "comment")}
    given["level"] = int(row["level"]) if row["level"] else None
    ask("PUT", address, json.dumps(given).encode(), tag=tag)
    evidence = row["evidence"]
    if evidence.startswith(("https://", "http://")):
        if evidence not in [piece["url"] for piece in stored["evidence"]]:
            ask("POST", f"{address}evidence/", json.dumps({"url": evidence}).encode())
    elif evidence:
        content = (folder / evidence).read_bytes()
        if hashlib.sha256(content).hexdigest() not in [piece["sha256"] for piece in stored["evidence"]]:
            ask("POST", f"{address}evidence/", *upload(Path(evidence).name, content))


def upload(name: str, content: bytes) -> tuple[bytes, str]:
    """Return a file as the body of a request, and the kind of that body."""
    boundary = secrets.token_hex(16)
    filename = name.replace('"', "%22")
    disposition = f'Content-Disposition: form-data; name="file"; filename="{filename}"'
    head = f"--{boundary}\r\n{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n"
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def submit(address: str, declaration: dict[str, Any], confirm: bool) -> dict[str, Any]:
    """Submit what is saved, unless something is missing or odd, and return the receipt."""
    check, _tag = ask("GET", f"{address}check/")
    for one in check["gaps"] + check["doubts"]:
        print(f"{one['label']}: {one['sentence']}", file=sys.stderr)
    if check["gaps"] or (check["doubts"] and not confirm):
        sys.exit("Nothing is submitted.")
    declaration["confirmed"] = [doubt["key"] for doubt in check["doubts"]]
    _submission, tag = ask("GET", address)
    ask("POST", f"{address}submit/", json.dumps(declaration).encode(), tag=tag)
    return ask("GET", f"{address}receipt/")[0]


if __name__ == "__main__":
    confirmed = sys.argv[-1] == "--confirm"
    arguments = sys.argv[1 : -1 if confirmed else None]
    if len(arguments) != 5 or "PORTAL_TOKEN" not in os.environ:
        sys.exit(__doc__)
    portal, cycle, table, name, capacity = arguments
    api = f"{portal.rstrip('/')}/api/v1/submissions/"
    found = ask("GET", f"{api}?cycle={quote(cycle)}")[0]["results"]
    if len(found) != 1:
        sys.exit(f"In {cycle} {len(found)} submissions are yours.")
    submission = f"{api}{found[0]['id']}/"
    with open(table, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            save(f"{submission}answers/{quote(row['indicator'])}/", row, Path(table).parent)
    receipt = submit(submission, {"declared_by": name, "capacity": capacity}, confirmed)
    print(f"Submitted on {receipt['at']} as version {receipt['number']}. SHA-256 of the whole: {receipt['digest']}")
    for line in receipt["lines"]:
        print(f"{line['label']:8} {line['digest']}")
