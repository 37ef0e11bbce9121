"""The portal's settings with the bare views beside its own, for the measured server."""

from mikt.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
