"""Plain files of one learner in one process: each has the verdict that it has alone, and a process of its own when in doubt."""

import ast
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from grader.checks.imports import Names
from grader.course.cases import cases_of
from grader.course.model import Case, Exercise, Limits
from grader.door.cells import joined
from grader.door.messages import USED
from grader.errors import GraderFault
from grader.grading import grade
from grader.grading.judge import grade_with, source_of
from grader.grading.recorded import recorded_of
from grader.run import child, open_submission
from grader.run.child import Child
from grader.run.levels import ISOLATED, Level, _zygotes, level_of, why_not
from grader.run.limits import complete
from grader.run.plain import plays_along
from grader.run.stage import stage_case
from grader.run.submitted import Submitted
from grader.run.succession import Succession
from grader.verdict import encode
from tests.proof.the_course import EXERCISES, PROGRAMS, reference
from tests.run.test_ahead import CASES, DONE, EXERCISE, Opened, Room, opened  # noqa: F401 -- a fixture
from tests.staging import bytes_of, staged, waiting

LEVEL = next((level for level in ISOLATED if not why_not(level)), "")
pytestmark = pytest.mark.skipif(not LEVEL, reason="no level of isolation can be had here")
SAY, TWO = EXERCISES["say-after"], EXERCISES["two-downloads"]
FEW = complete(Limits(cpu_seconds=0.5, wall_seconds=20, memory_mb=64))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each process that is started."""
    found = list[Any]()
    real = _zygotes.job

    def job(*asked: Any) -> Any:
        found.append(real(*asked))
        return found[-1]

    monkeypatch.setattr(_zygotes, "job", job)
    return found


@pytest.fixture
def succession() -> Iterator[Succession]:
    found = Succession()
    yield found
    found.close()


# ---------------------------------------------------------------- every program of ours

_THE_MACHINES = frozenset({"counter_never_counts.py"})  # in which line such a one is stopped, also alone


def _programs() -> Iterator[tuple[Exercise, Path]]:
    for exercise in EXERCISES.values():
        slug = exercise.slug.replace("-", "_")
        folders = [
            Path(exercise.solutions or ""),
            *(PROGRAMS / kind / slug for kind in ("second", "reasons", "misused")),
        ]
        folders += [PROGRAMS / "hostile", PROGRAMS / "bugs"] if exercise is TWO else []
        for folder in folders:
            for path in sorted(folder.rglob("*.py")):
                if path.name not in _THE_MACHINES and _plays_along(exercise, path.read_bytes()):
                    yield replace(exercise, limits=replace(exercise.limits, turns=1_000)), path  # who spins, spins less


def _plays_along(exercise: Exercise, data: bytes) -> bool:
    try:
        return plays_along(exercise, Names.of(ast.parse(data)).nodes, alone=True)
    except SyntaxError:
        return False


def _one_of_each(exercise: Exercise) -> list[Case]:
    """The first case of each entry: all of them would say the same, and take a minute."""
    cases = cases_of(exercise, exercise.slug, hidden=False)
    return [next(case for case in cases if case.entry == entry) for entry in exercise.file.entries]


def _verdict(exercise: Exercise, path: Path, succession: Succession | None = None) -> bytes:
    data = path.read_bytes()
    opener = partial(
        open_submission, data, filename=path.name, isolation=LEVEL, limits=exercise.limits, succession=succession
    )
    return encode(
        grade_with(
            opener,
            exercise,
            _one_of_each(exercise),
            source_of(Submitted(data), path.name),
            seed=exercise.slug,
            isolation=LEVEL,
            recorded=recorded_of(exercise),
            patient=False,
        )
    )


@pytest.mark.slow
def test_every_plain_program_has_the_verdict_that_it_has_alone_whatever_was_played_before(started: list[Any]) -> None:
    programs = [*_programs()]
    alone = {path: _verdict(exercise, path) for exercise, path in programs}
    assert len(started) >= len(programs) > 300
    for order in (programs, programs[::-1]):
        started.clear()
        succession = Succession()
        found = {path: _verdict(exercise, path, succession) for exercise, path in order}
        succession.close()
        assert {path for path in alone if found[path] != alone[path]} == set()
        assert len(started) < len(programs) / 2


@pytest.mark.parametrize("level", ISOLATED)
def test_hidden_cases_are_played_there_as_well(level: str, started: list[Any], succession: Succession) -> None:
    if why_not(level):
        pytest.skip(f"isolation {level} cannot be had here")
    names = ("say-after", "two-downloads", "request-response")
    graded = partial(grade, learner="ann", isolation=level, hidden=True)
    alone = [encode(graded(EXERCISES[name], reference(EXERCISES[name]))) for name in names]
    started.clear()
    assert [
        encode(graded(EXERCISES[name], reference(EXERCISES[name]), succession=succession)) for name in names
    ] == alone
    assert len(started) == 1


# ---------------------------------------------------------------- what one leaves, and the next looks for

PREAMBLE = "import asyncio, functools, random\nkept = []\n"
LOOKS = """
import asyncio, functools, random

@functools.cache
def once(number):
    return random.random()

async def main(op):
    loop = asyncio.get_running_loop()
    await op(1)
    task = asyncio.create_task(op(2, "done"))
    drawn = once(1), random.random(), random.sample(range(9), 3), loop.time()
    name = task.get_name()
    print(asyncio.get_event_loop().is_running())
    return [*drawn, name, asyncio.current_task().get_name(), await task, asyncio.iscoroutine(name)]
"""
LEAVES = {
    "numbers drawn from a seed": """
async def main(op):
    random.seed(1)
    random.shuffle([1, 2])
    return await op(1)
""",
    "what was remembered": """
@functools.cache
def once(number):
    return 5
async def main(op):
    return once(1), await op(1)
""",
    "tasks that are over": """
async def main(op):
    return await asyncio.gather(*[asyncio.create_task(op(1)) for _ in range(9)])
""",
    "a task that is still at work": """
async def main(op):
    kept.append(asyncio.create_task(op(9)))
    return await op(1)
""",
    "a task that does not end": """
async def stays(op):
    for _ in range(3):
        try:
            await op(9)
        except asyncio.CancelledError:
            pass
async def main(op):
    kept.append(asyncio.create_task(stays(op)))
    return await op(1)
""",
    "a generator that is open": """
async def items(op):
    yield 1
    await op(1)
async def main(op):
    async for item in items(op):
        break
    return await op(1)
""",
    "a coroutine that nobody awaits": """
async def main(op):
    op(3)
    return await op(1)
""",
    "a loop that is not closed": """
loop = asyncio.new_event_loop()
async def main(op):
    return await op(1)
""",
    "a callback that is to come": """
async def main(op):
    asyncio.get_running_loop().call_later(99, print, "late")
    return await op(1)
""",
    "text without an end of line": """
async def main(op):
    print("begun", end="")
    return await op(1)
""",
    "a crash": """
async def main(op):
    return [await op(1)][1]
""",
    "a name that is not there": """
async def main(op):
    return nowhere
""",
    "a wait without end": """
async def main(op):
    await asyncio.Event().wait()
""",
    "a call too deep": """
async def main(op):
    return await main(op)
""",
    "a lock that is held": """
lock = asyncio.Lock()
async def main(op):
    await lock.acquire()
    return await op(1)
""",
}


def _run(text: str, succession: Succession | None, limits: Limits = FEW, filename: str = "program.py") -> bytes:
    one = Child(text.encode(), filename, limits, level_of(LEVEL), (), succession)
    try:
        record = one.run(staged(lambda world: [waiting(world)], records=("op",), limits=limits))
        one.leave()
    finally:
        one.close()
    return bytes_of(record)


@pytest.fixture(scope="module")
def alone() -> bytes:
    return _run(LOOKS, None)


@pytest.mark.parametrize("left", LEAVES)
def test_the_next_file_finds_nothing_of_what_one_leaves(left: str, succession: Succession, alone: bytes) -> None:
    text = PREAMBLE + LEAVES[left]
    assert plays_along(SAY, Names.of(ast.parse(text)).nodes, alone=True)
    _run(text, succession)
    assert _run(LOOKS, succession) == alone


KEEPS = {  # one that keeps what it was given, and one that finds it
    "in a module": ("import asyncio\nasyncio.kept = {}", "import asyncio\nfound = asyncio.kept"),
    "in a class": ("import asyncio\nasyncio.Queue.kept = {}", "import asyncio\nfound = asyncio.Queue.kept"),
    "in a default": ("import asyncio\nasyncio.run.kept = {}", "import asyncio\nfound = asyncio.run.kept"),
    "in the environment": ("import os\nos.environ['KEPT'] = {}", "import os\nfound = os.environ['KEPT']"),
    "in a cache": (
        "from typing import List\nList[list[float({}) * 0 == 0]]",
        "from typing import List\nfound = List[list[1]]",
    ),
}


@pytest.mark.parametrize("where", KEEPS)
def test_it_is_being_plain_that_keeps_one_from_the_next(where: str, succession: Succession) -> None:
    """A control: files that are not plain, played so all the same, reach each other."""
    keeps, finds = KEEPS[where]
    for text in (keeps.format("'1'"), finds):
        assert not plays_along(SAY, Names.of(ast.parse(text)).nodes, alone=True)
    end = "\nasync def main(op):\n    return await op(1, {})\n"
    alone = _run(finds + end.format("str(found)"), None)
    _run(keeps.format("'1'") + end.format("'kept'"), succession)
    assert _run(finds + end.format("str(found)"), succession) != alone


def test_a_file_of_the_same_name_is_another_file(succession: Succession, started: list[Any]) -> None:
    one, other = (f"async def main(op):\n    return await op(1, {what})\n" for what in ("'one'", "'other'"))
    assert _run(one, succession) != _run(other, succession)
    assert _run(other, succession, filename="b.py") == _run(other, None, filename="b.py")
    assert len(started) == 2


# ---------------------------------------------------------------- when in doubt, a process of its own

GOOD = "async def main(op):\n    return await op(1, 'done')\n"
DOUBTFUL = {
    "left a task": LEAVES["a task that is still at work"],
    "left a generator": LEAVES["a generator that is open"],
    "waited without end": LEAVES["a wait without end"],
    "went too deep": LEAVES["a call too deep"],
    "said where it lies": "async def main(op):\n    print(main)\n    return await op(1)",
    "ended with no room": "async def main(op):\n    return [1] * 10**9",
    "asked for a socket": "async def main(op):\n    asyncio.run(op(1))",
}


@pytest.mark.parametrize("doubt", DOUBTFUL)
def test_nobody_comes_after_one_that_did_not_end_by_itself_or_left_something(
    doubt: str, succession: Succession, started: list[Any]
) -> None:
    _run(PREAMBLE + DOUBTFUL[doubt], succession)
    assert _run(GOOD, succession) == _run(GOOD, None)
    assert len(started) == 3


@pytest.mark.parametrize("doubt", ["waited without end", "ended with no room"])
def test_such_a_run_is_played_again_in_a_process_of_its_own(doubt: str, started: list[Any]) -> None:
    body = DOUBTFUL[doubt].strip().partition("\n")[2]
    text = f"import asyncio\nasync def fetch_both(get, url1, url2):\n{body}\n".encode()
    graded = partial(grade, TWO, isolation=LEVEL, patient=False)
    alone, count = graded(text), len(started)
    succession = Succession()
    graded(reference(TWO), succession=succession)
    assert succession._left is not None
    started.clear()
    assert encode(graded(text, succession=succession)) == encode(alone)
    assert succession._left is None
    assert len(started) == count


def test_one_that_needed_much_memory_leaves_no_less_of_it(succession: Succession, started: list[Any]) -> None:
    much = "async def main(op):\n    text = 'x' * 30_000_000\n    return await op(1, len(text))\n"
    _run(much, succession)
    assert _run(GOOD, succession) == _run(GOOD, None)
    assert len(started) == 3


def test_a_process_that_has_died_meanwhile_is_nobodys_end(succession: Succession, started: list[Any]) -> None:
    first, count = partial(grade, TWO, reference(TWO), isolation=LEVEL), 0
    alone = encode(first(succession=succession))
    signal.pidfd_send_signal(started[-1]._process, signal.SIGKILL)
    count = len(started)
    assert encode(first(succession=succession)) == alone
    assert len(started) == count + 1


@pytest.mark.parametrize("more", [{"memory_mb": 65}, {"open_files": 33}, {"threads": 51}])
def test_other_bounds_are_another_process(more: dict[str, int], succession: Succession, started: list[Any]) -> None:
    _run(GOOD, succession)
    _run(GOOD, succession, replace(FEW, **more))
    assert len(started) == 2
    _run(GOOD, succession, replace(FEW, **more, cpu_seconds=0.6, output_kb=1))
    assert len(started) == 2


@pytest.mark.parametrize("other", ["import sys\n{}", joined([(1, ["{}"])])], ids=["not plain", "a notebook"])
def test_before_any_other_file_is_played_nothing_lies_there(
    other: str, succession: Succession, started: list[Any]
) -> None:
    grade(TWO, reference(TWO), isolation=LEVEL, succession=succession)
    [process] = started
    text = "async def fetch_both(get, url1, url2): return await get(url1), await get(url2)"
    grade(TWO, other.format(text), isolation=LEVEL, succession=succession)
    assert process._process < 0
    assert succession._left is None
    assert len(started) == 2


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("where", ["while it is played", "in the world"])
def test_where_the_grader_itself_failed_nobody_comes_after(
    where: str, succession: Succession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("ours")

    def stage(*asked: Any, **named: Any) -> Any:
        found = stage_case(*asked, **named)
        found.referee.fault = GraderFault("ours")
        return found

    monkeypatch.setattr(child, *(("_answered", fails) if where == "while it is played" else ("stage_case", stage)))
    one = Child(b"", "p.py", complete(Limits()), Level("A", Room([DONE]).process), (), succession)
    with pytest.raises((ZeroDivisionError, GraderFault), match="ours"):
        one.play(EXERCISE, CASES[0])
    one.leave()
    assert succession._left is None


@pytest.mark.usefixtures("opened")
def test_without_isolation_each_file_has_its_own(succession: Succession) -> None:
    grade(TWO, reference(TWO), isolation="in-process", succession=succession)
    one = Child(b"", "p.py", complete(Limits()), Level("none", Room([DONE]).process), (), succession)
    one.play(EXERCISE, CASES[0])
    one.leave()
    assert succession._left is None


def test_whoever_has_too_little_time_left_is_replaced_and_the_fresh_one_hears_of_all_cases(
    opened: Opened,  # noqa: F811
) -> None:
    room = Room([DONE], [DONE, DONE, DONE], code=USED)
    succession = Succession()
    first = Child(b"1", "p.py", complete(Limits()), Level("A", room.process), (), succession)
    first.play(EXERCISE, CASES[0])
    first.leave()
    second = Child(b"2", "p.py", complete(Limits()), Level("A", room.process), (), succession)
    kinds = [
        second.play(EXERCISE, case, then=CASES[at + 1 : 3]).record.outcome.kind for at, case in enumerate(CASES[:3])
    ]
    assert kinds == ["result"] * 3
    second.close()
    assert [[len(starts) for starts in job.told] for job in room.jobs] == [[1, 3], [1, 2]]
