"""Many small folders of reference files: each draft loads, its stubs are sound, its references run in the world it has."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from grader.authoring.adopted.draft import Draft, draft_course
from grader.authoring.adopted.reference import read_reference
from grader.authoring.programs import submitted
from grader.authoring.stub import stub_problems
from grader.course.load import read_course
from grader.course.model import Exercise
from grader.grading import grade
from grader.verdict import outcome_of

Files = dict[str, str]
Drafted = Callable[[str], dict[str, Exercise]]


def _folders() -> dict[str, Files]:
    """folders.txt: `=== ` before the name of a folder, `--- ` before that of a file in it."""
    found: dict[str, Files] = {}
    for part in Path(__file__).with_name("folders.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        name, _, rest = part.partition("\n")
        files = (one.partition("\n") for one in rest.split("--- ")[1:])
        found[name] = {file: text for file, _, text in files}
    return found


FOLDERS = _folders()


def written(folder: Path, files: Files) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def out_of(draft: Draft, out: Path) -> Path:
    for name, content in draft.files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    return out


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    """The exercises of a folder's draft, by their modules; each folder is drafted once."""

    @cache
    def of(name: str) -> dict[str, Exercise]:
        folder = tmp_path_factory.mktemp("folder")
        draft = draft_course(read_reference(written(folder / "in", FOLDERS[name])), name)
        course, problems = read_course(out_of(draft, folder / "out"))
        assert [str(problem) for problem in problems] == []
        assert course is not None
        return {exercise.module: exercise for exercise in course.exercises}

    return of


def said(exercise: Exercise) -> str:
    return Path(exercise.folder, "exercise.yaml").read_text(encoding="utf-8")


# What can be seen in a text, and cannot be called: each is named there.
NOT_CALLED = {("given-by-name-only", "0-a"), ("several-tasks", "0-a"), ("generators", "0-a")}


@pytest.mark.parametrize("name", FOLDERS)
def test_the_draft_loads_and_its_references_run_as_what_they_are_said_to_be(drafted: Drafted, name: str) -> None:
    """What can be seen in a text and cannot be called ends in a crash; a note has said so."""
    for module, exercise in drafted(name).items():
        assert [str(problem) for problem in stub_problems(exercise)] == []
        verdict = grade(exercise, submitted(exercise, Path(exercise.solutions or "", "reference.py")), seed="one")
        assert verdict.status != "error", verdict.error
        assert outcome_of(verdict) in ("result", *(["crash"] if (name, module) in NOT_CALLED else [])), (
            module,
            verdict,
        )
        stub = grade(exercise, submitted(exercise, Path(exercise.folder, f"{module}.py")), seed="one")
        assert outcome_of(stub) in ("crash", "result"), (module, stub)
        assert stub.points == 0


@pytest.mark.parametrize(
    ("name", "module", "line"),
    [
        (
            "given-by-name-only",
            "0-a",
            "# TODO: 0-a.py:2: 'b' takes as many arguments as there are in 'ns'; give some in 'args'",
        ),
        ("one-that-no-entry-can-have", "0-a", "# TODO: 0-a.py:1: 'sum' has the name of a function of expressions"),
        ("generators", "0-a", "# TODO: 0-a.py:11: 'c' is an ordinary generator, and no kind of entry goes through it"),
        (
            "several-tasks",
            "0-a",
            "# TODO: 0-a.py:4: 'a' gives back several things that nobody awaits; check what they call",
        ),
        (
            "under-a-condition",
            "0-a",
            "# TODO: 0-a.py:3: 'a' stands under a condition; see whether it is the one that is meant",
        ),
        (
            "decorated",
            "0-a",
            "# TODO: 0-a.py:6: 'a' is decorated; see whether it is still the coroutine that its 'def' says",
        ),
        ("classes-with-a-loop", "0-a", "# TODO: 0-a.py:2: 'lock' is made while the file is imported; it is left out"),
        (
            "classes-with-a-loop",
            "0-a",
            "# TODO: 0-a.py:6: the class 'Unused' is no entry, and no function that could be one uses it; what uses it has",
        ),
        ("classes-that-wait", "1-b", "# TODO: 0-a.py:7: Pool is provided as it stands there; see what"),
        ("classes-that-wait", "1-b", "# TODO: 0-a.py:4: NOW is not provided; see what"),
        (
            "a-private-name",
            "1-b",
            "      # TODO: '_own' is taken from 0-a.py, and is not provided; write it under 'code'",
        ),
        ("tests-and-what-runs", "0-a", "# TODO: 0-a.py:2: 'main' is what the main block runs; it is left out"),
        (
            "files-of-a-package",
            "b",
            "# TODO: b.py:2: 'hw.a' is imported from a folder, and files are graded without a package; it cannot be done",
        ),
        (
            "a-package-beside",
            "a",
            "# TODO: a.py:1: 'utils' is a folder beside the file; a learner's own is found beside theirs: see that all have it",
        ),
        (
            "other-peoples-packages",
            "0-a",
            "# TODO: 0-a.py:2: 'nowhere_at_all' is not Python's own; name its package in course.yaml",
        ),
    ],
)
def test_what_a_text_does_not_tell_is_said_with_its_line(drafted: Drafted, name: str, module: str, line: str) -> None:
    assert line in said(drafted(name)[module])


def test_a_plain_folder_has_no_such_lines(drafted: Drafted) -> None:
    assert "# TODO" not in said(drafted("the-order-of-need")["0-all"])


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("a-generator-that-sleeps-its-parameter", ["every"]),
        ("a-generator-that-sleeps-what-has-a-default-or-a-name", ["every=0.5"]),
    ],
)
def test_what_a_learner_passes_is_how_long_a_generator_sleeps(
    drafted: Drafted, name: str, params: list[str], tmp_path: Path
) -> None:
    exercise = drafted(name)["1-use"]
    operation = exercise.file.world.operations["tick_awaited"]
    assert (operation.params, operation.duration) == (params, "=every")
    given = "tick = __import__('0-tick').tick\nasync def use(*_): return [x async for x in tick(n=2, every=EVERY)]\n"
    took = []
    for every in ("0.75", "2.5"):
        (tmp_path / "mine.py").write_text(given.replace("EVERY", every))
        took.append(grade(exercise, tmp_path / "mine.py", seed="one").cases[0].elapsed)
    assert took == [1.5, 5.0]


def test_what_a_file_needs_comes_before_it(drafted: Drafted) -> None:
    assert list(drafted("the-order-of-need")) == ["9-wait", "0-all", "5-half"]


def test_what_a_file_hands_on_can_be_imported_from_it(drafted: Drafted, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "one = __import__('1-many')\nasync def last(n):\n    return [await one.wait(n)]\n"
    )
    exercise = drafted("handed-on-by-another-file")["2-last"]
    assert exercise.file.world.modules["1-many"].operations == ["wait", "many"]
    assert outcome_of(grade(exercise, tmp_path / "mine.py", seed="one")) == "result"


def test_modules_and_constants_are_handed_on_as_they_are_called_there(drafted: Drafted) -> None:
    provided = drafted("modules-by-other-names")["1-many"].file.world.modules["0-wait"]
    assert provided.also == ["random.choice"]
    assert provided.code == "import asyncio as aio\nimport os.path\nfrom random import uniform as u\n"
    code = drafted("constants-and-classes")["1-many"].file.world.modules["0-wait"].code
    assert code.startswith("MOST, least = (7, -1)\nWORDS = ['a']\n@dataclass\nclass Job:\n    n: int\n")


def test_what_only_makes_values_is_handed_on_with_the_functions_that_need_it(drafted: Drafted) -> None:
    exercise = drafted("plain-classes")["1-b"]
    provided = exercise.file.world.modules["0-a"]
    assert (provided.operations, exercise.file.world.operations) == ([], {})
    there = ("HERE = Path(__file__)", "class Job:", "def parse(cls, text):", "def jobs(text):")
    assert [one for one in there if one not in provided.code] == []
    assert "# TODO" not in said(exercise) + said(drafted("plain-classes")["0-a"])


def test_what_a_method_sleeps_is_seen(drafted: Drafted) -> None:
    exercise = drafted("classes-that-wait")["0-a"]
    assert exercise.file.world.replaces == ["asyncio.sleep"]
    assert exercise.file.entries["a"].kind == "coroutine"
    assert [check.id for check in exercise.file.entries["a"].checks] == ["work", "result"]
    assert "class 'Pool'" not in said(exercise)


def test_tests_and_main_blocks_are_no_part_of_the_course(drafted: Drafted) -> None:
    exercises = drafted("tests-and-what-runs")
    assert list(exercises) == ["0-a", "1-b"]
    assert list(exercises["0-a"].file.entries) == ["a"]
    assert exercises["0-a"].file.needs == []


def test_a_sleep_is_seen_by_whatever_name_and_one_of_another_kind_is_none(drafted: Drafted, tmp_path: Path) -> None:
    exercises = drafted("sleeps-by-other-names")
    assert [one.file.world.replaces for one in exercises.values()] == [["asyncio.sleep"]] * 3
    other = written(tmp_path / "2", {"a/0-a.py": "import time\ndef a(n: int):\n    time.sleep(n)\n"})
    assert read_reference(other).files[0].functions[0].sleeps == ()


def test_a_file_of_an_environment_is_not_even_named(tmp_path: Path) -> None:
    files = {"a/0-a.py": "def a(): return 1\n", "env/pyvenv.cfg": "", "env/lib/b.py": "def b(): pass\n"}
    found = read_reference(written(tmp_path, files))
    assert ([file.module for file in found.files], found.left_out) == (["0-a"], ())


def test_a_package_lies_beside_the_reference(drafted: Drafted) -> None:
    solutions = Path(drafted("a-package-beside")["a"].solutions or "")
    found = sorted(path.relative_to(solutions).as_posix() for path in solutions.rglob("*.py"))
    assert found == ["reference.py", "utils/__init__.py", "utils/deep/__init__.py"]
