"""An nbgrader course on the disk, driven through nbgrader's own Python interface as its commands drive it."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from grader.cli import main

ROOT = Path(__file__).parent.parent.parent
UNIT = "start"
FOLDERS = ("01_first_await", "05_say_after")
COURSE = """\
schema: 1
title: A small course
units:
  - id: start
    title: The start
    exercises:
      - {folder: 01_first_await, title: A call is not a run}
      - {folder: 05_say_after, title: One after the other, points: 10}
"""


def small_course(folder: Path) -> Path:
    for name in FOLDERS:
        for part in ("exercises", "solutions"):
            shutil.copytree(ROOT / part / name, folder / part / name)
    (folder / "course.yaml").write_text(COURSE)
    return folder


def twice(course: Path, folder: str, said: str, points: str) -> None:
    """An exercise is given twice its points; in course.yaml they stand as `said`."""
    file, listed = course / "exercises" / folder / "exercise.yaml", course / "course.yaml"
    file.write_text(re.sub(r"points: ([\d.]+)", lambda found: f"points: {2 * float(found[1]):g}", file.read_text()))
    listed.write_text(listed.read_text().replace(said, points))


@dataclass(frozen=True)
class Classroom:
    course: Path
    root: Path

    @classmethod
    def build(cls, course: Path, root: Path) -> "Classroom":
        run = CliRunner().invoke(main, ["notebooks", "build", "--course", str(course), "--out", str(root)])
        assert run.exit_code == 0, run.output
        return cls(course, root)

    def config(self) -> Any:
        from traitlets.config.loader import PyFileConfigLoader

        found = PyFileConfigLoader("nbgrader_config.py", path=str(self.root)).load_config()
        found.CourseDirectory.root = str(self.root)
        found.Application.log_level = 30
        return found

    @property
    def nbgrader(self) -> Any:
        from nbgrader.apps import NbGraderAPI

        return NbGraderAPI(config=self.config())

    @property
    def gradebook(self) -> Any:
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.root}/gradebook.db")

    def generate(self) -> str:
        return self._done(self.nbgrader.generate_assignment(UNIT, force=True))

    def _done(self, told: Mapping[str, Any]) -> str:
        assert told["success"], told.get("error", "") + told.get("log", "")
        return str(told.get("log", ""))

    def source(self, exercise: str) -> dict[str, Any]:
        return dict(json.loads((self.root / "source" / UNIT / f"{exercise}.ipynb").read_bytes()))

    def add_tests(self, exercise: str, **texts: str) -> None:
        """Test cells of two points each, written by hand into the source's notebook, which is generated anew."""
        path = self.root / "source" / UNIT / f"{exercise}.ipynb"
        notebook = self.source(exercise)
        for name, text in texts.items():
            cell = plain(text, name)
            cell["metadata"]["nbgrader"] = {**about(notebook["cells"][2]), "grade_id": f"by-hand-{name}", "points": 2}
            notebook["cells"].append(cell)
        path.write_text(json.dumps(notebook))
        Classroom.build(self.course, self.root)  # what was added stays
        self.generate()

    def hand_in(self, learner: str, **solutions: "str | list[str] | None") -> None:
        """The released notebooks with these texts in the solution's cell; of a list, the others are cells above it."""
        folder = self.root / "submitted" / learner / UNIT
        folder.mkdir(parents=True)
        for path in sorted((self.root / "release" / UNIT).glob("*.ipynb")):
            notebook = json.loads(path.read_bytes())
            text = solutions.get(path.stem.replace("-", "_"))
            if text is not None:
                *above, last = [text] if isinstance(text, str) else text
                at = next(i for i, cell in enumerate(notebook["cells"]) if about(cell).get("solution"))
                notebook["cells"][at]["source"] = last
                notebook["cells"][at:at] = [plain(one, f"added{n}") for n, one in enumerate(above)]
            (folder / path.name).write_text(json.dumps(notebook))

    def submitted(self, learner: str, exercise: str) -> Path:
        return self.root / "submitted" / learner / UNIT / f"{exercise}.ipynb"

    def autograde(self, learner: str) -> str:
        return self._done(self.nbgrader.autograde(UNIT, learner, force=True))

    def scores(self, learner: str) -> dict[str, float]:
        """Of each exercise."""
        with self.gradebook as book:
            return {one.name: one.score for one in book.find_submission(UNIT, learner).notebooks}

    def cells(self, learner: str, exercise: str) -> dict[str, float | None]:
        with self.gradebook as book:
            found = book.find_submission_notebook(exercise, UNIT, learner)
            return {grade.name: grade.auto_score for grade in found.grades}

    def said(self, learner: str, exercise: str) -> str:
        """All that the test cells of the autograded notebook print."""
        path = self.root / "autograded" / learner / UNIT / f"{exercise}.ipynb"
        cells = json.loads(path.read_bytes())["cells"]
        texts = [one.get("text", "") for cell in cells for one in cell.get("outputs", ())]
        return "".join(text if isinstance(text, str) else "".join(text) for text in texts)


def about(cell: Mapping[str, Any]) -> dict[str, Any]:
    return dict(cell["metadata"].get("nbgrader", {}))


def plain(text: str, name: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "source": text,
        "execution_count": None,
        "outputs": [],
    }


def reference(folder: str) -> str:
    return (ROOT / "solutions" / folder / "reference.py").read_text()


def wrong(folder: str, name: str) -> str:
    return (ROOT / "solutions" / folder / "wrong" / f"{name}.py").read_text()


FIRST, SAY = reference("01_first_await"), reference("05_say_after")
