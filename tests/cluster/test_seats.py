"""Seats: a file that ends its process is tried again and then stands alone; the run's end ends what is graded for it."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from grader.cluster import frames, seats
from grader.cluster.messages import Chunk, Course, File, Hello, Ready, Said, Stamp, packed
from grader.cluster.parcel import parcel
from grader.cluster.seats import TRIES, DiedError, Seats
from grader.cluster.stamp import stamp
from grader.course.load import load_course
from grader.errors import GraderFault
from grader.grading.stamp import digest
from grader.verdict import decode

ROOT = Path(__file__).parents[2]
NOTHING = Said()
STAMP = Stamp("1.2", "c0de", "3.11", {})


def chunk(*learners: str, run: str = "run") -> Chunk:
    files = tuple(File(learner, "say-after", "a.py", b"", None, "A") for learner in learners)
    return Chunk(run, STAMP, "00", {}, files)


@dataclass(eq=False)
class FakeSeat:
    """Dies of a file of `killer`'s; `ready` is what it says of itself."""

    made: "list[FakeSeat]"
    ready: Ready
    prepared: Said = NOTHING
    course: str = ""
    is_there: bool = True
    asked: list[str] = field(default_factory=list)
    stopped: bool = False
    closed: bool = False

    def ask(self, message: msgspec.Struct) -> bytes:
        if not self.is_there:
            raise DiedError
        if isinstance(message, Hello):
            return packed(self.ready)
        if isinstance(message, Course):
            return packed(self.prepared)
        assert isinstance(message, File)
        self.asked.append(message.learner)
        if message.learner == "killer":
            self.is_there = False
            raise DiedError
        return packed(Said(message.learner.encode()))

    def stop(self) -> None:
        self.stopped = True

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[FakeSeat]:
    found: list[FakeSeat] = []

    def make() -> FakeSeat:
        found.append(FakeSeat(found, Ready(STAMP, "A")))
        return found[-1]

    monkeypatch.setattr(seats, "Seat", make)
    return found


def test_one_seat_grades_one_file_after_the_other(made: list[FakeSeat]) -> None:
    there = Seats()
    assert list(there.grade(chunk("ann", "bob"), b"")) == [b"ann", b"bob"]
    assert list(there.grade(chunk("carla"), b"")) == [b"carla"]
    assert [seat.asked for seat in made] == [["ann", "bob", "carla"]]


def test_a_file_that_ends_its_process_is_tried_again_and_then_has_no_verdict(made: list[FakeSeat]) -> None:
    assert list(Seats().grade(chunk("ann", "killer", "bob"), b"")) == [b"ann", b"", b"bob"]
    assert [seat.asked for seat in made] == [["ann", "killer"], ["killer"], ["killer"], ["bob"]]
    assert TRIES == 3
    assert [seat.closed for seat in made] == [True, True, True, False]


def test_a_seat_that_left_meanwhile_is_no_try(made: list[FakeSeat]) -> None:
    there = Seats()
    list(there.grade(chunk("ann"), b""))
    made[0].is_there = False
    assert list(there.grade(chunk("bob"), b"")) == [b"bob"]
    assert made[0].closed


def test_two_chunks_at_once_have_a_seat_each(made: list[FakeSeat]) -> None:
    there = Seats()
    with there._taken(chunk("ann"), b"") as one, there._taken(chunk("bob"), b"") as other:
        assert one is not other


def test_a_seat_that_differs_grades_nothing(made: list[FakeSeat], monkeypatch: pytest.MonkeyPatch) -> None:
    def make(ready: Ready, prepared: Said = NOTHING) -> None:
        monkeypatch.setattr(seats, "Seat", lambda: FakeSeat(made, ready, prepared))

    make(Ready(replace(STAMP, grader="1.1"), "A"))
    with pytest.raises(GraderFault, match=r"^it has grader 1\.1, and here is 1\.2; "):
        list(Seats().grade(chunk("ann"), b""))
    make(Ready(STAMP, refused="isolation A cannot be had here: no"))
    with pytest.raises(GraderFault, match="^isolation A cannot be had here: no$"):
        list(Seats().grade(chunk("ann"), b""))
    make(Ready(STAMP, "A"), Said(refused="the course arrived damaged"))
    with pytest.raises(GraderFault, match="^the course arrived damaged$"):
        list(Seats().grade(chunk("ann"), b""))


def test_at_the_end_of_a_run_who_works_is_stopped_and_who_is_free_goes(made: list[FakeSeat]) -> None:
    there = Seats()
    with there._taken(chunk("ann"), b"") as busy:
        list(there.grade(chunk("bob", run="other"), b""))
        there.end("run")
        assert [(seat.stopped, seat.closed) for seat in made] == [(True, False), (False, True)]
        busy.course = "00"
    assert made[0].closed
    with pytest.raises(GraderFault, match="^the run is over$"):
        list(there.grade(chunk("ann"), b""))
    assert list(there.grade(chunk("ann", run="next"), b"")) == [b"ann"]


# ---------------------------------------------------------------- the real thing

BARE = """
import sys
from grader.cluster.seat import main
from grader.run import process
process._BOOT = process._BOOT.replace("grader.isolation.unisolated", "grader.runner.child_main")
main(sys.argv[1])
"""
KILLER = "import ctypes, os\nctypes.CDLL(None).kill(os.getppid(), 9)\n"


@pytest.fixture(scope="module")
def real() -> tuple[Chunk, bytes]:
    """A chunk of no files, and the course."""
    course = load_course(ROOT)
    exercises = [exercise for exercise in course.exercises if exercise.slug == "say-after"]
    content = parcel(course, exercises)
    digests = {exercise.slug: digest(exercise) for exercise in exercises}
    return Chunk("run", stamp(()), hashlib.sha256(content).hexdigest(), digests, ()), content


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX signals")
def test_a_program_that_kills_the_process_above_it_costs_nobody_anything(real: tuple[Chunk, bytes]) -> None:
    first, second, third = killed_by_the_second(real)
    assert (decode(first).status, decode(second).status, third) == ("passed", "passed", first)


def test_where_nothing_stops_it_that_costs_nobody_else_anything(
    real: tuple[Chunk, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    started = subprocess.Popen

    def bare(command: list[str], **how: Any) -> "subprocess.Popen[bytes]":
        """A seat whose programs have no filter."""
        return started([sys.executable, "-c", BARE, *command[-1:]], **how)

    monkeypatch.setattr("grader.cluster.seats.subprocess.Popen", bare)
    first, second, third = killed_by_the_second(real)
    assert (decode(first).status, second, third) == ("passed", b"", first)


def killed_by_the_second(real: tuple[Chunk, bytes]) -> list[bytes]:
    """The answers to an honest file, one that kills, and the honest one again."""
    empty, course = real
    reference = (ROOT / "solutions" / "05_say_after" / "reference.py").read_bytes()
    killer = File("eve", "say-after", "say_after.py", KILLER.encode() + reference, None, "none")
    honest = File("ann", "say-after", "say_after.py", reference, None, "none")
    there = Seats()
    try:
        return list(there.grade(replace(empty, files=(honest, killer, honest)), course))
    finally:
        there.end("run")


def test_frames_come_out_as_they_went_in_and_an_end_is_an_end() -> None:
    inside, outside = os.pipe()
    for data in (b"", b"one", b"x" * 60_000):
        frames.write(outside, data)
        assert frames.read(inside) == data
    os.write(outside, b"\x00\x00\x00\x09half")
    os.close(outside)
    assert frames.read(inside) is None
    os.close(inside)
