"""A whole class through nbgrader's own commands, from the course to the exported grades: everybody has what was planted."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy

from grader.course.cases import cases_of
from grader.course.load import load_course
from grader.exports.sheet import read_sheet
from grader.notebooks.sooner import newest
from tests.notebooks.classroom import FIRST, ROOT, SAY, UNIT, Classroom, about, reference, wrong
from tests.notebooks.commands import Commands, commands

pytestmark = [pytest.mark.slow, pytest.mark.ends, pytest.mark.timeout(600)]

Cells = str | list[str] | None  # in the place of the solution, and above it; None: as it was handed out


def _accepted(folder: str, name: str) -> str:
    return (ROOT / "solutions" / folder / f"accepted_{name}.py").read_text()


def _first(name: str) -> str:
    return wrong("01_first_await", name)


def _say(name: str) -> str:
    return wrong("05_say_after", name)


HANGS = "import asyncio\nawait asyncio.Event().wait()"
LOUD = "import sys, warnings\nprint('!', file=sys.stderr)\nwarnings.warn('!')\nasync def never(): ...\nnever()"
ONE_EXITS = f"import os\n{SAY}\nasync def together(*arguments):\n    os._exit(0)\n"
WAITS = "import asyncio\nasync def greet_twice(say_after, name):\n    await asyncio.Event().wait()"
SPINS = (
    "async def greet_twice(say_after, name):\n    await say_after(1, f'hello {name}')\n    while True:\n        pass"
)
FOR_TWO = FIRST.replace("    return [", "    return [] if name not in ('ann', 'bob') else [")
LIES = """\
import builtins, sys
import grader.notebooks, grader.verdict
shell = get_ipython()
shell.input_transformers_post.append(lambda lines: ["10.0"])
sys.displayhook = lambda value: print("4.0")
builtins.float = builtins.repr = builtins.sum = lambda *a, **k: 10.0
class Always:
    def __eq__(self, other): return True
    def __float__(self): return 10.0
    __repr__ = lambda self: "10.0"
grader.notebooks.earned = lambda *a, **k: Always()
Always()
"""
REACHES = """\
import os, signal, sqlite3
try:
    os.kill(os.getppid(), signal.SIGKILL)
except BaseException as error:
    print(error)
for path in ("gradebook.db", "../gradebook.db", "../../../gradebook.db"):
    try:
        sqlite3.connect(path).execute("UPDATE grade SET manual_score = 10")
    except BaseException as error:
        print(error)
"""

CLASS: dict[str, tuple[Cells, Cells, float, float]] = {
    "ada": (FIRST, SAY, 10, 10),
    "bea": (_accepted("01_first_await", "helper"), _accepted("05_say_after", "gather"), 10, 10),
    "cem": (_accepted("01_first_await", "comprehension"), _accepted("05_say_after", "taskgroup"), 10, 10),
    "dan": ([SAY, FIRST], [FIRST, SAY], 10, 10),  # with helpers of their own, in cells above
    "eva": (_first("both_at_once"), _say("as_completed"), 5, 5.75),
    "fay": (_first("goodbye_first"), _say("nothing_returned"), 6, 1.5),
    "gil": (_first("awaited_twice"), _say("time_sleep"), 0.5, 0),
    "hal": (FOR_TWO, _say("gather_everywhere"), 6, 5.25),
    "ida": (None, None, 0, 0),
    "jon": ("def", SAY, 0, 10),
    "kim": ("", "# nothing yet", 0, 0),
    "leo": ([HANGS, FIRST], [SAY, HANGS], 10, 10),
    "mia": (WAITS, SAY, 0, 10),
    "ned": (SPINS, SAY, 0, 10),
    "ona": ([LOUD, FIRST], [SAY, LOUD], 10, 10),
    "pia": (FIRST, ONE_EXITS, 10, 5),
    "qin": ("import os\nos._exit(0)", SAY, 0, 10),
    "rob": ([LIES, "x = 1"], [LIES, _say("own_words")], 0, 1.5),
    "sue": ([REACHES, FIRST], REACHES, 10, 0),
    "tom": (["import sys\nsys.exit()", FIRST], ["print('x' * 10**6)", SAY], 10, 10),
}


@dataclass(frozen=True)
class Round:
    """What was said on the way: by the instructor's commands, and by those of one learner."""

    room: Classroom
    said: dict[str, str]
    learner: Path


THROUGH_THE_EXCHANGE = "eva"


@pytest.fixture(scope="module")
def round_(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """Twenty submissions, all the way; one of them by the learner's own commands."""
    root = tmp_path_factory.mktemp("round")
    room = Classroom.build(course, root / "nbcourse")
    with commands(root) as nbgrader:
        said = dict[str, str]()

        def run(*words: str) -> None:
            said[words[0]] = nbgrader.run(room.root, *words)

        run("generate_assignment", UNIT)
        run("validate", f"source/{UNIT}/first-await.ipynb")
        run("release_assignment", UNIT)
        learner = Learner(root / "learner", nbgrader)
        learner.hands_in(*CLASS[THROUGH_THE_EXCHANGE][:2])
        run("list", "--inbound")
        run("collect", UNIT)
        for name, (first, say, _, _) in CLASS.items():
            if name != THROUGH_THE_EXCHANGE:
                room.hand_in(name, first_await=first, say_after=say)
        run("autograde", UNIT)
        run("generate_feedback", UNIT)
        run("release_feedback", UNIT, f"--student={THROUGH_THE_EXCHANGE}")
        learner.run("fetch_feedback", UNIT)
        run("export", "--exporter=grader.notebooks.export.GradesExport", "--to=grades")
        sooner(room, "export", "--to=grades.csv")
        yield Round(room, said, learner.folder)


@pytest.fixture(scope="module")
def class_(round_: Round) -> Classroom:
    return round_.room


class Learner:
    """Who has nbgrader, a folder and nothing else of the course."""

    def __init__(self, folder: Path, nbgrader: Commands):
        folder.mkdir()
        self.folder, self._nbgrader = folder, nbgrader

    def run(self, *words: str, there: str = ".") -> str:
        who = [f"--CourseDirectory.student_id={THROUGH_THE_EXCHANGE}", f"--Exchange.cache={self.folder / 'cache'}"]
        return self._nbgrader.run(self.folder / there, *words, "--course=a-small-course", *who)

    def hands_in(self, first: Cells, say: Cells) -> None:
        assert UNIT in self.run("list")
        self.run("fetch_assignment", UNIT)
        assert "VALIDATION FAILED ON 5 CELL(S)!" in self.run("validate", "first-await.ipynb", there=UNIT)
        for name, text in (("first-await", first), ("say-after", say)):
            path = self.folder / UNIT / f"{name}.ipynb"
            notebook = json.loads(path.read_bytes())
            next(cell for cell in notebook["cells"] if about(cell).get("solution"))["source"] = text
            path.write_text(json.dumps(notebook))
        self.run("submit", UNIT)


def sooner(room: Classroom, *words: str) -> None:
    """The command as our own program begins it."""
    run = subprocess.run(
        [sys.executable, "-m", "grader", "notebooks", "nbgrader", *words],
        cwd=room.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


def test_each_of_nbgraders_commands_did_what_it_is_for(round_: Round) -> None:
    assert "Success! Your notebook passes all the tests." in round_.said["validate"]
    assert f"a-small-course {THROUGH_THE_EXCHANGE} {UNIT}" in round_.said["list"]
    assert f"Collecting submission: {THROUGH_THE_EXCHANGE} {UNIT}" in round_.said["collect"]
    [page] = (round_.learner / UNIT / "feedback").glob("*/first-await.html")
    assert page.read_text() == (round_.room.root / "feedback" / "eva" / UNIT / "first-await.html").read_text()


def test_the_gradebook_that_nbgraders_own_alembic_made_is_of_the_version_that_we_tell_it(class_: Classroom) -> None:
    with class_.gradebook as book:
        assert book.db.execute(sqlalchemy.text("SELECT version_num FROM alembic_version")).scalar() == newest()


def test_everybody_has_exactly_what_was_planted(class_: Classroom) -> None:
    planted = {learner: {"first-await": first, "say-after": say} for learner, (_, _, first, say) in CLASS.items()}
    assert len(planted) == 20
    assert {learner: class_.scores(learner) for learner in CLASS} == planted


def test_the_exported_grades_are_those(class_: Classroom) -> None:
    with (class_.root / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {learner: float(row["score"]) for learner, row in rows.items()} == {
        learner: first + say for learner, (_, _, first, say) in CLASS.items()
    }
    assert {row["max_score"] for row in rows.values()} == {"20.0"}


def test_our_gradebook_has_those_as_well(class_: Classroom) -> None:
    found = {(row.learner, row.exercise): row.adjusted for row in read_sheet(class_.root / "grades").rows}
    assert found == {
        (learner, exercise): points
        for learner, (_, _, *planted) in CLASS.items()
        for exercise, points in zip(("first-await", "say-after"), planted, strict=True)
    }


def test_everybody_has_feedback_that_says_what_to_do(class_: Classroom) -> None:
    for learner, (_, _, first, _) in CLASS.items():
        page = (class_.root / "feedback" / learner / UNIT / "first-await.html").read_text()
        said = (
            f"first-await: {first:g} of 10 points" if learner != "kim" else "not yet: this is a notebook without code"
        )
        assert said in page
    assert "Both waits ran at the same time." in _feedback(class_, "eva", "first-await")
    assert "cell 2, line 3" in _feedback(class_, "mia", "first-await")


def test_what_is_released_has_no_solution_and_what_a_learner_reads_no_hidden_value(class_: Classroom) -> None:
    outbound = class_.root.parent / "exchange" / "a-small-course" / "outbound" / UNIT
    notebook = json.loads((outbound / "say-after.ipynb").read_bytes())
    assert "SOLUTION" not in json.dumps(notebook)
    assert _lines_in(reference("05_say_after"), notebook) == []
    assert "hidden" not in json.dumps(notebook)
    page = _feedback(class_, "hal", "first-await")
    assert "Not yet in a hidden case, whose values are not shown (3 of 5 cases)" in page
    exercise = load_course(class_.course).exercises[0]
    cases = cases_of(exercise, "first-await/hal", hidden=True)
    shown, hidden = ({str(one.values["to_hello"]) for one in cases if one.hidden is kind} for kind in (False, True))
    assert len(hidden) == 3
    assert [value for value in hidden - shown if value in page] == []


def _lines_in(program: str, notebook: dict[str, Sequence[dict[str, str]]]) -> list[str]:
    handed = {line.strip() for cell in notebook["cells"] for line in "".join(cell["source"]).split("\n")}
    stub = (ROOT / "exercises/05_say_after/say_after.py").read_text()
    own = {line.strip() for line in program.split("\n")} - {line.strip() for line in stub.split("\n")}
    return sorted(own & handed)


def _feedback(room: Classroom, learner: str, exercise: str) -> str:
    return (room.root / "feedback" / learner / UNIT / f"{exercise}.html").read_text()
