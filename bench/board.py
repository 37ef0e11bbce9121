"""The board of a cycle with 200 countries, in tables that ten past cycles fill, as a ratio to a bare view."""

from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from bench import scene
from bench.figure import Figure
from bench.saving import Client, against_bare, ratio
from bench.server import Server

PAST = 10  # cycles


def measure(folder: Path) -> Iterator[Figure]:
    """Yield what the board costs, and what its rows cost from 30 to 200, which is no more than linear."""
    with transaction.atomic():
        edition = scene.edition()
        small, large = scene.cycle("2026", 30, edition), scene.cycle("2027", 200, edition)
        for one in (small, large):
            scene.fill(one.submissions.select_related("cycle__edition", "country"))
        scene.repeat(large, PAST)
    server = Server(folder / "board.log", DJANGO_SETTINGS_MODULE="bench.settings")
    server.start()
    try:
        officer = Client(server, scene.officer())
        yield ratio("board_of_200", *against_bare(officer, "/cycles/2027/"), aim=60)
        boards = [against_bare(officer, path)[0] for path in ("/cycles/2027/", "/cycles/2026/")]
        yield ratio("board_of_200_to_one_of_30", *boards, aim=200 / 30)
    finally:
        server.kill()
