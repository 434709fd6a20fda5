"""What is left lying about: each rule with a report and a text that break it."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.checks import View, run_check
from grader.course.check_model import HygieneCheck
from grader.referee.facts import Blocked, Facts, Place
from grader.referee.outcome import Failure

Seen = Callable[..., View]
ALL = HygieneCheck(id="hygiene", hygiene="default")
HEAD = "import asyncio\nimport time\n\n"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts(never_awaited=(Place("say_after", 5),)), "say_after(...) in line 5 was called and never awaited"),
        (
            Facts(pending_at_return=(Place("t", 4),)),
            "a task of yours in line 4 was not done when your function returned",
        ),
        (
            Facts(lost_exceptions=(Failure("KeyError", "'a'", 6),)),
            "a task of yours failed with KeyError in line 6 and nothing looked at it",
        ),
        (
            Facts(lost_exceptions=(Failure("RefusedError", "", 6, bases=("RefusedError", "RuntimeError")),)),
            "a task of yours failed with RuntimeError in line 6 and nothing looked at it",
        ),
        (
            Facts(blocked=(Blocked("time.sleep", 5, 0, 2_000_000_000),)),
            "time.sleep(...) in line 5 held up everything else from 0 s to 2 s",
        ),
        (
            Facts(open_generators=(Place("rows", 3),)),
            "the generator rows in line 3 was left open when your function returned",
        ),
        (
            Facts(swallowed_cancels=(Place("work", 9),)),
            "work in line 9 was cancelled and went on as if nothing had happened",
        ),
    ],
)
def test_what_was_reported_is_named(seen: Seen, facts: Facts, words: str) -> None:
    assert run_check(ALL, seen(facts=facts, returned=1)).rationale == words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("    asyncio.sleep(1)\n", "asyncio.sleep(...) in line 5 was called and never awaited"),
        ("    other()\n\nasync def other(): pass\n", "other(...) in line 5 was called and never awaited"),
        (
            "    asyncio.create_task(a())\n",
            "the task made in line 5 is not kept anywhere, so it may vanish before it is done",
        ),
        ("    time.sleep(1)\n", "time.sleep(...) in line 5 holds up everything else while it runs"),
    ],
)
def test_what_stands_in_the_text_is_named(seen: Seen, body: str, words: str) -> None:
    source = f"{HEAD}async def main(a):\n{body}"
    assert run_check(ALL, seen(source=source, returned=1)).rationale == words


@pytest.mark.parametrize(
    "body",
    [
        "    await asyncio.sleep(1)\n",
        "    keep = asyncio.create_task(a())\n    await keep\n",
        "    async with asyncio.TaskGroup() as group:\n        group.create_task(a())\n",
        "    await asyncio.to_thread(time.sleep, 1)\n",
        "    print('done')\n\nasync def other():\n    asyncio.sleep(1)\n",
    ],
)
def test_what_is_kept_and_awaited_passes(seen: Seen, body: str) -> None:
    assert run_check(ALL, seen(source=f"{HEAD}async def main(a):\n{body}", returned=1)).passed


def test_only_the_rules_that_are_named_count(seen: Seen) -> None:
    rules: Any = ["lost_exception"]
    view = seen(facts=Facts(never_awaited=(Place("say_after", 5),)), returned=1)
    assert run_check(HygieneCheck(id="hygiene", hygiene=rules), view).passed
