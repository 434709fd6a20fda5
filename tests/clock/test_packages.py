"""What is waited for in a function of an installed package is named as the program names it, and not by what is inside."""

import asyncio
import re
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from grader.clock.over import DeadlockError
from tests.clock.running import run

Program = Callable[[], Coroutine[Any, Any, Any]]


def waits(program: Program) -> list[str]:
    """Of each that waits: its function, the place in the package, and what it waits for."""
    with pytest.raises(DeadlockError) as caught:
        run(program())
    said = re.sub(r"Task-\d+|\S+<locals>\.(?=\w+ \()", "", str(caught.value))
    said = re.sub(r"[\w.]+\.<locals>\.", "", said)
    return [re.sub(r"^ ?\S* ?\((\w+)\), [^,]*, line \d+", r"\1", each) for each in said.split("\n  ")[1:]]


async def an_event() -> None:
    ready = anyio.Event()
    await ready.wait()


async def a_lock() -> None:
    lock = anyio.Lock()

    async def want() -> None:
        async with lock:
            raise AssertionError

    async with lock, anyio.create_task_group() as tasks:
        tasks.start_soon(want)


async def a_lock_of_its_own() -> None:
    lock = anyio.Semaphore(1)
    async with lock, lock:
        raise AssertionError


async def a_semaphore() -> None:
    places = anyio.Semaphore(0)
    await places.acquire()


async def a_limiter() -> None:
    limiter = anyio.CapacityLimiter(1)

    async def work() -> None:
        async with limiter:
            await asyncio.Event().wait()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work)
        tasks.start_soon(work)


async def a_condition() -> None:
    changed = anyio.Condition()
    async with changed:
        await changed.wait()


async def an_empty_stream() -> None:
    send, receive = anyio.create_memory_object_stream[int](1)
    with send, receive:
        async for _ in receive:
            raise AssertionError


async def a_full_stream() -> None:
    send, receive = anyio.create_memory_object_stream[int](0)
    with send, receive:
        await send.send(1)


async def for_ever() -> None:
    await anyio.sleep_forever()


TEXTS: dict[Program, list[str]] = {
    an_event: ["an_event, in Event.wait of anyio: waits for Event 'ready': nothing that runs can set it"],
    a_lock: [
        "want, in Lock.acquire of anyio: waits for Lock 'lock': it is held by  (a_lock), which waits itself",
        "a_lock, in TaskGroup.__aexit__ of anyio: waits for the tasks of its group: want (want), which waits itself",
    ],
    a_lock_of_its_own: [
        "a_lock_of_its_own, in Semaphore.acquire of anyio: "
        "waits for Semaphore 'lock': it is held by the very task that waits for it"
    ],
    a_semaphore: [
        "a_semaphore, in Semaphore.acquire of anyio: waits for Semaphore 'places': nothing that runs can release it"
    ],
    a_limiter: [
        "work, in CapacityLimiter.acquire_on_behalf_of of anyio: "
        "waits for CapacityLimiter 'limiter': it is held by work (work), which waits itself",
        "work: waits for an Event: nothing that runs can set it",
        "a_limiter, in TaskGroup.__aexit__ of anyio: "
        "waits for the tasks of its group: work (work), work (work), which wait themselves",
    ],
    a_condition: [
        "a_condition, in Condition.wait of anyio: waits for Condition 'changed': nothing that runs can notify it"
    ],
    an_empty_stream: [
        "an_empty_stream, in MemoryObjectReceiveStream.receive of anyio: "
        "waits for MemoryObjectReceiveStream 'receive': nothing that runs can send anything"
    ],
    a_full_stream: [
        "a_full_stream, in MemoryObjectSendStream.send of anyio: "
        "waits for MemoryObjectSendStream 'send': nothing that runs can receive anything"
    ],
    for_ever: [
        "for_ever, in sleep_forever of anyio: waits for the end of a sleep of inf s, later than this clock goes"
    ],
}


@pytest.mark.parametrize("program", TEXTS, ids=lambda program: program.__name__)
def test_a_thing_of_anyio_s_is_named(program: Program) -> None:
    assert waits(program) == TEXTS[program]


SHOP = """
import asyncio


class _Call:
    def __init__(self, shop):
        self.shop = shop

    def __await__(self):
        return self.shop._fetch().__await__()


class Shop:
    def __init__(self):
        self._items, self._answer = asyncio.Queue(), asyncio.get_running_loop().create_future()

    def fetch(self):
        return _Call(self)

    async def _fetch(self):
        async def ask():
            await self._answer

        await ask()

    async def buy(self):
        await self._items.get()


async def wait(future):
    await future
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An installed package."""
    folder = tmp_path_factory.mktemp("shops") / "site-packages"
    Path(folder / "shop").mkdir(parents=True)
    Path(folder / "shop" / "__init__.py").write_text(SHOP, "utf-8")
    sys.path.insert(0, str(folder))
    try:
        import shop  # type: ignore[import-not-found]

        yield shop
    finally:
        sys.path.remove(str(folder))
        del sys.modules["shop"]


def test_a_thing_that_has_a_name_is_called_by_it(shop: Any) -> None:
    async def main() -> None:
        corner = shop.Shop()
        await corner.fetch()

    assert waits(main) == ["main, in Shop._fetch of shop: waits for Shop 'corner': nothing that runs can end that wait"]


def test_one_that_has_none_is_called_by_its_class(shop: Any) -> None:
    async def main() -> None:
        await shop.Shop().fetch()

    assert waits(main) == ["main, in Shop._fetch of shop: waits for a Shop: nothing that runs can end that wait"]


def test_what_is_known_of_asyncio_s_own_within_is_told(shop: Any) -> None:
    async def main() -> None:
        corner = shop.Shop()
        await corner.buy()

    assert waits(main) == [
        "main, in Shop.buy of shop: waits for an item from a Queue: it is empty, and nothing that runs can put one"
    ]


def test_a_future_that_the_program_has_itself_is_named(shop: Any) -> None:
    async def main() -> None:
        answer = asyncio.get_running_loop().create_future()
        await shop.wait(answer)

    assert waits(main) == ["main, in wait of shop: waits for Future 'answer': nothing that runs can set it"]
