"""From an exercise in a folder and a program to a verdict, with nothing made by hand."""

from pathlib import Path
from textwrap import dedent

import msgspec
import pytest

from grader.course.load import load_exercise
from grader.course.model import Exercise
from grader.course.possible import PossibleRow, PossibleRun, possible, save_possible
from grader.errors import UsageError
from grader.grading import grade
from grader.run import resolved
from grader.ticks import to_ticks
from grader.verdict import Versions, encode

YAML = """
    schema: 1
    slug: two-waits
    goal: Wait for two things at once.
    prompt: Write together.
    concepts: [gather]
    hints: [one, two, three]
    docs: ["https://docs.python.org/3/library/asyncio-task.html"]
    vars:
      a: {number: [1, 9], step: 0.5}
      b: {number: [1, 9], step: 0.5}
    such_that: ["=a != b"]
    world:
      operations:
        say: {params: [delay, what], key: what, duration: "=delay", result: "=what"}
    entries:
      together:
        args: ["=say", "=a", "=b"]
        checks:
          - {id: result, points: 4, result: ["x", "y"]}
          - {id: parallel, points: 4, parallel: "say[*]"}
          - {id: time, points: 2, elapsed: "=max(a, b)"}
    cases:
      - {name: seen, with: {a: 1, b: 2}}
    misconceptions:
      - {id: one-by-one, when: {elapsed: "=a + b"}, says: It took both., example: one_by_one.py}
"""
TOGETHER = """
    import asyncio

    async def together(say, a, b):
        return await asyncio.gather(say(a, 'x'), say(b, 'y'))
"""
ONE_BY_ONE = """
    async def together(say, a, b):
        return [await say(a, 'x'), await say(b, 'y')]
"""


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    folder = tmp_path / "exercises" / "01_two_waits"
    solutions = tmp_path / "solutions" / "01_two_waits"
    folder.mkdir(parents=True)
    solutions.mkdir(parents=True)
    (folder / "exercise.yaml").write_text(dedent(YAML))
    (folder / "two_waits.py").write_text("async def together(say, a, b):\n    ...\n")
    (solutions / "hidden.yaml").write_text("schema: 1\ncases:\n  - {name: drawn, draws: 3}\n")
    return load_exercise(folder)


def test_a_right_program_passes_and_a_wrong_one_is_explained(exercise: Exercise) -> None:
    right, wrong = grade(exercise, dedent(TOGETHER)), grade(exercise, dedent(ONE_BY_ONE))
    assert (right.status, right.points, right.misconception) == ("passed", 10, None)
    assert (wrong.status, wrong.points, wrong.misconception) == ("failed", 4, "one-by-one")
    assert [check.rationale for check in wrong.checks if check.status == "failed"] == [
        "say(y) started at 1 s, line 3, when say(x) had finished: they never ran at the same time",
        "your function took 3 s of virtual time; it can take 2 s",
    ]


def test_text_bytes_and_a_path_are_the_same(exercise: Exercise, tmp_path: Path) -> None:
    file = tmp_path / "handed_in.py"
    file.write_text(dedent(TOGETHER))
    verdicts = [grade(exercise, source) for source in (file, file.read_bytes(), file.read_text())]
    assert len({encode(verdict) for verdict in verdicts}) == 1


def test_a_file_that_is_not_there_is_the_callers_mistake(exercise: Exercise) -> None:
    with pytest.raises(
        UsageError, match=r"^nowhere\.py: cannot be read: No such file or directory; name a Python file$"
    ):
        grade(exercise, Path("nowhere.py"))


def test_the_same_seed_gives_the_same_verdict_in_a_child(exercise: Exercise) -> None:
    here = grade(exercise, dedent(ONE_BY_ONE), hidden=True, learner="ann")
    child = grade(exercise, dedent(ONE_BY_ONE), hidden=True, learner="ann", isolation="child")
    assert child.isolation == resolved("child")
    assert msgspec.structs.replace(child, isolation=here.isolation) == here


def test_hidden_cases_run_only_for_marks(exercise: Exercise) -> None:
    practice = grade(exercise, dedent(TOGETHER))
    marks = grade(exercise, dedent(TOGETHER), hidden=True, learner="ann")
    assert (len(practice.cases), practice.hidden_cases_left_out, practice.seed) == (1, 3, "two-waits")
    assert (len(marks.cases), marks.hidden_cases_left_out, marks.seed) == (4, 0, "two-waits/ann")


def test_a_seed_that_is_given_stands_in_the_verdict(exercise: Exercise) -> None:
    assert grade(exercise, dedent(TOGETHER), seed="mine", learner="ann").seed == "mine"


def test_what_was_recorded_is_shown_only_while_it_belongs_to_the_exercise(exercise: Exercise) -> None:
    run = PossibleRun(to_ticks(2), (PossibleRow("say", "x", 0, to_ticks(1)), PossibleRow("say", "y", 0, to_ticks(2))))
    save_possible(exercise, possible(exercise, {"together/seen": run}))
    recorded = grade(exercise, dedent(TOGETHER)).cases[0].possible
    assert recorded is not None
    assert [(bar.key, bar.start, bar.end) for bar in recorded.bars] == [("x", 0, 1), ("y", 0, 2)]

    text = Path(exercise.folder, "exercise.yaml").read_text()
    Path(exercise.folder, "exercise.yaml").write_text(text.replace("b: 2", "b: 3"))
    assert grade(exercise, dedent(TOGETHER)).cases[0].possible is None


def test_the_stamp_changes_with_the_exercise_and_its_hidden_cases(exercise: Exercise) -> None:
    stamps: list[Versions] = []
    for name in ("exercise.yaml", "hidden.yaml", ""):
        stamps.append(grade(exercise, "").versions)
        folder = exercise.solutions if name == "hidden.yaml" else exercise.folder
        if name and folder:
            Path(folder, name).write_text(Path(folder, name).read_text() + "# changed\n")
    assert len({stamp.course for stamp in stamps}) == 3


@pytest.mark.parametrize(
    ("source", "title"),
    [
        (b"async def togehter(say, a, b): pass\n", "there is no `together` in your file"),
        (b"def together(say, a, b): pass\n", "`together` has to be a coroutine function, `async def`"),
        (b"x = (\n", "your file is not valid Python yet"),
        (b"x = '\xff'\n", "your file is not valid Python yet"),
        (b"import nothing_of_this_name\n", "your file stopped with ModuleNotFoundError while it was being loaded"),
        (b"", "there is no `together` in your file"),
    ],
)
def test_a_file_that_cannot_be_run_is_failed_with_a_reason(exercise: Exercise, source: bytes, title: str) -> None:
    verdict = grade(exercise, source)
    assert (verdict.status, verdict.points) == ("failed", 0)
    assert verdict.cases[0].fault is not None
    assert verdict.cases[0].fault.title == title
