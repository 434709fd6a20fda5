"""Runs, tasks and their order, as they are reported: what a program does counts, in whatever way it was written."""

from collections.abc import Callable

import pytest

from grader.referee.record import Record
from grader.run.stage import Stage
from tests.staging import in_child, in_process, staged, waiting


def stage() -> Stage:
    return staged(lambda world: [waiting(world)], records=("op",))


@pytest.fixture(params=[in_process, in_child], ids=["in-process", "child"])
def play(request: pytest.FixtureRequest) -> Callable[..., Record]:
    chosen: Callable[..., Record] = request.param
    return chosen


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("asyncio.get_running_loop().run_until_complete(asyncio.sleep(0))", "loop.run_until_complete"),
        ("asyncio.new_event_loop().run_forever()", "loop.run_forever"),
        ("asyncio.Runner().run(asyncio.sleep(0))", "Runner.run"),
    ],
)
def test_another_way_to_run_a_loop_inside_a_loop_is_noted_by_its_name(
    play: Callable[..., Record], call: str, name: str
) -> None:
    record = play(f"import asyncio\nasync def main(op):\n    return {call}\n", stage())
    assert record.outcome.kind == "raised"
    assert record.facts.nested_run is not None
    assert (record.facts.nested_run.name, record.facts.nested_run.line) == (name, 3)


@pytest.mark.parametrize(
    ("body", "runs", "loops"),
    [
        ("return asyncio.run(op(1))", 1, 1),
        ("with asyncio.Runner() as runner: return [runner.run(op(1)), runner.run(op(2))]", 2, 1),
        ("return asyncio.new_event_loop().run_until_complete(op(1))", 0, 1),
        ("asyncio.Runner()\n    return asyncio.new_event_loop().run_until_complete(op(1))", 0, 1),
    ],
)
def test_what_is_run_from_outside_is_counted_and_not_what_is_written(
    play: Callable[..., Record], body: str, runs: int, loops: int
) -> None:
    program = f"import asyncio\ndef main(op):\n    {body}\n"
    record = play(program, staged(lambda world: [waiting(world)], records=("op",), kind="function"))
    assert record.outcome.kind == "result"
    assert (record.facts.runs, record.facts.loops) == (runs, loops)


def test_the_graders_own_way_in_is_no_run_of_the_learners(play: Callable[..., Record]) -> None:
    assert play("async def main(op):\n    return await op(1)\n", stage()).facts.runs == 0


@pytest.mark.parametrize("made", ["asyncio.Task(op(1))", "asyncio.tasks._PyTask(op(1))"])
def test_a_task_that_is_made_past_the_loop_is_counted(play: Callable[..., Record], made: str) -> None:
    lines = (f"await {made}", f"await {made}", "await asyncio.create_task(op(1))")
    program = "import asyncio\nasync def main(op):\n" + "".join(f"    {line}\n" for line in lines)
    record = play(program, stage())
    assert (record.outcome.kind, record.facts.tasks) == ("result", 3)


def test_a_task_is_called_a_task_in_what_is_printed(play: Callable[..., Record]) -> None:
    program = """
import asyncio
async def main(op):
    task = asyncio.current_task()
    print(repr(task)[:6], type(task).__name__)
"""
    assert play(program, stage()).facts.output == "<Task  Task\n"


def test_asking_a_task_turn_after_turn_is_told_from_other_turns(play: Callable[..., Record]) -> None:
    asking = """
import asyncio
async def main(op):
    task = asyncio.create_task(op(1))
    while not task.done():
        await asyncio.sleep(0)
"""
    found = play(asking.replace("task.done()", "task.cancelled()"), stage()).facts.spinning
    assert found is not None
    assert not found.name.startswith("asks")
    found = play(asking, stage()).facts.spinning
    assert found is not None
    assert found.name == "asks task.done() again and again, turn after turn"


# ---------------------------------------------------------------- sets of tasks

IN_A_SET = """
import asyncio
async def main(op):
    done, _ = await asyncio.wait([asyncio.create_task(op(1, n)) for n in range(4)])
    return [task.result() for task in done]
"""


def test_a_set_of_tasks_has_another_order_for_another_seed_and_not_always_that_of_their_making() -> None:
    orders = set()
    for seed in map(str, range(20)):
        fresh, again = stage(), stage()
        fresh.start["seed"] = again.start["seed"] = seed
        order = in_process(IN_A_SET, fresh).outcome.value
        assert order == in_process(IN_A_SET, again).outcome.value
        assert sorted(order) == [0, 1, 2, 3]
        orders.add(tuple(order))
    assert len(orders) > 5
    assert orders != {(0, 1, 2, 3)}


def test_what_only_asyncio_makes_does_not_change_the_order_of_a_set(play: Callable[..., Record]) -> None:
    waited = IN_A_SET.replace("    done", "    await asyncio.wait_for(op(0), 5)\n    done", 1)
    assert play(waited, stage()).outcome.value == play(IN_A_SET, stage()).outcome.value


def test_what_was_dropped_is_told_from_what_an_exception_took_along(play: Callable[..., Record]) -> None:
    record = play("async def main(op):\n    op(1)\n    kept = op(2)\n    raise KeyError\n", stage())
    assert [place.line for place in record.facts.never_awaited] == [2, 3]
    assert [place.line for place in record.facts.dropped] == [2]


SWALLOWS = """
import asyncio
async def fail():
    raise ValueError
async def work(op):
    try:
        {}
    except* ValueError:
        pass
    except* asyncio.CancelledError:
        pass
async def main(op):
    task = asyncio.create_task(work(op))
    await op(1)
    {}
    await asyncio.wait([task])
"""
GROUP = """async with asyncio.TaskGroup() as group:
            group.create_task(fail())"""


@pytest.mark.parametrize(
    ("body", "then", "swallowed"),
    [
        (GROUP, "pass", []),
        (f"{GROUP}\n            await op(5)", "pass", []),
        ("await op(5)", "task.cancel()", [("work", 13)]),
        (f"{GROUP}\n        await op(5)", "task.cancel()", []),
    ],
    ids=["at the end of a group", "in a group", "by somebody else", "too late"],
)
def test_a_task_that_its_own_group_cancels_has_swallowed_nothing(
    play: Callable[..., Record], body: str, then: str, swallowed: list[tuple[str, int]]
) -> None:
    record = play(SWALLOWS.format(body, then), stage())
    assert record.outcome.kind == "result"
    assert [(place.name, place.line) for place in record.facts.swallowed_cancels] == swallowed


MADE = """
import asyncio


async def own():
    pass


async def main(op):
    made = [own(), op(1), asyncio.current_task().get_coro()]
    kept = [each.cr_origin is not None for each in made]
    made[0].close(), made[1].close()
    return kept
"""


def test_where_a_coroutine_was_made_is_kept_for_the_programs_own_alone(play: Callable[..., Record]) -> None:
    assert play(MADE, stage()).outcome.value == [True, False, False]
