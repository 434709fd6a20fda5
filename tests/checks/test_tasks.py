"""Tasks: how many, and which were needless, by the report or by the text."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from grader.checks import View, run_check
from grader.course.check_model import Bounds, TasksCheck
from grader.referee.facts import Facts, Place

Seen = Callable[..., View]
NONE = TasksCheck(id="tasks", tasks="none_redundant")


def program(body: str) -> str:
    lines = "\n".join(f"    {line}" for line in dedent(body).strip().split("\n"))
    return f"import asyncio\nfrom asyncio import create_task as go\n\nasync def main(a, b):\n{lines}\n"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("return await asyncio.create_task(a())", 5),
        ("x = await go(a())\nreturn x", 5),
        ("t = asyncio.create_task(a())\nx = await t\nreturn x", 5),
        ("t = go(a())\nreturn await t", 5),
        ("t = asyncio.ensure_future(a())\nawait t", 5),
        ("for x in b:\n    t = go(a())\n    await t", 6),
        ("async with asyncio.TaskGroup() as group:\n    t = group.create_task(a())\n    await t", 6),
        ("t = go(a())\nreturn [await t, await b()]", 5),
    ],
)
def test_awaiting_a_new_task_at_once_is_redundant(seen: Seen, body: str, line: int) -> None:
    found = run_check(NONE, seen(source=program(body), returned=1))
    assert found.rationale == f"the task made in line {line} was awaited at once"
    assert found.help == "Nothing runs beside it, so await the coroutine itself."


@pytest.mark.parametrize(
    "body",
    [
        "return await a()",
        "t = go(a())\ns = go(b())\nreturn await t, await s",
        "t = go(a())\nawait b()\nawait t",
        "t = go(a())\nreturn await b(), await t",
        "tasks = [go(a()) for _ in b]\nreturn [await t for t in tasks]",
        "return await asyncio.gather(go(a()), go(b()))",
        "t = go(a())\nif b:\n    await b()\nawait t",
    ],
)
def test_a_task_beside_which_something_runs_is_not_redundant(seen: Seen, body: str) -> None:
    assert run_check(NONE, seen(source=program(body), returned=1)).passed


def test_an_expression_of_any_depth_is_read(seen: Seen) -> None:
    body = "t = go(a())\nreturn " + "await t + " * 900 + "1"
    assert not run_check(NONE, seen(source=program(body), returned=1)).passed


def test_a_needless_task_in_a_function_that_the_entry_uses_counts(seen: Seen) -> None:
    source = program("return await ask(a)") + "\nasync def ask(a):\n    return await go(a())\n"
    assert not run_check(NONE, seen(source=source, returned=1)).passed


def test_a_needless_task_in_another_entry_does_not_count(seen: Seen) -> None:
    source = program("return await a()") + "\nasync def other(a):\n    return await go(a())\n"
    assert run_check(NONE, seen(source=source, returned=1)).passed


NEEDLESS, PLAIN = program("return await go(a())"), program("return await a()")


@pytest.mark.parametrize(
    "between", ["", "check(main)\n", "import asyncio\nasyncio.run(main(1, 2))\n", "x = main(1, 2)\n", "print(main)\n"]
)
def test_of_a_function_that_is_defined_again_at_the_top_the_last_one_is_looked_at(seen: Seen, between: str) -> None:
    assert run_check(NONE, seen(source=NEEDLESS + between + PLAIN, returned=1)).passed
    found = run_check(NONE, seen(source=PLAIN + between + NEEDLESS, returned=1))
    assert found.rationale == f"the task made in line {10 + between.count(chr(10))} was awaited at once"


@pytest.mark.parametrize(
    ("between", "last"),
    [
        ("old = main\n", PLAIN.replace("a()", "old(a, b)")),
        ("keep = [main]\n", PLAIN.replace("a()", "keep[0](a, b)")),
        ("setattr(asyncio, 'old', main)\n", PLAIN.replace("a()", "asyncio.old(a, b)")),
        ("", PLAIN.replace("main(a, b)", "main(a, b, old=main)").replace("a()", "old(a, b)")),
        ("", PLAIN.replace("async def", "@partial(again, main)\nasync def")),
        (
            "if asyncio:\n",
            PLAIN.split("\n\n")[1].replace("async def", "    async def").replace("    return", "     return"),
        ),
    ],
)
def test_an_earlier_one_that_something_keeps_counts(seen: Seen, between: str, last: str) -> None:
    assert not run_check(NONE, seen(source=NEEDLESS + between + last, returned=1)).passed


def test_a_decorated_earlier_one_may_be_kept_by_its_decorator(seen: Seen) -> None:
    source = NEEDLESS.replace("async def", "@keep\nasync def") + PLAIN
    assert not run_check(NONE, seen(source=source, returned=1)).passed


def test_a_needless_task_that_was_reported_counts(seen: Seen) -> None:
    facts = Facts(redundant=(Place("Task-2", 8),))
    assert run_check(NONE, seen(facts=facts, returned=1)).rationale == "the task made in line 8 was awaited at once"


def test_the_number_of_tasks_is_bounded(seen: Seen) -> None:
    two = seen(facts=Facts(tasks=2), returned=1, names={"n": 1})
    found = run_check(TasksCheck(id="tasks", tasks=Bounds(at_most="=n")), two)
    assert found.rationale == "your code made 2 tasks; at most 1 will do"
    assert found.help == "Which of them has something to run beside? Await the coroutines of the others."
    assert run_check(TasksCheck(id="tasks", tasks=Bounds(at_most=2)), two).passed
    assert run_check(TasksCheck(id="tasks", tasks=Bounds(at_least=3)), two).rationale == (
        "your code made 2 tasks; at least 3 tasks can be used here"
    )


def test_an_exact_number_of_tasks(seen: Seen) -> None:
    check = TasksCheck(id="tasks", tasks=1)
    assert run_check(check, seen(facts=Facts(tasks=1), returned=1)).passed
    assert run_check(check, seen(facts=Facts(tasks=0), returned=1)).rationale == (
        "your code made no task; 1 task can be used here"
    )
    assert run_check(check, seen(facts=Facts(tasks=3), returned=1)).rationale == ("your code made 3 tasks; 1 will do")


def test_no_task_at_all_is_said_in_words(seen: Seen) -> None:
    assert run_check(TasksCheck(id="tasks", tasks=0), seen(facts=Facts(tasks=2), returned=1)).rationale == (
        "your code made 2 tasks; none is needed"
    )
