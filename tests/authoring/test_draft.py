"""A drafted course: it loads, says what the files say, and marks what they do not."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.authoring.adopted.draft import Draft, draft_course
from grader.authoring.adopted.reference import read_reference
from grader.authoring.programs import Program, submitted
from grader.authoring.proof import prove
from grader.cli.adopt import listing
from grader.course.load import load_course, read_course
from grader.course.model import Course, Exercise
from grader.grading import grade
from grader.verdict import Own, outcome_of
from tests.authoring.test_reference import ADOPTED, put


def drafted(folder: Path) -> Draft:
    return draft_course(read_reference(folder), "A course")


def loaded(draft: Draft, out: Path) -> Course:
    for name, content in draft.files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    return load_course(out)


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return loaded(drafted(ADOPTED), tmp_path_factory.mktemp("course"))


def test_the_draft_of_the_example_can_be_read(adopted: Course) -> None:
    assert [(exercise.slug, exercise.module, exercise.file.within) for exercise in adopted.exercises] == [
        ("next-bus", "0-next_bus", "night_bus"),
        ("all-lines", "1-all_lines", "night_bus"),
        ("night-bus-timed", "2-timed", "night_bus"),
        ("watcher", "3-watcher", "night_bus"),
        ("first-buses", "4-first_buses", "night_bus"),
        ("readings", "0-readings", "river_gauge"),
        ("high-water", "1-high_water", "river_gauge"),
        ("river-gauge-timed", "2-timed", "river_gauge"),
        ("how-often", "3-how_often", "river_gauge"),
    ]
    assert adopted.file.submissions is not None
    assert adopted.file.submissions.files == "**/*{within}/{module}.py"


def test_the_draft_says_what_the_files_say(adopted: Course) -> None:
    by_slug = {exercise.slug: exercise.file for exercise in adopted.exercises}
    assert by_slug["next-bus"].world.replaces == ["asyncio.sleep"]
    assert by_slug["all-lines"].world.operations["next_bus"].params == ["longest=12"]
    assert by_slug["all-lines"].world.modules["0-next_bus"].also == ["asyncio", "random"]
    assert by_slug["first-buses"].needs == ["0-next_bus", "3-watcher"]
    assert "asyncio.create_task(next_bus(longest))" in by_slug["first-buses"].world.modules["3-watcher"].code
    assert (
        "range(count):\n        yield await readings_awaited()"
        in by_slug["high-water"].world.modules["0-readings"].code
    )
    assert by_slug["river-gauge-timed"].world.operations["high_water"].params == ["mark", "count"]
    assert by_slug["watcher"].entries["watcher"].kind == "function_in_loop"
    assert by_slug["watcher"].entries["watcher"].returns == "task"
    assert by_slug["night-bus-timed"].entries["mean_wait"].kind == "function"


def test_what_cannot_be_known_is_marked_and_what_the_files_show_is_a_check(adopted: Course) -> None:
    shown = {exercise.slug: checks_of(exercise) for exercise in adopted.exercises}
    assert shown["next-bus"]["slept"] == "=abs(elapsed - sum(result)) < 0.01"
    assert shown["next-bus"]["range"] == "=min(result) >= 0 and max(result) <= longest"
    assert shown["all-lines"]["result"] == "TODO: what is returned, such as =in_order"
    assert shown["all-lines"]["time"] == "=durations['next_bus'] and elapsed <= max(durations['next_bus']) + 0.25"
    went = "durations['readings_awaited']"
    assert shown["high-water"]["time"] == f"={went} and elapsed <= sum({went}) + 0.25"
    assert shown["all-lines"]["calls"] == "next_bus[{longest}]"
    assert shown["night-bus-timed"]["result"] == "=abs(result - (elapsed / lines)) < 0.001"
    assert shown["watcher"]["result"] == "=answers[0]"
    assert shown["first-buses"]["result"].startswith("TODO: ")
    assert shown["readings"]["pace"] == "=yields == [1 * (at + 1) for at in range(count)]"
    assert shown["readings"]["count"] == "=len(result) == count"
    assert shown["high-water"]["result"] == "TODO: what is returned, such as =values[:count]"
    assert shown["river-gauge-timed"]["result"] == "=abs(result - elapsed) < 0.001"
    assert shown["river-gauge-timed"]["together"] == "high_water[*]"


def checks_of(exercise: Exercise) -> dict[str, str]:
    checks = [check for entry in exercise.file.entries.values() for check in entry.checks]
    kinds = ("result", "holds", "parallel", "calls")
    return {check.id: str(getattr(check, kind)) for check in checks for kind in kinds if hasattr(check, kind)}


@pytest.mark.parametrize("slug", ["next-bus", "night-bus-timed", "watcher", "readings", "river-gauge-timed"])
def test_a_draft_with_nothing_left_to_fill_in_is_met_by_its_reference(adopted: Course, slug: str) -> None:
    (exercise,) = [one for one in adopted.exercises if one.slug == slug]
    verdict = grade(exercise, Path(exercise.solutions or "", "reference.py"), seed="one")
    assert (verdict.status, verdict.points) == ("passed", 10)


def test_solutions_are_the_files_themselves_and_stubs_have_nothing_in_them(adopted: Course) -> None:
    home = Path(adopted.path).parent
    for exercise in adopted.exercises:
        folder = Path(exercise.folder).name
        reference = ADOPTED / (exercise.file.within or "") / f"{exercise.module}.py"
        assert (home / "solutions" / folder / "reference.py").read_bytes() == reference.read_bytes()
        stub = (home / "exercises" / folder / f"{exercise.module}.py").read_text()
        assert "raise NotImplementedError" in stub
        assert "perf_counter()" not in stub


def test_the_right_chain_lies_beside_each_solution(adopted: Course) -> None:
    home = Path(adopted.path).parent
    for exercise in adopted.exercises:
        beside = {path.stem for path in (home / "solutions" / Path(exercise.folder).name).iterdir()} - {"reference"}
        assert beside == set(exercise.file.needs)
    (chain,) = [one for one in adopted.exercises if one.slug == "river-gauge-timed"]
    both = replace(chain, file=replace(chain.file, dependencies="both"))
    verdict = grade(both, submitted(both, Path(chain.solutions or "", "reference.py")), seed="one")
    assert isinstance(verdict.own, Own)
    assert (verdict.own.outcome, verdict.own.passed) == ("result", True), verdict.own.says


def test_a_folder_that_holds_the_files_itself_is_where_they_lie(tmp_path: Path) -> None:
    (tmp_path / "async_part").mkdir()
    (tmp_path / "async_part" / "0-a.py").write_text("async def a(): return 1\n")
    (exercise,) = loaded(drafted(tmp_path / "async_part"), tmp_path / "out").exercises
    assert exercise.file.within == "async_part"


def test_every_place_to_fill_in_is_counted(tmp_path: Path) -> None:
    draft = drafted(put(tmp_path, a__0_a="async def a():\n    return 1\n"))
    text = draft.files["exercises/01_a/exercise.yaml"].decode()
    assert draft.places == text.count("TODO") == 6


def test_a_file_of_several_functions_shares_its_points(tmp_path: Path) -> None:
    draft = drafted(put(tmp_path / "in", a__0_a="async def a(): pass\nasync def b(): pass\ndef c(): pass\n"))
    (exercise,) = loaded(draft, tmp_path / "out").exercises
    assert [sum(check.points for check in entry.checks) for entry in exercise.file.entries.values()] == [4, 3, 3]


@pytest.mark.parametrize(
    "text",
    [
        "async def f(list, number, max): return list\n",
        'async def f(a: "int" = 1, b: float = 0.5, c="x", *d, e=2): return a\n',
        '"""Say: "yes" # no\\n\\n{braces} and \\\\ more."""\nasync def f(x):\n    """Take `x`: \'it\' - {y}."""\n',
        "import asyncio as aio\nfrom random import *\nfrom . import x\nasync def f(n=[]): await aio.sleep(n)\n",
        "async def sleep(n):\n    await asyncio.sleep(n)\n",
        'async def f(on, _, __y=1, no=2):\n    """A bell: \\a\\x00.\n\n    \\ud800 and\\ttab."""\n',
        "def f(): return asyncio.run(g())\nasync def g():\n    yield 1\n",
    ],
)
def test_whatever_the_files_hold_the_draft_can_be_read(tmp_path: Path, text: str) -> None:
    use = '\nf = __import__("0-Über_2").f\nasync def many(n):\n    return await f(n)\n'
    folder = tmp_path / "in" / "0x03-Some Things!"
    folder.mkdir(parents=True)
    (folder / "0-Über_2.py").write_text(text, encoding="utf-8")
    (folder / "1-many.py").write_text(use if "def f" in text else "async def many(): pass\n", encoding="utf-8")
    draft = drafted(tmp_path / "in")
    for name, content in draft.files.items():
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_bytes(content)
    assert read_course(tmp_path / "out")[1] == []


def test_a_function_that_only_computes_needs_no_operation(tmp_path: Path) -> None:
    text = "import asyncio\nasync def nap(n: int): await asyncio.sleep(n)\ndef double(n: int): return 2 * n\n"
    course = loaded(drafted(put(tmp_path / "in", a__0_a=text)), tmp_path / "out")
    page = Path(course.exercises[0].folder, "exercise.yaml")
    assert page.read_text().count("work: false") == 1
    solved = page.read_text().replace(
        'result: "TODO: what is returned, such as an expression over the vars above"', "result: null", 1
    )
    solved = solved.replace('"TODO: what is returned, such as an expression over the vars above"', '"=2 * n"')

    def told(text: str) -> list[str]:
        page.write_text(text)
        (exercise,) = load_course(tmp_path / "out").exercises
        program = Program(Path(exercise.solutions or "", "reference.py"), "right")
        return [str(problem) for problem in prove(exercise, program, 1)]

    assert told(solved) == []
    (line,) = told(solved.replace("    work: false\n", ""))
    assert line.endswith("; say 'work: false' where an entry needs no operation (seed 'a/0')")


def test_what_a_file_reads_beside_it_is_provided_and_lies_beside_the_stub(tmp_path: Path) -> None:
    text = "from pathlib import Path\ndef load(name='people.txt'):\n    return Path(__file__).with_name(name).read_text()\n"
    folder = put(
        tmp_path / "in", a__0_load=text, a__1_all="load = __import__('0-load').load\ndef both():\n    return load()\n"
    )
    people = "ann 1\nb\u00f6b 2\n"
    (folder / "a" / "people.txt").write_text(people, encoding="utf-8")
    (folder / "a" / "unused.txt").write_text("x")
    course = loaded(drafted(folder), tmp_path / "out")
    for exercise in course.exercises:
        assert exercise.file.world.files == {"people.txt": people}
        assert Path(exercise.folder, "people.txt").read_text(encoding="utf-8") == people
        assert outcome_of(grade(exercise, Path(exercise.solutions or "", "reference.py"), seed="one")) == "result"
    assert course.exercises[0].file.vars == {"name": "people.txt"}
    assert "  reads people.txt" in list(listing(read_reference(folder), folder.resolve()))
