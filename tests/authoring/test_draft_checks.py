"""The checks of a draft refuse what a learner gets wrong, as far as the reference file shows it."""

import ast
from pathlib import Path

import pytest

from grader.authoring.adopted.draft import draft_course
from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.reference import ReferenceFile, read_reference
from grader.authoring.adopted.sites import sites_of
from grader.course.cases import cases_of
from grader.course.check_model import CallsCheck
from grader.course.load import load_course
from grader.course.model import Course, Exercise
from grader.grading import grade
from tests.authoring.test_draft import drafted, loaded
from tests.authoring.test_reference import put

WAIT = """import asyncio, random
async def wait(most: int = 10):
    delay = random.uniform(0, most)
    await asyncio.sleep(delay)
    return delay
"""
LEVELS = """import asyncio, random
async def levels(count: int):
    for _ in range(count):
        await asyncio.sleep(1)
        yield random.uniform(2, 8)
"""
GATHER = """import asyncio
wait = __import__("0-wait").wait
async def many(n: int, most: int):
    return list(await asyncio.gather(*[wait(most) for _ in range(n)]))
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("drafted")
    files = {"0-wait": WAIT, "1-levels": LEVELS, "2-many": GATHER}
    place = folder / "in" / "part"
    place.mkdir(parents=True)
    for name, text in files.items():
        (place / f"{name}.py").write_text(text)
    return loaded(drafted(folder / "in"), folder / "out")


def one(course: Course, slug: str) -> Exercise:
    return next(exercise for exercise in course.exercises if exercise.slug == slug)


def failed(exercise: Exercise, text: str) -> set[tuple[str, str]]:
    verdict = grade(exercise, text, seed="a seed")
    assert verdict.status != "error", verdict.error
    assert (verdict.points == verdict.max_points) == (verdict.status == "passed")
    return {(check.id, check.case) for check in verdict.checks if check.status == "failed"}


BOTH = {("spread", "many"), ("default", "by-default")}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", set()),
        ("random.uniform(0, most)", "most * random.random()", set()),
        ("random.uniform(0, most)", "most / 2", BOTH),
        ("random.uniform(0, most)", "random.uniform(0, 1)", BOTH),
        ("random.uniform(0, most)", "random.randint(1, most)", BOTH),
        ("random.uniform(0, most)", "random.uniform(most / 2, most)", BOTH),
        ("int = 10", "int = 7", {("default", "by-default")}),
        ("int = 10", "int = 12", {("default", "by-default")}),
    ],
)
def test_a_constant_and_a_wrong_range_or_default_do_not_earn_all(
    course: Course, before: str, after: str, expected: set[tuple[str, str]]
) -> None:
    assert failed(one(course, "wait"), WAIT.replace(before, after)) == expected


def test_a_function_without_its_default_loses_what_stands_for_it_and_no_more(course: Course) -> None:
    verdict = grade(one(course, "wait"), WAIT.replace(": int = 10", ""), seed="a seed")
    assert {check.id for check in verdict.checks if check.status == "failed"} == {"default"}
    assert (verdict.points, verdict.max_points) == (9, 10)


def test_who_measures_what_was_slept_returns_it_as_well(course: Course) -> None:
    measured = WAIT.replace("    await", "    begin = asyncio.get_running_loop().time()\n    await")
    measured = measured.replace("return delay", "return asyncio.get_running_loop().time() - begin")
    assert failed(one(course, "wait"), measured) == set()
    assert {name for name, _ in failed(one(course, "wait"), WAIT.replace("return delay", "return delay * 0.9"))} >= {
        "slept"
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", set()),
        ("random.uniform(2, 8)", "5.5", {"spread"}),
        ("random.uniform(2, 8)", "random.uniform(2, 4)", {"spread"}),
        ("random.uniform(2, 8)", "random.uniform(0, 8)", {"range"}),
        ("range(count)", "range(10)", {"pace", "count"}),
    ],
)
def test_what_a_generator_gives_is_drawn_from_the_whole_range(
    course: Course, before: str, after: str, expected: set[str]
) -> None:
    assert {name for name, _ in failed(one(course, "levels"), LEVELS.replace(before, after))} == expected


@pytest.mark.parametrize(
    ("before", "after", "missed"),
    [
        ("", "", set()),
        ("range(n)", "range(n + 1)", {"calls", "extra"}),
        ("wait(most)", "wait()", {"calls"}),
        (
            "await asyncio.gather(*[wait(most) for _ in range(n)])",
            "[await wait(most) for _ in range(n)]",
            {"together", "time"},
        ),
        ("    return", "    await asyncio.sleep(5)\n    return", {"time"}),
    ],
)
def test_calls_are_counted_and_have_to_be_at_the_same_time(
    course: Course, before: str, after: str, missed: set[str]
) -> None:
    found = {name for name, _ in failed(one(course, "many"), GATHER.replace(before, after))}
    assert found - {"result"} == missed  # what is returned is left to fill in


def test_neither_sorting_nor_the_order_of_the_calls_gives_the_order_of_coming(course: Course) -> None:
    exercise = one(course, "many")
    for number in range(20):
        for case in cases_of(exercise, f"{number}", hidden=False):
            order, asked = case.values["in_order"], case.values["answers"][: case.values["n"]]
            assert sorted(order) == sorted(asked)
            assert order not in (asked, asked[::-1], sorted(asked), sorted(asked, reverse=True))


TEN = LEVELS.replace("count: int", "").replace("range(count)", "range(10)").replace("levels", "ten")


def test_a_generator_of_few_values_does_not_give_one_and_the_same(tmp_path: Path) -> None:
    (exercise,) = loaded(drafted(put(tmp_path / "in", part__0_ten=TEN)), tmp_path / "out").exercises
    assert failed(exercise, TEN) == set()
    assert {name for name, _ in failed(exercise, TEN.replace("random.uniform(2, 8)", "5.5"))} == {"spread"}


def test_a_call_is_known_by_the_argument_that_is_handed_on(tmp_path: Path) -> None:
    roll = WAIT.replace("def wait(most: int = 10)", "def wait(sides: int = 6, most: int = 10)")
    text = GATHER.replace("wait(most)", "wait(6, most=most)")
    put(tmp_path / "in", part__0_wait=roll, part__1_many=text)
    exercise = one(loaded(drafted(tmp_path / "in"), tmp_path / "out"), "many")
    assert exercise.file.world.operations["wait"].key == "most"
    assert {name for name, _ in failed(exercise, text)} == {"result"}
    assert {name for name, _ in failed(exercise, text.replace("(6, most=most)", "(6)"))} == {"calls", "result"}


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("most", "[wait(most) for most in (3, 4)]"),
        ("n, most", "[wait(most) for most in range(n)]"),
        ("most", "list(map(lambda most: wait(most), (3, 4)))"),
    ],
)
def test_a_variable_that_hides_a_parameter_is_not_that_parameter(tmp_path: Path, head: str, body: str) -> None:
    text = f'import asyncio\nwait = __import__("0-wait").wait\nasync def many({head}):\n    await asyncio.gather(*{body})\n'
    put(tmp_path / "in", part__0_wait=WAIT, part__1_many=text)
    exercise = one(loaded(drafted(tmp_path / "in"), tmp_path / "out"), "many")
    calls = [check.calls for check in exercise.file.entries["many"].checks if isinstance(check, CallsCheck)]
    assert set(calls) <= {"wait", "wait[*]"}
    assert {name for name, _ in failed(exercise, text)} == {"result"}


def test_what_is_slept_in_a_comprehension_is_not_a_parameter_of_its_name(tmp_path: Path) -> None:
    text = "import asyncio\nasync def nap(ds, d=1):\n    await asyncio.gather(*[asyncio.sleep(d) for d in ds])\n"
    user = 'nap = __import__("0-nap").nap\nasync def f():\n    return await nap([1, 2])\n'
    draft = drafted(put(tmp_path, part__0_nap=text, part__1_f=user))
    assert "duration: 1 # TODO" in draft.files["exercises/02_f/exercise.yaml"].decode()


@pytest.mark.parametrize(
    ("annotation", "draw"),
    [
        ("list[int]", "{int: [1, 9], list: 4, distinct: true}"),
        ("'List[float]'", "{number: [1, 9], step: 0.5, list: 4, distinct: true}"),
        ("Sequence[str] | None", "{word: true, list: 4, distinct: true}"),
        ("typing.Tuple[int, ...]", "{int: [1, 9], list: 4, distinct: true}"),
        ("Optional[float]", "{number: [1, 9], step: 0.5}"),
        ("Union[int, None]", "{int: [2, 6]}"),
        ("bool", "{choice: [true, false]}"),
        ("dict[str, int]", "{int: [2, 6]} # TODO: the text does not tell what this is"),
        ("list", "{number: [1, 9], step: 0.5, list: 4, distinct: true} # TODO: the text does not tell what this is"),
    ],
)
def test_an_annotation_tells_what_an_argument_is(tmp_path: Path, annotation: str, draw: str) -> None:
    draft = drafted(put(tmp_path, part__0_f=f"async def f(xs: {annotation}):\n    return xs\n"))
    assert f"  xs: {draw}\n" in draft.files["exercises/01_f/exercise.yaml"].decode()


# ---------------------------------------------------------------- what is at the same time, and how often


def function_of(folder: Path, body: str) -> tuple[ReferenceFile, Function]:
    text = f'import asyncio\nwait = __import__("0-wait").wait\nasync def many(n, xs):\n{body}'
    reference = read_reference(put(folder, a__0_wait=WAIT, a__1_many=text))
    file = reference.file("a", "1-many")
    assert file is not None
    return file, file.functions[-1]


LATER = "    jobs = [wait(x) for x in xs]\n    return await asyncio.gather(*jobs)\n"
TASKS = "    a = asyncio.create_task(wait(1))\n    b = asyncio.create_task(wait(2))\n    return [await a, await b]\n"
EACH = "    a = await asyncio.create_task(wait(1))\n    b = await asyncio.create_task(wait(2))\n    return [a, b]\n"
GROUP = (
    "    async with asyncio.TaskGroup() as group:\n        for _ in range(n):\n            group.create_task(wait(1))\n"
)
COMES = "    return [await one for one in asyncio.as_completed([wait(1) for _ in range(n)])]\n"
IN_TURN = "    for x in xs:\n        task = asyncio.create_task(wait(x))\n        await task\n"
TWO = "    async with asyncio.TaskGroup() as group:\n        group.create_task(wait(1))\n        group.create_task(wait(2))\n"
HELD = "    jobs = [wait(1), wait(2), wait(3)]\n    await asyncio.wait([asyncio.ensure_future(job) for job in jobs])\n"


@pytest.mark.parametrize(
    ("body", "together", "times"),
    [
        ("    return await asyncio.gather(*map(wait, xs))\n", True, "len(xs)"),
        ("    return await asyncio.gather(*map(wait, [3] * n))\n", True, "n"),
        ("    return await asyncio.gather(wait(1), wait(2))\n", True, "2"),
        (LATER, True, "len(xs)"),
        (TASKS, True, "2"),
        (EACH, False, "2"),
        (GROUP, True, "n"),
        (TWO, True, "2"),
        (HELD, True, "3"),
        (COMES, True, "n"),
        (IN_TURN, False, "len(xs)"),
        ("    return [await wait(1) for _ in range(n)]\n", False, "n"),
        ("    await asyncio.gather(*[wait(x) for x in xs if x])\n", True, ""),
        ("    await asyncio.gather(*[wait(x + y) for x in xs for y in xs])\n", True, ""),
        ("    while n:\n        await wait(n)\n", False, ""),
        ("    if n:\n        await wait(n)\n", False, ""),
        ("    for _ in range(n):\n        if await wait(1) > 5:\n            break\n", False, ""),
        ("    return await wait(n)\n", False, "1"),
        ("    async def one(x):\n        await wait(x)\n    await asyncio.gather(*map(one, xs))\n", False, ""),
    ],
)
def test_what_is_started_at_once_and_how_often_is_read(tmp_path: Path, body: str, together: bool, times: str) -> None:
    file, function = function_of(tmp_path, body)
    sites = sites_of(function, file.origins)
    assert sites.together(frozenset()) is together
    assert sites.times({"n": "n", "xs": "xs"}) == times


def the_draft(folder: Path, **files: str) -> str:
    """exercise.yaml of the last of them."""
    draft = drafted(put(folder, **files))
    return [text.decode() for name, text in sorted(draft.files.items()) if name.endswith("exercise.yaml")][-1]


@pytest.mark.parametrize("call", ["asyncio.run(main())", "asyncio.new_event_loop().run_until_complete(main())"])
def test_a_reference_that_runs_a_loop_when_it_is_imported_is_told(tmp_path: Path, call: str) -> None:
    text = f"import asyncio\nasync def main():\n    await asyncio.sleep(1)\n{call}\n"
    told = "runs a loop while the file is imported, and such a file earns nothing; put it under 'if __name__ == \"__main__\":'"
    assert f"# TODO: 0-a.py:4: {call} {told}\n" in the_draft(tmp_path / "so", a__0_a=text)
    guarded = text.replace(call, f"if __name__ == '__main__':\n    {call}")
    assert told not in the_draft(tmp_path / "otherwise", a__0_a=guarded)


def test_a_runtime_is_drafted_however_long_what_is_measured_takes(tmp_path: Path) -> None:
    text = 'import asyncio, time\nwait = __import__("0-wait").wait\ndef timed():\n    start = time.time()\n'
    text += "    asyncio.run(wait(3))\n    spent = time.time() - start\n    return spent\n"
    assert "=abs(result - elapsed) < 0.001" in the_draft(tmp_path, a__0_wait=WAIT, a__1_timed=text)


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("time.time() - start", "=abs(result - elapsed) < 0.001"),
        ("round(time.time() - start, 2)", "=abs(result - elapsed) < 0.01"),
        ("round(time.time() - start)", "=abs(result - elapsed) < 1.0"),
        ("round(start, 2)", "TODO"),
    ],
)
def test_a_measured_time_may_be_rounded(tmp_path: Path, returned: str, said: str) -> None:
    jobs = "import asyncio\nasync def job(x: list[int]):\n    await asyncio.sleep(x)\n    await asyncio.sleep(1)\n"
    text = 'import asyncio, time\njob = __import__("0-job").job\ndef run(x: list[int]):\n    start = time.time()\n'
    text += f"    asyncio.run(job(x))\n    return {returned}\n"
    made = the_draft(tmp_path, a__0_job=jobs, a__1_run=text)
    assert said in made
    assert 'calls: "job[*]"' in made  # a list is no key by which a call could be known


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ("1, most", "most: {number: [2, 10], step: 0.5}"),
        ("2.5, most", "most: {number: [4, 12], step: 0.5}"),
        ("0, most", "most: {number: [1, 9], step: 0.5}"),
        ("least, most", '- "=least + 1 <= most"'),
    ],
)
def test_there_is_something_between_the_ends_of_what_is_drawn(tmp_path: Path, bounds: str, said: str) -> None:
    text = WAIT.replace("most: int = 10", "least: float, most: float").replace("0, most", bounds)
    made = the_draft(tmp_path / "in", a__0_wait=text)
    assert said in made
    (exercise,) = loaded(drafted(tmp_path / "in"), tmp_path / "out").exercises
    assert failed(exercise, text) == set()


NAP = "import asyncio\nasync def nap(pause: float = 0.25):\n    await asyncio.sleep(pause)\n"


@pytest.mark.parametrize(
    ("before", "after", "missed"),
    [
        ("", "", set()),
        ("    await asyncio.sleep(pause)", "    for _ in 'ab':\n        await asyncio.sleep(pause / 2)", set()),
        ("0.25", "1", {"default"}),
        (" = 0.25", "", {"default"}),
        ("(pause)", "(1)", {"time", "default"}),
    ],
)
def test_who_sleeps_what_it_is_given_is_asked_for_that(
    tmp_path: Path, before: str, after: str, missed: set[str]
) -> None:
    put(tmp_path / "in", a__0_nap=NAP)
    (exercise,) = loaded(drafted(tmp_path / "in"), tmp_path / "out").exercises
    assert {name for name, _ in failed(exercise, NAP.replace(before, after))} - {"result"} == missed


def test_what_does_not_always_sleep_is_not_asked_for_a_time(tmp_path: Path) -> None:
    for at, body in enumerate(("    if pause > 1:\n        await", "    return")):
        text = NAP.replace("    await", body)
        assert "id: time" not in the_draft(tmp_path / f"{at}", a__0_nap=text)


def test_a_generator_may_sleep_parts_of_a_second(tmp_path: Path) -> None:
    text = LEVELS.replace("sleep(1)", "sleep(0.1)")
    (exercise,) = loaded(drafted(put(tmp_path / "in", a__0_levels=text)), tmp_path / "out").exercises
    assert failed(exercise, text) == set()
    assert {name for name, _ in failed(exercise, text.replace("0.1", "0.2"))} == {"pace"}


# ---------------------------------------------------------------- folders and names


def test_the_number_before_a_folders_name_is_left_out(tmp_path: Path) -> None:
    put(
        tmp_path / "in",
        **{"0x01-basics__0_a": "async def a(): return 1\n", "02_tasks__0_a": "async def b(): return 1\n"},
    )
    course = loaded(drafted(tmp_path / "in"), tmp_path / "out")
    assert [exercise.file.within for exercise in course.exercises] == ["tasks", "basics"]
    assert course.file.submissions is not None
    assert course.file.submissions.files == "**/*{within}/{module}.py"


@pytest.mark.parametrize(
    ("folders", "pattern"),
    [
        (("0x01-basics", "0x02-basics"), "**/*{within}/{module}.py"),
        (("0x01-basics", "0x02-more_basics"), "**/*{within}/{module}.py"),
        (("basics", "more_basics"), "**/{within}/{module}.py"),
    ],
)
def test_a_name_that_would_find_two_folders_is_not_shortened(
    tmp_path: Path, folders: tuple[str, str], pattern: str
) -> None:
    put(tmp_path / "in", **{f"{folder}__0_a": "async def a(): return 1\n" for folder in folders})
    course = loaded(drafted(tmp_path / "in"), tmp_path / "out")
    assert [exercise.file.within for exercise in course.exercises] == list(folders)
    assert course.file.submissions is not None
    assert course.file.submissions.files == pattern


def test_a_file_named_after_a_module_of_pythons_own_takes_nothing_from_the_others(tmp_path: Path) -> None:
    (tmp_path / "in" / "part").mkdir(parents=True)
    (tmp_path / "in" / "part" / "0-wait.py").write_text(WAIT)
    (tmp_path / "in" / "part" / "asyncio.py").write_text("def run(): pass\n")
    reference = read_reference(tmp_path / "in")
    assert [left.reason for left in reference.left_out] == ["it would hide Python's own module 'asyncio'; rename it"]
    (exercise,) = loaded(draft_course(reference, "A course"), tmp_path / "out").exercises
    assert exercise.file.world.replaces == ["asyncio.sleep"]
    assert exercise.file.world.modules == {}
    assert failed(exercise, WAIT) == set()


def test_a_files_name_may_have_spaces(tmp_path: Path) -> None:
    part = tmp_path / "in" / "part"
    part.mkdir(parents=True)
    (part / "task zero.py").write_text(WAIT)
    (part / "task one.py").write_text(GATHER.replace("0-wait", "task zero"))
    course = loaded(drafted(tmp_path / "in"), tmp_path / "out")
    assert {exercise.module: exercise.file.needs for exercise in load_course(tmp_path / "out").exercises} == {
        "task zero": [],
        "task one": ["task zero"],
    }
    assert failed(one(course, "task-zero"), WAIT) == set()
    assert {name for name, _ in failed(one(course, "task-one"), GATHER.replace("0-wait", "task zero"))} == {"result"}


def test_the_sites_are_those_of_the_text(tmp_path: Path) -> None:
    file, function = function_of(tmp_path, TASKS)
    assert [ast.unparse(site.node) for site in sites_of(function, file.origins).all] == ["wait(1)", "wait(2)"]
