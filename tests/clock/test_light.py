"""A loop that is made with less has all that asyncio's own has from the beginning."""

import asyncio
import gc
import sys
import weakref
from collections import Counter

import pytest

from grader.clock import VirtualLoop
from grader.clock.loops.generators import Begun
from grader.clock.loops.light import CONTAINERS, as_made


def test_what_stands_in_the_class_cannot_be_changed_by_one_loop_for_another() -> None:
    made = as_made()
    assert set(made) >= CONTAINERS
    kinds = {name: type(value) for name, value in made.items() if name not in CONTAINERS}
    assert {name: kind for name, kind in kinds.items() if kind not in (type(None), bool, int, float)} == {}


def test_a_new_loop_has_the_values_of_asyncio_s_own() -> None:
    loop, other = VirtualLoop(), VirtualLoop()
    try:
        for name, value in as_made().items():
            own = getattr(loop, name)
            if name in CONTAINERS:
                assert (type(own), len(own)) == (Begun if name == "_asyncgens" else type(value), 0)
                assert own is not getattr(other, name)
            else:
                assert own == value, name
    finally:
        loop.close()
        other.close()


@pytest.mark.parametrize(("value", "debug"), [(None, False), ("", False), ("1", True)])
def test_debug_mode_is_asked_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, value: str | None, debug: bool
) -> None:
    if value is None:
        monkeypatch.delenv("PYTHONASYNCIODEBUG", raising=False)
    else:
        monkeypatch.setenv("PYTHONASYNCIODEBUG", value)
    loop = VirtualLoop()
    assert loop.get_debug() is debug
    loop.close()


def test_a_loop_that_is_done_with_leaves_nothing_to_the_garbage_collector() -> None:
    async def main() -> None:
        await asyncio.sleep(1)

    loop = VirtualLoop()
    loop.run_until_complete(main())
    loop.close()
    gone = weakref.ref(loop)
    gc.disable()
    try:
        del loop
        assert gone() is None
    finally:
        gc.enable()


def test_what_a_loop_and_its_clock_have_themselves_does_not_stand_in_their_classes_too() -> None:
    loop = VirtualLoop()
    loop.run_until_complete(asyncio.sleep(1))
    loop.close()
    for each in (loop, loop.clock):
        assert [name for name in vars(each) if hasattr(type(each), name)] == []


def test_a_loop_for_one_coroutine_alone_is_made_run_and_closed_in_few_calls() -> None:
    async def main() -> int:
        return 1

    def play() -> None:
        loop = VirtualLoop()
        loop.run_until_complete(main())
        loop.close()

    calls: Counter[str] = Counter()
    play()  # all is imported, and in its place
    sys.setprofile(lambda frame, event, arg: calls.update([event]))
    try:
        play()
    finally:
        sys.setprofile(None)
    assert calls["call"] <= 28  # of Python's functions, asyncio's among them
    assert calls["c_call"] <= 34
