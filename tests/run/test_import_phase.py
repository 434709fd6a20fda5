"""The import of a file that is graded as it is: a phase with a limit and outcomes of its own, each in its own words."""

import builtins
import io
import multiprocessing
import os
import sys
from pathlib import Path

import pytest
from msgspec import structs

from grader.course.model import Exercise, Limits
from grader.grading import grade
from grader.run.submitted import Submitted
from grader.verdict import Fault, Verdict, for_learner, outcome_of
from tests.adopted import adopted, asking, returns
from tests.staging import PLACES


def fault(verdict: Verdict) -> Fault:
    assert verdict.cases[0].fault is not None, verdict
    assert (verdict.status, verdict.points) == ("failed", 0)
    return verdict.cases[0].fault


MAIN = "async def main():\n    return 1\n"
ENDS: dict[str, tuple[str, str, str, int | None]] = {
    # name: (program, outcome, the fault's title and detail, its line)
    "empty": ("", "empty file", "your file is empty; it has to hold the function `main`", None),
    "comments": ("# to do\n\n", "empty file", "your file is empty; it has to hold the function `main`", None),
    "docstring": ('"""To do."""\npass\n', "empty file", "your file is empty; it has to hold the function `main`", None),
    "in the main block": (
        "if __name__ == '__main__':\n    async def main():\n        return 1\n",
        "name missing",
        'there is no `main` in your file; it stands under `if __name__ == "__main__":`, which is not run here; '
        "move it out of there",
        None,
    ),
    "another name": (
        "def mein():\n    pass\n",
        "name missing",
        "there is no `main` in your file; it has `mein`: is that the one?",
        None,
    ),
    "deleted again": (
        MAIN + "del main\n",
        "name missing",
        "there is no `main` in your file; it is written there, but is gone when the file has run: it is deleted again, or "
        "stands under a condition",
        None,
    ),
    "none": (
        MAIN + "main = None\n",
        "wrong kind",
        "`main` has to be a coroutine function, `async def`; in your file it is `None`",
        1,
    ),
    "called already": (
        MAIN + "main = main()\n",
        "wrong kind",
        "`main` has to be a coroutine function, `async def`; in your file it is what a call of a coroutine "
        "function gives back: name the function itself, without the brackets",
        1,
    ),
    "unknown encoding": (
        "# coding: foo\n" + MAIN,
        "does not import",
        "your file is not valid Python yet; no program is read in the encoding that this line declares; save the file as "
        "UTF-8, and take the line out",
        1,
    ),
    "syntax": (
        "import asyncio\nasync def main(:\n    pass\n",
        "does not import",
        "your file is not valid Python yet; Python cannot read this line; look at all that stands in it, and at the end of the "
        "one above",
        2,
    ),
    "no such module": (
        MAIN + "import nowhere\n",
        "does not import",
        "your file imports `nowhere`, which is not there; use the files that the exercise names, and what comes with Python",
        3,
    ),
    "no such file": (
        'one = __import__("9-none").one\n' + MAIN,
        "does not import",
        "your file imports `9-none`, which is not there; use the files that the exercise names, and what comes with Python",
        1,
    ),
    "with its ending": (
        'one = __import__("random.py").one\n' + MAIN,
        "does not import",
        "your file imports `random.py` with its ending; leave `.py` out: a file is imported by its name alone",
        1,
    ),
    "no such name": (
        "from random import uniformly\n" + MAIN,
        "does not import",
        "your file stopped with ImportError while it was being loaded; `random` has no `uniformly` to import",
        1,
    ),
    "circle": (
        'main = __import__("3-fetch_all").main\n',
        "does not import",
        "your file imports itself, or a file that imports it; in such a circle neither is there yet when the other needs it",
        1,
    ),
    "circle by path": (
        "import importlib.util as u\nspec = u.spec_from_file_location('x', __file__)\nm = u.module_from_spec(spec)\n"
        "spec.loader.exec_module(m)\n" + MAIN,
        "does not import",
        "your file imports itself, or a file that imports it; in such a circle neither is there yet when the other needs it",
        4,
    ),
    "no such attribute": (
        "import random\nuniformly = random.uniformly\n" + MAIN,
        "does not import",
        "your file takes `uniformly` from `random`, which does not have it; look for how it is written there",
        2,
    ),
    "dots": (
        "from .other import x\n" + MAIN,
        "does not import",
        "your file imports with a dot in front, which only a file of a package can; leave the dot out",
        1,
    ),
    "recursion": (
        "def f():\n    return f()\nf()\n" + MAIN,
        "does not import",
        "your file stopped with RecursionError while it was being loaded; a function called itself without end; it "
        "needs a case "
        "in which it comes back without a further call",
        2,
    ),
    "exception": (
        MAIN + "x = 1 / 0\n",
        "does not import",
        "your file stopped with ZeroDivisionError while it was being loaded; a number was divided by zero",
        3,
    ),
    "exit": (
        MAIN + "import sys\nsys.exit(3)\n",
        "does not import",
        "your file ends the whole program while it is imported; what ends it stands outside of functions, and is done as soon "
        'as the file is imported; leave it out, or put it under `if __name__ == "__main__":`',
        4,
    ),
    "quit": (
        MAIN + "quit()\n",
        "does not import",
        "your file ends the whole program while it is imported; what ends it stands outside of functions, and is done as soon "
        'as the file is imported; leave it out, or put it under `if __name__ == "__main__":`',
        3,
    ),
    "input": (
        MAIN + "name = input()\n",
        "does not import",
        "`input` cannot be used in an exercise; input needs a person at the keyboard, which an exercise on virtual time does "
        "not have; use what the exercise gives you",
        3,
    ),
    "runs": (
        MAIN + "import asyncio\nprint(asyncio.run(main()))\n",
        "runs the loop at import",
        "your file runs an event loop while it is imported; whoever imports it waits for that; put the call under "
        '`if __name__ == "__main__":`, or leave it out',
        4,
    ),
    "runs by hand": (
        MAIN + "import asyncio\nloop = asyncio.new_event_loop()\ntry:\n    loop.run_until_complete(main())\n"
        "except BaseException:\n    pass\n",
        "runs the loop at import",
        "your file runs an event loop while it is imported; whoever imports it waits for that; put the call under "
        '`if __name__ == "__main__":`, or leave it out',
        6,
    ),
    "computes": (
        MAIN + "while True:\n    pass\n",
        "time-out",
        "your file is not imported in the time that it has; it computes for more than 0.2 s without waiting; "
        "what stands outside of functions is done as soon as the file is imported; put it into a function",
        None,
    ),
    "is slow": (
        MAIN + "n = 0\nfor i in range(10**8):\n    n += i\n",
        "time-out",
        "your file is not imported in the time that it has; it computes for more than 0.2 s without waiting; "
        "what stands outside of functions is done as soon as the file is imported; put it into a function",
        None,
    ),
    "sleeps": (
        MAIN + "import time\nwhile True:\n    time.sleep(3600 * 3)\n",
        "time-out",
        "your file does not come to its end while it is imported; it sleeps for longer than a program has in virtual time; "
        "what stands outside of functions is done as soon as the file is imported; put it into a function",
        5,
    ),
    "waits": (
        MAIN + "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n",
        "deadlock",
        "your file waits for something that can never come while it is imported; it waits in line 6 for Lock 'lock': "
        "it is held, "
        "and nothing that runs can release it; what stands outside of functions is done as soon as the file is "
        "imported; put it "
        "into a function",
        6,
    ),
    "waits for an item": (
        MAIN + "import queue\ndef take():\n    return queue.Queue().get()\nitem = take()\n",
        "deadlock",
        "your file waits for something that can never come while it is imported; `take` waits in line 5 for an item "
        "from a Queue: "
        "it is empty, and nothing that runs can put one; what stands outside of functions is done as soon as the file is "
        "imported; put it into a function",
        5,
    ),
    "ends the process": (
        MAIN + "import os\ntry:\n    os._exit(0)\nexcept BaseException:\n    pass\n",
        "does not import",
        "your file ends the whole program while it is imported; `os._exit` ends the whole program at once; leave it "
        "out, or put "
        'it under `if __name__ == "__main__":`',
        5,
    ),
    "aborts": (
        MAIN + "import os\nos.abort()\n",
        "does not import",
        "your file ends the whole program while it is imported; `os.abort` ends the whole program at once; leave it "
        "out, or put "
        'it under `if __name__ == "__main__":`',
        4,
    ),
    "crash": (
        "async def main():\n    raise ValueError('no')\n",
        "crash",
        "your function raised ValueError; ValueError: no",
        2,
    ),
    "the function ends the process": (
        "import os\nasync def main():\n    os._exit(1)\n",
        "crash",
        "your program ended before your function was done; `os._exit` ends the whole program at once; let your function return "
        "instead",
        3,
    ),
    "kind": (
        "def main():\n    return 1\n",
        "wrong kind",
        "`main` has to be a coroutine function, `async def`; in your file it is an ordinary function, `def` without `async`",
        1,
    ),
    "deadlock": (
        "import asyncio\nasync def main():\n    await asyncio.Event().wait()\n",
        "deadlock",
        "your program waits for something that can never come",
        3,
    ),
    "endless": (
        "async def main():\n    while True:\n        pass\n",
        "time-out",
        "your program runs on without ever waiting, so nothing else gets a turn",
        None,
    ),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ENDS)
def test_how_a_file_ends_is_told_apart_and_said_in_plain_words(name: str, place: str) -> None:
    program, outcome, words, line = ENDS[name]
    verdict = grade(quick(returns(1)), program, isolation=place)
    found = fault(verdict)
    said = found.title if found.title == words else f"{found.title}; {found.detail}"
    assert (outcome_of(verdict), said) == (outcome, words)
    assert verdict.outcome == outcome
    if line is not None:
        assert found.line == line


def quick(exercise: Exercise) -> Exercise:
    """With limits that are met soon."""
    file = structs.replace(exercise.file, import_seconds=0.2)
    limits = structs.replace(exercise.limits, cpu_seconds=0.2)
    return structs.replace(exercise, file=file, limits=limits)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "program",
    [
        "import asyncio\nasync def main():\n    return 1\nif __name__ == '__main__':\n    asyncio.run(main())\n",
        "import asyncio\nloop = asyncio.new_event_loop()\nasync def main():\n    return 1\n",
        "import asyncio, threading\nloop = asyncio.new_event_loop()\nasync def one():\n    return 1\nasync def main():\n"
        "    return await asyncio.to_thread(loop.run_until_complete, one())\n",
        "import asyncio\nlock = asyncio.Lock()\nasync def main():\n    async with lock:\n        return 1\n",
        "import time, threading\nprint('loading')\ntime.sleep(500)\nthreading.Thread(target=time.sleep, args=(9,)).start()\n"
        "async def main():\n    return 1 if time.perf_counter() >= 500 else 0\n",
        "import sys\nasync def main():\n    return 1\nsys.modules[__name__].main = main\n",
        "import sys, types\nasync def main():\n    return 1\nsys.modules[__name__] = types.SimpleNamespace(main=main)\n",
        "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 1\n"
        "async def main() -> int:\n    return A().x\n",
        "import pickle\nclass A:\n    pass\nasync def main():\n    return 1 if pickle.loads(pickle.dumps(A())) else 0\n",
        "try:\n    import nowhere\nexcept ImportError:\n    nowhere = None\nasync def main():\n    return 1\n",
        "import importlib\nasync def main():\n    return importlib.import_module(__name__).ONE\nONE = 1\n",
        "async def main():\n    from random import Random\n    import statistics\n    return 1\n",
        "import faulthandler\nfaulthandler.enable()\nfaulthandler.dump_traceback_later(1, exit=True)\n"
        "faulthandler.dump_traceback()\nasync def main():\n    return int(faulthandler.is_enabled())\n",
    ],
)
def test_a_right_file_in_unusual_dress_is_imported(program: str, place: str) -> None:
    verdict = grade(returns(1), program, isolation=place)
    assert (verdict.points, verdict.cases[0].fault) == (10, None)
    assert verdict.cases[0].elapsed == 0


@pytest.mark.parametrize("place", PLACES)
def test_the_limit_of_an_import_is_its_own(place: str) -> None:
    program = "n = 0\nfor i in range(4_000_000):\n    n += i\nasync def main():\n    return 1\n"
    assert outcome_of(grade(returns(1, import_seconds=0.03), program, isolation=place)) == "time-out"
    assert grade(returns(1, import_seconds=20), program, isolation=place).points == 10


def test_printing_is_kept_and_costs_nothing() -> None:
    verdict = grade(returns(1), "print('at import')\nasync def main():\n    print('later')\n    return 1\n")
    assert (verdict.points, verdict.cases[0].output) == (10, "at import\nlater\n")


@pytest.mark.parametrize("place", PLACES)
def test_what_the_exercise_provides_is_of_no_use_before_the_function_is_called(place: str) -> None:
    ask = {"ask": {"params": [], "plain": True, "result": 7}}
    world = {"operations": ask, "modules": {"0-wait_a_while": {"operations": ["ask"]}}}
    program = 'ask = __import__("0-wait_a_while").ask\nseven = ask()\nasync def fetch_all(n):\n    return seven\n'
    verdict = grade(adopted(world=world), program, isolation=place)
    assert outcome_of(verdict) == "does not import"
    assert fault(verdict).line == 2
    later = program.replace("seven = ask()", "").replace("return seven", "return [97, 98, 90 + ask() + 2]")
    assert outcome_of(grade(adopted(world=world), later, isolation=place)) == "result"


OUTCOMES = {
    "import": "x = 1 / 0\n",
    "import_loop": "import asyncio\nasyncio.run(main())\n",
    "import_limit": "while True:\n    pass\n",
    "import_deadlock": "import queue\nqueue.Queue().get()\n",
    "import_died": "import os\nos._exit(0)\n",
    "import_time_out": "import os\nread, write = os.pipe()\nos.read(read, 1)\n",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_how_an_import_ends_is_never_told_as_the_functions(outcome: str, place: str) -> None:
    exercise = quick(returns(1))
    if outcome == "import_time_out":
        exercise = structs.replace(exercise, limits=structs.replace(exercise.limits, wall_seconds=1.0))
    verdict = grade(exercise, MAIN + OUTCOMES[outcome], isolation=place)
    assert verdict.cases[0].outcome == outcome
    found = fault(verdict)
    assert "your function" not in found.title + found.detail + verdict.checks[0].rationale
    assert "your file" in found.title
    hidden = structs.replace(verdict, cases=tuple(structs.replace(case, hidden=True) for case in verdict.cases))
    told = for_learner(hidden).cases[0].fault
    assert told is not None
    assert told.title.startswith("your file ")


def test_what_ends_the_process_in_a_function_is_told_at_every_level_alike() -> None:
    program = "import os\nasync def main():\n    os.abort()\n"
    places = (*PLACES, "none")
    faults = [fault(grade(returns(1), program, isolation=place)) for place in places]
    assert [(one.detail, one.line) for one in faults] == [
        ("`os.abort` ends the whole program at once; let your function return instead", 3)
    ] * len(places)


def test_nothing_that_ends_the_process_is_changed_for_others() -> None:
    before = (os._exit, os.abort, getattr(builtins, "exit", None))
    grade(returns(1), MAIN)
    assert (os._exit, os.abort, getattr(builtins, "exit", None)) == before


CRASH = "ctypes.string_at(0)"


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        (f"import ctypes\nasync def main():\n    {CRASH}\n", "died"),
        (f"import ctypes\n{CRASH}\n", "import_died"),
    ],
)
def test_a_process_that_crashes_in_the_function_has_not_died_of_its_import(program: str, outcome: str) -> None:
    verdict = grade(returns(1), program, isolation="child")
    assert verdict.cases[0].outcome == outcome


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("wait", ["time.sleep(1)", "await asyncio.sleep(1)"])
def test_a_program_that_sleeps_without_end_does_not_compute_without_end(wait: str, place: str) -> None:
    limits = Limits(cpu_seconds=0.4, virtual_seconds=1e6)
    program = f"import asyncio, time\nasync def main():\n    while True:\n        {wait}\n"
    found = fault(grade(structs.replace(returns(1), limits=limits), program, isolation=place))
    assert (found.title, found.detail) == (
        "your program waits again and again, and never comes to its end",
        "let the loop end when there is nothing more to wait for",
    )
    assert found.line in (3, 4)  # where in the loop it is when its CPU time is over


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_an_import_that_sleeps_without_end_does_not_compute_without_end(place: str) -> None:
    exercise = returns(1)
    quick = structs.replace(
        exercise, file=structs.replace(exercise.file, import_seconds=0.3), limits=Limits(virtual_seconds=1e6)
    )
    found = fault(grade(quick, "import time\nwhile True:\n    time.sleep(1)\n", isolation=place))
    assert found.title == "your file does not come to its end while it is imported"
    assert found.detail.startswith("it waits again and again; what stands outside of functions")
    assert found.line == 3


def test_a_program_that_has_slept_once_computes_without_end() -> None:
    program = "import time\nasync def main():\n    time.sleep(1)\n    while True:\n        pass\n"
    verdict = grade(structs.replace(returns(1), limits=Limits(cpu_seconds=0.2)), program)
    assert verdict.cases[0].outcome == "busy_loop"


@pytest.mark.parametrize("place", PLACES)
def test_what_is_printed_past_the_streams_is_printed(place: str) -> None:
    program = """
import os, posix, sys
from sys import __stdout__ as first
first.write("at import\\n")
async def main():
    print("one")
    sys.__stdout__.write("two\\n")
    sys.__stderr__.write("three\\n")
    written = os.write(1, b"four\\n"), posix.write(2, memoryview(b"five\\n"))
    try:
        os.write(1, "six")
    except TypeError as error:
        print(error)
    return written
"""
    verdict = grade(returns((5, 5)), program, isolation=place)
    assert verdict.status == "passed"
    said = "at import\none\ntwo\nthree\nfour\nfive\na bytes-like object is required, not 'str'\n"
    assert verdict.cases[0].output == said


@pytest.mark.parametrize("place", PLACES)
def test_the_streams_have_the_numbers_that_they_have_in_any_program(place: str) -> None:
    program = """
import faulthandler, io, os, sys
out, err = sys.stdout.fileno(), sys.__stderr__.fileno()
faulthandler.enable(file=sys.stderr)
async def main():
    os.write(sys.stdout.fileno(), b"one\\n")
    os.fdopen(sys.stderr.buffer.fileno(), "wb", closefd=False).write(b"two\\n")
    sys.stdout = open(sys.stdout.fileno(), "w", 1, encoding="utf-8", closefd=False)
    print("thr\u00e9e")
    with io.open(out, mode="a", closefd=False) as again:
        again.write("four\\n")
    print(sys.__stdout__.name, sys.stderr.name, sys.stdout.mode, sys.stdout.isatty(), file=sys.stderr)
    with open(__file__) as own, io.open(own.fileno(), closefd=False) as same:
        read = own.read() == open(__file__, mode="r").read() and same.read() == ""
    try:
        os.get_terminal_size(out)
    except OSError as error:
        return [out, err, os.isatty(1), error.errno == 25, read]
"""
    verdict = grade(returns([1, 2, False, True, True]), program, isolation=place)
    assert verdict.status == "passed", verdict.cases[0]
    assert verdict.cases[0].output == "one\ntwo\nthr\u00e9e\nfour\n<stdout> <stderr> w False\n"


def test_in_process_what_was_opened_at_a_number_is_no_other_afterwards(capfd: pytest.CaptureFixture[str]) -> None:
    before = open, io.open, os.isatty, os.get_terminal_size, sys.stdout, sys.stderr
    program = """
import sys
async def main():
    sys.stdout.fileno()
    with open(1, "w") as file:
        file.write("in it")
    print("more")
"""
    verdict = grade(returns(None), program)
    assert (verdict.status, verdict.cases[0].output) == ("passed", "in itmore\n")
    assert before == (open, io.open, os.isatty, os.get_terminal_size, sys.stdout, sys.stderr)
    os.write(1, b"as ever")
    assert capfd.readouterr().out == "as ever"


@pytest.mark.parametrize("place", PLACES)
def test_a_pool_of_processes_is_refused_by_name_wherever_it_is_played(place: str) -> None:
    program = "import multiprocessing\nasync def main():\n    with multiprocessing.Pool(2) as pool:\n        pass\n"
    found = fault(grade(returns(None), program, isolation=place))
    assert (found.line, "needs a real process" in found.detail) == (3, True), found


@pytest.mark.parametrize(
    "start",
    [
        "multiprocessing.get_context('spawn').Process(target=print).start()",
        "__import__('sys').audit('_winapi.CreateProcess')",  # as Windows tells of the same
    ],
)
def test_a_process_that_is_started_anew_is_refused_by_name(start: str) -> None:
    program = f"import multiprocessing\nasync def main():\n    {start}\n"
    found = fault(grade(returns(None), program))
    assert (found.line, "multiprocessing needs a real process" in found.detail) == (3, True), found
    assert multiprocessing.active_children() == []


def test_a_process_that_is_to_write_to_the_streams_is_refused_by_name() -> None:
    program = "import subprocess, sys\nasync def main():\n    subprocess.run(['true'], stdout=sys.stdout)\n"
    verdict = grade(returns(None), program)
    assert "subprocess" in fault(verdict).detail, fault(verdict)


def test_what_is_written_to_something_else_is_not_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    streams, write = (sys.stdout, sys.__stdout__, sys.__stderr__), os.write
    program = f"""
import io
import os
async def main():
    file, before = os.open({str(tmp_path / "file")!r}, os.O_CREAT | os.O_WRONLY), os.dup(1)
    os.write(file, b"one ")
    os.dup2(file, 1)
    os.write(1, b"two")
    os.dup2(before, 1)
    for each in (file, before):
        os.close(each)
    os.write(1, b"three")
"""
    verdict = grade(returns(None), program)
    assert (verdict.status, verdict.cases[0].output) == ("passed", "three")
    assert (tmp_path / "file").read_text() == "one two"
    assert (sys.stdout, sys.__stdout__, sys.__stderr__, os.write) == (*streams, write)
    os.write(1, b"as ever")
    assert capfd.readouterr().out == "as ever"


RUNS_FOR_EVER = "async def go():\n    while True:\n        await asyncio.sleep(50000)\n"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("runs", ["asyncio.run(go())", "asyncio.new_event_loop().run_until_complete(go())"])
def test_of_a_function_that_runs_a_loop_without_end_the_line_that_goes_round_is_told(runs: str, place: str) -> None:
    asked = asking({"kind": "result", "result": 1}, kind="function")
    program = f"import asyncio\n{RUNS_FOR_EVER}def main():\n    {runs}\n"
    found = fault(grade(returns(1, **asked), program, isolation=place))
    assert (found.title, found.line) == ("your program went on for more than 86400 s of virtual time", 4)


@pytest.mark.parametrize("inner", ["from earlier import go\ndef run():\n    asyncio.run(go())\n", ""])
def test_so_is_that_of_an_earlier_file(inner: str) -> None:
    asked = asking({"kind": "result", "result": 1}, kind="function", work=False)
    exercise = adopted(**asked, needs=["earlier"], dependencies="own", world={})
    runs = "between.run()" if inner else "asyncio.run(earlier.go())"
    program = f"import asyncio, earlier\n{'import between' if inner else ''}\ndef main():\n    {runs}\n"
    files = [("earlier", f"import asyncio\n{RUNS_FOR_EVER}"), ("between", f"import asyncio\n{inner}")]
    handed = Submitted(program.encode(), tuple((name, text.encode()) for name, text in files))
    found = fault(grade(exercise, handed))
    assert (found.line, found.file) == (4, "earlier.py")


@pytest.mark.parametrize("place", PLACES)
def test_what_blocks_in_the_function_is_timed_from_its_call_and_not_from_the_import(place: str) -> None:
    program = "import time, asyncio\ntime.sleep(5)\nasync def main():\n    await asyncio.sleep(1)\n    time.sleep(2)\n"
    (case,) = grade(returns(None), program, isolation=place).cases
    assert (case.elapsed, case.timeline.returned) == (3, 3)
    assert case.timeline.blocked == ((1, 3, "time.sleep", 5),)
