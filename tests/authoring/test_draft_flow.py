"""What a draft asks of how many things are on their way at once: as many as the reference file's own functions start, and no
more than its semaphore or its workers let through."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.authoring.adopted.draft import draft_course
from grader.authoring.adopted.reference import read_reference
from grader.course.check_model import CallsCheck, ConcurrencyCheck, ResultCheck
from grader.course.load import load_course
from grader.course.model import Exercise
from grader.grading import grade
from tests.authoring.test_draft import loaded
from tests.authoring.test_draft_checks import the_draft
from tests.authoring.test_reference import put

HEAD = "import asyncio, random\n\n"
FETCH = """async def _fetch(url):
    await asyncio.sleep(random.uniform(0.5, 2))
    return url
"""
LIMITED = """LIMIT = 4
async def all_of(urls: list[str], most: int = LIMIT):
    room = asyncio.Semaphore(most)
    async def one(url):
        async with room:
            return await _fetch(url)
    return await asyncio.gather(*(one(url) for url in urls))
"""
WORKERS = """async def all_of(urls: list[str], most: int):
    queue = asyncio.Queue()
    async def work():
        while not queue.empty():
            await _fetch(queue.get_nowait())
    for url in urls:
        queue.put_nowait(url)
    await asyncio.gather(*[work() for _ in range(most)])
"""
TAKING_TURNS = """async def all_of(urls: list[str]):
    rest = iter(urls)
    async def work():
        while url := next(rest, ""):
            await _fetch(url)
    await asyncio.gather(*[work() for _ in range(3)])
"""
IN_ORDER = WORKERS.replace("for url in urls:", "for _, url in enumerate(urls):")
NOBODY_COUNTS = WORKERS.replace("for url in urls:", "for url in urls + ['x']:")
OF_A_CLASS = """class Fetcher:
    def __init__(self):
        self.room = asyncio.BoundedSemaphore(2)
    async def fetch(self, url):
        async with self.room:
            return await _fetch(url)
async def all_of(n: int):
    fetcher = Fetcher()
    tasks = [asyncio.create_task(fetcher.fetch(at)) for at in range(n)]
    return [await task for task in tasks]
"""
AT_THE_TOP = """ROOM = asyncio.Semaphore(3)
async def one(url):
    async with ROOM:
        return await _fetch(url)
async def all_of(urls: list[str]):
    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(one(url))
"""
TOGETHER = "async def all_of(urls: list[str]):\n    return await asyncio.gather(*map(_fetch, urls))\n"
SLEEPS = "async def all_of(waits: list[float]):\n    await asyncio.gather(*[asyncio.sleep(one) for one in waits])\n"
TWICE = """async def all_of(urls: list[str]):
    async def one(url):
        await _fetch(url)
        await _fetch(url)
    await asyncio.gather(*(one(url) for url in urls))
"""
ONE_BY_ONE = "async def all_of(urls: list[str]):\n    return [await _fetch(url) for url in urls]\n"
NOT_GUARDED = LIMITED.replace("            return await", "            pass\n        return await")
HELD_OUTSIDE = """async def all_of(urls: list[str]):
    async with asyncio.Semaphore(2):
        return await asyncio.gather(*map(_fetch, urls))
"""
NOBODY_KNOWS = LIMITED.replace("Semaphore(most)", "Semaphore(len(urls) // 2)")
DRAWS_ZERO = (
    TOGETHER.replace("_fetch", "_zero") + "async def _zero(url):\n    await asyncio.sleep(random.randint(0, 2))\n"
)
LOCKED = AT_THE_TOP.replace("Semaphore(3)", "Lock()")
IN_TURNS = """async def all_of(urls: list[str]):
    events = {url: asyncio.Event() for url in urls}
    async def one(url, after):
        if after:
            await events[after].wait()
        await _fetch(url)
        events[url].set()
    await asyncio.gather(*(one(url, after) for url, after in zip(urls, [None, *urls])))
"""


@pytest.fixture
def drafted(tmp_path: Path) -> Callable[..., Exercise]:
    def of(text: str, **files: str) -> Exercise:
        draft = draft_course(read_reference(put(tmp_path / "in", **files, part__9_all=text)), "course")
        return next(one for one in loaded(draft, tmp_path / "out").exercises if one.module == "9-all")

    return of


def asked(exercise: Exercise) -> list[tuple[str, object, object]]:
    """Of how many at once: each check's name, its least and its most."""
    checks = exercise.file.entries["all_of"].checks
    return [(one.id, one.min, one.max) for one in checks if isinstance(one, ConcurrencyCheck) and one.id != "default"]


def missed(exercise: Exercise, text: str) -> set[str]:
    """Without what is asked of what is returned, which is left to fill in."""
    verdict = grade(exercise, text, seed="one")
    assert verdict.status != "error", verdict.error
    assert {case.outcome for case in verdict.cases} == {"result"}
    todo = {one.id for one in exercise.file.entries["all_of"].checks if isinstance(one, ResultCheck)}
    return {check.id for check in verdict.checks if check.status == "failed"} - todo


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LIMITED, [("limit", "=min(most, len(urls))", "=most")]),
        (WORKERS, [("limit", "=min(most, len(urls))", "=most")]),
        (TAKING_TURNS, [("limit", "=min(3, len(urls))", "=3")]),
        (IN_ORDER, [("limit", "=min(most, len(urls))", "=most")]),
        (NOBODY_COUNTS, [("limit", "=min(most, 2)", "=most")]),
        (OF_A_CLASS, [("limit", "=min(2, n)", "=2")]),
        (AT_THE_TOP, [("limit", "=min(3, len(urls))", "=3")]),
        (TOGETHER, [("together", "=len(urls)", None)]),
        (SLEEPS, [("together", "=len(waits)", None)]),
        (TWICE, [("together", "=2", None)]),
        (LOCKED, [("limit", "=min(1, len(urls))", "=1")]),
        (NOT_GUARDED, []),
        (HELD_OUTSIDE, [("together", "=len(urls)", None)]),
        (NOBODY_KNOWS, []),
        (DRAWS_ZERO, []),
        (IN_TURNS, []),
        (ONE_BY_ONE, []),
    ],
)
def test_how_many_at_once_is_read_and_met_by_the_reference(
    drafted: Callable[..., Exercise], text: str, expected: list[tuple[str, object, object]]
) -> None:
    exercise = drafted(f"{HEAD}{FETCH}{text}")
    assert asked(exercise) == expected
    assert missed(exercise, f"{HEAD}{FETCH}{text}") <= ({"work"} if text == DRAWS_ZERO else set())


@pytest.mark.parametrize(
    ("text", "before", "after", "expected"),
    [
        (LIMITED, "Semaphore(most)", "Semaphore(99)", {"limit", "default"}),
        (LIMITED, "Semaphore(most)", "Semaphore(1)", {"limit", "default"}),
        (LIMITED, "LIMIT = 4", "LIMIT = 5", {"default"}),
        (LIMITED, "LIMIT = 4", "LIMIT = 3", {"default"}),
        (WORKERS, "range(most)", "range(most + 1)", {"limit"}),
        (WORKERS, "range(most)", "range(2)", {"limit"}),
        (TAKING_TURNS, "range(3)", "range(2)", {"limit"}),
        (OF_A_CLASS, "Semaphore(2)", "Semaphore(3)", {"limit"}),
        (AT_THE_TOP, "Semaphore(3)", "Semaphore(4)", {"limit"}),
        (TOGETHER, TOGETHER, ONE_BY_ONE, {"together", "time"}),
        (TOGETHER, TOGETHER, ONE_BY_ONE.replace("in urls", "in urls[1:]"), {"together", "time"}),
        (SLEEPS, "await asyncio.gather(*[asyncio.sleep(one) for one in waits])", "for one in waits: await asyncio.sleep(one)",
         {"together", "time"}),
    ],
)  # fmt: skip
def test_who_starts_more_or_fewer_does_not_earn_all(
    drafted: Callable[..., Exercise], text: str, before: str, after: str, expected: set[str]
) -> None:
    exercise = drafted(f"{HEAD}{FETCH}{text}")
    assert missed(exercise, f"{HEAD}{FETCH}{text.replace(before, after)}") == expected


UNTOLD = "# TODO: how many at once, in a check 'concurrency' or 'parallel': the text does not tell"
AT_LEAST = "# TODO: how many there have to be at once, in 'min'; 2 is what the text tells"
GATE = """async def all_of(urls: list[str]):
    room = asyncio.Semaphore(2)
    async def one(url):
        await room.acquire()
        try:
            return await _fetch(url)
        finally:
            room.release()
    await asyncio.gather(*(one(url) for url in urls))
"""


@pytest.mark.parametrize(
    ("text", "todo"),
    [
        *((text, UNTOLD) for text in (NOT_GUARDED, NOBODY_KNOWS, IN_TURNS, GATE)),
        *((text, AT_LEAST) for text in (TWICE, NOBODY_COUNTS)),
        *((text, "") for text in (LIMITED, WORKERS, TOGETHER, ONE_BY_ONE)),
    ],
)
def test_what_the_text_does_not_tell_of_how_many_at_once_is_left_to_be_filled_in(
    tmp_path: Path, text: str, todo: str
) -> None:
    made = the_draft(tmp_path, part__9_all=f"{HEAD}{FETCH}{text}")
    assert {one for one in (UNTOLD, AT_LEAST) if one in made} == {todo} - {""}


WAIT = "import asyncio, random\nasync def wait(name: str):\n    await asyncio.sleep(random.uniform(1, 2))\n    return name\n"
EARLIER = 'import asyncio\nwait = __import__("0-wait").wait\n'


def test_what_an_earlier_file_gives_is_bounded_and_counted_as_well(drafted: Callable[..., Exercise]) -> None:
    text = EARLIER + LIMITED.replace("_fetch", "wait")
    exercise = drafted(text, part__0_wait=WAIT)
    checks = {one.id: one for one in exercise.file.entries["all_of"].checks}
    calls, limit = checks["calls"], checks["limit"]
    assert isinstance(calls, CallsCheck)
    assert isinstance(limit, ConcurrencyCheck)
    assert (calls.calls, calls.count, limit.concurrency) == ("wait[*]", "=len(urls)", "wait[*]")
    assert (limit.help or "").startswith("Have at most `most` of them on their way at once")
    assert calls.help == "Call wait of 0-wait.py once for each of `urls`."
    todo = Path(exercise.folder, "exercise.yaml")
    todo.write_text(todo.read_text().replace("duration: 1 # TODO", "duration: 1 #"))
    course = load_course(todo.parents[2])
    (exercise,) = [one for one in course.exercises if one.module == "9-all"]
    assert missed(exercise, text) == set()
    assert missed(exercise, text.replace("in urls", "in urls[:2]")) == {"limit", "calls", "default"}
    assert missed(exercise, text.replace("in urls", "in [*urls, 7]")) == {"calls"}


def test_what_is_asked_for_beside_what_is_handed_on_is_extra(drafted: Callable[..., Exercise]) -> None:
    text = f"{EARLIER}async def all_of(name: str):\n    return await wait(name)\n"
    exercise = drafted(text, part__0_wait=WAIT)
    assert [(one.id, one.calls) for one in exercise.file.entries["all_of"].checks if isinstance(one, CallsCheck)] == [
        ("work", "wait"),
        ("calls", "wait[{name}]"),
        ("extra", "wait[*]"),
    ]
    assert missed(exercise, text) == set()
    assert missed(exercise, text.replace("return", "await wait('other')\n    return")) == {"extra", "time"}


def test_who_measures_rightly_what_runs_one_after_the_other_has_measured_rightly(tmp_path: Path) -> None:
    text = """import asyncio, time
wait = __import__("0-wait").wait
async def timed():
    start = time.perf_counter()
    await asyncio.gather(*[wait() for _ in range(4)])
    return time.perf_counter() - start
"""
    wait = "import asyncio\nasync def wait():\n    await asyncio.sleep(1)\n    await asyncio.sleep(1)\n"
    folder = put(tmp_path / "in", a__0_wait=wait, a__1_timed=text)
    *_, made = loaded(draft_course(read_reference(folder), "c"), tmp_path / "out").exercises

    def missed(program: str) -> set[str]:
        return {one.id for one in grade(made, program, seed="one").checks if one.status == "failed"}

    assert missed(text) == set()
    loop = "for _ in range(4):\n        await wait()"
    assert missed(text.replace("await asyncio.gather(*[wait() for _ in range(4)])", loop)) == {"together", "time"}
    assert missed(text.replace(" - start", " - start + 1")) == {"result"}


def test_a_runtime_of_ones_own_sleeps_is_how_long_it_took(tmp_path: Path) -> None:
    text = """import asyncio, time
async def both(a: float, b: float):
    await asyncio.gather(asyncio.sleep(a), asyncio.sleep(b))
def took(a: float, b: float):
    start = time.perf_counter()
    asyncio.run(both(a, b))
    return time.perf_counter() - start
"""
    (exercise,) = loaded(
        draft_course(read_reference(put(tmp_path / "in", a__0_a=text)), "c"), tmp_path / "out"
    ).exercises
    checks = {one.id for one in exercise.file.entries["both"].checks}
    assert {"together", "time"} <= checks
    early = text.replace(
        "    start = time.perf_counter()\n    asyncio.run(both(a, b))",
        "    asyncio.run(both(a, b))\n    start = time.perf_counter()",
    )
    assert [check.id for check in grade(exercise, text, seed="one").checks if check.status == "failed"] == [
        "result"
    ] * 2
    failed = [check.entry for check in grade(exercise, early, seed="one").checks if check.status == "failed"]
    assert set(failed) == {"both", "took"}
