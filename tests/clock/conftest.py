"""What several tests of the clock share."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def little_to_collect() -> Iterator[None]:
    """`hygiene` has the garbage collected, which takes long in a process that has imported much: that is left out."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
