"""A ticker that takes time: the grader awaits it again and again beside the entry, and a loop that stands still shows."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.referee.record import Record
from grader.referee.world import World
from grader.run.stage import Stage
from tests.staging import in_child, in_process, rows, staged, waiting

both = pytest.mark.parametrize("play", [in_process, in_child], ids=["in-process", "child"])
Play = Callable[..., Record]


def beaten() -> Stage:
    """An entry that gets `op`, and beside which `beat` takes a second each time."""
    made: list[Any] = []

    def build(world: World) -> list[Any]:
        async def beat() -> None:
            await world.sleep(1)

        made.append(world.function(beat, "beat"))
        return [waiting(world)]

    stage = staged(build, records=("beat",))
    stage.referee.ticker = made[0]
    stage.start["ticker"] = stage.referee.describe(made[0])
    return stage


@both
def test_it_beats_while_the_loop_goes_on_and_is_cut_off_by_the_return(play: Play) -> None:
    record = play("async def main(op):\n    return await op(2.5, 'x')\n", beaten())
    assert record.outcome.value == "x"
    assert [row[:3] for row in rows(record)][:2] == [("beat", 0, 1), ("beat", 1, 2)]
    assert [(row.start, record.ledger.done(row)) for row in record.ledger.rows[2:]] == [(2 * 10**9, False)]


@both
def test_a_loop_that_stands_still_leaves_a_gap(play: Play) -> None:
    program = "import time\nasync def main(op):\n    await op(0.5)\n    time.sleep(3)\n    await op(2.5)\n"
    record = play(program, beaten())
    assert [row[:3] for row in rows(record)][:3] == [("beat", 0, 1), ("beat", 3.5, 4.5), ("beat", 4.5, 5.5)]


@both
def test_an_entry_that_never_pauses_hears_nothing_of_it(play: Play) -> None:
    assert play("async def main(op):\n    return 1\n", beaten()).ledger.rows == ()


@both
def test_it_is_no_task_of_the_programs(play: Play) -> None:
    program = "import asyncio\nasync def main(op):\n    await op(3)\n    return len(asyncio.all_tasks())\n"
    record = play(program, beaten())
    assert record.outcome.value == 1
    assert (record.facts.tasks, record.facts.pending_at_return) == (0, ())
