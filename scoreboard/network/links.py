"""Trying the links of resources from the worker, where the operator allows it: only https, only public addresses.

A link that somebody proposed must not lead the server to what only it can reach (see `outgoing`); a redirect is checked
in the same way. Nothing is read of a page but the answer's first line and headers.
"""

import logging
from datetime import timedelta
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db.models import F, Q

from scoreboard import clock, public_pages
from scoreboard.models import Resource
from scoreboard.outgoing import ToAddress, Unsafe, public_address

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)  # for each link
AT_ONCE = 20  # links in one round, so that the worker is soon back
REDIRECTS = 3
FOR_PROGRAMS = (401, 403, 405, 416, 429)  # refusals that are meant for programs, and not for readers


def check_due() -> int:
    """Try the links that were not tried for a day, if the operator allows it; return how many were tried."""
    if not settings.CHECK_LINKS:
        return 0
    due = Q(link_checked_at=None) | Q(link_checked_at__lt=clock.now() - EVERY)
    found = Resource.objects.published().filter(due, url__startswith="https://").order_by("link_checked_at", "pk")
    tried = list(found[:AT_ONCE])
    for resource in tried:
        check(resource)
    return len(tried)


def check(resource: Resource) -> None:
    """Try the link of a resource and store whether it works; pages say so once it has not for some days."""
    works = is_there(resource.url)
    stored = Resource.objects.filter(pk=resource.pk, url=resource.url)  # unless it was changed meanwhile
    failures = 0 if works else F("link_failures") + 1
    stored.update(link_checked_at=clock.now(), link_failures=failures)
    was_broken = resource.is_broken
    resource.refresh_from_db()
    if resource.is_broken != was_broken:
        public_pages.change()


def is_there(url: str) -> bool:
    """Return whether something answers at an address; False for one that the server may not connect to."""
    try:
        for _step in range(REDIRECTS + 1):
            status, onward = _ask(url)
            if not onward:
                return status < 400 or status in FOR_PROGRAMS
            url = urljoin(url, onward)
    except (Unsafe, OSError, HTTPException, ValueError) as problem:
        log.info("A link could not be tried: %s", problem)
    return False


def _ask(url: str) -> tuple[int, str]:
    """Return the status of an address, and where it redirects to; raise Unsafe unless it is public and https."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host or parts.port not in (None, 443):
        raise Unsafe(url)
    connection = ToAddress(host, public_address(host))
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": "link check", "Range": "bytes=0-0"})
        response = connection.getresponse()
        onward = response.getheader("Location", "") if 300 <= response.status < 400 else ""
        return response.status, onward or ""
    finally:
        connection.close()
