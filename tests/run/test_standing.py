"""One process plays a submission's cases; each finds the library as the first one did, whatever a case has changed of it."""

import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from grader.clock import surroundings
from grader.clock.clock import Clock
from grader.clock.library import replaced
from grader.run.child import Child
from grader.run.levels import level_of
from grader.run.limits import DEFAULTS
from tests.staging import in_process, staged

ROOT = Path(__file__).parent.parent.parent
PROGRAM = """
import asyncio, concurrent.futures, datetime, inspect, logging, os, threading, time

pools, executor = logging.getLogger("concurrent.futures"), concurrent.futures.ThreadPoolExecutor

def change():
    time.sleep = threading.Thread.join = threading.Lock = None
    asyncio.as_completed = asyncio.run = asyncio.TaskGroup.create_task = executor._counter = None
    inspect.iscoroutinefunction = None
    time.monotonic = lambda: 7
    del time.time_ns
    pools.addFilter(print)
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())

def elapsed():
    start, day = time.monotonic(), datetime.datetime.now()
    time.sleep(2)
    return [time.monotonic() - start, (datetime.datetime.now() - day).total_seconds(), time.time_ns() > 0]

def callables():
    found = [threading.Thread.join, threading.Lock, asyncio.as_completed, asyncio.run]
    return [callable(each) for each in [*found, asyncio.TaskGroup.create_task, executor._counter, inspect.iscoroutinefunction]]

async def main(changes):
    if changes:
        change()
        return None
    start = time.monotonic()
    await asyncio.sleep(3)
    return [time.monotonic() - start, *elapsed(), *callables(), print in pools.filters]
"""


@pytest.mark.parametrize("level", ["child", "none"])
def test_what_a_case_changes_of_the_library_is_as_before_in_the_next(level: str) -> None:
    child = Child(PROGRAM.encode(), "program.py", DEFAULTS, level_of(level))
    try:
        played = [child.run(staged(lambda world, changes=changes: [changes])) for changes in (True, False, True, False)]  # type: ignore[misc]
    finally:
        child.close()
    as_it_is = [3.0, 2.0, 2.0, True, *[True] * 7, False]
    assert [record.outcome.value for record in played] == [None, as_it_is, None, as_it_is]


# what one case does, and what the next says of it
TAMPERS = {
    "deaths": ("os._exit = os.abort = print", "os._exit is print or os.abort is print"),
    "writes": ("os.write = print", "os.write is print"),
    "clocks": ("os.times = time.clock_gettime = print", "os.times is print or time.clock_gettime is print"),
    "threads that fail": ("threading.excepthook = print", "threading.excepthook is print"),
    "finalisers that fail": ("sys.unraisablehook = print", "sys.unraisablehook is print"),
    "alarms": ("signal.alarm = signal.setitimer = print", "signal.alarm is print or signal.setitimer is print"),
    "raw threads": ("_thread.start_new_thread = print", "_thread.start_new_thread is print"),
    "all tasks": ("asyncio.all_tasks = asyncio.tasks.all_tasks = print", "asyncio.all_tasks is print"),
    "a name that is gone": ("del asyncio.run, asyncio.runners.run", "not hasattr(asyncio, 'run')"),
    "filters": ("warnings.simplefilter('error')", "warnings.filters[0][0] == 'error'"),
    "the list of filters": ("warnings.filters = []", "warnings.filters == []"),
    "a filter in its place": ("warnings.filters[0] = warnings.filters[1]", "warnings.filters[0][0] != 'ignore'"),
    "how warnings are shown": ("warnings.showwarning = print", "warnings.showwarning is print"),
    "coroutines that nobody awaits": (
        "warnings._warn_unawaited_coroutine = print",
        "warnings._warn_unawaited_coroutine is print",
    ),
    "the collector": ("gc.enable()", "gc.isenabled()"),
    "dumps": ("faulthandler.enable()", "faulthandler.is_enabled()"),
    "what a dump is": ("faulthandler.is_enabled = lambda: True", "faulthandler.is_enabled()"),
    "streams": ("sys.stdout = sys.__stdout__ = sys.stdin", "sys.stdout is sys.stdin or sys.__stdout__ is sys.stdin"),
    "a policy": ("asyncio.set_event_loop(asyncio.new_event_loop())", "asyncio.get_event_loop_policy()._local._loop"),
    "kinds that were asked": (
        "asyncio.coroutines._iscoroutine_typecache.add(types.GeneratorType)",
        "asyncio.iscoroutine(each for each in ())",
    ),
}  # fmt: skip
TAMPERING = """
import asyncio, faulthandler, gc, _thread, os, signal, sys, threading, time, types, warnings

async def main(does):
    if does:
        {does}
        return None
    return bool({shows})
"""


def test_what_a_case_tampers_with_is_as_before_in_the_next() -> None:
    shown = {}
    for what, (does, shows) in TAMPERS.items():
        program = TAMPERING.format(does=does, shows=shows.replace("\n", " "))
        child = Child(program.encode(), "program.py", DEFAULTS, level_of("child"))
        try:
            played = [child.run(staged(lambda world, does=does: [does])) for does in (True, False)]  # type: ignore[misc]
        finally:
            child.close()
        shown[what] = [record.outcome.value for record in played]
    assert shown == {what: [None, False] for what in TAMPERS}


_LEFT = """
import asyncio, gc, types

async def nobody_awaits_it():
    pass

class Around:
    pass

kept = []

async def main():
    around = Around()
    around.coroutine, around.itself = nobody_awaits_it(), around
    kept.append(around)
    {looks}
    del around
    kept.clear()
"""
LOOKS = ("pass", "gc.collect()", "gc.collect(0)", "gc.collect(1)", "gc.collect(1); gc.collect()", "gc.enable()")


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("looks", LOOKS)
def test_what_lies_about_is_found_at_the_end_however_old_the_program_made_it(looks: str, times: int) -> None:
    child = Child(_LEFT.format(looks=looks).encode(), "program.py", DEFAULTS, level_of("child"))
    try:
        played = [child.run(staged(lambda world: [])) for _ in range(times)]
    finally:
        child.close()
    assert [[place.name for place in record.facts.never_awaited] for record in played] == [["nobody_awaits_it"]] * times


def test_what_stands_for_good_stands_in_forks_and_what_does_not_is_taken_down_there() -> None:
    program = """
import os, sys
from grader.clock import surroundings
from grader.clock.library import replaced
(surroundings.stand_for_good if sys.argv[1] == "for good" else surroundings.see_to_it)()
assert replaced.stand()
process = os.fork()
if process == 0:
    os._exit(replaced.stand())
print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
"""
    for how, stands in (("for good", "1"), ("for now", "0")):
        command = [sys.executable, "-c", program, how]
        said = subprocess.run(
            command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
        )
        assert said.stdout.strip() == stands, how


def test_only_for_what_stands_for_good_it_is_noted_what_it_holds() -> None:
    with mock.patch.object(replaced, "Held") as held, replaced.restored():
        replaced.take_down()
        with surroundings.on(Clock()):
            assert replaced.stand()
    held.assert_not_called()


_INSIDE = """
import datetime
from grader.clock import surroundings
from grader.clock.library import replaced

surroundings.stand_for_good()
found = [replaced.untouched()]
inside = replaced.Inside(datetime.datetime)
ours = inside.now
for change in (lambda: setattr(inside, "now", ours.__func__), lambda: inside._names.pop("now")):
    change()
    found.append(replaced.untouched())
    inside.now = ours
    found.append(replaced.untouched())
print(found)
"""


def test_what_is_changed_inside_a_class_of_cs_is_seen_and_so_is_what_is_taken_out() -> None:
    done = subprocess.run([sys.executable, "-c", _INSIDE], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[True, False, True, False, True]\n"


APART = """
import asyncio, os, random, uuid

def refused(make):
    try:
        make()
    except Exception as error:
        return True
    return False

async def main(number):
    drawn = {random.Random().random(), os.urandom(8), random.SystemRandom().random(), uuid.uuid1().node}
    return [len(drawn), refused(asyncio.SelectorEventLoop), isinstance(asyncio.get_running_loop(), asyncio.SelectorEventLoop)]
"""


@pytest.mark.parametrize("level", ["child", "none"])
def test_what_stands_for_files_graded_as_they_are_is_nothing_to_any_other_run(level: str) -> None:
    child = Child(APART.encode(), "program.py", DEFAULTS, level_of(level))
    try:
        played = [child.run(staged(lambda world, number=number: [number])) for number in (1, 2)]  # type: ignore[misc]
    finally:
        child.close()
    assert [record.outcome.value for record in played] == [[4, True, False]] * 2


def test_where_a_program_went_the_next_one_in_this_process_is_not(tmp_path: Path) -> None:
    there = os.getcwd()
    going = f"import os\nos.chdir({str(tmp_path)!r})\ndef main():\n    return os.getcwd()\n"
    record = in_process(going, staged(lambda world: [], kind="function"))
    assert record.outcome.value == str(tmp_path)
    assert os.getcwd() == there
