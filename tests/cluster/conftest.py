"""A course of one exercise, and a class in which one program can be made to wait."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cluster.real import ROOT, Processes, ended, grade, processes, records

NAME = "01_first_await"
WAITS = """\
import os
if os.path.exists({marker!r}):
    with open({pipe!r}, "w") as pipe:
        print(os.getppid(), file=pipe)
    while os.path.exists({marker!r}):
        pass
"""


@dataclass(frozen=True)
class Class:
    """`ann` is right and `bob` not yet; `zoe`, the last, waits while `marker` is there, and says so in `pipe`."""

    folder: Path

    @property
    def marker(self) -> Path:
        return self.folder / "marker"

    def wait(self) -> int:
        """Until zoe's program is at work; gives the process that plays it."""
        said = ""
        while not said:  # one that was ended as it began to say so is not at work
            with open(self.folder / "pipe") as pipe:
                said = pipe.readline()
        return int(said)


@pytest.fixture(scope="module")
def class_(tmp_path_factory: pytest.TempPathFactory) -> Class:
    tmp_path = tmp_path_factory.mktemp("cluster")
    for above in ("exercises", "solutions"):
        shutil.copytree(ROOT / above / NAME, tmp_path / above / NAME)
    listed = f"{{id: one, title: One, exercises: [{{folder: {NAME}, title: T}}]}}"
    (tmp_path / "course.yaml").write_text(f"schema: 1\ntitle: C\nunits:\n  - {listed}\n")
    os.mkfifo(tmp_path / "pipe")
    solutions = tmp_path / "solutions" / NAME
    reference = (solutions / "reference.py").read_text()
    made = Class(tmp_path)
    texts = {
        "ann": reference,
        "bob": sorted(solutions.glob("wrong/*.py"))[0].read_text(),
        "zoe": WAITS.format(marker=str(made.marker), pipe=str(tmp_path / "pipe")) + reference,
    }
    for learner, text in texts.items():
        (tmp_path / "class" / learner).mkdir(parents=True)
        (tmp_path / "class" / learner / "first_await.py").write_text(text)
    return made


@pytest.fixture(scope="module")
def whole(class_: Class, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The records of this machine, without isolation."""
    out = tmp_path_factory.mktemp("whole")
    with processes() as found:
        code, _, told = ended(grade(found, class_.folder, out, "--isolation", "none"))
    assert code == 0, told
    return records(out)


@pytest.fixture
def started() -> Iterator[Processes]:
    """Whatever happens, nothing of it is left."""
    with processes() as found:
        yield found
