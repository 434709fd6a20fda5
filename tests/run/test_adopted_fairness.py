"""Right files in the dress that real ones have stay right, whatever they import by, collect with or leave behind."""

import pytest

from grader.grading import grade
from tests.adopted import SLEEP, adopted, asking
from tests.staging import PLACES

WAIT = 'wait_a_while = __import__("0-wait_a_while").wait_a_while\n'
IMPORTS = {
    "in one line": WAIT,
    "by getattr": 'wait_a_while = getattr(__import__("0-wait_a_while"), "wait_a_while")\n',
    "with all arguments": 'wait_a_while = __import__("0-wait_a_while", globals(), locals(), ["x"], 0).wait_a_while\n',
    "all names": 'globals().update(vars(__import__("0-wait_a_while")))\n',
    "registered": (
        "import importlib.util, sys\nspec = importlib.util.spec_from_file_location('base', './0-wait_a_while.py')\n"
        "base = importlib.util.module_from_spec(spec)\nsys.modules['base'] = base\nspec.loader.exec_module(base)\n"
        "from base import wait_a_while\n"
    ),
    "by a loader": (
        "from importlib.machinery import SourceFileLoader\n"
        "wait_a_while = SourceFileLoader('base', '0-wait_a_while.py').load_module().wait_a_while\n"
    ),
    "path first": (
        "import os, sys\nsys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))\n"
        "os.chdir(os.path.dirname(__file__))\n" + WAIT
    ),
    "caches gone": "import importlib, sys\nsys.path_importer_cache.clear()\nimportlib.invalidate_caches()\n" + WAIT,
    "reloaded": (
        "import importlib\nbase = importlib.reload(importlib.import_module('0-wait_a_while'))\n"
        "wait_a_while = base.wait_a_while\n"
    ),
    "executed": "exec(open('0-wait_a_while.py').read())\n",
    "at the call": "async def wait_a_while(*args):\n    return await __import__('0-wait_a_while').wait_a_while(*args)\n",
    "names of the other": WAIT + "asyncio = __import__('0-wait_a_while').asyncio\n",
    "logging and printing": "import logging\nlogging.basicConfig(level=logging.DEBUG)\nprint('loaded')\n" + WAIT,
    "guarded": WAIT + "if __name__ == '__main__':\n    print(asyncio.run(fetch_all(3)))\n",
    "typed": ("import typing as t\n" + WAIT + "Wait: t.Callable[..., t.Awaitable[int]] = wait_a_while\n"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", IMPORTS)
def test_however_the_earlier_file_is_imported(way: str, place: str) -> None:
    body = "\nasync def fetch_all(n):\n    return sorted(await asyncio.gather(*[wait_a_while() for _ in range(n)]))\n"
    head = IMPORTS[way]
    program = f"from __future__ import annotations\nimport asyncio\n{head}{body}"
    verdict = grade(adopted(), program, isolation=place)
    assert (verdict.points, verdict.cases[0].fault) == (10, None)


COLLECTS = {
    "done-callbacks": """
    values, over = [], asyncio.Event()
    def done(task):
        values.append(task.result())
        if len(values) == n:
            over.set()
    for _ in range(n):
        asyncio.ensure_future(wait_a_while()).add_done_callback(done)
    await over.wait()
    return values[::-1]
""",
    "tasks by their class": """
    tasks = [asyncio.Task(wait_a_while()) for _ in range(n)]
    return sorted([await task for task in tasks])
""",
    "tasks of the loop": """
    loop = asyncio.get_event_loop()
    tasks = [loop.create_task(wait_a_while(), name=str(i)) for i in range(n)]
    done, _ = await asyncio.wait(tasks)
    return sorted(task.result() for task in done)
""",
    "first completed": """
    pending, values = {asyncio.create_task(wait_a_while()) for _ in range(n)}, []
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        values = [task.result() for task in done] + values
    return values
""",
    "a heap": """
    import heapq
    heap = []
    async def put():
        heapq.heappush(heap, await wait_a_while())
    await asyncio.gather(*(put() for _ in range(n)))
    return [heapq.heappop(heap) for _ in range(n)]
""",
    "bisect": """
    from bisect import insort
    values = []
    async with asyncio.TaskGroup() as group:
        for task in [group.create_task(wait_a_while(max_delay=10)) for _ in range(n)]:
            task.add_done_callback(lambda task: insort(values, task.result()))
    return values
""",
    "a queue": """
    queue = asyncio.Queue()
    async def put():
        await queue.put(await wait_a_while())
    tasks = [asyncio.create_task(put()) for _ in range(n)]
    values = [await queue.get() for _ in tasks]
    return list(reversed(values))
""",
    "insertion by hand": """
    values = []
    for one in asyncio.as_completed([wait_a_while() for _ in range(n)]):
        value, at = await one, 0
        while at < len(values) and values[at] < value:
            at += 1
        values.insert(at, value)
    return values
""",
    "shielded and limited": """
    async def one():
        return await asyncio.wait_for(asyncio.shield(wait_a_while()), timeout=60)
    return sorted(await asyncio.gather(*map(lambda _: one(), range(n))))
""",
    "recursive": """
    async def all_of(k):
        if not k:
            return []
        rest, value = await asyncio.gather(all_of(k - 1), wait_a_while())
        return sorted([*rest, value])
    return await all_of(n)
""",
    "an inner class": """
    class Waiter:
        def __await__(self):
            return wait_a_while().__await__()
    async def one(waiter):
        return await waiter
    return sorted(await asyncio.gather(*[one(Waiter()) for _ in range(n)]))
""",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", COLLECTS)
def test_however_the_values_are_collected(way: str, place: str) -> None:
    verdict = grade(adopted(), f"import asyncio\n{WAIT}\nasync def fetch_all(n):{COLLECTS[way]}", isolation=place)
    assert (verdict.points, verdict.cases[0].fault) == (10, None)


GENERATORS = {
    "plain": "async def main():\n    for _ in range(3):\n        await asyncio.sleep(1)\n        yield random.uniform(0, 10)\n",
    "with a finally": (
        "async def main():\n    try:\n        for _ in range(3):\n            yield await asyncio.sleep(1, random.random())\n"
        "    finally:\n        await asyncio.sleep(0)\n"
    ),
    "another within": (
        "async def ticks():\n    while True:\n        await asyncio.sleep(1)\n        yield\n"
        "async def main():\n    count = 0\n    async for _ in ticks():\n        yield random.random()\n        count += 1\n"
        "        if count == 3:\n            return\n"
    ),
    "decorated": (
        "import functools\ndef same(f):\n    @functools.wraps(f)\n    def inner(*args):\n        return f(*args)\n"
        "    return inner\n@same\n"
        "async def main():\n    for _ in range(3):\n        await asyncio.sleep(1)\n        yield random.random()\n"
    ),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", GENERATORS)
def test_however_a_generator_is_written(way: str, place: str) -> None:
    check = {
        "kind": "holds",
        "holds": "=yields == [1, 2, 3] and at_once['sleep'] == 1 and all([0 <= x <= 10 for x in result])",
    }
    world = {"operations": {"sleep": SLEEP}, "replaces": ["asyncio.sleep"]}
    exercise = adopted(needs=[], world=world, **asking(check, kind="async_generator"))
    verdict = grade(exercise, f"import asyncio, random\n{GENERATORS[way]}", isolation=place)
    assert (verdict.points, verdict.checks[0].rationale) == (10, "")


MEASURES = {
    "gather in run": (
        "import time\ndef main(n):\n    async def every():\n        await asyncio.gather(*[wait_a_while() for _ in range(n)])\n"
        "    start = time.time()\n    asyncio.run(every())\n    return time.time() - start\n"
    ),
    "two loops": (
        "from timeit import default_timer as now\ndef main(n):\n    start = now()\n    loop = asyncio.new_event_loop()\n"
        "    asyncio.set_event_loop(loop)\n    tasks = [loop.create_task(wait_a_while()) for _ in range(n)]\n"
        "    loop.run_until_complete(asyncio.gather(*tasks))\n    loop.close()\n    return now() - start\n"
    ),
    "the runner": (
        "import time\ndef main(n):\n    with asyncio.Runner() as runner:\n        start = time.perf_counter_ns()\n"
        "        async def every():\n            async with asyncio.TaskGroup() as g:\n                for _ in range(n):\n"
        "                    g.create_task(wait_a_while())\n        runner.run(every())\n"
        "        return (time.perf_counter_ns() - start) / 1e9\n"
    ),
    "dates": (
        "from datetime import datetime\ndef main(n):\n    start = datetime.now()\n    async def every():\n"
        "        for one in [asyncio.create_task(wait_a_while()) for _ in range(n)]:\n            await one\n"
        "    asyncio.run(every())\n    return (datetime.now() - start).total_seconds()\n"
    ),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", MEASURES)
def test_however_a_runtime_is_measured(way: str, place: str) -> None:
    check = {"kind": "holds", "holds": "=abs(result - elapsed) < 0.00001 and elapsed == 3"}
    exercise = adopted(**asking(check, args=(3,), kind="function"))
    verdict = grade(exercise, f"import asyncio\n{WAIT}{MEASURES[way]}", isolation=place)
    assert (verdict.points, verdict.checks[0].rationale) == (10, "")
