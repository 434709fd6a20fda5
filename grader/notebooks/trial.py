"""The author's own notebook, with the author's solution, run without a kernel and in one: which of its tests need one.

No line of a learner's takes part, so no learner can have a kernel started, whatever theirs does; and what is found for a
notebook is the same for all who hand it in. It is looked at once, where somebody lost points.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode, reads
from nbgrader import utils
from nbgrader.preprocessors import Execute

from grader.notebooks import by_hand, real_time
from grader.notebooks.items import exercise_of
from grader.notebooks.played import lost, name_of, played
from grader.run.levels import level_of
from grader.run.outside import run_cells
from grader.run.packages import located, released

_NOT_DONE = {"NotImplementedError"}  # by which a stub says that there is no solution in it
Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Trial:
    """`source`: the author's notebook, as JSON; `files`: what is beside it; `config`: nbgrader's own."""

    source: str
    files: tuple[tuple[str, bytes], ...]
    isolation: str
    packages: tuple[str, ...]
    seconds: float
    config: Any = field(default=None, compare=False, repr=False)


@lru_cache(maxsize=16)
def fails_without(trial: Trial) -> Names:
    """The tests, by their names, that the author's own solution does not pass without a kernel; none where there is none."""
    book = _book(trial)
    files = dict(trial.files)
    codes = by_hand.codes(book, [cell.source for cell in book.cells], ())
    names = by_hand.installed(codes, *trial.packages)
    run = partial(
        run_cells,
        codes,
        files,
        level_of(trial.isolation, located(names)),
        seconds=trial.seconds,
        seed="the author's",
        epoch=time(),
        really=real_time.is_asked_for(codes, files),
        released=released(names),
        variables=by_hand.variables(book),
    )
    played(book, run)
    return frozenset(name for name, cell in lost(book) if not _NOT_DONE & {one.get("ename") for one in cell.outputs})


@lru_cache(maxsize=16)
def only_in_a_kernel(trial: Trial) -> Names:
    """Of those the ones that earn more in a kernel, which is started only where there are any."""
    without = fails_without(trial)
    if not without:
        return without
    book = _book(trial)
    with TemporaryDirectory() as folder:
        by_hand.write(Path(folder), dict(trial.files))
        try:
            Execute(config=trial.config, timeout=int(trial.seconds)).preprocess(book, {"metadata": {"path": folder}})
        except DeadKernelError:
            return frozenset()
    return without - {name for name, _ in lost(book)}


def _book(trial: Trial) -> NotebookNode:
    """Without what is an exercise's own, which asks for no kernel."""
    book: NotebookNode = deepcopy(reads(trial.source, as_version=4))  # type: ignore[no-untyped-call]
    book.cells = [cell for cell in book.cells if not (utils.is_grade(cell) and exercise_of(name_of(cell)))]
    return book
