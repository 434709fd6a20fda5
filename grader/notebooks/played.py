"""A notebook's cells run without a kernel, and put into it: in virtual time, and in real time where they earn more in that.

Where a thread kept its turn while another could go on, what hangs on who comes first may be otherwise than in a kernel. It is
worth a look for points alone: who has them all does not wait for it, and nobody loses one because a machine was busy.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy

from nbformat import NotebookNode
from nbgrader import utils

from grader.notebooks import by_hand
from grader.notebooks.items import exercise_of
from grader.run.outside import Ran


def played(book: NotebookNode, run: Callable[..., Ran]) -> Ran:
    """`run` runs the book's cells (`grader.run.outside.run_cells`). What is seen of them, and what they put out in `book`."""
    ran = run()
    by_hand.put(book, ran.outputs)
    missed = _missed(book)
    if not missed or not ran.kept or ran.really:
        return ran
    again, other = run(really=True), deepcopy(book)
    by_hand.put(other, again.outputs)
    if _missed(other) >= missed:
        return ran
    by_hand.put(book, again.outputs)
    return again


def lost(book: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """The hand-written tests that have been run and earn less than they might, with their names."""
    for cell in book.cells:
        by_program = cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)
        if by_program and not exercise_of(name_of(cell)):
            points, most = utils.determine_grade(cell)
            if points is not None and points < most:
                yield name_of(cell), cell


def name_of(cell: NotebookNode) -> str:
    return str(cell.metadata.nbgrader["grade_id"])


def _missed(book: NotebookNode) -> float:
    """The points that tests have not earned."""
    grades = [utils.determine_grade(cell) for _, cell in lost(book)]
    return sum(float(most - points) for points, most in grades)
