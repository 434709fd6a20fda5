"""Verdicts of every kind, as records: the same files pin what old records look like."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.verdict import Verdict, decode

Named = Callable[[str], Verdict]


@pytest.fixture
def verdict() -> Named:
    return lambda name: decode((Path(__file__).parent / "verdicts" / f"{name}.json").read_bytes())
