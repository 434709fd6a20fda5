"""How far grading is: a bar with its rate on a terminal, else a plain line for each tenth; never in the results."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from grader.feedback.grades import Line

Step = Callable[[Line], None]
AGAIN = "once more, alone"


@dataclass(frozen=True, slots=True)
class Steps:
    """`done` is to be called after each file. `alone`: the like for so many that are graded once more."""

    done: Step
    alone: Callable[[int], Step]


@contextmanager
def progress(total: int) -> Iterator[Steps]:
    """Draws on standard error."""
    with (_bar if total and sys.stderr.isatty() else _plain)(total) as steps:
        yield steps


@contextmanager
def _bar(total: int) -> Iterator[Steps]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.finished_speed or task.speed or 0:.1f} files/s", style="dim")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as drawn:

        def begun(what: str, count: int) -> Step:
            task = drawn.add_task(what, total=count)
            return lambda _: drawn.advance(task)

        yield Steps(begun("grading", total), lambda count: begun(AGAIN, count))


@contextmanager
def _plain(total: int) -> Iterator[Steps]:
    def alone(count: int) -> Step:
        files = "1 file" if count == 1 else f"{count} files"
        _say(f"{AGAIN}: {files} that met the limit on real time")
        return _told(AGAIN + ": ", count)

    yield Steps(_told("graded ", total), alone)


def _told(what: str, total: int) -> Step:
    began, count = monotonic(), 0

    def step(_: Line) -> None:
        nonlocal count
        count += 1
        if count == total or count * 10 // total > (count - 1) * 10 // total:
            rate = count / max(monotonic() - began, 1e-9)
            _say(f"{what}{count} of {total} ({rate:.1f} files/s)")

    return step


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
