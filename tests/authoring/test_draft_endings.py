"""What a draft asks of who need not wait for all, or is cut short; and what it says where it asks for nothing."""

from pathlib import Path

import pytest

from grader.course.model import Course, Exercise
from grader.grading import grade
from tests.authoring.test_draft import drafted, loaded
from tests.authoring.test_draft_checks import the_draft
from tests.authoring.test_reference import put

FETCH = """import asyncio
async def fetch(key: int, seconds: float = 2):
    await asyncio.sleep(seconds)
    return key
"""
HEAD = "import asyncio\nfrom itertools import islice\n"
IMPORT = "from base import fetch\n"
RACE = """async def all_of(n: int):
    tasks = [asyncio.create_task(fetch(at, at + 1)) for at in range(n)]
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for one in rest:
        one.cancel()
    return 1
"""
FIRST = """async def all_of(n: int):
    tasks = [asyncio.create_task(fetch(at, at + 1)) for at in range(n)]
    for one in asyncio.as_completed(tasks):
        await one
        break
    return 1
"""
NEXT = FIRST.replace("    for one in asyncio.as_completed(tasks):\n        await one\n        break\n", "@")
NEXT = NEXT.replace("@", "    await next(asyncio.as_completed(tasks))\n")
SOME = FIRST.replace("asyncio.as_completed(tasks)", "islice(asyncio.as_completed(tasks), 2)").replace(
    "        break\n", ""
)
NAMED = FIRST.replace(
    "    for one in asyncio.as_completed(tasks)", "    coming = asyncio.as_completed(tasks)\n    for one in coming"
)
IN_TIME = RACE.replace("return_when=asyncio.FIRST_COMPLETED", "timeout=1.5")
BOUNDED = """async def all_of(n: int):
    await asyncio.wait_for(asyncio.gather(*[fetch(at, at + 1) for at in range(n)], return_exceptions=True), 99)
    return 1
"""
SLEEPS = RACE.replace("fetch(at, at + 1)", "asyncio.sleep(at + 1)")
OWN = "async def _ping(at):\n    await asyncio.sleep(at + 1)\n" + RACE.replace("fetch(at, at + 1)", "_ping(at)")
HELPED = "async def _first(tasks):\n    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)\n"
HELPED += RACE.replace(
    "done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)", "await _first(tasks)"
)
HELPED = HELPED.replace("    for one in rest:\n        one.cancel()\n", "")
FLAG = """async def all_of(n: int):
    over = asyncio.Event()
    async def one(at):
        await fetch(at, at + 1)
        over.set()
    tasks = [asyncio.create_task(one(at)) for at in range(n)]
    await over.wait()
    return len(tasks)
"""
QUEUE = """async def all_of(n: int):
    queue = asyncio.Queue()
    async def one(at):
        queue.put_nowait(await fetch(at, at + 1))
    tasks = [asyncio.create_task(one(at)) for at in range(n)]
    return await queue.get()
"""
ONE_OF_THEM = RACE.replace(
    "done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)", "await tasks[0]"
)
ONE_OF_THEM = ONE_OF_THEM.replace("    for one in rest:\n        one.cancel()\n", "")
EARLY = [FLAG, QUEUE, ONE_OF_THEM, HELPED, RACE, FIRST, NEXT, SOME, NAMED, IN_TIME, BOUNDED, SLEEPS, OWN]
GATHER = "async def all_of(n: int):\n    return await asyncio.gather(*[fetch(at, at + 1) for at in range(n)])\n"
TO_THE_END = """async def all_of(n: int):
    tasks = [asyncio.create_task(fetch(at, at + 1)) for at in range(n)]
    return [await one for one in asyncio.as_completed(tasks, timeout=None)]
"""
STARTED = """async def all_of(n: int):
    tasks = [asyncio.create_task(fetch(at, at + 1)) for at in range(n)]
    {}
    return 1
"""
IN_GROUP = """async def all_of(n: int):
    async with asyncio.TaskGroup() as group:
        for at in range(n):
            group.create_task(fetch(at, at + 1))
"""
ADDED = """async def all_of(n: int):
    tasks = []
    for at in range(n):
        tasks.append(asyncio.create_task(fetch(at, at + 1)))
    return [await one for one in tasks]
"""
NAMES = """async def all_of(n: int):
    tasks = {}
    for at in range(n):
        tasks[at] = asyncio.create_task(fetch(at, at + 1))
    both = asyncio.gather(*tasks.values())
    return await both
"""
WAITED = [
    GATHER, TO_THE_END, IN_GROUP, ADDED, NAMES, STARTED.format("await asyncio.wait(tasks)"),
    STARTED.format("for one in tasks: await one"), STARTED.format("for at, one in enumerate(tasks): await one"),
]  # fmt: skip
WORKERS = """async def all_of(jobs: list[int]):
    queue = asyncio.Queue()
    for job in jobs:
        queue.put_nowait(job)
    async def work():
        while True:
            await asyncio.sleep(await queue.get())
            queue.task_done()
    workers = [asyncio.create_task(work()) for _ in range(3)]
    await queue.join()
    for one in workers:
        one.cancel()
    return 1
"""
LIMITED = """async def all_of(n: int):
    room = asyncio.Semaphore(2)
    async def one(at):
        async with room:
            return await fetch(at, at + 1)
    tasks = [asyncio.create_task(one(at)) for at in range(n)]
    await asyncio.wait(tasks, return_when="FIRST_COMPLETED")
    for task in tasks:
        task.cancel()
    return 1
"""
NEEDS_NOT_WAIT = "# TODO: the reference need not wait for all that it starts;"
HOW_LONG = "# TODO: how often and how long it sleeps,"
NO_WORK = "# TODO: no work is asked for ('work: false')"


def exercise_of(folder: Path, text: str) -> Exercise:
    course: Course = loaded(drafted(put(folder / "in", part__base=FETCH, part__use=text)), folder / "out")
    (exercise,) = [one for one in course.exercises if one.module == "use"]
    return exercise


def missed(exercise: Exercise, text: str) -> set[str]:
    """Without what is returned, which is left to be filled in."""
    verdict = grade(exercise, text, seed="one")
    assert verdict.status != "error", verdict.error
    assert {case.outcome for case in verdict.cases} == {"result"}
    return {check.id for check in verdict.checks if check.status == "failed"} - {"result"}


def ids(exercise: Exercise) -> set[str]:
    return {check.id for check in exercise.file.entries["all_of"].checks}


@pytest.mark.parametrize("text", EARLY, ids=range(len(EARLY)))
def test_who_need_not_wait_for_all_is_asked_to_start_them_together_and_for_nothing_of_their_ends(
    tmp_path: Path, text: str
) -> None:
    whole = HEAD + IMPORT + text
    exercise = exercise_of(tmp_path, whole)
    assert {"together"} <= ids(exercise) <= {"work", "together", "calls", "result"}
    assert missed(exercise, whole) == set()
    said = Path(exercise.folder, "exercise.yaml").read_text()
    assert NEEDS_NOT_WAIT in said
    assert "# TODO: how many at once" not in said
    in_turn = f"{HEAD}{IMPORT}async def all_of(n):\n    for at in range(n):\n        await @\n"
    one_by_one = in_turn.replace("@", "asyncio.sleep(at + 1)" if text in (SLEEPS, OWN) else "fetch(at, at + 1)")
    assert missed(exercise, one_by_one) == {"together"}


@pytest.mark.parametrize("text", [*WAITED, WORKERS], ids=range(len(WAITED) + 1))
def test_who_waits_for_all_is_asked_for_that(tmp_path: Path, text: str) -> None:
    exercise = exercise_of(tmp_path, HEAD + IMPORT + text)
    assert ids(exercise) >= ({"limit"} if text == WORKERS else {"together", "time"})
    assert NEEDS_NOT_WAIT not in Path(exercise.folder, "exercise.yaml").read_text()


TICKING = """async def _tick():
    while True:
        await asyncio.sleep(1)
async def all_of(pause: float):
    ticking = asyncio.create_task(_tick())
    {}
    ticking.cancel()
    return 1
"""


@pytest.mark.parametrize(
    "body", ["await asyncio.sleep(pause)", "for _ in range(3):\n        await asyncio.sleep(pause)"]
)
def test_what_is_cancelled_takes_no_time_from_sleeps_that_are_waited_for(tmp_path: Path, body: str) -> None:
    pause = TICKING.format(body).replace(
        "    while True:\n        await asyncio.sleep(1)\n", "    await asyncio.Event().wait()\n"
    )
    exercise = exercise_of(tmp_path, HEAD + pause)
    assert "time" in ids(exercise)
    assert missed(exercise, HEAD + pause) == set()
    assert missed(exercise, HEAD + pause.replace("sleep(pause)", "sleep(pause + 1)")) == {"time"}


def test_who_leaves_early_has_the_bound_and_not_what_there_has_to_be_at_least(tmp_path: Path) -> None:
    exercise = exercise_of(tmp_path, HEAD + IMPORT + LIMITED)
    assert ids(exercise) == {"work", "limit", "result"}
    assert missed(exercise, HEAD + IMPORT + LIMITED) == set()
    assert missed(exercise, HEAD + IMPORT + LIMITED.replace("Semaphore(2)", "Semaphore(3)")) == {"limit"}
    assert "# TODO: how many there have to be at once, in 'min'" in Path(exercise.folder, "exercise.yaml").read_text()


CUT = """async def all_of(latency: float, limit: float):
    try:
        async with asyncio.timeout(limit):
            await asyncio.sleep(latency)
            return True
    except TimeoutError:
        return False
"""
CUT_BY_WAITING = """async def all_of(latency: float, limit: float):
    try:
        return await asyncio.wait_for(asyncio.sleep(latency, True), timeout=limit)
    except asyncio.TimeoutError:
        return False
"""
PERHAPS = "async def all_of(n: int, pause: float):\n    if n > 99:\n        await asyncio.sleep(pause)\n    return n\n"


@pytest.mark.parametrize("text", [CUT, CUT_BY_WAITING, PERHAPS], ids=["timeout", "wait_for", "if"])
def test_who_may_do_no_work_is_not_asked_for_any_and_that_is_said(tmp_path: Path, text: str) -> None:
    exercise = exercise_of(tmp_path, HEAD + text)
    assert exercise.file.entries["all_of"].work is False
    assert "work" not in ids(exercise)
    assert missed(exercise, HEAD + text) == set()
    assert NO_WORK in Path(exercise.folder, "exercise.yaml").read_text()


WITHIN = """async def all_of(n: int):
    try:
        async with asyncio.timeout(1):
            @
    except TimeoutError:
        pass
    return 1
"""
TICKS = (
    "\nasync def ticks(n, pause=2):\n    for at in range(n):\n        await asyncio.sleep(pause)\n        yield at\n"
)


@pytest.mark.parametrize(
    "body",
    ["for at in range(n): await fetch(at)", "[at async for at in ticks(n, 2)]", "async for at in ticks(n, 2): pass"],
    ids=["calls", "comprehension", "generator"],
)
def test_what_a_timeout_ends_is_not_counted_or_measured(tmp_path: Path, body: str) -> None:
    text = HEAD + "from base import fetch, ticks\n" + WITHIN.replace("@", body)
    course = loaded(drafted(put(tmp_path / "in", part__base=FETCH + TICKS, part__use=text)), tmp_path / "out")
    (exercise,) = [one for one in course.exercises if one.module == "use"]
    assert ids(exercise) == {"result"}
    assert missed(exercise, text) == set()


@pytest.mark.parametrize(
    "text",
    [
        PERHAPS.replace("return n", "else:\n        await asyncio.sleep(1)\n    return n"),
        "async def all_of(n: int):\n    for at in range(n):\n        if at:\n            await asyncio.sleep(1)\n",
        "async def all_of(n: int):\n    if await asyncio.sleep(1):\n        return 7\n    return n\n",
        "async def all_of(n: int):\n    await asyncio.wait_for(asyncio.Event().wait(), 1) if n < 0 else 0\n"
        "    await asyncio.sleep(1)\n    return n\n",
    ],
    ids=["else", "rounds", "condition", "other"],
)
def test_who_works_in_any_case_is_asked_for_work(tmp_path: Path, text: str) -> None:
    assert "id: work, gate: true" in the_draft(tmp_path, part__0_use=HEAD + text)


@pytest.mark.parametrize(("text", "said"), [(CUT, True), (CUT_BY_WAITING, True), (CUT.replace("(limit)", "(3)"), True),
    (CUT.replace("limit: float", "limit: float = 2").replace("latency: float", "latency: float = 2"), False)])  # fmt: skip
def test_no_wait_ends_at_the_very_moment_of_its_timeout(tmp_path: Path, text: str, said: bool) -> None:
    made = the_draft(tmp_path, part__0_use=HEAD + text)
    ties = '"=3 != latency"' if "(3)" in text else '"=limit != latency"'
    assert (f"such_that:\n  - {ties}\n" in made) == said


PINGS = """async def ping(host: str, delay: float):
    half = delay / 2
    await asyncio.sleep(half)
    await asyncio.sleep(half)
    return host
"""
WITHIN_LIMIT = """async def all_of(host: str, delay: float, limit: float):
    async with asyncio.timeout(limit):
        return await ping({})
"""


@pytest.mark.parametrize("earlier", [True, False])
@pytest.mark.parametrize("given", ["host, delay", "delay=delay, host=host"])
def test_a_timeout_is_compared_only_with_what_the_wait_hangs_on(tmp_path: Path, earlier: bool, given: str) -> None:
    text = WITHIN_LIMIT.format(given)
    base, use = (HEAD + PINGS, f"{HEAD}from base import ping\n{text}") if earlier else (FETCH, HEAD + PINGS + text)
    made = the_draft(tmp_path, part__base=base, part__use=use)
    assert '"=limit != host"' not in made
    assert '"=limit != delay"' in made


STEADY = """async def all_of(tries: int, pause: float):
    done = 0
    while done < tries:
        await asyncio.sleep(pause)
        done += 1
    return done
"""
AGAIN = """async def all_of(n: int, pause: float):
    try:
        return await fetch(n)
    except ValueError:
        await asyncio.sleep(pause)
"""
STEPS = "async def all_of(n: int, pause: float):\n    for at in {}:\n        await asyncio.sleep({})\n    return n\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (STEADY, True),
        (IMPORT + AGAIN, True),
        (STEPS.format("range(n)", "pause"), False),
        (STEPS.format("range(1, n + 1)", "pause"), False),
        (STEPS.format("range(n)", "pause * 2 ** at"), False),
        (STEPS.format("range(n)", "pause * abs(at)"), True),
        (STEPS.format("range(n)", "pause * at").replace("    return", "        if at > 3: break\n    return"), True),
    ],
)
def test_where_nothing_asks_how_often_something_is_slept_that_is_said(tmp_path: Path, text: str, said: bool) -> None:
    assert (HOW_LONG in the_draft(tmp_path, part__base=FETCH, part__use=HEAD + text)) == said


ROUNDS = "async def all_of(n: int):\n    for at in {}:\n        await fetch(at, 2)\n"
THROUGH = "async def all_of(n: int):\n    return [at async for at in ticks(n)]\n"


@pytest.mark.parametrize(
    ("text", "ticks", "said"),
    [
        (ROUNDS.format("range(min(n, 3))"), TICKS, "fetch of base.py, and how long it takes,"),
        (ROUNDS.format("range(n)"), TICKS, ""),
        (THROUGH, TICKS.replace("range(n)", "range(1, n, 2)"), "ticks of base.py, and how long it takes,"),
        (THROUGH, TICKS, ""),
    ],
    ids=["rounds", "as told", "items", "items as told"],
)
def test_where_nothing_asks_how_often_a_call_is_made_that_is_said(
    tmp_path: Path, text: str, ticks: str, said: str
) -> None:
    made = the_draft(tmp_path, part__base=FETCH + ticks, part__use=f"{HEAD}from base import fetch, ticks\n{text}")
    assert ("# TODO: how often it uses" in made) == bool(said)
    assert f"# TODO: how often it uses {said}" in made or not said


@pytest.mark.parametrize(
    ("rounds", "seconds"),
    [
        ("range(n)", "pause * 2 ** at"),
        ("range(1, n + 1)", "pause / at"),
        ("range(0, n)", "at * pause"),
        ("range(4)", "at + pause"),
    ],
)
def test_waits_that_are_computed_are_asked_for_one_after_another(tmp_path: Path, rounds: str, seconds: str) -> None:
    text = HEAD + STEPS.format(rounds, seconds)
    exercise = exercise_of(tmp_path, text)
    assert missed(exercise, text) == set()
    for other in ("pause", f"({seconds}) * 1.5", f"({seconds}) / 2); await asyncio.sleep(({seconds}) / 2"):
        assert missed(exercise, HEAD + STEPS.format(rounds, other)) == {"waits"}
    together = f"    await asyncio.gather(*[asyncio.sleep({seconds}) for at in {rounds}])\n    return n\n"
    assert missed(exercise, f"{HEAD}async def all_of(n: int, pause: float):\n{together}") == {"waits"}


def test_a_wait_that_is_computed_may_have_a_name(tmp_path: Path) -> None:
    text = STEPS.format("range(n)", "wait").replace("        await", "        wait = pause * 2 ** at\n        await")
    exercise = exercise_of(tmp_path, HEAD + text)
    assert missed(exercise, HEAD + text) == set()
    assert missed(exercise, HEAD + text.replace("sleep(wait)", "sleep(pause)")) == {"waits"}


def test_a_prompt_says_that_only_one_way_to_wait_counts(tmp_path: Path) -> None:
    line = "Where something waits, let it wait with `await asyncio.sleep(...)`: no other waiting counts."
    assert line in the_draft(tmp_path / "a", part__0_use=HEAD + STEADY)
    assert line not in the_draft(tmp_path / "b", part__0_use=HEAD + "async def all_of(n): return n\n")
