"""Semaphores of pools: those of a grader that was killed are taken away, and nobody else's are touched."""

import multiprocessing
import os
from pathlib import Path

import pytest

from grader.grading import workers
from grader.run import semaphores
from grader.run.folders import owner_of

pytestmark = pytest.mark.skipif(
    not (Path("/proc/self/ns/pid").exists() and Path(semaphores.PLACE).is_dir()), reason="needs Linux, with /proc"
)
NOBODY = 2**22 + 1  # the system gives no such number to a process


def name_of(*words: object) -> str:
    return f"{'+'.join(map(str, ('sem.grader', *words)))}+-abc"


def test_those_of_the_dead_are_swept_and_all_others_stay(tmp_path: Path) -> None:
    process, start, boot, space = owner_of(os.getpid()).split()
    left = [name_of(NOBODY, start, boot, space), name_of(process, "1", boot, space)]
    others = [
        name_of(process, start, boot, space),
        name_of(NOBODY, start, "another-boot", space),
        name_of(NOBODY, start, boot, "1"),
        name_of("nobody", start, boot, space),
        name_of(),
        "sem.mp-abc",
        f"x{left[0]}",
    ]
    for name in (*left, *others):
        (tmp_path / name).write_text("")
    (tmp_path / name_of(NOBODY, "2", boot, space)).symlink_to(tmp_path / others[0])
    semaphores.sweep(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*others, name_of(NOBODY, "2", boot, space)])


def test_those_of_a_pool_say_whose_they_are_and_others_are_called_as_ever() -> None:
    before = "+".join(["sem.grader", *owner_of(os.getpid()).split(), "-"])

    def ours() -> int:
        return sum(name.startswith(before) for name in os.listdir(semaphores.PLACE))

    with workers.processes(1):
        held = ours()
        lock = multiprocessing.get_context("spawn").Lock()
        assert (held > 3, ours()) == (True, held)
    del lock
