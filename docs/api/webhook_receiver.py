#!/usr/bin/env python3
"""Check that a message of a webhook came from the portal; the rest of a receiver is what you make of it.

    from webhook_receiver import payload
    data = payload(secret, headers, body)

`secret` is what the portal showed when the webhook was added (whsec_…), `headers` those of the request, and `body` its
bytes as they came. Needs Python 3.11 and nothing else; the headers are those of Standard Webhooks, for which most
languages have a library.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

MINUTES = 5  # older messages are refused: somebody may have recorded them


def payload(secret: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """Return what a message says; raise ValueError if it is not the portal's, or too old."""
    found = {name.lower(): value for name, value in headers.items()}
    identifier, timestamp = found["webhook-id"], found["webhook-timestamp"]
    if abs(time.time() - int(timestamp)) > MINUTES * 60:
        raise ValueError("The message is too old.")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{identifier}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    expected = f"v1,{base64.b64encode(signed).decode()}"
    if not any(hmac.compare_digest(expected, one) for one in found["webhook-signature"].split()):
        raise ValueError("The message was not signed with this secret.")
    return json.loads(body)
