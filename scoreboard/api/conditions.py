"""Conditional writing: who changes something says with If-Match which state of it they read."""

import hashlib
import json
import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

# A proxy that compresses an answer marks its tag as weak, W/"…"; what it names is the same.
TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')


class NoCondition(APIException):
    """The request does not say what it read (428)."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = gettext_lazy(
        "Read it first, and send the ETag of that answer with this request, in the header If-Match."
    )


class Changed(APIException):
    """What was read is not what is stored now (412); `members` of the problem show what is, and what was sent."""

    status_code = status.HTTP_412_PRECONDITION_FAILED

    def __init__(self, sentence: str, **members: Any) -> None:
        super().__init__(sentence)
        self.members = members


def tag_read(request: Request) -> str:
    """Return the one tag in If-Match, without its quotation marks; raise NoCondition where there is none."""
    match = TAG.fullmatch(request.headers.get("If-Match", "").strip())
    if match is None:
        raise NoCondition
    return match[1]


def header(tag: str) -> dict[str, str]:
    """Return the header that gives a response its tag."""
    return {"ETag": f'"{tag}"'}


def tag_of(data: Any) -> str:
    """Return the tag of what a response says: another one whenever anything in it is another."""
    return hashlib.sha256(json.dumps(data, cls=JSONEncoder, sort_keys=True).encode()).hexdigest()[:32]


def require_unchanged(request: Request, data: Any) -> None:
    """Raise NoCondition, or Changed unless the request names the tag of `data`, what it would read now."""
    if tag_read(request) != tag_of(data):
        sentence = _("It was changed after you read it. Read it again and decide on what it says now.")
        raise Changed(sentence, current=data)


TAG_OF_RESPONSE = OpenApiParameter(
    "ETag", str, "header", response=[200], description="Names what was read; to be sent in If-Match."
)
CONDITION = [
    OpenApiParameter("If-Match", str, "header", required=True, description="The ETag of what was read."),
    TAG_OF_RESPONSE,
]
