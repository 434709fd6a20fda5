"""A small exercise that grades files as they are, in memory: each test changes what it is about."""

from typing import Any

import msgspec

from grader.course.model import Exercise, ExerciseFile, Limits

MODULE = "3-fetch_all"
WAIT = {
    "params": ["max_delay=10"],
    "key": "max_delay",
    "duration": "=delays[number % 3]",
    "result": "=100 - delays[number % 3]",
}
SLEEP = {"params": ["delay", "result=None"], "key": "delay", "duration": "=delay", "result": "=result"}
FILE: dict[str, Any] = {
    "schema": 1,
    "slug": "fetch-all",
    "goal": "g",
    "prompt": "p",
    "concepts": [],
    "hints": ["one"],
    "docs": ["https://docs.python.org/3/"],
    "module": MODULE,
    "needs": ["0-wait_a_while"],
    "vars": {"delays": [3, 1, 2]},
    "world": {
        "operations": {"wait_a_while": WAIT},
        "modules": {"0-wait_a_while": {"operations": ["wait_a_while"], "also": ["asyncio", "random"]}},
    },
    "entries": {
        "fetch_all": {
            "args": [3],
            "checks": [
                {"kind": "result", "id": "result", "points": 6, "result": [97, 98, 99], "under": "provided"},
                {"kind": "parallel", "id": "together", "points": 4, "parallel": "wait_a_while[*]"},
            ],
        }
    },
    "cases": [{"name": "seen"}],
}
GOOD = """
import asyncio
wait_a_while = __import__("0-wait_a_while").wait_a_while
async def fetch_all(n):
    return sorted(await asyncio.gather(*[wait_a_while() for _ in range(n)]))
"""
ALONE: dict[str, Any] = {"needs": [], "world": {}}  # a file that imports nothing of the learner's


def adopted(**changes: Any) -> Exercise:
    """The exercise with other keys of its file."""
    file = msgspec.convert({**FILE, **changes}, ExerciseFile)
    return Exercise(
        file=file,
        title="Fetch all",
        unit="1",
        number="01",
        points=10,
        limits=Limits(),
        folder="nowhere",
        solutions=None,
        hidden=(),
    )


def asking(check: dict[str, Any], *, args: tuple[Any, ...] = (), entry: str = "main", **changes: Any) -> dict[str, Any]:
    """The key `entries` with one entry and one check that has all the points."""
    one = {"id": "check", "points": 10, **check}
    return {"entries": {entry: {"args": list(args), "checks": [one], **changes}}}


def returns(value: Any, **changes: Any) -> Exercise:
    """An exercise whose `main()`, in a file that is alone, has to return this."""
    return adopted(**{**ALONE, **asking({"kind": "result", "result": value}), **changes})
