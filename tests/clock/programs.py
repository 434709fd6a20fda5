"""Random programs of tasks: what asyncio offers for waiting, nested and mixed, and a trace of who did what when.

A program is plain data, made by any `random.Random`; a step is a tuple of its kind and its arguments. So a program is the same
on every Python, and hypothesis can make a failing one smaller.
"""

import asyncio
from collections.abc import Coroutine
from random import Random
from typing import Any

Step = tuple[Any, ...]
Steps = list[Step]

DELAYS = [0, 0, 1 / 64, 1 / 8, 1 / 4, 1 / 4, 1 / 2, 1, 1, 2]
_PLAIN = ["sleep", "sleep", "sleep", "put", "get", "set", "clear", "wait", "notify", "cancel", "join", "fail", "future"]
_NESTED = ["lock", "semaphore", "timeout", "wait_for", "gather", "group", "spawn", "condition", "except", "shield"]


def random_program(random: Random) -> list[Steps]:
    """The steps of each of its tasks."""
    return [_steps(random, depth=2) for _ in range(random.randint(1, 4))]


def _steps(random: Random, depth: int) -> Steps:
    return [_step(random, depth) for _ in range(random.randint(1, 4))]


def _step(random: Random, depth: int) -> Step:
    kind = random.choice(_PLAIN + _NESTED if depth else _PLAIN)
    which, delay = random.randint(0, 1), random.choice(DELAYS)
    if kind in ("sleep", "timeout", "wait_for", "future"):
        body = (_steps(random, depth - 1),) if kind in _NESTED else ()
        return (kind, delay, *body)
    if kind in ("gather", "group"):
        return kind, which, [_steps(random, depth - 1) for _ in range(random.randint(1, 3))]
    if kind in _NESTED:
        return kind, which, _steps(random, depth - 1)
    return kind, which


class Program:
    """One that is being played: what its tasks share, and the trace of them all."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.trace: list[tuple[float, str, str]] = []
        self.locks = [asyncio.Lock() for _ in range(2)]
        self.semaphores = [asyncio.Semaphore(1), asyncio.Semaphore(2)]
        self.queues: list[asyncio.Queue[str]] = [asyncio.Queue(1), asyncio.Queue()]
        self.events = [asyncio.Event() for _ in range(2)]
        self.conditions = [asyncio.Condition() for _ in range(2)]
        self.tasks: list[asyncio.Task[None]] = []

    def note(self, who: str, what: str) -> None:
        self.trace.append((self.loop.time(), who, what))

    def complain(self, message: str) -> None:
        if "was never retrieved" not in message:  # which is said when the garbage collector comes by
            self.note("loop", message[:30])

    async def play(self, who: str, steps: Steps) -> None:
        """Do the steps one after another; exceptions are noted, and go on."""
        for number, (kind, *args) in enumerate(steps):
            name = f"{who}.{number}"
            self.note(name, kind)
            try:
                said = await getattr(self, f"_{kind}")(name, *args)
            except BaseException as error:
                self.note(name, type(error).__name__)
                raise
            self.note(name, f"after {kind}: {said}")

    def start(self, who: str, steps: Steps) -> "asyncio.Task[None]":
        self.tasks.append(self.loop.create_task(self.play(who, steps)))
        return self.tasks[-1]

    # ------------------------------------------------------------ steps

    async def _sleep(self, who: str, delay: float) -> None:
        await asyncio.sleep(delay)

    async def _future(self, who: str, delay: float) -> str:
        future: asyncio.Future[str] = self.loop.create_future()
        self.loop.call_later(delay, self._give, future, who)
        return await future

    def _give(self, future: "asyncio.Future[str]", who: str) -> None:
        if not future.done():
            future.set_result(who)

    async def _put(self, who: str, which: int) -> None:
        await self.queues[which].put(who)

    async def _get(self, who: str, which: int) -> str:
        return await self.queues[which].get()

    async def _set(self, who: str, which: int) -> None:
        self.events[which].set()

    async def _clear(self, who: str, which: int) -> None:
        self.events[which].clear()

    async def _wait(self, who: str, which: int) -> bool:
        return await self.events[which].wait()

    async def _notify(self, who: str, which: int) -> None:
        async with self.conditions[which]:
            self.conditions[which].notify(which + 1)

    async def _cancel(self, who: str, which: int) -> bool | None:
        return self.tasks[-1 - which].cancel() if len(self.tasks) > which else None

    async def _join(self, who: str, which: int) -> None:
        if len(self.tasks) > which and self.tasks[which] is not asyncio.current_task():
            await asyncio.wait([self.tasks[which]], timeout=1)

    async def _fail(self, who: str, which: int) -> None:
        raise ValueError(who) if which else KeyError(who)

    async def _lock(self, who: str, which: int, body: Steps) -> None:
        async with self.locks[which]:
            await self.play(who, body)

    async def _semaphore(self, who: str, which: int, body: Steps) -> None:
        async with self.semaphores[which]:
            await self.play(who, body)

    async def _condition(self, who: str, which: int, body: Steps) -> None:
        async with self.conditions[which]:
            await self.conditions[which].wait()
            await self.play(who, body)

    async def _timeout(self, who: str, delay: float, body: Steps) -> None:
        async with asyncio.timeout(delay):
            await self.play(who, body)

    async def _wait_for(self, who: str, delay: float, body: Steps) -> None:
        await asyncio.wait_for(self.play(who, body), delay)

    async def _gather(self, who: str, which: int, bodies: list[Steps]) -> int:
        children = (self.play(f"{who}{chr(97 + at)}", body) for at, body in enumerate(bodies))
        return len(await asyncio.gather(*children, return_exceptions=bool(which)))

    async def _group(self, who: str, which: int, bodies: list[Steps]) -> None:
        async with asyncio.TaskGroup() as group:
            for at, body in enumerate(bodies):
                group.create_task(self.play(f"{who}{chr(97 + at)}", body))
            if which:
                await asyncio.sleep(1 / 8)

    async def _spawn(self, who: str, which: int, body: Steps) -> None:
        self.start(f"{who}s", body)
        if which:
            await asyncio.sleep(0)

    async def _shield(self, who: str, which: int, body: Steps) -> None:
        await asyncio.shield(self.start(f"{who}h", body))

    async def _except(self, who: str, which: int, body: Steps) -> str | None:
        try:
            await self.play(who, body)
        except (Exception, asyncio.CancelledError) as error:
            if not which and isinstance(error, asyncio.CancelledError):
                raise
            return type(error).__name__
        return None


Trace = list[tuple[float, str, str]]


def play(program: list[Steps], make_loop: Any, stuck: type[BaseException], debug: bool = False) -> Trace:
    """The trace of a program on such a loop; `stuck` is what that raises when nothing can ever run again."""
    trace: Trace = []

    async def main() -> None:
        played = Program()
        played.trace = trace
        played.loop.set_exception_handler(lambda loop, context: played.complain(str(context["message"])))
        await asyncio.wait([played.start(f"{number}", steps) for number, steps in enumerate(program)])

    loop = make_loop()
    loop.set_debug(debug)
    run(loop, main(), trace, stuck)
    while left := asyncio.all_tasks(loop):  # a step that catches what it is cancelled with goes on to the next
        for task in sorted(left, key=lambda task: int(task.get_name().removeprefix("Task-"))):
            task.cancel()
        run(loop, until_done(left), trace, stuck)
    loop.close()
    return trace


async def until_done(tasks: "set[asyncio.Task[Any]]") -> None:
    await asyncio.wait(tasks)


def run(loop: Any, main: Coroutine[Any, Any, None], trace: Trace, stuck: type[BaseException]) -> None:
    try:
        loop.run_until_complete(main)
    except stuck:
        trace.append((loop.time(), "all", "stuck"))
