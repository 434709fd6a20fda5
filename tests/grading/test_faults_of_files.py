"""Why a file, or the entry in it, could not be run: with the line, and without a guess that is untrue."""

from collections.abc import Callable

import pytest

from grader.grading import grade
from grader.referee.outcome import Failure, Outcome
from grader.verdict import Fault
from tests.adopted import returns

Make = Callable[..., Fault | None]


@pytest.mark.parametrize(
    ("source", "line", "text", "detail"),
    [
        (
            "x = 1\ny = (\n",
            2,
            "y = (",
            "the bracket `(` of this line is never closed",
        ),
        (
            "from 0-basic import wait\n",
            1,
            "from 0-basic import wait",
            '`0-basic` is no name, so `import` cannot find a file that is called so; write `__import__("0-basic")`',
        ),
        (
            "async = 3\n",
            1,
            "async = 3",
            "`async` is a word of the language, and cannot be the name of anything; choose another",
        ),
        ("print 'hi'\n", 1, "print 'hi'", "`print` is a function: what it is called with stands in brackets"),
        (
            "async def f():\n    # soon\n\n",
            1,
            "async def f():",
            "a line that begins a block needs indented lines below it; comments do not count, `pass` does",
        ),
        ("x = 1\n  y = 2\n", 2, "y = 2", "the indentation of this line does not fit the lines around it"),
        (
            "x = 1\ny = \u201ca\u201d\n",
            2,
            "y = \u201ca\u201d",
            "`\u201c` (U+201C) is no sign of the language; write the plain one, such as \", ' or -",
        ),
        (
            "x\u00a0= 1\n",
            1,
            "x\u00a0= 1",
            "there is a character in this line that is not seen (U+00A0); write the line anew, with plain spaces",
        ),
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
        detail="`await` may stand only inside `async def`; a `def` or `lambda` in one is none",
        line=1,
        source_line="await x",
    )


DEEP = "more stands inside one another here than Python can read: brackets, blocks or operators; use fewer levels"


def test_text_with_too_many_levels_is_told_as_that(fault: Make) -> None:
    brackets = f"x = {'(' * 300}1{')' * 300}"
    assert fault(Outcome("import"), source=f"y = 1\n{brackets}\n") == Fault(
        title="your file is not valid Python yet", detail=DEEP, line=2, source_line=brackets
    )
    blocks = Failure("SyntaxError", "too many statically nested blocks (f.py, line 2)", 2)
    assert fault(Outcome("import", failure=blocks), source="x = 1\ny = 2\n") == Fault(
        title="your file is not valid Python yet", detail=DEEP
    )


def test_text_that_needs_too_much_memory_though_it_has_few_levels_is_told_as_that(fault: Make) -> None:
    found = fault(Outcome("import", failure=Failure("MemoryError", "", None)), source="x = 1\n")
    assert found == Fault(
        title="your file needs more memory to be read than a program has here",
        detail="leave out what the exercise does not need",
    )


@pytest.mark.parametrize("type", ["SyntaxError", "UnicodeDecodeError", "RecursionError"])
def test_what_comes_up_while_the_file_runs_is_no_fault_of_its_text(fault: Make, type: str) -> None:
    failure = Failure(type, "", 2, function="<module>")
    found = fault(Outcome("import", failure=failure), source="x = 1\ny = eval(z)\n")
    assert found is not None
    assert found.title == f"your file stopped with {type} while it was being loaded"
    assert found.line == 2


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
        (
            "".join(f"def {'xyz'[at % 3]}{at}(): 0\n" for at in range(1_030)),
            ", ".join(f"`{'xyz'[at % 3]}{at}`" for at in range(20)).join(["it has ", " and 1,010 more"]),
        ),
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


@pytest.mark.parametrize("first", ["def fetch(): pass", "async def fetch(): pass", "class fetch: pass"])
def test_of_several_definitions_the_last_is_the_one_that_is_told(fault: Make, first: str) -> None:
    told = fault(Outcome("wrong_kind", detail="async_generator"), source=f"{first}\n\nasync def fetch(): yield\n")
    assert told is not None
    assert (told.line, told.source_line) == (3, "async def fetch(): yield")


# ---------------------------------------------------------------- how the entry is called


def not_called(message: str, line: int | None) -> Outcome:
    return Outcome("raised", failure=Failure("TypeError", message, line))


CALLED = "it is called as fetch(get, 'x', 2), with 3 arguments; yours takes "


@pytest.mark.parametrize(
    ("source", "takes"),
    [
        ("async def fetch(a): pass\n", "1"),
        ("async def fetch(): pass\n", "none"),
        ("async def fetch(a, b=1): pass\n", "1 to 2"),
        ("async def fetch(a, b, c, d, *e): pass\n", "at least 4"),
        ("async def fetch(a, b, *, c, d): pass\n", "2, and needs `c` and `d` by name"),
    ],
)
def test_an_entry_that_cannot_be_called_says_with_what_it_is_called(fault: Make, source: str, takes: str) -> None:
    found = fault(not_called("fetch() takes ...", None), None, f"\n{source}")
    assert found == Fault(
        title="`fetch` cannot be called as the exercise calls it",
        detail=CALLED + takes,
        line=2,
        source_line=source.strip(),
    )


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("async def fetch(a, b, c): pass\n", None),
        ("async def fetch(a, *b): pass\n", None),
        ("@wrapped\nasync def fetch(a): pass\n", None),
        ("fetch = partial(other, 1)\n", None),
        ("async def fetch(a): pass\n", 1),
    ],
)
def test_a_type_error_of_another_cause_is_not_laid_to_the_call(fault: Make, source: str, line: int | None) -> None:
    found = fault(not_called("x", line), None, source)
    assert found is not None
    assert found.title == "your function raised TypeError"


def test_a_line_that_cannot_be_written_out_for_its_levels_is_told_all_the_same(fault: Make) -> None:
    failure = Failure("ValueError", "what it says", 2, function="fetch")
    source = f"async def fetch(get):\n    raise get{'.a' * 900}.ValueError('what it says')\n"
    found = fault(Outcome("raised", failure=failure), source=source)
    assert found is not None
    assert (found.title, found.line, found.detail) == ("your function raised ValueError", 2, "ValueError: what it says")


PUT = """import asyncio
async def main():
    queue = asyncio.Queue()
    queue.put(1)
    return {}
"""
NOTE = "what Queue.put(...) in line 4 gave was never awaited, so it did not begin"


@pytest.mark.parametrize("given", ["queue.qsize()", "await queue.get()", "1 / 0"])
def test_who_forgets_to_await_what_is_none_of_the_exercises_is_told(given: str) -> None:
    (case,) = grade(returns(1), PUT.format(given)).cases
    assert case.notes == (NOTE,)


@pytest.mark.parametrize("given", ["1", "queue.put(2)"])
def test_nothing_is_said_of_it_where_all_is_right_or_a_check_says_it(given: str) -> None:
    (case,) = grade(returns(1), PUT.format(given)).cases
    assert case.notes == ()


@pytest.mark.parametrize(("then", "notes"), [("await asyncio.Queue().get()", 1), ("return 2", 0)])
def test_what_a_check_says_of_it_is_said_again_where_no_check_is_shown(then: str, notes: int) -> None:
    sleep = {"params": ["delay"], "key": "delay", "duration": "=delay"}
    world = {"operations": {"sleep": sleep}, "replaces": ["asyncio.sleep"]}
    checks = [{"kind": "calls", "id": "calls", "points": 10, "calls": "sleep[*]", "count": 1}]
    exercise = returns(1, world=world, entries={"main": {"args": [], "checks": checks}})
    verdict = grade(exercise, f"import asyncio\nasync def main():\n    asyncio.sleep(1)\n    {then}\n")
    said = "what sleep(...) in line 3 gave was never awaited, so it did not begin"
    assert verdict.checks[0].rationale == f"{said}; once is asked for"
    assert verdict.cases[0].notes == (said,) * notes
