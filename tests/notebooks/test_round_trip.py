"""A whole class through nbgrader's own commands, from the course to the exported grades: everybody has what was planted."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.course.cases import cases_of
from grader.course.load import load_course
from grader.exports.sheet import read_sheet
from tests.notebooks.classroom import FIRST, ROOT, SAY, UNIT, Classroom, reference, wrong

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


@pytest.fixture(scope="module")
def class_(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Twenty submissions, all the way."""
    root = tmp_path_factory.mktemp("round")
    room = Classroom.build(course, root / "nbcourse")
    nbgrader(room, "generate_assignment", UNIT)
    nbgrader(room, "release_assignment", UNIT)
    for learner, (first, say, _, _) in CLASS.items():
        room.hand_in(learner, first_await=first, say_after=say)
    nbgrader(room, "autograde", UNIT)
    nbgrader(room, "generate_feedback", UNIT)
    nbgrader(room, "export", "--to=grades.csv")
    nbgrader(room, "export", "--exporter=grader.notebooks.export.GradesExport", "--to=grades")
    return room


def nbgrader(room: Classroom, *command: str) -> None:
    """Its command, in a process of its own; only what costs four seconds and does nothing here is left out."""
    without = room.root.parent / "without"
    without.mkdir(exist_ok=True)
    (without / "rfc3987_syntax.py").write_text("raise ImportError\n")
    exchange = room.root.parent / "exchange"
    exchange.mkdir(exist_ok=True)
    exchange.chmod(0o777)
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command, f"--Exchange.root={exchange}"],
        cwd=room.root,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(without), str(ROOT)])},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


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
