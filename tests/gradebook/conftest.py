"""A gradebook to try things on, in SQLite and in a real PostgreSQL that is started for the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.gradebook.opening import Gradebook, opened
from tests.gradebook.postgresql import Server, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a gradebook may be that is not there yet."""
    if request.param == "sqlite":
        return str(tmp_path / "gradebook.sqlite")
    server: Server = request.getfixturevalue("server")
    return server.database()


@pytest.fixture
def book(place: str) -> Iterator[Gradebook]:
    with opened(place) as book:
        yield book
