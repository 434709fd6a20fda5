"""What a draft provides of earlier files: what a star brings counts as well, and an order that is another is marked."""

from pathlib import Path

import pytest

from grader.authoring.adopted.origins import Use
from grader.authoring.adopted.reference import read_reference
from tests.authoring.test_draft_checks import the_draft
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


@pytest.mark.parametrize(
    ("text", "todo"),
    [
        (BEFORE, ""),
        (AFTER, " # TODO: the reference yields, then waits"),
        (WARM, " # TODO: the text does not tell when it waits; see the reference"),
    ],
    ids=["before", "after", "once"],
)
def test_a_provided_generator_that_waits_at_other_times_is_marked(tmp_path: Path, text: str, todo: str) -> None:
    made = the_draft(tmp_path, part__0_ticks=text, part__1_all=THROUGH)
    assert f"for _ in range(n):{todo}\n" in made
