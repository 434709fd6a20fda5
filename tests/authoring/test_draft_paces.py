"""What a draft asks of how long a function sleeps, and of its defaults: who takes other times does not earn all."""

from pathlib import Path

import pytest

from grader.course.model import Course
from grader.grading import grade
from tests.authoring.test_draft import drafted, loaded
from tests.authoring.test_draft_checks import the_draft
from tests.authoring.test_reference import put

OVEN = """import asyncio, random
async def oven(pause: float = 1):
    for _ in range(10):
        await asyncio.sleep(pause)
        yield random.uniform(0, 10)
"""
AFTER = """import asyncio
async def after(pause: float = 1.5):
    for at in range(3):
        yield at
        await asyncio.sleep(pause)
"""
BATCH = """oven = __import__("0-oven").oven
async def batch(pause: float = 1):
    return [one async for one in oven(pause)]
"""
PLAIN = """oven = __import__("0-oven").oven
async def plain():
    return [one async for one in oven()]
"""
ELAPSED = """import asyncio, time
async def elapsed_of(n: int, pause: float = 1.5):
    begin = time.perf_counter()
    for _ in range(n):
        await asyncio.sleep(pause)
    return time.perf_counter() - begin
"""
VISIT = """import asyncio
ROOM = asyncio.Semaphore(2)
async def visit(i: int, pause: float = 0.5):
    await ROOM.acquire()
    try:
        await asyncio.sleep(pause)
    finally:
        ROOM.release()
    return i * i
"""
SOON = """import asyncio
async def soon(pause: float = 5):
    async with asyncio.timeout(1):
        try:
            await asyncio.sleep(pause)
        except asyncio.CancelledError:
            return 3
"""
SHIFT = """import asyncio
async def shift(jobs: list[float], size: int = 3):
    queue = asyncio.Queue()
    for job in jobs:
        queue.put_nowait(job)
    async def worker():
        while not queue.empty():
            await asyncio.sleep(queue.get_nowait())
    await asyncio.gather(*[worker() for _ in range(size)])
"""
FILES = {
    "0-oven": OVEN,
    "1-after": AFTER,
    "2-batch": BATCH,
    "3-plain": PLAIN,
    "4-elapsed": ELAPSED,
    "5-visit": VISIT,
    "6-shift": SHIFT,
    "7-soon": SOON,
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("paces")
    (folder / "in" / "part").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / "in" / "part" / f"{name}.py").write_text(text)
    return loaded(drafted(folder / "in"), folder / "out")


def failed(course: Course, module: str, text: str) -> set[str]:
    """Without what is asked of what is returned where that is left to fill in."""
    (exercise,) = (one for one in course.exercises if one.module == module)
    verdict = grade(exercise, text, seed="one")
    assert verdict.status != "error", verdict.error
    missed = {check.id for check in verdict.checks if check.status == "failed"}
    return missed - {"result"} if "TODO" in str(exercise.file.entries) else missed


@pytest.mark.parametrize(
    ("module", "before", "after", "expected"),
    [
        *((module, "", "", set[str]()) for module in FILES),
        ("0-oven", "float = 1)", "float = 5)", {"default"}),
        ("0-oven", ": float = 1)", ")", {"default"}),
        ("0-oven", "sleep(pause)", "sleep(0.01)", {"pace", "default"}),
        (
            "0-oven",
            "    for _ in range(10):\n        await asyncio.sleep(pause)",
            "    await asyncio.sleep(10 * pause)\n    for _ in range(10):",
            {"pace", "default"},
        ),
        (
            "0-oven",
            "        await asyncio.sleep(pause)\n        yield random.uniform(0, 10)",
            "        yield random.uniform(0, 10)\n        await asyncio.sleep(pause)",
            {"pace", "default"},
        ),
        ("1-after", "float = 1.5", "float = 1", {"default"}),
        ("1-after", "sleep(pause)", "sleep(1.5)", {"pace"}),
        (
            "1-after",
            "        yield at\n        await asyncio.sleep(pause)",
            "        await asyncio.sleep(pause)\n        yield at",
            {"pace", "default"},
        ),
        ("2-batch", "oven(pause)", "oven()", {"handed-on"}),
        ("2-batch", "float = 1)", "float = 2)", {"default"}),
        ("2-batch", "oven(pause)", "oven(pause + 1)", {"handed-on", "default"}),
        ("3-plain", "oven()", "oven(2)", {"handed-on"}),
        ("4-elapsed", "float = 1.5", "float = 99", {"default"}),
        ("4-elapsed", "range(n)", "range(7)", {"time", "default"}),
        ("4-elapsed", "sleep(pause)", "sleep(1.5)", {"time"}),
        ("5-visit", "float = 0.5", "float = 50", {"default"}),
        ("5-visit", "sleep(pause)", "sleep(0.5)", {"pauses"}),
        ("5-visit", "await asyncio.sleep(pause)", "pass", {"pauses", "work", "default"}),
        ("7-soon", "float = 5", "float = 4", {"default"}),
        ("6-shift", "range(size)", "range(2)", {"limit", "default"}),
        ("6-shift", "int = 3", "int = 2", {"default"}),
        ("6-shift", "int = 3", "int = 4", {"default"}),
    ],
)  # fmt: skip
def test_who_waits_otherwise_does_not_earn_all(
    course: Course, module: str, before: str, after: str, expected: set[str]
) -> None:
    assert before in FILES[module]
    assert failed(course, module, FILES[module].replace(before, after)) == expected


def test_a_time_without_anything_that_takes_time_is_told_as_that(course: Course) -> None:
    (exercise,) = (one for one in course.exercises if one.module == "3-plain")
    verdict = grade(exercise, "async def plain():\n    return []\n", seed="one")
    (told,) = {check.rationale for check in verdict.checks if check.id == "time"}
    assert told == "it took 0.0 s, and there was none of them"
    slow = grade(
        exercise, f"import asyncio\n{PLAIN}".replace("return", "await asyncio.sleep(5)\n    return"), seed="one"
    )
    (told,) = {check.rationale for check in slow.checks if check.id == "time"}
    assert told == "it took 15.0 s, longer than what you called takes"


def test_who_leaves_a_generator_early_is_not_asked_for_all_of_it(tmp_path: Path) -> None:
    user = BATCH.replace("return [one async for one in oven(pause)]", "async for one in oven(pause=pause):\n        @")
    for body, asked in (("print(one)", True), ("if one: break", False), ("return one", False)):
        made = the_draft(tmp_path / body, part__0_oven=OVEN, part__1_batch=user.replace("@", body))
        assert ("id: calls" in made) is asked
        assert ("id: time" in made) is asked
        assert "id: handed-on" in made


UNTOLD = "import asyncio\nasync def f(n: int, tries: int = 3):\n    await asyncio.sleep(n)\n    return n * tries\n"


def test_a_default_that_nothing_shows_is_left_to_be_filled_in(tmp_path: Path) -> None:
    made = the_draft(tmp_path / "1", a__0_f=UNTOLD)
    assert (
        "- id: default\n        points: 1\n        result: \"TODO: what is returned without 'tries'; if that does not tell, "
        'another check, or none and no case for it"\n' in made
    )
    both = the_draft(tmp_path / "2", a__0_f=UNTOLD.replace("n: int, ", "n: int = 2, "))
    assert "      # TODO: nothing here shows which default 'tries' has\n      - id: default\n" in both
    says = "without 'n' and 'tries' it does not do all that is asked for with 2 and 3"
    assert f'holds: "=abs(elapsed - n) < 0.001"\n        says: "{says}"' in both


def test_defaults_that_two_checks_show_are_asked_for_together(tmp_path: Path) -> None:
    oven = OVEN.replace("(pause: float = 1)", "(n: int = 10, pause: float = 1)").replace("range(10)", "range(n)")
    walk = BATCH.replace("(pause: float = 1)", "(n: int = 4, pause: float = 1.5)").replace(
        "oven(pause)", "oven(n, pause)"
    )
    course = loaded(drafted(put(tmp_path / "in", part__0_oven=oven, part__1_batch=walk)), tmp_path / "out")
    assert "nothing here shows" not in Path(course.exercises[1].folder, "exercise.yaml").read_text()
    assert failed(course, "1-batch", walk) == set()
    assert failed(course, "1-batch", walk.replace("int = 4", "int = 5")) == {"default"}
    assert failed(course, "1-batch", walk.replace("float = 1.5", "float = 1")) == {"default"}


@pytest.mark.parametrize("given", ["*[pause]", "**{'pause': pause}"])
def test_what_a_generator_is_given_unseen_is_not_taken_to_be_its_default(tmp_path: Path, given: str) -> None:
    made = the_draft(tmp_path, part__0_oven=OVEN, part__2_batch=BATCH.replace("oven(pause)", f"oven({given})"))
    assert "id: handed-on" not in made


def test_what_is_given_by_name_only_is_as_long_as_its_default(tmp_path: Path) -> None:
    made = the_draft(tmp_path, a__0_f="import asyncio\nasync def f(*, pause=2):\n    await asyncio.sleep(pause)\n")
    assert 'holds: "=abs(elapsed - 2) < 0.001"' in made


@pytest.mark.parametrize(
    "body",
    [
        "    await _nap(3)\nasync def _nap(pause):\n    await asyncio.sleep(pause)\n",
        "    async def nap(pause):\n        await asyncio.sleep(pause)\n    await nap(3)\n",
        "    for pause in (1, 2):\n        await asyncio.sleep(pause)\n",
    ],
)
def test_what_another_function_sleeps_is_not_a_parameter_of_its_name(tmp_path: Path, body: str) -> None:
    made = the_draft(tmp_path, a__0_f=f"import asyncio\nasync def f(pause: float = 2):\n{body}")
    assert "id: time" not in made
    assert "id: pauses" not in made
    assert 'result: "TODO: what is returned without' in made


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    for _ in range(n):\n        await asyncio.sleep(1)\n", "=abs(elapsed - n * 1) < 0.001"),
        ("    for x in xs:\n        await asyncio.sleep(0.5)\n", "=abs(elapsed - len(xs) * 0.5) < 0.001"),
        ("    for _ in range(n):\n        await asyncio.sleep(1)\n    await asyncio.sleep(1)\n", ""),
        ("    for _ in range(n):\n        await asyncio.sleep(1)\n        async with x: pass\n", ""),
        ("    for _ in range(n):\n        if n:\n            await asyncio.sleep(1)\n", ""),
    ],
)
def test_sleeps_one_after_another_last_as_long_as_all_of_them(tmp_path: Path, body: str, said: str) -> None:
    made = the_draft(tmp_path, a__0_f=f"import asyncio\nasync def f(n: int, xs: list[int]):\n{body}")
    assert ('id: time\n        points: 5\n        holds: "' + said in made) if said else "id: time" not in made


# ---------------------------------------------------------------- values of one name


BAKE = """import asyncio
async def bake(minutes{one}):
    await asyncio.sleep(minutes)
async def bake_all(minutes{several}, limit=2):
    oven = asyncio.Semaphore(limit)
    async def one(x):
        async with oven:
            await asyncio.sleep(x)
    await asyncio.gather(*[one(x) for x in minutes])
async def again(minutes{one}):
    await asyncio.sleep(minutes)
"""
LIST = "{number: [1, 9], step: 0.5, list: 5, distinct: true}"
UNKNOWN = " # TODO: the text does not tell what this is"


@pytest.mark.parametrize(
    ("one", "several", "number", "numbers"),
    [
        (": float", ": list[float]", "{number: [1, 9], step: 0.5}", LIST),
        ("", "", "{int: [2, 6]}" + UNKNOWN, LIST + UNKNOWN),
        (": int", ": list", "{int: [2, 6]}", LIST + UNKNOWN),
    ],
)
def test_what_is_a_number_here_and_a_list_there_is_two_values(
    tmp_path: Path, one: str, several: str, number: str, numbers: str
) -> None:
    text = BAKE.replace("{one}", one).replace("{several}", several)
    made = the_draft(tmp_path / "in", a__0_bake=text)
    assert f"vars:\n  minutes: {number}\n  minutes_2: {numbers}\n  limit: {{int: [2, 3]}}\n" in made
    assert [line for line in made.splitlines() if "args: " in line] == [
        '    args: ["=minutes"]',
        '    args: ["=minutes_2", "=limit"]',
        '    args: ["=minutes"]',
    ]
    (exercise,) = loaded(drafted(tmp_path / "in"), tmp_path / "out").exercises
    assert {check.id for check in grade(exercise, text, seed="one").checks if check.status == "failed"} <= {"result"}


def test_values_of_one_name_and_of_types_that_go_together_are_one(tmp_path: Path) -> None:
    text = "async def f(n: int, x: str): pass\nasync def g(n, x: float): pass\nasync def h(x, n=3): pass\n"
    made = the_draft(tmp_path, a__0_f=text)
    assert 'vars:\n  "n": {int: [2, 6]}\n  x: {word: true}\n  x_2: {number: [1, 9], step: 0.5}\n' in made
