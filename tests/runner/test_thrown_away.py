"""An operation that nobody waits for any more is over, as if it had been cancelled: its coroutine was closed, or is gone."""

import pytest

from tests.staging import PLACES, in_child, in_process, rows, staged, waiting

CLOSED = """
async def main(op):
    decoy = op(5, "b")
    decoy.send(None)
    decoy.close()
    return await op(2, "a")
"""
LOST = """
import gc
async def main(op):
    decoy = op(5, "b")
    decoy.send(None)
    del decoy
    return await op(2, "a")
"""
# the collector calls the finaliser of a coroutine that has not begun, and then no GeneratorExit ends it
BEGUN_BY_A_FINALISER = """
import gc
class Grave:
    def __init__(self, coro):
        self.coro, self.itself = coro, self
    def __del__(self):
        self.coro.send(None)
async def main(op):
    Grave(op(5, "b"))
    gc.collect()
    return await op(2, "a")
"""
PROGRAMS = {"closed": CLOSED, "lost": LOST, "begun by a finaliser": BEGUN_BY_A_FINALISER}
IN_TIME = [("op(b)", 0.0, 0.0, "cancelled"), ("op(a)", 0.0, 2.0, "ok")]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_it_is_cancelled_at_that_moment(program: str, place: str) -> None:
    played = in_process if place == "in-process" else in_child
    record = played(program, staged(lambda world: [waiting(world)], records=("op",)))
    assert (record.outcome.value, rows(record)) == ("a", IN_TIME)


def test_without_a_running_loop_none_begins() -> None:
    program = """
import asyncio, threading
async def main(op):
    said = []
    def begin():
        try:
            op(5, "b").send(None)
        except RuntimeError as error:
            said.append(str(error))
    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()
    return said
"""
    record = in_process(program, staged(lambda world: [waiting(world)], records=("op",)))
    assert (record.outcome.value, rows(record)) == (["no running event loop"], [])


def test_one_that_has_ended_is_not_cancelled_when_its_coroutine_goes() -> None:
    program = """
async def main(op):
    done = op(1, "b")
    await done
    del done
    return await op(2, "a")
"""
    record = in_process(program, staged(lambda world: [waiting(world)], records=("op",)))
    assert rows(record) == [("op(b)", 0.0, 1.0, "ok"), ("op(a)", 1.0, 3.0, "ok")]
