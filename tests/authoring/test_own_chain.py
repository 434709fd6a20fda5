"""The proof of an exercise whose earlier files are the learner's own: a right chain lies beside the reference."""

from pathlib import Path

import pytest
from msgspec import structs

from grader.authoring.own_chain import unnoticed
from grader.authoring.programs import Program
from grader.authoring.proof import prove
from grader.authoring.record import record
from grader.course.model import Exercise
from tests.adopted import GOOD, SLEEP, adopted

WAIT = "import asyncio\nasync def wait_a_while(most=10):\n    await asyncio.sleep(2)\n    return 2\n"
CHECKS = [
    {"kind": "result", "id": "result", "points": 6, "result": [97, 98, 99], "under": "provided"},
    {"kind": "holds", "id": "sorted", "points": 4, "holds": "=result == sorted(result) and elapsed <= 3"},
]


@pytest.fixture
def exercise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exercise:
    folder = tmp_path / "exercises" / "01_fetch_all"  # not beside the folders of other tests, which would find it
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    (folder / "reference.py").write_text(GOOD)
    (folder / "0-wait_a_while.py").write_text(WAIT)
    (folder / "exercise.yaml").write_text("slug: fetch-all\n")
    made = adopted(dependencies="both", entries={"fetch_all": {"args": [3], "checks": CHECKS}})
    return structs.replace(made, folder=str(folder), solutions=str(folder))


def proved(exercise: Exercise) -> list[str]:
    reference = Program(Path(exercise.solutions or "", "reference.py"), "right")
    return [problem.message for problem in prove(exercise, reference, 1)]


def test_a_reference_is_right_with_both(exercise: Exercise) -> None:
    assert proved(exercise) == []


@pytest.mark.parametrize("dependencies", ["provided", "both"])
def test_what_a_program_imports_beside_the_reference_is_there(exercise: Exercise, dependencies: str) -> None:
    file = structs.replace(exercise.file, dependencies=dependencies)
    folder = Path(exercise.folder)
    (folder / "utils").mkdir()
    (folder / "utils" / "__init__.py").write_text("from .order import ordered\n")
    (folder / "utils" / "order.py").write_text("ordered = sorted\n")
    (folder / "accepted_other.py").write_text(f"from utils import ordered\n{GOOD.replace('sorted', 'ordered')}")
    program = Program(folder / "accepted_other.py", "right")
    assert prove(structs.replace(exercise, file=file), program, 1) == []


def test_a_reference_that_is_not_right_with_its_own_files_is_told(exercise: Exercise) -> None:
    Path(exercise.folder, "0-wait_a_while.py").write_text(WAIT.replace("sleep(2)", "sleep(5)"))
    (told,) = proved(exercise)
    assert told == (
        "is not right with its own earlier files: With your own `0-wait_a_while` it is not right yet: your function returned "
        "[2, 2, 2] and it took 5.0 s. mend the files beside the reference, or say 'under: provided' where a check cannot hold "
        "with them (seed 'fetch-all/0')"
    )


def test_what_is_possible_is_what_the_chain_of_the_reference_does(exercise: Exercise) -> None:
    world = {"operations": {"sleep": SLEEP}, "replaces": ["asyncio.sleep"]}
    file = adopted(dependencies="own", world=world).file
    found = record(structs.replace(exercise, file=file))
    assert found is not None
    assert [(row.operation, row.start, row.end) for row in found.runs["fetch_all/seen"].rows] == [
        ("sleep", 0, 2 * 10**9)
    ] * 3


def test_an_exercise_in_which_no_mistake_would_show_with_own_files_is_warned_of(exercise: Exercise) -> None:
    (exercise_file := Path(exercise.folder, "exercise.yaml")).write_text("slug: fetch-all\nentries:\n  fetch_all: {}\n")
    entries = {"fetch_all": {"args": [3], "checks": [CHECKS[0], {**CHECKS[1], "points": 2}]}}
    made = structs.replace(exercise, file=adopted(dependencies="both", entries=entries).file)
    (told,) = unnoticed([made])
    assert (Path(told.path), told.line) == (exercise_file.relative_to(Path.cwd()), 3)
    assert told.message == (
        "entry 'fetch_all': with the learner's own earlier files checks of 2 of 8 points are looked at, which is too little to "
        "notice a mistake, and nobody is told there that it is right; add checks that can be seen there: 'replaces: "
        "[asyncio.sleep]' lets sleeps be seen, and 'elapsed' and 'holds' look at the time and at what comes back"
    )


@pytest.mark.parametrize("dependencies", ["provided", "both"])
def test_where_enough_is_looked_at_nobody_is_warned(exercise: Exercise, dependencies: str) -> None:
    parallel = {"kind": "parallel", "id": "together", "points": 3, "parallel": "wait_a_while[*]"}
    entries = {"fetch_all": {"args": [3], "checks": [CHECKS[0], parallel]}}
    file = adopted(dependencies=dependencies, entries=entries).file
    assert unnoticed([structs.replace(exercise, file=file)]) == []
    Path(exercise.folder, "0-wait_a_while.py").write_text(WAIT.replace("async def", "@(lambda f: f)\nasync def"))
    warned = unnoticed([structs.replace(exercise, file=file)])  # its calls cannot be seen
    assert len(warned) == (dependencies == "both")


def test_with_own_files_alone_the_text_of_a_program_is_too_little(exercise: Exercise) -> None:
    source = {"kind": "source", "id": "gather", "points": 10, "source": {"require": ["call:asyncio.gather"]}}
    file = adopted(dependencies="own", world={}, entries={"fetch_all": {"args": [3], "checks": [source]}}).file
    (told,) = unnoticed([structs.replace(exercise, file=file)])
    assert "no more than its text is looked at" in told.message
    seen = [source, {"kind": "elapsed", "id": "time", "points": 1, "elapsed": 2}]
    file = adopted(dependencies="own", world={}, entries={"fetch_all": {"args": [3], "checks": seen}}).file
    assert unnoticed([structs.replace(exercise, file=file)]) == []
