"""What nbgrader does differently at `nbgrader autograde`: exercises are marked from the notebook's file, outside of any kernel.

What is run in a kernel can change whatever that kernel says: its displays, its history, the reply to the front end, and the
gradebook, which lies in the same folders. So the learner's cells are read as text in nbgrader's own process, which never
compiles them, and run in an isolated child; the cell's output is written here. Hand-written test cells are run in such a child
with the learner's cells before them, or, where their author asks for what only a kernel has, in one, as nbgrader does it; and
they cannot reach what is written here.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import partial
from pathlib import Path
from time import time
from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode, from_dict, writes
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests, Execute, NbGraderPreprocessor
from traitlets import Enum, List, Unicode

from grader.course.load import load_exercise, locate_exercise
from grader.course.model import Exercise
from grader.errors import GraderFault, UsageError
from grader.intake.beside import of_folder
from grader.isolation import IN_PROCESS
from grader.notebooks import by_hand, looks, real_time
from grader.notebooks.homes import exercise_called
from grader.notebooks.items import called, exercise_of
from grader.notebooks.kernel_needed import distributions
from grader.notebooks.late import opened
from grader.notebooks.looks import LOOK, is_learners
from grader.notebooks.marking import has_item, item_of, kept, marked, outputs, whole_of_a_file
from grader.notebooks.played import lost, played
from grader.notebooks.trial import Trial, fails_without, only_in_a_kernel
from grader.run import resolved
from grader.run.levels import level_of
from grader.run.outside import run_cells
from grader.run.packages import located, released

Resources = Mapping[str, Any]

_DIED = {
    "output_type": "error",
    "ename": "DeadKernelError",
    "evalue": "not yet: the process ended before this cell did",
    "traceback": ["not yet: the process ended before this cell did; look for what ends it, os._exit for example"],
}

_GONE = "This cell was missing from what was handed in, and was put back."
_LONGEST = 600.0  # seconds of a cell, where nbgrader has no limit


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Of what a submission says about its cells only their names are believed: the rest is the source's.

    A cell that claims to be the source's and is not, or is so twice, becomes an ordinary one (nbgrader would end the grading of
    the whole class at some of them); one with points that is missing is put back at the end.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            source = gradebook.find_notebook(about["notebook"], about["assignment"])
            known = _metadata(source)
            here, untouched = set[str](), frozenset(id(cell) for cell in nb.cells if _is_as_generated(cell))
            for cell in reversed(nb.cells):  # of a cell that was copied the last is the one, as nbgrader has it
                _restore(cell, known, here)
            for number, cell in enumerate(source.source_cells):
                if "points" in known[cell.name] and cell.name not in here:
                    self.log.warning("cell %s is missing, and is put back", cell.name)
                    made = _put_back(cell, known[cell.name])
                    if nb.nbformat_minor >= 5:
                        made["id"] = f"put-back-{number}"
                    nb.cells.append(_node(made))
            self._rewrite(nb, {cell.name: cell.source for cell in source.source_cells}, untouched, resources)
        return nb, resources

    def _rewrite(
        self, nb: NotebookNode, sources: Mapping[str, str], untouched: frozenset[int], resources: Resources
    ) -> None:
        """Test cells have the source's text. nbgrader would tell of each that it is not what was handed in, which it never is:
        the hidden tests are not handed out. Who has changed one is told; who has one of an earlier build has changed none."""
        about, clear, earlier = resources["nbgrader"], ClearHiddenTests(parent=self), 0
        for cell in filter(utils.is_locked, _graded(nb)):
            name, text = cell.metadata.nbgrader["grade_id"], cell.source
            cell.source = sources[name]
            if text in (sources[name], clear.preprocess_cell(deepcopy(cell), resources, 0)[0].source):
                continue
            if id(cell) in untouched:
                earlier += 1
                continue
            who = about["student"], about["notebook"], name
            self.log.warning("%s, %s: %s was changed; it is graded as it was handed out", *who)
        if earlier:
            said = "test cells were other ones when it was handed out; they are graded as they are now"
            self.log.info("%s, %s: %d of its %s", about["student"], about["notebook"], earlier, said)


def _is_as_generated(cell: NotebookNode) -> bool:
    """Whether it agrees with the sum that nbgrader put into it, which whoever changed it can do, too: nothing but what is told
    of it hangs on that."""
    said = cell.metadata.get("nbgrader")
    try:
        return isinstance(said, dict) and said.get("checksum") == utils.compute_checksum(cell)
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _metadata(source: Any) -> dict[str, dict[str, Any]]:
    graded = {cell.name: cell.max_score for cell in source.grade_cells}
    tasks = {cell.name: cell.max_score for cell in source.task_cells}
    solutions = {cell.name for cell in source.solution_cells}
    found = dict[str, dict[str, Any]]()
    for cell in source.source_cells:
        found[cell.name] = {
            "schema_version": 3,
            "grade_id": cell.name,
            "grade": cell.name in graded,
            "solution": cell.name in solutions,
            "task": cell.name in tasks,
            "locked": bool(cell.locked),
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
        }
        if cell.name in graded or cell.name in tasks:
            found[cell.name]["points"] = {**graded, **tasks}[cell.name]
    return found


def _put_back(cell: Any, about: dict[str, Any]) -> dict[str, Any]:
    code: dict[str, Any] = {"execution_count": None, "outputs": []} if cell.cell_type == "code" else {}
    told = ""
    # a person marks it, and finds the answer elsewhere perhaps; with the source's text nbgrader takes it for none
    if about["grade"] and about["solution"]:
        told = f"{'# ' if code else ''}{_GONE}\n\n"
    return {"cell_type": cell.cell_type, "metadata": {"nbgrader": about}, "source": f"{told}{cell.source}", **code}


def _restore(cell: NotebookNode, known: dict[str, dict[str, Any]], here: set[str]) -> None:
    said = cell.metadata.pop("nbgrader", None)
    name = said.get("grade_id") if isinstance(said, dict) else None
    if isinstance(name, str) and name in known and name not in here:
        here.add(name)
        cell.metadata["nbgrader"] = _node(known[name])


class GradeExercises(Execute):  # type: ignore[misc]
    """In place of nbgrader's Execute, which it is for notebooks that were written by hand."""

    course = Unicode("", help="The course: the folder of its course.yaml.").tag(config=True)
    isolation = Unicode("child", help="Where a learner's code is run; see docs/isolation.md.").tag(config=True)
    packages = List(
        Unicode(), help="Distributions, as pip calls them, that hand-written notebooks may import outside of a kernel."
    ).tag(config=True)
    kernel = Enum(
        ["source", "any", "never"],
        default_value="source",
        help="Whose cells decide that a hand-written notebook is run in a kernel: the source's, or the learner's, too.",
    ).tag(config=True)
    _left_out = frozenset[int]()
    _ran = frozenset[int]()

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        mine = frozenset(id(cell) for cell in _graded(nb) if _exercise(cell))
        if len(mine) < len(list(_graded(nb))) or not mine:
            nb, resources = self._by_hand(nb, resources, km, mine)
        for exercise in dict.fromkeys(_exercise(cell) for cell in _graded(nb)):
            if exercise is not None:
                self._mark(nb, exercise, resources)
        return nb, resources

    def _by_hand(self, nb: NotebookNode, resources: Any, km: Any, mine: frozenset[int]) -> tuple[NotebookNode, Any]:
        """Without the cells that are `mine`: outside of any kernel, if nothing asks for one."""
        about, folder = resources["nbgrader"], Path(resources["metadata"]["path"])
        packages = located(tuple(self.packages))
        given = by_hand.source_folder(CourseDirectory(parent=self), about)
        source = by_hand.source(given, about["notebook"])
        authors = by_hand.authors(nb, source)
        learners = [cell.source for cell in nb.cells if cell.cell_type == "code"]
        asking = by_hand.needs(nb, authors, [given, folder], packages, given=True)
        codes = by_hand.codes(nb, authors, mine)
        # as in a kernel here; that is nothing to be believed
        names = by_hand.installed(codes, *self.packages, *distributions(learners))
        packages = located(names)
        theirs = [] if asking else by_hand.needs(nb, learners, [folder], packages, shell=by_hand.has_shell(codes))
        name = f"{about['student']}, {about['notebook']}"
        if (asking and self.kernel != "never") or (theirs and self.kernel == "any"):
            self.log.warning("%s: is run in a kernel, with less trust, for: %s", name, "; ".join(asking + theirs))
            return self._in_a_kernel(nb, resources, km, mine)
        without = "; ".join(asking + theirs)
        if without:
            self.log.warning("%s: is run without a kernel, and so without: %s", name, without)
        level, seconds = level_of(self._level, packages), self._seconds
        beside, seed = by_hand.beside(folder, codes), about["notebook"]
        asked = real_time.is_asked_for(codes, beside)
        told = {"seconds": seconds, "seed": seed, "epoch": time(), "really": asked, "released": released(names)}
        told["variables"] = by_hand.variables(source)
        run = partial(run_cells, codes, beside, level, **told)
        ran, gained = played(nb, run, partial(self.log.warning, "%s: cell %d was stopped: %s", name))
        if gained:
            self.log.info("%s: its run in real time counts, in which more is earned by %s", name, ", ".join(gained))
        elif ran.really:
            self.log.info(
                "%s: its cells were run in real time, for in virtual time they may come to something else", name
            )
        lacking = self._lacking(nb, source, given)
        if lacking and self.kernel != "never":
            why = f"the source's own solution passes {', '.join(lacking)} only there"
            self.log.warning("%s: is run in a kernel, with less trust, for: %s", name, why)
            return self._in_a_kernel(nb, resources, km, mine)
        found = looks.reasons(nb, ran, authors, without, lacking)
        for test, why in found.items():
            self.log.warning("%s: %s needs to be looked at: %s", name, test, why)
        looks.tell(nb, found)
        looks.keep(resources, found)
        return nb, resources

    @property
    def _level(self) -> str:
        return "none" if self.isolation == IN_PROCESS else str(self.isolation)

    @property
    def _seconds(self) -> float:
        return float(self.timeout or 0) if (self.timeout or 0) > 0 else _LONGEST

    def _lacking(self, nb: NotebookNode, source: NotebookNode | None, folder: Path) -> list[str]:
        """Of the tests that earn less than they might those that the author's own solution does not pass without a kernel."""
        names = [name for name, _ in lost(nb)]
        if source is None or not names:
            return []
        files = tuple(by_hand.beside(folder).items())
        trial = Trial(writes(source), files, self._level, tuple(self.packages), self._seconds, self.config)  # type: ignore[no-untyped-call]
        found = fails_without(trial) if self.kernel == "never" else only_in_a_kernel(trial)
        return [name for name in names if name in found]

    def _in_a_kernel(self, nb: NotebookNode, resources: Any, km: Any, mine: frozenset[int]) -> tuple[NotebookNode, Any]:
        """Without the cells that are `mine`. If it dies, what had no end there earns nothing: nbgrader gives full
        points to a cell without outputs."""
        self._left_out, self._ran = mine, frozenset()
        try:
            nb, resources = super().preprocess(nb, resources, km)
        except DeadKernelError:
            self.log.warning("the kernel died; what is graded in no kernel is graded all the same")
            for cell in _graded(nb):
                if id(cell) not in self._ran | mine:
                    cell.outputs = [_node(_DIED)]
        return nb, resources

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        if id(cell) not in self._left_out:
            before = id(cell)
            cell, resources = super().preprocess_cell(cell, resources, index)
            self._ran |= {before}
        return cell, resources

    def _mark(self, nb: NotebookNode, slug: str, resources: Any) -> None:
        exercise, learner = self._open(slug), resources["nbgrader"]["student"]
        if exercise is None:
            self._keep([cell for cell in _graded(nb) if _exercise(cell) == slug], "has no such exercise", resources)
            return
        folder = Path(resources["metadata"]["path"])
        programs = [_program(cell) for cell in nb.cells]
        told: dict[str, Any] = {"learner": learner, "isolation": self.isolation, "hidden": bool(exercise.hidden)}
        found = marked(exercise, programs, beside=partial(of_folder, folder), **told)
        above = whole_of_a_file(found)
        for cell in _graded(nb):
            if _exercise(cell) == slug:
                name, points = cell.metadata.nbgrader["grade_id"], float(cell.metadata.nbgrader["points"])
                if has_item(exercise, now := called(name, exercise.slug)):
                    cell.outputs = [_node(one) for one in outputs(found, item_of(exercise, now), points, above)]
                    above = ""
                else:
                    self._keep([cell], f"has no check for the cell {name}", resources)

    def _keep(self, cells: Sequence[NotebookNode], why: str, resources: Any) -> None:
        """What cells have earned whose check the course has no more: nbgrader takes no cell away once there are grades."""
        about, earned, most, ungraded = resources["nbgrader"], 0.0, 0.0, dict[str, str]()
        for cell in cells:
            name, points = cell.metadata.nbgrader["grade_id"], float(cell.metadata.nbgrader["points"])
            where = name, about["notebook"], about["assignment"], about["student"]
            before = _score_before(about["db_url"], where)
            cell.outputs = [_node(one) for one in kept(before, points)]
            earned, most = earned + (before or 0.0), most + points
            if before is None:
                ungraded[name] = "the course has no check for it any more"
        said = f"{about['student']}, {about['notebook']}: the course {why} any more"
        if not ungraded:
            self.log.warning("%s; what it earned stays: %g of %g points", said, earned, most)
            return
        looks.keep(resources, ungraded)
        self.log.warning(
            "%s, and it has no grade yet; set its points by hand, give it its old name back, or do without all grades of"
            " the assignment: nbgrader db assignment remove %s --force, then build, generate and autograde it again",
            *(said, about["assignment"]),
        )

    def _open(self, slug: str) -> Exercise | None:
        """Also by the name that it had when it was handed out; None where the course has it no more."""
        if not self.course:
            raise GraderFault("nbgrader_config.py does not say where the course is; set c.GradeExercises.course")
        if resolved(self.isolation) == "none":
            self.log.warning("isolation none: grade so only programs that you trust (docs/isolation.md)")
        try:
            return load_exercise(locate_exercise(self.course, slug))
        except UsageError:  # and any other of a course that cannot be read
            return exercise_called(opened(self.course).exercises, slug)


class AskForAttention(NbGraderPreprocessor):  # type: ignore[misc]
    """Behind nbgrader's SaveAutoGrades: a cell that lost points, where there is a reason to look at it, needs that."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        if not resources.get(LOOK):
            return nb, resources
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            for name in resources[LOOK]:
                grade = gradebook.find_grade(name, about["notebook"], about["assignment"], about["student"])
                if grade.auto_score is not None and grade.auto_score < grade.max_score:
                    grade.needs_manual_grade = True
            gradebook.db.commit()
        return nb, resources


def _score_before(database: str, where: tuple[str, str, str, str]) -> float | None:
    with Gradebook(database) as gradebook:
        try:
            grade = gradebook.find_grade(*where)
        except MissingEntry:
            return None
        found: float | None = grade.auto_score
        # the 0 of a cell that is still to be looked at is that of an earlier autograde, which did not know it either
        return found or None if grade.needs_manual_grade and grade.manual_score is None else found


def _graded(nb: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in nb.cells if cell.cell_type == "code" and utils.is_grade(cell))


def _exercise(cell: NotebookNode) -> str | None:
    return exercise_of(cell.metadata.nbgrader["grade_id"])


def _program(cell: NotebookNode) -> str | None:
    """What the learner may have written; what the source has locked is none of theirs."""
    return str(cell.source) if is_learners(cell) else None


def _node(plain: Any) -> Any:
    return from_dict(plain)  # type: ignore[no-untyped-call]
