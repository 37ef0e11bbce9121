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
        small, large = scene.cycle("board-30", 30, edition), scene.cycle("board-200", 200, edition)
        for one in (small, large):
            scene.fill(one.submissions.select_related("cycle__edition", "country"))
        scene.repeat(large, PAST)
    server = Server(folder / "board.log", DJANGO_SETTINGS_MODULE="bench.settings")
    server.start()
    try:
        officer = Client(server, scene.officer())
        yield ratio("board_of_200", *against_bare(officer, "/review/cycles/board-200/"), aim=60)
        boards = [against_bare(officer, path)[0] for path in ("/review/cycles/board-200/", "/review/cycles/board-30/")]
        yield ratio("board_of_200_to_one_of_30", *boards, aim=round(200 / 30, 1))
    finally:
        server.kill()
