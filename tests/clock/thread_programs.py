"""Random programs of threads, loops and pools, and a trace of who did what when.

As with programs of tasks a program is plain data, made by a seeded `random.Random`.
"""

import asyncio
import concurrent.futures
import hashlib
import queue
import re
import sys
import threading
import time
from collections.abc import Coroutine
from random import Random
from typing import Any

from grader.clock import VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError, RunOver

Step = tuple[Any, ...]
Steps = list[Step]
Trace = list[tuple[int, str, str]]

# of tasks and threads, which are counted on from run to run; of lines; and where a task was made, which only debug mode knows
_NUMBER = re.compile(r"(?<=[-_])\d+|, (?:made|awaited) in \S+, line \d+(?=:)|\d+(?=:)")

DELAYS = [0, 0.001, 0.1, 0.1, 0.2, 0.3, 0.5, 0.5, 1, 2]
_PLAIN = ["sleep", "sleep", "sleep", "put", "get", "set", "clear", "wait", "notify", "barrier", "semaphore", "simple"]
_PLAIN += ["timer", "join", "ever"]
_BODY = ["lock", "rlock", "condition", "spawn", "spawn", "call", "quiet"]
_BODIES = ["pool", "completed", "first", "loop", "shut"]


def random_program(random: Random) -> list[Steps]:
    """The steps of each of its threads."""
    return [_steps(random, depth=2) for _ in range(random.randint(2, 4))]


def _steps(random: Random, depth: int) -> Steps:
    return [_step(random, depth) for _ in range(random.randint(1, 4))]


def _step(random: Random, depth: int) -> Step:
    kind = random.choice(_PLAIN + _BODY + _BODIES if depth else _PLAIN)
    which, delay = random.randint(0, 1), random.choice(DELAYS)
    if kind in _BODIES:
        return kind, which, delay, [_steps(random, depth - 1) for _ in range(random.randint(1, 3))]
    if kind in _BODY:
        return kind, which, delay, _steps(random, depth - 1)
    return kind, which, delay


class Threads:
    """A program of threads that is being played: what they share, and the trace of them all."""

    def __init__(self, clock: Clock, trace: Trace):
        self.clock, self.trace = clock, trace
        self.loop = asyncio.get_running_loop()
        self.locks = [threading.Lock() for _ in range(2)]
        self.rlocks = [threading.RLock() for _ in range(2)]
        self.conditions = [threading.Condition() for _ in range(2)]
        self.semaphores = [threading.Semaphore(1), threading.BoundedSemaphore(2)]
        self.barrier = threading.Barrier(2)
        self.queues: list[queue.Queue[str]] = [queue.Queue(1), queue.PriorityQueue()]
        self.simple: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.events = [threading.Event() for _ in range(2)]

    def note(self, who: str, what: str) -> None:
        self.trace.append((self.clock.now, who, what))

    def play(self, who: str, steps: Steps) -> str:
        for number, (kind, *args) in enumerate(steps):
            name = f"{who}.{number}"
            self.note(name, kind)
            try:
                said = getattr(self, f"_{kind}")(name, *args)
            except Exception as error:
                said = type(error).__name__
            self.note(name, f"after {kind}: {said}")
        return who

    # ------------------------------------------------------------ steps

    def _sleep(self, who: str, which: int, delay: float) -> None:
        time.sleep(delay)

    def _put(self, who: str, which: int, delay: float) -> None:
        self.queues[which].put(who, timeout=delay)

    def _get(self, who: str, which: int, delay: float) -> str:
        return self.queues[which].get(timeout=delay)

    def _join(self, who: str, which: int, delay: float) -> None:
        queue = self.queues[which]
        if delay < 1:
            queue.task_done()
        else:
            queue.join()

    def _ever(self, who: str, which: int, delay: float) -> bool:
        """Until somebody sets it, which may be never."""
        return self.events[which].wait(None if delay < 0.2 else delay)

    def _simple(self, who: str, which: int, delay: float) -> str | None:
        if which:
            return self.simple.get(timeout=delay)
        self.simple.put(who)
        return None

    def _set(self, who: str, which: int, delay: float) -> None:
        self.events[which].set()

    def _clear(self, who: str, which: int, delay: float) -> None:
        self.events[which].clear()

    def _wait(self, who: str, which: int, delay: float) -> bool:
        return self.events[which].wait(delay)

    def _notify(self, who: str, which: int, delay: float) -> None:
        with self.conditions[which]:
            self.conditions[which].notify(which + 1)

    def _barrier(self, who: str, which: int, delay: float) -> int:
        try:
            return self.barrier.wait(delay)
        except threading.BrokenBarrierError:
            self.barrier.reset()
            raise

    def _semaphore(self, who: str, which: int, delay: float) -> bool:
        got = self.semaphores[which].acquire(timeout=delay)
        if got:
            time.sleep(delay)
            self.semaphores[which].release()
        return got

    def _timer(self, who: str, which: int, delay: float) -> None:
        timer = threading.Timer(delay, self.note, (who, "timer"))
        timer.start()
        if which:
            timer.cancel()
        timer.join()

    def _lock(self, who: str, which: int, delay: float, body: Steps) -> bool:
        got = self.locks[which].acquire(timeout=delay)
        if got:
            self.play(who, body)
            self.locks[which].release()
        return got

    def _rlock(self, who: str, which: int, delay: float, body: Steps) -> None:
        with self.rlocks[which]:
            time.sleep(delay)
            self.play(who, body)

    def _condition(self, who: str, which: int, delay: float, body: Steps) -> bool:
        with self.conditions[which]:
            told = self.conditions[which].wait(delay)
        self.play(who, body)
        return told

    def _spawn(self, who: str, which: int, delay: float, body: Steps) -> bool:
        thread = threading.Thread(target=self.play, args=(f"{who}s", body))
        thread.start()
        thread.join(delay if which else None)
        return thread.is_alive()

    def _pool(self, who: str, which: int, delay: float, bodies: list[Steps]) -> list[str]:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(pool.map(self.play, _names(who, bodies), bodies, timeout=delay if which else None))

    def _completed(self, who: str, which: int, delay: float, bodies: list[Steps]) -> None:
        with concurrent.futures.ThreadPoolExecutor(which + 1) as pool:
            futures = [pool.submit(self.play, *each) for each in zip(_names(who, bodies), bodies, strict=True)]
            time.sleep(delay)
            for future in concurrent.futures.as_completed(futures, timeout=2):
                self.note(who, f"completed {future.result()}")

    def _first(self, who: str, which: int, delay: float, bodies: list[Steps]) -> list[str]:
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            futures = [pool.submit(self.play, *each) for each in zip(_names(who, bodies), bodies, strict=True)]
            done, left = concurrent.futures.wait(futures, delay, concurrent.futures.FIRST_COMPLETED)
            return [*(future.result() for future in done), f"{len(left)} left"]

    def _shut(self, who: str, which: int, delay: float, bodies: list[Steps]) -> str:
        pool = concurrent.futures.ThreadPoolExecutor(1)
        futures = [pool.submit(self.play, *each) for each in zip(_names(who, bodies), bodies, strict=True)]
        time.sleep(delay)
        pool.shutdown(wait=bool(which), cancel_futures=True)
        return f"{sum(future.cancelled() for future in futures)} cancelled"

    def _loop(self, who: str, which: int, delay: float, bodies: list[Steps]) -> None:
        """A loop of its own in this thread."""

        async def main() -> None:
            await asyncio.sleep(delay)
            threads = (asyncio.to_thread(self.play, *each) for each in zip(_names(who, bodies), bodies, strict=True))
            async with asyncio.timeout(1):
                await asyncio.gather(*threads)

        asyncio.run(to_the_end(main()))

    def _call(self, who: str, which: int, delay: float, body: Steps) -> str:
        """Something to do for the first loop, from this thread."""

        async def called() -> str:
            self.note(who, "called")
            await asyncio.sleep(delay)
            return await asyncio.to_thread(self.play, f"{who}c", body)

        return asyncio.run_coroutine_threadsafe(called(), self.loop).result(0.3 if which else None)

    def _quiet(self, who: str, which: int, delay: float, body: Steps) -> None:
        """A thread that nobody waits for."""
        threading.Thread(target=self.play, args=(f"{who}q", body), daemon=True).start()


def _names(who: str, bodies: list[Steps]) -> list[str]:
    return [f"{who}{chr(97 + at)}" for at in range(len(bodies))]


async def to_the_end(main: Coroutine[Any, Any, None]) -> None:
    """Then all that it left in threads is waited for: without end, which runners do on 3.11 alone."""
    try:
        await main
    finally:
        await asyncio.get_running_loop().shutdown_default_executor()


def play(program: list[Steps], debug: bool = False) -> tuple[Trace, Clock]:
    """The trace of a program, each of its parts in a thread beside a loop that is free; and the clock that it was played on."""
    trace: Trace = []
    clock = Clock()

    async def main() -> None:
        played = Threads(clock, trace)
        threads = [asyncio.to_thread(played.play, str(number), steps) for number, steps in enumerate(program)]
        await asyncio.gather(*threads)
        await asyncio.sleep(100)  # for those that nobody waits for

    try:
        with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock), debug=debug) as runner:
            runner.run(to_the_end(main()))
    except DeadlockError as stuck:
        trace += sorted((clock.now, "all", _NUMBER.sub("", line)) for line in str(stuck).splitlines())
    with clock.seated():
        clock.end_threads(RunOver("nobody waits for them"))
    return trace, clock


def digest(seeds: range) -> str:
    """Of the traces of these programs: the same on every supported Python, in every process."""
    traces = [play(random_program(Random(seed)))[0] for seed in seeds]
    return hashlib.sha256(repr(traces).encode()).hexdigest()[:16]


if __name__ == "__main__":
    print(digest(range(int(sys.argv[1]), int(sys.argv[2]))))
