from typing import Any

import pytest

from grader.errors import GraderFault
from grader.referee.referee import DoorError, LimitReached, Referee
from grader.referee.world import World

SECOND = 1_000_000_000


def referee(*records: str, max_tick: int = 1_000 * SECOND, operations: int = 100) -> Referee:
    made = Referee(frozenset(records), max_tick=max_tick, max_operations=operations)
    made.enter(0)
    return made


def offer(made: Referee, cleanup: float = 0) -> int:
    """An operation `op(seconds)`; its reference."""
    world = World(made)

    async def op(seconds: float) -> str:
        try:
            await world.sleep(seconds)
        except world.Cancelled:
            await world.sleep(cleanup)
            raise
        return f"slept {seconds:g}"

    packed = made.describe(world.function(op, "op", key=lambda seconds: seconds))
    assert packed[2] == {"type": "op", "call": "async", "params": ["seconds"]}
    return int(packed[1])


def test_the_lease_ends_where_the_referee_has_something_next() -> None:
    made = referee("op")
    ref = offer(made)
    assert made.call(0, 1, ref, "__call__", [2], None) == (None, 2 * SECOND)
    assert made.idle(0, 5 * SECOND, 2) == (2 * SECOND, 1_000 * SECOND, [["end", 2 * SECOND, 1, 1, ["ok", "slept 2"]]])
    assert made.idle(2 * SECOND, 5 * SECOND, 3) == (5 * SECOND, 1_000 * SECOND, [])


def test_the_result_of_an_operation_does_not_leave_before_its_end() -> None:
    made = referee("op")
    ref = offer(made)
    made.begin(0, 1, ref, "__call__", [2], None)
    now, _, events = made.idle(0, SECOND, 2)
    assert (now, events) == (SECOND, [])


def test_a_row_has_where_its_operation_began_if_that_was_told() -> None:
    made = referee("op")
    ref = offer(made)
    made.begin(0, 1, ref, "__call__", [1], None, (2, 3))
    made.call(0, 2, ref, "__call__", [1], None, (None, 1))
    made.begin(0, 3, ref, "__call__", [1], None)
    assert [(row.loop, row.thread) for row in made.ledger().rows] == [(2, 3), (None, 1), (None, None)]


def test_time_outside_the_lease_is_refused() -> None:
    made = referee("op")
    ref = offer(made)
    made.begin(0, 1, ref, "__call__", [2], None)
    with pytest.raises(DoorError, match="^time outside the lease$"):
        made.idle(2 * SECOND, None, 2)


def test_a_clock_that_goes_back_is_refused() -> None:
    made = referee()
    made.idle(0, 5 * SECOND, 1)
    with pytest.raises(DoorError, match="^time outside the lease$"):
        made.idle(4 * SECOND, None, 2)


def test_an_id_that_was_used_is_refused() -> None:
    made = referee("op")
    ref = offer(made)
    made.begin(0, 7, ref, "__call__", [2], None)
    with pytest.raises(DoorError, match="^ids only grow$"):
        made.begin(0, 7, ref, "__call__", [2], None)


@pytest.mark.parametrize("method", ["__init__", "function", "key", "nothing"])
def test_what_the_manifest_does_not_list_cannot_be_called(method: str) -> None:
    made = referee("op")
    ref = offer(made)
    with pytest.raises(DoorError, match="is not offered$"):
        made.call(0, 1, ref, method, [], None)


def test_a_thing_that_never_crossed_cannot_be_called() -> None:
    with pytest.raises(DoorError, match="^no such thing$"):
        referee().call(0, 1, 0, "__call__", [], None)


def test_nothing_that_can_come_is_said() -> None:
    assert referee().idle(0, None, 1)[0] is None


def test_the_virtual_limit_holds() -> None:
    made = referee(max_tick=10 * SECOND)
    assert made.idle(0, 9 * SECOND, 1)[:2] == (9 * SECOND, 10 * SECOND)
    with pytest.raises(LimitReached, match="^virtual_seconds$"):
        made.idle(9 * SECOND, 10 * SECOND, 2)


def test_all_is_counted_from_where_the_run_begins() -> None:
    made = Referee(frozenset({"tick"}), max_tick=10 * SECOND, max_operations=1, begins=100 * SECOND)
    world = World(made)

    async def tick() -> None:
        await world.sleep(3)

    world.start(tick(), "tick", None)
    assert made.idle(100 * SECOND, None, 1)[:2] == (103 * SECOND, 110 * SECOND)
    (row,) = made.ledger().rows
    assert (row.start, row.end, made.ledger().end) == (0, 3 * SECOND, 3 * SECOND)
    with pytest.raises(LimitReached):
        made.block(103 * SECOND, 110 * SECOND)


def test_the_limit_of_operations_holds() -> None:
    made = referee("op", operations=1)
    ref = offer(made)
    made.begin(0, 1, ref, "__call__", [2], None)
    with pytest.raises(LimitReached, match="^operations$"):
        made.begin(0, 2, ref, "__call__", [2], None)


def test_a_cancelled_operation_ends_at_once_when_it_has_nothing_to_clean_up() -> None:
    made = referee("op")
    ref = offer(made)
    made.begin(0, 1, ref, "__call__", [5], 12)
    made.idle(0, SECOND, 2)
    assert made.cancel(SECOND, 1) is True
    row = made.ledger().rows[0]
    assert (row.outcome, row.end, row.cancelled_at, row.line) == ("cancelled", SECOND, SECOND, 12)


def test_a_cancelled_operation_may_clean_up_first() -> None:
    made = referee("op")
    ref = offer(made, cleanup=3)
    made.begin(0, 1, ref, "__call__", [5], None)
    made.idle(0, SECOND, 2)
    assert made.cancel(SECOND, 1) is False
    assert made.idle(SECOND, None, 3)[2] == [["end", 4 * SECOND, 1, 1, ["cancelled"]]]
    row = made.ledger().rows[0]
    assert (row.outcome, row.end, row.cancelled_at) == ("cancelled", 4 * SECOND, SECOND)


def test_wrong_arguments_are_the_callers_error() -> None:
    made = referee("op")
    ref = offer(made)
    outcome, _ = made.call(0, 1, ref, "__call__", [], None)
    assert outcome is not None
    assert outcome[:2] == ["error", "TypeError"]
    assert made.ledger().rows[0].outcome == "error"


def test_an_undeclared_error_of_world_code_is_the_graders_fault() -> None:
    made = referee("op")
    world = World(made)

    class Mine(Exception):
        pass

    async def op() -> None:
        raise Mine("oops")

    ref = int(made.describe(world.function(op, "op"))[1])
    made.begin(0, 1, ref, "__call__", [], None)
    assert isinstance(made.fault, GraderFault)
    assert str(made.fault) == "world code raised Mine, which it did not declare with world.error(...): oops"


def test_a_declared_error_reaches_the_learner_by_its_name() -> None:
    made = referee("op")
    world = World(made)
    protocol_error = world.error("ProtocolError", RuntimeError)

    async def op() -> None:
        raise protocol_error("not yet sent")

    ref = int(made.describe(world.function(op, "op"))[1])
    outcome, _ = made.call(0, 1, ref, "__call__", [], None)
    assert outcome == ["error", "ProtocolError", "not yet sent", "RuntimeError"]


class Thermometer:
    shows = ("unit",)

    def __init__(self) -> None:
        self.key, self.unit, self.secret = "kitchen", "C", 42

    async def read(self, digits: int) -> int:
        return 20

    def reset(self) -> str:
        return "done"

    def _hidden(self) -> None: ...


def test_an_object_shows_what_it_names_and_nothing_else() -> None:
    made = referee()
    assert made.describe(Thermometer()) == [
        "r",
        0,
        {
            "type": "Thermometer",
            "attributes": {"unit": "C"},
            "methods": {"read": ("async", ["digits"]), "reset": ("plain", [])},
        },
    ]


def test_an_event_wakes_all_who_wait_at_its_tick() -> None:
    made = referee("wait", "ring")
    world = World(made)
    event = world.event()

    async def wait() -> float:
        await event.wait()
        return world.now()

    async def ring(seconds: float) -> None:
        await world.sleep(seconds)
        event.set()

    waits, rings = (int(made.describe(world.function(f, f.__name__))[1]) for f in (wait, ring))
    made.begin(0, 1, waits, "__call__", [], None)
    made.begin(0, 2, waits, "__call__", [], None)
    made.begin(0, 3, rings, "__call__", [4], None)
    ends: list[Any] = [event[3:] for event in made.idle(0, None, 4)[2]]
    assert ends == [[1, ["ok", 4.0]], [2, ["ok", 4.0]], [3, ["ok", None]]]


def test_a_blocked_thread_lets_the_world_go_on_and_hears_of_it_later() -> None:
    made = referee("op")
    ref = offer(made)
    made.begin(0, 1, ref, "__call__", [2], None)
    assert made.block(0, 5 * SECOND) == 5 * SECOND
    assert made.ledger().rows[0].end == 2 * SECOND
    assert made.idle(5 * SECOND, 5 * SECOND, 2)[2] == [["end", 2 * SECOND, 1, 1, ["ok", "slept 2"]]]


def test_what_begins_after_the_return_never_counts() -> None:
    made = referee("op")
    ref = offer(made)
    made.begin(0, 1, ref, "__call__", [2], None)
    made.finish(0, "result", None)
    made.begin(0, 2, ref, "__call__", [2], None)
    ledger = made.ledger()
    assert [row.begun for row in ledger.begun_before_return()] == [1]
    assert not ledger.done(ledger.rows[0])


def test_a_blocking_operation_cannot_be_cancelled() -> None:
    made = referee("hold")
    world = World(made)

    async def hold() -> None:
        await world.sleep(2)

    packed = made.describe(world.function(hold, "hold", blocking=True))
    assert packed[2] == {"type": "hold", "call": "blocking", "params": []}
    assert made.call(0, 1, packed[1], "__call__", [], None) == (None, 2 * SECOND)
    with pytest.raises(DoorError, match="^a blocking operation cannot be cancelled$"):
        made.cancel(SECOND, 1)


def test_what_blocks_takes_time_so_it_has_to_be_an_async_def() -> None:
    with pytest.raises(
        GraderFault, match="^'hold' is to be blocking, so it has to take time; write it as an `async def`$"
    ):
        World(referee()).function(lambda: None, "hold", blocking=True)
