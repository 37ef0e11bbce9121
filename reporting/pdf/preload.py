"""Prepares typesetting once, in the server from which its processes fork: importing this is the preparation."""

import gc
from pathlib import Path

from reporting.pdf import typesetting

if typesetting.missing() is None:
    typesetting.section(typesetting.FIRST, Path(__file__).resolve().parents[2] / "static")
    gc.collect()
    gc.freeze()
