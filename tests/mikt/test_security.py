"""Security headers and cookies, and where weaknesses are reported."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.test import Client

from scoreboard import clock

NAMES = [
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "LANGUAGE_COOKIE_NAME",
    "MESSAGE_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "LANGUAGE_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
]


def read_settings(**environment):
    """Return the settings that a portal with this environment has."""
    code = f"import json; from mikt import settings; print(json.dumps([getattr(settings, name) for name in {NAMES}]))"
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "x" * 50, "ACTIVITY_KEY": "y" * 50, **environment}
    return json.loads(
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
    )


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ["sessionid", "csrftoken", "django_language", "messages", False, False, False, 0, False, False]),
        (
            {"SITE_URL": "https://portal.example.org"},
            [
                "__Host-sessionid",
                "__Host-csrftoken",
                "__Host-django_language",
                "__Host-messages",
                True,
                True,
                True,
                31_536_000,
                True,
                True,
            ],
        ),
        (
            {"SITE_URL": "https://portal.example.org", "HSTS_SECONDS": "300", "HSTS_SUBDOMAINS": "false"},
            [
                "__Host-sessionid",
                "__Host-csrftoken",
                "__Host-django_language",
                "__Host-messages",
                True,
                True,
                True,
                300,
                False,
                False,
            ],
        ),
        (
            {"HSTS_SECONDS": "300"},
            ["sessionid", "csrftoken", "django_language", "messages", False, False, False, 0, False, False],
        ),
    ],
)
def test_cookies_and_https(environment, expected):
    assert read_settings(**environment) == expected


def test_pages_may_not_use_the_camera(db):
    said = Client().get("/accounts/help/").headers["Permissions-Policy"]
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(said.split(", "))


def test_where_weaknesses_are_reported(db, settings, daytime):
    settings.SECURITY_CONTACT, settings.SITE_URL = "mailto:security@example.org", "https://portal.example.org"
    response = Client().get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    expires = said.pop("Expires")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", expires)
    assert clock.now().isoformat() < expires
    assert said == {
        "Contact": "mailto:security@example.org",
        "Preferred-Languages": "en",
        "Canonical": "https://portal.example.org/.well-known/security.txt",
    }


def test_nothing_is_said_without_an_address(db):
    assert Client().get("/.well-known/security.txt").status_code == 404


def test_every_page_says_what_browsers_may_load(db):
    headers = Client().get("/accounts/help/").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"].startswith("'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
