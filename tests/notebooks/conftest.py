"""A small course of one unit and two exercises, built for nbgrader, whose own programs are run on it in this process."""

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.notebooks.classroom import Classroom, small_course

if find_spec("nbgrader") is None:  # large, and not on every Python; importing it takes seconds
    collect_ignore_glob = ["test_*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What nbgrader and Jupyter warn of on a newer Python is theirs to mend."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore"))


@pytest.fixture(scope="session", autouse=True)
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the user's own Jupyter is read or written, and `alembic`, which nbgrader calls, is on the path."""
    home = tmp_path_factory.mktemp("jupyter")
    here = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in here.items():
            patch.setenv(name, value)
        patch.delenv("GRADER_COURSE", raising=False)
        yield


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def alembic() -> Iterator[None]:
    """nbgrader asks a process of its own for this, which takes five seconds; its commands still do."""
    import nbgrader.api

    from grader.notebooks.sooner import newest

    head = newest()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nbgrader.api, "get_alembic_version", lambda: head)
        yield


@pytest.fixture(scope="session")
def released(course: Path, alembic: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built, and generated with nbgrader; nothing is handed in."""
    room = Classroom.build(course, tmp_path_factory.mktemp("released"))
    room.generate()
    return room.root


@pytest.fixture
def room(course: Path, released: Path, tmp_path: Path) -> Classroom:
    """One of one's own, just released."""
    root = tmp_path / "nbcourse"
    shutil.copytree(released, root)
    return Classroom(course, root)
