"""A loop that a file makes past the policy is the run's own where files are graded as they are."""

import asyncio

import pytest

from grader.grading import grade
from grader.verdict import outcome_of
from tests.adopted import returns
from tests.adopted_course.planned import EXERCISES
from tests.staging import PLACES

HEAD = "import asyncio, time\nall_lines = __import__('1-all_lines').all_lines\n"
MEASURE = HEAD + (
    "def mean_wait(lines, longest):\n    begin = time.perf_counter()\n    {}\n"
    "    return (time.perf_counter() - begin) / lines\n"
)
RUN = "asyncio.set_event_loop(loop); loop.run_until_complete(all_lines(lines, longest)); loop.close()"


@pytest.mark.parametrize(
    "made",
    [
        f"loop = asyncio.SelectorEventLoop(); {RUN}",
        f"loop = asyncio.DefaultEventLoopPolicy().new_event_loop(); {RUN}",
        f"loop = type('Mine', (asyncio.DefaultEventLoopPolicy,), {{}})().new_event_loop(); {RUN}",
        "asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy()); asyncio.run(all_lines(lines, longest))",
        "asyncio.Runner(loop_factory=asyncio.SelectorEventLoop).run(all_lines(lines, longest))",
    ],
)
def test_a_loop_made_by_hand_is_on_virtual_time(made: str) -> None:
    verdict = grade(EXERCISES["mean-wait"], MEASURE.format(made), seed="a", hidden=True)
    assert (verdict.points, outcome_of(verdict)) == (10, "result")


@pytest.mark.parametrize("place", PLACES)
def test_the_class_is_the_one_that_the_program_knows(place: str) -> None:
    text = (
        "import asyncio\nclass Mine(asyncio.SelectorEventLoop): pass\ndef main():\n    L = asyncio.SelectorEventLoop\n"
        "    loop = L()\n    loop.close()\n"
        "    return [isinstance(loop, L), isinstance(asyncio.new_event_loop(), L), isinstance(loop, Mine), L.__name__,\n"
        "            issubclass(L, asyncio.AbstractEventLoop), isinstance(1, L)]\n"
    )
    value = [True, True, False, asyncio.SelectorEventLoop.__name__, True, False]
    exercise = returns(value, **asking_for_a_function(value))
    verdict = grade(exercise, text, isolation=place)
    assert verdict.points == 10, verdict.checks[0].rationale


def asking_for_a_function(value: object) -> dict[str, object]:
    checks = [{"kind": "result", "id": "result", "points": 10, "result": value}]
    return {"entries": {"main": {"kind": "function", "args": [], "checks": checks}}}


def test_a_class_of_its_own_is_refused_by_name_as_whatever_asks_for_an_outside() -> None:
    text = "import asyncio\nclass Mine(asyncio.SelectorEventLoop): pass\ndef main():\n    Mine()\n"
    verdict = grade(returns(None, **asking_for_a_function(None)), text)
    assert verdict.cases[0].fault is not None
    assert verdict.cases[0].fault.title == "`socket.socket` cannot be used in an exercise"


def test_afterwards_and_in_threads_of_others_the_class_is_pythons_own() -> None:
    before, factory = asyncio.SelectorEventLoop, vars(asyncio.DefaultEventLoopPolicy)["_loop_factory"]
    grade(EXERCISES["mean-wait"], MEASURE.format(f"loop = asyncio.SelectorEventLoop(); {RUN}"), seed="a")
    assert asyncio.SelectorEventLoop is before
    assert vars(asyncio.DefaultEventLoopPolicy)["_loop_factory"] is factory
    loop = asyncio.SelectorEventLoop()
    assert type(loop) is before
    loop.close()
