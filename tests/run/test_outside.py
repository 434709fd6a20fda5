"""Cells run in the isolated child: what each puts out, and what is heard from there is never believed beyond its shape."""

import signal
import sys
from ast import literal_eval
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from grader.errors import GraderFault
from grader.isolation import ISOLATIONS
from grader.run import outside, packages
from grader.run.levels import Level, level_of, why_not
from grader.run.outside import Code, Output, Ran, run_cells
from grader.run.wire import Late
from grader.runner.bounds import SLACK, SPARE
from grader.runner.cells import nesting

Run = Callable[..., Ran]


@pytest.fixture
def run() -> Run:
    def run(*cells: str, isolation: str = "child", seconds: float = 1, **more: Any) -> Ran:
        codes = [Code(number, text, False) for number, text in enumerate(cells, 1)]
        return run_cells(codes, {}, level_of(isolation), seconds=seconds, seed="a seed", **more)

    return run


def _value(outputs: list[Output]) -> str:
    [one] = outputs
    return str(one.get("data", {}).get("text/plain", one.get("evalue")))


@pytest.mark.parametrize("isolation", [one for one in ISOLATIONS if one in ("A", "B", "none")])
def test_cells_share_one_loop_and_their_names_in_virtual_time(run: Run, isolation: str) -> None:
    ran = run(
        "import asyncio, time\nasync def f(): await asyncio.sleep(3600); return time.monotonic()",
        "task = asyncio.create_task(f())",
        "round(await task - time.monotonic())",
        "_ == 0",
        isolation=isolation,
    )
    assert (float(_value(ran.outputs[3])), _value(ran.outputs[4])) == (0, "True")
    assert ran.outputs[1] == ran.outputs[2] == []


SHOWN: dict[str, list[Output]] = {
    "print('a')\n'b'": [
        {"output_type": "stream", "name": "stdout", "text": "a\n"},
        {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "'b'"}},
    ],
    "0.5;": [],
    "0.5; # half": [],
    "None": [],
    "x = 0.5": [],
    "import sys\nsys.stderr.write('e');": [{"output_type": "stream", "name": "stderr", "text": "e"}],
    "import sys\nsys.displayhook = print\n1": [
        {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "1"}}
    ],
    "def f():\n    1 / 0\nf()": [
        {
            "output_type": "error",
            "ename": "ZeroDivisionError",
            "evalue": "division by zero",
            "traceback": [
                "Traceback (most recent call last):",
                '  File "cell 1", line 3, in <module>',
                "    f()",
                '  File "cell 1", line 2, in f',
                "    1 / 0",
                "ZeroDivisionError: division by zero",
            ],
        }
    ],
}


@pytest.mark.parametrize("cell", SHOWN)
def test_what_a_kernel_would_show_is_put_out(run: Run, cell: str) -> None:
    outputs = run(cell).outputs[1]
    for one in outputs:  # where a line is underlined differs from one Python to the next
        if "traceback" in one:
            one["traceback"] = [line for line in one["traceback"] if line.strip("~^ ")]
    assert outputs == SHOWN[cell]


# what it puts on standard error: by the loop itself nothing, by whatever the cell runs all of it
SAID = {
    "asyncio.create_task(bad())\nawait asyncio.sleep(0.01)": "",
    "t = asyncio.create_task(bad())\nawait asyncio.sleep(0.01)\ndel t": "Task exception was never retrieved",
    "asyncio.get_running_loop().call_soon(lambda: 1 / 0)\nawait asyncio.sleep(0.01)": "",
    "asyncio.get_running_loop().call_exception_handler({'message': 'told'})": "told",
    "asyncio.get_running_loop().call_soon(lambda: print('told', file=sys.stderr))\nawait asyncio.sleep(0.01)": "told",
    "t = threading.Thread(target=lambda: print('told', file=sys.stderr))\nt.start()\nt.join()": "told",
    "threading.Thread(target=lambda loop: loop.call_soon_threadsafe(lambda: print('told', file=sys.stderr)),"
    " args=(asyncio.get_running_loop(),)).start()\nawait asyncio.sleep(0.01)": "told",
    "async def drop(): asyncio.sleep(1)\nawait drop()": "RuntimeWarning: coroutine 'sleep' was never awaited",
    "await drop()": "RuntimeWarning: coroutine 'sleep' was never awaited",
}


@pytest.mark.parametrize("really", [False, True])
def test_what_the_loop_says_stands_below_no_cell_as_in_a_kernel(run: Run, really: bool) -> None:
    ran = run("import asyncio, sys, threading\nasync def bad(): 1 / 0", *SAID, really=really)
    for number, said in enumerate(SAID.values(), 2):
        told = "".join(str(one["text"]) for one in ran.outputs[number] if one.get("name") == "stderr")
        assert (said in told, bool(told)) == (True, bool(said)), number


def test_cells_warn_anew_and_modules_once_as_in_a_kernel(run: Run) -> None:
    ran = run(
        "import types, warnings\nmodule = types.ModuleType('module')\n"
        "exec('import warnings\\ndef f(): warnings.warn(\"a\")', vars(module))",
        "module.f()",
        "module.f()",
        "def g(): warnings.warn('b')",
        "g()",
        "import asyncio\nawait asyncio.sleep(0)\n'\\d'\ng()",
        "module.f()",
    )
    told = {
        number: "".join(str(one["text"]) for one in below if "text" in one) for number, below in ran.outputs.items()
    }
    assert [told[number].count("UserWarning") for number in range(1, 8)] == [0, 1, 0, 0, 1, 1, 0]
    assert told[6].count("invalid escape") == (sys.version_info >= (3, 12))


@pytest.mark.parametrize("really", [False, True])
def test_nobody_answers_and_who_asks_a_kernel_to_end_goes_on(run: Run, really: bool) -> None:
    ran = run(
        "def f(n):\n    if n > 1: exit()\n    quit()\n    return n",
        "f(2)",
        "from unittest.mock import patch\nwith patch('builtins.input', return_value='4'): x = int(input('a number: '))\nx",
        "input('a number: ')",
        "try: input()\nexcept NotImplementedError: pass\nexit",
        really=really,
    )
    assert [_value(ran.outputs[number]) for number in (2, 3)] == ["2", "4"]
    assert [one["ename"] for one in ran.outputs[4]] == ["StdinNotImplementedError"]
    assert not any(ran.reached.values())


def test_each_cell_finds_an_input_that_nobody_answers_as_in_a_kernel(run: Run) -> None:
    ran = run(
        "import builtins\nbuiltins.input = lambda prompt='': 'me'\nask = builtins.input\nbuiltins.twice = 2",
        "input()",
        "twice, ask()",
    )
    assert (ran.outputs[2][0]["ename"], _value(ran.outputs[3])) == ("StdinNotImplementedError", "(2, 'me')")


@pytest.mark.parametrize("really", [False, True])
def test_who_clears_the_screen_asks_for_no_process(run: Run, really: bool) -> None:
    ran = run(
        "import os\nfrom os import system\nos.system('cls' if os.name == 'nt' else 'clear') + system(command='clear')",
        "os.system('ls')",
        isolation="A" if not why_not("A") else "child",
        really=really,
    )
    assert (_value(ran.outputs[1]), ran.reached[1], ran.reached[2] != []) == ("0", [], True)


def test_a_cell_that_had_to_be_stopped_leaves_what_it_defined(run: Run) -> None:
    ran = run("x = 1\nwhile True: pass", "x")
    assert ran.ended == {1: "busy_loop"}
    said = "not yet: it computes for too long without waiting (line 2)"
    assert [_value(ran.outputs[number]) for number in (1, 2)] == [said, "1"]


def test_a_real_wait_is_no_computing_and_costs_one_cell_too(run: Run) -> None:
    ran = run("import os\nos.read(os.pipe()[0], 1)", "7", patience=0.3)
    assert ran.ended == {1: "time_out"}
    said = "not yet: it waits in real time for too long (line 2)"
    assert [_value(ran.outputs[number]) for number in (1, 2)] == [said, "7"]


def test_a_process_that_hears_no_alarm_is_ended(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "LAST_WORDS", 0.2)
    deaf = "import signal, os\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nos.read(os.pipe()[0], 1)"
    ran = run(deaf, "7", patience=0.3)
    assert ran.lost == {1: "it was not over after 0.3 s"}
    assert _value(ran.outputs[2]) == "7"


BEYOND = "import _thread\n_thread.start_new_thread(lambda: None, ());"  # what virtual time does not have
PIPE = (
    "import os, threading\nr, w = os.pipe()\ndef writes():\n    os.write(w, b'a')\n    os.close(w)\n"
    "threading.Thread(target=writes).start()\n[line for line in os.fdopen(r)]"
)
LOCKS = (
    "import sqlite3, threading, time\nc = sqlite3.connect('b.db', timeout={})\nc.execute('create table t(x)');\n"
    "held = threading.Event()\ndef holds():\n    d = sqlite3.connect('b.db', isolation_level=None)\n"
    "    d.execute('begin exclusive')\n    d.execute('insert into t values(1)')\n    held.set()\n"
    "    time.sleep(0.2)\n    d.execute('commit')\nt = threading.Thread(target=holds)\nt.start()\nheld.wait()\n"
    "c.execute('select * from t').fetchall()"
)


@pytest.mark.parametrize(("waits", "value"), [(PIPE, "['a']"), (LOCKS.format(5), "[(1,)]")])
def test_a_wait_in_c_for_what_a_thread_does_that_has_no_turn_is_a_doubt_soon(
    run: Run, monkeypatch: pytest.MonkeyPatch, waits: str, value: str
) -> None:
    monkeypatch.setattr(outside, "_STILL", 0.06)
    ran = run(waits, "7", patience=20.0)
    assert (ran.really, ran.ended, _value(ran.outputs[1]), _value(ran.outputs[2])) == (True, {}, value, "7")


def test_a_database_that_is_locked_in_virtual_time_is_a_doubt(run: Run) -> None:
    ran = run(LOCKS.format(0), "7")
    assert (ran.really, _value(ran.outputs[1])) == (True, "database is locked")


def test_a_wait_in_c_beside_nobody_is_none(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "_STILL", 0.03)
    ran = run("import os\nos.read(os.pipe()[0], 1)", "7", patience=0.2)
    assert (ran.really, ran.ended) == (False, {1: "time_out"})


FOR_EVER = "import asyncio\nasync def f():\n    while {}:\n        await asyncio.sleep(0)\n"


@pytest.mark.parametrize("isolation", [one for one in ISOLATIONS if one in ("A", "B", "none")])
def test_where_virtual_time_leaves_a_doubt_all_cells_are_run_again_in_real_time(run: Run, isolation: str) -> None:
    ran = run("import time\nt = time.time(); x = 1", BEYOND, "x += 1; x, time.time() - t < 1e6", isolation=isolation)
    assert (ran.really, ran.ended, ran.lost, _value(ran.outputs[3])) == (True, {}, {}, "(2, True)")


@pytest.mark.parametrize("while_", ["True", "not x"])
def test_turns_that_change_nothing_are_no_doubt(run: Run, while_: str) -> None:
    ran = run("x = 0", f"{FOR_EVER.format(while_)}await f()", "7")
    assert (ran.really, ran.ended, _value(ran.outputs[3])) == (False, {2: "livelock"}, "7")


COUNTS = {
    "a name of the cells": "while x < 20_100:\n    x += 1\n    await asyncio.sleep(0)",
    "a name of another cell": "async def f():\n    while x < 20_100:\n        count()\n        await asyncio.sleep(0)\n"
    "await f()",
    "an object": "class O: n = 0\nasync def f(o):\n    while o.n < 20_100:\n        o.n += 1\n        await asyncio.sleep(0)\n"
    "await f(O())",
    "another task": "async def f():\n    while x < 20_100: await asyncio.sleep(0)\nasync def g():\n    while True:\n"
    "        count()\n        await asyncio.sleep(0)\ntask = asyncio.create_task(g())\nawait f()\ntask.cancel();",
}


@pytest.mark.parametrize("counts", COUNTS)
def test_turns_that_count_come_to_their_end(run: Run, counts: str) -> None:
    given = "import asyncio\nx = 0\ndef count():\n    global x\n    x += 1"
    ran = run(given, COUNTS[counts], "7", seconds=5)
    assert (ran.really, ran.ended, ran.outputs[2], _value(ran.outputs[3])) == (True, {}, [], "7")


def test_turns_that_a_timer_may_end_are(run: Run) -> None:
    ran = run(
        f"{FOR_EVER.format(True)}try:\n    await asyncio.wait_for(f(), 0.01)\nexcept TimeoutError:\n    x = 1", "x"
    )
    assert (ran.really, ran.ended, _value(ran.outputs[2])) == (True, {}, "1")


def test_a_task_that_is_asked_whether_it_is_done_for_ever_costs_one_cell(run: Run) -> None:
    polls = "import asyncio\ntask = asyncio.create_task(asyncio.sleep(1))\nwhile not task.done(): pass"
    ran = run(polls, "await task\n7", seconds=5)
    assert (ran.really, ran.ended, ran.lost) == (False, {1: "busy_loop"}, {})


def test_a_cell_that_asks_twenty_thousand_tasks_is_right(run: Run) -> None:
    asks = "import asyncio\nasync def f(): pass\ntasks = [asyncio.create_task(f()) for _ in range(20_000)]\n"
    ran = run(f"{asks}sum(task.done() for task in tasks)", seconds=5)
    assert (ran.really, ran.ended, _value(ran.outputs[1])) == (False, {}, "0")


BUSY = "def busy(): return sum(i * i for i in range(300_000))"
IN_TURNS: dict[str, tuple[str, bool]] = {
    "computes while another waits for its time": ("thread.start(); busy(); thread.join()", True),
    "in a thread, beside the loop's timer": (
        "task = asyncio.create_task(asyncio.sleep(0.001))\nawait asyncio.to_thread(busy)",
        True,
    ),
    "looks whether another has come": ("thread.start(); thread.is_alive(); thread.join()", True),
    "nobody else is there": ("busy(); await asyncio.gather(asyncio.sleep(0.001), asyncio.sleep(0.002));", False),
}


@pytest.mark.parametrize("name", IN_TURNS)
def test_it_is_told_whether_a_turn_was_kept_that_another_could_have_had(run: Run, name: str) -> None:
    cell, kept = IN_TURNS[name]
    given = f"import asyncio, threading, time\n{BUSY}\nthread = threading.Thread(target=time.sleep, args=(0.001,))"
    ran = run(given, cell, "7", seconds=5)
    assert (ran.really, ran.kept, ran.ended, _value(ran.outputs[3])) == (False, kept, {}, "7")


def test_real_time_can_be_asked_for_at_once_and_nobody_keeps_a_turn_in_it(run: Run) -> None:
    starts = "thread = threading.Thread(target=busy)\nthread.start(); busy(); thread.join()"
    ran = run(f"import threading\n{BUSY}\n{starts}", really=True)
    assert (ran.really, ran.kept, ran.ended, ran.lost) == (True, False, {}, {})


ASKS = {
    "a deadline": "ends = time.time() + 5\nwhile not came.qsize() and time.time() < ends: pass",
    "a time-out of nothing": "while not came.qsize():\n    try: came.put(came.get(timeout=0))\n    except queue.Empty: pass",
}


@pytest.mark.parametrize("name", ASKS)
def test_who_asks_for_the_time_while_another_could_go_on_is_a_doubt_soon(run: Run, name: str) -> None:
    given = "import queue, threading, time\ncame = queue.Queue()\nthreading.Timer(0.01, came.put, [1]).start()"
    ran = run(f"{given}\n{ASKS[name]}\ncame.get()", seconds=60)
    assert (ran.really, ran.ended, _value(ran.outputs[1])) == (True, {}, "1")


@pytest.mark.parametrize(
    ("stays", "kind"),
    [
        ("time.sleep(100)", "time_out"),
        ("await asyncio.Event().wait()", "time_out"),
        ("threading.Event().wait()", "time_out"),
        ("while True: pass", "busy_loop"),
        ("while True: await asyncio.sleep(0)", "busy_loop"),
        ("thread = threading.Thread(target=spins, daemon=True); thread.start(); thread.join()", "busy_loop"),
    ],
)
def test_in_real_time_a_cell_has_the_same_limits_and_costs_itself_alone(run: Run, stays: str, kind: str) -> None:
    given = f"import asyncio, threading, time\ndef spins():\n    while True: pass\n{BEYOND}"
    ran = run(given, stays, "7", seconds=0.3)
    assert (ran.really, ran.lost, ran.ended, _value(ran.outputs[3])) == (True, {}, {2: kind}, "7")


def test_in_real_time_a_cell_that_ends_the_process_costs_itself_alone(run: Run) -> None:
    ran = run(BEYOND, "x = 1", "import os\nos._exit(3)", "x")
    assert (ran.really, ran.lost, _value(ran.outputs[4])) == (True, {3: "it ended the process (exit status 3)"}, "1")


THREADS = "import threading, time\nmany = [threading.Thread(target=time.sleep, args=(1,)) for _ in range({})]\n"
STARTED = "for one in many: one.start()\nfor one in many: one.join()\n"


def test_a_cell_has_hundreds_of_threads_and_is_told_when_it_has_more_than_it_may(run: Run) -> None:
    ran = run(f"{THREADS.format(600)}{STARTED}len(many)", f"{THREADS.format(1001)}{STARTED}", "7", seconds=5)
    said = "not yet: it has more threads at once than it may have (line 3)"
    assert [_value(ran.outputs[number]) for number in (1, 2, 3)] == ["600", said, "7"]


STOPPED = {
    "import asyncio\nawait asyncio.Event().wait()": "it waited for what never comes",
    "import asyncio\nwhile True: await asyncio.sleep(0)": "it went round, and nothing changed",
    "import time\ntime.sleep(100_000)": "it went on in virtual time without an end",
}


def test_of_every_cell_that_is_stopped_it_is_told_why(run: Run) -> None:
    told = list[tuple[int, str]]()
    ran = run(*STOPPED, seconds=5, tell=lambda number, why: told.append((number, why)))
    assert (len(ran.ended), told) == (len(STOPPED), [*enumerate(STOPPED.values(), 1)])


SPINS = "def spins(n):\n    while True: n += 1"
COMPUTES = "import time\nbegan = time.process_time()\nwhile time.process_time() < began + 0.2: pass\n{}"
LOST = "import os, signal\nos._exit(signal.SIGXCPU)"  # as the process ends that is beyond its limit


def _soon_less(run: Run, monkeypatch: pytest.MonkeyPatch, *cells: str) -> tuple[Ran, list[tuple[int, str]]]:
    monkeypatch.setattr(outside, "_LEAST", 0.1)
    told = list[tuple[int, str]]()
    return run(*cells, seconds=0.5, tell=lambda number, why: told.append((number, why))), told


def test_once_a_cell_took_all_its_time_those_in_the_same_function_have_less_and_each_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [SPINS, "spins(1)", "spins(2)", COMPUTES.format("x = 8"), "x"]
    ran, told = _soon_less(run, monkeypatch, *cells)
    assert (ran.ended, ran.early, _value(ran.outputs[5])) == ({2: "busy_loop", 3: "busy_loop"}, {3}, "8")
    why = "it computed for too long in spins"
    assert told == [(2, why), (3, f"{why}, as an earlier one did")]


def test_a_process_that_takes_the_place_of_a_lost_one_knows_where_cells_took_all_their_time(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [f"{SPINS}\nx = 0", "x += 1\nspins(1)", COMPUTES.format("x += 1"), LOST, "spins(2)", "x"]
    ran, told = _soon_less(run, monkeypatch, *cells)
    assert (ran.lost, _value(ran.outputs[6])) == ({4: "it computed for more than 0.5 s"}, "2")
    assert [number for number, _ in told] == [2, 4, 5]
    assert told[2][1].endswith("as an earlier one did")


class _Scripted:
    """A process and its wire, of which what is said and done is written down. None: nothing comes until the time is up."""

    def __init__(self, *said: Any):
        self.said, self.done, self.connection = iter(said), list[Any](), None

    def receive(self) -> bytes:
        message = next(self.said)
        if message is None:
            raise Late
        return msgspec.json.encode(message)

    def prolong(self, seconds: float) -> None:
        self.done.append(seconds)

    def ring(self) -> None:
        self.done.append("ring")

    def new_case(self, seconds: float) -> None:
        pass

    def send(self, start: Any) -> None:
        pass


@pytest.mark.parametrize(
    ("known", "said", "done", "lost"),
    [
        ({}, [None, None], [100, "ring", 2], "it was not over after 100 s"),
        ({1: ("cell 1", "f", 1)}, [None, None, None], [10, "ring", 90, "ring", 2], "it was not over after 100 s"),
        ({1: ("cell 1", "f", 1)}, [None, ["over", "", 2, "", []], ["bye", ""]], [10, "ring", 90], None),
        (
            {1: ("cell 1", "f", 1)},
            [None, ["spent", "", 2, "cell 1", "f", 1], None, None],
            [10, "ring", 90, 10, "ring", 2],
            "it was not over after 10 s in f, as an earlier one did",
        ),
        ({}, [["spent", "", 2, "cell 1", "f\n", 1], None, None], [100, 10, "ring", 2], "it was not over after 100 s"),
    ],
    ids=["as ever", "elsewhere and deaf", "elsewhere and over", "there and deaf", "a name that is none"],
)
def test_a_cell_that_may_be_where_others_stayed_is_asked_early_and_has_all_its_time_if_not(
    monkeypatch: pytest.MonkeyPatch, known: dict[int, Any], said: list[Any], done: list[Any], lost: str | None
) -> None:
    script: Any = _Scripted(["cell", "", 2], *said)
    monkeypatch.setattr(outside, "Wire", lambda connection: script)
    bounds, ran = outside._Bounds(30, 100, 0.0, 0.0), Ran(spent=known)
    found = outside._Conversation(script, bounds, ran, "", lambda number, why: None).held({"cells": [[2, "", False]]})
    assert (script.done, found) == (done, lost and (2, lost))


def test_a_cell_that_ends_the_process_at_once_takes_no_time_from_the_others(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran, told = _soon_less(run, monkeypatch, "import os\nos._exit(3)", COMPUTES.format("7"))
    assert (told, _value(ran.outputs[2])) == ([(1, "it ended the process (exit status 3)")], "7")


@pytest.mark.parametrize(
    ("seconds", "patience", "less"), [(30.0, 100.0, (3.0, 10.0)), (1.0, 13.0, (1.0, 4.0)), (10.0, 1.0, (2.0, 1.0))]
)
def test_less_is_a_tenth_and_never_next_to_nothing(seconds: float, patience: float, less: tuple[float, float]) -> None:
    bounds = outside._Bounds(seconds, patience, 0.0, 0.0)
    assert (bounds.less, bounds.less_patience) == less


def test_the_source_of_a_function_can_be_asked_for_as_in_a_kernel(run: Run) -> None:
    ran = run("def f():\n    return 1", "import inspect\ninspect.getsource(f)")
    assert _value(ran.outputs[2]) == repr("def f():\n    return 1\n")


@pytest.mark.parametrize("name", nesting.NAMES)
def test_nest_asyncio_cannot_be_imported_where_it_is_not_installed(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = f"import {name}", f"try:\n    from {name} import apply\nexcept ImportError:\n    made = 1", "made"
    monkeypatch.setattr(packages, "_version", {}.get)
    ran = run(*cells)
    assert (_value(ran.outputs[1]), _value(ran.outputs[3])) == (f"No module named '{name}'", "1")
    monkeypatch.setattr(packages, "_version", {name: "1.0"}.get)
    assert run(cells[0]).outputs[1] == []


def test_nest_asyncio_lets_a_loop_be_run_where_it_runs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_version", {"nest_asyncio": "1.6.0"}.get)
    later = "import asyncio\nasync def later(x):\n    await asyncio.sleep(1)\n    return x"
    nested = "asyncio.run(later(1)), asyncio.get_event_loop().run_until_complete(later(2))"
    applied = "import nest_asyncio\nnest_asyncio.apply()"
    ran = run(later, nested, applied, nested, "(*await asyncio.gather(later(4), later(5)), asyncio.run(later(6)))")
    assert _value(ran.outputs[2]) == "asyncio.run() cannot be called from a running event loop"
    assert (_value(ran.outputs[4]), _value(ran.outputs[5])) == ("(1, 2)", "(4, 5, 6)")


_OTHER_LOOPS = {
    "a thread's own": "asyncio.run(later(x))",
    "a thread's own, made when it is asked for": "asyncio.get_event_loop().run_until_complete(later(x))",
    "another one": "other.run_until_complete(later(x))",
    "within another": "asyncio.run(deep(x))",
    "of its own function": "nest_asyncio2.run(later(x))",
}
_AND_CLOSES = "with asyncio.Runner():\n    pass"


@pytest.mark.parametrize("really", [False, True], ids=["virtual", "real"])
@pytest.mark.parametrize("call", _OTHER_LOOPS.values(), ids=_OTHER_LOOPS)
def test_nest_asyncio_lets_any_loop_be_run_here_and_in_a_thread(
    call: str, really: bool, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_version", {"nest_asyncio2": "1.7.4"}.get)
    cells = (
        "import asyncio, nest_asyncio2\nnest_asyncio2.apply()\nnest_asyncio2.apply()\n"
        "async def later(x):\n    await asyncio.sleep(0.001)\n    return x\n"
        "async def deep(x):\n    return asyncio.run(later(x))\n"
        f"def f(x, other):\n    return {call}",
        "f(1, asyncio.new_event_loop()), await asyncio.to_thread(f, 2, asyncio.new_event_loop())",
        _AND_CLOSES,
        "asyncio.current_task() is not None and asyncio.get_running_loop().is_running()",
    )
    ran = run(*cells, really=really)
    assert (_value(ran.outputs[2]), ran.outputs[3], _value(ran.outputs[4])) == ("(1, 2)", [], "True")


def test_a_loop_stands_still_while_another_is_run_in_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_version", {"nest_asyncio": "1.6.0"}.get)
    ran = run(
        "import asyncio, nest_asyncio\nnest_asyncio.apply()\nseen = []\n"
        "task = asyncio.get_running_loop().call_later(1, seen.append, 1)",
        "asyncio.new_event_loop().run_until_complete(asyncio.sleep(2))\nlen(seen)",
        "asyncio.run(asyncio.sleep(2))\nlen(seen)",
    )
    assert [_value(ran.outputs[number]) for number in (2, 3)] == ["0", "1"]


def test_time_without_end_costs_one_cell(run: Run) -> None:
    ran = run("import asyncio\nwhile True:\n    await asyncio.sleep(60)", "await asyncio.sleep(60)\n7")
    assert (ran.ended, _value(ran.outputs[2])) == ({1: "virtual_limit"}, "7")


def test_cells_that_end_the_process_again_and_again_are_not_tried_for_ever(run: Run) -> None:
    ran = run(*["import os\nos._exit(3)"] * 11, "7")
    assert len(ran.lost) == 10
    assert ran.lost[1] == "it ended the process (exit status 3)"
    assert _value(ran.outputs[12]) == (
        "not yet: not run: too many cells before it ended the process; the other cells were run without this one"
    )


# who looks through all objects finds it, as they find IPython's session in a kernel
WORD = """\
import gc, json, os, types
gc.unfreeze()
functions = (one for one in gc.get_objects() if type(one) is types.FunctionType)
tell = next(one for one in functions if one.__qualname__ == "teller.<locals>.tell")
word = next(one.cell_contents for one in tell.__closure__ if isinstance(one.cell_contents, str))
def say(kind, *more):
    os.write(3, json.dumps([kind, word, *more]).encode() + b"\\n")
"""
FORGED = {
    "say('over', 2, '', [])": "cells in another order",
    "say('over', 1, '', [[]])": "not a message",
    "say('over', 1, '', [['html', 'a']])": "no output of a cell",
    "say('over', 1, '', [['result']])": "no output of a cell",
    "say('over', 1, '', [['result', 'text/plain']])": "no output of a cell",
    "say('over', 1, '', [['stream', 'points', '10']])": "no output of a cell",
    "say('over', 1, '', [], [['html', 'a']])": "not a message",
    "say('grade', 1, 10)": "not a message",
    "os.write(3, b'{}\\n')": "not a message",
    "word = ''; say('over', 1, '', [])": "a message of nobody's",
    "say('really', 0)": "not a message",
}


@pytest.mark.parametrize("message", FORGED)
def test_what_is_no_message_costs_the_cell_that_says_it(run: Run, message: str) -> None:
    ran = run(f"{WORD}{message}", "7")
    assert ran.lost[1].startswith(f"it tampered with the grader: {FORGED[message]}")
    assert _value(ran.outputs[2]) == "7"


def test_real_time_is_asked_for_once(run: Run) -> None:
    ran = run(f"{WORD}say('really', 1)", "7")
    assert (ran.really, ran.lost) == (True, {1: "it tampered with the grader: cells in another order"})
    assert _value(ran.outputs[2]) == "7"


def test_an_authors_cell_finds_the_builtins_as_they_were(run: Run) -> None:
    cells = ["import builtins\nbuiltins.abs = lambda of: 10", "abs(-1)"]
    codes = [Code(1, cells[0], False), Code(2, cells[1], True)]
    ran = run_cells(codes, {}, level_of("child"), seconds=1, seed="a seed")
    assert (_value(ran.outputs[2]), _value(run(*cells).outputs[2])) == ("1", "10")


STARTS = "import os, threading, time\nthreading.Thread(target=lambda: (time.sleep(0.5), os._exit(0))).start()"


def test_the_cell_whose_thread_ends_the_process_is_lost_and_not_those_that_wait_meanwhile(run: Run) -> None:
    ran = run("x = 1", STARTS, "import asyncio\nawait asyncio.sleep(1)\nx", "await asyncio.sleep(1)\nx + 1")
    assert ran.lost == {2: "it ended the process (exit status 0)"}
    assert [_value(ran.outputs[number]) for number in (3, 4)] == ["1", "2"]


def test_a_cell_that_ends_it_itself_is_lost_whatever_threads_are_about(run: Run) -> None:
    ran = run(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(9,)).start()", "import os\nos._exit(0)", "3"
    )
    assert ran.lost == {2: "it ended the process (exit status 0)"}
    assert (ran.outputs[1], _value(ran.outputs[3])) == ([], "3")


@pytest.mark.parametrize(
    ("over", "lost"),
    [([1, 2], None), ([1], (1, "it was not over after 100 s"))],
    ids=["behind the last cell", "between two"],
)
def test_what_ends_the_process_when_no_cell_runs_costs_the_one_in_front_if_there_are_others(
    monkeypatch: pytest.MonkeyPatch, over: list[int], lost: tuple[int, str] | None
) -> None:
    said = [message for number in over for message in (["cell", "", number], ["over", "", number, "", []])]
    script: Any = _Scripted(*said, None, None)
    monkeypatch.setattr(outside, "Wire", lambda connection: script)
    talk = outside._Conversation(script, outside._Bounds(30, 100, 0.0, 0.0), Ran(), "", lambda number, why: None)
    assert talk.held({"cells": [[1, "", False], [2, "", False]]}) == lost


def test_where_no_cell_has_begun_it_is_the_graders_own_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    script: Any = _Scripted(None, None)
    monkeypatch.setattr(outside, "Wire", lambda connection: script)
    talk = outside._Conversation(script, outside._Bounds(30, 100, 0.0, 0.0), Ran(), "", lambda number, why: None)
    with pytest.raises(GraderFault, match="the process that runs the cells: it was not over after 100 s"):
        talk.held({"cells": [[1, "", False]]})


@pytest.mark.parametrize("gone", ["del sys.modules[name]", "sys.modules[name] = None"])
def test_a_cell_may_take_our_modules_away(run: Run, gone: str) -> None:
    ran = run(f"import sys\nfor name in [*sys.modules]:\n    if name.startswith('grader'): {gone}", "7")
    assert (ran.lost, _value(ran.outputs[2])) == ({}, "7")


BOUND = "import resource\nresource.getrlimit(resource.RLIMIT_CPU)"


def test_the_bound_that_nobody_can_raise_again_is_what_is_left_for_this_cell_and_those_behind_it(run: Run) -> None:
    ran = run(*[BOUND] * 3)
    bounds = [literal_eval(_value(ran.outputs[number])) for number in (1, 2, 3)]
    each = 1 + SLACK
    # used so far: next to nothing, of which the system counts whole seconds
    assert [(soft, hard) for soft, hard in bounds] == [(each, count * each + 1 + SPARE) for count in (3, 2, 1)]


def test_a_cell_cannot_raise_it(run: Run) -> None:
    raises = "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (100, 1000))"
    ran = run("import resource", raises, "'goes on'")
    [error] = ran.outputs[2]
    assert (error["ename"], _value(ran.outputs[3])) in [("ValueError", "'goes on'"), ("PermissionError", "'goes on'")]


def test_a_cell_that_was_killed_past_its_time_computed_for_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    level = level_of("child")

    def killed(limits: Any) -> Any:
        process = level.process(limits)
        how = process.how_it_ended

        def as_if_killed() -> int:
            how()
            monkeypatch.setattr(process, "cpu_seconds", 1.5)
            return -signal.SIGKILL

        monkeypatch.setattr(process, "how_it_ended", as_if_killed)
        return process

    cells = [Code(1, "1", False), Code(2, "import os\nos._exit(1)", False)]
    for seconds, why in ((1, "it computed for more than 1 s"), (2, "the process was killed (signal 9)")):
        ran = run_cells(cells, {}, Level(level.name, killed), seconds=seconds, seed="a seed")
        assert ran.lost == {2: why}
