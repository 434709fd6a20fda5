"""Whether a late child waits for something of its own: where that is not certain, it may have been the machine."""

import os
import socket
from pathlib import Path

import pytest

from grader.run.rest import number_of, rests
from grader.run.wire import Closed, Late, Wire

SECOND = 1_000_000_000
QUIET = [("S", SECOND, SECOND)]


def threads(folder: Path, *them: tuple[str, int, int]) -> Path:
    """As the system shows those of process 7: their state, what they computed, and how long they stood in line."""
    for number, (state, computed, waited) in enumerate(them):
        thread = folder / "7" / "task" / str(number)
        thread.mkdir(parents=True)
        (thread / "stat").write_text(f"{number} (a) R (b)) {state} 1 2 3")
        (thread / "schedstat").write_text(f"{computed} {waited} 12\n")
    return folder


def test_a_child_that_sleeps_and_has_hardly_done_anything_waits_for_something_of_its_own(tmp_path: Path) -> None:
    assert rests(7, 19, 20, threads(tmp_path, *QUIET, *QUIET))


@pytest.mark.parametrize(
    "them",
    [
        [("R", SECOND, SECOND)],
        [("D", SECOND, SECOND)],
        [*QUIET, ("R", SECOND, 0)],
        [("S", SECOND, 5 * SECOND)],
        [("S", 5 * SECOND, SECOND)],
        [("S", 2 * SECOND, SECOND), ("S", SECOND, 2 * SECOND)],
        [("S", 0, 0)],
        [],
    ],
    ids=["runs", "reads a disk", "a thread runs", "in line", "computed", "both together", "nothing is counted", "gone"],
)
def test_any_other_may_have_waited_for_the_machine(them: list[tuple[str, int, int]], tmp_path: Path) -> None:
    assert not rests(7, 19, 20, threads(tmp_path, *them))


def test_so_may_who_spoke_a_moment_ago_and_who_is_not_known(tmp_path: Path) -> None:
    there = threads(tmp_path, *QUIET)
    assert not rests(7, 9, 20, there)
    assert not rests(None, 19, 20, there)
    (there / "7" / "task" / "0" / "schedstat").unlink()
    assert not rests(7, 19, 20, there)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="the system has no such descriptors")
def test_a_process_is_known_by_its_descriptor() -> None:
    descriptor = os.pidfd_open(os.getpid())
    try:
        assert number_of(descriptor) == os.getpid()
    finally:
        os.close(descriptor)
    assert number_of(-1) is None


def test_silence_begins_where_all_that_was_heard_is_answered() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire = Wire(ours)
        wire.new_case(0.001)
        assert wire.silence() == 0  # nothing was asked
        with pytest.raises(Late):
            wire.receive()
        assert wire.silence() > 0
        theirs.send(b"[")
        assert wire.silence() == 0  # what came is not taken in yet
        wire.new_case(60)
        theirs.close()
        with pytest.raises(Closed):
            wire.receive()
        assert wire.silence() == 0
