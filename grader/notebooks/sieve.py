"""What ends the process at the top of one cell costs that cell alone: the notebook is marked once more without it."""

from collections.abc import Callable, Sequence

from grader.course.model import Exercise
from grader.grading.play import RUNAWAY
from grader.intake.magic import as_module
from grader.isolation import IN_PROCESS
from grader.notebooks.marking import Marked
from grader.run.levels import level_of
from grader.run.limits import complete
from grader.run.outside import Code, run_cells
from grader.run.packages import located

# what a cell is stopped at, and the cells after it are run in the same process
_GOES_ON = {"deadlock", "livelock"}
_STOPPED = {
    "busy_loop": "it computes without end",
    "time_out": "it waits without end",
    "virtual_limit": "it never ends",
}
Cells = list[str | None]


def marked_without_what_ends_it(
    exercise: Exercise, cells: Sequence[str | None], mark: Callable[[Cells], Marked]
) -> tuple[Marked, str]:
    """What `mark` finds, and what is to be said of cells that were left out; None among the `cells` is no program."""
    found = mark([*cells])
    if isinstance(found, str) or not any(case.outcome in RUNAWAY for case in found.cases):
        return found, ""
    ends = _ends(exercise, cells, "none" if found.isolation == IN_PROCESS else found.isolation)
    if not ends:
        return found, ""
    again = mark([None if number in ends else cell for number, cell in enumerate(cells, 1)])
    if isinstance(again, str):  # nothing is left: the first says more
        return found, ""
    told = (
        f"cell {number} was left out, and the others were run without it: {ends[number]}\n" for number in sorted(ends)
    )
    return again, "".join(told) + "\n"


def _ends(exercise: Exercise, cells: Sequence[str | None], isolation: str) -> dict[int, str]:
    """Why, by the numbers of those cells."""
    texts = {number: text for number, text in enumerate(cells, 1) if text is not None and text.strip()}
    codes = [Code(number, "\n".join(as_module(text.split("\n"))), False) for number, text in texts.items()]
    limits = complete(exercise.limits)
    assert limits.cpu_seconds is not None
    level = level_of(isolation, located(tuple(exercise.packages)))
    ran = run_cells(codes, {}, level, seconds=limits.cpu_seconds, seed=exercise.slug)
    stopped = {number: _STOPPED.get(kind, kind) for number, kind in ran.ended.items() if kind not in _GOES_ON}
    return stopped | ran.lost
