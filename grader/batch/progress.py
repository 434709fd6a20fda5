"""How far grading is: a bar with its rate on a terminal, else a plain line for each tenth; never in the results."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from grader.feedback.grades import Line

Step = Callable[[Line], None]


@contextmanager
def progress(total: int) -> Iterator[Step]:
    """A function to be called after each of `total` files; draws on standard error."""
    with (_bar if total and sys.stderr.isatty() else _plain)(total) as step:
        yield step


@contextmanager
def _bar(total: int) -> Iterator[Step]:
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

    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as drawn:
        task = drawn.add_task("grading", total=total)
        yield lambda _: drawn.advance(task)


@contextmanager
def _plain(total: int) -> Iterator[Step]:
    began, count = monotonic(), 0

    def step(_: Line) -> None:
        nonlocal count
        count += 1
        if count == total or count * 10 // total > (count - 1) * 10 // total:
            rate = count / max(monotonic() - began, 1e-9)
            print(f"graded {count} of {total} ({rate:.1f} files/s)", file=sys.stderr, flush=True)

    yield step
