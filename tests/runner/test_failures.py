"""The line of an exception: the innermost of the learner's own, or the nearest thing to it that is theirs."""

import asyncio
from collections.abc import Callable
from typing import Any

from grader.runner.failures import describe

FILE = "learner.py"


def error_of(source: str) -> BaseException:
    """What `await main()` of `source` raises."""
    names: dict[str, Any] = {"asyncio": asyncio}
    exec(compile(source, FILE, "exec"), names)
    main: Callable[[], Any] = names["main"]
    try:
        asyncio.run(main())
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def place(source: str, made: int | None = None) -> tuple[Any, ...]:
    found = describe(error_of(source), FILE, made)
    return found["type"], found["line"], found["function"]


def test_the_innermost_line_is_the_one() -> None:
    source = "async def main():\n    await inner()\nasync def inner():\n    return 1 / 0\n"
    assert place(source) == ("ZeroDivisionError", 4, "inner")


def test_a_group_is_about_its_first_member_and_has_the_groups_line_where_that_has_none() -> None:
    own = "async def main():\n    raise ExceptionGroup('g', [ValueError(), KeyError()])\n"
    task = (
        "async def main():\n    async with asyncio.TaskGroup() as group:\n"
        "        group.create_task(asyncio.sleep('1'))\n"
    )
    assert place(own) == ("ValueError", 2, None)
    assert place(task) == ("TypeError", 2, None)


def test_a_member_that_came_through_their_file_keeps_its_own_line() -> None:
    source = (
        "async def main():\n    async with asyncio.TaskGroup() as group:\n        group.create_task(inner())\n"
        "async def inner():\n    return {}['a']\n"
    )
    assert place(source) == ("KeyError", 5, "inner")


def test_an_iteration_that_stopped_has_its_line_although_no_frame_saw_the_error() -> None:
    assert place("async def main():\n    return next(iter([]))\n") == ("RuntimeError", 2, None)


def test_where_nothing_of_theirs_was_on_the_way_it_is_where_the_task_was_made() -> None:
    error = TypeError("x")
    assert describe(error, FILE, 7)["line"] == 7
    assert describe(error, FILE)["line"] is None


def test_a_text_that_is_no_python_has_the_line_of_the_text() -> None:
    try:
        compile("x = 1\ny = (\n", FILE, "exec")
    except SyntaxError as error:
        found = describe(error, FILE)
    assert (found["line"], found["function"]) == (2, None)


def test_an_attribute_of_a_task_is_named_by_asyncios_own_word() -> None:
    class Mine(asyncio.Future[Any]):
        pass

    source = "async def main():\n    return asyncio.get_running_loop().create_future().reslt\n"
    assert describe(error_of(source), FILE)["about"] == "Future.reslt"
    assert "Mine" not in str(describe(_missing(Mine), FILE)["about"])


def _missing(kind: type[Any]) -> BaseException:
    loop = asyncio.new_event_loop()
    try:
        kind(loop=loop).reslt  # noqa: B018
    except AttributeError as error:
        return error
    finally:
        loop.close()
    raise AssertionError("there is one")
