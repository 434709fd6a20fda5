"""Why there is no result: the first cause, in plain words, with the learner's own line."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.door.messages import SLEEPS
from grader.referee.facts import Facts, Place, Waiting
from grader.referee.outcome import Failure, Outcome
from grader.verdict import Fault, Verdict

Graded = Callable[..., Verdict]
SOURCE = "import asyncio\n\n\nasync def fetch(get, a):\n    return proc.stdout.readline()\n"
HERE: dict[str, Any] = {"line": 5, "source_line": "return proc.stdout.readline()"}


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
        (
            Failure("AttributeError", "module 'asyncio' has no attribute 'coroutine'", 5, about="module.coroutine"),
            "`asyncio` has no `coroutine`",
        ),
        (Failure("NameError", "x", 5, about="foo"), "the name `foo` is not known at this point"),
        (
            Failure("ModuleNotFoundError", "x", 5, about="helper.of_mine"),
            "`helper.of_mine` cannot be imported: your file runs by itself, with what comes with Python and what the exercise "
            "gives it; put what it needs of other files into it",
        ),
        (Failure("ModuleNotFoundError", "x", 5, about="os.paths"), "`os.paths` cannot be imported"),
        (
            Failure("ImportError", "attempted relative import with no known parent package", 5),
            "a dot in front of a name is for the files of a package; your file runs by itself, with what comes with Python and "
            "what the exercise gives it; put what it needs of other files into it",
        ),
        (
            Failure("ImportError", "cannot import name 'coroutine' from 'asyncio' (a/b.py)", 5, about="asyncio"),
            "`asyncio` has no `coroutine` to import",
        ),
        (
            Failure("FileNotFoundError", "x", 5, about="people.txt"),
            "there is no file `people.txt` here; the exercise gives you what you need",
        ),
        (
            Failure("FileNotFoundError", "x", 5),
            "there is no file of that name here; the exercise gives you what you need",
        ),
        (
            Failure("PermissionError", "[Errno 13] Permission denied: 'out.txt'", 5),
            "that is not allowed here; what the exercise gives you can be read, and nothing else is needed",
        ),
        (
            Failure("FileNotFoundError", "[Errno 2] No usable temporary directory found in ['/tmp']", 5),
            "that is not allowed here; what the exercise gives you can be read, and nothing else is needed",
        ),
        (Failure("KeyError", "'a'", 5), "KeyError: 'a'"),
        (Failure("KeyError", "", 5), ""),
        (
            Failure("RuntimeError", "await wasn't used with future", 5),
            "a task or future was used where its result is needed; await it first",
        ),
        (
            Failure("TypeError", "unsupported operand type(s) for +: 'int' and '_GatheringFuture'", 5),
            "a coroutine or a task was used where its result is needed; await it first",
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


AWAITABLE = "what is given to `await` or asyncio there cannot be awaited; give coroutines or tasks, each by itself"
ONE_BY_ONE = "gather takes coroutines and tasks one by one; put a star in front of a list or a generator of them"
PLAIN = "stands after `await`, and cannot be awaited; an ordinary function is called without `await`"
_AWAITED = "stands after `await`, and cannot be awaited;"
EACH = f"{_AWAITED} await each of what is in it, or give them all to gather, with a star in front"
BY_FOR = f"{_AWAITED} go through it with `async for`"
NOT_CALLED = "a function stands after `await`, and what can be awaited is what its call gives; add the brackets"
NEITHER = "gather waits for coroutines and tasks, and among what it was given is something that is neither"
A_COROUTINE = "what is needed there is a coroutine, which is what the call of a coroutine function (`async def`) makes"
FOR_RUN = "asyncio.run needs one coroutine, which is what the call of a coroutine function (`async def`) makes"
LESS = "'<=' not supported between instances of 'str' and 'int'"
NO_SECONDS = "`sleep` takes a number of seconds, and what it was given is no number"
COMPARED = "two values were compared of which neither is the greater: they are of other types"
TIME_IS_UP = "the time that was given for it was over, so what was awaited there was cancelled"


@pytest.mark.parametrize(
    ("line", "type", "message", "detail"),
    [
        ("await x", "RuntimeError", "Task got bad yield: <coroutine object ask at 0x7ff78db235e0>", AWAITABLE),
        ("await x", "TypeError", "object int can't be used in 'await' expression", f"an int {PLAIN}"),
        ("await x", "TypeError", "'NoneType' object can't be awaited", f"None {PLAIN}"),
        ("await x", "TypeError", "object list can't be used in 'await' expression", f"a list {EACH}"),
        (
            "await x",
            "TypeError",
            "object async_generator can't be used in 'await' expression",
            f"an async_generator {BY_FOR}",
        ),
        ("await x", "TypeError", "object function can't be used in 'await' expression", NOT_CALLED),
        ("await shield(x)", "TypeError", "An asyncio.Future, a coroutine or an awaitable is required", AWAITABLE),
        ("await gather(x)", "TypeError", "An asyncio.Future, a coroutine or an awaitable is required", ONE_BY_ONE),
        ("await gather(x)", "TypeError", "unhashable type: 'list'", ONE_BY_ONE),
        (
            "await gather(*map(x, y))",
            "TypeError",
            "An asyncio.Future, a coroutine or an awaitable is required",
            NEITHER,
        ),
        ("await gather(*(f(x) for x in y))", "TypeError", "unhashable type: 'list'", NEITHER),
        ("create_task(x)", "TypeError", "a coroutine was expected, got <function ask at 0x7f8008ff1440>", A_COROUTINE),
        ("run(x)", "ValueError", "a coroutine was expected, got <_GatheringFuture pending>", FOR_RUN),
        ("await asyncio.sleep('1.5')", "TypeError", LESS, NO_SECONDS),
        ("await gather(sleep('2'), sleep(1))", "TypeError", LESS, NO_SECONDS),
        ("await sleep(1 if 'a' < 1 else 2)", "TypeError", LESS, COMPARED),
        ("await sleep(max('a', 1))", "TypeError", LESS, COMPARED),
    ],
)
def test_what_cannot_be_taken_is_told_by_what_is_needed(
    fault: Make, line: str, type: str, message: str, detail: str
) -> None:
    source = SOURCE.replace("return proc.stdout.readline()", line)
    found = fault(raised(type, message, bases=(type, "Exception")), None, source)
    assert found is not None
    assert (found.title, found.detail) == (f"your function raised {type}", detail)


@pytest.mark.parametrize(
    ("type", "message", "detail"),
    [
        ("TimeoutError", "", TIME_IS_UP),
        ("TimeoutError", "what this Python says of it", ""),
        (
            "CancelledError",
            "",
            "what was awaited there was cancelled before it was done, so there is no result",
        ),
        (
            "RuntimeError",
            "TaskGroup <TaskGroup> has not been entered",
            "a TaskGroup makes tasks inside its `async with` block only, and only while none of them has failed",
        ),
        ("QueueEmpty", "", "nothing was on the queue; `await queue.get()` waits until something is"),
        ("SystemExit", "3", "that ends the whole program; let your function return instead"),
    ],
)
def test_what_asyncio_ends_with_is_said_in_plain_words(fault: Make, type: str, message: str, detail: str) -> None:
    found = fault(raised(type, message))
    assert found is not None
    assert (found.title, found.detail, found.line) == (f"your function raised {type}", detail, 5)


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
        ("assert x", ""),
    ],
)
def test_the_learners_own_words_are_quoted_without_addresses(fault: Make, line: str, detail: str) -> None:
    found = fault(raised("ValueError", "mine <f at 0x7ff78db235e0>", 2), None, f"def f():\n    {line}\n")
    assert found is not None
    assert found.detail == detail


@pytest.mark.parametrize(
    ("line", "message", "detail"),
    [
        ("assert a == 1, 'hm'", "hm", "this `assert` does not hold: hm"),
        ("assert a == 1", "", "this `assert` does not hold"),
        ("raise AssertionError('hm')", "hm", "AssertionError: hm"),
        ("other.check(a)", "hm", ""),
    ],
)
def test_an_assert_says_what_its_author_had_to_say(fault: Make, line: str, message: str, detail: str) -> None:
    found = fault(raised("AssertionError", message, 2), None, f"def f():\n    {line}\n")
    assert found is not None
    assert (found.title, found.detail) == ("your function raised AssertionError", detail)


def test_the_words_of_an_exception_of_their_own_are_quoted_wherever_it_is_raised(fault: Make) -> None:
    source = "class Mine(Exception): pass\nerror = Mine('no page')\nraise error\n"
    found = fault(raised("Mine", "no page", 3, bases=("Mine", "Exception")), None, source)
    assert found is not None
    assert (found.title, found.detail) == ("your function raised Mine", "Mine: no page")


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


NOT_READY = Failure("NotReady", "log in first", 5, bases=("NotReady", "RuntimeError", "Exception"))


def test_an_exception_of_the_exercise_has_one_name_wherever_it_is_named(fault: Make, build: Any) -> None:
    row = build.row(outcome="error", error="NotReady: log in first")
    later = raised("NotReady", "log in first", 9, bases=NOT_READY.bases)
    assert fault(later, Facts(first_failure=NOT_READY), SOURCE, row) == Fault(
        title="a task of yours failed with NotReady",
        detail="NotReady: log in first; it came out of your function in line 9",
        **HERE,
    )
    other = fault(raised("RuntimeError", "x", 9), Facts(first_failure=NOT_READY), SOURCE, row)
    assert other is not None
    assert other.detail == "NotReady: log in first; after that your function raised RuntimeError in line 9"


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


def test_a_deadlock_names_a_function_inside_another_by_its_own_name(fault: Make) -> None:
    held = "Lock 'lock': it is held, and nothing that runs can release it"
    waiting = (
        Waiting("Task-2", "fetch.<locals>.one", 5, held),
        Waiting(
            "Task-1",
            "fetch",
            5,
            "Task-2 (fetch.<locals>.one), Task-3 (f.<locals>.<lambda>.<locals>.g), which wait themselves",
        ),
    )
    found = fault(Outcome("deadlock"), Facts(waiting=waiting))
    assert found is not None
    assert found.detail == (
        f"`one` waits in line 5 for {held}; `fetch` waits in line 5 for Task-2 (one), Task-3 (g), which wait themselves"
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


def test_an_exception_that_is_asked_for_is_no_fault(graded: Graded, build: Any) -> None:
    checks = [{"kind": "raises", "id": "raises", "points": 1, "raises": "KeyError"}]
    exercise = build.exercise(entries={"fetch": {"args": [], "checks": checks}})
    right = graded(build.played(build.row(), outcome=raised("KeyError")), exercise=exercise)
    other = graded(build.played(build.row(), outcome=raised("ValueError")), exercise=exercise)
    assert right.cases[0].fault is None
    assert other.cases[0].fault is not None


# ---------------------------------------------------------------- where a limit was met


def test_a_limit_names_the_line_that_met_it(fault: Make, build: Any) -> None:
    waiting = (Waiting("Task-1", "", None, ""), Waiting("Task-2", "fetch", 5, "a future that nobody sets"))
    slept = fault(Outcome("virtual_limit", detail="virtual_seconds"), Facts(waiting=waiting))
    blocked = fault(Outcome("virtual_limit", detail="virtual_seconds"), Facts(waiting=waiting, spinning=Place("", 4)))
    began = fault(Outcome("virtual_limit", detail="operations"), None, SOURCE, build.row(line=4), build.row(line=5))
    made = fault(Outcome("virtual_limit", detail="tasks"), Facts(spinning=Place("tasks", 5)))
    assert [one.line for one in (slept, blocked, began, made) if one] == [5, 4, 5, 5]


BEAT = Waiting("Task-2", "beat", 2, "the end of a sleep of 60 s")
STUCK = Waiting("Task-1", "main", 5, "an item from Queue 'q': it is empty, and nothing that runs can put one")
SAID = (
    "`main` waits in line 5 for an item from Queue 'q': it is empty, and nothing else that runs can put one; "
    "beside it `beat` in line 2 goes on as time passes"
)
ALL = Waiting("Task-3", "all", 4, "Task-1 (main) and Task-2 (beat), which wait themselves")


@pytest.mark.parametrize(
    ("detail", "waiting", "said", "line"),
    [
        ("virtual_seconds", (BEAT, STUCK), SAID, 5),
        ("virtual_seconds", (BEAT, ALL, STUCK), SAID, 5),
        ("virtual_seconds", (BEAT,), "", 2),
        ("virtual_seconds", (STUCK,), "", 5),
        (SLEEPS, (BEAT, STUCK), SAID, 5),
        (SLEEPS, (BEAT,), "let the loop end when there is nothing more to wait for", 2),
        ("tasks", (BEAT, STUCK), "", 5),
    ],
)
def test_at_the_end_of_its_time_who_waits_is_named_beside_who_goes_on(
    fault: Make, detail: str, waiting: tuple[Waiting, ...], said: str, line: int
) -> None:
    found = fault(Outcome("virtual_limit", detail=detail), Facts(waiting=waiting))
    assert found is not None
    assert (found.detail, found.line) == (said, line)
