"""A notebook's cells run without a kernel, and put into it: in virtual time, and in real time where they earn more in that.

Where there were threads, what hangs on who comes first may be otherwise than in a kernel. It is worth a look for points alone:
who has them all does not wait for it, and nobody loses one because a machine was busy.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from math import inf
from typing import NamedTuple

from nbformat import NotebookNode
from nbgrader import utils

from grader.notebooks import by_hand
from grader.notebooks.items import exercise_of
from grader.run.outside import TAMPERED, Ran

Tell = Callable[[int, str], object]


class Played(NamedTuple):
    """What is seen of the run that counts; `gained`: the tests, by their names, that earn more in it than in virtual time."""

    ran: Ran
    gained: tuple[str, ...] = ()


class _Stopped(Exception):
    """A cell was stopped in real time."""


def played(book: NotebookNode, run: Callable[..., Ran], tell: Tell = lambda number, why: None) -> Played:
    """`run` runs the book's cells (`grader.run.outside.run_cells`). What they put out is in `book` then.

    `tell` is called for each cell that is stopped in virtual time. In real time the first that is stopped ends the run, which
    does not count then: else each test of who wants to be waited for could take all its time once more. That is not told,
    but for what tampered with the grader.
    """
    ran = run(tell=tell)
    by_hand.put(book, ran.outputs)
    missed = _missed(book)
    if not missed or not ran.kept or ran.really:
        return Played(ran)
    try:
        again, other = run(really=True, tell=_stopping(tell)), deepcopy(book)
    except _Stopped:
        return Played(ran)
    by_hand.put(other, again.outputs)
    if _missed(other) >= missed:
        return Played(ran)
    before, after = _earned(book), _earned(other)
    by_hand.put(book, again.outputs)
    return Played(again, tuple(name for name, points in after.items() if points > before.get(name, 0)))


def _stopping(tell: Tell) -> Tell:
    def stop(number: int, why: str) -> None:
        if why.startswith(TAMPERED):
            tell(number, why)
        raise _Stopped

    return stop


def lost(book: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """The hand-written tests that have been run and earn less than they might, with their names."""
    for cell in _tests(book):
        points, most = _grade(cell)
        if points is not None and points < most:
            yield name_of(cell), cell


def name_of(cell: NotebookNode) -> str:
    return str(cell.metadata.nbgrader["grade_id"])


def _tests(book: NotebookNode) -> Iterator[NotebookNode]:
    """Those that were written by hand, and are graded by what they put out."""
    for cell in book.cells:
        by_program = cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)
        if by_program and not exercise_of(name_of(cell)):
            yield cell


def _grade(cell: NotebookNode) -> tuple[float | None, float]:
    """Its points, and the most that there are; no points where nbgrader, which saves them later, refuses what came of it."""
    most = float(cell.metadata.nbgrader["points"])
    try:
        points, _ = utils.determine_grade(cell)
    except (KeyError, ValueError):  # a value without a text, more points than there are
        return None, most
    return points, most


def _earned(book: NotebookNode) -> Mapping[str, float]:
    return {name_of(cell): points for cell in _tests(book) if (points := _grade(cell)[0]) is not None}


def _missed(book: NotebookNode) -> float:
    """The points that tests have not earned; there is no end of them where nbgrader refuses to save any."""
    return sum(inf if points is None else most - points for points, most in map(_grade, _tests(book)))
