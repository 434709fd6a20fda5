"""Coroutines that nobody awaited count as a cause, unless something else kept them from being awaited."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.checks import View
from grader.checks.unawaited import left_unawaited
from grader.referee.facts import Facts, Place
from grader.referee.outcome import Outcome

Op = Callable[..., Any]
Seen = Callable[..., View]
MADE = (Place("get", 3),)
SOURCE = "async def main(get):\n    pages = [\n        get(1),\n        geet(2),\n    ]\n    return await pages[0]\n"


def test_where_nothing_failed_each_of_them_is_a_cause(seen: Seen) -> None:
    assert left_unawaited(seen(returned=1, facts=Facts(never_awaited=MADE))) == MADE
    assert left_unawaited(seen(returned=1)) == ()


def test_what_was_still_held_when_something_else_failed_is_none(seen: Seen, raised: Callable[..., Outcome]) -> None:
    facts = Facts(never_awaited=MADE)
    assert left_unawaited(seen(outcome=raised("NameError", "name 'x' is not defined", 9), facts=facts)) == ()


def test_what_was_dropped_before_something_else_failed_is_one(seen: Seen, raised: Callable[..., Outcome]) -> None:
    facts = Facts(never_awaited=MADE, dropped=MADE)
    assert left_unawaited(seen(outcome=raised("IndexError", "", 9), facts=facts, source=SOURCE)) == MADE


def test_what_was_lost_with_the_statement_that_failed_is_none(seen: Seen, raised: Callable[..., Outcome]) -> None:
    facts = Facts(never_awaited=MADE, dropped=MADE)
    assert left_unawaited(seen(outcome=raised("NameError", "", 4), facts=facts, source=SOURCE)) == ()


@pytest.mark.parametrize(
    "message",
    [
        "'coroutine' object is not subscriptable",
        "cannot unpack non-iterable coroutine object",
        "sequence item 0: expected str instance, coroutine found",
        'can only concatenate str (not "coroutine") to str',
        "unsupported operand type(s) for +: 'coroutine' and 'str'",
    ],
)
def test_a_failure_over_a_coroutine_has_it_for_its_cause(
    seen: Seen, raised: Callable[..., Outcome], message: str
) -> None:
    assert left_unawaited(seen(outcome=raised("TypeError", message, 9), facts=Facts(never_awaited=MADE))) == MADE


@pytest.mark.parametrize(
    "message",
    [
        "An asyncio.Future, a coroutine or an awaitable is required",
        "a coroutine was expected, got <function main>",
        "Passing coroutines is forbidden, use tasks explicitly.",
        "Task got bad yield: <coroutine object get>",
    ],
)
def test_a_failure_that_only_asks_for_a_coroutine_has_not(
    seen: Seen, raised: Callable[..., Outcome], message: str
) -> None:
    assert left_unawaited(seen(outcome=raised("TypeError", message, 9), facts=Facts(never_awaited=MADE))) == ()


def test_a_step_that_the_world_refuses_may_be_for_want_of_another(
    op: Op, seen: Seen, raised: Callable[..., Outcome]
) -> None:
    row, order = op("read", "a", 0, 0, outcome="error")
    row = type(row)(**{**{name: getattr(row, name) for name in row.__struct_fields__}, "error": "NotSent: before"})
    facts = Facts(never_awaited=MADE)
    assert left_unawaited(seen((row, order), outcome=raised("NotSent", "before", 9), facts=facts)) == MADE
    assert left_unawaited(seen((row, order), outcome=raised("KeyError", "a", 9), facts=facts)) == ()


def test_a_call_that_stands_alone_in_the_text_is_a_cause_whatever_failed(
    seen: Seen, raised: Callable[..., Outcome]
) -> None:
    source = "import asyncio\nasync def main():\n    asyncio.sleep(1)\n    boom\n"
    assert left_unawaited(seen(outcome=raised("NameError", "", 4), source=source)) == (Place("asyncio.sleep", 3),)
