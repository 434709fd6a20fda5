"""Who plays the workloads: asyncio, ours, and every virtual clock that is on PyPI; each defined once.

Of a peer the loop alone is taken where its package has one, without what the package does around it (seeding, recording,
collecting garbage): that is its fastest, and does as much as the others. Nothing is explored; settings that would end a long
run early are raised.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module, metadata
from typing import Any

from bench.workloads import Main, Seen, Words

_ENDLESS = 10**12  # steps


@dataclass(frozen=True, slots=True)
class Plays:
    run: Callable[[Main], Seen]
    words: Words
    by_runner: Callable[[Main], Seen] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """`load()` imports what it needs. `virtual`: its clock has to go as far as was slept. `against`: what it is a share of."""

    name: str
    title: str
    load: Callable[[], Plays]
    package: str | None = None
    python: tuple[int, int] = (3, 11)
    virtual: bool = True
    against: str = "plain"

    def missing(self) -> str | None:
        """Why it cannot be played here, or None."""
        if self.package is None:
            return None
        if sys.version_info < self.python:
            return f"needs Python {'.'.join(map(str, self.python))}"
        try:
            metadata.version(self.package)
        except metadata.PackageNotFoundError:
            return "is not installed"
        return None

    def titled(self) -> str:
        """With its version."""
        if self.package is None or self.missing():
            return self.title
        return self.title.replace(self.package, f"{self.package} {metadata.version(self.package)}", 1)


# ---------------------------------------------------------------- asyncio


async def _gather(tasks: Iterable[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    await asyncio.gather(*(task() for task in tasks))


def _queue(size: int) -> tuple[Callable[[int], Awaitable[Any]], Callable[[], Awaitable[Any]]]:
    queue: asyncio.Queue[int] = asyncio.Queue(size)
    return queue.put, queue.get


_ASYNCIO = Words(asyncio.sleep, _gather, _queue, lambda: asyncio.get_running_loop().time())


def _run_on(make_loop: Callable[[], Any], main: Main) -> Seen:
    loop = make_loop()
    try:
        seen: Seen = loop.run_until_complete(main())
    finally:
        loop.close()
    return seen


def _run_by_runner(make_loop: Callable[[], Any], main: Main) -> Seen:
    with asyncio.Runner(loop_factory=make_loop) as runner:
        return runner.run(main())


def _on(make_loop: Callable[[], Any], delay: Callable[[float], float] = float) -> Plays:
    return Plays(partial(_run_on, make_loop), replace(_ASYNCIO, delay=delay), partial(_run_by_runner, make_loop))


def _ours() -> Plays:
    from grader.clock import VirtualLoop

    return _on(VirtualLoop)


def _traced() -> Plays:
    from grader.clock import VirtualLoop

    def traced() -> VirtualLoop:
        loop = VirtualLoop()
        loop.on_callback = lambda tick, handle: None
        return loop

    return _on(traced)


# ---------------------------------------------------------------- peers


def _of(module: str, name: str, **options: Any) -> Plays:
    """A class of loops, or a function that makes one."""
    return _on(partial(getattr(import_module(module), name), **options))


def _detangle() -> Plays:
    detangle = import_module("detangle")
    return _on(partial(detangle.SimLoop, detangle.SimConfig(max_steps=_ENDLESS)))


def _simloom() -> Plays:
    simloom = import_module("simloom")
    return _on(lambda: simloom.SimLoop(simloom.Tape.generate(0)))


def _aiotools() -> Plays:
    virtual_clock = import_module("aiotools").VirtualClock

    def on(run: Callable[[Callable[[], Any], Main], Seen], main: Main) -> Seen:
        async def patched() -> Seen:
            with virtual_clock().patch_loop():
                return await main()

        return run(asyncio.new_event_loop, patched)

    return Plays(partial(on, _run_on), _ASYNCIO, partial(on, _run_by_runner))


def _trio(delay: Callable[[float], float] = float, **clock: float) -> Plays:
    trio, testing = import_module("trio"), import_module("trio.testing")

    async def together(tasks: Iterable[Callable[[], Coroutine[Any, Any, None]]]) -> None:
        async with trio.open_nursery() as nursery:
            for task in tasks:
                nursery.start_soon(task)

    def queue(size: int) -> tuple[Callable[[int], Awaitable[Any]], Callable[[], Awaitable[Any]]]:
        sender, receiver = trio.open_memory_channel(size)
        return sender.send, receiver.receive

    def run(main: Main) -> Seen:
        seen: Seen = trio.run(main, clock=testing.MockClock(**clock) if clock else None)
        return seen

    return Plays(run, Words(trio.sleep, together, queue, trio.current_time, delay))


def _nothing(seconds: float) -> float:
    return 0.0


CANDIDATES = (
    Candidate("plain", "asyncio, `sleep(0)`", partial(_on, asyncio.new_event_loop, _nothing), virtual=False),
    Candidate(
        "timer",
        "asyncio, `sleep(1e-9)`: a real timer",
        partial(_on, asyncio.new_event_loop, lambda seconds: 1e-9),
        virtual=False,
    ),
    Candidate("ours", "**`VirtualLoop`**", _ours),
    Candidate("traced", "`VirtualLoop` with `on_callback`", _traced),
    Candidate("seedloop", "seedloop", partial(_of, "seedloop._loop", "DeterministicLoop"), "seedloop", python=(3, 12)),
    Candidate(
        "asyncio-time-travel",
        "asyncio-time-travel",
        partial(_of, "asyncio_time_travel", "TimeTravelLoop"),
        "asyncio-time-travel",
    ),
    Candidate("async-solipsism", "async-solipsism", partial(_of, "async_solipsism", "EventLoop"), "async-solipsism"),
    Candidate("detangle", "detangle", _detangle, "detangle"),
    Candidate("aiotools", "aiotools `VirtualClock`", _aiotools, "aiotools"),
    Candidate("simloop", "simloop", partial(_of, "simloop", "SimLoop"), "simloop", python=(3, 12)),
    Candidate("looptime", "looptime", partial(_of, "looptime", "new_event_loop", start=0), "looptime"),
    Candidate(
        "looptime-0",
        "looptime, `noop_cycles=0`",
        partial(_of, "looptime", "new_event_loop", start=0, noop_cycles=0),
        "looptime",
    ),
    Candidate("simloom", "simloom", _simloom, "simloom", python=(3, 12)),
    Candidate("trio", "trio, `sleep(0)`", partial(_trio, _nothing), "trio", virtual=False),
    Candidate("trio-mock", "trio `MockClock`, of trio", partial(_trio, autojump_threshold=0), "trio", against="trio"),
)
