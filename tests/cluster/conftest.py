"""A course of one exercise, and a class in which one program can be made to wait."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cluster.real import ROOT, Processes, processes

NAME = "01_first_await"
WAITS = """\
import os
if os.path.exists({marker!r}):
    with open({pipe!r}, "w") as pipe:
        print("here", file=pipe)
    while os.path.exists({marker!r}):
        pass
"""


@dataclass(frozen=True)
class Class:
    """`ann` waits while `marker` is there, and says so in `pipe`; `bob` is not yet right, `carla` is."""

    folder: Path

    @property
    def marker(self) -> Path:
        return self.folder / "marker"

    def wait(self) -> None:
        """Until ann's program is at work."""
        with open(self.folder / "pipe") as pipe:
            assert pipe.readline() == "here\n"


@pytest.fixture
def class_(tmp_path: Path) -> Class:
    for above in ("exercises", "solutions"):
        shutil.copytree(ROOT / above / NAME, tmp_path / above / NAME)
    listed = f"{{id: one, title: One, exercises: [{{folder: {NAME}, title: T}}]}}"
    (tmp_path / "course.yaml").write_text(f"schema: 1\ntitle: C\nunits:\n  - {listed}\n")
    os.mkfifo(tmp_path / "pipe")
    solutions = tmp_path / "solutions" / NAME
    reference = (solutions / "reference.py").read_text()
    made = Class(tmp_path)
    texts = {
        "ann": WAITS.format(marker=str(made.marker), pipe=str(tmp_path / "pipe")) + reference,
        "bob": sorted(solutions.glob("wrong/*.py"))[0].read_text(),
        "carla": reference,
    }
    for learner, text in texts.items():
        (tmp_path / "class" / learner).mkdir(parents=True)
        (tmp_path / "class" / learner / "first_await.py").write_text(text)
    return made


@pytest.fixture
def started() -> Iterator[Processes]:
    """Whatever happens, nothing of it is left."""
    with processes() as found:
        yield found
