"""Asking for a PDF that the worker makes, as a browser does."""

from django.http import HttpResponse
from django.test import Client

from reporting.pdf import single


def made(client: Client, address: str) -> HttpResponse:
    """Ask for a paper, let the worker make it, and follow the page that comes back by itself."""
    waiting = client.get(address)
    assert waiting.status_code == 202
    single.make_waiting()
    return client.get(waiting["Refresh"].partition("url=")[2])
