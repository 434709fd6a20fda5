"""What a zygote has ready is not counted in its jobs, where Python knows such objects; what a program makes is, and goes."""

import json
import subprocess
import sys

import pytest

from grader.isolation import uncounted
from grader.run.child import Child
from grader.run.levels import ISOLATED, level_of, why_not
from grader.run.limits import DEFAULTS
from tests.proof.the_course import ROOT
from tests.staging import staged, waiting

CAN_BE = sys.version_info >= (3, 12)
_IN_A_PROCESS = """
import gc, json, sys, weakref
from grader.isolation import uncounted

class Made:
    pass

there = Made()
seen = weakref.ref(there)
done = uncounted.use_uncounted()
later = Made()
gone = weakref.ref(later)
counts = [sys.getrefcount(each) for each in (Made, there, later, uncounted.use_uncounted, uncounted._can_be.__code__)]
before, refers = sys.getrefcount(there), [there] * 9
rises = sys.getrefcount(there) - before
del there, later, refers
gc.collect()
print(json.dumps([done, [count == sys.getrefcount(None) for count in counts], rises, seen() is None, gone() is None]))
"""
_COUNTING = b"""
import asyncio
import sys


def ours():
    pass


async def main(op):
    forever = sys.getrefcount(None)
    return [sys.getrefcount(each) == forever for each in (asyncio.sleep, asyncio.gather.__code__, asyncio.Queue, ours)]
"""


def test_what_there_is_stays_and_what_comes_later_is_counted_and_goes() -> None:
    command = [sys.executable, "-S", "-c", f"import sys; sys.path.append({str(ROOT)!r})\n{_IN_A_PROCESS}"]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    if CAN_BE:
        assert said == [True, [True, True, False, True, True], 0, False, True]
    else:
        assert said == [False, [False] * 5, 9, True, True]


@pytest.mark.parametrize("level", ISOLATED)
def test_a_job_counts_its_own_objects_alone(level: str) -> None:
    if why_not(level):
        pytest.skip(f"isolation {level} cannot be had here: {why_not(level)}")
    child = Child(_COUNTING, "program.py", DEFAULTS, level_of(level))
    try:
        outcome = child.run(staged(lambda world: [waiting(world)])).outcome
    finally:
        child.close()
    assert outcome.value == [CAN_BE, CAN_BE, CAN_BE, False]


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(lambda one: 3 if one is None else 7, id="that does not rise"),
        pytest.param(lambda one: sys.getrefcount(one) + (one is None), id="of None that is another"),
        pytest.param(lambda one: 5_000 if one is None else sys.getrefcount(one), id="of None that is like any other"),
    ],
)
def test_a_count_that_is_not_where_it_should_be_is_left_alone(count: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uncounted, "_count", count)
    assert not uncounted.use_uncounted()
