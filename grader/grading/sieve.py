"""What ends the process at the top of one cell of a notebook costs that cell alone: the others are marked without it.

The cells are played once more, one after the other, only where a run came to no end, or ended its process; and where none of
them ends it at once, with time behind each, in which what it has started may.
"""

from collections.abc import Sequence
from functools import partial

from grader.checks import Source
from grader.course.model import Exercise
from grader.door.cells import joined
from grader.grading.ends import RUNAWAY
from grader.isolation import IN_PROCESS
from grader.run.levels import level_of
from grader.run.limits import complete
from grader.run.outside import SETTLES, Code, run_cells
from grader.run.packages import located
from grader.verdict import LeftOut, Verdict

# what a cell is stopped at, and the cells after it are run in the same process
_GOES_ON = {"deadlock", "livelock"}
_STOPPED = {
    "busy_loop": "it computes without end",
    "time_out": "it waits without end",
    "virtual_limit": "it never ends",
}
_NOTHING: tuple[bytes, tuple[LeftOut, ...]] = b"", ()


def has_run_away(verdict: Verdict) -> bool:
    return any(case.outcome in RUNAWAY for case in verdict.cases)


def without_what_ends_it(
    exercise: Exercise, source: Source, isolation: str, files: Sequence[tuple[str, bytes]] = ()
) -> tuple[bytes, tuple[LeftOut, ...]]:
    """The module of the other cells, which keep their numbers, and those that are left out; nothing where no cell ends it, or
    every one does. `files`: the learner's, by their modules' names.
    """
    lines = source.text.split("\n")
    cells = [(cell.number, lines[cell.first - 1 : cell.last]) for cell in source.cells]
    ends = _ends(exercise, cells, "none" if isolation == IN_PROCESS else isolation, files)
    left = [one for one in cells if one[0] not in ends]
    if not ends or not left:
        return _NOTHING
    module = joined(left).encode("utf-8", "surrogatepass")
    return module, tuple(LeftOut(number, ends[number]) for number in sorted(ends))


def _ends(
    exercise: Exercise, cells: Sequence[tuple[int, list[str]]], isolation: str, files: Sequence[tuple[str, bytes]]
) -> dict[int, str]:
    """Why, by the numbers of those cells."""
    codes = [Code(number, "\n".join(lines), False) for number, lines in cells]
    limits = complete(exercise.limits)
    assert limits.cpu_seconds is not None
    level = level_of(isolation, located(tuple(exercise.packages)))
    beside = {f"{module}.py": data for module, data in files}
    run = partial(run_cells, codes, beside, level, seconds=limits.cpu_seconds, seed=exercise.slug)
    ran = run()
    stopped = {number: _STOPPED.get(kind, kind) for number, kind in ran.ended.items() if kind not in _GOES_ON}
    if stopped or ran.lost:
        return stopped | ran.lost
    return run(settles=SETTLES).lost
