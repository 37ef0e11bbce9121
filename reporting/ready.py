"""Prepares typesetting once, in the server from which its processes fork: importing this is the preparation."""

from pathlib import Path

from reporting import typesetting

if typesetting.missing() is None:
    typesetting.prepare(Path(__file__).resolve().parents[1] / "static")
