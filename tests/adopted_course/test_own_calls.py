"""With the learner's own earlier files, calls of their functions are looked at as those of the exercise's operations are."""

from typing import Any

import pytest
from msgspec.structs import replace

from grader.course.cases import cases_of
from grader.course.model import Exercise
from grader.grading import grade
from grader.grading.chain import looked_at
from grader.referee.facts import Facts, Moment, OwnCall
from grader.referee.ledger import Ledger, Row
from grader.referee.own_calls import with_own_calls
from grader.referee.record import Record
from grader.run import open_submission
from grader.run.submitted import Submitted
from grader.runner import executed
from grader.verdict import Own
from tests.adopted import FILE, GOOD, WAIT, adopted
from tests.staging import PLACES

HEAD = 'import asyncio\nwait_a_while = __import__("0-wait_a_while").wait_a_while\n'
OWN = (
    'import asyncio\n\n\nasync def wait_a_while(most=10):\n    """Waits."""\n    await asyncio.sleep(2)\n    return 2\n'
)
AFTER_EACH_OTHER = f"{HEAD}async def fetch_all(n):\n    return [await wait_a_while() for _ in range(n)]\n"
CALLS: dict[str, Any] = {"kind": "calls", "id": "calls", "points": 5, "calls": "wait_a_while[10]", "count": 3}
PARALLEL: dict[str, Any] = {"kind": "parallel", "id": "together", "points": 5, "parallel": "wait_a_while[*]"}


def exercise(*checks: dict[str, Any], **changes: Any) -> Exercise:
    entries = {"fetch_all": {"args": [3], "checks": list(checks or (CALLS, PARALLEL))}}
    return adopted(**{"dependencies": "both", "entries": entries, **changes})


def own(main: str, wait: str = OWN, made: Exercise | None = None) -> Own:
    verdict = grade(made or exercise(), Submitted(main.encode(), (("0-wait_a_while", wait.encode()),)))
    assert isinstance(verdict.own, Own), verdict.error
    return verdict.own


def played(main: str, wait: str = OWN, *, isolation: str = "in-process", **changes: Any) -> Record:
    made = exercise(**changes)
    (case,) = cases_of(made, made.slug, hidden=False)
    files = (("0-wait_a_while", wait.encode()),)
    with open_submission(main.encode(), filename="x.py", isolation=isolation, limits=made.limits, files=files) as one:
        return one.play(made, case, own=True).record


@pytest.mark.parametrize(
    ("main", "passed", "why"),
    [
        (GOOD, True, "is right"),
        (GOOD.replace("range(n)", "range(n + 1)"), False, "wait_a_while(10) was called 4 times"),
        (GOOD.replace("wait_a_while()", "wait_a_while(7)"), False, "wait_a_while(10) was called 0 times"),
        (AFTER_EACH_OTHER, False, "not right yet"),
        (f"{HEAD}async def fetch_all(n):\n    return [2] * n\n", False, "wait_a_while(10) was called 0 times"),
    ],
)
def test_calls_and_parallel_are_looked_at_with_ones_own_functions(main: str, passed: bool, why: str) -> None:
    found = own(main)
    assert found.passed is passed
    assert why in found.says


def test_one_after_the_other_is_told_with_its_times() -> None:
    assert own(AFTER_EACH_OTHER).says == (
        "With your own `0-wait_a_while` it is not right yet: wait_a_while(10) started at 4 s, line 4, when wait_a_while(10) "
        "had finished: they never ran at the same time."
    )


@pytest.mark.parametrize(
    "wait",
    [
        OWN.replace("async def", "@asyncio.coroutines.iscoroutine\nasync def"),
        OWN.replace("async def", "def").replace(
            "    await asyncio.sleep(2)\n    return 2", "    return asyncio.sleep(2)"
        ),
        OWN.replace("async def wait_a_while", "async def other") + "wait_a_while = other\n",
        OWN.replace("async def wait_a_while", "if True:\n  async def wait_a_while"),
        OWN + "wait_a_while = asyncio.coroutine = wait_a_while\n",
    ],
    ids=["decorated", "another kind", "another name", "under a condition", "set again"],
)
def test_what_cannot_be_seen_is_not_looked_at_and_nothing_is_called_right(wait: str) -> None:
    plain = wait.replace("@asyncio.coroutines.iscoroutine\n", "@(lambda function: function)\n")
    found = own(AFTER_EACH_OTHER, plain)
    assert (found.passed, found.outcome) == (None, "result")
    assert (
        found.says == "With your own `0-wait_a_while` it runs to its end; whether it is right is not looked at there."
    )


def test_where_little_can_be_seen_it_is_said_that_it_is_too_little() -> None:
    count: dict[str, Any] = {"kind": "holds", "id": "count", "points": 2, "holds": "=len(result) == 3"}
    result = {"kind": "result", "id": "result", "points": 8, "under": "provided", "result": [97, 98, 99]}
    says = "With your own `0-wait_a_while` it runs to its end; too little can be seen there to say whether it is right."
    assert own(GOOD, made=exercise(result, count)) == Own(passed=None, outcome="result", says=says)
    enough = exercise({**result, "points": 6}, {**count, "points": 3})
    assert own(GOOD, made=enough).says == "With your own `0-wait_a_while` it is right, as far as it can be seen there."


@pytest.mark.parametrize(
    ("asked", "args", "is_asked"),
    [
        ({"kind": "result", "result": "=answers"}, [3], False),
        ({"kind": "result", "result": "=in_order"}, [3], False),
        ({"kind": "holds", "holds": "=elapsed == took"}, [3], False),
        ({"kind": "elapsed", "elapsed": {"at_most": "=took + 1"}}, [3], False),
        ({"kind": "result", "result": "=in_order"}, ["=answers"], True),
        ({"kind": "holds", "holds": "=len(result) == n"}, ["=n"], True),
        ({"kind": "result", "result": "=answers"}, ["=n", "=answers"], True),
    ],
)
def test_what_only_the_exercises_operations_bring_about_is_not_asked_of_ones_own(
    asked: dict[str, Any], args: list[Any], is_asked: bool
) -> None:
    wait = {**WAIT, "duration": "=took", "result": "=answers[number % n]"}
    made = exercise(
        entries={"fetch_all": {"args": args, "checks": [{"id": "asked", "points": 5, **asked}, {**PARALLEL}]}},
        vars={"n": 3, "answers": [9, 8, 7], "took": 4, "in_order": "=sorted(answers)"},
        world={"operations": {"wait_a_while": wait}, "modules": FILE["world"]["modules"]},
    )
    names = {check.id for check in looked_at(made, "fetch_all", {"wait_a_while"})}
    assert names == {"together", *(["asked"] if is_asked else [])}


FILE_NAME = "0-wait_a_while.py"
GATHERS = "async def fetch_all(n):\n    return await asyncio.gather(*[wait_a_while() for _ in range(n)])\n"
EXECUTES = "    exec(open('0-wait_a_while.py').read(), globals())\n    return"
WAYS = {
    "spec": f"from importlib import util\ns = util.spec_from_file_location('x', '{FILE_NAME}')\n"
    "x = util.module_from_spec(s)\ns.loader.exec_module(x)\nwait_a_while = x.wait_a_while\n" + GATHERS,
    "loader": "from importlib.machinery import SourceFileLoader\n"
    f"wait_a_while = SourceFileLoader('x', './{FILE_NAME}').load_module().wait_a_while\n{GATHERS}",
    "runpy": f"import runpy\nwait_a_while = runpy.run_path('{FILE_NAME}')['wait_a_while']\n{GATHERS}",
    "exec": f"exec(open('{FILE_NAME}').read())\n{GATHERS}",
    "exec of bytes": f"import pathlib\nexec(pathlib.Path('{FILE_NAME}').read_bytes(), globals())\n{GATHERS}",
    "compile": f"exec(compile(open('{FILE_NAME}').read(), '{FILE_NAME}', 'exec'))\n{GATHERS}",
    "when it is called": GATHERS.replace("    return", EXECUTES),
    "by itself as well": f"{HEAD}exec('x = 1')\n{GATHERS}",
}


@pytest.mark.parametrize("main", WAYS.values(), ids=WAYS)
def test_calls_are_noted_by_whatever_way_the_earlier_file_is_loaded(main: str) -> None:
    main = f"import asyncio\n{main}"
    assert own(main).says == "With your own `0-wait_a_while` it is right."
    assert "was called 4 times" in own(main.replace("range(n)", "range(n + 1)")).says


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"help": "Return what came."}, "your function returned [2, 2, 2]. Return what came."),
        ({"help": "Return what came.", "says": "it gave {len(result)}"}, "it gave 3."),
        ({}, "your function returned [2, 2, 2]."),
    ],
)
def test_a_relation_without_words_is_told_with_what_is_to_be_done(more: dict[str, str], said: str) -> None:
    made = exercise({"kind": "holds", "id": "all", "points": 10, "holds": "=len(result) == 4", **more})
    assert own(GOOD, made=made).says == f"With your own `0-wait_a_while` it is not right yet: {said}"


LATE = {
    "import": ("__import__('0-wait_a_while')", "imports"),
    "importlib": ("importlib.import_module('0-wait_a_while')", "imports"),
    "path": ("SourceFileLoader('x', './0-wait_a_while.py').load_module()", "needs"),
    "runpy": ("runpy.run_path('0-wait_a_while.py')", "needs"),
    "text": ("exec(open('0-wait_a_while.py').read())", "needs"),
    "whole path": ("open(pathlib.Path(__file__).parent / '0-wait_a_while.py')", "needs"),
}
LOADS = "import asyncio, importlib, pathlib, runpy\nfrom importlib.machinery import SourceFileLoader\n"


@pytest.mark.parametrize("dependencies", ["own", "both"])
@pytest.mark.parametrize(
    "place",
    [
        "async def fetch_all(n):\n    @\n",
        "@\nasync def fetch_all(n): pass\n",
        "async def task(): @\nasync def fetch_all(n):\n    await asyncio.create_task(task())\n",
    ],
    ids=["function", "top", "task"],
)
@pytest.mark.parametrize(("way", "verb"), LATE.values(), ids=LATE)
def test_a_file_that_was_not_handed_in_is_named_by_whatever_way_it_is_asked_for(
    way: str, verb: str, place: str, dependencies: str
) -> None:
    main = LOADS + place.replace("@", way)
    line = 4 if place.startswith("async def fetch_all") else 3
    verdict = grade(exercise(dependencies=dependencies), Submitted(main.encode()))
    if dependencies == "both":
        assert isinstance(verdict.own, Own)
        missing = f"your own `0-wait_a_while.py` was not found (line {line})"
        assert verdict.own.says == f"With your own `0-wait_a_while` it is not right yet: {missing}."
        return
    fault = verdict.cases[0].fault
    assert fault is not None
    assert (fault.title, fault.line) == ("your own `0-wait_a_while.py` was not found", line)
    looked = "it was looked for beside your file, and where the file of its own exercise lies"
    said = f"your file {verb} it; {looked}; hand it in there, as a plain file of at most 1 MiB"
    assert fault.detail.partition("; it came out")[0] == said


def test_a_file_that_was_handed_in_and_is_not_where_it_is_looked_for_is_no_missing_one() -> None:
    main = "async def fetch_all(n):\n    open('elsewhere/0-wait_a_while.py')\n"
    assert own(main).says == (
        "With your own `0-wait_a_while` it is not right yet: your function raised FileNotFoundError (line 2)."
    )


@pytest.mark.parametrize(
    ("line", "error", "said", "advice"),
    [
        (
            "__import__('0-wait')",
            "ModuleNotFoundError",
            "it imports `0-wait`, which is not there",
            "use the files that the exercise names, and what comes with Python",
        ),
        (
            "__import__('0-wait_a_while').wait_many",
            "AttributeError",
            "it takes `wait_many` from `0-wait_a_while`, which does not have it",
            "look for how it is written there",
        ),
        (
            "from . import x",
            "ImportError",
            "it imports with a dot in front, which only a file of a package can",
            "leave the dot out",
        ),
    ],
)
def test_what_a_function_imports_is_told_as_at_import(line: str, error: str, said: str, advice: str) -> None:
    made = exercise(dependencies="own")
    main = f"async def fetch_all(n):\n    {line}\n"
    verdict = grade(made, Submitted(main.encode(), (("0-wait_a_while", OWN.encode()),)))
    fault = verdict.cases[0].fault
    assert fault is not None
    assert (fault.title, fault.detail) == (f"your function raised {error}", f"{said}; {advice}")
    assert own(main).says == (
        f"With your own `0-wait_a_while` it is not right yet: your function raised {error} (line 2): {said}; {advice}."
    )


@pytest.mark.parametrize("isolation", PLACES)
def test_an_earlier_file_has_its_name_by_whatever_path_it_is_loaded(isolation: str) -> None:
    record = played(f"import asyncio\n{WAYS['loader']}", OWN.replace("return 2", "return 1 / 0"), isolation=isolation)
    assert record.outcome.failure is not None
    assert (record.outcome.failure.line, record.outcome.failure.file) == (7, FILE_NAME)


@pytest.mark.parametrize("before", ["", HEAD], ids=["alone", "beside the real one"])
@pytest.mark.parametrize("part", [".replace('(2)', '(0)')", ".replace('Waits', '')", "[:-1] + ';x = 1'"])
def test_calls_are_not_looked_at_where_an_altered_copy_of_a_file_is_executed(part: str, before: str) -> None:
    found = own(f"import asyncio\n{before}exec(open('{FILE_NAME}').read(){part})\n{GATHERS}")
    assert (found.passed, found.outcome) == (None, "result")


@pytest.mark.parametrize("before", ["", HEAD], ids=["alone", "beside the real one"])
@pytest.mark.parametrize(
    "part",
    [
        "exec(open(F).read().partition('if __name__')[0] + ' '*9 + '#')",
        "exec(compile(ast.parse(open(F).read()), F, 'exec'))",
        "exec(compile('from __future__ import annotations\\n' + inspect.getsource(real), 'x', 'exec'))",
        "exec(compile(open(F, 'rb').read() + b'#', F, 'exec', 0, True))",
    ],
)
def test_calls_are_noted_of_a_function_that_is_executed_as_it_stands_in_its_file(part: str, before: str) -> None:
    head = "import ast, asyncio, inspect\nreal = __import__('0-wait_a_while').wait_a_while\n"
    main = f"{head}{before}F = '{FILE_NAME}'\n{part}\n{GATHERS}"
    assert own(main).says == "With your own `0-wait_a_while` it is right."
    assert "was called 4 times" in own(main.replace("range(n)", "range(n + 1)")).says


def test_an_earlier_file_that_is_imported_is_not_read_for_what_may_be_altered_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(executed, "_functions", None)
    assert own(GOOD).passed


def test_a_function_of_the_same_name_in_the_graded_file_is_no_copy_that_is_executed() -> None:
    found = own(f"{HEAD}exec('x = 1')\n{OWN}\n{GATHERS}")
    assert found.passed is False
    assert "wait_a_while(10) was called 0 times" in found.says


def test_exec_and_compile_do_what_they_always_did() -> None:
    main = f"""from __future__ import annotations
{HEAD}
class Box:
    exec("inside = 1")
def local(a):
    exec("a = 2; b = 3")
    names = {{}}
    exec("c = a", {{"a": 4}}, names)
    return a, names, exec.__name__, compile.__name__
async def fetch_all(n):
    exec("def f(x: 1 + 1): pass", globals())
    code = compile("def g(x: 1 + 1): pass", "<g>", "exec", dont_inherit=True)
    exec(code, globals())
    return [Box.inside, *local(1), f.__annotations__, g.__annotations__, eval(compile("1 + 1", "", "eval"))]
"""
    assert played(main).outcome.value == [1, 1, {"c": 4}, "exec", "compile", {"x": "1 + 1"}, {"x": 2}, 2]
    try_again = (
        "async def fetch_all(n):\n    try: exec('1 +')\n    except SyntaxError as e: return e.filename, e.lineno\n"
    )
    assert played(f"{HEAD}{try_again}").outcome.value == ("<string>", 1)


LOOKS = f"""import inspect
{HEAD}async def fetch_all(n):
    seen = await wait_a_while(5)
    f = wait_a_while
    return [seen, inspect.iscoroutinefunction(f), str(inspect.signature(f)), inspect.getsource(f), f.__doc__, f.__qualname__,
            f.__module__, f.__code__.co_firstlineno, f.__code__.co_varnames, type(f).__name__, hasattr(f, "__wrapped__")]
"""


def test_a_noted_function_is_the_learners_own_in_all_that_can_be_asked_of_it() -> None:
    wait = OWN.replace("    return 2\n", "    return sorted(locals())\n")
    record = played(LOOKS, wait)
    text = wait[wait.index("async def") :]
    assert record.outcome.value == [
        ["most"], True, "(most=10)", text, "Waits.", "wait_a_while", "0-wait_a_while", 4, ("most",), "function", False,
    ]  # fmt: skip
    assert [(row.operation, row.key, row.start, row.end) for row in record.ledger.rows] == [
        ("wait_a_while", 5, 0, 2 * 10**9)
    ]


def test_an_error_in_a_noted_function_has_its_own_line() -> None:
    record = played(GOOD, OWN.replace("return 2", "return 1 / 0"))
    assert record.outcome.failure is not None
    assert (record.outcome.failure.line, record.outcome.failure.file) == (7, "0-wait_a_while.py")
    assert {row.outcome for row in record.ledger.rows} == {"error"}


def test_what_is_cancelled_and_what_is_left_are_told_apart() -> None:
    main = f"""{HEAD}async def fetch_all(n):
    lost, left = asyncio.create_task(wait_a_while(1)), asyncio.create_task(wait_a_while(2))
    await asyncio.sleep(1)
    lost.cancel()
    await asyncio.wait([lost])
    asyncio.create_task(wait_a_while(3))
"""
    rows = played(main).ledger.rows
    assert [(row.key, row.start, row.end, row.outcome, row.cancelled_at) for row in rows] == [
        (1, 0, 10**9, "cancelled", 10**9),
        (2, 0, 10**9, "cancelled", 10**9),
        (3, 10**9, 10**9, "cancelled", 10**9),
    ]
    returned = played(main).ledger.returned_at_event
    assert returned is not None
    assert [row.ended is not None and row.ended < returned for row in rows] == [True, False, False]
    assert [row.begun < returned for row in rows] == [True, True, False]


def test_what_one_noted_function_asks_of_another_is_not_the_graded_files() -> None:
    world = {
        "operations": {"wait_a_while": WAIT, "both": {"params": ["n"], "key": "n", "duration": 1}},
        "modules": {**FILE["world"]["modules"], "1-both": {"operations": ["both"]}},
    }
    main = 'both = __import__("1-both").both\nasync def fetch_all(n):\n    await both(n)\n'
    waits = "    await asyncio.gather(wait_a_while(), wait_a_while())\n    await wait_a_while()\n"
    both = f"{HEAD}async def both(n):\n{waits}"
    made = exercise(world=world, needs=["0-wait_a_while", "1-both"])
    (case,) = cases_of(made, made.slug, hidden=False)
    files = (("0-wait_a_while", OWN.encode()), ("1-both", both.encode()))
    with open_submission(
        main.encode(), filename="x.py", isolation="in-process", limits=made.limits, files=files
    ) as one:
        rows = one.play(made, case, own=True).record.ledger.rows
    assert [(row.operation, row.key, row.line) for row in rows] == [("both", 3, 3)]


def test_both_doors_see_the_same_calls() -> None:
    world = {
        "operations": {
            "wait_a_while": WAIT,
            "sleep": {"params": ["delay", "result=None"], "key": "delay", "duration": "=delay", "result": "=result"},
        },
        "replaces": ["asyncio.sleep"],
        "modules": FILE["world"]["modules"],
    }
    first, second = (played(GOOD, isolation=place, world=world).ledger for place in PLACES)
    assert first == second
    assert [row.operation for row in first.rows] == ["wait_a_while"] * 3 + ["sleep"] * 3  # all of them at 0 s
    assert [row.begun for row in first.rows] == sorted(row.begun for row in first.rows)


def test_a_file_of_which_no_call_is_asked_for_is_not_touched() -> None:
    made = exercise(world={"modules": {"0-wait_a_while": {"code": "x = 1"}}})
    (case,) = cases_of(made, made.slug, hidden=False)
    files = (("0-wait_a_while", OWN.encode()),)
    with open_submission(
        GOOD.encode(), filename="x.py", isolation="in-process", limits=made.limits, files=files
    ) as one:
        assert one.play(made, case, own=True).record.ledger.rows == ()


# ---------------------------------------------------------------- the ledger


def call(begin: int, end: int | None, *, late: bool = False, key: Any = None) -> OwnCall:
    """`begin` and `end` in ticks and numbers at once."""
    closed = None if end is None else Moment(end, end, late)
    return OwnCall("ask", key, None, Moment(begin, begin, False), closed, None if end is None else "ok")


WITNESSED = Ledger((Row("sleep", 1, (1,), "learner", 3, 2, 1, 5, 2, "ok"),), returned=5, returned_at_event=3, end=9)


def test_a_call_stands_where_it_was_among_what_was_witnessed() -> None:
    ledger = with_own_calls(WITNESSED, Facts(own_calls=(call(2, 5), call(4, 5, late=True))), {"ask"})
    assert [(row.operation, row.begun, row.ended) for row in ledger.rows] == [
        ("ask", 1, 4),
        ("sleep", 2, 5),
        ("ask", 3, 7),
    ]
    assert (ledger.returned, ledger.returned_at_event) == (5, 6)


def test_a_run_that_never_returned_is_over_after_what_it_did() -> None:
    endless = replace(WITNESSED, returned=None)
    ledger = with_own_calls(endless, Facts(own_calls=(call(1, None),)), {"ask"})
    assert [(row.operation, row.begun, row.ended) for row in ledger.rows] == [("ask", 1, None), ("sleep", 2, 3)]
    assert ledger.returned_at_event == 4


@pytest.mark.parametrize("forged", [call(5, 2), call(1, 2, key=float("inf")), replace(call(1, 2), outcome=None)])
def test_what_cannot_be_is_no_call(forged: OwnCall) -> None:
    assert with_own_calls(WITNESSED, Facts(own_calls=(forged,)), {"ask"}) is WITNESSED


def test_calls_of_what_nobody_asked_for_are_none() -> None:
    assert with_own_calls(WITNESSED, Facts(own_calls=(call(1, 2),)), {"sleep"}) is WITNESSED
