"""What a draft provides of earlier files: what a star brings counts as well, and a generator waits when the reference does."""

from pathlib import Path

import pytest

from grader.authoring.adopted.origins import Use
from grader.authoring.adopted.reference import read_reference
from grader.course.model import Course
from tests.authoring.test_draft import drafted, loaded
from tests.authoring.test_draft_checks import failed, the_draft
from tests.authoring.test_reference import put

BASE = """from asyncio import *
from random import *
async def roll(sides=6):
    n = randint(1, sides)
    await sleep(n)
    return n
"""
GAME = """from base import *
{}async def game(players, sides=6):
    return await gather(*[roll(sides) for _ in range(players)])
"""
OWN = "async def roll(sides):\n    return sides\n"
BEFORE = """import asyncio, random
async def ticks(n, pause=1):
    for _ in range(n):
        await asyncio.sleep(pause)
        yield random.random()
"""
AFTER = """import asyncio, random
async def ticks(n, pause=1):
    for _ in range(n):
        yield random.random()
        await asyncio.sleep(pause)
"""
WARM = """import asyncio, random
async def ticks(n, pause=1):
    await asyncio.sleep(pause)
    for _ in range(n):
        yield random.random()
"""
FETCH = """import asyncio
async def fetch(delay):
    await asyncio.sleep(delay)
    return delay
def work(x): return x
"""
USE = """import asyncio, sys, time
{}
async def many(n: int, delay: int):
    return await asyncio.gather(*[fetch(delay) for _ in range(n)])
async def mapped(n: int, delay: int):
    return await asyncio.gather(*map(fetch, [delay] * n))
async def steps(n: int, pause: float):
    for _ in range(n):
        await asyncio.sleep(pause)
async def took(delay: int):
    begin = time.time()
    await fetch(delay)
    return round(time.time() - begin, 2)
async def by_name(delay: int):
    return await getattr(sys.modules["base"], "fetch")(delay)
"""
POOL = """import asyncio, random
{}
async def pool(jobs: list[float], workers: int):
    queue = asyncio.Queue()
    for job in jobs:
        queue.put_nowait(job)
    async def worker():
        while not queue.empty():
            await asyncio.sleep(queue.get_nowait())
    await asyncio.gather(*[worker() for _ in range(workers)])
"""
THROUGH = 'ticks = __import__("0-ticks").ticks\nasync def all_of(n): return [x async for x in ticks(n)]\n'


@pytest.mark.parametrize("between", ["base", "more"])
def test_what_a_star_brings_is_used_and_is_work(tmp_path: Path, between: str) -> None:
    files = {"part__base": BASE, "part__more": "from base import *\nasync def other(): await roll()\n"}
    made = the_draft(tmp_path, **files, part__zgame=GAME.format("").replace("base", between))
    assert '{id: work, gate: true, calls: "roll", at_least: 1' in made
    assert 'parallel: "roll[*]"' in made  # asyncio's `gather` came the same way
    assert "work: false" not in made


@pytest.mark.parametrize("own", [OWN, "roll = print\n"])
def test_what_a_file_has_itself_is_not_what_a_star_brings(tmp_path: Path, own: str) -> None:
    files = read_reference(put(tmp_path, part__base=BASE, part__game=GAME.format(own))).files
    uses = {one.name: one.uses for one in files[1].functions}
    assert Use("base", "roll") not in uses["game"]


LIST = """import asyncio, random
async def ticks(n, pause=1):
    '''In rounds.'''
    for at in range(n):
        yield at
        delay = random.uniform(1, 3)
        await asyncio.sleep(delay)
        await asyncio.sleep(1)
"""
FOREVER = """import asyncio
async def ticks(n, pause: float = 1):
    while n:
        await asyncio.sleep(pause)
        yield n
        n = n - 1
"""
COUNTING = """import asyncio, random
def _some(): return random.random() + 1
async def ticks(n, pause=1):
    for _ in range(n):
        yield _some()
        await asyncio.sleep(pause)
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BEFORE, ["for _ in range(n):", "    yield await ticks_awaited(pause)"]),
        (AFTER, ["for _ in range(n):", "    yield ticks_given()", "    await ticks_awaited(pause)"]),
        (WARM, ["await ticks_awaited(pause)", "for _ in range(n):", "    yield ticks_given()"]),
        (
            LIST,
            [
                '"""In rounds."""',
                "for at in range(n):",
                "    yield at",
                "    await ticks_awaited()",
                "    await ticks_awaited()",
            ],
        ),
        (FOREVER, ["while n:", "    await ticks_awaited(pause)", "    yield n", "    n = n - 1"]),
    ],
    ids=["before", "after", "once", "without-draws", "forever"],
)
def test_a_provided_generator_waits_when_the_reference_does(tmp_path: Path, text: str, code: list[str]) -> None:
    made = the_draft(tmp_path, part__0_ticks=text, part__1_all=THROUGH)
    head = "async def ticks(n, pause=1):"
    assert (
        "\n".join(["      code: |", *(f"        {line}" for line in (head, *(f"    {one}" for one in code)))]) in made
    )
    gives = "ticks_given" in str(code)
    assert f"operations: [ticks_awaited{', ticks_given' if gives else ''}]" in made
    if gives:
        given = '    ticks_given:\n      params: []\n      plain: true\n      result: "=values[number % 20]"\n'
        assert f'      duration: "=pause"\n{given}' in made


def test_a_reference_that_goes_through_such_a_generator_meets_what_is_asked(tmp_path: Path) -> None:
    program = THROUGH.replace("(n)]", "(n, 2)]")
    folder = put(tmp_path / "in", part__0_ticks=AFTER, part__1_all=program)
    made = loaded(drafted(folder), tmp_path / "out").exercises[-1]
    assert {check for check, _ in failed(made, program)} <= {"result"}
    assert "handed-on" in {check for check, _ in failed(made, program.replace("2", "3"))}


def test_what_cannot_be_provided_so_is_told_with_what_to_write(tmp_path: Path) -> None:
    made = the_draft(tmp_path, part__0_ticks=COUNTING, part__1_all=THROUGH)
    order = "the reference yields, then waits; write here what stands there (0-ticks.py, line 3)"
    assert f"for _ in range(n): # TODO: {order}, with `await ticks_awaited(pause)` where it sleeps\n" in made


def said(course: Course, slug: str) -> list[tuple[str, str]]:
    (exercise,) = [one for one in course.exercises if one.slug == slug]
    return [(name, repr(check)) for name, entry in exercise.file.entries.items() for check in entry.checks]


@pytest.mark.parametrize("text", [USE, POOL], ids=["use", "pool"])
@pytest.mark.parametrize("stars", ["from base import *", "from base import fetch\nfrom math import *"])
def test_a_star_takes_nothing_from_what_is_drafted(tmp_path: Path, stars: str, text: str) -> None:
    found = [
        said(
            loaded(drafted(put(tmp_path / at, part__base=FETCH, part__use=text.format(head))), tmp_path / f"c{at}"),
            "use",
        )
        for at, head in (("a", "from base import fetch"), ("b", stars))
    ]
    assert found[0] == found[1]
    assert {"calls", "extra", "together", "time"} <= set(by_id(found[0])) or {"limit"} <= set(by_id(found[0]))


def by_id(checks: list[tuple[str, str]]) -> list[str]:
    return [text.partition("id='")[2].partition("'")[0] for _, text in checks]


def test_a_function_that_a_star_brings_in_place_of_a_builtin_is_not_the_builtin(tmp_path: Path) -> None:
    text = USE.format("from base import *").partition("async def mapped")[0]
    made = the_draft(tmp_path, part__base=FETCH + "def range(n): return [n]\n", part__use=text)
    assert "id: extra" not in made
