"""What a test cell calls, in a kernel: what the cells that were run earn for one check. For practice and `nbgrader validate`.

Here the learner's code runs in the same process as this, so nothing that comes out of it is worth marks: at
`nbgrader autograde` it refuses to be asked, and the notebook's file is marked from outside of any kernel.
"""

import os
import sys
from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from textwrap import fill

from grader.course.load import load_exercise, locate_exercise
from grader.course.model import Exercise
from grader.errors import UsageError
from grader.intake.beside import of_folder
from grader.notebooks.items import Item
from grader.notebooks.marking import WIDTH, Marked, item_of, marked, score, told, whole
from grader.notebooks.needed import files_of
from grader.notebooks.page import about_cells

_COLUMNS = 83  # of what nbgrader's validate shows; it cuts off the rest
CALLS = "from grader.notebooks import earned"
_MISCONFIGURED = (
    "these cells are marked from outside of the kernel, and this course's nbgrader_config.py does not say so; "
    "run 'grader notebooks build' and see docs/notebooks.md"
)


def earned(exercise: str, entry: str, check: str, *, hidden: bool = False) -> float:
    """Prints what the check found in the cells that were run until now, and returns the points.

    `hidden` asks for the hidden cases too, where they are at hand. Raises UsageError where the exercise is not found.
    """
    execution = os.environ.get("NBGRADER_EXECUTION")
    if execution == "autograde":
        raise UsageError(_MISCONFIGURED)
    found = exercise_near(Path.cwd(), exercise)
    item = item_of(found, Item(exercise, entry, check, 0).grade_id)
    if hidden and not found.hidden:
        print("the hidden cases are not at hand here; they are run when it is marked")
    cells = _with_one_behind(program_cells())
    verdict, askers = _graded(found.folder, cells, hidden and bool(found.hidden), _files(Path.cwd()))
    points = score(verdict, item, item.points)
    # of a cell that is validated nbgrader shows what stands on standard error, and nothing of one that passes
    fails = execution == "validate" and points < item.points
    if fails or execution != "validate":
        askers.append(item)
    # all of the feedback stands below the first cell that asks for it, and again where that one is run once more
    width = _COLUMNS if fails else WIDTH
    above, own = whole(verdict, width) if askers[:1] == [item] else "", told(verdict, item, item.points)
    about = about_cells(above + own, _cells_of_files(found, cells))
    own += f"{about}\n" if about else ""
    if fails:
        own = "".join(f"{fill(line, _COLUMNS)}\n" for line in own.splitlines())
    print(above + own, end="", file=sys.stderr if fails else None)
    return points


def exercise_near(here: Path, slug: str) -> Exercise:
    """From the course that `GRADER_COURSE` names, else the nearest upward, else an `exercises` folder beside the notebook."""
    said = os.environ.get("GRADER_COURSE")
    above = (here, *here.parents)
    course = Path(said) if said else next((one for one in above if (one / "course.yaml").is_file()), None)
    if course is not None:
        return load_exercise(locate_exercise(course, slug))
    name = slug.replace("-", "_")
    for folder in (path.parent for one in above for path in sorted(one.glob("exercises/*/exercise.yaml"))):
        if folder.name.partition("_")[2] == name:
            return load_exercise(folder)
    raise UsageError(
        f"the exercise {slug} is not here; open the notebook in the folder that it came in, with all its files"
    )


def program_cells() -> tuple[str | None, ...]:
    """The text of each cell that was run, at the place that stands in brackets beside it, from 1; None for one that asks for
    points, which is no program.
    """
    from IPython import get_ipython

    shell = get_ipython()
    history: Sequence[str] = shell.history_manager.input_hist_raw if shell is not None else ()
    return tuple(None if CALLS in text else text for text in history[1:])


def _with_one_behind(cells: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Whatever number of cells has asked for points behind the last one of the program: it is the same program.

    One of them stays, because the number behind it is that of a file.
    """
    last = max((at for at, text in enumerate(cells, 1) if text is not None), default=0)
    return (*cells[:last], None)


def _cells_of_files(exercise: Exercise, cells: Sequence[str | None]) -> dict[int, str]:
    numbered = [*enumerate((text or "" for text in cells), 1)]
    return {} if exercise.is_adopted else files_of(numbered, partial(of_folder, Path.cwd()))


_Files = tuple[Path, tuple[tuple[str, int], ...]]


def _files(here: Path) -> _Files:
    """Those that cells may import, and when each was saved last."""
    return here, tuple((path.name, path.stat().st_mtime_ns) for path in sorted(here.glob("*.py")))


@lru_cache(maxsize=8)
def _graded(folder: str, cells: tuple[str | None, ...], hidden: bool, files: _Files) -> tuple[Marked, list[Item]]:
    """With room for the checks that ask for it."""
    beside = partial(of_folder, files[0])
    return marked(load_exercise(folder), cells, learner=None, isolation="child", hidden=hidden, beside=beside), []
