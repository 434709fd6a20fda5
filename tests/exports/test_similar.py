"""Who looks alike and who does not: copies under other names are found; the stub's code and everybody's is nobody's."""

import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exports.similar import Alike, Pair, T, alike, compare, pairs

ROOT = Path(__file__).parents[2]

STUB = '''\
"""Total the readings of several sensors."""

import asyncio


async def total(sensors, limit, unit):
    """Read all sensors at the same time; return the sum of those below the limit, in the unit."""
    raise NotImplementedError
'''
ANN = STUB.replace(
    "    raise NotImplementedError\n",
    """\
    tasks = [asyncio.create_task(sensor.read()) for sensor in sensors]
    readings = {}
    for sensor, task in zip(sensors, tasks):
        try:
            readings[sensor.name] = await asyncio.wait_for(task, timeout=3)
        except TimeoutError:
            readings[sensor.name] = None
    return sum(unit.of(value) for value in readings.values() if value is not None and value < limit)
""",
)
CARL = STUB.replace(
    "    raise NotImplementedError\n",
    """\
    found = 0
    async with asyncio.TaskGroup() as group:
        jobs = list(map(lambda one: group.create_task(one.read()), sensors))
    while jobs:
        last = jobs.pop()
        found += unit.of(last.result()) if last.result() < limit else 0
    return found
""",
)


def renamed(text: str) -> str:
    """The same program by somebody who wants it to look another's."""
    names = {"tasks": "all_the_jobs", "readings": "d", "sensor": "x", "task": "job", "value": "number"}
    head, body = text.split("async def", 1)
    for name, other in names.items():
        body = re.sub(rf"\b{name}\b", other, body)
    body = body.replace("\n    d = {}\n", "\n    # here I collect them\n    d = {}\n\n")
    return f"{head.replace('Total', 'My own total of')}async def{body}"


def found(**programs: str) -> tuple[Alike, ...]:
    return alike("total", programs, STUB)


def test_a_copy_under_other_names_and_comments_is_found() -> None:
    (one,) = found(ann=ANN, bob=renamed(ANN), carl=CARL)
    assert (one.first, one.second) == ("ann", "bob")
    assert (one.of_first, one.of_second) == (1.0, 1.0)
    assert one.characters == 168


def test_two_who_did_it_in_ways_of_their_own_are_not_alike() -> None:
    assert found(ann=ANN, carl=CARL) == ()


def test_what_the_stub_gives_makes_nobody_alike() -> None:
    programs = {"ann": ANN, "bob": renamed(ANN)}
    assert alike("total", programs, ANN) == ()
    assert len(alike("total", programs, STUB)) == 1


def test_a_part_of_somebodys_program_is_found_from_the_side_of_the_part() -> None:
    longer = ANN + "\n\n" + CARL.split("import asyncio\n")[1].replace("total", "another_total")
    (one,) = found(ann=ANN, zoe=longer)
    assert one.of_first == 1.0
    assert one.of_second < 0.7


def test_what_more_than_so_many_wrote_is_nobodys_own() -> None:
    programs = {f"learner{number}": ANN for number in range(4)}
    assert len(alike("total", programs, STUB, common=4)) == 6
    assert alike("total", programs, STUB, common=3) == ()


def test_how_much_has_to_be_alike_can_be_said() -> None:
    half = "\n".join(ANN.splitlines()[:12]) + "\n    return 0\n"
    programs = {
        "ann": ANN,
        "bob": half + "    x = [sensors[0], {limit: unit}, (1, 2, 3), not limit, 4 % 3, 5 // 2, 7 ** 8]\n",
    }
    assert alike("total", programs, STUB, least=1.0) == ()
    assert len(alike("total", programs, STUB, least=0.3)) == 1


@pytest.mark.parametrize("text", ["", "x", "# nothing", "def (", "\x00\ufffd" * 40, "\n" * 200])
def test_whatever_was_handed_in_can_be_compared(text: str) -> None:
    assert found(ann=ANN, odd=text) == ()


def test_a_passage_that_a_program_repeats_is_compared_too() -> None:
    twice = ANN + "\n\n" + ANN.split("import asyncio\n")[1]
    (one,) = found(ann=twice, bob=renamed(twice))
    assert (one.of_first, one.of_second) == (1.0, 1.0)


@pytest.mark.slow
def test_each_process_finds_the_same() -> None:
    code = "from tests.exports.test_similar import *; print(found(ann=ANN, bob=renamed(ANN), carl=CARL))"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PATH": "", "HOME": "/tmp"},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_without_copydetect_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "copydetect", None)
    with pytest.raises(
        UsageError, match=r"needs copydetect.*; install it with pip install 'asyncio-grader\[similar\]'"
    ):
        found(ann=ANN)


def test_those_who_are_alike_in_most_stand_first() -> None:
    one = Alike("a", "ann", "bob", 1.0, 1.0, 500)
    two = [Alike(slug, "cem", "dan", 1.0, 0.9, 100) for slug in ("a", "b")]
    handed = {"ann": {"a", "b"}, "bob": {"a"}, "cem": {"a", "b", "c"}, "dan": {"a", "b"}}
    assert pairs([one, *two], handed) == (Pair("cem", "dan", tuple(two), 2), Pair("ann", "bob", (one,), 1))


def test_all_that_takes_time_is_watched() -> None:
    seen: list[tuple[str, int]] = []

    def watched(items: Sequence[T], what: str) -> Iterable[T]:
        seen.append((what, len(items)))
        return items

    compare("total", {"ann": [ANN, CARL], "bob": ANN, "carl": CARL}, STUB, watched=watched)
    assert seen[0] == ("total: reading", 4)
    assert [what for what, _ in seen[1:]] == ["total: comparing"]
    assert seen[1][1] >= 2
