"""Submissions that are played at the same time: one that takes all that it can get costs the other nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from grader.course.model import Limits
from grader.referee.world import World
from grader.run.child import Child
from grader.run.levels import ISOLATED, level_of, why_not
from grader.run.limits import complete
from tests.staging import staged, waiting

LIMITS = complete(Limits(cpu_seconds=5, wall_seconds=60, memory_mb=256, threads=50))
GREEDY = """
import ctypes, mmap, os, struct
libc = ctypes.CDLL(None, use_errno=True)
kept = []

def pair():
    made = (ctypes.c_int * 2)()
    return list(made) if libc.socketpair(1, 1 | 0x800, 0, made) == 0 else []

def take_descriptors():
    taken = 0
    here, one = pair()[0], ctypes.create_string_buffer(b"x")
    for _ in range(500):
        sending = pair()
        if not sending:
            break
        control = ctypes.create_string_buffer(struct.pack("Qiiii", 24, 1, 1, *sending))
        vector = (ctypes.c_size_t * 2)(ctypes.addressof(one), 1)
        libc.sendmsg(here, struct.pack("PIPQPQi", 0, 0, ctypes.addressof(vector), 1, ctypes.addressof(control), 24, 0), 0x4000)
        taken += 2
        for each in sending:
            os.close(each)
    return taken

def take_threads():
    pause, taken = ctypes.cast(libc.pause, ctypes.c_void_p), 0
    small = ctypes.create_string_buffer(64)
    libc.pthread_attr_init(small)
    libc.pthread_attr_setstacksize(small, ctypes.c_size_t(2**16))
    while libc.pthread_create(ctypes.byref(ctypes.c_ulong()), small, pause, None) == 0:
        taken += 1
    return taken

def take_memory():
    try:
        while True:
            kept.append(bytearray(2**20))
    except MemoryError:
        return len(kept)
    finally:
        kept.pop()

def take_disk():
    try:
        for number in range(300):
            with open(str(number), "wb") as file:
                file.write(bytes(2**16))
    except OSError:
        return number

async def main(held):
    await held([take() for take in (take_threads, take_disk, take_descriptors, take_memory)])
    libc.pause()
"""
HONEST = b"""
import os, threading
async def main(op):
    found = []
    threads = [threading.Thread(target=found.append, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = bytearray(100 * 2**20)
    files = [os.open("/dev/null", os.O_RDONLY) for _ in range(10)]
    return await op(1, len(found))
"""


@pytest.fixture(params=ISOLATED)
def level(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if why_not(name):
        pytest.skip(f"isolation {name} cannot be had here: {why_not(name)}")
    return name


@contextmanager
def holding(level: str) -> Iterator[None]:
    """While this lasts a program holds all that it could take."""
    held = threading.Event()
    took: list[int] = []

    def build(world: World) -> list[Any]:
        async def tell(found: list[int]) -> None:
            took.extend(found)
            held.set()

        return [world.function(tell, "held")]

    greedy = Child(GREEDY.encode(), "greedy.py", LIMITS, level_of(level))
    beside = threading.Thread(target=greedy.run, args=(staged(build, limits=LIMITS),))
    beside.start()
    try:
        assert held.wait(50)
        threads, files, descriptors, megabytes = took
        assert threads >= 40
        assert files >= (50 if level == "A" else 0)  # of 64 kB each, of a disk of 4 MB; B has no disk
        assert descriptors >= 20
        assert megabytes >= 100
        yield
    finally:
        process = greedy._process
        assert process is not None
        process._kill()  # type: ignore[attr-defined]
        beside.join()
        greedy.close()


def test_what_one_takes_is_not_missing_for_another(level: str) -> None:
    with holding(level):
        honest = Child(HONEST, "honest.py", LIMITS, level_of(level))
        try:
            outcome = honest.run(staged(lambda world: [waiting(world)], limits=LIMITS)).outcome
        finally:
            honest.close()
    assert (outcome.kind, outcome.failure, outcome.value) == ("result", None, 10)


OPEN = b"""
import os
async def main(op):
    found = []
    for number in range(256):
        try:
            os.fstat(number)
            found.append(number)
        except OSError:
            pass
    return found
"""


def test_a_job_has_its_connection_and_nothing_else_that_is_open(level: str) -> None:
    with holding(level):
        child = Child(OPEN, "program.py", LIMITS, level_of(level))
        try:
            outcome = child.run(staged(lambda world: [waiting(world)], limits=LIMITS)).outcome
        finally:
            child.close()
    assert outcome.value == [0, 1, 2, 3]
