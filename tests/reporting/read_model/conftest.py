"""What tests of the read model may ask for: published cycles of two questionnaires, with what was drawn for them."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.reporting.over_cycles import ROUNDS, Truth


@pytest.fixture(scope="module", params=[1, 2])
def truths(module_db, request) -> Iterator[dict[str, Truth]]:
    with transaction.atomic():
        yield {name: Truth(name, 10 * request.param + n) for n, name in enumerate(ROUNDS)}
        transaction.set_rollback(True)
