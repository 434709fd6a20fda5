"""Files that are graded as they are: what the exercise provides of earlier files, the learner's own chain, kinds, warnings."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET, structs

from grader.course.cases import cases_of
from grader.course.load import load_exercise
from grader.course.model import CaseSpec
from grader.door.messages import MORE_FIELDS, START_FIELDS
from grader.errors import UsageError
from grader.feedback.message import compose
from grader.feedback.text import render
from grader.grading import grade
from grader.run.limits import complete
from grader.run.stage import stage_case
from grader.run.submitted import Submitted, identity, read_submitted
from grader.verdict import Own, Verdict, outcome_of
from tests.adopted import ALONE, FILE, GOOD, SLEEP, WAIT, adopted, asking, returns
from tests.staging import PLACES

AS_FAR = "it is right, as far as it can be seen there"
OWN_WAIT = b"""
import asyncio, random
async def wait_a_while(max_delay=10):
    delay = random.uniform(0, max_delay)
    await asyncio.sleep(delay)
    return delay
"""


def provided(code: str = "", **changes: Any) -> dict[str, Any]:
    """The key `world` with one provided module, `0-wait_a_while`, of one operation with these changes."""
    module = {"operations": ["wait_a_while"], "also": ["asyncio", "random.uniform"], "code": code}
    return {"world": {"operations": {"wait_a_while": {**WAIT, **changes}}, "modules": {"0-wait_a_while": module}}}


def first_fault(verdict: Verdict) -> tuple[str, str]:
    fault = verdict.cases[0].fault
    assert fault is not None
    return fault.title, fault.detail


# ---------------------------------------------------------------- what is provided


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("call", "waited"),
    [
        ("wait_a_while()", 10),
        ("wait_a_while(4)", 4),
        ("wait_a_while(max_delay=4)", 4),
        ("wait_a_while(*[], **{})", 10),
        ("asyncio.create_task(wait_a_while(4))", 4),
        ("asyncio.wait_for(wait_a_while(4), 99)", 4),
    ],
)
def test_a_provided_function_has_its_defaults_and_takes_arguments_by_name(call: str, waited: int, place: str) -> None:
    exercise = adopted(
        **provided(duration="=max_delay", result="=max_delay"), **asking({"kind": "result", "result": waited})
    )
    program = (
        'waits = __import__("0-wait_a_while")\nasyncio = waits.asyncio\nwait_a_while = waits.wait_a_while\n'
        f"async def main():\n    return await {call}\n"
    )
    verdict = grade(exercise, program, isolation=place)
    assert (verdict.points, verdict.cases[0].fault, verdict.cases[0].elapsed) == (10, None, waited)


def test_arguments_between_may_be_left_out() -> None:
    world = provided(params=["a", "b=2", "c=3"], key="c", duration=1, result="=[a, b, c]")
    exercise = adopted(**world, **asking({"kind": "result", "result": [1, 2, 9]}))
    program = (
        "from importlib import import_module as load\nasync def main():\n"
        '    return await load("0-wait_a_while").wait_a_while(1, c=9)\n'
    )
    verdict = grade(exercise, program)
    assert verdict.points == 10
    assert verdict.cases[0].timeline.bars[0].key == 9
    missing = grade(exercise, program.replace("(1, c=9)", "(c=9)"))
    assert outcome_of(missing) == "crash"


def test_a_provided_file_has_what_learners_import_from_it() -> None:
    exercise = adopted(**provided(), **asking({"kind": "result", "result": True}))
    program = """
waits = __import__("0-wait_a_while")
import asyncio, inspect, random
async def main():
    await waits.wait_a_while()
    return waits.asyncio is asyncio and waits.uniform == random.uniform and inspect.iscoroutinefunction(waits.wait_a_while)
"""
    assert grade(exercise, program).points == 10


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import helper_of_ours", "ModuleNotFoundError: No module named 'helper_of_ours'"),
        ("from asyncio import nothing_such", "ImportError: cannot import name 'nothing_such' from 'asyncio'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("x = (", "SyntaxError: '(' was never closed"),
    ],
)
def test_a_provided_file_that_cannot_be_imported_is_the_courses_fault(code: str, said: str, place: str) -> None:
    verdict = grade(adopted(**provided(code)), GOOD, isolation=place)
    assert verdict.status == "error"
    assert verdict.error.startswith(
        f"fetch_all, case seen: 0-wait_a_while.py, line 14, which the exercise provides, cannot be imported ({said}"
    )
    assert verdict.error.endswith("; mend it under 'modules'")


def test_a_provided_function_that_imports_what_is_not_there_is_the_courses_fault_and_no_other_is() -> None:
    calls = GOOD.replace("    return", "    __import__('0-wait_a_while').late()\n    return")
    lacks = grade(adopted(**provided("def late():\n    import helper_of_ours")), calls)
    assert (lacks.status, "line 15, which" in lacks.error) == ("error", True)
    for code in ("def late():\n    1 / 0", "def late(x):\n    pass"):
        verdict = grade(adopted(**provided(code)), calls)
        assert (verdict.status, verdict.cases[0].outcome) == ("failed", "raised")
    own = grade(adopted(**provided("x = 1")), "import helper_of_ours\n" + GOOD)
    assert first_fault(own)[0] == "your file imports `helper_of_ours`, which is not there"


@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_operation_is_provided_as_code(place: str) -> None:
    code = """
async def waits(count):
    for _ in range(count):
        yield await wait_a_while()


def waiting():
    return asyncio.create_task(wait_a_while())
"""
    program = """
module = __import__("0-wait_a_while")
async def main():
    task = module.waiting()
    return [item async for item in module.waits(2)], await task
"""
    exercise = adopted(**provided(code), **asking({"kind": "result", "result": "=([97, 98], 99)"}))
    verdict = grade(exercise, program, isolation=place)
    assert (verdict.points, verdict.checks[0].rationale) == (10, "")
    assert [(bar.start, bar.end, bar.line) for bar in verdict.cases[0].timeline.bars] == [
        (0, 3, 5),
        (0, 1, 4),
        (3, 5, 5),
    ]


def test_each_call_has_a_number() -> None:
    exercise = adopted(**asking({"kind": "result", "result": [97, 99, 98, 97]}))
    program = (
        'w = __import__("0-wait_a_while").wait_a_while\nasync def main():\n    return [await w() for _ in range(4)]\n'
    )
    verdict = grade(exercise, program)
    assert (verdict.points, [bar.end for bar in verdict.cases[0].timeline.bars]) == (10, [3, 4, 6, 9])


def test_a_program_that_sorts_and_one_that_collects_give_opposite_orders() -> None:
    collects = GOOD.replace(
        "return sorted(await asyncio.gather(*[wait_a_while() for _ in range(n)]))",
        "return [await one for one in asyncio.as_completed([wait_a_while() for _ in range(n)])]",
    )
    assert grade(adopted(), GOOD).points == 10
    assert grade(adopted(), collects).checks[0].rationale == (
        "your function returned [99, 98, 97]; [97, 98, 99] is asked for"
    )


def test_the_start_of_a_run_tells_no_duration_and_no_result() -> None:
    exercise = adopted(vars={"delays": [3.25, 1.25, 2.25]}, dependencies="both")
    (case,) = cases_of(exercise, "s", hidden=False)
    for own in (False, True):
        start = json.dumps(stage_case(exercise, case, complete(exercise.limits), with_own(), own=own).start)
        assert ("3.25" in start, "96.75" in start, "stands_for(wait_a_while)" in start) == (
            False,
            False,
            not own,
        )
        assert set(json.loads(start)) <= START_FIELDS | MORE_FIELDS


# ---------------------------------------------------------------- the learner's own chain


def with_own(wait: bytes = OWN_WAIT, main: str = GOOD) -> Submitted:
    return Submitted(main.encode(), (("0-wait_a_while", wait),))


CHAIN = {
    "entries": {
        "fetch_all": {
            "args": [3],
            "checks": [
                *FILE["entries"]["fetch_all"]["checks"],
                {"kind": "holds", "id": "sorted", "holds": "=result == sorted(result) and len(result) == 3"},
            ],
        }
    }
}


def test_provided_files_are_all_that_counts_unless_the_exercise_says_otherwise() -> None:
    verdict = grade(adopted(**CHAIN), with_own(b"raise ValueError\n"))
    assert (verdict.points, verdict.own) == (10, UNSET)


@pytest.mark.parametrize("place", PLACES)
def test_with_both_the_mark_is_that_of_what_is_provided(place: str) -> None:
    exercise = adopted(dependencies="both", **CHAIN)
    verdict = grade(exercise, with_own(), isolation=place)
    assert (verdict.status, verdict.points) == ("passed", 10)
    assert verdict.own == Own(passed=True, outcome="result", says=f"With your own `0-wait_a_while` {AS_FAR}.")
    broken = grade(
        exercise, with_own(b"import asyncio\nasync def wait_a_while():\n    return 1 / 0\n"), isolation=place
    )
    assert (broken.status, broken.points) == ("passed", 10)
    assert broken.own == Own(
        passed=False,
        outcome="raised",
        says="With your own `0-wait_a_while` it is not right yet: your function raised ZeroDivisionError in line 3 of your "
        "`0-wait_a_while.py`: a number was divided by zero.",
    )
    lazy = grade(exercise, with_own(main=GOOD.replace("sorted(", "list(")), isolation=place)
    assert isinstance(lazy.own, Own)
    assert (lazy.status, lazy.own.passed) == ("failed", False)


def test_the_feedback_says_the_other_in_one_sentence() -> None:
    exercise = adopted(dependencies="both", **CHAIN)
    broken = grade(exercise, with_own(b"def wait_a_while(:\n"))
    said = (
        "With your own `0-wait_a_while` it is not right yet: your file imports `0-wait_a_while.py`, "
        "which is not valid Python yet (line 1): Python cannot read this line; look at all that stands in it, and at the end "
        "of the one above."
    )
    assert compose(broken).own == said
    text = " ".join(render(broken, width=200, colour=False, ascii_only=True).split())
    assert said in text
    assert "Everything that was asked for is there." in text
    right = grade(exercise, with_own())
    assert compose(right).own == ""
    idle = grade(exercise, with_own(main="async def fetch_all(n):\n    return [1, 2, 3]\n"))
    assert compose(idle).own == "With your own `0-wait_a_while` it is not right yet: wait_a_while was never called."


def test_where_nothing_is_looked_at_with_own_files_nothing_is_called_right() -> None:
    seen = {"kind": "result", "id": "result", "points": 10, "under": "provided", "result": [1, 2, 3]}
    source = {"kind": "source", "id": "no-sort", "source": {"forbid": ["call:sorted"]}, "level": "warn"}
    entries = {"fetch_all": {"args": [3], "checks": [seen, source]}}
    idle = grade(adopted(dependencies="both", entries=entries), with_own(main="async def fetch_all(n):\n    pass\n"))
    says = "With your own `0-wait_a_while` it runs to its end; whether it is right is not looked at there."
    assert (idle.points, idle.own) == (0, Own(passed=None, outcome="result", says=says))
    assert compose(idle).own == says


def test_nothing_of_a_hidden_case_is_in_that_sentence() -> None:
    secret = CaseSpec(name="secret", with_={"delays": [7, 8, 9]})
    exercise = structs.replace(adopted(dependencies="both", **CHAIN), hidden=(secret,))
    only = structs.replace(exercise, file=structs.replace(exercise.file, cases=[]))
    lost = grade(only, with_own(b"async def wait_a_while():\n    return 5 / 0\n"), hidden=True, seed="s")
    assert isinstance(lost.own, Own)
    assert lost.own.says == (
        "With your own `0-wait_a_while` it is not right yet: in a hidden case, whose values are not shown."
    )


@pytest.mark.parametrize(
    ("files", "outcome", "title"),
    [
        ((), "does not import", "your own `0-wait_a_while.py` was not found"),
        (
            (b"import asyncio\n",),
            "does not import",
            "your file takes `wait_a_while` from `0-wait_a_while`, which does not have it",
        ),
        (
            (b'm = __import__("3-fetch_all").fetch_all\n',),
            "does not import",
            "your file imports itself, or a file that imports it",
        ),
        (
            (b"import asyncio\nasyncio.run(asyncio.sleep(1))\n",),
            "runs the loop at import",
            "your file imports `0-wait_a_while.py`, which runs an event loop while it is imported",
        ),
        (
            (b"while True: pass\n",),
            "time-out",
            "your file imports `0-wait_a_while.py`, which is not imported in the time that it has",
        ),
        ((b"(\n",), "does not import", "your file imports `0-wait_a_while.py`, which is not valid Python yet"),
    ],
)
def test_with_own_the_learners_chain_is_what_runs(files: tuple[bytes, ...], outcome: str, title: str) -> None:
    world = {"operations": {"sleep": SLEEP}, "replaces": ["asyncio.sleep"]}
    check = {"kind": "parallel", "id": "together", "points": 10, "parallel": "sleep[*]"}
    entries = {"fetch_all": {"args": [3], "checks": [check]}}
    exercise = adopted(dependencies="own", world=world, entries=entries, import_seconds=0.2)
    assert grade(exercise, with_own()).points == 10
    verdict = grade(exercise, Submitted(GOOD.encode(), tuple(("0-wait_a_while", data) for data in files)))
    assert (verdict.points, outcome_of(verdict), first_fault(verdict)[0]) == (0, outcome, title)


@pytest.mark.parametrize("text", ["", "# later\n", '"""Waits."""\npass\n'])
@pytest.mark.parametrize(
    "way",
    ['wait = __import__("waiting").wait\n', "from waiting import wait\n", "import waiting\nwait = waiting.wait\n"],
)
@pytest.mark.parametrize("late", [False, True])
def test_an_earlier_file_in_which_nothing_is_written_is_told_as_that(text: str, way: str, late: bool) -> None:
    body = "".join(f"    {line}\n" for line in way.splitlines())
    program = f"async def fetch_all(n):\n{body}" if late else f"{way}async def fetch_all(n): pass\n"
    check = {"kind": "result", "id": "result", "points": 10, "result": 1}
    entries = {"fetch_all": {"args": [3], "work": False, "checks": [check]}}
    exercise = adopted(dependencies="own", needs=["waiting"], world={}, entries=entries)
    fault = grade(exercise, Submitted(program.encode(), (("waiting", text.encode()),))).cases[0].fault
    assert fault is not None
    said = "takes `wait` from your `waiting.py`, in which nothing is written yet"
    remedy = "write it there, or hand in the file in which it is written"
    if late:
        assert (fault.title.startswith("your function raised"), fault.detail) == (True, f"it {said}; {remedy}")
    else:
        assert (fault.title, fault.detail) == (f"your file {said}", remedy)


@pytest.mark.parametrize(
    "way",
    [
        'wait = __import__("waiting").wait\n',
        "from waiting import wait\n",
        "from waiting import wait as w\n",
        "import waiting\nwait = waiting.wait\n",
    ],
)
def test_a_name_that_an_earlier_file_does_not_have_is_told_alike_however_it_is_taken(way: str) -> None:
    check = {"kind": "result", "id": "result", "points": 10, "result": 1}
    entries = {"fetch_all": {"args": [3], "work": False, "checks": [check]}}
    exercise = adopted(dependencies="own", needs=["waiting"], world={}, entries=entries)
    handed = Submitted(f"{way}async def fetch_all(n): pass\n".encode(), (("waiting", b"waits = 1\n"),))
    fault = grade(exercise, handed).cases[0].fault
    assert fault is not None
    assert (fault.title, fault.detail) == (
        "your file takes `wait` from `waiting`, which does not have it",
        "look for how it is written there",
    )


@pytest.mark.parametrize(
    ("raised", "told"),
    [("raise NotImplementedError", True), ('raise NotImplementedError("later")', False), ("raise ValueError", False)],
)
@pytest.mark.parametrize("call", ["return await {}", "return await asyncio.create_task({})"])
def test_an_earlier_file_that_is_left_as_it_was_handed_out_is_told_as_not_written(
    raised: str, told: bool, call: str
) -> None:
    head = 'import asyncio\nwait = __import__("waiting").wait\n'
    program = f"{head}async def fetch_all(n):\n    {call.format('wait(n)')}\n"
    check = {"kind": "result", "id": "result", "points": 10, "result": 1}
    entries = {"fetch_all": {"args": [3], "work": False, "checks": [check]}}
    exercise = adopted(dependencies="own", needs=["waiting"], world={}, entries=entries)
    earlier = f"async def wait(n):\n    {raised}\n"
    verdict = grade(exercise, Submitted(program.encode(), (("waiting", earlier.encode()),)))
    fault = verdict.cases[0].fault
    assert fault is not None
    assert (verdict.points, fault.line, fault.file) == (0, 2, "waiting.py")
    assert (fault.title == "`wait` of your own `waiting.py` is not written yet") == told
    assert fault.detail.startswith("what you hand in here uses it: write it there") == told


def test_an_earlier_file_that_an_earlier_one_imports_is_named_with_it() -> None:
    exercise = adopted(dependencies="own", needs=["0-wait_a_while", "1-other"])
    program = b'import_ = __import__("1-other")\nasync def fetch_all(): pass\n'
    verdict = grade(exercise, Submitted(program, (("1-other", b'\n__import__("0-wait_a_while")\n'),)))
    fault = verdict.cases[0].fault
    assert fault is not None
    assert (fault.title, fault.detail, fault.line, fault.file) == (
        "your own `0-wait_a_while.py` was not found",
        "your `1-other.py` imports it; it was looked for beside your file, and where the file of its own exercise lies; hand "
        "it in there, as a plain file of at most 1 MiB",
        2,
        "1-other.py",
    )


@pytest.mark.parametrize("late", [False, True])
def test_a_bracket_in_an_f_string_of_several_lines_has_its_own_line_in_an_earlier_file_too(late: bool) -> None:
    head = "async def fetch_all(n):\n    " if late else "async def fetch_all(n): pass\n"
    broken = b'x = f"""\n\n{(1]}\n\n"""\n'
    check = {"kind": "result", "id": "result", "points": 10, "result": 1}
    exercise = adopted(
        dependencies="own", world={}, entries={"fetch_all": {"args": [3], "work": False, "checks": [check]}}
    )
    program = f'{head}__import__("0-wait_a_while")\n'.encode()
    fault = grade(exercise, Submitted(program, (("0-wait_a_while", broken),))).cases[0].fault
    assert fault is not None
    assert (fault.line, fault.file) == (3, "0-wait_a_while.py")
    assert fault.title.startswith("your function raised SyntaxError in line 3" if late else "your file imports")


def test_what_counts_is_what_the_work_is_known_by(tmp_path: Path) -> None:
    for name, text in (("3-fetch_all", GOOD), ("0-wait_a_while", "a = 1\n"), ("1-other", "b = 1\n")):
        (tmp_path / f"{name}.py").write_text(text)
    path = tmp_path / "3-fetch_all.py"

    def known(dependencies: str) -> str:
        exercise = adopted(dependencies=dependencies)
        return identity(read_submitted(path, exercise), exercise)

    before = {way: known(way) for way in ("provided", "own", "both")}
    assert before["own"] == before["both"] != before["provided"]
    (tmp_path / "1-other.py").write_text("b = 2\n")
    assert {way: known(way) for way in before} == before
    (tmp_path / "0-wait_a_while.py").write_text("a = 2\n")
    changed = {way: known(way) for way in before}
    assert changed["provided"] == before["provided"]
    assert changed["own"] == changed["both"] != before["both"]
    (tmp_path / "0-wait_a_while.py").unlink()
    assert known("own") == known("provided") == before["provided"]


def test_a_path_brings_the_files_beside_it_that_count(tmp_path: Path) -> None:
    (tmp_path / "3-fetch_all.py").write_text(GOOD)
    (tmp_path / "0-wait_a_while.py").write_bytes(OWN_WAIT)
    exercise = adopted(dependencies="both", **CHAIN)
    verdict = grade(exercise, tmp_path / "3-fetch_all.py")
    assert (verdict.points, isinstance(verdict.own, Own) and verdict.own.passed) == (10, True)
    with pytest.raises(UsageError, match="4-none.py: the file cannot be read"):
        grade(exercise, tmp_path / "4-none.py")


def test_what_is_no_file_of_its_own_beside_it_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "3-fetch_all.py").write_text(GOOD)
    (tmp_path / "secret.py").write_bytes(OWN_WAIT)
    beside, exercise = tmp_path / "0-wait_a_while.py", adopted(dependencies="both", **CHAIN)

    def told() -> str:
        assert read_submitted(tmp_path / "3-fetch_all.py", exercise).files == ()
        verdict = grade(exercise, tmp_path / "3-fetch_all.py")
        assert isinstance(verdict.own, Own)
        return verdict.own.says

    missing = "your own `0-wait_a_while.py` was not found (line 3)"
    said = f"With your own `0-wait_a_while` it is not right yet: {missing}."
    assert told() == said
    beside.symlink_to(tmp_path / "secret.py")
    assert told() == said
    beside.unlink()
    beside.mkdir()
    assert told() == said
    beside.rmdir()
    beside.write_bytes(OWN_WAIT + b"#" * (1 << 20))
    assert told() == said


@pytest.mark.parametrize("place", ["child", "B"])
def test_a_second_file_is_as_shut_in_as_the_first(place: str) -> None:
    spy = b"""
import os, asyncio
found = []
for path in ("/etc/passwd", "/proc/1/environ", os.path.abspath(__file__ + "/../.."), "/tmp", "/root", "/home"):
    try:
        found.append(open(path).read() if os.path.isfile(path) else os.listdir(path))
    except OSError:
        pass
async def wait_a_while():
    try:
        os.system("true")
    except BaseException as error:
        return type(error).__name__
"""
    exercise = adopted(
        dependencies="own",
        world={},
        **asking({"kind": "result", "result": ["RefusedError", ["0-wait_a_while.py", "3-fetch_all.py"]]}),
    )
    program = """
import os
other = __import__("0-wait_a_while")
async def main():
    return [await other.wait_a_while(), sorted(os.listdir())]
"""
    verdict = grade(exercise, Submitted(program.encode(), (("0-wait_a_while", spy),)), isolation=place)
    assert verdict.checks[0].rationale == ""
    looks = program.replace("await other.wait_a_while()", "[len(one) for one in other.found if one != ['run']]")
    seen = grade(exercise, Submitted(looks.encode(), (("0-wait_a_while", spy),)), isolation=place)
    # a job that needs the capability to read what is root's alone, at B, can list the one folder that is laid out for it
    allowed = ("[[], ",) if place == "child" else ("[[], ", "[[1], ")
    assert any(text in seen.checks[0].rationale for text in allowed), seen.checks[0].rationale


# ---------------------------------------------------------------- kinds of entry

KINDS: dict[str, tuple[dict[str, Any], str, tuple[str, str, str]]] = {
    # name: (the entry, a right program, and for each wrong one: program, title, detail)
    "task": (
        {"kind": "function_in_loop", "returns": "task"},
        "def main():\n    return asyncio.create_task(w())\n",
        (
            "def main():\n    return w()\n",
            "`main` has to return a Task",
            "yours returns a coroutine",
        ),
    ),
    "task by its class": (
        {"kind": "function_in_loop", "returns": "task"},
        "def main():\n    return asyncio.Task(w(), loop=asyncio.get_running_loop())\n",
        (
            "async def main():\n    return asyncio.create_task(w())\n",
            "`main` has to be an ordinary function, `def` without `async`",
            "in your file it is a coroutine function, `async def` without `yield`",
        ),
    ),
    "ensured": (
        {"kind": "function_in_loop", "returns": "task"},
        "def main():\n    return asyncio.ensure_future(w())\n",
        (
            "def main():\n    return asyncio.gather(w())\n",
            "`main` has to return a Task",
            "yours returns a Future",
        ),
    ),
    "future": (
        {"kind": "function_in_loop", "returns": "future"},
        "def main():\n    future = asyncio.get_running_loop().create_future()\n"
        "    asyncio.create_task(w()).add_done_callback(lambda t: future.set_result(t.result()))\n    return future\n",
        (
            "def main():\n    return 97\n",
            "`main` has to return a Future",
            "yours returns an int; return a Future of asyncio's, or the task that `asyncio.create_task(...)` gives",
        ),
    ),
    "coroutine": (
        {"kind": "function_in_loop", "returns": "coroutine"},
        "main = lambda: w()\n",
        (
            "def main():\n    return asyncio.create_task(w())\n",
            "`main` has to return a coroutine",
            "yours returns a Task",
        ),
    ),
    "anything": (
        {"kind": "function_in_loop"},
        "class Later:\n    def __await__(self):\n        return w().__await__()\ndef main():\n    return Later()\n",
        (
            "def main():\n    yield 97\n",
            "`main` has to be an ordinary function, `def` without `async`",
            "in your file it is a generator, a `def` with `yield`",
        ),
    ),
    "decorated": (
        {},
        "import functools\ndef twice(f):\n    @functools.wraps(f)\n    def inner(*args):\n        return f(*args)\n"
        "    return inner\n"
        "@twice\nasync def main():\n    return await w()\n",
        (
            "def main():\n    return asyncio.run(w())\n",
            "`main` has to be a coroutine function, `async def`",
            "in your file it is an ordinary function, `def` without `async`",
        ),
    ),
    "called object": (
        {},
        "class Main:\n    async def __call__(self):\n        return await w()\nmain = Main()\n",
        (
            "async def main():\n    yield await w()\n",
            "`main` has to be a coroutine function, `async def`",
            "in your file it is an async generator, an `async def` with `yield`",
        ),
    ),
    "outside": (
        {"kind": "function"},
        "def main():\n    asyncio.run(asyncio.sleep(1))\n    loop = asyncio.new_event_loop()\n"
        "    return loop.run_until_complete(w())\n",
        (
            "async def main():\n    return await w()\n",
            "`main` has to be an ordinary function, `def`",
            "in your file it is a coroutine function, `async def` without `yield`",
        ),
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_entry_is_called_as_it_is_and_any_other_is_told(name: str) -> None:
    entry, right, (wrong, title, detail) = KINDS[name]
    exercise = adopted(**asking({"kind": "result", "result": 97}, **entry))
    head = 'import asyncio\nw = __import__("0-wait_a_while").wait_a_while\n'
    verdict = grade(exercise, head + right)
    assert (verdict.points, verdict.cases[0].fault) == (10, None)
    other = grade(exercise, head + wrong)
    assert (other.points, outcome_of(other), first_fault(other)) == (0, "wrong kind", (title, detail))


def test_a_class_that_stands_for_a_function_is_told_with_its_line() -> None:
    text = "import asyncio\nclass main:\n    def __aiter__(self):\n        return self\n"
    fault = grade(returns(1), text).cases[0].fault
    assert fault is not None
    assert (fault.detail, fault.line) == ("in your file it is a class", 2)


def test_a_plain_value_is_what_a_function_in_a_loop_may_have_to_give() -> None:
    exercise = adopted(**{**ALONE, **asking({"kind": "result", "result": 5}, kind="function_in_loop", returns="value")})
    assert (
        grade(exercise, "import asyncio\ndef main():\n    return 5 if asyncio.get_running_loop() else 0\n").points == 10
    )
    late = grade(exercise, "async def five():\n    return 5\ndef main():\n    return five()\n")
    assert first_fault(late) == ("`main` has to return a plain value", "yours returns a coroutine")
    assert all("never awaited" not in check.rationale for check in late.checks)


TASK = "return what `asyncio.create_task(...)` gives"
OF_A_THREAD = "a `concurrent.futures.Future`, which is not asyncio's"
THREAD = "concurrent.futures.ThreadPoolExecutor().submit(int)"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("given", "asked", "what", "said"),
    [
        ("[1, 2]", "task", "list", f"a list; {TASK}"),
        ("[asyncio.create_task(five())]", "task", "list of tasks", f"a list of tasks; {TASK}"),
        ("[asyncio.create_task(five()), 1]", "task", "list", f"a list; {TASK}"),
        ("()", "task", "tuple", f"a tuple; {TASK}"),
        ("None", "task", "None", f"`None`; {TASK}"),
        ("five", "task", "function", f"a function; {TASK}"),
        (THREAD, "task", "concurrent.futures.Future", f"{OF_A_THREAD}; {TASK}"),
        (
            THREAD,
            "future",
            "concurrent.futures.Future",
            f"{OF_A_THREAD}; `asyncio.wrap_future` makes a Future of asyncio's of it",
        ),
        (
            "5.0",
            "coroutine",
            "float",
            "a float; return what the call of a coroutine function gives, and do not await it there",
        ),
    ],
)
def test_what_was_given_back_in_place_of_a_task_is_told_and_what_is_asked(
    given: str, asked: str, what: str, said: str, place: str
) -> None:
    text = f"import asyncio, concurrent.futures\nasync def five():\n    return 5\ndef main():\n    return {given}\n"
    rule = {"id": "it", "says": "s", "example": "e.py", "when": {"event": "wrong_kind", "what": f"returns {what}"}}
    general = {"id": "any", "says": "s", "example": "e.py", "when": {"event": "wrong_kind", "what": "returns value"}}
    entry = asking({"kind": "result", "result": 5}, kind="function_in_loop", returns=asked)
    verdict = grade(adopted(**{**ALONE, **entry, "misconceptions": [rule]}), text, isolation=place)
    thing = {"task": "Task", "future": "Future"}.get(asked, asked)
    assert first_fault(verdict) == (f"`main` has to return a {thing}", f"yours returns {said}")
    assert verdict.misconception == "it"
    assert grade(adopted(**{**ALONE, **entry, "misconceptions": [general]}), text).misconception == "any"


@pytest.mark.parametrize("place", PLACES)
def test_the_times_of_a_generators_items_are_seen(place: str) -> None:
    check = {"kind": "holds", "holds": "=yields == [3, 4, 6] and result == [97, 99, 98]"}
    exercise = adopted(**asking(check, kind="async_generator"))
    head = 'import asyncio\nw = __import__("0-wait_a_while").wait_a_while\nasync def main():\n'
    assert grade(exercise, f"{head}    for _ in range(3):\n        yield await w()\n", isolation=place).points == 10
    at_end = f"{head}    for each in [await w() for _ in range(3)]:\n        yield each\n"
    assert grade(exercise, at_end, isolation=place).checks[0].rationale == (
        "your function returned [97, 99, 98] and its items came after [6.0, 6.0, 6.0]"
    )


def test_a_repeated_generator_has_a_list_of_times_for_each_call() -> None:
    check = {"kind": "holds", "holds": "=yields == [[3, 4], [2, 5]] and result == [[97, 99], [98, 97]]"}
    exercise = adopted(**asking(check, kind="async_generator"), cases=[{"name": "two", "repeat": 2}])
    program = (
        'w = __import__("0-wait_a_while").wait_a_while\nasync def main():\n    yield await w()\n    yield await w()\n'
    )
    assert grade(exercise, program).points == 10


@pytest.mark.parametrize(
    ("kind", "program"),
    [
        ("function", "def main(n):\n    n.append(1)\n    return asyncio.run(w()), len(n)\n"),
        ("coroutine", "async def main(n):\n    n.append(1)\n    return await w(), len(n)\n"),
        (
            "function_in_loop",
            "def main(n):\n    n.append(1)\n    async def f():\n        return await w(), len(n)\n    return f()\n",
        ),
    ],
)
def test_each_of_the_repeated_calls_has_arguments_of_its_own(kind: str, program: str) -> None:
    check = {"kind": "result", "result": "=[(97, 1), (99, 1), (98, 1)]"}
    exercise = adopted(**asking(check, args=([],), kind=kind), cases=[{"name": "three", "repeat": 3}])
    assert grade(exercise, f'import asyncio\nw = __import__("0-wait_a_while").wait_a_while\n{program}').points == 10


def test_a_case_for_some_checks_costs_these_alone() -> None:
    value = {"kind": "result", "points": 7, "result": 6}
    checks = [{"id": "value", **value}, {**value, "id": "default", "points": 3}]
    entries = {"main": {"args": [4, 2], "checks": checks}}
    cases = [{"name": "given"}, {"name": "by-default", "omit": 1, "checks": ["default"]}]
    exercise = adopted(**{**ALONE, "entries": entries, "cases": cases})
    text = "async def main(a, b{}):\n    return a + b\n"
    for default, points in ((" = 2", 10), ("", 7), (" = 3", 7)):
        verdict = grade(exercise, text.format(default))
        assert [(one.id, one.case) for one in verdict.checks] == [("value", "given"), ("default", "by-default")]
        assert (verdict.points, verdict.max_points) == (points, 10)
    assert grade(exercise, text.format(" = 2").replace("a + b", "6 if b else 0")).points == 10
    wrong = grade(exercise, text.format(" = 2").replace("a + b", "5"))
    assert wrong.points == 0


def test_a_call_that_nobody_awaited_is_told_as_that() -> None:
    check = {"kind": "calls", "calls": "wait_a_while[*]", "count": 3}
    exercise = adopted(**asking(check, args=(3,), entry="fetch_all"))
    text = GOOD.replace("    return sorted", "    wait_a_while()\n    return []\n    return sorted")
    (found,) = grade(exercise, text).checks
    said = "what wait_a_while(...) in line 5 gave was never awaited, so it did not begin; 3 times is asked for"
    assert found.rationale == said
    (found,) = grade(exercise, text.replace("    wait_a_while()", "    await wait_a_while()")).checks
    assert found.rationale == "wait_a_while was called once (line 5); 3 times is asked for"


def test_a_measured_time_is_the_virtual_one_however_it_was_imported() -> None:
    check = {"kind": "holds", "holds": "=abs(result * 3 - elapsed) < 0.001 and elapsed > 5"}
    for measures in (
        "import time\nnow = time.time",
        "from time import perf_counter as now",
        "from time import monotonic as now",
    ):
        exercise = adopted(**asking(check, args=(3,), kind="function"))
        program = f"""
import asyncio
{measures}
w = __import__("0-wait_a_while").wait_a_while
async def every(n):
    for _ in range(n):
        await w()
def main(n):
    start = now()
    asyncio.run(every(n))
    return (now() - start) / n
"""
        assert grade(exercise, program).points == 10


def test_without_operations_a_relation_to_the_result_is_the_answer() -> None:
    exercise = adopted(**{**ALONE, **asking({"kind": "holds", "holds": "=abs(result - elapsed) < 0.001"})})
    program = "import asyncio\nasync def main():\n    await asyncio.sleep(2)\n    return {}\n"
    assert grade(exercise, program.format("2.0")).points == 10
    assert grade(exercise, program.format("1.0")).points == 0
    about_time = adopted(**{**ALONE, **asking({"kind": "holds", "holds": "=elapsed == 2"})})
    assert grade(about_time, program.format("2.0")).points == 0


# ---------------------------------------------------------------- random

DRAWS = """
import os, random, secrets, uuid
async def main():
    return [random.random(), random.randint(1, 10**9), random.uniform(0, 10), random.Random().random(),
            random.SystemRandom().random(), secrets.randbelow(10**9), secrets.token_hex(4), os.urandom(4).hex(),
            random.choice(range(10**6)), random.gauss(0, 1), str(uuid.uuid4()), reseeded()]
def reseeded():
    random.seed()
    return random.random()
"""


def test_every_way_to_draw_hangs_on_the_seed_and_on_the_text_alone() -> None:
    def drawn(program: str = DRAWS, seed: str = "s", place: str = "in-process") -> list[str]:
        (rationale,) = {check.rationale for check in grade(exercise, program, seed=seed, isolation=place).checks}
        return rationale.removeprefix("your function returned ").split(", ")

    exercise = adopted(**{**ALONE, **asking({"kind": "holds", "holds": "=result == 0", "says": "{result}"})})
    once = drawn()
    assert once == drawn() == drawn(place="child")
    for other in (drawn(seed="t"), drawn(DRAWS + "# another text\n")):
        assert all(one != another for one, another in zip(once, other, strict=True))


def test_what_a_program_seeds_itself_is_its_own() -> None:
    import random

    program = (
        "import random\nrandom.seed(7)\nasync def main():\n    return [random.random(), random.Random(3).random()]\n"
    )
    assert grade(returns([random.Random(7).random(), random.Random(3).random()]), program).points == 10


# ---------------------------------------------------------------- warnings


def test_a_warning_is_said_and_costs_nothing() -> None:
    warns = {
        "kind": "source",
        "id": "no-sort",
        "level": "warn",
        "source": {"forbid": ["call:sorted"]},
        "help": "Collect the values as they come.",
    }
    checks = [*FILE["entries"]["fetch_all"]["checks"], warns]
    exercise = adopted(entries={"fetch_all": {"args": [3], "checks": checks}})
    verdict = grade(exercise, GOOD)
    assert (verdict.status, verdict.points, verdict.cases[0].passed) == ("passed", 10, True)
    text = " ".join(render(verdict, width=200, colour=False, ascii_only=True).split())
    assert "line 5: a call of `sorted` stands there" in text
    assert "Collect the values as they come." in text
    without = GOOD.replace("return sorted(await", "found = list(await") + "    found.sort()\n    return found\n"
    clean = grade(exercise, without)
    assert (clean.points, [check.rationale for check in clean.checks]) == (10, ["", "", ""])
    strict = adopted(
        entries={"fetch_all": {"args": [3], "checks": [*checks[:2], {**warns, "level": "fail", "gate": True}]}}
    )
    assert (grade(strict, GOOD).points, grade(strict, without).points) == (0, 10)


# ---------------------------------------------------------------- the page


def test_the_example_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "adopted.md").read_text(encoding="utf-8")
    folder = tmp_path / "01_fetch_all"
    folder.mkdir()
    (folder / "exercise.yaml").write_text(page.split("```yaml\n")[1].split("```")[0])
    (folder / "3-fetch_all.py").write_text("async def fetch_all(n, max_delay):\n    raise NotImplementedError\n")
    exercise = load_exercise(folder)
    head = (
        'import asyncio\nwait_a_while = __import__("0-wait_a_while").wait_a_while\nasync def fetch_all(n, max_delay):\n'
    )
    collects = f"{head}    waits = [wait_a_while(max_delay) for _ in range(n)]\n    found = []\n"
    collects += "    for one in asyncio.as_completed(waits):\n        found.append(await one)\n    return found\n"
    own = (("0-wait_a_while", OWN_WAIT),)
    verdict = grade(exercise, Submitted(collects.encode(), own))
    assert (verdict.points, [check.rationale for check in verdict.checks]) == (10, ["", "", "", ""])
    assert verdict.own == Own(passed=True, outcome="result", says=f"With your own `0-wait_a_while` {AS_FAR}.")
    sorts = (
        f"{head}    return sorted(await asyncio.gather(*[wait_a_while(max_delay) for _ in range(n)]), reverse=True)\n"
    )
    for text in (sorts, sorts.replace(", reverse=True", "")):
        warned = grade(exercise, Submitted(text.encode(), own))
        assert [check.status for check in warned.checks] == ["failed", "passed", "passed", "passed"]
        assert (warned.points, warned.checks[3].help) == (5, "They come in order by themselves.")
    idle = grade(exercise, Submitted(b"async def fetch_all(n, max_delay):\n    return [1] * n\n", own))
    assert isinstance(idle.own, Own)
    assert idle.own.passed is False
