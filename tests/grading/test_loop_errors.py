"""What Python says of loops, memory and depth, in plain words: what happened, and what to do, with the line."""

import pytest

from grader.grading import grade
from grader.verdict import Fault
from tests.adopted import ALONE, adopted, asking

ONE = "import asyncio\nasync def one():\n    return 1\n"
OTHER_LOOP = (
    "what was awaited there belongs to another event loop, and each loop waits only for its own; make it in the coroutine that "
    "awaits it, and run all of it with one `asyncio.run`"
)
STOPPED = (
    "the event loop was stopped while your coroutine still waited; leave `loop.stop()` out: the loop stops by itself when the "
    "coroutine is over"
)
CALLS_ITSELF = "a function called itself without end; it needs a case in which it comes back without a further call"
HOLDS_ITSELF = "calls stood too deep inside one another there: something calls itself, or holds itself, without end"
SAID: dict[str, tuple[str, str, int]] = {
    # name: (the program after ONE, what is said, the line)
    "no loop after a run": (
        "def main():\n    asyncio.run(one())\n    return asyncio.get_event_loop().run_until_complete(one())\n",
        "there is no event loop here, or none any more: `asyncio.run` closes its own when it is over; put all that belongs "
        "together into one coroutine, and run that with one `asyncio.run`",
        6,
    ),
    "a task of another loop": (
        "def main():\n    first, second = asyncio.new_event_loop(), asyncio.new_event_loop()\n"
        "    task = first.create_task(one())\n"
        "    async def both():\n        return await task\n    return second.run_until_complete(both())\n",
        OTHER_LOOP,
        8,
    ),
    "run until a task of another loop": (
        "def main():\n    task = asyncio.new_event_loop().create_task(one())\n"
        "    return asyncio.new_event_loop().run_until_complete(task)\n",
        OTHER_LOOP,
        6,
    ),
    "gather of two loops": (
        "def main():\n    async def both():\n        future = asyncio.new_event_loop().create_future()\n"
        "        return await asyncio.gather(future, one())\n    return asyncio.run(both())\n",
        OTHER_LOOP,
        7,
    ),
    "a lock of another loop": (
        "lock = asyncio.Lock()\ndef main():\n    async def holds():\n        async with lock:\n"
        "            await asyncio.sleep(1)\n"
        "    async def twice():\n        await asyncio.gather(holds(), holds())\n"
        "    asyncio.run(twice())\n    asyncio.run(twice())\n",
        "a lock, queue or event that was used in one event loop was used in another; make it in the coroutine that you "
        "run, and "
        "not outside of your functions",
        7,
    ),
    "stopped": (
        "def main():\n    async def stops():\n        asyncio.get_running_loop().stop()\n        await asyncio.sleep(1)\n"
        "    asyncio.run(stops())\n",
        STOPPED,
        6,
    ),
    "stopped later": (
        "def main():\n    loop = asyncio.new_event_loop()\n    loop.call_later(1, loop.stop)\n"
        "    loop.run_until_complete(asyncio.sleep(2))\n",
        STOPPED,
        7,
    ),
    "a closed loop": (
        "def main():\n    loop = asyncio.new_event_loop()\n    loop.close()\n    loop.call_soon(print)\n",
        "the event loop was closed already, and a closed one cannot be used again; put what comes after it into the same "
        "coroutine, or make a new loop",
        7,
    ),
    "closed while it runs": (
        "def main():\n    async def closes():\n        asyncio.get_running_loop().close()\n    asyncio.run(closes())\n",
        "the event loop was to be closed while it runs; leave the closing to `asyncio.run`, which does it at the end",
        6,
    ),
    "memory": (
        "def main():\n    return bytes(10 ** 15)\n",
        "more memory was asked for than a program has here; keep less at a time, or find what grows without end",
        5,
    ),
    "a call of itself": ("def main():\n    return main()\n", CALLS_ITSELF, 5),
    "calls of one another": ("def main():\n    return other()\ndef other():\n    x = main()\n", CALLS_ITSELF, 0),
    "a method of itself": (
        "class A:\n    def go(self):\n        return self.go()\ndef main():\n    return A().go()\n",
        CALLS_ITSELF,
        6,
    ),
    "what holds itself": (
        "import json\ndef main():\n    deep = []\n    for _ in range(100_000):\n        deep = [deep]\n    json.dumps(deep)\n",
        HOLDS_ITSELF,
        9,
    ),
    "an attribute of itself": (
        "class A:\n    def __getattr__(self, name):\n        return self.other\ndef main():\n    return A().one\n",
        HOLDS_ITSELF,
        6,
    ),
}


def said(program: str, kind: str = "function") -> Fault:
    exercise = adopted(**{**ALONE, **asking({"kind": "result", "result": 1}, kind=kind)})
    verdict = grade(exercise, ONE + program)
    assert verdict.cases[0].fault is not None, verdict.checks
    return verdict.cases[0].fault


@pytest.mark.parametrize("name", SAID)
def test_what_python_says_of_it_is_said_in_plain_words(name: str) -> None:
    program, detail, line = SAID[name]
    fault = said(program)
    assert fault.detail == detail
    if line:
        assert fault.line == line


def test_a_coroutine_that_stops_the_loop_under_itself_is_told_the_line_of_the_stop() -> None:
    fault = said(
        "async def main():\n    asyncio.get_running_loop().stop()\n    await asyncio.sleep(1)\n", kind="coroutine"
    )
    assert (fault.detail, fault.line, fault.source_line) == (STOPPED, 5, "asyncio.get_running_loop().stop()")


@pytest.mark.parametrize(
    "raised",
    [
        'RuntimeError("Event loop is closed")',
        'RecursionError("no current event loop")',
        'MemoryError("bound to a different event loop")',
    ],
)
def test_what_a_program_raises_itself_keeps_its_own_words(raised: str) -> None:
    fault = said(f"def main():\n    raise {raised}\n")
    assert fault.detail == raised.replace('("', ": ").removesuffix('")')
