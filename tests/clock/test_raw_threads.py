"""Threads that are started beneath `threading`, and functions that a program took by name."""

import _thread
import asyncio
import os
import time
from _thread import start_new_thread
from os import read
from typing import Any

import pytest

from grader.clock.threads import inside, transfers
from tests.clock.running import now, run


@pytest.mark.parametrize(
    "start", [lambda *args: _thread.start_new_thread(*args), lambda *args: start_new_thread(*args)]
)
def test_a_thread_of_thread_s_own_is_on_the_clock(start: Any) -> None:
    async def main() -> tuple[Any, float]:
        loop, slept = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

        def sleep(seconds: float, *, result: str) -> None:
            time.sleep(seconds)
            loop.call_soon_threadsafe(slept.set_result, (result, _thread.get_ident()))

        ident = start(sleep, (3600,), {"result": "slept"})
        return await slept == ("slept", ident), now()

    assert run(main()) == (True, 3600)


def test_what_it_cannot_take_is_the_same_error() -> None:
    async def main() -> list[str]:
        said = []
        wrong: list[tuple[Any, ...]] = [(), (5, ()), (print, 5), (print, (), 5), (print, (), {}, 5)]
        for args in wrong:
            with pytest.raises(TypeError) as error:
                _thread.start_new_thread(*args)
            said.append(str(error.value))
        return said

    found = run(main())
    wrong: list[tuple[Any, ...]] = [(), (5, ()), (print, 5), (print, (), 5), (print, (), {}, 5)]
    for args, said in zip(wrong, found, strict=True):
        with pytest.raises(TypeError) as error:
            _thread.start_new_thread(*args)
        assert str(error.value) == said


def test_a_pipe_is_read_in_virtual_time_by_a_name_that_was_taken_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "may_write", lambda descriptors: False)
    monkeypatch.setattr(transfers, "somebody_else", lambda *_: False)
    reading, writing = os.pipe()

    async def main() -> tuple[bytes, float]:
        job = asyncio.create_task(asyncio.to_thread(lambda: read(reading, 9)))
        await asyncio.sleep(5)
        os.write(writing, b"hi")
        return await job, now()

    assert run(main()) == (b"hi", 5)
    for end in (reading, writing):
        os.close(end)
