"""Programs that run away, at every level, as root and as an ordinary user; and each with the one limit off that holds it.

All are bounded where nothing holds them. One huge call in C and ignored signals, which take whole seconds, are tried in
`tests/runner/test_bounds.py` in the same two ways.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.run.levels import LEVELS, why_not
from tests.isolation.test_attacks import ORDINARY, USERS

ROOT = Path(__file__).parents[2]
LOOP = """
import time
async def main(op):
    until = time.process_time() + 0.25
    while time.process_time() < until: pass
    return "ran on"
"""
FLOOD = """
async def main(op):
    for _ in range(200): print("x" * 999)
"""
TURNS = """
import asyncio
async def main(op):
    for _ in range(3000): await asyncio.sleep(0)
    return "ran on"
"""
CRASH = """
import ctypes
async def main(op):
    ctypes.string_at(0)
"""
PLAYS: dict[str, dict[str, Any]] = {
    "a loop": {"source": LOOP, "limits": {"cpu_seconds": 0.1}},
    "a loop that nothing ends": {"source": LOOP, "limits": {"cpu_seconds": 10}},
    "turns without end": {"source": TURNS, "limits": {"turns": 1000}},
    "turns that nothing counts": {"source": TURNS, "limits": {"turns": 100_000}},
    "a flood": {"source": FLOOD, "limits": {"output_kb": 1}},
    "a flood that nothing dams": {"source": FLOOD, "limits": {"output_kb": 1000}},
    "a crash": {"source": CRASH, "limits": {}},
    "a crash in the grader's own process": {"source": CRASH, "limits": {}, "here": True},
    "an honest one afterwards": {"source": "async def main(op):\n    return await op(1, 1)\n", "limits": {}},
}
Answers = dict[str, dict[str, Any]]


@pytest.fixture(scope="module", params=[(level, user) for level in LEVELS for user in USERS], ids="-".join)
def answers(request: pytest.FixtureRequest) -> Answers:
    """All of them, one after the other, in a process of this user's."""
    level, user = request.param
    if why_not(level):
        pytest.skip(f"isolation {level} cannot be had here: {why_not(level)}")
    if user == "root" and os.getuid():
        pytest.skip("these tests are not run by root")
    command = [sys.executable, "-m", "tests.isolation.running_away"]
    if user == "ordinary" and os.getuid() == 0:
        command = [sys.executable, "-m", "tests.isolation.as_user", str(ORDINARY), *command]
    told = {"level": level, "plays": [{"here": False, **play} for play in PLAYS.values()]}
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, input=json.dumps(told), capture_output=True, text=True, cwd=ROOT, env=environment)
    assert done.returncode == 0, done.stderr
    return dict(zip(PLAYS, json.loads(done.stdout), strict=True))


# One test and not one a program: tests are dealt out to several processes, each of which would play all of them.
@pytest.mark.slow
def test_each_is_held_by_its_limit_and_by_nothing_else(answers: Answers) -> None:
    ended = {name: (answer["kind"], answer["detail"], answer["value"]) for name, answer in answers.items()}
    assert ended == {
        "a loop": ("busy_loop", "computes for more than 0.1 s without waiting", None),
        "a loop that nothing ends": ("result", "", "ran on"),
        "turns without end": ("livelock", "1000 turns of the event loop while the clock stood still", None),
        "turns that nothing counts": ("result", "", "ran on"),
        "a flood": ("result", "", None),
        "a flood that nothing dams": ("result", "", None),
        "a crash": ("died", "killed by SIGSEGV", None),
        "a crash in the grader's own process": ("the grader", "killed by SIGSEGV", None),
        "an honest one afterwards": ("result", "", 1),
    }
    assert answers["a flood"]["output"] < 2048
    assert answers["a flood that nothing dams"]["output"] == 200_000
