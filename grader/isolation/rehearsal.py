"""A job played in the zygote before any is: what Python and we make at first use is then there when a job is forked.

The program is ours, and what it asks is answered here. A job is as it was but for its pace: of what a short program costs, an
interpreter that has to get used to it is by far the most.
"""

import gc
import json
import os
import tempfile
from typing import Any

from grader.runner import child_main
from grader.runner.folder import place
from grader.runner.standing import STANDING
from grader.runner.traces import Traces

ROUNDS = 4  # of four entries each: Python looks at code that was run some times, and again after some more
_SOURCE = """
import asyncio


async def one_by_one(work, count):
    return [await work(each) for each in range(count)]


async def together(work, count):
    tasks = [asyncio.create_task(work(each)) for each in range(count)]
    print(count, "tasks")
    return [await task for task in tasks]


async def grouped(work, count):
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        tasks = [group.create_task(work(number)) for number in range(count)]
    await asyncio.sleep(1)
    return {task.result() for task in tasks}


async def gathered(work, count):
    found = await asyncio.gather(*(asyncio.wait_for(work(each), 60) for each in range(count)))
    raise ValueError(found)
"""
_EARLIER = """
import asyncio
import random
from typing import AsyncIterator


async def readings(count: int) -> AsyncIterator[float]:
    for _ in range(count):
        await asyncio.sleep(1)
        yield random.uniform(0, 10)
"""
_LATER = """
import asyncio
import random
from typing import List

from rehearsed_before import readings


async def high_water(mark: float, count: int) -> List[float]:
    await asyncio.sleep(random.random())
    return [level async for level in readings(count) if level > mark]


async def how_often(mark: float, counts: List[int]) -> List[int]:
    found = await asyncio.gather(*(asyncio.create_task(high_water(mark, count)) for count in counts))
    print(sum(map(len, found)))
    return [len(levels) for levels in found]
"""
_ENTRIES = ("one_by_one", "together", "grouped", "gathered")
_LIMITS = {"cpu_seconds": 1e6, "turns": 10_000, "tasks": 100, "threads": 10, "output_kb": 64, "reads_past_end": 10}
_WORK = ["r", 0, {"type": "work", "call": "async", "params": ["number"]}]
_SLEEP = ["r", 0, {"type": "sleep", "call": "async", "params": ["delay", "result"], "defaults": {"result": None}}]
_SECOND = 1_000_000_000


class _Answers:
    """In the place of a job's socket, and of the referee behind it.

    Each operation takes a second, and gives back what it was called with; but sleeps that are foreseen end by themselves.
    """

    def __init__(self, starts: list[dict[str, Any]]) -> None:
        self._starts, self._running, self.ends = starts, list[Any](), list[Any]()
        self._answer: Any = None
        self._foreseen = False

    def makefile(self, mode: str) -> "_Answers":
        return self

    def write(self, line: bytes) -> None:
        message = json.loads(line)
        if message[0] == "begin" and not self._foreseen:
            self._running.append(message)
        elif message[0] == "idle":
            self._answer = self._idle(*message[1:])
        elif message[0] == "finish":
            self._running.clear()
            self.ends.append(message[2:])

    def _idle(self, now: int, timer: int | None, number: int) -> list[Any]:
        if not self._running:
            return [timer, None, []]
        _, began, id, _, _, args, _ = self._running[0]
        tick = began + _SECOND
        if timer is not None and timer < tick:
            return [timer, tick, []]
        del self._running[0]
        return [tick, tick, [["end", tick, id, id, ["ok", args[0]]]]]

    def flush(self) -> None:
        """Nothing waits."""

    def readline(self) -> bytes:
        answer, self._answer = self._answer, None
        if answer is None and self._starts:
            answer = self._starts.pop()
            self._foreseen = "foreseen" in answer
        return b"" if answer is None else json.dumps(answer).encode() + b"\n"


def rehearse(rounds: int = ROUNDS) -> list[Any]:
    """Play each entry so many times; gives how each ended, the last one first."""
    ends = _played([_start(entry, number) for number in range(rounds) for entry in _ENTRIES])
    STANDING.take_down()
    gc.collect()
    return ends


def rehearse_files(rounds: int = ROUNDS) -> list[Any]:
    """The same with files that are graded as they are. Raises OSError where no file can be written."""
    ends = list[Any]()
    there, found = os.getcwd(), tempfile.tempdir
    with tempfile.TemporaryDirectory() as home:
        path = place(home, {"rehearsed_before.py": _EARLIER, "rehearsed.py": _LATER})
        folder = {"path": path, "files": {}, "offers": {}, "import_seconds": 1e6, "earlier": ["rehearsed_before.py"]}
        for number in range(rounds):  # each as the first: a process that finds traces ends itself
            start = _start("how_often", number) | {"module": "rehearsed", "args": ["l", -1, ["l", 2, 1]], "source": ""}
            ends += _played([start | {"replaced": {"sleep": _SLEEP}, "foreseen": [0, 2], "folder": folder}])
    os.chdir(there)
    tempfile.tempdir = found  # a job has no such folder, and looks for its own
    STANDING.take_down()
    Traces().mended()
    gc.collect()
    return ends


def _played(starts: list[dict[str, Any]]) -> list[Any]:
    count, connection = len(starts), _Answers(starts)
    child_main.serve(connection, for_good=False)  # type: ignore[arg-type]  # which forks would have, too
    assert len(connection.ends) == count, "not all was played that was to be"
    return connection.ends


def _start(entry: str, number: int) -> dict[str, Any]:
    return {
        "source": _SOURCE,
        "filename": "rehearsal.py",
        "module": "rehearsal",
        "entry": entry,
        "kind": "coroutine",
        "args": ["l", _WORK, 2],
        "replaced": {},
        "ticker": None,
        "epoch": 0,
        "seed": str(number),
        "limits": _LIMITS,
    }
