"""Why there is no result: the first cause, in plain words, with the learner's own line."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from grader.course.model import Limits
from grader.referee.facts import Facts, Place, Waiting
from grader.referee.ledger import Row
from grader.referee.outcome import Failure, Outcome
from grader.verdict import Fault, Verdict

Graded = Callable[..., Verdict]
SOURCE = "import asyncio\n\n\nasync def fetch(get, a):\n    return proc.stdout.readline()\n"
HERE: dict[str, Any] = {"line": 5, "source_line": "return proc.stdout.readline()"}


@pytest.fixture
def fault(graded: Graded, build: Any) -> Callable[..., Fault | None]:
    def make(outcome: Outcome, facts: Facts | None = None, source: str = SOURCE, *rows: Row) -> Fault | None:
        played = build.played(*rows, outcome=outcome, facts=facts, returned=None)
        exercise = msgspec.structs.replace(build.exercise(), limits=Limits(operations=7))
        return graded(played, exercise=exercise, source=source).cases[0].fault

    return make


Make = Callable[..., Fault | None]


def raised(type: str, message: str = "", line: int | None = 5, **more: Any) -> Outcome:
    return Outcome("raised", failure=Failure(type, message, line, **more))


def test_a_result_has_no_fault(fault: Make) -> None:
    assert fault(Outcome("result", 3)) is None


def test_a_crash_has_its_own_line(fault: Make) -> None:
    assert fault(raised("AttributeError", "...", about="NoneType.readline")) == Fault(
        title="your function raised AttributeError", detail="None has no `readline`", **HERE
    )


@pytest.mark.parametrize(
    ("failure", "detail"),
    [
        (Failure("AttributeError", "x", 5, about="Process.readline"), "a Process has no `readline`"),
        (Failure("NameError", "x", 5, about="foo"), "the name `foo` is not known at this point"),
        (Failure("ModuleNotFoundError", "x", 5, about="foo"), "`foo` cannot be imported"),
        (
            Failure("ImportError", "cannot import name 'coroutine' from 'asyncio' (a/b.py)", 5, about="asyncio"),
            "`asyncio` has no `coroutine` to import",
        ),
        (Failure("KeyError", "'a'", 5), "KeyError: 'a'"),
        (Failure("KeyError", "", 5), ""),
        (
            Failure("RuntimeError", "await wasn't used with future", 5),
            "a task or future was used where its result is needed; await it first",
        ),
        (
            Failure("RuntimeError", "cannot reuse already awaited coroutine", 5),
            "a coroutine was awaited twice; each call makes a coroutine that runs once",
        ),
        (
            Failure("RuntimeError", "asyncio.run() cannot be called from a running event loop", 5),
            "a loop is running already; inside a coroutine, await instead",
        ),
        (
            Failure("InvalidStateError", "Result is not set.", 5),
            "the result was asked for before it was there; await the task instead",
        ),
    ],
)
def test_an_exception_is_said_in_plain_words(fault: Make, failure: Failure, detail: str) -> None:
    found = fault(Outcome("raised", failure=failure))
    assert found is not None
    assert found.detail == detail


MEANT = "what is given to `await` or asyncio there cannot be awaited; give coroutines or tasks, each by itself"


@pytest.mark.parametrize(
    ("type", "message"),
    [
        ("RuntimeError", "Task got bad yield: <coroutine object ask at 0x7ff78db235e0>"),
        ("TypeError", "An asyncio.Future, a coroutine or an awaitable is required"),
        ("TypeError", "a coroutine was expected, got <function ask at 0x7f8008ff1440>"),
        ("TypeError", "object int can't be used in 'await' expression"),
        ("TypeError", "unhashable type: 'list'"),
    ],
)
def test_what_cannot_be_awaited_is_one_thing_in_every_python(fault: Make, type: str, message: str) -> None:
    found = fault(
        raised(type, message, bases=(type, "Exception")),
        None,
        SOURCE.replace("return proc.stdout.readline()", "await gather(x)"),
    )
    assert found is not None
    assert (found.title, found.detail) == ("your function raised TypeError", MEANT)


@pytest.mark.parametrize(
    ("type", "message", "detail"),
    [
        ("ValueError", "max() arg is an empty sequence", "the smallest or the greatest of nothing was asked for"),
        ("ValueError", "max() iterable argument is empty", "the smallest or the greatest of nothing was asked for"),
        ("JSONDecodeError", "Expecting value: line 1 column 1 (char 0)", "what was to be read as JSON is not JSON"),
        ("ValueError", "what this Python says of it", ""),
    ],
)
def test_the_interpreters_own_words_are_never_quoted(fault: Make, type: str, message: str, detail: str) -> None:
    found = fault(raised(type, message))
    assert found is not None
    assert found.detail == detail


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("raise ValueError('mine ' + x)", "ValueError: mine <f>"),
        ("raise errors.ValueError(x)", "ValueError: mine <f>"),
        ("raise KeyError(max([]))", ""),
        ("raise error", ""),
        ("max([])", ""),
    ],
)
def test_the_learners_own_words_are_quoted_without_addresses(fault: Make, line: str, detail: str) -> None:
    found = fault(raised("ValueError", "mine <f at 0x7ff78db235e0>", 2), None, f"def f():\n    {line}\n")
    assert found is not None
    assert found.detail == detail


def test_the_words_of_an_operation_that_failed_are_quoted(fault: Make, build: Any) -> None:
    row = build.row(outcome="error", error="ConnectionError: no route to x")
    found = fault(raised("ConnectionError", "no route to x"), None, SOURCE, row)
    other = fault(raised("ConnectionError", "no route to y"), None, SOURCE, row)
    assert [one.detail for one in (found, other) if one] == ["ConnectionError: no route to x", ""]


@pytest.mark.parametrize("facts", [None, Facts(first_failure=Failure("BdbQuit", "", 9))])
def test_a_debugger_that_nobody_sits_at_is_named_with_its_line(fault: Make, facts: Facts | None) -> None:
    outcome = raised("BdbQuit", line=9) if facts is None else Outcome("deadlock")
    assert fault(outcome, facts, "async def fetch(get, a):\n    breakpoint()\n    return 1\n") == Fault(
        title="there is a `breakpoint()` in your file",
        detail="the program stops there for a debugger; remove it before you hand it in",
        line=2,
        source_line="breakpoint()",
    )


def test_a_nul_byte_is_named_with_its_line(fault: Make) -> None:
    assert fault(Outcome("import"), source="x = 1\ny = \0\n") == Fault(
        title="your file is not valid Python yet",
        detail="there is a NUL byte in this line, which no program can hold; save the file as plain text, in UTF-8",
        line=2,
        source_line="y = \0",
    )


def test_a_title_names_only_types_that_anybody_may_know(fault: Make) -> None:
    secret = fault(raised("hidden-value", bases=("hidden-value", "Exception")))
    own = fault(raised("Mine", bases=("Mine", "Exception")), source="class Mine(Exception): pass\n")
    nothing = fault(raised("hidden-value"))
    assert [found.title for found in (secret, own, nothing) if found] == [
        "your function raised Exception",
        "your function raised Mine",
        "your function raised an exception",
    ]


@pytest.mark.parametrize(
    ("outcome", "afterwards"),
    [
        (Outcome("deadlock"), "after that your function waited for ever"),
        (Outcome("busy_loop"), "after that your program ran on without ever waiting"),
        (raised("RuntimeError", "x", 9), "after that your function raised RuntimeError in line 9"),
    ],
)
def test_the_task_that_failed_first_is_the_cause(fault: Make, outcome: Outcome, afterwards: str) -> None:
    first = Failure("AttributeError", "", 5, about="NoneType.readline")
    assert fault(outcome, Facts(first_failure=first)) == Fault(
        title="a task of yours failed with AttributeError", detail=f"None has no `readline`; {afterwards}", **HERE
    )


def test_an_exception_that_came_out_of_a_task_is_told_once(fault: Make) -> None:
    first = Failure("KeyError", "'a'", 5)
    found = fault(raised("KeyError", "'a'", 5), Facts(first_failure=first))
    assert found is not None
    assert (found.title, found.detail) == ("your function raised KeyError", "KeyError: 'a'")


def test_a_deadlock_names_the_lines_that_wait(fault: Make) -> None:
    waiting = (Waiting("Task-1", "fetch", 5, "queue.get()"), Waiting("Task-2", "reader", None, ""))
    assert fault(Outcome("deadlock"), Facts(waiting=waiting)) == Fault(
        title="your program waits for something that can never come",
        detail="`fetch` waits in line 5 for queue.get(); `reader` waits",
        **HERE,
    )


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("livelock", "your program goes round and round while time stands still"),
        ("busy_loop", "your program runs on without ever waiting, so nothing else gets a turn"),
    ],
)
def test_a_loop_without_end_names_its_line(fault: Make, kind: Any, title: str) -> None:
    facts = Facts(spinning=Place("fetch", 5))
    assert fault(Outcome(kind), facts) == Fault(title=title, detail="", **HERE)


@pytest.mark.parametrize(
    ("outcome", "title", "detail"),
    [
        (
            Outcome("virtual_limit", detail="virtual_seconds"),
            "your program went on for more than 86400 s of virtual time",
            "",
        ),
        (Outcome("virtual_limit", detail="operations"), "your program began more than 7 operations", ""),
        (Outcome("virtual_limit", detail="tasks"), "your program made more than 1000 tasks", ""),
        (Outcome("time_out"), "your program was not done in the time that it has", ""),
        (Outcome("died", detail="memory"), "your program ended before your function was done", "memory"),
    ],
)
def test_a_limit_is_named(fault: Make, outcome: Outcome, title: str, detail: str) -> None:
    assert fault(outcome) == Fault(title=title, detail=detail)


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize(
    ("source", "line", "text", "detail"),
    [
        (
            "x = 1\ny = (\n",
            2,
            "y = (",
            "a bracket, a quote or a colon may be missing, in this line or in the one above",
        ),
        ("if x:\npass\n", 2, "pass", "the indentation of this line does not fit the lines around it"),
    ],
)
def test_a_file_that_is_no_python_names_the_line(fault: Make, source: str, line: int, text: str, detail: str) -> None:
    assert fault(Outcome("import"), source=source) == Fault(
        title="your file is not valid Python yet", detail=detail, line=line, source_line=text
    )


def test_what_only_the_compiler_refuses_names_the_line(fault: Make) -> None:
    failure = Failure("SyntaxError", "'await' outside function", 1, about="await x")
    assert fault(Outcome("import", failure=failure), source="await x\n") == Fault(
        title="your file is not valid Python yet",
        detail="a bracket, quote or colon may be missing here or above; and `await` may stand only inside `async def`",
        line=1,
        source_line="await x",
    )


def test_a_file_that_stops_while_it_is_loaded_names_the_line(fault: Make) -> None:
    failure = Failure("RuntimeError", "no running event loop", 2)
    assert fault(Outcome("import", failure=failure), source="import asyncio\nasyncio.create_task(f())\n") == Fault(
        title="your file stopped with RuntimeError while it was being loaded",
        detail="no loop is running here; a task can only be made inside a coroutine",
        line=2,
        source_line="asyncio.create_task(f())",
    )


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        ("async def fetsch(): pass\ndef other(): pass\n", "it has `fetsch`: is that the one?"),
        ("def one(): pass\ndef other(): pass\n", "it has `one`, `other`"),
        ("", "it has no function at all"),
    ],
)
def test_a_missing_function_names_the_nearest(fault: Make, source: str, detail: str) -> None:
    assert fault(Outcome("missing"), source=source) == Fault(title="there is no `fetch` in your file", detail=detail)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("function", "an ordinary function, `def` without `async`"),
        ("generator", "a generator, a `def` with `yield`"),
        ("coroutine", "a coroutine function, `async def` without `yield`"),
        ("async_generator", "an async generator, an `async def` with `yield`"),
        ("class", "a class"),
        ("int", "an int"),
    ],
)
def test_a_function_of_another_kind_names_what_it_is(fault: Make, kind: str, said: str) -> None:
    assert fault(Outcome("wrong_kind", detail=kind), source="def fetch(): pass\n") == Fault(
        title="`fetch` has to be a coroutine function, `async def`",
        detail=f"in your file it is {said}",
        line=1,
        source_line="def fetch(): pass",
    )


def test_an_exception_that_is_asked_for_is_no_fault(graded: Graded, build: Any) -> None:
    checks = [{"kind": "raises", "id": "raises", "points": 1, "raises": "KeyError"}]
    exercise = build.exercise(entries={"fetch": {"args": [], "checks": checks}})
    right = graded(build.played(build.row(), outcome=raised("KeyError")), exercise=exercise)
    other = graded(build.played(build.row(), outcome=raised("ValueError")), exercise=exercise)
    assert right.cases[0].fault is None
    assert other.cases[0].fault is not None
