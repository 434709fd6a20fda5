"""What a plain function of a file that is graded as it is gives back: an awaitable is awaited, outside of any loop too."""

import pytest

from grader.grading import grade
from grader.verdict import Verdict, outcome_of
from tests.adopted import ALONE, adopted, asking
from tests.staging import PLACES

HEAD = "import asyncio\nasync def seven():\n    await asyncio.sleep(2)\n    return 7\n"
GIVEN = {
    "a coroutine": "def main():\n    return seven()\n",
    "a task of its loop": (
        "def main():\n    loop = asyncio.new_event_loop()\n    asyncio.set_event_loop(loop)\n"
        "    return loop.create_task(seven())\n"
    ),
    "a future of a loop that nobody has set": (
        "def main():\n    return asyncio.ensure_future(seven(), loop=asyncio.new_event_loop())\n"
    ),
    "a task that is done, its loop closed": (
        "def main():\n    loop = asyncio.new_event_loop()\n    task = loop.create_task(seven())\n"
        "    loop.run_until_complete(task)\n    loop.close()\n    return task\n"
    ),
    "an object that can be awaited": (
        "class Later:\n    def __await__(self):\n        return seven().__await__()\ndef main():\n    return Later()\n"
    ),
    "a coroutine after a run": "def main():\n    asyncio.run(seven())\n    return seven()\n",
    "a coroutine for the loop that is set": (
        "def main():\n    loop = asyncio.new_event_loop()\n    asyncio.set_event_loop(loop)\n"
        "    task = loop.create_task(seven())\n    async def both():\n        return await task\n    return both()\n"
    ),
    "a value": "def main():\n    return asyncio.run(seven())\n",
}


def played(program: str, place: str = "in-process", result: object = 7, **changes: object) -> Verdict:
    entries = asking({"kind": "result", "result": result}, kind="function")
    return grade(adopted(**{**ALONE, **entries, **changes}), HEAD + program, isolation=place)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("what", GIVEN)
def test_an_awaitable_that_a_plain_function_returns_is_awaited(what: str, place: str) -> None:
    verdict = played(GIVEN[what], place)
    assert (verdict.points, verdict.checks[0].rationale) == (10, "")
    assert verdict.cases[0].elapsed == (4 if what == "a coroutine after a run" else 2)


def test_each_of_repeated_calls_is_awaited() -> None:
    cases = [{"name": "seen", "repeat": 3}]
    verdict = played(GIVEN["a coroutine"], result=[7, 7, 7], cases=cases)
    assert (verdict.points, verdict.cases[0].elapsed) == (10, 6)


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("async def fails():\n    raise ValueError\ndef main():\n    return fails()\n", "crash"),
        ("async def waits():\n    await asyncio.Event().wait()\ndef main():\n    return waits()\n", "deadlock"),
        (
            "def main():\n    task = asyncio.new_event_loop().create_task(seven())\n    task.cancel()\n    return task\n",
            "crash",
        ),
    ],
)
def test_what_goes_wrong_in_it_is_what_became_of_the_function(program: str, outcome: str) -> None:
    verdict = played(program)
    assert (verdict.points, outcome_of(verdict)) == (0, outcome)


def test_what_holds_an_awaitable_is_a_value_and_is_told() -> None:
    verdict = played("def main():\n    return [seven()]\n", result=[7])
    assert verdict.checks[0].rationale == "what your function returned holds a coroutine, not the result of one"


def test_a_function_of_an_exercise_with_a_stub_is_to_run_a_loop_itself() -> None:
    verdict = played(GIVEN["a coroutine"], module=None)
    assert verdict.checks[0].rationale == "what your function returned is a coroutine, not the result of one"
